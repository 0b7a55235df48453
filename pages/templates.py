"""Ready-made workflows: choose one, fill it in, run it."""

import streamlit as st

from dashboard import services
from dashboard.components import (
    model_note,
    problem,
    template_card,
    template_form,
    workflow_drawing,
)
from dashboard.components.text import literal

st.title("Templates", anchor=False)

gallery = services.list_templates()
chosen = next((t for t in gallery if t.key == st.query_params.get("template")), None)

if chosen is None:
    if "template" in st.query_params:
        st.warning(
            f"There is no template {literal(repr(st.query_params['template']))}. "
            "These are the ones there are.",
            icon=":material/search_off:",
        )
    for column, template in zip(st.columns(len(gallery)), gallery, strict=True):
        with column:
            preview = services.preview_template(template.key, {})
            if template_card.show(template, preview, "Choose", ":material/tune:"):
                st.query_params["template"] = template.key
                st.rerun()
    st.stop()

if st.button("All templates", icon=":material/arrow_back:"):
    st.query_params.clear()
    st.rerun()
st.subheader(literal(chosen.name), anchor=False)
st.markdown(literal(chosen.summary))

form, drawing = st.columns(2, gap="large")
with form:
    filled = template_form.show(chosen, services.list_agents())
    start = st.button("Run now", type="primary", icon=":material/play_arrow:")
    said = st.container()
with drawing, problem.explained():
    preview = services.preview_template(chosen.key, filled.options)
    workflow_drawing.show(preview.drawing, alt=f"{chosen.name} as it will run")
    st.caption(f":material/call: {template_card.calls_in_words(preview)}")
    model_note.show(services.default_model())
if start:
    with said, problem.explained():
        run_id = services.start_template(
            chosen.key, filled.inputs, agents=filled.agents, options=filled.options
        )
        st.switch_page("../pages/run.py", query_params={"run": run_id})

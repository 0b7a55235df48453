"""Ready-made workflows: choose one, fill it in, run it."""

from collections.abc import Iterable

import streamlit as st

from dashboard import (
    agent_services,
    builder_services,
    run_services,
    services,
    workflow_services,
)
from dashboard.components import (
    flow_canvas,
    model_note,
    not_there,
    problem,
    template_card,
    template_form,
)
from dashboard.components.text import literal


def gallery(templates: Iterable[services.Template]) -> None:
    """A card for each; choosing one opens its form."""
    with st.grid(3, min_column_width=240):
        for template, preview in services.preview_templates(templates):
            if template_card.show(template, preview, "Choose", ":material/tune:"):
                st.switch_page("../pages/templates.py", query_params={"template": template.key})


asked_for = st.query_params.get("template", "")
shipped = services.template_of(asked_for)
chosen = shipped or workflow_services.own_template(asked_for)

if chosen is None:
    st.title("Templates", anchor=False)
    if asked_for:
        not_there.tell("template", asked_for, "These are the ones there are.")
    gallery(services.list_templates())
    with problem.explained():
        if own := workflow_services.own_templates():
            st.subheader("Your own", anchor=False)
            gallery(own)
    st.stop()

if st.button("All templates", icon=":material/arrow_back:", type="tertiary"):
    st.switch_page("../pages/templates.py")
st.title(literal(chosen.name), anchor=False)
st.markdown(literal(chosen.summary))

form, drawing = st.columns([3, 2], gap="large")
with form:
    filled = template_form.show(chosen, agent_services.list_agents())
    with st.container(horizontal=True):
        start = st.button("Run now", type="primary", icon=":material/play_arrow:")
        build = st.button(
            "Open in the builder",
            icon=":material/account_tree:",
            help="A workflow of your own that begins as this one: change it as you like.",
        )
    with problem.explained():
        preview = services.preview_template(chosen, filled.options, filled.agents)
        with drawing:
            alt = f"{chosen.name} as it will run"
            flow_canvas.show(preview.flow, key="flow", alt=alt)
            st.caption(f":material/call_made: {template_card.estimate(preview)}")
        if start and shipped is None:
            run_id = workflow_services.start_workflow(chosen.key, filled.inputs, filled.limits)
            st.switch_page("../pages/run.py", query_params={"run": run_id})
        elif start:
            run_id = run_services.start_template(
                chosen.key,
                filled.inputs,
                agents=filled.agents,
                options=filled.options,
                limits=filled.limits,
            )
            st.switch_page("../pages/run.py", query_params={"run": run_id})
        if build:
            definition = chosen.build(filled.agents, filled.options)
            workflow_id = builder_services.draft_of(definition, filled.inputs)
            st.switch_page("../pages/builder.py", query_params={"workflow": workflow_id})
with drawing:
    model_note.show(services.default_model())

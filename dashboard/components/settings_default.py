"""The default model: which one it is, who decides, and the field that changes it."""

import streamlit as st

from dashboard import default_services, services
from dashboard.components import model_light, model_picker, setting_draft
from dashboard.components.text import literal
from dashboard.default_services import DefaultModel

NAME = "default-model"
LABEL = "Answers for every agent without a model of its own"
HOW = (
    "Choose one, or type the name of a provider's model: the provider, a colon, and what it calls "
    "the model, such as `openai-chat:NAME`. A run keeps the model that it began with."
)
FIXED = (
    "SYMPHONY_MODEL names it, which goes before anything that could be chosen here: start Symphony "
    "without it to choose."
)


def show() -> None:
    """Draw it."""
    model = default_services.default_model()
    st.subheader("Default model", anchor=False)
    with st.container(border=True, gap="small"):
        if model.gone:
            st.warning(literal(model.gone), icon=":material/report:")
        if model.fixed:
            st.markdown(f"**{literal(services.describe_model(model.fixed).label)}**")
            _about(model.fixed, f"{LABEL}. {FIXED}")
        else:
            _choose(model)


def shown() -> str:
    """Return the name of the model that the field shows, or is about to."""
    model = default_services.default_model()
    draft = setting_draft.open_draft(NAME, model.chosen)
    return model.fixed or st.session_state.get(draft.key) or model.chosen


def _choose(model: DefaultModel) -> None:
    draft = setting_draft.open_draft(NAME, model.chosen)
    models = services.list_models()
    picked = model_picker.show(LABEL, draft.seen, models, key=draft.key, takes_names=True).strip()
    _about(picked, HOW)
    setting_draft.actions(draft, picked, model.chosen, default_services.choose_model)


def _about(name: str, more: str) -> None:
    light, remark = default_services.light(name), services.describe_model(name).remark
    st.markdown(model_light.told(light))
    if remark and remark != light.sentence:
        st.caption(literal(remark))
    st.caption(more)

"""One's own models as cards, with what can be done with each."""

from collections.abc import Sequence

import streamlit as st

from dashboard import default_services, settings_services
from dashboard.components import asking, model_light, problem
from dashboard.components.text import literal
from dashboard.viewmodels.models import ProfileView
from dashboard.viewmodels.words import count, cut, listed

CARD_WIDTH = 300
NAMED = 5


def show(profiles: Sequence[ProfileView]) -> None:
    """Draw the cards, or what such a model is good for."""
    if not profiles:
        st.info(
            "None yet. Add a model of a provider or of a server of your own under a name that "
            "agents can choose.",
            icon=":material/memory:",
        )
        return
    with st.grid(min_column_width=CARD_WIDTH):
        for profile in profiles:
            _card(profile)


def _card(profile: ProfileView) -> None:
    with st.container(border=True, height="stretch", gap="xsmall"):
        default = " :blue-badge[:material/star: Default]" if profile.is_default else ""
        st.markdown(f"**{literal(cut(profile.name, 80))}**{default}")
        st.caption("  \n".join(literal(cut(fact, 120)) for fact in profile.facts))
        st.markdown(model_light.told(profile.light))
        about = [profile.key, _used_by(profile)]
        st.caption(literal(" · ".join(filter(None, about))))
        st.space("stretch")
        with st.container(horizontal=True):
            if st.button("Edit", icon=":material/edit:", key=f"edit-{profile.id}"):
                st.query_params["model"] = profile.id
                st.rerun()
            if st.button("Delete", icon=":material/delete:", key=f"delete-{profile.id}"):
                _ask_to_delete(profile)


def _used_by(profile: ProfileView) -> str:
    return f"used by {_named(profile)}" if profile.used_by else "used by no agent"


def _named(profile: ProfileView) -> str:
    names = [cut(name, 40) for name in profile.used_by]
    if len(names) > NAMED:
        names[NAMED:] = [count(len(names) - NAMED, "more agent")]
    return listed(names)


@st.dialog("Delete this model?")
def _ask_to_delete(profile: ProfileView) -> None:
    is_fixed = bool(default_services.default_model().fixed)
    if profile.is_default and not is_fixed:
        st.warning(
            f"**{literal(profile.name)}** is the default model. Choose another one for that first.",
            icon=":material/star:",
        )
        if st.button("Keep it"):
            st.rerun()
        return
    st.markdown(f"**{literal(profile.name)}** will be gone for good; runs under way keep it.")
    if profile.used_by:
        st.warning(
            f"It is used by {literal(_named(profile))}, who cannot answer any more until they are "
            "given another model.",
            icon=":material/groups:",
        )
    if profile.is_default:
        st.warning(
            "It is the default model: SYMPHONY_MODEL names it, and has to name another one.",
            icon=":material/star:",
        )
    if asking.is_sure_to_delete():
        with problem.explained():
            settings_services.delete_profile(profile.id)
            st.toast(f"Deleted {literal(profile.name)}", icon=":material/delete:")
            st.rerun()

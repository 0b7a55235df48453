"""The models: the default one, one's own profiles, and the providers with their keys."""

from collections.abc import Iterable

import streamlit as st

from dashboard import settings_services
from dashboard.components import model_light, problem, profile_list
from dashboard.components.text import literal
from dashboard.settings_services import ASKED, DefaultModel
from dashboard.viewmodels.models import ProviderView
from dashboard.viewmodels.words import count, cut, listed

LIVE_SECONDS = 1.0
MODELS_NAMED = 8
NOT_SET_UP = ("No key", "No address", "Not installed")
KEYS = (
    "A key comes from an environment variable or from .streamlit/secrets.toml when Symphony starts. "
    "It is stored nowhere else and never shown. This page asks the servers of what is set up for "
    "their lists of models."
)


def show() -> None:
    """Draw everything, again and again while a server is being asked."""
    is_live = _is_asking()

    @st.fragment(run_every=LIVE_SECONDS if is_live else None)
    def models() -> None:
        with problem.explained():
            _default(settings_services.default_model())
            _head(is_live)
            profile_list.show(settings_services.list_profiles())
            _prices()
            _providers(settings_services.list_providers())
            if _is_asking() != is_live:
                st.rerun()

    models()


def _is_asking() -> bool:
    if settings_services.is_asking():
        return True
    lights = [settings_services.default_model().light]
    lights += [view.light for view in settings_services.list_profiles()]
    lights += [view.light for view in settings_services.list_providers()]
    return any(light.word == ASKED for light in lights)


def _default(model: DefaultModel) -> None:
    st.subheader("Default model", anchor=False)
    with st.container(border=True, gap="xsmall"):
        st.markdown(f"**{literal(model.label)}**")
        st.markdown(model_light.told(model.light))
        if model.remark:
            st.caption(literal(model.remark))
        origin = (
            f"SYMPHONY_MODEL names it: {literal(repr(cut(model.name, 80)))}."
            if model.is_chosen
            else "SYMPHONY_MODEL is not set, so it is the one that comes with Symphony."
        )
        st.caption(f"It answers for every agent without a model of its own. {origin}")
    with st.expander("Use another one", icon=":material/swap_horiz:", type="compact"):
        st.markdown("Stop Symphony, and start it with the model's name in the environment:")
        for name in _names(model):
            st.code(f"SYMPHONY_MODEL={name} python3 scripts/start", language=None, wrap_lines=True)
        st.caption(
            "Other names are a provider of the list below, a colon, and what it calls the model, "
            "such as `openai-chat:NAME`."
        )


def _names(model: DefaultModel) -> Iterable[str]:
    profiles = [view.reference for view in settings_services.list_profiles()]
    return [name for name in (*profiles, "embedded") if name != model.name]


def _head(is_live: bool) -> None:
    st.subheader("Your models", anchor=False)
    with st.container(horizontal=True):
        if st.button("Add a model", type="primary", icon=":material/add:", key="new-model"):
            st.query_params["model"] = "new"
            st.rerun()
        if st.button(
            "Asking…" if is_live else "Check all",
            icon=":material/hourglass_top:" if is_live else ":material/sync:",
            help="Ask the server of every model and provider that is set up whether it answers.",
            disabled=is_live,
            key="check-all",
        ):
            settings_services.ask_again()
            st.rerun()


def _prices() -> None:
    published = settings_services.prices()
    st.caption(
        "What a call costs follows from published prices (the list of genai-prices "
        f"{published.version}, its newest price of {published.newest:%d %b %Y}), unless a model "
        "has prices of its own."
    )


def _providers(views: list[ProviderView]) -> None:
    st.subheader("Providers and keys", anchor=False)
    st.caption(KEYS)
    rest = [view for view in views if view.light.word in NOT_SET_UP]
    for view in views:
        if view not in rest:
            _provider(view)
    label = f"{count(len(rest), 'provider')} not set up"
    with st.expander(label, icon=":material/key_off:", type="compact"):
        for view in rest:
            _provider(view)


def _provider(view: ProviderView) -> None:
    key = f" :small[· {literal(view.key)}]" if view.key else ""
    with st.container(gap=None):
        st.markdown(f"**{literal(view.name)}**{key}  \n{model_light.told(view.light)}")
        if view.models:
            st.caption(f"It has {literal(_named(view.models))}.")


def _named(models: tuple[str, ...]) -> str:
    more = len(models) - MODELS_NAMED
    return listed([*models[:MODELS_NAMED], *([f"{more:,} more"] if more > 0 else [])])

"""The models: the default one, one's own profiles, and the providers with their keys."""

import streamlit as st

from dashboard import default_services, settings_services
from dashboard.components import model_light, problem, profile_list, settings_default
from dashboard.components.fragments import fragment
from dashboard.components.text import literal
from dashboard.settings_services import ASKED
from dashboard.viewmodels.models import ProviderView
from dashboard.viewmodels.words import count, listed

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

    @fragment(run_every=LIVE_SECONDS if is_live else None)
    def models() -> None:
        with problem.explained():
            settings_default.show()
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
    lights = [default_services.light(settings_default.shown())]
    lights += [view.light for view in settings_services.list_profiles()]
    lights += [view.light for view in settings_services.list_providers()]
    return any(light.word == ASKED for light in lights)


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

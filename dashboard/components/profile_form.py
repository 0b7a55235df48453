"""The form of a model profile, with what its server says of it."""

import streamlit as st

from dashboard import settings_services
from dashboard.components import model_light, problem
from dashboard.components.fragments import fragment
from dashboard.components.input_field import KEPT
from dashboard.components.settings_models import LIVE_SECONDS
from dashboard.settings_services import ASKED
from dashboard.viewmodels.models import ProfileForm, ProviderView

OWN = "the model's own"


def show(form: ProfileForm, *, key: str) -> ProfileForm:
    """Draw the form, filled with what is given, and return what stands in it."""
    name = _text("Name", form.name, f"{key}-name", "What people call it, such as House model")
    names = settings_services.PROVIDER_NAMES
    providers = names if form.provider in names else (*names, form.provider)
    provider = st.selectbox(
        "Provider",
        providers,
        providers.index(form.provider),
        key=f"{key}-provider",
        help="`openai-compatible` is any server that speaks OpenAI's chat API, such as "
        "llama.cpp, LM Studio or vLLM.",
        persist_state=KEPT,
    )
    filled = ProfileForm(name, provider, form.model, version=form.version)
    if filled.takes_address:
        filled.base_url = _text(
            "Address", form.base_url, f"{key}-address", "http://127.0.0.1:8080/v1"
        )
    if not filled.is_here:
        filled.key_variable = _text(
            "Environment variable of its key",
            form.key_variable,
            f"{key}-variable",
            "MY_API_KEY",
            "The variable's name, never the key itself. Empty: the provider's own variable, or "
            "no key where there is an address above.",
        )
    server = _server(filled)
    filled.model = _model(form, filled, server, f"{key}-model")
    with st.expander("More settings", icon=":material/tune:"):
        _more(form, filled, key)
    return filled


def _server(filled: ProfileForm) -> ProviderView | None:
    """Draw what the server says, and return it; None while nobody can be asked."""
    with problem.explained():
        server = settings_services.server_of(filled)
        if server is None:
            return None
        is_asked = server.light.word == ASKED

        @fragment(run_every=LIVE_SECONDS if is_asked else None)
        def light() -> None:
            with problem.explained():
                now = settings_services.server_of(filled)
                if now is None or now.light.word == "No address":
                    st.caption(":material/link: It is asked as soon as there is an address.")
                    return
                st.markdown(model_light.told(now.light))
                if (now.light.word == ASKED) != is_asked:
                    st.rerun()  # its models can be chosen now

        light()
        return server
    return None


def _model(form: ProfileForm, filled: ProfileForm, server: ProviderView | None, key: str) -> str:
    if filled.is_here:
        return _text("File", form.model, key, "empty for the one that comes with Symphony")
    current = st.session_state.get(key, form.model)
    known = server.models if server else ()
    options = list(dict.fromkeys(filter(None, (current, *known))))
    chosen = st.selectbox(
        "Model",
        options,
        index=options.index(current) if current else None,
        accept_new_options=True,
        placeholder="Choose one, or type its name" if known else "Type what the provider calls it",
        key=key,
        persist_state=KEPT,
    )
    return chosen or ""


def _more(form: ProfileForm, filled: ProfileForm, key: str) -> None:
    """Fill in how it writes where an agent does not say, and what it costs."""
    st.caption("How it writes where an agent does not say.")
    with st.grid(3, min_column_width=160):
        filled.temperature = _part(
            "Temperature", form.temperature, f"{key}-temperature", 0.0, 2.0, 0.1
        )
        filled.top_p = _part("Top p", form.top_p, f"{key}-top-p", 0.01, 1.0, 0.05)
        filled.timeout_s = _part(
            "Seconds a call may take", form.timeout_s, f"{key}-timeout", 0.1, 86_400.0, 10.0
        )
        filled.max_tokens = _whole(
            "Most tokens of an answer", form.max_tokens, f"{key}-tokens", 1, 1_000_000
        )
        filled.seed = _whole("Seed", form.seed, f"{key}-seed", 0, 2**31 - 1)
    filled.stop = st.multiselect(
        "Texts before which it stops",
        form.stop,
        default=form.stop,
        accept_new_options=True,
        key=f"{key}-stop",
        placeholder="Type one and press Enter",
        persist_state=KEPT,
    )
    st.caption("What it costs, in US dollars for a million tokens. Empty: the published price.")
    with st.grid(2, min_column_width=160):
        filled.input_price = _part(
            "Tokens in", form.input_price, f"{key}-price-in", 0.0, None, 0.1, "published"
        )
        filled.output_price = _part(
            "Tokens out", form.output_price, f"{key}-price-out", 0.0, None, 0.1, "published"
        )


def _text(label: str, given: str, key: str, placeholder: str, help: str | None = None) -> str:
    typed = st.text_input(
        label, given, key=key, placeholder=placeholder, help=help, persist_state=KEPT
    )
    return typed or ""


def _part(
    label: str,
    given: float | None,
    key: str,
    least: float,
    most: float | None,
    step: float,
    placeholder: str = OWN,
) -> float | None:
    if given is not None:  # a field with a default could not be emptied
        st.session_state.setdefault(key, given)
    return st.number_input(
        label,
        least,
        most,
        None,
        step,
        format="%g",
        key=key,
        placeholder=placeholder,
        persist_state=KEPT,
    )


def _whole(label: str, given: int | None, key: str, least: int, most: int) -> int | None:
    if given is not None:
        st.session_state.setdefault(key, given)
    return st.number_input(
        label, least, most, None, 1, key=key, placeholder=OWN, persist_state=KEPT
    )

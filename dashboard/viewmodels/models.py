"""Model profiles and providers as the pages show and edit them."""

from dataclasses import dataclass, field
from typing import Any

from symphony_core.agent_config import AgentSettings
from symphony_core.model_profile import ModelProfile
from symphony_core.models.base import Availability
from symphony_core.models.provider_names import COMPATIBLE, PROVIDERS

HERE = ("embedded", "scripted")
"""The providers that are no servers: what they run is in this process."""


@dataclass(frozen=True)
class Light:
    """Whether something can be used: a word for `theme.light`, a sentence, and what to do."""

    word: str
    is_ready: bool
    sentence: str
    to_do: str = ""


@dataclass(frozen=True)
class ProviderView:
    """A provider in the list; `models` are those its server told of."""

    name: str
    light: Light
    key: str
    models: tuple[str, ...]


@dataclass(frozen=True)
class ProfileView:
    """A model profile in the list; `facts` say where it is asked, and `used_by` names its agents."""

    id: str
    name: str
    reference: str
    facts: tuple[str, ...]
    key: str
    light: Light
    used_by: tuple[str, ...]
    is_default: bool


@dataclass
class ProfileForm:
    """What a person fills in. `version` is the stored version it was read at."""

    name: str = ""
    provider: str = COMPATIBLE
    model: str = ""
    base_url: str = ""
    key_variable: str = ""
    temperature: float | None = None
    max_tokens: int | None = None
    top_p: float | None = None
    seed: int | None = None
    timeout_s: float | None = None
    stop: list[str] = field(default_factory=list)
    input_price: float | None = None
    output_price: float | None = None
    version: int = 0

    @property
    def is_here(self) -> bool:
        """Whether there is no server to be asked."""
        return self.provider in HERE

    @property
    def takes_address(self) -> bool:
        """Whether its provider can be at an address of one's own."""
        known = PROVIDERS.get(self.provider)
        return known is not None and known.takes_address


_SETTINGS = ("temperature", "max_tokens", "top_p", "seed", "timeout_s")
_PRICES = ("input_price", "output_price")


def light_of(state: Availability) -> Light:
    """Return how a model's state is shown."""
    return Light(state.word, state.ready, state.sentence, state.to_do)


def key_in_words(state: Availability, variables: tuple[str, ...]) -> str:
    """Return whether a key was found and where it is looked for; never the key.

    Where nothing works without one, the state says so itself.
    """
    where = " or ".join(variables)
    if state.key_found:
        return f"key found in {where}"
    return f"no key in {where}" if state.key_found is False and state.ready else ""


def profile_view(
    profile: ModelProfile,
    state: Availability,
    variables: tuple[str, ...],
    used_by: tuple[str, ...],
    default: str,
) -> ProfileView:
    """Return a profile for the list."""
    facts = [":".join(filter(None, (profile.provider, profile.model))), profile.base_url]
    return ProfileView(
        id=profile.id,
        name=profile.name,
        reference=profile.reference,
        facts=tuple(filter(None, facts)),
        key=key_in_words(state, variables),
        light=light_of(state),
        used_by=used_by,
        is_default=profile.reference == default,
    )


def form_of(profile: ModelProfile) -> ProfileForm:
    """Return a stored profile as a form."""
    settings = profile.settings
    return ProfileForm(
        name=profile.name,
        provider=profile.provider,
        model=profile.model,
        base_url=profile.base_url or "",
        key_variable=profile.key_variable or "",
        **{name: getattr(settings, name) for name in _SETTINGS},
        stop=list(settings.stop or []),
        **{name: getattr(profile, name) for name in _PRICES},
        version=profile.version,
    )


def profile_of(form: ProfileForm, base: ModelProfile | None = None) -> ModelProfile:
    """Return the profile that a form describes, under the base's id.

    Raises:
        pydantic.ValidationError: a field is not usable.
    """
    kept: dict[str, Any] = {"id": base.id, "created_at": base.created_at} if base else {}
    settings = {name: getattr(form, name) for name in _SETTINGS}
    return ModelProfile(
        **kept,
        name=form.name,
        provider=form.provider,
        model=form.model.strip(),
        base_url=form.base_url if form.takes_address else None,
        key_variable=None if form.is_here else form.key_variable,
        settings=AgentSettings(**settings, stop=form.stop or None),
        **{name: getattr(form, name) for name in _PRICES},
    )

"""The models by name, and which of them can be used here. Nothing here loads or asks a model."""

import os
import threading
from functools import lru_cache

from symphony_core.errors import ModelUnavailable
from symphony_core.model_profile import PREFIX, ModelProfile
from symphony_core.models.base import Availability, ListedModel, ModelInfo
from symphony_core.models.embedded import EmbeddedModel
from symphony_core.models.endpoint import Endpoint
from symphony_core.models.prices import Prices
from symphony_core.models.provider import ProviderModel, provider_model
from symphony_core.models.provider_names import COMPATIBLE, PROVIDERS
from symphony_core.models.scripted import ScriptedModel

DEFAULT = "embedded"
_KEPT = 256  # opened profiles; one that was changed is no longer asked for

__all__ = [
    "DEFAULT",
    "Availability",
    "ModelInfo",
    "availability",
    "choices",
    "default_name",
    "describe",
    "describe_any",
    "environments_choice",
    "open_model",
    "open_profile",
    "unusable",
]


_opened: dict[str, ListedModel] = {}
_lock = threading.Lock()


def environments_choice() -> str:
    """Return the name that `SYMPHONY_MODEL` holds; empty where it holds none."""
    return os.environ.get("SYMPHONY_MODEL", "").strip()


def default_name(chosen: str | None) -> str:
    """Return the name of the model that is used where none is named.

    `SYMPHONY_MODEL` decides, then what was `chosen` in the store, then what comes with Symphony.
    `ModelProfiles.default_name` asks the store.
    """
    return environments_choice() or chosen or DEFAULT


def open_model(name: str) -> ListedModel:
    """Return the model of a name; always the same one for the same name.

    Raises:
        ModelUnavailable: no model can have this name.
    """
    name = name.strip()
    with _lock:
        if name not in _opened:
            _opened[name] = _make(name)
        return _opened[name]


def open_profile(profile: ModelProfile) -> ListedModel:
    """Return the model of a profile; the same one until the profile changes.

    Raises:
        ModelUnavailable: its provider is not known, or not usable as the profile says.
    """
    own = {"id", "settings", "created_at"}
    return _open_profile(profile.model_dump_json(exclude=own))


def describe(name: str) -> ModelInfo:
    """Return how a model is shown; it need not be usable here.

    Raises:
        ModelUnavailable: no model can have this name.
    """
    model = open_model(name)
    return ModelInfo(model.name, model.label, model.remark)


def availability(name: str) -> Availability:
    """Tell whether a model can be used here, as far as that shows without asking it."""
    try:
        return open_model(name).availability()
    except ModelUnavailable as error:
        return unusable(error)


def unusable(error: ModelUnavailable) -> Availability:
    """Return why a model that cannot be opened cannot be used."""
    return Availability(False, "Not usable", str(error))


def choices(default: str) -> list[ModelInfo]:
    """Return the models to choose from here; a default that cannot be read says so itself."""
    names = dict.fromkeys((default, DEFAULT, "scripted"))
    return [describe_any(name) for name in names]


def describe_any(name: str) -> ModelInfo:
    """Return how a model is shown, or how a name is that no model can have."""
    try:
        return describe(name)
    except ModelUnavailable as error:
        return ModelInfo(name, name, str(error))


@lru_cache(maxsize=_KEPT)
def _open_profile(body: str) -> ListedModel:
    profile = ModelProfile.model_validate_json(body)
    provider, model = profile.provider, profile.model.strip()
    if provider in (DEFAULT, "scripted"):
        return open_model(f"{provider}:{model}" if model else provider)
    _check(profile)
    at = Endpoint(provider, model, profile.base_url, profile.key_variable)
    prices = None
    if profile.input_price is not None and profile.output_price is not None:
        prices = Prices(profile.input_price, profile.output_price)
    return ProviderModel(at, profile.name, prices)


def _check(profile: ModelProfile) -> None:
    known = PROVIDERS.get(profile.provider)
    wrong = None
    if known is None:
        names = ", ".join(("embedded", "scripted", *PROVIDERS))
        wrong = f"there is no provider {profile.provider!r}; there is: {names}"
    elif not profile.model.strip():
        wrong = "it needs the name that its provider has for the model"
    elif profile.base_url and not known.takes_address:
        wrong = f"{profile.provider!r} has one address; for another, take {COMPATIBLE!r}"
    elif profile.provider == COMPATIBLE and not profile.base_url:
        wrong = "it needs the address of its server, such as http://127.0.0.1:8080/v1"
    if wrong:
        raise ModelUnavailable(f"The model {profile.name!r} cannot be used: {wrong}.")


def _make(name: str) -> ListedModel:
    if name.startswith(PREFIX):
        raise ModelUnavailable(f"The model {name!r} is one of a store, and none was asked for it.")
    kind, colon, rest = name.partition(":")
    if kind == "embedded" and bool(colon) == bool(rest):
        return EmbeddedModel(name)
    if kind == "scripted" and bool(colon) == bool(rest):
        return ScriptedModel(name=name, path=rest)
    return provider_model(name)

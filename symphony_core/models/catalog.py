"""The models by name, and which of them can be used here. Nothing here loads or asks a model."""

import os
import threading
from typing import Protocol

from symphony_core.errors import ModelUnavailable
from symphony_core.models.base import Availability, LanguageModel, ModelInfo
from symphony_core.models.embedded import EmbeddedModel
from symphony_core.models.provider import ProviderModel
from symphony_core.models.scripted import ScriptedModel

DEFAULT = "embedded"

__all__ = [
    "DEFAULT",
    "Availability",
    "ModelInfo",
    "availability",
    "choices",
    "default_name",
    "describe",
    "describe_any",
    "open_model",
]


class _ListedModel(LanguageModel, Protocol):
    def availability(self) -> Availability: ...


_opened: dict[str, _ListedModel] = {}
_lock = threading.Lock()


def default_name() -> str:
    """Return the name of the model that is used where none is named: `SYMPHONY_MODEL`'s."""
    return os.environ.get("SYMPHONY_MODEL", "").strip() or DEFAULT


def open_model(name: str | None = None) -> LanguageModel:
    """Return the model of a name, None for the default; always the same one for the same name.

    Raises:
        ModelUnavailable: no model can have this name.
    """
    return _open(name)


def describe(name: str | None = None) -> ModelInfo:
    """Return how a model is shown; it need not be usable here.

    Raises:
        ModelUnavailable: no model can have this name.
    """
    model = _open(name)
    return ModelInfo(model.name, model.label, model.remark)


def availability(name: str | None = None) -> Availability:
    """Tell whether a model can be used here, as far as that shows without asking it."""
    try:
        return _open(name).availability()
    except ModelUnavailable as error:
        return Availability(False, str(error))


def choices() -> list[ModelInfo]:
    """Return the models to choose from here; a default that cannot be read says so itself."""
    names = dict.fromkeys((default_name(), DEFAULT, "scripted"))
    return [describe_any(name) for name in names]


def describe_any(name: str) -> ModelInfo:
    """Return how a model is shown, or how a name is that no model can have."""
    try:
        return describe(name)
    except ModelUnavailable as error:
        return ModelInfo(name, name, str(error))


def _open(name: str | None) -> _ListedModel:
    name = (name or "").strip() or default_name()
    with _lock:
        if name not in _opened:
            _opened[name] = _make(name)
        return _opened[name]


def _make(name: str) -> _ListedModel:
    kind, colon, rest = name.partition(":")
    if kind == "embedded" and bool(colon) == bool(rest):
        return EmbeddedModel(name)
    if kind == "scripted" and bool(colon) == bool(rest):
        return ScriptedModel(name=name, path=rest)
    return ProviderModel(name)

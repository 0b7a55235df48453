"""What a page may ask for about the defaults: who answers where nobody says, and what a run may use.

What cannot be done raises `SymphonyError`, whose text is the sentence to show.
"""

from dataclasses import dataclass

from dashboard import store
from dashboard.bridge import wait_for
from dashboard.viewmodels.models import Light, light_of
from symphony_core.agents.model_profiles import ModelProfiles
from symphony_core.models import catalog
from symphony_core.persistence.store_settings import change_setting, read_settings
from symphony_core.store_settings import StoreSettings
from symphony_core.workflow import RunLimits


@dataclass(frozen=True)
class DefaultModel:
    """The model that was chosen as the default.

    `fixed` is the one that SYMPHONY_MODEL names instead, empty where it names none. `gone` says
    what answers where the chosen one is not there any more.
    """

    chosen: str
    fixed: str
    gone: str


def default_model() -> DefaultModel:
    """Return the default model, and who decides about it."""
    chosen = _settings().default_model or catalog.DEFAULT
    return DefaultModel(chosen, catalog.environments_choice(), wait_for(_models().default()).gone)


def light(name: str) -> Light:
    """Return whether a model can be used, by what its server said last."""
    return light_of(wait_for(_models().state(name)))


def choose_model(name: str, seen: str) -> None:
    """Make a model the default; `seen` is the one that was chosen when it was looked at."""
    wait_for(_models().choose_default(name, seen=seen))


def limits() -> RunLimits:
    """Return what the forms that start a run are filled with."""
    return _settings().limits


def set_limits(wanted: RunLimits, seen: RunLimits) -> None:
    """Change what the forms are filled with from what was seen of it."""
    settings = store.repository("store_settings")
    wait_for(change_setting(settings, "limits", seen=seen, wanted=wanted))


def _settings() -> StoreSettings:
    return wait_for(read_settings(store.repository("store_settings")))


def _models() -> ModelProfiles:
    return store.registry().get_model_profiles()

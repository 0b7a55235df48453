"""What the settings page may ask for about models: their providers, keys and profiles.

Nothing here waits for a server. Its state is what it said last; what is too old is asked for in
the background, and `Light.word` is "Being asked" while nothing is known.
"""

from concurrent.futures import Future
from functools import lru_cache
from typing import Any

from pydantic import ValidationError

from dashboard import bridge, store
from dashboard.bridge import wait_for
from dashboard.viewmodels.models import (
    HERE,
    ProfileForm,
    ProfileView,
    ProviderView,
    form_of,
    key_in_words,
    light_of,
    profile_of,
    profile_view,
)
from symphony_core.agents.model_profiles import ModelProfiles
from symphony_core.errors import DefinitionError, EntityNotFound
from symphony_core.ids import is_id
from symphony_core.model_profile import ModelProfile
from symphony_core.models import catalog
from symphony_core.models.endpoint import Endpoint
from symphony_core.models.prices import PriceList, price_list
from symphony_core.models.provider import ProviderModel
from symphony_core.models.provider_names import PROVIDERS

ASKED = "Being asked"
PROVIDER_NAMES = (*PROVIDERS, *HERE)
_KEPT = 64  # servers that somebody has typed the address of

_asked: list[Future[Any]] = []  # by `ask_again`


# --- what there is


def prices() -> PriceList:
    """Return which list of published prices calls are reckoned by."""
    return price_list()


def list_providers() -> list[ProviderView]:
    """Return every provider: those that can be used first, then those of which that is not known."""
    views = [_here(name) for name in HERE] + [_provider(name) for name in PROVIDERS]
    return sorted(views, key=lambda view: (not view.light.is_ready, view.light.word == "Not asked"))


def list_profiles() -> list[ProfileView]:
    """Return the stored profiles in the order they were made."""
    return wait_for(_list_profiles())


def profile_form(profile_id: str) -> ProfileForm | None:
    """Return a stored profile, to be edited; None if there is none."""
    if not is_id(profile_id):
        return None
    found = wait_for(store.repository("model_profile").find_by_id(profile_id))
    return form_of(found) if found else None


def server_of(form: ProfileForm) -> ProviderView | None:
    """Return what the server of a form that is being filled in says; None if there is no server.

    Raises:
        DefinitionError: nobody can be asked with what is typed so far.
    """
    if form.provider not in PROVIDERS:
        return None
    part = _checked(
        ProfileForm(
            "-", form.provider, "-", base_url=form.base_url, key_variable=form.key_variable
        ),
        None,
    )
    at = Endpoint(part.provider, "", part.base_url, part.key_variable)
    return _view(part.provider, _server(at), at)


# --- changes


def save_profile(form: ProfileForm, profile_id: str | None = None) -> str:
    """Store a new profile, or a changed one, and return its id."""
    base = _need(profile_id) if profile_id else None
    profile = _checked(form, base)
    if base is not None:
        profile.set_version(form.version)
    return wait_for(_profiles().save(profile))


def delete_profile(profile_id: str) -> None:
    """Delete a profile, unless it was chosen as the default; agents that name it need another."""
    wait_for(_profiles().delete(profile_id))


def ask_again() -> None:
    """Ask the servers of everything that is set up; nobody waits for them."""
    servers = [_server(Endpoint(name, "")) for name in PROVIDERS]
    default = wait_for(_profiles().default()).name
    names = [default, *(profile.reference for profile in list_profiles())]
    looks = [server.look() for server in servers if server.availability().ready]
    _asked[:] = map(bridge.begin, [*looks, *(_profiles().look(name) for name in names)])


def is_asking() -> bool:
    """Tell whether an answer is still awaited that `ask_again` has asked for."""
    return not all(future.done() for future in _asked)


# --- how it is done


def _profiles() -> ModelProfiles:
    return store.registry().get_model_profiles()


async def _list_profiles() -> list[ProfileView]:
    profiles = _profiles()
    default = (await profiles.default()).name
    return [
        profile_view(
            profile,
            await profiles.state(profile.reference),
            _variables(profile),
            tuple(agent.name for agent in await profiles.used_by(profile)),
            default,
        )
        for profile in await profiles.find_all()
    ]


def _variables(profile: ModelProfile) -> tuple[str, ...]:
    if profile.provider not in PROVIDERS:
        return ()
    at = Endpoint(profile.provider, profile.model, profile.base_url, profile.key_variable)
    return at.key_variables


def _here(name: str) -> ProviderView:
    return ProviderView(name, light_of(catalog.availability(name)), "", ())


def _provider(name: str) -> ProviderView:
    at = Endpoint(name, "")
    return _view(name, _server(at), at)


def _view(name: str, model: ProviderModel, at: Endpoint) -> ProviderView:
    state = model.state()
    key = key_in_words(state, at.key_variables)
    return ProviderView(name, light_of(state), key, state.models or ())


@lru_cache(maxsize=len(PROVIDERS) + _KEPT)
def _server(at: Endpoint) -> ProviderModel:
    return ProviderModel(at, f"the server of {at.provider}")


def _need(profile_id: str) -> ModelProfile:
    found: ModelProfile | None = wait_for(store.repository("model_profile").find_by_id(profile_id))
    if found is None:
        raise EntityNotFound("model", profile_id)
    return found


def _checked(form: ProfileForm, base: ModelProfile | None) -> ModelProfile:
    try:
        return profile_of(form, base)
    except ValidationError as error:
        first = error.errors()[0]
        reason = first["msg"].removeprefix("Value error, ")
        field = _FIELDS.get(str(first["loc"][-1]), str(first["loc"][-1]).replace("_", " "))
        raise DefinitionError(f"{field.capitalize()}: {reason[0].lower()}{reason[1:]}.") from None


_FIELDS = {"base_url": "address", "key_variable": "variable of the key", "timeout_s": "time limit"}

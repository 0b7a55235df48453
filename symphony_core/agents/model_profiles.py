"""The models of a store: looked up, described, and whether they can be used."""

import logging
from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from types import MappingProxyType
from typing import Any, NamedTuple

from symphony_core.agent_config import AgentConfig, AgentSettings
from symphony_core.errors import ModelUnavailable, NotPossible
from symphony_core.model_profile import PREFIX, ModelProfile, profile_id
from symphony_core.models import catalog
from symphony_core.models.base import Availability, ListedModel, ModelInfo
from symphony_core.persistence.repository import Repository
from symphony_core.persistence.store_settings import change_setting, read_settings
from symphony_core.store_settings import StoreSettings

_log = logging.getLogger(__name__)


class Pinned(NamedTuple):
    """What a run keeps of its models: its default one, and the profiles by id."""

    model: str | None = None
    profiles: Mapping[str, Any] = MappingProxyType({})


PINNED: ContextVar[Pinned] = ContextVar("symphony_models", default=Pinned())  # noqa: B039
"""Those of the run that is under way here, which count before the stored ones."""


class DefaultModel(NamedTuple):
    """The model of whoever names none. `gone` says, in a sentence, which one it stands in for."""

    name: str
    gone: str = ""


class ModelProfiles:
    """Every model by its name: those of the catalog, and `profile:ID` for those of the store."""

    def __init__(
        self,
        profile_repo: Repository[ModelProfile],
        agent_repo: Repository[AgentConfig],
        settings_repo: Repository[StoreSettings],
    ) -> None:
        self._profiles = profile_repo
        self._agents = agent_repo
        self._settings = settings_repo

    async def default(self) -> DefaultModel:
        """Return the model of whoever names none, as things are now; see `catalog.default_name`."""
        chosen = None
        if not catalog.environments_choice():
            chosen = (await read_settings(self._settings)).default_model
        if chosen is None or await self._is_there(chosen):
            return DefaultModel(catalog.default_name(chosen))
        name = catalog.default_name(None)
        return DefaultModel(
            name,
            f"The default model {chosen!r} is not there any more, so that "
            f"{catalog.describe(name).label} answers instead. Choose another one on the Settings "
            "page.",
        )

    async def default_name(self) -> str:
        """Return the name of the default, to be used; a run under way has the one it began with."""
        if pinned := PINNED.get().model:
            return pinned
        name, gone = await self.default()
        if gone:
            _log.warning("%s", gone)
        return name

    async def choose_default(self, name: str, *, seen: str) -> None:
        """Make a model the default where SYMPHONY_MODEL names none; `seen` is the one before.

        The one that comes with Symphony is kept as no choice.

        Raises:
            ModelUnavailable: no model can have this name.
            Conflict: somebody else has chosen another one since `seen` was read.
        """
        await self.open(name)
        before, wanted = (None if each == catalog.DEFAULT else each for each in (seen, name))
        await change_setting(self._settings, "default_model", seen=before, wanted=wanted)

    async def find_all(self) -> list[ModelProfile]:
        """Return the stored profiles in the order they were made."""
        return await self._profiles.find_all()

    async def save(self, profile: ModelProfile) -> str:
        """Store a profile, new or changed, and return its id.

        Raises:
            ModelUnavailable: no model can be opened with it.
        """
        catalog.open_profile(profile)
        return await self._profiles.save(profile)

    async def delete(self, profile_id: str) -> bool:
        """Delete a profile and tell whether there was one; agents that name it need another.

        Raises:
            NotPossible: it is the default model, and was chosen as that on the Settings page.
        """
        found = await self._profiles.find_by_id(profile_id)
        is_choice = not catalog.environments_choice()
        if found is not None and is_choice and found.reference == (await self.default()).name:
            raise NotPossible(
                f"The model {found.name!r} is the default model. Choose another one for that on "
                "the Settings page first."
            )
        return await self._profiles.delete(profile_id)

    async def used_by(self, profile: ModelProfile) -> list[AgentConfig]:
        """Return the agents that name a profile as their model."""
        agents = await self._agents.find_all()
        return [agent for agent in agents if agent.model == profile.reference]

    async def find(self, name: str) -> ModelProfile | None:
        """Return the profile that a model's name refers to; None for a model of the catalog.

        Raises:
            ModelUnavailable: it is not there any more.
        """
        wanted = profile_id(name)
        if wanted is None:
            return None
        pinned = PINNED.get().profiles
        if wanted in pinned:
            return ModelProfile.model_validate(pinned[wanted])
        found = await self._profiles.find_by_id(wanted)
        if found is None:
            raise ModelUnavailable(f"There is no model {wanted!r} any more. Choose another one.")
        return found

    async def open(self, name: str | None) -> tuple[ListedModel, AgentSettings]:
        """Return the model of a name, None for the default, and how it writes by itself.

        That counts where an agent does not say how.

        Raises:
            ModelUnavailable: no model can have this name.
        """
        name = (name or "").strip() or await self.default_name()
        profile = await self.find(name)
        if profile is None:
            return catalog.open_model(name), AgentSettings()
        return catalog.open_profile(profile), profile.settings

    async def choices(self) -> list[ModelInfo]:
        """Return the models to choose from: those of the catalog, then the stored ones."""
        known = catalog.choices((await self.default()).name)
        plain = [info for info in known if not info.name.startswith(PREFIX)]
        return [*plain, *map(_info, await self.find_all())]

    async def describe(self, name: str) -> ModelInfo:
        """Return how a model is shown; one that cannot be opened says so in its remark."""
        try:
            profile = await self.find(name)
        except ModelUnavailable as error:
            return ModelInfo(name, name, str(error))
        return _info(profile) if profile else catalog.describe_any(name)

    async def state(self, name: str | None) -> Availability:
        """Tell at once whether a model can be used, by what its server said last.

        What was said more than some seconds ago is asked again in the background.
        """
        try:
            model, _ = await self.open(name)
            return model.state()
        except ModelUnavailable as error:
            return catalog.unusable(error)

    async def look(self, name: str | None) -> Availability:
        """Ask a model's server now, for some seconds at most, and tell whether it can be used."""
        try:
            model, _ = await self.open(name)
            return await model.look()
        except ModelUnavailable as error:
            return catalog.unusable(error)

    async def in_use(self, name: str) -> dict[str, dict[str, Any]]:
        """Return the profiles that the agents, or agents without a model by `name`, would use now.

        By id, as plain data: for a run to keep.
        """
        stored = {profile.id: profile for profile in await self.find_all()}
        if not stored:
            return {}
        agents = await self._agents.find_fields(["model"], limit=None)
        named = _ids([name, *(agent["model"] for agent in agents)])
        return {key: profile.to_dict() for key, profile in stored.items() if key in named}

    async def _is_there(self, name: str) -> bool:
        wanted = profile_id(name)
        return wanted is None or await self._profiles.find_by_id(wanted) is not None


def _ids(names: Iterable[str | None]) -> set[str | None]:
    return {profile_id(name) for name in names}


def _info(profile: ModelProfile) -> ModelInfo:
    try:
        remark = catalog.open_profile(profile).remark
    except ModelUnavailable as error:
        remark = str(error)
    return ModelInfo(profile.reference, profile.name, remark)

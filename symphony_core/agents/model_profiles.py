"""The models of a store: looked up, described, and whether they can be used."""

from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from typing import Any

from symphony_core.agent_config import AgentConfig, AgentSettings
from symphony_core.errors import ModelUnavailable
from symphony_core.model_profile import PREFIX, ModelProfile, profile_id
from symphony_core.models import catalog
from symphony_core.models.base import Availability, ListedModel, ModelInfo
from symphony_core.persistence.repository import Repository

PINNED: ContextVar[Mapping[str, Any]] = ContextVar("symphony_profiles", default={})  # noqa: B039
"""The profiles of the run that is under way here, by id: they count before the stored ones."""


class ModelProfiles:
    """Every model by its name: those of the catalog, and `profile:ID` for those of the store."""

    def __init__(
        self, profile_repo: Repository[ModelProfile], agent_repo: Repository[AgentConfig]
    ) -> None:
        self._profiles = profile_repo
        self._agents = agent_repo

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
        """Delete a profile and tell whether there was one; agents that name it need another."""
        return await self._profiles.delete(profile_id)

    async def used_by(self, profile: ModelProfile) -> list[AgentConfig]:
        """Return the agents that name a profile as their model."""
        agents = await self._agents.find_all()
        return [agent for agent in agents if agent.model == profile.reference]

    async def find(self, name: str | None) -> ModelProfile | None:
        """Return the profile that a model's name refers to; None for a model of the catalog.

        Raises:
            ModelUnavailable: it is not there any more.
        """
        wanted = profile_id(name or catalog.default_name())
        if wanted is None:
            return None
        if wanted in PINNED.get():
            return ModelProfile.model_validate(PINNED.get()[wanted])
        found = await self._profiles.find_by_id(wanted)
        if found is None:
            raise ModelUnavailable(
                f"There is no model {wanted!r} any more. Choose another one for the agent."
            )
        return found

    async def open(self, name: str | None) -> tuple[ListedModel, AgentSettings]:
        """Return the model of a name, and how it writes where an agent does not say.

        Raises:
            ModelUnavailable: no model can have this name.
        """
        profile = await self.find(name)
        if profile is None:
            return catalog.open_model(name), AgentSettings()
        return catalog.open_profile(profile), profile.settings

    async def choices(self) -> list[ModelInfo]:
        """Return the models to choose from: those of the catalog, then the stored ones."""
        plain = [info for info in catalog.choices() if not info.name.startswith(PREFIX)]
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

    async def in_use(self, name: str | None) -> dict[str, dict[str, Any]]:
        """Return the profiles that the agents, or agents without a model by `name`, would use now.

        By id, as plain data: for a run to keep.
        """
        stored = {profile.id: profile for profile in await self.find_all()}
        if not stored:
            return {}
        agents = await self._agents.find_fields(["model"], limit=None)
        named = _ids([name or catalog.default_name(), *(agent["model"] for agent in agents)])
        return {key: profile.to_dict() for key, profile in stored.items() if key in named}


def _ids(names: Iterable[str | None]) -> set[str | None]:
    return {profile_id(name) for name in names}


def _info(profile: ModelProfile) -> ModelInfo:
    try:
        remark = catalog.open_profile(profile).remark
    except ModelUnavailable as error:
        remark = str(error)
    return ModelInfo(profile.reference, profile.name, remark)

"""The settings of a store: read as they stand, changed only as they were seen."""

from typing import Any

from symphony_core.errors import AlreadyStored, Conflict
from symphony_core.persistence.repository import Repository
from symphony_core.store_settings import SETTINGS, StoreSettings


async def read_settings(store: Repository[StoreSettings]) -> StoreSettings:
    """Return the settings of a store, as they come where nobody has changed any."""
    return await store.find_by_id(SETTINGS) or StoreSettings()


async def change_setting(
    store: Repository[StoreSettings], name: str, *, seen: Any, wanted: Any
) -> None:
    """Change one setting from the value that was seen; the others stay as they are now.

    Raises:
        Conflict: somebody else has changed it since.
    """
    settings = await read_settings(store)
    if getattr(settings, name) != seen:
        raise Conflict("setting", name.replace("_", " "))
    setattr(settings, name, wanted)
    try:
        await (store.save(settings) if settings.version else store.insert(settings))
    except AlreadyStored as error:  # somebody else was the first to change any
        raise Conflict("setting", name.replace("_", " ")) from error

"""Where the store is told to be, and the backups in its data folder."""

from datetime import UTC, datetime

import pytest

from symphony_core.errors import StorageError
from symphony_core.persistence.database import Database
from symphony_core.runtime.bootstrap import fill_new_store, open_registry
from symphony_core.runtime.settings import data_dir, database_url
from symphony_core.runtime.storage import back_up_to_data_folder, backups, storage_of


def test_a_server_is_named_without_its_password() -> None:
    found = storage_of("postgresql://ada:secret@db.example/symphony")
    assert (found.kind, found.size, found.free) == ("postgresql", None, None)
    assert found.where == "postgresql://ada:***@db.example/symphony"


async def test_a_file_is_measured_with_its_log() -> None:
    await fill_new_store(open_registry())
    found = storage_of(database_url())
    assert found.where == str(data_dir() / "symphony.db")
    files = [path for path in data_dir().iterdir() if path.name.startswith("symphony.db")]
    assert len(files) > 1
    assert found.size == sum(path.stat().st_size for path in files)


async def test_backups_have_names_of_their_own_and_are_their_owners_alone() -> None:
    await fill_new_store(open_registry())
    assert backups() == []
    moments = [datetime(2026, 1, day, 8, 30, 0, tzinfo=UTC) for day in (2, 3)]
    made = [back_up_to_data_folder(database_url(), lambda moment=m: moment) for m in moments]
    assert [path.name for path in made] == [
        "symphony-2026-01-02-083000.db",
        "symphony-2026-01-03-083000.db",
    ]
    assert {backup.path for backup in backups()} == set(made)
    assert all(path.stat().st_mode & 0o077 == 0 for path in [*made, made[0].parent])
    with pytest.raises(StorageError, match="There is a file"):
        back_up_to_data_folder(database_url(), lambda: moments[0])
    Database.close_all()


async def test_a_folder_that_cannot_be_made_is_named() -> None:
    await fill_new_store(open_registry())
    (data_dir() / "backups").write_text("in the way")
    with pytest.raises(StorageError, match="cannot be made"):
        back_up_to_data_folder(database_url())

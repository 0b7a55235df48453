"""What the fault tests share: a model server that counts, and processes to kill."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from symphony_core.orchestration.workflow_definition import WorkflowDefinition
from tests.support.ledger import Ledger
from tests.support.subjects import Nursery, Story
from tests.support.truth import context_of

NewStory = Callable[..., Story]


@pytest.fixture(scope="session")
def ledger() -> Iterator[Ledger]:
    with Ledger() as running:
        yield running


@pytest.fixture(scope="session")
def nursery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nursery]:
    with Nursery(tmp_path_factory.mktemp("nursery")) as running:
        yield running


@pytest.fixture(scope="session")
def new_story(
    ledger: Ledger, nursery: Nursery, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[NewStory]:
    """A function that makes a run of its own, of the tale or of a definition it is given."""
    folder: Path = tmp_path_factory.mktemp("stories")
    made: list[Story] = []

    def make(name: str, definition: WorkflowDefinition | None = None) -> Story:
        made.append(Story(nursery, ledger, folder / name, definition))
        return made[-1]

    yield make
    for story in made:
        story.close()


@pytest.fixture(scope="session")
def undisturbed(new_story: NewStory) -> dict[str, Any]:
    """The context that the tale ends with when nothing happens to it."""
    stored = new_story("undisturbed").run().ended()
    assert stored is not None
    return context_of(stored)

"""The dashboard without a browser, over a store of the test's own."""

import asyncio
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.runtime.state.common import user_key_from_element_id
from streamlit.testing.v1 import AppTest

from symphony_core.orchestration.engine import WorkflowEngine
from symphony_core.orchestration.templates import get_template
from symphony_core.registry import ServiceRegistry
from symphony_core.runtime.bootstrap import fill_new_store, open_registry
from symphony_core.runtime.samples import remove_samples
from symphony_core.workflow import Workflow
from tests.support.processes import PATIENCE

ENTRY = Path(__file__).parent.parent.parent / "dashboard" / "app.py"

Open = Callable[..., AppTest]


@pytest.fixture(autouse=True)
def own_main(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page runs as `__main__`; what tests start later in processes must not run it again."""
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])


@pytest.fixture
def store() -> ServiceRegistry:
    """The store that the pages see: an assistant, and no run."""
    registry = open_registry()

    async def fill() -> None:
        await fill_new_store(registry)
        await remove_samples(registry)

    asyncio.run(fill())
    return registry


@pytest.fixture
def open_page(store: ServiceRegistry) -> Open:
    """Open a page by its name, with parameters in its address."""

    def open_it(name: str, **parameters: str) -> AppTest:
        at = AppTest.from_file(str(ENTRY), default_timeout=PATIENCE)
        for key, value in parameters.items():
            at.query_params[key] = value
        at.run()
        if name != "home":
            at.switch_page(f"../pages/{name}.py").run()
        assert not at.exception
        return at

    return open_it


def run_template(store: ServiceRegistry, key: str = "critic-revise", **inputs: str) -> Workflow:
    """Run a template to its end with the scripted model."""
    engine: WorkflowEngine = store.get_service("workflow_engine")
    template = get_template(key)
    run = engine.new_run(template.build(), template.sample_inputs() | inputs, template=key)
    return asyncio.run(engine.execute_run(run))


def start_run(store: ServiceRegistry) -> Workflow:
    """Start a run that no worker takes up."""
    engine: WorkflowEngine = store.get_service("workflow_engine")
    template = get_template("critic-revise")
    run = engine.new_run(template.build(), template.sample_inputs())
    asyncio.run(engine.start_run(run))
    return run


def unfold(at: AppTest, label: str) -> AppTest:
    """Open every part of a page that is closed under a label which begins so."""
    for part in at.expander:
        if part.label.startswith(label):
            at.session_state[user_key_from_element_id(part.proto.id)] = True
    return at.run()


def texts(at: AppTest) -> str:
    """Everything that can be read on a page."""
    kinds = (at.title, at.subheader, at.markdown, at.caption, at.info, at.warning, at.error)
    return "\n".join(str(element.value) for kind in kinds for element in kind)


def drawn(at: AppTest) -> list[dict[str, Any]]:
    """What every graph of a workflow on a page is drawn from."""
    protos = [element.proto for element in at.get("bidi_component")]
    return [json.loads(proto.json) for proto in protos if proto.component_name == "flow_canvas"]


def steps_in(graph: dict[str, Any]) -> dict[str, str]:
    """The words on the steps of a graph, by their names."""
    return {node["label"]: node["detail"] for node in json.loads(graph["flow"])["nodes"]}

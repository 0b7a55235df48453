"""The drawing of a run's workflow in a report: what is drawn, and the scripts that draw it."""

import re
from functools import cache
from pathlib import Path
from typing import Any

from dashboard.components import flow_canvas
from dashboard.viewmodels.flow import flow_of, marks_of
from dashboard.viewmodels.runs import RunView

WIDE, NARROW = 940, 340  # pixels: a screen's column, and a phone's

_OURS = Path(__file__).parent / "graph.js"
_BUNDLE = Path(flow_canvas.__file__).parent / "bundle"
_EXPORTS = re.compile(r"export\s*\{([^{}]*)\};?\s*$")
# what would end the script, or keep its end from being seen
_MARKS = re.compile(r"<(?=/?script|!--)", re.IGNORECASE)


def data(view: RunView) -> dict[str, Any] | None:
    """Return the run's workflow for wide and for narrow pages; None if it has no steps."""
    definition = view.definition or {}
    steps = definition.get("steps")
    if not steps:
        return None
    marks = marks_of(definition, view.steps, view.row.status)
    alt = f"The steps of {view.row.name}"
    agents = {record.agent_id: record.agent_name for record in view.records}
    named = {agent: name for agent, name in agents.items() if agent and name}

    def drawn(wide: float) -> dict[str, Any]:
        flow = flow_of(steps, wide=wide, agents=named)
        return flow_canvas.data_of(flow, marks, alt=alt, selectable=True)

    return {"wide": drawn(WIDE), "narrow": drawn(NARROW)}


@cache
def script() -> str:
    """Return one script that holds the dashboard's own bundle and begins to draw."""
    bundle = (_BUNDLE / "flow.js").read_text(encoding="utf-8")
    licences = (_BUNDLE / "LICENCES.md").read_text(encoding="utf-8").replace("*/", "* /")
    exports = _EXPORTS.search(bundle)
    assert exports is not None, "the bundle exports nothing"
    mount = re.search(r"([\w$]+) as mount\b", exports[1])
    assert mount is not None, "the bundle exports no mount"
    ours = _OURS.read_text(encoding="utf-8")
    # A script within a page cannot be imported by another: the bundle's own name is called.
    whole = f"/*\n{licences}*/\n{bundle[: exports.start()]}\n({ours})({mount[1]});\n"
    return _MARKS.sub(r"\\x3c", whole)

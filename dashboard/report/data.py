"""A run as JSON: everything stored of it, which reading it again gives back."""

import json

from dashboard.report.contents import Report
from symphony_core import __version__

FORMAT = "symphony-run"
FORMAT_VERSION = 1


def to_json(report: Report) -> str:
    """Return the run, its steps, events and approvals, as they are stored.

    See `docs/operations.md` for what the fields are.
    """
    facts = report.facts
    data = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "made_by": f"Symphony {__version__}",
        "made_at": report.made_at.isoformat(),
        "inputs_left_out": not report.is_whole,
        "run": facts.run.to_dict(),
        "steps": [step.to_dict() for step in facts.records],
        "events": [event.to_dict() for event in report.events],
        "approvals": [asked.to_dict() for asked in facts.approvals],
    }
    return json.dumps(data, indent=1, ensure_ascii=False) + "\n"

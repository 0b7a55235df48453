"""A run as one HTML file that opens anywhere, from disk and without a network."""

import base64
import hashlib
import re
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from dashboard.report import graph
from dashboard.report.colours import variables
from dashboard.report.contents import LEFT_OUT, Report
from dashboard.report.figures import shares_of
from dashboard.report.lanes import lanes_of
from dashboard.theme import STATUS
from dashboard.viewmodels import words
from dashboard.viewmodels.events import event_rows
from dashboard.viewmodels.paths import node_of
from dashboard.viewmodels.timeline import bars_of, parallel_gain
from dashboard.viewmodels.tool_uses import summary
from dashboard.viewmodels.words import as_text
from symphony_core import __version__

FOLDER = Path(__file__).parent
OPEN_AT_MOST = 6  # steps that stand open; of more, only those that need a look

# what may stand in a text and not in an HTML file: most control characters, and non-characters
_UNFIT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")


def to_html(report: Report) -> str:
    """Return the report; nothing in it is fetched, and no script but its own can run."""
    view = report.view
    script = graph.script()
    return (
        _templates()
        .get_template("report.html")
        .render(
            report=report,
            view=view,
            graph=graph.data(view),
            script=Markup(script),
            policy=_policy(script),
            themes={mode: variables(mode) for mode in ("light", "dark")},
            timeline=lanes_of(
                bars_of(view.records, {step.path: step.status for step in view.steps}),
                STATUS,
                report.made_at,
            ),
            gain=parallel_gain(view.records, report.made_at),
            shares=shares_of(view.steps),
            events=event_rows(report.events),
            step_labels={step.path: step.label for step in view.steps},
            opens_all=len(view.steps) <= OPEN_AT_MOST,
            left_out=None if report.is_whole else LEFT_OUT,
            version=__version__,
        )
    )


def _templates() -> Environment:
    found = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_fit,
    )
    found.globals |= {"looks": STATUS, "words": words, "node_of": node_of}
    found.filters |= {"as_text": as_text, "moment": _moment, "summary": summary}
    return found


def _fit(value: Any) -> Any:
    """Return a text as an HTML file can hold it."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return _UNFIT.sub("\N{REPLACEMENT CHARACTER}", value)
    return value


def _moment(at: Any, form: str = "%d %b %Y, %H:%M:%S UTC") -> Markup:
    iso = at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return Markup('<time datetime="{}">{}</time>').format(iso, at.strftime(form))


def _policy(script: str) -> str:
    """Return a Content-Security-Policy under which this script runs alone, and nothing is fetched."""
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return (
        f"default-src 'none'; script-src 'sha256-{digest}'; style-src 'unsafe-inline'; "
        "base-uri 'none'; form-action 'none'"
    )

"""A run as a file, made when somebody asks for it; see `dashboard.report`."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from dashboard import run_details, run_services
from dashboard.report.contents import Report, without_inputs
from dashboard.report.data import to_json
from dashboard.report.markdown import to_markdown
from dashboard.report.page import to_html
from dashboard.viewmodels.runs import RunRow
from symphony_core.errors import EntityNotFound

NAME_LENGTH = 60


@dataclass(frozen=True)
class Format:
    """A kind of file: what people call it, and how it is made."""

    label: str
    ending: str
    mime: str
    make: Callable[[Report], str]
    use: str


FORMATS = (
    Format("Web page", "html", "text/html", to_html, "One file that opens anywhere, offline."),
    Format("Markdown", "md", "text/markdown", to_markdown, "Text for documents and wikis."),
    Format("JSON", "json", "application/json", to_json, "Everything stored, for programs."),
)


def export(run_id: str, form: Format, *, whole: bool) -> str:
    """Return a run as a file's text; not `whole`, it tells nothing of what was put into the run.

    Raises:
        EntityNotFound: the run was deleted.
    """
    facts = run_services.facts_of(run_id)
    if facts is None:
        raise EntityNotFound("run", run_id)
    remarks = run_services.remarks_of(facts)
    report = Report(facts, run_details.events_of(run_id), run_services.now(), remarks)
    return form.make(report if whole else without_inputs(report))


def file_name(row: RunRow, form: Format) -> str:
    """Return a name that every system takes: the run's, and when it was made."""
    slug = re.sub(r"[\W_]+", "-", row.name[:NAME_LENGTH].lower()).strip("-") or "run"
    return f"{slug}-{row.created_at:%Y-%m-%d-%H%M}.{form.ending}"

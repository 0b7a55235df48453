"""The front end's own files, served by the dashboard itself; nothing comes from elsewhere."""

import hashlib
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Route

_TIMELINE = Path(__file__).parent / "components" / "timeline" / "timeline.js"


def _plotly() -> Path:
    """Return where the installed Plotly keeps its script, without importing it."""
    spec = find_spec("plotly")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "package_data" / "plotly.min.js"


FILES = {"timeline.js": _TIMELINE, "plotly.js": _plotly()}

_VERSION = f"{version('plotly')}-{hashlib.sha256(_TIMELINE.read_bytes()).hexdigest()[:12]}"

LOADER = f"""
const module = await import(new URL("assets/timeline.js?v={_VERSION}", document.baseURI).href);
export default module.default;
"""
"""What Streamlit sends with every message: the way to the file, not the file."""


def routes() -> list[BaseRoute]:
    """Return the routes under which the files are found; a changed file has a new address."""
    return [Route("/assets/{name}", _serve)]


async def _serve(request: Request) -> Response:
    file = FILES.get(request.path_params["name"])
    if file is None:
        raise HTTPException(status_code=404)
    headers = {"Cache-Control": "public, max-age=31536000, immutable"}
    return FileResponse(file, media_type="text/javascript", headers=headers)

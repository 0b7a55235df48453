"""The front end's own files, served by the dashboard itself; nothing comes from elsewhere."""

import hashlib
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Route

_COMPONENTS = Path(__file__).parent / "components"


def _plotly() -> Path:
    """Return where the installed Plotly keeps its script, without importing it."""
    spec = find_spec("plotly")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "package_data" / "plotly.min.js"


FILES = {
    "flow.js": _COMPONENTS / "flow_canvas" / "bundle" / "flow.js",
    "timeline.js": _COMPONENTS / "timeline" / "timeline.js",
    "difference.js": _COMPONENTS / "difference" / "difference.js",
    "plotly.js": _plotly(),
}


def loader(name: str, *, export: str = "default") -> str:
    """Return what Streamlit sends with every message: the way to the file, not the file.

    The file exports what Streamlit calls when an element appears and whenever its data changes, and
    what that returns takes the element away. Where data follows data faster than Streamlit makes
    its calls, it ends the old call too, before the new one or after it; the element stays where it
    is, for it is the new one's, until its place is taken out of the page.
    """
    # The timeline's script asks for Plotly under its own version.
    version_of_file = f"{version('plotly')}-{_hash(FILES[name])}"
    return f"""
const module = await import(new URL("assets/{name}?v={version_of_file}", document.baseURI).href);
export default (streamlit) => {{
  const end = module.{export}(streamlit);
  return () => streamlit.parentElement.isConnected || end();
}};
"""


def _hash(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12]


def routes() -> list[BaseRoute]:
    """Return the routes under which the files are found; a changed file has a new address."""
    return [Route("/assets/{name}", _serve)]


async def _serve(request: Request) -> Response:
    file = FILES.get(request.path_params["name"])
    if file is None:
        raise HTTPException(status_code=404)
    headers = {"Cache-Control": "public, max-age=31536000, immutable"}
    return FileResponse(file, media_type="text/javascript", headers=headers)

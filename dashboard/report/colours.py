"""The theme's colours as CSS variables, named as Streamlit names them for components."""

import re
import tomllib
from functools import cache
from pathlib import Path

CONFIG = Path(__file__).parent.parent.parent / ".streamlit" / "config.toml"


@cache
def variables(mode: str) -> dict[str, str]:
    """Return the colours of the theme `light` or `dark`: `--st-red-text-color` and so on."""
    theme = tomllib.loads(CONFIG.read_text(encoding="utf-8"))["theme"][mode]
    return {_css(name): colour for name, colour in theme.items() if isinstance(colour, str)}


def _css(name: str) -> str:
    return "--st-" + re.sub(r"[A-Z]", lambda found: f"-{found[0].lower()}", name)

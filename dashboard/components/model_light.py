"""Whether a model or its provider can be used, in a line."""

from dashboard import theme
from dashboard.components.text import literal
from dashboard.viewmodels.models import Light


def told(light: Light) -> str:
    """Return a light as Markdown: its badge, its sentence, and what to do."""
    badge = theme.light(light.word, is_ready=light.is_ready)
    return f"{badge} {literal(f'{light.sentence} {light.to_do}'.strip())}"

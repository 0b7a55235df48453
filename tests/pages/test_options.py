"""The dashboard's options are Streamlit's: one that it does not know has no effect."""

import tomllib
from pathlib import Path

from streamlit.config import get_config_options

CONFIG = Path(__file__).parent.parent.parent / ".streamlit" / "config.toml"


def test_streamlit_knows_every_option() -> None:
    known = get_config_options()
    sections = tomllib.loads(CONFIG.read_text(encoding="utf-8"))
    del sections["theme"]  # which has sections of its own
    names = {f"{section}.{name}" for section, options in sections.items() for name in options}
    assert "runner.postScriptGC" in names
    assert names - known.keys() == set()

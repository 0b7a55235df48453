"""Takes keys out of what other programs say, so that their words can be shown and stored."""

import os
import re

_LONGEST = 300  # characters kept of another program's text
_KEYS = re.compile(r"\b(?:(?:sk|pk|rk|gsk|hf|xai)[-_]|AIza)[^\s'\",}]+")
_LOGINS = re.compile(r"\b(Bearer|Basic)\s+[^\s'\",}]+", re.IGNORECASE)
_URL_LOGINS = re.compile(r"(?<=://)[^/\s@]+@")
_SECRET_NAMES = re.compile(r"KEY|TOKEN|SECRET|PASSWORD", re.IGNORECASE)
_SHORTEST_SECRET = 6


def is_secret_name(variable: str) -> bool:
    """Tell whether an environment variable is named like one that holds a secret."""
    return _SECRET_NAMES.search(variable) is not None


def scrub(text: str) -> str:
    """Return the text on one line without anything that looks like a key, at most 300 characters.

    The values of environment variables that are named like secrets are taken out whatever they
    look like.
    """
    for name, value in os.environ.items():
        if is_secret_name(name) and len(value.strip()) >= _SHORTEST_SECRET:
            text = text.replace(value.strip(), "…")
    text = _URL_LOGINS.sub("…@", _LOGINS.sub(r"\1 …", _KEYS.sub("…", text)))
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"

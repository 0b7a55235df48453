"""Ids and the clock. Both can be passed in wherever they are used, so tests are exact."""

import re
import secrets
from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]

ID_PATTERN = r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}"
ID_RULE = "1 to 64 letters, digits, '-' or '_', starting with a letter or digit"

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's: nothing to misread in a link
_LENGTH = 14  # 70 random bits


def new_id() -> str:
    """Return a fresh random id, short enough for a link; it starts with a letter."""
    first = secrets.choice(_ALPHABET[10:])
    return first + "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH - 1))


def is_id(value: object) -> bool:
    """Tell whether a value may be an id (see `ID_RULE`)."""
    return isinstance(value, str) and re.fullmatch(ID_PATTERN, value) is not None


def utc_now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return datetime.now(UTC)

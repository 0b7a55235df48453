"""Ids and the clock. Both can be passed in wherever they are used, so tests are exact."""

import os
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeGuard

Clock = Callable[[], datetime]

ID_PATTERN = r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}"
_ID = re.compile(ID_PATTERN)
ID_RULE = "1 to 64 letters, digits, '-' or '_', starting with a letter or digit"

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's: nothing to misread in a link
_LETTERS = _ALPHABET[10:]
_LETTER_OF_BYTE = bytes(ord(_ALPHABET[byte % 32]) for byte in range(256))
_LENGTH = 14  # close to 70 random bits


def new_id() -> str:
    """Return a fresh random id, short enough for a link; it starts with a letter."""
    letters = os.urandom(_LENGTH).translate(_LETTER_OF_BYTE).decode()
    return letters if letters[0] > "9" else _LETTERS[int(letters[0])] + letters[1:]


def is_id(value: object) -> TypeGuard[str]:
    """Tell whether a value may be an id (see `ID_RULE`)."""
    return isinstance(value, str) and _ID.fullmatch(value) is not None


def utc_now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return datetime.now(UTC)

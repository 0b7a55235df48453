"""Files that people give as an input: of each only the text counts."""

from symphony_core.orchestration.workflow_inputs import MAX_FILE_TEXT

MEGABYTES = 1  # what the browser sends at most: more than any text that is allowed


def text_of(name: str, data: bytes) -> tuple[str | None, str | None]:
    """Return a file's text, or None and the sentence that says why it cannot be used."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None, f"The file {name!r} is no text in UTF-8: choose another, or save it as UTF-8."
    if len(text) > MAX_FILE_TEXT:
        problem = f"is too large: it has {len(text):,} characters, and may have {MAX_FILE_TEXT:,}."
        return None, f"The file {name!r} {problem}"
    return text, None

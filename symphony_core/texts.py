"""Texts from models, tools and people, made fit to be kept."""

MAX_TEXT = 1_000_000  # characters of one text in a run


def storable(text: str, limit: int = MAX_TEXT) -> str:
    """Return a text that every store can keep.

    Halves of characters become the replacement character. What is over the limit is cut, with a
    mark that says how long the text was.
    """
    if len(text) > limit:
        text = f"{text[:limit]}\n\n[cut here: {len(text):,} characters in all]"
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text

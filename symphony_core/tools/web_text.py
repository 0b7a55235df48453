"""What can be read on a web page."""

import re
from html.parser import HTMLParser

_HIDDEN = frozenset({"script", "style", "noscript", "template", "svg", "head"})
_IN_LINE = frozenset({"a", "abbr", "b", "bdi", "cite", "code", "em", "i", "mark", "small", "span"})
_IN_LINE |= frozenset({"strong", "sub", "sup", "time", "u", "img", "wbr"})
_BLANKS = re.compile(r"[ \t\r\f\v\xa0]+")
_EMPTY_LINES = re.compile(r"\s*\n\s*\n\s*")


def readable(html: str) -> str:
    """Return the text of a page, a line for each of its blocks."""
    page = _Page()
    page.feed(html)
    page.close()
    lines = (_BLANKS.sub(" ", line).strip() for line in "".join(page.pieces).split("\n"))
    return _EMPTY_LINES.sub("\n\n", "\n".join(lines)).strip()


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in _HIDDEN
        self._break(tag)

    def handle_endtag(self, tag: str) -> None:
        self._hidden = max(self._hidden - (tag in _HIDDEN), 0)
        self._break(tag)

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.pieces.append(data)

    def _break(self, tag: str) -> None:
        if tag not in _IN_LINE:
            self.pieces.append("\n")

"""Text as text, whatever Streamlit would read in it."""

import random
import re

import pytest

from dashboard.components.text import literal

# What Streamlit's front end looks for once Markdown has been read, in its own patterns.
FOUND_LATER = [
    r":material/",
    r":material_(\w+):",
    r":streamlit:",
    r":(?!material/|streamlit:)[\w+-][\w_+-]*:",
    r"(^|\s)(<->|->|<-|--|>=|<=|~=)(\s|$)",
    r"(?i)(https?://|www(?=\.))([-.\w]+)([^ \t\r\n]*)",
    r"([-.\w+]+)@([-\w]+(?:\.[-\w]+)+)",
]
ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
MARKS = re.compile(r"[\\`*_{}\[\]()<>#+\-.!|~$:&=^@]")

TEXTS = [
    "**x** :red[y] <script>alert(1)</script>",
    ":material/home: :material_home: :tada: :+1: :streamlit:",
    "a -> b <-> c <- d -- e >= f <= g ~= h -->",
    "https://evil.example/a?b=1 www.evil.example WWW.Evil.com a.b@c.de http://x",
    "$x^2$ and $$y$$ cost $5",
    "[link](https://e.vil) ![img](https://e.vil/x.png) <https://e.vil> [^1]",
    "# heading",
    "- list",
    "1. one",
    "> quote",
    "Title\n===",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "```python\ncode\n```",
    "`code` ~~gone~~ _em_ __st__ &amp; &#35; \\ back\\\\slash end\\",
    "::directive[x] :::box\n:small[x] :color[x]{foreground='red'}",
    "10:20:30 a:b:c",
    "<!-- comment -->",
    "->",
]


def finished(markdown: str) -> str:
    """The text that stands there when Markdown has been read."""
    return ESCAPED.sub(r"\1", markdown)


@pytest.mark.parametrize("text", TEXTS)
def test_nothing_is_read_in_a_text(text: str) -> None:
    shown = literal(text)
    assert not MARKS.search(ESCAPED.sub("", shown))
    assert [rule for rule in FOUND_LATER if re.search(rule, finished(shown))] == []
    again = finished(shown).replace("\N{WORD JOINER}", "").replace("  \n", "\n")
    assert again == text


def test_plain_text_has_nothing_added_to_what_is_seen() -> None:
    assert literal("Größe, 12 % and “quotes”") == "Größe, 12 % and “quotes”"


def test_lines_and_indents_are_kept() -> None:
    assert (
        literal("one\r\ntwo\n\n    three")
        == "one  \ntwo  \n  \n" + "\N{NO-BREAK SPACE}" * 4 + "three"
    )


def test_a_text_of_any_marks_is_never_read() -> None:
    made = random.Random(7)
    pieces = [*":/@.<>-=~#*_[]()$`\\&| ", "\n", "www", "http", "https", "material", "tada", "x"]
    for _ in range(3000):
        text = "".join(made.choices(pieces, k=made.randint(1, 14)))
        shown = literal(text)
        assert not MARKS.search(ESCAPED.sub("", shown)), text
        assert not any(re.search(rule, finished(shown)) for rule in FOUND_LATER), text

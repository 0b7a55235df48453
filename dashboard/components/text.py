"""Text as text: what a person, a model or a document wrote never becomes Markdown."""

import re

_MARKS = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&=^@/\"'])")
_INDENT = re.compile(r"^[ \t]+", re.MULTILINE)
_LINE_END = re.compile(r"\r\n|[\r\n\v\f\x85\u2028\u2029]")

# Streamlit looks for these in the finished text, where a backslash before them is gone again:
# links and addresses, icons and emoji by name, and signs that it draws as one.
_FOUND_LATER = re.compile(
    r"(?i:https?:|www)(?=[/.])"
    r"|@(?=[-\w])"
    r"|:(?=[\w+/-]+:|material/)"
    r"|(?<!\S)[<>=~-](?=[<>=-]{1,2}(?!\S))"
)
_JOINER = "\N{WORD JOINER}"  # takes no room and shows nothing


def literal(text: str) -> str:
    """Return Markdown that shows a text as it is, line breaks and indents included."""
    lines = _LINE_END.sub("\n", text)
    lines = _INDENT.sub(lambda found: "\N{NO-BREAK SPACE}" * len(found[0].expandtabs(4)), lines)
    apart = _FOUND_LATER.sub(lambda found: found[0] + _JOINER, lines)
    return _MARKS.sub(r"\\\1", apart).replace("\n", "  \n")

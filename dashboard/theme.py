"""How every status looks: its word, icon and colour, in one table that everything uses."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Look:
    """A status in words, as a Material icon, and as one of Streamlit's colour names."""

    word: str
    icon: str
    colour: str


STATUS: dict[str, Look] = {
    "pending": Look("Queued", ":material/schedule:", "gray"),
    "running": Look("Running", ":material/play_circle:", "blue"),
    "retrying": Look("Trying again", ":material/autorenew:", "yellow"),
    "waiting": Look("Waiting for you", ":material/person_raised_hand:", "orange"),
    "interrupted": Look("Interrupted", ":material/report:", "orange"),
    "paused": Look("Paused", ":material/pause_circle:", "violet"),
    "completed": Look("Completed", ":material/check_circle:", "green"),
    "failed": Look("Failed", ":material/error:", "red"),
    "skipped": Look("Skipped", ":material/skip_next:", "gray"),
    "cancelled": Look("Cancelled", ":material/cancel:", "gray"),
}


def badge(status: str) -> str:
    """Return a status as Markdown: a coloured badge with icon and word."""
    look = STATUS[status]
    return f":{look.colour}-badge[{look.icon} {look.word}]"


_READY = Look("", ":material/check_circle:", "green")
_NOT_READY = Look("", ":material/report:", "orange")
_LIGHTS: dict[str, Look] = {
    "Being asked": Look("", ":material/hourglass_top:", "blue"),
    "Set up": Look("", ":material/check_circle:", "gray"),
    "Not asked": Look("", ":material/help:", "gray"),
    "Not listed": Look("", ":material/help:", "yellow"),
    "No answer": Look("", ":material/cloud_off:", "red"),
    "Key refused": Look("", ":material/key_off:", "red"),
    "No key": Look("", ":material/key_off:", "orange"),
    "Key wanted": Look("", ":material/key_off:", "orange"),
    "Not installed": Look("", ":material/extension_off:", "orange"),
    "No address": Look("", ":material/link_off:", "orange"),
}


def light(word: str, *, is_ready: bool) -> str:
    """Return whether something can be used as Markdown: a coloured badge with icon and word."""
    look = _LIGHTS.get(word, _READY if is_ready else _NOT_READY)
    return f":{look.colour}-badge[{look.icon} {word}]"


def lamp(*, is_ready: bool) -> str:
    """Return whether something can be used as Markdown: an icon, for words that stand behind it."""
    look = _READY if is_ready else _NOT_READY
    return f":{look.colour}[{look.icon}]"

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

"""Tells the date and the time."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from symphony_core.errors import ToolError


async def date_and_time(time_zone: str = "UTC") -> str:
    """Tell the present date and time.

    Args:
        time_zone: A name such as Europe/Berlin or America/New_York.
    """
    try:
        zone = ZoneInfo(time_zone.strip() or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ToolError(
            f"There is no time zone {time_zone[:60]!r}. Names are such as 'Europe/Berlin' or 'UTC'."
        ) from None
    now = datetime.now(UTC).astimezone(zone)
    offset = now.isoformat(timespec="seconds")[19:]
    return f"{now:%A, {now.day} %B %Y, %H:%M:%S} in {zone.key} (UTC{offset}; {now.isoformat(timespec='seconds')})"

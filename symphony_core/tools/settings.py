"""The administrator's file of tools: what may be fetched, functions, and MCP servers.

Only this file names commands and servers. Agents and documents name tools.
"""

import json
from pathlib import Path
from typing import Annotated

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

from symphony_core.errors import ToolUnavailable
from symphony_core.outcomes import describe
from symphony_core.tools.fetch import FetchRules

ServerName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_-]{0,31}$")]
FunctionPath = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][\w.]*:[A-Za-z_]\w*$")]
Seconds = Annotated[float, Field(gt=0, le=3600, allow_inf_nan=False)]


class ServerEntry(BaseModel):
    """An MCP server: a command to start here, or the URL of one that runs already.

    `env` names the variables of our environment that the command gets besides the usual ones;
    `token_env` the one whose value is sent to a URL as its token. Values never stand in the file.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    command: str | None = None
    args: tuple[str, ...] = ()
    env: tuple[str, ...] = ()
    folder: str | None = None
    url: str | None = None
    token_env: str | None = None
    start_seconds: Seconds = 30.0
    seconds: Seconds = 60.0

    @model_validator(mode="after")
    def _one_way(self) -> "ServerEntry":
        if bool(self.command) == bool(self.url):
            raise ValueError("a server has either a command or a url")
        if self.url and not self.url.startswith(("http://", "https://")):
            raise ValueError("a server's url begins with http:// or https://")
        for_command = self.args or self.env or self.folder
        if (self.url and for_command) or (self.command and self.token_env):
            raise ValueError("args, env and folder go with a command, token_env with a url")
        return self


class ToolSettings(BaseModel):
    """What the file holds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    fetch: FetchRules = Field(default_factory=FetchRules)
    functions: tuple[FunctionPath, ...] = ()
    servers: dict[ServerName, ServerEntry] = Field(default_factory=dict)


def read(file: Path) -> ToolSettings:
    """Return what the file holds; nothing if it is not there.

    Raises:
        ToolUnavailable: it cannot be read.
    """
    try:
        return ToolSettings.model_validate(json.loads(file.read_bytes()))
    except FileNotFoundError:
        return ToolSettings()
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise _unreadable(file, f"{place}: {first['msg']}" if place else first["msg"]) from None
    except (OSError, ValueError, RecursionError) as error:
        raise _unreadable(file, describe(error)) from None


def _unreadable(file: Path, reason: str) -> ToolUnavailable:
    return ToolUnavailable(
        f"The file of tools {str(file)!r} cannot be read: {reason.rstrip('.')}. Correct it."
    )

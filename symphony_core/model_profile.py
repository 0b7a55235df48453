"""A model under a name of its own: where it is asked, with whose key, and how it writes."""

import re
from urllib.parse import urlsplit

from pydantic import Field, field_validator

from symphony_core.agent_config import AgentSettings
from symphony_core.entity import Entity, UtcDatetime
from symphony_core.ids import utc_now

_VARIABLE = re.compile(r"(?=.*(?:KEY|TOKEN|SECRET|PASSWORD))[A-Z][A-Z0-9_]{0,99}")
_ADDRESS = "an address is http:// or https://, a host, and perhaps a port and a path"


class ModelProfile(Entity):
    """A stored model; agents name it as `profile:ID`, so a change of it reaches all of them.

    `provider` is one of those in `models/provider_names.py`, or `embedded` or `scripted`; `model`
    is what the provider calls it. Keys are never part of it: `key_variable` names the environment
    variable that holds one. Without it the provider's own variable counts, and with a `base_url`
    of one's own, none: nobody's key goes to an address it was not meant for. The prices are
    dollars for a million tokens; without both, the published ones count, where there are any.
    """

    are_few = True

    name: str = Field(min_length=1, max_length=200)
    provider: str = Field(min_length=1, max_length=100)
    model: str = Field(default="", max_length=500)
    base_url: str | None = Field(default=None, max_length=2000)
    key_variable: str | None = None
    settings: AgentSettings = Field(default_factory=AgentSettings)
    input_price: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    output_price: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    created_at: UtcDatetime = Field(default_factory=utc_now)

    @property
    def reference(self) -> str:
        """What agents, runs and `SYMPHONY_MODEL` call it."""
        return f"{PREFIX}{self.id}"

    @field_validator("name", "provider")
    @classmethod
    def _not_blank(cls, text: str) -> str:
        if not text.strip():
            raise ValueError("must not be empty")
        return text.strip()

    @field_validator("base_url")
    @classmethod
    def _plain_address(cls, address: str | None) -> str | None:
        if not address or not address.strip():
            return None
        parts = urlsplit(address.strip())
        if parts.scheme not in ("http", "https") or not parts.hostname or " " in parts.netloc:
            raise ValueError(_ADDRESS)
        if parts.username or parts.password or parts.query or parts.fragment:
            raise ValueError(f"{_ADDRESS}; a key belongs into an environment variable")
        return address.strip().rstrip("/")

    @field_validator("key_variable")
    @classmethod
    def _name_of_a_variable(cls, name: str | None) -> str | None:
        """Only names that say what they hold: the values of these are taken out of every text."""
        if not name or not name.strip():
            return None
        if not _VARIABLE.fullmatch(name.strip()):
            raise ValueError(
                "this is the name of the environment variable that holds the key, not the key: "
                "capitals, digits and '_' with KEY, TOKEN, SECRET or PASSWORD in it, such as "
                "MY_API_KEY"
            )
        return name.strip()


PREFIX = "profile:"


def profile_id(name: str | None) -> str | None:
    """Return the id of the profile that a model's name refers to; None if it is no profile's."""
    return name[len(PREFIX) :].strip() if name and name.startswith(PREFIX) else None

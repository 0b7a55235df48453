"""Where a provider's model is asked, and with whose key: out of its name or its profile."""

import os
import sys
from dataclasses import dataclass

from symphony_core.models.base import Availability
from symphony_core.models.provider_names import COMPATIBLE, PROVIDERS, Provider
from symphony_core.models.scrub import scrub


@dataclass(frozen=True)
class Endpoint:
    """A provider's model. The key itself is never kept: it is looked up for each call.

    With an address of its own only the key in `key_variable` is ever sent there. Without a model it
    is the provider alone, of which can be told whether it is set up and which models it has.
    """

    provider: str
    model: str
    base_url: str | None = None
    key_variable: str | None = None

    @property
    def known(self) -> Provider:
        """What there is to know of the provider."""
        return PROVIDERS[self.provider]

    @property
    def address(self) -> str:
        """Where it is; empty if nobody has said."""
        known = self.known
        return self.base_url or os.environ.get(known.address_in, "") or known.address

    @property
    def shown_address(self) -> str:
        """The address as it may be shown: one out of the environment may hold a login."""
        return scrub(self.address)

    @property
    def key_variables(self) -> tuple[str, ...]:
        """The environment variables of which one holds its key; none if it takes no key."""
        if self.key_variable:
            return (self.key_variable,)
        return () if self.base_url else self.known.key_variables

    @property
    def key(self) -> str | None:
        """The key, if there is one here."""
        found = (os.environ.get(name, "").strip() for name in self.key_variables)
        return next(filter(None, found), None)

    def availability(self) -> Availability:
        """Whether library, key and address are here; nobody is asked."""
        known = self.known
        if not known.is_installed:
            command = f'{sys.executable} -m pip install "pydantic-ai-slim[{known.extra}]>=2.68,<3"'
            return Availability(
                False,
                "Not installed",
                f"{self._named} needs its library, which is not installed.",
                f"Run {command}.",
            )
        if self.provider == COMPATIBLE and not self.base_url:
            return Availability(
                False,
                "No address",
                f"{self._named} needs the address of its server.",
                "Add it as a model with an address of its own.",
            )
        wanted = self.key_variables if self.base_url or self.key_variable else known.any_of
        if wanted and not any(map(os.environ.get, wanted)):
            return Availability(
                False,
                "No key" if self.key_variables else "No address",
                f"{self._named} needs {' or '.join(wanted)}, which is not set.",
                "Set it in the environment or in .streamlit/secrets.toml, and start Symphony again.",
            )
        if not known.any_of and not self.key_variable and self.provider != COMPATIBLE:
            sentence = f"{self._named} takes its credentials from the cloud's own settings."
            return Availability(True, "Not asked", sentence)
        return Availability(True, "Set up", f"{self._named} has all that it needs here.")

    @property
    def _named(self) -> str:
        if not self.model:
            return f"The provider {self.provider!r}"
        return f"The model '{self.provider}:{self.model}'"

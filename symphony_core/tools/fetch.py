"""Fetches pages from the addresses that the administrator has listed, and from nowhere else."""

import asyncio
import socket
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import TYPE_CHECKING, NamedTuple, Self
from urllib.parse import unquote, urljoin, urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator

from symphony_core.errors import ToolError
from symphony_core.models.scrub import scrub
from symphony_core.outcomes import describe
from symphony_core.tools.functions import FunctionTool
from symphony_core.tools.web_text import readable

if TYPE_CHECKING:
    from httpx2 import Response

NAME = "fetch_page"

MAX_BYTES = 1_000_000
MAX_REDIRECTS = 5
SECONDS = 15.0

Network = IPv4Network | IPv6Network

_PORTS = {"http": 80, "https": 443}
_TEXT_TYPES = ("text/", "application/json", "application/xml", "application/xhtml+xml")
_HEADERS = {"Accept": "text/*, application/json", "Accept-Encoding": "identity"}
# Global by their numbers, but they lead to whatever address is written inside them, or to the
# machine's own network.
_NOT_PUBLIC = [ip_network(n) for n in ("2002::/16", "64:ff9b::/96", "192.0.0.0/24")]


class _Address(NamedTuple):
    """An address in its parts, of which alone the request is made."""

    scheme: str
    host: str
    port: int
    path: str
    query: str

    @classmethod
    def read(cls, url: str) -> Self:
        """Take an address apart.

        Raises:
            ValueError: it is none that can be fetched.
        """
        parts = urlsplit(url)
        if parts.scheme not in _PORTS or not parts.hostname:
            raise ValueError("it must begin with http:// or https:// and a host")
        if parts.username is not None or parts.password is not None:
            raise ValueError("it must not have a user's name or password in it")
        path = parts.path or "/"
        if "\\" in path or ".." in unquote(path).split("/"):
            raise ValueError("its path must not lead upwards")
        host = parts.hostname if ":" in parts.hostname else parts.hostname.encode("idna").decode()
        return cls(parts.scheme, host, parts.port or _PORTS[parts.scheme], path, parts.query)

    def is_within(self, listed: "_Address") -> bool:
        """Tell whether it lies at or below a listed address."""
        below = listed.path if listed.path.endswith("/") else f"{listed.path}/"
        return self[:3] == listed[:3] and (self.path == listed.path or self.path.startswith(below))

    @property
    def host_header(self) -> str:
        """The host as the server wants to hear it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"


class FetchRules(BaseModel):
    """What may be fetched: what lies below the addresses in `allow`, and nothing without any.

    Hosts must be public, but for those that are listed by their number and those that lie in one
    of the networks.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    allow: tuple[str, ...] = ()
    networks: tuple[Network, ...] = Field(default=())

    @field_validator("allow")
    @classmethod
    def _addresses(cls, allow: tuple[str, ...]) -> tuple[str, ...]:
        for url in allow:
            _Address.read(url)
        return allow

    def find(self, url: str) -> _Address:
        """Return an address in its parts.

        Raises:
            ToolError: it may not be fetched.
        """
        try:
            address = _Address.read(url)
        except ValueError as error:
            raise ToolError(f"{url[:200]!r} cannot be fetched: {error}.") from None
        if not any(address.is_within(_Address.read(listed)) for listed in self.allow):
            raise ToolError(
                f"{url[:200]!r} is not allowed. Only what lies below one of these can be fetched: "
                f"{', '.join(self.allow)}."
            )
        return address

    def admits(self, host: str, number: str) -> bool:
        """Tell whether a host may be reached under a number."""
        found = ip_address(number.partition("%")[0])
        if host == number or any(found in network for network in self.networks):
            return True
        is_private = any(found in network for network in _NOT_PUBLIC) or found.is_multicast
        return found.is_global and not is_private


def fetch_tool(rules: FetchRules) -> FunctionTool:
    """Return the tool that keeps to these rules."""

    async def fetch_page(url: str) -> str:
        address = rules.find(url)
        for _ in range(MAX_REDIRECTS + 1):
            text, goes_on = await _get(address, await _number_of(address, rules))
            if goes_on is None:
                return text
            url = urljoin(url, goes_on)
            address = rules.find(url)
        raise ToolError(f"{url[:200]!r} redirects more than {MAX_REDIRECTS} times.")

    fetch_page.__doc__ = f"""Fetch a web page as text.

    Only pages below these addresses can be fetched: {", ".join(rules.allow)}

    Args:
        url: The page's whole address.
    """
    return FunctionTool(fetch_page, name=NAME, seconds=SECONDS)


async def _number_of(address: _Address, rules: FetchRules) -> str:
    """Look the host up once, and return the number to connect to: asked again, it may be another."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(
            address.host, address.port, type=socket.SOCK_STREAM
        )
    except (OSError, UnicodeError):
        raise ToolError(f"There is no host {address.host!r}.") from None
    numbers = [str(entry[4][0]) for entry in found]
    if not all(rules.admits(address.host, number) for number in numbers):
        raise ToolError(f"The host {address.host!r} is in a private network, and not allowed.")
    return numbers[0]


async def _get(address: _Address, number: str) -> tuple[str, str | None]:
    """Return the text at an address, or where it redirects to."""
    from httpx2 import URL, AsyncClient, HTTPError, InvalidURL  # noqa: PLC0415  (a slow import)

    query = f"?{address.query}" if address.query else ""
    try:
        url = URL(f"{address.scheme}://placeholder{address.path}{query}").copy_with(
            host=number, port=address.port
        )
        # No proxy of the environment: it would look the host up again, and elsewhere.
        async with (
            AsyncClient(trust_env=False, timeout=SECONDS) as client,
            client.stream(
                "GET",
                url,
                headers={**_HEADERS, "Host": address.host_header},
                extensions={"sni_hostname": address.host},
            ) as response,
        ):
            if response.has_redirect_location:
                return "", response.headers["Location"]
            return await _text_of(response, address), None
    except (HTTPError, InvalidURL, OSError, ValueError) as error:
        said = scrub(describe(error)).rstrip(".")
        raise ToolError(f"{address.host!r} could not be reached: {said}.") from None


async def _text_of(response: "Response", address: _Address) -> str:
    if not response.is_success:
        raise ToolError(f"{address.host!r} answered with the status {response.status_code}.")
    kind = response.headers.get("Content-Type", "text/plain").partition(";")[0].strip().lower()
    if not kind.startswith(_TEXT_TYPES) or "Content-Encoding" in response.headers:
        raise ToolError(f"What {address.host!r} sent is no text, but {kind!r}.")
    body = b""
    async for block in response.aiter_raw():
        body += block
        if len(body) > MAX_BYTES:
            break
    try:
        text = body[:MAX_BYTES].decode(response.charset_encoding or "utf-8", "replace")
    except LookupError:
        text = body[:MAX_BYTES].decode("utf-8", "replace")
    text = readable(text) if "html" in kind else text
    return f"{text}\n\n[cut here: the page is longer]" if len(body) > MAX_BYTES else text

"""What calls cost: by the prices that genai-prices brings with it; nothing is fetched."""

from datetime import UTC, date, datetime
from importlib.metadata import version
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pydantic_ai.messages import ModelResponse

_MILLION = 1_000_000


class Prices(NamedTuple):
    """Dollars for a million tokens that go in, and that come out."""

    input: float
    output: float


class PriceList(NamedTuple):
    """The list of published prices: its version, and the latest day from which one of them holds."""

    version: str
    newest: date


def cost_of(response: "ModelResponse", prices: Prices | None = None) -> float | None:
    """Return what a response cost in dollars, by one's own prices if there are any.

    None if nobody knows: a model without a published price, or a server that counted no tokens.
    """
    usage = response.usage
    if usage.unmeasured_requests:
        return None
    if prices is not None:
        return (usage.input_tokens * prices.input + usage.output_tokens * prices.output) / _MILLION
    try:
        return float(response.cost().total_price)
    except (LookupError, ValueError):
        return None


def price_list() -> PriceList:
    """Return which list of published prices is used here."""
    from genai_prices.data import providers  # noqa: PLC0415  (a megabyte of tables)
    from genai_prices.types import StartDateConstraint  # noqa: PLC0415

    conditions = (
        price.constraint
        for provider in providers
        for model in provider.models
        for price in (model.prices if isinstance(model.prices, list) else ())
    )
    days = [each.start_date for each in conditions if isinstance(each, StartDateConstraint)]
    today = datetime.now(UTC).date()
    return PriceList(version("genai-prices"), max(day for day in days if day <= today))

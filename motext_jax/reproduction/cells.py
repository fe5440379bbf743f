"""Numbers and texts as cells of a report's tables."""

import textwrap

from motext_jax.reproduction.findings import signed
from motext_jax.reproduction.results import Published
from motext_jax.reproduction.spread import Spread

QUERY_LETTERS = 80


def spread_cell(spread: Spread | None) -> str:
    """Mean ± standard deviation."""
    if spread is None:
        return "–"
    deviation = "" if spread.sd is None else f" ± {spread.sd:.2f}"
    return f"{spread.mean:.2f}{deviation}"


def published_cells(value: Published | None) -> list[str]:
    """The paper's value and the difference from it."""
    if value is None:
        return ["–", "–"]
    return [f"{value.paper:.2f}", signed(value.difference)]


def short(query: str) -> str:
    """Shortens a query to the width of its column."""
    return textwrap.shorten(query, QUERY_LETTERS, placeholder=" …")

"""Numbers over several runs: their mean, their deviation, and each run's own."""

import dataclasses
import statistics
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Generic, TypeVar

from motext_jax.evaluation.records import to_json

Record = TypeVar("Record")


@dataclasses.dataclass(frozen=True)
class Spread:
    """A number over runs.

    Attributes:
      mean: mean over all runs.
      sd: standard deviation; None for a single run.
      runs: each run's value.
    """

    mean: float
    sd: float | None
    runs: tuple[float, ...]


def spread(values: Iterable[float]) -> Spread:
    """The spread of each run's value."""
    runs = tuple(float(value) for value in values)
    return Spread(statistics.fmean(runs), statistics.stdev(runs) if len(runs) > 1 else None, runs)


@dataclasses.dataclass(frozen=True)
class OverRuns(Generic[Record]):
    """One record a run; in JSON they are one record with the spread of every number."""

    runs: tuple[Record, ...]

    def of(self, number: Callable[[Record], float]) -> Spread:
        """The spread of one of the record's numbers."""
        return spread(number(record) for record in self.runs)

    def to_json(self) -> Any:
        """The record's tree with spreads for numbers."""
        return _spread_tree([to_json(record) for record in self.runs])


def _spread_tree(trees: Sequence[Any]) -> Any:
    first = trees[0]
    if isinstance(first, dict):
        return {key: _spread_tree([tree[key] for tree in trees]) for key in first}
    return to_json(spread(trees))

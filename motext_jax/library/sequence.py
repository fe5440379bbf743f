"""Ordered sequences of actions in a take, by dynamic programming over its windows."""

import dataclasses
from collections.abc import Sequence

import numpy as np
from jaxtyping import Float, Int

OVERLAP = 0.5
"""Seconds by which a window may start before the window of the action before it ends."""

GAP = 0.01
"""Loss of mean cosine for each second between two actions."""


@dataclasses.dataclass(frozen=True)
class Chain:
    """Windows of one take that show actions in their order.

    Attributes:
      rows: the row of each action's window.
      score: mean of their cosines, less the gaps.
    """

    rows: tuple[int, ...]
    score: float


def best_chain(
    starts: Float[np.ndarray, "n"],
    ends: Float[np.ndarray, "n"],
    cosines: Float[np.ndarray, "m n"],
) -> Chain | None:
    """The best windows of one take for m actions, one each, in the order of the actions.

    A window may follow another that ends at most `OVERLAP` seconds after its start, and not after
    its middle. The score is the mean over actions of
    `cosine - GAP · (seconds from the end of the window before)`.

    Args:
      starts: each window's start in seconds.
      ends: each window's end.
      cosines: the cosine of each action with each window; -inf for one that does not count.

    Returns:
      None where no windows follow each other so.
    """
    by_end = np.argsort(ends, kind="stable")
    sorted_ends = ends[by_end]
    # The windows that may come before each one: the first so many in the order of their ends.
    # One's own end is after its start, so that none may follow itself.
    limit = np.minimum(starts + OVERLAP, (starts + ends) / 2)
    before = np.searchsorted(sorted_ends, limit, side="right")
    total, ways = cosines[0], []
    for row in cosines[1:]:
        # Gaps are counted in seconds; with each loss written as two terms, a running maximum does.
        running = np.maximum.accumulate((total + GAP * ends)[by_end])
        which = _arg_running(running, (total + GAP * ends)[by_end])
        there = before > 0
        index = np.maximum(before - 1, 0)
        reached = np.where(there, running[index] - GAP * starts, -np.inf)
        ways.append(by_end[which[index]])
        total = reached + row
    last = int(np.argmax(total))
    if total[last] == -np.inf:
        return None
    rows = [last]
    for way in reversed(ways):
        rows.append(int(way[rows[-1]]))
    return Chain(tuple(reversed(rows)), float(total[last]) / len(cosines))


def best_chains(
    takes: Int[np.ndarray, "n"],
    starts: Float[np.ndarray, "n"],
    ends: Float[np.ndarray, "n"],
    cosines: Float[np.ndarray, "m n"],
    top: int,
) -> list[Chain]:
    """The best chain of each take, the best takes first; arguments as in `best_chain`.

    Args:
      takes: each window's take; the windows of a take stand together.
      starts: each window's start in seconds.
      ends: each window's end.
      cosines: the cosine of each action with each window.
      top: the most chains.
    """
    if not len(takes):
        return []
    firsts = np.flatnonzero(np.r_[True, takes[1:] != takes[:-1]])
    lasts = np.r_[firsts[1:], len(takes)]
    # No chain is above the mean of each action's best window, apart from overlaps.
    bound = np.maximum.reduceat(cosines, firsts, axis=1).mean(axis=0) + GAP * OVERLAP
    found: list[Chain] = []
    for take in np.argsort(-bound, kind="stable"):
        if bound[take] == -np.inf or (len(found) >= top and found[top - 1].score >= bound[take]):
            break
        part = slice(firsts[take], lasts[take])
        chain = best_chain(starts[part], ends[part], cosines[:, part])
        if chain is not None:
            rows = tuple(row + int(firsts[take]) for row in chain.rows)
            found.append(dataclasses.replace(chain, rows=rows))
            found.sort(key=lambda one: -one.score)
            del found[top:]
    return found


def cut_apart(spans: Sequence[tuple[float, float]]) -> tuple[tuple[float, float], ...]:
    """The spans of a chain's windows without their overlaps, each cut in its middle."""
    starts, ends = [start for start, _ in spans], [end for _, end in spans]
    for k in range(1, len(spans)):
        if starts[k] < ends[k - 1]:
            starts[k] = ends[k - 1] = (starts[k] + ends[k - 1]) / 2
    return tuple(zip(starts, ends, strict=True))


def _arg_running(
    running: Float[np.ndarray, "n"], values: Float[np.ndarray, "n"]
) -> Int[np.ndarray, "n"]:
    """The number of the first value that each running maximum is."""
    new = np.r_[True, running[1:] > running[:-1]]
    return np.maximum.accumulate(np.where(new, np.arange(len(values)), 0))

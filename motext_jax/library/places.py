"""Places in takes: overlapping windows that answer a query, merged into one answer each."""

import dataclasses
from collections.abc import Callable

import numpy as np
from jaxtyping import Float, Int

NEAR, SHARE = 0.02, 0.08
"""The cosine by which an overlapping window may be below the best and still extend its place: this
share of the range of the take's cosines, and `NEAR` at least. Models differ in their ranges. Shares
from 0.075 to 0.1 gave places nearest to actions of 1 to 10 s in long takes, with two models.
Places that extend by centred scores were less near."""


@dataclasses.dataclass(frozen=True)
class Place:
    """A place in a take.

    Attributes:
      row: the best window's row.
      start: seconds of the file.
      end: seconds of the file.
      score: the best window's score.
    """

    row: int
    start: float
    end: float
    score: float


def best_places(
    takes: Int[np.ndarray, "n"],
    starts: Float[np.ndarray, "n"],
    ends: Float[np.ndarray, "n"],
    scores: Float[np.ndarray, "n"],
    cosines: Callable[[slice], Float[np.ndarray, "m"]],
    top: int,
    each: int = 1,
) -> list[Place]:
    """The best places of all takes, the best first.

    Args:
      takes: each window's take; the windows of a take stand together.
      starts: each window's start in seconds.
      ends: each window's end.
      scores: each window's score; one of -inf is no answer.
      cosines: the cosines of some rows, by which a place extends from its best window; asked for
        the takes alone that have a place.
      top: the most places.
      each: the most places of one take.
    """
    if not len(takes):
        return []
    firsts = np.flatnonzero(np.r_[True, takes[1:] != takes[:-1]])
    lasts = np.r_[firsts[1:], len(takes)]
    bests = np.maximum.reduceat(scores, firsts)
    found: list[Place] = []
    for take in np.argsort(-bests, kind="stable"):
        # What a later take has is not above its best window.
        if bests[take] == -np.inf or (len(found) >= top and found[top - 1].score >= bests[take]):
            break
        part = slice(firsts[take], lasts[take])
        for one in places(starts[part], ends[part], scores[part], cosines(part), each):
            found.append(dataclasses.replace(one, row=one.row + int(firsts[take])))
        found.sort(key=lambda one: -one.score)
        del found[top:]
    return found


def places(
    starts: Float[np.ndarray, "n"],
    ends: Float[np.ndarray, "n"],
    scores: Float[np.ndarray, "n"],
    cosines: Float[np.ndarray, "n"],
    most: int,
) -> list[Place]:
    """The best places of one take, none of which overlap; arguments as in `best_places`.

    Here `cosines` are those of the take's windows.
    """
    found: list[Place] = []
    free = scores > -np.inf
    if not free.any():
        return found
    below = max(NEAR, SHARE * np.ptp(cosines[free]))
    while len(found) < most and free.any():
        row = int(np.argmax(np.where(free, scores, -np.inf)))
        start, end, near = starts[row], ends[row], free & (cosines >= cosines[row] - below)
        while True:
            joined = near & (starts < end) & (ends > start)
            wider = starts[joined].min(), ends[joined].max()
            if wider == (start, end):
                break
            start, end = wider
        found.append(Place(row, float(start), float(end), float(scores[row])))
        free &= (starts >= end) | (ends <= start)
    return found

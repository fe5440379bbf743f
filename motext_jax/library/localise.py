"""Likeness over the time of a take, and the intervals that answer a query."""

import numpy as np
from jaxtyping import Float

STEP = 0.1
"""Seconds between two points of a curve."""

MOST_POINTS = 2_000
"""The most points; a longer take has fewer a second."""

DEPTH, FLAT = 0.25, 0.05
"""An interval is all around a peak that is within this share of the curve's range below it, and
within `FLAT` at least: a curve that is flat is one interval."""


def middles(starts: Float[np.ndarray, "n"], ends: Float[np.ndarray, "n"]) -> Float[np.ndarray, "n"]:
    """The times in the middle of windows, which their scores stand for."""
    return (starts + ends) / 2


def likeness(
    starts: Float[np.ndarray, "n"], ends: Float[np.ndarray, "n"], scores: Float[np.ndarray, "n"]
) -> tuple[Float[np.ndarray, "k"], Float[np.ndarray, "k"]]:
    """Times, and the score at each, of one take's windows; none without a finite score.

    At each time it is the mean, over the lengths of windows, of the score between the middles of
    the two nearest windows of that length.
    """
    used = scores > -np.inf
    if not used.any():
        return np.zeros(0), np.zeros(0)
    # What is left out of the answers is no answer here either.
    scores = np.where(used, scores, scores[used].min() - 2 * FLAT)
    first, last = starts.min(), ends.max()
    count = int(np.clip(round((last - first) / STEP) + 1, 2, MOST_POINTS))
    times = np.linspace(first, last, count)
    lengths = np.round(ends - starts, 1)
    lines = []
    for length in np.unique(lengths):
        rows = np.flatnonzero(lengths == length)
        at = middles(starts[rows], ends[rows])
        order = np.argsort(at)
        # A take's last window is shorter than the others and stands for its own time alone.
        if len(rows) > 1 or len(np.unique(lengths)) == 1:
            lines.append(np.interp(times, at[order], scores[rows][order]))
    line = np.mean(lines, axis=0) if lines else np.full(count, scores.max())
    return times, line


def intervals(
    times: Float[np.ndarray, "k"],
    line: Float[np.ndarray, "k"],
    starts: Float[np.ndarray, "n"],
    ends: Float[np.ndarray, "n"],
    scores: Float[np.ndarray, "n"],
) -> tuple[tuple[float, float, float], ...]:
    """The stretches of a curve near its highest peak, in their order: start, end and score.

    The best window is one too where no stretch has its middle: the curve is a mean over lengths of
    windows, in which a short moment is lost. A stretch has the score of the best window whose
    middle it has, as an answer has, and at least its peak.

    Args:
      times: the curve's times.
      line: the curve.
      starts: the windows' starts, in seconds.
      ends: their ends.
      scores: their scores.
    """
    if not len(line):
        return ()
    high, low = line.max(), line.min()
    above = line >= high - max(DEPTH * (high - low), FLAT)
    step = times[1] - times[0]
    nearest = np.rint((middles(starts, ends) - times[0]) / step).astype(int)
    best = scores.argmax()
    if not above[nearest[best]]:
        above |= (times >= starts[best]) & (times <= ends[best])
    edges = np.flatnonzero(np.diff(np.r_[False, above, False].astype(int)))
    firsts, lasts = edges[::2], edges[1::2] - 1
    found = np.maximum.reduceat(np.where(above, line, -np.inf), firsts)
    inside = above[nearest]
    of = np.searchsorted(firsts, nearest[inside], side="right") - 1
    np.maximum.at(found, of, scores[inside])
    # A point of the curve stands for the time up to the middle between it and the next.
    begin = np.maximum(times[firsts] - step / 2, times[0])
    end = np.minimum(times[lasts] + step / 2, times[-1])
    return tuple(
        (round(float(one), 2), round(float(other), 2), float(score))
        for one, other, score in zip(begin, end, found, strict=True)
    )

"""Points that are missing in some frames of a recording."""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Bool, Float

from motext_jax.counted import counted
from motext_jax.errors import InputError
from motext_jax.shown import quoted

MOST = 0.25
"""The largest share of frames in which a joint may be missing."""


def check_seen(where: str, positions: Float[np.ndarray, "t v 3"]) -> None:
    """Raises InputError where no joint has a position in any frame; arguments as of `filled`."""
    if np.isnan(positions).any(axis=-1).all():
        raise InputError(
            f"{where}: no joint has a position in any of {counted(len(positions), 'frame')}"
        )


def filled(
    where: str, joints: Sequence[str], positions: Float[np.ndarray, "t v 3"]
) -> tuple[list[int], Float[np.ndarray, "s w 3"]]:
    """The joints that are there, and their positions with what is missing interpolated in time.

    A joint that is missing in more than `MOST` of the frames is left out: whether a body can be
    told without it shows later. Empty frames at the end, with which arrays are padded, are left
    out too; before its first point and after its last, a joint stays where it is.

    Args:
      where: the file, for the sentence.
      joints: the joints' names.
      positions: NaN in any coordinate means that the point is missing.

    Raises:
      InputError: every joint is missing too often, or nothing is there.
    """
    check_seen(where, positions)
    missing = np.isnan(positions).any(axis=-1)
    end = int(np.flatnonzero(~missing.all(axis=1))[-1]) + 1
    missing = missing[:end]
    counts = missing.sum(axis=0)
    there = np.flatnonzero(counts <= MOST * end).tolist()
    if not there:
        most = int(counts.argmin())
        raise InputError(
            f"{where}: every joint is missing too often; the one that is seen most, "
            f"{quoted(joints[most])}, is missing in {counts[most]} of {counted(end, 'frame')}; "
            f"expected a position in {1 - MOST:.0%} of them at least"
        )
    kept = positions[:end, there]
    for column, joint in enumerate(there):
        if counts[joint]:
            kept[:, column] = interpolated(kept[:, column], ~missing[:, joint])
    return there, kept


def interpolated(
    path: Float[np.ndarray, "t 3"], seen: Bool[np.ndarray, "t"]
) -> Float[np.ndarray, "t 3"]:
    """A point's path, on a straight line where it is not seen, and still before and after."""
    frames, whole = np.arange(len(path)), path.copy()
    for axis in range(3):
        whole[~seen, axis] = np.interp(frames[~seen], frames[seen], path[seen, axis])
    return whole

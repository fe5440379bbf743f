"""The curves of a glTF animation: a node's translation, rotation or scale over time."""

import dataclasses

import numpy as np
from jaxtyping import Float

from motext_jax.motion.frame_times import Place
from motext_jax.motion.gltf_document import Document, Entry

WIDTHS = {"translation": 3, "rotation": 4, "scale": 3}
"""The parts of a node's transform, and how many numbers each has."""

_VALUES = {"LINEAR": 1, "STEP": 1, "CUBICSPLINE": 3}
"""Values at a key, by interpolation: a cubic spline's has its two tangents beside it."""


@dataclasses.dataclass(frozen=True, eq=False)
class Curve:
    """One part of a node's transform over time.

    Attributes:
      interpolation: LINEAR, STEP or CUBICSPLINE.
      keys: seconds, in order; one array for all curves that share it.
      values: at each key; a cubic spline has the tangent before it, the value and the tangent
        after it.
    """

    interpolation: str
    keys: Float[np.ndarray, "n"]
    values: Float[np.ndarray, "n p k"]

    def at(self, place: Place) -> Float[np.ndarray, "t k"]:
        """The values at places between the keys; a cubic spline's quaternions have any length."""
        before = self.values[place.before]
        if self.interpolation == "STEP" or not place.share.any():
            return before[:, before.shape[1] // 2]
        after, share = self.values[place.after], place.share[:, None]
        if self.interpolation == "CUBICSPLINE":
            square, cube, gap = share**2, share**3, place.gap[:, None]
            return (
                (2 * cube - 3 * square + 1) * before[:, 1]
                + (cube - 2 * square + share) * gap * before[:, 2]
                + (3 * square - 2 * cube) * after[:, 1]
                + (cube - square) * gap * after[:, 0]
            )
        if self.values.shape[2] == WIDTHS["rotation"]:
            return slerp(before[:, 0], after[:, 0], share)
        return before[:, 0] + share * (after[:, 0] - before[:, 0])


def slerp(
    start: Float[np.ndarray, "t 4"], end: Float[np.ndarray, "t 4"], share: Float[np.ndarray, "t 1"]
) -> Float[np.ndarray, "t 4"]:
    """Spherical linear interpolation of unit quaternions, the shorter way round."""
    cosine = np.sum(start * end, axis=1, keepdims=True)
    end = np.where(cosine < 0, -end, end)
    angle = np.arccos(np.minimum(np.abs(cosine), 1))
    sine = np.sin(angle)
    # Along the chord where the angle is too small to divide by its sine.
    small = sine < 1e-4
    divisor = np.where(small, 1, sine)
    first = np.where(small, 1 - share, np.sin((1 - share) * angle) / divisor)
    second = np.where(small, share, np.sin(share * angle) / divisor)
    return first * start + second * end


def read_curve(document: Document, sampler: Entry, part: str) -> Curve:
    """A sampler's curve of one of `WIDTHS`.

    Raises:
      InputError: keys and values are not as many, or a rotation is no unit quaternion.
    """
    keys = document.times(sampler, "input")
    interpolation = sampler.text("interpolation", "LINEAR")
    if interpolation not in _VALUES:
        raise sampler.error("interpolation", f"one of {', '.join(_VALUES)}")
    values = document.numbers(sampler, "output", WIDTHS[part])
    count = len(keys) * _VALUES[interpolation]
    if len(values) != count:
        expected = f"an accessor of {count:,} elements for {len(keys):,} keys"
        raise sampler.error("output", f"{expected}, and not {len(values):,}")
    values = values.reshape(len(keys), -1, WIDTHS[part])
    if part == "rotation":
        with np.errstate(over="ignore"):
            lengths = np.linalg.norm(values[:, values.shape[1] // 2], axis=1)
        if not ((lengths > 0.5) & (lengths < 2)).all():
            raise sampler.error("output", "an accessor of unit quaternions")
        if interpolation != "CUBICSPLINE":
            values = values / lengths[:, None, None]
    return Curve(interpolation, keys, values)

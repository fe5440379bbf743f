"""The world of a recording: its vertical, its unit of length, its floor and a pose before it.

Files rarely say these, or say them wrongly. A body shows them: it stands on its legs, some point of
it rests on the floor most of the time, and people are of about one size.
"""

from collections.abc import Iterator, Mapping

import numpy as np
from jaxtyping import Float

from motext_jax.errors import InputError
from motext_jax.motion import average_body
from motext_jax.motion.kinematics import unit
from motext_jax.motion.limbs import front_of_leg
from motext_jax.motion.recording import Recording, sampled

# In metres: centimetre, metre, millimetre, decimetre, inch, and what the CMU motions are in, whose
# conversions to BVH keep their own 1/0.45 inch (mocap.cs.cmu.edu, FAQ). Tools that take a file's
# unit for centimetres make it a hundred times as large.
_NAMED_UNITS = (0.01, 1.0, 0.001, 0.1, 0.0254, 0.0254 / 0.45)
UNITS = (*_NAMED_UNITS, *(100 * unit for unit in _NAMED_UNITS))

UPS = ("x", "y", "z", "-x", "-y", "-z")
"""The vertical axes that a file may have: `-z` has its z pointing down."""

# How a height counts as a person's: children are more frequent than giants. The unit that is usual
# in a format is preferred by a quarter of an adult's range.
_SHORT, _TALL, _USUAL = 0.35, 0.2, 0.3
_LEAST_LIKELY = 4.0

# What an upright body is worth beside a lowest point that rests, and the usual axis beside both.
_STANDING, _USUAL_AXIS = 1.5, 0.3

# The way to the front that tells, in thighs, and the cosine to the named left that does.
_SHOWN, _CLEARLY = 0.2, 0.5

LONE_POSE = (0.12, 4.0)
"""A first frame is a pose of its own if its joints are on average so far from the next frame's, in
leg lengths, and so many times as far as in the frames that follow."""


def lone_pose(positions: Float[np.ndarray, "t v 3"], leg: float) -> bool:
    """True where the first frame is a bind pose or a T-pose that the motion does not begin with.

    Args:
      positions: in any unit.
      leg: length of a leg, in the same unit.
    """
    if len(positions) < 3:
        return False
    steps = np.linalg.norm(np.diff(positions[:12], axis=0), axis=-1).mean(axis=-1)
    far, often = LONE_POSE
    return bool(steps[0] > far * leg and steps[0] > often * np.max(steps[1:]))


def find_up(
    positions: Float[np.ndarray, "t v 3"], joints: Mapping[str, int], usual: int = 1
) -> str:
    """The vertical axis that the body shows, one of `UPS`.

    Along it the legs and the trunk point on average, and the lowest point of the body stays at one
    height.

    Args:
      positions: in any unit.
      joints: index of each smpl22 joint that is there.
      usual: the axis that is likely, where the body does not say more.
    """
    positions = sampled(positions)
    hips, ankles, shoulders = _middles(positions, joints, "hip", "ankle", "shoulder")
    legs, trunk = hips - ankles, shoulders - hips
    size = float(np.median(np.linalg.norm(legs, axis=-1)))
    body = unit(unit(legs) + unit(trunk))
    scores = {}
    for up in UPS:
        axis, sign = parse_up(up)
        standing = np.maximum(sign * body[:, axis], 0.0).mean()
        lowest = (sign * positions[..., axis]).min(axis=1)
        spread = np.subtract(*np.percentile(lowest, [90, 10]))
        scores[up] = _STANDING * standing + np.exp(-spread / (0.2 * max(size, 1e-9)))
    scores["xyz"[usual]] += _USUAL_AXIS
    return max(UPS, key=scores.__getitem__)


def upright(positions: Float[np.ndarray, "t v 3"], up: str) -> Float[np.ndarray, "t v 3"]:
    """The same positions turned so that y is up.

    Args:
      positions: in any unit.
      up: the axis that is the vertical, one of `UPS`.
    """
    axis, sign = parse_up(up)
    x, y, z = (positions[..., k] for k in range(3))
    turned = {
        (1, 1): (x, y, z),
        (2, 1): (x, z, -y),
        (0, 1): (-y, x, z),
        (1, -1): (x, -y, -z),
        (2, -1): (x, -z, y),
        (0, -1): (y, -x, z),
    }
    return np.stack(turned[axis, sign], axis=-1)


def parse_up(up: str) -> tuple[int, int]:
    """An axis and its sign, (2, -1) for `-z`.

    Raises:
      InputError: it is none of `UPS`.
    """
    if up not in UPS:
        raise InputError(f"data.up is {up!r}; expected one of {', '.join(UPS)}, or nothing")
    return "xyz".index(up[-1]), -1 if up.startswith("-") else 1


def is_mirrored(positions: Float[np.ndarray, "t v 3"], joints: Mapping[str, int]) -> bool:
    """True for the positions of a left-handed world: feet and knees point behind the named sides.

    Args:
      positions: in any unit, with any vertical.
      joints: index of each smpl22 joint that is there, told by something else than the pose.
    """
    positions = sampled(positions)
    sides = {
        name: positions[:, joints[f"left_{name}"]] - positions[:, joints[f"right_{name}"]]
        for name in ("hip", "shoulder")
    }
    front = np.zeros_like(sides["hip"])
    for side in ("left", "right"):
        names = ("hip", "knee", "ankle", "foot" if f"{side}_foot" in joints else "ankle")
        front += front_of_leg(positions[:, [joints[f"{side}_{name}"] for name in names]])
    hips, shoulders = _middles(positions, joints, "hip", "shoulder")
    left = np.cross(unit(shoulders - hips), front)
    # Who stands on straight legs without feet shows no front.
    shown = np.linalg.norm(left, axis=-1) > _SHOWN
    agrees = (unit(left) * unit(sides["hip"] + sides["shoulder"])).sum(-1)[shown]
    return 2 * int(shown.sum()) > len(shown) and float(np.median(agrees)) < -_CLEARLY


def _middles(
    positions: Float[np.ndarray, "t v 3"], joints: Mapping[str, int], *names: str
) -> Iterator[Float[np.ndarray, "t 3"]]:
    """The points half way between the left and the right of some joints."""
    for name in names:
        yield positions[:, [joints[f"{side}_{name}"] for side in ("left", "right")]].mean(axis=1)


def find_unit(recording: Recording, joints: Mapping[str, int] | None) -> float:
    """The metres of a unit in which the skeleton belongs to a person.

    Args:
      recording: the skeleton and its frames, in the unit.
      joints: index of each smpl22 joint that is there; None where no body was found, and the whole
        skeleton is taken for as large as a person.

    Raises:
      InputError: the body is no person's in any of `UNITS`.
    """
    height = _height(recording, joints)
    usual = recording.metres_per_unit
    units = UNITS if usual is None else (usual, *UNITS)

    def unlikely(unit: float) -> float:
        taller = np.log(max(height * unit, 1e-30) / average_body.HEIGHT)
        return abs(taller) / (_TALL if taller > 0 else _SHORT) - _USUAL * (unit == usual)

    best = min(units, key=unlikely)
    if unlikely(best) > _LEAST_LIKELY:
        raise InputError(
            f"a body {height:g} units high is no person's in metres, dm, cm, mm, "
            "inches or CMU's unit; give metres_per_unit"
        )
    return best


def leg_length(recording: Recording, joints: Mapping[str, int] | None) -> float:
    """The mean length of a leg in the file's unit; half the skeleton's height without a body."""
    if joints is None:
        return _height(recording, None) / 2
    return _mean_way(recording, joints, ("hip", "knee", "ankle"))


def floor(positions: Float[np.ndarray, "t v 3"]) -> float:
    """The height of the floor: where the lowest joint is in all but a hundredth of the frames."""
    return float(np.percentile(positions[..., 1].min(axis=1), 1, method="lower"))


# Ways along the body, each of which tells how tall a person is.
_WAYS = (("hip", "knee", "ankle"), ("shoulder", "elbow", "wrist"))


def _height(recording: Recording, joints: Mapping[str, int] | None) -> float:
    """The height of a person with these limbs and this trunk, in the file's unit."""
    if joints is None:
        extents = np.ptp(sampled(recording.positions), axis=1)
        return float(np.median(np.linalg.norm(extents, axis=-1)))
    shares = [_mean_way(recording, joints, way) / _usual_way(way) for way in _WAYS]
    hips, shoulders = _middles(sampled(recording.positions), joints, "hip", "shoulder")
    trunk = float(np.median(np.linalg.norm(shoulders - hips, axis=-1)))
    shares.append(trunk / average_trunk())
    return float(np.median(shares)) * average_body.HEIGHT


def _mean_way(recording: Recording, joints: Mapping[str, int], names: tuple[str, ...]) -> float:
    """The mean length of the left and the right way along some joints."""
    sides = [[joints[f"{side}_{name}"] for name in names] for side in ("left", "right")]
    bones = np.linalg.norm(np.diff(sampled(recording.positions)[:, sides], axis=2), axis=-1)
    return float(np.median(bones, axis=0).sum(axis=-1).mean())


def _usual_way(names: tuple[str, ...]) -> float:
    return sum(float(np.linalg.norm(average_body.offset(f"left_{name}"))) for name in names[1:])


def average_trunk() -> float:
    """The average person's way from between the hips to between the shoulders, in metres."""
    names = ("spine1", "spine2", "spine3", "left_collar", "left_shoulder")
    up = sum(average_body.offset(name)[1] for name in names)
    return float(up - average_body.offset("left_hip")[1])

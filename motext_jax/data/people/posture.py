"""A posture of the whole body, and the way from one to the next.

A posture is one column of numbers in the frame of the body's spot on the floor, so that a person
goes from one to the next by weights over time. Where a number is missing the person's own standing
stays: planted feet stay planted.
"""

import dataclasses
from collections.abc import Sequence

import numpy as np
from jaxtyping import Float

from motext_jax.data.people.part import Part
from motext_jax.data.synthetic.body import BALL_HEIGHT, LEFT, RIGHT, Body
from motext_jax.data.synthetic.poses import Poses
from motext_jax.data.synthetic.take import ease
from motext_jax.motion.kinematics import euler_rotations
from motext_jax.skeleton import SMPL22

BOTH = (LEFT, RIGHT)
Point = tuple[float, float, float]
_MISSING = (np.nan, np.nan, np.nan)


@dataclasses.dataclass(frozen=True)
class Posture:
    """Where the parts of a body are; metres and radians, x to the left and z ahead of the spot.

    Attributes:
      pelvis: x, height and z.
      tilt, spine, neck: angles as in `Poses`.
      hands: of each side, as in `Poses.hands`; None for the person's own.
      places: where each wrist is on the floor; None for nowhere.
      ankles: of each side; None for where the feet stand.
      yaw, pitch: of each foot, as in `Poses`.
      knees: of each side, as in `Poses.knees`.
    """

    pelvis: Point
    tilt: Point = (0.0, 0.0, 0.0)
    spine: Point = (0.0, 0.0, 0.0)
    neck: Point = (0.0, 0.0, 0.0)
    hands: tuple[tuple[float, ...] | None, tuple[float, ...] | None] = (None, None)
    places: tuple[Point | None, Point | None] = (None, None)
    ankles: tuple[Point | None, Point | None] = (None, None)
    yaw: tuple[float, float] = (0.0, 0.0)
    pitch: tuple[float, float] = (0.0, 0.0)
    knees: tuple[tuple[float, float], tuple[float, float]] = ((0.0, 0.0), (0.0, 0.0))

    def column(self, body: Body) -> Float[np.ndarray, "c"]:
        """All numbers, the missing ones NaN."""
        parts: list[Sequence[float]] = [self.pelvis, self.tilt, self.spine, self.neck]
        parts += [hand if hand is not None else (*_MISSING, np.nan) for hand in self.hands]
        for place in self.places:
            parts.append((*place, 1.0) if place is not None else (0.0, 0.0, 0.0, 0.0))
        offset = body.offsets[SMPL22.index("left_foot")]
        for side, ankle in enumerate(self.ankles):
            if ankle is None:
                parts += [_MISSING, (np.nan, np.nan)]
                continue
            foot = euler_rotations((1, 0), np.array([self.yaw[side], self.pitch[side]])) @ offset
            ball = np.array(ankle) + foot
            ball[1] -= BALL_HEIGHT + offset[2] * np.sin(max(-self.pitch[side], 0))
            parts += [tuple(ball), (self.yaw[side], self.pitch[side])]
        parts += list(self.knees)
        return np.concatenate([np.asarray(part, float) for part in parts])


Key = Posture | None
"""A posture, or None for the person's own standing."""


def through(part: Part, keys: Sequence[Key], times: Sequence[float]) -> None:
    """Leads the body through postures, from a spot under it at the part's start.

    Args:
      part: the poses change; before the first time and after the last they keep that posture. If
        the part follows another with postures, it begins in what that one ends in.
      keys: the postures.
      times: the moment of each in shares of the part.
    """
    base = part.base or part.poses
    first = part.frame(part.start)
    origin, facing = base.ground[first].copy(), float(base.heading[first])
    own = _own(base, part.body, origin, facing)
    columns = []
    for key in keys:
        column = own if key is None else np.broadcast_to(key.column(part.body), own.shape)
        columns.append(np.where(np.isnan(column), own, column))
    now = _own(part.poses, part.body, origin, facing)
    if part.follows:
        columns[0] = np.broadcast_to(now[first], own.shape)
    progress = part.progress
    after = np.clip(np.searchsorted(np.asarray(times), progress), 1, len(times) - 1)
    spans = np.asarray(times)
    share = np.clip((progress - spans[after - 1]) / (spans[after] - spans[after - 1]), 0, 1)
    stack = np.stack(columns)
    frames = np.arange(len(progress))
    here, there = stack[after - 1, frames], stack[after, frames]
    track = here + ease(share)[:, None] * (there - here)
    # One foot goes after the other, and a foot that goes is lifted.
    for side in BOTH:
        start = 28 + 5 * side
        moved = ease(share / 0.7 if side == LEFT else (share - 0.3) / 0.7)
        spot = slice(start, start + 5)
        track[:, spot] = here[:, spot] + moved[:, None] * (there[:, spot] - here[:, spot])
        far = np.hypot(*(there[:, [start, start + 2]] - here[:, [start, start + 2]]).T)
        lift = np.minimum(0.25 * far, 0.07) * np.sin(np.pi * moved) ** 2
        track[:, start + 1] += lift
    if part.follows:
        track = np.where((part.time < part.start)[:, None], now, track)
    _give(part, track, origin, facing)


def _own(poses: Poses, body: Body, origin, facing: float) -> Float[np.ndarray, "t c"]:
    """The controls in the spot's frame, as columns of `Posture.column`."""
    cos, sin = np.cos(facing), np.sin(facing)

    def seen(x, z):
        x, z = x - origin[0], z - origin[1]
        return cos * x - sin * z, sin * x + cos * z

    x, z = seen(poses.ground[:, 0], poses.ground[:, 1])
    height = body.standing - poses.crouch + poses.lift
    parts = [np.stack([x, height, z], axis=1), poses.pelvis, poses.spine, poses.neck]
    parts += list(poses.hands)
    for side in BOTH:
        if poses.places is None:
            parts.append(np.zeros((len(x), 4)))
            continue
        px, pz = seen(poses.places[side, :, 0], poses.places[side, :, 2])
        weight = poses.places[side, :, 3]
        place = np.stack([px, poses.places[side, :, 1], pz], axis=1) * weight[:, None]
        parts.append(np.concatenate([place, weight[:, None]], axis=1))
    for side in BOTH:
        fx, fz = seen(poses.feet[side, :, 0], poses.feet[side, :, 2])
        parts.append(np.stack([fx, poses.feet[side, :, 1], fz], axis=1))
        parts.append(np.stack([poses.foot_yaw[side] - facing, poses.foot_pitch[side]], axis=1))
    knees = poses.knees if poses.knees is not None else np.zeros((2, len(x), 2))
    parts += list(knees)
    return np.concatenate(parts, axis=1)


def _give(part: Part, track: Float[np.ndarray, "t c"], origin, facing: float) -> None:
    """Sets the controls to a track in the spot's frame."""
    poses, body = part.poses, part.body
    cos, sin = np.cos(facing), np.sin(facing)

    def in_room(x, z):
        return origin[0] + cos * x + sin * z, origin[1] + cos * z - sin * x

    poses.ground = np.stack(in_room(track[:, 0], track[:, 2]), axis=1)
    poses.lift = np.zeros_like(poses.lift)
    poses.crouch = body.standing - track[:, 1]
    poses.pelvis, poses.spine, poses.neck = track[:, 3:6], track[:, 6:9], track[:, 9:12]
    poses.hands = np.stack([track[:, 12:16], track[:, 16:20]])
    places = np.zeros((2, len(track), 4))
    for side in BOTH:
        place = track[:, 20 + 4 * side : 24 + 4 * side]
        weight = np.maximum(place[:, 3:], 1e-9)
        point = place[:, :3] / weight
        x, z = in_room(point[:, 0], point[:, 2])
        places[side] = np.stack([x, point[:, 1], z, place[:, 3]], axis=1)
        foot = track[:, 28 + 5 * side : 33 + 5 * side]
        x, z = in_room(foot[:, 0], foot[:, 2])
        poses.feet[side] = np.stack([x, foot[:, 1], z], axis=1)
        poses.foot_yaw[side] = foot[:, 3] + facing
        poses.foot_pitch[side] = foot[:, 4]
    poses.places = places
    poses.knees = np.stack([track[:, 38:40], track[:, 40:42]])
    # Arms do not answer legs that do not walk.
    away = np.clip(np.abs(body.standing - track[:, 1]) / (0.3 * body.leg), 0, 1)
    poses.arm_swing = poses.arm_swing * (1 - away)
    poses.balance = poses.balance * (1 - away)

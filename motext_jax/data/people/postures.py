"""Whole-body postures on chairs and on the floor, and the ways between them.

A posture is one column of numbers in the frame of the body's spot on the floor, so that a person
goes from one to the next by weights over time. Where a number is missing the person's own standing
stays: planted feet stay planted.
"""

import dataclasses
from collections.abc import Callable, Sequence

import numpy as np
from jaxtyping import Float

from motext_jax.data.people.part import Part
from motext_jax.data.synthetic.body import BALL_HEIGHT, LEFT, OUTWARD, RIGHT, Body
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


Build = Callable[[Part], Posture]


def _sizes(part: Part) -> tuple[float, float, float, float, float]:
    """Thigh, shin, hip's half width, foot length and the drop from pelvis to hip, in metres."""
    offsets = part.body.offsets
    hip = offsets[SMPL22.index("left_hip")]
    foot = offsets[SMPL22.index("left_foot")]
    thigh, shin = part.body.bone("left_knee"), part.body.bone("left_ankle")
    return thigh, shin, float(hip[0]), float(foot[2]), float(-hip[1])


_LAP = (0.48, -0.66, 0.02, 0.6)


def chair(part: Part) -> Posture:
    """On a seat of about knee height, hands in the lap."""
    leg = part.body.leg
    lap = (_LAP[0], _LAP[1], _LAP[2] + part.draw(-0.1, 0.1), _LAP[3])
    height = part.body.standing - leg * part.draw(0.44, 0.51)
    return Posture((0, height, -leg * part.draw(0.38, 0.46)), (part.draw(-0.12, 0.06), 0, 0),
                   (0.1, 0, 0), (-0.05, 0, 0), (lap, lap))  # fmt: skip


def rising(part: Part) -> Posture:
    """Between a seat and standing, the trunk over the feet."""
    leg = part.body.leg
    return Posture((0, part.body.standing - 0.3 * leg, -0.25 * leg), (0.55, 0, 0), (0.3, 0, 0),
                   (-0.4, 0, 0))  # fmt: skip


def low_squat(part: Part) -> Posture:
    """Deep in the knees, on the way to the floor."""
    leg = part.body.leg
    reach = (0.55, -0.6, 0.1, 0.5)
    return Posture((0, part.body.standing - 0.58 * leg, -0.18 * leg), (0.6, 0, 0), (0.4, 0, 0),
                   (-0.3, 0, 0), (reach, reach))  # fmt: skip


def _flat(x: float, y: float, z: float) -> tuple[Point, Point]:
    """A point for both sides, mirrored."""
    return (x, y, z), (-x, y, z)


def long_seat(part: Part, lean: float = -0.12, bent: float = 0.0) -> Posture:
    """On the floor with the legs ahead; bent knees by a share, from straight at 0."""
    _, _, wide, _, drop = _sizes(part)
    leg, back = part.body.leg, -0.35 * part.body.leg
    height = 0.09 + drop * np.cos(lean)
    ahead = back + leg * (0.985 - 0.42 * bent)
    behind = (-0.3, -0.75, 0.2, 0.6) if lean < -0.3 else (0.42, -0.7, 0.0, 0.6)
    return Posture((0, height, back), (lean, 0, 0), (0.25 if lean > -0.3 else 0.1, 0, 0),
                   (0, 0, 0), (behind, behind), ankles=_flat(1.1 * wide, 0.035, ahead),
                   pitch=(-1.2 + 1.1 * bent,) * 2)  # fmt: skip


def cross_legged(part: Part) -> Posture:
    """On the floor, the shins crossed before the body."""
    thigh, shin, wide, _, drop = _sizes(part)
    back = -0.25 * part.body.leg
    knee = (0.45, -0.68, 0.25, 0.7)
    ahead = back + 0.62 * thigh
    return Posture((0, 0.09 + drop, back), (-0.02, 0, 0), (0.15, 0, 0), (-0.05, 0, 0),
                   (knee, knee), ankles=((-0.9 * wide, 0.06, ahead), (0.9 * wide, 0.075, ahead + 0.09)),
                   yaw=(-1.0, 1.0), pitch=(-0.3, -0.3), knees=((1.6, 0.0), (1.6, 0.0)))  # fmt: skip


def one_knee(part: Part) -> Posture:
    """The left knee on the floor, the right foot ahead."""
    thigh, shin, wide, foot, drop = _sizes(part)
    z = -0.18 * part.body.leg
    rest = (0.4, -0.62, 0.05, 0.6)
    return Posture((0, thigh + drop + 0.05, z), (0.05, 0, 0), (0.08, 0, 0), (0, 0, 0),
                   (None, rest), ankles=((wide, foot * 0.95, z - 0.95 * shin),
                   (-1.3 * wide, 0.085, z + 0.9 * thigh)), pitch=(1.35, 0.0))  # fmt: skip


def kneeling(part: Part) -> Posture:
    """Both knees on the floor, the trunk upright."""
    thigh, shin, wide, foot, drop = _sizes(part)
    z = 0.05
    return Posture((0, thigh + drop + 0.05, z), (0.0, 0, 0), (0.05, 0, 0), (0, 0, 0),
                   ankles=_flat(1.15 * wide, 0.07, z - 0.98 * shin), pitch=(2.5, 2.5))  # fmt: skip


def on_heels(part: Part) -> Posture:
    """On both shins, sitting on the heels."""
    thigh, shin, wide, foot, drop = _sizes(part)
    lap = (0.42, -0.68, -0.15, 0.6)
    height = 0.17 + drop
    return Posture((0, height, -0.5 * shin), (0.05, 0, 0), (0.08, 0, 0), (0, 0, 0), (lap, lap),
                   ankles=_flat(wide, 0.06, -0.5 * shin + 0.0), pitch=(2.5, 2.5))  # fmt: skip


def all_fours(part: Part, knees_up: float = 0.0, spine: float = 0.0) -> Posture:
    """On hands and knees, or on hands and feet with the knees off the floor."""
    thigh, shin, wide, foot, drop = _sizes(part)
    height = thigh + 0.06 + knees_up
    tilt = 1.42 - spine
    back = drop * np.sin(tilt)
    hips = 0.15
    knee = hips - back
    arms = hips + _trunk(part) * np.sin(tilt)
    wrist = part.body.midline * part.body.arm
    if knees_up:
        ankles, pitch = _flat(1.1 * wide, foot, knee - 0.75 * shin), 1.3
    else:
        ankles, pitch = _flat(1.1 * wide, 0.07, knee - 0.985 * shin), 2.5
    return Posture((0, height, hips), (tilt, 0, 0), (2 * spine, 0, 0), (-0.5, 0, 0),
                   places=_flat(wrist, 0.06, arms), ankles=ankles, pitch=(pitch, pitch))  # fmt: skip


def _trunk(part: Part) -> float:
    """Pelvis to the line of the shoulders, on a straight back."""
    offsets = part.body.offsets
    joints = ("spine1", "spine2", "spine3", "left_collar", "left_shoulder")
    return float(sum(offsets[SMPL22.index(joint)][1] for joint in joints))


def plank(part: Part, up: float = 1.0, elbows: bool = False, knees: bool = False) -> Posture:
    """A straight body on hands and toes, `up` from the chest over the floor to straight arms."""
    thigh, shin, wide, foot, drop = _sizes(part)
    leg, trunk, arm = part.body.leg, _trunk(part), part.body.arm
    shoulder = (0.42 * arm + 0.06) if elbows else 0.16 + up * (0.94 * arm - 0.1)
    low = 0.07 if knees else foot + 0.03
    length = (thigh if knees else leg) + drop + trunk
    slope = float(np.arcsin(np.clip((shoulder - low) / length, -0.2, 0.8)))
    toes = -0.45 * leg
    legs = (thigh if knees else leg) + drop
    along, rise = legs * np.cos(slope), legs * np.sin(slope)
    z = toes + along
    tilt = np.pi / 2 - slope
    head = z + trunk * np.cos(slope)
    wrist = part.body.midline * part.body.arm
    hands = _flat(wrist, 0.05, head + (0.4 * arm if elbows else 0.02))
    if knees:
        ankles, pitch = _flat(wide, 0.09, toes - 0.97 * shin), 2.4
    else:
        ankles, pitch = _flat(wide, low, toes), 1.45
    return Posture((0, low + rise, z), (tilt, 0, 0), (0, 0, 0), (-0.25, 0, 0), places=hands,
                   ankles=ankles, pitch=(pitch, pitch))  # fmt: skip


def downward_dog(part: Part) -> Posture:
    """Hands and feet on the floor, the hips high."""
    thigh, shin, wide, foot, drop = _sizes(part)
    leg, trunk, arm = part.body.leg, _trunk(part), part.body.arm
    height = 0.8 * leg + 0.1
    reach = np.sqrt(max((trunk + 0.93 * arm) ** 2 - (height - 0.05) ** 2, 0.01))
    wrist = part.body.midline * part.body.arm
    tilt = np.pi / 2 + np.arcsin((height - 0.05) / (trunk + 0.93 * arm))
    return Posture((0, height, 0.1), (tilt, 0, 0), (0, 0, 0), (0.2, 0, 0),
                   places=_flat(wrist, 0.05, 0.1 + reach),
                   ankles=_flat(wide, 0.11, 0.1 - 0.5 * leg), pitch=(0.25, 0.25))  # fmt: skip


def on_back(part: Part, bent: float = 0.0, hands=(0.02, -0.95, 0.2, 0.4), lift: float = 0.0,
            curl: float = 0.0, legs: tuple[float, float] = (0.0, 0.0)) -> Posture:  # fmt: skip
    """On the back with the feet ahead.

    Args:
      part: whose body.
      bent: how far the knees are up, from straight at 0 to the feet near the hips at 1.
      hands: the place of both hands.
      lift: height of the hips over the floor, in metres.
      curl: how far head and shoulders are up.
      legs: how far each straight leg is raised, in radians.
    """
    thigh, shin, wide, foot, drop = _sizes(part)
    leg = part.body.leg
    z = -0.3 * leg
    hips = z + drop
    height = 0.1 + lift
    ankles = []
    for side in BOTH:
        far = leg * (0.985 - 0.55 * bent)
        point = (
            OUTWARD[side] * 1.1 * wide,
            (0.04 if not legs[side] else height) + 0.985 * leg * np.sin(legs[side]),
            hips + (far if not legs[side] else 0.985 * leg * np.cos(legs[side])),
        )
        ankles.append(point)
    tilt = -np.pi / 2 + 0.03 + lift / (_trunk(part) + 0.05) * -1.0
    pitch = -1.2 + 1.1 * bent
    return Posture((0, height, z), (tilt, 0, 0), (0.9 * curl, 0, 0), (0.3 * curl + 0.1, 0, 0),
                   (hands, hands), ankles=(ankles[0], ankles[1]), pitch=(pitch, pitch))  # fmt: skip


def on_front(part: Part, up: float = 0.0, hands: str = "sides", legs: float = 0.0) -> Posture:
    """Face down with the feet behind; `up` raises the chest, `legs` the feet, in radians, metres."""
    thigh, shin, wide, foot, drop = _sizes(part)
    leg = part.body.leg
    z = 0.35 * leg
    tilt = np.pi / 2 - 0.04 - 0.35 * up
    wrist = part.body.midline * part.body.arm
    place: tuple[Point | None, Point | None] = (None, None)
    arms: tuple = ((0.0, -0.95, 0.15, 0.6),) * 2
    if hands == "shoulders":
        place = _flat(1.25 * wrist, 0.05, z + 0.92 * _trunk(part))
    elif hands == "head":
        arms = ((0.1, 0.75, 0.2, 0.9),) * 2
    elif hands == "ahead":
        arms = ((-0.12, 0.95, 0.05, 0.6),) * 2
    return Posture((0, 0.12, z), (tilt, 0, 0), (-0.75 * up, 0, 0), (-0.35 - 0.3 * up, 0, 0),
                   arms, place, _flat(wide, 0.07 + legs, z - drop - 0.985 * leg),
                   pitch=(2.5, 2.5))  # fmt: skip


def rolled(part: Part, angle: float, bent: float = 0.0) -> Posture:
    """Along the floor with the head to the left: on the back at -pi/2, on the left side at 0, on
    the front at pi/2."""
    thigh, shin, wide, foot, drop = _sizes(part)
    leg, trunk = part.body.leg, _trunk(part)
    across = part.body.midline * part.body.arm
    # Higher on the side, by the width of the shoulders, than on the back.
    side = abs(np.cos(angle))
    height = 0.12 + 0.55 * across * side
    x = -0.1 * leg
    wish = (0.25, -0.75, 0.02, 0.5)
    facing = np.array([np.cos(angle), -np.sin(angle)])
    far = leg * (0.985 - 0.3 * bent)
    ahead = 0.45 * leg * bent
    ankles = []
    for foot_ in BOTH:
        # The hips' own axis turns with the body.
        out = OUTWARD[foot_] * wide
        y = height - out * np.cos(angle) + ahead * facing[1]
        z = -out * np.sin(angle) + ahead * facing[0]
        ankles.append((x - drop - far, max(float(y), 0.05), float(z)))
    return Posture((x, height, 0.0), (angle, np.pi / 2, 0), (0.1 + 0.3 * bent, 0, 0), (0, 0, 0),
                   (wish, wish), ankles=(ankles[0], ankles[1]), yaw=(-np.pi / 2, -np.pi / 2),
                   pitch=(-0.45, -0.45), knees=((0.0, 1.0), (0.0, 1.0)))  # fmt: skip

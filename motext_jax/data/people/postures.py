"""The postures: on chairs, on knees, on hands and feet, and lying."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from motext_jax.data.people.part import Part
from motext_jax.data.people.posture import BOTH, Point, Posture
from motext_jax.data.synthetic.body import OUTWARD
from motext_jax.skeleton import SMPL22

_STRAIGHT = 0.965
"""Hip to ankle of a leg that lies straight, in leg lengths: within what `Poses` lets it reach."""

Build = Callable[[Part], Posture]
"""A function that makes a posture for a body."""


class _Sizes(NamedTuple):
    """Lengths of a body, in metres."""

    thigh: float
    shin: float
    wide: float
    """The way of a hip from the middle."""
    foot: float
    """Ankle to ball, level."""
    drop: float
    """Pelvis to hip, down."""
    trunk: float
    """Pelvis to the line of the shoulders, on a straight back."""
    across: float
    """The way of a shoulder from the middle."""


def _sizes(part: Part) -> _Sizes:
    body = part.body
    offset = dict(zip(SMPL22.joints, body.offsets, strict=True))
    spine = ("spine1", "spine2", "spine3", "left_collar", "left_shoulder")
    return _Sizes(
        thigh=body.bone("left_knee"),
        shin=body.bone("left_ankle"),
        wide=float(offset["left_hip"][0]),
        foot=float(offset["left_foot"][2]),
        drop=-float(offset["left_hip"][1]),
        trunk=float(sum(offset[joint][1] for joint in spine)),
        across=body.midline * body.arm,
    )


_LAP = (0.48, -0.66, 0.02, 0.6)


def chair(part: Part) -> Posture:
    """On a seat of about knee height, hands in the lap."""
    leg = part.body.leg
    lap = (_LAP[0], _LAP[1], _LAP[2] + part.draw(-0.1, 0.1), _LAP[3])
    height = part.body.standing - leg * part.draw(0.44, 0.51)
    return Posture(
        (0, height, -leg * part.draw(0.38, 0.46)),
        (part.draw(-0.12, 0.06), 0, 0),
        (0.1, 0, 0),
        (-0.05, 0, 0),
        (lap, lap),
    )


def rising(part: Part) -> Posture:
    """Between a seat and standing, the trunk over the feet."""
    leg = part.body.leg
    return Posture(
        (0, part.body.standing - 0.3 * leg, -0.25 * leg), (0.55, 0, 0), (0.3, 0, 0), (-0.4, 0, 0)
    )


def low_squat(part: Part) -> Posture:
    """Deep in the knees, on the way to the floor."""
    leg = part.body.leg
    reach = (0.55, -0.6, 0.1, 0.5)
    return Posture(
        (0, part.body.standing - 0.58 * leg, -0.18 * leg),
        (0.6, 0, 0),
        (0.4, 0, 0),
        (-0.3, 0, 0),
        (reach, reach),
    )


def _flat(x: float, y: float, z: float) -> tuple[Point, Point]:
    """A point for both sides, mirrored."""
    return (x, y, z), (-x, y, z)


def long_seat(part: Part, lean: float = -0.12, bent: float = 0.0) -> Posture:
    """On the floor with the legs ahead; bent knees by a share, from straight at 0."""
    sizes = _sizes(part)
    leg, back = part.body.leg, -0.35 * part.body.leg
    height = 0.09 + sizes.drop * np.cos(lean)
    ahead = back + leg * (_STRAIGHT - 0.42 * bent)
    behind = (-0.3, -0.75, 0.2, 0.6) if lean < -0.3 else (0.42, -0.7, 0.0, 0.6)
    return Posture(
        (0, height, back),
        (lean, 0, 0),
        (0.25 if lean > -0.3 else 0.1, 0, 0),
        (0, 0, 0),
        (behind, behind),
        ankles=_flat(1.1 * sizes.wide, 0.035, ahead),
        pitch=(-1.2 + 1.1 * bent,) * 2,
    )


def cross_legged(part: Part) -> Posture:
    """On the floor, the shins crossed before the body."""
    sizes = _sizes(part)
    back = -0.25 * part.body.leg
    knee = (0.45, -0.68, 0.25, 0.7)
    ahead = back + 0.62 * sizes.thigh
    return Posture(
        (0, 0.09 + sizes.drop, back),
        (-0.02, 0, 0),
        (0.15, 0, 0),
        (-0.05, 0, 0),
        (knee, knee),
        ankles=((-0.9 * sizes.wide, 0.06, ahead), (0.9 * sizes.wide, 0.075, ahead + 0.09)),
        yaw=(-1.0, 1.0),
        pitch=(-0.3, -0.3),
        knees=((1.6, 0.0), (1.6, 0.0)),
    )


def one_knee(part: Part) -> Posture:
    """The left knee on the floor, the right foot ahead."""
    sizes = _sizes(part)
    z = -0.18 * part.body.leg
    rest = (0.4, -0.62, 0.05, 0.6)
    return Posture(
        (0, sizes.thigh + sizes.drop + 0.05, z),
        (0.05, 0, 0),
        (0.08, 0, 0),
        (0, 0, 0),
        (None, rest),
        ankles=(
            (sizes.wide, sizes.foot * 0.95, z - 0.95 * sizes.shin),
            (-1.3 * sizes.wide, 0.085, z + 0.9 * sizes.thigh),
        ),
        pitch=(1.35, 0.0),
    )


def kneeling(part: Part) -> Posture:
    """Both knees on the floor, the trunk upright."""
    sizes = _sizes(part)
    z = 0.05
    return Posture(
        (0, sizes.thigh + sizes.drop + 0.05, z),
        (0.0, 0, 0),
        (0.05, 0, 0),
        (0, 0, 0),
        ankles=_flat(1.15 * sizes.wide, 0.07, z - 0.98 * sizes.shin),
        pitch=(2.5, 2.5),
    )


def on_heels(part: Part) -> Posture:
    """On both shins, sitting on the heels."""
    sizes = _sizes(part)
    lap = (0.42, -0.68, -0.15, 0.6)
    height = 0.17 + sizes.drop
    return Posture(
        (0, height, -0.5 * sizes.shin),
        (0.05, 0, 0),
        (0.08, 0, 0),
        (0, 0, 0),
        (lap, lap),
        ankles=_flat(sizes.wide, 0.06, -0.5 * sizes.shin + 0.0),
        pitch=(2.5, 2.5),
    )


def all_fours(part: Part, knees_up: float = 0.0, spine: float = 0.0) -> Posture:
    """On hands and knees, or on hands and feet with the knees off the floor."""
    sizes = _sizes(part)
    height = sizes.thigh + 0.06 + knees_up
    tilt = 1.42 - spine
    back = sizes.drop * np.sin(tilt)
    hips = 0.15
    knee = hips - back
    arms = hips + sizes.trunk * np.sin(tilt)
    wrist = sizes.across
    if knees_up:
        ankles, pitch = _flat(1.1 * sizes.wide, sizes.foot, knee - 0.75 * sizes.shin), 1.3
    else:
        ankles, pitch = _flat(1.1 * sizes.wide, 0.07, knee - _STRAIGHT * sizes.shin), 2.5
    return Posture(
        (0, height, hips),
        (tilt, 0, 0),
        (2 * spine, 0, 0),
        (-0.5, 0, 0),
        places=_flat(wrist, 0.06, arms),
        ankles=ankles,
        pitch=(pitch, pitch),
    )


def plank(part: Part, up: float = 1.0, elbows: bool = False, knees: bool = False) -> Posture:
    """A straight body on hands and toes, `up` from the chest over the floor to straight arms."""
    sizes = _sizes(part)
    leg, arm = part.body.leg, part.body.arm
    shoulder = (0.42 * arm + 0.06) if elbows else 0.16 + up * (0.94 * arm - 0.1)
    low = 0.07 if knees else sizes.foot + 0.03
    length = (sizes.thigh if knees else leg) + sizes.drop + sizes.trunk
    slope = float(np.arcsin(np.clip((shoulder - low) / length, -0.2, 0.8)))
    toes = -0.45 * leg
    legs = (sizes.thigh if knees else leg) + sizes.drop
    along, rise = legs * np.cos(slope), legs * np.sin(slope)
    z = toes + along
    tilt = np.pi / 2 - slope
    head = z + sizes.trunk * np.cos(slope)
    wrist = sizes.across
    hands = _flat(wrist, 0.05, head + (0.4 * arm if elbows else 0.02))
    if knees:
        ankles, pitch = _flat(sizes.wide, 0.09, toes - 0.97 * sizes.shin), 2.4
    else:
        ankles, pitch = _flat(sizes.wide, low, toes), 1.45
    return Posture(
        (0, low + rise, z),
        (tilt, 0, 0),
        (0, 0, 0),
        (-0.25, 0, 0),
        places=hands,
        ankles=ankles,
        pitch=(pitch, pitch),
    )


def downward_dog(part: Part) -> Posture:
    """Hands and feet on the floor, the hips high."""
    sizes = _sizes(part)
    leg, arm = part.body.leg, part.body.arm
    height = 0.8 * leg + 0.1
    reach = np.sqrt(max((sizes.trunk + 0.93 * arm) ** 2 - (height - 0.05) ** 2, 0.01))
    wrist = sizes.across
    tilt = np.pi / 2 + np.arcsin((height - 0.05) / (sizes.trunk + 0.93 * arm))
    return Posture(
        (0, height, 0.1),
        (tilt, 0, 0),
        (0, 0, 0),
        (0.2, 0, 0),
        places=_flat(wrist, 0.05, 0.1 + reach),
        ankles=_flat(sizes.wide, 0.11, 0.1 - 0.5 * leg),
        pitch=(0.25, 0.25),
    )


def on_back(
    part: Part,
    bent: float = 0.0,
    hands=(0.02, -0.95, 0.2, 0.4),
    lift: float = 0.0,
    curl: float = 0.0,
) -> Posture:
    """On the back with the feet ahead.

    Args:
      part: whose body.
      bent: how far the knees are up, from straight at 0 to the feet near the hips at 1.
      hands: the place of both hands.
      lift: height of the hips over the floor, in metres.
      curl: how far head and shoulders are up.
    """
    sizes = _sizes(part)
    leg = part.body.leg
    z = -0.3 * leg
    ahead = z + sizes.drop + leg * (_STRAIGHT - 0.55 * bent)
    tilt = -np.pi / 2 + 0.03 - lift / (sizes.trunk + 0.05)
    pitch = -1.2 + 1.1 * bent
    return Posture(
        (0, 0.1 + lift, z),
        (tilt, 0, 0),
        (0.9 * curl, 0, 0),
        (0.3 * curl + 0.1, 0, 0),
        (hands, hands),
        ankles=_flat(1.1 * sizes.wide, 0.04, ahead),
        pitch=(pitch, pitch),
    )


def on_front(part: Part, up: float = 0.0, hands: str = "sides", legs: float = 0.0) -> Posture:
    """Face down, the feet behind; `up` raises the chest and `legs` the feet by metres."""
    sizes = _sizes(part)
    leg = part.body.leg
    z = 0.35 * leg
    tilt = np.pi / 2 - 0.04 - 0.35 * up
    wrist = sizes.across
    place: tuple[Point | None, Point | None] = (None, None)
    arms: tuple = ((0.0, -0.95, 0.15, 0.6),) * 2
    if hands == "shoulders":
        place = _flat(1.25 * wrist, 0.05, z + 0.92 * sizes.trunk)
    elif hands == "head":
        arms = ((0.1, 0.75, 0.2, 0.9),) * 2
    elif hands == "ahead":
        arms = ((-0.12, 0.95, 0.05, 0.6),) * 2
    return Posture(
        (0, 0.12, z),
        (tilt, 0, 0),
        (-0.75 * up, 0, 0),
        (-0.35 - 0.3 * up, 0, 0),
        arms,
        place,
        _flat(sizes.wide, 0.07 + legs, z - sizes.drop - _STRAIGHT * leg),
        pitch=(2.5, 2.5),
    )


def rolled(part: Part, angle: float, bent: float = 0.0) -> Posture:
    """Along the floor with the head to the left: on the back at -pi/2, on the left side at 0, on
    the front at pi/2."""
    sizes = _sizes(part)
    leg = part.body.leg
    across = sizes.across
    # Higher on the side, by the width of the shoulders, than on the back.
    side = abs(np.cos(angle))
    height = 0.12 + 0.45 * across * side
    x = -0.1 * leg
    wish = (0.03, -0.93, -0.15, 0.3)
    facing = np.array([np.cos(angle), -np.sin(angle)])
    far = leg * (_STRAIGHT - 0.3 * bent)
    ahead = 0.45 * leg * bent
    ankles = []
    for foot_ in BOTH:
        # The hips' own axis turns with the body.
        out = OUTWARD[foot_] * sizes.wide
        y = height - out * np.cos(angle) + ahead * facing[1]
        z = -out * np.sin(angle) + ahead * facing[0]
        ankles.append((x - sizes.drop - far, max(float(y), 0.05), float(z)))
    return Posture(
        (x, height, 0.0),
        (angle, np.pi / 2, 0),
        (0.1 + 0.3 * bent, 0, 0),
        (0, 0, 0),
        (wish, wish),
        ankles=(ankles[0], ankles[1]),
        yaw=(-np.pi / 2, -np.pi / 2),
        pitch=(-0.45, -0.45),
        knees=((0.0, 1.0), (0.0, 1.0)),
    )

"""Actions of arms, trunk and head by someone who stands.

Those with a side are written for the left; `source` mirrors the joints for the right.
"""

import numpy as np

from motext_jax.data.synthetic.body import LEFT, RIGHT
from motext_jax.data.synthetic.take import Take, ease, keyed

BOTH = (LEFT, RIGHT)
# Points that a rising arm passes near: straight ahead of the shoulder, or out to its side.
_AHEAD = (1.5, -0.1, 0.2, 0.4)
_ASIDE = (0.2, 0.0, 1.8, 0.4)


def stand_still(take: Take) -> None:
    """Standing about is all there is."""


def _wave(take: Take, hands) -> None:
    weight = take.held(0.18, 0.18, stays=0.35)
    if take.chance(0.2):
        weight = np.maximum(weight, ease((0.8 - take.progress) / 0.15))
    hertz = take.draw(*{"slow": (0.8, 1.0), "usual": (1.4, 1.9), "quick": (2.5, 3.0)}[take.tempo])
    phase = 2 * np.pi * (hertz * take.time + take.draw(0, 1))
    height, forward = take.draw(0.2, 0.75), take.draw(0.15, 0.5)
    outward = take.draw(0.2, 0.5)
    for hand in hands:
        place = np.array([forward, height, outward, 0.5])
        take.reach(hand, weight, place, via=(0.9, -0.4, 0.6, 0.4))
        take.poses.hands[hand, :, 2] += weight * 0.22 * take.extent * np.sin(phase)
        take.poses.hands[hand, :, 1] += weight * 0.05 * take.extent * np.cos(2 * phase)


def wave(take: Take) -> None:
    """The raised left hand from side to side."""
    _wave(take, (LEFT,))


def wave_both(take: Take) -> None:
    """Both raised hands from side to side, together."""
    _wave(take, BOTH)


def _raise(take: Take, hands) -> None:
    weight = take.held(take.draw(0.28, 0.33), take.draw(0.25, 0.33), stays=0.5)
    via = _AHEAD if take.chance(0.5) else _ASIDE
    place = (take.draw(0.0, 0.3), take.draw(0.82, 0.95), take.draw(-0.1, 0.25), 0.5)
    for hand in hands:
        take.reach(hand, weight, place, via=via)


def raise_arm(take: Take) -> None:
    """The left arm up beside the head, from the front or from the side."""
    _raise(take, (LEFT,))


def raise_both(take: Take) -> None:
    """Both arms up beside the head."""
    _raise(take, BOTH)


def punch(take: Take) -> None:
    """One to three straight blows with the left, from a guard before the chest."""
    number = int(take.rng.integers(1, 4))
    guard = (take.draw(0.3, 0.5), take.draw(-0.15, 0.1), -0.3 * take.body.midline, 0.6)
    hit = (0.95, take.draw(-0.1, 0.2), -0.6 * take.body.midline, 0.5)
    weight = take.held(0.2, 0.2)
    beats = np.clip((take.progress - 0.2) / 0.6, 0, 0.9999) * number % 1
    strike = keyed(beats, (0.0, 0.25, 0.45, 0.6, 1.0), (0.0, -0.12, 1.0, 1.0, 0.0))
    take.reach(LEFT, weight, guard)
    if take.chance(0.5):
        take.reach(RIGHT, weight, guard)
    take.reach(LEFT, strike, hit)
    turned = take.draw(0.3, 0.6)
    take.poses.spine[:, 2] -= turned * strike
    take.poses.pelvis[:, 2] -= 0.3 * turned * strike
    take.poses.ground[:, 1] += 0.05 * take.body.leg * strike
    take.poses.hands[RIGHT, :, 0] -= 0.08 * strike


def throw(take: Take) -> None:
    """Overarm: back over the shoulder, ahead, and through to the other hip."""
    times = (0.0, 0.38, 0.58, 0.75, 1.0)
    here = take.poses.hands[LEFT]
    midline = take.body.midline
    low = take.draw(-0.6, -0.35)
    keys = np.array(
        [
            (0, 0, 0, 0),
            (-0.4, take.draw(0.35, 0.55), 0.55, 0.6),
            (0.8, take.draw(0.35, 0.6), 0.0, 0.5),
            (0.5, low, -1.2 * midline, 0.5),
            (0, 0, 0, 0),
        ]
    )
    away = keyed(take.progress, times, (0, 1, 1, 1, 0))[:, None]
    take.poses.hands[LEFT] = here * (1 - away) + keyed(take.progress, times, keys)
    turned = take.draw(0.4, 0.7)
    turn = keyed(take.progress, times, (0, 1, -0.7, -0.9, 0)) * turned
    take.poses.spine[:, 2] += turn
    take.poses.pelvis[:, 2] += 0.3 * turn
    take.poses.spine[:, 0] += keyed(take.progress, times, (0, -0.15, 0.15, 0.3, 0))
    forward = keyed(take.progress, times, (0, -0.06, 0.07, 0.09, 0))
    take.poses.ground[:, 1] += take.body.leg * forward
    if take.chance(0.6):
        aim = keyed(take.progress, times, (0, 1, 0.3, 0, 0)) * take.draw(0.4, 1)
        take.reach(RIGHT, aim, (0.75, take.draw(-0.2, 0.2), 0.2, 0.4))


def point(take: Take) -> None:
    """The left arm straight out to the left, at about the height of the shoulder."""
    weight = take.held(take.draw(0.28, 0.33), 0.25, stays=0.5)
    place = (take.draw(-0.1, 0.25), take.draw(-0.12, 0.2), 0.96, 0.2)
    take.reach(LEFT, weight, place)
    take.poses.neck[:, 2] += take.draw(0, 0.8) * weight


def touch_shoulder(take: Take) -> None:
    """The right hand on the left shoulder."""
    weight = take.held(take.draw(0.28, 0.33), take.draw(0.25, 0.33), stays=0.5)
    place = (take.draw(0.22, 0.3), take.draw(-0.05, 0.06), -1.85 * take.body.midline, 0.5)
    take.reach(RIGHT, weight, place, via=(0.9, -0.5, 0.0, 0.6))


def _clap(take: Take, number: int) -> None:
    weight = take.held(0.25, 0.25)
    beats = np.clip((take.progress - 0.22) / 0.56, 0, 1) * number
    apart = 0.5 + 0.5 * np.cos(2 * np.pi * beats)
    forward, up = take.draw(0.4, 0.7), take.draw(-0.45, 0.1)
    wide = take.draw(0.3, 0.6)
    for hand in BOTH:
        gap = -0.97 * take.body.midline + wide * apart
        place = np.stack([gap * 0 + forward, gap * 0 + up, gap, gap * 0 + 0.6], axis=1)
        take.reach(hand, weight, place)


def clap_once(take: Take) -> None:
    """The hands meet a single time before the chest."""
    _clap(take, 1)


def clap(take: Take) -> None:
    """The hands meet four times or more."""
    per_second = {"slow": 1.6, "usual": 2.4, "quick": 3.5}[take.tempo] * take.draw(0.93, 1.07)
    _clap(take, max(4, round(0.56 * take.seconds * per_second)))


def circle_arms(take: Take) -> None:
    """Both arms through full circles at the body's sides, forward or backward."""
    turns = max(2, round(take.seconds * {"slow": 0.6, "usual": 1.0, "quick": 1.5}[take.tempo]))
    angle = 2 * np.pi * turns * ease(take.progress) * (1 if take.chance(0.5) else -1)
    weight = take.held(0.12, 0.12)
    size = take.draw(0.75, 0.95)
    for hand in BOTH:
        circle = np.stack(
            [size * np.sin(angle), -size * np.cos(angle), 0 * angle + 0.25, 0 * angle + 0.6], axis=1
        )
        take.reach(hand, weight, circle)


def fold_arms(take: Take) -> None:
    """Each hand on the other elbow, before the chest."""
    weight = take.held(take.draw(0.28, 0.33), 0.25, stays=0.7)
    up = take.draw(-0.45, -0.3)
    for hand in BOTH:
        over = 0.04 if hand == LEFT else -0.03
        place = (0.36 + over, up + over, -1.45 * take.body.midline, 0.8)
        take.reach(hand, weight, place)


def stretch(take: Take) -> None:
    """Hands together over the head, the trunk drawn back and then from side to side."""
    weight = take.held(0.28, 0.25, stays=0.2)
    together = -take.body.midline * take.draw(0.75, 1.0)
    via = _AHEAD if take.chance(0.5) else _ASIDE
    for hand in BOTH:
        take.reach(hand, weight, (0.05, 0.93, together, 0.6), via=via)
    swing = keyed(take.progress, (0.3, 0.45, 0.62, 0.75), (0, 1, -1, 0)) * take.draw(-0.4, 0.4)
    take.poses.spine[:, 1] += swing
    take.poses.spine[:, 0] -= weight * take.draw(0.2, 0.4)
    take.poses.neck[:, 0] -= weight * take.draw(0.1, 0.4)
    take.poses.foot_pitch += weight * max(0.0, take.draw(-0.4, 0.6))


def bow(take: Take) -> None:
    """From the hips and the back, hands left where they hang."""
    weight = take.held(take.draw(0.3, 0.36), take.draw(0.3, 0.36))
    depth = min(0.8 * take.extent, 1.25)
    take.poses.pelvis[:, 0] += 0.6 * depth * weight
    take.poses.spine[:, 0] += 0.55 * depth * weight
    take.poses.neck[:, 0] += take.draw(-0.1, 0.3) * weight
    take.poses.ground[:, 1] -= 0.10 * depth * take.body.leg * weight


def pick_up(take: Take) -> None:
    """Both hands to the floor, and up again in front of the belly."""
    down = keyed(take.progress, (0, 0.42, 0.52, 1), (0, 1, 1, 0))
    taken = keyed(take.progress, (0.0, 0.4, 0.55, 1.0), (0, 1, 1, 1))
    leg = take.body.leg
    knees = take.draw(0.2, 0.5)
    take.poses.crouch += leg * knees * down
    take.poses.ground[:, 1] -= leg * 0.15 * down
    take.poses.pelvis[:, 0] += (1.0 - 0.6 * knees) * down
    take.poses.spine[:, 0] += (1.0 - 0.5 * knees) * down
    take.poses.neck[:, 0] -= 0.3 * down
    low = np.array([0.55, -0.75, -0.4 * take.body.midline, 0.4])
    held = np.array([0.45, take.draw(-0.55, -0.3), -0.4 * take.body.midline, 0.5])
    place = down[:, None] * low + (1 - down[:, None]) * held
    for hand in BOTH:
        take.reach(hand, taken, place)


def lean(take: Take) -> None:
    """The trunk to the left, the hips a little the other way."""
    weight = take.held(take.draw(0.28, 0.33), take.draw(0.25, 0.33), stays=0.4)
    angle = 0.45 * take.extent
    take.poses.spine[:, 1] += angle * weight
    take.poses.pelvis[:, 1] += 0.2 * angle * weight
    take.poses.neck[:, 1] += take.draw(0, 0.3) * angle * weight
    take.poses.ground[:, 0] -= 0.08 * take.body.leg * angle * weight


def nod(take: Take) -> None:
    """The head down and up."""
    _shaken(take, 0, 0.4 * take.extent, offset=0.3)


def shake_head(take: Take) -> None:
    """The head to the left and right, faster than in looking around."""
    _shaken(take, 2, 0.75 * min(take.extent, 1.3), offset=0.0)


def _shaken(take: Take, axis: int, angle: float, offset: float) -> None:
    """The head moved to and fro about one axis of `Poses.neck`."""
    per_second = {"slow": 0.9, "usual": 1.5, "quick": 2.3}[take.tempo] * take.draw(0.9, 1.1)
    number = max(2, round(take.seconds * per_second))
    beats = np.clip(take.progress, 0, 1)
    wave = angle * (np.sin(2 * np.pi * number * beats) + offset) * take.held(0.15, 0.15)
    take.poses.neck[:, axis] += wave
    # The head's own joints move by centimetres; the shoulders go along as they do in people.
    take.poses.spine[:, axis] += take.draw(0.25, 0.4) * wave


def look_around(take: Take) -> None:
    """Slowly to one side, then to the other, with the shoulders following."""
    first = 1 if take.chance(0.5) else -1
    times = (0, 0.25, 0.4, 0.65, 0.8, 1)
    look = first * keyed(take.progress, times, (0, 1, 1, -1, -1, 0))
    take.poses.neck[:, 2] += look * take.draw(0.8, 1.15)
    take.poses.spine[:, 2] += look * take.draw(0.15, 0.5)

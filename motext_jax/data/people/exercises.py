"""Exercises on the floor: crawling, rolling, push-ups, sit-ups, yoga."""

import dataclasses
import functools
from typing import Any

import numpy as np

from motext_jax.data.people import postures
from motext_jax.data.people.action import Action, Perform
from motext_jax.data.people.floor import still, way
from motext_jax.data.people.part import Part
from motext_jax.data.people.posture import Key, Posture, through
from motext_jax.data.people.postures import Build
from motext_jax.data.synthetic.body import LEFT, RIGHT
from motext_jax.data.synthetic.take import ease

BOTH = (LEFT, RIGHT)


def rhythm(
    part: Part,
    one: Build,
    other: Build,
    period: tuple[float, float],
    rest: float = 0.0,
) -> None:
    """To and fro between two postures, as often as there is time for.

    Args:
      part: the poses change.
      one, other: the postures.
      period: least and greatest seconds of a round.
      rest: share of a round for which half of a stay in the second posture lasts.
    """
    first, second = one(part), other(part)
    length = part.draw(*period) / part.pace
    number = max(1, round(part.seconds / length))
    keys: list[Key] = [first]
    times = [0.02]
    for k in range(number):
        start = (k + 0.02) / number
        keys += [second, second, first] if rest else [second, first]
        middle = start + 0.48 / number
        times += [middle - rest / number, middle + rest / number] if rest else [middle]
        times.append((k + 1) / number - 0.005)
    through(part, keys, times)


def crawl(part: Part, speed: tuple[float, float], build: Build, backward: bool = False) -> None:
    """On hands and knees over the floor, an arm and the other leg in turn."""
    still(part, build)
    poses, time = part.poses, part.time
    places = part.hand_places
    pace = ease((time - part.start) / 0.4) * ease((part.end - time) / 0.4)
    sign = -1 if backward else 1
    stride = part.draw(0.3, 0.42) * part.body.leg / 0.8
    rate = part.draw(*speed) * part.pace / stride
    turns = np.cumsum(pace) * rate * (time[1] - time[0]) + part.draw(0, 1)
    facing = poses.heading[part.frame(part.start)]
    ahead = np.array([np.sin(facing), np.cos(facing)])
    begin = turns[0]
    poses.ground += sign * stride * (turns - begin)[:, None] * ahead
    for side in BOTH:
        for limb, lag in (("hand", 0.5 * side), ("foot", 0.5 * (1 - side) + 0.08)):
            beat = turns + lag
            inside = np.clip((beat % 1 - 0.55) / 0.45, 0, 1)
            planted = np.floor(beat) + ease(inside) - lag - begin - 0.15
            where = sign * stride * planted
            lift = (0.05 if limb == "hand" else 0.035) * np.sin(np.pi * inside) ** 2
            if limb == "hand":
                places[side][:, [0, 2]] += where[:, None] * ahead
                places[side][:, 1] += lift
            else:
                poses.feet[side][:, [0, 2]] += where[:, None] * ahead
                poses.feet[side][:, 1] += 0.5 * lift
    poses.pelvis[:, 2] += 0.12 * np.sin(2 * np.pi * turns) * pace
    poses.spine[:, 2] -= 0.12 * np.sin(2 * np.pi * turns) * pace


def roll(part: Part, turns: float) -> None:
    """Over and over on the floor, along the body's own axis, to one side."""
    sign = 1 if part.chance(0.5) else -1
    begin = -np.pi / 2
    number = max(3, int(abs(turns) * 12))
    shares = np.linspace(0.06, 0.94, number + 1)
    angles = begin + sign * 2 * np.pi * turns * np.linspace(0, 1, number + 1)
    keys: list[Key] = []
    for angle in angles:
        posture = postures.rolled(part, float(angle))
        ahead = 0.2 * (angle - begin)
        keys.append(shifted(posture, float(ahead)))
    through_evenly(part, keys, shares)


def shifted(posture: Posture, ahead: float) -> Posture:
    """A posture that lies on the floor, so many metres ahead."""
    x, y, z = posture.pelvis
    left, right = (
        None if ankle is None else (ankle[0], ankle[1], ankle[2] + ahead)
        for ankle in posture.ankles
    )
    return dataclasses.replace(posture, pelvis=(x, y, z + ahead), ankles=(left, right))


def through_evenly(part: Part, keys, shares) -> None:
    """Through postures without a stop at any but the first and the last."""
    times = np.asarray(shares)
    eased = times[0] + (times[-1] - times[0]) * _unease((times - times[0]) / (times[-1] - times[0]))
    through(part, keys, list(eased))


def _unease(share):
    """The moments at which an eased track is at even shares."""
    fine = np.linspace(0, 1, 400)
    return np.interp(share, 0.25 * ease(fine) + 0.75 * fine, fine)


def pedal(part: Part) -> None:
    """On the back, the legs as on a bicycle."""
    still(part, functools.partial(postures.on_back, curl=0.3))
    phase = part.phase(0.7, 1.1)
    leg = part.body.leg
    for foot in BOTH:
        beat = phase + np.pi * foot
        # From far ahead to near the hips, the feet off the floor.
        near = 0.5 + 0.5 * np.sin(beat)
        way = np.stack([0 * beat, leg * (0.3 + 0.12 * np.cos(beat)), -0.45 * leg * near], axis=1)
        part.move_foot(foot, way, under=0.0)


def leg_raises(part: Part) -> None:
    """On the back, both straight legs up and down again."""
    still(part, postures.on_back)
    period = part.draw(1.5, 2.3) / part.pace
    number = max(1, int(part.seconds / period))
    beats = np.clip((part.time - part.start) / period, 0, number)
    angle = part.draw(1.1, 1.45) * (0.5 - 0.5 * np.cos(2 * np.pi * beats))
    leg = 0.96 * part.body.leg
    for foot in BOTH:
        way = np.stack([0 * angle, leg * np.sin(angle), leg * (np.cos(angle) - 1)], axis=1)
        part.move_foot(foot, way, under=0.0)


def leg_flutter(part: Part) -> None:
    """On the back, straight legs up and down in turn."""
    still(part, functools.partial(postures.on_back, curl=0.2))
    beat = np.sin(part.phase(0.9, 1.4))
    for foot in BOTH:
        up = 0.25 + (0.15 if foot == LEFT else -0.15) * beat
        way = np.stack([0 * up, part.body.leg * up, -0.06 * part.body.leg + 0 * up], axis=1)
        part.move_foot(foot, way, under=0.0)


def climb_mountain(part: Part) -> None:
    """In the plank, the knees to the chest in turn."""
    still(part, postures.plank)
    phase = part.phase(0.9, 1.4)
    for foot in BOTH:
        drawn = np.clip(np.sin(phase + np.pi * foot), 0, 1) ** 0.8
        far = part.body.leg * 0.52 * drawn
        part.move_foot(foot, np.stack([0 * far, 0.05 * drawn + 0.1 * far, far], axis=1), under=0.0)


def donkey_kick(part: Part) -> None:
    """On hands and knees, the left leg back and up."""
    still(part, postures.all_fours)
    up = part.strokes() if part.count > 1 else part.held(0.3, 0.3)
    leg = part.body.leg
    part.move_foot(LEFT, up[:, None] * [0, 0.55 * leg, -0.3 * leg], under=0.0)
    part.poses.foot_pitch[LEFT] -= 0.7 * up


def bird_dog(part: Part) -> None:
    """On hands and knees, the left leg back and the right arm ahead."""
    still(part, postures.all_fours)
    up = part.held(0.28, 0.25, 0.3)
    leg = part.body.leg
    part.move_foot(LEFT, up[:, None] * [0, 0.5 * leg, -0.35 * leg], under=0.0)
    part.poses.foot_pitch[LEFT] -= 0.7 * up
    part.place(RIGHT, up, (0.2, 0.93, 0.05, 0.4))


_p = functools.partial

_knees_up = _p(postures.long_seat, lean=0.25, bent=0.75)

_bent_back = _p(postures.on_back, bent=0.75, hands=(0.1, 0.3, 0.05, 1.4))

_crunched = _p(postures.on_back, bent=0.75, hands=(0.1, 0.3, 0.05, 1.4), curl=1.1)

_bridge = _p(postures.on_back, bent=0.8, lift=0.24)

_shoulders = _p(postures.on_front, hands="shoulders")

_cobra = _p(postures.on_front, hands="shoulders", up=1.0)

_superman = _p(postures.on_front, hands="ahead", up=0.45, legs=0.13)

_front_flat = _p(postures.on_front, hands="ahead")

_down = _p(postures.plank, up=0.0)

_knee_up, _knee_down = _p(postures.plank, knees=True), _p(postures.plank, knees=True, up=0.0)

_elbows = _p(postures.plank, elbows=True)

_cat = _p(postures.all_fours, spine=-0.18)

_cow = _p(postures.all_fours, spine=0.2)

_bear = _p(postures.all_fours, knees_up=0.13)

_back_wide = _p(postures.on_back, hands=(0.08, 0.0, 0.93, 0.3))


_f = functools.partial(Action, uses="aotl", layer=2, tempos=True, seconds=2.2)


def _exercise(name: str, perform: Perform, **changes: Any) -> Action:
    given: dict[str, Any] = {"seconds": 0.0, "before": name, "after": name}
    return _f(name, perform, **(given | changes))


ACTIONS = (
    _exercise(
        "make a snow angel",
        _p(rhythm, one=postures.on_back, other=_back_wide, period=(1.2, 1.8)),
        share=0.5,
    ),
    _f("roll over", _p(roll, turns=0.5), seconds=1.9, before="rolled", after="rolled"),
    _exercise("roll on the floor", _p(roll, turns=1.5), seconds=3.4),
    _exercise("crawl", _p(crawl, speed=(0.35, 0.6), build=postures.all_fours), share=1.2),
    _exercise(
        "crawl backward",
        _p(crawl, speed=(0.25, 0.45), build=postures.all_fours, backward=True),
        share=0.7,
    ),
    _exercise("bear crawl", _p(crawl, speed=(0.35, 0.6), build=_bear), share=0.7, noun=True),
    _exercise("army crawl", _p(crawl, speed=(0.2, 0.35), build=_shoulders), share=0.7, noun=True),
    _exercise(
        "push-ups",
        _p(rhythm, one=postures.plank, other=_down, period=(1.0, 1.6)),
        share=1.2,
        noun=True,
    ),
    _exercise(
        "knee push-ups",
        _p(rhythm, one=_knee_up, other=_knee_down, period=(1.0, 1.6)),
        share=0.6,
        noun=True,
    ),
    _exercise("plank", _p(still, build=postures.plank), tempos=False, noun=True),
    _exercise("forearm plank", _p(still, build=_elbows), tempos=False, share=0.6, noun=True),
    _exercise("mountain climbers", climb_mountain, share=0.7, noun=True),
    _exercise(
        "sit-ups",
        _p(rhythm, one=_bent_back, other=_knees_up, period=(1.4, 2.1)),
        share=1.2,
        noun=True,
    ),
    _exercise(
        "crunches",
        _p(rhythm, one=_bent_back, other=_crunched, period=(0.9, 1.4)),
        share=0.7,
        noun=True,
    ),
    _exercise("leg raises", leg_raises, share=0.7, noun=True),
    _exercise("bicycle with legs", pedal, share=0.7, noun=True),
    _exercise("flutter kicks", leg_flutter, share=0.6, noun=True),
    _exercise(
        "bridge",
        _p(rhythm, one=_p(postures.on_back, bent=0.8), other=_bridge, period=(1.5, 2.3), rest=0.12),
        share=0.7,
        noun=True,
    ),
    _exercise(
        "superman exercise",
        _p(rhythm, one=_front_flat, other=_superman, period=(1.5, 2.3), rest=0.12),
        share=0.6,
        noun=True,
    ),
    _exercise(
        "cobra pose",
        _p(rhythm, one=_shoulders, other=_cobra, period=(2.5, 3.5), rest=0.2),
        share=0.6,
        noun=True,
    ),
    _exercise(
        "cat-cow stretch", _p(rhythm, one=_cat, other=_cow, period=(1.6, 2.4)), share=0.6, noun=True
    ),
    _exercise(
        "downward dog", _p(still, build=postures.downward_dog), tempos=False, share=0.6, noun=True
    ),
    _exercise("donkey kick with {side} leg", donkey_kick, seconds=2.2, share=0.6, noun=True),
    _exercise("bird dog with {side} leg", bird_dog, seconds=2.6, share=0.5, noun=True),
    _f(
        "burpees",
        _p(
            way,
            steps=(
                (0.05, None),
                (0.25, postures.low_squat),
                (0.42, postures.plank),
                (0.55, postures.plank),
                (0.75, postures.low_squat),
                (0.98, None),
            ),
        ),
        seconds=3.0,
        tempos=False,
        noun=True,
    ),
)
"""Exercises on the floor."""

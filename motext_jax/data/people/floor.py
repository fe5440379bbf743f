"""Sitting, kneeling and lying, and the ways down and up."""

import functools

import numpy as np

from motext_jax.data.people import postures
from motext_jax.data.people.action import Action
from motext_jax.data.people.part import Part
from motext_jax.data.people.posture import Key, through
from motext_jax.data.people.postures import Build
from motext_jax.data.synthetic.body import LEFT, RIGHT

BOTH = (LEFT, RIGHT)

Step = tuple[float, Build | None]
"""A moment in shares of the action, and a posture; None for standing."""


def way(part: Part, steps: tuple[Step, ...]) -> None:
    """Through postures."""
    keys: list[Key] = [None if build is None else build(part) for _, build in steps]
    through(part, keys, [time for time, _ in steps])


def there_and_back(part: Part, steps: tuple[Step, ...]) -> None:
    """Through postures to the last, some rest, and back again through the same ones."""
    back = tuple((1 - 0.9 * time, build) for time, build in reversed(steps))
    way(part, tuple((0.9 * time, build) for time, build in steps) + back)


def still(part: Part, build: Build) -> None:
    """In a posture all the time."""
    through(part, [build(part)] * 2, (0.0, 1.0))


def cross_leg(part: Part) -> None:
    """On a chair, the left thigh over the right one."""
    still(part, postures.chair)
    up = part.held(0.3, 0.3, 0.6)
    leg = part.body.leg
    part.move_foot(LEFT, up[:, None] * [-0.24 * leg, 0.24 * leg, 0.14 * leg], under=0.0)


def swing_seated(part: Part) -> None:
    """On a seat, the shins swing in turn."""
    still(part, postures.chair)
    part.poses.crouch -= 0.06 * part.body.leg
    weight = part.held(0.12, 0.12, 0.5)
    beat = np.sin(part.phase(0.6, 1.0)) * weight
    for foot in BOTH:
        sway = (beat if foot == LEFT else -beat) * 0.2 * part.body.leg
        up = 0.06 * part.body.leg * weight + 0.6 * sway**2
        part.move_foot(foot, np.stack([0 * up, up, sway], axis=1), under=0.0)


def fall(part: Part, back: bool) -> None:
    """Off the feet to the floor, fast, ahead or back."""
    if back:
        way(
            part,
            ((0.1, None), (0.4, postures.low_squat), (0.65, _leaning), (0.95, postures.on_back)),
        )
    else:
        front = functools.partial(postures.on_front, hands="shoulders")
        way(part, ((0.1, None), (0.4, postures.kneeling), (0.7, postures.all_fours), (0.95, front)))


_p = functools.partial

_leaning = _p(postures.long_seat, lean=-0.75, bent=0.7)

_sprawled = _p(postures.on_front, hands="head")

_side = _p(postures.rolled, angle=0.0, bent=0.6)

_SIT_DOWN: tuple[Step, ...] = ((0.0, None), (0.55, postures.rising), (1.0, postures.chair))

_STAND_UP: tuple[Step, ...] = ((0.0, postures.chair), (0.45, postures.rising), (1.0, None))

_TO_FLOOR: tuple[Step, ...] = ((0.0, None), (0.45, postures.low_squat))

_LIE_DOWN: tuple[Step, ...] = (*_TO_FLOOR, (0.68, _leaning), (1.0, postures.on_back))

_LIE_FRONT: tuple[Step, ...] = (
    (0.0, None),
    (0.35, postures.kneeling),
    (0.62, postures.all_fours),
    (1.0, _sprawled),
)


def _reversed(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    return tuple((1 - time, build) for time, build in reversed(steps))


CHAIR, GROUND, KNEES, FOURS, BACK, FRONT = "chair", "ground", "knees", "fours", "back", "front"
"""Postures that actions begin and end in."""


_f = functools.partial(Action, uses="aotl", layer=2, tempos=True, seconds=2.2)


ACTIONS = (
    _f("sit down", _p(way, steps=_SIT_DOWN), seconds=1.5, after=CHAIR, share=1.5),
    _f("stand up", _p(way, steps=_STAND_UP), seconds=1.5, before=CHAIR, share=1.5),
    _f(
        "sit and stand up again",
        _p(there_and_back, steps=((0.02, None), (0.28, postures.rising), (0.45, postures.chair))),
        seconds=3.2,
        share=0.6,
    ),
    _f(
        "sit",
        _p(still, build=postures.chair),
        seconds=0.0,
        before=CHAIR,
        after=CHAIR,
        tempos=False,
        uses="l",
    ),
    _f(
        "cross legs while sitting",
        cross_leg,
        seconds=2.2,
        before=CHAIR,
        after=CHAIR,
        uses="l",
        share=0.6,
    ),
    _f(
        "swing legs while sitting",
        swing_seated,
        seconds=0.0,
        before=CHAIR,
        after=CHAIR,
        uses="l",
        share=0.6,
    ),
    _f(
        "sit down on the floor",
        _p(way, steps=(*_TO_FLOOR, (1.0, postures.long_seat))),
        after=GROUND,
    ),
    _f(
        "sit down cross-legged",
        _p(way, steps=(*_TO_FLOOR, (1.0, postures.cross_legged))),
        after="crossed",
    ),
    _f(
        "get up from sitting on the floor",
        _p(way, steps=_reversed((*_TO_FLOOR, (1.0, postures.long_seat)))),
        before=GROUND,
    ),
    _f(
        "sit on the floor",
        _p(still, build=postures.long_seat),
        seconds=0.0,
        before=GROUND,
        after=GROUND,
        tempos=False,
        uses="l",
    ),
    _f(
        "sit cross-legged",
        _p(still, build=postures.cross_legged),
        seconds=0.0,
        before="crossed",
        after="crossed",
        tempos=False,
        uses="l",
    ),
    _f(
        "sit on heels",
        _p(still, build=postures.on_heels),
        seconds=0.0,
        before="heels",
        after="heels",
        tempos=False,
        uses="l",
        share=0.7,
    ),
    _f(
        "kneel down",
        _p(way, steps=((0.0, None), (0.5, postures.one_knee), (1.0, postures.kneeling))),
        after=KNEES,
    ),
    _f(
        "kneel on {side} knee",
        _p(way, steps=((0.0, None), (0.8, postures.one_knee))),
        after="one knee",
    ),
    _f(
        "stand up from kneeling",
        _p(way, steps=((0.0, postures.kneeling), (0.5, postures.one_knee), (1.0, None))),
        before=KNEES,
    ),
    _f(
        "kneel",
        _p(still, build=postures.kneeling),
        seconds=0.0,
        before=KNEES,
        after=KNEES,
        tempos=False,
        uses="l",
    ),
    _f(
        "get down on hands and knees",
        _p(way, steps=((0.0, None), (0.5, postures.kneeling), (1.0, postures.all_fours))),
        after=FOURS,
        share=0.7,
    ),
    _f(
        "get up from hands and knees",
        _p(
            way, steps=_reversed(((0.0, None), (0.5, postures.kneeling), (1.0, postures.all_fours)))
        ),
        before=FOURS,
        share=0.7,
    ),
    _f("lie down", _p(way, steps=_LIE_DOWN), seconds=2.8, after=BACK, share=1.2),
    _f("lie down on stomach", _p(way, steps=_LIE_FRONT), seconds=3.0, after=FRONT),
    _f(
        "get up from the floor",
        _p(way, steps=_reversed(_LIE_DOWN)),
        seconds=2.8,
        before=BACK,
        share=1.2,
    ),
    _f("get up from stomach", _p(way, steps=_reversed(_LIE_FRONT)), seconds=3.0, before=FRONT),
    _f(
        "sit up",
        _p(way, steps=((0.0, postures.on_back), (1.0, postures.long_seat))),
        seconds=1.8,
        before=BACK,
        after=GROUND,
    ),
    _f(
        "lie back",
        _p(way, steps=((0.0, postures.long_seat), (1.0, postures.on_back))),
        seconds=1.8,
        before=GROUND,
        after=BACK,
    ),
    _f(
        "lie on back",
        _p(still, build=postures.on_back),
        seconds=0.0,
        before=BACK,
        after=BACK,
        tempos=False,
        uses="l",
    ),
    _f(
        "lie on stomach",
        _p(still, build=_sprawled),
        seconds=0.0,
        before=FRONT,
        after=FRONT,
        tempos=False,
    ),
    _f(
        "lie on side",
        _p(still, build=_side),
        seconds=0.0,
        before="side",
        after="side",
        tempos=False,
    ),
    _f("fall backward", _p(fall, back=True), seconds=1.6, tempos=False, after=BACK),
    _f("fall forward", _p(fall, back=False), seconds=1.6, tempos=False, after="fallen"),
    _f(
        "fall to the knees",
        _p(way, steps=((0.1, None), (0.8, postures.kneeling))),
        seconds=1.2,
        tempos=False,
        after=KNEES,
        share=0.5,
    ),
)
"""Postures, and the ways between them."""

"""Swimming, boats and games with what is thrown and caught."""

import functools

import numpy as np

from motext_jax.data.people.action import Action
from motext_jax.data.people.hands import of, shake, strike, sweep
from motext_jax.data.people.part import Part
from motext_jax.data.people.sports import grip
from motext_jax.data.synthetic.body import LEFT, RIGHT

BOTH = (LEFT, RIGHT)


def swim(part: Part, backward: bool = False) -> None:
    """Both arms in large circles, half a turn apart, the trunk bent ahead or straight."""
    weight = part.held(0.15, 0.15, 0.4)
    phase = part.phase(0.5, 0.8) * (-1 if backward else 1)
    for hand in BOTH:
        angle = phase + (np.pi if hand == RIGHT else 0)
        circle = np.stack(
            [0.85 * np.cos(angle), -0.85 * np.sin(angle), 0 * angle + 0.15, 0 * angle + 0.6], axis=1
        )
        part.place(hand, weight, circle)
    lean = -0.15 if backward else part.draw(0.5, 0.9)
    part.poses.pelvis[:, 0] += 0.6 * lean * weight
    part.poses.spine[:, 0] += 0.4 * lean * weight
    part.poses.neck[:, 0] -= 0.6 * lean * weight
    part.poses.spine[:, 2] += 0.3 * np.sin(phase) * weight


def juggle(part: Part) -> None:
    """The hands toss in turn."""
    weight = part.held(0.12, 0.12, 0.5)
    phase = part.phase(1.1, 1.6)
    for hand in BOTH:
        beat = phase + (np.pi if hand == RIGHT else 0)
        toss = np.clip(np.sin(beat), -0.4, 1)
        circle = np.stack(
            [0 * beat + 0.5, -0.4 + 0.16 * toss, 0.08 * np.cos(beat), 0 * beat + 0.4], axis=1
        )
        part.place(hand, weight, circle)
    part.poses.neck[:, 0] -= 0.25 * weight


_s = functools.partial(Action, seconds=1.9, uses="aot")


ACTIONS = (
    _s(
        "throw a ball up",
        of(
            sweep,
            [(0.4, -0.55, -0.3, 0.4), (0.35, -0.65, -0.3, 0.4), (0.3, 0.6, -0.2, 0.4)],
            (0.25, 0.42, 0.6),
            BOTH,
            knees=(0.05, 0.12, 0.0),
        ),
        seconds=1.7,
    ),
    _s(
        "cast a fishing rod",
        of(
            sweep,
            [(0.5, -0.2, -0.3, 0.5), (0.0, 0.5, 0.2, 0.9), (0.85, 0.1, -0.3, 0.4)],
            (0.22, 0.45, 0.62),
            BOTH,
            bends=(0, -0.1, 0.15),
        ),
        seconds=2.0,
        uses="aot",
    ),
    _s(
        "throw a dart",
        of(strike, (0.25, 0.25, -0.1, 0.5), (0.8, 0.2, -0.2, 0.4), back=0.15),
        counted=False,
        seconds=1.4,
        uses="a",
        share=0.7,
    ),
    _s(
        "throw a frisbee",
        of(
            sweep,
            [(0.3, -0.2, -2.2, 0.8), (0.25, -0.2, -2.3, 0.9), (0.75, -0.05, 0.4, 0.4)],
            (0.25, 0.45, 0.62),
            turns=(-0.5, -0.6, 0.3),
        ),
        seconds=1.5,
        uses="at",
    ),
    _s(
        "row a boat",
        of(
            shake,
            (0.55, -0.3, -0.4, 0.6),
            (0.35, 0.0, 0.0),
            (0.5, 0.8),
            BOTH,
            trunk=(0.3, 0.0, 0.0),
        ),
        seconds=2.8,
    ),
    _s(
        "paddle a canoe",
        of(
            grip,
            [
                (0.6, 0.1, 0.2, 0.6),
                (0.4, -0.5, 0.35, 0.5),
                (0.6, 0.1, -1.9, 0.6),
                (0.4, -0.5, -2.2, 0.5),
            ],
            (0.2, 0.4, 0.6, 0.8),
            (0.2, 0.4, -0.2, -0.4),
        ),
        seconds=2.6,
        share=0.6,
    ),
    _s("swim", swim, seconds=2.8),
    _s("swim backstroke", of(swim, True), seconds=2.8, share=0.6),
    _s(
        "swim breaststroke",
        of(
            sweep,
            [
                (0.45, -0.1, -0.8, 0.6),
                (0.95, -0.05, -0.7, 0.4),
                (0.5, -0.05, 0.8, 0.5),
                (0.45, -0.15, -0.8, 0.7),
                (0.95, -0.05, -0.7, 0.4),
                (0.5, -0.05, 0.8, 0.5),
            ],
            (0.12, 0.28, 0.45, 0.58, 0.72, 0.88),
            BOTH,
            bends=(0.4,) * 6,
        ),
        seconds=3.0,
        share=0.6,
    ),
    _s("juggle", juggle, seconds=2.8, uses="ao", share=0.7),
    _s(
        "swing a lasso",
        of(shake, (0.1, 0.75, 0.1, 0.5), (0.16, 0.0, 0.16), (1.1, 1.6)),
        seconds=2.4,
        uses="a",
        share=0.6,
    ),
)
"""Swimming, boats and games."""

"""Balls, bats, rackets and clubs: sports of the upper body."""

import functools

import numpy as np

from motext_jax.data.people.action import Action
from motext_jax.data.people.hands import of, shake, sweep, together
from motext_jax.data.people.part import Part
from motext_jax.data.synthetic.body import LEFT, RIGHT

BOTH = (LEFT, RIGHT)


def jump_rope_arms(part: Part) -> None:
    """Wrists that turn a rope at the sides."""
    weight = part.held(0.08, 0.08, 0.5)
    phase = part.phase(1.8, 2.4)
    for hand in BOTH:
        circle = np.stack(
            [
                0.1 + 0.07 * np.sin(phase),
                -0.62 + 0.07 * np.cos(phase),
                0 * phase + 0.35,
                0 * phase + 0.3,
            ],
            axis=1,
        )
        part.place(hand, weight, circle)


def grip(part: Part, spots, times, turns, bends=None, knees=None, steps=None) -> None:
    """Both hands on one handle, led through places of the left hand; the trunk does the most."""
    beyond = []
    for forward, up, across, elbow in spots:
        outward = across * part.body.midline if across < 0 else across
        # The right hand is at the same place of the chest: as far to its side as the left is off.
        right = -2 * part.body.midline - outward
        beyond.append((forward, up - 0.06, right / part.body.midline, elbow))
    sweep(part, spots, times, turns=turns, bends=bends, knees=knees, steps=steps, other=beyond)


_s = functools.partial(Action, seconds=1.9, uses="aot")


ACTIONS = (
    _s(
        "throw with {side} hand",
        of(
            sweep,
            [(-0.35, 0.45, 0.5, 0.6), (0.8, 0.45, 0.0, 0.5), (0.5, -0.5, -1.2, 0.5)],
            (0.38, 0.58, 0.75),
            turns=(0.6, -0.4, -0.55),
            bends=(-0.15, 0.15, 0.35),
            steps=(-0.06, 0.07, 0.1),
        ),
        seconds=1.6,
        uses="at",
        share=1.5,
    ),
    _s(
        "throw underarm with {side} hand",
        of(
            sweep,
            [(-0.5, -0.8, 0.2, 0.3), (0.75, -0.4, 0.0, 0.3), (0.6, 0.3, -0.2, 0.4)],
            (0.36, 0.58, 0.72),
            turns=(0.3, -0.2, -0.2),
            bends=(0.25, 0.25, 0.0),
            knees=(0.1, 0.08, 0.0),
        ),
        seconds=1.6,
        uses="at",
    ),
    _s(
        "throw with both hands",
        of(
            sweep,
            [
                (0.0, 0.75, -0.5, 0.7),
                (-0.15, 0.75, -0.5, 0.8),
                (0.85, 0.25, -0.4, 0.5),
                (0.7, -0.4, -0.3, 0.4),
            ],
            (0.25, 0.42, 0.6, 0.75),
            BOTH,
            bends=(-0.1, -0.25, 0.25, 0.35),
        ),
        seconds=1.8,
    ),
    _s(
        "roll a ball",
        of(
            sweep,
            [(-0.5, -0.75, 0.15, 0.3), (0.5, -0.95, 0.0, 0.3), (0.8, -0.2, -0.1, 0.4)],
            (0.35, 0.58, 0.75),
            bends=(0.8, 1.1, 0.5),
            knees=(0.2, 0.25, 0.1),
            steps=(-0.04, 0.06, 0.05),
        ),
        seconds=2.0,
        uses="atl",
    ),
    _s(
        "catch",
        of(
            sweep,
            [(0.85, -0.05, -0.6, 0.4), (0.85, -0.05, -0.6, 0.4), (0.35, -0.3, -0.7, 0.7)],
            (0.35, 0.5, 0.65),
            BOTH,
            bends=(0.1, 0.1, 0.05),
            knees=(0.05, 0.05, 0.08),
        ),
        seconds=1.5,
        uses="ao",
    ),
    _s(
        "catch a ball overhead",
        of(
            sweep,
            [(0.3, 0.85, -0.6, 0.4), (0.3, 0.88, -0.6, 0.4), (0.35, -0.1, -0.7, 0.7)],
            (0.35, 0.5, 0.7),
            BOTH,
        ),
        seconds=1.6,
        uses="ao",
    ),
    _s(
        "pass a ball from the chest",
        of(
            sweep,
            [(0.25, -0.15, -0.5, 1.0), (0.22, -0.15, -0.5, 1.0), (0.95, 0.0, -0.4, 0.4)],
            (0.25, 0.4, 0.55),
            BOTH,
            steps=(0, -0.03, 0.07),
        ),
        seconds=1.5,
        uses="ao",
    ),
    _s(
        "dribble",
        of(
            shake,
            (0.45, -0.6, 0.15, 0.4),
            (0.02, 0.16, 0.0),
            (1.5, 2.2),
            trunk=(0.03, 0.0, 0.0),
            head=0.15,
            stays=0.6,
        ),
        seconds=2.6,
        uses="at",
    ),
    _s(
        "shoot a basketball",
        of(
            sweep,
            [
                (0.35, -0.1, -0.7, 0.7),
                (0.3, 0.25, -0.7, 0.9),
                (0.4, 0.9, -0.7, 0.5),
                (0.5, 0.8, -0.6, 0.5),
            ],
            (0.22, 0.4, 0.56, 0.7),
            BOTH,
            knees=(0.1, 0.16, 0.0, 0.0),
        ),
        seconds=2.0,
        uses="aotl",
    ),
    _s(
        "spike a volleyball",
        of(
            sweep,
            [(-0.2, 0.65, 0.3, 0.8), (0.4, 0.9, 0.0, 0.5), (0.7, -0.2, -0.6, 0.5)],
            (0.36, 0.54, 0.68),
            turns=(0.4, -0.2, -0.4),
            bends=(-0.2, 0.1, 0.35),
        ),
        seconds=1.5,
        uses="at",
    ),
    _s(
        "bump a volleyball",
        of(
            sweep,
            [(0.7, -0.65, -0.9, 0.4), (0.72, -0.7, -0.9, 0.4), (0.85, -0.2, -0.9, 0.4)],
            (0.3, 0.45, 0.62),
            BOTH,
            knees=(0.12, 0.18, 0.04),
            bends=(0.25, 0.3, 0.1),
        ),
        seconds=1.6,
        uses="aotl",
        share=0.7,
    ),
    _s(
        "swing a bat",
        of(
            grip,
            [
                (0.25, 0.2, 0.25, 0.8),
                (0.15, 0.25, 0.4, 0.9),
                (0.8, -0.15, -0.9, 0.5),
                (0.3, 0.15, -2.3, 0.8),
            ],
            (0.22, 0.4, 0.58, 0.75),
            (0.4, 0.7, -0.2, -0.9),
        ),
        seconds=1.8,
    ),
    _s(
        "swing a golf club",
        of(
            grip,
            [
                (0.5, -0.8, -0.9, 0.4),
                (0.15, 0.4, 0.5, 0.8),
                (0.55, -0.8, -0.9, 0.4),
                (0.1, 0.45, -2.3, 0.8),
            ],
            (0.2, 0.45, 0.62, 0.8),
            (0.0, 0.9, -0.1, -1.0),
            bends=(0.55, 0.45, 0.55, 0.1),
        ),
        seconds=2.2,
    ),
    _s(
        "putt a golf ball",
        of(
            grip,
            [(0.5, -0.8, -0.9, 0.4), (0.5, -0.75, -0.55, 0.4), (0.5, -0.75, -1.4, 0.4)],
            (0.25, 0.45, 0.65),
            (0.0, 0.1, -0.15),
            bends=(0.6, 0.6, 0.6),
        ),
        seconds=2.0,
        share=0.5,
    ),
    _s(
        "swing a racket forehand",
        of(
            sweep,
            [(-0.3, -0.1, 0.75, 0.5), (0.75, 0.0, 0.2, 0.4), (0.4, 0.35, -1.8, 0.8)],
            (0.35, 0.56, 0.75),
            turns=(0.7, -0.1, -0.7),
            steps=(-0.03, 0.06, 0.06),
        ),
        seconds=1.7,
        uses="at",
    ),
    _s(
        "swing a racket backhand",
        of(
            sweep,
            [(0.35, -0.2, -2.2, 0.6), (0.75, -0.05, -0.2, 0.4), (0.1, 0.3, 0.8, 0.6)],
            (0.35, 0.56, 0.75),
            turns=(-0.7, -0.1, 0.5),
        ),
        seconds=1.7,
        uses="at",
    ),
    _s(
        "serve in tennis",
        together(
            of(
                sweep,
                [
                    (-0.1, -0.3, 0.4, 0.8),
                    (-0.3, 0.3, 0.3, 1.2),
                    (0.35, 0.93, 0.0, 0.5),
                    (0.6, -0.4, -1.0, 0.5),
                ],
                (0.22, 0.42, 0.6, 0.78),
                turns=(0.3, 0.5, -0.2, -0.5),
                bends=(0, -0.25, 0.1, 0.4),
                other=[
                    (0.5, -0.4, 0.0, 0.4),
                    (0.4, 0.85, 0.1, 0.4),
                    (0.4, -0.3, -0.3, 0.6),
                    (0.3, -0.5, -0.3, 0.6),
                ],
            )
        ),
        seconds=2.1,
    ),
    _s(
        "play table tennis",
        of(shake, (0.5, -0.3, 0.1, 0.5), (0.15, 0.1, 0.35), (0.9, 1.3), trunk=(0.0, 0.0, -0.2)),
        uses="at",
        seconds=2.6,
        share=0.7,
    ),
)
"""Sports of the upper body."""

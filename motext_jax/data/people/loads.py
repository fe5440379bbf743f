"""Loads: what is pushed, pulled, lifted, carried and put down."""

import functools

import numpy as np

from motext_jax.data.people.action import Action
from motext_jax.data.people.hands import of, shake, strike, sweep
from motext_jax.data.people.part import Part
from motext_jax.data.synthetic.body import LEFT, RIGHT

BOTH = (LEFT, RIGHT)


def lift(part: Part, start: float, end: float, stays: bool) -> None:
    """Both hands bring a thing from one height of the trunk's bend to another.

    Args:
      part: the poses change.
      start: how far down it is at first: 1 on the floor, 0 before the belly, below 0 overhead.
      end: where it comes to.
      stays: the clip ends with it in the hands.
    """
    deep = part.key((0, 0.35, 0.45, 0.8, 1), (0, start, start, end, 0 if not stays else end))
    taken = part.key((0, 0.3, 0.85, 1), (0, 1, 1, 1 if stays else 0))
    leg, down = part.body.leg, np.clip(deep, 0, 1)
    bend = part.draw(0.25, 0.6)
    part.sink(bend * 0.85 * leg * down, back=0.16 * leg * down, lean=(1.75 - 0.9 * bend) * down)
    low = np.array([0.6, -0.85, -0.3 * part.body.midline, 0.4])
    middle = np.array([0.5, part.draw(-0.5, -0.3), -0.3 * part.body.midline, 0.5])
    high = np.array([0.25, 0.85, -0.3 * part.body.midline, 0.5])
    up = np.clip(-deep, 0, 1)
    place = down[:, None] * low + up[:, None] * high + (1 - down - up)[:, None] * middle
    for hand in BOTH:
        part.place(hand, taken, place)


_c = functools.partial(Action, seconds=2.3)
"""Work with things."""


ACTIONS = (
    _c(
        "push",
        of(
            sweep,
            [(0.35, -0.15, 0.0, 0.9), (0.95, -0.1, -0.15, 0.4), (0.95, -0.1, -0.15, 0.4)],
            (0.25, 0.55, 0.75),
            BOTH,
            bends=(0.0, 0.35, 0.35),
            steps=(-0.04, 0.1, 0.1),
        ),
        uses="aot",
        seconds=1.9,
    ),
    _c(
        "push with {side} hand",
        of(
            sweep,
            [(0.3, -0.15, 0.0, 0.9), (0.95, -0.05, -0.2, 0.4), (0.95, -0.05, -0.2, 0.4)],
            (0.25, 0.52, 0.72),
            turns=(0.2, -0.3, -0.3),
        ),
        uses="at",
        seconds=1.7,
    ),
    _c(
        "pull",
        of(
            sweep,
            [(0.92, -0.15, -0.2, 0.4), (0.92, -0.15, -0.2, 0.4), (0.3, -0.4, 0.05, 0.8)],
            (0.25, 0.4, 0.75),
            BOTH,
            bends=(0.35, 0.35, -0.25),
            steps=(0.05, 0.05, -0.08),
        ),
        uses="aot",
        seconds=1.9,
    ),
    _c(
        "pull with {side} hand",
        of(
            sweep,
            [(0.92, -0.1, -0.1, 0.4), (0.92, -0.1, -0.1, 0.4), (0.1, -0.35, 0.3, 0.9)],
            (0.25, 0.4, 0.72),
            turns=(-0.3, -0.3, 0.4),
        ),
        uses="at",
        seconds=1.7,
    ),
    _c(
        "pull a rope",
        of(
            shake,
            (0.55, -0.2, -0.6, 0.6),
            (0.3, 0.05, 0.0),
            (0.7, 1.1),
            BOTH,
            opposite=True,
            trunk=(0.0, 0.0, 0.25),
        ),
        uses="aot",
    ),
    _c(
        "climb a rope",
        of(shake, (0.4, 0.45, -0.75, 0.5), (0.0, 0.4, 0.0), (0.6, 0.9), BOTH, opposite=True),
        uses="ao",
        share=0.7,
    ),
    _c("pick something up", of(lift, 1.0, 0.0, True), uses="aotl", seconds=2.4, share=1.3),
    _c(
        "pick something up with {side} hand",
        of(
            sweep,
            [(0.4, -1.0, 0.0, 0.3), (0.4, -1.0, 0.0, 0.3), (0.5, -0.4, -0.2, 0.5)],
            (0.36, 0.48, 0.8),
            bends=(1.3, 1.3, 0.05),
            knees=(0.22, 0.22, 0.0),
        ),
        uses="atl",
        seconds=2.4,
    ),
    _c("put something down", of(lift, 0.0, 1.0, False), uses="aotl", seconds=2.4),
    _c("lift something overhead", of(lift, 0.0, -1.0, True), uses="aotl", seconds=2.4),
    _c(
        "lift weights",
        of(shake, (0.3, 0.4, 0.15, 0.5), (0.0, 0.42, 0.0), (0.4, 0.7), BOTH),
        uses="ao",
    ),
    _c(
        "curl {side} arm",
        of(strike, (0.08, -0.95, 0.1, 0.2), (0.25, -0.18, 0.05, 0.15)),
        counted=True,
        seconds=1.5,
    ),
    _c(
        "put something on a shelf",
        of(
            sweep,
            [(0.5, -0.4, -0.4, 0.5), (0.6, 0.7, -0.4, 0.5), (0.7, 0.65, -0.4, 0.5)],
            (0.25, 0.55, 0.75),
            BOTH,
        ),
        uses="ao",
    ),
    _c(
        "place something on a table",
        of(
            sweep,
            [(0.35, -0.3, -0.5, 0.6), (0.7, -0.5, -0.4, 0.4), (0.7, -0.5, -0.4, 0.4)],
            (0.25, 0.5, 0.7),
            BOTH,
            bends=(0.0, 0.35, 0.35),
        ),
        uses="aot",
    ),
)
"""Pushing, pulling and lifting."""

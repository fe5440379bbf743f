"""Work with things at home and in the workshop; the things are not there to be seen."""

import functools

import numpy as np

from motext_jax.data.people.action import Action
from motext_jax.data.people.hands import AHEAD, hold, of, shake, strike, sweep, together
from motext_jax.data.people.part import Part
from motext_jax.data.synthetic.body import LEFT, RIGHT

BOTH = (LEFT, RIGHT)


def _stir(part: Part, spot, size: float, hertz, hands=(LEFT,), bend: float = 0.0) -> None:
    """Level circles of one or both hands together."""
    weight = part.held(0.15, 0.15, 0.35)
    phase = part.phase(*hertz)
    forward, up, across, elbow = spot
    outward = across * part.body.midline if across < 0 else across
    for hand in hands:
        sign = 1 if hand == LEFT else -1
        circle = np.stack(
            [
                forward + size * np.sin(phase),
                0 * phase + up,
                outward + sign * size * np.cos(phase),
                0 * phase + elbow,
            ],
            axis=1,
        )
        part.place(hand, weight, circle)
    part.poses.spine[:, 0] += bend * weight
    part.poses.neck[:, 0] += 0.25 * weight


_LOOK = (0.45, -0.15, -0.8, 0.6)

_c = functools.partial(Action, seconds=2.3)
"""Work with things."""


ACTIONS = (
    _c(
        "write",
        of(shake, (0.55, -0.35, -0.6, 0.5), (0.015, 0.015, 0.07), (1.4, 2.2), head=0.35),
        uses="at",
    ),
    _c("write on a board", of(shake, (0.72, 0.3, -0.1, 0.4), (0.0, 0.08, 0.14), (0.7, 1.2))),
    _c(
        "paint a wall",
        of(shake, (0.72, 0.2, 0.0, 0.4), (0.0, 0.42, 0.03), (0.5, 0.8), trunk=(0.0, 0.05, 0.0)),
    ),
    _c(
        "type on a keyboard",
        of(
            shake,
            (0.55, -0.42, -0.35, 0.5),
            (0.0, 0.025, 0.01),
            (2.5, 3.6),
            BOTH,
            opposite=True,
            stays=0.6,
        ),
        uses="ao",
    ),
    _c(
        "press a button",
        of(strike, (0.4, -0.1, -0.2, 0.5), (0.9, 0.1, -0.3, 0.4), holds=0.18),
        seconds=1.5,
    ),
    _c(
        "knock on a door",
        of(shake, (0.68, 0.15, -0.3, 0.4), (0.09, 0.03, 0.0), (2.4, 3.4), stays=0.1),
        seconds=1.8,
    ),
    _c(
        "open a door",
        of(
            sweep,
            [(0.75, -0.35, -0.2, 0.4), (0.75, -0.38, -0.2, 0.4), (0.3, -0.42, 0.45, 0.5)],
            (0.3, 0.45, 0.75),
            turns=(0.0, 0.0, 0.25),
            steps=(0.05, 0.05, -0.05),
        ),
        uses="at",
    ),
    _c(
        "close a door",
        of(
            sweep,
            [(0.3, -0.4, 0.5, 0.5), (0.85, -0.35, -0.2, 0.4)],
            (0.3, 0.65),
            turns=(0.25, -0.1),
            steps=(0.0, 0.08),
        ),
        uses="at",
    ),
    _c(
        "pour water",
        of(
            sweep,
            [
                (0.5, -0.25, -0.3, 0.5),
                (0.55, -0.05, -0.6, 1.1),
                (0.55, -0.05, -0.6, 1.2),
                (0.5, -0.25, -0.3, 0.5),
            ],
            (0.2, 0.4, 0.7, 0.88),
        ),
        share=0.7,
    ),
    _c("stir a pot", of(_stir, (0.5, -0.38, -0.7, 0.6), 0.13, (0.8, 1.3))),
    _c("wipe a table", of(_stir, (0.65, -0.55, -0.3, 0.4), 0.22, (0.7, 1.1), bend=0.5), uses="at"),
    _c(
        "clean a window",
        of(shake, (0.72, 0.3, 0.0, 0.4), (0.0, 0.25, 0.25), (0.7, 1.1), circles=True),
        uses="a",
    ),
    _c(
        "sweep the floor",
        of(
            shake,
            (0.5, -0.55, -0.8, 0.5),
            (0.12, 0.0, 0.18),
            (0.6, 0.9),
            BOTH,
            trunk=(0.0, 0.0, 0.18),
            head=0.3,
        ),
        uses="aot",
    ),
    _c(
        "vacuum the floor",
        of(
            shake,
            (0.6, -0.55, -0.2, 0.4),
            (0.28, 0.0, 0.0),
            (0.5, 0.8),
            trunk=(0.12, 0.0, 0.0),
            head=0.3,
        ),
        uses="at",
    ),
    _c("hammer", of(shake, (0.55, 0.0, -0.4, 0.5), (0.1, 0.3, 0.0), (1.1, 1.7)), counted=False),
    _c(
        "saw wood",
        of(shake, (0.5, -0.45, -0.3, 0.5), (0.3, -0.08, 0.0), (1.0, 1.5), trunk=(0.08, 0.0, 0.1)),
        uses="at",
    ),
    _c(
        "chop wood",
        of(
            sweep,
            [(0.3, 0.75, -0.9, 0.7), (0.25, 0.85, -0.9, 0.8), (0.6, -0.7, -0.9, 0.5)],
            (0.25, 0.45, 0.65),
            BOTH,
            bends=(-0.1, -0.2, 0.9),
            knees=(0, 0, 0.15),
        ),
        uses="aotl",
        seconds=1.9,
    ),
    _c(
        "dig with a shovel",
        of(
            sweep,
            [(0.55, -0.8, -0.8, 0.5), (0.6, -0.85, -0.8, 0.5), (0.45, -0.1, 0.3, 0.6)],
            (0.3, 0.45, 0.75),
            BOTH,
            bends=(0.7, 0.8, 0.1),
            turns=(-0.2, -0.2, 0.6),
            knees=(0.12, 0.15, 0.02),
        ),
        uses="aotl",
        seconds=2.2,
    ),
    _c(
        "cut with scissors",
        of(shake, (0.52, -0.3, -0.8, 0.6), (0.06, 0.04, 0.01), (0.9, 1.4), head=0.3),
        share=0.6,
    ),
    _c(
        "chop vegetables",
        of(shake, (0.5, -0.4, -0.6, 0.6), (0.03, 0.08, 0.0), (2.0, 3.0), head=0.3),
        uses="at",
    ),
    _c(
        "sew",
        together(
            of(hold, (0.42, -0.28, -0.9, 0.6), (RIGHT,), stays=0.6, head=0.4),
            of(shake, (0.42, -0.2, -0.8, 0.7), (0.06, 0.16, -0.1), (0.6, 1.0)),
        ),
        uses="aot",
    ),
    _c(
        "knit",
        of(
            shake,
            (0.42, -0.34, -0.88, 0.6),
            (0.03, 0.04, 0.04),
            (1.2, 1.9),
            BOTH,
            opposite=True,
            head=0.3,
            stays=0.7,
        ),
        uses="aot",
        share=0.6,
    ),
    _c(
        "wring a towel",
        of(shake, (0.5, -0.3, -0.75, 0.8), (0.06, 0.08, 0.0), (0.7, 1.1), BOTH, opposite=True),
        uses="ao",
        share=0.6,
    ),
    _c(
        "steer a car",
        of(
            shake,
            (0.7, -0.15, -0.3, 0.4),
            (0.0, 0.2, 0.0),
            (0.4, 0.7),
            BOTH,
            opposite=True,
            stays=0.7,
        ),
        uses="ao",
    ),
    _c(
        "turn a crank",
        of(shake, (0.5, -0.25, -0.4, 0.5), (0.2, 0.2, 0.0), (0.9, 1.4), circles=True),
        share=0.7,
    ),
    _c(
        "unscrew a lid",
        together(
            of(hold, (0.45, -0.4, -0.85, 0.6), (RIGHT,), stays=0.5),
            of(shake, (0.45, -0.25, -0.88, 0.9), (0.05, 0.02, 0.06), (1.2, 1.8), circles=True),
        ),
        uses="ao",
        share=0.7,
    ),
    _c("shake a bottle", of(shake, (0.45, 0.0, -0.2, 0.5), (0.03, 0.14, 0.0), (2.4, 3.4))),
    _c(
        "play with a yo-yo",
        of(shake, (0.4, -0.35, 0.1, 0.4), (0.02, 0.14, 0.0), (0.9, 1.4), head=0.25),
        share=0.4,
    ),
    _c("hold an umbrella", of(hold, (0.35, 0.05, -0.2, 0.4), via=AHEAD, stays=0.8), share=0.5),
    _c(
        "feed animals",
        of(
            sweep,
            [
                (0.4, -0.4, -0.4, 0.5),
                (0.75, -0.3, 0.4, 0.4),
                (0.4, -0.4, -0.4, 0.5),
                (0.75, -0.3, 0.4, 0.4),
            ],
            (0.2, 0.4, 0.6, 0.8),
        ),
        share=0.6,
    ),
    _c(
        "hang up laundry",
        of(
            sweep,
            [(0.4, -0.4, -0.4, 0.5), (0.5, 0.75, -0.1, 0.5), (0.5, 0.75, 0.1, 0.5)],
            (0.25, 0.5, 0.75),
            BOTH,
        ),
        uses="ao",
        share=0.6,
    ),
    _c(
        "fold clothes",
        of(
            sweep,
            [
                (0.6, -0.4, 0.3, 0.5),
                (0.55, -0.35, -0.9, 0.6),
                (0.6, -0.45, 0.25, 0.5),
                (0.5, -0.4, -0.9, 0.6),
            ],
            (0.2, 0.42, 0.62, 0.82),
            BOTH,
        ),
        uses="ao",
        share=0.6,
    ),
)
"""Work with things."""

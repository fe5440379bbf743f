"""Blows, blades and shots."""

import functools

import numpy as np

from motext_jax.data.people.action import Action
from motext_jax.data.people.hands import hold, of, strike, sweep, together
from motext_jax.data.people.part import Part
from motext_jax.data.people.sports import grip
from motext_jax.data.synthetic.body import LEFT, RIGHT
from motext_jax.data.synthetic.take import ease

BOTH = (LEFT, RIGHT)

_GUARD = (0.38, 0.02, -0.35, 0.5)


def combination(part: Part) -> None:
    """Jabs of the left and crosses of the right in turn, on the balls of the feet."""
    weight = part.held(0.12, 0.12, 0.4)
    for hand in BOTH:
        part.place(hand, weight, (0.36, -0.02, -0.35 * part.body.midline, 0.6))
    phase = part.phase(0.8, 1.3)
    for hand in BOTH:
        blow = ease(np.clip(1.7 * np.sin(phase + (np.pi if hand == RIGHT else 0)) - 0.6, 0, 1))
        part.place(
            hand, blow * weight, (0.95, part.draw(-0.05, 0.2), -0.5 * part.body.midline, 0.5)
        )
        part.poses.spine[:, 2] += (-0.5 if hand == LEFT else 0.5) * blow * weight
    part.poses.crouch += 0.05 * part.body.leg * weight


_s = functools.partial(Action, seconds=1.9, uses="aot")


ACTIONS = (
    _s(
        "punch with {side} hand",
        of(strike, _GUARD, (0.97, 0.05, -0.55, 0.5), turn=0.45, back=0.15, guard=_GUARD, step=0.05),
        counted=True,
        seconds=1.3,
        share=1.5,
    ),
    _s(
        "jab with {side} hand",
        of(
            strike,
            (0.4, 0.08, -0.3, 0.4),
            (0.95, 0.15, -0.4, 0.4),
            turn=0.2,
            guard=_GUARD,
            holds=0.02,
        ),
        counted=True,
        seconds=0.95,
        tempos=False,
    ),
    _s(
        "hook with {side} hand",
        of(
            sweep,
            [(0.2, 0.05, 0.5, 1.3), (0.6, 0.1, -0.9, 1.4), (0.45, 0.05, -1.6, 1.2)],
            (0.3, 0.52, 0.68),
            turns=(0.5, -0.5, -0.7),
            steps=(0, 0.04, 0.04),
        ),
        seconds=1.3,
    ),
    _s(
        "uppercut with {side} hand",
        of(
            sweep,
            [(0.15, -0.6, 0.1, 0.5), (0.6, 0.35, -0.5, 0.4), (0.55, 0.45, -0.6, 0.5)],
            (0.3, 0.52, 0.65),
            turns=(0.35, -0.4, -0.4),
            knees=(0.14, 0.0, 0.0),
        ),
        seconds=1.3,
    ),
    _s("box", combination, seconds=2.8, share=1.3),
    _s(
        "elbow strike with {side} arm",
        of(strike, (0.25, -0.1, 0.2, 1.5), (0.35, 0.02, -1.5, 1.8), turn=0.55),
        uses="at",
        seconds=1.3,
        noun=True,
    ),
    _s(
        "chop with {side} hand",
        of(strike, (0.1, 0.5, 0.2, 0.8), (0.75, -0.25, -0.5, 0.4), bend=0.1),
        uses="at",
        counted=True,
        seconds=1.2,
    ),
    _s(
        "block with both arms",
        of(hold, (0.35, 0.18, -0.6, 0.7), BOTH, stays=0.3, bend=0.1),
        seconds=1.4,
    ),
    _s(
        "slap",
        of(
            sweep,
            [(0.3, 0.1, 0.6, 0.8), (0.7, 0.1, -0.4, 0.4), (0.5, 0.0, -1.6, 0.6)],
            (0.3, 0.5, 0.65),
            turns=(0.35, -0.3, -0.5),
        ),
        seconds=1.2,
        uses="at",
    ),
    _s(
        "swing a sword",
        of(
            grip,
            [(0.2, 0.75, -0.8, 0.7), (0.15, 0.8, -0.8, 0.8), (0.75, -0.3, -0.95, 0.5)],
            (0.25, 0.42, 0.6),
            (0.0, 0.0, 0.0),
            bends=(-0.1, -0.15, 0.25),
            steps=(0, 0, 0.08),
        ),
        counted=False,
        seconds=1.6,
    ),
    _s(
        "slash diagonally",
        of(
            sweep,
            [(0.1, 0.65, 0.5, 0.8), (0.7, 0.0, -0.6, 0.5), (0.4, -0.55, -1.8, 0.5)],
            (0.32, 0.54, 0.7),
            turns=(0.5, -0.1, -0.6),
        ),
        seconds=1.4,
        uses="at",
    ),
    _s(
        "fence",
        of(strike, (0.35, -0.15, 0.0, 0.5), (0.97, 0.0, -0.2, 0.3), turn=0.4, step=0.16),
        counted=True,
        seconds=1.3,
        uses="at",
    ),
    _s(
        "shoot a bow",
        together(
            of(hold, (0.2, 0.08, 0.95, 0.1), stays=0.3, turn=-0.2),
            of(
                sweep,
                [
                    (0.6, 0.05, -2.2, 1.2),
                    (0.6, 0.05, -2.2, 1.2),
                    (0.15, 0.12, -0.3, 1.8),
                    (0.1, 0.12, 0.2, 1.8),
                ],
                (0.28, 0.36, 0.62, 0.75),
                (RIGHT,),
            ),
        ),
        seconds=2.5,
    ),
    _s(
        "aim a rifle",
        together(
            of(hold, (0.75, 0.08, -0.7, 0.5), stays=0.7, turn=0.2),
            of(hold, (0.32, 0.08, -0.4, 1.2), (RIGHT,), stays=0.7),
        ),
        seconds=2.2,
    ),
)
"""Fighting of the upper body."""

"""Music: instruments that are not there to be seen."""

import functools

from motext_jax.data.people.action import Action
from motext_jax.data.people.hands import hold, of, shake, together
from motext_jax.data.synthetic.body import LEFT, RIGHT

BOTH = (LEFT, RIGHT)


_s = functools.partial(Action, seconds=1.9, uses="aot")


ACTIONS = (
    _s(
        "play guitar",
        together(
            of(hold, (0.35, -0.2, 0.5, 0.5), stays=0.7),
            of(
                shake,
                (0.3, -0.48, -0.85, 0.8),
                (0.02, 0.1, 0.0),
                (1.8, 2.8),
                (RIGHT,),
                stays=0.7,
                head=0.25,
            ),
        ),
        seconds=2.8,
    ),
    _s(
        "play piano",
        of(
            shake,
            (0.6, -0.42, -0.2, 0.4),
            (0.0, 0.04, 0.12),
            (0.9, 1.6),
            BOTH,
            opposite=True,
            head=0.25,
            stays=0.7,
        ),
        seconds=2.8,
    ),
    _s(
        "play violin",
        together(
            of(hold, (0.45, 0.1, 0.35, 0.3), stays=0.7),
            of(shake, (0.4, -0.05, -0.6, 0.9), (0.1, -0.1, 0.2), (0.6, 1.2), (RIGHT,), stays=0.7),
        ),
        seconds=2.8,
    ),
    _s(
        "play cello",
        together(
            of(hold, (0.3, 0.05, -0.3, 0.9), stays=0.7),
            of(shake, (0.45, -0.6, -0.3, 0.6), (0.0, -0.05, 0.24), (0.6, 1.0), (RIGHT,), stays=0.7),
        ),
        seconds=2.8,
        share=0.5,
    ),
    _s(
        "play drums",
        of(
            shake,
            (0.5, -0.28, -0.25, 0.6),
            (0.05, 0.18, 0.0),
            (1.6, 2.6),
            BOTH,
            opposite=True,
            stays=0.6,
        ),
        seconds=2.8,
        uses="ao",
    ),
    _s(
        "play the flute",
        together(
            of(shake, (0.38, 0.14, -1.6, 0.9), (0.0, 0.01, 0.01), (0.5, 1.0), stays=0.8),
            of(hold, (0.25, 0.14, 0.05, 1.1), (RIGHT,), stays=0.8),
        ),
        seconds=2.6,
    ),
    _s(
        "play trumpet",
        of(shake, (0.48, 0.17, -0.92, 0.7), (0.0, 0.02, 0.0), (0.5, 1.0), BOTH, stays=0.7),
        seconds=2.6,
        uses="ao",
        share=0.7,
    ),
    _s(
        "play accordion",
        of(shake, (0.35, -0.3, 0.0, 0.7), (0.0, 0.0, 0.22), (0.5, 0.8), BOTH, stays=0.6),
        seconds=2.6,
        uses="ao",
        share=0.5,
    ),
    _s(
        "play maracas",
        of(shake, (0.42, -0.1, 0.1, 0.5), (0.05, 0.13, 0.0), (2.2, 3.0), BOTH, opposite=True),
        seconds=2.4,
        uses="ao",
        share=0.6,
    ),
    _s(
        "shake a tambourine",
        of(shake, (0.4, 0.15, 0.1, 0.5), (0.03, 0.06, 0.1), (2.4, 3.2)),
        seconds=2.4,
        uses="a",
        share=0.6,
    ),
)
"""Instruments."""

"""Care of the body and small things of the day: eating, washing, dressing, the phone."""

import functools

from motext_jax.data.people.action import Action
from motext_jax.data.people.chores import _stir
from motext_jax.data.people.hands import hold, of, shake, sweep
from motext_jax.data.synthetic.body import LEFT, RIGHT

BOTH = (LEFT, RIGHT)

_EAR = (0.08, 0.26, -0.4, 0.9)

_MOUTH = (0.32, 0.18, -0.95, 0.6)


_c = functools.partial(Action, seconds=2.3)


ACTIONS = (
    _c("talk on the phone", of(hold, _EAR, stays=0.8)),
    _c(
        "look at a phone",
        of(shake, (0.5, -0.3, -0.7, 0.5), (0.01, 0.015, 0.01), (0.5, 1.0), head=0.45, stays=0.8),
        uses="at",
    ),
    _c("take a photo", of(hold, (0.6, 0.18, -0.8, 0.7), BOTH, stays=0.6), uses="ao"),
    _c("take a selfie", of(hold, (0.8, 0.4, 0.25, 0.3), stays=0.6, head=-0.1), share=0.6),
    _c(
        "drink",
        of(
            sweep,
            [(0.45, -0.35, -0.4, 0.5), _MOUTH, _MOUTH, (0.45, -0.35, -0.4, 0.5)],
            (0.2, 0.4, 0.65, 0.85),
        ),
    ),
    _c("eat", of(shake, (0.36, -0.1, -0.75, 0.6), (-0.06, 0.27, -0.05), (0.45, 0.7), head=0.12)),
    _c("brush teeth", of(shake, (0.32, 0.2, -0.75, 1.1), (0.0, 0.02, 0.1), (2.2, 3.2))),
    _c("comb hair", of(shake, (0.1, 0.42, -0.5, 1.1), (0.14, -0.12, 0.03), (0.7, 1.1))),
    _c(
        "wash hair",
        of(shake, (0.08, 0.42, -0.55, 1.3), (0.07, 0.04, 0.07), (1.5, 2.3), BOTH, opposite=True),
        uses="ao",
    ),
    _c(
        "wash face",
        of(shake, (0.28, 0.2, -0.75, 0.7), (0.0, 0.09, 0.04), (1.4, 2.0), BOTH, head=0.25),
        uses="aot",
    ),
    _c(
        "wash hands",
        of(
            shake,
            (0.5, -0.42, -0.9, 0.6),
            (0.05, 0.0, 0.05),
            (1.5, 2.3),
            BOTH,
            opposite=True,
            head=0.25,
        ),
        uses="ao",
    ),
    _c(
        "rub hands",
        of(shake, (0.42, -0.3, -0.96, 0.7), (0.07, 0.02, 0.0), (2.2, 3.2), BOTH, opposite=True),
        uses="ao",
    ),
    _c("rub belly", of(_stir, (0.34, -0.42, -0.95, 0.8), 0.07, (0.9, 1.4))),
    _c(
        "rub eyes",
        of(shake, (0.3, 0.27, -0.82, 0.7), (0.0, 0.02, 0.035), (1.8, 2.6), BOTH, head=0.2),
        uses="aot",
        share=0.7,
    ),
    _c("wipe forehead", of(sweep, [(0.3, 0.35, -1.6, 0.8), (0.25, 0.36, -0.4, 1.0)], (0.35, 0.65))),
    _c("rub neck", of(shake, (-0.12, 0.16, -0.6, 1.4), (0.0, 0.05, 0.04), (1.0, 1.6))),
    _c("scratch head", of(shake, (0.05, 0.46, -0.6, 1.1), (0.04, 0.03, 0.04), (2.2, 3.2))),
    _c("scratch arm", of(shake, (0.36, -0.5, -1.6, 0.5), (0.05, 0.08, 0.02), (2.0, 3.0))),
    _c("scratch back", of(shake, (-0.3, -0.5, -0.5, 1.2), (0.0, 0.06, 0.04), (2.0, 3.0))),
    _c(
        "put on a hat",
        of(
            sweep,
            [(0.5, -0.2, -0.3, 0.7), (0.12, 0.6, -0.5, 1.2), (0.1, 0.5, -0.5, 1.2)],
            (0.25, 0.5, 0.75),
            BOTH,
        ),
        uses="ao",
    ),
    _c(
        "put on glasses",
        of(
            sweep,
            [(0.5, -0.1, -0.4, 0.7), (0.25, 0.3, -0.6, 1.0), (0.2, 0.3, -0.55, 1.0)],
            (0.25, 0.5, 0.75),
            BOTH,
        ),
        uses="ao",
        share=0.7,
    ),
    _c(
        "put on a jacket",
        of(
            sweep,
            [
                (0.4, -0.4, 0.3, 0.6),
                (-0.35, -0.2, 0.7, 0.9),
                (0.3, 0.0, 0.3, 0.9),
                (0.3, -0.4, -0.5, 0.7),
            ],
            (0.2, 0.42, 0.62, 0.82),
            BOTH,
        ),
        uses="ao",
        seconds=2.8,
    ),
    _c("look at watch", of(hold, (0.45, -0.12, -0.8, 1.1), stays=0.3, head=0.35), uses="at"),
    _c("read a book", of(hold, (0.5, -0.22, -0.6, 0.5), BOTH, stays=0.8, head=0.4), uses="aot"),
)
"""Care of the body and small things of the day."""

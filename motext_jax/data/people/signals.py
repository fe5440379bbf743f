"""Signals and small things of one or both hands: thumbs, toasts, binoculars, babies."""

import functools

from motext_jax.data.people.action import Action
from motext_jax.data.people.hands import AHEAD, hold, of, shake, strike, sweep, together
from motext_jax.data.synthetic.body import LEFT, RIGHT

BOTH = (LEFT, RIGHT)
_two = functools.partial(Action, uses="ao", share=0.7)
_one = functools.partial(Action, share=0.7)
_BELLY = (0.45, -0.4, -0.8, 0.6)

ACTIONS = (
    _one("give a thumbs up", of(hold, (0.7, -0.1, -0.2, 0.3), stays=0.4)),
    _one(
        "hitchhike", of(shake, (0.35, -0.15, 0.65, 0.4), (0.0, 0.05, 0.1), (0.6, 1.0)), seconds=2.4
    ),
    _one(
        "hail a taxi",
        of(shake, (0.45, 0.75, 0.3, 0.4), (0.04, 0.08, 0.12), (1.0, 1.6), hands=(LEFT,)),
    ),
    _one("raise a glass", of(hold, (0.65, 0.3, -0.2, 0.4), via=(0.5, -0.3, -0.2, 0.5), stays=0.3)),
    _one(
        "toss a coin",
        of(strike, (0.45, -0.45, -0.3, 0.4), (0.5, 0.0, -0.3, 0.4), back=0.2),
        seconds=1.3,
    ),
    _one(
        "smoke",
        of(
            sweep,
            [(0.3, 0.18, -0.95, 0.5), (0.3, 0.18, -0.95, 0.5), (0.45, -0.45, 0.1, 0.5)],
            (0.25, 0.5, 0.8),
        ),
        seconds=2.6,
    ),
    _one("shave", of(shake, (0.27, 0.16, -0.75, 0.8), (0.01, 0.07, 0.02), (0.8, 1.3)), seconds=2.4),
    _one(
        "put on lipstick",
        of(shake, (0.34, 0.18, -0.95, 0.6), (0.0, 0.01, 0.04), (0.8, 1.3)),
        seconds=2.4,
    ),
    _one(
        "wave a flag",
        of(shake, (0.4, 0.5, 0.2, 0.5), (0.05, 0.12, 0.4), (0.6, 0.9), circles=True),
        seconds=2.6,
    ),
    _one(
        "crack a whip",
        of(sweep, [(-0.2, 0.6, 0.4, 0.8), (0.9, 0.0, 0.0, 0.4)], (0.35, 0.52), turns=(0.4, -0.3)),
        seconds=1.4,
        uses="at",
    ),
    _one(
        "sing into a microphone",
        of(hold, (0.34, 0.08, -0.9, 0.5), via=AHEAD, stays=0.8),
        seconds=2.4,
    ),
    _one(
        "pet an animal",
        of(
            shake,
            (0.55, -0.65, -0.1, 0.4),
            (0.2, 0.02, 0.03),
            (0.5, 0.9),
            trunk=(0.05, 0, 0),
            head=0.35,
        ),
        seconds=2.6,
        uses="at",
    ),
    _one(
        "water plants",
        of(shake, (0.6, -0.4, -0.1, 0.8), (0.02, 0.03, 0.2), (0.35, 0.6), head=0.25),
        seconds=2.6,
    ),
    _one(
        "iron clothes",
        of(shake, (0.55, -0.5, -0.1, 0.6), (0.06, 0.0, 0.26), (0.5, 0.8), head=0.35),
        seconds=2.6,
    ),
    _two("look through binoculars", of(hold, (0.3, 0.28, -0.75, 0.9), BOTH, stays=0.7)),
    _two(
        "rock a baby",
        of(
            shake,
            (0.38, -0.35, -1.0, 0.7),
            (0.0, 0.05, 0.1),
            (0.5, 0.8),
            BOTH,
            opposite=True,
            head=0.35,
        ),
        seconds=2.8,
    ),
    _two("hold a baby", of(hold, (0.36, -0.3, -1.1, 0.7), BOTH, stays=0.8, head=0.35)),
    _two("make a heart with hands", of(hold, (0.5, -0.08, -0.92, 1.0), BOTH, stays=0.5)),
    _two(
        "make a heart overhead",
        of(hold, (0.08, 0.72, -0.8, 1.5), BOTH, via=(0.2, 0.2, 1.2, 0.5), stays=0.5),
    ),
    _two(
        "zip up a jacket",
        of(sweep, [(0.32, -0.72, -0.95, 0.6), (0.3, -0.1, -0.95, 0.7)], (0.3, 0.7), BOTH),
        seconds=2.0,
    ),
    _two(
        "tie a tie",
        of(
            shake,
            (0.28, -0.08, -0.9, 0.8),
            (0.03, 0.07, 0.06),
            (0.8, 1.3),
            BOTH,
            opposite=True,
            circles=True,
        ),
        seconds=2.6,
    ),
    _two(
        "wash dishes",
        of(
            shake,
            (0.5, -0.45, -0.75, 0.6),
            (0.06, 0.03, 0.05),
            (1.1, 1.7),
            BOTH,
            opposite=True,
            circles=True,
            head=0.35,
        ),
        seconds=2.6,
    ),
    _two(
        "knead dough",
        of(
            shake,
            (0.55, -0.55, -0.7, 0.5),
            (0.14, 0.05, 0.0),
            (0.9, 1.4),
            BOTH,
            trunk=(0.12, 0, 0),
            head=0.3,
        ),
        seconds=2.6,
        uses="aot",
    ),
    _two(
        "play cards",
        together(
            of(hold, (0.42, -0.25, -0.7, 0.6), stays=0.6, head=0.25),
            of(
                sweep,
                [(0.4, -0.2, -0.7, 0.6), (0.7, -0.5, -0.2, 0.4), (0.4, -0.2, -0.7, 0.6)],
                (0.3, 0.55, 0.8),
                (RIGHT,),
            ),
        ),
        seconds=2.6,
    ),
    _two(
        "play a video game",
        of(shake, _BELLY, (0.01, 0.02, 0.02), (1.5, 2.5), BOTH, opposite=True, stays=0.7),
        seconds=2.4,
    ),
    _two(
        "open a box",
        of(sweep, [(0.5, -0.4, -0.85, 0.5), (0.45, -0.15, 0.3, 0.6)], (0.35, 0.65), BOTH),
        seconds=2.0,
    ),
    _two(
        "tear paper",
        of(sweep, [(0.45, -0.2, -0.9, 0.6), (0.4, -0.3, 0.2, 0.6)], (0.35, 0.55), BOTH),
        seconds=1.6,
    ),
    _two(
        "push hands down",
        of(sweep, [(0.4, 0.0, -0.2, 1.0), (0.4, -0.7, -0.1, 0.4)], (0.3, 0.65), BOTH),
        seconds=1.8,
    ),
    _two(
        "part a curtain",
        of(sweep, [(0.7, 0.1, -0.9, 0.5), (0.55, 0.1, 0.6, 0.4)], (0.35, 0.65), BOTH),
        seconds=1.9,
    ),
    _two(
        "do tai chi",
        of(
            shake,
            (0.55, -0.2, 0.0, 0.6),
            (0.2, 0.25, 0.25),
            (0.2, 0.32),
            BOTH,
            circles=True,
            trunk=(0.0, 0.05, 0.25),
        ),
        seconds=3.4,
        uses="aot",
        tempos=False,
    ),
)
"""Signals and small things."""

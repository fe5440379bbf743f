"""Draws what happens in a clip: one action, two in a row, or two at once."""

import dataclasses

import numpy as np

from motext_jax.data.people.action import STAND, Action
from motext_jax.data.people.actions import ACTIONS, KINDS
from motext_jax.data.people.plan import PAIR, SEQUENCE, SINGLE, Deed, Plan
from motext_jax.data.people.styles import NEUTRAL, STYLES, Style

_MANNER_SHARES = (0.2, 0.6, 0.2)
_STYLED = 0.35
"""Share of clips with a style."""

_CHILDREN = 0.12

_STAIRS = ("stairs",)
_LONG = 2.3
"""The usual seconds of what may be half of a sequence, at most."""


def _fits_sequence(action: Action) -> bool:
    """True for actions that a second one may come before or after."""
    short = (action.seconds <= _LONG or action.layer == 2) and action.styled
    named = not any(word in action.name for word in _STAIRS) and action.name != "stand still"
    still = action.before != STAND and action.before == action.after and not action.seconds
    return short and named and not still and action.share > 0


_FIRST = tuple(a for a in ACTIONS if _fits_sequence(a))
_AFTER = {
    posture: tuple(a for a in _FIRST if a.before == posture)
    for posture in {a.before for a in ACTIONS}
}
"""Actions that may come second, by the posture that the first ends in."""

_STARTS = tuple(a for a in _FIRST if _AFTER.get(a.after))

# What legs do on their own while arms do something else.
_LEGS = tuple(
    a
    for a in ACTIONS
    if a.uses == "l"
    and a.styled
    and not a.seconds
    and (a.layer == 0 or (a.layer == 2 and a.before == a.after))
)
_ARMS = tuple(
    a
    for a in ACTIONS
    if a.layer == 3
    and a.share > 0
    and (a.uses == "h" or set(a.uses) & {"a", "o"})
    and "l" not in a.uses
)
_STILL_ARMS = tuple(a for a in _ARMS if "t" not in a.uses)
"""Actions that leave the trunk where it is: somebody who sits or lies can do them as well."""


def _choose(rng: np.random.Generator, actions: tuple[Action, ...]) -> Action:
    shares = np.array([action.share for action in actions])
    return actions[rng.choice(len(actions), p=shares / shares.sum())]


def _deed(
    rng: np.random.Generator, action: Action, side: int | None = None, plain: bool = False
) -> Deed:
    """An action with all that is drawn of it."""
    side = int(rng.integers(2)) if side is None else side
    if plain:
        return Deed(action, side, count=0)
    count = int(rng.integers(1, 4)) if action.counted else 0
    tempo = (
        str(rng.choice(("quick", "usual", "slow"), p=_MANNER_SHARES)) if action.tempos else "usual"
    )
    size = str(rng.choice(("small", "usual", "big"), p=_MANNER_SHARES)) if action.sizes else "usual"
    return Deed(action, side, tempo, size, count)


def _style(rng: np.random.Generator) -> Style:
    return STYLES[rng.integers(len(STYLES))] if rng.random() < _STYLED else NEUTRAL


def single(rng: np.random.Generator, category: str) -> Plan:
    """One action of a category."""
    action, side = KINDS[category]
    style = _style(rng) if action.styled else NEUTRAL
    deed = _deed(rng, action, side if action.sided else None)
    if style.name:
        # What a style does to tempo and size is not to contradict the words for them.
        deed = dataclasses.replace(deed, tempo="usual", size="usual")
    return Plan(SINGLE, (deed,), style, bool(rng.random() < _CHILDREN))


def sequence(rng: np.random.Generator) -> Plan:
    """Two different actions, the second from the posture that the first ends in."""
    while True:
        first = _choose(rng, _STARTS)
        second = _choose(rng, _AFTER[first.after])
        # Its twin has to be another sentence, and two ways over the floor look alike.
        if first.name != second.name and first.after == second.before:
            break
    deeds = (_deed(rng, first, plain=True), _deed(rng, second, plain=True))
    return Plan(SEQUENCE, deeds, _style(rng), bool(rng.random() < _CHILDREN))


def pair(rng: np.random.Generator) -> Plan:
    """Draws an action of the legs and one of arms, trunk or head at the same time."""
    legs = _choose(rng, _LEGS)
    arms = _choose(rng, _STILL_ARMS if legs.layer == 2 else _ARMS)
    deeds = (_deed(rng, legs, plain=True), _deed(rng, arms, plain=True))
    return Plan(PAIR, deeds, _style(rng), bool(rng.random() < _CHILDREN))

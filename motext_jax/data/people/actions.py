"""All actions, and their categories."""

from motext_jax.data.people import (
    care,
    chores,
    dances,
    exercises,
    fights,
    floor,
    games,
    gestures,
    jumps,
    legs,
    loads,
    music,
    outings,
    signals,
    sports,
    steps,
    travel,
    trunk,
)
from motext_jax.data.people.action import Action
from motext_jax.data.people.plan import named
from motext_jax.data.synthetic.body import LEFT, RIGHT

ACTIONS: tuple[Action, ...] = (
    *travel.ACTIONS,
    *steps.ACTIONS,
    *jumps.ACTIONS,
    *legs.ACTIONS,
    *dances.ACTIONS,
    *floor.ACTIONS,
    *exercises.ACTIONS,
    *trunk.ACTIONS,
    *gestures.ACTIONS,
    *care.ACTIONS,
    *chores.ACTIONS,
    *loads.ACTIONS,
    *sports.ACTIONS,
    *games.ACTIONS,
    *fights.ACTIONS,
    *music.ACTIONS,
    *outings.ACTIONS,
    *signals.ACTIONS,
)

KINDS: dict[str, tuple[Action, int]] = {
    named(action, side): (action, side)
    for action in sorted(ACTIONS, key=lambda action: -action.share)
    for side in ((LEFT, RIGHT) if action.sided else (LEFT,))
}
"""Action and side of each category, the most frequent first."""

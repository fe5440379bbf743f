"""Twins: what a clip of two actions is to be told from by its words alone."""

import dataclasses
from collections.abc import Mapping

from motext_jax.data.people.actions import KINDS
from motext_jax.data.people.plan import PAIR, SEQUENCE, Plan

_OTHER_WAY: Mapping[str, str] = {
    "walk": "walk backward",
    "run": "run backward",
    "run backward": "run",
    "walk backward": "walk",
    "walk up stairs": "walk down stairs",
    "walk down stairs": "walk up stairs",
    "run up stairs": "walk down stairs",
    "sit": "kneel",
    "kneel": "sit",
    "sit on the floor": "kneel",
    "sit cross-legged": "sit",
    "sit on heels": "sit",
    "swing legs while sitting": "kneel",
    "lie on back": "sit",
}
"""Other actions of the legs; of a way over the floor that is not here, walking backward."""


def twin(plan: Plan) -> Plan | None:
    """The plan that a clip is to be told from: the same but for the order, a side or a partner.

    A sequence's twin has the other order. A pair's twin has one action on the other side, that of
    the arms where it can be, or else what the legs might do instead. A single action has none.
    """
    if plan.kind == SEQUENCE:
        return dataclasses.replace(plan, deeds=plan.deeds[::-1])
    if plan.kind != PAIR:
        return None
    legs, arms = plan.deeds
    if arms.action.sided:
        arms = dataclasses.replace(arms, side=1 - arms.side)
    elif legs.action.sided:
        legs = dataclasses.replace(legs, side=1 - legs.side)
    else:
        action, _ = KINDS[_OTHER_WAY.get(legs.action.name, "walk backward")]
        legs = dataclasses.replace(legs, action=action)
    return dataclasses.replace(plan, deeds=(legs, arms))

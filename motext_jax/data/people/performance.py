"""A performance: a drawn person who carries out a plan."""

import copy
import dataclasses

import numpy as np
from jaxtyping import Float

from motext_jax.data.people.part import Part, mirror
from motext_jax.data.people.plan import PAIR, SEQUENCE, Deed, Plan
from motext_jax.data.people.styles import wear
from motext_jax.data.synthetic.body import RIGHT, Body, draw_body
from motext_jax.data.synthetic.poses import Poses
from motext_jax.data.synthetic.take import FPS, SIZES, TEMPOS, standing

SHORTEST, LONGEST = 2.0, 5.0
"""Seconds of a clip; the longest fills one clip of 150 frames."""

CHILD, TALLEST = (0.9, 1.4), (1.4, 2.1)
"""Heights in metres of those that may be called a child, and of all others."""

# Idle arms hang or are in a pocket, behind the back or clasped: a hand on the hip or at the chin
# would be an action of its own.
_CARRIAGES = (0.5, 0.34, 0.03, 0.0, 0.06, 0.03, 0.0, 0.0, 0.04)

_SOFT = 7
"""Frames over which a turn of an elbow about its arm is spread."""

_REPEATED = 0.8
"""Seconds of each further time that something is done, as a share of the first."""


@dataclasses.dataclass(frozen=True)
class Slot:
    """When a deed is done: start and duration in seconds, of a clip of so many seconds."""

    start: float
    seconds: float


def perform(plan: Plan, rng: np.random.Generator) -> Float[np.ndarray, "t v 3"]:
    """Joints of smpl22 at 30 fps over time, the person at the origin facing +z at first.

    Args:
      plan: what is done, in which style.
      rng: the person, the times and all else come from this.
    """
    body = draw_body(rng, CHILD if plan.child else TALLEST)
    slots, seconds = _schedule(plan, rng)
    time = np.arange(max(round(seconds * FPS), 8)) / FPS
    poses = standing(rng, body, time, _CARRIAGES)
    poses.balance = np.full(len(time), 0.85)
    poses.soft = _SOFT
    wear(plan.style, poses, body, time, rng)
    act(plan, slots, poses, body, time, rng)
    return poses.joints(body)


def act(plan: Plan, slots, poses: Poses, body: Body, time, rng: np.random.Generator) -> None:
    """Changes poses by all deeds, those of the legs first and those of the hands last."""
    base: Poses | None = None
    follows = False
    order = sorted(range(len(slots)), key=lambda k: plan.deeds[k].action.layer)
    for number in order:
        deed, slot = plan.deeds[number], slots[number]
        if deed.action.layer == 2 and base is None:
            base = copy.deepcopy(poses)
        part = Part(
            rng=rng,
            body=body,
            time=time,
            start=slot.start,
            seconds=slot.seconds,
            tempo=deed.tempo,
            size=deed.size,
            extent=float(rng.uniform(*SIZES[deed.size])),
            poses=poses,
            count=max(deed.count, 1),
            style=plan.style,
            base=base,
            follows=follows,
        )
        turned = [p for p in (poses, base) if p is not None] if deed.side == RIGHT else []
        for mirrored in turned:
            mirror(mirrored)
        deed.action.perform(part)
        for mirrored in turned:
            mirror(mirrored)
        follows = follows or deed.action.layer == 2


def _duration(deed: Deed, plan: Plan, rng: np.random.Generator) -> float:
    """Seconds of a deed with an end of its own."""
    seconds = deed.action.seconds * rng.uniform(*TEMPOS[deed.tempo])
    if deed.count > 1:
        seconds *= 1 + _REPEATED * (deed.count - 1)
    return float(np.clip(seconds / np.clip(plan.style.tempo, 0.75, 1.3), 0.7, LONGEST - 0.3))


def _schedule(plan: Plan, rng: np.random.Generator) -> tuple[list[Slot], float]:
    """When each deed is done, and the length of the clip."""
    if plan.kind == SEQUENCE:
        return _one_after_other(plan, rng)
    if plan.kind == PAIR:
        seconds = float(rng.uniform(2.6, LONGEST))
        arms = plan.deeds[1]
        first = _open(seconds, rng)
        if arms.action.seconds:
            length = min(_duration(arms, plan, rng), seconds)
            start = float(rng.uniform(0, max(seconds - length, 0)))
            return [first, Slot(start, length)], seconds
        return [first, _open(seconds, rng)], seconds
    deed = plan.deeds[0]
    if not deed.action.seconds:
        seconds = float(rng.uniform(2.4, LONGEST))
        return [_open(seconds, rng, rests=True)], seconds
    length = _duration(deed, plan, rng)
    start = _pause(rng)
    if not deed.count and rng.random() < 0.25:
        start = -float(rng.uniform(0, 0.12)) * length
    seconds = float(np.clip(start + length + _pause(rng), SHORTEST, LONGEST))
    if start + length > seconds:
        start = max(seconds - length, 0.0)
    return [Slot(start, length)], seconds


def _pause(rng: np.random.Generator) -> float:
    """Seconds of standing before or after what is done: mostly short, at times long."""
    return float(rng.uniform(0.5, 1.6) if rng.random() < 0.2 else rng.uniform(0.02, 0.5))


def _open(seconds: float, rng: np.random.Generator, rests: bool = False) -> Slot:
    """A slot of something that goes on, which the clip may show from or to its middle."""
    start = -float(rng.uniform(0.3, 1.2))
    end = seconds + float(rng.uniform(0.3, 1.2))
    if rng.random() < (0.4 if rests else 0.2):
        start = float(rng.uniform(0.0, 0.5))
    if rng.random() < (0.3 if rests else 0.15):
        end = seconds - float(rng.uniform(0.0, 0.4))
    return Slot(start, end - start)


def _one_after_other(plan: Plan, rng: np.random.Generator) -> tuple[list[Slot], float]:
    """Slots of a sequence, squeezed where they would be longer than a clip."""
    lengths = [
        _duration(deed, plan, rng) if deed.action.seconds else float(rng.uniform(1.7, 2.4))
        for deed in plan.deeds
    ]
    lead, gap, tail = float(rng.uniform(0, 0.3)), float(rng.uniform(0.0, 0.25)), 0.1
    squeeze = min(1.0, (LONGEST - lead - gap - tail) / sum(lengths))
    first, second = (length * squeeze for length in lengths)
    start = lead
    if not plan.deeds[0].action.seconds and rng.random() < 0.5:
        # Something that goes on may have begun before.
        start, first = -0.8, first + 0.8 + lead
    after = start + first + gap
    seconds = min(
        after + second + tail + (0.0 if squeeze < 1 else float(rng.uniform(0, 0.5))), LONGEST
    )
    return [Slot(start, first), Slot(after, second)], seconds

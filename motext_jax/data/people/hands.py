"""Tracks of hands: held in a place, moved to and fro, struck, and led along a drawn line."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from jaxtyping import Float

from motext_jax.data.people.action import Perform
from motext_jax.data.people.part import Part
from motext_jax.data.synthetic.body import LEFT, RIGHT
from motext_jax.data.synthetic.take import ease

Spot = tuple[float, float, float, float]
"""A place of a hand: forward, up and across from the shoulder, and the elbow's weight outward.

In arm lengths; below 0, across is counted in ways from the shoulder to the body's middle."""

AHEAD: Spot = (0.9, -0.35, 0.2, 0.4)
"""A point that a rising hand passes near."""

ASIDE: Spot = (0.2, -0.2, 1.5, 0.4)


def at(part: Part, spot: Spot, jitter: float = 0.03) -> Float[np.ndarray, "4"]:
    """A place in arm lengths, a little different each time."""
    forward, up, across, elbow = spot
    outward = across * part.body.midline if across < 0 else across
    place = np.array([forward, up, outward, elbow])
    return place + part.rng.normal(0, jitter, 4) * [1, 1, 0.7, 2]


def _raised(part: Part, stays: float) -> Float[np.ndarray, "*t"]:
    rise, fall = part.draw(0.2, 0.32), part.draw(0.2, 0.3)
    return part.held(rise, fall, stays)


def hold(
    part: Part,
    spot: Spot,
    hands: Sequence[int] = (LEFT,),
    via: Spot | None = None,
    stays: float = 0.5,
    turn: float = 0.0,
    bend: float = 0.0,
    head: float = 0.0,
) -> None:
    """One or both hands brought to a place and kept there.

    Args:
      part: the poses change.
      spot: the place.
      hands: which hands.
      via: a place that they pass near.
      stays: probability that the clip ends with the hands there.
      turn: the trunk's turn to the left with it, in radians.
      bend: its bend forward.
      head: the head's bend forward.
    """
    weight = _raised(part, stays)
    place = at(part, spot)
    passing = None if via is None else at(part, via, 0.1)
    for hand in hands:
        part.place(hand, weight, place, via=passing)
    part.poses.spine[:, 2] += turn * weight
    part.poses.spine[:, 0] += bend * weight
    part.poses.neck[:, 0] += head * weight


def shake(
    part: Part,
    spot: Spot,
    move: tuple[float, float, float],
    hertz: tuple[float, float],
    hands: Sequence[int] = (LEFT,),
    *,
    opposite: bool = False,
    circles: bool = False,
    stays: float = 0.35,
    trunk: tuple[float, float, float] = (0.0, 0.0, 0.0),
    head: float = 0.0,
) -> None:
    """One or both hands moved to and fro about a place.

    Args:
      part: the poses change.
      spot: the middle of the movement.
      move: how far it goes forward, up and outward, in arm lengths.
      hertz: least and greatest rate.
      hands: which hands.
      opposite: the right hand does what the left does half a beat later.
      circles: upward and forward movement are a quarter of a beat apart.
      stays: probability that the clip ends in it.
      trunk: the trunk's angles that go along with the left hand.
      head: the head's bend forward.
    """
    weight = part.held(0.15, 0.15, stays)
    place = at(part, spot)
    phase = part.phase(*hertz)
    part.poses.neck[:, 0] += head * weight
    for hand in hands:
        beat = phase + (np.pi if opposite and hand == RIGHT else 0)
        swing = np.sin(beat)
        second = np.cos(beat) if circles else swing
        extent = part.extent * part.style.extent
        away = np.stack([swing * move[0], second * move[1], swing * move[2], 0 * beat], axis=1)
        if move[0] == 0 and circles:
            away[:, 1], away[:, 2] = np.cos(beat) * move[1], np.sin(beat) * move[2]
        part.place(hand, weight, place + extent * away)
    part.poses.spine += (weight * np.sin(phase))[:, None] * np.array(trunk)


def strike(
    part: Part,
    ready: Spot,
    hit: Spot,
    hands: Sequence[int] = (LEFT,),
    *,
    turn: float = 0.0,
    bend: float = 0.0,
    back: float = 0.0,
    guard: Spot | None = None,
    step: float = 0.0,
    holds: float = 0.1,
) -> None:
    """Blows of one or both hands from a place to another and back, `part.count` of them.

    Args:
      part: the poses change.
      ready: the place before and after each blow.
      hit: the place that is struck.
      hands: which hands.
      turn: the trunk's turn to the left before the blow; it turns as far to the right with it.
      bend: the trunk's bend forward with the blow.
      back: how far the hand is drawn back before, as a share of the way.
      guard: the place of the other hand all the while; None leaves it.
      step: how far the pelvis goes along, in leg lengths.
      holds: share of a blow's time that the hand stays at what it struck.
    """
    weight = part.held(0.18, 0.18)
    beats = np.clip((part.progress - 0.16) / 0.68, 0, 0.99999) * part.count % 1
    times = np.array([0.0, 0.28, 0.5, 0.5 + holds, 1.0])
    blow = np.interp(beats, times, (0, -back, 1, 1, 0))
    blow = ease(np.clip(blow, 0, 1)) - np.clip(-blow, 0, 1)
    here, there = at(part, ready), at(part, hit)
    far = part.style.extent * part.extent
    for hand in hands:
        part.place(hand, weight, here + blow[:, None] * (there - here) * min(far, 1.15))
    if guard is not None:
        for hand in {LEFT, RIGHT} - set(hands):
            part.place(hand, weight, at(part, guard))
    part.poses.spine[:, 2] -= turn * blow * weight
    part.poses.pelvis[:, 2] -= 0.3 * turn * blow * weight
    part.poses.spine[:, 0] += bend * blow * weight
    if step:
        part.go_ahead(step * part.body.leg * np.clip(blow, 0, 1) * weight)


def sweep(
    part: Part,
    spots: Sequence[Spot],
    times: Sequence[float],
    hands: Sequence[int] = (LEFT,),
    *,
    turns: Sequence[float] | None = None,
    bends: Sequence[float] | None = None,
    steps: Sequence[float] | None = None,
    knees: Sequence[float] | None = None,
    other: Sequence[Spot] | None = None,
) -> None:
    """One or both hands led through places at shares of the action, from and to where they hang.

    Args:
      part: the poses change.
      spots: the places.
      times: the share of the action at which the hand is at each.
      hands: which hands.
      turns: the trunk's turn to the left at each.
      bends: its bend forward at each.
      steps: the pelvis's way ahead at each, in leg lengths.
      knees: the pelvis's drop at each, in leg lengths.
      other: the places of the right hand, where the left has its own.
    """
    full = [0.0, *times, 1.0]
    inside = [0.0, *([1.0] * len(times)), 0.0]
    weight = part.key(full, inside)
    far = 0.5 + 0.5 * part.style.extent * part.extent

    def track(spots):
        keys = np.array([at(part, spot, 0.04) for spot in spots])
        return part.key(times, keys * [far, far, far, 1])

    for hand in hands:
        part.place(hand, weight, track(spots))
    if other is not None:
        part.place(RIGHT, weight, track(other))
    if turns is not None:
        turn = part.key(full, [0.0, *turns, 0.0])
        part.poses.spine[:, 2] += turn
        part.poses.pelvis[:, 2] += 0.35 * turn
    if bends is not None:
        bend = part.key(full, [0.0, *bends, 0.0])
        part.poses.spine[:, 0] += 0.6 * bend
        part.poses.pelvis[:, 0] += 0.4 * bend
    if steps is not None:
        part.go_ahead(part.body.leg * part.key(full, [0.0, *steps, 0.0]))
    if knees is not None:
        part.poses.crouch += part.body.leg * part.key(full, [0.0, *knees, 0.0])


def draw(part: Part, corners: Sequence[tuple[float, float]], smooth: bool = False) -> None:
    """The left hand leads along a line on a pane before the body.

    Args:
      part: the poses change.
      corners: points (to the left, up) between -1 and 1; the first is the start.
      smooth: the hand goes at an even speed, and does not stop at the corners.
    """
    weight = part.held(0.18, 0.18, 0.2)
    size = part.draw(0.26, 0.36) * part.extent * part.style.extent
    centre = at(part, (0.72, 0.1, -0.4, 0.5), 0.05)
    points = np.array(corners, float)
    length = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1))])
    drawn = np.clip((part.progress - 0.16) / 0.66, 0, 1)
    rounds = part.count * drawn
    inside = np.where(rounds >= part.count, 1.0, rounds % 1)
    if smooth:
        pen = np.stack([np.interp(inside * length[-1], length, axis) for axis in points.T], axis=1)
    else:
        passed = np.interp(inside, length / length[-1], np.arange(len(points)))
        leg = np.minimum(passed.astype(int), len(points) - 2)
        share = ease(passed - leg)[:, None]
        pen = points[leg] * (1 - share) + points[leg + 1] * share
    track = np.tile(centre, (len(drawn), 1))
    track[:, 2] += size * pen[:, 0]
    track[:, 1] += size * pen[:, 1]
    part.place(LEFT, weight, track)


def of(perform: Callable[..., None], *args: Any, **kwargs: Any) -> Perform:
    """A track with its numbers filled in."""

    def filled(part: Part) -> None:
        perform(part, *args, **kwargs)

    return filled


def together(*performs: Perform) -> Perform:
    """Several tracks at once."""

    def perform(part: Part) -> None:
        for one in performs:
            one(part)

    return perform

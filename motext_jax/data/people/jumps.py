"""Jumps and hops, one or many."""

import functools

import numpy as np

from motext_jax.data.people.action import Action
from motext_jax.data.people.hands import of
from motext_jax.data.people.part import Part
from motext_jax.data.people.sports import jump_rope_arms
from motext_jax.data.synthetic.body import LEFT, RIGHT
from motext_jax.data.synthetic.take import ease, keyed

BOTH = (LEFT, RIGHT)

_GRAVITY = 9.81


def leap(
    part: Part,
    leaves: float,
    height: float,
    ahead: float = 0.0,
    aside: float = 0.0,
    turn: float = 0.0,
    pushing=BOTH,
    tuck: float = 0.0,
) -> float:
    """One jump: bend, fly, land softly; returns the moment when the knees are straight again.

    Args:
      part: the poses change from shortly before `leaves` on.
      leaves: time at which the feet leave the ground, in seconds.
      height: height of the flight, in metres; its duration follows from gravity.
      ahead, aside: the way of the jump ahead and to the left, in metres.
      turn: the turn to the left in the air, in radians.
      pushing: the feet that push; the other is carried along.
      tuck: how far the feet are drawn up in the air, in metres.
    """
    poses, time = part.poses, part.time
    lands = leaves + np.sqrt(8 * height / _GRAVITY)
    flight = np.clip((time - leaves) / (lands - leaves), 0, 1)
    lift = 4 * height * flight * (1 - flight)
    share = min(1.2 * height + 0.03, 0.26)
    depth = share * part.body.leg
    poses.crouch += keyed(time, (leaves - 0.3, leaves - 0.13, leaves), (0, depth, 0))
    poses.crouch += keyed(time, (lands, lands + 0.12, lands + 0.35), (0, 0.8 * depth, 0))
    lean = keyed(time, (leaves - 0.3, leaves - 0.13, leaves + 0.05), (0, 1.2 * share, 0))
    lean += keyed(time, (lands, lands + 0.12, lands + 0.35), (0, share, 0))
    poses.pelvis[:, 0] += lean
    poses.lift += lift
    poses.feet[..., 1] += lift
    if tuck:
        poses.feet[..., 1] += tuck * np.sin(np.pi * flight) ** 2
    moved = ease((time - leaves) / (lands - leaves))
    body = ease((time - leaves + 0.15) / (lands - leaves + 0.3))
    sin, cos = np.sin(poses.heading), np.cos(poses.heading)
    way = np.stack([sin * ahead + cos * aside, cos * ahead - sin * aside], axis=1)
    way = way[part.frame(leaves)]
    poses.ground += body[:, None] * way
    poses.feet[..., [0, 2]] += moved[:, None] * way
    if turn:
        about = poses.ground[part.frame(lands)].copy()
        angle = turn * moved
        c, s = np.cos(angle), np.sin(angle)
        # What comes after the jump goes on where the body faces then.
        for spot in (poses.ground, poses.feet[LEFT][:, ::2], poses.feet[RIGHT][:, ::2]):
            off = spot - about
            spot[:, 0] = about[0] + c * off[:, 0] + s * off[:, 1]
            spot[:, 1] = about[1] + c * off[:, 1] - s * off[:, 0]
        poses.heading += angle
        poses.foot_yaw += angle
    for foot in pushing:
        poses.foot_pitch[foot] += keyed(time, (leaves - 0.12, leaves + 0.03, lands), (0, 0.8, 0))
    return float(lands + 0.35)


def throw_arms(part: Part, leaves: float, amount: float) -> None:
    """Arms back before a jump and up with it."""
    keys = (leaves - 0.4, leaves - 0.12, leaves + 0.12, leaves + 0.6)
    swing = keyed(part.time, keys, (0.0, -0.45, 0.9, 0.0)) * amount
    part.poses.hands[..., 0] += swing
    part.poses.hands[..., 1] += 0.9 * np.maximum(swing, 0)


def jump(
    part: Part,
    height=(0.1, 0.25),
    ahead: float = 0.0,
    aside: float = 0.0,
    turn: float = 0.0,
    tuck: float = 0.0,
    arms: float = 1.0,
) -> None:
    """`part.count` jumps; ways in leg lengths."""
    leg = part.body.leg
    extent = float(np.clip(part.style.extent * part.extent, 0.75, 1.5))
    high = part.draw(*height) * extent * leg / 0.8
    spent = np.sqrt(8 * high / _GRAVITY)
    room = (part.seconds - 0.35) / part.count
    moment = part.start + 0.35
    for _ in range(part.count):
        throw_arms(part, moment, arms * part.draw(0.4, 1))
        leap(part, moment, high, ahead * leg * extent, aside * leg, turn, tuck=tuck * leg)
        moment += max(spent + 0.65, room)


def bounce(
    part: Part,
    ahead: float = 0.0,
    apart: float = 0.0,
    pushing=BOTH,
    rope: bool = False,
    aside: float = 0.0,
) -> None:
    """Small jumps one after the other, with no rest between them."""
    period = part.draw(0.42, 0.55) / np.clip(part.style.tempo, 0.8, 1.3)
    number = max(2, int(part.seconds / period))
    beats = np.clip((part.time - part.start) / period, 0, number)
    lift = part.draw(0.05, 0.1) * np.abs(np.sin(np.pi * beats)) * part.body.leg / 0.8
    part.poses.lift += lift
    part.poses.feet[..., 1] += lift
    dip = 0.05 * part.body.leg * np.abs(np.cos(np.pi * beats)) * part.held(0.05, 0.05)
    part.poses.crouch += dip
    for foot in pushing:
        part.poses.foot_pitch[foot] += 6 * lift
    if ahead or aside:
        done = np.floor(beats) + ease(beats % 1)
        sideways = aside * (1 - np.cos(np.pi * done)) / 2
        sin, cos = np.sin(part.poses.heading), np.cos(part.poses.heading)
        forward = ahead * part.body.leg * done
        across = part.body.leg * sideways
        way = np.stack([sin * forward + cos * across, cos * forward - sin * across], axis=1)
        part.poses.ground += way
        part.poses.feet[..., [0, 2]] += way
    if apart:
        spread = apart * part.body.leg * (0.5 - 0.5 * np.cos(np.pi * beats))
        for foot in BOTH:
            part.move_foot(foot, np.stack([spread, 0 * spread, 0 * spread], axis=1))
    if rope:
        jump_rope_arms(part)


def jumping_jacks(part: Part) -> None:
    """Legs apart and arms up on one hop, back together on the next."""
    poses = part.poses
    period = part.draw(0.75, 1.1) / np.clip(part.style.tempo, 0.8, 1.3)
    number = max(1, int(part.seconds / period))
    beats = np.clip((part.time - part.start) / period, 0, number)
    apart = 0.5 - 0.5 * np.cos(2 * np.pi * beats)
    hop = part.draw(0.04, 0.09) * np.abs(np.sin(2 * np.pi * beats))
    poses.lift += hop
    poses.feet[..., 1] += hop
    spread = part.body.leg * part.draw(0.2, 0.33) * apart
    for foot in BOTH:
        part.move_foot(foot, np.stack([spread, 0 * spread, 0 * spread], axis=1), under=0.0)
        poses.foot_pitch[foot] += 5 * hop
        part.place(foot, apart, (0.05, 0.93, 0.0, 0.4), via=(0.1, 0.1, 1.5, 0.3))


def hop(part: Part, ahead: float = 0.0) -> None:
    """On the left leg, the right foot held behind."""
    period = part.draw(0.5, 0.62)
    begin, last = part.start, part.end
    hops = max(1, int((last - begin - 1.1) / period))
    up = ease((part.time - begin) / 0.5) * ease((last - part.time) / 0.4)
    raise_foot(part, RIGHT, up, behind=part.draw(0.2, 0.35), height=part.draw(0.22, 0.38))
    for number in range(hops):
        high = part.draw(0.04, 0.08)
        leap(part, begin + 0.75 + number * period, high, ahead * part.body.leg, pushing=(LEFT,))


def raise_foot(part: Part, foot: int, up, behind: float, height: float) -> None:
    """A foot held behind the body with its toes hanging, by a weight."""
    leg = part.body.leg
    part.move_foot(foot, up[:, None] * [0, height * leg, -behind * leg])
    part.poses.foot_pitch[foot] += up * part.draw(0.6, 1.2)


_l = functools.partial(Action, uses="l", layer=1)


ACTIONS = (
    _l("hop on {side} leg", hop, seconds=0.0, uses="l", tempos=False),
    _l("hop forward on {side} leg", of(hop, 0.35), seconds=0.0, uses="l", share=0.7, tempos=False),
    _l("jump", jump, counted=True, seconds=1.3, uses="aotl", share=1.5, tempos=False),
    _l(
        "jump forward",
        of(jump, (0.1, 0.2), 0.9),
        counted=True,
        seconds=1.4,
        uses="aotl",
        tempos=False,
    ),
    _l(
        "jump backward",
        of(jump, (0.08, 0.15), -0.6),
        counted=True,
        seconds=1.4,
        uses="aotl",
        tempos=False,
    ),
    _l(
        "jump to the {side}",
        of(jump, (0.08, 0.16), 0.0, 0.7),
        counted=True,
        seconds=1.3,
        uses="aotl",
        tempos=False,
    ),
    _l(
        "jump and turn {side}",
        of(jump, (0.15, 0.25), turn=1.6),
        seconds=1.5,
        uses="aotl",
        tempos=False,
    ),
    _l(
        "jump and turn around",
        of(jump, (0.18, 0.28), turn=3.1),
        seconds=1.5,
        uses="aotl",
        share=0.7,
        tempos=False,
    ),
    _l(
        "tuck jump",
        of(jump, (0.22, 0.32), tuck=0.35),
        counted=True,
        seconds=1.5,
        uses="aotl",
        share=0.7,
        tempos=False,
        noun=True,
    ),
    _l("jumping jacks", jumping_jacks, seconds=0.0, uses="aotl", tempos=False, noun=True),
    _l("jump rope", of(bounce, rope=True), seconds=0.0, uses="aol", tempos=False),
    _l("bounce up and down", bounce, seconds=0.0, tempos=False),
    _l("bunny hop", of(bounce, 0.3), seconds=0.0, tempos=False, noun=True),
    _l("jump from side to side", of(bounce, aside=0.45), seconds=0.0, tempos=False),
    _l(
        "jump feet apart and together", of(bounce, apart=0.22), seconds=0.0, share=0.7, tempos=False
    ),
)
"""Jumps and hops."""

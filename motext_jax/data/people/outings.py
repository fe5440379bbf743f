"""Ways to get about and up that are no walk: wheels, skates, skis, horses, ladders and bars."""

import dataclasses
import functools

import numpy as np

from motext_jax.data.people import postures
from motext_jax.data.people.action import Action
from motext_jax.data.people.footsteps import Gait, go
from motext_jax.data.people.hands import of, shake
from motext_jax.data.people.part import Part
from motext_jax.data.people.posture import through
from motext_jax.data.synthetic.body import LEFT, OUTWARD, RIGHT
from motext_jax.data.synthetic.take import ease

BOTH = (LEFT, RIGHT)


def _glide(part: Part, speed: float) -> None:
    """Moves body and feet ahead together."""
    pace = ease((part.time - part.start) / 0.6) * ease((part.end - part.time) / 0.6)
    gone = np.cumsum(pace) * (part.time[1] - part.time[0]) * speed
    facing = part.poses.heading[part.frame(part.start)]
    way = gone[:, None] * np.array([np.sin(facing), np.cos(facing)])
    part.poses.ground += way
    part.poses.feet[..., [0, 2]] += way


def cycle(part: Part) -> None:
    """On a saddle, hands on the bar, feet in circles, the wheels below."""
    leg = part.body.leg
    seat = postures.chair(part)
    high = part.body.standing + 0.05 * leg
    grip = (0.8, -0.35, 0.0, 0.5)
    saddle = dataclasses.replace(
        seat,
        pelvis=(0.0, high, 0.0),
        tilt=(part.draw(0.3, 0.6), 0.0, 0.0),
        hands=(grip, grip),
    )
    through(part, [saddle, saddle], (0.0, 1.0))
    phase = part.phase(0.8, 1.3)
    for foot in BOTH:
        angle = phase + np.pi * foot
        round_ = np.stack(
            [0 * angle, leg * (0.34 + 0.17 * np.cos(angle)), leg * (0.17 + 0.17 * np.sin(angle))],
            axis=1,
        )
        part.move_foot(foot, round_, under=0.2)
        part.poses.foot_pitch[foot] += 0.2 * np.sin(angle)
    _glide(part, part.draw(1.5, 3.0) * part.pace)


def ride(part: Part) -> None:
    """Astride, knees out and bent, reins before the belly, up and down with the horse."""
    leg = part.body.leg
    weight = part.held(0.08, 0.08, 0.6)
    phase = part.phase(1.4, 2.0)
    spread = 0.3 * leg * weight
    for foot in BOTH:
        part.move_foot(foot, np.stack([spread, 0 * spread, 0 * spread], axis=1), under=0.0)
        part.knees[foot, :, 0] += 0.5 * weight
        part.place(foot, weight, (0.5, -0.4, -0.5 * part.body.midline, 0.5))
    part.poses.crouch += leg * weight * (0.28 + 0.05 * np.sin(phase))
    part.poses.pelvis[:, 0] += 0.1 * np.sin(phase) * weight
    part.poses.hands[:, :, 1] += 0.04 * np.cos(phase) * weight


def skate(part: Part) -> None:
    """Long gliding strokes to either side, low, the arms swinging across."""
    leg = part.body.leg
    weight = part.held(0.08, 0.08, 0.4)
    phase = part.phase(0.55, 0.8)
    part.poses.crouch += 0.16 * leg * weight
    part.poses.pelvis[:, 0] += 0.45 * weight
    part.poses.neck[:, 0] -= 0.3 * weight
    for foot in BOTH:
        push = np.clip(-OUTWARD[foot] * np.sin(phase), 0, 1) ** 1.5 * weight
        way = np.stack([0.38 * leg * push, 0.1 * leg * push, -0.35 * leg * push], axis=1)
        part.move_foot(foot, way, under=0.0)
        swing = np.sin(phase) * OUTWARD[foot]
        place = np.stack(
            [0.25 + 0.45 * swing, -0.7 + 0.2 * np.abs(swing), 0.1 - 0.25 * swing, 0 * swing + 0.5],
            axis=1,
        )
        part.place(foot, weight, place)
    part.go_ahead(0 * phase, 0.1 * leg * np.sin(phase) * weight)
    _glide(part, part.draw(1.6, 2.6))


def ski(part: Part) -> None:
    """Low on both feet, weaving, poles at the sides."""
    leg = part.body.leg
    weight = part.held(0.08, 0.08, 0.6)
    sway = np.sin(part.phase(0.3, 0.5)) * weight
    part.poses.crouch += leg * (0.2 + 0.06 * sway**2) * weight
    part.poses.pelvis[:, 0] += 0.4 * weight
    part.poses.neck[:, 0] -= 0.35 * weight
    part.poses.pelvis[:, 1] += 0.25 * sway
    part.poses.spine[:, 1] -= 0.35 * sway
    part.go_ahead(0 * sway, 0.1 * leg * sway)
    for hand in BOTH:
        part.place(hand, weight, (0.42, -0.5, 0.25, 0.6))
    _glide(part, part.draw(2.0, 3.5))


def ladder(part: Part) -> None:
    """Hands and feet go up in turn, a hand with the other foot."""
    leg, rung = part.body.leg, 0.3 * part.body.leg / 0.8
    period = part.draw(0.7, 1.0) / part.pace
    weight = part.held(0.1, 0.02, 1.0)
    beats = np.clip((part.time - part.start - 0.3) / period, 0, None)
    pause = part.end - 0.2
    beats = np.minimum(beats, max((pause - part.start - 0.3) / period, 1.0))
    up = beats * rung
    part.poses.lift += up
    part.go_ahead(0.05 * leg * weight)
    for side in BOTH:
        # Each foot climbs two rungs at every second beat, each hand half a step later.
        step = beats / 2 + 0.5 * side
        climbed = np.floor(step) + ease((step % 1 - 0.45) / 0.55) - 0.5 * side
        foot = 2 * rung * np.maximum(climbed, 0)
        ahead = 0.22 * leg * ease(np.clip(foot / rung, 0, 1))
        part.move_foot(side, np.stack([0 * foot, foot, ahead], axis=1), under=0.2)
        other = 1 - side
        hand = 2 * rung * np.maximum(climbed, 0) - up
        reach = np.stack(
            [0 * hand + 0.55, 0.35 + hand / part.body.arm, 0 * hand - 0.1, 0 * hand + 0.5], axis=1
        )
        part.place(other, weight, reach)
    part.poses.balance = part.poses.balance * (1 - weight)


def pull_ups(part: Part) -> None:
    """Hanging from a bar overhead, the chin up to it and down again, the feet off the floor."""
    body = part.body
    weight = part.held(0.12, 0.12, 0.3)
    beats = part.phase(0.4, 0.65)
    pulled = (0.5 - 0.5 * np.cos(beats)) * part.held(0.25, 0.25)
    hang = 0.12 * body.leg
    rise = hang * weight + 0.75 * body.arm * pulled
    part.poses.lift += rise
    part.poses.feet[..., 1] += rise
    part.poses.foot_pitch += 0.8 * weight
    for hand in BOTH:
        place = np.stack(
            [0 * pulled + 0.08, 0.93 - 0.75 * pulled, 0 * pulled + 0.15, 0.5 + 0.8 * pulled], axis=1
        )
        part.place(hand, weight, place)


def moonwalk(part: Part) -> None:
    """Backward on gliding feet, one heel up in turn."""
    leg = part.body.leg
    phase = part.phase(0.8, 1.1)
    weight = part.held(0.06, 0.06, 0.5)
    for foot in BOTH:
        beat = phase + np.pi * foot
        slide = 0.2 * leg * np.sin(beat) * weight
        part.move_foot(foot, np.stack([0 * slide, 0 * slide, slide], axis=1))
        part.poses.foot_pitch[foot] += 0.6 * np.clip(np.cos(beat), 0, 1) * weight
    part.poses.spine[:, 0] += 0.1 * np.sin(2 * phase) * weight
    part.poses.crouch += 0.05 * leg * weight
    _glide(part, -part.draw(0.3, 0.5))


def walk_dog(part: Part) -> None:
    """A walk with the left hand on a leash that pulls ahead."""
    part.place(LEFT, part.held(0.06, 0.06), (0.6, -0.55, 0.05, 0.4))
    pace = part.draw(0.7, 1.1) * part.style.step
    go(part, Gait(pace, part.draw(0.48, 0.58), bends=((part.draw(-0.4, 0.4), 0.2, 0.8),)))


def climb_wall(part: Part) -> None:
    """Hands high on holds in turn, hips near the wall."""
    shake(part, (0.4, 0.75, 0.15, 0.5), (0.05, 0.3, 0.12), (0.4, 0.6), BOTH, opposite=True)
    beat = np.sin(part.phase(0.4, 0.6)) * part.held(0.12, 0.12)
    for foot in BOTH:
        up = np.clip(OUTWARD[foot] * beat, 0, 1)
        way = np.stack([0.12 * up, 0.35 * part.body.leg * up, 0.15 * up], axis=1)
        part.move_foot(foot, way, under=0.0)
        part.knees[foot, :, 0] += 0.5 * up


_o = functools.partial(Action, uses="aotl", seconds=0.0, layer=1, tempos=False, share=0.7)

ACTIONS = (
    _o("ride a bicycle", cycle, layer=2, before="saddle", after="saddle"),
    _o("ride a horse", ride),
    _o("ice skate", skate),
    _o("ski", ski),
    _o("climb a ladder", ladder),
    _o("pull-ups", pull_ups, noun=True, seconds=3.4),
    _o("moonwalk", moonwalk),
    _o("walk a dog", walk_dog, layer=0),
    _o("climb a wall", climb_wall, seconds=3.0, layer=3),
    _o(
        "push a lawn mower",
        of(shake, (0.7, -0.55, -0.3, 0.4), (0.12, 0.02, 0.0), (0.4, 0.6), BOTH, trunk=(0.1, 0, 0)),
        seconds=2.8,
        layer=3,
        uses="aot",
    ),
)
"""Ways to get about and up."""

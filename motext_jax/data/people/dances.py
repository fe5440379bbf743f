"""Dances on the spot."""

import functools

import numpy as np

from motext_jax.data.people.action import Action
from motext_jax.data.people.hands import of, shake, sweep, together
from motext_jax.data.people.part import Part
from motext_jax.data.synthetic.body import LEFT, OUTWARD, RIGHT
from motext_jax.data.synthetic.take import ease

BOTH = (LEFT, RIGHT)


def groove(
    part: Part,
    side: float = 0.09,
    bob: float = 0.06,
    arms=(0.2, 0.15, 0.12),
    twist: float = 0.0,
    steps: bool = True,
) -> None:
    """A dance on the spot: weight from foot to foot, arms and hips in the beat."""
    poses, leg = part.poses, part.body.leg
    weight = part.held(0.08, 0.08, 0.6)
    phase = part.phase(0.75, 1.1)
    beat = np.sin(phase) * weight
    poses.crouch += bob * leg * (0.5 - 0.5 * np.cos(2 * phase)) * weight + 0.02 * leg
    part.go_ahead(0 * beat, side * leg * beat)
    poses.pelvis[:, 1] += 0.12 * beat
    poses.spine[:, 1] -= 0.2 * beat
    poses.pelvis[:, 2] += twist * beat
    poses.spine[:, 2] -= 1.6 * twist * beat
    if steps:
        for foot in BOTH:
            up = np.clip(-OUTWARD[foot] * beat - 0.3, 0, 1) ** 1.5
            part.move_foot(foot, np.stack([0 * up, 0.1 * leg * up, 0.03 * leg * up], axis=1))
    for hand in BOTH:
        turn = phase + (np.pi if hand == RIGHT else 0)
        place = np.stack(
            [
                0.45 + arms[0] * np.sin(turn),
                -0.3 + arms[1] * np.cos(2 * turn),
                0.25 + arms[2] * np.sin(turn),
                0 * turn + 0.7,
            ],
            axis=1,
        )
        part.place(hand, weight, place)


def twist_dance(part: Part) -> None:
    """Hips and feet twist against the arms."""
    groove(part, 0.02, 0.08, (0.25, 0.05, 0.25), twist=0.45, steps=False)
    weight = part.held(0.08, 0.08, 0.5)
    turn = 0.4 * np.sin(part.phase(0.9, 1.3)) * weight
    part.poses.foot_yaw += turn
    part.poses.foot_pitch += 0.25 * weight
    part.poses.crouch += 0.06 * part.body.leg * weight


def step_touch(part: Part, width: float = 0.32, arms: bool = True) -> None:
    """A step to the side, the other foot to it, and back."""
    poses, leg = part.poses, part.body.leg
    weight = part.held(0.06, 0.06, 0.6)
    cycle = (part.phase(0.4, 0.6) / (2 * np.pi)) % 1
    out = np.interp(cycle, (0, 0.2, 0.5, 0.7, 1), (-1, 1, 1, -1, -1)) * weight
    left = np.interp(cycle, (0, 0.2, 0.7, 0.92, 1), (0, 1, 1, 0, 0))
    right = np.interp(cycle, (0.0, 0.25, 0.45, 0.5, 0.72, 1), (-1, -1, 0, 0, -1, -1))
    for foot, where in ((LEFT, left), (RIGHT, right)):
        far = ease(np.abs(where)) * width * leg * weight
        up = 0.25 * leg * np.abs(np.gradient(where, part.time)) / 12
        away = np.stack([far, np.clip(up, 0, 0.09 * leg) * weight, 0 * up], axis=1)
        part.move_foot(foot, away, under=0.0)
    part.go_ahead(0 * out, 0.5 * width * leg * out)
    poses.crouch += 0.05 * leg * np.abs(np.sin(2 * np.pi * cycle)) * weight
    if arms:
        for hand in BOTH:
            place = np.stack(
                [
                    0.45 + 0 * out,
                    -0.3 + 0.1 * np.abs(out),
                    0.2 + 0.35 * out * OUTWARD[hand],
                    0 * out + 0.6,
                ],
                axis=1,
            )
            part.place(hand, weight, place)


def cancan(part: Part) -> None:
    """High kicks of both legs in turn, the hands on the hips."""
    for hand in BOTH:
        part.place(hand, part.held(0.1, 0.1, 0.4), (-0.02, -0.62, 0.12, 1.7))
    weight = part.held(0.08, 0.08)
    phase = part.phase(0.6, 0.85)
    leg = part.body.leg
    for foot in BOTH:
        up = np.clip(np.sin(phase + np.pi * foot), 0, 1) ** 1.3 * weight
        part.move_foot(foot, np.stack([0 * up, 0.75 * leg * up, 0.7 * leg * up], axis=1))
        part.poses.foot_pitch[foot] += 0.3 * up


def arabesque(part: Part) -> None:
    """On one leg, the other straight out behind, arms ahead and aside."""
    up = part.held(0.28, 0.25, 0.3)
    leg = part.body.leg
    part.move_foot(LEFT, up[:, None] * [0, 0.5 * leg, -0.75 * leg])
    part.poses.foot_pitch[LEFT] += 1.0 * up
    part.poses.pelvis[:, 0] += 0.35 * up
    part.poses.spine[:, 0] -= 0.3 * up
    part.place(LEFT, up, (0.1, 0.15, 0.9, 0.4))
    part.place(RIGHT, up, (0.85, 0.4, 0.0, 0.4))


_l = functools.partial(Action, uses="l", layer=1)


ACTIONS = (
    _l("dance", groove, seconds=0.0, uses="aotl", share=1.5),
    _l("dance the twist", twist_dance, seconds=0.0, uses="aotl"),
    _l("dance with side steps", step_touch, seconds=0.0, uses="aotl"),
    _l(
        "dance disco",
        together(
            of(groove, 0.1, 0.07, (0.1, 0.1, 0.1)),
            of(
                sweep,
                [
                    (0.4, 0.75, 0.6, 0.4),
                    (0.45, -0.6, -1.5, 0.4),
                    (0.4, 0.75, 0.6, 0.4),
                    (0.45, -0.6, -1.5, 0.4),
                ],
                (0.15, 0.38, 0.6, 0.85),
            ),
        ),
        uses="aotl",
        seconds=3.0,
    ),
    _l(
        "dance with arms overhead",
        together(
            of(groove, 0.09, 0.06),
            of(shake, (0.15, 0.8, 0.2, 0.5), (0.05, 0.05, 0.25), (0.75, 1.1), BOTH, stays=0.6),
        ),
        uses="aotl",
        seconds=3.0,
    ),
    _l("dance the cancan", cancan, uses="aol", seconds=3.0, share=0.7),
    _l("ballet arabesque", arabesque, uses="aotl", seconds=2.8, share=0.7, noun=True),
)
"""Dances."""

"""Single steps and stands: stumbling, stamping, swinging a leg, balance on one leg."""

import functools

import numpy as np

from motext_jax.data.people.action import Action
from motext_jax.data.people.footsteps import Gait, go
from motext_jax.data.people.hands import of
from motext_jax.data.people.legs import lift_leg
from motext_jax.data.people.part import Part
from motext_jax.data.synthetic.body import LEFT, RIGHT
from motext_jax.data.synthetic.take import keyed

BOTH = (LEFT, RIGHT)


def raise_foot(part: Part, foot: int, up, behind: float, height: float) -> None:
    """A foot held behind the body with its toes hanging, by a weight."""
    leg = part.body.leg
    part.move_foot(foot, up[:, None] * [0, height * leg, -behind * leg])
    part.poses.foot_pitch[foot] += up * part.draw(0.6, 1.2)


def stand_on_leg(part: Part, arms: bool = False, behind=(0.15, 0.4)) -> None:
    """On the left leg, the right shin held back."""
    up = part.held(0.2, 0.2, 0.4)
    raise_foot(part, RIGHT, up, behind=part.draw(*behind), height=part.draw(0.15, 0.38))
    if arms or part.chance(0.5):
        for hand in BOTH:
            part.place(hand, part.draw(0.6, 1) * up, (0.15, part.draw(-0.2, 0.15), 0.93, 0.3))
    part.poses.spine[:, 1] += up * 0.05 * np.sin(part.phase(0.5, 1.2))


def tree(part: Part) -> None:
    """On the left leg, the right sole at the other knee, the palms together overhead."""
    up = part.held(0.25, 0.2, 0.5)
    leg = part.body.leg
    part.move_foot(RIGHT, up[:, None] * [-0.02 * leg, 0.45 * leg, 0.02 * leg], under=0.4)
    part.knees[RIGHT, :, 0] += 1.2 * up
    part.poses.foot_pitch[RIGHT] += 0.9 * up
    for hand in BOTH:
        part.place(hand, up, (0.1, 0.85, -0.95 * part.body.midline, 0.7), via=(0.2, 0.2, 1.2, 0.4))


def warrior(part: Part) -> None:
    """Body and one leg level, on the other leg, arms ahead or out."""
    up = part.held(0.3, 0.25, 0.3)
    leg = part.body.leg
    part.move_foot(LEFT, up[:, None] * [0, 0.75 * leg, -0.85 * leg])
    part.poses.foot_pitch[LEFT] += 1.0 * up
    part.poses.pelvis[:, 0] += 1.05 * up
    part.poses.spine[:, 0] += 0.2 * up
    part.poses.neck[:, 0] -= 0.5 * up
    part.go_ahead(-0.05 * leg * up)
    ahead = part.chance(0.5)
    for hand in BOTH:
        part.place(hand, up, (0.3, 0.9, 0.0, 0.4) if ahead else (0.15, -0.05, 0.93, 0.2))


def stomp(part: Part) -> None:
    """The left foot up and hard down, so many times."""
    strokes = np.clip((part.progress - 0.05) / 0.9, 0, 0.99999) * part.count % 1
    up = keyed(strokes, (0, 0.45, 0.55, 0.68, 1), (0, 1, 1, 0, 0))
    part.move_foot(LEFT, up[:, None] * [0, 0.3 * part.body.leg, 0.12 * part.body.leg])
    jolt = keyed(strokes, (0.5, 0.7, 0.78, 1), (0, 0, 1, 0))
    part.poses.crouch += 0.04 * part.body.leg * jolt
    part.poses.spine[:, 0] += 0.12 * jolt


def tap_foot(part: Part) -> None:
    """The toes of the left foot up and down, the heel on the floor."""
    weight = part.held(0.1, 0.1, 0.4)
    beat = 0.5 - 0.5 * np.cos(part.phase(1.4, 2.2))
    part.move_foot(LEFT, np.stack([0 * beat, 0 * beat, 0.12 * part.body.leg * weight], axis=1))
    part.poses.foot_pitch[LEFT] -= 0.5 * beat * weight


def swing_leg(part: Part, sideways: bool = False) -> None:
    """The straight left leg like a pendulum."""
    weight = part.held(0.12, 0.12, 0.2)
    swing = np.sin(part.phase(0.6, 0.9)) * weight * part.extent
    leg = part.body.leg
    up = (0.06 * weight + 0.28 * swing**2) * leg
    far = 0.5 * swing * leg
    way = [far, up, 0 * up] if sideways else [0 * up, up, far]
    part.move_foot(LEFT, np.stack(way, axis=1))
    part.poses.pelvis[:, 0] -= 0 if sideways else 0.12 * swing


def quad(part: Part) -> None:
    """The left heel is held to the buttock with the left hand."""
    up = part.held(0.28, 0.25, 0.4)
    leg = part.body.leg
    part.move_foot(LEFT, up[:, None] * [0, 0.5 * leg, -0.3 * leg], under=0.2)
    part.poses.foot_pitch[LEFT] += 1.3 * up
    part.place(LEFT, up, (-0.35, -0.82, 0.1, 0.8))


def stumble(part: Part) -> None:
    """A foot catches, the body falls ahead over quick steps, and rights itself."""
    fall = part.key((0.25, 0.42, 0.6, 0.95), (0, 1, 0.8, 0))
    part.poses.pelvis[:, 0] += 0.55 * fall
    part.poses.spine[:, 0] += 0.35 * fall
    part.poses.crouch += 0.1 * part.body.leg * fall
    for hand in BOTH:
        part.place(
            hand, np.clip(fall, 0, 1), (0.75, part.draw(-0.4, 0.0), part.draw(0.0, 0.4), 0.4)
        )
    go(part, Gait(part.draw(0.8, 1.2), 0.32, stray=0.05, clearance=0.05, heel=0.4))


def step_over(part: Part) -> None:
    """One high long step and then the other over something low."""
    step = part.seconds / 2.1
    go(
        part,
        Gait(
            0.9 * part.body.leg / step,
            step,
            clearance=0.42 * part.body.leg,
            swing=0.9,
            heel=0.3,
            strike=0.1,
        ),
    )


def one_step(part: Part, bearing: float) -> None:
    """A single step, and the other foot after it."""
    step = part.seconds / 2
    speed = 0.5 * part.body.leg / part.seconds
    go(
        part,
        Gait(
            speed * part.draw(1.2, 1.8),
            step,
            bearing=bearing,
            swing=0.9,
            clearance=part.draw(0.06, 0.12),
            heel=0.25,
            strike=0.0,
        ),
    )


_l = functools.partial(Action, uses="l", layer=1)


ACTIONS = (
    _l("take a step forward", of(one_step, 0.0), seconds=1.4, tempos=False, layer=0),
    _l("take a step back", of(one_step, np.pi), seconds=1.4, tempos=False, layer=0),
    _l("take a step to the {side}", of(one_step, np.pi / 2), seconds=1.4, tempos=False, layer=0),
    _l(
        "hug {side} knee",
        of(lift_leg, 0.62, 0.22, pitch=0.5, hold_hands=True),
        uses="aol",
        seconds=2.2,
        share=0.6,
    ),
    _l("stomp {side} foot", stomp, counted=True, seconds=0.9, tempos=False),
    _l("tap {side} foot", tap_foot, seconds=2.2),
    _l("swing {side} leg", swing_leg, sizes=True, seconds=2.5),
    _l("swing {side} leg sideways", of(swing_leg, True), sizes=True, seconds=2.5, share=0.6),
    _l("stretch {side} thigh", quad, uses="al", seconds=2.6),
    _l("stand on {side} leg", stand_on_leg, uses="aol", seconds=3.0, tempos=False),
    _l("tree pose", tree, uses="aol", seconds=3.0, share=0.7, noun=True),
    _l("balance forward on one leg", warrior, uses="aotl", seconds=3.0, share=0.7),
    _l("stumble", stumble, uses="aotl", seconds=2.2, layer=0, tempos=False),
    _l("step over something", step_over, seconds=2.4, layer=0),
)
"""Single steps and stands."""

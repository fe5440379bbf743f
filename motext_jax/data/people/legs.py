"""Actions of the legs on the spot: squats, lunges, kicks and lifted legs."""

import functools

import numpy as np

from motext_jax.data.people.action import Action
from motext_jax.data.people.hands import of, together
from motext_jax.data.people.part import Part
from motext_jax.data.synthetic.body import LEFT, OUTWARD, RIGHT
from motext_jax.data.synthetic.take import ease, keyed

BOTH = (LEFT, RIGHT)


def kick(
    part: Part,
    up: float,
    ahead: float,
    out: float = 0.0,
    chamber=(0.42, 0.12),
    lean=-0.3,
    foot: int = LEFT,
    turn: float = 0.0,
) -> None:
    """The left foot is drawn up and struck out, once or more; ways in leg lengths."""
    leg = part.body.leg
    strokes = np.clip((part.progress - 0.05) / 0.9, 0, 0.99999) * part.count % 1
    far = 0.6 + 0.4 * part.extent * part.style.extent
    keys = np.array(
        [
            (0, 0, 0),
            (0.3 * out, chamber[0], chamber[1]),
            (out * far, up * far, ahead * far),
            (0.4 * out, 0.3, 0.12),
            (0, 0, 0),
        ]
    )
    times = (0, 0.28, 0.47, 0.68, 1.0)
    way = keyed(strokes, times, keys) * leg
    part.move_foot(foot, way, under=0.0 if out else 0.3)
    part.poses.foot_pitch[foot] += keyed(strokes, times, (0, 0.5, -0.2 if ahead > 0 else 0.6, 0, 0))
    back = keyed(strokes, times, (0, 0.05, lean, 0.5 * lean, 0))
    part.poses.pelvis[:, 0] += back
    if out:
        part.poses.pelvis[:, 1] -= OUTWARD[foot] * 0.35 * keyed(strokes, times, (0, 0.1, 1, 0.4, 0))
    if turn:
        part.poses.pelvis[:, 2] += turn * keyed(strokes, times, (0, -0.3, 1, 0.6, 0))


def lift_leg(
    part: Part,
    up: float,
    ahead: float,
    out: float = 0.0,
    pitch: float = 0.3,
    lean: float = 0.0,
    tip: float = 0.0,
    hold_hands: bool = False,
) -> None:
    """The left foot goes to a place and comes back, `part.count` times."""
    weight = part.strokes() if part.count > 1 else part.held(0.33, 0.33, 0.0)
    weight = weight * np.clip(0.5 + 0.5 * part.extent * part.style.extent, 0.7, 1.2)
    way = weight[:, None] * np.array([out, up, ahead]) * part.body.leg
    part.move_foot(LEFT, way, under=0.0 if out else 0.3)
    part.poses.foot_pitch[LEFT] += pitch * weight
    part.poses.pelvis[:, 0] += lean * weight
    part.poses.pelvis[:, 1] += tip * weight
    if hold_hands:
        for hand in BOTH:
            part.place(hand, weight, (0.55, -0.55, -0.6 * part.body.midline, 0.5))


def squat(
    part: Part, depth=(0.46, 0.6), arms: bool = True, wide: float = 0.0, stays: float = 0.0
) -> None:
    """Down and up again, `part.count` times, or down for a while."""
    down = part.held(0.3, 0.3, stays) if stays else part.strokes()
    deep = part.body.leg * part.draw(*depth) * np.clip(part.style.extent, 0.85, 1.05)
    if wide:
        spread = wide * part.body.leg * part.held(0.12, 0.12, stays)
        for foot in BOTH:
            part.move_foot(foot, np.stack([spread, 0 * spread, 0 * spread], axis=1))
            part.poses.foot_yaw[foot] += OUTWARD[foot] * 2 * spread
    back = 0.05 if wide else 0.13
    part.sink(down * deep, back=back * part.body.leg * down, lean=part.draw(0.4, 0.7) * down)
    if arms and part.chance(0.7):
        forward = (part.draw(0.7, 0.95), part.draw(-0.2, 0.1), part.draw(-0.3, 0.1), 0.4)
        for hand in BOTH:
            part.place(hand, down, forward)


def bend_knees(part: Part) -> None:
    """The knees bend a little and straighten, so many times."""
    down = part.strokes()
    part.poses.crouch += part.body.leg * part.draw(0.18, 0.26) * down
    part.poses.pelvis[:, 0] += 0.12 * down


def heel_raises(part: Part) -> None:
    """Up on the toes and down."""
    up = part.strokes() if part.count > 1 else part.held(0.3, 0.3, 0.0)
    lifted = 0.75 * up
    part.poses.foot_pitch += lifted
    part.poses.lift += 0.1 * part.body.leg / 0.8 * np.sin(lifted)


def lunge(part: Part, ahead: float, out: float = 0.0, back_foot: bool = True) -> None:
    """The left foot far out, the knee bent over it, and back again, `part.count` times."""
    down = part.strokes(0.06)
    leg = part.body.leg
    far = part.style.extent * part.extent
    gone = ease(np.clip(2.2 * down, 0, 1))
    sink = ease(np.clip(1.6 * down - 0.6, 0, 1))
    height = 0.12 * leg * np.sin(np.pi * gone) ** 2
    way = np.stack([out * leg * gone, height, ahead * leg * gone], axis=1)
    part.move_foot(LEFT, way, under=0.0)
    sideways = out * leg * (0.25 * gone + 0.45 * sink)
    part.go_ahead(ahead * leg * (0.5 * gone + 0.1 * sink), sideways)
    part.poses.crouch += leg * (0.33 if ahead else 0.3) * min(far, 1.1) * sink
    part.poses.pelvis[:, 0] += (0.1 if ahead else 0.4) * sink
    if ahead > 0:
        part.poses.foot_pitch[RIGHT] += 0.85 * gone
    elif ahead < 0:
        part.poses.foot_pitch[LEFT] += 0.9 * gone


_l = functools.partial(Action, uses="l", layer=1)


ACTIONS = (
    _l("squat", squat, counted=True, seconds=1.8, uses="aotl", share=1.3, tempos=False),
    _l("sumo squat", of(squat, wide=0.2), seconds=2.2, uses="aotl", share=0.7, noun=True),
    _l("crouch", of(squat, (0.4, 0.55), False, stays=0.8), seconds=2.2, uses="tl"),
    _l("bend knees", bend_knees, counted=True, seconds=1.2),
    _l("rise on toes", heel_raises, counted=True, seconds=1.5),
    _l("lunge with {side} leg", of(lunge, 0.95), seconds=2.2, uses="l"),
    _l("side lunge to the {side}", of(lunge, 0.0, 0.65), seconds=2.2, noun=True),
    _l("lunge backward with {side} leg", of(lunge, -0.85), seconds=2.2, share=0.7),
    _l("lift {side} knee", of(lift_leg, 0.48, 0.28, pitch=0.4), counted=True, seconds=1.5),
    _l("raise {side} leg forward", of(lift_leg, 0.42, 0.75, pitch=0.2, lean=-0.15), seconds=1.8),
    _l(
        "raise {side} leg to the side",
        of(lift_leg, 0.25, 0.0, 0.6, pitch=0.1, tip=-0.2),
        seconds=1.8,
    ),
    _l("raise {side} leg backward", of(lift_leg, 0.22, -0.55, pitch=0.8, lean=0.35), seconds=1.8),
    _l("lift {side} foot", of(lift_leg, 0.18, 0.02, pitch=0.1), seconds=1.4, share=0.7),
    _l(
        "kick with {side} leg",
        of(kick, 0.55, 0.85),
        counted=True,
        sizes=True,
        seconds=1.4,
        share=1.5,
    ),
    _l("kick high with {side} leg", of(kick, 1.0, 0.85, lean=-0.5), seconds=1.5, tempos=False),
    _l(
        "kick a ball with {side} foot",
        together(of(kick, 0.12, 0.65, chamber=(0.15, -0.45), lean=-0.2)),
        seconds=1.4,
    ),
    _l("kick sideways with {side} leg", of(kick, 0.55, 0.05, 0.75), seconds=1.5),
    _l(
        "kick backward with {side} leg",
        of(kick, 0.4, -0.75, chamber=(0.35, 0.1), lean=0.6),
        seconds=1.5,
    ),
    _l(
        "roundhouse kick with {side} leg",
        of(kick, 0.7, 0.6, 0.3, turn=-0.9),
        seconds=1.5,
        noun=True,
    ),
    _l(
        "knee strike with {side} leg",
        of(lift_leg, 0.6, 0.45, pitch=0.5, lean=-0.2),
        seconds=1.0,
        tempos=False,
        noun=True,
    ),
)
"""Squats, lunges, kicks and lifted legs."""

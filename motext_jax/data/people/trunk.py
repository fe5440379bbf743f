"""Actions of trunk and head by somebody who stands: bows, leans, looks, twists, sneezes."""

import functools

import numpy as np

from motext_jax.data.people.action import Action
from motext_jax.data.people.hands import hold, of, shake
from motext_jax.data.people.part import Part
from motext_jax.data.synthetic.body import LEFT, RIGHT
from motext_jax.data.synthetic.take import ease

BOTH = (LEFT, RIGHT)
Angles = tuple[float, float, float]


def tilt(
    part: Part,
    pelvis: Angles = (0, 0, 0),
    spine: Angles = (0, 0, 0),
    neck: Angles = (0, 0, 0),
    *,
    stays: float = 0.3,
    back: float = 0.0,
    counted: bool = False,
) -> None:
    """Angles (forward, to the left, turned left) taken on and given back.

    Args:
      part: the poses change.
      pelvis, spine, neck: the angles, in radians.
      stays: probability that the clip ends in them.
      back: the pelvis's way back, in leg lengths.
      counted: done `part.count` times.
    """
    if counted and part.count > 1:
        weight = part.strokes()
    else:
        weight = part.held(part.draw(0.28, 0.36), part.draw(0.25, 0.33), stays)
    weight = weight * part.extent * np.clip(part.style.extent, 0.85, 1.15)
    for name, angles in (("pelvis", pelvis), ("spine", spine), ("neck", neck)):
        getattr(part.poses, name)[:] += weight[:, None] * np.array(angles)
    if back:
        part.go_ahead(-back * part.body.leg * weight)


def swing(part: Part, spine: Angles, hertz=(0.5, 0.9), neck: Angles = (0, 0, 0), **also) -> None:
    """Angles of the trunk to and fro."""
    weight = part.held(0.12, 0.12, 0.4)
    beat = weight * np.sin(part.phase(*hertz)) * part.extent * part.style.extent
    part.poses.spine += beat[:, None] * np.array(spine)
    part.poses.neck += beat[:, None] * np.array(neck)
    part.poses.pelvis += beat[:, None] * np.array(also.get("pelvis", (0, 0, 0)))
    if "aside" in also:
        part.go_ahead(0 * beat, also["aside"] * part.body.leg * beat)


def circle(part: Part, angle: float, what: str = "spine", hips: float = 0.0) -> None:
    """Trunk, hips or head round in circles."""
    turns = max(1, round(part.seconds * 0.55 * part.pace))
    sign = 1 if part.chance(0.5) else -1
    phase = sign * 2 * np.pi * turns * np.clip((part.progress - 0.1) / 0.8, 0, 1)
    weight = part.held(0.15, 0.15) * part.extent
    track = getattr(part.poses, what)
    track[:, 0] += angle * np.cos(phase) * weight
    track[:, 1] += angle * np.sin(phase) * weight
    if hips:
        out = hips * part.body.leg * weight
        part.go_ahead(out * np.cos(phase), out * np.sin(phase))
        part.poses.spine[:, 0] += 1.2 * hips * np.cos(phase) * weight
        part.poses.spine[:, 1] -= 1.2 * hips * np.sin(phase) * weight
        part.poses.crouch += 0.03 * part.body.leg * weight


def shaken_head(part: Part, axis: int, angle: float, counted: bool = False) -> None:
    """The head to and fro about one axis."""
    number = part.count if counted else max(2, round(part.seconds * 1.4 * part.pace))
    beats = np.clip((part.progress - 0.08) / 0.84, 0, 1)
    if axis == 0:
        wave = angle * (0.5 - 0.5 * np.cos(2 * np.pi * number * beats)) * 1.6
    else:
        wave = angle * np.sin(2 * np.pi * number * beats) * part.held(0.15, 0.15)
    wave = wave * part.extent
    part.poses.neck[:, axis] += wave
    # The head's own joints move by centimetres; the shoulders go along as they do in people.
    part.poses.spine[:, axis] += part.draw(0.25, 0.4) * wave


def look_around(part: Part) -> None:
    """To one side, then to the other, with the shoulders following."""
    first = 1 if part.chance(0.5) else -1
    look = first * part.key((0, 0.25, 0.4, 0.65, 0.8, 1), (0, 1, 1, -1, -1, 0))
    part.poses.neck[:, 2] += look * part.draw(0.8, 1.15)
    part.poses.spine[:, 2] += look * part.draw(0.25, 0.5)


def jerk(part: Part, angles: Angles, hand=None, crouch: float = 0.0, back: float = 0.0) -> None:
    """A sudden movement of the trunk, and slowly back; perhaps with a hand to the face."""
    weight = part.key((0, 0.3, 0.42, 0.5, 1), (0, -0.25, 1, 0.9, 0))
    part.poses.spine += weight[:, None] * np.array(angles)
    part.poses.neck[:, 0] += 0.5 * angles[0] * weight
    part.poses.crouch += crouch * part.body.leg * np.clip(weight, 0, 1)
    if back:
        part.go_ahead(-back * part.body.leg * np.clip(weight, 0, 1))
    if hand is not None:
        part.place(LEFT, part.held(0.3, 0.3), hand)


def tremble(part: Part) -> None:
    """Arms around the body, all of it shaking."""
    weight = part.held(0.2, 0.2, 0.5)
    phase = 2 * np.pi * part.draw(5, 8) * part.time
    shiver = 0.03 * np.sin(phase) * weight
    for hand in BOTH:
        part.place(hand, weight, (0.25, -0.28, -1.7 * part.body.midline, 0.5))
        part.poses.hands[hand, :, 0] += shiver
    part.poses.spine[:, 2] += 1.5 * shiver
    part.poses.spine[:, 0] += 0.25 * weight
    part.poses.neck[:, 1] += 2 * shiver
    part.poses.crouch += 0.04 * part.body.leg * weight


def laugh(part: Part) -> None:
    """The trunk shakes with the head back or the belly held."""
    weight = part.held(0.2, 0.2, 0.3)
    beat = np.sin(part.phase(2.5, 3.5)) * weight
    part.poses.spine[:, 0] += 0.08 * beat + part.draw(-0.15, 0.4) * weight
    part.poses.neck[:, 0] -= 0.15 * weight + 0.05 * beat
    part.poses.hands[:, :, 1] += 0.02 * beat
    if part.chance(0.7):
        part.place(LEFT, weight, (0.3, -0.45, -0.95 * part.body.midline, 0.7))


def duck(part: Part, aside: float = 0.0) -> None:
    """Quickly down, or down and to the left, and up again."""
    weight = part.key((0, 0.25, 0.45, 0.6, 1), (0, 0.1, 1, 0.9, 0)) * part.extent
    leg = part.body.leg
    part.poses.crouch += (0.12 if aside else 0.42) * leg * weight
    part.poses.pelvis[:, 0] += (0.1 if aside else 0.45) * weight
    part.poses.spine[:, 0] += (0.1 if aside else 0.5) * weight
    part.poses.spine[:, 1] += 0.75 * aside * weight
    part.poses.pelvis[:, 1] += 0.25 * aside * weight
    part.go_ahead(-0.1 * leg * weight, 0.1 * aside * leg * weight)
    for hand in BOTH:
        part.place(hand, np.clip(0.8 * weight, 0, 1), (0.35, 0.0, -0.3 * part.body.midline, 0.6))


def breathe(part: Part) -> None:
    """Chest and arms rise and sink."""
    wave = 0.5 - 0.5 * np.cos(2 * np.pi * np.clip(part.progress, 0, 1))
    part.poses.spine[:, 0] -= 0.2 * wave
    part.poses.neck[:, 0] -= 0.15 * wave
    for hand in BOTH:
        part.place(hand, wave * 0.8, (0.1, -0.2, 0.75, 0.4))


def stretch_side(part: Part) -> None:
    """To the right, with the left arm over the head."""
    weight = part.held(0.3, 0.3, 0.3)
    part.place(LEFT, weight, (0.05, 0.93, -0.35 * part.body.midline, 0.6), via=(0.2, 0.0, 1.2, 0.4))
    part.place(RIGHT, weight, (0.0, -0.62, 0.15, 1.6))
    part.poses.spine[:, 1] -= 0.55 * part.extent * weight
    part.poses.pelvis[:, 1] -= 0.1 * weight


def toe_touch(part: Part) -> None:
    """Both hands to the feet on straight legs."""
    weight = part.strokes() if part.count > 1 else part.held(0.32, 0.32, 0.15)
    part.poses.pelvis[:, 0] += 1.15 * weight
    part.poses.spine[:, 0] += 1.15 * weight
    part.poses.neck[:, 0] += 0.2 * weight
    part.go_ahead(-0.17 * part.body.leg * weight)
    for hand in BOTH:
        part.place(hand, np.clip(1.3 * weight, 0, 1), (0.55, -0.85, -0.05, 0.4))


def windmill(part: Part) -> None:
    """Bent over, each hand to the other foot in turn."""
    weight = part.held(0.15, 0.15)
    beat = np.sin(part.phase(0.5, 0.8)) * weight
    part.poses.pelvis[:, 0] += 0.9 * weight
    part.poses.spine[:, 0] += 0.6 * weight
    part.poses.spine[:, 2] += 0.9 * beat
    part.go_ahead(-0.14 * part.body.leg * weight)
    for hand in BOTH:
        part.place(hand, weight, (0.25, -0.1, 0.92, 0.2))


def stretch(part: Part) -> None:
    """Hands together over the head, the trunk drawn back."""
    weight = part.held(0.28, 0.25, 0.2)
    for hand in BOTH:
        part.place(
            hand, weight, (0.05, 0.93, -0.85 * part.body.midline, 0.6), via=(1.2, 0, 0.3, 0.4)
        )
    part.poses.spine[:, 0] -= 0.3 * part.extent * weight
    part.poses.neck[:, 0] -= 0.3 * weight
    part.poses.foot_pitch += weight * max(0.0, part.draw(-0.4, 0.5))


def stand_still(part: Part) -> None:
    """Standing about is all there is."""


def hip_shake(part: Part) -> None:
    """The hips from side to side, quickly."""
    weight = part.held(0.12, 0.12, 0.4)
    beat = np.sin(part.phase(1.3, 2.0)) * weight * part.extent
    part.go_ahead(0 * beat, 0.07 * part.body.leg * beat)
    part.poses.pelvis[:, 1] += 0.2 * beat
    part.poses.spine[:, 1] -= 0.3 * beat
    part.poses.crouch += 0.05 * part.body.leg * weight


def wobble(part: Part) -> None:
    """Off balance, the arms beating the air, and steady again."""
    weight = part.held(0.15, 0.3)
    one, other = np.sin(part.phase(0.8, 1.2)), np.sin(part.phase(1.1, 1.6))
    part.poses.spine[:, 1] += 0.35 * one * weight
    part.poses.spine[:, 0] += 0.3 * other * weight
    part.go_ahead(0.04 * other * weight, 0.05 * one * weight)
    for hand in BOTH:
        sign = 1 if hand == LEFT else -1
        place = np.stack(
            [0.2 + 0.4 * other, 0.1 + 0.5 * sign * one, 0 * one + 0.7, 0 * one + 0.4], axis=1
        )
        part.place(hand, weight, place)


def slump(part: Part) -> None:
    """Shoulders and head hang."""
    weight = ease(part.progress / 0.6)
    part.poses.spine[:, 0] += 0.5 * weight
    part.poses.neck[:, 0] += 0.45 * weight
    part.poses.crouch += 0.04 * part.body.leg * weight
    for hand in BOTH:
        part.place(hand, weight, (0.12, -0.97, 0.05, 0.3))


_t = functools.partial(Action, uses="t")


ACTIONS = (
    _t("stand still", stand_still, seconds=0.0, uses="", tempos=False, share=2.0),
    _t(
        "bow",
        of(tilt, (0.42, 0, 0), (0.4, 0, 0), (0.1, 0, 0), stays=0.0, back=0.08, counted=True),
        sizes=True,
        seconds=2.0,
        counted=True,
        share=1.3,
    ),
    _t(
        "bow deeply",
        of(tilt, (0.85, 0, 0), (0.7, 0, 0), (0.15, 0, 0), stays=0.0, back=0.14),
        seconds=2.4,
        share=0.7,
    ),
    _t("bend forward", of(tilt, (0.75, 0, 0), (0.7, 0, 0), stays=0.6, back=0.13), seconds=2.0),
    _t(
        "lean forward",
        of(tilt, (0.3, 0, 0), (0.25, 0, 0), (-0.25, 0, 0), stays=0.8, back=0.04),
        sizes=True,
    ),
    _t(
        "lean back",
        of(tilt, (-0.25, 0, 0), (-0.4, 0, 0), (-0.05, 0, 0), stays=0.5, back=-0.06),
        sizes=True,
    ),
    _t(
        "lean to the {side}",
        of(tilt, (0, 0.12, 0), (0, 0.48, 0), (0, 0.1, 0), stays=0.5),
        sizes=True,
    ),
    _t(
        "twist to the {side}",
        of(tilt, (0, 0, 0.2), (0, 0, 0.95), (0, 0, 0.3), stays=0.4),
        sizes=True,
    ),
    _t(
        "twist from side to side",
        of(swing, (0, 0, 0.9), (0.4, 0.7), (0, 0, 0.2), pelvis=(0, 0, 0.15)),
        sizes=True,
        seconds=2.6,
    ),
    _t(
        "sway from side to side",
        of(swing, (0, 0.22, 0), (0.35, 0.6), aside=0.08),
        seconds=2.8,
        sizes=True,
    ),
    _t("rock back and forth", of(swing, (0.2, 0, 0), (0.4, 0.7), pelvis=(0.12, 0, 0)), seconds=2.8),
    _t("circle hips", of(circle, 0.05, "pelvis", 0.13), seconds=2.8, sizes=True),
    _t("circle upper body", of(circle, 0.45), seconds=2.8, share=0.7),
    _t("shake hips", hip_shake, seconds=2.4, sizes=True),
    _t("nod", of(shaken_head, 0, 0.35), seconds=1.9, sizes=True, share=1.2, uses="h"),
    _t("shake head", of(shaken_head, 2, 0.75), seconds=1.9, sizes=True, share=1.2, uses="h"),
    _t(
        "tilt head to the {side}",
        of(tilt, neck=(0, 0.6, 0), spine=(0, 0.1, 0), stays=0.5),
        uses="h",
    ),
    _t("circle head", of(circle, 0.45, "neck"), seconds=2.6, uses="h"),
    _t(
        "look {side}",
        of(tilt, neck=(0, 0, 1.0), spine=(0, 0, 0.35), stays=0.5),
        seconds=1.6,
        uses="h",
    ),
    _t(
        "look up",
        of(tilt, neck=(-0.65, 0, 0), spine=(-0.25, 0, 0), stays=0.5),
        seconds=1.6,
        uses="h",
    ),
    _t(
        "look down",
        of(tilt, neck=(0.6, 0, 0), spine=(0.22, 0, 0), stays=0.5),
        seconds=1.6,
        uses="h",
    ),
    _t("look over {side} shoulder", of(tilt, (0, 0, 0.25), (0, 0, 0.8), (0, 0, 1.0), stays=0.4)),
    _t("look around", look_around, seconds=2.5, uses="h"),
    _t("stretch", stretch, uses="aot", seconds=2.4),
    _t("stretch {side} side", stretch_side, uses="aot", seconds=2.3),
    _t(
        "stretch {side} arm across chest",
        of(hold, (0.4, -0.02, -2.4, 0.3), stays=0.6, turn=-0.1),
        uses="a",
        seconds=2.2,
    ),
    _t(
        "stretch {side} triceps",
        of(hold, (-0.15, 0.25, -0.6, 1.4), via=(0.5, 0.6, 0.3, 0.6), stays=0.6),
        uses="a",
        share=0.5,
    ),
    _t("touch toes", toe_touch, uses="aotl", counted=True, seconds=2.2),
    _t("do windmills", windmill, uses="aotl", seconds=3.0, share=0.7),
    _t("cough", of(jerk, (0.35, 0, 0), (0.3, 0.2, -0.9, 0.6)), uses="at", seconds=1.4),
    _t("sneeze", of(jerk, (0.55, 0, 0), (0.3, 0.22, -0.95, 0.6), 0.05), uses="at", seconds=1.5),
    _t("flinch", of(jerk, (-0.25, 0, 0.2), None, 0.05, 0.1), seconds=1.2, tempos=False),
    _t(
        "get hit in the belly",
        of(jerk, (0.7, 0, 0), (0.25, -0.45, -0.9, 0.7), 0.1, 0.14),
        uses="at",
        seconds=1.6,
        share=0.7,
    ),
    _t("shiver", tremble, uses="aot", seconds=2.6),
    _t("laugh", laugh, uses="at", seconds=2.6),
    _t(
        "cry",
        of(
            shake,
            (0.28, 0.22, -0.75, 0.7),
            (0.01, 0.03, 0.01),
            (1.5, 2.5),
            BOTH,
            head=0.4,
            trunk=(0.04, 0, 0),
            stays=0.6,
        ),
        uses="aot",
        seconds=2.6,
    ),
    _t("duck", duck, uses="aotl", seconds=1.4, tempos=False),
    _t("dodge to the {side}", of(duck, 1.0), uses="aotl", seconds=1.3, tempos=False),
    _t("breathe deeply", breathe, uses="aot", seconds=3.0),
    _t("lose balance", wobble, uses="aot", seconds=2.4),
    _t("slump", slump, uses="aot", seconds=1.8),
)
"""Actions of trunk and head."""

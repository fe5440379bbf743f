"""Styles: how a person of some age or mood stands and moves, and the words for it."""

import dataclasses

import numpy as np

from motext_jax.data.synthetic.body import LEFT, RIGHT, Body
from motext_jax.data.synthetic.poses import Poses
from motext_jax.data.synthetic.take import wander


@dataclasses.dataclass(frozen=True)
class Style:
    """A manner of all that a person does; angles in radians.

    Attributes:
      name: empty for none.
      manners: phrases that stand after what is done.
      adjectives: words that stand before the person.
      stoop: the spine's bend forward.
      head: the head's bend forward.
      knees: drop of the pelvis, in leg lengths.
      elbows: weight by which the elbows point outward, and the hands stand off.
      tempo: factor on speed.
      extent: factor on how far limbs go.
      step: factor on the speed of walking.
      clearance: factor on the height of a lifted foot.
      swing: factor on the arms' swing.
      sway: the trunk's slow swaying to the sides.
      tremble: the hands' and the head's shaking.
      bounce: rise and fall of the body, in leg lengths.
    """

    name: str = ""
    manners: tuple[str, ...] = ()
    adjectives: tuple[str, ...] = ()
    stoop: float = 0.0
    head: float = 0.0
    knees: float = 0.0
    elbows: float = 0.0
    tempo: float = 1.0
    extent: float = 1.0
    step: float = 1.0
    clearance: float = 1.0
    swing: float = 1.0
    sway: float = 0.0
    tremble: float = 0.0
    bounce: float = 0.0


NEUTRAL = Style()

STYLES = (
    Style(
        "old",
        ("like an old person", "with old age", "like someone very old"),
        ("old", "elderly"),
        stoop=0.55,
        head=0.1,
        knees=0.07,
        tempo=0.7,
        extent=0.8,
        step=0.55,
        clearance=0.6,
        swing=0.5,
        tremble=0.15,
    ),
    Style(
        "tired",
        ("in a tired way", "tiredly", "wearily", "as if exhausted"),
        ("tired", "weary", "exhausted"),
        stoop=0.4,
        head=0.35,
        knees=0.05,
        elbows=-0.2,
        tempo=0.7,
        extent=0.8,
        step=0.7,
        clearance=0.6,
        swing=0.5,
        sway=0.04,
    ),
    Style(
        "happy",
        ("happily", "in a happy way", "cheerfully", "joyfully"),
        ("happy", "cheerful"),
        stoop=-0.15,
        head=-0.12,
        elbows=0.3,
        tempo=1.2,
        extent=1.15,
        step=1.1,
        clearance=1.4,
        swing=1.5,
        bounce=0.025,
    ),
    Style(
        "angry",
        ("angrily", "in an angry way", "furiously"),
        ("angry", "furious"),
        stoop=0.2,
        head=-0.05,
        knees=0.02,
        elbows=0.6,
        tempo=1.35,
        extent=1.15,
        step=1.25,
        clearance=1.3,
        swing=1.2,
    ),
    Style(
        "drunk",
        ("drunkenly", "as if drunk", "like a drunk person"),
        ("drunk", "drunken"),
        stoop=0.15,
        head=0.2,
        knees=0.04,
        elbows=0.2,
        tempo=0.8,
        extent=1.05,
        step=0.75,
        clearance=0.9,
        swing=0.9,
        sway=0.16,
    ),
    Style(
        "proud",
        ("proudly", "in a proud way", "with a puffed up chest"),
        ("proud", "confident"),
        stoop=-0.3,
        head=-0.15,
        elbows=0.5,
        tempo=0.9,
        extent=1.05,
        step=0.95,
        clearance=1.1,
        swing=1.2,
    ),
    Style(
        "sad",
        ("sadly", "in a sad way", "with a hanging head"),
        ("sad", "depressed"),
        stoop=0.3,
        head=0.55,
        knees=0.02,
        elbows=-0.3,
        tempo=0.75,
        extent=0.75,
        step=0.65,
        clearance=0.7,
        swing=0.3,
    ),
    Style(
        "nervous",
        ("nervously", "anxiously", "in a nervous way"),
        ("nervous", "anxious"),
        stoop=0.15,
        head=0.1,
        knees=0.02,
        elbows=-0.3,
        tempo=1.25,
        extent=0.75,
        step=0.9,
        swing=0.4,
        tremble=0.5,
    ),
    Style(
        "childlike",
        ("like a child", "in a childish way", "playfully"),
        ("playful",),
        stoop=-0.1,
        elbows=0.5,
        tempo=1.15,
        extent=1.2,
        step=0.9,
        clearance=1.5,
        swing=1.6,
        sway=0.06,
        bounce=0.03,
    ),
    Style(
        "careful",
        ("carefully", "cautiously", "in a careful way"),
        ("careful", "cautious"),
        stoop=0.1,
        head=0.2,
        knees=0.04,
        elbows=0.3,
        tempo=0.65,
        extent=0.85,
        step=0.6,
        swing=0.3,
    ),
    Style(
        "energetic",
        ("energetically", "with a lot of energy", "vigorously"),
        ("energetic", "lively"),
        stoop=-0.05,
        elbows=0.4,
        tempo=1.35,
        extent=1.25,
        step=1.2,
        clearance=1.4,
        swing=1.5,
        bounce=0.02,
    ),
    Style(
        "lazy",
        ("lazily", "in a lazy way", "casually", "in a relaxed way"),
        ("relaxed",),
        stoop=0.2,
        knees=0.02,
        tempo=0.8,
        extent=0.85,
        step=0.8,
        clearance=0.7,
        swing=0.8,
        sway=0.03,
    ),
    Style(
        "stiff",
        ("stiffly", "like a robot", "in a stiff way"),
        ("stiff",),
        stoop=-0.12,
        elbows=0.1,
        tempo=0.85,
        extent=0.95,
        step=0.8,
        swing=0.2,
    ),
    Style(
        "elegant",
        ("elegantly", "gracefully", "in an elegant way"),
        ("elegant", "graceful"),
        stoop=-0.2,
        head=-0.08,
        elbows=0.3,
        tempo=0.85,
        extent=1.1,
        step=0.85,
        swing=0.8,
        sway=0.05,
    ),
)


def wear(
    style: Style, poses: Poses, body: Body, time: np.ndarray, rng: np.random.Generator
) -> None:
    """Changes the posture that a person stands in to a style's."""
    poses.spine[:, 0] += style.stoop * rng.uniform(0.8, 1.2)
    poses.pelvis[:, 0] += 0.25 * style.stoop
    poses.neck[:, 0] += style.head * rng.uniform(0.8, 1.2) - 0.5 * style.stoop
    poses.crouch += style.knees * body.leg
    poses.arm_swing *= style.swing
    for hand in (LEFT, RIGHT):
        poses.hands[hand, :, 2] += 0.15 * style.elbows
        poses.hands[hand, :, 3] += 0.5 * style.elbows
    if style.sway:
        poses.spine += wander(rng, time, style.sway, 3)
        poses.pelvis += wander(rng, time, 0.5 * style.sway, 3)
        poses.neck += wander(rng, time, style.sway, 3)
    if style.tremble:
        phase = 2 * np.pi * (rng.uniform(5, 8) * time + rng.random())
        poses.hands[:, :, 0] += 0.03 * style.tremble * np.sin(phase)
        poses.neck[:, 2] += 0.1 * style.tremble * np.sin(0.7 * phase)
        poses.neck[:, 2] += wander(rng, time, 0.4 * style.tremble, 1)[:, 0]
    if style.bounce:
        beat = np.sin(2 * np.pi * (rng.uniform(1.5, 2.2) * time + rng.random()))
        poses.crouch += style.bounce * body.leg * (1 + beat)

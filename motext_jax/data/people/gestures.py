"""Gestures: what arms say, from waving to swiping and drawing in the air."""

import numpy as np

from motext_jax.data.people.action import Action
from motext_jax.data.people.hands import AHEAD, ASIDE, draw, hold, of, shake, strike, sweep
from motext_jax.data.people.part import Part
from motext_jax.data.synthetic.body import LEFT, RIGHT

BOTH = (LEFT, RIGHT)


def _polygon(*corners: tuple[float, float]) -> list[tuple[float, float]]:
    return [*corners, corners[0]]


_ANGLES = np.linspace(0, 2 * np.pi, 25)
_CIRCLE = [(float(np.sin(a)), float(np.cos(a))) for a in _ANGLES]
_EIGHT = [(float(np.sin(a)), float(np.sin(2 * a))) for a in _ANGLES]
_INFINITY = [(float(np.sin(a)), float(0.5 * np.sin(2 * a))) for a in _ANGLES]
_STANDING_EIGHT = [(float(0.5 * np.sin(2 * a)), float(np.cos(a))) for a in _ANGLES]
_SPIRAL = [
    (float(a / 12.6 * np.sin(a)), float(a / 12.6 * np.cos(a))) for a in np.linspace(1, 12.6, 48)
]
_HEART = [
    (float(np.sin(a) ** 3), float((13 * np.cos(a) - 5 * np.cos(2 * a) - 2 * np.cos(3 * a)) / 14))
    for a in _ANGLES
]
_SQUARE = _polygon((0.8, 0.8), (-0.8, 0.8), (-0.8, -0.8), (0.8, -0.8))
_TRIANGLE = _polygon((0, 0.9), (-0.9, -0.7), (0.9, -0.7))
_CROSS = [(0.8, 0.8), (-0.8, -0.8), (-0.8, 0.8), (0.8, -0.8)]
_TICK = [(0.8, 0.0), (0.3, -0.7), (-0.8, 0.8)]
_ZIGZAG = [(1.0, 0.5), (0.5, -0.5), (0.0, 0.5), (-0.5, -0.5), (-1.0, 0.5)]
_WAVY = [(1 - k / 12, float(0.5 * np.sin(k * np.pi / 5))) for k in range(25)]
_STAR = _polygon(
    *((float(np.sin(4 * np.pi * k / 5)), float(np.cos(4 * np.pi * k / 5))) for k in range(5))
)


def arm_circle(part: Part, hands=(LEFT,), backward: bool = False) -> None:
    """Straight arms through full circles at the body's sides."""
    turns = max(1, round(part.seconds * 0.9 * part.pace))
    sign = -1 if backward else 1
    angle = sign * 2 * np.pi * turns * np.clip((part.progress - 0.05) / 0.9, 0, 1)
    weight = part.held(0.12, 0.12)
    size = min(0.85 * part.extent * part.style.extent, 0.97)
    circle = np.stack(
        # From hanging ahead and up, or back and up.
        [size * np.sin(angle), -size * np.cos(angle), 0 * angle + 0.25, 0 * angle + 0.6],
        axis=1,
    )
    for hand in hands:
        part.place(hand, weight, circle)


def swing_arm(part: Part, hands=(LEFT,), opposite: bool = False) -> None:
    """Straight arms forward and back like a pendulum."""
    weight = part.held(0.12, 0.12, 0.4)
    phase = part.phase(0.7, 1.1)
    for hand in hands:
        angle = 0.9 * part.extent * np.sin(phase + (np.pi if opposite and hand == RIGHT else 0))
        arc = np.stack(
            [0.92 * np.sin(angle), -0.92 * np.cos(angle), 0 * angle + 0.15, 0 * angle + 0.4], axis=1
        )
        part.place(hand, weight, arc)


def shrug(part: Part) -> None:
    """Shoulders up, forearms out."""
    weight = part.held(0.25, 0.25, 0.1) * (0.5 + 0.5 * part.extent)
    for hand in BOTH:
        part.place(hand, weight, (0.35, part.draw(-0.45, -0.35), 0.45, 0.5))
    part.poses.neck[:, 0] += 0.15 * weight
    part.poses.neck[:, 1] += part.draw(-0.3, 0.3) * weight
    part.poses.spine[:, 0] -= 0.06 * weight


def clap(part: Part, up: float = -0.25, forward: float = 0.55, counted: bool = True) -> None:
    """The hands meet before the chest, or where they are told to."""
    number = part.count if counted else max(4, round(0.6 * part.seconds * 2.4 * part.pace))
    weight = part.held(0.22, 0.22)
    beats = np.clip((part.progress - 0.2) / 0.6, 0, 1) * number
    apart = 0.5 + 0.5 * np.cos(2 * np.pi * beats)
    wide = part.draw(0.3, 0.5) * part.extent
    height = up + part.draw(-0.1, 0.1)
    for hand in BOTH:
        gap = -0.97 * part.body.midline + wide * apart
        place = np.stack([gap * 0 + forward, gap * 0 + height, gap, gap * 0 + 0.6], axis=1)
        part.place(hand, weight, place)


def claps(part: Part, number: int) -> None:
    """So many claps and no more."""
    part.count = number
    clap(part)


_UP = (0.12, 0.92, 0.1, 0.5)
_WAVING = (0.3, 0.45, 0.35, 0.5)
_FACE = (0.3, 0.22, -0.9, 0.5)

ACTIONS = (
    Action(
        "wave {side} hand",
        of(shake, _WAVING, (0.0, 0.06, 0.24), (1.3, 1.9)),
        sizes=True,
        seconds=2.0,
        share=2.0,
    ),
    Action(
        "wave both hands",
        of(shake, _WAVING, (0.0, 0.06, 0.24), (1.2, 1.8), BOTH),
        sizes=True,
        uses="ao",
        seconds=2.0,
    ),
    Action(
        "wave both arms overhead",
        of(shake, (0.1, 0.85, 0.15, 0.4), (0.0, 0.0, 0.3), (0.7, 1.2), BOTH),
        uses="ao",
        seconds=2.2,
        sizes=True,
    ),
    Action("raise {side} arm", of(hold, _UP, via=AHEAD), share=2.0),
    Action("raise both arms", of(hold, _UP, BOTH, via=AHEAD), uses="ao", share=2.0),
    Action("raise {side} arm to the side", of(hold, (0.05, 0.05, 0.95, 0.2), via=ASIDE)),
    Action("raise {side} arm forward", of(hold, (0.96, 0.02, 0.0, 0.3), via=(0.8, -0.6, 0.1, 0.4))),
    Action(
        "raise both arms to the sides",
        of(hold, (0.02, 0.05, 0.96, 0.2), BOTH, via=ASIDE),
        uses="ao",
    ),
    Action(
        "t pose", of(hold, (0.0, 0.02, 0.98, 0.1), BOTH, via=ASIDE, stays=1.0), uses="ao", noun=True
    ),
    Action(
        "raise both arms forward",
        of(hold, (0.96, 0.02, -0.1, 0.3), BOTH, via=(0.8, -0.6, 0.1, 0.4)),
        uses="ao",
    ),
    Action(
        "reach down with {side} hand",
        of(sweep, [(0.45, -1.0, 0.05, 0.3)] * 2, (0.4, 0.6), bends=(1.3, 1.3), knees=(0.15, 0.15)),
        uses="atl",
        seconds=2.0,
    ),
    Action(
        "reach across with {side} hand", of(hold, (0.75, -0.05, -2.2, 0.6), turn=-0.4), uses="at"
    ),
    Action(
        "point forward", of(hold, (0.96, 0.05, -0.3, 0.3), via=(0.5, -0.3, 0.1, 0.4)), share=1.3
    ),
    Action("point up", of(hold, (0.45, 0.85, 0.05, 0.4), via=AHEAD, head=-0.3)),
    Action("point down", of(hold, (0.6, -0.75, 0.1, 0.4), via=(0.5, -0.3, 0.1, 0.4), head=0.3)),
    Action(
        "point to the {side}",
        of(hold, (0.15, 0.05, 0.96, 0.2), via=(0.6, -0.4, 0.4, 0.4), head=0.0),
    ),
    Action("point behind", of(hold, (-0.35, 0.3, 0.45, 1.0), turn=0.7), uses="at"),
    Action(
        "beckon",
        of(shake, (0.55, -0.05, 0.1, 0.4), (-0.2, 0.14, 0.0), (1.1, 1.7), circles=True),
        seconds=2.0,
    ),
    Action("signal to stop", of(hold, (0.85, 0.12, -0.2, 0.4), via=(0.4, -0.2, 0.1, 0.5))),
    Action("surrender", of(hold, (0.25, 0.4, 0.4, 0.3), BOTH, stays=0.7), uses="ao"),
    Action("salute", of(hold, (0.22, 0.38, -0.45, 1.2), stays=0.3)),
    Action("shrug", shrug, uses="ao", sizes=True, seconds=1.5),
    Action("clap", of(clap, counted=False), uses="ao", seconds=2.2),
    Action("clap once", of(claps, 1), uses="ao", seconds=1.4, tempos=False, share=0.4),
    Action("clap twice", of(claps, 2), uses="ao", seconds=2.0, tempos=False, share=0.4),
    Action("clap three times", of(claps, 3), uses="ao", seconds=2.5, tempos=False, share=0.4),
    Action("clap overhead", of(clap, 0.8, 0.2, False), uses="ao", seconds=2.2),
    Action("clap behind back", of(clap, -0.7, -0.35, False), uses="ao", seconds=2.2, share=0.5),
    Action(
        "swipe {side} with {side} hand",
        of(sweep, [(0.75, 0.0, -1.6, 0.5), (0.7, 0.0, 0.55, 0.5)], (0.35, 0.62)),
        seconds=1.5,
        sizes=True,
    ),
    Action(
        "swipe {other} with {side} hand",
        of(sweep, [(0.7, 0.0, 0.55, 0.5), (0.75, 0.0, -1.6, 0.5)], (0.35, 0.62)),
        seconds=1.5,
        sizes=True,
    ),
    Action(
        "swipe up",
        of(sweep, [(0.65, -0.6, -0.2, 0.5), (0.6, 0.6, -0.2, 0.5)], (0.32, 0.6)),
        seconds=1.5,
        sizes=True,
    ),
    Action(
        "swipe down",
        of(sweep, [(0.6, 0.6, -0.2, 0.5), (0.65, -0.6, -0.2, 0.5)], (0.35, 0.62)),
        seconds=1.5,
        sizes=True,
    ),
    Action("draw a circle", of(draw, _CIRCLE, True), seconds=2.4, sizes=True),
    Action("draw a square", of(draw, _SQUARE), seconds=2.8, sizes=True),
    Action("draw a triangle", of(draw, _TRIANGLE), seconds=2.6, sizes=True),
    Action("draw a heart", of(draw, _HEART, True), seconds=2.6, sizes=True),
    Action("draw an x", of(draw, _CROSS), seconds=2.2, sizes=True),
    Action("draw a tick", of(draw, _TICK), seconds=1.7, sizes=True),
    Action("draw a zigzag", of(draw, _ZIGZAG), seconds=2.4, sizes=True),
    Action("draw a wavy line", of(draw, _WAVY, True), seconds=2.4, sizes=True),
    Action("draw a figure eight", of(draw, _STANDING_EIGHT, True), seconds=2.6, sizes=True),
    Action("draw an infinity sign", of(draw, _INFINITY, True), seconds=2.6, sizes=True, share=0.5),
    Action("draw a spiral", of(draw, _SPIRAL, True), seconds=2.8, sizes=True, share=0.5),
    Action("draw a star", of(draw, _STAR), seconds=2.8, sizes=True, share=0.5),
    Action("circle {side} arm", arm_circle, seconds=2.4, sizes=True),
    Action("circle both arms", of(arm_circle, BOTH), uses="ao", seconds=2.4, sizes=True),
    Action(
        "circle both arms backward", of(arm_circle, BOTH, True), uses="ao", seconds=2.4, sizes=True
    ),
    Action("swing {side} arm", swing_arm, sizes=True),
    Action("swing both arms", of(swing_arm, BOTH), uses="ao", sizes=True),
    Action("swing arms alternately", of(swing_arm, BOTH, True), uses="ao", sizes=True),
    Action(
        "flap arms",
        of(shake, (0.0, -0.1, 0.9, 0.3), (0.0, 0.5, 0.0), (0.9, 1.5), BOTH),
        uses="ao",
        sizes=True,
        seconds=2.4,
    ),
    Action(
        "flail arms",
        of(
            shake,
            (0.4, 0.3, 0.4, 0.5),
            (0.3, 0.4, 0.2),
            (1.4, 2.2),
            BOTH,
            opposite=True,
            circles=True,
            trunk=(0.05, 0.1, 0.15),
        ),
        uses="aot",
        seconds=2.2,
    ),
    Action("shake hands", of(shake, (0.72, -0.4, -0.5, 0.3), (0.0, 0.08, 0.0), (1.8, 2.6))),
    Action(
        "high five",
        of(strike, (0.35, 0.3, 0.15, 0.5), (0.75, 0.6, -0.1, 0.4), back=0.2),
        seconds=1.3,
        noun=True,
    ),
    Action(
        "pump {side} fist",
        of(strike, (0.35, 0.25, 0.2, 0.5), (0.15, 0.8, 0.15, 0.5), back=0.5),
        counted=True,
        seconds=1.2,
    ),
    Action(
        "cheer",
        of(shake, (0.12, 0.85, 0.25, 0.4), (0.05, 0.12, 0.05), (1.2, 2.0), BOTH),
        uses="ao",
        seconds=2.2,
    ),
    Action("cross arms", of(hold, (0.36, -0.38, -1.45, 0.8), BOTH, stays=0.7), uses="ao"),
    Action("put hands on hips", of(hold, (-0.02, -0.62, 0.12, 1.7), BOTH, stays=0.7), uses="ao"),
    Action("put {side} hand on hip", of(hold, (-0.02, -0.62, 0.12, 1.7), stays=0.7)),
    Action("put hands behind back", of(hold, (-0.3, -0.68, -0.7, 0.9), BOTH, stays=0.7), uses="ao"),
    Action(
        "put hands behind head",
        of(hold, (-0.12, 0.3, -0.5, 1.6), BOTH, via=(0.4, 0.2, 0.6, 1.0), stays=0.6),
        uses="ao",
    ),
    Action("put hands on head", of(hold, (0.08, 0.48, -0.55, 1.5), BOTH, stays=0.5), uses="ao"),
    Action(
        "put hands in pockets",
        of(hold, (0.06, -0.8, 0.1, 0.7), BOTH, stays=0.8),
        uses="ao",
        share=0.5,
    ),
    Action("pray", of(hold, (0.42, -0.12, -0.95, 0.7), BOTH, stays=0.6, head=0.4), uses="aot"),
    Action("cover face", of(hold, (0.28, 0.22, -0.8, 0.7), BOTH, head=0.25), uses="aot"),
    Action("facepalm", of(hold, (0.26, 0.27, -0.95, 0.6), head=0.3), uses="at"),
    Action("cover ears", of(hold, (0.05, 0.24, -0.42, 1.0), BOTH, head=0.15), uses="aot"),
    Action("cover mouth", of(hold, _FACE, stays=0.3)),
    Action("shield eyes", of(hold, (0.3, 0.42, -0.7, 1.0), stays=0.6)),
    Action(
        "touch {side} shoulder with {other} hand",
        of(hold, (0.26, 0.0, -1.85, 0.5), (RIGHT,), via=(0.8, -0.4, 0.0, 0.6)),
        uses="o",
    ),
    Action("touch head with {side} hand", of(hold, (0.06, 0.5, -0.8, 0.9))),
    Action("touch nose", of(hold, (0.34, 0.26, -0.98, 0.5), stays=0.2)),
    Action("touch chin", of(hold, (0.3, 0.12, -0.95, 0.5), stays=0.5)),
    Action("touch ear", of(hold, (0.06, 0.26, -0.45, 0.9), stays=0.3)),
    Action("touch belly", of(hold, (0.3, -0.45, -0.95, 0.7), BOTH, stays=0.5), uses="ao"),
    Action("touch heart", of(hold, (0.25, -0.12, -1.2, 0.7), stays=0.5)),
    Action(
        "touch {side} elbow with {other} hand",
        of(hold, (0.32, -0.5, -1.9, 0.5), (RIGHT,)),
        uses="o",
    ),
    Action(
        "hug someone",
        of(
            sweep,
            [(0.7, -0.05, 0.4, 0.7), (0.55, -0.08, -0.9, 0.9), (0.55, -0.08, -0.9, 0.9)],
            (0.3, 0.5, 0.75),
            BOTH,
            bends=(0.0, 0.15, 0.15),
        ),
        uses="aot",
        seconds=2.4,
    ),
    Action("hug self", of(hold, (0.24, -0.2, -1.9, 0.6), BOTH, stays=0.6, bend=0.15), uses="aot"),
    Action(
        "blow a kiss",
        of(
            sweep,
            [(0.3, 0.2, -0.95, 0.5), (0.3, 0.2, -0.95, 0.5), (0.85, 0.1, -0.2, 0.4)],
            (0.3, 0.45, 0.65),
        ),
        seconds=2.0,
    ),
    Action("offer something", of(hold, (0.8, -0.3, -0.4, 0.3), stays=0.3, bend=0.1)),
    Action(
        "offer something with both hands",
        of(hold, (0.78, -0.3, -0.6, 0.4), BOTH, stays=0.3, bend=0.15),
        uses="aot",
    ),
    Action(
        "conduct an orchestra",
        of(shake, (0.55, 0.05, 0.2, 0.5), (0.0, 0.28, 0.2), (0.9, 1.4), BOTH, circles=True),
        uses="ao",
        seconds=2.6,
    ),
    Action(
        "talk with hands",
        of(
            shake,
            (0.5, -0.35, 0.05, 0.5),
            (0.12, 0.16, 0.1),
            (0.6, 1.1),
            BOTH,
            opposite=True,
            circles=True,
        ),
        uses="ao",
        seconds=2.6,
    ),
    Action(
        "count on fingers",
        of(shake, (0.45, -0.2, -0.75, 0.6), (0.03, 0.05, 0.04), (1.0, 1.6), BOTH, opposite=True),
        uses="ao",
        share=0.5,
    ),
    Action(
        "roll forearms",
        of(
            shake,
            (0.45, -0.3, -0.8, 0.9),
            (0.13, 0.13, 0.0),
            (1.2, 1.8),
            BOTH,
            opposite=True,
            circles=True,
        ),
        uses="ao",
        seconds=2.2,
    ),
    Action("wag finger", of(shake, (0.55, 0.15, -0.3, 0.4), (0.0, 0.0, 0.12), (1.8, 2.4))),
    Action("shake {side} fist", of(shake, (0.5, 0.2, 0.05, 0.4), (0.12, 0.1, 0.0), (2.0, 2.8))),
    Action(
        "snap to the beat",
        of(shake, (0.35, -0.25, 0.3, 0.4), (0.05, 0.08, 0.06), (1.5, 2.0), BOTH),
        uses="ao",
        share=0.5,
    ),
)
"""Gestures of one or both arms."""

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
_STAR = _polygon(*(
    (float(np.sin(4 * np.pi * k / 5)), float(np.cos(4 * np.pi * k / 5))) for k in range(5)
))  # fmt: skip


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


def _g(name: str, perform, *wordings: str, **changes) -> Action:
    return Action(name, perform, wordings, **changes)


_UP = (0.12, 0.92, 0.1, 0.5)
_WAVING = (0.3, 0.45, 0.35, 0.5)
_FACE = (0.3, 0.22, -0.9, 0.5)

ACTIONS = (
    _g("wave {side} hand", of(shake, _WAVING, (0.0, 0.06, 0.24), (1.3, 1.9)), "wave {own} {side} [hand|arm]", "wave with {own} {side} hand", "wave hello with {own} {side} hand", "wave goodbye with {own} {side} [hand|arm]", "greet with {own} {side} hand", "greet someone with a wave of {own} {side} hand", "say hello with {own} {side} hand", sizes=True, seconds=2.0, share=2.0),
    _g("wave both hands", of(shake, _WAVING, (0.0, 0.06, 0.24), (1.2, 1.8), BOTH), "wave {own} hands", "wave both arms", "wave with both hands", "wave hello with both arms", "wave {own} two hands in the air", "greet with both hands", sizes=True, uses="ao", seconds=2.0),
    _g("wave both arms overhead", of(shake, (0.1, 0.85, 0.15, 0.4), (0.0, 0.0, 0.3), (0.7, 1.2), BOTH), "wave {own} arms above {own} head", "signal with both arms overhead", "swing both arms above {own} head", uses="ao", seconds=2.2, sizes=True),
    _g("raise {side} arm", of(hold, _UP, via=AHEAD), "[raise|lift] {own} {side} [arm|hand]", "[raise|lift] {own} {side} [arm|hand] up", "raise up {own} {side} [hand|arm]", "put {own} {side} [hand|arm] up", "hold {own} {side} [hand|arm] up", "put {own} {side} hand in the air", "stretch {own} {side} arm up", "reach up with {own} {side} [hand|arm]", share=2.0),
    _g("raise both arms", of(hold, _UP, BOTH, via=AHEAD), "[raise|lift] both [arms|hands]", "[raise|lift] {own} [arms|hands]", "[raise|lift] both [arms|hands] up", "raise up both [hands|arms]", "put both [hands|arms] up", "put {own} hands up in the air", "hold both arms up", "reach up with both [hands|arms]", uses="ao", share=2.0),
    _g("raise {side} arm to the side", of(hold, (0.05, 0.05, 0.95, 0.2), via=ASIDE), "[raise|lift] {own} {side} arm sideways", "hold {own} {side} arm out to the side", "extend {own} {side} arm sideways", "stretch {own} {side} arm out to the side"),
    _g("raise {side} arm forward", of(hold, (0.96, 0.02, 0.0, 0.3), via=(0.8, -0.6, 0.1, 0.4)), "[raise|lift] {own} {side} arm in front", "hold {own} {side} arm out in front", "extend {own} {side} arm forward", "stretch {own} {side} arm out to the front", "reach forward with {own} {side} [hand|arm]", "hold out {own} {side} hand"),
    _g("raise both arms to the sides", of(hold, (0.02, 0.05, 0.96, 0.2), BOTH, via=ASIDE), "spread {own} arms", "hold {own} arms out to the sides", "extend both arms sideways", "[stretch|open] {own} arms wide", "lift both arms sideways", uses="ao"),
    _g("t pose", of(hold, (0.0, 0.02, 0.98, 0.1), BOTH, via=ASIDE, stays=1.0), "stand in a t pose", "do a t pose", "make a T with {own} arms", uses="ao", noun=True),
    _g("raise both arms forward", of(hold, (0.96, 0.02, -0.1, 0.3), BOTH, via=(0.8, -0.6, 0.1, 0.4)), "hold both arms out in front", "extend both arms forward", "stretch {own} arms out to the front", "lift both arms in front", "reach forward with both [hands|arms]", uses="ao"),
    _g("reach down with {side} hand", of(sweep, [(0.45, -1.0, 0.05, 0.3)] * 2, (0.4, 0.6), bends=(1.3, 1.3), knees=(0.15, 0.15)), "reach down to the floor with {own} {side} hand", "reach for the ground with {own} {side} hand", "touch the floor with {own} {side} hand", uses="at", seconds=2.0),
    _g("reach across with {side} hand", of(hold, (0.75, -0.05, -2.2, 0.6), turn=-0.4), "reach to the {other} with {own} {side} [hand|arm]", "reach across {own} body with {own} {side} [hand|arm]", "stretch {own} {side} arm across to the {other}", uses="at"),
    _g("point forward", of(hold, (0.96, 0.05, -0.3, 0.3), via=(0.5, -0.3, 0.1, 0.4)), "point ahead", "point straight ahead", "point to the front", "point at something in front", "point forward with {own} {side} [hand|arm|finger]", "point at someone", "aim {own} {side} finger ahead", share=1.3),
    _g("point up", of(hold, (0.45, 0.85, 0.05, 0.4), via=AHEAD, head=-0.3), "point upward", "point to the sky", "point at the ceiling", "point up with {own} {side} hand", "point upwards with {own} {side} [hand|finger]"),
    _g("point down", of(hold, (0.6, -0.75, 0.1, 0.4), via=(0.5, -0.3, 0.1, 0.4), head=0.3), "point downward", "point at the floor", "point to the ground", "point down with {own} {side} hand"),
    _g("point to the {side}", of(hold, (0.15, 0.05, 0.96, 0.2), via=(0.6, -0.4, 0.4, 0.4), head=0.0), "point {side}", "point to the {side} with {own} {side} [hand|arm|finger]", "point sideways to the {side}", "direct someone to the {side}", "point out something on the {side}"),
    _g("point behind", of(hold, (-0.35, 0.3, 0.45, 1.0), turn=0.7), "point back", "point backward", "point behind {own} back", "point over {own} {side} shoulder", uses="at"),
    _g("beckon", of(shake, (0.55, -0.05, 0.1, 0.4), (-0.2, 0.14, 0.0), (1.1, 1.7), circles=True), "beckon someone over", "wave someone over", "gesture to come closer", "call someone over with {own} {side} hand", "signal to come here", seconds=2.0),
    _g("signal to stop", of(hold, (0.85, 0.12, -0.2, 0.4), via=(0.4, -0.2, 0.1, 0.5)), "make a stop sign with {own} {side} hand", "hold up {own} {side} palm", "gesture to stop", "put out {own} {side} hand to stop someone"),
    _g("surrender", of(hold, (0.25, 0.4, 0.4, 0.3), BOTH, stays=0.7), "put {own} hands up in surrender", "hold both hands up beside {own} head", "give up with {own} hands up", uses="ao"),
    _g("salute", of(hold, (0.22, 0.38, -0.45, 1.2), stays=0.3), "salute with {own} {side} hand", "give a salute", "greet with a military salute", "salute like a soldier", "bring {own} {side} hand to {own} forehead in salute"),
    _g("shrug", shrug, "shrug {own} shoulders", "lift {own} shoulders", "give a shrug", "raise {own} shoulders as if to say who knows", uses="ao", sizes=True, seconds=1.5),
    _g("clap", of(clap, counted=False), "clap {own} hands", "applaud", "clap repeatedly", "give applause", "clap {own} hands together many times", uses="ao", seconds=2.2),
    _g("clap once", of(claps, 1), "clap {own} hands once", "clap one time", "do a single clap", uses="ao", seconds=1.4, tempos=False, share=0.4),
    _g("clap twice", of(claps, 2), "clap {own} hands twice", "clap two times", uses="ao", seconds=2.0, tempos=False, share=0.4),
    _g("clap three times", of(claps, 3), "clap {own} hands three times", uses="ao", seconds=2.5, tempos=False, share=0.4),
    _g("clap overhead", of(clap, 0.8, 0.2, False), "clap above {own} head", "clap {own} hands overhead", uses="ao", seconds=2.2),
    _g("clap behind back", of(clap, -0.7, -0.35, False), "clap behind {own} back", "clap {own} hands behind {own} body", uses="ao", seconds=2.2, share=0.5),
    _g("swipe {side} with {side} hand", of(sweep, [(0.75, 0.0, -1.6, 0.5), (0.7, 0.0, 0.55, 0.5)], (0.35, 0.62)), "swipe to the {side}", "swipe {side}", "swipe {own} {side} [hand|arm] to the {side}", "swipe outward to the {side}", "sweep {own} {side} hand from {other} to {side}", seconds=1.5, sizes=True),
    _g("swipe {other} with {side} hand", of(sweep, [(0.7, 0.0, 0.55, 0.5), (0.75, 0.0, -1.6, 0.5)], (0.35, 0.62)), "swipe {own} {side} [hand|arm] to the {other}", "swipe {own} {side} hand inward to the {other}", "sweep {own} {side} hand from {side} to {other}", seconds=1.5, sizes=True),
    _g("swipe up", of(sweep, [(0.65, -0.6, -0.2, 0.5), (0.6, 0.6, -0.2, 0.5)], (0.32, 0.6)), "swipe upward", "swipe {own} {side} hand up", "sweep {own} {side} hand upwards", seconds=1.5, sizes=True),
    _g("swipe down", of(sweep, [(0.6, 0.6, -0.2, 0.5), (0.65, -0.6, -0.2, 0.5)], (0.35, 0.62)), "swipe downward", "swipe {own} {side} hand down", "sweep {own} {side} hand downwards", seconds=1.5, sizes=True),
    _g("draw a circle", of(draw, _CIRCLE, True), "draw a circle in the air", "draw a circle with {own} {side} hand", "trace a circle in the air", "move {own} {side} hand in a circle", seconds=2.4, sizes=True),
    _g("draw a square", of(draw, _SQUARE), "draw a square in the air", "trace a square with {own} {side} hand", "draw a box shape in the air", seconds=2.8, sizes=True),
    _g("draw a triangle", of(draw, _TRIANGLE), "draw a triangle in the air", "trace a triangle with {own} {side} hand", seconds=2.6, sizes=True),
    _g("draw a heart", of(draw, _HEART, True), "draw a heart in the air", "trace a heart with {own} {side} hand", "draw a heart shape", seconds=2.6, sizes=True),
    _g("draw an x", of(draw, _CROSS), "draw an x in the air", "draw a cross in the air", "trace an x with {own} {side} hand", seconds=2.2, sizes=True),
    _g("draw a tick", of(draw, _TICK), "draw a check mark in the air", "draw a tick in the air", "trace a check mark with {own} {side} hand", seconds=1.7, sizes=True),
    _g("draw a zigzag", of(draw, _ZIGZAG), "draw a zigzag in the air", "trace a zigzag line with {own} {side} hand", seconds=2.4, sizes=True),
    _g("draw a wavy line", of(draw, _WAVY, True), "draw a wave in the air", "trace a wavy line with {own} {side} hand", seconds=2.4, sizes=True),
    _g("draw a figure eight", of(draw, _STANDING_EIGHT, True), "draw an eight in the air", "trace a figure eight with {own} {side} hand", "draw the number 8 in the air", seconds=2.6, sizes=True),
    _g("draw an infinity sign", of(draw, _INFINITY, True), "draw a lying eight in the air", "trace an infinity sign with {own} {side} hand", seconds=2.6, sizes=True, share=0.5),
    _g("draw a spiral", of(draw, _SPIRAL, True), "draw a spiral in the air", "trace a spiral with {own} {side} hand", seconds=2.8, sizes=True, share=0.5),
    _g("draw a star", of(draw, _STAR), "draw a star in the air", "trace a star with {own} {side} hand", seconds=2.8, sizes=True, share=0.5),
    _g("circle {side} arm", arm_circle, "swing {own} {side} arm in [circles|a circle]", "rotate {own} {side} arm", "windmill {own} {side} arm", "make circles with {own} {side} arm", seconds=2.4, sizes=True),
    _g("circle both arms", of(arm_circle, BOTH), "swing both arms in circles", "rotate {own} arms", "make circles with both arms", "windmill {own} arms", "do arm circles", "circle {own} arms forward", uses="ao", seconds=2.4, sizes=True),
    _g("circle both arms backward", of(arm_circle, BOTH, True), "swing both arms backward in circles", "rotate {own} arms backward", "do backward arm circles", uses="ao", seconds=2.4, sizes=True),
    _g("swing {side} arm", swing_arm, "swing {own} {side} arm back and forth", "swing {own} {side} arm forward and backward", "let {own} {side} arm swing", sizes=True),
    _g("swing both arms", of(swing_arm, BOTH), "swing {own} arms back and forth", "swing both arms forward and backward together", uses="ao", sizes=True),
    _g("swing arms alternately", of(swing_arm, BOTH, True), "swing {own} arms in turn", "swing one arm forward and the other back", "pump {own} arms", uses="ao", sizes=True),
    _g("flap arms", of(shake, (0.0, -0.1, 0.9, 0.3), (0.0, 0.5, 0.0), (0.9, 1.5), BOTH), "flap {own} arms", "flap {own} arms like [wings|a bird]", "fly like a bird", "beat {own} arms like wings", uses="ao", sizes=True, seconds=2.4),
    _g("flail arms", of(shake, (0.4, 0.3, 0.4, 0.5), (0.3, 0.4, 0.2), (1.4, 2.2), BOTH, opposite=True, circles=True, trunk=(0.05, 0.1, 0.15)), "flail {own} arms around", "wave {own} arms wildly", "throw {own} arms about", uses="aot", seconds=2.2),
    _g("shake hands", of(shake, (0.72, -0.4, -0.5, 0.3), (0.0, 0.08, 0.0), (1.8, 2.6)), "shake someone's hand", "shake hands with someone", "offer a handshake", "give a handshake", "greet someone with a handshake"),
    _g("high five", of(strike, (0.35, 0.3, 0.15, 0.5), (0.75, 0.6, -0.1, 0.4), back=0.2), "give a high five", "high five someone with {own} {side} hand", "slap hands with someone in the air", seconds=1.3, noun=True),
    _g("pump {side} fist", of(strike, (0.35, 0.25, 0.2, 0.5), (0.15, 0.8, 0.15, 0.5), back=0.5), "raise {own} {side} fist in triumph", "pump {own} {side} fist in the air", "cheer with {own} {side} fist", counted=True, seconds=1.2),
    _g("cheer", of(shake, (0.12, 0.85, 0.25, 0.4), (0.05, 0.12, 0.05), (1.2, 2.0), BOTH), "cheer with both arms", "celebrate with {own} arms in the air", "celebrate a victory", "rejoice with raised arms", "shake both fists in the air", uses="ao", seconds=2.2),
    _g("cross arms", of(hold, (0.36, -0.38, -1.45, 0.8), BOTH, stays=0.7), "[cross|fold] {own} arms", "cross both arms in front of {own} chest", "stand with {own} arms crossed", "fold {own} arms over {own} chest", uses="ao"),
    _g("put hands on hips", of(hold, (-0.02, -0.62, 0.12, 1.7), BOTH, stays=0.7), "stand with {own} hands on {own} hips", "rest {own} hands on {own} hips", "place both hands on the hips", uses="ao"),
    _g("put {side} hand on hip", of(hold, (-0.02, -0.62, 0.12, 1.7), stays=0.7), "put {own} {side} hand on {own} hip", "rest {own} {side} hand on {own} hip", "place {own} {side} hand at {own} waist"),
    _g("put hands behind back", of(hold, (-0.3, -0.68, -0.7, 0.9), BOTH, stays=0.7), "hold {own} hands behind {own} back", "clasp {own} hands behind {own} back", "stand with {own} hands behind {own} back", uses="ao"),
    _g("put hands behind head", of(hold, (-0.12, 0.3, -0.5, 1.6), BOTH, via=(0.4, 0.2, 0.6, 1.0), stays=0.6), "fold {own} hands behind {own} head", "place both hands at the back of {own} head", "hold {own} head from behind with both hands", uses="ao"),
    _g("put hands on head", of(hold, (0.08, 0.48, -0.55, 1.5), BOTH, stays=0.5), "place both hands on {own} head", "hold {own} head with both hands", "put {own} hands on top of {own} head", uses="ao"),
    _g("put hands in pockets", of(hold, (0.06, -0.8, 0.1, 0.7), BOTH, stays=0.8), "stick {own} hands in {own} pockets", "stand with {own} hands in {own} pockets", uses="ao", share=0.5),
    _g("pray", of(hold, (0.42, -0.12, -0.95, 0.7), BOTH, stays=0.6, head=0.4), "pray with folded hands", "put {own} hands together in prayer", "fold {own} hands to pray", "press {own} palms together in front of {own} chest", uses="aot"),
    _g("cover face", of(hold, (0.28, 0.22, -0.8, 0.7), BOTH, head=0.25), "cover {own} face with both hands", "hide {own} face in {own} hands", "bury {own} face in {own} hands", uses="aot"),
    _g("facepalm", of(hold, (0.26, 0.27, -0.95, 0.6), head=0.3), "slap {own} forehead", "put {own} {side} palm on {own} forehead", "do a facepalm", uses="at"),
    _g("cover ears", of(hold, (0.05, 0.24, -0.42, 1.0), BOTH, head=0.15), "cover {own} ears with both hands", "hold {own} ears shut", "block {own} ears", uses="aot"),
    _g("cover mouth", of(hold, _FACE, stays=0.3), "cover {own} mouth with {own} {side} hand", "put {own} {side} hand over {own} mouth", "hold {own} hand in front of {own} mouth"),
    _g("shield eyes", of(hold, (0.3, 0.42, -0.7, 1.0), stays=0.6), "shade {own} eyes with {own} {side} hand", "hold {own} {side} hand above {own} eyes to look far away", "look into the distance under {own} hand"),
    _g("touch {side} shoulder with {other} hand", of(hold, (0.26, 0.0, -1.85, 0.5), (RIGHT,), via=(0.8, -0.4, 0.0, 0.6)), "touch {own} {side} shoulder", "put {own} {other} hand on {own} {side} shoulder", "grab {own} {side} shoulder", uses="o"),
    _g("touch head with {side} hand", of(hold, (0.06, 0.5, -0.8, 0.9)), "touch {own} head with {own} {side} hand", "put {own} {side} hand on {own} head", "lay {own} {side} hand on top of {own} head"),
    _g("touch nose", of(hold, (0.34, 0.26, -0.98, 0.5), stays=0.2), "touch {own} nose with {own} {side} hand", "put a finger on {own} nose"),
    _g("touch chin", of(hold, (0.3, 0.12, -0.95, 0.5), stays=0.5), "hold {own} chin", "rest {own} chin on {own} {side} hand", "stroke {own} chin in thought", "think with {own} {side} hand on {own} chin"),
    _g("touch ear", of(hold, (0.06, 0.26, -0.45, 0.9), stays=0.3), "touch {own} {side} ear", "hold {own} {side} hand to {own} ear", "listen with {own} {side} hand behind {own} ear"),
    _g("touch belly", of(hold, (0.3, -0.45, -0.95, 0.7), BOTH, stays=0.5), "put both hands on {own} belly", "hold {own} stomach", "clutch {own} belly", uses="ao"),
    _g("touch heart", of(hold, (0.25, -0.12, -1.2, 0.7), stays=0.5), "put {own} {side} hand on {own} heart", "lay {own} {side} hand on {own} chest", "place a hand over {own} heart"),
    _g("touch {side} elbow with {other} hand", of(hold, (0.32, -0.5, -1.9, 0.5), (RIGHT,)), "touch {own} {side} elbow", "hold {own} {side} elbow with {own} {other} hand", "grab {own} {side} elbow", uses="o"),
    _g("hug someone", of(sweep, [(0.7, -0.05, 0.4, 0.7), (0.55, -0.08, -0.9, 0.9), (0.55, -0.08, -0.9, 0.9)], (0.3, 0.5, 0.75), BOTH, bends=(0.0, 0.15, 0.15)), "give a hug", "hug a friend", "embrace someone", "put {own} arms around someone", uses="aot", seconds=2.4),
    _g("hug self", of(hold, (0.24, -0.2, -1.9, 0.6), BOTH, stays=0.6, bend=0.15), "hug {own} own body", "wrap {own} arms around {own} body", "hold {own} own shoulders", uses="aot"),
    _g("blow a kiss", of(sweep, [(0.3, 0.2, -0.95, 0.5), (0.3, 0.2, -0.95, 0.5), (0.85, 0.1, -0.2, 0.4)], (0.3, 0.45, 0.65)), "throw a kiss", "send a kiss with {own} {side} hand", "blow someone a kiss", seconds=2.0),
    _g("offer something", of(hold, (0.8, -0.3, -0.4, 0.3), stays=0.3, bend=0.1), "hand something over", "give something with {own} {side} hand", "offer something with {own} {side} hand", "hold something out to someone", "give something to someone"),
    _g("offer something with both hands", of(hold, (0.78, -0.3, -0.6, 0.4), BOTH, stays=0.3, bend=0.15), "hand something over with both hands", "give a present with both hands", "present something with two hands", uses="aot"),
    _g("conduct an orchestra", of(shake, (0.55, 0.05, 0.2, 0.5), (0.0, 0.28, 0.2), (0.9, 1.4), BOTH, circles=True), "conduct", "conduct music with both arms", "lead an orchestra", uses="ao", seconds=2.6),
    _g("talk with hands", of(shake, (0.5, -0.35, 0.05, 0.5), (0.12, 0.16, 0.1), (0.6, 1.1), BOTH, opposite=True, circles=True), "gesture while talking", "gesticulate", "explain something with both hands", "move {own} hands while speaking", uses="ao", seconds=2.6),
    _g("count on fingers", of(shake, (0.45, -0.2, -0.75, 0.6), (0.03, 0.05, 0.04), (1.0, 1.6), BOTH, opposite=True), "count with {own} fingers", "count something off on {own} hands", uses="ao", share=0.5),
    _g("roll forearms", of(shake, (0.45, -0.3, -0.8, 0.9), (0.13, 0.13, 0.0), (1.2, 1.8), BOTH, opposite=True, circles=True), "roll {own} hands around each other", "circle {own} forearms around each other", "rotate {own} hands in front of {own} chest", uses="ao", seconds=2.2),
    _g("wag finger", of(shake, (0.55, 0.15, -0.3, 0.4), (0.0, 0.0, 0.12), (1.8, 2.4)), "wag {own} {side} finger", "wag a finger to say no", "shake {own} {side} finger at someone", "scold someone with a finger"),
    _g("shake {side} fist", of(shake, (0.5, 0.2, 0.05, 0.4), (0.12, 0.1, 0.0), (2.0, 2.8)), "shake {own} {side} fist at someone", "threaten with {own} {side} fist"),
    _g("snap to the beat", of(shake, (0.35, -0.25, 0.3, 0.4), (0.05, 0.08, 0.06), (1.5, 2.0), BOTH), "snap {own} fingers to the beat", "click {own} fingers", uses="ao", share=0.5),
)  # fmt: skip
"""Gestures of one or both arms."""

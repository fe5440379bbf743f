"""What people do with things at home and at work; the things are not there to be seen."""

import numpy as np

from motext_jax.data.people.action import Action
from motext_jax.data.people.hands import AHEAD, hold, of, shake, strike, sweep, together
from motext_jax.data.people.part import Part
from motext_jax.data.synthetic.body import LEFT, RIGHT

BOTH = (LEFT, RIGHT)


def lift(part: Part, start: float, end: float, stays: bool) -> None:
    """Both hands bring a thing from one height of the trunk's bend to another.

    Args:
      part: the poses change.
      start: how far down it is at first: 1 on the floor, 0 before the belly, below 0 overhead.
      end: where it comes to.
      stays: the clip ends with it in the hands.
    """
    deep = part.key((0, 0.35, 0.45, 0.8, 1), (0, start, start, end, 0 if not stays else end))
    taken = part.key((0, 0.3, 0.85, 1), (0, 1, 1, 1 if stays else 0))
    leg, down = part.body.leg, np.clip(deep, 0, 1)
    bend = part.draw(0.25, 0.6)
    part.sink(bend * 0.85 * leg * down, back=0.16 * leg * down, lean=(1.75 - 0.9 * bend) * down)
    low = np.array([0.6, -0.85, -0.3 * part.body.midline, 0.4])
    middle = np.array([0.5, part.draw(-0.5, -0.3), -0.3 * part.body.midline, 0.5])
    high = np.array([0.25, 0.85, -0.3 * part.body.midline, 0.5])
    up = np.clip(-deep, 0, 1)
    place = down[:, None] * low + up[:, None] * high + (1 - down - up)[:, None] * middle
    for hand in BOTH:
        part.place(hand, taken, place)


def _stir(part: Part, spot, size: float, hertz, hands=(LEFT,), bend: float = 0.0) -> None:
    """Level circles of one or both hands together."""
    weight = part.held(0.15, 0.15, 0.35)
    phase = part.phase(*hertz)
    forward, up, across, elbow = spot
    outward = across * part.body.midline if across < 0 else across
    for hand in hands:
        sign = 1 if hand == LEFT else -1
        circle = np.stack(
            [
                forward + size * np.sin(phase),
                0 * phase + up,
                outward + sign * size * np.cos(phase),
                0 * phase + elbow,
            ],
            axis=1,
        )
        part.place(hand, weight, circle)
    part.poses.spine[:, 0] += bend * weight
    part.poses.neck[:, 0] += 0.25 * weight


_EAR = (0.08, 0.26, -0.4, 0.9)
_MOUTH = (0.32, 0.18, -0.95, 0.6)
_LOOK = (0.45, -0.15, -0.8, 0.6)


def _c(name: str, perform, *wordings: str, **changes) -> Action:
    return Action(name, perform, wordings, **({"seconds": 2.3} | changes))


ACTIONS = (
    _c("talk on the phone", of(hold, _EAR, stays=0.8), "hold a phone to {own} ear", "make a phone call", "be on the phone", "answer the phone", "call someone on the phone", "speak on the telephone"),
    _c("look at a phone", of(shake, (0.5, -0.3, -0.7, 0.5), (0.01, 0.015, 0.01), (0.5, 1.0), head=0.45, stays=0.8), "text on a phone", "check {own} phone", "use a smartphone", "look down at a phone in {own} hand", uses="at"),
    _c("take a photo", of(hold, (0.6, 0.18, -0.8, 0.7), BOTH, stays=0.6), "take a picture", "hold up a camera", "photograph something", "take a photo with both hands", uses="ao"),
    _c("take a selfie", of(hold, (0.8, 0.4, 0.25, 0.3), stays=0.6, head=-0.1), "take a selfie with {own} {side} hand", "photograph {own} own face", share=0.6),
    _c("drink", of(sweep, [(0.45, -0.35, -0.4, 0.5), _MOUTH, _MOUTH, (0.45, -0.35, -0.4, 0.5)], (0.2, 0.4, 0.65, 0.85)), "drink from a cup", "drink something", "take a sip", "drink water", "drink with {own} {side} hand", "have a drink"),
    _c("eat", of(shake, (0.36, -0.1, -0.75, 0.6), (-0.06, 0.27, -0.05), (0.45, 0.7), head=0.12), "eat something", "eat with a spoon", "have a meal", "eat food with {own} {side} hand", "bring food to {own} mouth", "eat soup"),
    _c("brush teeth", of(shake, (0.32, 0.2, -0.75, 1.1), (0.0, 0.02, 0.1), (2.2, 3.2)), "brush {own} teeth", "clean {own} teeth"),
    _c("comb hair", of(shake, (0.1, 0.42, -0.5, 1.1), (0.14, -0.12, 0.03), (0.7, 1.1)), "comb {own} hair", "brush {own} hair", "style {own} hair", "fix {own} hair with {own} {side} hand"),
    _c("wash hair", of(shake, (0.08, 0.42, -0.55, 1.3), (0.07, 0.04, 0.07), (1.5, 2.3), BOTH, opposite=True), "wash {own} hair", "shampoo {own} hair", "rub {own} head with both hands", uses="ao"),
    _c("wash face", of(shake, (0.28, 0.2, -0.75, 0.7), (0.0, 0.09, 0.04), (1.4, 2.0), BOTH, head=0.25), "wash {own} face", "rub {own} face with both hands", "splash water on {own} face", uses="aot"),
    _c("wash hands", of(shake, (0.5, -0.42, -0.9, 0.6), (0.05, 0.0, 0.05), (1.5, 2.3), BOTH, opposite=True, head=0.25), "wash {own} hands", "rub {own} hands under water", uses="ao"),
    _c("rub hands", of(shake, (0.42, -0.3, -0.96, 0.7), (0.07, 0.02, 0.0), (2.2, 3.2), BOTH, opposite=True), "rub {own} hands together", "warm {own} hands", uses="ao"),
    _c("rub belly", of(_stir, (0.34, -0.42, -0.95, 0.8), 0.07, (0.9, 1.4)), "rub {own} belly", "rub {own} stomach with {own} {side} hand", "stroke {own} belly"),
    _c("rub eyes", of(shake, (0.3, 0.27, -0.82, 0.7), (0.0, 0.02, 0.035), (1.8, 2.6), BOTH, head=0.2), "rub {own} eyes", "wipe {own} tears", uses="aot", share=0.7),
    _c("wipe forehead", of(sweep, [(0.3, 0.35, -1.6, 0.8), (0.25, 0.36, -0.4, 1.0)], (0.35, 0.65)), "wipe sweat from {own} forehead", "wipe {own} brow with {own} {side} hand"),
    _c("rub neck", of(shake, (-0.12, 0.16, -0.6, 1.4), (0.0, 0.05, 0.04), (1.0, 1.6)), "rub {own} neck", "massage {own} neck with {own} {side} hand", "rub the back of {own} neck"),
    _c("scratch head", of(shake, (0.05, 0.46, -0.6, 1.1), (0.04, 0.03, 0.04), (2.2, 3.2)), "scratch {own} head", "scratch {own} head with {own} {side} hand", "scratch {own} head in thought"),
    _c("scratch arm", of(shake, (0.36, -0.5, -1.6, 0.5), (0.05, 0.08, 0.02), (2.0, 3.0)), "scratch {own} arm", "scratch {own} {other} forearm"),
    _c("scratch back", of(shake, (-0.3, -0.5, -0.5, 1.2), (0.0, 0.06, 0.04), (2.0, 3.0)), "scratch {own} back", "reach behind {own} back and *scratch it"),
    _c("put on a hat", of(sweep, [(0.5, -0.2, -0.3, 0.7), (0.12, 0.6, -0.5, 1.2), (0.1, 0.5, -0.5, 1.2)], (0.25, 0.5, 0.75), BOTH), "put a hat on", "place a hat on {own} head", "put on a cap", uses="ao"),
    _c("put on glasses", of(sweep, [(0.5, -0.1, -0.4, 0.7), (0.25, 0.3, -0.6, 1.0), (0.2, 0.3, -0.55, 1.0)], (0.25, 0.5, 0.75), BOTH), "put glasses on", "adjust {own} glasses with both hands", uses="ao", share=0.7),
    _c("put on a jacket", of(sweep, [(0.4, -0.4, 0.3, 0.6), (-0.35, -0.2, 0.7, 0.9), (0.3, 0.0, 0.3, 0.9), (0.3, -0.4, -0.5, 0.7)], (0.2, 0.42, 0.62, 0.82), BOTH), "put on a coat", "get dressed", "slip into a jacket", uses="ao", seconds=2.8),
    _c("look at watch", of(hold, (0.45, -0.12, -0.8, 1.1), stays=0.3, head=0.35), "check the time", "look at {own} watch", "check {own} wristwatch", uses="at"),
    _c("read a book", of(hold, (0.5, -0.22, -0.6, 0.5), BOTH, stays=0.8, head=0.4), "read", "hold an open book and *read", "look into a book", uses="aot"),
    _c("write", of(shake, (0.55, -0.35, -0.6, 0.5), (0.015, 0.015, 0.07), (1.4, 2.2), head=0.35), "write something", "write with a pen", "write with {own} {side} hand", "take notes", "write a letter", uses="at"),
    _c("write on a board", of(shake, (0.72, 0.3, -0.1, 0.4), (0.0, 0.08, 0.14), (0.7, 1.2)), "write on a blackboard", "write on the wall with {own} {side} hand", "write something on a whiteboard"),
    _c("paint a wall", of(shake, (0.72, 0.2, 0.0, 0.4), (0.0, 0.42, 0.03), (0.5, 0.8), trunk=(0.0, 0.05, 0.0)), "paint with a brush", "paint a wall with up and down strokes", "roll paint on a wall"),
    _c("type on a keyboard", of(shake, (0.55, -0.42, -0.35, 0.5), (0.0, 0.025, 0.01), (2.5, 3.6), BOTH, opposite=True, stays=0.6), "type", "use a computer", "type with both hands", "work on a keyboard", uses="ao"),
    _c("press a button", of(strike, (0.4, -0.1, -0.2, 0.5), (0.9, 0.1, -0.3, 0.4), holds=0.18), "push a button", "press something with {own} {side} hand", "ring the doorbell", seconds=1.5),
    _c("knock on a door", of(shake, (0.68, 0.15, -0.3, 0.4), (0.09, 0.03, 0.0), (2.4, 3.4), stays=0.1), "knock", "knock on the door with {own} {side} hand", "rap at a door", "bang on the door", seconds=1.8),
    _c("open a door", of(sweep, [(0.75, -0.35, -0.2, 0.4), (0.75, -0.38, -0.2, 0.4), (0.3, -0.42, 0.45, 0.5)], (0.3, 0.45, 0.75), turns=(0.0, 0.0, 0.25), steps=(0.05, 0.05, -0.05)), "pull a door open", "open the door with {own} {side} hand", "pull open a door", uses="at"),
    _c("close a door", of(sweep, [(0.3, -0.4, 0.5, 0.5), (0.85, -0.35, -0.2, 0.4)], (0.3, 0.65), turns=(0.25, -0.1), steps=(0.0, 0.08)), "shut the door", "push a door shut", "close the door with {own} {side} hand", uses="at"),
    _c("push", of(sweep, [(0.35, -0.15, 0.0, 0.9), (0.95, -0.1, -0.15, 0.4), (0.95, -0.1, -0.15, 0.4)], (0.25, 0.55, 0.75), BOTH, bends=(0.0, 0.35, 0.35), steps=(-0.04, 0.1, 0.1)), "push something", "push something away", "push with both hands", "shove something forward", "push forward", uses="aot", seconds=1.9),
    _c("push with {side} hand", of(sweep, [(0.3, -0.15, 0.0, 0.9), (0.95, -0.05, -0.2, 0.4), (0.95, -0.05, -0.2, 0.4)], (0.25, 0.52, 0.72), turns=(0.2, -0.3, -0.3)), "push something away with {own} {side} hand", "shove something with {own} {side} [arm|hand]", uses="at", seconds=1.7),
    _c("pull", of(sweep, [(0.92, -0.15, -0.2, 0.4), (0.92, -0.15, -0.2, 0.4), (0.3, -0.4, 0.05, 0.8)], (0.25, 0.4, 0.75), BOTH, bends=(0.35, 0.35, -0.25), steps=(0.05, 0.05, -0.08)), "pull something", "pull something toward {own} body", "pull with both hands", "tug at something", uses="aot", seconds=1.9),
    _c("pull with {side} hand", of(sweep, [(0.92, -0.1, -0.1, 0.4), (0.92, -0.1, -0.1, 0.4), (0.1, -0.35, 0.3, 0.9)], (0.25, 0.4, 0.72), turns=(-0.3, -0.3, 0.4)), "pull something with {own} {side} [arm|hand]", "yank something back with {own} {side} hand", uses="at", seconds=1.7),
    _c("pull a rope", of(shake, (0.55, -0.2, -0.6, 0.6), (0.3, 0.05, 0.0), (0.7, 1.1), BOTH, opposite=True, trunk=(0.0, 0.0, 0.25)), "pull on a rope hand over hand", "haul in a rope", "do a tug of war", uses="aot"),
    _c("climb a rope", of(shake, (0.4, 0.45, -0.75, 0.5), (0.0, 0.4, 0.0), (0.6, 0.9), BOTH, opposite=True), "pull {own} body up a rope", "climb up hand over hand", uses="ao", share=0.7),
    _c("pick something up", of(lift, 1.0, 0.0, True), "pick something up from the floor", "bend down and *pick something up", "lift something off the ground", "pick up a box", "take something from the floor with both hands", uses="aotl", seconds=2.4, share=1.3),
    _c("pick something up with {side} hand", of(sweep, [(0.4, -1.0, 0.0, 0.3), (0.4, -1.0, 0.0, 0.3), (0.5, -0.4, -0.2, 0.5)], (0.36, 0.48, 0.8), bends=(1.3, 1.3, 0.05), knees=(0.22, 0.22, 0.0)), "pick up something small with {own} {side} hand", "bend down and *take something with {own} {side} hand", uses="atl", seconds=2.4),
    _c("put something down", of(lift, 0.0, 1.0, False), "put something on the floor", "place something on the ground", "set down a box", "lower something to the floor with both hands", uses="aotl", seconds=2.4),
    _c("lift something overhead", of(lift, 0.0, -1.0, True), "lift a box over {own} head", "raise something above {own} head with both hands", "press a weight overhead", uses="aotl", seconds=2.4),
    _c("lift weights", of(shake, (0.3, 0.4, 0.15, 0.5), (0.0, 0.42, 0.0), (0.4, 0.7), BOTH), "lift a barbell", "do shoulder presses", "press weights up and down", uses="ao"),
    _c("curl {side} arm", of(strike, (0.08, -0.95, 0.1, 0.2), (0.25, -0.18, 0.05, 0.15)), "do a biceps curl with {own} {side} arm", "curl a dumbbell with {own} {side} hand", "bend {own} {side} elbow to lift a weight", counted=True, seconds=1.5),
    _c("put something on a shelf", of(sweep, [(0.5, -0.4, -0.4, 0.5), (0.6, 0.7, -0.4, 0.5), (0.7, 0.65, -0.4, 0.5)], (0.25, 0.55, 0.75), BOTH), "place something on a high shelf", "reach up to a shelf with both hands", "stow something overhead", uses="ao"),
    _c("place something on a table", of(sweep, [(0.35, -0.3, -0.5, 0.6), (0.7, -0.5, -0.4, 0.4), (0.7, -0.5, -0.4, 0.4)], (0.25, 0.5, 0.7), BOTH, bends=(0.0, 0.35, 0.35)), "put something on a table", "set something down on the table", uses="aot"),
    _c("pour water", of(sweep, [(0.5, -0.25, -0.3, 0.5), (0.55, -0.05, -0.6, 1.1), (0.55, -0.05, -0.6, 1.2), (0.5, -0.25, -0.3, 0.5)], (0.2, 0.4, 0.7, 0.88)), "pour something into a glass", "pour a drink with {own} {side} hand", share=0.7),
    _c("stir a pot", of(_stir, (0.5, -0.38, -0.7, 0.6), 0.13, (0.8, 1.3)), "stir", "stir soup", "stir something with a spoon", "stir in a bowl with {own} {side} hand", "cook"),
    _c("wipe a table", of(_stir, (0.65, -0.55, -0.3, 0.4), 0.22, (0.7, 1.1), bend=0.5), "wipe the table with {own} {side} hand", "clean a table", "polish a surface in circles", uses="at"),
    _c("clean a window", of(shake, (0.72, 0.3, 0.0, 0.4), (0.0, 0.25, 0.25), (0.7, 1.1), circles=True), "wipe a window", "wipe a window in circles with {own} {side} hand", "wash a window", uses="a"),
    _c("sweep the floor", of(shake, (0.5, -0.55, -0.8, 0.5), (0.12, 0.0, 0.18), (0.6, 0.9), BOTH, trunk=(0.0, 0.0, 0.18), head=0.3), "sweep with a broom", "mop the floor", "rake leaves", uses="aot"),
    _c("vacuum the floor", of(shake, (0.6, -0.55, -0.2, 0.4), (0.28, 0.0, 0.0), (0.5, 0.8), trunk=(0.12, 0.0, 0.0), head=0.3), "vacuum", "push a vacuum cleaner back and forth", uses="at"),
    _c("hammer", of(shake, (0.55, 0.0, -0.4, 0.5), (0.1, 0.3, 0.0), (1.1, 1.7)), "hammer a nail", "hit something with a hammer", "pound with {own} {side} hand", counted=False),
    _c("saw wood", of(shake, (0.5, -0.45, -0.3, 0.5), (0.3, -0.08, 0.0), (1.0, 1.5), trunk=(0.08, 0.0, 0.1)), "saw", "saw through something with {own} {side} hand", "cut wood with a saw", uses="at"),
    _c("chop wood", of(sweep, [(0.3, 0.75, -0.9, 0.7), (0.25, 0.85, -0.9, 0.8), (0.6, -0.7, -0.9, 0.5)], (0.25, 0.45, 0.65), BOTH, bends=(-0.1, -0.2, 0.9), knees=(0, 0, 0.15)), "swing an axe", "chop wood with an axe", "split a log", uses="aotl", seconds=1.9),
    _c("dig with a shovel", of(sweep, [(0.55, -0.8, -0.8, 0.5), (0.6, -0.85, -0.8, 0.5), (0.45, -0.1, 0.3, 0.6)], (0.3, 0.45, 0.75), BOTH, bends=(0.7, 0.8, 0.1), turns=(-0.2, -0.2, 0.6), knees=(0.12, 0.15, 0.02)), "dig", "shovel dirt", "dig a hole", "shovel snow", uses="aotl", seconds=2.2),
    _c("cut with scissors", of(shake, (0.52, -0.3, -0.8, 0.6), (0.06, 0.04, 0.01), (0.9, 1.4), head=0.3), "cut paper", "cut something with scissors", share=0.6),
    _c("chop vegetables", of(shake, (0.5, -0.4, -0.6, 0.6), (0.03, 0.08, 0.0), (2.0, 3.0), head=0.3), "cut vegetables with a knife", "slice food", "chop food on a board", uses="at"),
    _c("sew", together(of(hold, (0.42, -0.28, -0.9, 0.6), (RIGHT,), stays=0.6, head=0.4), of(shake, (0.42, -0.2, -0.8, 0.7), (0.06, 0.16, -0.1), (0.6, 1.0))), "sew by hand", "sew with needle and thread", "stitch a piece of cloth", uses="aot"),
    _c("knit", of(shake, (0.42, -0.34, -0.88, 0.6), (0.03, 0.04, 0.04), (1.2, 1.9), BOTH, opposite=True, head=0.3, stays=0.7), "knit with two needles", "knit a scarf", uses="aot", share=0.6),
    _c("wring a towel", of(shake, (0.5, -0.3, -0.75, 0.8), (0.06, 0.08, 0.0), (0.7, 1.1), BOTH, opposite=True), "wring out a cloth", "twist a towel with both hands", uses="ao", share=0.6),
    _c("steer a car", of(shake, (0.7, -0.15, -0.3, 0.4), (0.0, 0.2, 0.0), (0.4, 0.7), BOTH, opposite=True, stays=0.7), "drive a car", "turn a steering wheel", "steer with both hands", uses="ao"),
    _c("turn a crank", of(shake, (0.5, -0.25, -0.4, 0.5), (0.2, 0.2, 0.0), (0.9, 1.4), circles=True), "crank a handle", "wind something up with {own} {side} hand", share=0.7),
    _c("unscrew a lid", together(of(hold, (0.45, -0.4, -0.85, 0.6), (RIGHT,), stays=0.5), of(shake, (0.45, -0.25, -0.88, 0.9), (0.05, 0.02, 0.06), (1.2, 1.8), circles=True)), "open a jar", "open a bottle", "screw a lid off", uses="ao", share=0.7),
    _c("shake a bottle", of(shake, (0.45, 0.0, -0.2, 0.5), (0.03, 0.14, 0.0), (2.4, 3.4)), "shake something with {own} {side} hand", "shake a drink", "mix a drink by shaking it"),
    _c("play with a yo-yo", of(shake, (0.4, -0.35, 0.1, 0.4), (0.02, 0.14, 0.0), (0.9, 1.4), head=0.25), "throw a yo-yo up and down", share=0.4),
    _c("hold an umbrella", of(hold, (0.35, 0.05, -0.2, 0.4), via=AHEAD, stays=0.8), "stand under an umbrella", "carry an umbrella in {own} {side} hand", share=0.5),
    _c("feed animals", of(sweep, [(0.4, -0.4, -0.4, 0.5), (0.75, -0.3, 0.4, 0.4), (0.4, -0.4, -0.4, 0.5), (0.75, -0.3, 0.4, 0.4)], (0.2, 0.4, 0.6, 0.8)), "scatter seeds", "scatter food on the ground", share=0.6),
    _c("hang up laundry", of(sweep, [(0.4, -0.4, -0.4, 0.5), (0.5, 0.75, -0.1, 0.5), (0.5, 0.75, 0.1, 0.5)], (0.25, 0.5, 0.75), BOTH), "hang clothes on a line", "hang something up with both hands", uses="ao", share=0.6),
    _c("fold clothes", of(sweep, [(0.6, -0.4, 0.3, 0.5), (0.55, -0.35, -0.9, 0.6), (0.6, -0.45, 0.25, 0.5), (0.5, -0.4, -0.9, 0.6)], (0.2, 0.42, 0.62, 0.82), BOTH), "fold a towel", "fold laundry", uses="ao", share=0.6),
)  # fmt: skip
"""Everyday work and care of the body."""

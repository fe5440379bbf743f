"""Balls, blows, swings and instruments: sports of the arms, and music."""

import numpy as np

from motext_jax.data.people.action import Action
from motext_jax.data.people.hands import hold, of, shake, strike, sweep, together
from motext_jax.data.people.part import Part
from motext_jax.data.synthetic.body import LEFT, RIGHT
from motext_jax.data.synthetic.take import ease

BOTH = (LEFT, RIGHT)
_GUARD = (0.38, 0.02, -0.35, 0.5)


def swim(part: Part, backward: bool = False) -> None:
    """Both arms in large circles, half a turn apart, the trunk bent ahead or straight."""
    weight = part.held(0.15, 0.15, 0.4)
    phase = part.phase(0.5, 0.8) * (-1 if backward else 1)
    for hand in BOTH:
        angle = phase + (np.pi if hand == RIGHT else 0)
        circle = np.stack(
            [0.85 * np.cos(angle), -0.85 * np.sin(angle), 0 * angle + 0.15, 0 * angle + 0.6], axis=1
        )
        part.place(hand, weight, circle)
    lean = -0.15 if backward else part.draw(0.5, 0.9)
    part.poses.pelvis[:, 0] += 0.6 * lean * weight
    part.poses.spine[:, 0] += 0.4 * lean * weight
    part.poses.neck[:, 0] -= 0.6 * lean * weight
    part.poses.spine[:, 2] += 0.3 * np.sin(phase) * weight


def juggle(part: Part) -> None:
    """The hands toss in turn."""
    weight = part.held(0.12, 0.12, 0.5)
    phase = part.phase(1.1, 1.6)
    for hand in BOTH:
        beat = phase + (np.pi if hand == RIGHT else 0)
        toss = np.clip(np.sin(beat), -0.4, 1)
        circle = np.stack(
            [0 * beat + 0.5, -0.4 + 0.16 * toss, 0.08 * np.cos(beat), 0 * beat + 0.4], axis=1
        )
        part.place(hand, weight, circle)
    part.poses.neck[:, 0] -= 0.25 * weight


def jump_rope_arms(part: Part) -> None:
    """Wrists that turn a rope at the sides."""
    weight = part.held(0.08, 0.08, 0.5)
    phase = part.phase(1.8, 2.4)
    for hand in BOTH:
        circle = np.stack(
            [0.1 + 0.07 * np.sin(phase), -0.62 + 0.07 * np.cos(phase), 0 * phase + 0.35,
             0 * phase + 0.3], axis=1
        )  # fmt: skip
        part.place(hand, weight, circle)


def combination(part: Part) -> None:
    """Jabs of the left and crosses of the right in turn, on the balls of the feet."""
    weight = part.held(0.12, 0.12, 0.4)
    for hand in BOTH:
        part.place(hand, weight, (0.36, -0.02, -0.35 * part.body.midline, 0.6))
    phase = part.phase(0.8, 1.3)
    for hand in BOTH:
        blow = ease(np.clip(1.7 * np.sin(phase + (np.pi if hand == RIGHT else 0)) - 0.6, 0, 1))
        part.place(
            hand, blow * weight, (0.95, part.draw(-0.05, 0.2), -0.5 * part.body.midline, 0.5)
        )
        part.poses.spine[:, 2] += (-0.5 if hand == LEFT else 0.5) * blow * weight
    part.poses.crouch += 0.05 * part.body.leg * weight


def grip(part: Part, spots, times, turns, bends=None, knees=None, steps=None) -> None:
    """Both hands on one handle, led through places of the left hand; the trunk does the most."""
    beyond = []
    for forward, up, across, elbow in spots:
        outward = across * part.body.midline if across < 0 else across
        # The right hand is at the same place of the chest: as far to its side as the left is off.
        right = -2 * part.body.midline - outward
        beyond.append((forward, up - 0.06, right / part.body.midline, elbow))
    sweep(part, spots, times, turns=turns, bends=bends, knees=knees, steps=steps, other=beyond)


def _s(name: str, perform, *wordings: str, **changes) -> Action:
    return Action(name, perform, wordings, **({"seconds": 1.9, "uses": "aot"} | changes))


ACTIONS = (
    _s("punch with {side} hand", of(strike, _GUARD, (0.97, 0.05, -0.55, 0.5), turn=0.45, back=0.15, guard=_GUARD, step=0.05), "punch with {own} {side} [fist|arm]", "throw a {side} punch", "throw a punch with {own} {side} hand", "hit with {own} {side} fist", "punch forward with {own} {side} [fist|hand]", "strike with {own} {side} fist", counted=True, seconds=1.3, share=1.5),
    _s("jab with {side} hand", of(strike, (0.4, 0.08, -0.3, 0.4), (0.95, 0.15, -0.4, 0.4), turn=0.2, guard=_GUARD, holds=0.02), "throw a {side} jab", "jab with {own} {side} fist", counted=True, seconds=0.95, tempos=False),
    _s("hook with {side} hand", of(sweep, [(0.2, 0.05, 0.5, 1.3), (0.6, 0.1, -0.9, 1.4), (0.45, 0.05, -1.6, 1.2)], (0.3, 0.52, 0.68), turns=(0.5, -0.5, -0.7), steps=(0, 0.04, 0.04)), "throw a {side} hook", "swing a hook punch with {own} {side} fist", seconds=1.3),
    _s("uppercut with {side} hand", of(sweep, [(0.15, -0.6, 0.1, 0.5), (0.6, 0.35, -0.5, 0.4), (0.55, 0.45, -0.6, 0.5)], (0.3, 0.52, 0.65), turns=(0.35, -0.4, -0.4), knees=(0.14, 0.0, 0.0)), "throw a {side} uppercut", "punch upward with {own} {side} fist", seconds=1.3),
    _s("box", combination, "do shadow boxing", "throw several punches", "punch with both fists in turn", "fight with {own} fists", "do boxing", seconds=2.8, share=1.3),
    _s("elbow strike with {side} arm", of(strike, (0.25, -0.1, 0.2, 1.5), (0.35, 0.02, -1.5, 1.8), turn=0.55), "strike with {own} {side} elbow", "hit with {own} {side} elbow", uses="at", seconds=1.3, noun=True),
    _s("chop with {side} hand", of(strike, (0.1, 0.5, 0.2, 0.8), (0.75, -0.25, -0.5, 0.4), bend=0.1), "do a karate chop with {own} {side} hand", "chop down with {own} {side} hand", uses="at", counted=True, seconds=1.2),
    _s("block with both arms", of(hold, (0.35, 0.18, -0.6, 0.7), BOTH, stays=0.3, bend=0.1), "block an attack", "raise {own} arms to protect {own} head", "guard {own} face with both arms", "defend with both arms", seconds=1.4),
    _s("slap", of(sweep, [(0.3, 0.1, 0.6, 0.8), (0.7, 0.1, -0.4, 0.4), (0.5, 0.0, -1.6, 0.6)], (0.3, 0.5, 0.65), turns=(0.35, -0.3, -0.5)), "slap someone with {own} {side} hand", "give someone a slap", seconds=1.2, uses="at"),
    _s("throw with {side} hand", of(sweep, [(-0.35, 0.45, 0.5, 0.6), (0.8, 0.45, 0.0, 0.5), (0.5, -0.5, -1.2, 0.5)], (0.38, 0.58, 0.75), turns=(0.6, -0.4, -0.55), bends=(-0.15, 0.15, 0.35), steps=(-0.06, 0.07, 0.1)), "throw something with {own} {side} [hand|arm]", "throw a ball with {own} {side} hand", "throw overhand with {own} {side} arm", "pitch with {own} {side} hand", "hurl something with {own} {side} arm", seconds=1.6, uses="at", share=1.5),
    _s("throw underarm with {side} hand", of(sweep, [(-0.5, -0.8, 0.2, 0.3), (0.75, -0.4, 0.0, 0.3), (0.6, 0.3, -0.2, 0.4)], (0.36, 0.58, 0.72), turns=(0.3, -0.2, -0.2), bends=(0.25, 0.25, 0.0), knees=(0.1, 0.08, 0.0)), "toss underhand with {own} {side} hand", "throw something underhand with {own} {side} [arm|hand]", "toss something with {own} {side} hand from below", seconds=1.6, uses="at"),
    _s("throw with both hands", of(sweep, [(0.0, 0.75, -0.5, 0.7), (-0.15, 0.75, -0.5, 0.8), (0.85, 0.25, -0.4, 0.5), (0.7, -0.4, -0.3, 0.4)], (0.25, 0.42, 0.6, 0.75), BOTH, bends=(-0.1, -0.25, 0.25, 0.35)), "throw a ball with both hands", "throw something over {own} head with two hands", "do a throw-in", seconds=1.8),
    _s("throw a ball up", of(sweep, [(0.4, -0.55, -0.3, 0.4), (0.35, -0.65, -0.3, 0.4), (0.3, 0.6, -0.2, 0.4)], (0.25, 0.42, 0.6), BOTH, knees=(0.05, 0.12, 0.0)), "toss something up in the air", "throw something up with both hands", seconds=1.7),
    _s("roll a ball", of(sweep, [(-0.5, -0.75, 0.15, 0.3), (0.5, -0.95, 0.0, 0.3), (0.8, -0.2, -0.1, 0.4)], (0.35, 0.58, 0.75), bends=(0.8, 1.1, 0.5), knees=(0.2, 0.25, 0.1), steps=(-0.04, 0.06, 0.05)), "bowl", "roll a bowling ball with {own} {side} hand", "roll a ball along the floor", seconds=2.0, uses="atl"),
    _s("catch", of(sweep, [(0.85, -0.05, -0.6, 0.4), (0.85, -0.05, -0.6, 0.4), (0.35, -0.3, -0.7, 0.7)], (0.35, 0.5, 0.65), BOTH, bends=(0.1, 0.1, 0.05), knees=(0.05, 0.05, 0.08)), "catch a ball", "catch something with both hands", "catch a ball in front of {own} chest", seconds=1.5, uses="ao"),
    _s("catch a ball overhead", of(sweep, [(0.3, 0.85, -0.6, 0.4), (0.3, 0.88, -0.6, 0.4), (0.35, -0.1, -0.7, 0.7)], (0.35, 0.5, 0.7), BOTH), "catch something above {own} head", "reach up to catch a ball with both hands", seconds=1.6, uses="ao"),
    _s("pass a ball from the chest", of(sweep, [(0.25, -0.15, -0.5, 1.0), (0.22, -0.15, -0.5, 1.0), (0.95, 0.0, -0.4, 0.4)], (0.25, 0.4, 0.55), BOTH, steps=(0, -0.03, 0.07)), "pass a basketball", "do a chest pass", seconds=1.5, uses="ao"),
    _s("dribble", of(shake, (0.45, -0.6, 0.15, 0.4), (0.02, 0.16, 0.0), (1.5, 2.2), trunk=(0.03, 0.0, 0.0), head=0.15, stays=0.6), "dribble a ball", "dribble a basketball", "bounce a ball with {own} {side} hand", seconds=2.6, uses="at"),
    _s("shoot a basketball", of(sweep, [(0.35, -0.1, -0.7, 0.7), (0.3, 0.25, -0.7, 0.9), (0.4, 0.9, -0.7, 0.5), (0.5, 0.8, -0.6, 0.5)], (0.22, 0.4, 0.56, 0.7), BOTH, knees=(0.1, 0.16, 0.0, 0.0)), "shoot a basket", "take a free throw", "throw a ball into a hoop", "shoot hoops", seconds=2.0, uses="aotl"),
    _s("spike a volleyball", of(sweep, [(-0.2, 0.65, 0.3, 0.8), (0.4, 0.9, 0.0, 0.5), (0.7, -0.2, -0.6, 0.5)], (0.36, 0.54, 0.68), turns=(0.4, -0.2, -0.4), bends=(-0.2, 0.1, 0.35)), "smash a ball down with {own} {side} hand", "hit a volleyball", seconds=1.5, uses="at"),
    _s("bump a volleyball", of(sweep, [(0.7, -0.65, -0.9, 0.4), (0.72, -0.7, -0.9, 0.4), (0.85, -0.2, -0.9, 0.4)], (0.3, 0.45, 0.62), BOTH, knees=(0.12, 0.18, 0.04), bends=(0.25, 0.3, 0.1)), "receive a volleyball with both forearms", "dig a volleyball", seconds=1.6, uses="aotl", share=0.7),
    _s("swing a bat", of(grip, [(0.25, 0.2, 0.25, 0.8), (0.15, 0.25, 0.4, 0.9), (0.8, -0.15, -0.9, 0.5), (0.3, 0.15, -2.3, 0.8)], (0.22, 0.4, 0.58, 0.75), (0.4, 0.7, -0.2, -0.9)), "swing a baseball bat", "hit a baseball", "bat", "swing a bat with both hands", seconds=1.8),
    _s("swing a golf club", of(grip, [(0.5, -0.8, -0.9, 0.4), (0.15, 0.4, 0.5, 0.8), (0.55, -0.8, -0.9, 0.4), (0.1, 0.45, -2.3, 0.8)], (0.2, 0.45, 0.62, 0.8), (0.0, 0.9, -0.1, -1.0), bends=(0.55, 0.45, 0.55, 0.1)), "play golf", "hit a golf ball", "do a golf swing", "tee off", seconds=2.2),
    _s("putt a golf ball", of(grip, [(0.5, -0.8, -0.9, 0.4), (0.5, -0.75, -0.55, 0.4), (0.5, -0.75, -1.4, 0.4)], (0.25, 0.45, 0.65), (0.0, 0.1, -0.15), bends=(0.6, 0.6, 0.6)), "putt", "make a short putt", seconds=2.0, share=0.5),
    _s("swing a racket forehand", of(sweep, [(-0.3, -0.1, 0.75, 0.5), (0.75, 0.0, 0.2, 0.4), (0.4, 0.35, -1.8, 0.8)], (0.35, 0.56, 0.75), turns=(0.7, -0.1, -0.7), steps=(-0.03, 0.06, 0.06)), "hit a forehand", "play a forehand in tennis", "swing a tennis racket with {own} {side} hand", seconds=1.7, uses="at"),
    _s("swing a racket backhand", of(sweep, [(0.35, -0.2, -2.2, 0.6), (0.75, -0.05, -0.2, 0.4), (0.1, 0.3, 0.8, 0.6)], (0.35, 0.56, 0.75), turns=(-0.7, -0.1, 0.5)), "hit a backhand", "play a backhand in tennis", seconds=1.7, uses="at"),
    _s("serve in tennis", together(of(sweep, [(-0.1, -0.3, 0.4, 0.8), (-0.3, 0.3, 0.3, 1.2), (0.35, 0.93, 0.0, 0.5), (0.6, -0.4, -1.0, 0.5)], (0.22, 0.42, 0.6, 0.78), turns=(0.3, 0.5, -0.2, -0.5), bends=(0, -0.25, 0.1, 0.4), other=[(0.5, -0.4, 0.0, 0.4), (0.4, 0.85, 0.1, 0.4), (0.4, -0.3, -0.3, 0.6), (0.3, -0.5, -0.3, 0.6)])), "do a tennis serve", "serve a ball overhead", "toss a ball and *hit it overhead", seconds=2.1),
    _s("play table tennis", of(shake, (0.5, -0.3, 0.1, 0.5), (0.15, 0.1, 0.35), (0.9, 1.3), trunk=(0.0, 0.0, -0.2)), "play ping pong", "hit a ping pong ball back and forth", uses="at", seconds=2.6, share=0.7),
    _s("swing a sword", of(grip, [(0.2, 0.75, -0.8, 0.7), (0.15, 0.8, -0.8, 0.8), (0.75, -0.3, -0.95, 0.5)], (0.25, 0.42, 0.6), (0.0, 0.0, 0.0), bends=(-0.1, -0.15, 0.25), steps=(0, 0, 0.08)), "swing a sword down with both hands", "slash with a sword", "cut down with a sword", counted=False, seconds=1.6),
    _s("slash diagonally", of(sweep, [(0.1, 0.65, 0.5, 0.8), (0.7, 0.0, -0.6, 0.5), (0.4, -0.55, -1.8, 0.5)], (0.32, 0.54, 0.7), turns=(0.5, -0.1, -0.6)), "slash with a sword in {own} {side} hand", "swing a blade across {own} body", seconds=1.4, uses="at"),
    _s("fence", of(strike, (0.35, -0.15, 0.0, 0.5), (0.97, 0.0, -0.2, 0.3), turn=0.4, step=0.16), "thrust a sword forward", "stab forward with {own} {side} hand", "lunge with a sword", counted=True, seconds=1.3, uses="at"),
    _s("shoot a bow", together(of(hold, (0.2, 0.08, 0.95, 0.1), stays=0.3, turn=-0.2), of(sweep, [(0.6, 0.05, -2.2, 1.2), (0.6, 0.05, -2.2, 1.2), (0.15, 0.12, -0.3, 1.8), (0.1, 0.12, 0.2, 1.8)], (0.28, 0.36, 0.62, 0.75), (RIGHT,))), "draw a bow", "shoot an arrow", "do archery", "pull back a bowstring and *let an arrow fly", seconds=2.5),
    _s("aim a rifle", together(of(hold, (0.75, 0.08, -0.7, 0.5), stays=0.7, turn=0.2), of(hold, (0.32, 0.08, -0.4, 1.2), (RIGHT,), stays=0.7)), "aim a gun", "aim with a rifle", "point a rifle ahead", "shoot a rifle", seconds=2.2),
    _s("cast a fishing rod", of(sweep, [(0.5, -0.2, -0.3, 0.5), (0.0, 0.5, 0.2, 0.9), (0.85, 0.1, -0.3, 0.4)], (0.22, 0.45, 0.62), BOTH, bends=(0, -0.1, 0.15)), "cast a line", "fish", "throw out a fishing line", seconds=2.0, uses="aot"),
    _s("throw a dart", of(strike, (0.25, 0.25, -0.1, 0.5), (0.8, 0.2, -0.2, 0.4), back=0.15), "throw darts", "play darts", counted=False, seconds=1.4, uses="a", share=0.7),
    _s("throw a frisbee", of(sweep, [(0.3, -0.2, -2.2, 0.8), (0.25, -0.2, -2.3, 0.9), (0.75, -0.05, 0.4, 0.4)], (0.25, 0.45, 0.62), turns=(-0.5, -0.6, 0.3)), "fling a disc", "toss a frisbee", seconds=1.5, uses="at"),
    _s("row a boat", of(shake, (0.55, -0.3, -0.4, 0.6), (0.35, 0.0, 0.0), (0.5, 0.8), BOTH, trunk=(0.3, 0.0, 0.0)), "row", "pull on oars", "do a rowing motion", seconds=2.8),
    _s("paddle a canoe", of(grip, [(0.6, 0.1, 0.2, 0.6), (0.4, -0.5, 0.35, 0.5), (0.6, 0.1, -1.9, 0.6), (0.4, -0.5, -2.2, 0.5)], (0.2, 0.4, 0.6, 0.8), (0.2, 0.4, -0.2, -0.4)), "paddle", "paddle a kayak", seconds=2.6, share=0.6),
    _s("swim", swim, "swim front crawl", "do the front crawl", "make swimming motions", "do the crawl stroke with {own} arms", seconds=2.8),
    _s("swim backstroke", of(swim, True), "do the backstroke", "make backstroke motions", seconds=2.8, share=0.6),
    _s("swim breaststroke", of(sweep, [(0.45, -0.1, -0.8, 0.6), (0.95, -0.05, -0.7, 0.4), (0.5, -0.05, 0.8, 0.5), (0.45, -0.15, -0.8, 0.7), (0.95, -0.05, -0.7, 0.4), (0.5, -0.05, 0.8, 0.5)], (0.12, 0.28, 0.45, 0.58, 0.72, 0.88), BOTH, bends=(0.4,) * 6), "do the breaststroke", "make breaststroke motions", seconds=3.0, share=0.6),
    _s("juggle", juggle, "juggle balls", "juggle with both hands", seconds=2.8, uses="ao", share=0.7),
    _s("swing a lasso", of(shake, (0.1, 0.75, 0.1, 0.5), (0.16, 0.0, 0.16), (1.1, 1.6)), "swing a rope over {own} head", "twirl a lasso", seconds=2.4, uses="a", share=0.6),
    _s("play guitar", together(of(hold, (0.35, -0.2, 0.5, 0.5), stays=0.7), of(shake, (0.3, -0.48, -0.85, 0.8), (0.02, 0.1, 0.0), (1.8, 2.8), (RIGHT,), stays=0.7, head=0.25)), "play the guitar", "strum a guitar", "play air guitar", seconds=2.8),
    _s("play piano", of(shake, (0.6, -0.42, -0.2, 0.4), (0.0, 0.04, 0.12), (0.9, 1.6), BOTH, opposite=True, head=0.25, stays=0.7), "play the piano", "play a keyboard", "play music on a piano with both hands", seconds=2.8),
    _s("play violin", together(of(hold, (0.45, 0.1, 0.35, 0.3), stays=0.7), of(shake, (0.4, -0.05, -0.6, 0.9), (0.1, -0.1, 0.2), (0.6, 1.2), (RIGHT,), stays=0.7)), "play the violin", "play a fiddle", "draw a bow over a violin", seconds=2.8),
    _s("play cello", together(of(hold, (0.3, 0.05, -0.3, 0.9), stays=0.7), of(shake, (0.45, -0.6, -0.3, 0.6), (0.0, -0.05, 0.24), (0.6, 1.0), (RIGHT,), stays=0.7)), "play the cello", "play a double bass", seconds=2.8, share=0.5),
    _s("play drums", of(shake, (0.5, -0.28, -0.25, 0.6), (0.05, 0.18, 0.0), (1.6, 2.6), BOTH, opposite=True, stays=0.6), "drum", "play the drums", "beat a drum with both hands", "hit drums with sticks", seconds=2.8, uses="ao"),
    _s("play the flute", together(of(shake, (0.38, 0.14, -1.6, 0.9), (0.0, 0.01, 0.01), (0.5, 1.0), stays=0.8), of(hold, (0.25, 0.14, 0.05, 1.1), (RIGHT,), stays=0.8)), "play a flute", "hold a flute sideways and *play it", seconds=2.6),
    _s("play trumpet", of(shake, (0.48, 0.17, -0.92, 0.7), (0.0, 0.02, 0.0), (0.5, 1.0), BOTH, stays=0.7), "play the trumpet", "blow a trumpet", "play a recorder", seconds=2.6, uses="ao", share=0.7),
    _s("play accordion", of(shake, (0.35, -0.3, 0.0, 0.7), (0.0, 0.0, 0.22), (0.5, 0.8), BOTH, stays=0.6), "play the accordion", "squeeze an accordion", seconds=2.6, uses="ao", share=0.5),
    _s("play maracas", of(shake, (0.42, -0.1, 0.1, 0.5), (0.05, 0.13, 0.0), (2.2, 3.0), BOTH, opposite=True), "shake maracas", "shake rattles with both hands", seconds=2.4, uses="ao", share=0.6),
    _s("shake a tambourine", of(shake, (0.4, 0.15, 0.1, 0.5), (0.03, 0.06, 0.1), (2.4, 3.2)), "play the tambourine", "play a tambourine with {own} {side} hand", seconds=2.4, uses="a", share=0.6),
)  # fmt: skip
"""Sports of the upper body, and instruments."""

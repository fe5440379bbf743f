"""Sitting, kneeling and lying, the ways down and up, and exercises on the floor."""

import functools

import numpy as np

from motext_jax.data.people import postures
from motext_jax.data.people.action import Action
from motext_jax.data.people.part import Part
from motext_jax.data.people.postures import Build, Key, through
from motext_jax.data.synthetic.body import LEFT, RIGHT
from motext_jax.data.synthetic.take import ease

BOTH = (LEFT, RIGHT)
Step = tuple[float, Build | None]
"""A moment in shares of the action, and a posture; None for standing."""


def way(part: Part, steps: tuple[Step, ...]) -> None:
    """Through postures."""
    keys: list[Key] = [None if build is None else build(part) for _, build in steps]
    through(part, keys, [time for time, _ in steps])


def there_and_back(part: Part, steps: tuple[Step, ...]) -> None:
    """Through postures to the last, some rest, and back again through the same ones."""
    last = steps[-1][0]
    back = tuple((1 - 0.9 * time, build) for time, build in reversed(steps))
    way(part, tuple((0.9 * time, build) for time, build in steps) + back)
    del last


def rhythm(part: Part, one: Build, other: Build, period: tuple[float, float], counted: bool = True,
           rest: float = 0.0) -> None:  # fmt: skip
    """To and fro between two postures; `part.count` times, or as often as there is time for."""
    first, second = one(part), other(part)
    length = part.draw(*period) / part.pace
    number = part.count if counted and part.count else max(1, int(part.seconds / length))
    keys: list[Key] = [first]
    times = [0.02]
    for k in range(number):
        start = (k + 0.02) / number
        keys += [second, second, first] if rest else [second, first]
        middle = start + 0.48 / number
        times += [middle - rest / number, middle + rest / number] if rest else [middle]
        times.append((k + 1) / number - 0.005)
    through(part, keys, times)


def still(part: Part, build: Build) -> None:
    """In a posture all the time."""
    through(part, [build(part)] * 2, (0.0, 1.0))


def crawl(part: Part, speed: tuple[float, float], build: Build, backward: bool = False,
          low: bool = False) -> None:  # fmt: skip
    """On hands and knees over the floor, an arm and the other leg in turn."""
    still(part, build)
    poses, time = part.poses, part.time
    pace = ease((time - part.start) / 0.4) * ease((part.end - time) / 0.4)
    sign = -1 if backward else 1
    stride = part.draw(0.3, 0.42) * part.body.leg / 0.8
    rate = part.draw(*speed) * part.pace / stride
    turns = np.cumsum(pace) * rate * (time[1] - time[0]) + part.draw(0, 1)
    facing = poses.heading[part.frame(part.start)]
    ahead = np.array([np.sin(facing), np.cos(facing)])
    begin = turns[0]
    poses.ground += sign * stride * (turns - begin)[:, None] * ahead
    thigh, shin = part.body.bone("left_knee"), part.body.bone("left_ankle")
    for side in BOTH:
        for limb, lag in (("hand", 0.5 * side), ("foot", 0.5 * (1 - side) + 0.08)):
            beat = turns + lag
            inside = np.clip((beat % 1 - 0.55) / 0.45, 0, 1)
            planted = np.floor(beat) + ease(inside) - lag - begin - 0.15
            where = sign * stride * planted
            lift = (0.05 if limb == "hand" else 0.035) * np.sin(np.pi * inside) ** 2
            if limb == "hand":
                poses.places[side][:, [0, 2]] += where[:, None] * ahead
                poses.places[side][:, 1] += lift
            else:
                poses.feet[side][:, [0, 2]] += where[:, None] * ahead
                poses.feet[side][:, 1] += 0.5 * lift
    if not low:
        # The hips are as high as the thigh that leans the most allows.
        beat = np.abs(np.sin(np.pi * turns))
        poses.crouch += 0.0 * beat - 0.01
    poses.pelvis[:, 2] += 0.12 * np.sin(2 * np.pi * turns) * pace
    poses.spine[:, 2] -= 0.12 * np.sin(2 * np.pi * turns) * pace
    del thigh, shin


def roll(part: Part, turns: float) -> None:
    """Over and over on the floor, along the body's own axis, to one side."""
    sign = 1 if part.chance(0.5) else -1
    begin = -np.pi / 2
    number = max(3, int(abs(turns) * 12))
    shares = np.linspace(0.06, 0.94, number + 1)
    angles = begin + sign * 2 * np.pi * turns * np.linspace(0, 1, number + 1)
    keys: list[Key] = []
    for angle in angles:
        posture = postures.rolled(part, float(angle))
        ahead = 0.2 * (angle - begin)
        keys.append(shifted(posture, float(ahead)))
    through_evenly(part, keys, shares)


def shifted(posture: postures.Posture, ahead: float) -> postures.Posture:
    """The posture so many metres ahead."""
    import dataclasses

    x, y, z = posture.pelvis
    ankles = tuple(None if a is None else (a[0], a[1], a[2] + ahead) for a in posture.ankles)
    places = tuple(None if a is None else (a[0], a[1], a[2] + ahead) for a in posture.places)
    return dataclasses.replace(posture, pelvis=(x, y, z + ahead), ankles=ankles, places=places)


def through_evenly(part: Part, keys, shares) -> None:
    """Through postures without a stop at any but the first and the last."""
    times = np.asarray(shares)
    eased = times[0] + (times[-1] - times[0]) * _unease((times - times[0]) / (times[-1] - times[0]))
    through(part, keys, list(eased))


def _unease(share):
    """The moments at which an eased track is at even shares."""
    fine = np.linspace(0, 1, 400)
    return np.interp(share, 0.25 * ease(fine) + 0.75 * fine, fine)


def pedal(part: Part) -> None:
    """On the back, the legs as on a bicycle."""
    still(part, functools.partial(postures.on_back, curl=0.3))
    phase = part.phase(0.7, 1.1)
    leg = part.body.leg
    for foot in BOTH:
        beat = phase + np.pi * foot
        # From far ahead to near the hips, the feet off the floor.
        near = 0.5 + 0.5 * np.sin(beat)
        way = np.stack([0 * beat, leg * (0.3 + 0.12 * np.cos(beat)), -0.45 * leg * near], axis=1)
        part.move_foot(foot, way, under=0.0)


def leg_flutter(part: Part) -> None:
    """On the back, straight legs up and down in turn."""
    still(part, functools.partial(postures.on_back, curl=0.2))
    beat = np.sin(part.phase(0.9, 1.4))
    for foot in BOTH:
        up = 0.25 + (0.15 if foot == LEFT else -0.15) * beat
        way = np.stack([0 * up, part.body.leg * up, -0.06 * part.body.leg + 0 * up], axis=1)
        part.move_foot(foot, way, under=0.0)


def climb_mountain(part: Part) -> None:
    """In the plank, the knees to the chest in turn."""
    still(part, postures.plank)
    phase = part.phase(0.9, 1.4)
    for foot in BOTH:
        drawn = np.clip(np.sin(phase + np.pi * foot), 0, 1) ** 0.8
        far = part.body.leg * 0.52 * drawn
        part.move_foot(foot, np.stack([0 * far, 0.05 * drawn + 0.1 * far, far], axis=1), under=0.0)


def donkey_kick(part: Part) -> None:
    """On hands and knees, the left leg back and up."""
    still(part, postures.all_fours)
    up = part.strokes() if part.count > 1 else part.held(0.3, 0.3)
    leg = part.body.leg
    part.move_foot(LEFT, up[:, None] * [0, 0.55 * leg, -0.3 * leg], under=0.0)
    part.poses.foot_pitch[LEFT] -= 0.7 * up


def bird_dog(part: Part) -> None:
    """On hands and knees, the left leg back and the right arm ahead."""
    still(part, postures.all_fours)
    up = part.held(0.28, 0.25, 0.3)
    leg = part.body.leg
    part.move_foot(LEFT, up[:, None] * [0, 0.5 * leg, -0.35 * leg], under=0.0)
    part.poses.foot_pitch[LEFT] -= 0.7 * up
    part.place(RIGHT, up, (0.2, 0.93, 0.05, 0.4))


def cross_leg(part: Part) -> None:
    """On a chair, the left thigh over the right one."""
    still(part, postures.chair)
    up = part.held(0.3, 0.3, 0.6)
    leg = part.body.leg
    part.move_foot(LEFT, up[:, None] * [-0.24 * leg, 0.24 * leg, 0.14 * leg], under=0.0)


def swing_seated(part: Part) -> None:
    """On a seat, the shins swing in turn."""
    still(part, postures.chair)
    part.poses.crouch -= 0.06 * part.body.leg
    weight = part.held(0.12, 0.12, 0.5)
    beat = np.sin(part.phase(0.6, 1.0)) * weight
    for foot in BOTH:
        sway = (beat if foot == LEFT else -beat) * 0.2 * part.body.leg
        up = 0.06 * part.body.leg * weight + 0.6 * sway**2
        part.move_foot(foot, np.stack([0 * up, up, sway], axis=1), under=0.0)


def fall(part: Part, back: bool) -> None:
    """Off the feet to the floor, fast, ahead or back."""
    if back:
        way(
            part,
            ((0.1, None), (0.4, postures.low_squat), (0.65, _leaning), (0.95, postures.on_back)),
        )
    else:
        front = functools.partial(postures.on_front, hands="shoulders")
        way(part, ((0.1, None), (0.4, postures.kneeling), (0.7, postures.all_fours), (0.95, front)))


_p = functools.partial
_leaning = _p(postures.long_seat, lean=-0.75, bent=0.7)
_knees_up = _p(postures.long_seat, lean=0.25, bent=0.75)
_bent_back = _p(postures.on_back, bent=0.75, hands=(0.1, 0.3, 0.05, 1.4))
_crunched = _p(postures.on_back, bent=0.75, hands=(0.1, 0.3, 0.05, 1.4), curl=1.1)
_bridge = _p(postures.on_back, bent=0.8, lift=0.24)
_raised = _p(postures.on_back, legs=(1.35, 1.35))
_shoulders = _p(postures.on_front, hands="shoulders")
_cobra = _p(postures.on_front, hands="shoulders", up=1.0)
_superman = _p(postures.on_front, hands="ahead", up=0.6, legs=0.2)
_front_flat = _p(postures.on_front, hands="ahead")
_sprawled = _p(postures.on_front, hands="head")
_down = _p(postures.plank, up=0.0)
_knee_up, _knee_down = _p(postures.plank, knees=True), _p(postures.plank, knees=True, up=0.0)
_elbows = _p(postures.plank, elbows=True)
_cat = _p(postures.all_fours, spine=-0.18)
_cow = _p(postures.all_fours, spine=0.2)
_bear = _p(postures.all_fours, knees_up=0.13)
_side = _p(postures.rolled, angle=0.0, bent=0.6)
_back_wide = _p(postures.on_back, hands=(-0.02, 0.0, 0.93, 0.3))

_SIT_DOWN: tuple[Step, ...] = ((0.0, None), (0.55, postures.rising), (1.0, postures.chair))
_STAND_UP: tuple[Step, ...] = ((0.0, postures.chair), (0.45, postures.rising), (1.0, None))
_TO_FLOOR: tuple[Step, ...] = ((0.0, None), (0.45, postures.low_squat))
_LIE_DOWN: tuple[Step, ...] = (*_TO_FLOOR, (0.68, _leaning), (1.0, postures.on_back))
_LIE_FRONT: tuple[Step, ...] = (
    (0.0, None), (0.35, postures.kneeling), (0.62, postures.all_fours), (1.0, _sprawled),
)  # fmt: skip


def _reversed(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    return tuple((1 - time, build) for time, build in reversed(steps))


CHAIR, GROUND, KNEES, FOURS, BACK, FRONT = "chair", "ground", "knees", "fours", "back", "front"
"""Postures that actions begin and end in."""


def _f(name: str, perform, *wordings: str, **changes) -> Action:
    given = {"uses": "aotl", "layer": 2, "tempos": True, "seconds": 2.2} | changes
    return Action(name, perform, wordings, **given)


def _exercise(name: str, perform, *wordings: str, **changes) -> Action:
    return _f(
        name, perform, *wordings, **({"seconds": 0.0, "before": name, "after": name} | changes)
    )


ACTIONS = (
    _f("sit down", _p(way, steps=_SIT_DOWN), "sit down on a chair", "take a seat", "sit [down on|onto] a seat", "seat {own} body", "have a seat", "lower {own} body onto a chair", seconds=1.5, after=CHAIR, share=1.5),
    _f("stand up", _p(way, steps=_STAND_UP), "stand up from a chair", "get up from a chair", "rise from a seat", "get up from a seat", "get up after sitting", seconds=1.5, before=CHAIR, share=1.5),
    _f("sit and stand up again", _p(there_and_back, steps=((0.02, None), (0.28, postures.rising), (0.45, postures.chair))), "sit down and *get up again", "sit briefly and *rise", seconds=3.2, share=0.6),
    _f("sit", _p(still, build=postures.chair), "sit on a chair", "be seated", "sit still", "stay seated", "remain sitting", seconds=0.0, before=CHAIR, after=CHAIR, tempos=False, uses="l"),
    _f("cross legs while sitting", cross_leg, "cross one leg over the other on a chair", "sit with crossed legs on a chair", "put one thigh over the other", seconds=2.2, before=CHAIR, after=CHAIR, uses="l", share=0.6),
    _f("swing legs while sitting", swing_seated, "dangle {own} legs from a seat", "sit and *swing {own} legs", seconds=0.0, before=CHAIR, after=CHAIR, uses="l", share=0.6),
    _f("sit down on the floor", _p(way, steps=(*_TO_FLOOR, (1.0, postures.long_seat))), "sit down on the ground", "take a seat on the floor", "lower {own} body to sit on the ground", after=GROUND),
    _f("sit down cross-legged", _p(way, steps=(*_TO_FLOOR, (1.0, postures.cross_legged))), "sit down on the floor with crossed legs", "sit down in a cross-legged position", after="crossed"),
    _f("get up from sitting on the floor", _p(way, steps=_reversed((*_TO_FLOOR, (1.0, postures.long_seat)))), "stand up after sitting on the ground", "rise from the floor after sitting", before=GROUND),
    _f("sit on the floor", _p(still, build=postures.long_seat), "sit on the ground with {own} legs out", "sit with {own} legs stretched out on the floor", seconds=0.0, before=GROUND, after=GROUND, tempos=False, uses="l"),
    _f("sit cross-legged", _p(still, build=postures.cross_legged), "sit on the floor with {own} legs crossed", "meditate", "sit in the lotus position", seconds=0.0, before="crossed", after="crossed", tempos=False, uses="l"),
    _f("sit on heels", _p(still, build=postures.on_heels), "sit on {own} knees", "sit in a kneeling position on {own} heels", seconds=0.0, before="heels", after="heels", tempos=False, uses="l", share=0.7),
    _f("kneel down", _p(way, steps=((0.0, None), (0.5, postures.one_knee), (1.0, postures.kneeling))), "kneel on both knees", "go down on both knees", "get on {own} knees", "drop to both knees", after=KNEES),
    _f("kneel on {side} knee", _p(way, steps=((0.0, None), (0.8, postures.one_knee))), "kneel down on {own} {side} knee", "go down on {own} {side} knee", "drop to {own} {side} knee", "get down on one knee, the {side}", after="one knee"),
    _f("stand up from kneeling", _p(way, steps=((0.0, postures.kneeling), (0.5, postures.one_knee), (1.0, None))), "get up from {own} knees", "rise from kneeling", "get off {own} knees", before=KNEES),
    _f("kneel", _p(still, build=postures.kneeling), "stay on both knees", "be on {own} knees", "rest on {own} knees", seconds=0.0, before=KNEES, after=KNEES, tempos=False, uses="l"),
    _f("get down on hands and knees", _p(way, steps=((0.0, None), (0.5, postures.kneeling), (1.0, postures.all_fours))), "go down on all fours", "get on {own} hands and knees", after=FOURS, share=0.7),
    _f("get up from hands and knees", _p(way, steps=_reversed(((0.0, None), (0.5, postures.kneeling), (1.0, postures.all_fours)))), "stand up from all fours", "rise from {own} hands and knees", before=FOURS, share=0.7),
    _f("lie down", _p(way, steps=_LIE_DOWN), "lie down on {own} back", "lie down on the floor", "lay {own} body down on the ground", "go to bed", seconds=2.8, after=BACK, share=1.2),
    _f("lie down on stomach", _p(way, steps=_LIE_FRONT), "lie down face down", "lie down on {own} [belly|front]", "lower {own} body to the ground face down", seconds=3.0, after=FRONT),
    _f("get up from the floor", _p(way, steps=_reversed(_LIE_DOWN)), "get up after lying down", "stand up from lying on {own} back", "get up off the ground", "rise from the floor", seconds=2.8, before=BACK, share=1.2),
    _f("get up from stomach", _p(way, steps=_reversed(_LIE_FRONT)), "stand up from lying face down", "get up off {own} belly", "push {own} body up from the ground and *stand", seconds=3.0, before=FRONT),
    _f("sit up", _p(way, steps=((0.0, postures.on_back), (1.0, postures.long_seat))), "sit up from lying down", "sit up in bed", "raise {own} upper body off the floor to sit", seconds=1.8, before=BACK, after=GROUND),
    _f("lie back", _p(way, steps=((0.0, postures.long_seat), (1.0, postures.on_back))), "lie back down from sitting", "lean back and *lie down", seconds=1.8, before=GROUND, after=BACK),
    _f("lie on back", _p(still, build=postures.on_back), "lie on {own} back", "lie face up", "lie on the floor", "sleep on {own} back", seconds=0.0, before=BACK, after=BACK, tempos=False, uses="l"),
    _f("lie on stomach", _p(still, build=_sprawled), "lie on {own} [stomach|belly]", "lie face down", "lie flat on {own} front", seconds=0.0, before=FRONT, after=FRONT, tempos=False),
    _f("lie on side", _p(still, build=_side), "lie on {own} side", "sleep on {own} side", "lie curled up on {own} side", seconds=0.0, before="side", after="side", tempos=False),
    _exercise("make a snow angel", _p(rhythm, one=postures.on_back, other=_back_wide, period=(1.2, 1.8), counted=False), "make snow angels", "spread and *close {own} arms on {own} back", share=0.5),
    _f("roll over", _p(roll, turns=0.5), "turn over on the floor", "roll from {own} back onto {own} belly", "roll over from back to front", seconds=1.9, before="rolled", after="rolled"),
    _exercise("roll on the floor", _p(roll, turns=1.5), "roll over and over on the floor", "roll along the ground", seconds=3.4),
    _exercise("crawl", _p(crawl, speed=(0.35, 0.6), build=postures.all_fours), "crawl forward", "crawl on {own} hands and knees", "crawl on all fours", "crawl like a baby", share=1.2),
    _exercise("crawl backward", _p(crawl, speed=(0.25, 0.45), build=postures.all_fours, backward=True), "crawl backwards", "crawl back on {own} hands and knees", share=0.7),
    _exercise("bear crawl", _p(crawl, speed=(0.35, 0.6), build=_bear, low=True), "do a bear crawl", "walk on {own} hands and feet", "crawl with {own} knees off the floor", share=0.7, noun=True),
    _exercise("army crawl", _p(crawl, speed=(0.2, 0.35), build=_shoulders, low=True), "crawl on {own} belly", "crawl flat on the ground like a soldier", share=0.7, noun=True),
    _exercise("push-ups", _p(rhythm, one=postures.plank, other=_down, period=(1.0, 1.6)), "do push-ups", "do press-ups", "push {own} body up and down from the floor", "exercise with push-ups", counted=False, share=1.2, noun=True),
    _exercise("knee push-ups", _p(rhythm, one=_knee_up, other=_knee_down, period=(1.0, 1.6)), "do push-ups on {own} knees", "do knee push-ups", share=0.6, noun=True),
    _exercise("plank", _p(still, build=postures.plank), "hold a plank", "hold a push-up position", "do a plank on straight arms", tempos=False, noun=True),
    _exercise("forearm plank", _p(still, build=_elbows), "hold a plank on {own} forearms", "do an elbow plank", tempos=False, share=0.6, noun=True),
    _exercise("mountain climbers", climb_mountain, "do mountain climbers", "run {own} knees to {own} chest in a plank", share=0.7, noun=True),
    _exercise("sit-ups", _p(rhythm, one=_bent_back, other=_knees_up, period=(1.4, 2.1)), "do sit-ups", "do abdominal sit-ups", "raise {own} upper body from the floor to {own} knees and *lie back again", share=1.2, noun=True),
    _exercise("crunches", _p(rhythm, one=_bent_back, other=_crunched, period=(0.9, 1.4)), "do crunches", "do abdominal crunches", "curl {own} shoulders off the floor", share=0.7, noun=True),
    _exercise("leg raises", _p(rhythm, one=postures.on_back, other=_raised, period=(1.5, 2.3)), "do leg raises", "raise both legs while lying on {own} back", "lift {own} straight legs off the floor", share=0.7, noun=True),
    _exercise("bicycle with legs", pedal, "pedal in the air on {own} back", "do bicycle crunches", "cycle with {own} legs while lying down", share=0.7, noun=True),
    _exercise("flutter kicks", leg_flutter, "do flutter kicks", "kick {own} legs up and down while lying on {own} back", share=0.6, noun=True),
    _exercise("bridge", _p(rhythm, one=_p(postures.on_back, bent=0.8), other=_bridge, period=(1.5, 2.3), rest=0.12), "do bridges", "raise {own} hips off the floor while lying down", "do glute bridges", share=0.7, noun=True),
    _exercise("superman exercise", _p(rhythm, one=_front_flat, other=_superman, period=(1.5, 2.3), rest=0.12), "lift {own} arms and legs while lying on {own} belly", "do the superman exercise", share=0.6, noun=True),
    _exercise("cobra pose", _p(rhythm, one=_shoulders, other=_cobra, period=(2.5, 3.5), rest=0.2), "do the cobra stretch", "push {own} chest up from lying on {own} belly", share=0.6, noun=True),
    _exercise("cat-cow stretch", _p(rhythm, one=_cat, other=_cow, period=(1.6, 2.4)), "arch and *round {own} back on all fours", "do the cat-cow stretch", share=0.6, noun=True),
    _exercise("downward dog", _p(still, build=postures.downward_dog), "hold the downward dog", "do the downward dog yoga pose", tempos=False, share=0.6, noun=True),
    _exercise("donkey kick with {side} leg", donkey_kick, "kick {own} {side} leg back on all fours", "do a donkey kick with {own} {side} leg", seconds=2.2, share=0.6, noun=True),
    _exercise("bird dog with {side} leg", bird_dog, "stretch {own} {side} leg and {other} arm out on all fours", seconds=2.6, share=0.5, noun=True),
    _f("burpees", _p(way, steps=((0.05, None), (0.25, postures.low_squat), (0.42, postures.plank), (0.55, postures.plank), (0.75, postures.low_squat), (0.98, None))), "do a burpee", "squat down, *kick {own} feet back and *stand up again", seconds=3.0, tempos=False, noun=True),
    _f("fall backward", _p(fall, back=True), "fall on {own} back", "fall over backwards", "collapse backward", seconds=1.6, tempos=False, after=BACK),
    _f("fall forward", _p(fall, back=False), "fall on {own} face", "fall over forwards", "collapse forward onto the ground", seconds=1.6, tempos=False, after="fallen"),
    _f("fall to the knees", _p(way, steps=((0.1, None), (0.8, postures.kneeling))), "collapse onto {own} knees", "sink to {own} knees", seconds=1.2, tempos=False, after=KNEES, share=0.5),
)  # fmt: skip
"""Actions between postures and in them."""

"""Actions of the legs: squats, lunges, kicks, jumps, hops, balance and dance steps."""

import numpy as np
from jaxtyping import Float

from motext_jax.data.people.action import Action
from motext_jax.data.people.hands import hold, of, shake, sweep, together
from motext_jax.data.people.part import Part
from motext_jax.data.people.sports import jump_rope_arms
from motext_jax.data.synthetic.body import LEFT, OUTWARD, RIGHT
from motext_jax.data.synthetic.take import ease, keyed

BOTH = (LEFT, RIGHT)
_GRAVITY = 9.81


def leap(part: Part, leaves: float, height: float, ahead: float = 0.0, aside: float = 0.0,
         turn: float = 0.0, pushing=BOTH, tuck: float = 0.0) -> float:  # fmt: skip
    """One jump: bend, fly, land softly; returns the moment when the knees are straight again.

    Args:
      part: the poses change from shortly before `leaves` on.
      leaves: time at which the feet leave the ground, in seconds.
      height: height of the flight, in metres; its duration follows from gravity.
      ahead, aside: the way of the jump ahead and to the left, in metres.
      turn: the turn to the left in the air, in radians.
      pushing: the feet that push; the other is carried along.
      tuck: how far the feet are drawn up in the air, in metres.
    """
    poses, time = part.poses, part.time
    lands = leaves + np.sqrt(8 * height / _GRAVITY)
    flight = np.clip((time - leaves) / (lands - leaves), 0, 1)
    lift = 4 * height * flight * (1 - flight)
    share = min(1.2 * height + 0.03, 0.26)
    depth = share * part.body.leg
    poses.crouch += keyed(time, (leaves - 0.3, leaves - 0.13, leaves), (0, depth, 0))
    poses.crouch += keyed(time, (lands, lands + 0.12, lands + 0.35), (0, 0.8 * depth, 0))
    lean = keyed(time, (leaves - 0.3, leaves - 0.13, leaves + 0.05), (0, 1.2 * share, 0))
    lean += keyed(time, (lands, lands + 0.12, lands + 0.35), (0, share, 0))
    poses.pelvis[:, 0] += lean
    poses.lift += lift
    poses.feet[..., 1] += lift
    if tuck:
        poses.feet[..., 1] += tuck * np.sin(np.pi * flight) ** 2
    moved = ease((time - leaves) / (lands - leaves))
    body = ease((time - leaves + 0.15) / (lands - leaves + 0.3))
    sin, cos = np.sin(poses.heading), np.cos(poses.heading)
    way = np.stack([sin * ahead + cos * aside, cos * ahead - sin * aside], axis=1)
    way = way[part.frame(leaves)]
    poses.ground += body[:, None] * way
    poses.feet[..., [0, 2]] += moved[:, None] * way
    if turn:
        about = poses.ground[part.frame(lands)]
        angle = turn * moved
        c, s = np.cos(angle), np.sin(angle)
        for foot in BOTH:
            off = poses.feet[foot][:, [0, 2]] - about
            poses.feet[foot, :, 0] = about[0] + c * off[:, 0] + s * off[:, 1]
            poses.feet[foot, :, 2] = about[1] + c * off[:, 1] - s * off[:, 0]
        poses.heading += angle
        poses.foot_yaw += angle
    for foot in pushing:
        poses.foot_pitch[foot] += keyed(time, (leaves - 0.12, leaves + 0.03, lands), (0, 0.8, 0))
    return float(lands + 0.35)


def throw_arms(part: Part, leaves: float, amount: float) -> None:
    """Arms back before a jump and up with it."""
    keys = (leaves - 0.4, leaves - 0.12, leaves + 0.12, leaves + 0.6)
    swing = keyed(part.time, keys, (0.0, -0.45, 0.9, 0.0)) * amount
    part.poses.hands[..., 0] += swing
    part.poses.hands[..., 1] += 0.9 * np.maximum(swing, 0)


def jump(part: Part, height=(0.1, 0.25), ahead: float = 0.0, aside: float = 0.0,
         turn: float = 0.0, tuck: float = 0.0, arms: float = 1.0) -> None:  # fmt: skip
    """`part.count` jumps; ways in leg lengths."""
    leg = part.body.leg
    extent = float(np.clip(part.style.extent * part.extent, 0.75, 1.5))
    high = part.draw(*height) * extent * leg / 0.8
    spent = np.sqrt(8 * high / _GRAVITY)
    room = (part.seconds - 0.35) / part.count
    moment = part.start + 0.35
    for _ in range(part.count):
        throw_arms(part, moment, arms * part.draw(0.4, 1))
        leap(part, moment, high, ahead * leg * extent, aside * leg, turn, tuck=tuck * leg)
        moment += max(spent + 0.65, room)


def bounce(part: Part, ahead: float = 0.0, apart: float = 0.0, pushing=BOTH, rope: bool = False,
           aside: float = 0.0) -> None:  # fmt: skip
    """Small jumps one after the other, with no rest between them."""
    period = part.draw(0.42, 0.55) / np.clip(part.style.tempo, 0.8, 1.3)
    number = max(2, int(part.seconds / period))
    beats = np.clip((part.time - part.start) / period, 0, number)
    lift = part.draw(0.05, 0.1) * np.abs(np.sin(np.pi * beats)) * part.body.leg / 0.8
    part.poses.lift += lift
    part.poses.feet[..., 1] += lift
    dip = 0.05 * part.body.leg * np.abs(np.cos(np.pi * beats)) * part.held(0.05, 0.05)
    part.poses.crouch += dip
    for foot in pushing:
        part.poses.foot_pitch[foot] += 6 * lift
    if ahead or aside:
        done = np.floor(beats) + ease(beats % 1)
        sideways = aside * (1 - np.cos(np.pi * done)) / 2
        sin, cos = np.sin(part.poses.heading), np.cos(part.poses.heading)
        forward = ahead * part.body.leg * done
        across = part.body.leg * sideways
        way = np.stack([sin * forward + cos * across, cos * forward - sin * across], axis=1)
        part.poses.ground += way
        part.poses.feet[..., [0, 2]] += way
    if apart:
        spread = apart * part.body.leg * (0.5 - 0.5 * np.cos(np.pi * beats))
        for foot in BOTH:
            part.move_foot(foot, np.stack([spread, 0 * spread, 0 * spread], axis=1))
    if rope:
        jump_rope_arms(part)


def jumping_jacks(part: Part) -> None:
    """Legs apart and arms up on one hop, back together on the next."""
    poses = part.poses
    period = part.draw(0.75, 1.1) / np.clip(part.style.tempo, 0.8, 1.3)
    number = max(1, int(part.seconds / period))
    beats = np.clip((part.time - part.start) / period, 0, number)
    apart = 0.5 - 0.5 * np.cos(2 * np.pi * beats)
    hop = part.draw(0.04, 0.09) * np.abs(np.sin(2 * np.pi * beats))
    poses.lift += hop
    poses.feet[..., 1] += hop
    spread = part.body.leg * part.draw(0.2, 0.33) * apart
    for foot in BOTH:
        part.move_foot(foot, np.stack([spread, 0 * spread, 0 * spread], axis=1), under=0.0)
        poses.foot_pitch[foot] += 5 * hop
        part.place(foot, apart, (0.05, 0.93, 0.0, 0.4), via=(0.1, 0.1, 1.5, 0.3))


def hop(part: Part, ahead: float = 0.0) -> None:
    """On the left leg, the right foot held behind."""
    period = part.draw(0.5, 0.62)
    begin, last = part.start, part.end
    hops = max(1, int((last - begin - 1.1) / period))
    up = ease((part.time - begin) / 0.5) * ease((last - part.time) / 0.4)
    raise_foot(part, RIGHT, up, behind=part.draw(0.2, 0.35), height=part.draw(0.22, 0.38))
    for number in range(hops):
        high = part.draw(0.04, 0.08)
        leap(part, begin + 0.75 + number * period, high, ahead * part.body.leg, pushing=(LEFT,))


def raise_foot(part: Part, foot: int, up, behind: float, height: float) -> None:
    """A foot held behind the body with its toes hanging, by a weight."""
    leg = part.body.leg
    part.move_foot(foot, up[:, None] * [0, height * leg, -behind * leg])
    part.poses.foot_pitch[foot] += up * part.draw(0.6, 1.2)


def kick(part: Part, up: float, ahead: float, out: float = 0.0, chamber=(0.42, 0.12), lean=-0.3,
         foot: int = LEFT, turn: float = 0.0) -> None:  # fmt: skip
    """The left foot is drawn up and struck out, once or more; ways in leg lengths."""
    leg = part.body.leg
    strokes = np.clip((part.progress - 0.05) / 0.9, 0, 0.99999) * part.count % 1
    far = 0.6 + 0.4 * part.extent * part.style.extent
    keys = np.array(
        [(0, 0, 0), (0.3 * out, chamber[0], chamber[1]), (out * far, up * far, ahead * far),
         (0.4 * out, 0.3, 0.12), (0, 0, 0)]
    )  # fmt: skip
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


def lift_leg(part: Part, up: float, ahead: float, out: float = 0.0, pitch: float = 0.3,
             lean: float = 0.0, tip: float = 0.0, hold_hands: bool = False) -> None:  # fmt: skip
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
    _knees(part)[RIGHT, :, 0] += 1.2 * up
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


def _knees(part: Part) -> Float[np.ndarray, "2 t 2"]:
    if part.poses.knees is None:
        part.poses.knees = np.zeros((2, len(part.time), 2))
    return part.poses.knees


def squat(part: Part, depth=(0.46, 0.6), arms: bool = True, wide: float = 0.0,
          stays: float = 0.0) -> None:  # fmt: skip
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
    from motext_jax.data.people.footsteps import Gait, go

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
    from motext_jax.data.people.footsteps import Gait, go

    step = part.seconds / 2.1
    go(part, Gait(0.9 * part.body.leg / step, step, clearance=0.42 * part.body.leg, swing=0.9,
                  heel=0.3, strike=0.1))  # fmt: skip


def groove(part: Part, side: float = 0.09, bob: float = 0.06, arms=(0.2, 0.15, 0.12),
           twist: float = 0.0, steps: bool = True) -> None:  # fmt: skip
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
            [0.45 + arms[0] * np.sin(turn), -0.3 + arms[1] * np.cos(2 * turn),
             0.25 + arms[2] * np.sin(turn), 0 * turn + 0.7], axis=1
        )  # fmt: skip
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
                [0.45 + 0 * out, -0.3 + 0.1 * np.abs(out), 0.2 + 0.35 * out * OUTWARD[hand],
                 0 * out + 0.6], axis=1
            )  # fmt: skip
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


def _l(name: str, perform, *wordings: str, **changes) -> Action:
    return Action(name, perform, wordings, **({"uses": "l", "layer": 1} | changes))


_NO_TEMPO = {"tempos": False}

ACTIONS = (
    _l("squat", squat, "do a squat", "squat down and *stand up again", "bend both knees deeply and *come up again", "do squats", counted=True, seconds=1.8, uses="aotl", share=1.3, **_NO_TEMPO),
    _l("sumo squat", of(squat, wide=0.2), "do a sumo squat", "squat with {own} legs wide apart", "do a wide squat", seconds=2.2, uses="aotl", share=0.7, noun=True),
    _l("crouch", of(squat, (0.4, 0.55), False, stays=0.8), "crouch down", "get down in a crouch", "go into a crouch", "stay crouched", "hunker down", seconds=2.2, uses="tl"),
    _l("bend knees", bend_knees, "bend {own} knees", "bend and *straighten {own} knees", "dip by bending {own} knees a little", counted=True, seconds=1.2),
    _l("rise on toes", heel_raises, "stand on {own} toes", "go up on {own} toes", "lift {own} heels", "do a calf raise", counted=True, seconds=1.5),
    _l("lunge with {side} leg", of(lunge, 0.95), "lunge forward with {own} {side} leg", "do a lunge with {own} {side} [leg|foot] forward", "take a long step forward with {own} {side} leg and *bend {own} knee", "do a {side} lunge", seconds=2.2, uses="l"),
    _l("side lunge to the {side}", of(lunge, 0.0, 0.65), "lunge to the {side}", "do a side lunge with {own} {side} leg", "lunge sideways to the {side}", seconds=2.2, noun=True),
    _l("lunge backward with {side} leg", of(lunge, -0.85), "do a reverse lunge with {own} {side} leg", "step back into a lunge with {own} {side} leg", seconds=2.2, share=0.7),
    _l("lift {side} knee", of(lift_leg, 0.48, 0.28, pitch=0.4), "[lift|raise] {own} {side} knee", "bring {own} {side} knee up", "pull {own} {side} knee up high", "raise {own} {side} [thigh|knee] to {own} hip", counted=True, seconds=1.5),
    _l("hug {side} knee", of(lift_leg, 0.62, 0.22, pitch=0.5, hold_hands=True), "pull {own} {side} knee to {own} chest with both hands", "hold {own} {side} knee up with both hands", uses="aol", seconds=2.2, share=0.6),
    _l("raise {side} leg forward", of(lift_leg, 0.42, 0.75, pitch=0.2, lean=-0.15), "[raise|lift] {own} {side} leg in front", "lift {own} straight {side} leg forward", seconds=1.8),
    _l("raise {side} leg to the side", of(lift_leg, 0.25, 0.0, 0.6, pitch=0.1, tip=-0.2), "[raise|lift] {own} {side} leg sideways", "lift {own} {side} leg out to the side", "abduct {own} {side} leg", seconds=1.8),
    _l("raise {side} leg backward", of(lift_leg, 0.22, -0.55, pitch=0.8, lean=0.35), "[raise|lift] {own} {side} leg behind", "extend {own} {side} leg back", seconds=1.8),
    _l("lift {side} foot", of(lift_leg, 0.18, 0.02, pitch=0.1), "[lift|raise] {own} {side} foot off the floor", "pick up {own} {side} foot", seconds=1.4, share=0.7),
    _l("kick with {side} leg", of(kick, 0.55, 0.85), "kick with {own} {side} [leg|foot]", "kick forward with {own} {side} [leg|foot]", "kick {own} {side} [leg|foot]", "give a {side} kick", "do a front kick with {own} {side} leg", counted=True, sizes=True, seconds=1.4, share=1.5),
    _l("kick high with {side} leg", of(kick, 1.0, 0.85, lean=-0.5), "do a high kick with {own} {side} leg", "kick up high with {own} {side} [leg|foot]", seconds=1.5, **_NO_TEMPO),
    _l("kick a ball with {side} foot", together(of(kick, 0.12, 0.65, chamber=(0.15, -0.45), lean=-0.2)), "kick a ball with {own} {side} [foot|leg]", "shoot a football with {own} {side} foot", "kick a soccer ball {side}-footed", seconds=1.4),
    _l("kick sideways with {side} leg", of(kick, 0.55, 0.05, 0.75), "do a side kick with {own} {side} leg", "kick to the side with {own} {side} [leg|foot]", seconds=1.5),
    _l("kick backward with {side} leg", of(kick, 0.4, -0.75, chamber=(0.35, 0.1), lean=0.6), "do a back kick with {own} {side} leg", "kick back with {own} {side} [foot|leg]", seconds=1.5),
    _l("roundhouse kick with {side} leg", of(kick, 0.7, 0.6, 0.3, turn=-0.9), "do a roundhouse kick with {own} {side} leg", "swing {own} {side} leg around in a high kick", seconds=1.5, noun=True),
    _l("knee strike with {side} leg", of(lift_leg, 0.6, 0.45, pitch=0.5, lean=-0.2), "strike with {own} {side} knee", "drive {own} {side} knee up into something", seconds=1.0, **_NO_TEMPO, noun=True),
    _l("stomp {side} foot", stomp, "stomp {own} {side} foot", "stamp {own} {side} foot", "stomp on the ground with {own} {side} foot", counted=True, seconds=0.9, **_NO_TEMPO),
    _l("tap {side} foot", tap_foot, "tap {own} {side} foot", "tap the floor with {own} {side} foot", seconds=2.2),
    _l("swing {side} leg", swing_leg, "swing {own} {side} leg back and forth", "swing {own} {side} leg forward and back", sizes=True, seconds=2.5),
    _l("swing {side} leg sideways", of(swing_leg, True), "swing {own} {side} leg from side to side", "swing {own} {side} leg across and out", sizes=True, seconds=2.5, share=0.6),
    _l("stretch {side} thigh", quad, "hold {own} {side} foot behind to stretch", "pull {own} {side} heel to {own} bottom", "do a quad stretch with {own} {side} leg", uses="al", seconds=2.6),
    _l("stand on {side} leg", stand_on_leg, "balance on {own} {side} [leg|foot]", "stand on {own} {side} [leg|foot]", "hold {own} {other} foot up and *balance", "keep {own} balance on {own} {side} leg", uses="aol", seconds=3.0, **_NO_TEMPO),
    _l("tree pose", tree, "do the tree pose", "do yoga on one leg with {own} hands overhead", "hold a tree pose", uses="aol", seconds=3.0, share=0.7, noun=True),
    _l("balance forward on one leg", warrior, "do the warrior three pose", "stand on one leg with {own} body leaning forward", "stretch one leg back and *lean {own} body forward", uses="aotl", seconds=3.0, share=0.7),
    _l("hop on {side} leg", hop, "hop on {own} {side} [leg|foot]", "hop on one foot, the {side}", "jump on {own} {side} leg only", "bounce on {own} {side} foot", seconds=0.0, uses="l", **_NO_TEMPO),
    _l("hop forward on {side} leg", of(hop, 0.35), "hop ahead on {own} {side} [leg|foot]", "hop along on {own} {side} [leg|foot]", seconds=0.0, uses="l", share=0.7, **_NO_TEMPO),
    _l("jump", jump, "jump up", "jump in place", "jump up in the air", "leap up", "do a vertical jump", "jump straight up", counted=True, seconds=1.3, uses="aotl", share=1.5, **_NO_TEMPO),
    _l("jump forward", of(jump, (0.1, 0.2), 0.9), "jump ahead", "leap forward", "jump forward with both feet", "do a long jump", "make a broad jump", counted=True, seconds=1.4, uses="aotl", **_NO_TEMPO),
    _l("jump backward", of(jump, (0.08, 0.15), -0.6), "jump back", "leap backward", "jump backward with both feet", counted=True, seconds=1.4, uses="aotl", **_NO_TEMPO),
    _l("jump to the {side}", of(jump, (0.08, 0.16), 0.0, 0.7), "jump sideways to the {side}", "jump {side}", "leap to the {side}", "hop sideways to the {side} with both feet", counted=True, seconds=1.3, uses="aotl", **_NO_TEMPO),
    _l("jump and turn {side}", of(jump, (0.15, 0.25), turn=1.6), "turn {side} in a jump", "jump and *turn to the {side} in the air", "make a quarter turn {side} with a jump", seconds=1.5, uses="aotl", **_NO_TEMPO),
    _l("jump and turn around", of(jump, (0.18, 0.28), turn=3.1), "make a half turn in the air", "jump 180 degrees around", seconds=1.5, uses="aotl", share=0.7, **_NO_TEMPO),
    _l("tuck jump", of(jump, (0.22, 0.32), tuck=0.35), "do a tuck jump", "jump with {own} knees to {own} chest", "jump and *pull {own} knees up", counted=True, seconds=1.5, uses="aotl", share=0.7, **_NO_TEMPO, noun=True),
    _l("jumping jacks", jumping_jacks, "do jumping jacks", "do star jumps", "jump with {own} arms and legs going out and in", seconds=0.0, uses="aotl", **_NO_TEMPO, noun=True),
    _l("jump rope", of(bounce, rope=True), "skip rope", "jump over a skipping rope", "do rope jumping", seconds=0.0, uses="aol", **_NO_TEMPO),
    _l("bounce up and down", bounce, "bounce on {own} feet", "hop up and down on both feet", "do small jumps in place", "jump up and down", seconds=0.0, **_NO_TEMPO),
    _l("bunny hop", of(bounce, 0.3), "hop forward on both feet", "hop like a rabbit", "make small jumps forward", seconds=0.0, **_NO_TEMPO, noun=True),
    _l("jump from side to side", of(bounce, aside=0.45), "hop left and right with both feet", "jump left and right", "do skier jumps", seconds=0.0, **_NO_TEMPO),
    _l("jump feet apart and together", of(bounce, apart=0.22), "jump {own} feet apart and together", "hop with {own} legs opening and closing", seconds=0.0, share=0.7, **_NO_TEMPO),
    _l("stumble", stumble, "trip", "trip and *stumble forward", "trip over something", "stumble and *catch {own} balance", "lose {own} footing", uses="aotl", seconds=2.2, layer=0, **_NO_TEMPO),
    _l("step over something", step_over, "step over an obstacle", "climb over something low", "take a high step over something", seconds=2.4, layer=0),
    _l("dance", groove, "dance to music", "dance on the spot", "groove to the music", "move to the beat", "do a dance", seconds=0.0, uses="aotl", share=1.5),
    _l("dance the twist", twist_dance, "do the twist", "twist {own} hips and arms in a dance", seconds=0.0, uses="aotl"),
    _l("dance with side steps", step_touch, "do the step touch", "dance with steps from side to side", "do the two-step", "step from side to side in a dance", seconds=0.0, uses="aotl"),
    _l("dance disco", together(of(groove, 0.1, 0.07, (0.1, 0.1, 0.1)), of(sweep, [(0.4, 0.75, 0.6, 0.4), (0.45, -0.6, -1.5, 0.4), (0.4, 0.75, 0.6, 0.4), (0.45, -0.6, -1.5, 0.4)], (0.15, 0.38, 0.6, 0.85))), "do a disco dance", "point up and down in a disco dance", uses="aotl", seconds=3.0),
    _l("dance with arms overhead", together(of(groove, 0.09, 0.06), of(shake, (0.15, 0.8, 0.2, 0.5), (0.05, 0.05, 0.25), (0.75, 1.1), BOTH, stays=0.6)), "dance with {own} hands in the air", "party with both arms up", uses="aotl", seconds=3.0),
    _l("dance the cancan", cancan, "do high kicks with both legs in turn", "do the cancan", uses="aol", seconds=3.0, share=0.7),
    _l("ballet arabesque", arabesque, "do an arabesque", "hold a ballet pose on one leg", "do ballet with one leg stretched out behind", uses="aotl", seconds=2.8, share=0.7, noun=True),
)  # fmt: skip
"""Actions of the legs."""

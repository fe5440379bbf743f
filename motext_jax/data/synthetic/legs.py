"""Actions of the legs and the whole body: jumps, kicks, squats, sitting, standing on one leg.

Those with a side are written for the left; `source` mirrors the joints for the right.
"""

import numpy as np
from jaxtyping import Float

from motext_jax.data.synthetic.body import LEFT, OUTWARD, RIGHT
from motext_jax.data.synthetic.take import Take, ease, keyed

_GRAVITY = 9.81


def _leap(
    take: Take, leaves: float, height: float, ahead: float = 0.0, pushing=(LEFT, RIGHT)
) -> float:
    """One jump: bend, fly, land softly; returns the moment when the knees are straight again.

    Args:
      take: the poses change from shortly before `leaves` on.
      leaves: time at which the feet leave the ground, in seconds.
      height: height of the flight, in metres; its duration follows from gravity.
      ahead: distance that the jump covers, in metres.
      pushing: the feet that push; the other is carried along.
    """
    poses, time = take.poses, take.time
    lands = leaves + np.sqrt(8 * height / _GRAVITY)
    flight = np.clip((time - leaves) / (lands - leaves), 0, 1)
    lift = 4 * height * flight * (1 - flight)
    bend, settle = 0.3, 0.35
    share = min(1.2 * height + 0.03, 0.3)
    depth = share * take.body.leg
    poses.crouch += keyed(time, (leaves - bend, leaves - 0.13, leaves), (0, depth, 0))
    poses.crouch += keyed(time, (lands, lands + 0.12, lands + settle), (0, 0.8 * depth, 0))
    lean = keyed(time, (leaves - bend, leaves - 0.13, leaves + 0.05), (0, 1.2 * share, 0))
    lean += keyed(time, (lands, lands + 0.12, lands + settle), (0, share, 0))
    poses.pelvis[:, 0] += lean
    poses.lift += lift
    poses.ground[:, 1] += ahead * ease((time - leaves + 0.15) / (lands - leaves + 0.3))
    poses.feet[..., 1] += lift
    poses.feet[..., 2] += ahead * ease((time - leaves) / (lands - leaves))
    for foot in pushing:
        poses.foot_pitch[foot] += keyed(time, (leaves - 0.12, leaves + 0.03, lands), (0, 0.8, 0))
    return lands + settle


def _jumps(take: Take, number: int) -> None:
    # The last jump takes at most 0.6 s from take-off to landing, each one before it 1.35 s.
    moment = take.draw(0.35, take.time[-1] - 0.6 - 1.35 * (number - 1))
    arms = take.draw(0, 1) if take.chance(0.7) else 0.0
    height = take.draw(0.1, 0.28)
    for _ in range(number):
        _arms_throw(take, moment, arms)
        done = _leap(take, moment, height * take.draw(0.85, 1.15))
        moment = done + take.draw(0.28, 0.5)


def _arms_throw(take: Take, leaves: float, amount: float) -> None:
    """Arms back before a jump and up with it."""
    keys = (leaves - 0.4, leaves - 0.12, leaves + 0.12, leaves + 0.6)
    swing = keyed(take.time, keys, (0.0, -0.45, 0.9, 0.0)) * amount
    take.poses.hands[..., 0] += swing
    take.poses.hands[..., 1] += 0.9 * np.maximum(swing, 0)


def jump_once(take: Take) -> None:
    """One jump on the spot."""
    _jumps(take, 1)


def jump_twice(take: Take) -> None:
    """Two jumps on the spot."""
    _jumps(take, 2)


def jump_three_times(take: Take) -> None:
    """Three jumps on the spot."""
    _jumps(take, 3)


def jump_forward(take: Take) -> None:
    """One jump with both feet, about a leg's length ahead."""
    leaves = take.draw(0.4, take.time[-1] - 1.2)
    _arms_throw(take, leaves, take.draw(0.5, 1))
    _leap(take, leaves, take.draw(0.12, 0.2), ahead=take.body.leg * take.draw(0.6, 1.1))


def hop(take: Take) -> None:
    """On the left leg, the right foot held behind."""
    begin = take.draw(0.1, 0.6)
    period = take.draw(0.5, 0.62)
    hops = min(int(take.rng.integers(3, 6)), int((take.time[-1] - begin - 0.9) / period))
    end = begin + 0.75 + hops * period
    up = ease((take.time - begin) / 0.5) * ease((end + 0.4 - take.time) / 0.4)
    _raise_foot(take, RIGHT, up, behind=take.draw(0.2, 0.35), height=take.draw(0.22, 0.4))
    ahead = take.draw(0.05, 0.2) if take.chance(0.4) else 0.0
    for number in range(hops):
        _leap(take, begin + 0.75 + number * period, take.draw(0.04, 0.08), ahead, pushing=(LEFT,))


def jumping_jacks(take: Take) -> None:
    """Legs apart and arms up on one hop, back together on the next."""
    poses, time = take.poses, take.time
    period = take.draw(0.75, 1.15)
    number = min(int(take.rng.integers(3, 6)), int((take.time[-1] - 0.1) / period))
    begin = take.draw(0.05, max(0.1, take.time[-1] - number * period))
    beats = np.clip((time - begin) / period, 0, number)
    apart = 0.5 - 0.5 * np.cos(2 * np.pi * beats)
    hop = np.abs(np.sin(2 * np.pi * beats))
    poses.lift += take.draw(0.04, 0.09) * hop
    poses.feet[..., 1] += poses.lift
    poses.feet[..., 0] += (OUTWARD * take.body.leg * take.draw(0.2, 0.35))[:, None] * apart
    poses.foot_pitch += 0.5 * hop
    top = (0.1, take.draw(0.85, 0.95), take.draw(-0.2, 0.2), 0.5)
    down = np.array([0.02, -0.97, 0.15, 0.4])
    out = (0.1, 0.2, 2.0, 0.4)
    inside = ease((time - begin + 0.3) / 0.3) * ease((begin + number * period + 0.4 - time) / 0.4)
    for hand in (LEFT, RIGHT):
        take.reach(hand, inside, down)
        take.reach(hand, apart, top, via=out)


def kick(take: Take) -> None:
    """The left foot back, then ahead and up to between knee and hip."""
    leg = take.body.leg
    height = leg * min(0.42 * take.extent, 0.6)
    times = (0, 0.3, 0.52, 0.62, 1.0)
    up = np.array([0, 0.16 * leg, height, height, 0])
    ahead = leg * np.array([0, -0.4, 0.75, 0.72, 0])
    ball = np.stack([np.zeros(5), up, ahead], axis=1)
    _move_foot(take, LEFT, keyed(take.progress, times, ball))
    take.poses.foot_pitch[LEFT] += keyed(take.progress, times, (0, 0.7, -0.3, -0.3, 0))
    back = keyed(take.progress, times, (0, 0.05, -0.3, -0.25, 0))
    take.poses.pelvis[:, 0] += back


def lift_knee(take: Take) -> None:
    """Thigh to the horizontal, shin hanging, and down again."""
    leg = take.body.leg
    rise = take.draw(0.35, 0.42)
    weight = ease(take.progress / rise) * ease((1 - take.progress) / rise)
    height = leg * take.draw(0.42, 0.6)
    _move_foot(take, LEFT, weight[:, None] * [0, height, leg * take.draw(0.22, 0.36)])
    take.poses.foot_pitch[LEFT] += weight * take.draw(0.0, 0.6)


def stand_on_leg(take: Take) -> None:
    """On the left leg, the right shin held back, for most of the clip."""
    up = take.held(0.2, 0.2, stays=0.4)
    _raise_foot(take, RIGHT, up, behind=take.draw(0.15, 0.4), height=take.draw(0.15, 0.38))
    if take.chance(0.5):
        spread = take.draw(0.5, 1)
        for hand in (LEFT, RIGHT):
            take.reach(hand, spread * up, (0.15, take.draw(-0.2, 0.15), 0.93, 0.3))
    sway = 0.05 * np.sin(2 * np.pi * take.draw(0.5, 1.2) * take.time)
    take.poses.spine[:, 1] += up * sway


def _raise_foot(take: Take, foot: int, up, behind: float, height: float) -> None:
    """A foot held behind the body with its toes hanging, by a weight."""
    leg = take.body.leg
    _move_foot(take, foot, up[:, None] * [0, height * leg, -behind * leg])
    take.poses.foot_pitch[foot] += up * take.draw(0.6, 1.2)


def _move_foot(take: Take, foot: int, way: Float[np.ndarray, "t 3"]) -> None:
    """Moves a foot by metres (outward, up, ahead), and under the hip as it rises."""
    feet = take.poses.feet[foot]
    inward = ease(way[:, 1] / (0.15 * take.body.leg)) * 0.3
    feet[:, 0] += OUTWARD[foot] * way[:, 0] - inward * feet[:, 0]
    feet[:, 1:] += way[:, 1:]


def squat(take: Take) -> None:
    """Once or twice down to a low seat and up again."""
    number = int(take.rng.integers(1, 3))
    down = 0.5 - 0.5 * np.cos(2 * np.pi * number * np.clip(take.progress, 0, 1))
    depth = take.body.leg * take.draw(0.48, 0.62)
    _sink(take, down * depth, back=0.12 * take.body.leg * down, lean=take.draw(0.4, 0.7) * down)
    forward = (take.draw(0.7, 0.95), take.draw(-0.25, 0.05), take.draw(-0.3, 0.1), 0.4)
    if take.chance(0.6):
        for hand in (LEFT, RIGHT):
            take.reach(hand, down, forward)


def sit_down(take: Take) -> None:
    """From standing to sitting; the seat is not there to be seen."""
    _sit(take, ease(take.progress))


def stand_up(take: Take) -> None:
    """From sitting to standing."""
    _sit(take, 1 - ease(take.progress))


def _sit(take: Take, down: Float[np.ndarray, "*t"]) -> None:
    """Between standing (0) and sitting upright on a seat of about knee height (1)."""
    leg = take.body.leg
    tipped = 4 * down * (1 - down)
    _sink(
        take,
        leg * take.draw(0.44, 0.52) * down,
        back=leg * take.draw(0.38, 0.46) * down,
        lean=take.draw(0.5, 0.85) * tipped + take.draw(-0.1, 0.05) * down,
    )
    if take.chance(0.7):
        lap = (take.draw(0.45, 0.65), take.draw(-0.72, -0.6), take.draw(-0.1, 0.2), 0.6)
        for hand in (LEFT, RIGHT):
            take.reach(hand, down, lap)


def _sink(take: Take, depth, back, lean) -> None:
    """Lowers the pelvis and moves it back, with the trunk leaning forward to keep the balance."""
    take.poses.crouch += depth
    take.poses.ground[:, 1] -= back
    take.poses.pelvis[:, 0] += 0.6 * lean
    take.poses.spine[:, 0] += 0.5 * lean
    take.poses.neck[:, 0] -= 0.6 * lean


def kneel(take: Take) -> None:
    """Down on the left knee, the right foot ahead; the clip may end there."""
    leg = take.body.leg
    down = ease(take.progress / 0.45)
    if take.chance(0.4):
        down = down * ease((1 - take.progress) / 0.4)
    # The hips come to a thigh's length over the ground, so that the knee is on it.
    depth = take.body.standing - 0.085 - take.body.bone("left_knee") - 0.06
    step = np.minimum(ease(take.progress / 0.25), ease(down / 0.15))
    back = 0.25 * leg
    take.poses.feet[LEFT, :, 2] -= step * (take.body.bone("left_ankle") + back - 0.02)
    take.poses.feet[LEFT, :, 1] += 0.3 * step * (1 - step)
    take.poses.foot_pitch[LEFT] += 1.35 * step
    take.poses.ground[:, 1] -= back * np.maximum(down, 0.5 * step)
    take.poses.crouch += down * depth
    if take.chance(0.5):
        take.reach(RIGHT, down, (0.45, -0.62, 0.1, 0.6))

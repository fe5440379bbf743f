"""Actions that go somewhere: walking, running, stepping, turning, marching."""

import numpy as np

from motext_jax.data.synthetic.body import LEFT, OUTWARD, RIGHT
from motext_jax.data.synthetic.footsteps import Gait, go
from motext_jax.data.synthetic.take import Take, ease


def _when(take: Take) -> tuple[float, float]:
    """The walker's start and stop in seconds; many clips begin or end in mid-walk."""
    last = take.time[-1]
    if take.chance(0.4):
        return take.draw(-1.5, -0.3), take.draw(1.3, last + 1)
    begin = take.draw(0.05, last - 1.6)
    return begin, max(begin + 1.6, take.draw(0.5 * last, last + 1))


def _walk(take: Take, speed: tuple[float, float], step: tuple[float, float], **gait) -> None:
    gait.setdefault("clearance", take.draw(0.05, 0.11))
    gait.setdefault("heel", take.draw(0.7, 1.0))
    begin, end = gait.pop("when", None) or _when(take)
    # Equal Froude numbers: long legs go faster, with longer steps, in proportion.
    scale = np.sqrt(take.body.leg / 0.8)
    pace, period = take.draw(*speed) * scale, take.draw(*step) * scale
    if "turn" not in gait:
        # Nobody walks along a ruler: up to 30 degrees, where `walk_and_turn` starts at 60.
        bend = take.draw(max(begin, 0), min(end, take.time[-1]) - 0.8)
        gait |= {"turn": take.draw(-0.52, 0.52), "turns": (bend, bend + take.draw(0.8, 2.5))}
    gait["bearing"] = gait.get("bearing", 0.0) + take.draw(-0.12, 0.12)
    go(take, Gait(speed=pace, step=period, begin=begin, end=end, **gait))


def walk(take: Take) -> None:
    """Straight ahead, or nearly, at the usual speed."""
    _walk(take, (0.85, 1.35), (0.48, 0.58))


def walk_slowly(take: Take) -> None:
    """Ahead with short slow steps."""
    _walk(take, (0.32, 0.58), (0.72, 0.95), swing=0.7, heel=take.draw(0.2, 0.35))


def walk_fast(take: Take) -> None:
    """Ahead with long fast steps, one foot always on the ground."""
    take.poses.pelvis[:, 0] += take.draw(0.02, 0.12)
    take.poses.crouch += 0.03
    _walk(take, (1.65, 1.95), (0.36, 0.41), swing=0.85, heel=take.draw(0.8, 1.05))


def run(take: Take) -> None:
    """Ahead with bent arms, both feet in the air between steps."""
    poses = take.poses
    poses.pelvis[:, 0] += take.draw(0.06, 0.2)
    poses.crouch += take.draw(0.05, 0.09)
    for hand in (LEFT, RIGHT):
        bent = (take.draw(0.25, 0.5), take.draw(-0.55, -0.35), take.draw(-0.1, 0.2), 0.7)
        take.reach(hand, np.ones_like(take.time), bent)
    poses.arm_swing[:] = take.draw(0.5, 1.0)
    step = (0.30, 0.36)
    _walk(take, (2.7, 3.6), step, swing=1.3, clearance=take.draw(0.2, 0.35), heel=0.9)


def walk_backward(take: Take) -> None:
    """Away from where the body faces."""
    _walk(take, (0.5, 1.0), (0.48, 0.65), bearing=np.pi, heel=take.draw(0.1, 0.3))


def walk_sideways(take: Take) -> None:
    """To the left, facing ahead."""
    take.poses.feet[..., 0] = (OUTWARD * take.draw(0.13, 0.2) * take.body.leg / 0.8)[:, None]
    _walk(take, (0.35, 0.6), (0.4, 0.5), bearing=np.pi / 2, heel=take.draw(0.05, 0.2))


def walk_and_turn(take: Take) -> None:
    """A walk with one bend, sharp or wide, that the clip shows as a whole."""
    begin, end = _when(take)
    end = max(end, begin + 2.2, 2.2)
    first, last = max(begin, 0.1), min(end, take.time[-1] - 0.1)
    length = take.draw(0.8, max(0.9, last - first))
    start = take.draw(first, max(first, last - length))
    turns = (start, start + length)
    take.poses.neck[:, 2] += (
        take.draw(0, 0.4)
        * ease((take.time - start + 0.2) / 0.4)
        * ease((start + length - take.time) / 0.4)
    )
    speed, step = (0.75, 1.25), (0.48, 0.58)
    _walk(take, speed, step, when=(begin, end), turn=take.draw(1.05, 2.6), turns=turns)


def turn(take: Take) -> None:
    """To the left with small steps on the spot: a right angle, about, or most of a full turn."""
    begin, end = take.start, take.start + take.seconds
    angle = take.draw(1.2, 5.2)
    steps = max(4, round(angle / take.draw(0.4, 0.7)))
    step = (end - begin) / (steps + 0.9)
    take.poses.neck[:, 2] += take.draw(0.1, 0.6) * take.held(0.2, 0.4)
    clearance, heel = take.draw(0.04, 0.1), take.draw(0.1, 0.4)
    turns = (begin, end)
    gait = Gait(0.0, begin, end, 0.0, angle, turns, step, clearance=clearance, heel=heel)
    go(take, gait)


def settle(take: Take) -> None:
    """A step or some to where the action is then done, if there is time before it."""
    begin, end = take.draw(-1.2, 0.2), take.start - 0.05
    if end - begin < 0.8:
        return
    balance = take.poses.balance
    steps = max(2, round((end - begin) / take.draw(0.5, 0.65)))
    step = (end - begin) / (steps + 0.9)
    go(
        take,
        Gait(
            take.draw(0.1, 0.9),
            begin,
            end,
            bearing=take.rng.normal(0, 0.9),
            turn=take.draw(-1.0, 1.0),
            turns=(begin, end),
            step=step,
            heel=take.draw(0.2, 0.5),
            arrives=True,
        ),
    )
    take.poses.balance = balance


def march(take: Take) -> None:
    """Ahead or on the spot, knees and opposite hands high."""
    take.poses.arm_swing[:] = 0
    speed = take.draw(0.35, 0.8) if take.chance(0.5) else 0.0
    lift = take.body.leg * take.draw(0.35, 0.5)
    _walk(take, (speed, speed), (0.45, 0.6), swing=0.85, clearance=lift, heel=0.6)
    raised = (take.poses.feet[..., 1] / lift)[::-1]
    for hand in (LEFT, RIGHT):
        forward = (take.draw(0.4, 0.8), take.draw(-0.75, -0.4), 0.1, 0.4)
        take.reach(hand, raised[hand], forward)


def crouch_walk(take: Take) -> None:
    """Ahead on bent knees, the trunk leaning."""
    depth = take.body.leg * take.draw(0.28, 0.42)
    take.poses.crouch += depth
    take.poses.pelvis[:, 0] += take.draw(0.15, 0.4)
    take.poses.spine[:, 0] += take.draw(0.1, 0.4)
    take.poses.neck[:, 0] -= take.draw(0.2, 0.5)
    _walk(take, (0.4, 0.85), (0.45, 0.65), heel=take.draw(0.2, 0.5))

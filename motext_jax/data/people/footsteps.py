"""Footsteps along any way: feet that stand still while the body goes over them.

Unlike `synthetic.footsteps` a walk begins where the body is, and others may follow it in one clip;
it may go over stairs, limp, skip and stagger.
"""

import dataclasses

import numpy as np
from jaxtyping import Float

from motext_jax.data.people.part import Part
from motext_jax.data.synthetic.body import LEFT, RIGHT
from motext_jax.data.synthetic.poses import smooth
from motext_jax.data.synthetic.take import ease, wander

Bend = tuple[float, float, float]
"""A turn of the heading: radians to the left, and the shares of the walk between which it is."""

_CLOCK = 60
"""Points a second of the way."""


@dataclasses.dataclass(frozen=True)
class Gait:
    """A way of going; metres, seconds and radians.

    Attributes:
      speed: along the way; 0 steps on the spot.
      step: the time from one foot's leaving the ground to the other's.
      bearing: direction of travel in the body's frame: 0 ahead, pi/2 to its left.
      bends: turns of the heading.
      swing: time of a foot in the air, in steps; above 1 both are, as in running.
      clearance: height to which a foot is lifted.
      heel: height of the heel when the foot leaves the ground.
      strike: how far the toes are up when the heel strikes; below 0 the toes land first.
      tiptoe: how far the heels are up all the time.
      limp: share by which the left foot's steps come early and short; 0 for an even gait.
      rise: height of a stair; below 0 they go down.
      skip: height of the hop in each step.
      stray: deviation of the feet and the heading from the way.
      apart: factor on the distance between the feet.
      cross: the feet are set before each other, on one line.
    """

    speed: float
    step: float = 0.55
    bearing: float = 0.0
    bends: tuple[Bend, ...] = ()
    swing: float = 0.8
    clearance: float = 0.07
    heel: float = 0.5
    strike: float = 0.25
    tiptoe: float = 0.0
    limp: float = 0.0
    rise: float = 0.0
    skip: float = 0.0
    stray: float = 0.0
    apart: float = 1.0
    cross: bool = False


def go(part: Part, gait: Gait) -> None:
    """Lets the body go as the gait says, from the part's start to its end.

    The walk adds to where the body is: before its start nothing changes, and after its end the
    feet stand side by side again.
    """
    poses, time, rng = part.poses, part.time, part.rng
    steps = max(2, int((part.seconds - gait.swing * gait.step) / gait.step) + 1)
    leaves = part.start + gait.step * np.arange(steps)
    first = int(rng.integers(2))
    if gait.limp:
        leaves[first::2] -= gait.limp * gait.step
        leaves[0] = part.start
    end = part.start + (steps - 1 + gait.swing) * gait.step
    clock = np.arange(part.start - 0.1, max(end, time[-1]) + 1.5, 1 / _CLOCK)
    way = _way(part, gait, clock, end)

    def at(moment):
        """Ground x, z and heading at moments."""
        return np.stack([np.interp(moment, clock, track) for track in way.T], axis=-1)

    begin = part.frame(part.start)
    origin, facing = poses.ground[begin].copy(), float(poses.heading[begin])
    cos, sin = np.cos(facing), np.sin(facing)

    def in_room(spot):
        """The room's x and z of points of the way."""
        x, z = spot[..., 0], spot[..., 1]
        return np.stack([cos * x + sin * z, cos * z - sin * x], axis=-1)

    here = at(time)
    poses.ground = poses.ground + in_room(here)
    poses.heading = poses.heading + here[:, 2]
    strays = gait.stray * np.clip(rng.normal(0, 1, (steps, 2)), -1.5, 1.5)
    lifts = np.zeros_like(time)
    for foot in (LEFT, RIGHT):
        mine = np.flatnonzero((np.arange(steps) + first) % 2 == foot)
        land = leaves[mine] + gait.swing * gait.step
        stands = land + (1 - gait.swing / 2) * gait.step
        last = stands > end - 0.7 * gait.step
        stands[last] = end
        # The stance in the body's frame: to the left of the pelvis, ahead of it, toes outward.
        away = poses.feet[foot, begin, [0, 2]] - origin
        across, along = cos * away[0] - sin * away[1], sin * away[0] + cos * away[1]
        moments = np.concatenate([[part.start], stands])
        ends = np.concatenate([[True], last])
        side = np.where(ends, across, across * (0.15 if gait.cross else gait.apart))
        ahead = np.where(ends, along, 0.02)
        spot = at(moments)
        x, z, turned = spot.T
        place = in_room(np.stack([x, z], axis=1))
        yaw = turned + facing
        place[:, 0] += np.cos(yaw) * side + np.sin(yaw) * ahead
        place[:, 1] += np.cos(yaw) * ahead - np.sin(yaw) * side
        place[1:][~last] += strays[mine][~last]
        level = np.concatenate([[0.0], gait.rise * np.minimum(mine + 1, steps - 1)])
        for k, number in enumerate(mine):
            leave = leaves[number]
            inside = np.clip((time - leave) / (land[k] - leave), 0, 1)
            gone = ease(inside)
            poses.feet[foot][:, [0, 2]] += gone[:, None] * (place[k + 1] - place[k])
            poses.foot_yaw[foot] += gone * (turned[k + 1] - turned[k])
            climb = level[k + 1] - level[k]
            # Up the stairs a foot rises first and goes ahead then.
            rising = ease(np.clip(inside * (1.6 if climb > 0 else 1.0), 0, 1))
            if climb < 0:
                rising = ease(np.clip(inside * 1.6 - 0.6, 0, 1))
            poses.feet[foot, :, 1] += climb * rising
            short = 1 - 0.6 * gait.limp * (foot == LEFT)
            poses.feet[foot, :, 1] += gait.clearance * short * np.sin(np.pi * inside) ** 2
            keys = (leave - 0.6 * (land[k] - leave), leave, land[k] - 0.05, land[k], land[k] + 0.08)
            heights = gait.heel * np.array([0, 1, 0, 0, 0]) - gait.strike * np.array(
                [0, 0, 1, 1, 0]
            )
            poses.foot_pitch[foot] += np.interp(time, keys, heights)
            if gait.rise:
                lifts += (climb / 2) * ease((time - leave) / (land[k] - leave + 0.25 * gait.step))
            if gait.skip:
                lifts += gait.skip * np.sin(np.pi * inside) ** 2
    if gait.rise < 0:
        above = -gait.rise * (steps - 1)
        poses.lift += above
        poses.feet[..., 1] += above
    active = ease((time - part.start) / 0.3) * ease((end - time) / 0.3)
    if gait.tiptoe:
        poses.foot_pitch += gait.tiptoe * active
    poses.lift += lifts
    if gait.skip:
        poses.feet[..., 1] += lifts * 0.8
    poses.balance = poses.balance + (0.3 - poses.balance) * active
    if gait.limp:
        left = poses.feet[RIGHT, :, 1] - poses.feet[LEFT, :, 1]
        poses.pelvis[:, 1] -= 0.8 * gait.limp * active * smooth(np.tanh(left / 0.05), 5)
        poses.crouch += 0.06 * gait.limp * active
    _turn_hips(part, active)


def _way(part: Part, gait: Gait, clock, end: float) -> Float[np.ndarray, "c 3"]:
    """x, z and heading over the clock, from the origin and facing +z at the part's start."""
    length = end - part.start
    gather = min(0.3 + 0.12 * gait.speed, length / 4)
    pace = ease((clock - part.start) / gather) * ease((end - clock) / gather)
    progress = (clock - part.start) / length
    heading = np.zeros_like(clock)
    for angle, first, last in gait.bends:
        heading += angle * ease((progress - first) / (last - first))
    if gait.stray:
        heading += wander(part.rng, clock, 2 * gait.stray, 1)[:, 0] * pace
        pace = pace * (1 + np.clip(wander(part.rng, clock, 2 * gait.stray, 1)[:, 0], -0.6, 0.6))
    direction = np.stack([np.sin(heading + gait.bearing), np.cos(heading + gait.bearing)], axis=1)
    ground = np.cumsum(gait.speed * pace[:, None] * direction, axis=0) / _CLOCK
    return np.concatenate([ground, heading[:, None]], axis=1)


def _turn_hips(part: Part, active: Float[np.ndarray, "*t"]) -> None:
    """The hips turn with the striding leg, the chest against it; both by a personal amount."""
    poses = part.poses
    ahead = np.stack([np.sin(poses.heading), np.cos(poses.heading)], axis=1)
    stride = active * ((poses.feet[RIGHT] - poses.feet[LEFT])[:, [0, 2]] * ahead).sum(axis=1)
    amount = part.draw(0.12, 0.35)
    poses.pelvis[:, 2] += amount * stride
    poses.spine[:, 2] -= part.draw(1.3, 2.0) * amount * stride
    poses.pelvis += wander(part.rng, part.time, 0.01, 3) * active[:, None]

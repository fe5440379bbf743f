"""Footsteps: feet that stand still while the body goes over them."""

import dataclasses

import numpy as np

from motext_jax.data.synthetic.body import LEFT, RIGHT
from motext_jax.data.synthetic.take import Take, ease, wander


@dataclasses.dataclass(frozen=True)
class Gait:
    """A way of going; metres, seconds and radians.

    Attributes:
      speed: along the way; 0 steps on the spot.
      bearing: direction of travel in the body's frame: 0 ahead, pi/2 to its left.
      turn: total turn of the heading to the left, made during the interval `turns`.
      step: the time from one foot's leaving the ground to the other's.
      swing: time of a foot in the air, in steps; above 1 both are, as in running.
      clearance: height to which a foot is lifted.
      heel: height of the heel when the foot leaves the ground.
      arrives: the way ends at the origin, facing +z; otherwise it begins there.
      begin: time at which the body starts; it may lie outside the clip.
      end: time at which it stops; likewise.
    """

    speed: float
    begin: float
    end: float
    bearing: float = 0.0
    turn: float = 0.0
    turns: tuple[float, float] = (0.0, 5.0)
    step: float = 0.55
    swing: float = 0.8
    clearance: float = 0.07
    heel: float = 0.5
    arrives: bool = False


def go(take: Take, gait: Gait) -> None:
    """Lets the body go as the gait says; hands and trunk stay as they are, save for the sway."""
    poses, time = take.poses, take.time
    leaves = np.arange(gait.begin, gait.end - gait.swing * gait.step, gait.step)
    end = leaves[-1] + gait.swing * gait.step
    # The way is laid out a little beyond the clip, where its last steps may land.
    clock = np.arange(gait.begin - 0.1, max(end, time[-1]) + 2, 1 / 60)
    gather = min(0.4 + 0.1 * gait.speed, (end - gait.begin) / 4)
    pace = ease((clock - gait.begin) / gather) * ease((end - clock) / gather)
    heading = gait.turn * ease((clock - gait.turns[0]) / (gait.turns[1] - gait.turns[0]))
    way = np.stack([np.sin(heading + gait.bearing), np.cos(heading + gait.bearing)], axis=1)
    ground = np.cumsum(gait.speed * pace[:, None] * way, axis=0) / 60

    if gait.arrives:
        cos, sin = np.cos(heading[-1]), np.sin(heading[-1])
        ground = (ground - ground[-1]) @ np.array([[cos, sin], [-sin, cos]])
        heading = heading - heading[-1]

    def at(moment):
        """Ground x, z and heading at moments."""
        tracks = (ground[:, 0], ground[:, 1], heading)
        return np.stack([np.interp(moment, clock, track) for track in tracks], axis=-1)

    here = at(time)
    poses.ground = poses.ground + here[:, :2]
    poses.heading = poses.heading + here[:, 2]
    first = take.rng.integers(2)
    for foot in (LEFT, RIGHT):
        across, _, along = poses.feet[foot, 0]
        mine = leaves[(foot + first) % 2 :: 2]
        lands = mine + gait.swing * gait.step
        # A foot is set down where the body will be in the middle of the time that it stands.
        stands = lands + (1 - gait.swing / 2) * gait.step
        # The last two steps bring the feet side by side, as they stood before the first.
        stands[stands > end - 0.7 * gait.step] = end
        moments = np.concatenate([[gait.begin], stands])
        along = np.where((moments == gait.begin) | (moments == end), along, 0.02)
        x, z, facing = at(moments).T
        spot = np.stack(
            [
                x + np.cos(facing) * across + np.sin(facing) * along,
                z - np.sin(facing) * across + np.cos(facing) * along,
                facing + poses.foot_yaw[foot, 0],
            ],
            axis=1,
        )
        track = np.repeat(spot[:1], len(time), axis=0)
        height, pitch = np.zeros_like(time), np.zeros_like(time)
        for leave, land, before, after in zip(mine, lands, spot[:-1], spot[1:], strict=True):
            swing = (time - leave) / (land - leave)
            track += ease(swing)[:, None] * (after - before)
            inside = np.clip(swing, 0, 1)
            height += gait.clearance * np.sin(np.pi * inside) ** 2
            # The heel rises before the toes leave, and strikes first.
            keys = (leave - 0.6 * (land - leave), leave, land - 0.05, land, land + 0.08)
            pitch += np.interp(time, keys, gait.heel * np.array([0, 1, -0.25, -0.25, 0]))
        poses.feet[foot] = np.stack([track[:, 0], height, track[:, 1]], axis=1)
        poses.foot_yaw[foot] = track[:, 2]
        poses.foot_pitch[foot] = pitch
    poses.balance = 0.3
    _turn_hips(take)


def _turn_hips(take: Take) -> None:
    """The hips turn with the striding leg, the chest against it; both by a personal amount."""
    poses = take.poses
    ahead = np.stack([np.sin(poses.heading), np.cos(poses.heading)], axis=1)
    stride = ((poses.feet[RIGHT] - poses.feet[LEFT])[:, [0, 2]] * ahead).sum(axis=1)
    amount = take.draw(0.12, 0.35)
    poses.pelvis[:, 2] += amount * stride
    poses.spine[:, 2] -= take.draw(1.3, 2.0) * amount * stride
    poses.pelvis += wander(take.rng, take.time, 0.01, 3)

"""A take: one person's way of doing one action, with all that is drawn anew for a clip."""

import dataclasses

import numpy as np
from jaxtyping import Float

from motext_jax.data.synthetic.body import LEFT, OUTWARD, RIGHT, Body, draw_body
from motext_jax.data.synthetic.poses import Poses

FPS = 30
SHORTEST, LONGEST = 3.0, 5.0
"""Seconds of a clip; the longest fills one clip of 150 frames."""

# Factors on an action's duration and extent, in ranges that do not touch, so that a caption that
# says "slowly" or "big" is true of what is seen.
TEMPOS = {"quick": (0.62, 0.75), "usual": (0.9, 1.4), "slow": (1.65, 2.1)}
SIZES = {"small": (0.6, 0.72), "usual": (0.88, 1.12), "big": (1.32, 1.5)}
_MANNER_SHARES = (0.2, 0.6, 0.2)

# Poses of an arm that does nothing: (forward, up, outward, elbow out) as in `Poses.hands`,
# outward counted from the shoulder in units of the way to the body's middle, and its swing.
_CARRIAGES = {
    "hanging": ((0.04, -0.985, 0.25, 0.4), 1.0),
    "easy": ((0.22, -0.88, 0.35, 0.5), 0.8),
    "pocket": ((0.10, -0.82, 0.25, 0.6), 0.1),
    "hip": ((0.02, -0.64, 0.20, 1.6), 0.0),
    "clasped": ((0.34, -0.66, -0.85, 0.8), 0.1),
    "behind": ((-0.24, -0.72, -0.70, 0.9), 0.0),
    "belly": ((0.40, -0.40, -0.80, 0.8), 0.0),
    "chin": ((0.30, 0.02, -0.75, 0.6), 0.0),
    "ready": ((0.50, -0.30, -0.10, 0.6), 0.3),
}
CARRIAGE_SHARES = (0.34, 0.22, 0.06, 0.08, 0.08, 0.06, 0.05, 0.06, 0.05)
"""Hanging, easy, in a pocket, on the hip, clasped, behind the back, on the belly, at the chin, and
ready: how often an idle arm is held so."""


@dataclasses.dataclass(eq=False)
class Take:
    """Who acts, when and in what manner, and the poses so far: at first only standing about.

    Attributes:
      start, seconds: when the action begins and how long it takes.
      tempo, size: keys of TEMPOS and SIZES; `extent` is the factor drawn for the size.
      poses: an action changes these.
    """

    rng: np.random.Generator
    body: Body
    time: Float[np.ndarray, "*t"]
    start: float
    seconds: float
    tempo: str
    size: str
    extent: float
    poses: Poses

    def draw(self, low: float, high: float) -> float:
        """A number between two."""
        return float(self.rng.uniform(low, high))

    def chance(self, probability: float) -> bool:
        """True with a probability."""
        return bool(self.rng.random() < probability)

    @property
    def progress(self) -> Float[np.ndarray, "*t"]:
        """0 at the action's start and 1 at its end; goes on below and above."""
        return (self.time - self.start) / self.seconds

    def held(self, rise: float, fall: float, stays: float = 0.0) -> Float[np.ndarray, "*t"]:
        """0, then 1, then 0 again: `rise` and `fall` are shares of the action.

        Args:
          rise: share of the action in which the weight rises from 0 to 1, at its start.
          fall: share of the action in which it falls from 1 to 0, at its end.
          stays: probability that there is no fall and the clip ends in the pose.
        """
        weight = ease(self.progress / rise)
        if self.chance(stays):
            return weight
        return weight * ease((1 - self.progress) / fall)

    def reach(self, side: int, weight: Float[np.ndarray, "*t"], hand, via=None) -> None:
        """Moves a hand from where it is towards `hand` (as in `Poses.hands`) by a weight.

        The way is a parabola that bends towards `via`; without it, the straight way.
        """
        here, w = self.poses.hands[side], weight[:, None]
        there = np.broadcast_to(np.asarray(hand, float), here.shape)
        middle = (here + there) / 2 if via is None else np.asarray(via, float)
        self.poses.hands[side] = (1 - w) ** 2 * here + 2 * w * (1 - w) * middle + w**2 * there
        self.poses.arm_swing[side] *= 1 - weight


def draw_take(
    rng: np.random.Generator,
    seconds: float,
    *,
    tempos: bool = True,
    sizes: bool = False,
) -> Take:
    """Draws a new person with a new posture, a time and a manner of acting.

    Args:
      rng: every number of a clip comes from this.
      seconds: the action's duration; an infinite one goes on through the whole clip.
      tempos: the action may be slow or quick.
      sizes: it may be small or big.
    """
    tempo = str(rng.choice(list(TEMPOS), p=_MANNER_SHARES)) if tempos else "usual"
    size = str(rng.choice(list(SIZES), p=_MANNER_SHARES)) if sizes else "usual"
    clip = rng.uniform(SHORTEST, LONGEST)
    action = clip - 0.1
    if np.isfinite(seconds):
        action = min(seconds * rng.uniform(*TEMPOS[tempo]), LONGEST - 0.1)
    clip = max(clip, action + 0.1)
    time = np.arange(round(clip * FPS)) / FPS
    body = draw_body(rng)
    return Take(
        rng=rng,
        body=body,
        time=time,
        start=rng.uniform(0.05, clip - action),
        seconds=action,
        tempo=tempo,
        size=size,
        extent=rng.uniform(*SIZES[size]),
        poses=standing(rng, body, time),
    )


def standing(
    rng: np.random.Generator,
    body: Body,
    time: Float[np.ndarray, "*t"],
    carriages: tuple[float, ...] = CARRIAGE_SHARES,
) -> Poses:
    """Someone who stands about: a posture of their own, breath, and small idle movements.

    Args:
      rng: the numbers come from this.
      body: the person.
      time: the frames, in seconds.
      carriages: share of each of the ways to hold an idle arm, as `CARRIAGE_SHARES`.
    """
    frames = len(time)
    leg = body.leg / 0.8
    width, stagger = leg * rng.uniform(0.07, 0.19), leg * rng.normal(0, 0.05)
    feet = np.zeros((2, frames, 3))
    feet[..., 0] = (OUTWARD * width)[:, None]
    # The hips stand over the middle of the feet, a little behind the balls.
    feet[..., 2] = (0.07 * leg + OUTWARD * stagger)[:, None]
    toes_out = OUTWARD * rng.uniform(0, 0.35, 2)

    slouch, lean, tilt, turn = rng.normal(0, (0.18, 0.07, 0.06, 0.2))
    breath = 0.012 * np.sin(2 * np.pi * (rng.uniform(0.2, 0.35) * time + rng.random()))
    spine = np.stack([slouch + breath, 0 * time + tilt, 0 * time + turn], axis=1)
    neck = np.zeros((frames, 3)) + rng.normal(0, (0.12, 0.05, 0.15)) - [0.6 * slouch, 0, 0]
    hands = np.zeros((2, frames, 4))
    arm_swing = np.zeros((2, frames))
    for side in (LEFT, RIGHT):
        hands[side], arm_swing[side] = _carried(rng, body, time, carriages)
    if rng.random() < 0.6:
        # Most people hold both arms alike.
        hands[RIGHT], arm_swing[RIGHT] = hands[LEFT] + rng.normal(0, 0.03, 4), arm_swing[LEFT]
    return Poses(
        ground=wander(rng, time, 0.012, 2) + rng.normal(0, (0.012, 0.02), 2),
        heading=np.zeros(frames),
        crouch=np.full(frames, body.leg * rng.uniform(0.012, 0.05)),
        lift=np.zeros(frames),
        pelvis=wander(rng, time, 0.015, 3) + np.array([lean, 0, -0.5 * turn + rng.normal(0, 0.12)]),
        spine=spine + wander(rng, time, 0.02, 3),
        neck=neck + wander(rng, time, 0.035, 3),
        hands=hands,
        arm_swing=arm_swing * rng.uniform(0.5, 1.3),
        feet=feet,
        foot_yaw=np.repeat(toes_out[:, None], frames, axis=1),
        foot_pitch=np.zeros((2, frames)),
    )


def _carried(rng, body, time, shares) -> tuple[Float[np.ndarray, "t 4"], float]:
    """An idle hand, and how freely its arm swings; two in five are moved once during the clip."""
    names = list(_CARRIAGES)
    carriage, swing = _CARRIAGES[rng.choice(names, p=shares)]
    track = np.repeat(np.array([carriage]), len(time), axis=0)
    if rng.random() < 0.4:
        other, other_swing = _CARRIAGES[rng.choice(names, p=shares)]
        swing = min(swing, other_swing)
        begin = rng.uniform(-0.5, time[-1])
        moved = ease((time - begin) / rng.uniform(0.6, 1.2))
        if rng.random() < 0.5:
            moved = moved * ease((begin + rng.uniform(1.2, 3) - time) / rng.uniform(0.6, 1.2))
        track = track + moved[:, None] * np.subtract(other, carriage)
    track = track + rng.normal(0, (0.06, 0.02, 0.1, 0.1)) + wander(rng, time, 0.015, 4)
    track[:, 2] *= body.midline
    return track, swing


def ease(progress: Float[np.ndarray, "*t"]) -> Float[np.ndarray, "*t"]:
    """0 below 0, 1 above 1, and between them the cubic that starts and ends at rest."""
    inside = np.clip(progress, 0, 1)
    return inside**2 * (3 - 2 * inside)


def keyed(progress: Float[np.ndarray, "*t"], times, values) -> Float[np.ndarray, "t *c"]:
    """A track through key poses: `values[k]` at `times[k]`, eased between, held outside."""
    times, values = np.asarray(times, float), np.asarray(values, float)
    after = np.clip(np.searchsorted(times, progress), 1, len(times) - 1)
    weight = ease((progress - times[after - 1]) / (times[after] - times[after - 1]))
    weight = weight.reshape(weight.shape + (1,) * (values.ndim - 1))
    return values[after - 1] * (1 - weight) + values[after] * weight


def wander(
    rng: np.random.Generator, time: Float[np.ndarray, "*t"], scale: float, channels: int
) -> Float[np.ndarray, "t c"]:
    """Slow idle movement about zero with a standard deviation of `scale`: three sines a channel."""
    hertz = rng.uniform(0.08, 0.6, (3, channels))
    phase = rng.uniform(0, 2 * np.pi, (3, channels))
    waves = np.sin(2 * np.pi * hertz * time[:, None, None] + phase)
    return scale * np.sqrt(2 / 3) * waves.sum(axis=1)

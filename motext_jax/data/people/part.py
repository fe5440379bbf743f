"""A part: one stretch of a clip in which a person does one thing."""

import dataclasses

import numpy as np
from jaxtyping import Float

from motext_jax.data.people.styles import NEUTRAL, Style
from motext_jax.data.synthetic.body import OUTWARD
from motext_jax.data.synthetic.poses import Poses
from motext_jax.data.synthetic.take import Take, ease, keyed


@dataclasses.dataclass(eq=False)
class Part(Take):
    """A take of one action among those of a clip; `start` may lie before the clip.

    Attributes:
      count: number of times that the action is done, where it is counted.
      style: how the person moves.
      base: the poses without any posture of `postures`, where the clip has one; else None.
      follows: an earlier part of the clip has taken on a posture of `postures`.
    """

    count: int = 1
    style: Style = NEUTRAL
    base: Poses | None = None
    follows: bool = False

    @property
    def end(self) -> float:
        """The moment at which the action is done, in seconds."""
        return self.start + self.seconds

    @property
    def pace(self) -> float:
        """Factor on the speed of what is repeated at a rate of its own."""
        return {"slow": 0.6, "usual": 1.0, "quick": 1.6}[self.tempo] * self.style.tempo

    @property
    def hand_places(self) -> Float[np.ndarray, "2 t 4"]:
        """`Poses.places`, which are none until somebody asks."""
        if self.poses.places is None:
            self.poses.places = np.zeros((2, len(self.time), 4))
        return self.poses.places

    @property
    def knees(self) -> Float[np.ndarray, "2 t 2"]:
        """`Poses.knees`, which point ahead until somebody asks."""
        if self.poses.knees is None:
            self.poses.knees = np.zeros((2, len(self.time), 2))
        return self.poses.knees

    def frame(self, moment: float) -> int:
        """The frame that is nearest to a moment."""
        return int(np.clip(np.searchsorted(self.time, moment), 0, len(self.time) - 1))

    def share(self, begin: float, end: float) -> Float[np.ndarray, "*t"]:
        """0 before a share of the action, 1 after another, eased between."""
        return ease((self.progress - begin) / (end - begin))

    def beats(self, margin: float = 0.15) -> Float[np.ndarray, "*t"]:
        """Repetitions that are done: 0 to `count`, between margins at both ends of the action."""
        return np.clip((self.progress - margin) / (1 - 2 * margin), 0, 1) * self.count

    def strokes(self, margin: float = 0.1) -> Float[np.ndarray, "*t"]:
        """0, up to 1 and back to 0, `count` times."""
        return 0.5 - 0.5 * np.cos(2 * np.pi * self.beats(margin))

    def phase(self, low: float, high: float) -> Float[np.ndarray, "*t"]:
        """The angle of a rhythm of so many hertz, from anywhere."""
        return 2 * np.pi * (self.draw(low, high) * self.pace * self.time + self.draw(0, 1))

    def key(self, times, values) -> Float[np.ndarray, "t *c"]:
        """A track through values at shares of the action; see `take.keyed`."""
        return keyed(self.progress, times, values)

    def go_ahead(self, metres: Float[np.ndarray, "*t"], aside=0.0) -> None:
        """Moves the pelvis ahead and to the left, as the body faces."""
        sin, cos = np.sin(self.poses.heading), np.cos(self.poses.heading)
        self.poses.ground[:, 0] += sin * metres + cos * aside
        self.poses.ground[:, 1] += cos * metres - sin * aside

    def move_foot(self, foot: int, way: Float[np.ndarray, "t 3"], under: float = 0.3) -> None:
        """Moves a foot by metres (outward, up, ahead), and under the hip as it rises.

        Args:
          foot: left or right.
          way: metres.
          under: share of its way to the middle that a raised foot goes inward.
        """
        poses = self.poses
        sin, cos = np.sin(poses.heading), np.cos(poses.heading)
        away = poses.feet[foot][:, [0, 2]] - poses.ground
        across = cos * away[:, 0] - sin * away[:, 1]
        inward = ease(way[:, 1] / (0.15 * self.body.leg)) * under
        aside = OUTWARD[foot] * way[:, 0] - inward * across
        poses.feet[foot, :, 0] += cos * aside + sin * way[:, 2]
        poses.feet[foot, :, 2] += cos * way[:, 2] - sin * aside
        poses.feet[foot, :, 1] += way[:, 1]

    def sink(self, depth, back, lean) -> None:
        """Lowers the pelvis and moves it back, with the trunk leaning to keep the balance."""
        self.poses.crouch += depth
        self.go_ahead(-back)
        self.poses.pelvis[:, 0] += 0.6 * lean
        self.poses.spine[:, 0] += 0.5 * lean
        self.poses.neck[:, 0] -= 0.6 * lean

    def place(self, hand: int, weight, hold, via=None) -> None:
        """`reach`, and the hand leaves what it holds on to in the room."""
        self.reach(hand, weight, hold, via)
        if self.poses.places is not None:
            self.poses.places[hand, :, 3] *= 1 - weight


def mirror(poses: Poses) -> None:
    """Exchanges left and right in all controls of a body, which is symmetric."""
    for angles in (poses.pelvis, poses.spine, poses.neck):
        angles[:, 1:] *= -1
    poses.ground[:, 0] *= -1
    poses.heading *= -1
    for name in ("hands", "arm_swing", "feet", "foot_yaw", "foot_pitch", "places", "knees"):
        track = getattr(poses, name)
        if track is not None:
            setattr(poses, name, track[::-1].copy())
    poses.feet[..., 0] *= -1
    poses.foot_yaw *= -1
    if poses.places is not None:
        poses.places[..., 0] *= -1

"""Poses: what an animator would key over time, and the joints that follow from it."""

import dataclasses

import numpy as np
from jaxtyping import Float

from motext_jax.data.synthetic.body import BALL_HEIGHT, LEFT, OUTWARD, RIGHT, SIDES, Body
from motext_jax.motion.kinematics import axis_rotation, euler_rotations
from motext_jax.skeleton import SMPL22

_LIMBS = tuple(
    tuple(f"{side}_{joint}" for joint in limb)
    for side in SIDES
    for limb in (("hip", "knee", "ankle"), ("shoulder", "elbow", "wrist"))
)
_FLOOR = 0.02
"""Height in metres over the floor to which knees and elbows are kept."""


@dataclasses.dataclass(eq=False)
class Poses:
    """The controls of a body for t frames; y is up, +z ahead, +x to the left, metres and radians.

    The trunk is posed by angles (forward kinematics), the limbs by where hands and feet are
    (two-bone inverse kinematics), so that a planted foot stays planted whatever the body does.

    Attributes:
      ground: x and z of the pelvis.
      heading: the way the body faces, 0 at +z and growing to the left.
      crouch: drop of the pelvis below its height on straight legs.
      lift: rise of the pelvis in a jump.
      pelvis, spine, neck: angles (forward, to the left, turned left); the spine's are spread over
        its three joints.
      hands: the left and the right wrist relative to the shoulder in the chest's frame, in arm
        lengths (forward, up, outward), and the weight by which the elbow points outward.
      arm_swing: amount by which each arm follows the legs, 0 to 1.
      feet: the balls of the left and the right foot, above their height on the ground.
      foot_yaw: direction of the toes, measured as `heading` is.
      foot_pitch: angle by which the heel is raised over the toes.
      balance: shift of the pelvis over the standing foot while the other is raised, 0 to 1.
      soft: frames over which the way of knees and elbows about their limbs is averaged.
      places: where the left and the right wrist are in the room, and the weight by which they are
        there rather than where `hands` says; None for never.
      knees: weights by which each knee points outward, and by which it bends as the pelvis lies
        rather than as the toes point; None for never.
    """

    ground: Float[np.ndarray, "t 2"]
    heading: Float[np.ndarray, "*t"]
    crouch: Float[np.ndarray, "*t"]
    lift: Float[np.ndarray, "*t"]
    pelvis: Float[np.ndarray, "t 3"]
    spine: Float[np.ndarray, "t 3"]
    neck: Float[np.ndarray, "t 3"]
    hands: Float[np.ndarray, "2 t 4"]
    arm_swing: Float[np.ndarray, "2 t"]
    feet: Float[np.ndarray, "2 t 3"]
    foot_yaw: Float[np.ndarray, "2 t"]
    foot_pitch: Float[np.ndarray, "2 t"]
    balance: float | Float[np.ndarray, "*t"] = 0.85
    soft: int = 1
    places: Float[np.ndarray, "2 t 4"] | None = None
    knees: Float[np.ndarray, "2 t 2"] | None = None

    def joints(self, body: Body) -> Float[np.ndarray, "t v 3"]:
        """Positions of smpl22's joints, in metres."""
        positions = np.empty((len(self.heading), len(SMPL22.joints), 3))
        offset = dict(zip(SMPL22.joints, body.offsets, strict=True))
        facing = axis_rotation(1, self.heading)
        ahead, aside = facing[:, :, 2], facing[:, :, 0]
        hands = self._swung(ahead)

        frame = facing @ _rotation(self.pelvis)
        hips = np.stack([frame @ offset[f"{side}_hip"] for side in SIDES])
        ankles = self._ankles(offset["left_foot"])
        pelvis = self._pelvis(body, aside, hips, ankles)
        positions[:, 0] = pelvis
        for side, name in enumerate(SIDES):
            hip = pelvis + hips[side]
            # Knees bend ahead, in the plane between where the hips and where the toes point.
            knee_yaw = (self.heading + self.foot_yaw[side]) / 2
            hinge = np.stack([np.cos(knee_yaw), np.zeros_like(knee_yaw), -np.sin(knee_yaw)], axis=1)
            if self.knees is not None:
                hinge = hinge + self.knees[side, :, 1:] * (frame[:, :, 0] - hinge)
            pole = np.cross(ankles[side] - hip, hinge)
            if self.knees is not None:
                pole = pole + OUTWARD[side] * self.knees[side, :, :1] * aside
            knee, ankle = two_bones(
                hip,
                ankles[side],
                pole,
                body.bone(f"{name}_knee"),
                body.bone(f"{name}_ankle"),
                self.soft,
            )
            for joint, position in (("hip", hip), ("knee", knee), ("ankle", ankle)):
                positions[:, SMPL22.index(f"{name}_{joint}")] = position
            positions[:, SMPL22.index(f"{name}_foot")] = ankle + self._foot(
                side, offset["left_foot"]
            )

        position, bend = pelvis, _rotation(self.spine / 3)
        for joint in ("spine1", "spine2", "spine3"):
            position = position + frame @ offset[joint]
            positions[:, SMPL22.index(joint)] = position
            frame = frame @ bend
        neck = position + frame @ offset["neck"]
        positions[:, SMPL22.index("neck")] = neck
        head = (frame @ _rotation(self.neck)) @ offset["head"]
        positions[:, SMPL22.index("head")] = neck + head
        if self.places is not None:
            hands = self._placed(body, hands, self.places, position, frame)
        for side, name in enumerate(SIDES):
            arm = _arm(body, side, hands[side], self.soft)
            for joint, seen in zip(("collar", "shoulder", "elbow", "wrist"), arm, strict=True):
                positions[:, SMPL22.index(f"{name}_{joint}")] = (
                    position + (frame @ seen[..., None])[..., 0]
                )
        if self.places is not None:
            for limb in _LIMBS:
                root, middle, end = (SMPL22.index(joint) for joint in limb)
                positions[:, middle] = _off_floor(
                    positions[:, root], positions[:, middle], positions[:, end]
                )
        return positions

    def _swung(self, ahead: Float[np.ndarray, "t 3"]) -> Float[np.ndarray, "2 t 4"]:
        """The hands with the swing that answers the legs: each goes ahead with the other foot."""
        stride = ((self.feet[RIGHT] - self.feet[LEFT]) * ahead).sum(axis=1)
        hands = self.hands.copy()
        # Arms that hang stay nearer to the vertical than a trunk that bends forward.
        back = 0.7 * np.minimum(self.arm_swing, 1) * (self.pelvis[:, 0] + self.spine[:, 0])
        forward, up = self.hands[..., 0], self.hands[..., 1]
        hands[..., 0] = np.cos(back) * forward - np.sin(back) * up
        hands[..., 1] = np.cos(back) * up + np.sin(back) * forward
        swing = 0.55 * self.arm_swing * np.stack([stride, -stride])
        hands[..., 0] += swing
        # A swinging hand rises on both sides of its lowest point, more so ahead: the elbow bends.
        hands[..., 1] += 0.3 * swing**2 + 0.1 * np.maximum(swing, 0)
        return hands

    def _placed(self, body, hands, places, chest, frame) -> Float[np.ndarray, "2 t 4"]:
        """The hands, by the weights of `places` where those are."""
        moved = hands.copy()
        for side, place in enumerate(places):
            weight = place[:, 3:]
            seen = np.einsum("tij,ti->tj", frame, place[:, :3] - chest)
            # Twice, because the shoulder rises with the hand.
            for _ in range(2 if weight.any() else 0):
                away = (seen - _shoulder(body, side, moved[side, :, 1])) / body.arm
                wish = np.stack([away[:, 2], away[:, 1], OUTWARD[side] * away[:, 0]], axis=1)
                moved[side, :, :3] = (1 - weight) * hands[side, :, :3] + weight * wish
            # No hand goes into the floor, whatever it is to do.
            forward, up, outward = moved[side, :, :3].T * body.arm
            reach = np.stack([OUTWARD[side] * outward, up, forward], axis=1)
            wrist = _shoulder(body, side, moved[side, :, 1]) + reach
            height = chest[:, 1] + (frame[:, 1] * wrist).sum(axis=1)
            rise = np.maximum(_FLOOR - height, 0)[:, None] * frame[:, 1] / body.arm
            moved[side, :, :3] += rise[:, ::-1] * [1, 1, OUTWARD[side]]
        return moved

    def _foot(self, side: int, offset: Float[np.ndarray, "3"]) -> Float[np.ndarray, "t 3"]:
        """Ankle to ball, with the foot's yaw and pitch."""
        angles = np.stack([self.foot_yaw[side], self.foot_pitch[side]])
        return euler_rotations((1, 0), angles) @ offset

    def _ankles(self, offset: Float[np.ndarray, "3"]) -> Float[np.ndarray, "2 t 3"]:
        ankles = np.stack([self.feet[side] - self._foot(side, offset) for side in (LEFT, RIGHT)])
        # With the toes up it is the heel that stands.
        toes_up = offset[2] * np.sin(np.maximum(-self.foot_pitch, 0))
        ankles[..., 1] += BALL_HEIGHT + toes_up
        return ankles

    def _pelvis(self, body, aside, hips, ankles) -> Float[np.ndarray, "t 3"]:
        """The pelvis: over the standing foot, and low enough for both legs to reach their feet."""
        pelvis = np.stack(
            [self.ground[:, 0], body.standing - self.crouch + self.lift, self.ground[:, 1]], axis=1
        )
        standing = np.tanh((self.feet[RIGHT, :, 1] - self.feet[LEFT, :, 1]) / 0.06)
        for side, sign in ((LEFT, 1), (RIGHT, -1)):
            weight = smooth(np.maximum(sign * standing, 0), 15)
            off = ((ankles[side] - pelvis) * aside).sum(axis=1)
            pelvis = pelvis + (self.balance * weight * off)[:, None] * aside
        reach = 0.985 * body.leg
        away = ankles - (pelvis + hips)
        level = np.hypot(away[..., 0], away[..., 2])
        too_high = -away[..., 1] - np.sqrt(np.maximum(reach**2 - level**2, 0))
        # A foot in the air need not be reached: it is only a wish where it should be.
        heights = self.feet[..., 1]
        stands = heights < heights.min(axis=0) + 0.02
        too_high = np.where(stands, np.maximum(too_high, 0), 0).max(axis=0)
        pelvis[:, 1] -= smooth(_widest(too_high, 5), 5)
        return pelvis


def two_bones(
    root: Float[np.ndarray, "t 3"],
    target: Float[np.ndarray, "t 3"],
    pole: Float[np.ndarray, "t 3"],
    upper: float,
    lower: float,
    soft: int = 1,
) -> tuple[Float[np.ndarray, "t 3"], Float[np.ndarray, "t 3"]]:
    """The middle and the end of a limb that reaches for a target, its middle towards the pole.

    Lengths are kept exactly: a target that is too far is reached for and not reached.

    Args:
      root: the limb's fixed end.
      target: where the other end is to be.
      pole: the direction of the middle, seen from the root.
      upper, lower: lengths of the two bones.
      soft: frames over which the middle's way about the limb's line is averaged, so that it does
        not flick where the pole passes the line; see `smooth`.
    """
    way = target - root
    distance = np.linalg.norm(way, axis=-1, keepdims=True)
    along = way / distance
    reach = np.clip(distance, abs(upper - lower) + 0.05 * lower, 0.998 * (upper + lower))
    side = pole - (pole * along).sum(axis=-1, keepdims=True) * along
    side /= np.linalg.norm(side, axis=-1, keepdims=True)
    if soft > 1:
        side = np.stack([smooth(axis, soft) for axis in side.T], axis=1)
        side -= (side * along).sum(axis=-1, keepdims=True) * along
        side /= np.maximum(np.linalg.norm(side, axis=-1, keepdims=True), 1e-9)
    # The law of cosines: the middle's way along the line from root to end, and off it.
    on = (upper**2 - lower**2 + reach**2) / (2 * reach)
    off = np.sqrt(upper**2 - on**2)
    return root + on * along + off * side, root + reach * along


def _off_floor(
    root: Float[np.ndarray, "t 3"], middle: Float[np.ndarray, "t 3"], end: Float[np.ndarray, "t 3"]
) -> Float[np.ndarray, "t 3"]:
    """A knee or an elbow, turned about its limb's line until it is above the floor.

    Both bones keep their lengths, and the limb its ends.
    """
    low = middle[:, 1] < _FLOOR
    if not low.any():
        return middle
    line = (end - root)[low]
    line = line / np.linalg.norm(line, axis=1, keepdims=True)
    away = middle[low] - root[low]
    foot = root[low] + (away * line).sum(axis=1, keepdims=True) * line
    off = middle[low] - foot
    radius = np.linalg.norm(off, axis=1)
    rise = np.array([0.0, 1.0, 0.0]) - line[:, 1:2] * line
    steep = np.linalg.norm(rise, axis=1)
    rise = rise / np.maximum(steep, 1e-6)[:, None]
    level = off - (off * rise).sum(axis=1, keepdims=True) * rise
    length = np.linalg.norm(level, axis=1, keepdims=True)
    level = np.where(length > 1e-6, level / np.maximum(length, 1e-6), np.cross(line, rise))
    share = np.clip((_FLOOR - foot[:, 1]) / np.maximum(radius * steep, 1e-6), -1, 1)[:, None]
    turned = middle.copy()
    turned[low] = foot + radius[:, None] * (share * rise + np.sqrt(1 - share**2) * level)
    return turned


def _arm(
    body: Body, side: int, hand: Float[np.ndarray, "t 4"], soft: int
) -> list[Float[np.ndarray, "t 3"]]:
    """Collar, shoulder, elbow and wrist in the chest's frame."""
    name, out = SIDES[side], OUTWARD[side]
    forward, up, outward, elbow_out = hand.T
    collar = np.broadcast_to(body.offsets[SMPL22.index(f"{name}_collar")], (len(hand), 3))
    shoulder = _shoulder(body, side, up)
    reach = body.arm * np.stack([out * outward, up, forward], axis=1)
    # An elbow points back from a hanging arm, down from one held out, ahead from a raised one.
    pole = np.stack(
        [
            out * elbow_out * body.arm,
            -reach[:, 2] - 0.35 * body.arm,
            reach[:, 1] - 0.15 * body.arm,
        ],
        axis=1,
    )
    elbow, wrist = two_bones(
        shoulder,
        shoulder + reach,
        pole,
        body.bone(f"{name}_elbow"),
        body.bone(f"{name}_wrist"),
        soft,
    )
    return [collar, shoulder, elbow, wrist]


def _shoulder(body: Body, side: int, up: Float[np.ndarray, "*t"]) -> Float[np.ndarray, "t 3"]:
    """The shoulder in the chest's frame, for the height of the hand in arm lengths."""
    # A collar bone rises with its arm, by up to a quarter of a right angle.
    rise = OUTWARD[side] * np.clip(0.2 + 0.4 * up, 0, 0.45)
    collar, shoulder = (
        body.offsets[SMPL22.index(f"{SIDES[side]}_{part}")] for part in ("collar", "shoulder")
    )
    return collar + axis_rotation(2, rise) @ shoulder


def _rotation(angles: Float[np.ndarray, "t 3"]) -> Float[np.ndarray, "t 3 3"]:
    """Rotations that lean forward, lean to the left and then turn left, by three angles."""
    forward, left, turn = angles.T
    return euler_rotations((1, 0, 2), np.stack([turn, forward, -left]))


def smooth(track: Float[np.ndarray, "*t"], frames: int) -> Float[np.ndarray, "*t"]:
    """A track averaged with a triangular window of 2·frames - 1, its ends held."""
    window = np.convolve(np.ones(frames), np.ones(frames)) / frames**2
    return np.convolve(np.pad(track, frames - 1, mode="edge"), window, mode="valid")


def _widest(track: Float[np.ndarray, "*t"], frames: int) -> Float[np.ndarray, "*t"]:
    """The largest value within `frames` of each frame."""
    padded = np.pad(track, frames, mode="edge")
    return np.lib.stride_tricks.sliding_window_view(padded, 2 * frames + 1).max(axis=1)

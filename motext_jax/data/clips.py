"""Motions to clips: one frame rate, one length, one place and heading."""

import dataclasses
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
from jaxtyping import Float, Int

from motext_jax import config as configs
from motext_jax.data.annotated import AnnotatedMotion
from motext_jax.errors import InputError
from motext_jax.motion.motion import Motion
from motext_jax.skeleton import Skeleton


@dataclasses.dataclass(frozen=True, eq=False)
class ClipSet:
    """The clips of one split.

    Attributes:
      clips: positions in metres.
      lengths: a clip's frames before the repetition began, for masks.
      captions: each clip's descriptions; the first stands for it in retrieval.
      categories: an index into `category_names`; -1 for none.
      category_names: the source's categories.
      ids: the motion's id and the clip's number within it.
      skeleton: what the joint axis means; `up` is the vertical axis after normalisation.
      fps: frames a second.
    """

    clips: Float[np.ndarray, "n t v 3"]
    lengths: Int[np.ndarray, "n"]
    captions: tuple[tuple[str, ...], ...]
    categories: Int[np.ndarray, "n"]
    category_names: tuple[str, ...]
    ids: tuple[str, ...]
    skeleton: Skeleton
    fps: float

    def __len__(self) -> int:
        return len(self.clips)

    def fingerprint(self) -> str:
        """Tells one set of clips from another by all but their joints."""
        labels = (self.ids, self.captions, self.category_names)
        said = json.dumps([labels, self.categories.tolist(), self.lengths.tolist()])
        return hashlib.sha256(said.encode()).hexdigest()[:16]

    def category(self, clip: int) -> str:
        """A clip's category name; empty for none."""
        index = self.categories[clip]
        return self.category_names[index] if index >= 0 else ""


def clip_set(
    motions: Iterable[AnnotatedMotion],
    category_names: Sequence[str],
    config: configs.DataConfig,
) -> ClipSet:
    """Brings motions to `config.fps`, cuts them into `config.frames`, and normalises.

    Raises:
      InputError: there is no motion, or a motion's skeleton differs from the first one's.
    """
    configs.require("data.normalise", config.normalise, NORMALISATIONS)
    normalise = NORMALISATIONS[config.normalise]
    number = {name: index for index, name in enumerate(category_names)}
    clips, lengths, captions, categories, ids = [], [], [], [], []
    skeleton = None
    for annotated in motions:
        skeleton = skeleton or annotated.motion.skeleton
        if annotated.motion.skeleton.joints != skeleton.joints:
            raise InputError(
                f"{annotated.id} has {len(annotated.motion.skeleton.joints)} joints that differ "
                f"from the first motion's {len(skeleton.joints)}; clips need one skeleton"
            )
        joints = resample(annotated.motion, config.fps).joints
        if config.normalise_each == "motion":
            pieces = cut(normalise(joints, skeleton), config.frames)
        else:
            pieces = [
                (normalise(clip, skeleton), length) for clip, length in cut(joints, config.frames)
            ]
        for piece, (clip, length) in enumerate(pieces):
            clips.append(clip.astype(np.float32))
            lengths.append(length)
            captions.append(annotated.captions)
            categories.append(-1 if annotated.category is None else number[annotated.category])
            ids.append(f"{annotated.id}/{piece}")
    if skeleton is None:
        raise InputError("there is not one motion to cut into clips")
    if config.normalise == "babel":
        skeleton = dataclasses.replace(skeleton, up=2)
    return ClipSet(
        np.stack(clips),
        np.asarray(lengths, np.int32),
        tuple(captions),
        np.asarray(categories, np.int32),
        tuple(category_names),
        tuple(ids),
        skeleton,
        config.fps,
    )


def resample(motion: Motion, fps: float) -> Motion:
    """The motion at another frame rate, positions interpolated linearly.

    Where the old rate is a multiple of the new one this selects frames, as BABEL does.
    """
    if motion.fps == fps:
        return motion
    last = len(motion) - 1
    # A rate such as 59.9999 must not lose its last frame to rounding.
    frames = int(np.floor(last * fps / motion.fps + 1e-3)) + 1
    at = np.minimum(np.arange(frames) * motion.fps / fps, last)
    before = np.minimum(at.astype(int), max(last - 1, 0))
    after = np.minimum(before + 1, last)
    share = (at - before)[:, None, None]
    joints = motion.joints[before] * (1 - share) + motion.joints[after] * share
    return Motion(joints.astype(motion.joints.dtype), fps, motion.skeleton)


def cut(
    joints: Float[np.ndarray, "t v 3"], frames: int
) -> list[tuple[Float[np.ndarray, "frames v 3"], int]]:
    """Pieces of `frames` frames with their true lengths; the last is repeated from its start."""
    pieces = [joints[start : start + frames] for start in range(0, len(joints), frames)]
    return [(piece[np.arange(frames) % len(piece)], len(piece)) for piece in pieces]


def _none(clip: Float[np.ndarray, "t v 3"], skeleton: Skeleton) -> Float[np.ndarray, "t v 3"]:
    return clip


def centre(clip: Float[np.ndarray, "t v 3"], skeleton: Skeleton) -> Float[np.ndarray, "t v 3"]:
    """Moves the clip so that the first frame's root is above the origin; heights stay."""
    start = clip[0, skeleton.root].astype(np.float64)
    start[skeleton.up] = 0.0
    return clip - start


def facing(clip: Float[np.ndarray, "t v 3"], skeleton: Skeleton) -> Float[np.ndarray, "t v 3"]:
    """Centred, and turned about the vertical so that the first frame's left points along +x.

    Left is the sum of left minus right over the pairs of joints at the trunk. With y up the body
    then faces +z, with z up it faces -y.
    """
    left = sum(clip[0, left] - clip[0, right] for left, right in _trunk_pairs(skeleton))
    lateral = skeleton.lateral
    along = 3 - skeleton.up - lateral
    angle = np.arctan2(left[along], left[lateral])
    cos, sin = np.cos(angle), np.sin(angle)
    turned = centre(clip, skeleton)
    x, z = turned[..., lateral].copy(), turned[..., along].copy()
    turned[..., lateral] = cos * x + sin * z
    turned[..., along] = cos * z - sin * x
    return turned


def babel(clip: Float[np.ndarray, "t v 3"], skeleton: Skeleton) -> Float[np.ndarray, "t v 3"]:
    """BABEL's way: every frame relative to its own spine1, then two free rotations.

    The first lays frame 0's pelvis-to-spine1 vector on +z, the second its left-to-right-shoulder
    vector on +x, which tilts the first again; the release keeps that. Both apply to all frames.
    The person's right is then +x, up about +z, forward about +y. As in BABEL's action recognition
    preprocessing (Punnakkal et al. 2021).
    """
    names = ("pelvis", "spine1", "left_shoulder", "right_shoulder")
    missing = [name for name in names if name not in skeleton.joints]
    if missing:
        raise InputError(
            f"data.normalise=babel needs the joints {', '.join(names)}; {skeleton.name} lacks "
            f"{', '.join(missing)}"
        )
    pelvis, spine1, left, right = (skeleton.index(name) for name in names)
    clip = clip.astype(np.float64)
    clip = clip - clip[:, spine1 : spine1 + 1]
    clip = clip @ rotation_between(clip[0, spine1] - clip[0, pelvis], np.array([0, 0, 1.0])).T
    return clip @ rotation_between(clip[0, right] - clip[0, left], np.array([1.0, 0, 0])).T


NORMALISATIONS: Mapping[str, Callable] = {
    "none": _none,
    "centre": centre,
    "facing": facing,
    "babel": babel,
}


def rotation_between(
    source: Float[np.ndarray, "3"], target: Float[np.ndarray, "3"]
) -> Float[np.ndarray, "3 3"]:
    """The smallest rotation that lays `source` on `target`'s direction (Rodrigues' formula)."""
    norms = np.linalg.norm(source), np.linalg.norm(target)
    if min(norms) < 1e-6:
        return np.eye(3)
    source, target = source / norms[0], target / norms[1]
    axis = np.cross(source, target)
    sin, cos = np.linalg.norm(axis), source @ target
    if sin < 1e-6:
        return np.eye(3)
    x, y, z = axis / sin
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    return np.eye(3) + sin * cross + (1 - cos) * cross @ cross


def _trunk_pairs(skeleton: Skeleton) -> list[tuple[int, int]]:
    """The left/right pairs that hang directly from the trunk: hips, and collars or shoulders."""
    sided = {joint for pair in skeleton.left_right_pairs for joint in pair}
    pairs = [
        (left, right)
        for left, right in skeleton.left_right_pairs
        if skeleton.parents[left] not in sided
    ]
    if not pairs:
        raise InputError(
            f"data.normalise=facing needs left and right joints at the trunk, and {skeleton.name} "
            "has none; use data.normalise=centre"
        )
    return pairs

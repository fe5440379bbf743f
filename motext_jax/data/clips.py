"""Motions to clips: one frame rate, one length, one place and heading."""

import dataclasses
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol

import numpy as np
from jaxtyping import Bool, Float, Int

from motext_jax import config as configs
from motext_jax.data.annotated import AnnotatedMotion
from motext_jax.errors import InputError
from motext_jax.motion.kinematics import axis_angle_rotations
from motext_jax.motion.motion import Joints, Motion, mirror, with_axes
from motext_jax.skeleton import Skeleton


class ClipArray(Protocol):
    """Clips that are read when they are indexed: an array, a memory map, records on a disk."""

    @property
    def shape(self) -> tuple[int, ...]:
        """(n, t, v, 3)."""

    def __len__(self) -> int: ...

    def __getitem__(self, rows: Any) -> Float[np.ndarray, "m t v 3"]:
        """The clips of a slice or of an array of numbers."""


class SelectedClips:
    """Some clips of an array, perhaps mirrored, read when they are indexed.

    Attributes:
      stored: the array; where a selection is selected from, that one's.
      rows: of each clip, in it.
      mirrored: whether a clip is the mirror image of that row.
    """

    def __init__(
        self,
        clips: ClipArray,
        rows: Int[np.ndarray, "m"],
        mirrored: Bool[np.ndarray, "m"],
        skeleton: Skeleton,
    ):
        self.stored, self.rows, self.mirrored = clips, rows, mirrored
        if isinstance(clips, SelectedClips):
            self.stored, self.rows = clips.stored, clips.rows[rows]
            # What is mirrored twice is as it was.
            self.mirrored = mirrored ^ clips.mirrored[rows]
        self._skeleton = skeleton
        self.shape = (len(rows), *clips.shape[1:])

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, rows: Any) -> Float[np.ndarray, "k t v 3"]:
        """The selected clips of a slice or of an array of numbers."""
        clips, mirrored = self.stored[self.rows[rows]], self.mirrored[rows]
        if mirrored.any():
            clips = clips.copy()
            clips[mirrored] = mirror(clips[mirrored], self._skeleton)
        return clips


@dataclasses.dataclass(frozen=True, eq=False)
class ClipSet:
    """The clips of one split.

    Attributes:
      clips: positions in metres.
      lengths: a clip's frames before the repetition began, for masks.
      captions: each clip's descriptions; the first stands for it in retrieval.
      categories: an index into `category_names`; -1 for none.
      category_names: the source's categories.
      ids: the motion's id and the clip's number within it; clips that share one are the same motion
        under several categories.
      skeleton: what the joint axis means; `up` is the vertical axis after normalisation.
      fps: frames a second.
    """

    clips: ClipArray
    lengths: Int[np.ndarray, "n"]
    captions: tuple[tuple[str, ...], ...]
    categories: Int[np.ndarray, "n"]
    category_names: tuple[str, ...]
    ids: tuple[str, ...]
    skeleton: Skeleton
    fps: float

    def __len__(self) -> int:
        return len(self.clips)

    def rows(self, start: int, stop: int) -> "ClipSet":
        """Some of the clips, one after the other."""
        part = slice(start, stop)
        columns = ("clips", "lengths", "captions", "categories", "ids")
        return dataclasses.replace(self, **{name: getattr(self, name)[part] for name in columns})

    def distinct(self) -> tuple[ClipArray, Int[np.ndarray, "n"], Bool[np.ndarray, "n"]]:
        """The stored clips, each once; and each clip's row of them, and whether it is mirrored."""
        clips = self.clips
        if not isinstance(clips, SelectedClips):
            return clips, np.arange(len(self), dtype=np.int32), np.zeros(len(self), bool)
        needed, rows = np.unique(clips.rows, return_inverse=True)
        stored = clips.stored
        if len(needed) < len(stored):
            stored = SelectedClips(stored, needed, np.zeros(len(needed), bool), self.skeleton)
        return stored, rows.astype(np.int32), clips.mirrored

    def label_sets(self) -> tuple[frozenset[int], ...]:
        """All categories of each clip, its own and those of the clips that share its id."""
        sets: dict[str, set[int]] = {}
        for name, category in zip(self.ids, self.categories.tolist(), strict=True):
            sets.setdefault(name, set()).update({category} if category >= 0 else ())
        return tuple(frozenset(sets[name]) for name in self.ids)

    def counts(self) -> dict[str, int]:
        """Clips of each category that has any, the most frequent first."""
        numbers = np.bincount(self.categories[self.categories >= 0], minlength=1)
        order = np.argsort(-numbers, kind="stable")
        return {self.category_names[k]: int(numbers[k]) for k in order if numbers[k]}

    def fingerprint(self) -> str:
        """Tells one set of clips from another by all but their joints."""
        labels = (self.ids, self.captions, self.category_names)
        said = json.dumps([labels, self.categories.tolist(), self.lengths.tolist()])
        return hashlib.sha256(said.encode()).hexdigest()[:16]

    def category(self, clip: int) -> str:
        """A clip's category name; empty for none."""
        index = self.categories[clip]
        return self.category_names[index] if index >= 0 else ""


def of_categories(clips: ClipSet, names: Sequence[str]) -> ClipSet:
    """The clips of some of the categories, which are all that is left."""
    new = {clips.category_names.index(name): k for k, name in enumerate(names)}
    kept = [row for row, category in enumerate(clips.categories.tolist()) if category in new]
    rows = np.array(kept, int)
    return dataclasses.replace(
        clips,
        clips=SelectedClips(clips.clips, rows, np.zeros(len(rows), bool), clips.skeleton),
        lengths=clips.lengths[rows],
        captions=tuple(clips.captions[row] for row in kept),
        categories=np.array([new[clips.categories[row]] for row in kept], np.int32),
        category_names=tuple(names),
        ids=tuple(clips.ids[row] for row in kept),
    )


def joined(parts: Sequence[ClipSet]) -> ClipSet:
    """Several sets of clips as one, in memory.

    Raises:
      InputError: their skeletons differ.
    """
    first = parts[0]
    for part in parts:
        _require_same_joints(part.ids[0], part.skeleton, first.skeleton)
    return dataclasses.replace(
        first,
        clips=np.concatenate([part.clips[:] for part in parts]),
        lengths=np.concatenate([part.lengths for part in parts]),
        captions=tuple(texts for part in parts for texts in part.captions),
        categories=np.concatenate([part.categories for part in parts]),
        ids=tuple(name for part in parts for name in part.ids),
    )


def _require_same_joints(name: str, skeleton: Skeleton, first: Skeleton) -> None:
    if skeleton.joints != first.joints:
        raise InputError(
            f"{name} has {len(skeleton.joints)} joints that differ from the first motion's "
            f"{len(first.joints)}; clips need one skeleton"
        )


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
        if skeleton is None:
            skeleton = annotated.motion.skeleton
        _require_same_joints(annotated.id, annotated.motion.skeleton, skeleton)
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


def _none(clips: Float[Joints, "*n t v 3"], skeleton: Skeleton) -> Float[Joints, "*n t v 3"]:
    return clips


def centre(clips: Float[Joints, "*n t v 3"], skeleton: Skeleton) -> Float[Joints, "*n t v 3"]:
    """Moves each clip so that the first frame's root is above the origin; heights stay."""
    arrays: Any = clips.__array_namespace__()
    start = clips[..., :1, skeleton.root, None, :]
    return clips - with_axes(start, {skeleton.up: arrays.zeros_like(start[..., skeleton.up])})


def facing(clips: Float[Joints, "*n t v 3"], skeleton: Skeleton) -> Float[Joints, "*n t v 3"]:
    """Centred, and turned about the vertical so that the first frame's left points along +x.

    Left is the sum of left minus right over the pairs of joints at the trunk. With y up the body
    then faces +z, with z up it faces -y.
    """
    pairs = _trunk_pairs(skeleton)
    arrays: Any = clips.__array_namespace__()
    left: Any = sum(clips[..., 0, left, :] - clips[..., 0, right, :] for left, right in pairs)
    lateral = skeleton.lateral
    along = 3 - skeleton.up - lateral
    angles = arrays.arctan2(left[..., along], left[..., lateral])
    return turn(centre(clips, skeleton), -angles, skeleton)


def turn(
    clips: Float[Joints, "*n t v 3"], angles: Float[Joints, "*n"], skeleton: Skeleton
) -> Float[Joints, "*n t v 3"]:
    """Turns each clip about the vertical through the origin, from the lateral axis to the other."""
    lateral = skeleton.lateral
    along = 3 - skeleton.up - lateral
    arrays: Any = clips.__array_namespace__()
    cos, sin = arrays.cos(angles)[..., None, None], arrays.sin(angles)[..., None, None]
    x, y = clips[..., lateral], clips[..., along]
    return with_axes(clips, {lateral: cos * x - sin * y, along: sin * x + cos * y})


def babel(clips: Float[Joints, "*n t v 3"], skeleton: Skeleton) -> Float[Joints, "*n t v 3"]:
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
    clips = clips - clips[..., spine1, None, :]
    for start, end, axis in ((pelvis, spine1, [0, 0, 1.0]), (left, right, [1.0, 0, 0])):
        rotation = rotation_between(clips[..., 0, end, :] - clips[..., 0, start, :], axis)
        clips = clips @ rotation.swapaxes(-1, -2)[..., None, :, :].astype(clips.dtype)
    return clips


NORMALISATIONS: Mapping[str, Callable] = {
    "none": _none,
    "centre": centre,
    "facing": facing,
    "babel": babel,
}


def rotation_between(
    source: Float[Joints, "*n 3"], target: Sequence[float]
) -> Float[Joints, "*n 3 3"]:
    """The smallest rotation that lays each `source` on `target`'s direction (Rodrigues' formula).

    No rotation where the source is nothing, or lies along the target in either sense.
    """
    arrays: Any = source.__array_namespace__()
    norm = arrays.linalg.norm
    unit = source / arrays.maximum(norm(source, axis=-1, keepdims=True), 1e-6)
    goal = arrays.broadcast_to(np.asarray(target) / np.linalg.norm(target), unit.shape)
    axis = arrays.cross(unit, goal)
    sin = norm(axis, axis=-1, keepdims=True)
    axis = arrays.where(sin < 1e-6, 0.0, axis / arrays.maximum(sin, 1e-6))
    angle = arrays.arctan2(sin, arrays.sum(unit * goal, axis=-1, keepdims=True))
    return axis_angle_rotations(axis * angle)


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

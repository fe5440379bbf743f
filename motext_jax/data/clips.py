"""Motions to clips: one frame rate, one length, one place and heading."""

import dataclasses
import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import Any, Protocol

import numpy as np
from jaxtyping import Bool, Float, Int

from motext_jax import config as configs
from motext_jax.data.annotated import AnnotatedMotion
from motext_jax.errors import InputError
from motext_jax.motion.motion import Motion, mirror, resample
from motext_jax.motion.normalise import NORMALISATIONS
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

    def motion(self, clip: int) -> Motion:
        """A clip's own frames, without the repetition."""
        joints = self.clips[clip : clip + 1][0, : self.lengths[clip]]
        return Motion(joints, self.fps, self.skeleton)

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


def cut(
    joints: Float[np.ndarray, "t v 3"], frames: int
) -> list[tuple[Float[np.ndarray, "frames v 3"], int]]:
    """Pieces of `frames` frames with their true lengths; the last is repeated from its start."""
    pieces = [joints[start : start + frames] for start in range(0, len(joints), frames)]
    return [(piece[np.arange(frames) % len(piece)], len(piece)) for piece in pieces]

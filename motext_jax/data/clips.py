"""Motions to clips: one frame rate, one length, one place and heading."""

import dataclasses
import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import Any, Protocol, runtime_checkable

import numpy as np
from jaxtyping import Bool, Float, Int

from motext_jax import config as configs
from motext_jax.data.annotated import AnnotatedMotion
from motext_jax.errors import InputError
from motext_jax.motion.motion import Motion, mirror, resample
from motext_jax.motion.normalise import NORMALISATIONS
from motext_jax.skeleton import Skeleton


@runtime_checkable
class ClipArray(Protocol):
    """Clips that are read when they are indexed: an array, a memory map, records on a disk."""

    @property
    def shape(self) -> tuple[int, ...]:
        """(n, t, v, 3)."""

    def __len__(self) -> int: ...

    def __getitem__(self, rows: Any) -> Float[np.ndarray, "m t v 3"]:
        """The clips of a slice or of an array of numbers."""


class SelectedClips:
    """A view of clips: some rows of an array, perhaps mirrored, read when they are indexed.

    A view of a view refers to the array of the first.

    Attributes:
      stored: the array.
      rows: row of `stored` for each clip.
      mirrored: marks the clips that are the mirror image of their row.
      shape: (n, t, v, 3).
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
            # The mirror image of a mirror image is the clip itself.
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


# The columns of a `ClipSet` besides the clips.
_ARRAYS = ("lengths", "categories", "starts", "ends")
_TUPLES = ("captions", "files", "segments")


@dataclasses.dataclass(frozen=True, eq=False)
class ClipSet:
    """The clips of one split: a table with a row for each clip.

    Frame k of a clip is the motion at `starts + k / fps` seconds of its file. A clip of several
    categories has a row for each: rows with the same file, segment, start, end and mirroring are
    one clip.

    Attributes:
      clips: positions in metres.
      lengths: frames of each clip before the repetition began.
      captions: descriptions of each clip, of which the first stands for it in retrieval; a single
        empty text for none.
      categories: each clip's category, as an index into `category_names`; -1 for none.
      category_names: the source's categories.
      files: each clip's file, relative to the source's folder, or the source's id of the motion.
      segments: the annotated segment of the file that a clip was cut from: BABEL's id of it, or its
        number; segments may overlap, and a clip has its own segment's captions.
      starts: time of the first frame, in seconds of the file.
      ends: time where the last frame before the repetition ends.
      skeleton: skeleton of the joint axis; `up` is the vertical axis after normalisation.
      fps: frames a second.
      left_out: a sentence for each file or row of the split that could not be read.
      read_as: each file with its sentence of `AnnotatedMotion.read_as`, if it has one.
    """

    clips: ClipArray
    lengths: Int[np.ndarray, "n"]
    captions: tuple[tuple[str, ...], ...]
    categories: Int[np.ndarray, "n"]
    category_names: tuple[str, ...]
    files: tuple[str, ...]
    segments: tuple[str, ...]
    starts: Float[np.ndarray, "n"]
    ends: Float[np.ndarray, "n"]
    skeleton: Skeleton
    fps: float
    left_out: tuple[str, ...] = ()
    read_as: tuple[tuple[str, str], ...] = ()

    def __post_init__(self):
        for name in (*_ARRAYS, *_TUPLES):
            if len(getattr(self, name)) != len(self.clips):
                raise ValueError(
                    f"{len(self.clips)} clips, and {name} has {len(getattr(self, name))} rows"
                )

    def __len__(self) -> int:
        return len(self.clips)

    @property
    def mirrored(self) -> Bool[np.ndarray, "n"]:
        """Marks the clips that are the mirror image of what their file holds."""
        if isinstance(self.clips, SelectedClips):
            return self.clips.mirrored
        return np.zeros(len(self), bool)

    def name(self, row: int) -> str:
        """File and seconds of a clip, for people: `takes/a.bvh 3.5-8.0 s`."""
        seconds = f"{self.starts[row]:.1f}-{self.ends[row]:.1f} s"
        return f"{self.files[row]} {seconds}" + (", mirrored" if self.mirrored[row] else "")

    def select(self, rows: Int[np.ndarray, "m"] | Sequence[int]) -> "ClipSet":
        """The table of some rows, in their order; the clips are read when they are indexed."""
        rows = np.asarray(rows, int)
        same = np.zeros(len(rows), bool)
        columns: dict[str, Any] = {name: getattr(self, name)[rows] for name in _ARRAYS}
        for name in _TUPLES:
            columns[name] = tuple(map(getattr(self, name).__getitem__, rows.tolist()))
        clips = SelectedClips(self.clips, rows, same, self.skeleton)
        return dataclasses.replace(self, clips=clips, **columns)

    def unique(self) -> Int[np.ndarray, "k"]:
        """The first row of every clip: one of several categories has several rows."""
        return np.unique(self._numbers(), return_index=True)[1]

    def _numbers(self) -> Int[np.ndarray, "n"]:
        """A number for each row, counted from the first: rows that are one clip share it."""
        times = self.starts.tolist(), self.ends.tolist()
        keys = zip(self.files, self.segments, *times, self.mirrored.tolist(), strict=True)
        number: dict[tuple, int] = {}
        return np.array([number.setdefault(key, len(number)) for key in keys], int)

    def stored(self) -> tuple[ClipArray, Int[np.ndarray, "n"], Bool[np.ndarray, "n"]]:
        """The clips without duplicates and mirror images, for a memory that holds each once.

        Returns:
          The stored clips; the row of them that each clip is; and `mirrored`.
        """
        clips = self.clips
        if not isinstance(clips, SelectedClips):
            return clips, np.arange(len(self), dtype=np.int32), self.mirrored
        needed, rows = np.unique(clips.rows, return_inverse=True)
        stored = clips.stored
        if len(needed) < len(stored):
            stored = SelectedClips(stored, needed, np.zeros(len(needed), bool), self.skeleton)
        return stored, rows.astype(np.int32), self.mirrored

    def label_sets(self) -> tuple[frozenset[int], ...]:
        """All categories of each row's clip."""
        numbers = self._numbers().tolist()
        sets: dict[int, set[int]] = {}
        for number, category in zip(numbers, self.categories.tolist(), strict=True):
            sets.setdefault(number, set()).update({category} if category >= 0 else ())
        frozen = {number: frozenset(labels) for number, labels in sets.items()}
        return tuple(frozen[number] for number in numbers)

    def counts(self) -> dict[str, int]:
        """Clips of each category that has any, the most frequent first."""
        numbers = np.bincount(self.categories[self.categories >= 0], minlength=1)
        order = np.argsort(-numbers, kind="stable")
        return {self.category_names[k]: int(numbers[k]) for k in order if numbers[k]}

    def fingerprint(self) -> str:
        """A digest of all columns but the joints, which tells one set of clips from another."""
        columns = [getattr(self, name) for name in _TUPLES]
        columns += [getattr(self, name).tolist() for name in (*_ARRAYS, "mirrored")]
        content = json.dumps([columns, self.category_names])
        return hashlib.sha256(content.encode()).hexdigest()[:16]

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
    new = np.full(len(clips.category_names) + 1, -1, np.int32)
    for k, name in enumerate(names):
        new[clips.category_names.index(name)] = k
    # No category is -1, which finds the last entry: -1 as well.
    found = clips.select(np.flatnonzero(new[clips.categories] >= 0))
    return dataclasses.replace(found, categories=new[found.categories], category_names=tuple(names))


def joined(parts: Sequence[ClipSet]) -> ClipSet:
    """Several sets of clips as one, in memory.

    Raises:
      InputError: their skeletons differ.
    """
    first = parts[0]
    for part in parts:
        first.skeleton.require_same(part.skeleton, part.files[0])
    columns: dict[str, Any] = {
        name: np.concatenate([getattr(part, name) for part in parts]) for name in _ARRAYS
    }
    for name in _TUPLES:
        columns[name] = tuple(value for part in parts for value in getattr(part, name))
    columns["left_out"] = tuple(why for part in parts for why in part.left_out)
    columns["read_as"] = tuple(dict.fromkeys(pair for part in parts for pair in part.read_as))
    stored, rows, mirrored = zip(*(part.stored() for part in parts), strict=True)
    arrays = np.concatenate([array[:] for array in stored])
    if not any(isinstance(part.clips, SelectedClips) for part in parts):
        return dataclasses.replace(first, clips=arrays, **columns)
    offsets = np.cumsum([0, *map(len, stored[:-1])])
    clips = SelectedClips(
        arrays,
        np.concatenate([own + offset for own, offset in zip(rows, offsets, strict=True)]),
        np.concatenate(mirrored),
        first.skeleton,
    )
    return dataclasses.replace(first, clips=clips, **columns)


def clip_set(
    motions: Iterable[AnnotatedMotion],
    category_names: Sequence[str],
    config: configs.DataConfig,
    hop: int | None = None,
    shortest: float = 0.0,
) -> ClipSet:
    """Brings motions to `config.fps`, cuts them into `config.frames`, and normalises.

    Args:
      motions: all on one skeleton.
      category_names: the categories that a motion may have.
      config: the clips' frame rate, length and normalisation.
      hop: frames from one clip's start to the next one's; see `cut`.
      shortest: the least seconds of a motion's last clip, unless it is the only one.

    Raises:
      InputError: there is no motion, or a motion's skeleton differs from the first one's.
    """
    configs.require("data.normalise", config.normalise, NORMALISATIONS)
    normalise = NORMALISATIONS[config.normalise]
    number = {name: index for index, name in enumerate(category_names)}
    clips, lengths, captions, categories = [], [], [], []
    files, segments, starts, ends = [], [], [], []
    skeleton, read_as = None, []
    for annotated in motions:
        if skeleton is None:
            skeleton = annotated.motion.skeleton
        if annotated.read_as:
            read_as.append((annotated.file, annotated.read_as))
        skeleton.require_same(annotated.motion.skeleton, annotated.file)
        joints = resample(annotated.motion, config.fps).joints
        whole = config.normalise_each == "motion"
        if whole:
            joints = normalise(joints, skeleton)
        for first, clip, length in cut(joints, config.frames, hop, shortest * config.fps):
            clip = clip if whole else normalise(clip, skeleton)
            clips.append(clip.astype(np.float32))
            lengths.append(length)
            captions.append(annotated.captions)
            categories.append(-1 if annotated.category is None else number[annotated.category])
            files.append(annotated.file)
            segments.append(annotated.segment)
            starts.append(annotated.start + annotated.pace * first / config.fps)
            # At a lower rate than the file's the last frame would end after the file does.
            last = min((first + length) / config.fps, annotated.motion.seconds)
            ends.append(annotated.start + annotated.pace * last)
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
        tuple(files),
        tuple(segments),
        np.asarray(starts, float),
        np.asarray(ends, float),
        skeleton,
        config.fps,
        read_as=tuple(dict.fromkeys(read_as)),
    )


def cut(
    joints: Float[np.ndarray, "t v 3"], frames: int, hop: int | None = None, shortest: float = 0.0
) -> list[tuple[int, Float[np.ndarray, "frames v 3"], int]]:
    """Pieces of `frames` frames, up to the first that reaches the end.

    Args:
      joints: a motion.
      frames: length of a piece; the last is repeated from its start.
      hop: frames from one piece's start to the next one's. By default `frames`, which is the most;
        with fewer the pieces overlap.
      shortest: the least frames of the last piece; a shorter one is dropped, unless it is the only
        one.

    Returns:
      For each piece the number of its first frame, its frames, and its length before the
      repetition.

    Raises:
      ValueError: the hop is below 1 or above `frames`.
    """
    hop = frames if hop is None else hop
    if not 1 <= hop <= frames:
        raise ValueError(f"hop is {hop}; pieces of {frames} frames need 1 to {frames}")
    # After a piece that reaches the end, another would only be a part of it.
    last = max(len(joints) - (frames - hop), min(len(joints), 1))
    pieces = [(start, joints[start : start + frames]) for start in range(0, last, hop)]
    if len(pieces) > 1 and len(pieces[-1][1]) < shortest:
        pieces.pop()
    return [(start, own[np.arange(frames) % len(own)], len(own)) for start, own in pieces]

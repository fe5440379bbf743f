"""BABEL's released action-recognition features, as they are published.

    {split}_ntu_sk_{60,120}.npy          (n, 3, 150, 25, 1): 5 s at 30 fps, normalised
    {split}_label_{60,120}.pkl           (seg_ids, (categories, sids, chunk_ns, anntr_ids))
    {split}_extra_ntu_sk_{60,120}.npy    the dense and the extra annotations together
    {split}_extra_label_{60,120}.pkl

Punnakkal et al. 2021, https://github.com/abhinanda-punnakkal/BABEL. The features have been through
the release's own preprocessing, which is `motion.normalise.babel`.
"""

import functools
import logging
import pathlib
from typing import Any

import numpy as np
from jaxtyping import Float

from motext_jax.config import DataConfig, require
from motext_jax.data.annotated import check_folder
from motext_jax.data.babel import categories
from motext_jax.data.babel.unpickler import read_pickle
from motext_jax.data.clips import ClipSet
from motext_jax.errors import InputError
from motext_jax.motion.array_file import map_array
from motext_jax.motion.bounds import TOO_LARGE
from motext_jax.shown import whole_text
from motext_jax.skeleton import NTU21, NTU25

FRAMES = 150
FPS = 30.0
BLOCK = 16
"""Rows that are prepared together."""
PUBLISHED_TRAIN = {60: 45_473, 120: 48_978}
"""Rows of the dense training sets."""


class ReleasedFeatures:
    """Clips of a released file, read from the disk when they are indexed.

    Attributes:
      shape: (n, 150, v, 3), as of an array.
    """

    def __init__(self, path: pathlib.Path, joints: int):
        self._path, self._features = path, map_array(path)
        expected = (3, FRAMES, len(NTU25.joints), 1)
        if self._features.ndim != 5 or self._features.shape[1:] != expected:
            raise InputError(
                f"{path}: shape {self._features.shape}; BABEL's features are (n, 3, 150, 25, 1)"
            )
        if self._features.dtype not in (np.float32, np.float64):
            raise InputError(f"{path}: type {self._features.dtype}; expected float32 or float64")
        self.shape = (len(self._features), FRAMES, joints, 3)

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, rows: Any) -> Float[np.ndarray, "*n 150 v 3"]:
        """Clips by number, as an array's; float32.

        Raises:
          InputError: a row holds NaN, infinity or a number that is none of a body's.
        """
        features = self._features[rows][..., : self.shape[2], 0]
        # Comparisons with NaN are false.
        if features.size and not -TOO_LARGE < np.min(features) <= np.max(features) < TOO_LARGE:
            fits = (np.abs(features) < TOO_LARGE).all(axis=(-3, -2, -1))
            bad = int(np.arange(len(self))[rows][np.logical_not(fits)].ravel()[0])
            raise InputError(f"{self._path}: NaN or a huge number in clip {bad}; expected metres")
        return np.ascontiguousarray(np.moveaxis(features, -3, -1), np.float32)


class BabelRelease:
    """A folder of the released features, for recognition."""

    def __init__(self, config: DataConfig):
        require("data.skeleton", config.skeleton, ("ntu25", "ntu21"))
        if (config.frames, config.fps, config.normalise) != (FRAMES, FPS, "babel"):
            raise InputError(
                f"BABEL's features are clips already, of {FRAMES} frames at {FPS:g} fps, "
                "normalised: data.frames, data.fps and data.normalise=babel cannot be changed"
            )
        check_folder(config)
        self._root = pathlib.Path(config.root)
        self._config = config
        self._skeleton = {"ntu25": NTU25, "ntu21": NTU21}[config.skeleton]
        self.categories = categories(config.categories)
        self._loaded = functools.cache(self._load)

    def files(self, split: str) -> list[tuple[str, int, int]]:
        """A split's rows in blocks: split, start and stop."""
        count = len(self.clips(split))
        return [(split, start, min(start + BLOCK, count)) for start in range(0, count, BLOCK)]

    def read_clips(self, file: tuple[str, int, int]) -> tuple[ClipSet, tuple[str, ...]]:
        """The clips of a block; nothing of it can be left out."""
        split, start, stop = file
        return self._loaded(split).select(np.arange(start, stop)), ()

    def depends_on(self, file: tuple[str, int, int]) -> tuple[str, tuple[pathlib.Path, ...]]:
        """The block; the features and the labels."""
        return repr(file), self._paths(file[0])

    def clips(self, split: str) -> ClipSet:
        """A split's rows in the file's order: a clip of several categories is several rows.

        Raises:
          InputError: a file is missing, damaged, or does not fit the other.
        """
        clips = self._loaded(split)
        if split == "train" and not self._config.extra:
            _warn_unless_published(self._config.categories, len(clips))
        return clips

    def _load(self, split: str) -> ClipSet:
        count = self._config.categories
        features_path, labels_path = self._paths(split)
        for path in (features_path, labels_path):
            if not path.is_file():
                raise InputError(f"{path}: there is no such file{self._found()}")
        features = ReleasedFeatures(features_path, len(self._skeleton.joints))
        segments, labels, starts = _read_labels(labels_path, count)
        if len(labels) != len(features):
            raise InputError(
                f"{labels_path}: {len(labels)} labels, and {features_path.name} has "
                f"{len(features)} clips"
            )
        names = [self.categories[label] if label >= 0 else "" for label in labels]
        return ClipSet(
            features,
            np.full(len(labels), FRAMES, np.int32),
            tuple((name,) for name in names),
            labels,
            self.categories,
            # The release does not say where in its file a segment is.
            segments,
            segments,
            starts,
            starts + FRAMES / FPS,
            self._skeleton,
            FPS,
        )

    def _paths(self, split: str) -> tuple[pathlib.Path, pathlib.Path]:
        """The features and the labels of a split."""
        part = f"{split}_extra" if self._config.extra else split
        count = self._config.categories
        return self._root / f"{part}_ntu_sk_{count}.npy", self._root / f"{part}_label_{count}.pkl"

    def _found(self) -> str:
        names = sorted(path.name for path in self._root.glob("*_ntu_sk_*.npy"))
        return f"; the folder has: {', '.join(names) or 'no *_ntu_sk_*.npy'}"


def _warn_unless_published(count: int, rows: int) -> None:
    published = PUBLISHED_TRAIN.get(count, rows)
    if rows != published:
        logging.getLogger(__name__).warning(
            "BABEL-%d: the training set has %d clips, and %d as published", count, rows, published
        )


def _read_labels(path: pathlib.Path, count: int) -> tuple[tuple[str, ...], np.ndarray, np.ndarray]:
    """Segments, categories and starts in seconds of the segment, row by row."""
    content = read_pickle(path)
    try:
        segments, (labels, sequences, chunks, annotators) = content
        lengths = {len(column) for column in (segments, labels, sequences, chunks, annotators)}
        numbers = np.array([int(label) for label in labels], np.int32)
        pieces = np.array([int(chunk) for chunk in chunks], np.int32)
    except (TypeError, ValueError, OverflowError):
        lengths, segments, numbers, pieces = set(), (), np.zeros(0, np.int32), np.zeros(0, np.int32)
    # Not any object's str: that of lists in lists in lists can take for ever.
    if len(lengths) != 1 or not all(isinstance(segment, str) for segment in segments):
        raise InputError(
            f"{path}: expected (seg_ids, (categories, sids, chunk_ns, anntr_ids)), five lists of "
            "one length, the first of texts"
        )
    if len(pieces) and np.min(pieces) < 0:
        raise InputError(f"{path}: a chunk_n is {np.min(pieces)}; expected numbers from 0")
    if len(numbers) and not -1 <= np.min(numbers) <= np.max(numbers) < count:
        raise InputError(
            f"{path}: categories from {np.min(numbers)} to {np.max(numbers)}; BABEL-{count} has 0 "
            f"to {count - 1}, and -1 for none"
        )
    return tuple(map(whole_text, segments)), numbers, pieces * (FRAMES / FPS)

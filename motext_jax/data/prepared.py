"""A data set that `prepare` has written, as clips again.

OUT/NAME/VERSION/*.array_record-*   the clips
OUT/NAME/VERSION/motext_jax.json    how they were made, their skeleton and categories
OUT/NAME/VERSION/index_SPLIT.json   everything of each example but its clip, in their order
OUT/NAME/VERSION/inputs_SPLIT.json  what it was made of, file by file; see `data.inputs`
OUT/NAME/VERSION/clips_SPLIT.npy    all clips of a split as one array, made when it is first read
"""

import dataclasses
import json
import math
import pathlib
import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import tensorflow_datasets as tfds
from array_record.python.array_record_data_source import ArrayRecordDataSource
from jaxtyping import Float

from motext_jax.config import DataConfig, require, settings
from motext_jax.config.data import renamed
from motext_jax.data.annotated import no_split
from motext_jax.data.builders import clip_features
from motext_jax.data.clips import ClipArray, ClipSet
from motext_jax.errors import InputError
from motext_jax.motion.array_file import map_array
from motext_jax.runtime import host
from motext_jax.shown import quoted, shown
from motext_jax.skeleton import Skeleton
from motext_jax.whole_file import whole

DESCRIPTION = "motext_jax.json"

FORMAT = 2
"""Format number of a data set's files; other numbers are refused."""

BLOCK = 256
"""Clips that are read at once to make one array of all."""


def index_name(split: str) -> str:
    """The name of a split's index."""
    return f"index_{split}.json"


def inputs_name(split: str) -> str:
    """The name of the list of what a split was made of."""
    return f"inputs_{split}.json"


@dataclasses.dataclass
class Index:
    """All of a split's examples but their clips, column by column as in a `ClipSet`."""

    files: list[str] = dataclasses.field(default_factory=list)
    segments: list[str] = dataclasses.field(default_factory=list)
    starts: list[float] = dataclasses.field(default_factory=list)
    ends: list[float] = dataclasses.field(default_factory=list)
    captions: list[list[str]] = dataclasses.field(default_factory=list)
    categories: list[int] = dataclasses.field(default_factory=list)
    lengths: list[int] = dataclasses.field(default_factory=list)

    def __len__(self) -> int:
        return len(self.files)

    def extend(self, other: "Index") -> None:
        """Adds the examples of another index after its own."""
        for field in dataclasses.fields(self):
            getattr(self, field.name).extend(getattr(other, field.name))

    @classmethod
    def of(cls, clips: ClipSet) -> "Index":
        """The index of clips at hand."""
        return cls(
            list(clips.files),
            list(clips.segments),
            clips.starts.tolist(),
            clips.ends.tolist(),
            [list(captions) for captions in clips.captions],
            clips.categories.tolist(),
            clips.lengths.tolist(),
        )


class Records:
    """A split's clips in its array_record files, read when they are indexed.

    TFDS's own metadata, which names Python classes to import, is not read.

    Attributes:
      shape: (n, frames, joints, 3), as of an array.
    """

    def __init__(self, folder: pathlib.Path, split: str, shape: tuple[int, ...]):
        self._folder = folder
        try:
            self._source = ArrayRecordDataSource(shards(folder, split))
        except (RuntimeError, ValueError, OSError) as error:
            raise self._damaged(error) from None
        # The rest of an example is in the index.
        clip = clip_features(shape[1])["clip"]
        self._features = tfds.features.FeaturesDict({"clip": clip})
        self.shape = (len(self._source), *shape)

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, rows: Any) -> Float[np.ndarray, "m t v 3"]:
        """Clips by number, as an array's."""
        numbers = np.arange(len(self))[rows].tolist()
        clips = np.empty((len(numbers), *self.shape[1:]), np.float32)
        if not numbers:
            return clips
        try:
            records = self._source.__getitems__(numbers)
        except (RuntimeError, ValueError, OSError) as error:
            raise self._damaged(error) from None
        for place, number, record in zip(clips, numbers, records, strict=True):
            try:
                clip = self._features.deserialize_example_np(record)["clip"]
            # protobuf's and TFDS's errors have no common base.
            except Exception as error:
                raise self._damaged(f"record {number}: {error}") from None
            if np.shape(clip) != place.shape:
                raise self._damaged(
                    f"record {number} has shape {np.shape(clip)}, not {place.shape}"
                )
            place[:] = clip
        return clips

    def _damaged(self, why: object) -> InputError:
        return InputError(
            f"{self._folder}: a record file is damaged ({why}); remove the folder and prepare the "
            "data set anew"
        )


def shards(folder: pathlib.Path, split: str) -> list[pathlib.Path]:
    """A split's record files in their order, by TFDS's names.

    Raises:
      InputError: there are none, one of them is missing, or they are of several data sets.
    """
    name = re.compile(rf"(.+)-{re.escape(split)}\.array_record-(\d{{5,}})-of-(\d{{5,}})")
    found = {path: name.fullmatch(path.name) for path in sorted(folder.iterdir())}
    parts = {path: match.groups() for path, match in found.items() if match}
    heads = {(head, count) for head, _, count in parts.values()}
    numbers = sorted(int(number) for _, number, _ in parts.values())
    whole = len(heads) == 1 and int(next(iter(heads))[1]) == len(numbers)
    if not whole or numbers != list(range(len(numbers))):
        raise InputError(
            f"{folder}: {len(parts)} record files of {split}, which are not one whole set; prepare "
            "the data set anew"
        )
    return sorted(parts, key=lambda path: int(parts[path][1]))


class PreparedSet:
    """A folder that `prepare` wrote, by its own path or TFDS's data_dir above it."""

    def __init__(self, config: DataConfig):
        require("data.read", config.read, ("auto", "array", "records"))
        self._folder = find_prepared(pathlib.Path(config.prepared), config)
        description = _described(self._folder)
        try:
            self._made = completed(description["recipe"])
            self._skeleton = Skeleton.from_dict(description["skeleton"])
            self._left_out = _left_out(description)
            self._read_as = _read_as(description)
            self.categories = tuple(map(_text, _list(description["categories"])))
        except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
            raise damaged(self._folder / DESCRIPTION, error) from None
        self._read = config.read
        _check_alike(config, self._made, self._folder)

    def clips(self, split: str) -> ClipSet:
        """A split's clips in the order they were written in."""
        path = self._folder / index_name(split)
        if not path.is_file():
            indices = self._folder.glob(index_name("*"))
            raise no_split(self._folder, split, (p.stem.removeprefix("index_") for p in indices))
        index = _read_index(path, len(self.categories))
        return ClipSet(
            self._clips(split, len(index)),
            np.asarray(index.lengths, np.int32),
            tuple(map(tuple, index.captions)),
            np.asarray(index.categories, np.int32),
            self.categories,
            tuple(index.files),
            tuple(index.segments),
            np.asarray(index.starts, float),
            np.asarray(index.ends, float),
            self._skeleton,
            self._made["fps"],
            self.left_out(split),
            self._read_as,
        )

    def left_out(self, split: str) -> tuple[str, ...]:
        """A sentence for each file or row of a split that could not be read."""
        return self._left_out.get(split, ())

    def _clips(self, split: str, count: int) -> ClipArray:
        shape = (self._made["frames"], len(self._skeleton.joints), 3)
        records = Records(self._folder, split, shape)
        if len(records) != count:
            raise InputError(f"{self._folder}: {split} has {len(records)} records, not {count}")
        size = 4 * count * int(np.prod(shape))
        if self._read == "records" or (self._read == "auto" and size > host.memory() // 2):
            return records
        array = self._folder / f"clips_{split}.npy"
        if not array.is_file():
            _write_array(array, records)
        clips = map_array(array)
        if (clips.shape, clips.dtype) != ((count, *shape), np.float32):
            raise InputError(
                f"{array}: {clips.dtype} of shape {clips.shape}; expected float32 of shape "
                f"{(count, *shape)}: remove it, and it is made anew"
            )
        return clips


def find_prepared(root: pathlib.Path, config: DataConfig) -> pathlib.Path:
    """The prepared data set at a folder, or the one under it that was made as the config asks.

    Raises:
      InputError: there is none, or of several none or more than one was made so.
    """
    if (root / DESCRIPTION).is_file():
        return root
    # TFDS's own unfinished folders have names that are no version.
    found = sorted(
        path.parent
        for path in root.glob(f"*/*/{DESCRIPTION}")
        if path.parent.name.replace(".", "").isdigit()
    )
    # A set that an earlier version prepared may stand beside this version's.
    found = [folder for folder in found if _format(folder) == FORMAT] or found
    if len(found) > 1:
        same = [folder for folder in found if not _differing(config, _described(folder)["recipe"])]
        found = same if len(same) == 1 else found
    if len(found) != 1:
        names = ", ".join(str(path.relative_to(root)) for path in found)
        raise InputError(
            f"data.prepared is {str(root)!r}, which holds "
            + (f"several data sets, {names}: name one" if found else "no prepared data set")
        )
    return found[0]


def _left_out(description: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """The sentences for each split; an earlier version did not say of which they are."""
    found = description.get("summary", {}).get("left_out", {})
    return {split: tuple(map(_text, _list(reasons))) for split, reasons in found.items()}


def _read_as(description: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Files and their sentences; an earlier version did not say of which file they are."""
    found = _list(description.get("summary", {}).get("read_as", []))
    pairs = [("", pair) if isinstance(pair, str) else pair for pair in found]
    return tuple((_text(file), _text(said)) for file, said in pairs)


def _format(folder: pathlib.Path) -> Any:
    return read_document(folder / DESCRIPTION).get("format", 1)


def _described(folder: pathlib.Path) -> dict[str, Any]:
    if _format(folder) != FORMAT:
        raise InputError(
            f"{folder} was prepared by another version of motext_jax, which wrote its clips in "
            "another format; prepare the data set anew"
        )
    return read_document(folder / DESCRIPTION)


def _read_index(path: pathlib.Path, categories: int) -> Index:
    """A split's index, once its columns are seen to be of one length and of the right types."""
    try:
        index = Index(**read_document(path))
        columns = map(_list, vars(index).values())
        for file, segment, start, end, captions, category, length in zip(*columns, strict=True):
            _ = [_text(text) for text in (file, segment, *_list(captions))]
            numbers = math.isfinite(start) and math.isfinite(end) and type(length) is int
            if not captions or not numbers or category not in range(-1, categories):
                raise ValueError(f"the row of {shown(file)!r}")
    except (TypeError, ValueError) as error:
        raise damaged(path, error) from None
    return index


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError(f"{quoted(value)} is no list")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{quoted(value)} is no text")
    return value


def read_document(path: pathlib.Path) -> dict[str, Any]:
    """One of a set's JSON objects; raises InputError where it is damaged."""
    try:
        tree = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise damaged(path, error) from None
    if not isinstance(tree, dict):
        raise damaged(path, "no JSON object")
    return tree


def damaged(path: pathlib.Path, why: object) -> InputError:
    """The error for one of a set's files that is not as it was written."""
    return InputError(f"{path}: damaged ({why}); remove the folder, and prepare the data set anew")


def recipe(config: DataConfig) -> dict[str, Any]:
    """The options that decide what the clips are, but for the folders they came from."""
    declared = settings(config)
    return {s.path: s.value for s in declared if s.option.decides_clips_of(config.source)}


def places(config: DataConfig) -> dict[str, str]:
    """The folders that the clips come from, which may be elsewhere or gone when a set is read."""
    return {s.path: s.value for s in settings(config) if s.option.place}


def completed(made: Mapping[str, Any]) -> dict[str, Any]:
    """A set's recipe in the names of now, with the default of each option that is newer."""
    return {s.path: s.default for s in settings(DataConfig())} | renamed(made)


def _differing(config: DataConfig, made: Mapping[str, Any]) -> str:
    """The first option that would have made the clips otherwise; empty if there is none."""
    before = completed(made)
    return next((name for name, asked in recipe(config).items() if asked != before[name]), "")


def _check_alike(config: DataConfig, made: Mapping[str, Any], folder: pathlib.Path) -> None:
    """The clips are made: an option that would have made them otherwise must not go unnoticed."""
    if name := _differing(config, made):
        before = completed(made)[name]
        raise InputError(
            f"{folder} was prepared with data.{name}={before}, and {getattr(config, name)} is "
            f"asked for; pass --config.data.{name}={before}, or prepare the data set anew"
        )


def _write_array(path: pathlib.Path, records: Records) -> None:
    """All clips as one .npy file, which appears when it is whole."""
    with whole(path) as place:
        array = np.lib.format.open_memmap(place, "w+", np.float32, records.shape)
        for start in range(0, len(records), BLOCK):
            array[start : start + BLOCK] = records[start : start + BLOCK]
        array.flush()

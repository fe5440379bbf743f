"""A shard: some files of a split, which one process turns into one record file and its table."""

import contextlib
import dataclasses
import json
import os
import pathlib
from collections.abc import Sequence
from typing import Any

import numpy as np
from array_record.python.array_record_module import ArrayRecordWriter

from motext_jax.config import DataConfig
from motext_jax.data.builders import clip_features
from motext_jax.data.clips import ClipSet
from motext_jax.data.inputs import Inputs
from motext_jax.data.prepared import Index, PreparedSet
from motext_jax.data.sources import open_files
from motext_jax.skeleton import Skeleton
from motext_jax.whole_file import whole, write_text


@dataclasses.dataclass(frozen=True)
class Held:
    """A file's part of the set before.

    Attributes:
      inputs: fingerprint of what its clips are made of.
      first: first row of its clips.
      count: number of its clips.
      left_out: a sentence for each thing that was left out of it.
      read_as: see `ClipSet.read_as`.
    """

    inputs: Inputs
    first: int
    count: int
    left_out: tuple[str, ...]
    read_as: tuple[tuple[str, str], ...] = ()


@dataclasses.dataclass(frozen=True)
class Piece:
    """A file of a source; `held` is None where it has to be read."""

    file: Any
    held: Held | None = None


@dataclasses.dataclass(frozen=True)
class Shard:
    """A unit of work: files of a split that one process turns into one record file.

    Attributes:
      config: the source and the options of its clips.
      split: name of the split.
      pieces: the files.
      path: the record file.
      before: folder of the set before, which holds the clips of some pieces.
    """

    config: DataConfig
    split: str
    pieces: Sequence[Piece]
    path: pathlib.Path
    before: pathlib.Path | None = None

    @property
    def table(self) -> pathlib.Path:
        """The shard's table of contents, written once the shard is whole."""
        return self.path.with_name(f"{self.path.name}.json")


def write_shard(shard: Shard) -> None:
    """Writes a shard's clips, and then its table, which says that the shard is whole."""
    source = open_files(shard.config)
    index, made, skeleton = Index(), [], None
    before = _before(shard, source.categories)
    with (
        whole(shard.path) as place,
        contextlib.closing(ArrayRecordWriter(os.fspath(place), "group_size:1")) as writer,
    ):
        for piece in shard.pieces:
            clips: ClipSet | None
            if piece.held is not None and before is not None:
                inputs, left_out = piece.held.inputs, piece.held.left_out
                read_as = piece.held.read_as
                clips = before.select(np.arange(piece.held.count) + piece.held.first)
            else:
                # Before it is read: what changes meanwhile is seen the next time.
                inputs = Inputs.of(source, piece.file)
                clips, left_out = source.read_clips(piece.file)
                read_as = () if clips is None else clips.read_as
            count = 0 if clips is None else len(clips)
            kept = {"clips": count, "left_out": list(left_out), "read_as": list(read_as)}
            made.append({**dataclasses.asdict(inputs), **kept})
            if clips is None or not count:
                continue
            skeleton = skeleton or clips.skeleton
            skeleton.require_same(clips.skeleton, clips.files[0])
            write_records(clips, writer)
            index.extend(Index.of(clips))
    Written(shard, index, made, skeleton).write()


def _before(shard: Shard, categories: Sequence[str]) -> ClipSet | None:
    """The clips of the set before, in the categories of this one, if any of them are needed."""
    if not any(piece.held for piece in shard.pieces):
        return None
    config = dataclasses.replace(shard.config, prepared=str(shard.before), read="records")
    clips = PreparedSet(config).clips(shard.split)
    number = {name: k for k, name in enumerate(categories)}
    # No category is -1, which finds the last entry: -1 as well.
    new = np.array([*(number.get(name, -1) for name in clips.category_names), -1], np.int32)
    return dataclasses.replace(
        clips, categories=new[clips.categories], category_names=tuple(categories)
    )


@dataclasses.dataclass(frozen=True)
class Written:
    """A whole shard and its table of contents; it has no skeleton if it has no clip.

    Attributes:
      shard: the shard.
      index: everything of its examples but their clips.
      made: the fingerprint of each piece, its number of clips and what is left out of it.
      skeleton: the skeleton of its clips.
    """

    shard: Shard
    index: Index
    made: list[dict[str, Any]]
    skeleton: Skeleton | None

    def write(self) -> None:
        table = {
            "index": dataclasses.asdict(self.index),
            "made": self.made,
            "skeleton": dataclasses.asdict(self.skeleton) if self.skeleton else None,
        }
        write_text(json.dumps(table), self.shard.table)

    @classmethod
    def read(cls, shard: Shard) -> "Written":
        table = json.loads(shard.table.read_text())
        own = table["skeleton"]
        skeleton = Skeleton.from_dict(own) if own else None
        return cls(shard, Index(**table["index"]), table["made"], skeleton)


def write_records(clips: ClipSet, writer: ArrayRecordWriter) -> None:
    """Writes each clip as an example of `builders`."""
    features = clip_features(len(clips.skeleton.joints))
    for row in range(len(clips)):
        writer.write(features.serialize_example(features.encode_example(_example(clips, row))))


def _example(clips: ClipSet, row: int) -> dict[str, Any]:
    return {
        "clip": clips.clips[row : row + 1][0],
        "length": int(clips.lengths[row]),
        "captions": list(clips.captions[row]),
        "category": int(clips.categories[row]),
        "file": clips.files[row],
        "segment": clips.segments[row],
        "start": float(clips.starts[row]),
        "end": float(clips.ends[row]),
    }

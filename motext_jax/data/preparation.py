"""From a source's files to a data set of clips on the disk, in several processes.

Each process turns a handful of files into a shard, a whole array_record file that appears under its
name when it is complete. A preparation that was killed goes on with the shards that are missing;
when all are there, TFDS's own metadata makes them a data set, in one renaming.
"""

import collections
import concurrent.futures
import contextlib
import dataclasses
import hashlib
import io
import json
import multiprocessing
import os
import pathlib
import shutil
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from array_record.python.array_record_module import ArrayRecordWriter

from motext_jax import __version__
from motext_jax.config import DataConfig
from motext_jax.data.builders import ClipBuilder, clip_features
from motext_jax.data.clips import ClipSet
from motext_jax.data.prepared import (
    DESCRIPTION,
    FORMAT,
    Index,
    completed,
    index_name,
    places,
    recipe,
)
from motext_jax.data.sources import open_files
from motext_jax.errors import InputError
from motext_jax.runtime.signals import hold_interrupts
from motext_jax.skeleton import Skeleton
from motext_jax.whole_file import whole, write_text

SHARDS = 64
SHARD_FILES = (4, 64)
"""Shards of a split, and the least and the most motion files of a shard: enough shards to share out
among processes, and not too many files."""


@dataclasses.dataclass(frozen=True)
class Shard:
    """A unit of work: files of a split that one process turns into one record file."""

    config: DataConfig
    split: str
    files: Sequence[Any]
    path: pathlib.Path

    @property
    def table(self) -> pathlib.Path:
        """The shard's table of contents, written once the shard is whole."""
        return self.path.with_suffix(".json")


@dataclasses.dataclass(frozen=True)
class Summary:
    """The outcome of a preparation.

    Attributes:
      clips: number of clips of each split.
      hours: hours of motion in the clips, without repetitions within a clip.
      categories: number of clips of each category, the most frequent first.
      skipped: reason for each file that could not be read.
    """

    clips: dict[str, int]
    hours: float
    categories: dict[str, int]
    skipped: list[str]


def prepare(
    config: DataConfig,
    builder: type[ClipBuilder],
    out: pathlib.Path,
    *,
    splits: Sequence[str],
    processes: int,
    limit: int = 0,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> tuple[pathlib.Path, Summary, bool]:
    """Writes a source's clips as a TFDS data set.

    Args:
      config: the source and the options of its clips.
      builder: the data set, one of `builders`.
      out: TFDS's data_dir; the data set is OUT/NAME/VERSION.
      splits: names of the source's splits to prepare.
      processes: number of worker processes.
      limit: number of files to read of each split, from the first; 0 for all.
      progress: called with the number of finished shards and the number of all.

    Returns:
      The data set's folder, its summary, and True if it was there before.

    Raises:
      InputError: the source is not there, none of a split's files can be read, their skeletons
        differ, or another data set stands there already.
    """
    target = out / builder.name / str(builder.VERSION)
    asked = {
        "format": FORMAT,
        "recipe": recipe(config),
        "places": {name: _absolute(folder) for name, folder in places(config).items()},
        "limit": limit,
        "splits": list(splits),
    }
    if target.exists():
        description = target / DESCRIPTION
        held = json.loads(description.read_text()) if description.is_file() else {}
        if "recipe" in held:
            held["recipe"] = completed(held["recipe"])
        if differing := _first_difference(held, asked):
            raise InputError(
                f"{target}: holds another data set already, with {differing}; choose another "
                "--out, or remove it"
            )
        return target, Summary(**held["summary"]), True
    source = open_files(config)
    files = {split: list(source.files(split))[: limit or None] for split in splits}
    # Other files, as after a table is mended, make another preparation.
    digest = hashlib.sha256(f"{json.dumps(asked, sort_keys=True)}{files!r}".encode()).hexdigest()
    staging = out / f"{builder.name}.partial-{digest[:12]}"
    shards = [
        Shard(config, split, of[start : start + size], staging / f"{split}-{start:06d}")
        for split, of in files.items()
        for size in [int(np.clip(len(of) // SHARDS, *SHARD_FILES))]
        for start in range(0, len(of), size)
    ]
    staging.mkdir(parents=True, exist_ok=True)
    _write_all(shards, processes, progress)
    written = [_Written.read(shard) for shard in shards]
    summary = _summary(splits, written, source.categories, config.fps)
    for split, count in summary.clips.items():
        if not count:
            reasons = "; ".join(summary.skipped[:3])
            raise InputError(f"none of the files of {split} could be read: {reasons}")
    filled = [(one, one.skeleton) for one in written if one.skeleton is not None]
    skeleton = filled[0][1]
    for one, own in filled:
        skeleton.require_same(own, one.index.files[0])
    description = {
        "version": __version__,
        **asked,
        "skeleton": dataclasses.asdict(skeleton),
        "categories": list(source.categories),
        "summary": dataclasses.asdict(summary),
    }
    documents: dict[str, Any] = {DESCRIPTION: description}
    parts: dict[str, list[tuple[pathlib.Path, int]]] = {}
    for split in splits:
        index = Index()
        for one, _ in filled:
            if one.shard.split == split:
                index.extend(one.index)
                parts.setdefault(split, []).append((one.shard.path, len(one.index)))
        documents[index_name(split)] = dataclasses.asdict(index)
    made = builder(data_dir=out, joints=len(skeleton.joints), shards=parts, documents=documents)
    # TFDS reports a download, and there is none.
    with contextlib.redirect_stdout(io.StringIO()):
        made.download_and_prepare(download_dir=staging)
    shutil.rmtree(staging)
    for unfinished in target.parent.glob("*incomplete*"):
        shutil.rmtree(unfinished)
    return target, summary, False


def _first_difference(held: dict[str, Any], asked: dict[str, Any], path: str = "") -> str:
    """The first value that differs from the one asked for, in words; empty if none does."""
    for name, value in asked.items():
        before = held.get(name)
        if isinstance(value, dict) and isinstance(before, dict):
            if differing := _first_difference(before, value, f"{name} "):
                return differing
        elif before != value:
            return f"{path}{name} {before!r} and not {value!r}"
    return ""


def _absolute(place: str) -> str:
    return os.path.abspath(place) if place else ""


def _write_all(
    shards: Sequence[Shard], processes: int, progress: Callable[[int, int], None]
) -> None:
    # Files that were skipped then may be readable now.
    missing = [
        shard
        for shard in shards
        if not shard.table.exists() or json.loads(shard.table.read_text())["skipped"]
    ]
    done = len(shards) - len(missing)
    progress(done, len(shards))
    if processes == 1:
        for number, shard in enumerate(missing, start=1):
            write_shard(shard)
            progress(done + number, len(shards))
        return
    # Spawned: a forked process would inherit the caller's threads.
    context = multiprocessing.get_context("spawn")
    pool = concurrent.futures.ProcessPoolExecutor(processes, context, _end_with_parent)
    others = set(multiprocessing.active_children())
    with pool:
        try:
            with hold_interrupts():
                waiting = [pool.submit(write_shard, shard) for shard in missing]
            for future in concurrent.futures.as_completed(waiting):
                future.result()
                done += 1
                progress(done, len(shards))
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            # Their shards are half done; a later preparation writes them again.
            for worker in set(multiprocessing.active_children()) - others:
                worker.terminate()
            raise


def _end_with_parent() -> None:
    """Ends a worker whose parent was killed; it would wait for work for ever."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def write_shard(shard: Shard) -> None:
    """Writes a shard's clips, and then its table, which says that the shard is whole."""
    source = open_files(shard.config)
    index = Index()
    skipped: list[str] = []
    skeleton = None
    with (
        whole(shard.path) as place,
        contextlib.closing(ArrayRecordWriter(os.fspath(place), "group_size:1")) as writer,
    ):
        for file in shard.files:
            try:
                clips = source.read_clips(file)
            except InputError as error:
                skipped.append(str(error))
                continue
            if not len(clips):
                continue
            skeleton = skeleton or clips.skeleton
            skeleton.require_same(clips.skeleton, clips.files[0])
            write_records(clips, writer)
            index.extend(Index.of(clips))
    _Written(shard, index, skipped, skeleton).write()


@dataclasses.dataclass(frozen=True)
class _Written:
    """A whole shard and its table of contents; it has no skeleton if it has no clip."""

    shard: Shard
    index: Index
    skipped: list[str]
    skeleton: Skeleton | None

    def write(self) -> None:
        table = {
            "index": dataclasses.asdict(self.index),
            "skipped": self.skipped,
            "skeleton": dataclasses.asdict(self.skeleton) if self.skeleton else None,
        }
        write_text(json.dumps(table), self.shard.table)

    @classmethod
    def read(cls, shard: Shard) -> "_Written":
        table = json.loads(shard.table.read_text())
        own = table["skeleton"]
        skeleton = Skeleton.from_dict(own) if own else None
        return cls(shard, Index(**table["index"]), table["skipped"], skeleton)


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


def _summary(
    splits: Sequence[str], written: Sequence[_Written], categories: Sequence[str], fps: float
) -> Summary:
    counts = collections.Counter(category for one in written for category in one.index.categories)
    return Summary(
        {
            split: sum(len(one.index) for one in written if one.shard.split == split)
            for split in splits
        },
        sum(sum(one.index.lengths) for one in written) / fps / 3600,
        {categories[category]: count for category, count in counts.most_common() if category >= 0},
        [why for one in written for why in one.skipped],
    )

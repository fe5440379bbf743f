"""From a source's files to a data set of clips on the disk, in several processes.

Each process turns a handful of files into a shard, a whole array_record file that appears under its
name when it is complete. A preparation that was killed goes on with the shards that are missing;
when all are there, TFDS's own metadata makes them a data set, in one renaming.
"""

import collections
import contextlib
import dataclasses
import hashlib
import io
import json
import os
import pathlib
import shutil
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from motext_jax import __version__
from motext_jax.config import DataConfig
from motext_jax.data.builders import ClipBuilder
from motext_jax.data.inputs import Inputs, said
from motext_jax.data.prepared import (
    DESCRIPTION,
    FORMAT,
    Index,
    completed,
    damaged,
    index_name,
    inputs_name,
    places,
    read_document,
    recipe,
)
from motext_jax.data.reading import ClipFiles, check_left_out
from motext_jax.data.shard import Held, Piece, Shard, Written, write_shard
from motext_jax.data.sources import open_files
from motext_jax.data.workers import in_processes
from motext_jax.errors import InputError
from motext_jax.runtime.lock import alone

PARTIAL = ".partial-"
"""The end of the name of a folder with an unfinished set's shards, before its digest."""

SHARDS = 64
SHARD_FILES = (4, 64)
"""Shards of a split, and the least and the most motion files of a shard: enough shards to share out
among processes, and not too many files."""


@dataclasses.dataclass(frozen=True)
class Summary:
    """The outcome of a preparation.

    Attributes:
      clips: number of clips of each split.
      hours: hours of motion in the clips, without repetitions within a clip.
      categories: number of clips of each category, the most frequent first.
      left_out: for each split a sentence for each file or row that could not be read.
      read_as: the pairs of `ClipSet.read_as` of all splits.
    """

    clips: dict[str, int]
    hours: float
    categories: dict[str, int]
    left_out: dict[str, list[str]]
    read_as: list[tuple[str, str]] = dataclasses.field(default_factory=list)


def prepare(
    config: DataConfig,
    builder: type[ClipBuilder],
    out: pathlib.Path,
    *,
    splits: Sequence[str],
    processes: int,
    limit: int = 0,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> tuple[pathlib.Path, Summary, int | None]:
    """Writes a source's clips as a TFDS data set.

    Where the same set was prepared before, only the files and rows that have changed since are
    read; the clips of the others are taken over.

    Args:
      config: the source and the options of its clips.
      builder: the data set, one of `builders`.
      out: TFDS's data_dir; the data set is OUT/NAME/VERSION.
      splits: names of the source's splits to prepare.
      processes: number of worker processes.
      limit: number of files to read of each split, from the first; 0 for all.
      progress: called with the number of finished shards and the number of all.

    Returns:
      The data set's folder, its summary, and the number of files that were read; None where all is
      as it was prepared before.

    Raises:
      InputError: the source is not there, none of a split's files can be read, one cannot and
        `data.strict` is True, their skeletons differ, another data set stands there already, or
        another process is at work on it.
    """
    target = out / builder.name / str(builder.VERSION)
    asked = {
        "format": FORMAT,
        "recipe": recipe(config),
        "places": {name: _absolute(folder) for name, folder in places(config).items()},
        "limit": limit,
        "splits": list(splits),
    }
    _check_same_set(target, asked)
    source = open_files(config)
    files = {split: list(source.files(split))[: limit or None] for split in splits}
    with alone(out / builder.name):
        # Another process may have come first.
        _check_same_set(target, asked)
        return _prepared(config, builder, out, source, files, asked, processes, progress)


def _prepared(
    config: DataConfig,
    builder: type[ClipBuilder],
    out: pathlib.Path,
    source: ClipFiles,
    files: Mapping[str, Sequence[Any]],
    asked: Mapping[str, Any],
    processes: int,
    progress: Callable[[int, int], None],
) -> tuple[pathlib.Path, Summary, int | None]:
    """The data set as `asked`, once no other process is at work on it."""
    target = out / builder.name / str(builder.VERSION)
    pieces, same = _compared(source, files, target)
    if same:
        summary = _held_summary(target)
        _check_strict(summary, config.strict)
        return target, summary, None
    # Other files, as after a table is mended, make another preparation.
    content = json.dumps([asked, source.categories], sort_keys=True)
    digest = hashlib.sha256(f"{content}{files!r}".encode(errors="surrogatepass")).hexdigest()
    staging = out / f"{builder.name}{PARTIAL}{digest[:12]}"
    shards = [
        Shard(
            config,
            split,
            of[start : start + size],
            staging / f"{split}-{start:06d}",
            target if target.exists() else None,
        )
        for split, of in pieces.items()
        for size in [int(np.clip(len(of) // SHARDS, *SHARD_FILES))]
        for start in range(0, len(of), size)
    ]
    staging.mkdir(parents=True, exist_ok=True)
    _write_all(source, shards, processes, progress)
    written = [Written.read(shard) for shard in shards]
    summary = _summary(list(files), written, source.categories, config.fps)
    for split, count in summary.clips.items():
        check_left_out(summary.left_out[split], split, anything=bool(count), strict=config.strict)
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
    for split in files:
        index = Index()
        for one, _ in filled:
            if one.shard.split == split:
                index.extend(one.index)
                parts.setdefault(split, []).append((one.shard.path, len(one.index)))
        documents[index_name(split)] = dataclasses.asdict(index)
        documents[inputs_name(split)] = [
            made for one in written if one.shard.split == split for made in one.made
        ]
    if target.exists():
        # All shards are whole, so a preparation that is killed from here on needs it no more.
        target.rename(staging / "before")
    made = builder(data_dir=out, joints=len(skeleton.joints), shards=parts, documents=documents)
    # TFDS reports a download, and there is none.
    with contextlib.redirect_stdout(io.StringIO()):
        made.download_and_prepare(download_dir=staging)
    # Also what was begun with other options and stopped: its place is taken.
    for unfinished in (*out.glob(f"{builder.name}{PARTIAL}*"), *target.parent.glob("*incomplete*")):
        shutil.rmtree(unfinished)
    read = sum(piece.held is None for of in pieces.values() for piece in of)
    return target, summary, read


def _description(target: pathlib.Path) -> dict[str, Any]:
    path = target / DESCRIPTION
    return read_document(path) if path.is_file() else {}


def _held_summary(target: pathlib.Path) -> Summary:
    try:
        return Summary(**_description(target)["summary"])
    except (KeyError, TypeError) as error:
        raise damaged(target / DESCRIPTION, error) from None


def _check_same_set(target: pathlib.Path, asked: Mapping[str, Any]) -> None:
    """Raises InputError where a set that stands there is of other options."""
    if not target.exists():
        return
    held = _description(target)
    try:
        if "recipe" in held:
            held["recipe"] = completed(held["recipe"])
        if "places" in held:
            # A set from before a place was an option had none.
            held["places"] = {**dict.fromkeys(asked["places"], ""), **held["places"]}
    except (AttributeError, TypeError) as error:
        raise damaged(target / DESCRIPTION, error) from None
    if differing := _first_difference(held, asked):
        raise InputError(
            f"{target}: holds another data set already, with {differing}; choose another "
            "--out, or remove it"
        )


def _check_strict(summary: Summary, strict: bool) -> None:
    for split, reasons in summary.left_out.items():
        check_left_out(reasons, split, anything=True, strict=strict)


def _compared(
    source: ClipFiles, files: Mapping[str, Sequence[Any]], target: pathlib.Path
) -> tuple[dict[str, list[Piece]], bool]:
    """The pieces of each split with what the set before holds of them; True if it is this one."""
    same = _description(target).get("categories") == list(source.categories)
    pieces = {}
    for split, of in files.items():
        before = _held(target, split)
        by_text = {held.inputs.said: held for held in before}
        pieces[split] = [_compared_piece(source, file, by_text) for file in of]
        now = [piece.held.inputs.said if piece.held else "" for piece in pieces[split]]
        same = same and now == [held.inputs.said for held in before]
    return pieces, same


def _compared_piece(source: ClipFiles, file: Any, before: dict[str, Held]) -> Piece:
    held = before.get(said(source.depends_on(file)[0]))
    if held is None:
        return Piece(file)
    now = Inputs.of(source, file, held.inputs)
    return Piece(file, dataclasses.replace(held, inputs=now) if held.inputs.same(now) else None)


def _held(target: pathlib.Path, split: str) -> list[Held]:
    """The files of a set, with the rows of each; none where the list is missing or damaged."""
    held, row = [], 0
    try:
        for made in json.loads((target / inputs_name(split)).read_text(encoding="utf-8")):
            left_out = tuple(map(str, made.get("left_out", ())))
            read_as = tuple((str(file), str(said)) for file, said in made.get("read_as", ()))
            inputs = Inputs.from_json(made)
            held.append(Held(inputs, row, int(made["clips"]), left_out, read_as))
            row += held[-1].count
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return []
    return held


def _first_difference(held: dict[str, Any], asked: Mapping[str, Any], path: str = "") -> str:
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
    source: ClipFiles,
    shards: Sequence[Shard],
    processes: int,
    progress: Callable[[int, int], None],
) -> None:
    missing = [shard for shard in shards if not _is_current(source, shard)]
    done = len(shards) - len(missing)
    progress(done, len(shards))
    for _ in in_processes(write_shard, missing, processes):
        done += 1
        progress(done, len(shards))


def _is_current(source: ClipFiles, shard: Shard) -> bool:
    """True for a whole shard of which nothing has changed since it was written."""
    try:
        written = [Inputs.from_json(made) for made in Written.read(shard).made]
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        # It was not begun, or it is damaged.
        return False
    return len(written) == len(shard.pieces) and all(
        before.same(Inputs.of(source, piece.file, before))
        for piece, before in zip(shard.pieces, written, strict=True)
    )


def _summary(
    splits: Sequence[str], written: Sequence[Written], categories: Sequence[str], fps: float
) -> Summary:
    counts = collections.Counter(category for one in written for category in one.index.categories)
    of = {split: [one for one in written if one.shard.split == split] for split in splits}
    return Summary(
        {split: sum(len(one.index) for one in of[split]) for split in splits},
        sum(sum(one.index.lengths) for one in written) / fps / 3600,
        {categories[category]: count for category, count in counts.most_common() if category >= 0},
        {
            split: list(
                dict.fromkeys(why for one in of[split] for m in one.made for why in m["left_out"])
            )
            for split in splits
        },
        list(
            dict.fromkeys(
                (file, said) for one in written for m in one.made for file, said in m["read_as"]
            )
        ),
    )

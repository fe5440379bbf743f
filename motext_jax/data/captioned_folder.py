"""A folder of motion capture files and a table of captions, `data.captions`."""

import functools
import logging
import os
import pathlib
from collections import Counter
from collections.abc import Iterator, Sequence

from motext_jax import config as configs
from motext_jax.counted import counted
from motext_jax.data.annotated import AnnotatedMotion, NoSplit, Source, check_folder, no_split
from motext_jax.data.captions import (
    ANY_SPLIT,
    TABLE,
    Row,
    leads_out,
    read_rows,
    with_splits,
    with_validation,
)
from motext_jax.data.left_out import first_of
from motext_jax.data.table import read_table
from motext_jax.errors import InputError, NoPerson, Unsaid
from motext_jax.motion.files import Given, Take, files_beside, read_take
from motext_jax.motion.motion import Motion, frames_at
from motext_jax.shown import quoted
from motext_jax.skeleton import SMPL22

JOINTS = "joints.csv"
"""The table of joints' names that is read where data.joints names none."""

ROUNDED = 1.0
"""Seconds by which a span may end after its file: people write whole seconds."""


class CaptionedFolder(Source):
    """Motion capture files under a folder that holds captions.csv."""

    def __init__(self, config: configs.DataConfig):
        check_folder(config)
        configs.require("data.skeleton", config.skeleton, ("smpl22", "own"))
        self._root = pathlib.Path(config.root)
        self._config = config
        self._joints = joints_table(self._root, config.joints)
        self._names = {} if self._joints is None else read_joints(self._joints)
        table = self._root / TABLE
        rows = with_splits(table, read_rows(table, config), config)
        self._rows = with_validation(rows, config)
        self._borrowed = self._rows != rows
        self._splits = (config.train_split, config.validation_split, config.test_split)
        counts = Counter(row.action for row in rows if row.action and not row.fault)
        self.categories = tuple(sorted(counts, key=lambda name: (-counts[name], name)))

    def files(self, split: str) -> list[tuple[Row, ...]]:
        """The rows of each file of a split, in the order of the table."""
        self._say_splits(split)
        found = {row.split for row in self._rows} - {ANY_SPLIT}
        # Without any row that can be used, reading says what is wrong with each.
        if found and split not in found:
            error = no_split(self._root / TABLE, split, found)
            # A name that the run does not have is misspelt, and no column mends that.
            if split not in self._splits:
                raise error
            raise NoSplit(f"{error}; or {self._way_out(split)}{self._unplaced()}")
        return self.all_files([split])

    def all_files(self, splits: Sequence[str]) -> list[tuple[Row, ...]]:
        """The rows of each file of some splits; nothing is said of how files came to be in them."""
        files: dict[str, list[Row]] = {}
        for row in self._rows:
            if row.split in (*splits, ANY_SPLIT):
                files.setdefault(row.file, []).append(row)
        return list(map(tuple, files.values()))

    def _way_out(self, split: str) -> str:
        way = f"write {split} in the column 'split' of some files"
        if split == self._config.validation_split:
            way += ", or give --config.data.validation_split= to train without validation"
        return way

    def _unplaced(self) -> str:
        """The faults of rows that are in no split, for one of them may have named it."""
        faults = [row.fault for row in self._rows if row.split == ANY_SPLIT]
        return f"; left out: {first_of(faults)}" if faults else ""

    def _say_splits(self, split: str) -> None:
        """Says which files came to be in a split without the table."""
        table = self._root / TABLE
        dealt = {row.file: row.split for row in self._rows if row.dealt}
        if dealt:
            counts = Counter(dealt.values())
            named = ", ".join(f"{counts[one]:,} to {one}" for one in self._splits if one)
            files = counted(len(dealt), "file without a split is", "files without a split are")
            _say_once(f"{table}: {files} dealt, {named}; to choose, write the column 'split'")
        train, validation, _ = self._splits
        if self._borrowed and split == validation:
            number = len({row.file for row in self._rows if row.split == split and not row.fault})
            taken = counted(number, f"file of {train} is", f"files of {train} are")
            _say_once(f"{table}: no row of the split {split} can be used; {taken} taken for it")

    def read(self, file: tuple[Row, ...]) -> Iterator[AnnotatedMotion | InputError]:
        """The captioned or labelled spans of a file."""
        yield from (InputError(row.fault) for row in file if row.fault)
        rows = [row for row in file if not row.fault]
        if not rows:
            return
        take = self._read(rows)
        motion = self._moved(take)
        spans: dict[tuple[float, float], list[Row]] = {}
        for row in rows:
            spans.setdefault((row.start, row.end), []).append(row)
        # A pose before the motion is left out, and spans are seconds of the file.
        offset = take.left_out / motion.fps
        for number, ((start, end), same) in enumerate(spans.items()):
            last = offset + motion.seconds
            if start >= last or end > last + ROUNDED:
                odd = f"starts at {start:g} s" if start >= last else f"ends at {end:g} s"
                yield InputError(
                    f"{self._root / TABLE}: a span of {quoted(same[0].file)} {odd}, but the file "
                    f"ends at {last:.2f} s"
                )
                continue
            actions = sorted({row.action for row in same if row.action})
            if len(actions) > 1:
                yield InputError(
                    f"{self._root / TABLE}: {quoted(same[0].file)} {_span(start, end)} has two "
                    f"actions, {quoted(actions[0])} and {quoted(actions[1])}"
                )
                continue
            frames = motion.frames(max(start - offset, 0), end and max(end - offset, 0))
            part = motion.part(frames)
            if frames_at(part, self._config.fps) < 2:
                yield InputError(
                    f"{self._root / TABLE}: {quoted(same[0].file)} {_span(start, end)} is one "
                    f"frame at {self._config.fps:g} fps, which is a pose and no motion"
                )
                continue
            yield AnnotatedMotion(
                same[0].file,
                part,
                tuple(row.caption for row in same if row.caption) or ("",),
                actions[0] if actions else None,
                start=offset + frames.start / motion.fps,
                segment=str(number),
                read_as=take.read_as,
            )

    def depends_on(self, file: tuple[Row, ...]) -> tuple[str, tuple[pathlib.Path, ...]]:
        """The rows; the file, the skeleton or buffer beside it, and the table of joints."""
        own = [self._root / file[0].file] if file[0].file else []
        beside = [other for path in own for other in files_beside(path)]
        return repr(file), (*own, *beside, *filter(None, [self._joints]))

    def _read(self, rows: list[Row]) -> Take:
        """The motion of a file, and what the file was found to hold."""
        config, file = self._config, rows[0].file
        path = self._path(file)
        unit, fps = self._said(rows, "metres_per_unit"), self._said(rows, "fps")
        given = Given(
            fps=fps or config.source_fps or None,
            metres_per_unit=unit or config.metres_per_unit or None,
            up=config.up,
            joints=self._names,
            body_models=config.body_models or None,
        )
        try:
            return read_take(path, given)
        except Unsaid as error:
            raise InputError(
                f"{error} in a column fps of {TABLE}, or for all files by the option source_fps"
            ) from None

    def _moved(self, take: Take) -> Motion:
        """The motion on the skeleton that is asked for."""
        if self._config.skeleton == "own":
            return take.motion
        try:
            return take.on_smpl22()
        except NoPerson as error:
            raise InputError(
                f"{error}, or train on the files' own skeleton with data.skeleton=own"
            ) from None

    def _said(self, rows: list[Row], column: str) -> float | None:
        """The number that a file's rows have in a column; None where none has one."""
        numbers = {getattr(row, column) for row in rows} - {None}
        if len(numbers) > 1:
            named = " and ".join(f"{number:g}" for number in sorted(numbers))
            raise InputError(
                f"{self._root / TABLE}: {quoted(rows[0].file)} has two {column}, {named}"
            )
        return next(iter(numbers), None)

    def _path(self, file: str) -> pathlib.Path:
        """A file's path.

        Raises:
          InputError: there is no such file, or it is none of the folder's own.
        """
        where, path = self._root / TABLE, self._root / file
        inside = path.resolve().is_relative_to(self._root.resolve())
        if (leads_out(file) or not inside) and not self._config.allow_outside:
            raise InputError(
                f"{where}: {quoted(file)} is outside of the folder {self._root}; move it there, or "
                "give data.allow_outside=True where you trust the table"
            )
        if not os.path.lexists(path):
            raise InputError(f"{where}: there is no file {quoted(file)}")
        if not os.path.isfile(path):
            kind = "a folder" if os.path.isdir(path) else "a pipe or a device"
            raise InputError(f"{where}: {quoted(file)} is {kind}, and not a file")
        return path


@functools.cache
def _say_once(sentence: str) -> None:
    """Says a sentence on a folder, which is opened for each of its splits."""
    logging.getLogger(__name__).warning("%s", sentence)


def joints_table(root: pathlib.Path, given: str) -> pathlib.Path | None:
    """The table of joints' names: the given one, or the one in the folder, if any."""
    path = pathlib.Path(given) if given else root / JOINTS
    if os.path.isfile(path):
        return path
    if given:
        raise InputError(f"data.joints is {quoted(given)}; there is no such file")
    return None


def read_joints(path: pathlib.Path) -> dict[str, str]:
    """The smpl22 joint of each named joint, from a table with the columns `joint` and `smpl22`."""
    names = {}
    for line, row in read_table(path, ("joint", "smpl22")):
        if row["smpl22"] not in SMPL22.joints:
            raise InputError(
                f"{path}, line {line}: smpl22 is {quoted(row['smpl22'])}; expected one of: "
                f"{', '.join(SMPL22.joints)}"
            )
        names[row["joint"]] = row["smpl22"]
    return names


def _span(start: float, end: float) -> str:
    return f"from {start:g} s to " + (f"{end:g} s" if end else "its end")

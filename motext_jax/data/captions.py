"""captions.csv: the captions of a folder of motion capture, a row a caption.

    file,start,end,caption,action[,split][,metres_per_unit][,fps]

`start` and `end` in seconds; both empty for the whole file. Rows with the same file and span are
several captions of one motion. `split`, `metres_per_unit` and `fps` may be empty, and one of
`caption` and `action`.
"""

import dataclasses
import math
import os
import pathlib
from collections.abc import Sequence

from motext_jax.config import DataConfig
from motext_jax.data.dealing import deal, held_out
from motext_jax.data.table import one_spelling, read_table
from motext_jax.errors import InputError
from motext_jax.shown import quoted

TABLE = "captions.csv"
COLUMNS = ("file", "start", "end", "caption", "action")
OPTIONAL = ("split", "metres_per_unit", "fps")

MOST_SECONDS = 1e6
"""Above any recording's length; a larger number is none of seconds."""

ANY_SPLIT = "*"
"""Stands for the split of a row that does not say which file it is about."""


@dataclasses.dataclass(frozen=True)
class Row:
    """A row of the table.

    Attributes:
      file: the file's name, relative to the table's folder.
      start: start of the span, in seconds.
      end: its end; 0 is the file's end.
      caption: the description; empty for none.
      action: the category's name; None for none.
      split: the split that the row's file is in.
      metres_per_unit: the file's unit of length; None where the table does not say.
      fps: the file's frames a second; None where the table does not say.
      fault: the sentence for what is wrong with the row; empty for a row that can be used.
      line: the row's line in the table; 0 where it has none.
      dealt: True where the table does not say the split. Rows are compared without these two.
    """

    file: str
    start: float = 0.0
    end: float = 0.0
    caption: str = ""
    action: str | None = None
    split: str = ""
    metres_per_unit: float | None = None
    fps: float | None = None
    fault: str = ""
    # Not shown: prepared data sets know rows by their text.
    line: int = dataclasses.field(default=0, repr=False, compare=False)
    dealt: bool = dataclasses.field(default=False, repr=False, compare=False)


def read_rows(path: pathlib.Path, config: DataConfig) -> list[Row]:
    """The rows of captions.csv; those that cannot be used have a fault.

    A row's split is the one that the table says of its file, or empty.

    Args:
      path: the table; files are named relative to its folder.
      config: names of the splits.

    Raises:
      InputError: the table or a column is missing, a column is misspelt, or there is no row.
    """
    if not os.path.isfile(path):
        raise InputError(f"{path}: there is no such table; expected columns: {','.join(COLUMNS)}")
    broken: list[InputError] = []
    table = read_table(path, COLUMNS, broken, optional=OPTIONAL)
    if not table and not broken:
        raise InputError(f"{path}: the table has a header and no row")
    splits = (config.train_split, config.validation_split, config.test_split)
    rows = [
        dataclasses.replace(_row(f"{path}, line {line}", fields, splits), line=line)
        for line, fields in table
    ]
    spelling = one_spelling(row.action for row in rows if row.action)
    rows = [
        dataclasses.replace(row, action=spelling[row.action]) if row.action else row for row in rows
    ]
    rows += [Row("", split=ANY_SPLIT, fault=str(error)) for error in broken]
    return _with_given_splits(path, rows)


def with_splits(path: pathlib.Path, rows: list[Row], config: DataConfig) -> list[Row]:
    """The rows of `read_rows`, each in a split.

    Files without a split are dealt. One of which no row can be used, or that is not there, is read
    by nobody and takes no place.

    Args:
      path: the table.
      rows: its rows.
      config: names of the splits, and the seed that deals.
    """
    rows = _with_missing(path, rows, config.train_split)
    splits = (config.test_split, config.validation_split, config.train_split)
    names = (row.file for row in rows if not row.fault and not row.split)
    dealt = deal(names, config.seed, splits)
    return [
        row
        if row.split
        else dataclasses.replace(row, split=dealt.get(row.file, ANY_SPLIT), dealt=row.file in dealt)
        for row in rows
    ]


def with_validation(rows: list[Row], config: DataConfig) -> list[Row]:
    """The rows; where none is for validation, some files of those to train on are taken for it."""
    train, validation = config.train_split, config.validation_split
    used = [row for row in rows if not row.fault]
    if not validation or validation == train or any(row.split == validation for row in used):
        return rows
    chosen = held_out((row.file for row in used if row.split == train), config.seed)
    return [
        dataclasses.replace(row, split=validation)
        if row.split == train and row.file in chosen
        else row
        for row in rows
    ]


def no_file(table: pathlib.Path, row: Row, others: int = 0) -> str:
    """The sentence for a row whose file is not there, and for as many others."""
    more = f", nor {others:,} others that it names" if others else ""
    # Windows writes paths so; elsewhere it is a letter of a name.
    way = "; write / between folders, and no backslash" if "\\" in row.file else ""
    return f"{table}, line {row.line}: there is no file {quoted(row.file)}{more}{way}"


def leads_out(file: str) -> bool:
    """True for a name by which a table leads out of its folder."""
    return os.path.isabs(file) or ".." in pathlib.PurePath(file).parts


def _row(where: str, value: dict[str, str], splits: Sequence[str]) -> Row:
    if not value["file"]:
        return Row("", split=ANY_SPLIT, fault=f"{where}: the column 'file' is empty")
    # One file has one name, so that it is in one split.
    file = pathlib.PurePath(os.path.normpath(value["file"])).as_posix()
    split = value.get("split", "")
    try:
        if split and split not in splits:
            named = ", ".join(filter(None, splits))
            split = ""
            raise InputError(
                f"{where}: split is {quoted(value['split'])}; it must be one of: {named}, or empty"
            )
        if not value["caption"] and not value["action"]:
            raise InputError(f"{where}: the columns 'caption' and 'action' are empty")
        start = _number(where, "start", value["start"], MOST_SECONDS, "seconds")
        end = _number(where, "end", value["end"], MOST_SECONDS, "seconds")
        if value["end"] and not start < end:
            raise InputError(f"{where}: start {start:g} s is not before end {end:g} s")
        unit = _positive(where, "metres_per_unit", value, "metres")
        fps = _positive(where, "fps", value, "frames a second")
    except InputError as error:
        return Row(file, split=split, fault=str(error))
    return Row(file, start, end, value["caption"], value["action"] or None, split, unit, fps)


def _positive(where: str, name: str, value: dict[str, str], what: str) -> float | None:
    """A number above 0 of a column that may be missing; None for an empty field."""
    text = value.get(name, "")
    number = _number(where, name, text, 1e6, what)
    if text and not number:
        raise InputError(f"{where}: {name} is {quoted(text)}; expected more than 0")
    return number or None


def _number(where: str, name: str, text: str, most: float, what: str) -> float:
    """A number of a field, from 0 up; 0 for an empty one."""
    try:
        number = float(text or 0)
    except ValueError:
        number = math.nan
    if not 0 <= number <= most:
        raise InputError(
            f"{where}: {name} is {quoted(text)}; expected {what}, from 0 up to {most:,.0f}, or "
            "nothing"
        )
    return number


def _with_given_splits(path: pathlib.Path, rows: list[Row]) -> list[Row]:
    """The rows with the split that the table says of their file."""
    given: dict[str, str] = {}
    faults: dict[str, str] = {}
    for row in rows:
        if row.file and row.split and given.setdefault(row.file, row.split) != row.split:
            faults[row.file] = (
                f"{path}: {quoted(row.file)} is in the splits {quoted(given[row.file])} and "
                f"{quoted(row.split)}; a recording is in one"
            )
    placed = [
        dataclasses.replace(row, split=given.get(row.file, row.split))
        for row in rows
        if row.file not in faults
    ]
    return placed + [Row(file, split=ANY_SPLIT, fault=why) for file, why in faults.items()]


def _with_missing(path: pathlib.Path, rows: list[Row], split: str) -> list[Row]:
    """The rows; of a file that is not there, the first has that fault for all.

    It is told in one split: its own, or the given one.
    """
    files = {row.file for row in rows if not row.fault and not leads_out(row.file)}
    missing = {file for file in files if not os.path.lexists(path.parent / file)}
    told: set[str] = set()
    found = []
    for row in rows:
        if row.fault or row.file not in missing:
            found.append(row)
        elif row.file not in told:
            told.add(row.file)
            fault = no_file(path, row)
            found.append(dataclasses.replace(row, split=row.split or split, fault=fault))
    return found

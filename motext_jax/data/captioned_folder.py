"""A folder of motion capture files (BVH, ASF/AMC, AMASS) and a table of captions.

captions.csv, a row a caption:

    file,start,end,caption,action[,split]

`start` and `end` in seconds; both empty for the whole file. Rows with the same file and span are
several captions of one motion. `action` may be empty. Files
without a `split` are dealt to train, val and test (8 : 1 : 1) in an order of their hashes: no
recording is in two.
"""

import dataclasses
import hashlib
import pathlib
from collections import Counter
from collections.abc import Iterator, Sequence

from motext_jax import config as configs
from motext_jax.data.annotated import AnnotatedMotion, Source
from motext_jax.data.table import read_table
from motext_jax.errors import InputError
from motext_jax.motion.files import read_motion
from motext_jax.motion.motion import Motion
from motext_jax.motion.retarget import retarget
from motext_jax.shown import quoted
from motext_jax.skeleton import SMPL22

TABLE = "captions.csv"
COLUMNS = ("file", "start", "end", "caption", "action")


@dataclasses.dataclass(frozen=True)
class Row:
    """A row of the table; times in seconds, an end of 0 is the file's end."""

    file: str
    start: float
    end: float
    caption: str
    action: str | None
    split: str


class CaptionedFolder(Source):
    """Motion capture files under a folder that holds captions.csv."""

    def __init__(self, config: configs.DataConfig):
        if not config.root:
            raise InputError("data.root is empty; it names the data set's folder")
        configs.require("data.skeleton", config.skeleton, ("smpl22", "own"))
        self._root = pathlib.Path(config.root)
        self._metres_per_unit = config.metres_per_unit or None
        self._body_models = config.body_models or None
        self._retarget = config.skeleton == "smpl22"
        splits = (config.train_split, config.validation_split, config.test_split)
        self._rows = read_rows(self._root / TABLE, config.seed, splits)
        counts = Counter(row.action for row in self._rows if row.action)
        self.categories = tuple(sorted(counts, key=lambda name: (-counts[name], name)))

    def files(self, split: str) -> list[tuple[Row, ...]]:
        """The rows of each file of a split, in the order of the table."""
        files: dict[str, list[Row]] = {}
        for row in self._rows:
            if row.split == split:
                files.setdefault(row.file, []).append(row)
        if not files:
            found = ", ".join(sorted({row.split for row in self._rows}))
            raise InputError(
                f"{self._root / TABLE}: no row is in the split {quoted(split)}; it has: {found}"
            )
        return [tuple(rows) for rows in files.values()]

    def read(self, file: tuple[Row, ...]) -> Iterator[AnnotatedMotion]:
        """The captioned spans of a file."""
        motion = self._read(file[0].file)
        spans: dict[tuple[float, float], list[Row]] = {}
        for row in file:
            spans.setdefault((row.start, row.end), []).append(row)
        for number, ((start, end), rows) in enumerate(spans.items()):
            if start >= motion.seconds:
                raise InputError(
                    f"{self._root / TABLE}: a span of {rows[0].file} starts at {start:g} s, but "
                    f"the file ends at {motion.seconds:.2f} s"
                )
            actions = {row.action for row in rows}
            if len(actions) > 1:
                named = " and ".join(sorted(repr(action or "") for action in actions))
                span = f"from {start:g} s to " + (f"{end:g} s" if end else "its end")
                raise InputError(
                    f"{self._root / TABLE}: {rows[0].file} {span} has two actions, {named}"
                )
            frames = motion.frames(start, end)
            yield AnnotatedMotion(
                rows[0].file,
                motion.part(frames),
                tuple(row.caption for row in rows),
                rows[0].action,
                start=frames.start / motion.fps,
                segment=str(number),
            )

    def _read(self, file: str) -> Motion:
        motion = read_motion(self._root / file, self._metres_per_unit, self._body_models)
        if not self._retarget or motion.skeleton is SMPL22:
            return motion
        return retarget(motion, SMPL22)


def read_rows(path: pathlib.Path, seed: int, splits: Sequence[str]) -> list[Row]:
    """The rows of captions.csv.

    Args:
      path: the table; files are named relative to its folder.
      seed: seed that deals out the files for which the table names no split.
      splits: names that the column `split` may hold.

    Raises:
      InputError: the table or a column is missing, a field does not fit, or a file is not there.
    """
    if not path.is_file():
        raise InputError(f"{path}: there is no such table; expected columns: {','.join(COLUMNS)}")
    rows = [_row(path, line, fields, splits) for line, fields in read_table(path, COLUMNS)]
    if not rows:
        raise InputError(f"{path}: the table has a header and no row")
    return _dealt(path, rows, seed)


def _row(path: pathlib.Path, line: int, value: dict[str, str], splits: Sequence[str]) -> Row:
    where = f"{path}, line {line}"
    for name in ("file", "caption"):
        if not value[name]:
            raise InputError(f"{where}: the column {quoted(name)} is empty")
    if not (path.parent / value["file"]).is_file():
        raise InputError(f"{where}: there is no file {quoted(value['file'])} under {path.parent}")
    start = _seconds(where, "start", value["start"])
    end = _seconds(where, "end", value["end"])
    if value["end"] and not start < end:
        raise InputError(f"{where}: start {start:g} s is not before end {end:g} s")
    file = pathlib.PurePath(value["file"]).as_posix()
    split = value.get("split", "")
    if split and split not in splits:
        named = ", ".join(filter(None, splits))
        raise InputError(f"{where}: split is {quoted(split)}; it must be one of: {named}, or empty")
    return Row(file, start, end, value["caption"], value["action"] or None, split)


def _seconds(where: str, name: str, text: str) -> float:
    try:
        seconds = float(text or 0)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds < float("inf"):
        raise InputError(
            f"{where}: {name} is {quoted(text)}; expected seconds, from 0 up, or nothing"
        )
    return seconds


def _dealt(path: pathlib.Path, rows: list[Row], seed: int) -> list[Row]:
    """The rows with a split by their file: the table's, or every tenth file to val and to test."""
    given: dict[str, str] = {}
    for row in rows:
        if row.split and given.setdefault(row.file, row.split) != row.split:
            raise InputError(
                f"{path}: {row.file} is in the splits {quoted(given[row.file])} and "
                f"{quoted(row.split)}; a recording is in one"
            )

    def digest(file: str) -> bytes:
        return hashlib.sha256(f"{seed}:{file}".encode()).digest()

    files = sorted({row.file for row in rows} - given.keys(), key=digest)
    # From the first files on, so that a folder of three has all three splits.
    dealt = {file: ("val", "test", *["train"] * 8)[k % 10] for k, file in enumerate(files)}
    split = given | dealt
    return [dataclasses.replace(row, split=split[row.file]) for row in rows]

"""A folder of BVH files and a table of captions.

captions.csv, a row a caption:

    file,start,end,caption,action[,split]

`start` and `end` in seconds; both empty for the whole file. Rows with the same file and span are
several captions of one motion. `action` may be empty. Without a `split` column each *file* falls
into train, val or test (8 : 1 : 1) by a hash of its name, so that no recording is in two splits.
"""

import csv
import dataclasses
import functools
import hashlib
import pathlib
from collections import Counter
from collections.abc import Iterator

from motext_jax import config as configs
from motext_jax.data.annotated import AnnotatedMotion
from motext_jax.errors import InputError
from motext_jax.motion.bvh import read_motion
from motext_jax.motion.motion import Motion
from motext_jax.motion.retarget import retarget
from motext_jax.skeleton import SMPL22

TABLE = "captions.csv"
COLUMNS = ("file", "start", "end", "caption", "action")
SPLITS = ("train", "val", "test")


@dataclasses.dataclass(frozen=True)
class Row:
    """A row of the table; times in seconds, an end of 0 is the file's end."""

    file: str
    start: float
    end: float
    caption: str
    action: str | None
    split: str


class CaptionedBvhFolder:
    """BVH files under a folder that holds captions.csv."""

    def __init__(self, config: configs.DataConfig):
        if not config.root:
            raise InputError("data.root is empty; pass --config.data.root=FOLDER")
        configs.require("data.skeleton", config.skeleton, ("smpl22", "own"))
        self._root = pathlib.Path(config.root)
        self._retarget = config.skeleton == "smpl22"
        self._rows = read_table(self._root / TABLE, config.seed)
        counts = Counter(row.action for row in self._rows if row.action)
        self.categories = tuple(sorted(counts, key=lambda name: (-counts[name], name)))

    def motions(self, split: str) -> Iterator[AnnotatedMotion]:
        """The split's motions, in the order of the table."""
        groups: dict[tuple[str, float, float], list[Row]] = {}
        for row in self._rows:
            if row.split == split:
                groups.setdefault((row.file, row.start, row.end), []).append(row)
        if not groups:
            found = ", ".join(sorted({row.split for row in self._rows}))
            raise InputError(
                f"{self._root / TABLE}: no row is in the split {split!r}; it has: {found}"
            )
        # Rows of one file usually stand together: the last file read is kept.
        read = functools.lru_cache(maxsize=1)(self._read)
        for (file, start, end), rows in groups.items():
            motion = read(file)
            if start >= motion.seconds:
                raise InputError(
                    f"{self._root / TABLE}: a span of {file} starts at {start:g} s, but the file "
                    f"ends at {motion.seconds:.2f} s"
                )
            name = file if (start, end) == (0.0, 0.0) else f"{file}@{start:g}-{end:g}"
            captions = tuple(row.caption for row in rows)
            yield AnnotatedMotion(name, motion.span(start, end), captions, rows[0].action)

    def _read(self, file: str) -> Motion:
        motion = read_motion(self._root / file)
        return retarget(motion, SMPL22) if self._retarget else motion


def read_table(path: pathlib.Path, seed: int) -> list[Row]:
    """The rows of captions.csv.

    Args:
      path: the table; files are named relative to its folder.
      seed: of the splits, where the table has no such column.

    Raises:
      InputError: the table or a column is missing, a field does not fit, or a file is not there.
    """
    if not path.is_file():
        raise InputError(f"{path}: there is no such table; expected columns: {','.join(COLUMNS)}")
    with path.open(newline="", encoding="utf-8-sig") as file:
        table = csv.DictReader(file)
        header = [name.strip() for name in table.fieldnames or ()]
        missing = [column for column in COLUMNS if column not in header]
        if missing:
            raise InputError(
                f"{path}: there is no column {missing[0]!r}; the header has: "
                f"{', '.join(header) or 'nothing'}; expected: {', '.join(COLUMNS)}"
            )
        table.fieldnames = header
        rows = [_row(path, table.line_num, fields, seed) for fields in table]
    if not rows:
        raise InputError(f"{path}: the table has a header and no row")
    return rows


def _row(path: pathlib.Path, line: int, fields: dict[str, str | None], seed: int) -> Row:
    value = {name: (fields.get(name) or "").strip() for name in (*COLUMNS, "split")}
    where = f"{path}, line {line}"
    for name in ("file", "caption"):
        if not value[name]:
            raise InputError(f"{where}: the column {name!r} is empty")
    if not (path.parent / value["file"]).is_file():
        raise InputError(f"{where}: there is no file {value['file']!r} under {path.parent}")
    start = _seconds(where, "start", value["start"])
    end = _seconds(where, "end", value["end"])
    if value["end"] and not start < end:
        raise InputError(f"{where}: start {start:g} s is not before end {end:g} s")
    split = value["split"] or _split_of(value["file"], seed)
    return Row(value["file"], start, end, value["caption"], value["action"] or None, split)


def _seconds(where: str, name: str, text: str) -> float:
    try:
        seconds = float(text or 0)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds < float("inf"):
        raise InputError(f"{where}: {name} is {text!r}; expected seconds, from 0 up, or nothing")
    return seconds


def _split_of(file: str, seed: int) -> str:
    digest = hashlib.sha256(f"{seed}:{file}".encode()).digest()
    return SPLITS[max(digest[0] % 10 - 7, 0)]

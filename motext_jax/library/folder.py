"""A folder of motion capture files: its files, and what its tables say of them."""

import collections
import dataclasses
import errno
import hashlib
import os
import pathlib
from collections.abc import Mapping

from motext_jax.config import DataConfig
from motext_jax.counted import counted
from motext_jax.data.captioned_folder import JOINTS, joints_table, read_joints
from motext_jax.data.captions import TABLE, no_file, read_rows
from motext_jax.data.captions import Row as Caption
from motext_jax.errors import InputError
from motext_jax.input_file import open_file
from motext_jax.library.query import Spoken
from motext_jax.library.windows import CUT
from motext_jax.motion.files import BLENDER, FORMATS, Given, files_beside
from motext_jax.outputs import is_within
from motext_jax.shown import is_unicode, quoted, shown, spelled

TABLES = (TABLE, JOINTS)
"""Tables of the folder, which are no motion."""

SILENT = (".npy", ".npz", ".csv", ".skeleton", ".bvh", ".c3d", ".trc")
"""Formats of which some files do not say their rate."""

LINK_LETTERS = 200
"""The most letters of a link's target."""


@dataclasses.dataclass(frozen=True)
class Said:
    """Answers of the folder's tables about one file.

    Attributes:
      fps: frames a second, whatever the file says; None for what it says.
      metres_per_unit: its unit of length; None for the one that the body shows.
      captions: its captions.
    """

    fps: float | None = None
    metres_per_unit: float | None = None
    captions: tuple[Spoken, ...] = ()


class Folder:
    """The motion capture files below a folder.

    Attributes:
      path: the folder.
      left_out: a sentence for each row of the tables and folder that cannot be used.
      refused: a sentence for each file that is none of `files` for its name or as a link; a name
        that is no Unicode is `spelled`.
    """

    def __init__(self, path: str | os.PathLike):
        self.path = pathlib.Path(path)
        if not os.path.isdir(self.path):
            raise InputError(f"{path}: there is no such folder; give the one that holds the takes")
        self.left_out: list[str] = []
        self.refused: dict[str, str] = {}
        self._hidden: list[str] = []
        self._captions = self._read_captions()
        self._joints = self._read_joints()

    def _read_captions(self) -> dict[str, list[Caption]]:
        """The rows of each file; without what is faulty, which costs no take."""
        table, captions = self.path / TABLE, dict[str, list[Caption]]()
        if not os.path.isfile(table):
            return {}
        try:
            rows = read_rows(table, DataConfig())
        except InputError as error:
            self.left_out.append(f"{error}; all takes are without captions")
            return {}
        for row in rows:
            if row.fault:
                self.left_out.append(row.fault)
            else:
                captions.setdefault(row.file, []).append(row)
        for column in ("fps", "metres_per_unit"):
            for file in list(captions):
                said = [row for row in captions[file] if getattr(row, column) is not None]
                first = getattr(said[0], column) if said else None
                other = next((row for row in said if getattr(row, column) != first), None)
                if other is not None:
                    self.left_out.append(
                        f"{table}, line {other.line}: {column} is {getattr(other, column):g}, and "
                        f"line {said[0].line} has {first:g} for the same file {quoted(file)}; the "
                        "file's rows are left out"
                    )
                    del captions[file]
        return captions

    def _read_joints(self) -> Mapping[str, str]:
        """The joints that a person has named; none where the table is faulty."""
        table = joints_table(self.path, "")
        try:
            return {} if table is None else read_joints(table)
        except InputError as error:
            self.left_out.append(f"{error}; no joint is taken as named")
            return {}

    def named_joints(self) -> str | None:
        """The table of joints' names, as it stands; None where there is none that can be read."""
        table = joints_table(self.path, "")
        return table.read_text(encoding="utf-8-sig") if table and self._joints else None

    def files(self) -> list[str]:
        """Names of all motion files, relative to the folder and sorted.

        Files and folders whose names begin with a point are left out, and so are links to folders.
        """
        found: list[str] = []
        root = os.path.realpath(self.path)
        for place, folders, names in os.walk(self.path, onerror=self._hide):
            folders[:] = [name for name in folders if not name.startswith(".")]
            for name in names:
                if not _is_motion(name):
                    continue
                file = pathlib.Path(place, name).relative_to(self.path).as_posix()
                if file in TABLES:
                    continue
                if not is_unicode(file):
                    file = spelled(file)
                    self.refused[file] = f"{file}: its name is no Unicode; rename it"
                elif why := self._leads_out(pathlib.Path(place, name), root):
                    self.refused[file] = f"{file}: {why}"
                else:
                    found.append(file)
        self._miss(set(found))
        return sorted(found)

    def _miss(self, found: set[str]) -> None:
        """Tells of rows whose file is nowhere: a name may be misspelt."""
        missing = [
            rows[0]
            for file, rows in self._captions.items()
            if file not in found and not os.path.lexists(self.path / file)
        ]
        if missing:
            self.left_out.append(no_file(self.path / TABLE, missing[0], len(missing) - 1))

    def is_hidden(self, file: str) -> bool:
        """True for a file below a folder that cannot be listed; it may still be there."""
        return any(file.startswith(place) for place in self._hidden)

    def _hide(self, error: OSError) -> None:
        place = pathlib.Path(error.filename).relative_to(self.path).as_posix()
        self._hidden.append(f"{place}/" if place != "." else "")
        self.left_out.append(f"{place}: the folder cannot be listed ({error.strerror})")

    @staticmethod
    def _leads_out(path: pathlib.Path, root: str) -> str:
        """The fault of a link to a place outside of the folder; empty for any other file."""
        if not path.is_symlink() or is_within(path, root):
            return ""
        # Nothing can be copied from where nothing is.
        if is_dead(path):
            return leads_nowhere(path)
        return "a link out of the folder; copy the file into it"

    def said(self, file: str) -> Said:
        """A file's captions, frames a second and unit, as captions.csv has them."""
        rows = self._captions.get(file, [])
        rates = [row.fps for row in rows if row.fps is not None]
        units = [row.metres_per_unit for row in rows if row.metres_per_unit is not None]
        spoken = (Spoken(row.start, row.end, row.caption) for row in rows if row.caption)
        return Said(max(rates, default=None), max(units, default=None), tuple(spoken))

    def given(self, said: Said) -> Given:
        """Answers for the reader of a file."""
        return Given(said.fps, said.metres_per_unit, joints=self._joints)

    def stamp(self, file: str, given: Given, fps: float) -> tuple[str, int]:
        """A text that changes where a file, one beside it or what is known of it does; and bytes.

        Args:
          file: the file.
          given: what is known of it.
          fps: frames a second if nobody knows them; 0 for none.

        Raises:
          OSError: the file is gone.
        """
        sizes, times = 0, []
        for path in (self.path / file, *files_beside(self.path / file)):
            found = path.stat()
            sizes += found.st_size
            times.append(f"{found.st_size}:{found.st_mtime_ns}")
        return f"{' '.join(times)} {_known(file, given, fps)}", sizes


def check_motion(folder: str | os.PathLike) -> None:
    """Raises InputError for a folder without any motion file below it, before anything slow.

    It looks no further than the first one. Files that Blender brings to a format that is read are
    counted.
    """
    refused: list[OSError] = []
    foreign: collections.Counter[str] = collections.Counter()
    for place, folders, names in os.walk(os.fspath(folder), onerror=refused.append):
        folders[:] = [name for name in folders if not name.startswith(".")]
        tables = TABLES if place == os.fspath(folder) else ()
        if any(_is_motion(name) for name in names if name not in tables):
            return
        endings = (pathlib.PurePath(name).suffix.lower() for name in names if name[0] != ".")
        foreign.update(ending for ending in endings if ending in BLENDER)
    if refused:
        raise InputError(
            f"{os.fspath(folder)}: {refused[0].filename} cannot be listed ({refused[0].strerror}), "
            "and there is no motion file elsewhere below it"
        )
    counts = " and ".join(counted(count, f"{ending} file") for ending, count in foreign.items())
    way = f"; Blender brings {counts} to .glb, see docs/data/own.md" if counts else ""
    raise InputError(
        f"{os.fspath(folder)}: there is no motion file below it; expected one of "
        f"{', '.join(FORMATS)}{way}"
    )


def is_dead(path: pathlib.Path) -> bool:
    """True for a link whose target is not there, and not for one that may not be looked at."""
    try:
        path.stat()
    except OSError as error:
        return path.is_symlink() and error.errno in (errno.ENOENT, errno.ENOTDIR, errno.ELOOP)
    return False


def leads_nowhere(path: pathlib.Path) -> str:
    """The fault of a link whose target is not there."""
    target = shown(str(path.readlink()), LINK_LETTERS)
    return f"a link that leads nowhere ({target} is not there); remove it, or bring that back"


def _is_motion(name: str) -> bool:
    return not name.startswith(".") and pathlib.PurePath(name).suffix.lower() in FORMATS


def content_digest(path: pathlib.Path, given: Given, fps: float) -> str:
    """The digest of a file's content, of those beside it, and of what is known of it.

    Arguments as in `Folder.stamp`.

    Raises:
      OSError: a file cannot be read.
      InputError: it is empty, or a pipe or a device.
    """
    digest = hashlib.sha256(_known(path.name, given, fps).encode())
    for part in (path, *files_beside(path)):
        with open_file(part) as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()[:32]


def _known(file: str, given: Given, fps: float) -> str:
    unsaid = fps if pathlib.PurePath(file).suffix.lower() in SILENT else 0
    known = (given.fps, given.metres_per_unit, given.up, sorted(given.joints.items()), unsaid, CUT)
    return hashlib.sha256(repr(known).encode(errors="surrogatepass")).hexdigest()[:12]

"""A search as a command asks for it, and all that can be said of it before anything slow."""

import dataclasses
import os

from motext_jax.errors import InputError
from motext_jax.library.connectives import sequence
from motext_jax.library.folder import Folder
from motext_jax.library.named import resolved
from motext_jax.library.query import Query
from motext_jax.library.reading import read_whole
from motext_jax.library.where import condition


@dataclasses.dataclass(frozen=True)
class Request:
    """A search of a folder or a library.

    Attributes:
      queries: the queries, one a text.
      folder: a folder to index first; empty for none.
      library: the library's address; empty for the folder's own.
      model: the model's place; empty for the library's own.
      fps: frames a second of files that do not say theirs; 0 for none.
      top: the most answers of each.
      each: the most answers of one take; 0 for the usual one.
      json: a file for the answers, `-` for stdout; empty for none.
      csv: likewise.
      export: a folder for the found spans; empty for none.
      export_format: one of `library.EXPORTS`.
      out: a file for pictures of the answers; empty for none.
    """

    queries: tuple[Query, ...]
    folder: str = ""
    library: str = ""
    model: str = ""
    fps: float = 0.0
    top: int = 3
    each: int = 0
    json: str = ""
    csv: str = ""
    export: str = ""
    export_format: str = "bvh"
    out: str = ""

    def check(self) -> None:
        """Raises InputError for all that can be known before the folder is indexed."""
        for query in self.queries:
            query.check()
            if query.text and query.like is None:
                sequence(query.text)
            condition(query.where)
            self._check_together(query)
        self._check_places()
        if self.folder:
            self._check_files()

    def _check_together(self, query: Query) -> None:
        """Raises InputError for options that contradict each other."""
        if query.like is not None and not query.text and not query.like_weight:
            raise InputError("--like_weight=0 leaves nothing to search by; add a --query")
        if not query.within:
            return
        if self.each:
            raise InputError(
                "--each is the most answers of one take among many, and --within searches one; "
                "leave one of them out, and give the number of places as --top"
            )
        for name, text in (("where", query.where), ("captions", query.captions)):
            if text.strip():
                raise InputError(
                    f"--{name} chooses among takes, and --within names the only one; leave one of "
                    "them out"
                )

    def _check_places(self) -> None:
        """Raises InputError for a place that cannot be written to."""
        if self.json == self.csv == "-":
            raise InputError("--json and --csv both write to the terminal; give one of them a file")
        files = {"json": self.json, "csv": self.csv, "out": self.out}
        taken: dict[str, str] = {}
        for name, path in files.items():
            if not path or path == "-":
                continue
            if os.path.isdir(path):
                raise InputError(f"--{name}={path}: a folder; give a file")
            same = taken.setdefault(os.path.realpath(path), name)
            if same != name:
                raise InputError(f"--{same} and --{name} are the same file; give two")
            _check_above(name, path)
        if not self.export:
            return
        if os.path.isfile(self.export):
            raise InputError(f"--export={self.export}: a file; give a folder")
        _check_above("export", os.path.join(self.export, "x"))
        if self.folder:
            self.check_export(self.folder)

    def check_export(self, folder: str | os.PathLike) -> None:
        """Raises InputError where the spans would be written among the takes that are searched."""
        if self.export and _is_below(self.export, folder):
            raise InputError(
                f"--export={self.export}: it is in the folder that is searched, and the next "
                "search would take its files for takes; give a folder outside of it"
            )

    def _check_files(self) -> None:
        """Raises InputError for a file of the queries that is not there or cannot be read."""
        if not any(query.within or query.like for query in self.queries):
            return
        source = Folder(self.folder)
        names = dict.fromkeys(source.files())

        def seconds(file: str) -> float:
            given = source.given(source.said(file))
            motion, start = read_whole(source.path / file, given, self.fps)
            return start + motion.seconds

        # All queries have the same files.
        resolved(self.queries[0], names, self.folder, seconds, self.fps)


def _check_above(name: str, path: str) -> None:
    """Raises InputError where no file can be made because of a folder above it."""
    above = os.path.dirname(os.path.abspath(path))
    while not os.path.lexists(above):
        above = os.path.dirname(above)
    if not os.path.isdir(above):
        raise InputError(f"--{name}: {above} is no folder; give another place")
    if not os.access(above, os.W_OK | os.X_OK):
        raise InputError(f"--{name}: nothing can be written in {above}; give another place")


def _is_below(path: str, folder: str | os.PathLike) -> bool:
    inside, root = os.path.realpath(path), os.path.realpath(folder)
    return inside == root or inside.startswith(root.rstrip(os.sep) + os.sep)

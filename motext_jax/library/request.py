"""A search as a command asks for it, and all that can be said of it before a model is loaded."""

import dataclasses

from motext_jax.errors import InputError
from motext_jax.library.connectives import sequence
from motext_jax.library.folder import Folder
from motext_jax.library.named import Files, resolved
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
        if self.folder:
            self._check_files()

    def _check_together(self, query: Query) -> None:
        """Raises InputError for options that contradict each other."""
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
        files = Files(names, self.folder, seconds, self.fps, source.refused)
        resolved(self.queries[0], files)

"""The takes that a page may show: every file that a request names is looked up here first."""

import re
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol, runtime_checkable

from motext_jax.errors import InputError
from motext_jax.library.instead import Instead
from motext_jax.library.query import Answer, Curve, Poses, Query, Take
from motext_jax.library.where import condition
from motext_jax.shown import is_unicode, quoted

FRESH_SECONDS = 10.0
"""The age from which the list of takes is asked for again, for an indexer may add to it."""


@runtime_checkable
class Library(Protocol):
    """The parts of a library that the page uses.

    Attributes:
      folder: the folder of its files.
    """

    folder: Path

    def takes(self) -> list[Take]:
        """Every take."""

    def left_out(self, file: str) -> str:
        """The reason for which a file is no take; empty where there is none."""

    def search(self, query: Query, top: int = 10) -> list[Answer]:
        """The best places, the best first."""

    def notes(self, query: Query, answers: Sequence[Answer], instead: Instead) -> list[str]:
        """Sentences that a reader must be told of a query's answers."""

    def poses(self, file: str, start: float = 0, end: float | None = None) -> Poses:
        """A preview of a take's seconds."""

    def curve(self, file: str, query: Query, mirrored: bool = False) -> Curve:
        """The similarity over a take, or over its mirror image."""

    def cut(self, answers: Sequence[Answer], folder: Path, format: str = "bvh") -> Iterator[Path]:
        """Writes spans, cut from the originals, one after the other."""


class Shelf:
    """The takes of a library by file."""

    def __init__(self, library: Library):
        self._library = library
        self._takes: dict[str, Take] = {}
        self._read = -FRESH_SECONDS

    def takes(self) -> dict[str, Take]:
        """Every take by its file, at most `FRESH_SECONDS` old; of the same takes the same dict."""
        if time.monotonic() - self._read >= FRESH_SECONDS:
            # Bytes of another encoding in a name cannot be sent to a browser.
            read = (take for take in self._library.takes() if is_unicode(take.file))
            takes = {take.file: take for take in read}
            if takes != self._takes:
                self._takes = takes
            self._read = time.monotonic()
        return self._takes

    def take(self, file: str) -> Take:
        """The take of a file.

        Raises:
          InputError: the library has no such file; no path is ever looked for elsewhere.
        """
        found = self.takes().get(file)
        if found is None:
            why = self._library.left_out(file) or "search for it by name"
            raise InputError(f"{quoted(file)}: no take of this library; {why}")
        return found

    def chosen(self, where: str, words: str) -> list[Take]:
        """The takes that pass filters, by name.

        Args:
          where: a condition, as a query has it.
          words: each of them is in a caption.
        """
        passes = condition(where)
        wanted = set(re.findall(r"\w+", words.casefold()))
        found = [
            take
            for take in self.takes().values()
            if passes(take)
            and wanted.issubset(re.findall(r"\w+", " ".join(take.captions).casefold()))
        ]
        return sorted(found, key=lambda take: take.file)

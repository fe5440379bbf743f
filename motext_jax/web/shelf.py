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

EXAMPLES = 6
"""The most examples of queries."""

EXAMPLE_LETTERS = 60
"""The longest caption that is an example."""

# Common actions in the plain words of captions; which of them a library has is asked of it.
_SENTENCES = (
    "someone walks",
    "someone runs",
    "someone waves with the right hand",
    "someone sits down",
    "someone jumps",
    "someone turns around",
    "someone kicks with the left leg",
    "someone dances",
    "someone picks something up from the floor",
    "someone bows",
    "someone throws something",
    "someone walks, then sits down",
)


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
    """The takes of a library by file, and examples of what it can answer."""

    def __init__(self, library: Library):
        self._library = library
        self._takes: dict[str, Take] = {}
        self._read = -FRESH_SECONDS
        self._examples: list[str] | None = None

    def takes(self) -> dict[str, Take]:
        """Every take by its file, at most `FRESH_SECONDS` old."""
        if time.monotonic() - self._read >= FRESH_SECONDS:
            # Bytes of another encoding in a name cannot be sent to a browser.
            takes = (take for take in self._library.takes() if is_unicode(take.file))
            self._takes = {take.file: take for take in takes}
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

    def examples(self) -> list[str]:
        """Queries that this library can answer: captions of its takes, or common actions."""
        if self._examples is None:
            captioned = self._captions()
            self._examples = captioned if len(captioned) >= EXAMPLES else self._answered()
        return self._examples

    def _captions(self) -> list[str]:
        """Short captions from all over the library, no two alike."""
        captions = dict.fromkeys(
            caption
            for take in self.takes().values()
            for caption in take.captions[:1]
            if 0 < len(caption) <= EXAMPLE_LETTERS
        )
        step = max(len(captions) // EXAMPLES, 1)
        return list(captions)[::step][:EXAMPLES]

    def _answered(self) -> list[str]:
        """Sentences whose best answer is the surest."""
        if not self.takes():
            return []
        best = [
            (answers[0].word == "likely", answers[0].word == "perhaps", answers[0].score, sentence)
            for sentence in _SENTENCES
            if (answers := self._library.search(Query(text=sentence), top=1))
        ]
        return [sentence for *_, sentence in sorted(best, reverse=True)[:EXAMPLES]]

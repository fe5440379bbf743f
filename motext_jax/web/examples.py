"""Examples of queries that a library can answer."""

import logging
import threading
from collections.abc import Iterable

from motext_jax.library.query import Query, Take
from motext_jax.web.shelf import Library, Shelf

EXAMPLES = 6
"""The most examples."""

LETTERS = 60
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


class Examples:
    """Captions of a library's takes, or common actions of which it has the surest answers.

    These are searched by a thread: no visitor waits for a dozen searches, of which each may take a
    second in a large library.
    """

    def __init__(self, library: Library, shelf: Shelf):
        self._library, self._shelf = library, shelf
        self._lock, self._closed = threading.Lock(), threading.Event()
        self._thread: threading.Thread | None = None
        self._takes: dict[str, Take] | None = None
        self._found: list[str] | None = None

    def now(self) -> list[str] | None:
        """The examples; None while the first ones are searched.

        Where takes were added, those of before, until the new ones are there.
        """
        takes = self._shelf.takes()
        with self._lock:
            if takes is not self._takes and self._thread is None:
                self._takes = takes
                captions = _captions(takes.values())
                if len(captions) >= EXAMPLES or not takes:
                    self._found = captions
                else:
                    # An empty library had none; these are now the first.
                    self._found = self._found or None
                    self._thread = threading.Thread(target=self._search, name="examples")
                    self._thread.start()
            return self._found

    def close(self) -> None:
        """Begins no more searches; the thread ends with the one that it is at."""
        self._closed.set()

    def _search(self) -> None:
        """Finds the sentences whose best answer is the surest."""
        best = []
        try:
            for sentence in _SENTENCES:
                if self._closed.is_set():
                    return
                for answer in self._library.search(Query(text=sentence), top=1):
                    sure = answer.word == "likely", answer.word == "perhaps", answer.score
                    best.append((sure, sentence))
        except Exception as error:
            # A page without examples is a page; the visitor's own searches tell him the fault.
            logging.getLogger("uvicorn.error").warning("no examples of queries: %s", error)
        finally:
            with self._lock:
                self._found = [sentence for _, sentence in sorted(best, reverse=True)[:EXAMPLES]]
                self._thread = None


def _captions(takes: Iterable[Take]) -> list[str]:
    """Short captions from all over the library, no two alike."""
    captions = dict.fromkeys(
        caption for take in takes for caption in take.captions[:1] if 0 < len(caption) <= LETTERS
    )
    step = max(len(captions) // EXAMPLES, 1)
    return list(captions)[::step][:EXAMPLES]

"""The progress of reading many files."""

import sys
import time

from motext_jax.counted import counted

SECONDS = 2.0
"""A reading that is done before says nothing."""


class FilesRead:
    """Prints how many files are read, of all: on a terminal in one line, else now and then."""

    def __init__(self, what: str):
        self._what = what
        self._terminal = sys.stdout.isatty()
        self._began = time.monotonic()
        self._next = SECONDS
        self._open = False

    def __call__(self, done: int, total: int) -> None:
        """Tells of `done` files of `total`."""
        seconds = time.monotonic() - self._began
        last = done == total
        if seconds < self._next and not (last and self._open):
            return
        line = f"{self._what}: {done:,} of {counted(total, 'file')}"
        if self._terminal:
            print(f"\r{line}", end="\n" if last else "", flush=True)
            self._next = seconds + 0.2
        else:
            print(line, flush=True)
            # The pauses grow, so that the longest reading takes a page.
            self._next = 2 * seconds
        self._open = not last

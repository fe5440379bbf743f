"""A line on a terminal while something slow is awaited, which has no progress of its own."""

import contextlib
import io
import sys
import threading
from collections.abc import Iterator
from typing import TextIO

SOON = 1.0
"""Seconds that need no line."""

_CLEAR = "\r\x1b[K"


@contextlib.contextmanager
def waiting(what: str, file: TextIO | io.StringIO | None = None) -> Iterator[None]:
    """Says on a terminal what is awaited, if it takes longer than `SOON`; removes it at the end.

    Elsewhere nothing is said: a log has no use for a line that is gone the next moment.

    Args:
      what: the work of the block, as in "loading the model".
      file: where the line goes; None for stderr.
    """
    file = file or sys.stderr
    if not file.isatty():
        yield
        return
    done, said = threading.Event(), threading.Event()

    def say() -> None:
        if not done.wait(SOON):
            said.set()
            print(f"{_CLEAR}{what} ...", end="", flush=True, file=file)

    # Not in the way of an end by a signal.
    thread = threading.Thread(target=say, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
        if said.is_set():
            print(_CLEAR, end="", flush=True, file=file)

"""The progress of an indexing on a terminal, and its outcome in words."""

import time
from typing import TextIO

from motext_jax.counted import counted
from motext_jax.library.summary import Progress, Summary

LEAST = 1.0
"""Seconds before a rate is told."""


class Line:
    """Prints how many files are indexed, how fast, and the time that is left.

    On a terminal in one line, elsewhere in lines with growing pauses. The rate counts from the
    first files that are done, before which the model is loaded and compiled.
    """

    def __init__(self, file: TextIO):
        self._file, self._terminal = file, file.isatty()
        self._began = time.monotonic()
        self._next = 0.0
        self._first: tuple[int, float] | None = None

    def __call__(self, state: Progress) -> None:
        """Tells of a state."""
        seconds = time.monotonic() - self._began
        last = state.done == state.total
        if state.done and self._first is None:
            self._first = state.done, seconds
        if not state.total or (seconds < self._next and not last):
            return
        done, since = self._first or (0, seconds)
        line = told(state, state.done - done, seconds - since)
        if self._terminal:
            print(f"\r\x1b[K{line}", end="\n" if last else "", flush=True, file=self._file)
        else:
            print(line, flush=True, file=self._file)
            self._next = 2 * seconds


def told(state: Progress, files: int, seconds: float) -> str:
    """A state, with the rate of so many files in so many seconds.

    As `indexed 120 of 1,000 files, 12.3 files/s, 72 s left`.
    """
    line = f"indexed {state.done - state.kept - state.bad:,} of {counted(state.total, 'file')}"
    line += f", {state.there:,} there already" if state.there else ""
    line += f", {state.kept:,} kept as before" if state.kept else ""
    line += f", {state.bad:,} cannot be read" if state.bad else ""
    if files and seconds > LEAST:
        rate = files / seconds
        line += f", {rate:.3g} files/s"
        if state.done < state.total:
            line += f", {duration((state.total - state.done) / rate)} left"
    return line


def duration(seconds: float) -> str:
    """A duration in the two largest units: `2 h 5 min`, `3 min 20 s`, `12 s`."""
    whole = round(seconds)
    minutes, rest = divmod(whole, 60)
    hours, minutes_left = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes_left} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def said(summary: Summary, address: str) -> list[str]:
    """The outcome in lines."""
    parts = [
        f"{number:,} {what}"
        for number, what in (
            (summary.new, "indexed"),
            (summary.followed, "known by their content"),
            (summary.same, "as before"),
            (summary.kept, "kept as before, for they cannot be read now"),
            (summary.left_out, "left out"),
        )
        if number
    ]
    # A file that was followed leaves its old name behind.
    are = "is" if summary.gone == 1 else "are"
    gone = f"; {counted(summary.gone, 'name')} of before {are} gone" if summary.gone else ""
    rate = []
    if summary.fps != summary.fps_before:
        was = f", no longer as {summary.fps_before:g}" if summary.fps_before else ""
        rate = [
            "files that do not say their frames a second are read as "
            f"{summary.fps:g} from now on{was}"
        ]
    return [
        *rate,
        f"files: {summary.files:,}, of them {', '.join(parts) or 'none'}{gone}",
        f"{address}: {counted(summary.takes, 'take')} of {counted(summary.known, 'file')}, "
        f"{duration(3600 * summary.hours)} of motion, {counted(summary.windows, 'window')}",
    ]

"""Motion files of text: their lines, their numbers, and the sentences for their faults."""

import contextlib
import os
import re
from collections.abc import Iterator
from typing import TextIO

from motext_jax.errors import InputError

# Far below float32's largest, so that positions, which are sums, are finite too.
TOO_LARGE = 1e30

# A file of more is not of a body, and would fill the memory.
MOST_JOINTS = 10_000

_DECIMAL = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")


class Lines:
    """The lines of a file, and the sentence for a fault in the last one."""

    def __init__(self, path: str | os.PathLike, file: TextIO):
        self.path, self.file, self.number = path, file, 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self.file)
        self.number += 1
        return line

    def next_filled(self) -> str:
        """The next line that is not blank, stripped; empty at the file's end."""
        return next(filter(None, map(str.strip, self)), "")

    def rewind(self, number: int) -> None:
        """Goes back to where `number` lines have been read."""
        self.file.seek(0)
        self.number = 0
        for _ in range(number):
            next(self)

    def error(self, found: str, expected: str) -> InputError:
        """The error for the last line; an empty `found` is the file's end."""
        shown = (
            repr(found if len(found) <= 60 else f"{found[:60]}...")
            if found
            else "the end of the file"
        )
        return InputError(f"{self.path}, line {self.number}: found {shown}, expected {expected}")


@contextlib.contextmanager
def open_lines(path: str | os.PathLike) -> Iterator[Lines]:
    """Opens a text file; raises InputError if it cannot be read."""
    try:
        # A name may be in any encoding; that is no reason to refuse the motion.
        with open(path, encoding="utf-8-sig", errors="replace") as file:
            yield Lines(path, file)
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from None


def is_number(text: str) -> bool:
    """True for a decimal number; float() alone would also accept `nan` and `1_0`."""
    return bool(_DECIMAL.fullmatch(text)) and abs(float(text)) < TOO_LARGE

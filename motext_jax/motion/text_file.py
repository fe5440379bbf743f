"""Motion files of text: their lines, their numbers, and the sentences for their faults."""

import codecs
import contextlib
import io
import os
import re
from collections.abc import Iterator

from motext_jax.errors import InputError
from motext_jax.input_file import open_file
from motext_jax.motion.bounds import TOO_LARGE
from motext_jax.shown import quoted, shown

# DOS ends a text with Ctrl-Z, and a power cut leaves zeros.
_TAIL = " \t\r\n\x00\x1a"
_COMMENTS = ("#", "//")

BLOCK = 1 << 22
"""Letters of a block of lines, and the rest of its last line."""

_DECIMAL = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")


class Lines:
    """The lines of a file, and the sentence for a fault in the last one.

    A line that is a comment, beginning with # or //, is blank. Lines have no white space, Ctrl-Z or
    zeros at their ends.

    Attributes:
      number: the number of lines that have been read.
      decimal_commas: whether a number had a decimal comma.
    """

    def __init__(self, path: str | os.PathLike, file: io.TextIOWrapper):
        self.path, self.file, self.number = path, file, 0
        self.decimal_commas = self._decimal_points = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self.file).rstrip(_TAIL)
        self.number += 1
        return "" if line.lstrip().startswith(_COMMENTS) else line

    def next_filled(self) -> str:
        """The next line that is not blank, stripped; empty at the file's end."""
        return next(filter(None, map(str.strip, self)), "")

    def blocks(self) -> Iterator[str]:
        """The rest of the file, in texts of whole lines, as they stand."""
        while text := self.file.read(BLOCK):
            yield text + self.file.readline()

    def rewind(self, number: int) -> None:
        """Goes back to where `number` lines have been read."""
        self.file.seek(0)
        self.number = 0
        for _ in range(number):
            next(self)

    def with_points(self, numbers: str) -> str:
        """The text of numbers between spaces, with points for decimal commas.

        A file has the one or the other. With both, a comma could as well part thousands, or two
        numbers.
        """
        self.decimal_commas |= "," in numbers
        self._decimal_points |= "." in numbers
        if self.decimal_commas and self._decimal_points:
            raise self.error(numbers, "decimal points alone, or decimal commas alone")
        return numbers.replace(",", ".")

    def error(self, found: str, expected: str) -> InputError:
        """The error for the last line; an empty `found` is the file's end."""
        what = (quoted(found) if shown(found) else "no text") if found else "the end of the file"
        return InputError(f"{self.path}, line {self.number}: found {what}, expected {expected}")


@contextlib.contextmanager
def open_lines(path: str | os.PathLike) -> Iterator[Lines]:
    """Opens a text file, UTF-16 with its mark or UTF-8; raises InputError if it cannot be read."""
    with open_file(path) as content:
        wide = content.peek(2)[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
        encoding = "utf-16" if wide else "utf-8-sig"
        try:
            # A name may be in any encoding; that is no reason to refuse the motion.
            with io.TextIOWrapper(content, encoding=encoding, errors="replace") as file:
                yield Lines(path, file)
        except OSError as error:
            raise InputError(f"{path}: cannot be read: {error.strerror}") from None


def is_number(text: str) -> bool:
    """True for a decimal number; float() alone would also accept `nan` and `1_0`."""
    return bool(_DECIMAL.fullmatch(text)) and abs(float(text)) < TOO_LARGE

"""The terminal that tables are printed on."""

import io
import os
from typing import TextIO

from rich.console import Console

WIDE = 4000
"""Letters of a line that goes to no terminal: a table there is as wide as its texts."""


def console(file: TextIO | io.StringIO | None = None, width: int | None = None) -> Console:
    """A console on which texts are texts: no markup, no links, no codes for emoji.

    It does not drop the characters that a terminal itself acts on; see `shown`.

    Args:
      file: file to print to; None for stdout.
      width: width in letters; None for that of COLUMNS in the environment or of the terminal, or
        `WIDE` without either.
    """
    width = width or _said_columns()
    made = Console(file=file, width=width, markup=False, emoji=False)
    if width is None and not made.is_terminal:
        made.width = WIDE
    return made


def _said_columns() -> int | None:
    said = os.environ.get("COLUMNS", "")
    return int(said) or None if said.isdecimal() else None

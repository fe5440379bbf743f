"""The terminal that tables are printed on."""

import io
import shutil
from typing import TextIO

from rich.console import Console

WIDE = 4000
"""Letters of a line that goes to no terminal: a table there is as wide as its texts."""


def console(file: TextIO | io.StringIO | None = None, width: int | None = None) -> Console:
    """A console on which texts are texts: no markup, no links, no codes for emoji.

    It does not drop the characters that a terminal itself acts on; see `shown`.

    Args:
      file: file to print to; None for stdout.
      width: width in letters; None for that of COLUMNS in the environment, of stdout's terminal, or
        `WIDE` without either.
    """
    size = shutil.get_terminal_size((WIDE, 24))
    # Rich reads COLUMNS by other rules where it is not given both.
    return Console(
        file=file, width=width or size.columns, height=size.lines, markup=False, emoji=False
    )

"""The terminal that tables are printed on."""

import io
from typing import TextIO

from rich.console import Console


def console(file: TextIO | io.StringIO | None = None, width: int | None = None) -> Console:
    """A console on which texts are texts: no markup, no links, no codes for emoji.

    It does not drop the characters that a terminal itself acts on; see `shown`.

    Args:
      file: file to print to; None for stdout.
      width: width in letters; None for the terminal's, or 80 without a terminal.
    """
    return Console(file=file, width=width, markup=False, emoji=False)

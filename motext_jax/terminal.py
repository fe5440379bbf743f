"""The terminal that tables are printed on."""

import io
from typing import TextIO

from rich.console import Console


def console(file: TextIO | io.StringIO | None = None, width: int | None = None) -> Console:
    """A console on which texts are texts: no markup, no links, no codes for emoji.

    What a terminal itself acts on is in their letters; see `shown`.

    Args:
      file: in the place of stdout.
      width: in the place of the terminal's, or of 80 letters where there is no terminal.
    """
    return Console(file=file, width=width, markup=False, emoji=False)

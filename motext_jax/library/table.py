"""Tables of what is found, on a terminal: a line for each, whose name is never broken."""

import dataclasses
from collections.abc import Sequence

from rich.cells import cell_len
from rich.console import Console
from rich.padding import Padding
from rich.table import Table

from motext_jax.shown import shown
from motext_jax.terminal import WIDE

TITLE_LETTERS = 160
"""The most letters of a title."""

CAPTION_WIDTH = 16
"""The least letters of a line of a caption in a table."""


@dataclasses.dataclass(frozen=True)
class Column:
    """A column of a table of what is found.

    Attributes:
      heading: its heading.
      cells: its text for each, of which one may have several lines; a column of empty ones is left
        out.
      least: the least letters of a line, where a text may be broken; 0 where it may not.
    """

    heading: str
    cells: Sequence[str]
    least: int = 0


def print_found(
    title: str, kind: str, names: Sequence[str], columns: Sequence[Column], out: Console
) -> None:
    """Prints a line for each name, in a table if it is narrow enough, else below the name.

    Names are never broken, so that they can be found and copied.

    Args:
      title: the line above.
      kind: the heading of the names.
      names: a name for each, in the order of their ranks.
      columns: what else is said of each.
      out: a console of `terminal`.
    """
    columns = [column for column in columns if any(column.cells)]
    table = Table(title=shown(title, TITLE_LETTERS), title_justify="left")
    table.add_column("")
    # Rich would break a name at its blanks, and where it must, inside a word.
    longest = max(map(cell_len, names), default=0)
    table.add_column(kind, no_wrap=True, min_width=longest)
    for column in columns:
        if column.least:
            table.add_column(column.heading, overflow="fold", min_width=column.least)
        else:
            table.add_column(column.heading, no_wrap=True)
    for rank, name in enumerate(names, start=1):
        table.add_row(str(rank), name, *(column.cells[rank - 1] for column in columns))
    if out.measure(table, options=out.options.update(max_width=WIDE)).minimum <= out.width:
        out.print(table)
        return
    out.print(shown(title, TITLE_LETTERS))
    for rank, name in enumerate(names, start=1):
        out.print(f"{rank}  {name}", soft_wrap=True)
        rest = (", ".join(column.cells[rank - 1].splitlines()) for column in columns)
        out.print(Padding("  ".join(filter(None, rest)), (0, 0, 0, 3)))

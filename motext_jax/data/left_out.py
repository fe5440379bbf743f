"""Files and rows left out of a data set: their summary, and the list in a directory."""

import json
import pathlib
from collections.abc import Iterable, Mapping, Sequence

from motext_jax.counted import counted
from motext_jax.shown import shown
from motext_jax.whole_file import write_json

LIST = "left_out.json"
"""The file in a directory, of a run or of pictures: by split, a sentence for each file or row."""

SHOWN_REASONS = 10
"""The most sentences that are printed."""

REASON_LETTERS = 400

QUOTED = 3
"""The most sentences within another one."""

LeftOut = Mapping[str, Sequence[str]]
"""Sentences by split."""


def say_left_out(reasons: Iterable[str], where: object = "") -> None:
    """Prints how many files or rows were left out, and why, for the first of them.

    Args:
      reasons: a sentence for each; one that is there twice is printed once.
      where: place of the whole list, if there is one.
    """
    distinct = list(dict.fromkeys(reasons))
    if not distinct:
        return
    print(f"{_were_left_out(distinct)}:")
    for why in distinct[:SHOWN_REASONS]:
        print(f"  {shown(why, REASON_LETTERS)}")
    if len(distinct) > SHOWN_REASONS:
        print(f"  ... and so on{f'; all are in {where}' if where else ''}")


def say_number_left_out(reasons: Sequence[str], where: object) -> None:
    """Prints how many were left out and where they are listed, after `say_left_out` has."""
    if reasons:
        print(f"{_were_left_out(reasons)}, as listed above and in {where}")


def _were_left_out(reasons: Sequence[str]) -> str:
    return f"{counted(len(reasons), 'file or row was', 'files or rows were')} left out"


def first_of(reasons: Sequence[str]) -> str:
    """The first sentences, and the number of the others, for the end of another sentence."""
    more = [f"and {len(reasons) - QUOTED} more"] if len(reasons) > QUOTED else []
    return "; ".join([*reasons[:QUOTED], *more])


def reasons_of(left_out: LeftOut) -> list[str]:
    """The sentences of all splits, each once."""
    return list(dict.fromkeys(why for reasons in left_out.values() for why in reasons))


def write_left_out(workdir: pathlib.Path, left_out: LeftOut) -> None:
    """Writes a directory's list; removes an old one where nothing is left out."""
    if any(left_out.values()):
        write_json({split: list(reasons) for split, reasons in left_out.items()}, workdir / LIST)
    else:
        (workdir / LIST).unlink(missing_ok=True)


def read_left_out(workdir: pathlib.Path) -> dict[str, list[str]]:
    """A working directory's list; a damaged or missing one is empty."""
    try:
        tree = json.loads((workdir / LIST).read_text(encoding="utf-8"))
        found = {split: list(map(str, reasons)) for split, reasons in tree.items()}
    except (OSError, ValueError, AttributeError, TypeError, RecursionError):
        return {}
    return found

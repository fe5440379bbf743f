"""Reading of a split: every file is looked at, and those that cannot be read are left out.

All commands read so. What is left out stands in `ClipSet.left_out`; `data.strict` stops instead.
"""

import dataclasses
import pathlib
from collections.abc import Callable, Sequence
from typing import Any, Protocol, runtime_checkable

from motext_jax.counted import counted
from motext_jax.data.clips import ClipSet, joined
from motext_jax.data.left_out import first_of
from motext_jax.data.workers import alone, in_processes
from motext_jax.errors import InputError
from motext_jax.shown import quoted

PARTS = 8
"""Parts of the files for each process."""

Read = tuple[ClipSet | None, tuple[str, ...]]
"""A file's clips, if there are any, and a sentence for what is left out of it."""

Progress = Callable[[int, int], None]
"""A function of the number of files that are read, and of all."""


class NothingRead(InputError):
    """None of a split's files could be read; `left_out` has a sentence for each file or row."""

    def __init__(self, split: str, left_out: Sequence[str]):
        reasons = first_of(left_out) or "there is no motion"
        super().__init__(f"none of the files of {quoted(split)} could be read: {reasons}")
        self.left_out = tuple(left_out)


@runtime_checkable
class ClipSource(Protocol):
    """A source of clips.

    Attributes:
      categories: names of all splits' categories, the most frequent first; empty for none.
    """

    categories: tuple[str, ...]

    def clips(self, split: str) -> ClipSet:
        """All clips of a split."""


@runtime_checkable
class ClipFiles(ClipSource, Protocol):
    """Clips that can be read piece by piece, in any process."""

    def files(self, split: str) -> Sequence[Any]:
        """The pieces that a split is read from, always in one order; see `annotated.Source`."""

    def depends_on(self, file: Any) -> tuple[str, tuple[pathlib.Path, ...]]:
        """A text and files that decide what the clips of one of `files` are."""

    def read_clips(self, file: Any) -> Read:
        """The clips of one of `files`, and what is left out of it; never an InputError."""


def read_split(
    source: ClipFiles,
    split: str,
    *,
    strict: bool = False,
    processes: int = 1,
    progress: Progress = lambda done, total: None,
) -> ClipSet:
    """A split's clips.

    Args:
      source: the source.
      split: name of the split.
      strict: `data.strict`.
      processes: number of processes that read, where it takes long.
      progress: called after files are read.

    Raises:
      InputError: there is no such split, nothing of it can be read, or `strict` and something
        cannot.
    """
    return whole(read_files(source, source.files(split), processes, progress), split, strict)


def read_files(
    source: ClipFiles,
    files: Sequence[Any],
    processes: int = 1,
    progress: Progress = lambda done, total: None,
    *,
    keep: bool = True,
) -> list[Read]:
    """Each file's clips; the arguments are those of `read_split`.

    With keep=False the clips are dropped, and what is left out remains.
    """
    found: list[Read] = []
    for one in alone(lambda file: _read(source, file, keep), files, processes):
        found.append(one)
        progress(len(found), len(files))
    rest = files[len(found) :]
    if not rest:
        return found
    size = max(1, -(-len(rest) // (PARTS * processes)))
    parts = [(source, rest[start : start + size], keep) for start in range(0, len(rest), size)]
    results: dict[int, list[Read]] = {}
    for number, result in in_processes(_read_part, parts, processes):
        results[number] = result
        progress(len(found) + sum(map(len, results.values())), len(files))
    return found + [one for number in sorted(results) for one in results[number]]


def _read_part(part: tuple[ClipFiles, Sequence[Any], bool]) -> list[Read]:
    source, files, keep = part
    return [_read(source, file, keep) for file in files]


def _read(source: ClipFiles, file: Any, keep: bool) -> Read:
    clips, left_out = source.read_clips(file)
    return clips if keep else None, left_out


def whole(found: Sequence[Read], split: str, strict: bool = False) -> ClipSet:
    """The files' clips as one set, with all that was left out; errors as `read_split`."""
    left_out = tuple(dict.fromkeys(why for _, reasons in found for why in reasons))
    parts = [clips for clips, _ in found if clips is not None]
    check_left_out(left_out, split, anything=bool(parts), strict=strict)
    return dataclasses.replace(joined(parts), left_out=left_out)


def check_left_out(left_out: Sequence[str], split: str, *, anything: bool, strict: bool) -> None:
    """Raises NothingRead where no clips are left, InputError for what strict reading misses.

    Args:
      left_out: a sentence for each file or row.
      split: name of the split.
      anything: True where clips are left.
      strict: `data.strict`.
    """
    if anything and not (strict and left_out):
        return
    if not anything:
        raise NothingRead(split, left_out)
    raise InputError(
        f"data.strict=True, and {counted(len(left_out), 'file or row', 'files or rows')} of "
        f"{quoted(split)} could not be read: {first_of(left_out)}"
    )

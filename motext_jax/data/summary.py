"""A preparation as a person sees it: its progress and its result."""

import contextlib
import csv
import dataclasses
import pathlib
import shlex
from collections.abc import Callable, Iterator, Sequence

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from motext_jax.config import DataConfig
from motext_jax.counted import counted
from motext_jax.data.babel.comparison import print_comparison, released_clips
from motext_jax.data.builders import BUILDERS
from motext_jax.data.left_out import REASON_LETTERS, reasons_of, say_left_out
from motext_jax.data.preparation import Summary, prepare
from motext_jax.data.prepared import DESCRIPTION
from motext_jax.shown import shown
from motext_jax.terminal import console
from motext_jax.whole_file import whole

NAME_LETTERS = 40

SHOWN_KINDS = 5
"""The most kinds of files that are printed."""


def prepare_and_say(
    name: str,
    config: DataConfig,
    out: pathlib.Path,
    *,
    splits: Sequence[str],
    processes: int,
    limit: int,
    release: str,
) -> None:
    """Prepares a data set as `preparation.prepare` does; prints a summary and how to train.

    Args:
      name: name of the data set.
      config: the source and the options of its clips.
      out: the folder for data sets.
      splits: names of the source's splits to prepare.
      processes: number of worker processes.
      limit: number of files to read of each split, from the first; 0 for all.
      release: folder of BABEL's released features, to compare clips with; empty for none.
    """
    released = released_clips(name, config, release) if release else None
    with shard_bar() as progress:
        folder, summary, read = prepare(
            config,
            BUILDERS[name],
            out,
            splits=splits,
            processes=processes,
            limit=limit,
            progress=progress,
        )
    print_summary(summary)
    if config.source == "babel_amass":
        bodies = (
            f"SMPL+H's, from {config.body_models}" if config.body_models else "an average person's"
        )
        print(f"bones: {bodies}")
    if released is not None:
        print_comparison(dataclasses.replace(config, prepared=str(folder)), released)
    if read is None:
        print(f"was prepared before, and nothing has changed since: {folder}")
    else:
        print(f"prepared {folder}; {counted(read, 'file was', 'files were')} read")
    print(f"train on it with --config.data.prepared={shlex.quote(str(folder))}")
    say_read_as([(file, said) for file, said in summary.read_as], folder / DESCRIPTION)
    say_left_out(reasons_of(summary.left_out), folder / DESCRIPTION)


@contextlib.contextmanager
def shard_bar() -> Iterator[Callable[[int, int], None]]:
    """Shows a bar of shards; gives a function of the number that is done and of all."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeRemainingColumn()) as bar:
        # Seen from the first shard on, and not above an error.
        task = bar.add_task("shards", total=None, visible=False)
        yield lambda done, total: bar.update(task, completed=done, total=total, visible=True)


def print_summary(summary: Summary) -> None:
    """Prints clips by split and by category, and hours."""
    table = Table("split", "clips", title="Prepared", title_justify="left")
    for split, count in summary.clips.items():
        table.add_row(shown(split), f"{count:,}")
    console().print(table)
    print(f"{summary.hours:.2f} hours of motion")
    counts = [(shown(name, NAME_LETTERS), count) for name, count in summary.categories.items()]
    if counts:
        (first, most), (last, least) = counts[0], counts[-1]
        print(
            f"{counted(len(counts), 'category', 'categories')}, from {first!r} ({most:,}) to "
            f"{last!r} ({least:,}): {most / least:.0f} to 1"
        )
        print(", ".join(f"{name} {count:,}" for name, count in counts))


def write_read_as(read_as: Sequence[tuple[str, str]], path: pathlib.Path) -> None:
    """Writes a table of every file and its sentence; see `ClipSet.read_as`."""
    with whole(path) as place, place.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("file", "read as"), *read_as])


def say_read_as(read_as: Sequence[tuple[str, str]], where: pathlib.Path) -> None:
    """Prints what files were found to hold, for the most frequent kinds of them.

    Args:
      read_as: see `ClipSet.read_as`.
      where: place of the whole list.
    """
    kinds: dict[str, list[str]] = {}
    for file, said in read_as:
        kinds.setdefault(said, []).append(file)
    if kinds:
        print("files were read as:")
    for said in sorted(kinds, key=lambda said: -len(kinds[said]))[:SHOWN_KINDS]:
        files = kinds[said]
        first = shown(files[0], NAME_LETTERS)
        named = f"{len(files):,} files, such as {first}" if len(files) > 1 else first
        print(f"  {named}: {shown(said, 2 * REASON_LETTERS)}")
    if len(kinds) > SHOWN_KINDS:
        more = counted(len(kinds) - SHOWN_KINDS, "kind")
        print(f"  ... and {more} more; every file is in {where}")

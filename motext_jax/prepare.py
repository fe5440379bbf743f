"""Prepares a data set: its files become clips in array_record files, ready for training.

  python -m motext_jax.prepare humanml3d --data.root=FOLDER --show=pictures     only looks

  python -m motext_jax.prepare humanml3d --data.root=FOLDER --out=data          then train with
  --config=configs/ctrgcn_clip.py:humanml3d --config.data.prepared=data

The name is one of what can stand after the colon of --config: babel60, babel120, babel60_amass,
babel120_amass, babel_text, humanml3d, kit_ml, mocap (your own), bandai, cmu, synthetic.
--data.OPTION changes an option of it as --config.data.OPTION does in training;
motext_jax/config/data.py lists them. A preparation that was stopped goes on where it was.
"""

import dataclasses
import os
import pathlib

import numpy as np
from absl import flags
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from motext_jax import command
from motext_jax.config import DataConfig, check_read, dataset, settings, validate_data
from motext_jax.data.babel.comparison import compare
from motext_jax.data.builders import BUILDERS
from motext_jax.data.clips import ClipSet, joined
from motext_jax.data.preparation import Summary, prepare
from motext_jax.data.preview import chosen, draw_animation, draw_sheet
from motext_jax.data.sources import load_clips, open_files
from motext_jax.errors import InputError
from motext_jax.pictures.histogram import draw_histogram

_DATA = command.define_data()
_OUT = flags.DEFINE_string("out", None, "The folder for data sets; this one is OUT/NAME/VERSION.")
_SHOW = flags.DEFINE_string("show", None, "A folder for pictures of clips; nothing is prepared.")
_SPLITS = flags.DEFINE_list("splits", [], "Which splits; by default all that training uses.")
_LIMIT = flags.DEFINE_integer("limit", 0, "The first so many files of a split; 0: all.", 0)
_PROCESSES = flags.DEFINE_integer("processes", os.cpu_count(), "How many work at once.", 1)
_RELEASE = flags.DEFINE_string(
    "compare_with_release", None, "BABEL's folder of released features, to compare clips with."
)
_CLIPS = flags.DEFINE_integer("clips", 24, "Of --show: how many clips.", 1)

ANIMATED = 6
"""Clips in the animation."""

SHOWN_FILES = 500
"""Files that --show reads, where --limit does not say."""


def main(name: str) -> None:
    """Prepares a data set, or shows it."""
    config = dataset(name, **_changes(name))
    validate_data(config)
    if bool(_OUT.value) == bool(_SHOW.value):
        raise InputError(
            "give --out=FOLDER to prepare the data set, or --show=FOLDER to look at it"
        )
    splits = _SPLITS.value or list(dict.fromkeys(filter(None, (
        config.train_split, config.validation_split, config.test_split
    ))))  # fmt: skip
    if _SHOW.value:
        _show(config, splits[0], pathlib.Path(_SHOW.value or ""))
        return
    out = pathlib.Path(_OUT.value or "")
    released = _released(name, config)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeRemainingColumn()) as bar:
        # Seen from the first shard on, and not above an error.
        task = bar.add_task("shards", total=None, visible=False)
        folder, summary, before = prepare(
            config,
            BUILDERS[name],
            out,
            splits=splits,
            processes=_PROCESSES.value or 1,
            limit=_LIMIT.value,
            progress=lambda done, total: bar.update(
                task, completed=done, total=total, visible=True
            ),
        )
    _print_summary(summary, Console())
    if config.source == "babel_amass":
        bodies = (
            f"SMPL+H's, from {config.body_models}" if config.body_models else "an average person's"
        )
        print(f"bones: {bodies}")
    if released is not None:
        _compare(dataclasses.replace(config, prepared=str(folder)), released, Console())
    print(
        f"was prepared before; remove {folder} to do it again" if before else f"prepared {folder}"
    )
    print(f"train on it with --config.data.prepared={folder}")


def _changes(name: str) -> dict[str, object]:
    """The options that the command line gives, with their values.

    Raises:
      InputError: the data set's source does not read one, or training alone does.
    """
    given = command.given("data")
    source = _DATA.value.source if "source" in given else dataset(name).source
    data = dataset(name, source=source)
    declared = {setting.path: setting.option for setting in settings(data)}
    for option in given:
        if not (declared[option].decides_clips or declared[option].place):
            raise InputError(f"--data.{option} is for training; a data set is prepared without it")
    check_read(data, given)
    return {option: getattr(_DATA.value, option) for option in given}


def _print_summary(summary: Summary, console: Console) -> None:
    table = Table("split", "clips", title="Prepared", title_justify="left")
    for split, count in summary.clips.items():
        table.add_row(split, f"{count:,}")
    console.print(table)
    print(f"{summary.hours:.2f} hours of motion")
    if summary.categories:
        names = list(summary.categories)
        most, least = summary.categories[names[0]], summary.categories[names[-1]]
        print(
            f"{len(names)} categories, from {names[0]!r} ({most:,}) to {names[-1]!r} ({least:,}): "
            f"{most / least:.0f} to 1"
        )
        print(", ".join(f"{name} {count:,}" for name, count in summary.categories.items()))
    if summary.skipped:
        print(f"{len(summary.skipped)} files were skipped:")
        for why in summary.skipped[:10]:
            print(f"  {why}")
        if len(summary.skipped) > 10:
            print("  ... and so on; all are in the data set's motext_jax.json")


def _released(name: str, config: DataConfig) -> ClipSet | None:
    """The release to compare with, looked at before the long work begins."""
    if not _RELEASE.value:
        return None
    if not name.endswith("_amass") or config.skeleton != "ntu21":
        raise InputError("--compare_with_release is for babel60_amass and babel120_amass in ntu21")
    preset = dataset(name.removesuffix("_amass"), root=_RELEASE.value, extra=config.extra)
    preset = dataclasses.replace(preset, categories=config.categories)
    return load_clips(preset, config.train_split)


def _compare(config: DataConfig, released: ClipSet, console: Console) -> None:
    """Prints how the prepared training clips differ from the release's."""
    found = compare(load_clips(config, config.train_split), released)
    table = Table("category", "here", "released", title="Training clips, against the release")
    for category, (ours, theirs) in found.counts.items():
        table.add_row(category or "(none)", f"{ours:,}", f"{theirs:,}")
    console.print(table)
    if not found.common:
        print("no clip is in both: compare the sequences' ids")
        return
    clip, worst = found.worst_error
    print(
        f"{found.common:,} clips in both, {found.only_here:,} only here, {found.only_released:,} "
        f"only in the release; joints {found.mean_error:.4f} m apart in the mean, "
        f"{worst:.4f} m in the worst clip, {clip}"
    )


def _show(config: DataConfig, split: str, folder: pathlib.Path) -> None:
    """Draws clips of files that are spread over the split."""
    source = open_files(config)
    files = source.files(split)
    count = min(len(files), _LIMIT.value or SHOWN_FILES)
    spread = np.linspace(0, len(files) - 1, count).astype(int)
    parts, skipped = [], []
    for number in spread:
        try:
            parts.append(source.read_clips(files[number]))
        except InputError as error:
            skipped.append(str(error))
    if not parts:
        raise InputError(f"none of {count} files of {split} could be read: {skipped[0]}")
    clips = joined(parts)
    folder.mkdir(parents=True, exist_ok=True)
    numbers = chosen(clips, _CLIPS.value)
    draw_sheet(clips, numbers, folder / "clips.png")
    draw_animation(clips, numbers[:ANIMATED], folder / "clips.webp")
    written = ["clips.png", "clips.webp"]
    counts = clips.counts()
    if counts:
        draw_histogram(counts, folder / "categories.png")
        written.append("categories.png")
    print(
        f"{len(clips):,} clips of {count:,} of the {len(files):,} files of {split}; wrote "
        f"{', '.join(written)} in {folder}"
    )
    up = clips.clips[:][:, 0, :, clips.skeleton.up]
    height = float(np.median(np.ptp(up, axis=1)))
    unusual = "" if 1 < height < 2.5 else ": not a person's, in metres and upright"
    print(f"bodies are {height:.2f} m tall in the median, lowest joint to highest{unusual}")
    for why in skipped[:10]:
        print(f"  skipped: {why}")


if __name__ == "__main__":
    command.run(main, positional="a data set's name", huge_pages=False)

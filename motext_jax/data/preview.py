"""Pictures of clips before training: a mirrored, sideways or mislabelled body is seen at once."""

import pathlib
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from motext_jax.config import DataConfig
from motext_jax.counted import counted
from motext_jax.data.annotated import NoSplit
from motext_jax.data.clips import ClipSet
from motext_jax.data.left_out import LIST, reasons_of, say_left_out, write_left_out
from motext_jax.data.progress import FilesRead
from motext_jax.data.reading import ClipFiles, read_files, whole
from motext_jax.data.sources import open_files
from motext_jax.data.summary import say_read_as, write_read_as
from motext_jax.motion.motion import Motion
from motext_jax.pictures import animation
from motext_jax.pictures.histogram import draw_histogram
from motext_jax.pictures.strips import Row, strips

READ_AS = "read_as.csv"
"""The file in the folder that tells what each file was found to hold."""

COLUMNS = 3

ANIMATED = 6
"""Clips in the animation."""

FILES = 500
"""Files that are read of a split, where nobody says how many."""


def preview(
    config: DataConfig,
    splits: Sequence[str],
    folder: pathlib.Path,
    count: int,
    limit: int = 0,
    processes: int = 1,
) -> None:
    """Draws clips of files that are spread over each split, and prints a summary.

    Args:
      config: the source and the options of its clips.
      splits: names of the source's splits; one that is not there is told, if another is.
      folder: folder for clips.png, clips.webp, categories.png (if clips have any), read_as.csv and
        left_out.json (if there is something to tell).
      count: number of clips to draw.
      limit: number of files to read of each split; 0 for `FILES`.
      processes: number of processes that read, where it takes long.

    Raises:
      InputError: none of them can be read.
    """
    source = open_files(config)
    files = _files(source, splits)
    found = {}
    for split, its in files.items():
        spread = np.linspace(0, len(its) - 1, min(len(its), limit or FILES)).astype(int)
        some = [its[number] for number in spread]
        found[split] = read_files(source, some, processes, FilesRead(split))
    clips = whole([one for read in found.values() for one in read], ", ".join(found), config.strict)
    folder.mkdir(parents=True, exist_ok=True)
    numbers = chosen(clips, count)
    draw_sheet(clips, numbers, folder / "clips.png")
    draw_animation(clips, numbers[:ANIMATED], folder / "clips.webp")
    written = ["clips.png", "clips.webp"]
    counts = clips.counts()
    if counts:
        draw_histogram(counts, folder / "categories.png")
        written.append("categories.png")
    of = [
        f"{sum(part is not None for part, _ in read):,} of the "
        f"{counted(len(files[split]), 'file')} of {split}"
        for split, read in found.items()
    ]
    print(
        f"{counted(len(clips), 'clip')} of {', '.join(of)}; wrote {', '.join(written)} in {folder}"
    )
    up = clips.clips[:][:, 0, :, clips.skeleton.up]
    height = float(np.median(np.ptp(up, axis=1)))
    unusual = "" if 1 < height < 2.5 else ": not a person's, in metres and upright"
    print(f"bodies are {height:.2f} m tall in the median, lowest joint to highest{unusual}")
    if clips.read_as:
        write_read_as(clips.read_as, folder / READ_AS)
    say_read_as(clips.read_as, folder / READ_AS)
    left_out = {
        split: [why for _, reasons in read for why in reasons] for split, read in found.items()
    }
    write_left_out(folder, left_out)
    say_left_out(reasons_of(left_out), folder / LIST)


def _files(source: ClipFiles, splits: Sequence[str]) -> dict[str, Sequence[Any]]:
    """The files of each split that is there; the others are told, or an error if there is none."""
    files: dict[str, Sequence[Any]] = {}
    absent: list[NoSplit] = []
    for split in splits:
        try:
            files[split] = source.files(split)
        except NoSplit as error:
            absent.append(error)
    if not files:
        raise absent[0]
    for told in absent:
        print(told)
    return files


def chosen(clips: ClipSet, count: int, seed: int = 0) -> list[int]:
    """Clips of as many categories as there are, and else any, in a random order."""
    order = np.random.default_rng(seed).permutation(len(clips)).tolist()
    turn: Counter[int] = Counter()
    nth = {}
    for clip in order:
        category = int(clips.categories[clip])
        nth[clip] = turn[category]
        turn[category] += 1
    return sorted(order, key=nth.__getitem__)[:count]


def draw_sheet(clips: ClipSet, numbers: list[int], path: pathlib.Path) -> None:
    """Draws strips of skeletons, each with its name, category and captions."""
    rows = [
        Row(
            "",
            [clips.motion(clip) for clip in numbers[start : start + COLUMNS]],
            [_caption(clips, clip) for clip in numbers[start : start + COLUMNS]],
            [float(clips.starts[clip]) for clip in numbers[start : start + COLUMNS]],
        )
        for start in range(0, len(numbers), COLUMNS)
    ]
    strips(rows, path)


def draw_animation(clips: ClipSet, numbers: list[int], path: pathlib.Path) -> None:
    """Draws clips side by side in motion, repeated as the model sees them."""
    motions = [Motion(clips.clips[n : n + 1][0], clips.fps, clips.skeleton) for n in numbers]
    titles = [clips.category(clip) or clips.captions[clip][0] for clip in numbers]
    animation.draw_animation(motions, titles, path)


def _caption(clips: ClipSet, clip: int) -> str:
    texts = dict.fromkeys((clips.category(clip), *clips.captions[clip][:2]))
    return f"{clips.name(clip)}: " + " · ".join(filter(None, texts))

"""Pictures of clips before training: a mirrored, sideways or mislabelled body is seen at once."""

import pathlib
from collections import Counter

import numpy as np

from motext_jax.config import DataConfig
from motext_jax.counted import counted
from motext_jax.data.clips import ClipSet
from motext_jax.data.left_out import LIST, say_left_out, write_left_out
from motext_jax.data.progress import FilesRead
from motext_jax.data.reading import read_files, whole
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
"""Files that are read, where nobody says how many."""


def preview(
    config: DataConfig,
    split: str,
    folder: pathlib.Path,
    count: int,
    limit: int = 0,
    processes: int = 1,
) -> None:
    """Draws clips of files that are spread over a split, and prints a summary.

    Args:
      config: the source and the options of its clips.
      split: name of one of the source's splits.
      folder: folder for clips.png, clips.webp, categories.png (if clips have any), read_as.csv and
        left_out.json (if there is something to tell).
      count: number of clips to draw.
      limit: number of files to read; 0 for `FILES`.
      processes: number of processes that read, where it takes long.

    Raises:
      InputError: none of them can be read.
    """
    source = open_files(config)
    files = source.files(split)
    read = min(len(files), limit or FILES)
    spread = [files[number] for number in np.linspace(0, len(files) - 1, read).astype(int)]
    found = read_files(source, spread, processes, FilesRead(split))
    clips = whole(found, split, config.strict)
    filled = sum(part is not None for part, _ in found)
    folder.mkdir(parents=True, exist_ok=True)
    numbers = chosen(clips, count)
    draw_sheet(clips, numbers, folder / "clips.png")
    draw_animation(clips, numbers[:ANIMATED], folder / "clips.webp")
    written = ["clips.png", "clips.webp"]
    counts = clips.counts()
    if counts:
        draw_histogram(counts, folder / "categories.png")
        written.append("categories.png")
    print(
        f"{counted(len(clips), 'clip')} of {filled:,} of the {counted(len(files), 'file')} of "
        f"{split}; wrote {', '.join(written)} in {folder}"
    )
    up = clips.clips[:][:, 0, :, clips.skeleton.up]
    height = float(np.median(np.ptp(up, axis=1)))
    unusual = "" if 1 < height < 2.5 else ": not a person's, in metres and upright"
    print(f"bodies are {height:.2f} m tall in the median, lowest joint to highest{unusual}")
    if clips.read_as:
        write_read_as(clips.read_as, folder / READ_AS)
    say_read_as(clips.read_as, folder / READ_AS)
    write_left_out(folder, {split: clips.left_out})
    say_left_out(clips.left_out, folder / LIST)


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

"""A split's motions as a folder of files and their captions: to look at, to search, to hand on."""

import csv
import io
import os
import pathlib
import re

from motext_jax.config import DataConfig
from motext_jax.data.annotated import AnnotatedMotion
from motext_jax.data.captions import COLUMNS, TABLE
from motext_jax.data.left_out import say_left_out
from motext_jax.data.progress import FilesRead
from motext_jax.data.sources import open_motions
from motext_jax.errors import InputError
from motext_jax.motion.motion_file import write_motion
from motext_jax.whole_file import write_text


def write_takes(config: DataConfig, split: str, folder: pathlib.Path, limit: int = 0) -> int:
    """Writes each motion as an .npz file, and captions.csv: a folder of the source `mocap`.

    Args:
      config: the source and its options.
      split: one of its splits.
      folder: a new folder, or an empty one.
      limit: files of the source to read, from the first; 0 for all.

    Returns:
      The number of motions.

    Raises:
      InputError: the folder holds something, or none of the files can be read.
    """
    if folder.exists() and any(folder.iterdir()):
        raise InputError(f"{folder} holds something already; give the name of a new folder")
    source = open_motions(config)
    files = list(source.files(split))[: limit or None]
    progress, table, left_out = FilesRead(split), io.StringIO(), []
    rows = csv.writer(table, lineterminator="\n")
    rows.writerow(COLUMNS)
    names: set[str] = set()
    folder.mkdir(parents=True, exist_ok=True)
    for number, file in enumerate(files, start=1):
        try:
            for found in source.read(file):
                if isinstance(found, InputError):
                    left_out.append(str(found))
                    continue
                name = _name(found, names)
                write_motion(found.motion, folder / name)
                for caption in found.captions:
                    rows.writerow([name, "", "", caption, found.category or ""])
        except InputError as error:
            left_out.append(str(error))
        progress(number, len(files))
    say_left_out(left_out)
    if not names:
        raise InputError(f"none of the {len(files):,} files of {split} can be read")
    # Last: a folder without it was not finished.
    write_text(table.getvalue(), folder / TABLE)
    return len(names)


def _name(found: AnnotatedMotion, taken: set[str]) -> str:
    """A new file's name, from the motion's file and segment."""
    stem = re.sub(r"[^\w.-]+", "_", os.path.splitext(found.file)[0]).strip("._") or "motion"
    if found.segment:
        stem += "_" + re.sub(r"[^\w.-]+", "_", found.segment)
    name, number = f"{stem}.npz", 1
    while name in taken:
        number += 1
        name = f"{stem}_{number}.npz"
    taken.add(name)
    return name

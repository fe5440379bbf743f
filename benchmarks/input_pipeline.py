"""The host's work for a batch of 64: it sends the clips, or their rows in the devices' store.

    python benchmarks/input_pipeline.py [CLIPS]

Random clips of BABEL-120's size (48,978 × 150 × 25 × 3, 2.2 GB on the disk in a temporary folder)
go the way they go in training, `data.pipeline.Batches`, with their mirror images. Each rate is the
median of five stretches. Mirroring and augmentation are the step's, and no part of this.
"""

import dataclasses
import pathlib
import sys
import tempfile
import time

import numpy as np
from array_record.python.array_record_module import ArrayRecordWriter

from motext_jax.data.builders import CaptionedFolder
from motext_jax.data.clips import ClipSet
from motext_jax.data.mirroring import with_mirrored
from motext_jax.data.pipeline import Batches, TrainingTexts
from motext_jax.data.prepared import Records
from motext_jax.data.shard import write_records
from motext_jax.skeleton import NTU25

CLIPS = 48_978
RECORDS = 4096
"""Clips in the array_record file: enough that none is read twice in a stretch."""
BATCH = 64
STRETCH = 100
"""Batches that are timed at once."""


def clip_set(clips, count: int) -> ClipSet:
    """Random categories for clips at hand."""
    categories = np.random.default_rng(0).integers(0, 60, count).astype(np.int32)
    names = tuple(f"action {k}" for k in range(60))
    return ClipSet(
        clips,
        np.full(count, 150, np.int32),
        tuple((names[category],) for category in categories),
        categories,
        names,
        tuple(map(str, range(count))),
        ("",) * count,
        np.zeros(count),
        np.full(count, 5.0),
        NTU25,
        30.0,
    )


def show(way: str, clips: ClipSet, send_clips: bool = True) -> None:
    """Prints the rate of training's batches, with texts of eight tokens."""
    clips = with_mirrored(clips)
    texts = TrainingTexts(np.ones((60, 8), np.int32), tuple((c,) for c in clips.categories))
    batches = Batches(clips, texts, batch_size=BATCH, seed=0).from_step(0, send_clips=send_clips)
    for _ in range(20):
        next(batches)
    rates = []
    for _ in range(5):
        began = time.monotonic()
        for _ in range(STRETCH):
            next(batches)
        rates.append(STRETCH / (time.monotonic() - began))
    rate = float(np.median(rates))
    print(f"{way}: {rate:,.0f} batches/s, {BATCH * rate:,.0f} clips/s", flush=True)


def main(count: int) -> None:
    """Prints one line a way."""
    rng = np.random.default_rng(0)
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "clips.npy"
        array = np.lib.format.open_memmap(path, "w+", np.float32, (count, 150, 25, 3))
        for start in range(0, count, 1024):
            block = array[start : start + 1024]
            block[:] = rng.standard_normal(block.shape, np.float32)
        clips = clip_set(np.load(path, mmap_mode="r"), count)
        show("rows of clips that the devices hold", clips, send_clips=False)
        show("clips of a memory map", clips)
        parts = pathlib.Path(folder) / "records"
        writer = ArrayRecordWriter(str(parts), "group_size:1")
        some = clips.select(np.arange(RECORDS))
        write_records(some, writer)
        writer.close()
        shards = {"train": [(parts, RECORDS)]}
        builder = CaptionedFolder(data_dir=folder, joints=25, shards=shards)
        builder.download_and_prepare(download_dir=folder)
        records = Records(pathlib.Path(builder.data_dir), "train", (150, 25, 3))
        show("clips of array_record", dataclasses.replace(some, clips=records))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else CLIPS)

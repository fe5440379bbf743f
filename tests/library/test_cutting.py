"""Spans cut from the originals, read back."""

import bvh_people
import numpy as np
import pytest

from motext_jax.errors import InputError
from motext_jax.library.cutting import cut_answers
from motext_jax.library.folder import Folder
from motext_jax.library.query import Answer
from motext_jax.library.store import Row
from motext_jax.motion.bvh import read_bvh
from motext_jax.motion.files import Given

FRAMES, RATE = 12, 30.0


@pytest.fixture
def folder(tmp_path):
    """A BVH file of twelve frames, each with its own number as the root's height."""
    text = bvh_people.text(bvh_people.PUBLISHERS["CMU, MotionBuilder"])
    head, _, rest = text.partition("Frames: 3\n")
    (_, first, *_) = rest.splitlines()
    x, _, z, *turns = first.split()
    lines = [" ".join([x, str(100 + k), z, *turns]) for k in range(FRAMES)]
    path = tmp_path / "takes" / "day 1" / "it's.bvh"
    path.parent.mkdir(parents=True)
    path.write_text("\n".join([f"{head}Frames: {FRAMES}", "Frame Time: 0.0333333", *lines, ""]))
    return tmp_path / "takes"


def cut(folder, start, end, file="day 1/it's.bvh", form="bvh"):
    stamp, _ = Folder(folder).stamp(file, Given(), 0.0)
    row = Row(file, 1, 2, stamp, fps=RATE)
    out = folder.parent / "out"
    return list(cut_answers(folder, [row], [Answer(file, start, end, 0.5)], out, form))


@pytest.mark.parametrize(
    ("start", "end", "frames"),
    [(0.1, 0.2, range(3, 6)), (0.0, 9.0, range(12)), (0.39, 0.395, range(11, 12))],
)
def test_bvh_is_cut_as_it_stands(folder, start, end, frames):
    (path,) = cut(folder, start, end)
    assert path.name == f"001_day 1__it's_{start:.2f}-{end:.2f}.bvh"
    whole, part = read_bvh(folder / "day 1" / "it's.bvh"), read_bvh(path)
    assert (part.joints, part.channels, part.fps) == (whole.joints, whole.channels, RATE)
    np.testing.assert_array_equal(part.frames, whole.frames[frames.start : frames.stop])


def test_a_file_without_a_frame_time_gets_one(folder):
    path = folder / "day 1" / "it's.bvh"
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.startswith("Frame Time")))
    (written,) = cut(folder, 0.0, 0.1)
    part = read_bvh(written)
    assert part.fps == RATE and part.frames[:, 1].tolist() == [100, 101, 102]


def test_an_original_that_has_changed_or_is_gone_is_not_cut(folder):
    stamp, _ = Folder(folder).stamp("day 1/it's.bvh", Given(), 0.0)
    row, answer = Row("day 1/it's.bvh", 1, 2, stamp, fps=RATE), Answer("day 1/it's.bvh", 0, 1, 0.5)
    path = folder / "day 1" / "it's.bvh"
    path.write_text(path.read_text() + "\n")
    with pytest.raises(InputError, match="has changed since it was indexed"):
        list(cut_answers(folder, [row], [answer], folder.parent / "out", "bvh"))
    path.unlink()
    with pytest.raises(InputError, match="is gone since it was indexed"):
        list(cut_answers(folder, [row], [answer], folder.parent / "out", "bvh"))
    assert not (folder.parent / "out").exists()

"""Spans cut from the originals, read back."""

import pathlib

import arm_raisers
import bvh_people
import numpy as np
import pytest
from fuzz import samples

from motext_jax.errors import InputError
from motext_jax.library.cutting import cut_answers
from motext_jax.library.folder import Folder
from motext_jax.library.query import Answer
from motext_jax.library.reading import whole_take
from motext_jax.library.store import Row
from motext_jax.motion.bvh import read_bvh
from motext_jax.motion.files import FORMATS, Given, read_motion
from motext_jax.skeleton import SMPL22

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


def cut(folder, start, end, file="day 1/it's.bvh", form="bvh", rate=RATE):
    source = Folder(folder)
    stamp, _ = source.stamp(file, source.given(source.said(file)), 0.0)
    row = Row(file, 1, 2, stamp, fps=rate)
    out = folder.parent / "out"
    return list(cut_answers(folder, [row], [Answer(file, start, end, 0.5)], out, form, again=""))


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


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("a\n\x1b[2Jb\u202e.bvh", "a [2Jb"),
        (f"{'歩' * 80}/{'歩' * 80}.bvh", "歩" * 53),
    ],
)
def test_a_cut_has_a_name_that_every_terminal_and_file_system_takes(folder, file, name):
    (folder / file).parent.mkdir(exist_ok=True)
    (folder / "day 1" / "it's.bvh").rename(folder / file)
    (path,) = cut(folder, 0.1, 0.2, file)
    assert path.name == f"001_{name}_0.10-0.20.bvh" and path.is_file()


def test_a_file_without_a_frame_time_gets_one(folder):
    path = folder / "day 1" / "it's.bvh"
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.startswith("Frame Time")))
    (written,) = cut(folder, 0.0, 0.1)
    part = read_bvh(written)
    assert part.fps == RATE and part.frames[:, 1].tolist() == [100, 101, 102]


def test_all_originals_are_looked_at_before_the_first_is_cut(folder):
    first, *others = files = ["day 1/it's.bvh", "b.bvh", "c.bvh", "d.bvh"]
    for file in others:
        (folder / file).write_bytes((folder / first).read_bytes())
    stamps = [Folder(folder).stamp(file, Given(), 0.0)[0] for file in files]
    rows = [Row(file, 1, 2, stamp, fps=RATE) for file, stamp in zip(files, stamps, strict=True)]
    # Two answers of each file.
    answers = [Answer(row.file, 0, 1, 0.5) for row in rows]
    out = folder.parent / "out"

    def write():
        return list(cut_answers(folder, rows * 2, answers * 2, out, "bvh", again="index takes"))

    (folder / "b.bvh").write_text((folder / "b.bvh").read_text() + "\n")
    with pytest.raises(InputError) as said:
        write()
    assert str(said.value) == (
        f"{folder}/b.bvh: has changed since it was indexed; index again: index takes"
    )
    (folder / first).unlink()
    with pytest.raises(
        InputError, match=r"is gone since it was indexed \(1 more file is not as then"
    ):
        write()
    (folder / "d.bvh").unlink()
    with pytest.raises(InputError, match=r"it's.bvh: is gone .* \(2 more files are not as then\);"):
        write()
    assert not out.exists()


def test_a_cut_has_the_rate_that_captions_csv_says(folder):
    (folder / "captions.csv").write_text(
        "file,start,end,caption,action,fps\nday 1/it's.bvh,,,bows,,120\n"
    )
    (path,) = cut(folder, 0.0, 0.05, rate=120.0)
    part = read_bvh(path)
    assert part.fps == pytest.approx(120) and part.frames[:, 1].tolist() == list(range(100, 106))


NOBODY = ("amc", "humanml3d", "babel_labels")
"""Samples in which there is no whole person."""


def _people():
    """Sample files of every format with a person; a BVH's first sample is a stick."""
    return {
        name: form.samples()[:2][-1]
        for name, form in samples.FORMATS.items()
        if name not in NOBODY
        and any(pathlib.PurePath(file).suffix in FORMATS for file in form.samples()[0])
    }


@pytest.mark.parametrize("form", ["npz", "joints"])
@pytest.mark.parametrize("kind", _people())
def test_a_span_of_every_format_is_read_again_as_its_original(tmp_path, kind, form):
    takes = tmp_path / "takes"
    for name, content in _people()[kind].items():
        (takes / name).parent.mkdir(parents=True, exist_ok=True)
        (takes / name).write_bytes(content)
    read = 0
    for file in Folder(takes).files():
        try:
            take, _ = whole_take(takes / file, Given(), 30.0)
            motion = take.on_smpl22()
        except InputError:
            continue
        row = Row(file, 1, 2, Folder(takes).stamp(file, Given(), 30.0)[0], fps=motion.fps)
        answer = Answer(file, take.left_out / motion.fps, 99.0, 0.5)
        (path,) = cut_answers(takes, [row], [answer], tmp_path / "out", form, 30.0, again="")
        again = read_motion(path)
        assert again.fps == motion.fps
        np.testing.assert_allclose(again.joints, motion.joints, atol=0.02)
        read += 1
    assert read


def test_joints_csv_goes_along(tmp_path):
    """Names that say nothing: without the table nobody is found in the cut."""
    takes, out = tmp_path / "takes", tmp_path / "out"
    arm_raisers.write(takes / "a.npz", ("left", 2))
    arrays = dict(np.load(takes / "a.npz"))
    # A part of the body is not told by its pose.
    arrays["names"] = np.array([f"m{joint}" for joint in range(22)])
    np.savez(takes / "a.npz", **arrays)
    rows = (f"m{joint},{name}" for joint, name in enumerate(SMPL22.joints))
    (takes / "joints.csv").write_text("\n".join(["joint,smpl22", *rows]))
    path, table = cut(takes, 0.0, 1.0, "a.npz", "npz", 10.0)
    assert table.read_bytes() == (takes / "joints.csv").read_bytes()
    # With SMPL's joints its names mean nothing.
    assert len(cut(takes, 0.0, 1.0, "a.npz", "joints", 10.0)) == 1
    table.write_text("joint,smpl22\nhip,pelvis\n")
    with pytest.raises(InputError, match="names the joints of other files"):
        cut(takes, 0.0, 1.0, "a.npz", "npz", 10.0)
    table.unlink()
    cut(takes, 0.0, 1.0, "a.npz", "npz", 10.0)
    source = Folder(out)
    assert source.files() == [path.name]
    given = source.given(source.said(path.name))
    assert given.joints["m5"] == SMPL22.joints[5]
    take, _ = whole_take(path, given, 0.0)
    np.testing.assert_allclose(
        take.on_smpl22().joints, read_motion(takes / "a.npz", given).joints[:10], atol=1e-5
    )


def test_a_joints_csv_that_cannot_be_read_stays_behind(tmp_path):
    takes = tmp_path / "takes"
    arm_raisers.write(takes / "a.npz", ("left", 2))
    (takes / "joints.csv").write_bytes(b"joint,smpl22\n\xff,pelvis\n")
    assert len(cut(takes, 0.0, 1.0, "a.npz", "npz", 10.0)) == 1

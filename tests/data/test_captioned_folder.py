"""A folder of BVH files with its table: spans, captions, splits, and every refusal."""

import numpy as np
import pytest

from motext_jax.config import DataConfig
from motext_jax.data.captioned_folder import CaptionedFolder, read_rows
from motext_jax.errors import InputError

# A stick with three joints: enough for a source that keeps the file's own skeleton.
HIERARCHY = """HIERARCHY
ROOT base
{
  OFFSET 0 0 0
  CHANNELS 6 Xposition Yposition Zposition Zrotation Xrotation Yrotation
  JOINT middle
  {
    OFFSET 0 100 0
    CHANNELS 3 Zrotation Xrotation Yrotation
    JOINT tip
    {
      OFFSET 0 70 0
      CHANNELS 3 Zrotation Xrotation Yrotation
      End Site
      {
        OFFSET 0 10 0
      }
    }
  }
}
MOTION
"""
SPLITS = ("train", "val", "test")
HEADER = "file,start,end,caption,action\n"


def write_bvh(path, frames=30):
    rows = "\n".join(f"{k} 0 0 0 0 0 0 0 0 0 0 0" for k in range(frames))
    path.write_text(f"{HIERARCHY}Frames: {frames}\nFrame Time: 0.1\n{rows}\n")


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "takes").mkdir()
    for name in ("a", "b"):
        write_bvh(tmp_path / "takes" / f"{name}.bvh")
    return tmp_path


def source(folder, table, skeleton="own"):
    (folder / "captions.csv").write_text(table)
    return CaptionedFolder(DataConfig(root=str(folder), skeleton=skeleton))


def test_rows_become_motions(folder):
    table = (
        "file,start,end,caption,action,split\n"
        "takes/a.bvh,,,slides,slide,train\n"
        "takes/a.bvh,0.5,1.5,slides a bit,slide,train\n"
        "takes/a.bvh,0.5,1.5,moves,slide,train\n"
        "takes/b.bvh,,,stays,,test\n"
    )
    opened = source(folder, table)
    whole, part = opened.motions("train")
    assert (whole.file, whole.start) == ("takes/a.bvh", 0.0)
    assert (part.file, part.start) == ("takes/a.bvh", 0.5)
    assert part.captions == ("slides a bit", "moves")
    assert whole.category == part.category == "slide"
    assert whole.motion.fps == 10
    assert (len(whole.motion), len(part.motion)) == (30, 10)
    np.testing.assert_array_equal(part.motion.joints, whole.motion.joints[5:15])
    (other,) = opened.motions("test")
    assert other.category is None
    assert opened.categories == ("slide",)


def test_without_a_split_column_a_file_is_in_one_split(folder):
    for number in range(60):
        write_bvh(folder / "takes" / f"{number}.bvh", frames=2)
    names = [f"takes/{number}.bvh" for number in range(60)] * 2
    (folder / "captions.csv").write_text(HEADER + "".join(f"{n},,,x,y\n" for n in names))
    rows = read_rows(folder / "captions.csv", seed=0, splits=SPLITS)
    by_file = {name: {row.split for row in rows if row.file == name} for name in names}
    splits = [split for splits in by_file.values() for split in splits]
    # Each file is in one split; of sixty, every tenth is in val and every tenth in test.
    assert {split: splits.count(split) for split in splits} == {"train": 48, "val": 6, "test": 6}
    assert rows != read_rows(folder / "captions.csv", seed=1, splits=SPLITS)


def test_the_unit_can_be_given(folder):
    table = HEADER.replace("\n", ",split\n") + "takes/a.bvh,,,x,y,train\n"
    (folder / "captions.csv").write_text(table)
    heights = []
    for unit in (0.01, 1.0):
        config = DataConfig(root=str(folder), skeleton="own", metres_per_unit=unit)
        (motion,) = CaptionedFolder(config).motions("train")
        heights.append(np.ptp(motion.motion.joints[0, :, 1]))
    np.testing.assert_allclose(heights, [1.8, 180.0], rtol=1e-5)


def test_three_files_fill_three_splits(folder):
    write_bvh(folder / "c.bvh")
    opened = source(folder, HEADER + "takes/a.bvh,,,x,\n./takes/b.bvh,,,y,\nc.bvh,,,z,\n")
    files = {split: [m.file for m in opened.motions(split)] for split in ("train", "val", "test")}
    assert sorted(name for ids in files.values() for name in ids) == [
        "c.bvh",
        "takes/a.bvh",
        "takes/b.bvh",
    ]
    assert all(len(ids) == 1 for ids in files.values())


def test_a_file_with_a_split_keeps_it_for_all_its_rows(folder):
    header = HEADER.replace("\n", ",split\n")
    rows = "takes/a.bvh,,,x,,test\ntakes/a.bvh,,,y,,\ntakes/b.bvh,,,z,,\n"
    opened = source(folder, header + rows)
    (motion,) = opened.motions("test")
    assert motion.captions == ("x", "y")
    with pytest.raises(InputError, match="is in the splits 'test' and 'train'; a recording is in"):
        source(folder, header + rows.replace("y,,", "y,,train"))


def test_one_motion_with_two_actions_is_refused(folder):
    table = HEADER.replace("\n", ",split\n") + "takes/a.bvh,,,x,walk,train\n" * 2
    table = table.replace("walk", "run", 1)
    with pytest.raises(InputError, match="a.bvh from 0 s to its end has two actions, 'run' and"):
        list(source(folder, table).motions("train"))


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ("file,start,end,caption\n", "no column 'action'; the header has: file, start, end"),
        ("", "no column 'file'; the header has: nothing"),
        (HEADER, "a header and no row"),
        (HEADER + "takes/a.bvh,,,starts, then walks,y\n", "line 2: 6 fields, but the header has 5"),
        (HEADER + "takes/a.bvh,2,1,x,y\n", "line 2: start 2 s is not before end 1 s"),
        (HEADER + "takes/a.bvh,1,1,x,y\n", "line 2: start 1 s is not before end 1 s"),
        (HEADER + "takes/a.bvh,,,x,y\ntakes/z.bvh,,,x,y\n", "line 3: there is no file 'takes/z.b"),
        (HEADER + "takes/a.bvh,soon,,x,y\n", "start is 'soon'; expected seconds"),
        (HEADER + "takes/a.bvh,0,-1,x,y\n", "end is '-1'; expected seconds"),
        (HEADER + "takes/a.bvh,0,nan,x,y\n", "end is 'nan'; expected seconds"),
        (HEADER + "takes/a.bvh,,,,y\n", "the column 'caption' is empty"),
        (HEADER + ",,,x,y\n", "the column 'file' is empty"),
        (HEADER + 'takes/a.bvh,,,"x,y\ntakes/b.bvh,,,x,y\n', "not a CSV table .unexpected end"),
        (HEADER + 'takes/a.bvh,,,"x,\ntakes/b.bvh,,,"x",y\n', "not a CSV table"),
        (HEADER + 'takes/a.bvh,,,"x\n",y\n', "line 3: a text with a line break; close its quote"),
    ],
)
def test_a_table_that_does_not_fit_is_named(folder, table, says):
    with pytest.raises(InputError, match=says) as caught:
        source(folder, table)
    assert "captions.csv" in str(caught.value)


def test_a_folder_without_a_table_is_named(tmp_path):
    with pytest.raises(InputError, match="there is no such table"):
        CaptionedFolder(DataConfig(root=str(tmp_path)))


def test_a_span_after_the_file_is_named(folder):
    opened = source(folder, HEADER.replace("\n", ",split\n") + "takes/a.bvh,9,10,x,y,train\n")
    with pytest.raises(InputError, match=r"a.bvh starts at 9 s, but the file ends at 3.00 s"):
        list(opened.motions("train"))


def test_a_split_of_another_name_is_refused(folder):
    table = HEADER.replace("\n", ",split\n") + "takes/a.bvh,,,x,y,training\n"
    with pytest.raises(InputError, match="line 2: split is 'training'; it must be one of: train"):
        source(folder, table)


def test_a_split_without_rows_is_named(folder):
    opened = source(folder, HEADER.replace("\n", ",split\n") + "takes/a.bvh,,,x,y,train\n")
    with pytest.raises(InputError, match="no row is in the split 'val'; it has: train"):
        list(opened.motions("val"))


def test_joints_that_cannot_be_placed_are_named(folder):
    table = HEADER.replace("\n", ",split\n") + "takes/a.bvh,,,x,y,train\n"
    opened = source(folder, table, "smpl22")
    with pytest.raises(InputError, match="left_hip"):
        list(opened.motions("train"))

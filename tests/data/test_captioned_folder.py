"""A folder of BVH files with its table: spans, captions, splits, and every refusal."""

import os
import re

import bvh_people
import numpy as np
import pytest

from motext_jax.config import DataConfig
from motext_jax.data import captioned_folder
from motext_jax.data.captioned_folder import CaptionedFolder
from motext_jax.errors import InputError
from motext_jax.motion.files import Given, read_take

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


def source(folder, table, skeleton="own", **options):
    (folder / "captions.csv").write_text(table)
    # Else one of two files to train on would be taken for validation.
    options = {"validation_split": "", **options}
    config = DataConfig(source="mocap", root=str(folder), skeleton=skeleton, **options)
    return CaptionedFolder(config)


def everything(opened, split="train"):
    """The motions of a split, and the sentences for what is left out of it."""
    found, why = [], []
    for file in opened.files(split):
        try:
            for one in opened.read(file):
                (why if isinstance(one, InputError) else found).append(one)
        except InputError as error:
            why.append(error)
    return found, [str(error) for error in why]


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
    table = HEADER + "takes/a.bvh,,,x,\n./takes/b.bvh,,,y,\nc.bvh,,,z,\n"
    opened = source(folder, table, validation_split="val")
    files = {split: [m.file for m in opened.motions(split)] for split in ("train", "val", "test")}
    assert sorted(name for ids in files.values() for name in ids) == [
        "c.bvh",
        "takes/a.bvh",
        "takes/b.bvh",
    ]
    assert all(len(ids) == 1 for ids in files.values())


def test_a_file_with_a_split_keeps_it_for_all_its_rows(folder):
    header = HEADER.replace("\n", ",split\n")
    rows = "takes/a.bvh,,,x,,test\ntakes/a.bvh,,,y,,\ntakes/b.bvh,,,z,,train\n"
    opened = source(folder, header + rows)
    (motion,) = opened.motions("test")
    assert motion.captions == ("x", "y")
    opened = source(folder, header + rows.replace("y,,", "y,,train") + "takes/b.bvh,,,z,,train\n")
    found, (why,) = everything(opened)
    assert [motion.captions for motion in found] == [("z", "z")]
    assert "'takes/a.bvh' is in the splits 'test' and 'train'; a recording is in one" in why
    # Whichever split is read, the file is in none.
    assert everything(opened, "train")[1] == [why]
    assert [row.split for row in opened.files("train")[-1]] == ["*"]


def test_a_table_of_joints_names_joints_that_there_are(folder, monkeypatch):
    (folder / "joints.csv").write_text("joint,smpl22\nbase,pelvis\ntip,head\n")
    table = HEADER.replace("\n", ",split\n") + GOOD
    seen = []

    def spy(path, given):
        seen.append(given)
        return read_take(path, given)

    monkeypatch.setattr(captioned_folder, "read_take", spy)
    everything(source(folder, table, up="y", source_fps=25.0, metres_per_unit=0.01))
    assert seen == [Given(25.0, 0.01, "y", {"base": "pelvis", "tip": "head"}, None)]
    (folder / "joints.csv").write_text("joint,smpl22\nbase,hips\n")
    with pytest.raises(InputError, match=r"joints\.csv, line 2: smpl22 is 'hips'; expected one of"):
        source(folder, table)


def test_rows_of_one_motion_may_leave_the_action_to_one_of_them(folder):
    header = HEADER.replace("\n", ",split\n")
    opened = source(folder, header + "takes/a.bvh,,,x,,train\ntakes/a.bvh,,,y,walk,train\n")
    (motion,) = opened.motions("train")
    assert (motion.captions, motion.category) == (("x", "y"), "walk")


def test_a_motion_may_have_an_action_and_no_caption(folder):
    header = HEADER.replace("\n", ",split\n")
    rows = "takes/a.bvh,,,,walk,train\ntakes/b.bvh,,,,run,train\ntakes/b.bvh,,,he runs,,train\n"
    found, why = everything(source(folder, header + rows))
    assert [(one.category, one.captions) for one in found] == [
        ("walk", ("",)),
        ("run", ("he runs",)),
    ]
    assert not why


def test_actions_that_differ_by_capitals_and_spaces_are_the_first_one(folder):
    rows = "takes/a.bvh,,,x, Walk  on\ntakes/a.bvh,,,y,walk on\ntakes/b.bvh,,,z,WALK ON\n"
    opened = source(folder, HEADER + rows, train_split="test")
    found, why = everything(opened, "test")
    assert [one.category for one in found] == ["Walk on", "Walk on"]
    assert opened.categories == ("Walk on",)
    assert not why


GOOD = "takes/a.bvh,,,stays,,train\n"


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("takes/a.bvh,,,starts, then walks,y,train", "line 3: 7 fields, but the header has 6"),
        ("takes/a.bvh,2,1,x,y,train", "line 3: start 2 s is not before end 1 s"),
        ("takes/a.bvh,1,1,x,y,train", "line 3: start 1 s is not before end 1 s"),
        ("takes/z.bvh,,,x,y,train", "line 3: there is no file 'takes/z.bvh'$"),
        ("takes/z.bvh,,,x,y,train\ntakes/z.bvh,0,1,x,y,train", "line 3: there is no file"),
        (r"takes\b.bvh,,,x,y,train", r"'takes\\\\b.bvh'; write / between folders, and no backsl"),
        ("takes/\0.bvh,,,x,y,train", "line 3: there is no file 'takes/.bvh'$"),
        (f"{'z' * 5000}.bvh,,,x,y,train", r"line 3: there is no file 'z{79}…'$"),
        ("takes,,,x,y,train", "'takes' is a folder, and not a file"),
        ("takes/a.bvh,soon,,x,y,train", "start is 'soon'; expected seconds"),
        ("takes/a.bvh,0,-1,x,y,train", "end is '-1'; expected seconds"),
        ("takes/a.bvh,0,nan,x,y,train", "end is 'nan'; expected seconds"),
        ("takes/a.bvh,0,1e308,x,y,train", "end is '1e308'; expected seconds, from 0 up to 1,000,"),
        ("takes/a.bvh,1e308,,x,y,train", "start is '1e308'; expected seconds"),
        ("takes/a.bvh,9,10,x,y,train", r"'takes/a.bvh' starts at 9 s, but the file ends at 3.00 s"),
        (
            "takes/a.bvh,1,4.2,x,y,train",
            "a span of 'takes/a.bvh' ends at 4.2 s, but the file ends at 3.00 s",
        ),
        ("takes/a.bvh,1,1.05,x,y,train", "'takes/a.bvh' from 1 s to 1.05 s is one frame at 30 fps"),
        ("takes/a.bvh,2.95,,x,y,train", "from 2.95 s to its end is one frame at 30 fps, .* a pose"),
        ("takes/a.bvh,,,,,train", "line 3: the columns 'caption' and 'action' are empty"),
        (",,,x,y,train", "line 3: the column 'file' is empty"),
        ("takes/a.bvh,,,x,y,training", "line 3: split is 'training'; it must be one of: train, t"),
        (
            "takes/b.bvh,,,x,walk,train\ntakes/b.bvh,,,y,run,train",
            "'takes/b.bvh' from 0 s to its end has two actions, 'run' and 'walk'",
        ),
        (
            "takes/a.bvh,1,2,x,walk,train\ntakes/a.bvh,1,2,y,run,train",
            "'takes/a.bvh' from 1 s to 2 s has two actions, 'run' and 'walk'",
        ),
    ],
)
def test_a_bad_row_is_left_out_and_the_good_one_is_read(folder, row, says):
    opened = source(folder, HEADER.replace("\n", ",split\n") + GOOD + row + "\n")
    found, (why,) = everything(opened)
    assert [(motion.file, motion.captions) for motion in found] == [("takes/a.bvh", ("stays",))]
    assert re.search(says, why)
    assert "captions.csv" in why
    assert len(why) < 1000


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ("file,start,end,caption\n", "no column 'action'; the header has: file, start, end"),
        ("", "no column 'file'; the header has: nothing"),
        ("file;start;end;caption;action\na;;;x;\n", "save it with commas instead of semicolons"),
        ("file,start,end,caption,action,spilt\na,,,x,,val\n", "'spilt'; did you mean split?"),
        ("file,start,end,caption,action,Split\na,,,x,,val\n", "'Split'; did you mean split?"),
        (HEADER, "a header and no row"),
        (
            HEADER + 'takes/a.bvh,,,"x,y\ntakes/b.bvh,,,x,y\n',
            "line 2 or after it: not a CSV table .unexpected end",
        ),
        (HEADER + 'takes/a.bvh,,,"x,\ntakes/b.bvh,,,"x",y\n', "not a CSV table"),
        (
            HEADER + 'takes/c.amc,,,z,\ntakes/a.bvh,,,"x,y\ntakes/b.bvh,,,x,y"\n',
            "line 3: a text goes on over lines that look like rows, up to line 4; close its quote",
        ),
    ],
)
def test_a_table_that_is_none_is_named(folder, table, says):
    with pytest.raises(InputError, match=says) as caught:
        source(folder, table)
    assert "captions.csv" in str(caught.value)


def test_a_line_break_in_a_text_is_a_space(folder):
    """Spreadsheets write them; the rows after it keep their line numbers."""
    table = HEADER.replace("\n", ",split\n")
    table += 'takes/a.bvh,,,"first,\r\n  second\nthird",,train\ntakes/a.bvh,,,,,train\n'
    found, (why,) = everything(source(folder, table))
    assert [one.captions for one in found] == [("first, second third",)]
    assert "line 5: the columns 'caption' and 'action' are empty" in why


def test_a_files_own_rate_goes_before_that_of_all_files(folder):
    header = HEADER.replace("\n", ",split,fps\n")
    rows = "takes/a.bvh,,,x,,train,{}\ntakes/b.bvh,,,x,,train,\n"
    found, why = everything(source(folder, header + rows.format(25), source_fps=50.0))
    assert ([one.motion.fps for one in found], why) == ([25, 50], [])
    for wrong, says in (("0", "fps is '0'; expected more than 0"), ("x", "fps is 'x'; expected")):
        _, (sentence,) = everything(source(folder, header + rows.format(wrong)))
        assert says in sentence
    two = header + rows.format(25) + "takes/a.bvh,0,0.1,y,,train,30\n"
    _, (sentence,) = everything(source(folder, two))
    assert "'takes/a.bvh' has two fps, 25 and 30" in sentence


@pytest.fixture
def outside(tmp_path_factory):
    """A file that is none of the folder's, whose content nobody may see."""
    other = tmp_path_factory.mktemp("other")
    (other / "a.bvh").write_text("SECRET of another person")
    return other


def test_files_outside_of_the_folder_are_not_read(folder, outside):
    (folder / "link.bvh").symlink_to(outside / "a.bvh")
    (folder / "door").symlink_to(outside)
    (folder / "own.bvh").symlink_to(folder / "takes" / "b.bvh")
    relative = os.path.relpath(outside / "a.bvh", folder)
    names = [str(outside / "a.bvh"), relative, f"takes/../{relative}", "link.bvh", "door/a.bvh"]
    table = HEADER.replace("\n", ",split\n") + "".join(f"{n},,,x,,train\n" for n in names)
    table += "own.bvh,,,inside,,train\ntakes/../takes/a.bvh,,,inside,,train\n"
    found, why = everything(source(folder, table))
    assert [motion.captions for motion in found] == [("inside",), ("inside",)]
    assert len(why) == 4
    for sentence in why:
        assert "is outside of the folder" in sentence and "data.allow_outside=True" in sentence
        assert "SECRET" not in sentence
    write_bvh(outside / "a.bvh")
    found, why = everything(source(folder, table, allow_outside=True))
    assert (len(found), why) == (6, [])


def test_the_table_can_give_each_file_its_unit(folder):
    table = (
        "file,start,end,caption,action,split,metres_per_unit\n"
        "takes/a.bvh,,,x,,train,0.1\ntakes/a.bvh,1,2,x,,train,\ntakes/b.bvh,,,y,,train,\n"
    )
    opened = source(folder, table, metres_per_unit=0.01)
    heights = [np.ptp(motion.motion.joints[0, :, 1]) for motion in opened.motions("train")]
    np.testing.assert_allclose(heights, [18.0, 18.0, 1.8], rtol=1e-5)
    found, why = everything(source(folder, table.replace("train,\n", "train,1\n", 1)))
    assert len(found) == 1 and "'takes/a.bvh' has two metres_per_unit, 0.1 and 1" in why[0]
    for number, says in (("0", "expected more than 0"), ("cm", "expected metres, from 0")):
        _, (why,) = everything(source(folder, table.replace("0.1", number)))
        assert f"line 2: metres_per_unit is '{number}'; {says}" in why


def test_the_rate_can_be_given(folder):
    table = HEADER.replace("\n", ",split\n") + "takes/a.bvh,0.5,1,x,,train\n"
    (motion,) = source(folder, table, source_fps=20.0).motions("train")
    assert motion.motion.fps == 20.0
    assert len(motion.motion) == 10


def test_a_span_may_end_after_its_file_by_the_rounding_to_seconds(folder):
    rows = "takes/a.bvh,1,4,x,,train\n"
    (motion,) = source(folder, HEADER.replace("\n", ",split\n") + rows).motions("train")
    assert (motion.start, len(motion.motion)) == (1.0, 20)


def test_two_frames_of_a_file_may_be_one_of_the_clips(folder):
    table = HEADER.replace("\n", ",split\n") + "takes/a.bvh,1,1.2,x,,train\n"
    assert len(list(source(folder, table, fps=10.0).motions("train"))) == 1
    _, (why,) = everything(source(folder, table, fps=5.0))
    assert "from 1 s to 1.2 s is one frame at 5 fps" in why


def test_a_table_to_train_and_test_on_lends_files_for_validation(folder, caplog):
    for number in range(20):
        write_bvh(folder / f"{number}.bvh", frames=2)
    header = HEADER.replace("\n", ",split\n")
    rows = "".join(f"{k}.bvh,,,x,,{'test' if k > 15 else 'train'}\n" for k in range(20))
    opened = source(folder, header + rows, validation_split="val")
    files = {split: {of[0].file for of in opened.files(split)} for split in ("train", "val")}
    assert not files["train"] & files["val"]
    assert files["train"] | files["val"] == {f"{k}.bvh" for k in range(16)}
    assert 1 <= len(files["val"]) <= 5
    assert f"no row of the split val can be used; {len(files['val'])} file" in caplog.text
    assert " taken for it" in caplog.text
    none = source(folder, header + rows)
    assert len(none.files("train")) == 16


def test_a_folder_without_a_table_is_named(tmp_path):
    with pytest.raises(InputError, match="there is no such table"):
        CaptionedFolder(DataConfig(root=str(tmp_path)))


def test_a_split_without_rows_names_a_way_out(folder):
    table = HEADER.replace("\n", ",split\n") + "takes/a.bvh,,,x,y,train\n"
    opened = source(folder, table, validation_split="val")
    with pytest.raises(InputError, match="there is no split 'val'; it has: train; ") as caught:
        opened.files("val")
    assert "--config.data.validation_split= to train without" in str(caught.value)
    with pytest.raises(InputError, match="'test'; .* or write test in the column 'split'"):
        opened.files("test")
    for split in ("tran", "TRAIN"):
        says = f"no split '{split}'; it has: train; did you mean train\\?$"
        with pytest.raises(InputError, match=says):
            opened.files(split)


def test_where_no_row_can_be_used_each_says_why(folder):
    table = HEADER.replace("\n", ",split\n") + "takes/a.bvh,,,x,y,training\n,,,x,y,\n"
    opened = source(folder, table)
    found, why = everything(opened)
    assert not found and len(why) == 2
    assert "line 2: split is 'training'; it must be one of: train, test" in why[0]
    # Of a split that is missing, such a row may be the reason.
    opened = source(folder, table + "takes/b.bvh,,,x,y,test\n")
    says = (
        "no split 'train'; it has: test; .* left out: .*line 2: split is 'training'.*; .*line 3: "
    )
    with pytest.raises(InputError, match=says):
        opened.files("train")


def test_what_is_dealt_is_said_once(folder, caplog):
    for number in range(7):
        write_bvh(folder / f"{number}.bvh")
    rows = "".join(f"{number}.bvh,,,x,\n" for number in range(7))
    table = HEADER.replace("\n", ",split\n") + GOOD + rows
    opened = source(folder, table, validation_split="val")
    counts = {split: len(opened.files(split)) for split in ("train", "val", "test")}
    assert counts["train"] + counts["val"] + counts["test"] == 8
    said = (
        f"captions.csv: 7 files without a split are dealt, {counts['train'] - 1} to train, "
        f"{counts['val']} to val, {counts['test']} to test; to choose, write the column 'split'"
    )
    (record,) = caplog.records
    assert record.getMessage().endswith(said)


def test_a_file_that_is_not_there_takes_no_split_from_one_that_is(folder):
    write_bvh(folder / "c.bvh")
    names = ("y.bvh", "takes/a.bvh", "z.bvh", "takes/b.bvh", "c.bvh")
    opened = source(folder, HEADER + "".join(f"{n},,,x,\n" for n in names), validation_split="val")
    missing = []
    for split, file in (("test", "takes/a.bvh"), ("val", "takes/b.bvh"), ("train", "c.bvh")):
        found, why = everything(opened, split)
        assert [one.file for one in found] == [file]
        missing += why
    # Each in one split.
    assert sorted(re.sub(".*line", "line", one) for one in missing) == [
        "line 2: there is no file 'y.bvh'",
        "line 4: there is no file 'z.bvh'",
    ]


def test_files_that_are_not_there_count_for_nothing_in_a_large_table(folder, caplog):
    """Three of 203 files are there, and each split has one; no category is of the others."""
    write_bvh(folder / "c.bvh")
    missing = "".join(f"no_{number}.bvh,,,x,gone\n" for number in range(200))
    there = "takes/a.bvh,,,x,walk\ntakes/b.bvh,,,x,\nc.bvh,,,x,\n"
    opened = source(folder, HEADER + missing + there, validation_split="val")
    assert opened.categories == ("walk",)
    for split, file in (("test", "takes/a.bvh"), ("val", "takes/b.bvh"), ("train", "c.bvh")):
        assert [one.file for one in everything(opened, split)[0]] == [file]
    assert "3 files without a split are dealt, 1 to train, 1 to val, 1 to test" in caplog.text


def test_where_no_file_for_validation_is_there_some_of_training_are_taken(folder, caplog):
    header = HEADER.replace("\n", ",split\n")
    rows = "no.bvh,,,x,,val\ntakes/a.bvh,,,x,,train\ntakes/b.bvh,,,x,,train\n"
    opened = source(folder, header + rows, validation_split="val")
    found, why = everything(opened, "val")
    assert len(found) == 1 and "there is no file 'no.bvh'" in why[0]
    assert "no row of the split val can be used; 1 file of train is taken for it" in caplog.text
    assert len(everything(opened, "train")[0]) == 1


def test_joints_that_cannot_be_placed_are_named(folder):
    table = HEADER.replace("\n", ",split\n") + "takes/a.bvh,,,x,y,train\n"
    opened = source(folder, table, "smpl22")
    with pytest.raises(InputError, match="name them in a joints.csv"):
        list(opened.motions("train"))


def test_a_table_of_joints_that_is_not_there_is_named(folder):
    with pytest.raises(InputError, match=r"data\.joints is 'nowhere.csv'; there is no such file"):
        source(folder, HEADER + GOOD.replace(",train", ""), joints="nowhere.csv")


def test_a_file_depends_on_its_rows_and_on_what_it_is_read_with(folder):
    (folder / "joints.csv").write_text("joint,smpl22\nbase,pelvis\n")
    (folder / "takes" / "c.amc").write_text("x")
    (folder / "takes" / "c.asf").write_text("x")
    header = HEADER.replace("\n", ",split\n")
    opened = source(folder, header + "takes/a.bvh,,,x,y,train\ntakes/c.amc,,,x,y,train\n")
    first, second = opened.files("train")
    assert opened.depends_on(first)[1] == (folder / "takes/a.bvh", folder / "joints.csv")
    assert opened.depends_on(second)[1][:2] == (folder / "takes/c.amc", folder / "takes/c.asf")
    (other, _) = source(
        folder, header + "takes/a.bvh,,,z,y,train\ntakes/c.amc,,,x,y,train\n"
    ).files("train")
    assert opened.depends_on(first)[0] != opened.depends_on(other)[0]


def test_spans_are_seconds_of_the_file_though_a_pose_before_is_left_out(folder):
    """Ten frames a second: a T-pose far away, and then a person who stands."""
    standing = bvh_people.positions()[:1].repeat(21, axis=0).astype(np.float32)
    standing[0] += 1.5
    np.savez(folder / "takes/pose.npz", positions=standing, fps=10.0)
    header = HEADER.replace("\n", ",split\n")
    opened = source(folder, header + "takes/pose.npz,0.5,1.5,x,,train\ntakes/pose.npz,,,y,,train\n")
    part, whole = opened.motions("train")
    assert (part.start, len(part.motion)) == (0.5, 10)
    assert (whole.start, len(whole.motion)) == (0.1, 20)

"""The folder layout, and what is said of a folder that does not fit it."""

import numpy as np
import pytest
import tiny

from motext_jax.config import DataConfig
from motext_jax.data.humanml3d import HumanML3DFolder
from motext_jax.errors import InputError


@pytest.fixture
def folder(tmp_path):
    return tiny.write_humanml3d(tmp_path / "data", {"train": 7, "val": 2})


def open_folder(root):
    return HumanML3DFolder(DataConfig(source="humanml3d", root=str(root), source_fps=30.0))


def test_motions_come_in_the_order_of_the_list(folder):
    source = open_folder(folder)
    motions = list(source.motions("train"))
    assert [motion.file for motion in motions] == [f"train_{k:03d}" for k in range(7)]
    assert motions[1].category == "raise the right arm"
    assert motions[1].captions == ("a person would raise the right arm",)
    assert motions[0].motion.fps == 30.0
    np.testing.assert_array_equal(
        motions[3].motion.joints, np.load(folder / "new_joints" / "train_003.npy")
    )


def test_categories_are_ordered_by_their_number_in_training(folder):
    assert open_folder(folder).categories[0] == "raise the left arm"
    assert set(open_folder(folder).categories) == set(tiny.ACTIONS)


def test_a_folder_without_labels_has_no_categories(folder):
    (folder / "labels.csv").unlink()
    source = open_folder(folder)
    assert source.categories == ()
    assert next(iter(source.motions("val"))).category is None


def test_captions_are_grouped_by_their_spans(folder):
    (folder / "texts" / "val_000.txt").write_text(
        "one#x#0.0#0.0\ntwo#x#0.1#0.3\nthree#x#nan#nan\nfour#x#0.1#0.3\n\n"
    )
    whole, part = list(open_folder(folder).motions("val"))[:2]
    assert whole.captions == ("one", "three")
    assert part.captions == ("two", "four")
    assert (whole.file, whole.start) == ("val_000", 0.0)
    assert (part.file, part.start) == ("val_000", 0.1)
    np.testing.assert_array_equal(part.motion.joints, whole.motion.joints[3:9])


def spoil(folder, name, content):
    if isinstance(content, np.ndarray):
        np.save(folder / name, content)
    elif content is None:
        (folder / name).unlink()
    else:
        (folder / name).write_bytes(content)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("new_joints/val_000.npy", None, "there is no such file"),
        ("new_joints/val_000.npy", b"\x00\x01", "not a readable npy"),
        ("new_joints/val_000.npy", np.zeros((5, 21, 3)), r"shape \(5, 21, 3\); expected"),
        ("new_joints/val_000.npy", np.zeros((0, 22, 3)), "expected"),
        ("new_joints/val_000.npy", np.full((5, 22, 3), np.nan), "NaN or infinity in frame 0"),
        ("new_joints/val_000.npy", np.array([{}], dtype=object), "holds Python objects"),
        ("texts/val_000.txt", None, "there is no such file"),
        ("texts/val_000.txt", b"\n", "there is no caption"),
        ("texts/val_000.txt", b"walks#x#0.0\n", "line 1: found 'walks#x#0.0'"),
        ("texts/val_000.txt", b"ok#x#0.0#0.0\nw#x#2.0#1.0\n", "line 2: the span 2-1 s"),
        ("val.txt", None, "no such split; the folder has: train"),
        ("val.txt", b"\n", "names no motion"),
    ],
)
def test_what_is_wrong_is_named(folder, name, content, says):
    spoil(folder, name, content)
    with pytest.raises(InputError, match=says) as caught:
        list(open_folder(folder).motions("val"))
    assert name in str(caught.value)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"id,act\n", "no column 'action'; the header has: id, act"),
        (b"id,action\ntrain_000,x\n", "no row for train_001"),
    ],
)
def test_labels_that_do_not_fit_are_named(folder, content, says):
    spoil(folder, "labels.csv", content)
    with pytest.raises(InputError, match=says):
        list(open_folder(folder).motions("train"))


def test_a_folder_of_another_kind_is_named(tmp_path):
    with pytest.raises(InputError, match="there is no folder 'new_joints'"):
        open_folder(tmp_path)
    with pytest.raises(InputError, match=r"data\.root is empty"):
        open_folder("")


def test_a_label_that_is_empty_or_missing_is_named_in_every_split(folder):
    rows = (folder / "labels.csv").read_text()
    (folder / "labels.csv").write_text(rows.replace("train_000,raise the left arm", "train_000,"))
    with pytest.raises(InputError, match="line 2: the column 'action' is empty"):
        open_folder(folder)
    (folder / "labels.csv").write_text(rows.replace("val_001,", "other,"))
    with pytest.raises(InputError, match=r"labels\.csv: no row for val_001"):
        list(open_folder(folder).motions("val"))


def test_a_span_after_the_end_is_named(folder):
    (folder / "texts" / "val_000.txt").write_text("late#x#50.0#60.0\n")
    with pytest.raises(InputError, match=r"val_000\.txt: a span starts at 50 s, but the motion"):
        list(open_folder(folder).motions("val"))

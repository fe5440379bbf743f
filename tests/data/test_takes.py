"""A split's motions as files, read again as anybody's motion capture."""

import numpy as np
import pytest
import tiny

from motext_jax.config import dataset
from motext_jax.data.people.source import people_motion
from motext_jax.data.sources import open_motions
from motext_jax.data.takes import write_takes
from motext_jax.errors import InputError


def test_the_folder_is_a_source_of_motion_capture(tmp_path):
    folder = tmp_path / "takes"
    assert write_takes(dataset("people"), "test", folder, limit=5) == 5
    mocap = open_motions(dataset("mocap", root=str(folder), train_split="train"))
    found = {
        motion.file: motion for split in ("train", "val", "test") for motion in mocap.motions(split)
    }
    assert len(found) == 5
    for number in range(5):
        whole, again = people_motion("test", number), found[f"test-{number:06d}.npz"]
        assert again.captions == whole.captions and again.category == whole.category
        assert len(again.motion) == len(whole.motion) and again.motion.fps == whole.motion.fps
        # The reader puts a body where it likes; its lengths are its own.
        np.testing.assert_allclose(height(again.motion), height(whole.motion), rtol=0.02)


def height(motion):
    up = motion.joints[..., motion.skeleton.up]
    return up.max() - up.min()


def test_motions_of_one_name_have_files_of_their_own(tmp_path):
    root = tiny.write_humanml3d(tmp_path / "data", {"train": 2}, frames=40)
    (root / "texts" / "train_000.txt").write_text("walks#a/DET#0.0#1.0\nsits#a/DET#1.0#2.0\n")
    count = write_takes(tiny.config(root).data, "train", tmp_path / "takes")
    assert count == len(list((tmp_path / "takes").glob("*.npz"))) == 3


def test_a_folder_that_holds_something_is_left_alone(tmp_path):
    (tmp_path / "mine.bvh").touch()
    with pytest.raises(InputError, match="holds something already"):
        write_takes(dataset("people"), "test", tmp_path, limit=1)


def test_what_cannot_be_read_is_said(tmp_path, capsys):
    root = tiny.write_humanml3d(tmp_path / "data", {"train": 2}, frames=40)
    (root / "new_joints" / "train_001.npy").write_bytes(b"no array")
    assert write_takes(tiny.config(root).data, "train", tmp_path / "takes") == 1
    assert "1 file or row was left out" in capsys.readouterr().out


def test_released_features_are_no_motions(tmp_path):
    with pytest.raises(InputError, match="the source babel has clips"):
        open_motions(dataset("babel60", root=str(tmp_path)))

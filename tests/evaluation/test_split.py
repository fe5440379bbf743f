"""The split that a model is evaluated on, and what is left out of it."""

import dataclasses
import types

import arm_raisers
import bvh_people
import numpy as np
import pytest
import tiny

from motext_jax.data.left_out import read_left_out, write_left_out
from motext_jax.errors import InputError
from motext_jax.evaluation.split import left_out_with, load_split
from motext_jax.skeleton import KIT21, SMPL22
from motext_jax.trained.manifest import Manifest


@pytest.fixture
def folder(tmp_path):
    return tiny.write_humanml3d(tmp_path / "data", {"train": 3, "test": 4}, frames=16)


def model(**data):
    """A model as far as a split needs it: its manifest."""
    config = tiny.config()
    config.data = dataclasses.replace(config.data, **data)
    return types.SimpleNamespace(manifest=Manifest(config, tiny.ACTIONS, SMPL22))


def load(*args, **options):
    """Without the check of the model's type."""
    return load_split.__wrapped__(*args, **options)


def test_a_root_that_the_source_does_not_read_is_no_answer_from_another_data_set(folder):
    synthetic = model(source="synthetic", source_fps=0.0)
    with pytest.raises(
        InputError,
        match="trained on the source synthetic, which reads no .* add --source=humanml3d",
    ):
        load(synthetic, root=str(folder))
    assert len(load(model(root="gone"), root=str(folder))) == 4


def test_a_folder_of_others_becomes_clips_as_the_model_takes_them(folder):
    """Made by hand: 16 frames at 20 fps are 8 at 10, which the clip of 12 repeats."""
    own = {"source": "synthetic", "source_fps": 0.0, "fps": 10.0, "frames": 12}
    synthetic = model(**own, normalise="none")
    clips = load(synthetic, "test", str(folder), source="humanml3d")
    assert clips.clips.shape == (4, 12, 22, 3)
    assert set(clips.lengths) == {8}
    joints = np.load(folder / "new_joints" / "test_000.npy")
    # Where the file has them, which is not where this option would have them by default.
    moved = joints[::2]
    np.testing.assert_allclose(clips.clips[0][:8], moved, atol=1e-5)
    np.testing.assert_allclose(clips.clips[0][8:], moved[:4], atol=1e-5)
    # The folder's own categories and captions, with the action that is new among them.
    assert set(clips.category_names) == set(tiny.ACTIONS)
    assert clips.captions[0] == ("a person would raise the left arm",)
    faster = load(synthetic, "test", str(folder), source="humanml3d", source_fps=40.0)
    assert set(faster.lengths) == {4}


def test_a_folder_of_captured_motion_is_one_of_others_too(tmp_path):
    (tmp_path / "a.bvh").write_text(bvh_people.text(bvh_people.tool("Mixamo")))
    (tmp_path / "captions.csv").write_text(
        "file,start,end,caption,action,split\na.bvh,,,someone strolls,stroll,test\n"
    )
    clips = load(model(source="synthetic", source_fps=0.0), "test", str(tmp_path), source="mocap")
    assert clips.category_names == ("stroll",)
    assert clips.skeleton.joints == SMPL22.joints


def test_a_folder_of_others_is_taken_whole(folder):
    """Its splits are nobody's training data; it has no validation split."""
    (folder / "new_joints" / "train_002.npy").unlink()
    clips = load(model(), None, str(folder), source="humanml3d", source_fps=30.0)
    names = [f"train_00{k}" for k in range(2)] + [f"test_00{k}" for k in range(4)]
    assert list(clips.files) == names
    assert len(clips.left_out) == 1
    joints = clips.clips[:]
    alone = load(model(), "test", str(folder), source="humanml3d", source_fps=30.0)
    np.testing.assert_array_equal(joints[2:], alone.clips)
    assert [clips.category(k) for k in range(2, 6)] == [alone.category(k) for k in range(4)]
    # Of the model's own data set there is no such split.
    with pytest.raises(InputError, match="there is no split 'all'; it has: test, train"):
        load(model(), "all", str(folder))
    (folder / "train.txt").unlink()
    assert len(load(model(), None, str(folder), source="humanml3d")) == 4
    (folder / "test.txt").unlink()
    with pytest.raises(InputError, match="there is no split 'train'; it has: none"):
        load(model(), None, str(folder), source="humanml3d")


def test_a_split_that_cannot_be_read_is_not_left_out_of_all(folder):
    (folder / "val.txt").write_bytes(b"test_000\n\xff\n")
    with pytest.raises(InputError, match="val.txt: not UTF-8 text"):
        load(model(), None, str(folder), source="humanml3d")


def test_a_bad_file_alone_in_its_split_does_not_stop_the_whole_folder(tmp_path, caplog):
    """Each split is dealt one of three files, and nobody asked how."""
    rows = ["file,start,end,caption,action"]
    for name in "abc":
        arm_raisers.write(tmp_path / f"{name}.npz", ("left", 2.0))
        rows.append(f"{name}.npz,,,a left arm,raise")
    (tmp_path / "captions.csv").write_text("\n".join(rows) + "\n")
    own = model(source="synthetic", source_fps=0.0)
    for bad in "abc":
        good = (tmp_path / f"{bad}.npz").read_bytes()
        (tmp_path / f"{bad}.npz").write_bytes(good[:100])
        clips = load(own, None, str(tmp_path), source="mocap")
        assert set(clips.files) == {f"{name}.npz" for name in "abc" if name != bad}
        (why,) = clips.left_out
        assert f"{bad}.npz" in why
        (tmp_path / f"{bad}.npz").write_bytes(good)
    assert "dealt" not in caplog.text
    load(own, "train", str(tmp_path), source="mocap")
    assert "3 files without a split are dealt" in caplog.text
    for name in "abc":
        (tmp_path / f"{name}.npz").write_bytes(b"")
    with pytest.raises(InputError, match="none of the files of 'all' could be read: .*c.npz"):
        load(own, None, str(tmp_path), source="mocap")


def test_a_motion_that_is_named_twice_counts_once(folder):
    """In one list, and in the lists of two splits."""
    (folder / "test.txt").write_text("test_000\ntest_001\ntest_000\ntrain_002\n")
    (folder / "val.txt").write_text("\n")
    clips = load(model(), None, str(folder), source="humanml3d", source_fps=30.0)
    assert list(clips.files) == ["train_000", "train_001", "train_002", "test_000", "test_001"]
    assert len(clips.unique()) == len(clips)
    alone = load(model(), "test", str(folder), source="humanml3d", source_fps=30.0)
    assert list(alone.files) == ["test_000", "test_001", "train_002"]


def test_others_need_smpls_joints_and_a_folder(folder):
    kit = model(skeleton="kit21", source="humanml3d")
    kit.manifest = dataclasses.replace(kit.manifest, skeleton=KIT21)
    with pytest.raises(
        InputError, match="trained on the skeleton kit21 of 21; it can be scored on"
    ):
        load(kit, "test", str(folder), source="mocap")
    with pytest.raises(InputError, match="--root=gone: there is no such folder"):
        load(model(), "test", "gone", source="mocap")
    with pytest.raises(InputError, match="source_fps is 1e\\+09; expected 0.1 to 10,000"):
        load(model(), "test", str(folder), source="humanml3d", source_fps=1e9)
    with pytest.raises(InputError, match="which it does not name; say where it is by --root"):
        load(model(root=""))


def test_what_is_left_out_now_and_what_training_left_out(folder, tmp_path):
    (folder / "new_joints" / "test_001.npy").unlink()
    clips = load(model(root=str(folder)))
    assert len(clips) == 3
    (why,) = clips.left_out
    workdir = tmp_path / "run"
    workdir.mkdir()
    # An older run has no list.
    assert left_out_with(workdir, clips, "test", None) == {"test": [why]}
    write_left_out(workdir, {"train": ["a"], "test": ["b", "c"]})
    assert left_out_with(workdir, clips, "test", str(folder)) == {"test": [why]}
    assert left_out_with(None, clips, "test", None) == {"test": [why]}
    assert read_left_out(workdir)["test"] == ["b", "c"]
    assert left_out_with(workdir, clips, "test", None) == {"train": ["a"], "test": [why]}
    assert read_left_out(workdir) == {"train": ["a"], "test": [why]}

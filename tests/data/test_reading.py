"""Reading of a split in one process or several: what is left out, and in which order."""

import dataclasses

import numpy as np
import pytest
import tiny

from motext_jax.data import workers
from motext_jax.data.left_out import LIST, read_left_out, say_left_out, write_left_out
from motext_jax.data.progress import FilesRead
from motext_jax.data.sources import load_clips, look, open_files
from motext_jax.data.splits import training_splits
from motext_jax.errors import InputError


@pytest.fixture
def config(tmp_path):
    """Twelve motions to train on, of which two cannot be read and one has a line that cannot."""
    root = tiny.write_humanml3d(tmp_path / "d", {"train": 12, "val": 3, "test": 3}, frames=16)
    (root / "new_joints" / "train_002.npy").unlink()
    np.save(root / "new_joints" / "train_007.npy", np.full((9, 22, 3), np.nan, np.float32))
    with (root / "texts" / "train_009.txt").open("a") as file:
        file.write("#x#0.0#0.0\n")
    return tiny.config(root).data


REASONS = ("train_002.npy: there is no such file", "train_007.npy: NaN", "train_009.txt, line 2: ")


def assert_listed(left_out, reasons=REASONS):
    assert len(left_out) == len(reasons)
    for why, says in zip(left_out, reasons, strict=True):
        assert says in why


def test_what_cannot_be_read_is_left_out_and_listed(config):
    clips = load_clips(config, "train")
    kept = [f"train_{k:03d}" for k in range(12) if k not in (2, 7)]
    assert list(clips.files) == kept
    assert_listed(clips.left_out)
    for row in (0, 9):
        np.testing.assert_allclose(
            clips.clips[row : row + 1][0],
            open_files(config).read_clips(kept[row])[0].clips[0],
        )
    assert look(config, "train") == clips.left_out
    assert look(config, "val") == look(config, "nowhere") == ()


def test_several_processes_read_what_one_does(config, monkeypatch):
    monkeypatch.setattr(workers, "TRIED", -1.0)
    monkeypatch.setattr(workers, "STARTING", -1.0)
    seen = []
    one = load_clips(config, "train")
    two = load_clips(config, "train", processes=2, progress=lambda *told: seen.append(told))
    np.testing.assert_array_equal(one.clips[:], two.clips[:])
    assert (one.fingerprint(), one.left_out) == (two.fingerprint(), two.left_out)
    assert seen[-1] == (12, 12)


def test_strict_reading_stops_once_everything_is_seen(config):
    strict = dataclasses.replace(config, strict=True)
    says = "strict=True, and 3 files or rows of 'train' could not be .*002.*007.*009"
    with pytest.raises(InputError, match=says):
        load_clips(strict, "train")
    assert len(load_clips(strict, "val")) == 3


def test_a_split_of_which_nothing_is_left_is_one_sentence(config):
    for path in tiny.pathlib.Path(config.root, "new_joints").glob("val*"):
        path.unlink()
    with pytest.raises(InputError, match="none of the files of 'val' could be read: .*val_000.*2"):
        load_clips(config, "val")


def test_training_looks_at_the_test_split_before_it_begins(config):
    tiny.pathlib.Path(config.root, "new_joints", "test_001.npy").write_bytes(b"")
    clips, validation, left_out = training_splits(config, processes=1)
    assert (len(clips), len(validation)) == (10, 3)
    assert_listed(left_out["train"])
    assert left_out["val"] == ()
    assert_listed(left_out["test"], ["test_001.npy"])
    strict = dataclasses.replace(config, strict=True, train_split="val")
    with pytest.raises(InputError, match="1 file or row of 'test' could not be read"):
        training_splits(strict, processes=1)


def test_training_goes_on_without_validation_files_that_can_be_read(config, capsys):
    for path in tiny.pathlib.Path(config.root, "new_joints").glob("val*"):
        path.write_bytes(b"")
    clips, validation, left_out = training_splits(config, processes=1)
    assert (len(clips), validation) == (10, None)
    assert_listed(left_out["val"], ["val_000.npy", "val_001.npy", "val_002.npy"])
    said = "none of the files of 'val' could be read; training goes on without validation\n"
    assert capsys.readouterr().out == said
    strict = dataclasses.replace(config, strict=True, train_split="test")
    with pytest.raises(InputError, match="none of the files of 'val' could be read: .*val_000"):
        training_splits(strict, processes=1)
    # Without a single file to train on, nothing goes on.
    with pytest.raises(InputError, match="none of the files of 'val' could be read: .*val_000"):
        training_splits(dataclasses.replace(config, train_split="val"), processes=1)


def test_the_first_ten_are_printed_and_all_are_kept(tmp_path, capsys):
    reasons = [f"{k}.bvh: \x1b[31mdamaged" for k in range(12)]
    write_left_out(tmp_path, {"train": reasons, "test": []})
    assert read_left_out(tmp_path) == {"train": reasons, "test": []}
    say_left_out([*reasons, *reasons], tmp_path / LIST)
    printed = capsys.readouterr().out.splitlines()
    assert printed[0] == "12 files or rows were left out:"
    assert printed[1] == "  0.bvh: [31mdamaged"
    assert printed[11] == f"  ... and so on; all are in {tmp_path / LIST}"
    say_left_out([])
    assert not capsys.readouterr().out
    write_left_out(tmp_path, {"train": []})
    assert not (tmp_path / LIST).exists()
    for damaged in ("[]", '{"train": 1}', "{", "[" * 5000):
        (tmp_path / LIST).write_text(damaged)
        assert read_left_out(tmp_path) == {}


def test_progress_is_said_when_it_takes_long(monkeypatch, capsys):
    now = iter([0.0, 0.5, 1.9, 2.1, 3.0, 5.0, 5.1])
    monkeypatch.setattr("motext_jax.data.progress.time.monotonic", lambda: next(now))
    progress = FilesRead("train")
    for done in range(1, 7):
        progress(1000 * done, 6000)
    assert capsys.readouterr().out.splitlines() == [
        "train: 3,000 of 6,000 files",
        "train: 5,000 of 6,000 files",
        "train: 6,000 of 6,000 files",
    ]

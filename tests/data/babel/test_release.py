"""A folder in the release's own format, and what is said of one that does not fit."""

import logging
import pickle

import numpy as np
import pytest
from babel_release import write_release

from motext_jax.config import DataConfig, dataset
from motext_jax.data.babel import categories, release
from motext_jax.data.babel.release import BabelRelease
from motext_jax.data.sources import load_clips
from motext_jax.errors import InputError


def config(root, **changes):
    return dataset("babel60", root=str(root), **changes)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("skeleton", ["ntu25", "ntu21"])
def test_clips_are_the_files_rows(tmp_path, dtype, skeleton):
    features = write_release(tmp_path, dtype=dtype)
    clips = load_clips(config(tmp_path, skeleton=skeleton), "train")
    joints = int(skeleton[3:])
    assert clips.clips.shape == (5, 150, joints, 3)
    expected = features[..., 0].transpose(0, 2, 3, 1)[:, :, :joints].astype(np.float32)
    for rows in (slice(0, 5), np.array([3, 0, 3]), slice(4, 9)):
        found = clips.clips[rows]
        assert found.dtype == np.float32
        np.testing.assert_array_equal(found, expected[rows])
    assert (len(clips.skeleton.joints), clips.skeleton.up, clips.fps) == (joints, 2, 30.0)


def test_labels_are_grouped_by_their_clip(tmp_path):
    write_release(tmp_path)
    clips = load_clips(config(tmp_path), "train")
    assert clips.categories.tolist() == [3, 1, 3, 59, -1]
    assert clips.files == clips.segments == ("segA", "segA", "segA", "segB", "segC")
    # The release numbers the pieces of a segment, of 150 frames at 30 fps.
    assert clips.starts.tolist() == [0, 0, 5, 0, 0]
    assert clips.ends.tolist() == [5, 5, 10, 5, 5]
    assert clips.unique().tolist() == [0, 2, 3, 4]
    both = frozenset({1, 3})
    assert clips.label_sets() == (both, both, {3}, {59}, frozenset())
    assert clips.captions[:2] == (("turn",), ("stand",))


def test_the_category_names_are_built_in():
    assert categories(60)[:4] == ("walk", "stand", "hand movements", "turn")
    assert len(set(categories(120))) == 120
    assert categories(120)[:60] == categories(60)
    assert "transition" not in categories(120)


def test_another_number_of_clips_than_published_is_said(tmp_path, monkeypatch, caplog):
    write_release(tmp_path)
    with caplog.at_level(logging.WARNING, logger="motext_jax"):
        BabelRelease(config(tmp_path)).clips("train")
        assert "BABEL-60: the training set has 5 clips, and 45473 as published" in caplog.text
        caplog.clear()
        monkeypatch.setitem(release.PUBLISHED_TRAIN, 60, 5)
        BabelRelease(config(tmp_path)).clips("train")
        assert not caplog.text


def test_the_extra_annotations_have_files_of_their_own(tmp_path):
    write_release(tmp_path, "val", extra="_extra")
    assert len(load_clips(config(tmp_path, extra=True), "val")) == 5
    with pytest.raises(InputError, match=r"val_ntu_sk_60\.npy: there is no such file; the folder"):
        load_clips(config(tmp_path), "val")


def damage_labels(root, content):
    with open(root / "train_label_60.pkl", "wb") as file:
        pickle.dump(content, file)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ((["a"], ([0], ["s"], [0], [0])), "1 labels, and train_ntu_sk_60.npy has 5 clips"),
        ((["a", "b"], ([0], ["s"], [0], [0])), "five lists of one length"),
        ((["a"], ([0], ["s"], ["first"], [0])), "five lists of one length"),
        (["a"], "five lists of one length"),
        (([["a"]] * 5, ([0] * 5, ["s"] * 5, [0] * 5, [0] * 5)), "the first of texts"),
        ((["a"] * 5, ([10**30] * 5, ["s"] * 5, [0] * 5, [0] * 5)), "five lists of one length"),
        ((["a"] * 5, ([0] * 5, ["s"] * 5, [-3] * 5, [0] * 5)), "a chunk_n is -3; expected numb"),
        (
            (["a"] * 5, ([60] * 5, ["s"] * 5, [0] * 5, [0] * 5)),
            "categories from 60 to 60; BABEL-60",
        ),
    ],
)
def test_labels_that_do_not_fit_are_named(tmp_path, content, sentence):
    write_release(tmp_path)
    damage_labels(tmp_path, content)
    with pytest.raises(InputError, match=sentence):
        load_clips(config(tmp_path), "train")


def test_features_that_do_not_fit_are_named(tmp_path):
    write_release(tmp_path)
    np.save(tmp_path / "train_ntu_sk_60.npy", np.zeros((5, 3, 300, 25, 2)))
    with pytest.raises(InputError, match=r"shape \(5, 3, 300, 25, 2\); BABEL's features are"):
        load_clips(config(tmp_path), "train")
    np.save(tmp_path / "train_ntu_sk_60.npy", np.zeros((5, 3, 150, 25, 1), int))
    with pytest.raises(InputError, match="type int64; expected float32 or float64"):
        load_clips(config(tmp_path), "train")


@pytest.mark.parametrize("value", [np.nan, np.inf, -1e160])
def test_a_clip_without_sense_is_named_when_it_is_read(tmp_path, value):
    features = write_release(tmp_path)
    features[3, 1, 7, 5] = value
    np.save(tmp_path / "train_ntu_sk_60.npy", features)
    clips = load_clips(config(tmp_path), "train").clips
    assert np.isfinite(clips[:3]).all()
    for rows in (slice(2, 5), np.array([0, 3]), [4, 3], 3):
        with pytest.raises(
            InputError, match=r"train_ntu_sk_60\.npy: NaN or .* in clip 3; expected"
        ):
            clips[rows]


def test_released_clips_have_one_length_and_normalisation(tmp_path):
    for changes in ({"frames": 64}, {"fps": 15.0}, {"normalise": "facing"}):
        with pytest.raises(InputError, match="BABEL's features are clips already"):
            BabelRelease(config(tmp_path, **changes))
    with pytest.raises(InputError, match=r"data\.root is empty"):
        BabelRelease(DataConfig(source="babel", skeleton="ntu21", normalise="babel"))

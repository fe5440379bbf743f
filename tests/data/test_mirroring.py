"""Mirror images of clips, and which clips have none."""

import dataclasses

import numpy as np
import pytest
import tiny

from motext_jax.data.clips import clip_set
from motext_jax.data.humanml3d import HumanML3DFolder
from motext_jax.data.mirroring import mirror_images, with_mirrored
from motext_jax.motion.motion import mirror


@pytest.fixture(scope="module")
def clips(tmp_path_factory):
    root = tiny.write_humanml3d(tmp_path_factory.mktemp("d") / "data", {"train": 10})
    config = tiny.config(root).data
    source = HumanML3DFolder(config)
    return clip_set(source.motions("train"), source.categories, config)


def test_mirrored_clips_have_mirrored_texts_and_categories(clips):
    both = with_mirrored(clips)
    n = len(clips)
    assert len(both) == 2 * n
    np.testing.assert_array_equal(both.clips[n:], mirror(clips.clips, clips.skeleton))
    for clip in range(n):
        swap = {"raise the left arm": "raise the right arm", "stand": "stand"}
        swap |= {right: left for left, right in swap.items()}
        assert both.category(n + clip) == swap[clips.category(clip)]
        assert both.captions[n + clip] == (f"a person would {swap[clips.category(clip)]}",)


def test_a_clip_without_a_twin_category_is_not_mirrored(clips):
    names = tuple(name.replace("right", "other") for name in clips.category_names)
    both = with_mirrored(dataclasses.replace(clips, category_names=names))
    mirrored = [both.category(k) for k in range(len(clips), len(both))]
    # "raise the left arm" would become "raise the right arm", which is not there any more.
    assert set(mirrored) == {"raise the other arm", "stand"}
    assert len(mirrored) == sum(clips.category(k) != "raise the left arm" for k in range(20))


def test_mirror_images_know_where_they_come_from(clips):
    both = with_mirrored(clips)
    n = len(clips)
    assert both.mirrored.tolist() == [False] * n + [True] * n
    assert both.files == clips.files * 2
    np.testing.assert_array_equal(both.starts, np.tile(clips.starts, 2))
    assert both.name(n + 1) == "train_000 0.5-0.7 s, mirrored"
    assert both.unique().tolist() == list(range(2 * n))
    stored, rows, mirrored = both.stored()
    assert stored is clips.clips
    assert rows.tolist() == [*range(n)] * 2
    assert mirrored.tolist() == both.mirrored.tolist()


def test_the_mirror_images_of_some_rows(clips):
    rows = np.array([4, 0])
    images, both = mirror_images(clips, rows), with_mirrored(clips)
    np.testing.assert_array_equal(images.clips[:], both.clips[rows + len(clips)])
    assert images.captions == tuple(both.captions[row + len(clips)] for row in rows)
    assert images.categories.tolist() == both.categories[rows + len(clips)].tolist()
    assert images.mirrored.all()


def test_the_mirror_image_of_a_mirror_image_is_the_clip(clips):
    twice = mirror_images(mirror_images(clips, np.array([2, 3])), np.array([1, 0]))
    np.testing.assert_array_equal(twice.clips[:], clips.clips[[3, 2]])
    assert not twice.mirrored.any()
    assert twice.captions == (clips.captions[3], clips.captions[2])
    assert twice.categories.tolist() == clips.categories[[3, 2]].tolist()


def test_a_label_without_a_twin_has_no_mirror_image(clips):
    names = tuple(name.replace("right", "other") for name in clips.category_names)
    alone = dataclasses.replace(clips, category_names=names)
    with pytest.raises(ValueError, match="no left/right twin"):
        mirror_images(alone, np.arange(len(clips)))
    unlabelled = dataclasses.replace(alone, categories=np.full(len(clips), -1))
    assert len(with_mirrored(unlabelled)) == 2 * len(clips)
    assert (with_mirrored(unlabelled).categories == -1).all()

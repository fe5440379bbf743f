"""The source: the same clips whatever else is made, and texts to tell them from."""

import itertools

import numpy as np
import pytest

from motext_jax.config import DataConfig
from motext_jax.data.clips import clip_set
from motext_jax.data.people.actions import KINDS
from motext_jax.data.people.plan import captions
from motext_jax.data.people.source import (
    CATEGORIES,
    SPLITS,
    PeopleSource,
    held_out_queries,
    people_motion,
    people_plan,
    twin_captions,
)
from motext_jax.data.sources import open_source
from motext_jax.errors import InputError
from motext_jax.skeleton import SMPL22


@pytest.fixture(scope="module")
def clips():
    return [people_motion("test", clip) for clip in range(60)]


def test_a_clip_is_made_of_its_seed_split_and_number_alone(clips):
    again = people_motion("test", 7)
    np.testing.assert_array_equal(again.motion.joints, clips[7].motion.joints)
    assert (again.captions, again.category) == (clips[7].captions, clips[7].category)
    firsts = [
        people_motion(split, 7, seed=seed).motion.joints
        for split, seed in (("train", 0), ("val", 0), ("test", 0), ("test", 1))
    ]
    for one, other in itertools.combinations(firsts, 2):
        assert one.shape != other.shape or np.any(one != other)


def test_the_shape_of_a_clip(clips):
    for clip in clips:
        motion = clip.motion
        assert motion.fps == 30 and motion.skeleton == SMPL22
        assert motion.joints.dtype == np.float32
        assert 60 <= len(motion) <= 150
        assert len(clip.captions) == len(set(clip.captions)) >= 2
        assert clip.category is None or clip.category in CATEGORIES
    assert 0.5 < np.mean([clip.category is not None for clip in clips]) < 0.7


def test_every_category_is_in_every_split_twice():
    for split, size in SPLITS.items():
        plans = [people_plan(split, clip) for clip in range(min(size, 1700))]
        found = [plan.category for plan in plans if plan.category]
        if len(found) >= 2 * len(CATEGORIES):
            assert min(found.count(category) for category in CATEGORIES) >= 2


def test_the_source_reads_its_clips(clips):
    source = PeopleSource(DataConfig(source="people", seed=0))
    files = source.files("test")
    assert len(files) == SPLITS["test"]
    motions = [motion for file in files[:10] for motion in source.read(file)]
    np.testing.assert_array_equal(motions[3].motion.joints, clips[3].motion.joints)
    config = DataConfig(source="people", fps=15.0, frames=75)
    table = clip_set(motions, source.categories, config)
    assert table.clips[:].shape == (10, 75, 22, 3)
    assert open_source(config).categories == CATEGORIES == tuple(KINDS)


def test_the_training_split_is_as_large_as_it_is_asked_for():
    source = PeopleSource(DataConfig(source="people", people=30_000))
    assert source.files("train")[-1] == ("train", 29_999)
    assert [len(source.files(split)) for split in ("val", "test")] == [1500, 3000]


def test_an_unknown_split_is_refused():
    with pytest.raises(InputError, match="train, val, test"):
        PeopleSource(DataConfig(source="people")).files("dev")
    with pytest.raises(InputError, match="'dev'"):
        people_motion("dev", 0)


def test_twins_are_of_the_clip_and_differ(clips):
    found = [(clip, twin_captions("test", clip)) for clip in range(60)]
    twins = [(clip, pair) for clip, pair in found if pair]
    assert len(twins) >= 22
    for clip, (own, other) in twins:
        assert own == clips[clip].captions[0] != other
        assert clips[clip].category is None


def test_held_out_queries_are_new():
    queries = held_out_queries()
    assert len(queries) > 150 and queries.keys() <= set(CATEGORIES)
    assert queries["walk"].startswith("a person ")
    said = {text for clip in range(1500) for text in people_captions(clip)}
    assert not said & set(queries.values())


def people_captions(clip):
    return captions(people_plan("train", clip), np.random.default_rng(clip), 4)

"""The model that comes with the package."""

import shutil

import jax
import numpy as np
import pytest

import motext_jax
from motext_jax.config import dataset
from motext_jax.configs import starter
from motext_jax.data.clips import clip_set
from motext_jax.data.people.plan import SEQUENCE
from motext_jax.data.people.source import (
    CATEGORIES,
    people_motion,
    people_plan,
    twin_captions,
)
from motext_jax.trained.model import modules_of, variable_shapes
from motext_jax.trained.places import STARTER_FOLDER
from motext_jax.trained.saved import open_saved

ACTIONS = ("walk", "wave left hand", "wave right hand", "sit down", "jumping jacks", "crawl")


def test_it_is_small_enough_for_a_wheel():
    size = sum(path.stat().st_size for path in STARTER_FOLDER.rglob("*") if path.is_file())
    assert size < 24e6


def test_its_arrays_are_those_of_its_modules():
    # It is read by the shapes in its file, without its modules being asked for theirs.
    with open_saved("starter") as saved:
        found = saved.shapes()
        expected = variable_shapes(modules_of(saved.manifest), saved.manifest)
    assert jax.tree.structure(found) == jax.tree.structure(expected)
    same = jax.tree.map(lambda a, b: (a.shape, a.dtype) == (b.shape, b.dtype), found, expected)
    assert jax.tree.all(same)


def test_a_folder_beside_it_is_read_by_its_modules_shapes(tmp_path):
    copy = shutil.copytree(STARTER_FOLDER, tmp_path / "starter")
    with open_saved(copy) as saved:
        assert saved.shapes() is None


def test_it_names_people_whom_it_has_not_seen():
    model = motext_jax.load("starter")
    config = model.manifest.config
    assert config.model == starter.get_config().model
    numbers = [n for n in range(3000) if people_plan("test", n).category in ACTIONS][:16]
    motions = [people_motion("test", number) for number in numbers]
    data = dataset("people", fps=config.data.fps, frames=config.data.frames)
    clips = clip_set(motions, ACTIONS, data)
    cosines = model.encode_motion(clips.clips) @ model.encode_text(ACTIONS).T
    assert len(set(clips.categories.tolist())) > 3
    assert np.mean(cosines.argmax(axis=1) == clips.categories) >= 15 / 16


def test_it_knows_the_order_of_two_actions():
    model = motext_jax.load("starter")
    data = model.manifest.config.data
    numbers = [n for n in range(60) if people_plan("test", n).kind == SEQUENCE]
    clips = clip_set(
        [people_motion("test", number) for number in numbers],
        sorted(CATEGORIES),
        dataset("people", fps=data.fps, frames=data.frames),
    )
    motions = model.encode_motion(clips.clips)
    pairs = [twin_captions("test", number) for number in numbers]
    own, other = (
        np.sum(motions * model.encode_text([pair[k] for pair in pairs]), axis=1) for k in (0, 1)
    )
    assert len(clips) == len(numbers) == 12
    assert np.mean(own > other) >= 11 / 12


@pytest.fixture(scope="module")
def loaded():
    return motext_jax.load("starter")


@pytest.mark.parametrize(
    ("query", "lost"),
    [
        ("asdf qwerty zxcv", True),
        ("someone blorps the grzk", True),
        ("vilek wuren", True),
        ("eine Frau winkt", True),
        ("a man does judo", False),  # no caption has it; its vector is near karate's
        ("walkng", False),
        ("someone breakdances", False),
        ("grzk walks", False),
    ],
)
def test_it_says_nothing_is_like_words_that_mean_nothing(loaded, query, lost):
    assert loaded.is_lost(query) == lost
    assert (loaded.judge(query, [0.99])[0] == ("unlikely",)) == lost

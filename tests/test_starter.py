"""The model that comes with the package."""

import numpy as np

import motext_jax
from motext_jax.config import dataset
from motext_jax.configs import starter
from motext_jax.data.clips import clip_set
from motext_jax.data.people.source import people_motion, people_plan
from motext_jax.trained.places import STARTER_FOLDER

ACTIONS = ("walk", "wave left hand", "wave right hand", "sit down", "jumping jacks", "crawl")


def test_it_is_small_enough_for_a_wheel():
    size = sum(path.stat().st_size for path in STARTER_FOLDER.rglob("*") if path.is_file())
    assert size < 24e6


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

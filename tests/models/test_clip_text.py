import clip_checkpoint
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from motext_jax.models.clip_text import ClipText
from motext_jax.models.weights.clip import load_clip_text

SMALL = ClipText(vocab_size=600, width=32, layers=2, heads=4, embedding=24, eos_id=599)


@pytest.fixture(scope="module", params=["small", "full"])
def pretrained(request, tmp_path_factory):
    """(size, tower, variables) of a checkpoint of `clip_checkpoint`, whose file is not kept."""
    directory = tmp_path_factory.mktemp(request.param)
    clip_checkpoint.write_checkpoint(directory, getattr(clip_checkpoint, request.param.upper()))
    found, params = load_clip_text(directory)
    tower = found.build(found.projection, None)
    (directory / "model.safetensors").unlink()
    return request.param, tower, {"params": params}


@pytest.mark.parametrize("padding", ["zeros", "eos", "trimmed"])
def test_matches_torch(golden, pretrained, padding):
    size, tower, variables = pretrained
    arrays = golden("clip_text")
    with jax.default_matmul_precision("highest"):
        embeddings = jax.jit(tower.apply)(variables, arrays[f"{size}/{padding}/tokens"])
    expected = arrays[f"{size}/{padding}/text_embeds"]
    assert np.abs(expected).mean() > 0.5
    np.testing.assert_allclose(embeddings, expected, rtol=0, atol=1e-5)


def test_what_follows_the_first_end_of_text_has_no_effect():
    random = np.random.default_rng(0)
    texts = random.integers(0, 598, (4, 24), dtype=np.int32)
    texts[:, 9] = SMALL.eos_id
    others = texts.copy()
    others[:, 10:] = random.integers(0, 600, (4, 14))
    variables = jax.jit(SMALL.init)(jax.random.key(0), texts)
    embed = jax.jit(SMALL.apply)
    embeddings = embed(variables, texts)
    np.testing.assert_allclose(embed(variables, others), embeddings, atol=1e-5)
    np.testing.assert_allclose(embed(variables, texts[:, :10]), embeddings, atol=1e-5)


def test_every_earlier_token_has_an_effect():
    texts = np.tile(np.arange(10, dtype=np.int32), (10, 1))
    texts[:, 9] = SMALL.eos_id
    texts[np.arange(9), np.arange(9)] += 100
    variables = jax.jit(SMALL.init)(jax.random.key(0), texts)
    embeddings = jax.jit(SMALL.apply)(variables, texts)
    assert np.all(np.abs(embeddings[:9] - embeddings[9:]).max(axis=1) > 1e-3)


def test_refuses_texts_longer_than_its_context():
    tokens = jnp.zeros((1, 78), jnp.int32)
    with pytest.raises(ValueError, match="texts of 78 tokens; the tower has 77"):
        jax.eval_shape(SMALL.init, jax.random.key(0), tokens)


def test_initial_values_are_clips():
    width, layers = 256, 3
    tower = ClipText(1000, 77, width, layers, heads=4, embedding=128, eos_id=999)
    params = jax.jit(tower.init)(jax.random.key(0), jnp.zeros((1, 8), jnp.int32))["params"]
    residual = (width * 2 * layers) ** -0.5
    scales = {
        ("token_embedding", "embedding"): 0.02,
        ("position_embedding",): 0.01,
        ("block_1", "attention", "query", "kernel"): width**-0.5,
        ("block_1", "attention", "key", "kernel"): width**-0.5,
        ("block_1", "attention", "value", "kernel"): width**-0.5,
        ("block_1", "attention", "out", "kernel"): residual,
        ("block_1", "fc1", "kernel"): (2 * width) ** -0.5,
        ("block_1", "fc2", "kernel"): residual,
        ("text_projection", "kernel"): width**-0.5,
    }
    for path, std in scales.items():
        leaf = params
        for key in path:
            leaf = leaf[key]
        np.testing.assert_allclose(np.std(leaf), std, rtol=0.03, err_msg=str(path))
    for path, leaf in jax.tree.leaves_with_path(params):
        if path[-1].key == "bias":
            np.testing.assert_array_equal(leaf, 0, err_msg=jax.tree_util.keystr(path))

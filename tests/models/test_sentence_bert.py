import bert_checkpoint
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from motext_jax.models.sentence_bert import SentenceBert
from motext_jax.models.weights.sentence_bert import checkpoint_directory, load_sentence_bert
from motext_jax.text.tokenizer import load_wordpiece

SMALL = SentenceBert(40, 24, 32, 2, 4, 32)
TEXTS = np.array([[2, 7, 8, 3], [2, 9, 3, 0], [2, 3, 0, 0]], np.int32)


@pytest.fixture(scope="module")
def minilm():
    """Texts to all-MiniLM-L6-v2's unit-length embeddings, and its tokenizer."""
    # The package's, so this reaches for no network.
    directory = checkpoint_directory("sentence-transformers/all-MiniLM-L6-v2")
    found, params = load_sentence_bert(directory)
    tower = found.build(found.width, None)
    tokenize = load_wordpiece(directory, tower.context_length)

    def embed(texts):
        with jax.default_matmul_precision("highest"):
            embeddings = np.asarray(jax.jit(tower.apply)({"params": params}, tokenize(texts)))
        return embeddings / np.linalg.norm(embeddings, axis=1, keepdims=True)

    return embed, tokenize


def test_matches_torch(golden, tmp_path):
    found, params = load_sentence_bert(bert_checkpoint.write_checkpoint(tmp_path))
    tower = found.build(found.width, None)
    arrays = golden("sentence_bert")
    with jax.default_matmul_precision("highest"):
        embeddings = jax.jit(tower.apply)({"params": params}, arrays["small/tokens"])
    expected = arrays["small/embeddings"]
    assert np.abs(expected).mean() > 0.3
    np.testing.assert_allclose(embeddings, expected, rtol=0, atol=1e-5)


def test_minilms_tokens_and_similarities_match_torch(golden, minilm):
    embed, tokenize = minilm
    arrays = golden("sentence_bert")
    sentences = list(arrays["minilm/sentences"])
    tokens, expected = tokenize(sentences), arrays["minilm/tokens"]
    np.testing.assert_array_equal(tokens[:, : expected.shape[1]], expected)
    assert not tokens[:, expected.shape[1] :].any()
    embeddings = embed(sentences)
    similarities = arrays["minilm/similarities"]
    np.testing.assert_allclose(embeddings @ embeddings.T, similarities, rtol=0, atol=1e-4)


@pytest.mark.parametrize(
    ("text", "near", "far"),
    [
        ("a person greets", "a person waves hello", "a person kicks"),
        ("somebody strolls", "a person walks", "a person jumps"),
        ("a man punts the ball", "a person kicks", "a person sits down"),
    ],
)
def test_minilm_puts_words_of_like_meaning_together(minilm, text, near, far):
    embeddings = minilm[0]([text, near, far])
    assert embeddings[0] @ embeddings[1] > embeddings[0] @ embeddings[2] + 0.1


def test_padding_has_no_effect():
    variables = jax.jit(SMALL.init)(jax.random.key(0), TEXTS)
    embed = jax.jit(SMALL.apply)
    embeddings = embed(variables, TEXTS)
    padded = embed(variables, np.pad(TEXTS, ((0, 0), (0, 20))))
    np.testing.assert_allclose(padded, embeddings, atol=1e-6)
    np.testing.assert_allclose(embed(variables, TEXTS[1:2, :3]), embeddings[1:2], atol=1e-6)
    # Nothing but padding, as in the example that a model is initialised with.
    np.testing.assert_array_equal(embed(variables, np.zeros_like(TEXTS)), 0)


def test_later_and_earlier_tokens_have_an_effect_on_every_one():
    texts = np.tile(np.arange(10, 18, dtype=np.int32), (9, 1))
    texts[np.arange(8), np.arange(8)] += 10
    variables = jax.jit(SMALL.init)(jax.random.key(0), texts)
    embeddings = jax.jit(SMALL.apply)(variables, texts)
    assert np.all(np.abs(embeddings[:8] - embeddings[8:]).max(axis=1) > 1e-3)


def test_a_projection_leads_to_another_width_alone():
    params = jax.jit(SMALL.init)(jax.random.key(0), TEXTS)["params"]
    wide = SMALL.clone(embedding=48)
    projected = jax.jit(wide.init)(jax.random.key(0), TEXTS)["params"]
    assert projected.keys() - params.keys() == {"projection"}
    kernel = projected["projection"]["kernel"]
    own = {"params": {name: part for name, part in projected.items() if name != "projection"}}
    expected = np.asarray(jax.jit(SMALL.apply)(own, TEXTS)) @ np.asarray(kernel)
    found = jax.jit(wide.apply)({"params": projected}, TEXTS)
    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_refuses_texts_longer_than_its_positions():
    with pytest.raises(ValueError, match="texts of 25 tokens; the tower has 24"):
        jax.eval_shape(SMALL.init, jax.random.key(0), jnp.zeros((1, 25), jnp.int32))

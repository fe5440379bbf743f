import jax
import jax.numpy as jnp
import numpy as np
import pytest
import word_tables

from motext_jax.errors import InputError
from motext_jax.models.word_table import TABLE, WordTableConfig

EMBEDDING = 16
TEXTS = ["a person walks", "waves", "a person walking, hello", "left right arm left"]


@pytest.fixture(scope="module")
def tower(tmp_path_factory):
    """The module, its variables before training, the tokenizer."""
    folder = word_tables.write(tmp_path_factory.mktemp("words") / "table")
    config = WordTableConfig(str(folder), width=8, layers=2, heads=2, context_length=24)
    facts = config.architecture()
    assert (facts.vocab_size, facts.table_width, facts.eos_id) == (16, word_tables.WIDTH, 3)
    module = facts.build(EMBEDDING, None)
    variables = jax.jit(module.init)(jax.random.key(0), jnp.zeros((2, 8), jnp.int32))
    variables = {"params": {**variables["params"], **config.pretrained()}}
    return module, variables, facts.tokenizer(config.tokenizer_folder())


def embed(tower, tokens, variables=None):
    module, start, _ = tower
    with jax.default_matmul_precision("highest"):
        return np.asarray(jax.jit(module.apply)(variables or start, tokens))


def moved(variables):
    """Variables whose transformer says something: its layer no longer starts at zero."""
    kernel = np.random.default_rng(1).normal(size=(8, EMBEDDING)).astype(np.float32)
    return {"params": {**variables["params"], "text_projection": {"kernel": kernel}}}


def test_before_training_texts_are_as_near_as_the_means_of_their_words(tower):
    table = np.asarray(tower[1]["params"][TABLE], np.float64)
    means = np.stack(
        [table[[token for token in row if token]].mean(axis=0) for row in tower[2](TEXTS)]
    )
    means /= np.linalg.norm(means, axis=1, keepdims=True)
    found = embed(tower, tower[2](TEXTS)).astype(np.float64)
    assert found.shape == (len(TEXTS), EMBEDDING)
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(found @ found.T, means @ means.T, atol=1e-5)
    assert np.abs(means @ means.T - np.eye(len(TEXTS))).max() > 0.1


def test_the_transformer_is_added_to_the_mean(tower):
    tokens = tower[2](TEXTS)
    both = moved(tower[1])
    alone = {"params": {**both["params"], "mean_projection": {"kernel": np.zeros((12, 16), "f")}}}
    together = embed(tower, tokens, both)
    parts = embed(tower, tokens) + embed(tower, tokens, alone)
    np.testing.assert_allclose(together, parts, atol=1e-5)
    # However large its layer, and by hand: r·x / √(r² + x²).
    kernel = both["params"]["text_projection"]["kernel"]
    large, huge = (
        embed(
            tower,
            tokens,
            {"params": {**alone["params"], "text_projection": {"kernel": k * kernel}}},
        )
        for k in (np.float32(3), np.float32(3e4))
    )
    np.testing.assert_allclose(np.linalg.norm(huge, axis=1), tower[0].reach, rtol=1e-3)
    lengths = np.linalg.norm(embed(tower, tokens, alone), axis=1)
    free = tower[0].reach / np.sqrt((tower[0].reach / lengths) ** 2 - 1)
    by_hand = tower[0].reach * 3 * free / np.hypot(tower[0].reach, 3 * free)
    np.testing.assert_allclose(np.linalg.norm(large, axis=1), by_hand, rtol=1e-3)
    # The order of words is the transformer's to tell.
    swapped = tower[2](["a person left", "left a person"])
    np.testing.assert_allclose(*embed(tower, swapped), atol=1e-6)
    assert np.abs(np.subtract(*embed(tower, swapped, alone))).max() > 1e-3


def test_a_words_weight_is_the_means_alone(tower):
    tokens = tower[2](["arm"])
    both = moved(tower[1])
    table = np.asarray(both["params"][TABLE])
    longer = {"params": {**both["params"], TABLE: table * np.float32(3)}}
    np.testing.assert_allclose(embed(tower, tokens, longer), embed(tower, tokens, both), atol=1e-5)


def test_padding_has_no_effect(tower):
    tokens = tower[2](TEXTS)
    variables = moved(tower[1])
    padded = embed(tower, np.pad(tokens, ((0, 0), (0, 12))), variables)
    np.testing.assert_allclose(padded, embed(tower, tokens, variables), atol=1e-6)


def test_unknown_words_say_nothing_and_are_finite(tower):
    known, mixed, unknown, empty = embed(
        tower, tower[2](["waves", "xyzzy waves", "xyzzy quux", ""])
    )
    np.testing.assert_allclose(mixed, known, atol=1e-6)
    np.testing.assert_array_equal(unknown, 0)
    np.testing.assert_array_equal(empty, 0)
    trained = embed(tower, tower[2](["xyzzy quux", ""]), moved(tower[1]))
    assert np.isfinite(trained).all()


def test_refuses_texts_longer_than_its_positions(tower):
    with pytest.raises(ValueError, match="texts of 25 tokens; the tower has 24"):
        jax.eval_shape(tower[0].init, jax.random.key(0), jnp.zeros((1, 25), jnp.int32))


def test_heads_share_out_the_width():
    with pytest.raises(InputError, match=r"text\.width is 10; .* multiple of text\.heads, 4"):
        WordTableConfig(width=10, heads=4).check_rules("text.")

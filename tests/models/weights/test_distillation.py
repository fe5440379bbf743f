import bert_checkpoint
import jax
import numpy as np
import pytest

from motext_jax.errors import InputError
from motext_jax.models.weights.distillation import (
    distil,
    frequency_weights,
    principal_components,
    token_outputs,
)
from motext_jax.models.weights.sentence_bert import load_sentence_bert

VOCABULARY = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[unused0]", "x", "the", "a", "person", "walks")


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory):
    config = bert_checkpoint.SMALL | {"vocab_size": len(VOCABULARY)}
    tensors = bert_checkpoint.random_tensors()
    name = "embeddings.word_embeddings.weight"
    tensors[name] = tensors[name][: len(VOCABULARY)]
    directory = bert_checkpoint.write_checkpoint(tmp_path_factory.mktemp("bert"), config, tensors)
    bert_checkpoint.write_tokenizer(directory, VOCABULARY)
    return directory


def test_a_tokens_output_is_that_of_the_text_that_it_ends(checkpoint):
    facts, params = load_sentence_bert(checkpoint)
    tokens = facts.tokenizer(checkpoint)(["walks", "a person walks"])
    embed = jax.jit(facts.build(32, None).apply)
    alone, after = np.asarray(embed({"params": params}, tokens))
    np.testing.assert_allclose(token_outputs(checkpoint)[9], alone, atol=1e-4)
    np.testing.assert_allclose(token_outputs(checkpoint, "a person")[9], after, atol=1e-4)
    assert np.abs(alone - after).max() > 0.1


def test_rows_are_weighted_components_and_markers_zeros(checkpoint):
    table = distil(checkpoint, 4, contexts=("", "a person"))
    assert table.shape == (10, 4)
    assert not table[:5].any()
    outputs = (token_outputs(checkpoint) + token_outputs(checkpoint, "a person"))[5:]
    # By singular values, of which the code knows nothing.
    left, values, _ = np.linalg.svd(outputs - outputs.mean(axis=0), full_matrices=False)
    rows = (left * values)[:, :4] * frequency_weights(10, 6)[5:, None]
    rows /= np.sqrt((rows**2).sum(axis=1).mean())
    np.testing.assert_allclose(table[5:] @ table[5:].T, rows @ rows.T, atol=1e-6)


def test_components_have_the_largest_variance_first():
    # Points of a plane, one direction three times as long as the other.
    points = np.array([[3.0, 0, 1], [-3, 0, 1], [0, 1, 1], [0, -1, 1]])
    np.testing.assert_allclose(principal_components(points, 2), points[:, :2], atol=1e-12)


def test_weights_by_hand():
    # Ranks 1, 1, 1, 2 of shares 1/3.7, 1/3.7, 1/3.7 and 1/4.7, which sum to 1.02358.
    first, last = 1 / 3.7 / 1.02358, 1 / 4.7 / 1.02358
    expected = [0.1 / (0.1 + first)] * 3 + [0.1 / (0.1 + last)]
    np.testing.assert_allclose(frequency_weights(4, 2, 0.1), expected, rtol=1e-5)


def test_a_vocabulary_that_is_in_no_known_order_is_refused(tmp_path):
    directory = bert_checkpoint.write_checkpoint(tmp_path / "bert")
    with pytest.raises(InputError, match=f"^{directory}: its vocabulary has no 'the', from which"):
        distil(directory, 4)
    bert_checkpoint.write_tokenizer(directory, (*bert_checkpoint.VOCABULARY, "the"))
    with pytest.raises(InputError, match=f"^{directory}: 40 tokens in its weights, 17 in its tok"):
        distil(directory, 4)

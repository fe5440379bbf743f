import bert_checkpoint
import numpy as np
import pytest

from motext_jax.errors import InputError
from motext_jax.text.tokenizer import copy_tokenizer, load_wordpiece

CLS, SEP, UNK = 2, 3, 1


@pytest.fixture
def directory(tmp_path):
    return bert_checkpoint.write_checkpoint(tmp_path / "bert")


def test_worked_example(directory):
    tokenizer = load_wordpiece(directory, 24)
    # "a" is 5, "person" 6, "walk" 9, "##ing" 10, "hello" 11, "," 12.
    tokens = tokenizer(["A  person walking, HÉLLO", "", "runs"])
    assert tokens.dtype == np.int32
    np.testing.assert_array_equal(
        tokens,
        [[CLS, 5, 6, 9, 10, 12, 11, SEP], [CLS, SEP, *[0] * 6], [CLS, UNK, SEP, *[0] * 5]],
    )
    assert (tokenizer.sos_id, tokenizer.eos_id) == (CLS, SEP)


def test_a_long_text_ends_at_the_models_positions(directory):
    (tokens,) = load_wordpiece(directory, 24)(["walk left " * 30])
    np.testing.assert_array_equal(tokens, [CLS, *[9, 13] * 11, SEP])


@pytest.mark.parametrize("text", ["[SEP]", "a [PAD] arm", "[CLS][MASK]"])
def test_markers_that_a_text_spells_out_are_text(directory, text):
    (tokens,) = load_wordpiece(directory, 24)([text])
    end = list(tokens).index(SEP)
    assert not set(tokens[1:end]) & {0, CLS, SEP, 4}
    assert not tokens[end + 1 :].any()


def test_copy_is_self_contained(directory, tmp_path):
    copied = tmp_path / "run" / "tokenizer"
    copy_tokenizer(directory, copied)
    assert [path.name for path in copied.iterdir()] == ["tokenizer.json"]
    texts = ["a person walks", "waves"]
    expected = load_wordpiece(directory, 24)(texts)
    np.testing.assert_array_equal(load_wordpiece(copied, 24)(texts), expected)


def test_refuses_files_of_another_kind(directory):
    path = directory / "tokenizer.json"
    bert_checkpoint.write_tokenizer(directory, ("[CLS]", "[SEP]", "[PAD]", "[UNK]"))
    with pytest.raises(InputError, match=f"{path}: not a BERT tokenizer"):
        load_wordpiece(directory, 24)
    path.write_text("{}")
    with pytest.raises(InputError, match=f"{path}: not a tokenizer"):
        load_wordpiece(directory, 24)
    path.unlink()
    with pytest.raises(InputError, match=f"{directory} holds no tokenizer.json"):
        load_wordpiece(directory, 24)

import bert_checkpoint
import numpy as np
import pytest
import word_tables
from safetensors import safe_open
from safetensors.numpy import save_file

from motext_jax.errors import InputError
from motext_jax.models.weights.word_table import (
    FILE,
    quantise,
    read_word_table,
    table_shape,
)
from motext_jax.text.tokenizer import ENGLISH, load_wordpiece


def test_no_value_is_off_by_more_than_half_a_step_of_its_row(tmp_path):
    table = word_tables.vectors()
    folder = word_tables.write(tmp_path / "table")
    assert table_shape(folder) == table.shape
    found = read_word_table(folder)
    assert found.dtype == np.float32
    step = np.abs(table).max(axis=1, keepdims=True) / 127
    assert np.all(np.abs(found - table) <= 0.5001 * step)
    # int8 does round: the bound is not met by exactness.
    assert np.abs(found - table).max() > 0.4 * step.max()
    assert not found[:5].any()
    with safe_open(folder / FILE, framework="np") as tensors:
        assert tensors.metadata() == {"source": "random"}


def test_a_table_that_was_read_is_written_as_it_was(tmp_path):
    found = read_word_table(word_tables.write(tmp_path / "table"))
    rows, scale = quantise(found)
    np.testing.assert_array_equal(rows.astype(np.float32) * scale[:, None], found)


def test_a_table_is_written_whole_and_over_nothing(tmp_path, monkeypatch):
    (tmp_path / "empty").mkdir()
    folder = word_tables.write(tmp_path / "empty")
    before = sorted((path.name, path.read_bytes()) for path in folder.iterdir())
    assert [name for name, _ in before] == ["tokenizer.json", FILE]
    with pytest.raises(InputError, match="empty: not an empty folder; choose a new one"):
        word_tables.write(folder)
    assert sorted((path.name, path.read_bytes()) for path in folder.iterdir()) == before

    def fail(*_):
        raise OSError("the disk is full")

    monkeypatch.setattr("motext_jax.models.weights.word_table.shutil.copyfile", fail)
    with pytest.raises(OSError, match="full"):
        word_tables.write(tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_a_damaged_table_is_one_sentence(tmp_path):
    folder = word_tables.write(tmp_path / "table")
    path = folder / FILE
    whole = path.read_bytes()
    path.write_bytes(whole[:-20])
    for read in (table_shape, read_word_table):
        with pytest.raises(InputError, match=f"^{path}: not a whole safetensors file of word ve"):
            read(folder)
    path.unlink()
    with pytest.raises(InputError, match=f"^{folder} holds no {FILE}; make one with python launch"):
        table_shape(folder)


@pytest.mark.parametrize(
    "tensors",
    [
        {"rows": np.zeros((16, 4), np.int8)},
        {"rows": np.zeros((16, 4), np.float32), "scale": np.zeros(16, np.float32)},
        {"rows": np.zeros((16, 4), np.int8), "scale": np.zeros(15, np.float32)},
        {"rows": np.zeros(16, np.int8), "scale": np.zeros(16, np.float32)},
    ],
)
def test_refuses_other_tensors(tmp_path, tensors):
    folder = word_tables.write(tmp_path / "table")
    save_file(tensors, folder / FILE)
    with pytest.raises(InputError, match=f"^{folder / FILE}: holds .*; expected rows, I8 of two"):
        table_shape(folder)


def test_refuses_what_is_not_finite(tmp_path):
    folder = word_tables.write(tmp_path / "table")
    scale = np.full(16, np.inf, np.float32)
    save_file({"rows": np.ones((16, 4), np.int8), "scale": scale}, folder / FILE)
    with pytest.raises(InputError, match=f"^{folder / FILE}: holds NaN or infinity"):
        read_word_table(folder)


def test_refuses_another_vocabulary(tmp_path):
    folder = word_tables.write(tmp_path / "table")
    bert_checkpoint.write_tokenizer(folder, bert_checkpoint.VOCABULARY[:-1])
    with pytest.raises(InputError, match="16 rows, and .* numbers its tokens up to 14; they must"):
        read_word_table(folder)
    (folder / "tokenizer.json").write_text("[]")
    with pytest.raises(InputError, match="tokenizer.json: not a WordPiece tokenizer"):
        read_word_table(folder)


@pytest.mark.parametrize(
    ("text", "near", "far"),
    [
        ("a person greets", "a person waves hello", "a person kicks"),
        ("somebody strolls", "a person walks", "a person jumps"),
        ("a man punts the ball", "a person kicks", "a person sits down"),
    ],
)
def test_the_packages_table_puts_words_of_like_meaning_together(text, near, far):
    assert table_shape(ENGLISH) == (30522, 256)
    assert (ENGLISH / FILE).stat().st_size < 8_500_000
    table, tokenize = read_word_table(ENGLISH), load_wordpiece(ENGLISH, 64)
    means = np.stack([table[row].sum(axis=0) for row in tokenize.encode([text, near, far])])
    means /= np.linalg.norm(means, axis=1, keepdims=True)
    assert means[0] @ means[1] > means[0] @ means[2] + 0.1
    # The weights: a frequent word's row is short.
    the, stroll = (np.linalg.norm(table[row[0]]) for row in tokenize.encode(["the", "stroll"]))
    assert the < 0.1 * stroll
    # Markers say nothing.
    assert not table[[0, tokenize.sos_id, tokenize.eos_id]].any()

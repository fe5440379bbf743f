"""A tiny table of word vectors and its tokenizer."""

import pathlib

import bert_checkpoint
import numpy as np

from motext_jax.models.weights.word_table import write_word_table

WIDTH = 12


def vectors() -> np.ndarray:
    """A row for each token of `bert_checkpoint.VOCABULARY`; the markers' are zeros."""
    table = np.random.default_rng(0).normal(size=(len(bert_checkpoint.VOCABULARY), WIDTH))
    # Words weigh differently.
    table *= np.linspace(0.1, 2, len(table))[:, None]
    table[:5] = 0
    return table


def write(folder: pathlib.Path, table: np.ndarray | None = None) -> pathlib.Path:
    """The folder of a table."""
    source = folder.with_name(f"{folder.name}-source")
    source.mkdir(parents=True, exist_ok=True)
    bert_checkpoint.write_tokenizer(source)
    table = vectors() if table is None else table
    write_word_table(table, source / "tokenizer.json", folder, {"source": "random"})
    return folder

"""Word vectors distilled from a sentence BERT: a vector for each token of its vocabulary.

The idea is public: a static model of the outputs for each token alone, reduced to their principal
components and weighted by frequency (Tulkens and van Dongen 2024, "Model2Vec"; Arora et al. 2017).
"""

import os
import pathlib
import re
from collections.abc import Sequence

import jax
import numpy as np
import tokenizers
from jaxtyping import Float

from motext_jax.errors import InputError
from motext_jax.input_file import reading
from motext_jax.models.weights.sentence_bert import checkpoint_directory, load_sentence_bert

CONTEXTS = ("", "a person")
"""The texts before a token. Alone "punch" is a drink, too; after "a person" it is a blow."""

SMOOTHING = 1e-4
"""The a of a / (a + p), the weight of a word of probability p; Arora et al. take 1e-3 to 1e-4."""

BATCH = 512


def distil(
    checkpoint: str | os.PathLike[str], width: int, contexts: Sequence[str] = CONTEXTS
) -> Float[np.ndarray, "v w"]:
    """The table of a checkpoint's vocabulary: weighted principal components of its outputs.

    A token's output is the sum over the contexts. The markers' rows and those of tokens without a
    use, such as [unused0], are zeros.

    Args:
      checkpoint: as `load_sentence_bert` takes it.
      width: number of principal components.
      contexts: texts before a token.

    Returns:
      float64 rows in the vocabulary's order, of a root mean square length of 1.

    Raises:
      InputError: the checkpoint cannot be had, or its vocabulary has no "the".
    """
    directory = checkpoint_directory(checkpoint)
    vocabulary = _vocabulary(directory)
    if "the" not in vocabulary:
        raise InputError(
            f"{directory}: its vocabulary has no 'the', from which words are in order of frequency"
        )
    outputs = np.sum([token_outputs(directory, context) for context in contexts], axis=0)
    if len(outputs) != len(vocabulary):
        raise InputError(
            f"{directory}: {len(outputs)} tokens in its weights, {len(vocabulary)} in its "
            "tokenizer.json; they must be of one model"
        )
    words = np.array([not re.fullmatch(r"\[.+\]", token) for token in vocabulary])
    weights = frequency_weights(len(vocabulary), vocabulary.index("the"))[words]
    table = np.zeros((len(vocabulary), width))
    table[words] = principal_components(outputs[words], width) * weights[:, None]
    return table / np.sqrt((table[words] ** 2).sum(axis=1).mean())


def token_outputs(
    checkpoint: str | os.PathLike[str], context: str = ""
) -> Float[np.ndarray, "v d"]:
    """A sentence BERT's embeddings of each token of its vocabulary, as the last of a text.

    Args:
      checkpoint: as `load_sentence_bert` takes it.
      context: the text before the token.
    """
    directory = checkpoint_directory(checkpoint)
    architecture, params = load_sentence_bert(directory)
    tower = architecture.build(architecture.width, None)
    tokenize = architecture.tokenizer(directory)

    embed = jax.jit(tower.apply)
    before = [tokenize.sos_id, *tokenize.encode([context])[0]]
    size = architecture.vocab_size
    outputs = np.empty((size, architecture.width), np.float32)
    for start in range(0, size, BATCH):
        # The last batch is filled up, so that one program does.
        tokens = np.arange(start, start + BATCH) % size
        rows = [np.full(BATCH, token) for token in before]
        rows += [tokens, np.full(BATCH, tokenize.eos_id)]
        embedded = np.asarray(embed({"params": params}, np.stack(rows, axis=1).astype(np.int32)))
        outputs[start : start + BATCH] = embedded[: size - start]
    return outputs.astype(np.float64)


def principal_components(x: Float[np.ndarray, "n d"], count: int) -> Float[np.ndarray, "n k"]:
    """Centred rows in the basis of their directions of largest variance, the largest first.

    Each direction's sign is such that its largest coefficient is positive.
    """
    centred = x - x.mean(axis=0)
    _, vectors = np.linalg.eigh(centred.T @ centred)
    basis = vectors[:, ::-1][:, :count]
    largest = basis[np.abs(basis).argmax(axis=0), np.arange(basis.shape[1])]
    return centred @ (basis * np.sign(largest))


def frequency_weights(
    size: int, first: int, smoothing: float = SMOOTHING
) -> Float[np.ndarray, "v"]:
    """Smooth inverse frequencies, a / (a + p), of a vocabulary in order of frequency.

    Probabilities are Zipf's as Mandelbrot wrote them, in proportion to 1 / (rank + 2.7).

    Args:
      size: number of tokens.
      first: the most frequent token; those before it, single letters, have its weight.
      smoothing: the formula's a.
    """
    rank = np.maximum(np.arange(size) - first, 0) + 1
    share = 1 / (rank + 2.7)
    return smoothing / (smoothing + share / share.sum())


def _vocabulary(directory: pathlib.Path) -> list[str]:
    """The tokens in order."""
    path = directory / "tokenizer.json"
    with reading(path, "a tokenizer"):
        found = tokenizers.Tokenizer.from_file(str(path)).get_vocab()
    return sorted(found, key=found.__getitem__)

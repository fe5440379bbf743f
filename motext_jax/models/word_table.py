"""A small transformer over a table of word vectors, which training leaves as it is.

A vocabulary's vectors, distilled from a larger model, place words that no caption contains near
words of the same meaning.
"""

import dataclasses
import pathlib
from typing import Any, ClassVar

import jax
import jax.numpy as jnp
from flax import linen as nn
from jaxtyping import Array, Float, Int

from motext_jax.config import TextArchitecture, TextTowerConfig, option
from motext_jax.errors import InputError
from motext_jax.losses import normalise
from motext_jax.models.clip_text import EPSILON, Block
from motext_jax.text.tokenizer import ENGLISH, Tokenizer, load_wordpiece

PAD_ID = 0

TABLE = "table"
"""The parameter that training leaves as it is: the vectors of words that it never sees must go on
to fit those that it sees."""

_normal = nn.initializers.normal(0.02)


class WordTableText(nn.Module):
    """The sum of two linear layers: of the mean of a text's word vectors, and of a transformer.

    The mean's layer starts as a rotation and gives unit length. The transformer's layer starts at
    zero. So before training, texts are as near to each other as the means of their words. What the
    transformer learns is added to that and stays shorter than `reach`: it can tell the order of
    words, but of words that it never saw it says anything.

    The weights of words, by which the mean is a weighted one, are the lengths of their vectors
    (Arora et al. 2017, "A Simple but Tough-to-Beat Baseline for Sentence Embeddings"). The
    transformer sees vectors of unit length: it needs "left" and "up", which are frequent words and
    weigh little.

    Attributes:
      vocab_size: number of tokens, rows of the table.
      table_width: columns of the table.
      context_length: number of learned positions, the longest text in tokens.
      width: channels of the transformer.
      layers: number of blocks, pre-LayerNorm as CLIP's; attention goes both ways.
      heads: attention heads of a block.
      reach: bound on the length of the transformer's part, where the mean's is 1.
      embedding: dimensions of the output.
      dtype: dtype of the blocks' products, see `clip_text.Block`; None: the parameters' dtype.
    """

    vocab_size: int
    table_width: int
    context_length: int
    width: int
    layers: int
    heads: int
    reach: float
    embedding: int
    dtype: jnp.dtype | None = None

    @nn.compact
    def __call__(self, tokens: Int[Array, "n l"]) -> Float[Array, "n d"]:
        """Embeds texts, not normalised to unit length.

        Args:
          tokens: at most `context_length` a row, then any number of `PAD_ID`, which has no effect.

        Raises:
          ValueError: the rows are longer than `context_length`.
        """
        length = tokens.shape[1]
        if length > self.context_length:
            raise ValueError(f"texts of {length} tokens; the tower has {self.context_length}")
        table = self.param(TABLE, nn.initializers.zeros, (self.vocab_size, self.table_width))
        counts = tokens != PAD_ID
        words = jax.lax.stop_gradient(table)[tokens]
        kept = counts.astype(words.dtype)[:, :, None]
        # The zeros of unknown words stay zeros.
        known = nn.Dense(
            self.embedding,
            use_bias=False,
            kernel_init=nn.initializers.orthogonal(),
            name="mean_projection",
        )(normalise((words * kept).sum(axis=1)))

        positions = self.param("position_embedding", _normal, (self.context_length, self.width))
        # The rotation keeps the vectors' angles; positions are small beside them.
        x = nn.Dense(
            self.width,
            use_bias=False,
            kernel_init=nn.initializers.orthogonal(),
            name="word_projection",
        )(normalise(words))
        x = x + positions[None, :length]
        for layer in range(self.layers):
            block = Block(self.heads, "gelu", self.layers, self.dtype, name=f"block_{layer}")
            x = block(x, nn.make_attention_mask(jnp.ones_like(counts), counts, dtype=x.dtype))
        x = nn.LayerNorm(epsilon=EPSILON, name="ln_final")(x)
        x = (x * kept).sum(axis=1) / jnp.maximum(kept.sum(axis=1), 1)
        learned = nn.Dense(
            self.embedding,
            use_bias=False,
            kernel_init=nn.initializers.zeros,
            name="text_projection",
        )(x)
        # A learned vector that is short beside the bound is nearly as long after it.
        squares = (learned * learned).sum(axis=-1, keepdims=True)
        return normalise(known) + learned * self.reach * jax.lax.rsqrt(self.reach**2 + squares)


@dataclasses.dataclass(frozen=True)
class WordTableArchitecture(TextArchitecture):
    """The facts of a tower over a table of word vectors."""

    FROZEN: ClassVar[tuple[str, ...]] = (TABLE,)

    vocab_size: int
    """Tokens of the vocabulary."""
    table_width: int
    """Dimensions of a word's vector."""
    eos_id: int
    """The token [SEP], which ends a text."""
    context_length: int
    """Longest text, in tokens."""
    width: int
    """Width of the transformer."""
    layers: int
    """Residual blocks."""
    heads: int
    """Attention heads."""
    reach: float
    """Bound on the length of the transformer's part."""

    def build(self, embedding: int, dtype: Any) -> WordTableText:
        """The module."""
        return WordTableText(
            vocab_size=self.vocab_size,
            table_width=self.table_width,
            context_length=self.context_length,
            width=self.width,
            layers=self.layers,
            heads=self.heads,
            reach=self.reach,
            embedding=embedding,
            dtype=dtype,
        )

    def tokenizer(self, folder: pathlib.Path | None) -> Tokenizer:
        """The tokenizer of the table's vocabulary."""
        if folder is None:
            raise InputError(
                "the model's folder tokenizer/ is gone, which has the words of its table; put it "
                "back, or train anew"
            )
        return load_wordpiece(folder, self.context_length)


@dataclasses.dataclass
class WordTableConfig(TextTowerConfig):
    """A small transformer over word vectors; the package brings a table of English."""

    ARCHITECTURE: ClassVar[type[TextArchitecture]] = WordTableArchitecture

    folder: str = option("", place=True, may_change="always")
    """Folder of the table and its tokenizer, as `launch/word_table.py` writes them; empty: that of
    the package."""
    width: int = option(256, at_least=1)
    """Width of the transformer."""
    layers: int = option(2, at_least=1)
    """Residual blocks."""
    heads: int = option(4, at_least=1)
    """Attention heads."""
    reach: float = option(0.3, at_least=1e-3)
    """Bound on the length of what the transformer adds to the mean of the words, whose length is
    1: the larger, the better it learns the captions' own words, and the worse it knows others."""
    context_length: int = option(64, at_least=3)
    """Longest text, in tokens."""

    def check_rules(self, path: str) -> None:
        """Raises InputError unless the heads share out the width evenly."""
        if self.width % self.heads:
            raise InputError(
                f"{path}width is {self.width}; it must be a multiple of {path}heads, {self.heads}"
            )

    # Imported in the methods: a command that only reads options needs no files.

    def architecture(self) -> WordTableArchitecture:
        """The options, and the table's size."""
        from motext_jax.models.weights.word_table import table_shape

        folder = self.tokenizer_folder()
        vocab_size, table_width = table_shape(folder)
        return WordTableArchitecture(
            vocab_size=vocab_size,
            table_width=table_width,
            eos_id=load_wordpiece(folder, self.context_length).eos_id,
            context_length=self.context_length,
            width=self.width,
            layers=self.layers,
            heads=self.heads,
            reach=self.reach,
        )

    def tokenizer_folder(self) -> pathlib.Path:
        """The table's folder."""
        return pathlib.Path(self.folder).expanduser() if self.folder else ENGLISH

    def pretrained(self) -> dict[str, Any]:
        """The table; the transformer's parameters are learned from scratch."""
        from motext_jax.models.weights.word_table import read_word_table

        return {TABLE: read_word_table(self.tokenizer_folder())}

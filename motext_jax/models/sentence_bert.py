"""Sentence-BERT: a BERT encoder whose tokens' mean is the sentence (Reimers and Gurevych 2019)."""

import dataclasses
import pathlib
from typing import Any, ClassVar

import jax.numpy as jnp
from flax import linen as nn
from jaxtyping import Array, Bool, Float, Int

from motext_jax.config import TextArchitecture, TextTowerConfig, option
from motext_jax.errors import InputError
from motext_jax.models.attention import attention
from motext_jax.text.tokenizer import Tokenizer, load_wordpiece

PAD_ID = 0

_normal = nn.initializers.normal(0.02)


class SentenceBert(nn.Module):
    """A post-LayerNorm transformer; a text's embedding is the mean of its tokens' outputs.

    The encoder and its initial values are those of Devlin et al. 2019, "BERT: Pre-training of Deep
    Bidirectional Transformers for Language Understanding" (section 3 and appendix A.2, without
    dropout); mean pooling is the MEAN strategy of Reimers and Gurevych 2019, "Sentence-BERT:
    Sentence Embeddings using Siamese BERT-Networks" (section 3). The defaults are the architecture
    of sentence-transformers/all-MiniLM-L6-v2.

    Attributes:
      vocab_size: number of tokens.
      context_length: number of learned positions, the longest text in tokens.
      width: channels of the residual stream.
      layers: number of blocks.
      heads: attention heads of a block.
      embedding: dimensions of the output. Where they are not `width`, a linear layer without a
        bias, `projection`, leads there.
      epsilon: epsilon of the LayerNorms.
      dtype: dtype of the blocks' products, see `Block`; None: the parameters' dtype.
    """

    vocab_size: int = 30522
    context_length: int = 512
    width: int = 384
    layers: int = 6
    heads: int = 12
    embedding: int = 384
    epsilon: float = 1e-12
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
        embed = nn.Embed(
            self.vocab_size, self.width, embedding_init=_normal, name="token_embedding"
        )
        positions = self.param("position_embedding", _normal, (self.context_length, self.width))
        # BERT's second type marks the second sentence of a pair; here there is only one.
        token_type = self.param("type_embedding", _normal, (self.width,))
        x = embed(tokens) + (positions[:length] + token_type[None])[None]
        x = nn.LayerNorm(epsilon=self.epsilon, name="ln_embedding")(x)

        counts = tokens != PAD_ID
        for layer in range(self.layers):
            block = Block(self.heads, self.epsilon, self.dtype, name=f"block_{layer}")
            x = block(x, counts[:, None, None])

        x = _mean(x, counts)
        if self.embedding == self.width:
            return x
        return nn.Dense(
            self.embedding,
            use_bias=False,
            kernel_init=nn.initializers.normal(self.width**-0.5),
            name="projection",
        )(x)


class Block(nn.Module):
    """Attention, then an MLP of four times the width; each is added and then normalised.

    With a `dtype` the products and what lies between them have it; the sums, LayerNorms, softmaxes
    and parameters do not.

    Attributes:
      heads: attention heads.
      epsilon: epsilon of the LayerNorms.
      dtype: dtype of the products; None: the parameters' dtype.
    """

    heads: int
    epsilon: float
    dtype: jnp.dtype | None

    @nn.compact
    def __call__(
        self, x: Float[Array, "n l w"], mask: Bool[Array, "n 1 1 l"]
    ) -> Float[Array, "n l w"]:
        """Applies the block; `mask` is true where a token may be attended to."""
        width = x.shape[-1]
        attend = nn.MultiHeadDotProductAttention(
            self.heads,
            dtype=self.dtype,
            attention_fn=attention,
            kernel_init=_normal,
            name="attention",
        )
        y = attend(x, mask=mask).astype(x.dtype)
        x = nn.LayerNorm(epsilon=self.epsilon, name="ln_1")(x + y)

        y = nn.Dense(4 * width, dtype=self.dtype, kernel_init=_normal, name="fc1")(x)
        y = nn.gelu(y, approximate=False)
        y = nn.Dense(width, dtype=self.dtype, kernel_init=_normal, name="fc2")(y)
        return nn.LayerNorm(epsilon=self.epsilon, name="ln_2")(x + y.astype(x.dtype))


def _mean(x: Float[Array, "n l w"], counts: Bool[Array, "n l"]) -> Float[Array, "n w"]:
    """The mean of the tokens that count; zeros for a row, of padding alone, that has none."""
    weights = counts.astype(x.dtype)[:, :, None]
    return (x * weights).sum(axis=1) / jnp.maximum(weights.sum(axis=1), 1)


@dataclasses.dataclass(frozen=True)
class SentenceBertArchitecture(TextArchitecture):
    """The facts of a sentence BERT; the defaults are all-MiniLM-L6-v2's."""

    vocab_size: int = 30522
    """Tokens of the vocabulary."""
    context_length: int = 512
    """Longest text, in tokens."""
    width: int = 384
    """Width of the transformer."""
    layers: int = 6
    """Residual blocks."""
    heads: int = 12
    """Attention heads."""
    epsilon: float = 1e-12
    """Epsilon of the LayerNorms."""
    eos_id: int = 102
    """The token [SEP], which ends a text."""

    def build(self, embedding: int, dtype: Any) -> SentenceBert:
        """The module."""
        return SentenceBert(
            vocab_size=self.vocab_size,
            context_length=self.context_length,
            width=self.width,
            layers=self.layers,
            heads=self.heads,
            embedding=embedding,
            epsilon=self.epsilon,
            dtype=dtype,
        )

    def tokenizer(self, folder: pathlib.Path | None) -> Tokenizer:
        """The tokenizer of a checkpoint's files."""
        if folder is None:
            raise InputError(
                "the model's folder tokenizer/ is gone, which has the words of its sentence BERT; "
                "put it back, or train anew"
            )
        return load_wordpiece(folder, self.context_length)


@dataclasses.dataclass
class SentenceBertConfig(TextTowerConfig):
    """A sentence BERT."""

    ARCHITECTURE: ClassVar[type[TextArchitecture]] = SentenceBertArchitecture

    checkpoint: str = option(
        "sentence-transformers/all-MiniLM-L6-v2", weights=True, may_change="always"
    )
    """A Hugging Face directory or hub name."""

    # Imported in the methods: `weights` imports the architecture from here, and its hub client
    # would slow down a command that only reads options.

    def architecture(self) -> SentenceBertArchitecture:
        """The checkpoint's."""
        from motext_jax.models.weights.sentence_bert import read_sentence_bert

        found = read_sentence_bert(self.checkpoint)
        # A BERT's config.json does not say which token is its [SEP].
        return dataclasses.replace(found, eos_id=found.tokenizer(self.tokenizer_folder()).eos_id)

    def tokenizer_folder(self) -> pathlib.Path:
        """The checkpoint's folder."""
        from motext_jax.models.weights.sentence_bert import checkpoint_directory

        return checkpoint_directory(self.checkpoint)

    def pretrained(self) -> dict[str, Any]:
        """The checkpoint's parameters; its projection to the shared space is in none."""
        from motext_jax.models.weights.sentence_bert import load_sentence_bert

        _, params = load_sentence_bert(self.checkpoint)
        return params

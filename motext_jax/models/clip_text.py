"""CLIP's text transformer (Radford et al. 2021, section 2.4)."""

import dataclasses
import pathlib
from typing import Any, ClassVar

import jax.numpy as jnp
from flax import linen as nn
from jaxtyping import Array, Float, Int

from motext_jax.config import TextArchitecture, TextTowerConfig, option
from motext_jax.errors import InputError
from motext_jax.models.attention import attention
from motext_jax.text.tokenizer import Tokenizer, load_tokenizer

ACTIVATIONS = {
    "quick_gelu": lambda x: x * nn.sigmoid(1.702 * x),
    "gelu": lambda x: nn.gelu(x, approximate=False),
}
EPSILON = 1e-5


class ClipText(nn.Module):
    """A pre-LayerNorm causal transformer; a text's embedding is its end-of-text token's output.

    The initial values are those of `initialize_parameters` in the official code (openai/CLIP,
    clip/model.py), with all biases zero.

    Attributes:
      vocab_size: number of tokens.
      context_length: number of learned positions, the longest text in tokens.
      width: channels of the residual stream.
      layers: number of blocks.
      heads: attention heads of a block.
      embedding: dimensions of the projected output.
      activation: activation of the MLPs, a key of `ACTIVATIONS`; Hugging Face's `hidden_act`.
      eos_id: the end-of-text token.
      dtype: dtype of the blocks' products, see `Block`; None: the parameters' dtype.
    """

    vocab_size: int = 49408
    context_length: int = 77
    width: int = 512
    layers: int = 12
    heads: int = 8
    embedding: int = 512
    activation: str = "quick_gelu"
    eos_id: int = 49407
    dtype: jnp.dtype | None = None

    @nn.compact
    def __call__(self, tokens: Int[Array, "n l"]) -> Float[Array, "n d"]:
        """Embeds texts, not normalised to unit length.

        Args:
          tokens: at most `context_length` a row, with an end-of-text in every row. Tokens after
            the first end-of-text have no effect, because attention is causal.

        Raises:
          ValueError: the rows are longer than `context_length`.
        """
        length = tokens.shape[1]
        if length > self.context_length:
            raise ValueError(f"texts of {length} tokens; the tower has {self.context_length}")
        normal = nn.initializers.normal

        embed = nn.Embed(
            self.vocab_size, self.width, embedding_init=normal(0.02), name="token_embedding"
        )
        positions = self.param(
            "position_embedding", normal(0.01), (self.context_length, self.width)
        )
        x = embed(tokens) + positions[None, :length]

        mask = nn.make_causal_mask(tokens)
        for layer in range(self.layers):
            block = Block(
                self.heads, self.activation, self.layers, self.dtype, name=f"block_{layer}"
            )
            x = block(x, mask)

        first_eos = jnp.argmax(tokens == self.eos_id, axis=1)
        x = jnp.take_along_axis(x, first_eos[:, None, None], axis=1)[:, 0]
        x = nn.LayerNorm(epsilon=EPSILON, name="ln_final")(x)
        return nn.Dense(
            self.embedding,
            use_bias=False,
            kernel_init=normal(self.width**-0.5),
            name="text_projection",
        )(x)


class Block(nn.Module):
    """Residual attention, then a residual MLP of four times the width.

    With a `dtype` the products and what lies between them have it; the residual stream, LayerNorms,
    softmaxes and parameters do not.

    Attributes:
      heads: attention heads.
      activation: activation of the MLP, a key of `ACTIVATIONS`.
      layers: blocks of the whole transformer; the more, the smaller the initial residuals.
      dtype: dtype of the products; None: the parameters' dtype.
    """

    heads: int
    activation: str
    layers: int
    dtype: jnp.dtype | None

    @nn.compact
    def __call__(
        self, x: Float[Array, "n l w"], mask: Float[Array, "n 1 l l"]
    ) -> Float[Array, "n l w"]:
        """Applies the block; `mask` is 1 where a token may attend."""
        width = x.shape[-1]
        normal = nn.initializers.normal
        inner_init = normal((2 * width) ** -0.5)
        residual_init = normal(width**-0.5 * (2 * self.layers) ** -0.5)

        y = nn.LayerNorm(epsilon=EPSILON, name="ln_1")(x)
        attend = nn.MultiHeadDotProductAttention(
            self.heads,
            dtype=self.dtype,
            attention_fn=attention,
            kernel_init=normal(width**-0.5),
            out_kernel_init=residual_init,
            name="attention",
        )
        x = x + attend(y, mask=mask).astype(x.dtype)

        y = nn.LayerNorm(epsilon=EPSILON, name="ln_2")(x)
        y = nn.Dense(4 * width, dtype=self.dtype, kernel_init=inner_init, name="fc1")(y)
        y = ACTIVATIONS[self.activation](y)
        y = nn.Dense(width, dtype=self.dtype, kernel_init=residual_init, name="fc2")(y)
        return x + y.astype(x.dtype)


@dataclasses.dataclass(frozen=True)
class ClipTextArchitecture(TextArchitecture):
    """The facts of a CLIP text tower; the defaults are openai/clip-vit-base-patch32's."""

    vocab_size: int = 49408
    """Tokens of the vocabulary."""
    context_length: int = 77
    """Longest text, in tokens."""
    width: int = 512
    """Width of the transformer."""
    layers: int = 12
    """Residual blocks."""
    heads: int = 8
    """Attention heads."""
    projection: int = 512
    """Dimensions of the checkpoint's projection; 0: as many as the shared space has."""
    activation: str = "quick_gelu"
    """Activation of the MLPs: quick_gelu or gelu."""
    eos_id: int = 49407
    """The end-of-text token, whose output is the embedding of the text."""

    def build(self, embedding: int, dtype: Any) -> ClipText:
        """The module."""
        return ClipText(
            vocab_size=self.vocab_size,
            context_length=self.context_length,
            width=self.width,
            layers=self.layers,
            heads=self.heads,
            embedding=embedding,
            activation=self.activation,
            eos_id=self.eos_id,
            dtype=dtype,
        )

    def tokenizer(self, folder: pathlib.Path | None) -> Tokenizer:
        """The tokenizer of a checkpoint's files; None for CLIP's own vocabulary."""
        return load_tokenizer(folder, self.context_length)


@dataclasses.dataclass
class ScratchTextConfig(TextTowerConfig):
    """CLIP's text transformer with random weights and CLIP's own vocabulary."""

    ARCHITECTURE: ClassVar[type[TextArchitecture]] = ClipTextArchitecture

    width: int = option(512, at_least=1)
    """Width of the transformer."""
    layers: int = option(12, at_least=1)
    """Residual blocks."""
    heads: int = option(8, at_least=1)
    """Attention heads."""
    context_length: int = option(77, at_least=3)
    """Longest text, in tokens."""
    activation: str = option("quick_gelu", choices=tuple(ACTIVATIONS))
    """Activation of the MLPs: quick_gelu (OpenAI's) or gelu."""

    def check_rules(self, path: str) -> None:
        """Raises InputError unless the heads share out the width evenly."""
        if self.width % self.heads:
            raise InputError(
                f"{path}width is {self.width}; it must be a multiple of {path}heads, {self.heads}"
            )

    def architecture(self) -> ClipTextArchitecture:
        """The options, and what CLIP's own vocabulary says."""
        # The end-of-text token is the last of the vocabulary.
        eos_id = load_tokenizer(None).eos_id
        return ClipTextArchitecture(
            vocab_size=eos_id + 1, eos_id=eos_id, projection=0, **dataclasses.asdict(self)
        )


@dataclasses.dataclass
class ClipTextConfig(TextTowerConfig):
    """The text transformer of a CLIP checkpoint."""

    ARCHITECTURE: ClassVar[type[TextArchitecture]] = ClipTextArchitecture

    checkpoint: str = option("openai/clip-vit-base-patch32", weights=True, may_change="always")
    """A Hugging Face directory or hub name."""

    # Imported in the methods: `weights` imports the architecture from here, and its hub client
    # would slow down a command that only reads options.

    def architecture(self) -> ClipTextArchitecture:
        """The checkpoint's."""
        from motext_jax.models.weights.clip import read_clip_text

        return read_clip_text(self.checkpoint)

    def tokenizer_folder(self) -> pathlib.Path:
        """The checkpoint's folder."""
        from motext_jax.models.weights.clip import CLIP

        return CLIP.directory(self.checkpoint)

    def pretrained(self) -> dict[str, Any]:
        """The checkpoint's parameters."""
        from motext_jax.models.weights.clip import load_clip_text

        _, params = load_clip_text(self.checkpoint)
        return params

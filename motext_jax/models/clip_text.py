"""CLIP's text transformer (Radford et al. 2021, section 2.4)."""

import jax.numpy as jnp
from flax import linen as nn
from jaxtyping import Array, Float, Int

from motext_jax.models.attention import attention

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
      activation: of the MLPs, a key of `ACTIVATIONS`; named as in Hugging Face's `hidden_act`.
      eos_id: the end-of-text token.
      dtype: of the blocks' products, see `Block`; None: that of the parameters.
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
          tokens: at most `context_length` a row, with an end-of-text in every row. What follows
            the first one has no effect: attention is causal, so any padding will do.

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
      activation: of the MLP, a key of `ACTIVATIONS`.
      layers: blocks of the whole transformer; the more, the smaller the initial residuals.
      dtype: of the products; None: that of the parameters.
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

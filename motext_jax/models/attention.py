"""Dot-product attention whose softmax has float32 at least, for both text towers."""

import jax.numpy as jnp
from flax import linen as nn
from jaxtyping import Array, Float, Shaped

from motext_jax.models.precision import param_dtype


def attention(
    query: Float[Array, "n q h d"],
    key: Float[Array, "n k h d"],
    value: Float[Array, "n k h d"],
    mask: Shaped[Array, "n 1 #q k"],
    **_,
) -> Float[Array, "n q h d"]:
    """softmax_k(query · key / √d) · value (Vaswani et al. 2017, eq. 1), as a linen `attention_fn`.

    Linen's own, asked for a softmax in float32 beside bfloat16, has the product with the values in
    float32, too. What follows the mask is about dropout and dtypes, which it does not need.
    """
    logits = jnp.einsum("nqhd,nkhd->nhqk", query * query.shape[-1] ** -0.5, key)
    logits = logits.astype(param_dtype(logits.dtype))
    weights = nn.softmax(jnp.where(mask, logits, jnp.finfo(logits.dtype).min))
    return jnp.einsum("nhqk,nkhd->nqhd", weights.astype(value.dtype), value)

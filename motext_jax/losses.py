"""The contrastive loss of Horie et al. 2022, equations 3-11, on global arrays."""

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float, Int


def normalise(embeddings: Float[Array, "n d"]) -> Float[Array, "n d"]:
    """Embeddings over their norms (eq. 3, 4); a zero vector stays zero."""
    squares = jnp.sum(embeddings**2, axis=-1, keepdims=True)
    # The floor keeps the gradient of a zero vector finite; it is below any real embedding's norm.
    return embeddings * jax.lax.rsqrt(jnp.maximum(squares, 1e-12))


def identity_targets(n: int) -> Float[Array, "n n"]:
    """A text's own clip alone is right, and the other way round (eq. 6)."""
    return jnp.eye(n)


def category_targets(categories: Int[Array, "n"]) -> Float[Array, "n n"]:
    """Every clip of the text's category is right, in equal shares; rows sum to 1.

    Clips without a category (-1) are right for their own text alone.
    """
    same = (categories[:, None] == categories[None, :]) & (categories >= 0)[:, None]
    same = jnp.where(jnp.eye(len(categories), dtype=bool), True, same).astype(jnp.float32)
    return same / same.sum(axis=1, keepdims=True)


def contrastive_loss(
    motion: Float[Array, "n d"],
    text: Float[Array, "n d"],
    logit_scale: Float[Array, ""] | float,
    targets: Float[Array, "n n"],
) -> Float[Array, ""]:
    """Symmetric cross-entropy of the n×n cosine logits.

    Args:
      motion: M_e, unit length (eq. 4).
      text: T_e, unit length (eq. 3).
      logit_scale: a factor on the cosines; the paper writes none, that is 1.
      targets: a symmetric distribution over each row: `identity_targets` in the paper.

    Texts with the same targets are one candidate of a motion, however often they occur in the
    batch: each counts as its share. Otherwise a frequent category would be a candidate many times
    over, and the nearest text would be that of the largest p(text | motion) / p(text), which is a
    rare category wherever the motion leaves a doubt. Identity targets make it the paper's loss.
    """
    logits = logit_scale * text @ motion.T  # eq. 5
    text_to_motion = cross_entropy(logits, targets)  # eq. 7, 9
    shares = jnp.max(targets, axis=1)
    motion_to_text = cross_entropy(logits.T + jnp.log(shares)[None, :], targets)  # eq. 8, 10
    return (text_to_motion + motion_to_text) / 2  # eq. 11


def cross_entropy(logits: Float[Array, "n k"], targets: Float[Array, "n k"]) -> Float[Array, ""]:
    """Cross-entropy against target distributions, averaged over n."""
    return -jnp.mean(jnp.sum(targets * jax.nn.log_softmax(logits, axis=-1), axis=-1))

"""The contrastive loss of Horie et al. 2022, equations 3-11, and a sigmoid one, on global arrays.

Rows with equal labels are positives, all others are negatives. No loss holds the n×n logits of a
large batch, see `_mean_by_blocks`. A new loss is a function, a line of `LOSSES` and a choice of
`loss.name`.
"""

from collections.abc import Callable, Mapping

import flax.struct
import jax
import jax.numpy as jnp
from jaxtyping import Array, Bool, Float, Int, Shaped

BLOCK = 2**22
"""Logits held at once: those of a batch of 2,048 in one piece; 16 MiB in float32."""


class LogitTerms(flax.struct.PyTreeNode):
    """The affine map from cosines to logits.

    Attributes:
      scale: a factor on the cosines; the paper writes none, that is 1.
      bias: added to every logit; a softmax does not depend on it.
    """

    scale: Float[Array, ""] | float
    bias: Float[Array, ""] | float = 0.0


def normalise(embeddings: Float[Array, "*n d"]) -> Float[Array, "*n d"]:
    """Embeddings over their norms (eq. 3, 4); a zero vector stays zero."""
    squares = jnp.sum(embeddings**2, axis=-1, keepdims=True)
    # The floor keeps the gradient of a zero vector finite; it is below any real embedding's norm.
    return embeddings * jax.lax.rsqrt(jnp.maximum(squares, 1e-12))


def identity_labels(n: int) -> Int[Array, "n"]:
    """Labels that make each text and its own clip the only positives (eq. 6)."""
    return jnp.arange(n)


def category_labels(categories: Int[Array, "n"]) -> Int[Array, "n"]:
    """Labels that make every clip of a text's category a positive.

    A clip without a category (-1) is a positive of its own text alone.
    """
    return jnp.where(categories >= 0, categories, -1 - jnp.arange(len(categories)))


def softmax_loss(
    motion: Float[Array, "n d"],
    text: Float[Array, "n d"],
    labels: Int[Array, "n"],
    terms: LogitTerms,
) -> Float[Array, ""]:
    """Symmetric cross-entropy of the n×n cosine logits.

    Args:
      motion: M_e, unit length (eq. 4).
      text: T_e, unit length (eq. 3).
      labels: a row's targets are its positives in equal shares: in the paper, itself.
      terms: makes cosines logits.

    Texts with the same label are one candidate of a motion, however often they occur in the
    batch: each counts as its share. Otherwise a frequent category would be a candidate many times
    over, and the nearest text would be that of the largest p(text | motion) / p(text), which is a
    rare category wherever the motion leaves a doubt. Identity labels make it the paper's loss.
    """
    _, places, counts = jnp.unique(
        labels, return_inverse=True, return_counts=True, size=len(labels)
    )
    shares = 1 / counts[places].astype(text.dtype)

    def of_rows(motion_rows, text_rows, label_rows, share_rows):
        same = label_rows[:, None] == labels[None, :]
        targets = jnp.where(same, share_rows[:, None], 0.0)
        logits = terms.scale * text_rows @ motion.T  # eq. 5
        text_to_motion = cross_entropy(logits, targets)  # eq. 7, 9
        logits = terms.scale * motion_rows @ text.T + jnp.log(shares)[None, :]
        motion_to_text = cross_entropy(logits, targets)  # eq. 8, 10
        return (text_to_motion + motion_to_text) / 2  # eq. 11

    return _mean_by_blocks(of_rows, motion, text, labels, shares)


def sigmoid_loss(
    motion: Float[Array, "n d"],
    text: Float[Array, "n d"],
    labels: Int[Array, "n"],
    terms: LogitTerms,
) -> Float[Array, ""]:
    """Binary cross-entropy of every pair of a text and a motion (Zhai et al. 2023, algorithm 1).

    -1/n Σ_ij log σ(z_ij (scale · T_e,i · M_e,j + bias)), where z_ij is 1 for positives and -1 for
    negatives. Arguments as of `softmax_loss`.
    """

    def of_rows(text_rows, label_rows):
        logits = terms.scale * text_rows @ motion.T + terms.bias
        same = label_rows[:, None] == labels[None, :]
        return -jnp.mean(jnp.sum(jax.nn.log_sigmoid(jnp.where(same, logits, -logits)), axis=1))

    return _mean_by_blocks(of_rows, text, labels)


def twin_loss(
    motion: Float[Array, "n d"],
    text: Float[Array, "n d"],
    twins: Float[Array, "n d"],
    has_twin: Bool[Array, "n"],
    terms: LogitTerms,
) -> Float[Array, ""]:
    """Cross-entropy of a motion's own text against the text's twin, averaged over those with one.

    -log σ(scale · (T_e,i - T'_e,i) · M_e,i): in a batch of many actions the text that differs in a
    side or in an order alone is a rare candidate, and is one here at every step.

    Args:
      motion: unit length.
      text: the motions' own texts, unit length.
      twins: their twins, unit length; see `text.twins`.
      has_twin: False for rows that do not count.
      terms: makes cosines logits.
    """
    margins = terms.scale * jnp.sum(motion * (text - twins), axis=-1)
    counted = jnp.maximum(jnp.sum(has_twin, dtype=margins.dtype), 1)
    return -jnp.sum(jnp.where(has_twin, jax.nn.log_sigmoid(margins), 0.0)) / counted


Loss = Callable[
    [Float[Array, "n d"], Float[Array, "n d"], Int[Array, "n"], LogitTerms], Float[Array, ""]
]
"""(motion, text, labels, terms) -> loss, on unit-length embeddings."""

LOSSES: Mapping[str, Loss] = {"softmax": softmax_loss, "sigmoid": sigmoid_loss}
"""Contrastive losses by `loss.name`."""


def cross_entropy(logits: Float[Array, "n k"], targets: Float[Array, "n k"]) -> Float[Array, ""]:
    """Cross-entropy against target distributions, averaged over n."""
    return -jnp.mean(jnp.sum(targets * jax.nn.log_softmax(logits, axis=-1), axis=-1))


def _mean_by_blocks(
    of_rows: Callable[..., Float[Array, ""]], *rows: Shaped[Array, "n ..."]
) -> Float[Array, ""]:
    """Mean of `of_rows` over equal blocks of rows, recomputed in the backward pass.

    The blocks are as few as keep the logits of one, n for each of its rows, within `BLOCK`.
    """
    n = len(rows[0])
    blocks = next((b for b in range(1, n) if n % b == 0 and n // b * n <= BLOCK), n)
    if blocks == 1:
        return of_rows(*rows)
    # Without a checkpoint the scan keeps every block's logits for the backward pass.
    of_block = jax.checkpoint(lambda block: of_rows(*block))
    return jnp.mean(jax.lax.map(of_block, tuple(split(r, blocks) for r in rows)))


def split(rows: Shaped[Array, "n *r"], parts: int) -> Shaped[Array, "p b *r"]:
    """Puts row k into part k modulo the number of parts, so that all devices share each."""
    return rows.reshape(-1, parts, *rows.shape[1:]).swapaxes(0, 1)

"""Batch normalisation as PyTorch computes it, so that its checkpoints and recipes carry over."""

import jax
import jax.numpy as jnp
import numpy as np
from flax import linen as nn
from jaxtyping import Array, Float

EPSILON = 1e-5
MOMENTUM = 0.9


class BatchNorm(nn.Module):
    """Normalises each channel, the last axis, over all other axes (Ioffe & Szegedy 2015).

    y = (x - mean) / sqrt(var + 1e-5) · scale + bias. In training the mean and the variance are the
    batch's; otherwise they are the running ones, 'mean' and 'var' of the collection 'batch_stats':
    running <- 0.9 · running + 0.1 · batch. As in PyTorch, a batch is normalised by its biased
    variance (over n) while the running variance is the unbiased one (over n - 1), which
    `flax.linen.BatchNorm` does not keep.

    The means are plain means of a global array: in a jitted step whose batch is sharded over
    devices they are those of the whole batch, and no axis has to be named.

    Attributes:
      scale_init: initialiser of the scale; ones by default.
    """

    scale_init: nn.initializers.Initializer = nn.initializers.ones

    @nn.compact
    def __call__(self, x: Float[Array, "*n c"], train: bool) -> Float[Array, "*n c"]:
        """Normalises x; in training also moves the running statistics ('batch_stats' mutable)."""
        channels = x.shape[-1]
        dtype = np.promote_types(x.dtype, np.float32)
        scale = self.param("scale", self.scale_init, (channels,), dtype)
        bias = self.param("bias", nn.initializers.zeros, (channels,), dtype)
        running_mean = self.variable("batch_stats", "mean", jnp.zeros, (channels,), dtype)
        running_var = self.variable("batch_stats", "var", jnp.ones, (channels,), dtype)

        mean, var = running_mean.value, running_var.value
        if train:
            mean, var = _mean_and_variance(x.astype(dtype))
            if not self.is_initializing():
                n = x.size // channels
                running_mean.value = _moved(running_mean.value, mean)
                running_var.value = _moved(running_var.value, var * (n / (n - 1)))

        per_channel = (1,) * (x.ndim - 1) + (channels,)
        factor = (scale * jax.lax.rsqrt(var + EPSILON)).reshape(per_channel)
        y = (x.astype(dtype) - mean.reshape(per_channel)) * factor + bias.reshape(per_channel)
        return y.astype(x.dtype)


def _mean_and_variance(x: Float[Array, "*n c"]) -> tuple[Float[Array, "c"], Float[Array, "c"]]:
    """The channels' means and biased variances, in two passes.

    E[x²] - E[x]² would need only one, but in float32 it keeps no correct digit once |mean| is some
    thousand times the deviation (a joint that hardly moves, far from the origin), and it can
    even turn negative.
    """
    axes = tuple(range(x.ndim - 1))
    mean = jnp.mean(x, axes, keepdims=True)
    return mean.reshape(-1), jnp.mean(jnp.square(x - mean), axes)


def _moved(running: Float[Array, "c"], batch: Float[Array, "c"]) -> Float[Array, "c"]:
    return MOMENTUM * running + (1 - MOMENTUM) * batch

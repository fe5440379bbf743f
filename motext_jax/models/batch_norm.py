"""Batch normalisation as PyTorch computes it, so that its checkpoints and recipes carry over."""

import jax
import jax.numpy as jnp
from flax import linen as nn
from jaxtyping import Array, Float

from motext_jax.models.precision import param_dtype

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

    One pass over the batch gives its mean and its variance, from sums about the running mean. In
    float32 the variance then has an error of about 1e-7 · (var + d²), where d is how far the
    batch's mean is from the running one. For the results of a layer that is small beside
    var + 1e-5, by which the batch is divided.

    Attributes:
      scale_init: initialiser of the scale; ones by default.
      two_passes: True where d may be large, as for raw coordinates: the sums are then about the
        batch's own mean.
    """

    scale_init: nn.initializers.Initializer = nn.initializers.ones
    two_passes: bool = False

    @nn.compact
    def __call__(self, x: Float[Array, "*n c"], train: bool) -> Float[Array, "*n c"]:
        """Normalises x; in training also moves the running statistics ('batch_stats' mutable)."""
        channels = x.shape[-1]
        dtype = param_dtype(x.dtype)
        scale = self.param("scale", self.scale_init, (channels,), dtype)
        bias = self.param("bias", nn.initializers.zeros, (channels,), dtype)
        running_mean = self.variable("batch_stats", "mean", jnp.zeros, (channels,), dtype)
        running_var = self.variable("batch_stats", "var", jnp.ones, (channels,), dtype)
        if not train:
            factor = scale * jax.lax.rsqrt(running_var.value + EPSILON)
            return _normalised(x, running_mean.value, factor, bias)

        near = None if self.two_passes else running_mean.value
        y, mean, var = normalised_by_batch(x, scale, bias, near)
        if not self.is_initializing():
            n = x.size // channels
            running_mean.value = _moved(running_mean.value, mean)
            running_var.value = _moved(running_var.value, var * (n / (n - 1)))
        return y


@jax.custom_vjp
def normalised_by_batch(
    x: Float[Array, "*n c"],
    scale: Float[Array, "c"],
    bias: Float[Array, "c"],
    near: Float[Array, "c"] | None,
) -> tuple[Float[Array, "*n c"], Float[Array, "c"], Float[Array, "c"]]:
    """x normalised by its own mean and biased variance, and these two, which have no gradient.

    Its derivative is written out (Ioffe & Szegedy 2015, section 3): what JAX derives passes over
    the activations more often, and keeps a copy of them without their mean.

    Args:
      x: activations.
      scale: factors after the normalisation.
      bias: summands after it.
      near: numbers near the means, for one pass over x instead of two; see `_mean_and_variance`.
    """
    return _forward(x, scale, bias, near)[0]


def _forward(x, scale, bias, near):
    mean, var = _mean_and_variance(x.astype(scale.dtype), near)
    y = _normalised(x, mean, scale * jax.lax.rsqrt(var + EPSILON), bias)
    return (y, mean, var), (x, mean, var, scale, near)


def _backward(residuals, gradients):
    (x, mean, var, scale, near), (dy, _, _) = residuals, gradients
    dy, centred = dy.astype(scale.dtype), x.astype(scale.dtype) - _along(mean, x)
    n, inverse = x.size // x.shape[-1], jax.lax.rsqrt(var + EPSILON)
    shift, tilt = _mean(dy), _mean(dy * centred) * inverse
    dx = _along(scale * inverse, x) * (dy - _along(shift, x) - centred * _along(inverse * tilt, x))
    return dx.astype(x.dtype), n * tilt, n * shift, jax.tree.map(jnp.zeros_like, near)


normalised_by_batch.defvjp(_forward, _backward)


def _normalised(
    x: Float[Array, "*n c"],
    mean: Float[Array, "c"],
    factor: Float[Array, "c"],
    bias: Float[Array, "c"],
) -> Float[Array, "*n c"]:
    y = (x.astype(factor.dtype) - _along(mean, x)) * _along(factor, x) + _along(bias, x)
    return y.astype(x.dtype)


def _along(per_channel: Float[Array, "c"], x: Float[Array, "*n c"]) -> Float[Array, "..."]:
    """Reshapes a channel vector to broadcast against x."""
    return per_channel.reshape((1,) * (x.ndim - 1) + (-1,))


def _mean_and_variance(
    x: Float[Array, "*n c"], near: Float[Array, "c"] | None
) -> tuple[Float[Array, "c"], Float[Array, "c"]]:
    """The channels' means and biased variances.

    With numbers m near the means it takes one pass: E[(x - m)²] - E[x - m]². Without, it takes two.
    In float32 m = 0 would leave no correct digit once |mean| is some thousand times the deviation
    (a joint that hardly moves, far from the origin), and the variance could even be negative.
    """
    if near is None:
        mean = _mean(x)
        return mean, _mean(jnp.square(x - _along(mean, x)))
    apart = x - _along(near, x)
    mean, square = _mean(apart), _mean(jnp.square(apart))
    return near + mean, jnp.maximum(square - jnp.square(mean), 0)


def _mean(x: Float[Array, "*n c"]) -> Float[Array, "c"]:
    """The channels' means: all that one clip needs of the others."""
    return jnp.mean(x, tuple(range(x.ndim - 1)))


def _moved(running: Float[Array, "c"], batch: Float[Array, "c"]) -> Float[Array, "c"]:
    return MOMENTUM * running + (1 - MOMENTUM) * batch

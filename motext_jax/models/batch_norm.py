"""Batch normalisation as PyTorch computes it, so that its checkpoints and recipes carry over."""

from typing import Any

import jax
import jax.numpy as jnp
from flax import linen as nn
from jaxtyping import Array, Float

from motext_jax.models.joined_clips import joined_vector
from motext_jax.models.precision import param_dtype

EPSILON = 1e-5
MOMENTUM = 0.9


class _Normalisation(nn.Module):
    """The parameters and running statistics of a BatchNorm.

    Attributes:
      scale_init: initialiser of the scale; ones by default.
      joined: clips that lie side by side in the last axis, see `joined_clips`.
    """

    scale_init: nn.initializers.Initializer = nn.initializers.ones
    joined: int = 1

    def _variables(self, channels: int, dtype: jnp.dtype) -> tuple[Any, Any, Any, Any]:
        """Scale and bias, and the variables of the running mean and variance."""
        shape = (channels,)
        scale = self.param("scale", self.scale_init, shape, dtype)
        bias = self.param("bias", nn.initializers.zeros, shape, dtype)
        mean = self.variable("batch_stats", "mean", jnp.zeros, shape, dtype)
        return scale, bias, mean, self.variable("batch_stats", "var", jnp.ones, shape, dtype)

    def _move(self, n: int, mean: Float[Array, "c"], var: Float[Array, "c"]) -> None:
        """Moves the running statistics by those of a batch of n numbers a channel."""
        if self.is_initializing():
            return
        for name, batch in (("mean", mean), ("var", var * (n / (n - 1)))):
            running: Array = self.get_variable("batch_stats", name)
            self.put_variable("batch_stats", name, _moved(running, batch))


class BatchNorm(_Normalisation):
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
    batch's mean is from the running one, and some 1e-6 · d² where all values are equal, as their
    rounding errors are then. For the results of a layer that is small beside var + 1e-5, by which
    the batch is divided.

    Attributes:
      two_passes: True where d may be large, as for raw coordinates: the sums are then about the
        batch's own mean.
    """

    two_passes: bool = False

    @nn.compact
    def __call__(self, x: Float[Array, "*n jc"], train: bool) -> Float[Array, "*n jc"]:
        """Normalises x; in training also moves the running statistics ('batch_stats' mutable)."""
        channels = x.shape[-1] // self.joined
        scale, bias, running_mean, running_var = self._variables(channels, param_dtype(x.dtype))
        if not train:
            factor = scale * jax.lax.rsqrt(running_var.value + EPSILON)
            return _normalised(x, running_mean.value, factor, bias)

        near = None if self.two_passes else running_mean.value
        y, mean, var = normalised_by_batch(x, scale, bias, near)
        self._move(x.size // channels, mean, var)
        return y


class BatchNormFactors(_Normalisation):
    """A BatchNorm's mean, factor and bias, for a kernel that normalises x by them on its way.

    Attributes:
      unnormalised: channels, the last ones, that are left as they are; their numbers are zero.
    """

    unnormalised: int = 0

    @nn.compact
    def __call__(self, x: Float[Array, "*n jc"], train: bool) -> Float[Array, "3 jc"]:
        """The rows of (x - mean) · factor + bias; see `BatchNorm`."""
        channels = x.shape[-1] // self.joined
        normalised, others = channels - self.unnormalised, (0, self.unnormalised)
        scale, bias, running_mean, running_var = self._variables(normalised, param_dtype(x.dtype))
        mean, var = running_mean.value, running_var.value
        if train:
            # Of all channels, for a part of x would be an array of its own on the way back.
            statistics = batch_statistics(x, jnp.pad(running_mean.value, others))
            mean, var = (each[:normalised] for each in statistics)
            self._move(x.size // channels, *map(jax.lax.stop_gradient, (mean, var)))
        rows = jnp.stack([mean, scale * jax.lax.rsqrt(var + EPSILON), bias])
        return joined_vector(jnp.pad(rows, ((0, 0), others)), self.joined)


@jax.custom_vjp
def batch_statistics(
    x: Float[Array, "*n jc"], near: Float[Array, "c"]
) -> tuple[Float[Array, "c"], Float[Array, "c"]]:
    """Mean and biased variance of x, in one pass.

    Their derivatives are one sum, (x - mean) · 2/n · dvar + dmean/n, that is rounded to x's dtype.

    Args:
      x: activations.
      near: numbers near the means, as of `normalised_by_batch`.
    """
    return _mean_and_variance(x.astype(near.dtype), near, near.size)


def _statistics_forward(x, near):
    mean, var = batch_statistics(x, near)
    return (mean, var), (x, mean, near)


def _statistics_backward(residuals, gradients):
    (x, mean, near), (dmean, dvar) = residuals, gradients
    n = x.size // near.size
    centred = x.astype(near.dtype) - _along(mean, x)
    dx = centred * _along(2 / n * dvar, x) + _along(dmean / n, x)
    return dx.astype(x.dtype), jnp.zeros_like(near)


batch_statistics.defvjp(_statistics_forward, _statistics_backward)


@jax.custom_vjp
def normalised_by_batch(
    x: Float[Array, "*n jc"],
    scale: Float[Array, "c"],
    bias: Float[Array, "c"],
    near: Float[Array, "c"] | None,
) -> tuple[Float[Array, "*n jc"], Float[Array, "c"], Float[Array, "c"]]:
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
    mean, var = _mean_and_variance(x.astype(scale.dtype), near, scale.size)
    y = _normalised(x, mean, scale * jax.lax.rsqrt(var + EPSILON), bias)
    return (y, mean, var), (x, mean, var, scale, near)


def _backward(residuals, gradients):
    (x, mean, var, scale, near), (dy, _, _) = residuals, gradients
    dy, centred = dy.astype(scale.dtype), x.astype(scale.dtype) - _along(mean, x)
    n, inverse = x.size // scale.size, jax.lax.rsqrt(var + EPSILON)
    shift, tilt = _mean(dy, scale.size), _mean(dy * centred, scale.size) * inverse
    dx = _along(scale * inverse, x) * (dy - _along(shift, x) - centred * _along(inverse * tilt, x))
    return dx.astype(x.dtype), n * tilt, n * shift, jax.tree.map(jnp.zeros_like, near)


normalised_by_batch.defvjp(_forward, _backward)


def _normalised(
    x: Float[Array, "*n jc"],
    mean: Float[Array, "c"],
    factor: Float[Array, "c"],
    bias: Float[Array, "c"],
) -> Float[Array, "*n jc"]:
    y = (x.astype(factor.dtype) - _along(mean, x)) * _along(factor, x) + _along(bias, x)
    return y.astype(x.dtype)


def _along(per_channel: Float[Array, "c"], x: Float[Array, "*n jc"]) -> Float[Array, "..."]:
    """Reshapes a channel vector to broadcast against x, for all clips that are joined in it."""
    per_channel = joined_vector(per_channel, x.shape[-1] // per_channel.size)
    return per_channel.reshape((1,) * (x.ndim - 1) + (-1,))


def _mean_and_variance(
    x: Float[Array, "*n jc"], near: Float[Array, "c"] | None, channels: int
) -> tuple[Float[Array, "c"], Float[Array, "c"]]:
    """The channels' means and biased variances.

    With numbers m near the means it takes one pass: E[(x - m)²] - E[x - m]². Without, it takes two.
    In float32 m = 0 would leave no correct digit once |mean| is some thousand times the deviation
    (a joint that hardly moves, far from the origin), and the variance could even be negative.
    """
    if near is None:
        mean = _mean(x, channels)
        return mean, _mean(jnp.square(x - _along(mean, x)), channels)
    apart = x - _along(near, x)
    mean, square = _mean(apart, channels), _mean(jnp.square(apart), channels)
    return near + mean, jnp.maximum(square - jnp.square(mean), 0)


def _mean(x: Float[Array, "*n jc"], channels: int) -> Float[Array, "c"]:
    """The channels' means: all that one clip needs of the others."""
    means = jnp.mean(x, tuple(range(x.ndim - 1)))
    return means if means.size == channels else jnp.mean(means.reshape(channels, -1), axis=1)


def _moved(running: Float[Array, "c"], batch: Float[Array, "c"]) -> Float[Array, "c"]:
    return MOMENTUM * running + (1 - MOMENTUM) * batch

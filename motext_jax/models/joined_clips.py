"""Clips side by side: the channels of several clips in one axis, so that they fill a TPU's lanes.

A vector register of a TPU has 128 lanes, along which an array's last axis lies. Of activations with
64 channels half of every register is empty, and of the memory that they take. Joined, the channels
of two clips are one axis, [n v t c] as [n/2 v t 2·c]: channel 0 of both, channel 1 of both, and so
on, so that a part of the channels stays one part. A kernel has zeros from one clip to another. So
a number that is not finite is one for all the clips that are joined.
"""

import jax.numpy as jnp
from jaxtyping import Array, Float


def join(x: Float[Array, "n *positions c"], count: int) -> Float[Array, "m *positions jc"]:
    """Joins each `count` clips that follow one another."""
    if count == 1:
        return x
    n, *positions, c = x.shape
    x = jnp.moveaxis(x.reshape(n // count, count, *positions, c), 1, -1)
    return x.reshape(n // count, *positions, c * count)


def separate(x: Float[Array, "m *positions jc"], count: int) -> Float[Array, "n *positions c"]:
    """Undoes `join`."""
    if count == 1:
        return x
    m, *positions, channels = x.shape
    x = jnp.moveaxis(x.reshape(m, *positions, channels // count, count), -1, 1)
    return x.reshape(m * count, *positions, channels // count)


def joined_kernel(kernel: Float[Array, "*sizes c f"], count: int) -> Float[Array, "*sizes jc jf"]:
    """The kernel that maps each of the joined clips by itself."""
    if count == 1:
        return kernel
    *sizes, c, f = kernel.shape
    own = jnp.eye(count, dtype=kernel.dtype)
    return jnp.einsum("...cf,jk->...cjfk", kernel, own).reshape(*sizes, c * count, f * count)


def joined_vector(vector: Float[Array, "*sizes c"], count: int) -> Float[Array, "*sizes jc"]:
    """Each channel's number for all of the joined clips."""
    return jnp.repeat(vector, count, axis=-1) if count > 1 else vector

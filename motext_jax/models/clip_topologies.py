"""Blocks of clips with topologies of their own, for 2s-AGCN's kernels for TPUs (Pallas).

A block has a few clips, all their joints, some frames and all channels: clips in the sublanes of a
register, channels in its lanes. A topology is a number for each pair of joints, the same for all
channels of a clip. In the device's memory those of its last joints lie side by side, [u n v].
Groups of lanes have topologies of their own: clips that are joined (see `joined_clips`), and
subsets of the graph where their channels lie side by side.
"""

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float

from motext_jax.models.tpu_kernel import LANES, Size, device_clips, divisor

CLIPS = 8
"""Clips of a block: the sublanes of a register."""

FRAMES = 19
"""The most frames of a block."""

BLOCK = 32 << 20
"""The most bytes of vector memory for a block's frames, beside its topologies and weights."""

JOINTS = 25
"""The most joints for which blocks of float32 were seen to fit into vector memory."""

FEATURES = 256
"""The most channels for which they were."""

Joints = Float[Array, "u t n c"]


def fits(clips: Size, joints: int, features: int) -> bool:
    """True where the kernels are made for a graph convolution's sizes, and for the devices."""
    each = device_clips(clips)
    if not each or each % CLIPS:
        return False
    return joints <= JOINTS and features % LANES == 0 and features <= FEATURES


def block_frames(x: Joints, features: int) -> int:
    """Frames of a block, which divide all, for kernels that x goes into and features come out of.

    A frame is in memory as x, as x's derivative and as the features' gradient, each twice; or twice
    in float32.
    """
    joints, frames, _, channels = x.shape
    size = joints * CLIPS * max(channels, features) * (6 * x.dtype.itemsize + 8)
    return divisor(frames, min(FRAMES, BLOCK // size))


def grouped(topologies: Float[Array, "n k u v"], joined: int) -> Float[Array, "kj u m v"]:
    """The topologies with a group for each subset and joined clip."""
    n, subsets, joints, _ = topologies.shape
    apart = topologies.reshape(n // joined, joined, subsets, joints, joints)
    return apart.transpose(2, 1, 3, 0, 4).reshape(-1, joints, n // joined, joints)


def ungrouped(groups: Float[Array, "kj u m v"], joined: int) -> Float[Array, "n k u v"]:
    """Undoes `grouped`."""
    _, joints, m, _ = groups.shape
    apart = groups.reshape(-1, joined, joints, m, joints)
    return apart.transpose(3, 1, 0, 2, 4).reshape(m * joined, -1, joints, joints)


def stacked(joints: list[Float[Array, "n f"]]) -> Float[Array, "vn f"]:
    """A frame's clips of all joints, one below the other, in float32: a product's rows."""
    return jnp.concatenate([joint.astype(jnp.float32) for joint in joints])


def apart(rows: Float[Array, "vn f"]) -> list[Float[Array, "n f"]]:
    """Undoes `stacked`."""
    return jnp.split(rows, len(rows) // CLIPS)


def product(a: Float[Array, "m c"], b: Float[Array, "c f"]) -> Float[Array, "m f"]:
    """a b, in float32."""
    return jnp.dot(a, b, preferred_element_type=jnp.float32)


def product_across(a: Float[Array, "m f"], b: Float[Array, "c f"]) -> Float[Array, "m c"]:
    """a b', in float32."""
    axes = (((1,), (1,)), ((), ()))
    return jax.lax.dot_general(a, b, axes, preferred_element_type=jnp.float32)

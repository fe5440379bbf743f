"""CTR-GCN's temporal branches on TPUs, by a kernel (Pallas) that holds a joint's frames in memory.

Left to XLA each branch is an array of its own, with a quarter of the channels: 16 to 64 of 128
lanes, copied to have the frames in the lanes and back. Here all four stay in one array. Frames are
an axis that lies neither in lanes nor in sublanes, so that another frame is another address. Both
convolutions are one, of the seven frames at which either looks, with zeros between the channels of
the two. The heads' BatchNorm and ReLU are computed on the way, in either direction.
"""

import functools
from typing import Any

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float

from motext_jax.models.tpu_kernel import LANES, Size, by_clips, device_clips, divisor, kernel

TAPS = (-4, -2, -1, 0, 1, 2, 4)
"""Frames that a convolution of 5 with dilation 1 or 2 looks at, from its own."""

REACH = 4
"""Frames before the first and after the last, which are zero."""

ROWS = 320
"""The most rows, of a frame and a clip, whose sums are in registers at once."""

CLIPS = 16
"""Clips of a block are a multiple of it: so many rows of bfloat16 are whole registers."""

BLOCK = 3 << 19
"""The most bytes of a block of activations, of which eight are in memory at once."""

Heads = Float[Array, "v t n f"]
Branches = Float[Array, "v t2 n f"]
Taps = Float[Array, "7 m m"]


def fits(clips: Size, frames: Size, features: int, dtype: Any) -> bool:
    """True where the kernel is made for a temporal unit's sizes, and for the devices."""
    each = device_clips(clips)
    if not each or each % CLIPS or features % LANES:
        return False
    return CLIPS * frames * features * jnp.dtype(dtype).itemsize <= BLOCK


def temporal_branches(
    z: Heads,
    norm: Float[Array, "3 f"],
    near: Float[Array, "5 w w"],
    far: Float[Array, "5 w w"],
    stride: int,
) -> Branches:
    """The four branches of CTR-GCN's temporal unit (3.4), w = f/4 channels each.

    With h = max(0, (z - mean) · factor + bias) of the first three quarters of z they are: h by a
    convolution of 5 frames; by one with dilation 2; its maximum over 3 frames; and z. Sums are in
    float32. Other devices than TPUs interpret the kernel, slowly.

    Args:
      z: results of the branches' 1×1 convolutions.
      norm: mean, factor and bias of a BatchNorm; those of the last quarter are not looked at.
      near: kernel of the first convolution.
      far: kernel of the second one.
      stride: stride in frames; t2 = ceil(t / stride).
    """
    return _branches(z, norm.astype(jnp.float32), _taps(near, far).astype(z.dtype), stride)


def _taps(near: Float[Array, "5 w w"], far: Float[Array, "5 w w"]) -> Taps:
    """Both kernels as one, at the frames of either."""
    width = near.shape[-1]
    # The other half of the channels is convolved only where it shares the lanes.
    size = 2 * width if 2 * width % LANES == 0 else 4 * width
    near = jnp.pad(near, ((1, 1), *[(0, size - width)] * 2))
    gap = jnp.zeros_like(far[:1])
    far = jnp.concatenate([far[:2], gap, far[2:3], gap, far[3:]])
    return near + jnp.pad(far, ((0, 0), *[(width, size - 2 * width)] * 2))


@functools.partial(jax.custom_vjp, nondiff_argnums=(3,))
def _branches(z: Heads, norm: Float[Array, "3 f"], taps: Taps, stride: int) -> Branches:
    return _forward(z, norm, taps, stride)[0]


def _forward(z, norm, taps, stride):
    function = functools.partial(_sums, stride=stride)
    (branches,) = by_clips(function, (2, None, None), (2,))(z, norm, taps)
    return branches, (z, norm, taps)


def _backward(stride, kept, gradient):
    z, norm, taps = kept
    function = functools.partial(_derivatives, stride=stride)
    by_z, by_norm, by_taps = by_clips(function, (2, None, None, 2), (2, 0, 0))(*kept, gradient)
    by_factor, by_bias = jnp.sum(by_norm, axis=(0, 2))
    by_norm = jnp.stack([-norm[1] * by_bias, by_factor, by_bias])
    normalised = jnp.arange(z.shape[-1])[None] < 3 * z.shape[-1] // 4
    return by_z, jnp.where(normalised, by_norm, 0), jnp.sum(by_taps, axis=0).astype(taps.dtype)


_branches.defvjp(_forward, _backward)


def _block_clips(z: Heads) -> int:
    """Clips of a block, which divide all."""
    _, t, n, f = z.shape
    most = min(ROWS, max(CLIPS, BLOCK // (t * f * z.dtype.itemsize)))
    return CLIPS * divisor(n // CLIPS, most // CLIPS)


def _block_frames(frames: int, clips: int) -> int:
    """Frames whose sums are computed together, which divide all."""
    return divisor(frames, ROWS // clips)


def _sums(z, norm, taps, *, stride):
    from jax.experimental import pallas as pl

    v, t, n, f = z.shape
    clips, frames = _block_clips(z), -(-t // stride)
    call = kernel(
        functools.partial(_sum_block, stride=stride),
        grid=(n // clips, v),
        parallel=2,
        scratch=[((t + 2 * REACH, clips, f), z.dtype)],
        in_specs=[
            pl.BlockSpec((1, t, clips, f), lambda n, v: (v, 0, n, 0)),
            pl.BlockSpec(norm.shape, lambda n, v: (0, 0)),
            pl.BlockSpec(taps.shape, lambda n, v: (0, 0, 0)),
        ],
        out_specs=[pl.BlockSpec((1, frames, clips, f), lambda n, v: (v, 0, n, 0))],
        out_shape=[jax.ShapeDtypeStruct((v, frames, n, f), z.dtype)],
        name="temporal_branches",
    )
    return tuple(call(z, norm, taps))


def _derivatives(z, norm, taps, gradient, *, stride):
    """Derivatives by z; by factor and bias, clip by clip; and by the taps, block by block."""
    from jax.experimental import pallas as pl

    v, t, n, f = z.shape
    clips, frames = _block_clips(z), gradient.shape[1]
    block = pl.BlockSpec((1, t, clips, f), lambda n, v: (v, 0, n, 0))
    padded = ((t + 2 * REACH, clips, f), z.dtype)
    call = kernel(
        functools.partial(_derivative_block, stride=stride),
        grid=(n // clips, v),
        parallel=1,
        scratch=[padded, padded],
        in_specs=[
            block,
            pl.BlockSpec(norm.shape, lambda n, v: (0, 0)),
            pl.BlockSpec(taps.shape, lambda n, v: (0, 0, 0)),
            pl.BlockSpec((1, frames, clips, f), lambda n, v: (v, 0, n, 0)),
        ],
        out_specs=[
            block,
            pl.BlockSpec((1, 2, clips, f), lambda n, v: (n, 0, 0, 0)),
            pl.BlockSpec((1, *taps.shape), lambda n, v: (n, 0, 0, 0)),
        ],
        out_shape=[
            jax.ShapeDtypeStruct(z.shape, z.dtype),
            jax.ShapeDtypeStruct((n // clips, 2, clips, f), jnp.float32),
            jax.ShapeDtypeStruct((n // clips, *taps.shape), jnp.float32),
        ],
        name="temporal_branches_derivatives",
    )
    by_z, by_norm, by_taps = call(z, norm, taps.swapaxes(1, 2), gradient)
    # The rows that are transposed for a product are those of the gradient, once for all taps.
    return by_z, by_norm, by_taps.swapaxes(2, 3)


def _sum_block(pl, z, norm, taps, sums, padded, *, stride):
    """The branches of one joint, from its frames with zeros around them."""
    clips = z.shape[2]
    convolved, peaked, plain = _quarters(z)
    _fill(pl, padded, _hidden(z, norm, plain))
    size, channels = _block_frames(sums.shape[1], clips), taps.shape[-1]

    @pl.loop(0, sums.shape[1] // size)
    def _(block):
        first = block * size
        hidden = [padded[first * stride + k] for k in range((size - 1) * stride + 2 * REACH + 1)]

        def at(frame, tap):
            return hidden[frame * stride + REACH + tap]

        total: Any = 0.0
        for k, tap in enumerate(TAPS):
            rows = _stacked([at(frame, tap) for frame in range(size)], channels)
            total += _product(rows, taps[k])
        for frame in range(size):
            peak = _peak(*(at(frame, tap).astype(jnp.float32) for tap in (-1, 0, 1)))
            rest = jnp.where(peaked, peak, at(frame, 0).astype(jnp.float32))
            branches = jnp.where(convolved, _rows(total, frame, clips, z.shape[3]), rest)
            sums[0, first + frame] = branches.astype(sums.dtype)


def _derivative_block(
    pl, z, norm, taps, gradient, by_z, by_norm, by_taps, padded, spread, *, stride
):
    """One joint's derivatives; `spread` has the gradient, zeros around and between its frames."""
    t, clips, f = z.shape[1:]
    convolved, _peaked, plain = _quarters(z)
    mean, factor = norm[0:1], norm[1:2]
    _fill(pl, padded, _hidden(z, norm, plain))
    _fill(pl, spread, lambda frame: gradient[0, frame], stride)
    size, channels = _block_frames(t, clips), taps.shape[-1]

    @pl.when(pl.program_id(1) == 0)
    def _():
        by_taps[...] = jnp.zeros(by_taps.shape, jnp.float32)
        by_norm[...] = jnp.zeros(by_norm.shape, jnp.float32)

    @pl.loop(0, t // size)
    def _(block):
        first = block * size
        hidden = [padded[first + k] for k in range(size + 2 * REACH)]
        gradients = [spread[first + k] for k in range(size + 2 * REACH)]
        own = range(REACH, REACH + size)
        across = _stacked([gradients[frame] for frame in own], channels).T
        total: Any = 0.0
        for k, tap in enumerate(TAPS):
            rows = _stacked([gradients[frame - tap] for frame in own], channels)
            total += _product(rows, taps[k])
            rows = _stacked([hidden[frame + tap] for frame in own], channels)
            by_taps[0, k] += _product(across, rows)

        wide = [frame.astype(jnp.float32) for frame in hidden]
        peaks: dict[int, Any] = dict.fromkeys(range(REACH - 2, REACH + size + 2), 0.0)
        for k in range(REACH - 1, REACH + size + 1):
            _, pull = jax.vjp(_peak, *wide[k - 1 : k + 2])
            for other, share in enumerate(pull(gradients[k].astype(jnp.float32)), start=k - 1):
                peaks[other] += share
        by_factor, by_bias = by_norm[0, 0], by_norm[0, 1]
        for frame, k in enumerate(own):
            by_hidden = jnp.where(convolved, _rows(total, frame, clips, f), peaks[k])
            by_hidden = jnp.where(wide[k] > 0, by_hidden, 0)
            by_factor += by_hidden * (z[0, first + frame].astype(jnp.float32) - mean)
            by_bias += by_hidden
            dz = jnp.where(plain, gradients[k].astype(jnp.float32), by_hidden * factor)
            by_z[0, first + frame] = dz.astype(by_z.dtype)
        by_norm[0, 0], by_norm[0, 1] = by_factor, by_bias


def _quarters(z):
    """Marks the channels that are convolved, those whose maximum is taken too, and the others."""
    clips, f = z.shape[2:]
    lane = jax.lax.broadcasted_iota(jnp.int32, (clips, f), 1)
    return lane < f // 2, lane < 3 * f // 4, lane >= 3 * f // 4


def _fill(pl, padded, frame_of, stride=1):
    """Fills a joint's frames, `stride` apart, and those around and between them with zeros."""
    zeros = jnp.zeros(padded.shape[1:], padded.dtype)
    t = padded.shape[0] - 2 * REACH
    if stride == 1:
        for frame in range(REACH):
            padded[frame] = padded[t + REACH + frame] = zeros
    else:

        @pl.loop(0, padded.shape[0])
        def _(frame):
            padded[frame] = zeros

    @pl.loop(0, -(-t // stride))
    def _(frame):
        padded[frame * stride + REACH] = frame_of(frame)


def _hidden(z, norm, plain):
    """A function of a frame: its heads after BatchNorm and ReLU, and the last as they are."""
    mean, factor, bias = norm[0:1], norm[1:2], norm[2:3]

    def of(frame):
        x = z[0, frame].astype(jnp.float32)
        return jnp.where(plain, x, jnp.maximum((x - mean) * factor + bias, 0)).astype(z.dtype)

    return of


def _stacked(frames, channels):
    """The frames' rows one below the other, of the channels that are convolved."""
    return jnp.concatenate([frame[:, :channels] for frame in frames])


_product = functools.partial(jnp.dot, preferred_element_type=jnp.float32)


def _rows(total, frame, clips, features):
    """One frame's rows of sums; where half of the channels are convolved it is there twice."""
    rows = total[frame * clips : (frame + 1) * clips]
    return rows if rows.shape[1] == features else jnp.concatenate([rows, rows], axis=1)


def _peak(before, here, after):
    """The maximum of three frames, none of them negative: beyond the ends they are zero."""
    return jnp.maximum(jnp.maximum(before, here), after)

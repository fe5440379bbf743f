"""Sums over joints on TPUs, by a kernel (Pallas) that holds a few clips' joints in vector memory.

    y[u, t, n, f] = Σ_k Σ_v A[k, v, u, n, f] · (T[k, v, t, n, f] + b[k, f])

As matrix products these are n·f products of [u × kv] by [kv × t] numbers, which leave most of a
matrix unit of 128 × 128 empty, and whose factors are copied to have the frames last. Here number is
multiplied with number: channels lie in the lanes of a vector register and clips in its sublanes, so
that every factor is whole registers, and the sums of a frame's joints stay in registers.
"""

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float

from motext_jax.models.tpu_kernel import LANES, Size, by_clips, device_clips, divisor, kernel

CLIPS = 8
"""Clips that a block has: the sublanes of a register. It has as many channels as that has lanes."""

FRAMES = 19
"""The most frames of a block."""

JOINTS = 25
"""The most joints for which blocks of float32 were seen to fit into vector memory."""

Refined = Float[Array, "k v u n f"]
Transformed = Float[Array, "k v t n f"]
Sums = Float[Array, "u t n f"]


def fits(clips: Size, joints: int, features: int) -> bool:
    """True where the kernel is made for a graph convolution's sizes, and for the devices."""
    return device_clips(clips) > 0 and joints <= JOINTS and features % LANES == 0


@jax.custom_vjp
def joint_sums(refined: Refined, transformed: Transformed, bias: Float[Array, "k f"]) -> Sums:
    """The sums, computed in float32, where a program is traced for a mesh.

    The mesh's devices share the clips out. Other devices than TPUs interpret the kernel, slowly.

    Args:
      refined: A.
      transformed: T.
      bias: b.
    """
    return by_clips(_sums, (3, 3, None), (2,))(refined, transformed, _rows(bias))[0]


def _kept(refined, transformed, bias):
    return joint_sums(refined, transformed, bias), (refined, transformed, bias)


def _derivatives(kept, gradient):
    refined, transformed, bias = kept
    function = by_clips(_sums_derivatives, (3, 3, None, 2), (3, 3, 1))
    by_refined, by_transformed, by_bias = function(refined, transformed, _rows(bias), gradient)
    return by_refined, by_transformed, jnp.sum(by_bias, axis=1).astype(bias.dtype)


joint_sums.defvjp(_kept, _derivatives)


def _rows(bias: Float[Array, "k f"]) -> Float[Array, "k 1 f"]:
    # Of [k f] a kernel could not read row k: rows lie eight in a tile.
    return bias.astype(jnp.float32)[:, None]


def _sums(refined, transformed, bias):
    from jax.experimental import pallas as pl

    subsets, joints, _, n, _ = refined.shape
    t = transformed.shape[2]
    clips, frames, lanes = _block(transformed)
    call = kernel(
        _sum_block,
        grid=(pl.cdiv(n, clips), pl.cdiv(refined.shape[-1], lanes), t // frames),
        parallel=2,
        scratch=[((subsets * joints, joints, clips, lanes), jnp.float32)],
        in_specs=[
            pl.BlockSpec((subsets, joints, joints, clips, lanes), lambda n, f, t: (0, 0, 0, n, f)),
            pl.BlockSpec((subsets, joints, frames, clips, lanes), lambda n, f, t: (0, 0, t, n, f)),
            pl.BlockSpec((subsets, 1, lanes), lambda n, f, t: (0, 0, f)),
        ],
        out_specs=[pl.BlockSpec((joints, frames, clips, lanes), lambda n, f, t: (0, t, n, f))],
        out_shape=[jax.ShapeDtypeStruct(transformed.shape[1:], transformed.dtype)],
        name="joint_sums",
    )
    return tuple(call(refined, transformed, bias))


def _sums_derivatives(refined, transformed, bias, gradient):
    """Derivatives by all three; the bias's [k n f], clip by clip."""
    from jax.experimental import pallas as pl

    subsets, joints, _, n, features = refined.shape
    t = transformed.shape[2]
    clips, frames, lanes = _block(transformed)
    refined_block = pl.BlockSpec(
        (1, joints, joints, clips, lanes), lambda n, f, k, t: (k, 0, 0, n, f)
    )
    transformed_block = pl.BlockSpec(
        (1, joints, frames, clips, lanes), lambda n, f, k, t: (k, 0, t, n, f)
    )
    call = kernel(
        _derivative_block,
        grid=(pl.cdiv(n, clips), pl.cdiv(features, lanes), subsets, t // frames),
        parallel=2,
        scratch=[
            *[((joints, joints, clips, lanes), jnp.float32)] * 2,
            ((joints, frames, clips, lanes), jnp.float32),
        ],
        in_specs=[
            refined_block,
            transformed_block,
            pl.BlockSpec((1, 1, lanes), lambda n, f, k, t: (k, 0, f)),
            pl.BlockSpec((joints, frames, clips, lanes), lambda n, f, k, t: (0, t, n, f)),
        ],
        out_specs=[
            refined_block,
            transformed_block,
            pl.BlockSpec((1, clips, lanes), lambda n, f, k, t: (k, n, f)),
        ],
        out_shape=[
            jax.ShapeDtypeStruct(refined.shape, refined.dtype),
            jax.ShapeDtypeStruct(transformed.shape, transformed.dtype),
            jax.ShapeDtypeStruct((subsets, n, features), jnp.float32),
        ],
        name="joint_sums_derivatives",
    )
    return tuple(call(refined, transformed, bias, gradient))


def _block(transformed: Transformed) -> tuple[int, int, int]:
    """Clips, frames and channels of a block; its frames divide all."""
    _, _, t, n, features = transformed.shape
    return min(CLIPS, n), divisor(t, FRAMES), min(LANES, features)


def _sum_block(pl, refined, transformed, bias, sums, wide):
    """One block's sums; `wide` keeps A in float32 from the first frames to the last."""
    subsets, joints = refined.shape[:2]

    @pl.when(pl.program_id(2) == 0)
    def _():
        @pl.loop(0, subsets * joints)
        def _(row):
            for u in range(joints):
                wide[row, u] = refined[row // joints, row % joints, u].astype(jnp.float32)

    @pl.loop(0, transformed.shape[2])
    def _(frame):
        def of_subset(k, totals):
            for v in range(joints):
                x = transformed[k, v, frame].astype(jnp.float32) + bias[k]
                totals = [total + wide[k * joints + v, u] * x for u, total in enumerate(totals)]
            return totals

        zeros = [jnp.zeros(sums.shape[2:], jnp.float32)] * joints
        for u, total in enumerate(jax.lax.fori_loop(0, subsets, of_subset, zeros)):
            sums[u, frame] = total.astype(sums.dtype)


def _derivative_block(
    pl,
    refined,
    transformed,
    bias,
    gradient,
    by_refined,
    by_transformed,
    by_bias,
    wide,
    totals,
    wide_gradient,
):
    """One block's derivatives, of one subset.

    In float32, `wide` keeps A, `totals` gathers the derivative by A over the frames, and
    `wide_gradient` has the gradient.
    """
    joints, frames = refined.shape[1], transformed.shape[2]
    zeros = jnp.zeros(gradient.shape[2:], jnp.float32)
    step, steps = pl.program_id(3), pl.num_programs(3)

    @pl.when(step == 0)
    def _():
        @pl.loop(0, joints)
        def _(v):
            for u in range(joints):
                wide[v, u] = refined[0, v, u].astype(jnp.float32)
                totals[v, u] = zeros

        by_bias[0] = zeros

    @pl.loop(0, joints)
    def _(u):
        for frame in range(frames):
            wide_gradient[u, frame] = gradient[u, frame].astype(jnp.float32)

    def of_frame(frame, total):
        sums = [zeros] * joints
        for u in range(joints):
            dy = wide_gradient[u, frame]
            sums = [part + wide[v, u] * dy for v, part in enumerate(sums)]
        for v, part in enumerate(sums):
            by_transformed[0, v, frame] = part.astype(by_transformed.dtype)
            total = total + part
        return total

    by_bias[0] += jax.lax.fori_loop(0, frames, of_frame, zeros)

    @pl.loop(0, joints)
    def _(v):
        sums = [totals[v, u] for u in range(joints)]
        for frame in range(frames):
            x = transformed[0, v, frame].astype(jnp.float32) + bias[0]
            sums = [part + x * wide_gradient[u, frame] for u, part in enumerate(sums)]
        for u, part in enumerate(sums):
            totals[v, u] = part

    @pl.when(step == steps - 1)
    def _():
        @pl.loop(0, joints)
        def _(v):
            for u in range(joints):
                by_refined[0, v, u] = totals[v, u].astype(by_refined.dtype)

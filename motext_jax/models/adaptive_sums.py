"""2s-AGCN's sums over joints on TPUs, by a kernel (Pallas) that transforms them as well.

    y[v, t, n] = Σ_k (Σ_u A[k, u, v, n] · x[u, t, n]) W_k

Left to XLA the inner sums are a product of [v × u] by [u × tc] numbers for each clip and subset,
which leaves most of a matrix unit of 128 × 128 empty; its factors are copied to have the frames
last, and its result is three times as large as x. Here eight clips share a product. Their joints
are its rows, [un], and A is a matrix [un × vn] of each clip's own numbers with zeros from one clip
to another, made once for all frames. A frame's sums are multiplied with W where they are.

On the way back W comes first: with p_k = x W_k and q_k[u] = Σ_v A_k[u, v] · dy_v the derivatives
are Σ_t Σ_f p_k[u] · dy[v] by A_k[u, v], Σ_k q_k W_k' by x, and x' q_k by W_k.
"""

from typing import Any

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float

from motext_jax.models.clip_topologies import (
    CLIPS,
    Joints,
    apart,
    block_frames,
    product,
    product_across,
    stacked,
)
from motext_jax.models.tpu_kernel import by_clips, kernel

Topologies = Float[Array, "kj u n v"]
Sums = Float[Array, "v t n f"]


@jax.custom_vjp
def adaptive_sums(topologies: Topologies, x: Joints, weights: Float[Array, "k c f"]) -> Sums:
    """The sums, added up in float32, where a program is traced for a mesh.

    The mesh's devices share the clips out. Other devices than TPUs interpret the kernel, slowly.

    Args:
      topologies: A, for each of the clips that lie side by side in x's channels.
      x: activations.
      weights: W, zero from one of these clips to another; what it has as derivative there is not
        that.
    """
    return by_clips(_sums, (2, 2, None), (2,))(topologies, x, weights)[0]


def _kept(topologies, x, weights):
    return adaptive_sums(topologies, x, weights), (topologies, x, weights)


def _derivatives(kept, gradient):
    function = by_clips(_sums_derivatives, (2, 2, None, 2), (2, 2, 0))
    by_topologies, by_x, by_weights = function(*kept, gradient)
    return by_topologies, by_x, jnp.sum(by_weights, axis=0).astype(kept[2].dtype)


adaptive_sums.defvjp(_kept, _derivatives)


def _specs(topologies, x, weights):
    """A block's frames, and the blocks of A, x and W, and of y."""
    from jax.experimental import pallas as pl

    groups, joints, _, _ = topologies.shape
    _, c, features = weights.shape
    frames = block_frames(x, features)
    return (
        frames,
        pl.BlockSpec((groups, joints, CLIPS, joints), lambda n, t: (0, 0, n, 0)),
        pl.BlockSpec((joints, frames, CLIPS, c), lambda n, t: (0, t, n, 0)),
        pl.BlockSpec(weights.shape, lambda n, t: (0, 0, 0)),
        pl.BlockSpec((joints, frames, CLIPS, features), lambda n, t: (0, t, n, 0)),
    )


def _sums(topologies, x, weights):
    joints, t, n, _ = x.shape
    frames, *given, result = _specs(topologies, x, weights)
    call = kernel(
        _sum_block,
        grid=(n // CLIPS, t // frames),
        parallel=1,
        scratch=[(_matrices_shape(topologies, weights), x.dtype)],
        in_specs=given,
        out_specs=[result],
        out_shape=[jax.ShapeDtypeStruct((joints, t, n, weights.shape[-1]), x.dtype)],
        name="adaptive_sums",
    )
    return tuple(call(topologies, x, weights))


def _sums_derivatives(topologies, x, weights, gradient):
    """Derivatives by A and x; and by W, block by block."""
    from jax.experimental import pallas as pl

    _, t, n, _ = x.shape
    frames, *given, result = _specs(topologies, x, weights)
    matrices = _matrices_shape(topologies, weights)
    call = kernel(
        _derivative_block,
        grid=(n // CLIPS, t // frames),
        parallel=1,
        scratch=[(matrices, x.dtype), (matrices, jnp.float32)],
        in_specs=[*given, result],
        out_specs=[*given[:2], pl.BlockSpec((1, *weights.shape), lambda n, t: (n, 0, 0, 0))],
        out_shape=[
            jax.ShapeDtypeStruct(topologies.shape, topologies.dtype),
            jax.ShapeDtypeStruct(x.shape, x.dtype),
            jax.ShapeDtypeStruct((n // CLIPS, *weights.shape), jnp.float32),
        ],
        name="adaptive_sums_derivatives",
    )
    return tuple(call(topologies, x, weights, gradient))


def _matrices_shape(topologies, weights):
    """[j k·un vn]: the subsets' matrices are one below the other, so that they share a product."""
    (groups, joints, _, _), subsets = topologies.shape, len(weights)
    return groups // subsets, subsets * joints * CLIPS, joints * CLIPS


def _sum_block(pl, topologies, x, weights, sums, matrices):
    """One block's sums; `matrices` keeps A, transposed, for all frames."""
    size = matrices.shape[-1]
    joints = size // CLIPS

    @pl.when(pl.program_id(1) == 0)
    def _():
        for group, (clip, rows) in enumerate(_places(matrices)):
            matrices[clip, rows] = _matrix(topologies, group).T.astype(matrices.dtype)

    @pl.loop(0, x.shape[1])
    def _(frame):
        each = _products(matrices, stacked([x[u, frame] for u in range(joints)]))
        parts = jnp.split(each.astype(x.dtype), len(weights))
        total: Any = sum(product(part, weights[k]) for k, part in enumerate(parts))
        for v, own in enumerate(apart(total)):
            sums[v, frame] = own.astype(sums.dtype)


def _derivative_block(
    pl, topologies, x, weights, gradient, by_topologies, by_x, by_weights, matrices, totals
):
    """One block's derivatives; `matrices` keeps A, and `totals` gathers the derivative by it."""
    joined, size = matrices.shape[0], matrices.shape[-1]
    joints = size // CLIPS
    step, steps = pl.program_id(1), pl.num_programs(1)

    @pl.when(step == 0)
    def _():
        for group, (clip, rows) in enumerate(_places(matrices)):
            matrices[clip, rows] = _matrix(topologies, group).astype(matrices.dtype)
        totals[...] = jnp.zeros(totals.shape, jnp.float32)
        by_weights[...] = jnp.zeros(by_weights.shape, jnp.float32)

    @pl.loop(0, x.shape[1])
    def _(frame):
        dy = stacked([gradient[v, frame] for v in range(joints)])
        qs = jnp.split(_products(matrices, dy).astype(x.dtype), len(weights))
        rows = stacked([x[u, frame] for u in range(joints)])
        across, rows, dy = (each.astype(x.dtype) for each in (rows.T, rows, dy))
        total: Any = 0.0
        for k, q in enumerate(qs):
            total += product_across(q, weights[k])
            by_weights[0, k] += product(across, q)
            p = product(rows, weights[k])
            for clip in range(joined):
                own = _channels(p, clip, joined).astype(x.dtype)
                totals[clip, k * size : (k + 1) * size] += product_across(own, dy)
        for u, own in enumerate(apart(total)):
            by_x[u, frame] = own.astype(by_x.dtype)

    @pl.when(step == steps - 1)
    def _():
        for group, (clip, rows) in enumerate(_places(matrices)):
            for u, own in enumerate(apart(_numbers(totals[clip, rows]))):
                by_topologies[group, u] = own.astype(by_topologies.dtype)


def _places(matrices):
    """Each group's joined clip, and the rows that it has of the matrices."""
    joined, rows, size = matrices.shape
    return [(clip, slice(k, k + size)) for k in range(0, rows, size) for clip in range(joined)]


def _products(matrices, rows):
    """The matrices' products with a frame's rows, each joined clip's with its own channels."""
    joined, dtype = matrices.shape[0], matrices.dtype
    return sum(
        product(matrices[clip], _channels(rows, clip, joined).astype(dtype))
        for clip in range(joined)
    )


def _channels(rows, clip, joined):
    """The channels of one of the joined clips, and zeros for those of the others."""
    if joined == 1:
        return rows
    lane = jax.lax.broadcasted_iota(jnp.int32, rows.shape, 1)
    return jnp.where(lane % joined == clip, rows, 0)


def _matrix(topologies, group):
    """A group's topologies of all clips as one matrix, [un vn]."""
    joints = topologies.shape[1]
    rows = stacked([topologies[group, u] for u in range(joints)])
    wide = jnp.dot(rows, _repeated(joints), precision="highest")
    return jnp.where(_same_clip(joints), wide, 0)


def _numbers(matrix):
    """The rows [un v] that `_matrix` makes its matrix of."""
    joints = len(matrix) // CLIPS
    axes = (((1,), (1,)), ((), ()))
    own = jnp.where(_same_clip(joints), matrix, 0)
    return jax.lax.dot_general(own, _repeated(joints), axes, precision="highest")


def _repeated(joints):
    """The matrix [v vn] whose product has a joint's number once for each clip."""
    joint, column = _indices(joints, joints * CLIPS)
    return jnp.where(column // CLIPS == joint, 1.0, 0.0)


def _same_clip(joints):
    """Marks the numbers of a matrix [un vn] that are from a clip to itself."""
    row, column = _indices(joints * CLIPS, joints * CLIPS)
    return row % CLIPS == column % CLIPS


def _indices(rows, columns):
    return (jax.lax.broadcasted_iota(jnp.int32, (rows, columns), axis) for axis in range(2))

"""2s-AGCN's sums over joints on TPUs, by a kernel (Pallas) that transforms them as well.

    y[v, t, n] = Σ_k (Σ_u A[k, u, v, n] · x[u, t, n]) W_k

As matrix products the inner sums are of [v × u] by [u × tc] numbers for each clip and subset, which
leave most of a matrix unit of 128 × 128 empty, and are written and read as three times as many
numbers as x has. Here number is multiplied with number, with channels in the lanes and clips in the
sublanes, and a frame's sums are multiplied with W where they are.

On the way back W comes first: with p_k = x W_k and q_k[u] = Σ_v A_k[u, v] · dy_v the derivatives
are Σ_t Σ_f p_k[u] · dy[v] by A_k[u, v], Σ_k q_k W_k' by x, and x' q_k by W_k.
"""

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float

from motext_jax.models.clip_topologies import (
    CLIPS,
    Joints,
    apart,
    block_frames,
    clear,
    gather,
    group_of_lane,
    lane_blocks,
    product,
    product_across,
    spread,
    stacked,
)
from motext_jax.models.tpu_kernel import LANES, by_clips, kernel

Topologies = Float[Array, "kj u n v"]
Sums = Float[Array, "v t n f"]


@jax.custom_vjp
def adaptive_sums(topologies: Topologies, x: Joints, weights: Float[Array, "k c f"]) -> Sums:
    """The sums, where a program is traced for a mesh; those over the joints are in float32.

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
    joints, t, n, c = x.shape
    frames, *given, result = _specs(topologies, x, weights)
    call = kernel(
        _sum_block,
        grid=(n // CLIPS, t // frames),
        parallel=1,
        scratch=[((len(weights), joints, joints, CLIPS, min(c, LANES)), jnp.float32)],
        in_specs=given,
        out_specs=[result],
        out_shape=[jax.ShapeDtypeStruct((joints, t, n, weights.shape[-1]), x.dtype)],
        name="adaptive_sums",
    )
    return tuple(call(topologies, x, weights))


def _sums_derivatives(topologies, x, weights, gradient):
    """Derivatives by A and x; and by W, block by block."""
    from jax.experimental import pallas as pl

    joints, t, n, _ = x.shape
    subsets, _, features = weights.shape
    frames, *given, result = _specs(topologies, x, weights)
    call = kernel(
        _derivative_block,
        grid=(n // CLIPS, t // frames),
        parallel=1,
        scratch=[
            *[((subsets, joints, joints, CLIPS, min(features, LANES)), jnp.float32)] * 2,
            ((subsets, joints, frames, CLIPS, features), jnp.float32),
            ((joints, frames, CLIPS, features), jnp.float32),
        ],
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


def _by_subset(function, topologies, wide):
    """Calls a function with each subset's A as the memory has it, its lanes' groups, and `wide`."""
    joined = topologies.shape[0] // wide.shape[0]
    group = group_of_lane(wide.shape[-1], 1, joined)
    for k in range(wide.shape[0]):
        function(topologies.at[k * joined : (k + 1) * joined], group, wide.at[k])


def _sum_block(pl, topologies, x, weights, sums, wide):
    """One block's sums; `wide` keeps A in all lanes, for all frames."""
    subsets, joints = wide.shape[:2]

    @pl.when(pl.program_id(1) == 0)
    def _():
        _by_subset(lambda own, group, wide: spread(pl, own, group, wide), topologies, wide)

    @pl.loop(0, x.shape[1])
    def _(frame):
        total = 0.0
        for lanes in lane_blocks(x.shape[-1]):
            xs = [x[u, frame, :, lanes].astype(jnp.float32) for u in range(joints)]
            for k in range(subsets):
                parts = [0.0] * joints
                for u in range(joints):
                    parts = [part + wide[k, u, v] * xs[u] for v, part in enumerate(parts)]
                total += product(stacked(parts).astype(x.dtype), weights[k, lanes])
        for v, own in enumerate(apart(total)):
            sums[v, frame] = own.astype(sums.dtype)


def _derivative_block(
    pl,
    topologies,
    x,
    weights,
    gradient,
    by_topologies,
    by_x,
    by_weights,
    wide,
    totals,
    transformed,
    wide_gradient,
):
    """One block's derivatives.

    In float32, `wide` keeps A in all lanes, `totals` gathers the derivative by A lane by lane,
    `transformed` has p, and `wide_gradient` the gradient.
    """
    subsets, joints = wide.shape[:2]
    frames, features = gradient.shape[1], gradient.shape[-1]
    step, steps = pl.program_id(1), pl.num_programs(1)

    @pl.when(step == 0)
    def _():
        _by_subset(lambda own, group, wide: spread(pl, own, group, wide), topologies, wide)
        for k in range(subsets):
            clear(pl, totals.at[k])
        by_weights[...] = jnp.zeros(by_weights.shape, jnp.float32)

    @pl.loop(0, frames)
    def _(frame):
        rows = stacked([x[u, frame] for u in range(joints)])
        across, rows = rows.T.astype(x.dtype), rows.astype(x.dtype)
        for v in range(joints):
            wide_gradient[v, frame] = gradient[v, frame].astype(jnp.float32)
        total = 0.0
        for k in range(subsets):
            for u, own in enumerate(apart(product(rows, weights[k]))):
                transformed[k, u, frame] = own
            for lanes in lane_blocks(features):
                parts = [0.0] * joints
                for v in range(joints):
                    dy = wide_gradient[v, frame, :, lanes]
                    parts = [part + wide[k, u, v] * dy for u, part in enumerate(parts)]
                q = stacked(parts).astype(x.dtype)
                total += product_across(q, weights[k, :, lanes])
                by_weights[0, k, :, lanes] += product(across, q)
        for u, own in enumerate(apart(total)):
            by_x[u, frame] = own.astype(by_x.dtype)

    for k in range(subsets):

        @pl.loop(0, joints)
        def _(u, k=k):
            parts = [totals[k, u, v] for v in range(joints)]
            for lanes in lane_blocks(features):
                for frame in range(frames):
                    p = transformed[k, u, frame, :, lanes]
                    dys = [wide_gradient[v, frame, :, lanes] for v in range(joints)]
                    parts = [part + p * dy for part, dy in zip(parts, dys, strict=True)]
            for v, part in enumerate(parts):
                totals[k, u, v] = part

    @pl.when(step == steps - 1)
    def _():
        _by_subset(lambda own, group, wide: gather(pl, wide, group, own), by_topologies, totals)

"""2s-AGCN's comparison of a clip's joints on TPUs, by a kernel (Pallas).

    S[k, u, v, n] = Σ_t Σ_e θ[u, t, n, ke] · φ[v, t, n, ke],    θ, φ = x W + b

As matrix products these are of [u × te] by [te × v] numbers for each clip and subset, whose factors
are copied to have t and e last. Here number is multiplied with number, with channels in the lanes
and clips in the sublanes, and lanes are added once all frames are. θ and φ are never written.
"""

import functools
from typing import Any

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float, Int

from motext_jax.models.clip_topologies import (
    CLIPS,
    Joints,
    apart,
    block_frames,
    product,
    product_across,
    stacked,
)
from motext_jax.models.tpu_kernel import LANES, by_clips, kernel

Weights = Float[Array, "2 c jke"]
Biases = Float[Array, "2 jke"]


@functools.partial(jax.custom_vjp, nondiff_argnums=(3, 4))
def joint_similarity(
    x: Joints, weights: Weights, biases: Biases, subsets: int, joined: int
) -> Float[Array, "kj u n v"]:
    """The similarities, computed in float32, where a program is traced for a mesh.

    The mesh's devices share the clips out. Other devices than TPUs interpret the kernel, slowly.

    Args:
      x: activations.
      weights: kernels of θ and φ, the channels of a subset side by side.
      biases: their biases.
      subsets: k.
      joined: clips that lie side by side in the channels, see `joined_clips`.
    """
    return _forward(x, weights, biases, subsets, joined)[0]


def _forward(x, weights, biases, subsets, joined):
    function = functools.partial(_sums, subsets=subsets, joined=joined)
    (sums,) = by_clips(function, (2, None, None), (2,))(x, weights, _rows(biases))
    return sums, (x, weights, biases)


def _backward(subsets, joined, kept, gradient):
    x, weights, biases = kept
    function = functools.partial(_derivatives, subsets=subsets, joined=joined)
    derivatives = by_clips(function, (2, None, None, 2), (2, 0, 0))
    by_x, by_weights, by_biases = derivatives(x, weights, _rows(biases), gradient)
    by_weights = jnp.sum(by_weights, axis=0).astype(weights.dtype)
    return by_x, by_weights, jnp.sum(by_biases, axis=(0, 2)).astype(biases.dtype)


joint_similarity.defvjp(_forward, _backward)


def _rows(biases: Biases) -> Float[Array, "2 1 jke"]:
    # Of two rows in one tile a kernel could not read the second.
    return biases.astype(jnp.float32)[:, None]


def _sums(x, weights, biases, *, subsets, joined):
    from jax.experimental import pallas as pl

    joints, t, n, c = x.shape
    features, groups = weights.shape[-1], subsets * joined
    frames = block_frames(x, features)
    call = kernel(
        functools.partial(_sum_block, subsets=subsets, joined=joined),
        grid=(n // CLIPS, t // frames),
        parallel=1,
        scratch=[
            ((joints, joints, CLIPS, features), jnp.float32),
            ((2, joints, frames, CLIPS, features), jnp.float32),
        ],
        in_specs=[
            pl.BlockSpec((joints, frames, CLIPS, c), lambda n, t: (0, t, n, 0)),
            pl.BlockSpec(weights.shape, lambda n, t: (0, 0, 0)),
            pl.BlockSpec(biases.shape, lambda n, t: (0, 0, 0)),
        ],
        out_specs=[pl.BlockSpec((groups, joints, CLIPS, joints), lambda n, t: (0, 0, n, 0))],
        out_shape=[jax.ShapeDtypeStruct((groups, joints, n, joints), jnp.float32)],
        name="joint_similarity",
    )
    return tuple(call(x, weights, biases))


def _derivatives(x, weights, biases, gradient, *, subsets, joined):
    """Derivatives by x; by the weights, block by block; and by the biases, clip by clip."""
    from jax.experimental import pallas as pl

    joints, t, n, c = x.shape
    features, groups = weights.shape[-1], subsets * joined
    frames = block_frames(x, features)
    block = pl.BlockSpec((joints, frames, CLIPS, c), lambda n, t: (0, t, n, 0))
    call = kernel(
        functools.partial(_derivative_block, subsets=subsets, joined=joined),
        grid=(n // CLIPS, t // frames),
        parallel=1,
        scratch=[((joints, joints, CLIPS, features), jnp.float32)],
        in_specs=[
            block,
            pl.BlockSpec(weights.shape, lambda n, t: (0, 0, 0)),
            pl.BlockSpec(biases.shape, lambda n, t: (0, 0, 0)),
            pl.BlockSpec((groups, joints, CLIPS, joints), lambda n, t: (0, 0, n, 0)),
        ],
        out_specs=[
            block,
            pl.BlockSpec((1, *weights.shape), lambda n, t: (n, 0, 0, 0)),
            pl.BlockSpec((1, 2, CLIPS, features), lambda n, t: (n, 0, 0, 0)),
        ],
        out_shape=[
            jax.ShapeDtypeStruct(x.shape, x.dtype),
            jax.ShapeDtypeStruct((n // CLIPS, *weights.shape), jnp.float32),
            jax.ShapeDtypeStruct((n // CLIPS, 2, CLIPS, features), jnp.float32),
        ],
        name="joint_similarity_derivatives",
    )
    return tuple(call(x, weights, biases, gradient))


def _sum_block(pl, x, weights, biases, sums, totals, embedded, *, subsets, joined):
    """One block's sums; `totals` gathers them lane by lane, `embedded` has θ and φ."""
    joints, frames = x.shape[:2]
    step, steps = pl.program_id(1), pl.num_programs(1)

    @pl.when(step == 0)
    def _():
        _clear(pl, totals)

    @pl.loop(0, frames)
    def _(frame):
        rows = stacked([x[u, frame] for u in range(joints)]).astype(x.dtype)
        for side in range(2):
            for u, own in enumerate(apart(product(rows, weights[side]) + biases[side])):
                embedded[side, u, frame] = own

    @pl.loop(0, joints)
    def _(u):
        for lanes in _lane_blocks(weights.shape[-1]):
            parts = [totals[u, v, :, lanes] for v in range(joints)]
            for frame in range(frames):
                theta = embedded[0, u, frame, :, lanes]
                phis = [embedded[1, v, frame, :, lanes] for v in range(joints)]
                parts = [part + theta * phi for part, phi in zip(parts, phis, strict=True)]
            for v, part in enumerate(parts):
                totals[u, v, :, lanes] = part

    @pl.when(step == steps - 1)
    def _():
        _gather(pl, totals, _group_of_lane(weights.shape[-1], subsets, joined), sums)


def _derivative_block(
    pl, x, weights, biases, gradient, by_x, by_weights, by_biases, wide, *, subsets, joined
):
    """One block's derivatives; `wide` keeps the gradient in all lanes, for all frames."""
    joints, frames = x.shape[:2]

    @pl.when(pl.program_id(1) == 0)
    def _():
        by_weights[...] = jnp.zeros(by_weights.shape, jnp.float32)
        by_biases[...] = jnp.zeros(by_biases.shape, jnp.float32)
        _spread(pl, gradient, _group_of_lane(weights.shape[-1], subsets, joined), wide)

    @pl.loop(0, frames)
    def _(frame):
        rows = stacked([x[u, frame] for u in range(joints)])
        across, rows = rows.T.astype(x.dtype), rows.astype(x.dtype)
        thetas, phis = (apart(product(rows, weights[side]) + biases[side]) for side in range(2))
        by_rows: list = [[], []]
        for lanes in _lane_blocks(weights.shape[-1]):
            by_thetas, by_phis = [], [0.0] * joints
            for u in range(joints):
                ds = [wide[u, v, :, lanes] for v in range(joints)]
                by_thetas.append(sum(d * phi[:, lanes] for d, phi in zip(ds, phis, strict=True)))
                theta = thetas[u][:, lanes]
                by_phis = [part + d * theta for part, d in zip(by_phis, ds, strict=True)]
            for parts, found in zip(by_rows, (by_thetas, by_phis), strict=True):
                parts.append(stacked(found))
        total: Any = 0.0
        for side, parts in enumerate(by_rows):
            both = jnp.concatenate(parts, axis=1)
            by_biases[0, side] += sum(apart(both))
            both = both.astype(x.dtype)
            by_weights[0, side] += product(across, both)
            total += product_across(both, weights[side])
        for u, own in enumerate(apart(total)):
            by_x[u, frame] = own.astype(by_x.dtype)


def _group_of_lane(lanes: int, subsets: int, joined: int) -> Int[Array, "n f"]:
    """The group that each lane of a block belongs to."""
    lane = jax.lax.broadcasted_iota(jnp.int32, (CLIPS, lanes), 1)
    return lane // (lanes // subsets) * joined + lane % joined


def _spread(pl, groups, group, wide):
    """Fills `wide`, [u v n f], with topologies [g u n v], each number in all lanes of its group."""
    joints = wide.shape[0]

    @pl.loop(0, groups.shape[0] * joints)
    def _(row):
        number, u = row // joints, row % joints
        own = groups[number, u].astype(jnp.float32)
        for v in range(joints):
            wide[u, v] = jnp.where(group == number, own[:, v : v + 1], wide[u, v])


def _gather(pl, wide, group, groups):
    """Fills topologies [g u n v] with the sums of `wide`, [u v n f], over their group's lanes."""
    joints = wide.shape[0]

    @pl.loop(0, groups.shape[0] * joints)
    def _(row):
        number, u = row // joints, row % joints
        own = jnp.zeros(groups.shape[2:], jnp.float32)
        column = jax.lax.broadcasted_iota(jnp.int32, own.shape, 1)
        for v in range(joints):
            total = jnp.sum(jnp.where(group == number, wide[u, v], 0), axis=1, keepdims=True)
            own = jnp.where(column == v, total, own)
        groups[number, u] = own.astype(groups.dtype)


def _clear(pl, wide):
    """Fills `wide`, [u v n f], with zeros."""

    @pl.loop(0, wide.shape[0])
    def _(u):
        wide[u] = jnp.zeros(wide.shape[1:], wide.dtype)


def _lane_blocks(channels: int) -> list[slice]:
    """The channels, as many together as a register has lanes."""
    return [slice(first, min(first + LANES, channels)) for first in range(0, channels, LANES)]

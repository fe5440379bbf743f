"""CTR-GCN: Chen et al. 2021, "Channel-wise topology refinement graph convolution"."""

import dataclasses
import functools
from typing import Any, ClassVar

import jax
import jax.numpy as jnp
from flax import linen as nn
from jaxtyping import Array, Float

from motext_jax.models import joint_sums, temporal_branches
from motext_jax.models.batch_norm import BatchNorm, BatchNormFactors
from motext_jax.models.graph_convolution import (
    GraphConvolutionConfig,
    GraphConvolutionNetwork,
    Linear,
    Pointwise,
    TemporalConvolution,
    Unit,
    Weights,
    fan_out_normal,
    pointwise,
    with_bias,
)
from motext_jax.models.joined_clips import join, joined_kernel, joined_vector, separate
from motext_jax.models.platform import by_platform, platform, unless_derived
from motext_jax.models.precision import param_dtype
from motext_jax.models.tpu_kernel import Size
from motext_jax.skeleton import Skeleton


class CTRGCN(GraphConvolutionNetwork):
    """CTR-GCN, up to its pooled features: see `GraphConvolutionNetwork`."""

    def units(self, joined: int) -> tuple[Unit, Unit]:
        """Its two units."""
        return (
            functools.partial(RefinedGraphConvolution, joined=joined),
            functools.partial(MultiScaleTemporalConvolution, joined=joined),
        )

    def fits(self, clips: Size, joints: int, frames: Size, features: int, dtype: Any) -> bool:
        """True where the kernels of both units are made for such sizes."""
        sums = joint_sums.fits(clips, joints, features)
        return sums and temporal_branches.fits(clips, frames, features, dtype)


@dataclasses.dataclass
class CTRGCNConfig(GraphConvolutionConfig):
    """CTR-GCN's options."""

    NETWORK: ClassVar[type[GraphConvolutionNetwork]] = CTRGCN


class RefinedGraphConvolution(nn.Module):
    """Sums over the joints with a topology that every clip and channel refines for itself (3.2).

    out_u = Σ_k Σ_v (A_k[u, v] + α · Q_k[u, v]) · (T_k x)_v, over the subsets k of the graph:
    identity, inward, outward; Q_k[u, v] = ξ_k tanh(φ_k(x̄)_u - ψ_k(x̄)_v), where x̄ is the mean of x
    over time and T, φ, ψ, ξ are 1×1 convolutions. The topologies A are learned and start as the
    skeleton's adjacency; α, the weight of the refinement, is one number and starts at 0.

    See `refined_sums` for how it is computed.

    Attributes:
      joined: clips that lie side by side in the last axis, see `joined_clips`.
    """

    skeleton: Skeleton
    features: int
    joined: int = 1

    @nn.compact
    def __call__(self, x: Float[Array, "m v t jc"]) -> Float[Array, "m v t jf"]:
        means = separate(jnp.mean(x, axis=2), self.joined)
        n, v, c = means.shape
        adjacency = self.skeleton.adjacency()
        subsets = len(adjacency)
        dtype = param_dtype(x.dtype)
        topology = self.param("topology", lambda _: jnp.asarray(adjacency, dtype))
        alpha = self.param("alpha", nn.initializers.zeros, (), dtype)
        # The raw coordinates are too few to be divided by 8.
        reduced = c // 8 or 8

        # φ and ψ are linear, so they may as well follow the mean over time.
        relation = Pointwise(subsets * 2 * reduced, fan_out_normal(reduced), name="relation")
        relations = relation(means).reshape(n, v, subsets, 2, reduced)

        size = subsets * self.features
        init = fan_out_normal(self.features)
        refine = Weights(size, init, name="refine")(reduced, dtype)
        transform = Weights(size, init, name="transform")(c, dtype)
        factors = (x, relations, topology, alpha, refine, transform)
        return refined_sums(*factors, joined=self.joined)


def refined_sums(
    x: Float[Array, "m v t jc"],
    relations: Float[Array, "n v k 2 r"],
    topology: Float[Array, "k u v"],
    alpha: Float[Array, ""],
    refine: Linear,
    transform: Linear,
    joined: int = 1,
) -> Float[Array, "m u t jf"]:
    """Σ_k Σ_v (A_k[u, v] + α · ξ_k tanh(φ_k(x̄)_u - ψ_k(x̄)_v)) · (T_k x)_v, channel by channel.

    It has four forms. TPUs take `_by_kernel` where that fits, else `_by_einsums`. On others
    `_by_products` has the faster derivatives; where a CPU needs none and the clips are short,
    `_by_additions` takes 0.4 to 0.95 of its time.

    Args:
      x: activations.
      relations: φ_k(x̄) and ψ_k(x̄).
      topology: A.
      alpha: α.
      refine: ξ.
      transform: T.
      joined: clips that lie side by side in the last axis, see `joined_clips`: j, n = j·m.
    """
    arguments = (x, relations, topology, alpha, refine, transform)
    features = transform[0].shape[1] // len(topology)
    if joined > 1 or joint_sums.fits(x.shape[0], x.shape[1], features):
        return _by_kernel(*arguments, joined)
    few = _are_few(x.shape[1], x.shape[2], features)
    on_cpus = unless_derived(_by_additions, _by_products) if few else _by_products
    return by_platform(*arguments, tpu=_by_einsums, cpu=on_cpus, default=_by_products)


SUMS = 4
"""Sums that a processor has under way at once."""


def _are_few(joints: int, frames: int, features: int) -> bool:
    """True for sums that a CPU is faster at by `_by_additions`.

    Of more joints they take long to compile, of more numbers they leave a core's cache, and of more
    frames `_by_products` has larger products.
    """
    return joints <= 32 and frames <= 50 and frames * features <= 2500


def _by_additions(x, relations, topology, alpha, refine, transform):
    """The sums with the channels last, where they lie side by side in a vector register.

    T is then one plain product, and nothing large is transposed.
    """
    n, v, t, c = x.shape
    subsets = len(topology)
    kernel, bias = (weights.astype(x.dtype) for weights in transform)
    features = kernel.shape[1] // subsets
    transformed = (x.reshape(-1, c) @ kernel + bias[None]).reshape(n, v, t, subsets, features)

    # The joints last, so that tanh finds many numbers side by side, too.
    to, each = relations.transpose(3, 0, 2, 4, 1)
    difference = jnp.tanh(to[:, :, :, None] - each[..., None]).transpose(2, 0, 3, 4, 1)
    kernel, bias = ((alpha * weights).reshape(-1, subsets, features) for weights in refine)
    refined = (topology.T[..., None] + bias[None]).astype(x.dtype)[None]
    for row, weights in zip(difference, kernel.astype(x.dtype), strict=True):
        refined = refined + row[..., None] * weights[None, None, None]

    # All at once, for a hundred indices take long to trace.
    factors = zip(
        _parts(refined.reshape(n, v, v, 1, subsets, features)),
        _parts(transformed.reshape(n, v, 1, t, subsets, features)),
        strict=True,
    )
    terms = [weights * values for weights, values in factors]
    # Of one sum alone, each addition would wait for the one before.
    sums = (functools.reduce(jnp.add, terms[first::SUMS]) for first in range(SUMS))
    return functools.reduce(jnp.add, sums).reshape(n, v, t, features)


def _parts(x: Float[Array, "n v u t k f"]) -> list[Float[Array, "n 1 u t 1 f"]]:
    """The parts of each joint v and subset k."""
    joints = jax.lax.split(x, (1,) * x.shape[1], axis=1)
    return [part for joint in joints for part in jax.lax.split(joint, (1,) * x.shape[4], axis=4)]


def _by_products(x, relations, topology, alpha, refine, transform):
    """The sums as a matrix product for each clip and channel, over (k, v).

    With the channels first the products' factors lie ready. They are small and many: one over all k
    takes a third of the time of three.
    """
    n, v, t, c = x.shape
    subsets = len(topology)
    kernel, rows = _refinement(relations, topology, alpha, *refine)
    refined = with_each_clip("mf,nmp->nfp", kernel, rows)
    features = refined.shape[1]
    refined = refined.reshape(n, features, subsets * v, v)

    kernel, bias = transform
    # Channel by channel, so that k and v lie side by side.
    kernel = kernel.reshape(c, subsets, features).T.reshape(-1, c).astype(x.dtype)
    transformed = with_each_clip("mc,npc->nmp", kernel, x.reshape(n, v * t, c))
    transformed = transformed.reshape(n, features, subsets * v, t)

    y = jnp.einsum("nfwu,nfwt->nfut", refined, transformed)
    # T's bias is the same in every frame: added here it is not added to three activations.
    sums = jnp.sum(refined.reshape(n, features, subsets, v, v), axis=3)
    bias = bias.reshape(subsets, -1).astype(x.dtype)
    y = y + jnp.einsum("nfku,kf->nfu", sums, bias)[..., None]
    return y.reshape(n, features, v * t).swapaxes(1, 2).reshape(n, v, t, features)


def _by_einsums(x, relations, topology, alpha, refine, transform):
    """The same products as plain ones, so that the compiler chooses every layout.

    T's bias is added to T's result, in the pass that its product makes. A TPU would need passes for
    the sums that `_by_products` adds it by.
    """
    n, v, t, _ = x.shape
    subsets = len(topology)
    factors, rows = _refinement(relations, topology, alpha, *refine)
    rows = rows.reshape(n, -1, subsets, v, v).swapaxes(2, 3).reshape(rows.shape)
    refined = jnp.einsum("mf,nmp->nfp", factors, rows)
    features = refined.shape[1]
    kernel, bias = (weights.reshape(-1, subsets, features).astype(x.dtype) for weights in transform)
    # The joints before the subsets, as x has them: else the compiler copies T to bring k forward.
    transformed = jnp.einsum("ckf,nvtc->nfvkt", kernel, x)
    transformed = transformed + bias[0].T[None, :, None, :, None]
    return jnp.einsum(
        "nfwu,nfwt->nutf",
        refined.reshape(n, features, v * subsets, v),
        transformed.reshape(n, features, v * subsets, t),
    )


def _by_kernel(x, relations, topology, alpha, refine, transform, joined=1):
    """The sums by `joint_sums`: sums and factors have the joints and frames first."""
    v, subsets = x.shape[1], len(topology)
    factors, rows = _refinement(relations, topology, alpha, *refine)
    rows = join(rows.swapaxes(1, 2), joined)
    refined = jnp.einsum("mf,npm->pnf", joined_kernel(factors, joined), rows)
    n, features = refined.shape[1:]
    kernel, bias = (weights.astype(x.dtype) for weights in transform)
    kernel = joined_kernel(kernel.reshape(len(kernel), subsets, -1).swapaxes(0, 1), joined)
    bias = joined_vector(bias.reshape(subsets, -1), joined)
    transformed = jnp.einsum("kcf,nvtc->kvtnf", kernel, x)
    refined = refined.reshape(subsets, v, v, n, features)
    sums = joint_sums.joint_sums(refined, transformed, bias)
    return sums.transpose(2, 0, 1, 3)


def _refinement(
    relations: Float[Array, "n v k 2 r"],
    topology: Float[Array, "k u v"],
    alpha: Float[Array, ""],
    kernel: Float[Array, "r kf"],
    bias: Float[Array, "kf"],
) -> tuple[Float[Array, "m f"], Float[Array, "n m kvu"]]:
    """Factors of A_k[u, v] + α · Q_k[u, v] for all k at once.

    A subset's differences have rows of their own, zero in the columns of the others; below them
    stand rows for ξ's biases and for A. What would be a product for each subset, a transpose and
    two passes over the result is then one product. The factors have the relations' dtype.
    """
    difference = jnp.tanh(relations[:, None, :, :, 0] - relations[:, :, None, :, 1])
    n, v, u, subsets, reduced = difference.shape
    columns = (n, -1, subsets * v * u)
    own = jnp.eye(subsets, dtype=difference.dtype)
    # Repeated before it is rounded: its gradient is then summed over the clips in its own dtype.
    topologies = jnp.broadcast_to(topology.swapaxes(1, 2)[None], (n, subsets, v, u))
    rows = jnp.concatenate(
        [
            jnp.einsum("nvukr,kj->nkrjvu", difference, own).reshape(columns),
            jnp.broadcast_to(own[None, :, :, None], (n, subsets, subsets, v * u)).reshape(columns),
            topologies.astype(difference.dtype).reshape(columns),
        ],
        axis=1,
    )
    kernel = kernel.reshape(reduced, subsets, -1).swapaxes(0, 1).reshape(subsets * reduced, -1)
    weights = [alpha * kernel, alpha * bias.reshape(subsets, -1), jnp.ones_like(kernel[:1])]
    return jnp.concatenate(weights).astype(rows.dtype), rows


@functools.partial(jax.custom_vjp, nondiff_argnums=(0,))
def with_each_clip(
    spec: str, kernel: Float[Array, "a b"], x: Float[Array, "n p q"]
) -> Float[Array, "n r s"]:
    """The einsum of one matrix with every clip's, as "ab,npq->nrs" says.

    Its derivative by the kernel is taken clip by clip and then summed: XLA's CPU backend is two to
    three times as slow at one product over clips and positions.
    """
    one, each, out = _operands(spec)
    return jnp.einsum(f"n{one},{each}->{out}", _for_each(kernel, x), x)


def _forward(spec, kernel, x):
    return with_each_clip(spec, kernel, x), (kernel, x)


def _backward(spec, residuals, gradient):
    kernel, x = residuals
    one, each, out = _operands(spec)
    dkernels = jnp.einsum(f"{out},{each}->n{one}", gradient, x)
    # Summed by a product: a sum would be fused with the products, which are then slow again.
    ones = jnp.ones((len(x),), x.dtype)
    dkernel = jnp.matmul(ones, dkernels.reshape(len(x), -1), precision="highest")
    dx = jnp.einsum(f"n{one},{out}->{each}", _for_each(kernel, x), gradient)
    return dkernel.reshape(kernel.shape), dx


with_each_clip.defvjp(_forward, _backward)


def _operands(spec: str) -> tuple[str, str, str]:
    inputs, out = spec.split("->")
    one, each = inputs.split(",")
    return one, each, out


def _for_each(kernel: Float[Array, "a b"], x: Float[Array, "n p q"]) -> Float[Array, "n a b"]:
    return jnp.broadcast_to(kernel[None], (x.shape[0], *kernel.shape))


class MultiScaleTemporalConvolution(nn.Module):
    """Four branches of a quarter of the channels each.

    Convolutions of 5 frames with dilation 1 and 2, and a maximum over 3 frames, each behind a 1×1
    convolution, BatchNorm and ReLU; and a strided 1×1 convolution. A BatchNorm ends every branch.
    Since it looks at each channel alone, the three heads share one and so do the four ends.

    Attributes:
      joined: clips that lie side by side in the last axis, see `joined_clips`.
    """

    features: int
    stride: int
    joined: int = 1

    @nn.compact
    def __call__(self, x: Float[Array, "m v t jc"], train: bool) -> Float[Array, "m v t2 jf"]:
        n, _, t, _ = x.shape
        taken = self.joined > 1 or temporal_branches.fits(n, t, self.features, x.dtype)
        y = self._by_kernel(x, train) if taken else self._by_branches(x, train)
        return BatchNorm(near_one, joined=self.joined, name="norm")(y, train)

    def _by_branches(self, x, train):
        width = self.features // 4
        heads = Pointwise(3 * width, fan_out_normal(width), name="heads")(x)
        heads = BatchNorm(near_one, name="heads_norm")(heads, train)
        near, far, peak = (nn.relu(head) for head in jnp.split(heads, 3, axis=-1))
        near_unit, far_unit = self._convolutions()
        point_unit = Pointwise(width, fan_out_normal(width), name="point")
        every = slice(None, None, self.stride)
        # For some frames alone a CPU would sum over the joints once more, see `refined_sums`.
        again = platform() == "cpu" and not train
        point = point_unit(x)[:, :, every] if again else point_unit(x[:, :, every])
        branches = [near_unit(near), far_unit(far), _peaks(peak, self.stride), point]
        return jnp.concatenate(branches, axis=-1)

    def _by_kernel(self, x, train):
        """The same with all four branches in one array."""
        width, joined, dtype = self.features // 4, self.joined, param_dtype(x.dtype)
        init, channels = fan_out_normal(width), x.shape[-1] // joined
        heads = Weights(3 * width, init, name="heads")(channels, dtype)
        point = Weights(width, init, name="point")(channels, dtype)
        kernel, bias = (jnp.concatenate(both, axis=-1) for both in zip(heads, point, strict=True))
        z = pointwise(x, joined_kernel(kernel, joined), joined_vector(bias, joined))
        norm = BatchNormFactors(near_one, joined=joined, unnormalised=width, name="heads_norm")
        near, far = (unit.weights(width, dtype) for unit in self._convolutions())
        y = temporal_branches.temporal_branches(
            z.transpose(1, 2, 0, 3),
            norm(z, train),
            joined_kernel(near[0], joined),
            joined_kernel(far[0], joined),
            self.stride,
        )
        bias = jnp.pad(jnp.concatenate([near[1], far[1]]), (0, 2 * width))
        return with_bias(y.transpose(2, 0, 1, 3), joined_vector(bias, joined))

    def _convolutions(self) -> tuple[TemporalConvolution, TemporalConvolution]:
        width = self.features // 4
        return (
            TemporalConvolution(width, 5, self.stride, name="near"),
            TemporalConvolution(width, 5, self.stride, dilation=2, name="far"),
        )


def _peaks(x: Float[Array, "n v t c"], stride: int) -> Float[Array, "n v t2 c"]:
    """The maximum of each frame, or every second one, and its two neighbours."""
    # Three shifted arrays: XLA's CPU backend takes several times as long to scatter the gradient
    # of a pooling window.
    t = x.shape[2]
    padded = jnp.pad(x, ((0, 0), (0, 0), (1, 1), (0, 0)), constant_values=-jnp.inf)
    before, here, after = (padded[:, :, shift : shift + t : stride] for shift in range(3))
    return jnp.maximum(jnp.maximum(before, here), after)


def near_one(key: jax.Array, shape: tuple[int, ...], dtype: jnp.dtype) -> Float[Array, "..."]:
    """N(1, 0.02), the initial scales of the temporal unit's BatchNorms."""
    return 1 + 0.02 * jax.random.normal(key, shape, dtype)

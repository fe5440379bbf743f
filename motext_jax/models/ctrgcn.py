"""CTR-GCN: Chen et al. 2021, "Channel-wise topology refinement graph convolution"."""

import jax
import jax.numpy as jnp
from flax import linen as nn
from jaxtyping import Array, Float

from motext_jax.models.batch_norm import BatchNorm
from motext_jax.models.graph_convolution import (
    GraphConvolutionNetwork,
    Pointwise,
    TemporalConvolution,
    fan_out_normal,
)
from motext_jax.skeleton import Skeleton


class CTRGCN(GraphConvolutionNetwork):
    """CTR-GCN, up to its pooled features: see `GraphConvolutionNetwork`."""

    def units(self) -> tuple[type[nn.Module], type[nn.Module]]:
        """Its two units."""
        return RefinedGraphConvolution, MultiScaleTemporalConvolution


class RefinedGraphConvolution(nn.Module):
    """Sums over the joints with a topology that every clip and channel refines for itself.

    The sum of three subsets of the graph: identity, inward, outward. Their topologies are learned
    and start as the skeleton's adjacency; α, the weight of the refinement, is one number for all
    three and starts at 0.
    """

    skeleton: Skeleton
    features: int

    @nn.compact
    def __call__(self, x: Float[Array, "n t v c"]) -> Float[Array, "n t v f"]:
        adjacency = self.skeleton.adjacency()
        topology = self.param("topology", lambda _: jnp.asarray(adjacency, x.dtype))
        alpha = self.param("alpha", nn.initializers.zeros, (), x.dtype)
        identity, inward, outward = (
            RefinedSubset(self.features, name=f"subset_{k}")(x, topology[k], alpha)
            for k in range(3)
        )
        y = identity + inward + outward
        # One transpose of two axes: XLA's CPU backend is slower at the same thing with four.
        return y.reshape(self.features, -1).T.reshape(*x.shape[:-1], self.features)


class RefinedSubset(nn.Module):
    """Channel-wise topology refinement (section 3.2) in one subset of the graph.

    out_u = Σ_v (A[u, v] + α · Q[u, v]) · (T x)_v,  Q[u, v] = ξ tanh(φ(x̄)_u - ψ(x̄)_v),
    where x̄ is the mean of x over time and T, φ, ψ, ξ are 1×1 convolutions. All is computed with
    the channels first, because the sum over v is then a plain matrix product for each channel.
    """

    features: int

    @nn.compact
    def __call__(
        self, x: Float[Array, "n t v c"], topology: Float[Array, "v v"], alpha: Float[Array, ""]
    ) -> Float[Array, "f n t v"]:
        channels = x.shape[-1]
        # The raw coordinates are too few to be divided by 8.
        reduced = channels // 8 or 8
        init = fan_out_normal(self.features)

        # φ and ψ are linear, so they may as well follow the mean over time.
        relation = Pointwise(2 * reduced, fan_out_normal(reduced), name="relation")
        phi, psi = jnp.split(relation(jnp.mean(x, axis=1)), 2, axis=-1)
        difference = jnp.tanh(phi[:, :, None] - psi[:, None, :])
        correlation = Pointwise(self.features, init, channels_first=True, name="refine")(difference)
        refined = topology[None, None] + alpha * correlation

        transformed = Pointwise(self.features, init, channels_first=True, name="transform")(x)
        return jnp.einsum("fnuv,fntv->fntu", refined, transformed)


class MultiScaleTemporalConvolution(nn.Module):
    """Four branches of a quarter of the channels each.

    Convolutions of 5 frames with dilation 1 and 2, and a maximum over 3 frames, each behind a 1×1
    convolution, BatchNorm and ReLU; and a strided 1×1 convolution. A BatchNorm ends every branch.
    Since it looks at each channel alone, the three heads share one and so do the four ends.
    """

    features: int
    stride: int

    @nn.compact
    def __call__(self, x: Float[Array, "n t v c"], train: bool) -> Float[Array, "n t2 v f"]:
        width = self.features // 4
        heads = Pointwise(3 * width, fan_out_normal(width), name="heads")(x)
        heads = nn.relu(BatchNorm(near_one, name="heads_norm")(heads, train))
        near, far, peak = jnp.split(heads, 3, axis=-1)
        branches = [
            TemporalConvolution(width, 5, self.stride, name="near")(near),
            TemporalConvolution(width, 5, self.stride, dilation=2, name="far")(far),
            nn.max_pool(peak, (3, 1), (self.stride, 1), padding=((1, 1), (0, 0))),
            Pointwise(width, fan_out_normal(width), name="point")(x[:, :: self.stride]),
        ]
        return BatchNorm(near_one, name="norm")(jnp.concatenate(branches, axis=-1), train)


def near_one(key: jax.Array, shape: tuple[int, ...], dtype: jnp.dtype) -> Float[Array, "..."]:
    """N(1, 0.02), the initial scales of the temporal unit's BatchNorms."""
    return 1 + 0.02 * jax.random.normal(key, shape, dtype)

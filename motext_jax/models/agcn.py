"""2s-AGCN, one stream: Shi et al. 2019, "Two-stream adaptive graph convolutional networks"."""

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
from motext_jax.models.precision import kept
from motext_jax.skeleton import Skeleton


class AGCN(GraphConvolutionNetwork):
    """One stream of 2s-AGCN, up to its pooled features: see `GraphConvolutionNetwork`."""

    def units(self) -> tuple[type[nn.Module], type[nn.Module]]:
        """Its two units."""
        return AdaptiveGraphConvolution, NormalizedTemporalConvolution


class AdaptiveGraphConvolution(nn.Module):
    """Sums over the joints with a topology that is in part the clip's own (eq. 3).

    out_v = Σ_k W_k Σ_u (A_k + B_k + C_k)[u, v] · x_u, over the subsets k of the graph: identity,
    inward, outward. A is the skeleton's adjacency, B is learned, and C compares the clip's joints:
    C_k[u, v] = softmax_u(θ_k(x)_u · φ_k(x)_v / (e·t)), the product taken over all e = f/4 channels
    and t frames. The division is not in the paper; it is in the official code.

    The three W_k are one 1×1 convolution of 3·c channels, so that they also share one bias.
    """

    skeleton: Skeleton
    features: int

    @nn.compact
    def __call__(self, x: Float[Array, "n v t c"]) -> Float[Array, "n v t f"]:
        n, v, t, c = x.shape
        dtype = kept(x.dtype)
        adjacency = jnp.asarray(self.skeleton.adjacency(), dtype)
        learned = self.param("topology", nn.initializers.constant(1e-6), adjacency.shape, dtype)
        subsets = len(adjacency)

        e = self.features // 4
        theta = Pointwise(subsets * e, fan_out_normal(e), name="theta")(x).reshape(n, v, t, -1, e)
        phi = Pointwise(subsets * e, fan_out_normal(e), name="phi")(x).reshape(n, v, t, -1, e)
        similarity = jnp.einsum("nutke,nvtke->nkuv", theta, phi).astype(dtype) / (e * t)
        topology = (adjacency + learned)[None] + nn.softmax(similarity, axis=2)
        topology = topology.astype(x.dtype)

        aggregated = [jnp.einsum("nuv,nutc->nvtc", topology[:, k], x) for k in range(subsets)]
        init = fan_out_normal(self.features * c * subsets)
        transform = Pointwise(self.features, init, name="transform")
        return transform(jnp.concatenate(aggregated, axis=-1))


class NormalizedTemporalConvolution(nn.Module):
    """A convolution of 9 frames and a BatchNorm."""

    features: int
    stride: int

    @nn.compact
    def __call__(self, x: Float[Array, "n v t c"], train: bool) -> Float[Array, "n v t2 f"]:
        y = TemporalConvolution(self.features, 9, self.stride, name="conv")(x)
        return BatchNorm(name="norm")(y, train)

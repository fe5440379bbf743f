"""2s-AGCN, one stream: Shi et al. 2019, "Two-stream adaptive graph convolutional networks"."""

import dataclasses
from typing import ClassVar

import jax
import jax.numpy as jnp
from flax import linen as nn
from jaxtyping import Array, Float

from motext_jax.models.batch_norm import BatchNorm
from motext_jax.models.graph_convolution import (
    GraphConvolutionConfig,
    GraphConvolutionNetwork,
    Pointwise,
    TemporalConvolution,
    Unit,
    Weights,
    fan_out_normal,
    with_bias,
)
from motext_jax.models.platform import by_platform
from motext_jax.models.precision import param_dtype
from motext_jax.skeleton import Skeleton


class AGCN(GraphConvolutionNetwork):
    """One stream of 2s-AGCN, up to its pooled features: see `GraphConvolutionNetwork`."""

    def units(self, joined: int) -> tuple[Unit, Unit]:
        """Its two units."""
        return AdaptiveGraphConvolution, NormalizedTemporalConvolution


@dataclasses.dataclass
class AGCNConfig(GraphConvolutionConfig):
    """2s-AGCN's options."""

    NETWORK: ClassVar[type[GraphConvolutionNetwork]] = AGCN


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
        dtype = param_dtype(x.dtype)
        adjacency = jnp.asarray(self.skeleton.adjacency(), dtype)
        learned = self.param("topology", nn.initializers.constant(1e-6), adjacency.shape, dtype)
        subsets = len(adjacency)

        e = self.features // 4
        theta = Pointwise(subsets * e, fan_out_normal(e), name="theta")(x).reshape(n, v, t, -1, e)
        phi = Pointwise(subsets * e, fan_out_normal(e), name="phi")(x).reshape(n, v, t, -1, e)
        similarity = jnp.einsum("nutke,nvtke->nkuv", theta, phi).astype(dtype) / (e * t)
        topology = (adjacency + learned)[None] + nn.softmax(similarity, axis=2)
        topology = topology.astype(x.dtype)

        init = fan_out_normal(self.features * c * subsets)
        kernel, bias = Weights(self.features, init, name="transform")(subsets * c, dtype)
        return with_bias(aggregated(topology, x, kernel.astype(x.dtype)), bias)


def aggregated(
    topology: Float[Array, "n k u v"], x: Float[Array, "n u t c"], kernel: Float[Array, "kc f"]
) -> Float[Array, "n v t f"]:
    """Σ_k W_k Σ_u topology_k[u, v] · x_u."""
    arguments = (topology, x, kernel)
    return by_platform(*arguments, tpu=_by_einsums, default=_side_by_side)


def _by_einsums(topology, x, kernel):
    """The sums as plain products, so that a TPU's compiler chooses every layout."""
    kernel = kernel.reshape(topology.shape[1], x.shape[-1], -1)
    return jnp.einsum("nkvtc,kcf->nvtf", jnp.einsum("nkuv,nutc->nkvtc", topology, x), kernel)


@jax.custom_vjp
def _side_by_side(topology, x, kernel):
    """The sums over the joints, side by side, and one product.

    Its derivative is written out, a product for each subset whose result lies as it is needed.
    The one that JAX derives computes all subsets' together, and then copies and transposes them.
    """
    return _forward(topology, x, kernel)[0]


def _forward(topology, x, kernel):
    n, v, t, c = x.shape
    joints = x.reshape(n, v, t * c)
    each = [jnp.einsum("nuv,nup->nvp", a, joints).reshape(-1, c) for a in _subsets(topology)]
    sums = jnp.concatenate(each, axis=-1)
    return (sums @ kernel).reshape(n, v, t, -1), (topology, x, kernel, sums)


def _backward(residuals, gradient):
    topology, x, kernel, sums = residuals
    n, v, t, c = x.shape
    joints = x.reshape(n, v, t * c)
    gradient = gradient.reshape(n * v * t, -1)
    dtopology, dx = [], jnp.zeros_like(joints)
    for a, part in zip(_subsets(topology), jnp.split(kernel, len(kernel) // c), strict=True):
        dsums = (gradient @ part.T).reshape(n, v, t * c)
        dtopology.append(jnp.einsum("nup,nvp->nuv", joints, dsums))
        dx += jnp.einsum("nuv,nvp->nup", a, dsums)
    return jnp.stack(dtopology, axis=1), dx.reshape(x.shape), sums.T @ gradient


_side_by_side.defvjp(_forward, _backward)


def _subsets(topology: Float[Array, "n k u v"]) -> list[Float[Array, "n u v"]]:
    return [topology[:, k] for k in range(topology.shape[1])]


class NormalizedTemporalConvolution(nn.Module):
    """A convolution of 9 frames and a BatchNorm."""

    features: int
    stride: int

    @nn.compact
    def __call__(self, x: Float[Array, "n v t c"], train: bool) -> Float[Array, "n v t2 f"]:
        y = TemporalConvolution(self.features, 9, self.stride, name="conv")(x)
        return BatchNorm(name="norm")(y, train)

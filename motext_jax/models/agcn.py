"""2s-AGCN, one stream: Shi et al. 2019, "Two-stream adaptive graph convolutional networks"."""

import dataclasses
import functools
from typing import Any, ClassVar

import jax
import jax.numpy as jnp
from flax import linen as nn
from jaxtyping import Array, Float

from motext_jax.models import clip_topologies
from motext_jax.models.adaptive_sums import adaptive_sums
from motext_jax.models.batch_norm import BatchNorm
from motext_jax.models.graph_convolution import (
    GraphConvolutionConfig,
    GraphConvolutionNetwork,
    Linear,
    TemporalConvolution,
    Unit,
    Weights,
    fan_out_normal,
    pointwise,
    with_bias,
)
from motext_jax.models.joined_clips import joined_kernel, joined_vector
from motext_jax.models.joint_similarity import joint_similarity
from motext_jax.models.platform import by_platform
from motext_jax.models.precision import param_dtype
from motext_jax.models.tpu_kernel import Size
from motext_jax.skeleton import Skeleton


class AGCN(GraphConvolutionNetwork):
    """One stream of 2s-AGCN, up to its pooled features: see `GraphConvolutionNetwork`."""

    def units(self, joined: int) -> tuple[Unit, Unit]:
        """Its two units."""
        return (
            functools.partial(AdaptiveGraphConvolution, joined=joined),
            functools.partial(NormalizedTemporalConvolution, joined=joined),
        )

    def fits(self, clips: Size, joints: int, frames: Size, features: int, dtype: Any) -> bool:
        """True where the kernels of the graph convolution are made for such sizes."""
        return clip_topologies.fits(clips, joints, features)


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

    Attributes:
      joined: clips that lie side by side in the last axis, see `joined_clips`.
    """

    skeleton: Skeleton
    features: int
    joined: int = 1

    @nn.compact
    def __call__(self, x: Float[Array, "m v t jc"]) -> Float[Array, "m v t jf"]:
        t, c = x.shape[2], x.shape[3] // self.joined
        dtype = param_dtype(x.dtype)
        adjacency = jnp.asarray(self.skeleton.adjacency(), dtype)
        learned = self.param("topology", nn.initializers.constant(1e-6), adjacency.shape, dtype)
        subsets = len(adjacency)

        e = self.features // 4
        theta = Weights(subsets * e, fan_out_normal(e), name="theta")(c, dtype)
        phi = Weights(subsets * e, fan_out_normal(e), name="phi")(c, dtype)
        similarity = compared(x, theta, phi, subsets, self.joined) / (e * t)
        topology = (adjacency + learned)[None] + nn.softmax(similarity, axis=2)

        init = fan_out_normal(self.features * c * subsets)
        kernel, bias = Weights(self.features, init, name="transform")(subsets * c, dtype)
        y = aggregated(topology, x, kernel, joined=self.joined)
        return with_bias(y, joined_vector(bias, self.joined))


def compared(
    x: Float[Array, "m u t jc"], theta: Linear, phi: Linear, subsets: int, joined: int = 1
) -> Float[Array, "n k u v"]:
    """Σ_t θ_k(x)_u · φ_k(x)_v, in the dtype of the weights.

    Args:
      x: activations.
      theta: θ of all subsets.
      phi: φ likewise.
      subsets: k.
      joined: clips that lie side by side in the last axis, see `joined_clips`: j, n = j·m.
    """
    n, v, t, _ = x.shape
    e = theta[0].shape[1] // subsets
    if clip_topologies.fits(n, v, 4 * e * joined):
        both = zip(theta, phi, strict=True)
        kernels, biases = (jnp.stack(each) for each in both)
        kernels = joined_kernel(kernels, joined).astype(x.dtype)
        biases = joined_vector(biases, joined)
        sums = joint_similarity(x.transpose(1, 2, 0, 3), kernels, biases, subsets, joined)
        return clip_topologies.ungrouped(sums, joined).astype(theta[0].dtype)
    one, other = (pointwise(x, *weights).reshape(n, v, t, subsets, e) for weights in (theta, phi))
    return jnp.einsum("nutke,nvtke->nkuv", one, other).astype(theta[0].dtype)


def aggregated(
    topology: Float[Array, "n k u v"],
    x: Float[Array, "m u t jc"],
    kernel: Float[Array, "kc f"],
    joined: int = 1,
) -> Float[Array, "m v t jf"]:
    """Σ_k W_k Σ_u topology_k[u, v] · x_u, for clips joined as in `compared`."""
    if clip_topologies.fits(x.shape[0], x.shape[1], kernel.shape[1] * joined):
        kernel = kernel.reshape(topology.shape[1], -1, kernel.shape[1])
        groups = clip_topologies.grouped(topology, joined)
        weights = joined_kernel(kernel, joined).astype(x.dtype)
        return adaptive_sums(groups, x.transpose(1, 2, 0, 3), weights).transpose(2, 0, 1, 3)
    arguments = (topology.astype(x.dtype), x, kernel.astype(x.dtype))
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
    """A convolution of 9 frames and a BatchNorm.

    Attributes:
      joined: clips that lie side by side in the last axis, see `joined_clips`.
    """

    features: int
    stride: int
    joined: int = 1

    @nn.compact
    def __call__(self, x: Float[Array, "m v t jc"], train: bool) -> Float[Array, "m v t2 jf"]:
        y = TemporalConvolution(self.features, 9, self.stride, joined=self.joined, name="conv")(x)
        return BatchNorm(joined=self.joined, name="norm")(y, train)

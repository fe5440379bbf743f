"""The stack of blocks that both graph convolution networks share, and the parts of a block."""

import dataclasses
import functools
from collections.abc import Callable
from typing import Any, ClassVar

import jax
import jax.numpy as jnp
import numpy as np
from flax import linen as nn
from jax.experimental.layout import Layout, with_layout_constraint
from jaxtyping import Array, Float

from motext_jax.config import MotionTowerConfig, option
from motext_jax.errors import InputError
from motext_jax.models.batch_norm import BatchNorm
from motext_jax.models.joined_clips import join, joined_kernel, joined_vector, separate
from motext_jax.models.platform import by_platform, unless_derived
from motext_jax.models.precision import param_dtype
from motext_jax.models.tpu_kernel import LANES, Size, device_clips
from motext_jax.skeleton import Skeleton

Unit = Callable[..., nn.Module]
"""A class of spatial or temporal units, or one with some of its attributes."""


class GraphConvolutionNetwork(nn.Module):
    """A clip's joint positions to one feature vector.

    A BatchNorm over the coordinates of a frame; blocks in three stages of width, 2·width and
    4·width channels, with the time halved where the second and the third stage begin; the mean
    over the joints, and over time the first coefficients of a cosine transform, of which the first
    is the mean. The published networks have 10 blocks (4, 3, 3), width 64 and the mean alone. A
    subclass names the two units that a block is made of.

    Blocks have the joints before the frames, [n v t c]: a sum over a clip's joints is then one
    matrix product, and so is a convolution of time.

    With a `dtype` the activations of the blocks have it, and so have the factors and results of
    their products; parameters, the statistics of the BatchNorms and softmaxes, and the features
    do not, see `param_dtype`.

    Attributes:
      skeleton: skeleton of the clips, with its order of joints.
      width: channels of the first stage, a multiple of 8.
      blocks: at least 3, spread over the stages evenly, the earlier ones first.
      remat: True if the backward pass computes a block's activations again instead of keeping
        them; between the blocks they are kept.
      cosines: coefficients over time of each channel.
      dtype: dtype of the blocks' activations; None: the clips' dtype.
    """

    skeleton: Skeleton
    width: int = 64
    blocks: int = 10
    remat: bool = False
    cosines: int = 1
    dtype: jnp.dtype | None = None

    @nn.compact
    def __call__(self, clips: Float[Array, "n t v c"], train: bool) -> Float[Array, "n f"]:
        """The features, f = 4·width·cosines, of clips of any length."""
        n, t, v, c = clips.shape
        plan = block_plan(self.width, self.blocks)
        x = BatchNorm(two_passes=True, name="input_norm")(clips.reshape(n, t, v * c), train)
        x = x.reshape(clips.shape).swapaxes(1, 2).astype(self.dtype or x.dtype)
        joined = self.joined(x)
        x = join(x, joined)
        # Counted with self: 2 is `train`, on which a block branches.
        block = nn.remat(Block, static_argnums=2) if self.remat else Block
        for number, (features, stride) in enumerate(plan, start=1):
            if features > self.width and joined > 1:
                x, joined = _channels_last(separate(x, joined)), 1
            spatial_unit, temporal_unit = self.units(joined)
            x = block(
                spatial_unit=spatial_unit,
                temporal_unit=temporal_unit,
                skeleton=self.skeleton,
                features=features,
                stride=stride,
                residual=number > 1,
                joined=joined,
                name=f"block_{number}",
            )(x, train)
        return over_time(jnp.mean(x, axis=1, dtype=clips.dtype), self.cosines)

    def units(self, joined: int) -> tuple[Unit, Unit]:
        """The spatial and the temporal unit of a block; see `Block`."""
        raise NotImplementedError

    def joined(self, x: Float[Array, "n v t c"]) -> int:
        """Clips that lie side by side in the first stage; see `joined_clips`.

        So many that they fill a TPU's lanes, where the units' kernels take them.
        """
        n, v, t, _ = x.shape
        count = max(LANES // self.width, 1)
        if not device_clips(n) or device_clips(n) % count:
            return 1
        return count if self.fits(n // count, v, t, count * self.width, x.dtype) else 1

    def fits(self, clips: Size, joints: int, frames: Size, features: int, dtype: Any) -> bool:
        """True where the units have kernels that are made for such sizes, and for the devices."""
        raise NotImplementedError


@dataclasses.dataclass
class GraphConvolutionConfig(MotionTowerConfig):
    """The options of a graph convolution network; a subclass names the network."""

    NETWORK: ClassVar[type[GraphConvolutionNetwork]]

    width: int = option(64, at_least=8, multiple_of=8)
    """Channels of the first of three stages; doubled at each next (paper: 64)."""
    blocks: int = option(10, at_least=3)
    """Graph-convolution blocks, at least 3, shared out over the three stages (paper: 10)."""
    remat: bool = option(False, may_change="always")
    """Compute each block's activations a second time on the way back instead of keeping them: the
    same step in less memory, for a second forward pass. XLA's CPU backend saves nothing by it."""
    cosines: int = option(1, at_least=1)
    """Cosines over time that the last features are averaged with: 1, their mean alone (paper), in
    which a clip and its halves in the other order are much alike; with more they are not."""
    checkpoint: str = option("", weights=True)
    """A safetensors file of an official PyTorch checkpoint to start from; empty: from scratch."""

    def build(self, skeleton: Skeleton, dtype: Any) -> GraphConvolutionNetwork:
        """The network."""
        return self.NETWORK(skeleton, self.width, self.blocks, self.remat, self.cosines, dtype)

    def pretrained(self, network: Any) -> dict[str, Any] | None:
        """The variables in the checkpoint, if there is one."""
        if not self.checkpoint:
            return None
        # Not above: it knows each network's layers, and so imports the networks.
        from motext_jax.models.weights.graph_convolution import load_torch_tower

        return load_torch_tower(self.checkpoint, network)


def _channels_last(x: Float[Array, "n v t c"]) -> Float[Array, "n v t c"]:
    """Keeps the channels in a TPU's lanes, the clips in its sublanes.

    To clips that are no longer joined the compiler would give the frames' lanes, and copy them and
    their products' gradients back.
    """
    return with_layout_constraint(x, Layout((1, 2, 0, 3)))


def over_time(x: Float[Array, "n t c"], cosines: int) -> Float[Array, "n f"]:
    """The first coefficients of each channel's cosine transform over time, f = cosines·c.

    1/t Σ_s x_s cos(π k (s + ½) / t) for k = 0, 1, ... (the DCT-II, divided by t): the mean for
    k = 0; for k = 1 the first half against the second.
    """
    n, t, c = x.shape
    angles = np.pi / t * np.arange(cosines)[:, None] * (np.arange(t) + 0.5)
    basis = jnp.asarray(np.cos(angles) / t, x.dtype)
    # A matrix product may lose digits on an accelerator; a sum does not.
    return jnp.sum(basis[None, :, :, None] * x[:, None], axis=2).reshape(n, cosines * c)


def block_plan(width: int, blocks: int) -> list[tuple[int, int]]:
    """Each block's (features, stride in time)."""
    if width < 8 or width % 8:
        raise InputError(f"the width of a graph convolution is a multiple of 8, found {width}")
    if blocks < 3:
        raise InputError(f"a graph convolution has at least 3 blocks, found {blocks}")
    plan = []
    for stage in range(3):
        features = width * 2**stage
        rest = (blocks - stage + 2) // 3 - 1
        plan += [(features, 1 if stage == 0 else 2)] + [(features, 1)] * rest
    return plan


class Block(nn.Module):
    """Graph convolution, then temporal convolution, each with its shortcut.

    Attributes:
      spatial_unit: built from (skeleton, features), called with (x): sums over the joints.
      temporal_unit: built from (features, stride), called with (x, train): sums over time.
      residual: adds a shortcut around the whole block; the first block has none.
      joined: clips that lie side by side in the last axis, see `joined_clips`.
    """

    spatial_unit: Unit
    temporal_unit: Unit
    skeleton: Skeleton
    features: int
    stride: int
    residual: bool
    joined: int = 1

    @nn.compact
    def __call__(self, x: Float[Array, "m v t jc"], train: bool) -> Float[Array, "m v t2 jf"]:
        joined = self.joined
        y = self.spatial_unit(self.skeleton, self.features, name="spatial")(x)
        # So small a scale that a block starts out as its shortcuts.
        small = nn.initializers.constant(1e-6)
        y = BatchNorm(small, joined=joined, name="spatial_norm")(y, train)
        y = nn.relu(y + Shortcut(self.features, 1, joined, name="spatial_shortcut")(x, train))
        y = self.temporal_unit(self.features, self.stride, name="temporal")(y, train)
        if self.residual:
            y = y + Shortcut(self.features, self.stride, joined, name="shortcut")(x, train)
        return nn.relu(y)


class Shortcut(nn.Module):
    """The identity where the shapes allow it, else a strided 1×1 convolution and a BatchNorm.

    Attributes:
      joined: clips that lie side by side in the last axis, see `joined_clips`.
    """

    features: int
    stride: int
    joined: int = 1

    @nn.compact
    def __call__(self, x: Float[Array, "m v t jc"], train: bool) -> Float[Array, "m v t2 jf"]:
        if x.shape[-1] == self.features * self.joined and self.stride == 1:
            return x
        project = Pointwise(
            self.features, fan_out_normal(self.features), self.joined, name="project"
        )
        return BatchNorm(joined=self.joined, name="norm")(project(x[:, :, :: self.stride]), train)


class Pointwise(nn.Module):
    """A 1×1 convolution: the same linear map at every position.

    The positions are flattened into one axis before the product. XLA's CPU backend would otherwise
    copy whole activations to contract several axes in the gradient of the kernel, which takes up
    to four times as long. On TPUs, where activations lie in tiles, the flattening is the copy.

    Attributes:
      joined: clips that lie side by side in the last axis, see `joined_clips`.
    """

    features: int
    kernel_init: nn.initializers.Initializer
    joined: int = 1

    @nn.compact
    def __call__(self, x: Float[Array, "*n jc"]) -> Float[Array, "*n jf"]:
        channels, dtype = x.shape[-1] // self.joined, param_dtype(x.dtype)
        kernel = self.param("kernel", self.kernel_init, (channels, self.features), dtype)
        bias = self.param("bias", nn.initializers.zeros, (self.features,), dtype)
        return pointwise(x, joined_kernel(kernel, self.joined), joined_vector(bias, self.joined))


def pointwise(
    x: Float[Array, "*n c"], kernel: Float[Array, "c f"], bias: Float[Array, "f"]
) -> Float[Array, "*n f"]:
    """The linear map of a 1×1 convolution; see `Pointwise`."""
    y = by_platform(x, jnp.asarray(kernel, x.dtype), tpu=jnp.matmul, default=_flattened_product)
    return with_bias(y, bias)


def with_bias(y: Float[Array, "*n f"], bias: Float[Array, "f"]) -> Float[Array, "*n f"]:
    """Adds a bias in its own dtype, in which its gradient is then summed over all positions."""
    return (y.astype(bias.dtype) + bias.reshape(*[1] * (y.ndim - 1), -1)).astype(y.dtype)


def _flattened_product(x: Float[Array, "*n c"], kernel: Float[Array, "c f"]) -> Float[Array, "..."]:
    y = _unfused(_unfused(x.reshape(-1, x.shape[-1])) @ kernel)
    return y.reshape(*x.shape[:-1], -1)


def _unfused(x: Float[Array, "n c"]) -> Float[Array, "n c"]:
    """Keeps an array, and so its gradient, out of fusions where XLA's GPU compiler fails on them.

    In JAX 0.10 it fuses a product with the strided slices and transposes around it, and aborts on
    the one and refuses the other; in 0.12 it does not. A CPU's compiler removes the barrier first.
    """
    return jax.lax.optimization_barrier(x) if jax.__version_info__ < (0, 12) else x


Linear = tuple[Float[Array, "_ kf"], Float[Array, "kf"]]
"""Kernel and bias of a 1×1 convolution to f channels for each of k subsets."""


class Weights(nn.Module):
    """The weights alone of a 1×1 convolution, or of one over `size` frames."""

    features: int
    kernel_init: nn.initializers.Initializer
    size: tuple[int, ...] = ()

    @nn.compact
    def __call__(
        self, channels: int, dtype: jnp.dtype
    ) -> tuple[Float[Array, "*size c f"], Float[Array, "f"]]:
        kernel = self.param(
            "kernel", self.kernel_init, (*self.size, channels, self.features), dtype
        )
        return kernel, self.param("bias", nn.initializers.zeros, (self.features,), dtype)


class TemporalConvolution(nn.Module):
    """A convolution of `size` frames, each joint by itself.

    Attributes:
      stride: stride in frames; t becomes ceil(t / stride).
      dilation: distance between the frames that are summed.
      joined: clips that lie side by side in the last axis, see `joined_clips`.
    """

    features: int
    size: int
    stride: int
    dilation: int = 1
    joined: int = 1

    def setup(self) -> None:
        init = fan_out_normal(self.features * self.size)
        self.conv = Weights(self.features, init, (self.size,))

    def __call__(self, x: Float[Array, "m v t jc"]) -> Float[Array, "m v t2 jf"]:
        kernel, bias = self.weights(x.shape[-1] // self.joined, param_dtype(x.dtype))
        kernel = joined_kernel(kernel.astype(x.dtype), self.joined)
        plain, flattened, by_columns = (
            functools.partial(form, self.stride, self.dilation)
            for form in (_convolution, _flattened_convolution, _by_columns)
        )
        small = _is_small(x.shape, self.stride, kernel)
        return by_platform(
            x,
            kernel,
            joined_vector(bias, self.joined),
            tpu=plain,
            cpu=unless_derived(by_columns, flattened) if small else flattened,
            default=flattened,
        )

    def weights(
        self, channels: int, dtype: jnp.dtype
    ) -> tuple[Float[Array, "s c f"], Float[Array, "f"]]:
        """Its weights, for a kernel that computes it with others."""
        return self.conv(channels, dtype)


MOST_CHANNELS = 24
"""Channels of a convolution up to which a CPU is faster at one product."""

MOST_IN_COLUMNS = 1_500_000
"""Numbers of that product's argument, on each device, which a CPU's caches hold."""


def _is_small(shape: tuple[Size, ...], stride: int, kernel: Float[Array, "s c f"]) -> bool:
    """True for a convolution of clips [n v t c] that a CPU is faster at by `_by_columns`."""
    n, v, t, c = shape
    if any(map(jax.export.is_symbolic_dim, shape)) or c > MOST_CHANNELS:
        return False
    numbers = n * v * -(-t // stride) * len(kernel) * c
    return numbers <= MOST_IN_COLUMNS * max(jax.sharding.get_abstract_mesh().size, 1)


def _by_columns(stride, dilation, x, kernel, bias):
    """The convolution as one product, with the frames that are summed side by side.

    Without a derivative, eight clips take 0.1 to 0.9 of the time of XLA's convolution so. With one,
    a training step takes as long.
    """
    t, padding = x.shape[2], (len(kernel) - 1) * dilation // 2
    x = jnp.pad(x, ((0, 0), (0, 0), (padding, padding), (0, 0)))
    frames = [x[:, :, first : first + t : stride] for first in range(0, 2 * padding + 1, dilation)]
    columns = jnp.concatenate(frames, axis=-1)
    y = _flattened_product(columns, kernel.reshape(columns.shape[-1], -1))
    return with_bias(y, bias)


def _flattened_convolution(stride, dilation, x, kernel, bias):
    """The convolution with clips and joints in one axis, a library's call on CPUs and GPUs."""
    n, v, t, c = x.shape
    y = _convolution(stride, dilation, x.reshape(n * v, t, c), kernel, bias)
    return y.reshape(n, v, *y.shape[1:])


def _convolution(stride, dilation, x, kernel, bias):
    """A convolution over time, the last axis but one; a TPU's layouts tell clips from joints."""
    ones = (1,) * (x.ndim - 3)
    # Explicit, because 'SAME' at stride 2 pads an even length less before than after, and then
    # the kernel's centre does not fall on the frames that the shortcut takes.
    padding = (len(kernel) - 1) * dilation // 2
    joints = "V" * len(ones)
    y = jax.lax.conv_general_dilated(
        x,
        kernel.reshape(ones + kernel.shape),
        window_strides=(*ones, stride),
        padding=((0, 0),) * len(ones) + ((padding, padding),),
        rhs_dilation=(*ones, dilation),
        dimension_numbers=(f"N{joints}TC", f"{joints}TIO", f"N{joints}TC"),
    )
    return with_bias(y, bias)


def fan_out_normal(fan_out: int) -> nn.initializers.Initializer:
    """N(0, √(2 / fan_out)), as PyTorch's kaiming_normal_ with mode='fan_out' (He et al. 2015)."""
    return nn.initializers.normal((2 / fan_out) ** 0.5)

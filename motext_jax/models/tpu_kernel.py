"""Kernels for TPUs (Pallas): the devices that they are made for, and how one is called."""

import functools
import re
from collections.abc import Callable, Sequence
from typing import Any

import jax

from motext_jax.models.platform import platform

LANES = 128
"""Numbers in a row of a vector register, along which the last axis of an array lies."""

MEMORY = 48 << 20
"""Bytes of vector memory that a kernel may take; a TPU v5e has 128 MiB, a v5p 64."""

Scratch = tuple[tuple[int, ...], Any]
"""Shape and dtype of vector memory that a kernel works in."""


Size = Any
"""A number of clips or frames: an int, or a symbol in a program that is exported for any number."""


def has_kernels() -> bool:
    """True where a program is traced for TPUs with so much memory: v2 to v4 have 16 MiB."""
    device = jax.sharding.get_abstract_mesh().abstract_device
    return platform() == "tpu" and not re.search(r"v[234]\b", device.device_kind)


def device_clips(clips: Size) -> int:
    """Clips of each device that has kernels; 0 without, or if they cannot share clips equally."""
    if not has_kernels():
        return 0
    each, left_over = divmod(clips, jax.sharding.get_abstract_mesh().size)
    return 0 if left_over else each


def divisor(number: int, most: int) -> int:
    """The largest divisor of a number that is no larger than `most`."""
    return max(size for size in range(1, max(most, 1) + 1) if number % size == 0)


def kernel(
    block: Callable,
    *,
    grid: tuple[int, ...],
    parallel: int,
    scratch: Sequence[Scratch],
    **specs: Any,
) -> Callable:
    """A kernel that runs `block` over a grid; it is interpreted where there is no TPU.

    Args:
      block: called with the module `pallas`, and the blocks of arguments, results and scratch.
      grid: number of blocks along each axis.
      parallel: axes of the grid, the first ones, whose blocks know nothing of each other.
      scratch: memory that is kept from one block to the next.
      **specs: as of `pallas_call`.
    """
    # Here, for few programs are of TPUs and it takes half a second.
    from jax.experimental import pallas as pl
    from jax.experimental.pallas import tpu as pltpu

    order = [pltpu.PARALLEL] * parallel + [pltpu.ARBITRARY] * (len(grid) - parallel)
    return pl.pallas_call(
        functools.partial(block, pl),
        grid=grid,
        scratch_shapes=[pltpu.VMEM(*each) for each in scratch],
        compiler_params=pltpu.CompilerParams(vmem_limit_bytes=MEMORY, dimension_semantics=order),
        interpret=platform() != "tpu",
        **specs,
    )


def by_clips(function: Callable, axes: Sequence[int | None], out_axes: Sequence[int]) -> Callable:
    """A function of each device's clips, by the axis of the clips in its arguments and results."""
    (name,) = jax.sharding.get_abstract_mesh().axis_names

    def specs(axes):
        return tuple(jax.P() if axis is None else jax.P(*[None] * axis, name) for axis in axes)

    # The kernels say nothing of how their results vary over the mesh.
    return jax.shard_map(function, in_specs=specs(axes), out_specs=specs(out_axes), check_vma=False)

"""Devices: one mesh with one axis, `data`. No other file asks how many there are."""

import contextlib
import functools
import math
import os
import pathlib
from collections.abc import Callable, Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax.experimental import multihost_utils
from jax.sharding import AxisType, Mesh, NamedSharding, PartitionSpec
from jaxtyping import Array, Float

from motext_jax.data.clips import ClipArray
from motext_jax.errors import InputError

BLOCK = 1024
"""Rows that are sent to the devices at once where they shall hold all of an array."""

MOST_CORES = 8
"""The most of a CPU's cores that are devices, for each holds a training state of its own."""

CPU_QUOTA = pathlib.Path("/sys/fs/cgroup/cpu.max")


def find_devices(*batch_sizes: int) -> None:
    """Asks JAX for its devices; a CPU's cores are a device each, up to `MOST_CORES`.

    XLA runs a product of many small matrices on one thread, and these are a third of a step of
    CTR-GCN. With a device for every core, the mesh keeps all cores busy. The number stays as it is
    where whoever started the program chose one, where JAX has its devices already, and for one of
    several processes.

    Args:
      batch_sizes: what the devices will have to share equally.

    Raises:
      InputError: there is no device.
    """
    chosen = "host_platform_device_count" in os.environ.get("XLA_FLAGS", "")
    chosen = chosen or jax.config.values["jax_num_cpu_devices"] > 0
    if not chosen and not jax.distributed.is_initialized():
        most = min(_cores(), MOST_CORES)
        equal = [n for n in range(1, most + 1) if not any(size % n for size in batch_sizes)]
        # JAX has its devices already.
        with contextlib.suppress(RuntimeError):
            jax.config.update("jax_num_cpu_devices", equal[-1])
    try:
        jax.devices()
    except (RuntimeError, AssertionError) as error:
        # An assertion is all that JAX has for a platform whose plugin is not installed.
        raise InputError(
            f"JAX finds no device with JAX_PLATFORMS={os.environ.get('JAX_PLATFORMS', '')}: "
            f"{str(error) or 'not installed'}; a GPU needs pip install -e '.[cuda]'"
        ) from None


def _cores() -> int:
    """CPU cores, or hardware threads, that this process may use, as far as Linux tells."""
    if not hasattr(os, "sched_getaffinity"):
        return os.cpu_count() or 1
    cores = len(os.sched_getaffinity(0))
    try:
        # A container's share: microseconds in a period, or "max".
        quota, period = CPU_QUOTA.read_text().split()
        return min(cores, math.ceil(int(quota) / int(period)))
    except (OSError, ValueError):
        return cores


def data_mesh(devices: Sequence[jax.Device] | None = None) -> Mesh:
    """The devices, by default all of all processes, along one axis."""
    devices = jax.devices() if devices is None else devices
    # By process, so that process k feeds the k-th part of a batch: a TPU's are numbered otherwise.
    ordered = sorted(devices, key=lambda device: (device.process_index, device.id))
    return Mesh(np.array(ordered), ("data",), axis_types=(AxisType.Auto,))


def described(mesh: Mesh) -> str:
    """The devices, as a person would say it."""
    kind, processes = jax.default_backend(), jax.process_count()
    devices = f"{mesh.size} {kind} device{'s' if mesh.size > 1 else ''}"
    return f"{devices} of {processes} processes" if processes > 1 else devices


def machine() -> str:
    """What programs run on here, as a person would say it."""
    devices = jax.devices()
    kind = devices[0].device_kind
    if kind != "cpu":
        return f"{len(devices)} × {kind}"
    return f"{_cores()} CPU cores"


def replicated(mesh: Mesh) -> NamedSharding:
    """Every device holds the whole array."""
    return NamedSharding(mesh, PartitionSpec())


def by_batch(mesh: Mesh) -> NamedSharding:
    """The leading axis is shared out over the devices."""
    return NamedSharding(mesh, PartitionSpec("data"))


def share(mesh: Mesh, batch_size: int) -> tuple[int, int]:
    """The part of a global batch that this process feeds: its number, and how many there are.

    Raises:
      InputError: the batch does not divide among the devices.
    """
    if batch_size % mesh.size:
        raise InputError(
            f"train.batch_size is {batch_size}, which {mesh.size} devices cannot share equally; "
            f"choose a multiple of {mesh.size}, or another number of devices"
        )
    return jax.process_index(), jax.process_count()


def place(mesh: Mesh, batch: Any) -> Any:
    """This process's rows as global arrays, each device holding its part."""
    sharding = by_batch(mesh)
    return jax.tree.map(lambda x: jax.make_array_from_process_local_data(sharding, x), batch)


def hold(mesh: Mesh, rows: Any) -> Float[Array, "n *r"]:
    """An array of the host, the same in every process, that every device holds from now on.

    Block by block: one that is read from a disk is never in the host's memory as a whole.
    """
    whole = replicated(mesh)
    write = jax.jit(
        lambda array, block, start: jax.lax.dynamic_update_slice_in_dim(array, block, start, 0),
        in_shardings=whole,
        out_shardings=whole,
        donate_argnums=0,
    )
    array = make_on(mesh, lambda: jnp.zeros(rows.shape, jnp.float32))
    for start in range(0, len(rows), BLOCK):
        array = write(array, np.asarray(rows[start : start + BLOCK], np.float32), start)
    return array


def device_memory(mesh: Mesh) -> int:
    """Bytes of a device's own memory that programs may take; 0 where it has none but the host's.

    Of the smallest device of all processes: they must not decide differently by it.
    """
    limits = [(device.memory_stats() or {}).get("bytes_limit", 0) for device in mesh.local_devices]
    return int(np.min(multihost_utils.process_allgather(np.float32(min(limits)))))


def abstract_on(mesh: Mesh, make: Callable[[], Any]) -> Any:
    """The shapes of what `make` returns, replicated on a mesh; nothing is computed."""
    whole = replicated(mesh)
    return jax.tree.map(
        lambda x: jax.ShapeDtypeStruct(x.shape, x.dtype, sharding=whole), jax.eval_shape(make)
    )


def make_on(mesh: Mesh, make: Callable[[], Any]) -> Any:
    """What `make` returns, replicated on a mesh; compiled, for it is many small operations."""
    return jax.jit(make, out_shardings=replicated(mesh))()


def jit_train_step(mesh: Mesh, train_step: Callable) -> Callable:
    """Compiles (state, store, batch) -> (state, metrics); the given state's memory is reused.

    State, store and metrics are replicated and the batch is shared out; XLA derives the all-gathers
    of the embeddings and the reductions of gradients and BatchNorm statistics from that alone.
    """
    whole, shared = replicated(mesh), by_batch(mesh)
    return jax.jit(
        train_step,
        in_shardings=(whole, whole, shared),
        out_shardings=(whole, whole),
        donate_argnums=0,
    )


def jit_rows(mesh: Mesh, function: Callable) -> Callable:
    """Compiles (variables, [b ...]) -> [b d], row by row, for batches shared out over a mesh."""
    whole, shared = replicated(mesh), by_batch(mesh)
    return jax.jit(function, in_shardings=(whole, shared), out_shardings=whole)


def map_batches(
    mesh: Mesh,
    compiled: Callable,
    variables: Any,
    rows: np.ndarray | ClipArray,
    batch_size: int,
) -> np.ndarray:
    """Applies a function of `jit_rows` to any number of rows.

    Every batch has the same size (the last is filled up with its first row), so that one shape is
    compiled. A process reads the rows of its own devices alone.

    Args:
      mesh: the devices.
      compiled: from `jit_rows`.
      variables: replicated on the mesh.
      rows: on the host, the same in every process.
      batch_size: rounded up to a multiple of the devices.

    Returns:
      [n d] on the host, in float32.
    """
    batch_size += -batch_size % mesh.size
    shape, sharding = (batch_size, *rows.shape[1:]), by_batch(mesh)
    outputs = []
    for start in range(0, len(rows), batch_size):
        numbers = np.arange(start, start + batch_size)
        numbers[numbers >= len(rows)] = start
        read = functools.partial(_read, rows, numbers)
        output = compiled(variables, jax.make_array_from_callback(shape, sharding, read))
        outputs.append(np.asarray(output)[: len(rows) - start])
    return np.concatenate(outputs).astype(np.float32)


def _read(rows: np.ndarray | ClipArray, numbers: np.ndarray, part: tuple[slice, ...]) -> np.ndarray:
    return rows[numbers[part[0]]]

"""One mesh with one axis, `data`, over all devices."""

import collections
import functools
from collections.abc import Callable, Sequence
from typing import Any, Protocol, runtime_checkable

import jax
import jax.numpy as jnp
import numpy as np
from jax.experimental import multihost_utils
from jax.sharding import AxisType, Mesh, NamedSharding, PartitionSpec
from jaxtyping import Array, Float

from motext_jax.counted import counted
from motext_jax.errors import InputError

AHEAD = 4
"""Batches that are under way while the results of an earlier one are fetched."""

BLOCK = 1024
"""Rows that `replicate` sends to the devices at once."""


@runtime_checkable
class Rows(Protocol):
    """Rows on the host that are read when they are indexed: an array, a memory map, records."""

    @property
    def shape(self) -> tuple[int, ...]:
        """(n, ...)."""

    def __len__(self) -> int: ...

    def __getitem__(self, rows: Any) -> np.ndarray:
        """The rows of a slice or of an array of numbers."""


def data_mesh(devices: Sequence[jax.Device] | None = None) -> Mesh:
    """The devices, by default all of all processes, along one axis."""
    devices = jax.devices() if devices is None else devices
    # By process, so that process k feeds the k-th part of a batch: a TPU's are numbered otherwise.
    ordered = sorted(devices, key=lambda device: (device.process_index, device.id))
    return Mesh(np.array(ordered), ("data",), axis_types=(AxisType.Auto,))


def described(mesh: Mesh) -> str:
    """The devices, as a person would say it."""
    kind, processes = jax.default_backend(), jax.process_count()
    devices = counted(mesh.size, f"{kind} device")
    return f"{devices} of {processes} processes" if processes > 1 else devices


def replicated(mesh: Mesh) -> NamedSharding:
    """Every device holds the whole array."""
    return NamedSharding(mesh, PartitionSpec())


def by_batch(mesh: Mesh) -> NamedSharding:
    """The leading axis is shared out over the devices."""
    return NamedSharding(mesh, PartitionSpec("data"))


def share(mesh: Mesh, batch_size: int, micro_batch: int = 0) -> tuple[int, int]:
    """The part of a global batch that this process feeds: its number, and how many there are.

    Args:
      mesh: the devices.
      batch_size: clips of a batch.
      micro_batch: clips of a group that the towers embed at once; 0 for all of a batch.

    Raises:
      InputError: the batch or a group does not divide among the devices.
    """
    for name, size in (("batch_size", batch_size), ("micro_batch", micro_batch)):
        if size % mesh.size:
            raise InputError(
                f"train.{name} is {size}, which {mesh.size} devices cannot share equally; choose a "
                f"multiple of {mesh.size}, or another number of devices"
            )
    return jax.process_index(), jax.process_count()


def shard_batch(mesh: Mesh, batch: Any) -> Any:
    """Shards this process's rows over the devices, as global arrays."""
    sharding = by_batch(mesh)
    return jax.tree.map(lambda x: jax.make_array_from_process_local_data(sharding, x), batch)


def replicate(mesh: Mesh, rows: Any) -> Float[Array, "n *r"]:
    """Replicates a host array, the same in every process, on every device.

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

    The minimum over all processes, so that all of them decide alike.
    """
    limits = [(device.memory_stats() or {}).get("bytes_limit", 0) for device in mesh.local_devices]
    return int(np.min(multihost_utils.process_allgather(np.float32(min(limits)))))


def abstract_on(mesh: Mesh, make: Callable[[], Any]) -> Any:
    """The shapes of what `make` returns, replicated on a mesh; nothing is computed."""
    return on_mesh(mesh, jax.eval_shape(make))


def on_mesh(mesh: Mesh, shapes: Any) -> Any:
    """Shapes of arrays, replicated on a mesh."""
    whole = replicated(mesh)
    return jax.tree.map(lambda x: jax.ShapeDtypeStruct(x.shape, x.dtype, sharding=whole), shapes)


def make_on(mesh: Mesh, make: Callable[[], Any]) -> Any:
    """Runs `make` as one compiled program and replicates its result on a mesh."""
    return jax.jit(make, out_shardings=replicated(mesh))()


def jit_train_step(mesh: Mesh, train_step: Callable) -> Callable:
    """Compiles (state, store, batch) -> (state, metrics); the given state's memory is reused.

    State, store and metrics are replicated and the batch is sharded; XLA derives the all-gathers of
    the embeddings and the reductions of gradients and BatchNorm statistics from that alone.
    """
    whole, shared = replicated(mesh), by_batch(mesh)
    return jax.jit(
        _traced_for(mesh, train_step),
        in_shardings=(whole, whole, shared),
        out_shardings=(whole, whole),
        donate_argnums=0,
    )


def jit_rows(mesh: Mesh, function: Callable) -> Callable:
    """Compiles (variables, [b ...]) -> [b d], row by row, for batches shared out over a mesh.

    A row stays on its device, unless another process needs it.
    """
    whole, shared = replicated(mesh), by_batch(mesh)
    results = whole if mesh.is_multi_process else shared
    return jax.jit(_traced_for(mesh, function), in_shardings=(whole, shared), out_shardings=results)


def _traced_for(mesh: Mesh, function: Callable) -> Callable:
    """A function whose parts know the mesh while it is traced, for forms that differ by device."""

    @functools.wraps(function)
    def traced(*arguments: Any) -> Any:
        with jax.sharding.use_abstract_mesh(mesh.abstract_mesh):
            return function(*arguments)

    return traced


def map_batches(
    mesh: Mesh,
    compiled: Callable,
    variables: Any,
    rows: Rows,
    batch_size: int,
) -> np.ndarray:
    """Applies a function of `jit_rows` to any number of rows.

    Every batch has the same size (the last is filled up with its first row), so that one shape is
    compiled. A process reads the rows of its own devices alone.

    Args:
      mesh: the devices.
      compiled: function of `jit_rows`.
      variables: variables, replicated on the mesh.
      rows: rows on the host, the same in every process.
      batch_size: rows of a batch, rounded up to a multiple of the devices.

    Returns:
      [n d] on the host, in float32.
    """
    batch_size += -batch_size % mesh.size
    shape, sharding = (batch_size, *rows.shape[1:]), by_batch(mesh)
    outputs: list[np.ndarray] = []
    ahead: collections.deque[jax.Array] = collections.deque()
    for start in range(0, len(rows), batch_size):
        numbers = np.arange(start, start + batch_size)
        numbers[numbers >= len(rows)] = start
        read = functools.partial(_read, rows, numbers)
        ahead.append(compiled(variables, jax.make_array_from_callback(shape, sharding, read)))
        if len(ahead) > AHEAD:
            outputs.append(np.asarray(ahead.popleft()))
    outputs += map(np.asarray, ahead)
    return np.concatenate(outputs)[: len(rows)].astype(np.float32)


def _read(rows: Rows, numbers: np.ndarray, part: tuple[slice, ...]) -> np.ndarray:
    return rows[numbers[part[0]]]

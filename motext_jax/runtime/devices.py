"""Devices: how many of a CPU's cores JAX takes for one, and what the machine is."""

import contextlib
import os

import jax

from motext_jax.errors import InputError
from motext_jax.runtime import host

MOST_CORES = 8
"""The most of a CPU's cores that are devices, for each holds a training state of its own."""


def find_devices(*batch_sizes: int) -> None:
    """Asks JAX for its devices; a CPU's cores are a device each, up to `MOST_CORES`.

    XLA runs a product of many small matrices on one thread, and these are a third of a step of
    CTR-GCN. With a device for every core, the mesh keeps all cores busy. The number stays as it is
    where whoever started the program chose one, where JAX has its devices already, and for one of
    several processes.

    Args:
      batch_sizes: batch sizes that the number of devices must divide.

    Raises:
      InputError: there is no device.
    """
    chosen = "host_platform_device_count" in os.environ.get("XLA_FLAGS", "")
    chosen = chosen or jax.config.values["jax_num_cpu_devices"] > 0
    if not chosen and not jax.distributed.is_initialized():
        most = min(host.cores(), MOST_CORES)
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


def machine() -> str:
    """Names the devices for a reader: `8 × NVIDIA H100` or `4 CPU cores`."""
    devices = jax.devices()
    kind = devices[0].device_kind
    if kind != "cpu":
        return f"{len(devices)} × {kind}"
    return f"{host.cores()} CPU cores"

"""The first thing that a command does with JAX."""

from motext_jax.runtime.compilation import keep_compiled
from motext_jax.runtime.devices import find_devices


def start(*batch_sizes: int) -> None:
    """Sets JAX up for this machine: compiled programs are kept, and a CPU's cores are devices.

    Args:
      batch_sizes: batch sizes that the number of devices must divide.

    Raises:
      InputError: there is no device.
    """
    keep_compiled()
    find_devices(*batch_sizes)

"""The environment that a command starts in, before JAX is imported."""

import os
import sys

from motext_jax.errors import InputError
from motext_jax.runtime import signals


def use_huge_pages() -> None:
    """Starts the command anew with huge pages, which glibc takes from the environment alone.

    A training step on a CPU fills gigabytes of fresh memory. In pages of 4 KiB that are half a
    million faults, which took the kernel a third of the step.
    """
    if sys.platform != "linux" or "GLIBC_TUNABLES" in os.environ:
        return
    # A program that was read from a pipe cannot be read again, and a debugger wants this process.
    # The option says that it was tried, where a wrapper of Python takes the variable away.
    if sys.argv[0] in ("", "-") or sys.gettrace() or "huge_pages" in sys._xoptions:
        return
    os.environ["GLIBC_TUNABLES"] = "glibc.malloc.hugetlb=1"
    signals.hold_until_handled()
    os.execv(sys.executable, [sys.executable, "-X", "huge_pages", *sys.orig_argv[1:]])


def check_devices() -> None:
    """Raises InputError for a number of CPU devices that cannot be meant.

    JAX has a traceback for a number that it cannot read, and nothing for one below 1.
    """
    devices = os.environ.get("JAX_NUM_CPU_DEVICES", "1")
    if not devices.isdecimal() or int(devices) < 1:
        raise InputError(f"JAX_NUM_CPU_DEVICES={devices}: expected a number of devices, from 1")


def check_alone() -> None:
    """Raises InputError where this is one of several processes, each of which would do all."""
    if os.environ.get("JAX_NUM_PROCESSES") not in (None, "", "1"):
        raise InputError("this is one of several processes; add --multiprocess")

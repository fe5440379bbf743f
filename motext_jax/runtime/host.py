"""The machine that a process runs on, without JAX: its cores and its memory."""

import contextlib
import ctypes
import math
import os
import pathlib

CPU_QUOTA = pathlib.Path("/sys/fs/cgroup/cpu.max")


def cores() -> int:
    """CPU cores, or hardware threads, that this process may use, as far as Linux tells."""
    if not hasattr(os, "sched_getaffinity"):
        return os.cpu_count() or 1
    found = len(os.sched_getaffinity(0))
    try:
        # A container's share: microseconds in a period, or "max".
        quota, period = CPU_QUOTA.read_text().split()
        return min(found, math.ceil(int(quota) / int(period)))
    except (OSError, ValueError):
        return found


def memory() -> int:
    """Bytes of the machine's memory."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def give_back_freed_memory() -> None:
    """Gives back to the system what was freed; glibc keeps it for each thread."""
    with contextlib.suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)

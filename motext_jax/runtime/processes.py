"""Several processes that are one run: how they find each other and agree."""

import contextlib
import hashlib
import os
import pathlib
import sys
from collections.abc import Iterator

import jax
import numpy as np
from jax.experimental import multihost_utils
from jax.sharding import Mesh

from motext_jax.errors import InputError
from motext_jax.runtime.lock import at_work, locked
from motext_jax.runtime.mesh import replicated, shard_batch

VARIABLES = ("JAX_COORDINATOR_ADDRESS", "JAX_NUM_PROCESSES", "JAX_PROCESS_ID")
"""Variables that connect processes where neither SLURM, Open MPI nor a TPU does."""


def join() -> None:
    """Makes this process one of several, before it asks JAX for a device.

    SLURM, Open MPI and Cloud TPUs tell JAX of each other's processes. Elsewhere three environment
    variables do, which launch/local.sh sets: JAX_COORDINATOR_ADDRESS, which is JAX's own,
    JAX_NUM_PROCESSES and JAX_PROCESS_ID. What is printed, the first process prints for all.

    Raises:
      InputError: nothing tells of other processes.
    """
    # Its handler would keep SIGTERM from ending whatever is not the training loop.
    jax.config.update("jax_enable_preemption_service", False)
    told = [os.environ.get(name) for name in VARIABLES]
    try:
        if not all(told):
            jax.distributed.initialize()
        else:
            address, count, number = told
            jax.distributed.initialize(
                address,
                int(count or 0),
                int(number or 0),
                # A SLURM job's own variables are of its tasks, not of processes within one.
                cluster_detection_method="deactivate",
            )
    except ValueError as error:
        if any(told):
            said = ", ".join(f"{k}={v or ''}" for k, v in zip(VARIABLES, told, strict=True))
            raise InputError(
                f"--multiprocess: {said}: expected HOST:PORT, a number of processes and a smaller "
                f"one, from 0, which is this one's ({error})"
            ) from None
        raise InputError(
            "--multiprocess: nothing here tells of other processes; start them with "
            f"launch/local.sh, SLURM or on a TPU pod, or leave the flag out ({error})"
        ) from None
    if not is_primary():
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115


@contextlib.contextmanager
def run_alone(directory: pathlib.Path) -> Iterator[None]:
    """Keeps every other run out of a directory, as `lock.alone`; the primary process does for all.

    Raises:
      InputError: another process is at work there; in every process of this run.
    """
    with contextlib.ExitStack() as held:
        free = held.enter_context(locked(directory)) if is_primary() else True
        if not multihost_utils.broadcast_one_to_all(np.int32(free)):
            raise at_work(directory)
        yield


def is_primary() -> bool:
    """True in the one process that writes a run's files."""
    return jax.process_index() == 0


def check_same(said: str, what: str) -> None:
    """Raises InputError, in every process, unless all of them say the same."""
    digest = np.frombuffer(hashlib.sha256(said.encode()).digest(), np.uint8)
    others = multihost_utils.process_allgather(digest).reshape(-1, len(digest))
    if (others != digest).any():
        raise InputError(f"the {len(others)} processes do not have the same {what}")


def everywhere(true: bool) -> bool:
    """True if `true` holds in every process; all processes must call it."""
    return bool(np.all(multihost_utils.process_allgather(np.int32(true))))


class Agreement:
    """Tells every process in the same call whether any of them has asked for something.

    With several processes the answer lags one call, so nobody waits for the newest step.
    """

    def __init__(self, mesh: Mesh):
        self._mesh = mesh
        self._any = jax.jit(lambda asked: asked.any(), out_shardings=replicated(mesh))
        self._last: jax.Array | None = None

    def __call__(self, asked: bool) -> bool:
        """True where any process asked; every process must call it equally often."""
        if jax.process_count() == 1:
            return asked
        last = self._last
        self._last = self._any(
            shard_batch(self._mesh, np.full(len(self._mesh.local_devices), asked))
        )
        return last is not None and bool(last)

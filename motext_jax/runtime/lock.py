"""One run at a time in a directory."""

import contextlib
import fcntl
import pathlib
from collections.abc import Iterator

import numpy as np
from jax.experimental import multihost_utils

from motext_jax.errors import InputError
from motext_jax.runtime.processes import is_primary

NAME = "lock"
"""The file in the directory; it stays there and means nothing by itself."""


@contextlib.contextmanager
def alone(directory: pathlib.Path) -> Iterator[None]:
    """Keeps every other run out of a directory until the block ends. Makes the directory.

    The system lets go of the lock when its process ends, however it ends. Of the processes of one
    run, the primary one holds it for all. Where the file system knows no locks, a line says so.

    Raises:
      InputError: another process is at work there; in every process of this run.
    """
    with contextlib.ExitStack() as held:
        free = held.enter_context(_locked(directory)) if is_primary() else True
        if not multihost_utils.broadcast_one_to_all(np.int32(free)):
            raise InputError(f"{directory}: another process is at work there")
        yield


@contextlib.contextmanager
def _locked(directory: pathlib.Path) -> Iterator[bool]:
    """False where another process holds the lock."""
    directory.mkdir(parents=True, exist_ok=True)
    # Network file systems give a lock for writing to a file that is open for writing alone.
    with (directory / NAME).open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except (BlockingIOError, PermissionError):
            yield False
            return
        except OSError as error:
            print(
                f"{directory}: the file system locks no files ({error.strerror}), so nothing "
                "keeps a second run out",
                flush=True,
            )
        yield True

"""One run at a time in a directory."""

import contextlib
import fcntl
import pathlib
from collections.abc import Iterator

from motext_jax.errors import InputError

NAME = "lock"
"""The file in the directory; it stays there and means nothing by itself."""


@contextlib.contextmanager
def alone(directory: pathlib.Path) -> Iterator[None]:
    """Keeps every other process out of a directory until the block ends. Makes the directory.

    The system lets go of the lock when its process ends, however it ends. Where the file system
    knows no locks, a line says so.

    Raises:
      InputError: another process is at work there.
    """
    with locked(directory) as free:
        if not free:
            raise at_work(directory)
        yield


def at_work(directory: pathlib.Path) -> InputError:
    """The error where another process holds the lock."""
    return InputError(f"{directory}: another process is at work there")


@contextlib.contextmanager
def locked(directory: pathlib.Path) -> Iterator[bool]:
    """Tries what `alone` does; False where another process holds the lock."""
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

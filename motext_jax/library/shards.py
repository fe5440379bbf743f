"""Shares of a folder's files among indexers, and the lock that keeps two from the same share."""

import contextlib
import dataclasses
import fcntl
import hashlib
import os
import pathlib
import shlex
import time
from collections.abc import Iterator
from typing import BinaryIO

from motext_jax.errors import InputError
from motext_jax.library.address import LOCK, MAKING, is_library
from motext_jax.shown import quoted

PLACES = 1 << 32
"""Places of files. A shard is a range of them, so that any two shards can be told to overlap."""

PAUSE = 0.2
"""Seconds between two looks at a lock that another process has."""


@dataclasses.dataclass(frozen=True)
class Shard:
    """Shard `number` of `count`, from 1."""

    number: int = 1
    count: int = 1

    @classmethod
    def parse(cls, text: str) -> "Shard":
        """Reads `3/8`; raises InputError for another text."""
        first, _, second = text.partition("/")
        if first.isascii() and second.isascii() and first.isdigit() and second.isdigit():
            number, count = int(first), int(second)
            if 1 <= number <= count <= 1_000_000:
                return cls(number, count)
        raise InputError(f"--shard is {quoted(text)}; expected K/N, with K from 1 to N, as in 3/8")

    @property
    def places(self) -> range:
        """The places of its files."""
        first, end = ((k * PLACES) // self.count for k in (self.number - 1, self.number))
        return range(first, end)


def place(file: str) -> int:
    """The place of a file by its name, the same on every machine."""
    name = file.encode(errors="surrogateescape")
    return int.from_bytes(hashlib.sha256(name).digest()[:4])


class Busy(InputError):
    """Another process indexes the same files."""


@contextlib.contextmanager
def alone(address: str, shard: Shard) -> Iterator[bool]:
    """Keeps other indexers out of a shard's places; gives True where nothing can be in the way.

    An object store knows no locks, and some file systems do not: there it gives False. The system
    lets go of a lock when its process ends, however it ends.

    Raises:
      Busy: another process indexes some of these places.
      InputError: the folder cannot be written.
    """
    if "://" in address:
        yield False
        return
    with _lock_file(pathlib.Path(address), LOCK) as file:
        try:
            places = shard.places
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, len(places), places.start, os.SEEK_SET)
        except (BlockingIOError, PermissionError):
            raise Busy(
                f"{address}: another process is indexing these files; wait until it is done"
            ) from None
        except OSError as error:
            print(
                f"{address}: the file system locks no files ({error.strerror}), so nothing keeps a "
                "second indexer out",
                flush=True,
            )
            yield False
            return
        yield True


@contextlib.contextmanager
def making(address: str) -> Iterator[None]:
    """Lets one process at a time change what is not of its own places; the others wait.

    An object store knows no locks, and some file systems do not: there nobody waits.

    Raises:
      InputError: the folder cannot be written.
    """
    if "://" in address:
        yield
        return
    # Another file: to close one of `alone`'s would let go of its lock.
    with _lock_file(pathlib.Path(address), MAKING) as file:
        with contextlib.suppress(OSError):
            fcntl.lockf(file, fcntl.LOCK_EX)
        yield


def wait(address: str) -> None:
    """Waits until no other process indexes any of a library's files; errors as `alone`."""
    while True:
        try:
            with alone(address, Shard()):
                return
        except Busy:
            time.sleep(PAUSE)


def _lock_file(folder: pathlib.Path, name: str) -> BinaryIO:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return (folder / name).open("a+b")
    except OSError as error:
        search = ""
        if is_library(folder):
            search = f"search it as it is by --library={shlex.quote(str(folder))} without FOLDER, "
        raise InputError(
            f"{folder}: the library cannot be written ({error.strerror}); {search}make its folder "
            "writable, or give another one with --library"
        ) from None

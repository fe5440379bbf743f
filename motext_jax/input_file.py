"""Files from others: regular ones alone are opened, and what is raised about one is a sentence."""

import contextlib
import io
import json
import os
import stat
from collections.abc import Iterator
from typing import Any

from motext_jax.errors import InputError
from motext_jax.shown import shown

LARGEST = 2 << 30
"""Bytes of a file that is read whole; hours of motion, or of a scene's pictures, take less."""

PATH_LETTERS = 400
"""The most letters of a path that a sentence names; a table may hold a path of megabytes."""


@contextlib.contextmanager
def reading(where: str | os.PathLike[str], what: str) -> Iterator[None]:
    """Turns whatever is raised about a file into an InputError.

    A damaged file makes libraries raise nearly anything: errors of the disk, of numbers, of
    recursion, of their own. This is for calls of libraries; errors of our own stay what they are.

    Args:
      where: the file, or the file and a part of it.
      what: what it should be, with its article: "an npz archive".
    """
    try:
        yield
    except InputError:
        raise
    except FileNotFoundError:
        raise InputError(f"{_named(where)}: there is no such file") from None
    except MemoryError:
        raise InputError(f"{_named(where)}: does not fit into the memory") from None
    except OSError as error:
        said = shown(error.strerror or str(error) or type(error).__name__)
        raise InputError(f"{_named(where)}: cannot be read: {said}") from None
    except Exception as error:
        said = shown(str(error)) or type(error).__name__
        raise InputError(f"{_named(where)}: not {what} ({said})") from None


def open_file(path: str | os.PathLike[str]) -> io.BufferedReader:
    """Opens a regular file for reading bytes.

    Raises:
      InputError: there is no such file, it is empty, or it is a folder, a pipe or a device: a pipe
        could block for ever, and a device may have no end.
    """
    with reading(path, "the name of a file"):
        # Not blocking, because a pipe without a writer blocks when it is opened.
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            os.close(descriptor)
            kind = "a folder" if stat.S_ISDIR(status.st_mode) else "a pipe or a device"
            raise InputError(f"{_named(path)}: cannot be read: {kind}, and not a file")
        if not status.st_size:
            os.close(descriptor)
            raise InputError(f"{_named(path)}: the file is empty")
        return os.fdopen(descriptor, "rb")


def read_bytes(path: str | os.PathLike[str]) -> bytes:
    """The content of a regular file.

    Raises:
      InputError: as `open_file`, or it is larger than `LARGEST`.
    """
    with open_file(path) as file, reading(path, "a file"):
        if (size := os.fstat(file.fileno()).st_size) > LARGEST:
            raise InputError(f"{_named(path)}: {size:,} bytes; expected at most {LARGEST:,}")
        return file.read()


def read_json(path: str | os.PathLike[str]) -> Any:
    """The content of a JSON file.

    Raises:
      InputError: there is no such file, or it is no JSON.
    """
    content = read_bytes(path)
    with reading(path, "JSON"):
        return json.loads(content.decode("utf-8-sig"))


def _named(where: str | os.PathLike[str]) -> str:
    name = os.fspath(where)
    return name if len(name) <= PATH_LETTERS else shown(name)

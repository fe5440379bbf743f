"""Addresses of libraries, looked at before anything slow; those of object stores are only opened.

Imports nothing that is slow itself.
"""

import os
import pathlib
import re
import shlex

from motext_jax.errors import InputError
from motext_jax.nearest_name import nearest_name
from motext_jax.outputs import check_above

FACTS_FOLDER = "facts.lance"
"""The folder of the table by which a folder is known to be a library."""

LOCK, MAKING = "lock", "making"
"""The files of a library that indexers lock: their shares of the one, and the other while they make
or mark it."""


# A folder of that name would be made on this machine.
_STROKES = re.compile(r"(s3|gs|az|file):/(?!/)", re.IGNORECASE)


def check_library(address: str, makes: bool) -> None:
    """Raises InputError where there is no library, and none is or can be made.

    Args:
      address: the library's folder, or its address at an object store; empty for none.
      makes: True for a command that makes a library where there is none.
    """
    if found := _STROKES.match(address):
        raise InputError(
            f"{address}: an address has two strokes after its colon; give {found[1]}://"
            f"{address[found.end() :]}, or ./{address} for a folder of this name"
        )
    if not address or "://" in address or is_library(address):
        return
    if os.path.lexists(address) and not os.path.isdir(address):
        raise InputError(f"{address}: a file; give the folder of a library")
    if makes:
        check_above(address, FACTS_FOLDER)
        if strangers := _strangers(address):
            raise InputError(
                f"{address}: the folder holds {strangers[0]} and no library; give a new or an "
                "empty folder"
            )
        return
    raise InputError(
        f"{address}: there is no library; python -m motext_jax.index FOLDER "
        f"--library={shlex.quote(address)} makes one{_did_you_mean(address)}"
    )


def is_library(folder: str | os.PathLike) -> bool:
    """True for a folder that holds a library."""
    return os.path.isdir(pathlib.Path(folder) / FACTS_FOLDER)


def _strangers(folder: str) -> list[str]:
    """Names in a folder that no library has, not even one whose making was stopped."""
    names = sorted(os.listdir(folder)) if os.path.isdir(folder) else []
    return [name for name in names if name not in (LOCK, MAKING) and not name.endswith(".lance")]


def _did_you_mean(address: str) -> str:
    """The end of a sentence: the library beside it with the nearest name; empty if none is near."""
    path = pathlib.Path(os.path.abspath(address))
    try:
        beside = [one.name for one in path.parent.iterdir() if is_library(one)]
    except OSError:
        return ""
    near = nearest_name(path.name, beside)
    return f"; did you mean {path.parent / near}?" if near else ""

"""Files and folders that are written: what stands in their way is said before anything slow.

Every sentence begins with the place. Imports nothing that is slow itself.
"""

import contextlib
import os
import pathlib
import secrets

from motext_jax.errors import InputError

PARTIAL = "partial-00000000-"
"""As long as what `whole_file.whole` adds to a name while the file is written."""


def check_file(path: str, ending: str = "") -> None:
    """Raises InputError where no file can be written.

    Args:
      path: the file, which may be there.
      ending: the end that its name must have, such as `.json`; empty for any.
    """
    # A motion whose name was given by mistake would be lost.
    if pathlib.Path(path).suffix.lower() != ending and ending:
        raise InputError(f"{path}: expected a name that ends in {ending}")
    if os.path.isdir(path):
        raise InputError(f"{path}: a folder; give a file")
    if os.path.exists(path) and not os.path.isfile(path):
        # It would be replaced by a file.
        raise InputError(f"{path}: a device or a pipe; give a file")
    check_above(path)
    above = os.path.dirname(os.path.abspath(path))
    if not os.path.isdir(above):
        # A mistyped folder would be made, and the file be looked for elsewhere.
        raise InputError(f"{path}: there is no folder {above}; make it, or give another place")


def check_new_folder(path: str | os.PathLike) -> None:
    """Raises InputError unless it is an empty folder, or one that can be made.

    Two exports in one folder could not be told apart: each numbers its files from 1.

    Args:
      path: the folder.
    """
    if os.path.lexists(path) and not os.path.isdir(path):
        raise InputError(f"{os.fspath(path)}: a file; give a folder")
    check_above(path, "x")
    if os.path.isdir(path) and (there := sorted(os.listdir(path))):
        more = f" and {len(there) - 1:,} more" if there[1:] else ""
        raise InputError(
            f"{os.fspath(path)}: the folder holds {there[0]}{more} already, which would be mixed "
            "with what is found; give a new or an empty folder"
        )


def check_above(
    path: str | os.PathLike, below: str = "", instead: str = "give another place"
) -> None:
    """Raises InputError where a place cannot be made because of its name or a folder above it.

    Args:
      path: the place, which the sentence names.
      below: the name of a file in it, for a folder; empty for a file.
      instead: the end of the sentence: what to do.
    """
    said, full = os.fspath(path), pathlib.Path(os.path.abspath(os.path.join(path, below)))
    try:
        os.lstat(full.with_name(PARTIAL + full.name))
    except (FileNotFoundError, NotADirectoryError):
        pass
    except OSError as error:
        raise InputError(f"{said}: {error.strerror}; {instead}") from None
    above = full.parent
    while not os.path.lexists(above):
        above = above.parent
    if not os.path.isdir(above):
        raise InputError(f"{said}: {above} is no folder; {instead}")
    if not _is_writable(above):
        raise InputError(f"{said}: nothing can be written in {above}; {instead}")


def _is_writable(folder: pathlib.Path) -> bool:
    """True for a folder in which something can be made."""
    if not os.access(folder, os.W_OK | os.X_OK):
        return False
    # The rights alone do not say it: root has them all, and some file systems take nothing.
    probe = folder / f"partial-{secrets.token_hex(4)}"
    try:
        os.mkdir(probe)
    except OSError:
        return False
    with contextlib.suppress(OSError):
        os.rmdir(probe)
    return True


def check_outside(place: str | os.PathLike, folder: str | os.PathLike) -> None:
    """Raises InputError where spans or a table would be among the takes that are searched."""
    if is_within(place, folder):
        raise InputError(
            f"{os.fspath(place)}: it is in the folder that is searched, and the next search would "
            "take what is written for takes; give a place outside of it"
        )


def is_within(path: str | os.PathLike, folder: str | os.PathLike) -> bool:
    """True for a path that is a folder, or lies anywhere below it; neither need be there."""
    inside, root = os.path.realpath(path), os.path.realpath(folder)
    return inside == root or inside.startswith(root.rstrip(os.sep) + os.sep)

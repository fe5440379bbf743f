"""Files and folders that a search writes: what stands in their way is said before anything slow.

Imports nothing that is slow itself.
"""

import os
import pathlib

from motext_jax.errors import InputError

STDOUT = "-"
"""The name that stands for stdout."""

PARTIAL = "partial-00000000-"
"""As long as what `whole_file.whole` adds to a name while the file is written."""


def check_outputs(*, json: str = "", csv: str = "", out: str = "", export: str = "") -> None:
    """Raises InputError for places that cannot be written to, or that are one place.

    Args:
      json: a file, `-` for stdout; empty for none.
      csv: likewise.
      out: a file; empty for none.
      export: a new or an empty folder; empty for none.
    """
    if json == csv == STDOUT:
        raise InputError("--json and --csv both write to the terminal; give one of them a file")
    taken: dict[str, str] = {}
    for name, path in {"json": json, "csv": csv, "out": out}.items():
        if not path or path == STDOUT:
            continue
        check_file(name, path)
        same = taken.setdefault(os.path.realpath(path), name)
        if same != name:
            raise InputError(f"--{same} and --{name} are the same file; give two")
    if export:
        check_new_folder("export", export)


def check_file(name: str, path: str) -> None:
    """Raises InputError where no file can be written.

    Args:
      name: the flag that names it.
      path: the file, which may be there.
    """
    if os.path.isdir(path):
        raise InputError(f"--{name}={path}: a folder; give a file")
    if os.path.exists(path) and not os.path.isfile(path):
        # It would be replaced by a file.
        raise InputError(f"--{name}={path}: a device or a pipe; give a file")
    _check_above(name, path)


def check_new_folder(name: str, path: str | os.PathLike) -> None:
    """Raises InputError unless it is an empty folder, or one that can be made.

    Two exports in one folder could not be told apart: each numbers its files from 1.

    Args:
      name: the flag that names it; empty where none does.
      path: the folder.
    """
    if os.path.lexists(path) and not os.path.isdir(path):
        raise InputError(f"{_given(name, path)}: a file; give a folder")
    _check_above(name, os.path.join(path, "x"))
    if os.path.isdir(path) and (there := sorted(os.listdir(path))):
        more = f" and {len(there) - 1:,} more" if there[1:] else ""
        raise InputError(
            f"{_given(name, path)}: the folder holds {there[0]}{more} already, which would be "
            "mixed with what is found; give a new or an empty folder"
        )


def check_outside(export: str, folder: str | os.PathLike) -> None:
    """Raises InputError where spans would be written among the takes that are searched."""
    inside, root = os.path.realpath(export), os.path.realpath(folder)
    if export and (inside == root or inside.startswith(root.rstrip(os.sep) + os.sep)):
        raise InputError(
            f"--export={export}: it is in the folder that is searched, and the next search would "
            "take its files for takes; give a folder outside of it"
        )


def _given(name: str, path: str | os.PathLike = "") -> str:
    """The beginning of a sentence: a flag with its value, or one of both alone."""
    if not path:
        return f"--{name}: " if name else ""
    return f"--{name}={os.fspath(path)}" if name else os.fspath(path)


def _check_above(name: str, path: str) -> None:
    """Raises InputError where no file can be made because of its name or a folder above it."""
    full = pathlib.Path(os.path.abspath(path))
    try:
        os.lstat(full.with_name(PARTIAL + full.name))
    except (FileNotFoundError, NotADirectoryError):
        pass
    except OSError as error:
        raise InputError(f"{_given(name, path)}: {error.strerror}; give another place") from None
    above = full.parent
    while not os.path.lexists(above):
        above = above.parent
    if not os.path.isdir(above):
        raise InputError(f"{_given(name)}{above} is no folder; give another place")
    if not os.access(above, os.W_OK | os.X_OK):
        raise InputError(f"{_given(name)}nothing can be written in {above}; give another place")

"""Files that appear under their names when they are whole, or not at all."""

import contextlib
import json
import os
import pathlib
import secrets
import shutil
from collections.abc import Iterator
from typing import Any


@contextlib.contextmanager
def whole(path: pathlib.Path) -> Iterator[pathlib.Path]:
    """Gives a place beside `path` for a new file or folder, and renames it when the block ends.

    A block that fails leaves nothing behind, and an older file at `path` stays. The place has the
    suffix of `path`, because some writers choose their format by it. Its name is unique, so several
    processes can write the same file. The folder above is made.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    place = path.with_name(f"partial-{secrets.token_hex(4)}-{path.name}")
    try:
        yield place
        for file in place.rglob("*") if place.is_dir() else [place]:
            if file.is_file():
                _to_disk(file)
        place.replace(path)
    except BaseException:
        if place.is_dir():
            shutil.rmtree(place, ignore_errors=True)
        else:
            place.unlink(missing_ok=True)
        raise


def write_text(text: str, path: pathlib.Path) -> None:
    """Writes a text in UTF-8."""
    with whole(path) as place:
        place.write_text(text, encoding="utf-8")


def write_json(tree: Any, path: pathlib.Path) -> None:
    """Writes a JSON tree, indented; NaN and infinity raise ValueError, for JSON has neither."""
    write_text(json.dumps(tree, indent=2, allow_nan=False) + "\n", path)


def _to_disk(path: pathlib.Path) -> None:
    """Waits for the disk; otherwise a power cut could leave the renamed file empty."""
    with path.open("rb") as file:
        os.fsync(file.fileno())

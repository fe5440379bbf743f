"""Fingerprints of what clips are made of, so that what has changed since is made anew.

A file is known by its size and time. Where these differ, its content decides.
"""

import dataclasses
import functools
import hashlib
import os
import pathlib
from collections.abc import Mapping
from typing import Any

from motext_jax.data.reading import ClipFiles

LARGEST = 64 << 20
"""Bytes of the largest file whose content is read for its digest; a larger one has its time."""

Known = tuple[str, int, int, str]
"""A file's name, size, time in nanoseconds and digest, which is empty where it cannot be read."""

MISSING = "missing"
"""The digest of a file that is not there."""


@dataclasses.dataclass(frozen=True)
class Inputs:
    """Fingerprint of one piece of a source.

    Attributes:
      said: digest of what tables say of it.
      files: the files that it is read from.
    """

    said: str
    files: tuple[Known, ...]

    @classmethod
    def of(cls, source: ClipFiles, piece: Any, before: "Inputs | None" = None) -> "Inputs":
        """The fingerprint now; `before` saves reading files whose size and time are the same."""
        text, paths = source.depends_on(piece)
        known = {file[:3]: file for file in (before.files if before else ())}
        files = []
        for path in paths:
            size, time = _size_and_time(path)
            name = os.path.abspath(path)
            files.append(known.get((name, size, time)) or (name, size, time, _digest(path, time)))
        return cls(said(text), tuple(files))

    @classmethod
    def from_json(cls, tree: Mapping[str, Any]) -> "Inputs":
        """The inverse of `dataclasses.asdict`, after a way through JSON."""
        files = tuple((str(n), int(s), int(t), str(d)) for n, s, t, d in tree["files"])
        return cls(str(tree["said"]), files)

    def same(self, other: "Inputs") -> bool:
        """True if nothing has changed; a file that cannot be read is tried anew."""
        content, theirs = ([(n, s, d) for n, s, _, d in one.files] for one in (self, other))
        return self.said == other.said and content == theirs and all(d for *_, d in content)


def said(text: str) -> str:
    """The digest of what tables say of a piece, and of the code that reads it."""
    return hashlib.sha256(_code() + text.encode(errors="surrogatepass")).hexdigest()[:32]


@functools.cache
def _code() -> bytes:
    """The digest of the rooms that make clips, so that another version makes them anew."""
    package = pathlib.Path(__file__).parents[1]
    files = [package / "skeleton.py"]
    files += [
        path for room in ("motion", "data") for path in sorted((package / room).rglob("*.py"))
    ]
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).digest()


def _size_and_time(path: pathlib.Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except (OSError, ValueError):
        return 0, 0
    return found.st_size, found.st_mtime_ns


def _digest(path: pathlib.Path, time: int) -> str:
    try:
        if not os.path.lexists(path):
            return MISSING
        if path.stat().st_size > LARGEST:
            return f"of {time}"
        # Not a pipe, which could block.
        return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
    except (OSError, ValueError):
        return ""

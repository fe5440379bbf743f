"""Faults of a folder that were told once: a list at first, and one line from then on."""

import contextlib
import hashlib
import json
import os
from collections.abc import Iterable, Sequence
from typing import TextIO

from motext_jax.counted import counted
from motext_jax.data.left_out import REASON_LETTERS
from motext_jax.runtime.compilation import cache_folder
from motext_jax.shown import shown
from motext_jax.whole_file import write_json

MOST_NEW = 10
"""The most new reasons that a search lists."""


class Told:
    """The faults of a library that its user was told of, under the user's caches.

    Attributes:
      path: a JSON list of digests.
    """

    def __init__(self, address: str | os.PathLike):
        place = os.fspath(address)
        place = place if "://" in place else os.path.realpath(place)
        self.path = cache_folder() / "told" / f"{_digest(place)}.json"

    def new(self, faults: Iterable[str]) -> list[str]:
        """The faults that were not told before, each once."""
        try:
            known = set(map(str, json.loads(self.path.read_text(encoding="utf-8"))))
        except (OSError, ValueError, TypeError, RecursionError):
            known = set()
        return [fault for fault in dict.fromkeys(faults) if _digest(fault) not in known]

    def keep(self, faults: Iterable[str]) -> None:
        """Keeps the faults as told, and forgets those that are no more."""
        # A full disk or a read-only home is no reason to end a search.
        with contextlib.suppress(OSError):
            write_json(sorted(set(map(_digest, faults))), self.path)


def say_all(faults: Sequence[str], out: TextIO) -> None:
    """Prints every fault, as `index` does; those of one reason together."""
    _say(faults, _together(faults), out)


def _say(faults: Sequence[str], groups: Sequence[Sequence[str]], out: TextIO) -> None:
    """Prints how many faults there are, and some of them."""
    if faults:
        print(f"{_count(len(faults))}:", file=out)
    for first, *others in groups:
        print(f"  {shown(first, REASON_LETTERS)}", file=out)
        if others:
            files = shown("; ".join(fault.partition(": ")[0] for fault in others), REASON_LETTERS)
            print(f"  ... and {len(others):,} more, the same: {files}", file=out)


def _together(faults: Iterable[str]) -> list[list[str]]:
    """Groups of faults that say the same of several files; a sentence begins with its file."""
    groups: dict[str, list[str]] = {}
    for fault in faults:
        where, _, why = fault.partition(": ")
        groups.setdefault(why or where, []).append(fault)
    return list(groups.values())


def say_new(faults: Sequence[str], new: Sequence[str], how: str, out: TextIO) -> None:
    """Prints the new faults, and of the others their number, as a search does.

    Args:
      faults: all faults.
      new: those that were not told before.
      how: the command that lists them all.
      out: where the lines go.
    """
    known = len(faults) - len(new)
    if known:
        print(f"{_count(known)} as before; listed by: {how}", file=out)
    groups = _together(new)
    _say(new, groups[:MOST_NEW], out)
    if rest := sum(map(len, groups[MOST_NEW:])):
        print(f"  ... and {rest:,} more; listed by: {how}", file=out)


def _count(number: int) -> str:
    # Not "left out": of a file that cannot be read now, the take of before stays.
    return counted(number, "file or row has a fault", "files or rows have faults")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:12]

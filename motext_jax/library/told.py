"""Faults of a folder that were told once: a list at first, and one line from then on."""

import contextlib
import hashlib
import json
import os
from collections.abc import Iterable, Sequence
from typing import TextIO

from motext_jax.data.left_out import REASON_LETTERS
from motext_jax.runtime.compilation import cache_folder
from motext_jax.shown import counted, shown
from motext_jax.whole_file import write_json

MOST_NEW = 10
"""The most new faults that a search lists."""


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
    """Prints every fault, as `index` does."""
    _say(faults, len(faults), out)


def _say(faults: Sequence[str], most: int, out: TextIO) -> None:
    """Prints how many faults there are, and the first of them."""
    if faults:
        print(f"{_count(len(faults))} left out:", file=out)
    for fault in faults[:most]:
        print(f"  {shown(fault, REASON_LETTERS)}", file=out)


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
        print(f"{_count(known)} left out as before; listed by: {how}", file=out)
    _say(new, MOST_NEW, out)
    if len(new) > MOST_NEW:
        print(f"  ... and {len(new) - MOST_NEW:,} more; listed by: {how}", file=out)


def _count(number: int) -> str:
    return counted(number, "file or row is", "files or rows are")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:12]

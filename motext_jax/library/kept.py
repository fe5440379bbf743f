"""Libraries of folders that were given no place: they are kept with the user's other caches."""

import contextlib
import hashlib
import os
import pathlib
import re
import shlex
import sys
from typing import TextIO

from motext_jax.library.index import index
from motext_jax.library.progress import Line, said
from motext_jax.library.shards import Busy, Shard, wait
from motext_jax.library.store import Store
from motext_jax.library.summary import Summary
from motext_jax.library.told import Told, say_all, say_new
from motext_jax.runtime.compilation import cache_folder
from motext_jax.runtime.host import cores
from motext_jax.runtime.signals import work_is_kept
from motext_jax.trained.places import CHECKSUMS, STARTER, find
from motext_jax.waiting import waiting

LIBRARIES = "libraries"
"""Their folder in the cache."""


def kept_library(folder: str | os.PathLike, model: str = "") -> str:
    """The address of a folder's library under ~/.cache/motext_jax, another for every model.

    Raises:
      InputError: there is no such model.
    """
    path, place = os.path.realpath(folder), find(model or STARTER)
    try:
        # The starter of another environment is the same model, and that of another version is not.
        which = [path, (place / CHECKSUMS).read_text(encoding="utf-8")]
    except OSError:
        which = [path, os.path.realpath(place)]
    # A run that has gone on is another model, and so is one that was begun again.
    with contextlib.suppress(OSError):
        steps = sorted((place / "checkpoints").iterdir())
        which += [f"{step.name} {step.stat().st_mtime_ns}" for step in steps]
    digest = hashlib.sha256("\0".join(which).encode(errors="surrogateescape")).hexdigest()[:12]
    name = re.sub(r"[^\w.-]+", "_", pathlib.Path(path).name, flags=re.ASCII)[:40]
    return str(cache_folder() / LIBRARIES / f"{name}-{digest}")


def ready_to_search(
    folder: str | os.PathLike, address: str, model: str = "", *, fps: float = 0.0, out: TextIO
) -> None:
    """Brings a folder's library up to date; while another process does so, what is there serves.

    While there is nothing yet, it waits for the other process, and goes on where that one was
    stopped. Faults that were told before are told by their number. Arguments and errors as of
    `bring_up_to_date`.
    """
    said = False
    while True:
        try:
            bring_up_to_date(folder, address, model, fps=fps, out=out, again=False)
            return
        except Busy as busy:
            if takes := _takes_of(address):
                there = "the take that it has" if takes == 1 else f"the {takes:,} takes that it has"
                print(f"{busy}; {there} so far {'is' if takes == 1 else 'are'} searched", file=out)
                return
        if not said:
            print(
                f"another process is indexing {os.fspath(folder)} for the first time; waiting "
                "until it is done",
                file=out,
                flush=True,
            )
            said = True
        wait(address)


def _takes_of(address: str) -> int:
    """The number of takes that a library has; 0 where there is none."""
    store = Store.find(address)
    return sum(not row.reason for row in store.rows().values()) if store else 0


def bring_up_to_date(
    folder: str | os.PathLike,
    address: str,
    model: str = "",
    *,
    shard: Shard = Shard(),  # noqa: B008
    fps: float = 0.0,
    processes: int = 0,
    out: TextIO | None = None,
    again: bool = True,
) -> Summary:
    """Indexes a folder and tells of it.

    Args:
      folder, address, model, shard, fps: as of `index.index`.
      processes: number of processes that read; 0 for one a core.
      out: where the lines go; None for stdout.
      again: list faults that were told before, too.

    Raises:
      InputError: as `index.index`.
    """
    out = out or sys.stdout
    with work_is_kept():
        summary = index(
            folder,
            address,
            model,
            shard=shard,
            fps=fps,
            processes=processes or cores(),
            progress=Line(out),
            start=_start,
            waiting=waiting,
        )
    told = Told(address)
    if again:
        say_all(summary.bad, out)
    else:
        say_new(summary.bad, told.new(summary.bad), indexed_by(folder, address, model), out)
    told.keep(summary.bad)
    for line in said(summary, address):
        print(line, file=out)
    return summary


def _start() -> None:
    # Not above: it imports JAX, which a folder without changes does not need.
    from motext_jax.runtime.startup import start

    start()


def indexed_by(folder: str | os.PathLike, address: str, model: str) -> str:
    """The command that brings a folder's library up to date, as a shell takes it.

    Args:
      folder: the folder of the takes.
      address: the library's address.
      model: the model's place as it was given; empty for the library's own.
    """
    words = ["python", "-m", "motext_jax.index", os.fspath(folder)]
    if pathlib.Path(address).parent != cache_folder() / LIBRARIES:
        words.append(f"--library={address}")
    elif model:
        words.append(f"--model={model}")
    return shlex.join(words)

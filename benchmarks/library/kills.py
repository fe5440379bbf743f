"""Kills an indexer again and again: python benchmarks/library/kills.py [KILLS] [FOLDER]

Before every start small files are added to a folder, and others changed, renamed or removed. The
indexer commits after every file or two and tells of it. It gets SIGKILL, three times in four soon
after one of its first commits, else while it starts. Then the library must open and answer, hold
every window of every take that it shows, and all that it had of files that have not changed. At the
end it is indexed to the end, and must equal a library that is made at once: the same files, windows
and embeddings.
"""

import itertools
import pathlib
import random
import subprocess
import sys
import tempfile
import time

import numpy as np
import small_files

import motext_jax
from motext_jax.library.query import Query
from motext_jax.library.rows import Row
from motext_jax.library.store import Store
from motext_jax.trained.model import TrainedModel

MODEL = "starter"
STARTING, SOON = 8.0, 0.5
"""Seconds after the start, or after a commit, within which the indexer is killed."""

LINES = 8
"""The most commits that it is waited for."""

INDEXER = """
import sys
from motext_jax.library import following, index
from motext_jax.runtime.startup import start

start()
index.COMMIT_WINDOWS, following.TAKES = 8, 1
tell = lambda state: print(f"indexed {state.done} of {state.total}", flush=True)
index.index(*sys.argv[1:4], processes=2, progress=tell)
"""

APART = 2e-3
"""The most that two batches' roundings put between the embeddings of one window."""


def main(kills: int, root: pathlib.Path) -> None:
    """Prints a line for each kill, and the comparison."""
    chance, folder, library = random.Random(0), root / "takes", root / "library"
    seed, began = 0, time.monotonic()
    for _ in range(40):
        seed = add(folder, seed)
    run(folder, library)
    model = motext_jax.load(MODEL)
    for kill in range(1, kills + 1):
        before = Store.open(library).rows()
        seed, touched = change(folder, seed, chance)
        early = chance.random() < 0.25
        ended, said = killed(folder, library, chance, early)
        takes_now = check(library, model, before, touched, folder)
        print(f"{kill:4} {'whole' if ended else 'early' if early else 'killed':6} "
              f"{takes_now:4} takes answer; {said}", flush=True)  # fmt: skip
    run(folder, library)
    run(folder, root / "anew")
    apart = compare(library, root / "anew")
    seconds = time.monotonic() - began
    print(f"{kills} kills in {seconds:.0f} s: the library equals one made at once (embeddings "
          f"within {apart:.1e})")  # fmt: skip


def add(folder: pathlib.Path, seed: int) -> int:
    """Writes one more file; gives the next seed."""
    small_files.write(folder / f"day{seed % 7}" / f"take {seed:05d}.bvh", seed, 45 + seed % 60)
    return seed + 1


def change(folder: pathlib.Path, seed: int, chance: random.Random) -> tuple[int, set[str]]:
    """Adds, changes, renames and removes files; gives the next seed and all names concerned."""
    there = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.bvh"))
    some = chance.sample(there, 6)
    for name in some[:2]:
        small_files.write(folder / name, seed, 50)
        seed += 1
    new = f"renamed/{seed}.bvh", f"renamed/{seed}b.bvh"
    for name, other in zip(some[2:4], new, strict=True):
        (folder / other).parent.mkdir(exist_ok=True)
        (folder / name).rename(folder / other)
    for name in some[4:]:
        (folder / name).unlink()
    for _ in range(chance.randint(1, 12)):
        seed = add(folder, seed)
    return seed, {*some, *new}


def started(folder: pathlib.Path, library: pathlib.Path) -> subprocess.Popen:
    """An indexer of that folder."""
    command = [sys.executable, "-c", INDEXER, str(folder), str(library), MODEL]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def run(folder: pathlib.Path, library: pathlib.Path) -> None:
    """Indexes to the end."""
    said, _ = (indexer := started(folder, library)).communicate()
    if indexer.returncode:
        raise SystemExit(f"the indexer ended with {indexer.returncode}:\n{said}")


def killed(
    folder: pathlib.Path, library: pathlib.Path, chance: random.Random, early: bool
) -> tuple[bool, str]:
    """Starts an indexer and kills it, unless it has ended; gives that, and its last line."""
    indexer, said = started(folder, library), ""
    assert indexer.stdout is not None
    lines = 0 if early else chance.randint(1, LINES)
    for line in itertools.islice(iter(indexer.stdout.readline, ""), lines):
        said = line.strip()
    time.sleep(chance.random() * (STARTING if early else SOON))
    ended = indexer.poll() is not None
    indexer.kill()
    rest, _ = indexer.communicate()
    if ended and indexer.returncode:
        raise SystemExit(f"the indexer ended with {indexer.returncode}:\n{said}\n{rest}")
    return ended, (rest.strip().splitlines() or [said])[-1]


def check(
    library: pathlib.Path,
    model: TrainedModel,
    before: dict[str, Row],
    touched: set[str],
    folder: pathlib.Path,
) -> int:
    """The number of takes that answer; ends where the library is not whole."""
    opened = motext_jax.open_library(library, model)
    found = {answer.file for answer in opened.search(Query("someone walks"), top=100_000)}
    if found != {take.file for take in opened.takes()}:
        raise SystemExit("not every take answers")
    store = Store.open(library)
    rows, counts = store.rows(), {}
    for take in store.windows().takes.tolist():
        counts[take] = counts.get(take, 0) + 1
    for row in rows.values():
        if counts.get(row.take, 0) != row.windows or store.poses(row.take) is None:
            raise SystemExit(f"{row.file}: {counts.get(row.take, 0)} of {row.windows} windows")
    for file, row in before.items():
        now = rows.get(file)
        if file in touched or not (folder / file).is_file():
            continue
        if now is None or (now.stamp == row.stamp and now != row):
            raise SystemExit(f"{file}: what was known of it is lost")
    return len(found)


def compare(one: pathlib.Path, other: pathlib.Path) -> float:
    """The most between two libraries' embeddings; ends where they hold other files or windows."""
    (first, second), apart = map(contents, (one, other)), 0.0
    if first.keys() != second.keys():
        raise SystemExit(f"other files: {sorted(first.keys() ^ second.keys())}")
    for file, (digest, spans, embeddings) in first.items():
        if (digest, spans) != second[file][:2]:
            raise SystemExit(f"{file}: another content or other windows")
        apart = max(apart, float(np.abs(embeddings - second[file][2]).max()))
    if apart > APART:
        raise SystemExit(f"the embeddings are {apart:.1e} apart")
    return apart


def contents(library: pathlib.Path) -> dict[str, tuple]:
    """Each file's digest, spans and embeddings."""
    store = Store.open(library)
    rows, windows = store.rows(), store.windows()
    if extra := set(windows.takes.tolist()) - {row.take for row in rows.values()}:
        raise SystemExit(f"{library}: windows of {len(extra)} takes that nobody sees")
    found = {}
    for file, row in rows.items():
        own = windows.select(windows.takes == row.take)
        own = own.select(np.lexsort((own.ends, own.starts)))
        spans = list(zip(own.starts.tolist(), own.ends.tolist(), strict=True))
        found[file] = row.digest, spans, own.embeddings.astype(np.float32)
    return found


if __name__ == "__main__":
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    if len(sys.argv) > 2:
        main(number, pathlib.Path(sys.argv[2]))
    else:
        with tempfile.TemporaryDirectory() as place:
            main(number, pathlib.Path(place))

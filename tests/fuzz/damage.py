"""Damages the files of a run, one at a time, and sees what is read of it then.

python tests/fuzz/damage.py WORKDIR --number=500

WORKDIR is a trained run, of which a copy is damaged. Every time either the same model is read or it
is refused in a sentence; anything else is printed, and the status is 1.
"""

import argparse
import pathlib
import shutil
import sys
import tempfile
from collections.abc import Callable
from typing import Any

import numpy as np

from motext_jax.errors import InputError

KINDS = ("flip", "zero", "truncate", "remove")
ZEROS = 64


def damage(path: pathlib.Path, kind: str, place: float) -> None:
    """Damages a file at a place, from 0, its start, to 1, its end."""
    content = bytearray(path.read_bytes())
    start = int(place * len(content))
    if kind == "remove":
        path.unlink()
        return
    if kind == "truncate":
        content = content[:start]
    elif kind == "zero":
        end = min(start + ZEROS, len(content))
        content[start:end] = bytes(end - start)
    elif content:
        content[start] ^= 1 << int(8 * (place * len(content) - start))
    path.write_bytes(content)


def results(
    run: pathlib.Path,
    expected: tuple[Any, ...],
    read: Callable[[pathlib.Path], tuple[Any, ...]],
    number: int,
    seed: int,
) -> dict[str, str]:
    """The result of each damage: `the same`, `refused`, `another`, or the name of an exception."""
    rng = np.random.default_rng(seed)
    files = sorted(path.relative_to(run) for path in run.rglob("*") if path.is_file())
    found = {}
    for trial in range(number):
        # Every file has its turn.
        file, kind = files[trial % len(files)], KINDS[rng.integers(len(KINDS))]
        place = rng.random()
        before = (run / file).read_bytes()
        damage(run / file, kind, place)
        try:
            found[f"{kind} {file} at {place:.4f}"] = (
                "the same" if _same(read(run), expected) else "another"
            )
        except InputError:
            found[f"{kind} {file} at {place:.4f}"] = "refused"
        except Exception as error:
            found[f"{kind} {file} at {place:.4f}"] = type(error).__name__
        (run / file).write_bytes(before)
    return found


def _same(one: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
    return len(one) == len(other) and all(map(_equal, one, other))


def _equal(one: Any, other: Any) -> bool:
    if isinstance(one, np.ndarray):
        return one.dtype == other.dtype and np.array_equal(one, other)
    return one == other


def _read(workdir: pathlib.Path) -> tuple[Any, ...]:
    """A run's model: where all of this is the same, so are its embeddings."""
    import jax

    from motext_jax.trained.model import load

    model = load(workdir)
    arrays = map(np.asarray, jax.tree.leaves(model.variables))
    return model.step, model.manifest, model.tokenize(["Someone waves, twice."]), *arrays


def main() -> int:
    """Damages a copy of a run."""
    parser = argparse.ArgumentParser()
    parser.add_argument("workdir", type=pathlib.Path)
    parser.add_argument("--number", type=int, default=500)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        run = pathlib.Path(folder) / "run"
        shutil.copytree(arguments.workdir, run)
        found = results(run, _read(run), _read, arguments.number, arguments.seed)
    for kind in sorted(set(found.values())):
        print(f"{kind}: {list(found.values()).count(kind)}")
    wrong = [
        f"{kind}: {what}" for what, kind in found.items() if kind not in ("the same", "refused")
    ]
    print(*wrong, sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

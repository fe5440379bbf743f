"""Compilation of all forms of both towers by XLA's GPU compiler, for GPUs that need not be there.

    pip install -e '.[cuda]'
    python benchmarks/compile_cuda.py [--forms=plain,remat] [-- --config.model.motion.blocks=3]

Runs compiled.py for every tower, dtype and form of a program, each in a process of its own, for the
compiler may abort; a row holds what it says, or why it was refused. What stands behind `--` goes to
compiled.py. Python 3.11 gets JAX 0.10.2 and Python 3.12 a later one, whose compilers differ: run
it with both. Without a GPU nothing is tried out, so the kernels are those that XLA chooses unseen.
"""

import argparse
import itertools
import json
import pathlib
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from typing import Any

TOOL = pathlib.Path(__file__).with_name("compiled.py")
CONFIGS = {"ctrgcn": "ctrgcn_transformer", "agcn": "agcn_clip"}
DTYPES = ("float32", "bfloat16")
CLIPS = 64
"""Clips of a batch on each device."""

AUGMENTED = {
    name: f"--config.data.augment.{name}={value}"
    for name, value in {
        "crop": 0.3,
        "speed": 0.2,
        "rotation": 0.5,
        "scale": 0.1,
        "noise": 0.01,
        "bones": 0.1,
        "joints": 0.1,
        "jitter": 0.01,
        "lost": 0.1,
        "height": 0.05,
        "drift": 0.1,
    }.items()
}
_MIRROR, _REMAT = "--config.data.mirror=True", "--config.model.motion.remat=True"
_MICRO = f"--config.train.micro_batch={CLIPS // 4}"

FORMS: dict[str, tuple[str, int, Sequence[str]]] = {
    "embedding": ("embedding", 1, ()),
    "embedding on 8": ("embedding", 8, ()),
    "plain": ("step", 1, ()),
    "mirror": ("step", 1, (_MIRROR,)),
    "augmentation": ("step", 1, tuple(AUGMENTED.values())),
    "micro-batches": ("step", 1, (_MICRO,)),
    "remat": ("step", 1, (_REMAT,)),
    "on 8": ("step", 8, ()),
    "all on 8": ("step", 8, (_MIRROR, *AUGMENTED.values(), _MICRO, _REMAT)),
}
"""By name: the program, the devices and what is changed in the config."""

_REFUSALS = r"Check failed|INTERNAL|UNIMPLEMENTED|RESOURCE_EXHAUSTED"
"""Marks of the compiler's own errors; any other error is these scripts'."""


def compiled(tower: str, dtype: str, form: str, clips: int, more: Sequence[str]) -> Any:
    """The account by compiled.py of a form of a tower's program; a string where it was refused."""
    program, devices, changes = FORMS[form]
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "found.json"
        command = [
            sys.executable,
            str(TOOL),
            f"--config=configs/{CONFIGS[tower]}.py:babel120",
            f"--config.model.dtype={dtype}",
            f"--config.train.batch_size={clips * devices}",
            f"--topology=cuda:h100:1x1x{devices}",
            f"--programs={program}",
            f"--json={file}",
            *changes,
            *more,
        ]
        done = subprocess.run(command, capture_output=True, text=True)
        if file.is_file():
            found = json.loads(file.read_text())[program]
            return found.get("refused", found)
    said = done.stderr.splitlines()
    reasons = [line for line in said if re.search(_REFUSALS, line)]
    if not reasons and done.returncode > 0:
        sys.exit(done.stderr)
    reason = reasons[-1] if reasons else f"status {done.returncode}"
    return re.sub(r"^.*(?=Check failed)", "", reason)


def row(found: Any) -> str:
    """The cells of an outcome."""
    if isinstance(found, str):
        return f"refused: {found[:120]} | – | – | – | –"
    return (
        f"{found['seconds']:.0f} | {found['memory']['temporaries'] / 1e9:.2f} | "
        f"{found['total']['laid_out'] / 1e9:.1f} | {found['total']['flops'] / 1e9:,.0f} | "
        f"{found['total']['instructions']:,}"
    )


def main() -> None:
    """Compiles all cases, one after the other, and prints a row of each."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    for name, choices in (("towers", CONFIGS), ("dtypes", DTYPES), ("forms", FORMS)):
        parser.add_argument(f"--{name}", default=",".join(choices), help="some of %(default)s")
    parser.add_argument("--clips", type=int, default=CLIPS, help="clips on each device")
    parser.add_argument("more", nargs="*", help="for compiled.py, behind --")
    given = parser.parse_args()
    print(
        "| tower | dtype | form | compiled in, s | temporaries, GB | moved, GB | GFLOP | kernels |"
    )
    print("|---|---|---|---|---|---|---|---|", flush=True)
    lists = (given.towers.split(","), given.dtypes.split(","), given.forms.split(","))
    refused = 0
    for tower, dtype, form in itertools.product(*lists):
        found = compiled(tower, dtype, form, given.clips, given.more)
        refused += isinstance(found, str)
        print(f"| {tower} | {dtype} | {form} | {row(found)} |", flush=True)
    sys.exit(1 if refused else 0)


if __name__ == "__main__":
    main()

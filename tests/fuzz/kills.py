"""Kills a run again and again, and compares what it comes to with a run that was left alone.

python tests/fuzz/kills.py FOLDER --kills=200             a quarter while a checkpoint is written
python tests/fuzz/kills.py FOLDER --kills=0 --full=20     fills the disk instead; as root

FOLDER is for the data, the two runs and their output; --full mounts a small file system in it.
Every life of the run either ends by the kill or in a sentence, and the last parameters must be
equal bit for bit; otherwise the status is 1.
"""

import argparse
import contextlib
import os
import pathlib
import random
import shutil
import subprocess
import sys
import time

import numpy as np

TESTS = pathlib.Path(__file__).parents[1]
sys.path.insert(0, str(TESTS))

# The first step comes after about ten.
START_SECONDS = 20
ENDED = "ended before the kill"
FULL_SECONDS = 30
DISK = "24m"


def command(folder: pathlib.Path, workdir: pathlib.Path, steps: int) -> list[str]:
    """The training, which saves every fifth step."""
    return [
        *(sys.executable, "-m", "motext_jax.train", f"--config={TESTS / 'tiny.py'}:{folder}"),
        *(f"--workdir={workdir}", f"--config.train.steps={steps}"),
        *("--config.train.checkpoint_every=5", "--config.data.validation_split="),
    ]


def parameters(workdir: pathlib.Path) -> dict[str, np.ndarray]:
    """A run's last variables by name."""
    import jax

    from motext_jax.trained.model import load

    variables = jax.tree_util.tree_leaves_with_path(load(workdir).variables)
    return {jax.tree_util.keystr(path): np.asarray(leaf) for path, leaf in variables}


def start(arguments: list[str], log: pathlib.Path) -> subprocess.Popen:
    """The command, with its output at the end of a file."""
    with log.open("ab") as output:
        return subprocess.Popen(arguments, cwd=TESTS.parent, stdout=output, stderr=output)


def saved(workdir: pathlib.Path) -> int:
    """The last step that has a checkpoint; 0 before the first."""
    names = [path.name for path in (workdir / "checkpoints").glob("[0-9]*")]
    return max((int(name) for name in names if name.isdigit()), default=0)


def kill_at(
    process: subprocess.Popen, workdir: pathlib.Path, saving: bool, rng: random.Random
) -> str:
    """Kills it at any moment, or as soon as a checkpoint is being written."""
    until = time.monotonic() + rng.uniform(0, START_SECONDS)
    if saving:
        time.sleep(rng.uniform(0, START_SECONDS / 2))
        until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        # A folder that is being written has a longer name than the step's number.
        if saving and any(
            not path.name.isdigit() for path in (workdir / "checkpoints").glob("[0-9]*")
        ):
            time.sleep(rng.uniform(0, 0.1))
            break
        time.sleep(0.002)
    else:
        saving = False
    if process.poll() is not None:
        return ENDED
    process.kill()
    process.wait()
    return "saving" if saving else "any moment"


def fill(disk: pathlib.Path, process: subprocess.Popen, rng: random.Random) -> str:
    """Fills the disk from any moment until the run has ended, and frees it then."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(rng.uniform(0, START_SECONDS))
    filler, until = disk / "filler", time.monotonic() + FULL_SECONDS
    with filler.open("wb", buffering=0) as file:
        while process.poll() is None and time.monotonic() < until:
            with contextlib.suppress(OSError):
                while file.write(bytes(4096)):
                    pass
            # What the run removes is filled again.
            time.sleep(0.01)
    process.kill()
    status = process.wait()
    filler.unlink()
    return f"full, status {status}"


def main() -> int:
    """The status: 0 where both runs came to the same."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--full", type=int, default=0)
    parser.add_argument("--steps", type=int, default=1500)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    import tiny

    rng, root = random.Random(options.seed), options.folder.absolute()
    disk = root / "disk"
    disk.mkdir(parents=True, exist_ok=True)
    if options.full:
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", disk], check=True)
    try:
        data = root / "data"
        if not data.exists():
            tiny.write_humanml3d(data, {"train": 16}, frames=16)
        alone, killed = root / f"alone-{options.steps}", disk / "run"
        shutil.rmtree(killed, ignore_errors=True)
        log = root / "killed.log"
        log.unlink(missing_ok=True)
        if start(command(data, alone, options.steps), root / "alone.log").wait():
            return 1
        how: dict[str, int] = {}
        for number in range(options.kills + options.full):
            life = start(command(data, killed, options.steps), log)
            if options.full:
                said = fill(disk, life, rng)
            else:
                said = kill_at(life, killed, number % 4 == 3, rng)
            how[said] = how.get(said, 0) + 1
            print(how, saved(killed), flush=True)
        if status := start(command(data, killed, options.steps), log).wait():
            print(f"the run did not go on: status {status}")
            return 1
        expected, found = parameters(alone), parameters(killed)
        differing = [name for name in expected if not np.array_equal(expected[name], found[name])]
        tracebacks = log.read_text().count("Traceback")
        print(f"{len(expected)} arrays, {len(differing)} differ; {tracebacks} tracebacks; {how}")
        lived = how.get(ENDED, 0) == 0
        return int(bool(differing or tracebacks) or expected.keys() != found.keys() or not lived)
    finally:
        if options.full:
            subprocess.run(["umount", disk], check=True)


if __name__ == "__main__":
    os.environ["JAX_PLATFORMS"] = "cpu"
    sys.exit(main())

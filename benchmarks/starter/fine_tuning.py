"""Compares fine-tuning with training from scratch.

    python benchmarks/starter/fine_tuning.py MODEL FOLDER [--recordings 5 40] [--split=val]

FOLDER has HumanML3D's layout with labels.csv. A few recordings of each action are kept, and a run
that starts from MODEL, an export or `starter`, is compared with one from random weights, of the
same towers and after the same number of steps. Runs stay in --work, so that the same command goes
on where it stopped.
"""

import argparse
import csv
import json
import pathlib
import random
import shutil

from commands import command

RATES = {"start": 5e-4, "scratch": 3e-3}
"""Learning rates: the starter's own, and a lower one for weights that are trained already."""


def main() -> None:
    """Trains, evaluates, and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--fps", type=float, default=30.0, help="frame rate of the folder's files")
    parser.add_argument("--recordings", type=int, nargs="+", default=[5, 40], help="per action")
    parser.add_argument("--steps", type=int, default=200)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--split", default="val", help="the split that is scored")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--work", type=pathlib.Path, default=pathlib.Path("runs/fine_tuning"))
    asked = parser.parse_args()
    print("| recordings an action | weights | Top-1 | Top-5 | Top-1-norm |\n|---|---|---|---|---|")
    for count in asked.recordings:
        root = few(asked.folder, count, asked.split, asked.seed, asked.work / f"data_{count}")
        for start, rate in RATES.items():
            run = asked.work / f"{start}_{count}"
            options = [f"--config.train.init={asked.model}"] if start == "start" else []
            train(run, root, rate, options, asked)
            scores = json.loads(evaluate(run, asked.split).read_text())["recognition"]
            numbers = " | ".join(f"{scores[name]:.1f}" for name in ("top1", "top5", "top1_norm"))
            print(f"| {count} | {start} | {numbers} |", flush=True)


def few(folder: pathlib.Path, count: int, split: str, seed: int, out: pathlib.Path) -> pathlib.Path:
    """A folder with at most `count` training recordings of each action, and the scored split."""
    with (folder / "labels.csv").open(newline="") as file:
        action = {row["id"]: row["action"] for row in csv.DictReader(file)}
    ids = (folder / "train.txt").read_text().split()
    random.Random(seed).shuffle(ids)
    kept: dict[str, list[str]] = {}
    for name in ids:
        if len(own := kept.setdefault(action[name], [])) < count:
            own.append(name)
    chosen = {"train": [name for own in kept.values() for name in own]}
    chosen[split] = (folder / f"{split}.txt").read_text().split()
    for part, suffix in (("new_joints", ".npy"), ("texts", ".txt")):
        (out / part).mkdir(parents=True, exist_ok=True)
        for name in (name for names in chosen.values() for name in names):
            shutil.copyfile(folder / part / f"{name}{suffix}", out / part / f"{name}{suffix}")
    for name, names in chosen.items():
        (out / f"{name}.txt").write_text("\n".join(names) + "\n")
    shutil.copyfile(folder / "labels.csv", out / "labels.csv")
    return out


def train(
    run: pathlib.Path,
    root: pathlib.Path,
    rate: float,
    options: list[str],
    asked: argparse.Namespace,
) -> None:
    """Trains a run, or goes on with it."""
    command(
        "train",
        "--config=configs/starter.py:humanml3d",
        f"--workdir={run}",
        f"--config.data.root={root}",
        f"--config.data.source_fps={asked.fps}",
        "--config.data.validation_split=",
        f"--config.optimizer.learning_rate={rate}",
        "--config.optimizer.warmup_steps=20",
        f"--config.train.batch_size={asked.batch}",
        f"--config.train.steps={asked.steps}",
        f"--config.train.seed={asked.seed}",
        *options,
    )


def evaluate(run: pathlib.Path, split: str) -> pathlib.Path:
    """The scores of a run."""
    scores = run / f"{split}.json"
    command("eval", f"--workdir={run}", f"--split={split}", f"--json={scores}")
    return scores


if __name__ == "__main__":
    main()

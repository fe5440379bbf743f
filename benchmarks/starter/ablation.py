"""Scores what each part of the starter brings.

    python benchmarks/starter/ablation.py FOLDER --prepared=PEOPLE [--variants ...] [--seeds 0 1] \
      [--config.train.batch_size=256 ...]

FOLDER has HumanML3D's layout with labels.csv, such as Bandai Namco's; nothing of it is trained on.
PEOPLE is the prepared data set of the starter's config. Every variant is trained at the
quickstart's size and asked to name the recordings of FOLDER's validation split. A run takes 10 to
15 minutes on two cores. Runs stay in --work; the same command goes on where it stopped. Options of
a config are every variant's.
"""

import argparse
import json
import pathlib

from commands import command
from variants import VARIANTS, get_config
from zero_shot import head, line, zero_shot

CONFIG = pathlib.Path(__file__).with_name("variants.py")


def main() -> None:
    """Trains and evaluates the variants; prints a row for each as it is known."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--prepared", required=True)
    parser.add_argument("--fps", type=float, default=30.0, help="frame rate of the folder's files")
    parser.add_argument("--rewordings", type=pathlib.Path)
    parser.add_argument("--variants", nargs="+", choices=VARIANTS, default=list(VARIANTS))
    parser.add_argument("--seeds", type=int, nargs="+", default=[0])
    parser.add_argument("--work", type=pathlib.Path, default=pathlib.Path("runs/ablation"))
    asked, options = parser.parse_known_args()
    print(head(["variant", "seed", "own test split, Top-1"]), flush=True)
    for seed in asked.seeds:
        for variant in asked.variants:
            run = asked.work / f"{variant.replace(' ', '_')}_{seed}"
            own = train(run, variant, seed, asked.prepared, options)
            scores, _ = zero_shot(
                run, asked.folder, fps=asked.fps, split="val", rewordings=asked.rewordings
            )
            print(line([variant, str(seed), f"{own:.1f}"], scores), flush=True)


def train(run: pathlib.Path, variant: str, seed: int, prepared: str, options: list[str]) -> float:
    """Trains a variant, or goes on with it; returns its Top-1 on its own test split, in percent."""
    options = [f"--config.train.seed={seed}", *options]
    if get_config(variant).data.source == "people":
        options.append(f"--config.data.prepared={prepared}")
    command("train", f"--config={CONFIG}:{variant}", f"--workdir={run}", *options)
    scores = run / "scores.json"
    command("eval", f"--workdir={run}", f"--json={scores}")
    return json.loads(scores.read_text())["recognition"]["top1"]


if __name__ == "__main__":
    main()

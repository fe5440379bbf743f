"""Scores a model on recordings that it was not trained on, by labels, sentences and rewordings.

    python benchmarks/starter/zero_shot.py MODEL FOLDER [--split=val] [--rewordings=TABLE.csv]

FOLDER has HumanML3D's layout with labels.csv.
"""

import argparse
import pathlib

import numpy as np

import motext_jax
from motext_jax.data.rewordings import read_rewordings
from motext_jax.evaluation.evaluate import evaluate
from motext_jax.evaluation.rewordings import reworded_recognition
from motext_jax.evaluation.split import load_split

NAMES = ("Top-1", "Top-5", "Top-1-norm", "by sentences", "norm", "own side", "rewordings")
"""The scores in percent; `rewordings` is the share whose first motion is of its action."""


def zero_shot(
    place: str | pathlib.Path,
    folder: pathlib.Path,
    *,
    fps: float,
    split: str,
    rewordings: pathlib.Path | None = None,
) -> list[float]:
    """The scores of `NAMES`; NaN where there is nothing to score."""
    model = motext_jax.load(place)
    clips = load_split(model, split, str(folder), source="humanml3d", source_fps=fps)
    scores = evaluate(model, clips, sentences=True)
    named, said, sides = scores.recognition, scores.sentence_recognition, scores.left_right
    return [
        named.top1,
        named.top5,
        named.top1_norm,
        said.top1,
        said.top1_norm,
        sides.own.own_above_twin if sides else np.nan,
        _reworded(model, clips, rewordings) if rewordings else np.nan,
    ]


def _reworded(model, clips, table: pathlib.Path) -> float:
    """The share of the rewordings of the split's actions whose nearest clip is of their action."""
    names = clips.category_names
    there = {names[category] for category in clips.categories if category >= 0}
    texts, labels = [], []
    for action, found in read_rewordings(table).items():
        if action in there:
            texts += found
            labels += [names.index(action)] * len(found)
    return reworded_recognition(
        model.encode_text(texts),
        np.array(labels),
        model.encode_text(names),
        model.encode_motion(clips.clips),
        clips.categories[:, None] == np.arange(len(names)),
    ).first_motion


def line(cells: list[str], scores: list[float]) -> str:
    """A row of a table."""
    return f"| {' | '.join([*cells, *(f'{score:.1f}' for score in scores)])} |"


def head(columns: list[str]) -> str:
    """The head of the table of those rows."""
    names = [*columns, *NAMES]
    return f"| {' | '.join(names)} |\n|{'---|' * len(names)}"


def main() -> None:
    """Prints a table of one row."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--fps", type=float, default=30.0, help="frame rate of the folder's files")
    parser.add_argument("--split", default="val")
    parser.add_argument("--rewordings", type=pathlib.Path)
    asked = parser.parse_args()
    scores = zero_shot(
        asked.model, asked.folder, fps=asked.fps, split=asked.split, rewordings=asked.rewordings
    )
    print(head(["model"]))
    print(line([asked.model], scores))


if __name__ == "__main__":
    main()

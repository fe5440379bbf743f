"""Scores a model on recordings that it was not trained on, by labels, sentences and rewordings.

    python benchmarks/starter/zero_shot.py MODEL FOLDER [--split=val] [--rewordings=TABLE.csv]

FOLDER has HumanML3D's layout with labels.csv. The first row scores clips of 5 s, the second whole
recordings, by the mean of their clips.
"""

import argparse
import pathlib

import numpy as np

import motext_jax
from motext_jax.data.rewordings import read_rewordings
from motext_jax.evaluation.evaluate import evaluate
from motext_jax.evaluation.rewordings import reworded_recognition
from motext_jax.evaluation.split import load_split
from motext_jax.evaluation.whole_motions import whole_motions

NAMES = ("Top-1", "Top-5", "Top-1-norm", "by sentences", "norm", "own side", "rewordings")
"""The scores in percent; `rewordings` is the share whose first answer is of its action."""


def zero_shot(
    place: str | pathlib.Path,
    folder: pathlib.Path,
    *,
    fps: float,
    split: str,
    rewordings: pathlib.Path | None = None,
) -> tuple[list[float], list[float]]:
    """The scores of `NAMES`, of clips and of whole recordings; NaN where there is nothing to score.

    Where each recording is one clip, both are the same.
    """
    model = motext_jax.load(place)
    clips = load_split(model, split, str(folder), source="humanml3d", source_fps=fps)
    scores, motions = evaluate(model, clips, sentences=True), whole_motions(clips)
    whole, own = scores.whole_motions, scores.left_right.own if scores.left_right else None
    of_clips = [scores.recognition, scores.sentence_recognition, own]
    of_motions = (
        [whole.recognition, whole.sentence_recognition, whole.own_side] if whole else of_clips
    )
    reworded = [np.nan, np.nan]
    if rewordings:
        motion = model.encode_motion(clips.clips)
        reworded = [
            _reworded(model, clips.category_names, each, categories, rewordings)
            for each, categories in (
                (motion, clips.categories),
                (motions.mean(motion), clips.categories[motions.firsts]),
            )
        ]
    rows = []
    for (named, said, side), share in zip((of_clips, of_motions), reworded, strict=True):
        own = side.own_above_twin if side else np.nan
        rows.append(
            [named.top1, named.top5, named.top1_norm, said.top1, said.top1_norm, own, share]
        )
    return rows[0], rows[1]


def _reworded(model, names, motion, categories, table: pathlib.Path) -> float:
    """The share of rewordings of the split's actions whose nearest motion is of their action."""
    there = {names[category] for category in categories if category >= 0}
    texts, labels = [], []
    for action, found in read_rewordings(table).items():
        if action in there:
            texts += found
            labels += [names.index(action)] * len(found)
    return reworded_recognition(
        model.encode_text(texts),
        np.array(labels),
        model.encode_text(names),
        motion,
        categories[:, None] == np.arange(len(names)),
    ).first_motion


def line(cells: list[str], scores: list[float]) -> str:
    """A row of a table."""
    return f"| {' | '.join([*cells, *(f'{score:.1f}' for score in scores)])} |"


def head(columns: list[str]) -> str:
    """The head of the table of those rows."""
    names = [*columns, *NAMES]
    return f"| {' | '.join(names)} |\n|{'---|' * len(names)}"


def main() -> None:
    """Prints a table of two rows."""
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
    print(head(["model", "of"]))
    for of, row in zip(("clips", "recordings"), scores, strict=True):
        print(line([asked.model, of], row))


if __name__ == "__main__":
    main()

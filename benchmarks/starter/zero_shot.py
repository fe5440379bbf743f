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
    whole: bool = False,
) -> list[float]:
    """The scores of `NAMES`, of clips or of whole recordings; NaN where there is nothing to score.

    Recordings that are one clip each have the clips' scores.
    """
    model = motext_jax.load(place)
    clips = load_split(model, split, str(folder), source="humanml3d", source_fps=fps)
    scores = evaluate(model, clips, sentences=True)
    own = scores.left_right.own if scores.left_right else None
    named, said = scores.recognition, scores.sentence_recognition
    if whole and (found := scores.whole_motions):
        named, said, own = found.recognition, found.sentence_recognition, found.own_side
    return [
        named.top1,
        named.top5,
        named.top1_norm,
        said.top1,
        said.top1_norm,
        own.own_above_twin if own else np.nan,
        _reworded(model, clips, rewordings, whole) if rewordings else np.nan,
    ]


def _reworded(model, clips, table: pathlib.Path, whole: bool) -> float:
    """The share of rewordings of the split's actions whose nearest motion is of their action."""
    names = clips.category_names
    there = {names[category] for category in clips.categories if category >= 0}
    texts, labels = [], []
    for action, found in read_rewordings(table).items():
        if action in there:
            texts += found
            labels += [names.index(action)] * len(found)
    motion, categories = model.encode_motion(clips.clips), clips.categories
    if whole:
        motions = whole_motions(clips)
        motion, categories = motions.mean(motion), categories[motions.firsts]
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
    print(head(["model", "of"]))
    for of, whole in (("clips", False), ("recordings", True)):
        scores = zero_shot(
            asked.model,
            asked.folder,
            fps=asked.fps,
            split=asked.split,
            rewordings=asked.rewordings,
            whole=whole,
        )
        print(line([asked.model, of], scores))


if __name__ == "__main__":
    main()

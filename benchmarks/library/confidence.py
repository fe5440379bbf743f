"""Counts the words of first answers: python benchmarks/library/confidence.py MODEL FOLDER

    [--split=val] [--fps=30]

FOLDER has HumanML3D's layout with labels.csv. Each label and caption of the split is asked of
windows of all its recordings, and of those alone that are not what it asks for. Printed is how
often the first answer is called likely, perhaps and unlikely where it is right, and where nothing
is.
"""

import collections
from collections.abc import Sequence

import numpy as np
from takes import arguments

import motext_jax
from motext_jax.evaluation.split import load_split
from motext_jax.library.calibrate import best_scores, first_answers, questions
from motext_jax.runtime.startup import start
from motext_jax.trained.calibration import LIKELY, PERHAPS, UNLIKELY

WORDS = (LIKELY, PERHAPS, UNLIKELY)


def main() -> None:
    """Prints a row for right answers, and one for queries that nothing answers."""
    asked = arguments(__doc__).parse_args()
    start()
    model = motext_jax.load(asked.model)
    clips = load_split(
        model, asked.split, str(asked.folder), source="humanml3d", source_fps=asked.fps
    )
    rows = clips.unique()
    texts, right = questions(clips, rows)
    there = np.flatnonzero(right.any(axis=1))
    texts, right = [texts[number] for number in there], right[there]
    own, others = first_answers(best_scores(model, clips, rows, texts), right)
    print(f"| {len(texts)} texts | number | {' | '.join(WORDS)} |\n|---|---|---|---|---|")
    for name, scores, of in (
        ("right first answers", own, own > others),
        ("first answers where nothing is right", others, np.isfinite(others)),
    ):
        numbers = np.flatnonzero(of)
        words = [model.judge(texts[number], [scores[number]])[0][0] for number in numbers]
        print(f"| {name} | {len(numbers)} | {' | '.join(shares(words))} |")


def shares(words: Sequence[str]) -> list[str]:
    """The share of each of `WORDS` in percent; dashes where there are no words."""
    counts = collections.Counter(words)
    return [f"{100 * counts[word] / len(words):.0f} %" if words else "-" for word in WORDS]


if __name__ == "__main__":
    main()

"""Finds actions inside long takes, and their order.

    python benchmarks/library/joined.py MODEL FOLDER [--split=val] [--takes=100] [--keep=DIR]

FOLDER has HumanML3D's layout with labels.csv. Each take is joined from 4 to 6 recordings of the
split that are drawn by chance, and indexed. Then every action that a take has once is asked for by
its label: R@1 is the share whose first answer overlaps the action's seconds by half of their union
or more. `answer` is the first answer of a search within the take, `interval` the highest
interval of the take's curve. The order is the share of neighbours, each there once, for which
"A, then B" scores above "B, then A".
"""

import itertools
import pathlib
import tempfile

import numpy as np
from takes import arguments, join, recordings

from motext_jax.library.index import index
from motext_jax.library.library import Library, open_library
from motext_jax.library.query import Answer, Curve, Query
from motext_jax.motion.motion_file import write_motion
from motext_jax.runtime.host import cores
from motext_jax.runtime.startup import start

FEWEST, MOST = 4, 6
IOU = 0.5

Parts = list[tuple[str, tuple[float, float]]]
"""The actions of a take in their order, with the seconds of each."""


def main() -> None:
    """Makes the takes, indexes them and prints a row for each measure."""
    parser = arguments(__doc__)
    parser.add_argument("--takes", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep", type=pathlib.Path, help="a folder for the takes and the library")
    asked = parser.parse_args()
    start()
    with tempfile.TemporaryDirectory() as scratch:
        place = asked.keep or pathlib.Path(scratch)
        (place / "takes").mkdir(parents=True, exist_ok=True)
        truth = {}
        rng = np.random.default_rng(asked.seed)
        there = recordings(asked.folder, asked.split, asked.fps)
        for number in range(asked.takes):
            count = int(rng.integers(FEWEST, MOST + 1))
            chosen = [there[k] for k in rng.choice(len(there), count, replace=False)]
            take, spans = join([one.motion for one in chosen])
            actions = [one.action for one in chosen]
            truth[f"{number:03d}.npz"] = list(zip(actions, spans, strict=True))
            write_motion(take, place / "takes" / f"{number:03d}.npz")
        index(place / "takes", place / "library", asked.model, processes=cores())
        library = open_library(place / "library")
        print("| measure | of | share |\n|---|---|---|")
        for name, found in measured(library, truth).items():
            print(f"| {name} | {len(found)} | {100 * np.mean(found):.1f} % |")


def measured(library: Library, truth: dict[str, Parts]) -> dict[str, list[bool]]:
    """The outcomes of each measure."""
    found: dict[str, list[bool]] = {"R@1, answer": [], "R@1, interval": [], "order": []}
    for file, parts in truth.items():
        actions = [action for action, _ in parts]
        for action, span in parts:
            if actions.count(action) > 1:
                continue
            query = Query(text=action, within=file)
            [best] = library.search(query, top=1)
            found["R@1, answer"].append(iou((best.start, best.end), span) >= IOU)
            best = highest(library.curve(file, query))
            found["R@1, interval"].append(iou((best.start, best.end), span) >= IOU)
        for one, other in itertools.pairwise(actions):
            if actions.count(one) == actions.count(other) == 1:
                right, wrong = score(library, file, one, other), score(library, file, other, one)
                found["order"].append(right > wrong)
    return found


def highest(curve: Curve) -> Answer:
    """The interval of a curve's highest point."""
    peak = curve.seconds[int(np.argmax(curve.scores))]
    return min(curve.intervals, key=lambda one: max(one.start - peak, peak - one.end))


def score(library: Library, file: str, one: str, other: str) -> float:
    """The score of a take for one action and then another."""
    answers = library.search(Query(text=f"{one}, then {other}", within=file), top=1)
    return answers[0].score if answers else -1.0


def iou(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Overlap of two intervals over their union."""
    shared = max(0.0, min(one[1], other[1]) - max(one[0], other[0]))
    return shared / (one[1] - one[0] + other[1] - other[0] - shared)


if __name__ == "__main__":
    main()

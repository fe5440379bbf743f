"""Ranks takes for texts: python benchmarks/library/ranking.py MODEL FOLDER

    [--split=val] [--fps=30] [--rewordings=TABLE.csv]

FOLDER has HumanML3D's layout with labels.csv. The split is indexed, a file a recording, and asked
for by its labels, its captions and its actions' rewordings. Printed is the share of the first five
answers that are of the text's action, of as many as there can be: by cosines, and by cosines less
each window's mean cosine with a bank of texts, as `library.sides` has it.
"""

import dataclasses
import pathlib
import tempfile

import numpy as np
from takes import arguments, recordings

from motext_jax.data.rewordings import read_rewordings
from motext_jax.library.index import index
from motext_jax.library.library import Library, open_library
from motext_jax.library.query import Query
from motext_jax.motion.motion_file import write_motion
from motext_jax.runtime.host import cores
from motext_jax.runtime.startup import start

TOP = 5


def main() -> None:
    """Indexes the split and prints a row for each kind of text."""
    parser = arguments(__doc__)
    parser.add_argument("--rewordings", type=pathlib.Path)
    asked = parser.parse_args()
    start()
    with tempfile.TemporaryDirectory() as scratch:
        place = pathlib.Path(scratch)
        (place / "takes").mkdir()
        actions, captions = {}, {}
        for one in recordings(asked.folder, asked.split, asked.fps):
            actions[f"{one.name}.npz"] = one.action
            for line in (asked.folder / "texts" / f"{one.name}.txt").read_text().splitlines():
                captions[line.partition("#")[0]] = one.action
            write_motion(one.motion, place / "takes" / f"{one.name}.npz")
        there = set(actions.values())
        kinds = {"labels": [(action, action) for action in sorted(there)]}
        if asked.rewordings:
            table = read_rewordings(asked.rewordings)
            kinds["rewordings"] = [
                (text, a) for a in sorted(there & table.keys()) for text in table[a]
            ]
        kinds["captions"] = list(captions.items())
        index(place / "takes", place / "library", asked.model, processes=cores())
        library = open_library(place / "library")
        print("| texts | number | by cosines | centred |\n|---|---|---|---|")
        for kind, texts in kinds.items():
            centred = share(library, texts, actions)
            facts = library.store.facts
            library.store.facts = dataclasses.replace(facts, centre=())
            print(
                f"| {kind} | {len(texts)} | {share(library, texts, actions):.1f} | {centred:.1f} |"
            )
            library.store.facts = facts


def share(library: Library, texts: list[tuple[str, str]], actions: dict[str, str]) -> float:
    """The mean percentage of right takes among the first."""
    found = []
    for text, action in texts:
        answers = library.search(Query(text), top=TOP)
        right = sum(actions[answer.file] == action for answer in answers)
        found.append(right / min(TOP, list(actions.values()).count(action)))
    return 100 * float(np.mean(found))


if __name__ == "__main__":
    main()

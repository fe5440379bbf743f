"""Finds the nearest other recording of each: python benchmarks/library/by_example.py MODEL FOLDER

    [--split=val] [--fps=30]

FOLDER has HumanML3D's layout with labels.csv. The split is indexed, a file a recording. Printed is
the share whose nearest other recording, by `Query(like=...)` of the whole file, is of the same
action, beside the share that chance would give; and each action's.
"""

import collections
import pathlib
import tempfile

import numpy as np
from takes import arguments, recordings

from motext_jax.library.index import index
from motext_jax.library.library import open_library
from motext_jax.library.query import Query, Span
from motext_jax.motion.motion_file import write_motion
from motext_jax.runtime.host import cores
from motext_jax.runtime.startup import start


def main() -> None:
    """Indexes the split and prints a row for each action, and one for all."""
    parser = arguments(__doc__)
    asked = parser.parse_args()
    start()
    with tempfile.TemporaryDirectory() as scratch:
        place = pathlib.Path(scratch)
        (place / "takes").mkdir()
        actions = {}
        for one in recordings(asked.folder, asked.split, asked.fps):
            actions[f"{one.name}.npz"] = one.action
            write_motion(one.motion, place / "takes" / f"{one.name}.npz")
        index(place / "takes", place / "library", asked.model, processes=cores())
        library = open_library(place / "library")
        print("| action | recordings | nearest is of it | most often |\n|---|---|---|---|")
        nearest = {
            file: actions[library.search(Query(like=Span(file)), top=1)[0].file] for file in actions
        }
    counts = collections.Counter(actions.values())
    for action, count in counts.most_common():
        found = [nearest[file] for file in actions if actions[file] == action]
        common = collections.Counter(found).most_common(1)[0][0]
        print(f"| {action} | {count} | {100 * found.count(action) / count:.0f} % | {common} |")
    share = np.mean([nearest[file] == action for file, action in actions.items()])
    chance = sum(n * (n - 1) for n in counts.values()) / (len(actions) * (len(actions) - 1))
    print(f"| all, and by chance | {len(actions)} | {100 * share:.1f} % | {100 * chance:.1f} % |")


if __name__ == "__main__":
    main()

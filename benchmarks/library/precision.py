"""Asks a library of real takes forty queries: python benchmarks/library/precision.py LIBRARY FOLDER

FOLDER holds the takes: folders in HumanML3D's layout with labels.csv, whose texts are their labels,
and files that are named by what they show. The queries, and the labels that are right for each,
were written down before any model was asked. Printed are, for every query, the number of right
takes, the share of the first five answers that are right, of as many as there can be, and the place
of the first right one.
"""

import csv
import pathlib
import re
import sys

import motext_jax
from motext_jax.library.query import Query

QUERIES = pathlib.Path(__file__).with_name("queries.csv")
TOP = 5


def main(address: str, folder: str) -> None:
    """Prints a row for each query, and the means."""
    library = motext_jax.open_library(address)
    labels = labels_of(pathlib.Path(folder), [take.file for take in library.takes()])
    with QUERIES.open(newline="") as file:
        queries = [(row["query"], re.compile(row["right"])) for row in csv.DictReader(file)]
    print("| query | right takes | of the first five | first right one |\n|---|---|---|---|")
    shares, firsts = [], []
    for text, pattern in queries:
        right = {file for file, label in labels.items() if pattern.search(label)}
        found = [answer.file in right for answer in library.search(Query(text=text), top=1000)]
        shares.append(sum(found[:TOP]) / max(1, min(TOP, len(right))))
        firsts.append(found.index(True) + 1 if True in found else len(found) + 1)
        print(f"| {text} | {len(right)} | {100 * shares[-1]:.0f} | {firsts[-1]} |")
    mean = 100 * sum(shares) / len(shares)
    print(f"| mean, and median | | {mean:.1f} | {sorted(firsts)[len(firsts) // 2]} |")


def labels_of(folder: pathlib.Path, files: list[str]) -> dict[str, str]:
    """Each take's label: its action, its text, or what its name says."""
    actions: dict[str, str] = {}
    for table in folder.rglob("labels.csv"):
        with table.open(newline="") as rows:
            actions |= {row["id"]: row["action"] for row in csv.DictReader(rows)}
    labels = {}
    for file in files:
        path = folder / file
        text = path.parents[1] / "texts" / f"{path.stem}.txt"
        said = text.read_text().partition("#")[0] if text.is_file() else ""
        named = re.fullmatch(r"dataset-\d+_(.+?)_.*|(cmu)_(\d+_\d+)", path.stem)
        if named and named[2]:
            number = folder / "cmu" / "texts" / f"cmu{named[3]}.txt"
            labels[file] = number.read_text().partition("#")[0] if number.is_file() else ""
        elif named:
            labels[file] = named[1].replace("-", " ")
        else:
            # A caption of Bandai Namco's is a sentence about its action and style.
            labels[file] = said if path.stem.startswith("cmu") else actions.get(path.stem, said)
    return labels


if __name__ == "__main__":
    main(*sys.argv[1:3])

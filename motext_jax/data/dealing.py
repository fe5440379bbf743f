"""Splits of the files for which a table names none: what was dealt stays when files are added.

A file's split is told by a hash of its own name, so that no other file can move it. A hash alone
may leave a small folder without a test file. So the first three that are dealt are test, val and
train, and of fewer than a hundred files test and val have a tenth at least: where one of them has
less, it gets the next file of train. Rows that are added at the end of the table move nothing, but
for these files, which are trained on once there are a hundred. A file that is added before the
first three pushes them back, out of test and val.
"""

import collections
import hashlib
from collections.abc import Iterable, Sequence

SHARE = 0.1
"""The part of the files that is dealt to test, and the part for val."""

MANY = 100
"""Files of which chance alone deals about as many to each split as it should have."""


def deal(
    files: Iterable[str], seed: int, splits: Sequence[str] = ("test", "val", "train")
) -> dict[str, str]:
    """Each file's split.

    Args:
      files: names in the order of the table, of files that are there.
      seed: another seed deals otherwise.
      splits: names of the splits for testing, validation and training; without the first or the
        second, training has its files.
    """
    test, validation, train = (split or splits[-1] for split in splits)
    first = (test, validation, train)
    names = list(dict.fromkeys(files))
    dealt: dict[str, str] = {}
    counts: collections.Counter[str] = collections.Counter()
    for number, file in enumerate(names):
        place = place_of(file, seed)
        split = test if place < SHARE else validation if place < 2 * SHARE else train
        if number < len(first):
            split = first[number]
        elif split == train and len(names) < MANY:
            least = int((number + 1) * SHARE)
            split = next((short for short in first[:2] if counts[short] < least), train)
        dealt[file] = split
        counts[split] += 1
    return dealt


def held_out(files: Iterable[str], seed: int) -> set[str]:
    """About every tenth file, and the first: a validation split out of a training split.

    Of a single file nothing is held out, for nothing would be left.
    """
    # Not the draw that dealt the files: it left none of the first tenth in train.
    names = list(dict.fromkeys(files))
    drawn = {name for name in names if place_of(name, seed, "validation:") < SHARE}
    chosen = drawn | set(names[:1])
    return chosen if len(chosen) < len(names) else set(names[:-1])


def place_of(file: str, seed: int, draw: str = "") -> float:
    """A file's place between 0 and 1, by a hash of its name."""
    digest = hashlib.sha256(f"{draw}{seed}:{file}".encode(errors="surrogatepass")).digest()
    return int.from_bytes(digest[:8]) / 2**64

"""BABEL's released features in their own format, of random numbers."""

import pickle

import numpy as np

# A clip of two categories, one of another chunk of it, one of one category, one without.
ROWS = [
    ("sA", "segA", 0, 3),
    ("sA", "segA", 0, 1),
    ("sA", "segA", 1, 3),
    ("sB", "segB", 0, 59),
    ("sC", "segC", 0, -1),
]


def write_release(root, split="train", count=60, dtype=np.float64, rows=ROWS, extra=""):
    """Features of random numbers and the labels of `rows`, as the release's code writes them."""
    rng = np.random.default_rng(0)
    features = rng.normal(size=(len(rows), 3, 150, 25, 1)).astype(dtype)
    features[1] = features[0]
    root.mkdir(exist_ok=True)
    np.save(root / f"{split}{extra}_ntu_sk_{count}.npy", features)
    sids, segments, chunks, labels = zip(*rows, strict=True)
    content = (
        [np.str_(segment) for segment in segments],
        (
            [np.int64(label) for label in labels],
            list(sids),
            [np.int64(chunk) for chunk in chunks],
            list(range(len(rows))),
        ),
    )
    with open(root / f"{split}{extra}_label_{count}.pkl", "wb") as file:
        pickle.dump(content, file)
    return features

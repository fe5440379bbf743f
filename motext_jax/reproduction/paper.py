"""Scores that Horie et al. 2022 report, for comparison."""

from collections.abc import Mapping

QUERIES = (
    "move right leg",
    "move left arm",
    "high jump",
    "bend over",
    "play an instrument",
    "play sports",
    "repeat the same movement",
    "cute movement",
)
"""The queries of Fig. 5."""

# Table 1, in percent, by BABEL's number of categories: Top-1, Top-5, Top-1-norm.
_TABLE_1 = {
    60: {
        "2sAGCN(CE)": (40.27, 72.65, 24.01),
        "2sAGCN-C": (38.42, 70.29, 32.89),
        "CTRGCN(CE)": (41.47, 73.84, 27.32),
        "CTRGCN-T": (38.14, 65.29, 31.20),
        "CTRGCN-C": (42.94, 73.00, 34.20),
    },
    120: {
        "2sAGCN(CE)": (38.41, 70.49, 17.56),
        "2sAGCN-C": (37.48, 69.40, 28.94),
        "CTRGCN(CE)": (39.28, 70.73, 20.09),
        "CTRGCN-T": (37.21, 64.81, 28.05),
        "CTRGCN-C": (40.96, 72.10, 30.78),
    },
}

# Table 3, in percent: Top-1, 5, 10, 20, 50, 100.
_TABLE_3 = {
    60: {
        "2sAGCN-C": (31.67, 85.00, 95.00, 98.33, 100.0, 100.0),
        "CTRGCN-T": (26.67, 70.00, 78.33, 83.33, 93.33, 100.0),
        "CTRGCN-C": (43.33, 91.67, 96.67, 98.33, 100.0, 100.0),
    },
    120: {
        "2sAGCN-C": (20.83, 65.83, 75.83, 79.17, 85.00, 90.83),
        "CTRGCN-T": (16.67, 51.67, 65.00, 70.83, 75.00, 84.17),
        "CTRGCN-C": (25.00, 70.83, 80.00, 83.33, 91.67, 93.33),
    },
}

Values = Mapping[str, float]


def recognition(categories: int, model: str) -> Values:
    """Table 1's row, by metric; empty where the paper has none."""
    row = _TABLE_1.get(categories, {}).get(model, ())
    return dict(zip(("top1", "top5", "top1_norm"), row, strict=False))


def category_retrieval(categories: int, model: str) -> Values:
    """Table 3's row, by metric; empty where the paper has none."""
    row = _TABLE_3.get(categories, {}).get(model, ())
    return dict(zip((f"top{n}" for n in (1, 5, 10, 20, 50, 100)), row, strict=False))

"""Synthetic people: procedural motions with captions and categories that need no file.

They are made up: an animator's rules with drawn numbers, to learn and to try the tools with. No
figure that is reached on them says anything about recorded motion.
"""

from motext_jax.data.synthetic.source import (
    CATEGORIES,
    HELD_OUT_WORDINGS,
    SPLITS,
    SyntheticSource,
    synthetic_motions,
)

__all__ = ["CATEGORIES", "HELD_OUT_WORDINGS", "SPLITS", "SyntheticSource", "synthetic_motions"]

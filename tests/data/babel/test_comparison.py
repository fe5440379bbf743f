"""Clips against a release that is a little different."""

import dataclasses

import numpy as np
import pytest
from babel_release import write_release

from motext_jax.config import dataset
from motext_jax.data.babel.comparison import compare
from motext_jax.data.sources import load_clips
from motext_jax.errors import InputError
from motext_jax.skeleton import NTU25


def test_counts_and_joint_errors_by_hand(tmp_path):
    write_release(tmp_path)
    released = load_clips(dataset("babel60", root=str(tmp_path)), "train")
    # Here the third clip is 5 cm off, the fourth is another's, and the last is missing.
    moved = released.clips[:4].copy()
    moved[2] += np.float32([0.03, 0.04, 0])
    # Its seconds are the file's, and not the segment's as in the release.
    four = released.select(range(4))
    here = dataclasses.replace(
        four,
        clips=moved,
        files=("a.npz", "a.npz", "a.npz", "b.npz"),
        segments=(*four.segments[:3], "other"),
        starts=four.starts + 1.7,
        ends=four.ends + 1.7,
    )
    found = compare(here, released)
    assert (found.common, found.only_here, found.only_released) == (3, 1, 2)
    assert found.mean_error == pytest.approx(0.05 / 3, abs=1e-6)
    assert found.worst_error == ("a.npz 6.7-11.7 s", pytest.approx(0.05, abs=1e-6))
    assert found.counts["turn"] == (2, 2)
    assert found.counts[""] == (0, 1)


def test_other_skeletons_are_named(tmp_path):
    write_release(tmp_path)
    released = load_clips(dataset("babel60", root=str(tmp_path)), "train")
    with pytest.raises(InputError, match="compare with --data.skeleton=ntu21"):
        compare(dataclasses.replace(released, skeleton=NTU25), released)

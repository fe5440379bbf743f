"""Names that are nearly another one."""

import pytest

from motext_jax.nearest_name import nearest_name

NAMES = ["train", "val", "ctrgcn_clip.py", "Walk_07.BVH", "starter"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("TRAIN", "train"),
        ("VAL", "val"),
        ("tran", "train"),
        ("CTRGCN_CLIP.py", "ctrgcn_clip.py"),
        ("walk_07.bvh", "Walk_07.BVH"),
        ("Staretr", "starter"),
        ("x", ""),
        ("", ""),
    ],
)
def test_the_size_of_letters_is_no_difference(text, name):
    assert nearest_name(text, NAMES) == name


def test_a_greater_cutoff_takes_less():
    assert nearest_name("tran", NAMES, cutoff=0.95) == ""

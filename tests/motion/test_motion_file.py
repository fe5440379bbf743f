"""Motions as files, read again."""

import numpy as np

from motext_jax.data.people.source import people_motion
from motext_jax.motion.files import read_motion
from motext_jax.motion.motion_file import distinct, write_motion


def test_a_file_is_read_again(tmp_path):
    motion = people_motion("test", 3).motion
    write_motion(motion, tmp_path / "a" / "b.npz")
    again = read_motion(tmp_path / "a" / "b.npz")
    assert again.fps == motion.fps and again.skeleton.joints == motion.skeleton.joints
    bones = (np.linalg.norm(m.joints[:, 1:] - m.joints[:, :-1], axis=-1) for m in (again, motion))
    np.testing.assert_allclose(*bones, atol=1e-4)


def test_names_that_an_array_may_not_have_are_changed():
    assert distinct(["a", " a", "", "b" * 300]) == ["a", "a#1", "#2", "b" * 190]

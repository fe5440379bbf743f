"""A motion written as a file that `joint_array` and other tools read."""

import pathlib
from collections.abc import Sequence

import numpy as np

from motext_jax.motion.joint_array import MOST_LETTERS
from motext_jax.motion.motion import Motion
from motext_jax.whole_file import whole


def write_motion(motion: Motion, path: pathlib.Path) -> None:
    """Writes an .npz file: `positions` [t v 3] in metres, `joint_names`, `parents` and `fps`."""
    with whole(path) as place:
        np.savez(
            place,
            positions=np.asarray(motion.joints, np.float32),
            joint_names=np.array(distinct(motion.skeleton.joints)),
            parents=np.array(motion.skeleton.parents),
            fps=np.array(motion.fps),
        )


def distinct(names: Sequence[str]) -> list[str]:
    """The names of joints, changed where an array may not have them."""
    found: list[str] = []
    for number, name in enumerate(names):
        name = name.strip()[: MOST_LETTERS - 10]
        found.append(name if name and name not in found else f"{name}#{number}")
    return found

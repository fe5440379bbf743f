"""Mirror images of clips: joints, texts and categories with left and right exchanged.

All that decides about them is here. `motion.motion.mirror` exchanges the joints, either in
`data.clips.SelectedClips`, when clips are read, or in the compiled step of `training.feed`.
"""

import dataclasses

import numpy as np
from jaxtyping import Bool, Int

from motext_jax.data.clips import ClipSet, SelectedClips
from motext_jax.text.sides import swap_left_right, twin_indices


def with_mirrored(clips: ClipSet) -> ClipSet:
    """The clips, and after them the mirror images of those that have one.

    A clip whose mirrored category is none of the data set's ("kick left" without "kick right") has
    no mirror image here: its label would be wrong or new.
    """
    has_twin = np.array([k is not None for k in twin_indices(clips.category_names)], bool)
    # A clip of no category, -1, has a mirror image.
    twinned = np.flatnonzero(np.append(has_twin, True)[clips.categories])
    rows = np.concatenate([np.arange(len(clips)), twinned])
    return _mirrored(clips, rows, np.arange(len(rows)) >= len(clips))


def mirror_images(clips: ClipSet, rows: Int[np.ndarray, "m"]) -> ClipSet:
    """The mirror images of some rows.

    Raises:
      ValueError: a row's category has no left/right twin in the data set.
    """
    return _mirrored(clips, rows, np.ones(len(rows), bool))


def _mirrored(
    clips: ClipSet, rows: Int[np.ndarray, "m"], mirrored: Bool[np.ndarray, "m"]
) -> ClipSet:
    """Some rows, those that are marked as their mirror images."""
    same = clips.select(rows)
    twins = twin_indices(clips.category_names)
    number = np.array([-2 if k is None else k for k in (*twins, -1)], np.int32)
    categories = np.where(mirrored, number[same.categories], same.categories)
    if (categories == -2).any():
        raise ValueError("a clip's category has no left/right twin, so it has no mirror image")
    captions = [
        tuple(map(swap_left_right, texts)) if flip else texts
        for texts, flip in zip(same.captions, mirrored.tolist(), strict=True)
    ]
    return dataclasses.replace(
        same,
        clips=SelectedClips(clips.clips, rows, mirrored, clips.skeleton),
        captions=tuple(captions),
        categories=categories,
    )

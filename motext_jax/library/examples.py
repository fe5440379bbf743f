"""Embeddings of examples: spans of a library's takes, or of files from outside."""

import os
from collections.abc import Callable

import numpy as np
from jaxtyping import Float

from motext_jax.errors import InputError
from motext_jax.library.contents import Contents
from motext_jax.library.query import Span
from motext_jax.library.reading import example
from motext_jax.library.sides import unit
from motext_jax.library.windows import span_clips, widened
from motext_jax.motion.motion import Motion, resample
from motext_jax.shown import quoted

LIKE = 0.5
"""The least overlap, over union, of an example with a window that stands for it."""


def embedding(
    like: Span,
    mirrored: bool,
    contents: Contents,
    encode: Callable[[Float[np.ndarray, "n t v 3"]], Float[np.ndarray, "n d"]],
    fps: float,
) -> Float[np.ndarray, "d"]:
    """The embedding of an example, or of its mirror image, of unit length.

    That of a library's own span is the mean of its windows, and needs no model.

    Args:
      like: the example.
      mirrored: whether its mirror image is meant.
      contents: the library's.
      encode: the model's motion tower.
      fps: frames a second of a file from outside that does not say them; 0 for none.

    Raises:
      InputError: there is no such file, or no such seconds in it.
    """
    mirrored = mirrored != like.mirrored
    if like.outside or mirrored:
        motion = _outside(like, fps) if like.outside else _preview(like, contents)
        motion = motion.mirrored() if mirrored else motion
        return unit(encode(span_clips(motion, contents.store.facts.data)).mean(axis=0))
    start, end = _widened(like, contents)
    own = contents.of(np.array([contents.number[like.file]]))
    shared = np.minimum(own.ends, end) - np.maximum(own.starts, start)
    union = np.maximum(own.ends, end) - np.minimum(own.starts, start)
    # The nearest window, and all that are as near as it.
    weights = np.maximum(shared, 0) / np.maximum(union, 1e-6)
    weights = np.where(weights >= min(LIKE, weights.max()), weights**4, 0)
    return unit(weights @ own.embeddings)


def _widened(like: Span, contents: Contents) -> tuple[float, float]:
    """The seconds that an example of the library is looked at with; see `windows.widened`."""
    take, row = contents.take(like.file), contents.row(like.file)
    return widened(*contents.span(like), row.offset, take.seconds)


def _outside(like: Span, fps: float) -> Motion:
    """The motion of an example that is none of the library's."""
    if not os.path.isfile(like.file):
        raise InputError(f"{quoted(like.file)} is no file of the library and no path of a file")
    return example(like, fps)


def _preview(like: Span, contents: Contents) -> Motion:
    """The motion of an example of the library, from the small preview."""
    facts, poses = contents.store.facts, contents.poses(like.file, *_widened(like, contents))
    return resample(poses.motion(facts.body), facts.data.fps)

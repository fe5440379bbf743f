"""Windows: overlapping pieces of a take, of several lengths, and their embeddings."""

import dataclasses
import itertools
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float

from motext_jax.config import DataConfig
from motext_jax.data.annotated import AnnotatedMotion
from motext_jax.data.clips import clip_set
from motext_jax.errors import InputError
from motext_jax.motion.motion import Motion

if TYPE_CHECKING:
    from motext_jax.trained.model import TrainedModel

SECONDS = (1.5, 3.0, 5.0)
"""Lengths of windows; none is longer than a clip of the model."""

HOPS = 3
"""Windows that begin within the length of one."""

SHORTEST = 0.5
"""The least seconds of a take's last window, as in training."""

CUT = 2
"""Tells this way of cutting from earlier ones: what was cut otherwise is read and embedded anew."""


@dataclasses.dataclass(frozen=True, eq=False)
class Windows:
    """Windows of one take, the shorter lengths first.

    Attributes:
      clips: positions in metres, normalised; each has the frames of its length, and only a take's
        end or a short take is repeated to fill them.
      starts: time of each window's first frame, in seconds of the file.
      ends: time where its last frame before the repetition ends.
    """

    clips: tuple[Float[np.ndarray, "_ v 3"], ...]
    starts: Float[np.ndarray, "n"]
    ends: Float[np.ndarray, "n"]

    def __len__(self) -> int:
        return len(self.starts)


def windows(motion: Motion, data: DataConfig, start: float, seconds: float) -> Windows:
    """Cuts a take.

    Args:
      motion: the take, on the model's skeleton.
      data: the frame rate, length and normalisation of the model's clips.
      start: time of the motion's first frame, in seconds of the file.
      seconds: duration of the motion; at a lower rate than the file's its last frame ends later.

    Raises:
      InputError: a window would begin before the file, or where the motion has ended.
    """
    take = AnnotatedMotion("", motion, (), None, start=start)
    clips: dict[tuple[float, float], np.ndarray] = {}
    for frames in _lengths(data):
        config = dataclasses.replace(data, frames=frames)
        cut = clip_set([take], (), config, hop=max(1, frames // HOPS), shortest=SHORTEST)
        spans = zip(cut.starts.tolist(), cut.ends.tolist(), strict=True)
        for span, clip in zip(spans, cut.clips[:], strict=True):
            # A take that is shorter than two of the lengths would have the same window twice.
            clips.setdefault(span, clip)
    starts, ends = np.array(list(clips)).T
    # Neither is true of NaN.
    if not (start >= 0 and starts.max() < start + seconds < np.inf):
        raise InputError(
            f"windows from {start:g} s for {seconds:g} s of a motion of {motion.seconds:.2f} s; "
            "expected the second of the file at which it begins, from 0, and its duration"
        )
    return Windows(tuple(clips.values()), starts, np.minimum(ends, start + seconds))


def widened(start: float, end: float, first: float, last: float) -> tuple[float, float]:
    """An example's seconds, with those around it where it is shorter than the least window.

    A few frames alone would be a pose, and find people who stand still.

    Args:
      start: the example's start, in seconds of the file.
      end: its end.
      first: the first second of the file's motion.
      last: the last one.
    """
    least = SECONDS[0]
    if end - start >= least:
        return start, end
    start = min(max((start + end - least) / 2, first), max(last - least, first))
    return start, min(start + least, last)


def span_clips(motion: Motion, data: DataConfig) -> Float[np.ndarray, "n t v 3"]:
    """An example's clips: the whole motion, cut at the least length that holds it."""
    own = round(motion.seconds * data.fps)
    lengths = _lengths(data)
    frames = next((length for length in lengths if length >= own), lengths[-1])
    take = AnnotatedMotion("", motion, (), None)
    config = dataclasses.replace(data, frames=frames)
    return np.asarray(clip_set([take], (), config, shortest=SHORTEST).clips[:])


def embed(
    model: "TrainedModel", clips: Sequence[Float[np.ndarray, "_ v 3"]]
) -> Float[np.ndarray, "n d"]:
    """Embeddings of clips of several lengths, those of one length together."""
    order = sorted(range(len(clips)), key=lambda row: len(clips[row]))
    found = [
        model.encode_motion(np.stack([clips[row] for row in rows]))
        for _, rows in itertools.groupby(order, key=lambda row: len(clips[row]))
    ]
    return np.concatenate(found)[np.argsort(order)]


def compile_for_windows(model: "TrainedModel") -> None:
    """Compiles a model for many windows of each length, so that nothing waits for it later."""
    for frames in _lengths(model.manifest.config.data):
        model.compile_motion(frames)


def _lengths(data: DataConfig) -> list[int]:
    """The frames of the windows' lengths, the shortest first."""
    return sorted({min(round(seconds * data.fps), data.frames) for seconds in SECONDS})

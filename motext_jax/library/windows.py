"""Windows: overlapping pieces of a take, of several lengths, each a clip as the model takes it."""

import dataclasses

import numpy as np
from jaxtyping import Float

from motext_jax.config import DataConfig
from motext_jax.data.annotated import AnnotatedMotion
from motext_jax.data.clips import clip_set
from motext_jax.motion.motion import Motion

SECONDS = (1.5, 3.0, 5.0)
"""Lengths of windows; none is longer than a clip of the model."""

HOPS = 3
"""Windows that begin within the length of one."""

SHORTEST = 0.5
"""The least seconds of a take's last window, as in training."""


@dataclasses.dataclass(frozen=True, eq=False)
class Windows:
    """Windows of one take, the shorter lengths first.

    Attributes:
      clips: positions in metres, normalised; a window shorter than a clip is repeated.
      starts: time of each window's first frame, in seconds of the file.
      ends: time where its last frame before the repetition ends.
    """

    clips: Float[np.ndarray, "n t v 3"]
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
    """
    lengths = sorted({min(round(seconds * data.fps), data.frames) for seconds in SECONDS})
    take = AnnotatedMotion("", motion, (), None, start=start)
    clips: list[np.ndarray] = []
    times: dict[tuple[float, float], int] = {}
    for frames in lengths:
        config = dataclasses.replace(data, frames=frames)
        cut = clip_set([take], (), config, hop=max(1, frames // HOPS), shortest=SHORTEST)
        for row, span in enumerate(zip(cut.starts.tolist(), cut.ends.tolist(), strict=True)):
            # A take that is shorter than two of the lengths would have the same window twice.
            if span not in times:
                times[span] = len(clips)
                clips.append(cut.clips[row][np.arange(data.frames) % cut.lengths[row]])
    starts, ends = np.array(list(times)).T
    return Windows(np.stack(clips), starts, np.minimum(ends, start + seconds))


def span_clips(motion: Motion, data: DataConfig) -> Float[np.ndarray, "n t v 3"]:
    """An example's clips: the whole motion, cut and repeated as in training."""
    take = AnnotatedMotion("", motion, (), None)
    return np.asarray(clip_set([take], (), data, shortest=SHORTEST).clips[:])

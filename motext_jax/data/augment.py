"""Random changes of training clips that leave their texts true."""

from collections.abc import Callable

import numpy as np
from jaxtyping import Float, Int

from motext_jax.config import AugmentConfig
from motext_jax.data.clips import turn
from motext_jax.skeleton import Skeleton

Clips = Float[np.ndarray, "n t v 3"]


def augment(
    clips: Clips,
    lengths: Int[np.ndarray, "n"],
    rng: np.random.Generator,
    *,
    config: AugmentConfig,
    skeleton: Skeleton,
    normalise: Callable[[Clips, Skeleton], Clips],
) -> Clips:
    """A batch with every change that the config asks for, each clip's drawn on its own.

    Args:
      clips: normalised.
      lengths: a clip's frames before the repetition began.
      rng: what is drawn does not depend on the clips.
      config: how large the changes may be; 0 is none.
      skeleton: the joint axis.
      normalise: applied again where a clip has got another first frame.
    """
    n = len(clips)
    speeds = np.exp(_symmetric(rng, n, np.log1p(config.speed)))
    kept, first = 1 - config.crop * rng.random(n), rng.random(n)
    angles = _symmetric(rng, n, config.rotation)
    sizes = np.exp(_symmetric(rng, n, np.log1p(config.scale)))
    if config.speed or config.crop:
        spans = np.maximum(np.rint(kept * lengths).astype(int), 1)
        starts = np.floor(first * (lengths - spans + 1)).astype(int)
        clips = retime(clips, starts, spans, speeds)
    if config.crop:
        clips = normalise(clips, skeleton)
    if config.rotation:
        clips = turn(clips, angles.astype(clips.dtype), skeleton)
    if config.scale:
        clips = clips * sizes.astype(clips.dtype)[:, None, None, None]
    if config.noise:
        clips = clips + config.noise * rng.standard_normal(clips.shape, np.float32)
    return clips


def retime(
    clips: Clips,
    starts: Int[np.ndarray, "n"],
    spans: Int[np.ndarray, "n"],
    speeds: Float[np.ndarray, "n"],
) -> Clips:
    """Spans of clips played at other speeds, repeated from their starts to the clips' length.

    Between frames positions are interpolated linearly, as `data.clips.resample` does.
    """
    frames = clips.shape[1]
    # At 1.25 times the speed 9 frames become 7: at 0, 1.25, ... 7.5.
    played = np.floor((spans - 1) / speeds + 1e-6).astype(int) + 1
    at = (np.arange(frames) % played[:, None]) * speeds[:, None]
    before = np.minimum(at.astype(int), spans[:, None] - 1)
    after = np.minimum(before + 1, spans[:, None] - 1)
    share = (at - before).astype(clips.dtype)[..., None, None]
    rows, starts = np.arange(len(clips))[:, None], starts[:, None]
    earlier = clips[rows, starts + before]
    if not share.any():
        return earlier
    return earlier + share * (clips[rows, starts + after] - earlier)


def _symmetric(rng: np.random.Generator, n: int, bound: float) -> Float[np.ndarray, "n"]:
    return rng.uniform(-1, 1, n) * bound

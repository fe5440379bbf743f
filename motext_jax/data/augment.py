"""Random changes of training clips that leave their texts true, inside the compiled step."""

import functools
import math
from collections.abc import Callable

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float, Int, Key

from motext_jax.config import AugmentConfig
from motext_jax.data.recorders import recorded
from motext_jax.motion.normalise import turn
from motext_jax.skeleton import Skeleton

Normalise = Callable[[Float[Array, "t v 3"], Skeleton], Float[Array, "t v 3"]]


def augment(
    clips: Float[Array, "n t v 3"],
    lengths: Int[Array, "n"],
    key: Key[Array, ""],
    *,
    config: AugmentConfig,
    skeleton: Skeleton,
    normalise: Normalise,
) -> Float[Array, "n t v 3"]:
    """A batch with every change that the config asks for, each clip's drawn on its own.

    Args:
      clips: normalised clips.
      lengths: each clip's frames before the repetition began.
      key: random key; a clip's draws depend on it and on the clip's place in the batch alone.
      config: bounds of the changes; 0 leaves a change out.
      skeleton: skeleton of the joint axis.
      normalise: applied again where a clip has got another first frame.
    """
    change = functools.partial(_changed, config=config, skeleton=skeleton, normalise=normalise)
    # Accelerators multiply matrices of float32 with fewer digits unless they are told not to.
    with jax.default_matmul_precision("highest"):
        return jax.vmap(change)(clips, lengths, jax.random.split(key, len(clips)))


def _changed(
    clip: Float[Array, "t v 3"],
    length: Int[Array, ""],
    key: Key[Array, ""],
    config: AugmentConfig,
    skeleton: Skeleton,
    normalise: Normalise,
) -> Float[Array, "t v 3"]:
    keys = jax.random.split(key, 6)
    speed_key, span_key, start_key, turn_key, scale_key, noise_key = keys
    recorder_key = jax.random.fold_in(key, 6)

    def symmetric(key: Key[Array, ""], bound: float) -> Float[Array, ""]:
        return jax.random.uniform(key, (), clip.dtype, -bound, bound)

    if config.speed or config.crop:
        kept = 1 - config.crop * jax.random.uniform(span_key, (), clip.dtype)
        span = jnp.rint(kept * length.astype(clip.dtype)).astype(length.dtype)
        span = jnp.maximum(span, 1)
        start = jax.random.randint(start_key, (), 0, length - span + 1, length.dtype)
        speed = jnp.exp(symmetric(speed_key, math.log1p(config.speed)))
        clip = retime(clip, start, span, speed)
    clip = recorded(clip, recorder_key, config, skeleton)
    if config.crop:
        clip = normalise(clip, skeleton)
    if config.rotation:
        clip = turn(clip, symmetric(turn_key, config.rotation), skeleton)
    if config.scale:
        clip = clip * jnp.exp(symmetric(scale_key, math.log1p(config.scale)))
    if config.noise:
        clip = clip + config.noise * jax.random.normal(noise_key, clip.shape, clip.dtype)
    return clip


def retime(
    clip: Float[Array, "t v 3"],
    start: Int[Array, ""],
    span: Int[Array, ""],
    speed: Float[Array, ""],
) -> Float[Array, "t v 3"]:
    """A span of a clip played at another speed, repeated from its start to the clip's length.

    Between frames positions are interpolated linearly, as `motion.resample` does.
    """
    # At 1.25 times the speed 9 frames become 7: at 0, 1.25, ... 7.5. Rounding must not lose one.
    played = jnp.floor((span - 1).astype(clip.dtype) / speed + 1e-3).astype(span.dtype) + 1
    at = (jnp.arange(len(clip), dtype=span.dtype) % played).astype(clip.dtype) * speed
    before = jnp.minimum(at.astype(span.dtype), span - 1)
    after = jnp.minimum(before + 1, span - 1)
    share = (at - before.astype(clip.dtype))[:, None, None]
    earlier, later = clip[start + before], clip[start + after]
    return earlier + share * (later - earlier)

"""Differences between recorders and between bodies, as random changes of a clip.

A system of cameras, a suit of sensors and a tracker of video put neck, head, toes and shoulders at
other places of the same body, lose joints, and let the feet slide.
"""

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Key

from motext_jax.config import AugmentConfig
from motext_jax.motion.joint_tree import parents_first
from motext_jax.skeleton import Skeleton

KNOT_FRAMES = 6
"""Frames from one drawn number of a slow error to the next, between which it is linear."""

LOST_FRAMES = 0.3
"""Largest share of a clip for which a joint is lost."""


def recorded(
    clip: Float[Array, "t v 3"], key: Key[Array, ""], config: AugmentConfig, skeleton: Skeleton
) -> Float[Array, "t v 3"]:
    """A clip as another body and another recorder would give it.

    Args:
      clip: joint positions in metres.
      key: random key.
      config: `bones`, `joints`, `jitter`, `lost`, `height` and `drift` of it.
      skeleton: skeleton of the joint axis.
    """
    bones_key, joints_key, jitter_key, lost_key, height_key, drift_key = jax.random.split(key, 6)
    frames, joints = clip.shape[:2]
    if config.bones:
        factors = jnp.exp(_symmetric(bones_key, (joints,), np.log1p(config.bones), clip))
        clip = with_bones(clip, _alike(factors, skeleton), skeleton)
    if config.joints:
        shares = _symmetric(joints_key, (joints,), config.joints, clip)
        clip = with_joints_along(clip, _alike(shares, skeleton), skeleton)
    if config.jitter:
        clip = clip + config.jitter * _slow(jitter_key, frames, (joints, 3), clip)
    if config.lost:
        clip = _with_lost(clip, lost_key, config.lost)
    if config.drift:
        # A random walk: the error of a speed that is slowly drawn anew.
        step = _slow(drift_key, frames, (1, 3), clip).at[..., skeleton.up].set(0)
        clip = clip + config.drift / _walked(frames) * jnp.cumsum(step, axis=0)
    if config.height:
        shift = _symmetric(height_key, (), config.height, clip)
        clip = clip.at[..., skeleton.up].add(shift)
    return clip


def with_bones(
    clip: Float[Array, "t v 3"], factors: Float[Array, "v"], skeleton: Skeleton
) -> Float[Array, "t v 3"]:
    """The same directions of bones in another body.

    The root is as much higher or lower as the lowest joint would be otherwise, at each frame, so
    that who stood on the floor stands on it.

    Args:
      clip: joint positions.
      factors: change of the length of the bone that ends in each joint; the root's is not read.
      skeleton: skeleton of the joint axis.
    """
    moved: list[Float[Array, "t 3"]] = [clip[:, 0]] * len(skeleton.joints)
    for joint in parents_first(skeleton.parents).tolist():
        parent = skeleton.parents[joint]
        if parent < 0:
            moved[joint] = clip[:, joint]
        else:
            moved[joint] = moved[parent] + factors[joint] * (clip[:, joint] - clip[:, parent])
    changed = jnp.stack(moved, axis=1)
    up = skeleton.up
    rise = clip[..., up].min(axis=1) - changed[..., up].min(axis=1)
    return changed.at[..., up].add(rise[:, None])


def with_joints_along(
    clip: Float[Array, "t v 3"], shares: Float[Array, "v"], skeleton: Skeleton
) -> Float[Array, "t v 3"]:
    """Each joint elsewhere on its bone's line: further out by a share of the bone's length."""
    parents = np.array([max(parent, 0) for parent in skeleton.parents])
    return clip + shares[None, :, None] * (clip - clip[:, parents])


def _alike(numbers: Float[Array, "v"], skeleton: Skeleton) -> Float[Array, "v"]:
    """The left joint's number for both joints of a pair; bodies and suits are even."""
    same = np.arange(len(skeleton.joints))
    for left, right in skeleton.left_right_pairs:
        same[right] = left
    return numbers[same]


def _with_lost(
    clip: Float[Array, "t v 3"], key: Key[Array, ""], chance: float
) -> Float[Array, "t v 3"]:
    """Some joints go on a straight line for a while, as where a tracker has lost them."""
    frames, joints = clip.shape[:2]
    lost_key, start_key, span_key = jax.random.split(key, 3)
    # A number of each joint, for all frames.
    lost = jax.random.uniform(lost_key, (1, joints)) < chance
    span = LOST_FRAMES * frames * jax.random.uniform(span_key, (1, joints), clip.dtype)
    begin = (frames - 1 - span) * jax.random.uniform(start_key, (1, joints), clip.dtype)
    start, end = jnp.floor(begin), jnp.floor(begin + span)
    frame = jnp.arange(frames, dtype=clip.dtype)[:, None]
    share = jnp.clip((frame - start) / jnp.maximum(end - start, 1), 0, 1)[..., None]
    joint = jnp.arange(joints)[None]
    before, after = clip[start.astype(int), joint], clip[end.astype(int), joint]
    within = lost & (frame >= start) & (frame <= end)
    return jnp.where(within[..., None], before + share * (after - before), clip)


def _slow(
    key: Key[Array, ""], frames: int, shape: tuple[int, ...], like: Float[Array, "t v 3"]
) -> Float[Array, "t a b"]:
    """Normal numbers that change over `KNOT_FRAMES`, linear in between."""
    knots = -(-frames // KNOT_FRAMES) + 1
    drawn = jax.random.normal(key, (knots, *shape), like.dtype)
    at = np.arange(frames) / KNOT_FRAMES
    before = at.astype(int)
    share = jnp.asarray(at - before, like.dtype)[:, None, None]
    return (1 - share) * drawn[before] + share * drawn[before + 1]


def _walked(frames: int) -> float:
    """Standard deviation of where the sum of `_slow`'s numbers ends, in the plane."""
    at = np.arange(frames) / KNOT_FRAMES
    weights = np.maximum(1 - np.abs(at[:, None] - np.arange(at[-1] + 2)), 0).sum(axis=0)
    return float(np.sqrt(2 * np.sum(weights**2)))


def _symmetric(
    key: Key[Array, ""], shape: tuple[int, ...], bound: float, like: Float[Array, "t v 3"]
) -> Float[Array, "..."]:
    return jax.random.uniform(key, shape, like.dtype, -bound, bound)

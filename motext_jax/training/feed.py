"""How clips come into the compiled step: sent by the host, or by row from the devices' own memory.

Either way they are mirrored and augmented there.
"""

import math
from collections.abc import Callable, Mapping
from typing import Any

import jax
import jax.numpy as jnp
from jax.sharding import Mesh
from jaxtyping import Array

from motext_jax.config import Config
from motext_jax.data.augment import augment
from motext_jax.data.clips import ClipArray
from motext_jax.errors import InputError
from motext_jax.motion.motion import mirror
from motext_jax.motion.normalise import NORMALISATIONS
from motext_jax.runtime import mesh as meshes
from motext_jax.skeleton import Skeleton
from motext_jax.training.step import Metrics, TrainState

Store = Mapping[str, Array]
"""What every device holds, by the names that `data.pipeline.Batches` knows: the distinct clips
[k t v 3], and the embeddings of all texts [m d] where their tower is frozen."""

LARGEST_SHARE = 4
"""Clips are held by themselves where they take at most one part in so many of a device's memory."""


def held_clips(mesh: Mesh, clips: ClipArray, on_device: str) -> dict[str, Array]:
    """The clips as a store, or an empty one where the host is to send them: `data.on_device`.

    Raises:
      InputError: the devices are to hold clips that are larger than their memory.
    """
    size, memory = 4 * math.prod(clips.shape), meshes.device_memory(mesh)
    if on_device == "yes" and 0 < memory < size:
        raise InputError(
            f"data.on_device=yes, but the training clips take {size / 1e9:.1f} GB and a device has "
            f"{memory / 1e9:.1f} GB; use data.on_device=auto"
        )
    # A CPU has no memory of its own: more copies of the clips in the host's would save nothing.
    fits = LARGEST_SHARE * size <= memory
    if on_device == "no" or (on_device == "auto" and not fits):
        return {}
    return {"clips": meshes.replicate(mesh, clips)}


def fed(
    train_step: Callable[[TrainState, dict[str, Array]], tuple[TrainState, Metrics]],
    config: Config,
    skeleton: Skeleton,
) -> Callable[[TrainState, Store, dict[str, Array]], tuple[TrainState, Metrics]]:
    """(state, store, batch) -> (state, metrics): a train step of clips as they are seen this once.

    What is drawn comes from the seed and the step alone, so that it is the same on any number of
    devices and processes, and in a run that was resumed.
    """
    data = config.data
    # A clip that keeps where its motion has led keeps it without its first frames, too.
    normalise = NORMALISATIONS[data.normalise if data.normalise_each == "clip" else "none"]
    changes: dict[str, Any] = {
        "config": data.augment,
        "skeleton": skeleton,
        "normalise": normalise,
    }

    def step(
        state: TrainState, store: Store, batch: dict[str, Array]
    ) -> tuple[TrainState, Metrics]:
        clips = store["clips"][batch["rows"]] if "clips" in store else batch["clips"]
        if data.mirror:
            mirrored = batch["mirrored"][:, None, None, None]
            clips = jnp.where(mirrored, mirror(clips, skeleton), clips)
        key = jax.random.fold_in(jax.random.key(config.train.seed), state.step)
        clips = augment(clips, batch["lengths"], key, **changes)
        return train_step(state, {**store, **batch, "clips": clips})

    return step

"""Clips and texts on their way to the train step: order, devices' memory, mirroring, augmentation.

The host sends a batch's clips, or their rows of the clips that every device holds. Either way the
compiled step mirrors and augments them.
"""

import itertools
import math
from collections.abc import Callable, Iterator

import flax.struct
import jax
import jax.numpy as jnp
import numpy as np
from jax.sharding import Mesh
from jaxtyping import Array, Float, Int

from motext_jax.config import Config
from motext_jax.data.augment import augment
from motext_jax.data.clips import ClipArray, ClipSet
from motext_jax.data.pipeline import AnyArray, Batch, Batches, TrainingTexts
from motext_jax.errors import InputError
from motext_jax.motion.motion import mirror
from motext_jax.motion.normalise import NORMALISATIONS
from motext_jax.runtime import mesh as meshes
from motext_jax.skeleton import Skeleton
from motext_jax.training.step import Examples, Metrics, TrainState, TrainStep

LARGEST_SHARE = 4
"""`data.on_device=auto` holds clips that take at most one part in so many of a device's memory."""


class DeviceStore(flax.struct.PyTreeNode):
    """Arrays that every device holds for the whole run.

    Attributes:
      clips: the split's distinct clips, as `ClipRows`; None where the host sends them.
      text_embeddings: embeddings of the split's distinct texts; None unless their tower is frozen.
    """

    clips: Float[AnyArray, "k r"] | None = None
    text_embeddings: Float[AnyArray, "m d"] | None = None


LANES = 128
"""Numbers side by side in a TPU's registers and memory."""


class ClipRows:
    """Stored clips, each as one row: its t·v·3 numbers, then zeros up to a multiple of `LANES`.

    Of four axes a TPU would lay the clips side by side, the numbers of each far apart, and of rows
    of another length too, because it pads the last axis. A step would then copy the whole store
    before it takes some clips.
    """

    def __init__(self, clips: ClipArray):
        self._clips = clips
        count, *clip = clips.shape
        self.shape = (count, math.ceil(math.prod(clip) / LANES) * LANES)

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, rows: slice) -> Float[np.ndarray, "n r"]:
        """Some clips' rows."""
        clips = np.asarray(self._clips[rows], np.float32)
        flat = clips.reshape(len(clips), -1)
        return np.pad(flat, ((0, 0), (0, self.shape[1] - flat.shape[1])))


class Feed:
    """The batches of a run on the devices, and what the devices hold from the start.

    Args:
      mesh: the devices.
      clips: the training split, with mirror images where they are to be shown.
      texts: texts of the split.
      config: the run's config.

    Attributes:
      steps_per_epoch: whole batches of the split.
      held_bytes: the clips in each device's memory; 0 where the host sends them.

    Raises:
      InputError: a batch is larger than the split, it or a micro-batch does not divide among the
        devices, or the clips that the devices are to hold are larger than their memory.
    """

    def __init__(self, mesh: Mesh, clips: ClipSet, texts: TrainingTexts, config: Config):
        size = config.train.batch_size
        share = meshes.share(mesh, size, config.train.micro_batch)
        self._batches = Batches(
            clips, texts, batch_size=size, seed=config.train.seed, share=share, devices=mesh.size
        )
        self._mesh, self._texts = mesh, texts
        self._rows = ClipRows(self._batches.stored)
        self._holds_clips = holds_clips(mesh, self._rows, config.data.on_device)
        is_contrastive = config.model.objective == "contrastive"
        self._holds_texts = is_contrastive and config.optimizer.text_scale == 0
        self.steps_per_epoch = self._batches.steps_per_epoch
        self.held_bytes = _bytes(self._rows) if self._holds_clips else 0

    def make_store(
        self, encode_tokens: Callable[[Int[np.ndarray, "m l"]], Float[np.ndarray, "m d"]]
    ) -> DeviceStore:
        """Replicates the store; `encode_tokens` embeds the texts where their tower is frozen."""
        clips = text_embeddings = None
        if self._holds_clips:
            clips = meshes.replicate(self._mesh, self._rows)
        if self._holds_texts:
            text_embeddings = meshes.replicate(self._mesh, encode_tokens(self._texts.tokens))
        return DeviceStore(clips, text_embeddings)

    def batches(self, start: int, stop: int) -> Iterator[Batch]:
        """The batches of steps `start` to `stop` - 1, each sharded when it is asked for."""
        batches = self._batches.from_step(
            start, send_clips=not self._holds_clips, send_tokens=not self._holds_texts
        )
        for batch in itertools.islice(batches, stop - start):
            yield meshes.shard_batch(self._mesh, batch)


def holds_clips(mesh: Mesh, clips: ClipArray | ClipRows, on_device: str) -> bool:
    """Decides by `data.on_device` and by their size whether every device holds the clips.

    Raises:
      InputError: the devices are to hold clips that are larger than their memory.
    """
    size, memory = _bytes(clips), meshes.device_memory(mesh)
    if on_device == "yes" and 0 < memory < size:
        raise InputError(
            f"data.on_device=yes, but the training clips take {size / 1e9:.1f} GB and a device has "
            f"{memory / 1e9:.1f} GB; use data.on_device=auto"
        )
    # A CPU has no memory of its own: more copies of the clips in the host's would save nothing.
    fits = LARGEST_SHARE * size <= memory
    return on_device == "yes" or (on_device == "auto" and fits)


def _bytes(clips: ClipArray | ClipRows) -> int:
    """The size of clips in float32."""
    return 4 * math.prod(clips.shape)


def with_preprocessing(
    train_step: TrainStep, config: Config, skeleton: Skeleton
) -> Callable[[TrainState, DeviceStore, Batch], tuple[TrainState, Metrics]]:
    """Puts mirroring and augmentation before a train step: (state, store, batch) -> as the step.

    Draws come from the seed and the step alone, so that they are the same on any number of devices
    and processes, and in a run that was resumed. Traces and compiled programs name the parts of a
    step by its scopes: `store`, `augment`, `loss`, `optimizer` and the towers' modules.
    """
    data = config.data
    # Normalised by motion, a clip keeps its place in the motion, also without its first frames.
    normalise = NORMALISATIONS[data.normalise if data.normalise_each == "clip" else "none"]

    def step(state: TrainState, store: DeviceStore, batch: Batch) -> tuple[TrainState, Metrics]:
        with jax.named_scope("store"):
            clips = _stored_clips(store, batch, (data.frames, len(skeleton.joints), 3))
        with jax.named_scope("augment"):
            if data.mirror:
                mirrored = batch.mirrored[:, None, None, None]
                clips = jnp.where(mirrored, mirror(clips, skeleton), clips)
            key = jax.random.fold_in(jax.random.key(config.train.seed), state.step)
            clips = augment(
                clips,
                batch.lengths,
                key,
                config=data.augment,
                skeleton=skeleton,
                normalise=normalise,
            )
        examples = Examples(
            clips,
            batch.categories,
            batch.text_rows,
            batch.tokens,
            store.text_embeddings,
            batch.twin_rows,
        )
        return train_step(state, examples)

    return step


def _stored_clips(
    store: DeviceStore, batch: Batch, shape: tuple[int, int, int]
) -> Float[Array, "n t v 3"]:
    """A batch's clips before they are mirrored and augmented."""
    if store.clips is not None and batch.clip_rows is not None:
        return store.clips[batch.clip_rows][:, : math.prod(shape)].reshape(-1, *shape)
    if batch.clips is None:
        raise ValueError("a batch needs clips of its own, or rows of clips that the store holds")
    return batch.clips

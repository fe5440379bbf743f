"""Training batches: the clips and texts of step k, from (seed, k) alone."""

import dataclasses
import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import flax.struct
import grain
import numpy as np
from jaxtyping import Bool, Float, Int

from motext_jax.counted import counted
from motext_jax.data.clips import ClipSet
from motext_jax.errors import InputError
from motext_jax.text.twins import twin

AnyArray = Any
"""A numpy array on the host, a JAX array once the batch is on the devices.

JAX also rebuilds a pytree around what only stands for arrays, with a shape and a dtype.
"""


class Batch(flax.struct.PyTreeNode):
    """One step's clips and texts; in one of several processes, this process's part of each field.

    Attributes:
      mirrored: True where the step shows the clip's mirror image.
      lengths: each clip's frames before the repetition begins.
      categories: each clip's category; -1 for none.
      text_rows: each clip's row of `tokens`, or of all texts where the devices hold them embedded.
      twin_rows: likewise the row of its text's twin, or of its text; None where none are wanted.
      clips: clips as they are stored; None where the devices hold them.
      clip_rows: each clip's row of the stored clips; None where the host sends `clips`.
      tokens: the batch's distinct texts; None where the devices hold all texts embedded.
    """

    mirrored: Bool[AnyArray, "n"]
    lengths: Int[AnyArray, "n"]
    categories: Int[AnyArray, "n"]
    text_rows: Int[AnyArray, "n"]
    twin_rows: Int[AnyArray, "n"] | None = None
    clips: Float[AnyArray, "n t v 3"] | None = None
    clip_rows: Int[AnyArray, "n"] | None = None
    tokens: Int[AnyArray, "m l"] | None = None


TEXT_LENGTHS = 16
"""Batches are as long as their longest text, rounded up to a multiple of this."""


@dataclasses.dataclass(frozen=True, eq=False)
class TrainingTexts:
    """The texts of a split.

    Attributes:
      tokens: tokens of the distinct texts.
      rows: each clip's texts, as rows of `tokens`.
      twins: the row of each row's twin, its own where it has none; None without twins.
    """

    tokens: Int[np.ndarray, "m l"]
    rows: tuple[tuple[int, ...], ...]
    twins: Int[np.ndarray, "m"] | None = None


def training_texts(
    clips: ClipSet,
    kind: str,
    tokenize: Callable[[Sequence[str]], np.ndarray],
    *,
    twins: bool = False,
) -> TrainingTexts:
    """Texts of each clip's category, its captions, or both; the category's for want of captions.

    Args:
      clips: the training split.
      kind: `data.text`.
      tokenize: texts to tokens.
      twins: also the texts' twins; see `text.twins`.

    Raises:
      InputError: the texts are categories, and a clip has none; or it has no text at all.
    """
    per_clip = [_texts_of(clips, clip, kind) for clip in range(len(clips))]
    distinct = list(dict.fromkeys(text for texts in per_clip for text in texts))
    row = {text: number for number, text in enumerate(distinct)}
    rows = tuple(tuple(row[text] for text in texts) for texts in per_clip)
    if not twins:
        return TrainingTexts(tokenize(distinct), rows)
    others = [twin(text) or text for text in distinct]
    for other in others:
        row.setdefault(other, len(row))
    own = np.arange(len(row), dtype=np.int32)
    own[: len(others)] = [row[other] for other in others]
    return TrainingTexts(tokenize(list(row)), rows, own)


def distinct_texts(clips: ClipSet, kind: str) -> tuple[str, ...]:
    """The texts of `training_texts`, each once."""
    per_clip = (_texts_of(clips, clip, kind) for clip in range(len(clips)))
    return tuple(dict.fromkeys(text for texts in per_clip for text in texts))


def _texts_of(clips: ClipSet, clip: int, kind: str) -> tuple[str, ...]:
    category = clips.category(clip)
    if kind == "category":
        if not category:
            raise InputError(
                f"data.text=category, but {clips.name(clip)} has none; use data.text=caption"
            )
        return (category,)
    captions = tuple(filter(None, clips.captions[clip]))
    if not captions and not category:
        raise InputError(f"{clips.name(clip)} has neither a caption nor a category to learn from")
    return captions if captions and (kind == "caption" or not category) else (*captions, category)


@dataclasses.dataclass(frozen=True, eq=False)
class _Draw:
    """A step's clips and the text that each is shown with, as rows of the split's.

    Attributes:
      clips: rows of the split's clips.
      texts: rows of the split's distinct texts.
    """

    clips: Int[np.ndarray, "n"]
    texts: Int[np.ndarray, "n"]


class Batches:
    """Batches of a split by step number; the step number alone is the data position.

    Every epoch is shuffled anew; the clips that do not fill a last batch are left to later epochs'
    shuffles.

    Args:
      clips: the training split.
      texts: texts of the split.
      batch_size: clips of a batch, over all processes.
      seed: seed of the order and of the choice of texts.
      share: number of this process and of all; it gathers its part of each batch.
      devices: number of devices of all processes; they share a batch's texts equally.

    A batch's distinct texts, repeated up to an eighth, a quarter or half of the batch or the whole
    of it, are few shapes to compile a step for.

    Attributes:
      steps_per_epoch: whole batches of the split.
      stored: the split's distinct clips, of which `Batch.clip_rows` are rows.

    Raises:
      InputError: a batch is larger than the split.
    """

    def __init__(
        self,
        clips: ClipSet,
        texts: TrainingTexts,
        *,
        batch_size: int,
        seed: int,
        share: tuple[int, int] = (0, 1),
        devices: int = 1,
    ):
        if batch_size > len(clips):
            raise InputError(
                f"train.batch_size is {batch_size}, but the training split has "
                f"{counted(len(clips), 'clip')}, "
                f"mirrored ones counted; give a number up to {len(clips)}, such as "
                f"--config.train.batch_size={max(2, len(clips) // 4)}"
            )
        self.steps_per_epoch = len(clips) // batch_size
        self._clips = clips
        self._texts = texts
        self.stored, self._rows, self._mirrored = clips.stored()
        self._share = share
        # With their twins there may be twice as many texts as clips.
        shares = (8, 4, 2, 1) if texts.twins is None else (8, 4, 2, 1, 0.5)
        self._text_counts = [math.ceil(batch_size / (k * devices)) * devices for k in shares]
        order = grain.MapDataset.range(len(clips)).seed(seed).shuffle()
        self._draws = order.batch(batch_size, drop_remainder=True).repeat().random_map(self._draw)

    def at(self, step: int, *, send_clips: bool = True, send_tokens: bool = True) -> Batch:
        """One step's batch.

        Args:
          step: number of the step from 0, over all epochs.
          send_clips: False where the devices hold `stored`.
          send_tokens: False where the devices hold all texts embedded.
        """
        return self._gather(self._draws[step], send_clips, send_tokens)

    def from_step(
        self, step: int, *, send_clips: bool = True, send_tokens: bool = True
    ) -> Iterator[Batch]:
        """Batches from a step on, gathered ahead in threads; the arguments are those of `at`."""
        batches = self._draws[step:].map(lambda draw: self._gather(draw, send_clips, send_tokens))
        return iter(
            batches.to_iter_dataset(grain.ReadOptions(num_threads=4, prefetch_buffer_size=8))
        )

    def _draw(self, clips: Int[np.ndarray, "n"], rng: np.random.Generator) -> _Draw:
        # Every process draws for the whole batch, so that its texts do not depend on the processes.
        draws = rng.random(len(clips))
        rows = [self._texts.rows[clip] for clip in clips]
        texts = [row[int(d * len(row))] for row, d in zip(rows, draws, strict=True)]
        return _Draw(clips, np.array(texts, np.int32))

    def _gather(self, draw: _Draw, send_clips: bool, send_tokens: bool) -> Batch:
        """This process's part of a batch."""
        own = draw.clips[self._part(len(draw.clips))]
        twins, tokens = self._texts.twins, None
        # The texts, and their twins behind them.
        rows = draw.texts if twins is None else np.concatenate([draw.texts, twins[draw.texts]])
        if send_tokens:
            distinct, rows = np.unique(rows, return_inverse=True)
            tokens = self._tokens(distinct)
            tokens = tokens[self._part(len(tokens))]
        count = len(draw.texts)
        part = self._part(count)
        text_rows, twin_rows = rows[:count][part], rows[count:][part]
        clip_rows = self._rows[own]
        return Batch(
            mirrored=self._mirrored[own],
            lengths=self._clips.lengths[own],
            categories=self._clips.categories[own],
            text_rows=text_rows.astype(np.int32),
            twin_rows=None if twins is None else twin_rows.astype(np.int32),
            clips=self.stored[clip_rows] if send_clips else None,
            clip_rows=None if send_clips else clip_rows,
            tokens=tokens,
        )

    def _tokens(self, distinct: Int[np.ndarray, "k"]) -> Int[np.ndarray, "m l"]:
        count = next(count for count in self._text_counts if count >= len(distinct))
        tokens = self._texts.tokens[np.resize(distinct, count)]
        # The end-of-text token is not 0, as the filling is.
        longest = int(np.flatnonzero(tokens.any(axis=0))[-1]) + 1
        return tokens[:, : -(-longest // TEXT_LENGTHS) * TEXT_LENGTHS]

    def _part(self, rows: int) -> slice:
        number, processes = self._share
        return slice(number * rows // processes, (number + 1) * rows // processes)

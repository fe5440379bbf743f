"""Training batches: which clips and which texts step k sees, from (seed, k) alone."""

import dataclasses
from collections.abc import Callable, Collection, Iterator, Sequence

import grain
import numpy as np
from jaxtyping import Int

from motext_jax.data.clips import ClipSet
from motext_jax.errors import InputError

Batch = dict[str, np.ndarray]
"""clips [n t v 3] as they are stored, and of each whether its mirror image is meant, mirrored [n],
its frames before the repetition began, lengths [n], and its categories [n]; the batch's distinct
texts as tokens [m l], and which of them is each clip's, text [n].

Of clips that the devices hold there is the row instead, rows [n]; and where they hold all texts
embedded, there are no tokens, and text [n] is the row among all."""

TEXT_LENGTHS = 16
"""Batches are as long as their longest text, rounded up to a multiple of this."""


@dataclasses.dataclass(frozen=True, eq=False)
class TrainingTexts:
    """The distinct texts of a split as tokens, and which of them each clip may be shown with.

    Attributes:
      tokens: one row a distinct text.
      rows: for each clip, the rows of `tokens` that describe it.
    """

    tokens: Int[np.ndarray, "m l"]
    rows: tuple[tuple[int, ...], ...]


def training_texts(
    clips: ClipSet, kind: str, tokenize: Callable[[Sequence[str]], np.ndarray]
) -> TrainingTexts:
    """The texts that `data.text` asks for.

    Raises:
      InputError: the texts are categories, and a clip has none.
    """
    per_clip = [_texts_of(clips, clip, kind) for clip in range(len(clips))]
    distinct = list(dict.fromkeys(text for texts in per_clip for text in texts))
    row = {text: number for number, text in enumerate(distinct)}
    rows = tuple(tuple(row[text] for text in texts) for texts in per_clip)
    return TrainingTexts(tokenize(distinct), rows)


def _texts_of(clips: ClipSet, clip: int, kind: str) -> tuple[str, ...]:
    category = clips.category(clip)
    if kind == "category":
        if not category:
            raise InputError(
                f"data.text=category, but {clips.name(clip)} has none; use data.text=caption"
            )
        return (category,)
    captions = clips.captions[clip]
    return captions if kind == "caption" or not category else (*captions, category)


class Batches:
    """`Batches(...)[k]` is step k's batch; the step number alone is the data position.

    Every epoch is shuffled anew; the clips that do not fill a last batch are left to later epochs'
    shuffles.

    Args:
      clips: the training split.
      texts: its texts.
      batch_size: over all processes.
      seed: of the order and the choice of texts.
      held: what the devices hold, of which a batch has the rows alone: clips, text_embeddings.
      share: the part of each batch that this process gathers: its number and how many there are.
      devices: how many of all processes share a batch; the distinct texts are filled up for them.

    A batch's distinct texts, repeated up to an eighth, a quarter or half of the batch or the whole
    of it, are few shapes to compile a step for.

    Attributes:
      steps_per_epoch: whole batches of the split.
      stored: the split's distinct clips, of which `rows` are the rows.

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
        held: Collection[str] = (),
        share: tuple[int, int] = (0, 1),
        devices: int = 1,
    ):
        if batch_size > len(clips):
            raise InputError(
                f"train.batch_size is {batch_size}, but the training split has {len(clips)} clips"
            )
        self.steps_per_epoch = len(clips) // batch_size
        self._clips = clips
        self._texts = texts
        self._held = held
        self.stored, self._rows, self._mirrored = clips.stored()
        self._share = share
        self._text_counts = [-(-batch_size // (k * devices)) * devices for k in (8, 4, 2, 1)]
        order = grain.MapDataset.range(len(clips)).seed(seed).shuffle()
        self._dataset = (
            order.batch(batch_size, drop_remainder=True).repeat().random_map(self._gather)
        )

    def __getitem__(self, step: int) -> Batch:
        return self._dataset[step]

    def from_step(self, step: int) -> Iterator[Batch]:
        """Batches from a step on, gathered ahead in threads."""
        options = grain.ReadOptions(num_threads=4, prefetch_buffer_size=8)
        return iter(self._dataset[step:].to_iter_dataset(options))

    def _gather(self, clips: Int[np.ndarray, "n"], rng: np.random.Generator) -> Batch:
        # Every process draws for the whole batch, so that its texts do not depend on the processes.
        draws = rng.random(len(clips))
        rows = [self._texts.rows[clip] for clip in clips]
        chosen = np.array([row[int(d * len(row))] for row, d in zip(rows, draws, strict=True)])
        own = clips[self._part(len(clips))]
        rows = self._rows[own]
        return {
            **({"rows": rows} if "clips" in self._held else {"clips": self.stored[rows]}),
            "mirrored": self._mirrored[own],
            "lengths": self._clips.lengths[own],
            "categories": self._clips.categories[own],
            **self._texts_of(chosen),
        }

    def _texts_of(self, chosen: Int[np.ndarray, "n"]) -> dict[str, np.ndarray]:
        own = self._part(len(chosen))
        if "text_embeddings" in self._held:
            return {"text": chosen[own].astype(np.int32)}
        distinct, text = np.unique(chosen, return_inverse=True)
        tokens = self._tokens(distinct)
        return {"tokens": tokens[self._part(len(tokens))], "text": text[own].astype(np.int32)}

    def _tokens(self, distinct: Int[np.ndarray, "k"]) -> Int[np.ndarray, "m l"]:
        count = next(count for count in self._text_counts if count >= len(distinct))
        tokens = self._texts.tokens[np.resize(distinct, count)]
        # The end-of-text token is not 0, as the filling is.
        longest = int(np.flatnonzero(tokens.any(axis=0))[-1]) + 1
        return tokens[:, : -(-longest // TEXT_LENGTHS) * TEXT_LENGTHS]

    def _part(self, rows: int) -> slice:
        number, processes = self._share
        return slice(number * rows // processes, (number + 1) * rows // processes)

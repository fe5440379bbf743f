"""The scores from which on a found motion is likely, or perhaps, what a text asks for."""

import numpy as np
from jaxtyping import Bool, Float, Int

from motext_jax.data.clips import ClipSet
from motext_jax.library.facts import centre
from motext_jax.library.windows import embed, windows
from motext_jax.trained.calibration import Calibration
from motext_jax.trained.model import TrainedModel

LIKELY_RIGHT, RIGHT_FOUND = 0.75, 0.98
"""Share of right ones among the first answers from `likely` on; share of the first answers that are
right that `perhaps` lets through."""

MOST, MOST_CLIPS = 4000, 600
"""The most texts, and the most clips; of more, as many are taken at equal distances."""


def calibrate(model: TrainedModel, clips: ClipSet, split: str) -> Calibration | None:
    """Finds both scores on a split that the model was not trained on; None without any text.

    Every text of the split, a caption or the name of a category, is asked twice: among all clips,
    and among those that are not what it asks for, as in a collection that has nothing like it. As
    in a library, a clip is cut into windows, and the clip with the best one is the answer. A clip
    is right if it has the text, or one of the text's categories, which are those of the clips that
    have it.

    `likely` is the least score from which on `LIKELY_RIGHT` of these answers are right. So it holds
    for queries of which half can be answered, worded as the split's texts are, in a collection as
    large and as varied as the split. `perhaps` is the score that `RIGHT_FOUND` of the right answers
    reach, whatever else reaches it: a right answer is rarely called unlikely.

    Args:
      model: a model with two towers.
      clips: the split.
      split: its name.
    """
    rows = clips.unique()
    rows = rows[_spread(len(rows), MOST_CLIPS)]
    texts, right = questions(clips, rows)
    # Of many clips some are left out, and with them texts: what is asked can be answered.
    there = np.flatnonzero(right.any(axis=1))
    texts, right = [texts[number] for number in there], right[there]
    if not texts:
        return None
    own, others = first_answers(best_scores(model, clips, rows, texts), right)
    likely, likely_right, perhaps, right_found = bounds(own, others)
    return Calibration(
        likely=likely,
        perhaps=perhaps,
        likely_right=likely_right,
        right_found=right_found,
        step=model.step,
        split=split,
        texts=len(texts),
    )


def best_scores(
    model: TrainedModel, clips: ClipSet, rows: Int[np.ndarray, "n"], texts: list[str]
) -> Float[np.ndarray, "m n"]:
    """The score of each text with the best window of each clip; see `sides.Side.scores`."""
    data = model.manifest.config.data
    motions = map(clips.motion, rows.tolist())
    cut = [windows(motion, data, 0.0, motion.seconds) for motion in motions]
    firsts = np.cumsum([0, *map(len, cut[:-1])])
    embeddings = embed(model, [clip for one in cut for clip in one.clips])
    centred = model.encode_text(texts) - np.asarray(centre(model), np.float32)
    return np.maximum.reduceat(centred @ embeddings.T, firsts, axis=1)


def bounds(
    own: Float[np.ndarray, "m"], others: Float[np.ndarray, "m"]
) -> tuple[float, float, float, float]:
    """`likely` and `likely_right`, `perhaps` and `right_found` of a calibration.

    Args:
      own: the score of each text's best right clip.
      others: that of its best wrong one.
    """
    answers = np.concatenate([np.maximum(own, others), others])
    hits = np.concatenate([own > others, np.zeros(len(others), bool)])
    # Where every clip is right, nothing is left to be asked the second time.
    answers, hits = answers[np.isfinite(answers)], hits[np.isfinite(answers)]
    likely, likely_right = threshold(answers, hits, LIKELY_RIGHT)
    right = np.sort(answers[hits])[::-1]
    if not len(right):
        return likely, likely_right, likely, 1.0
    perhaps = min(likely, float(right[int(np.ceil(RIGHT_FOUND * len(right))) - 1]))
    return likely, likely_right, perhaps, float(np.mean(right >= perhaps))


def questions(
    clips: ClipSet, rows: Int[np.ndarray, "n"]
) -> tuple[list[str], Bool[np.ndarray, "m n"]]:
    """The distinct texts of a split, and which of some of its clips are what each asks for."""
    labels = clips.label_sets()
    # A table of all clips would be as large as the split is.
    columns = {row: column for column, row in enumerate(rows.tolist())}
    asks_for: dict[str, set[int]] = {}
    has: dict[str, set[int]] = {}
    for row, (captions, own) in enumerate(zip(clips.captions, labels, strict=True)):
        for text in filter(None, (*captions, *(clips.category_names[label] for label in own))):
            asks_for.setdefault(text, set()).update(own)
            has.setdefault(text, set())
            if row in columns:
                has[text].add(columns[row])
    texts = list(asks_for)
    texts = [texts[number] for number in _spread(len(texts), MOST)]
    of_text = np.zeros((len(texts), len(clips.category_names)), np.float32)
    of_clip = np.zeros((len(rows), len(clips.category_names)), np.float32)
    right = np.zeros((len(texts), len(rows)), bool)
    for row, column in columns.items():
        of_clip[column, list(labels[row])] = 1
    for number, text in enumerate(texts):
        of_text[number, list(asks_for[text])] = 1
        right[number, list(has[text])] = True
    return texts, right | (of_text @ of_clip.T > 0)


def first_answers(
    scores: Float[np.ndarray, "m n"], right: Bool[np.ndarray, "m n"]
) -> tuple[Float[np.ndarray, "m"], Float[np.ndarray, "m"]]:
    """The scores of each text's best right clip and best wrong one; minus infinity for none."""
    own = np.where(right, scores, -np.inf).max(axis=1)
    return own, np.where(right, -np.inf, scores).max(axis=1)


def threshold(
    scores: Float[np.ndarray, "n"], right: Bool[np.ndarray, "n"], share: float
) -> tuple[float, float]:
    """The least score from which on at least a share of the answers is right, and their share.

    Above every score, with the share 1, where there is none.
    """
    order = np.argsort(-scores, kind="stable")
    ordered = scores[order]
    precision = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    # Equal scores are on one side of any threshold.
    last = np.append(ordered[1:] < ordered[:-1], True)
    enough = np.flatnonzero(last & (precision >= share))
    if not len(enough):
        return 1.01, 1.0
    return float(ordered[enough[-1]]), float(precision[enough[-1]])


def _spread(number: int, most: int) -> np.ndarray:
    """At most so many of a number of rows, at equal distances."""
    return np.unique(np.linspace(0, max(number - 1, 0), min(number, most)).astype(int))

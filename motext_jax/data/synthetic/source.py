"""The source: synthetic motions with captions, by split, in any number."""

from collections.abc import Iterator

import numpy as np

from motext_jax.config import DataConfig
from motext_jax.data.annotated import AnnotatedMotion, Source, no_split
from motext_jax.data.synthetic.actions import ACTIONS
from motext_jax.data.synthetic.body import LEFT, RIGHT
from motext_jax.data.synthetic.locomotion import settle
from motext_jax.data.synthetic.take import FPS, draw_take
from motext_jax.data.synthetic.wording import category, draw_captions, held_out_wordings
from motext_jax.errors import InputError
from motext_jax.motion.motion import Motion
from motext_jax.skeleton import SMPL22

SPLITS = {"train": 3000, "val": 400, "test": 600}
"""The splits and how many clips each holds by default."""

_RATIO = 50
"""Clips of the first category for each clip of the last, about as in BABEL (Fig. 3: 53)."""

_KINDS = tuple(
    (action, side) for action in ACTIONS for side in ((LEFT, RIGHT) if action.sided else (LEFT,))
)
CATEGORIES = tuple(category(action.name, side) for action, side in _KINDS)
"""The categories, the most frequent first."""

HELD_OUT_WORDINGS = {
    category(action.name, side): held_out_wordings(action.name, side) for action, side in _KINDS
}
"""Queries for each category that never occur as captions."""


class SyntheticSource(Source):
    """The synthetic motions as a source of `data.sources`; needs the config's seed only."""

    categories = CATEGORIES

    def __init__(self, config: DataConfig):
        self._seed = config.seed

    def files(self, split: str) -> list[tuple[str, int, str]]:
        """The clips of a split at its usual size: split, number and category."""
        return _clips(split, SPLITS.get(split, 0))

    def read(self, file: tuple[str, int, str]) -> Iterator[AnnotatedMotion]:
        """The one motion of a clip."""
        yield _motion(*file, self._seed)


def _shares() -> np.ndarray:
    """Each category's share of the clips: a power law of its rank, twins sharing theirs evenly."""
    ranks = np.arange(1, len(_KINDS) + 1)
    shares = ranks ** (-np.log(_RATIO) / np.log(len(ranks)))
    for action in ACTIONS:
        same = [number for number, (other, _) in enumerate(_KINDS) if other is action]
        shares[same] = shares[same].mean()
    return shares / shares.sum()


def _schedule(size: int) -> np.ndarray:
    """The category of each clip: twice every one, then always the one furthest behind its share.

    So the categories of the first n clips are the same whatever the size, no split lacks one, and
    from some hundred clips on the counts follow the shares.
    """
    shares, counts = _shares(), np.zeros(len(_KINDS), int)
    order = np.tile(np.arange(len(_KINDS)), 2)[:size].tolist()
    counts += np.bincount(order, minlength=len(_KINDS))
    for clip in range(len(order), size):
        order.append(int(np.argmax(shares * (clip + 1) - counts)))
        counts[order[-1]] += 1
    return np.array(order)


def synthetic_motions(
    split: str, *, seed: int = 0, size: int | None = None
) -> list[AnnotatedMotion]:
    """Procedural motions of smpl22 at 30 fps, 3 to 5 s long; no recording is behind them.

    Clip k of a split depends on (seed, split, k) alone. The categories' frequencies have a long
    tail; see `CATEGORIES`.

    Args:
      split: "train", "val" or "test"; no person is in two of them.
      seed: another seed is another set of people.
      size: number of clips; by default the split's own.

    Raises:
      InputError: for an unknown split, or a size below two clips a category.
    """
    clips = _clips(split, SPLITS.get(split, 0) if size is None else size)
    return [_motion(*clip, seed) for clip in clips]


def _clips(split: str, size: int) -> list[tuple[str, int, str]]:
    if split not in SPLITS:
        raise no_split("the synthetic source", split, SPLITS)
    if size < 2 * len(_KINDS):
        raise InputError(
            f"a synthetic split of {size} clips; two of each of the {len(_KINDS)} categories make "
            f"{2 * len(_KINDS)}"
        )
    return [(split, clip, CATEGORIES[kind]) for clip, kind in enumerate(_schedule(size))]


def _motion(split: str, clip: int, name: str, seed: int) -> AnnotatedMotion:
    rng = np.random.default_rng((seed, list(SPLITS).index(split), clip))
    return synthetic_motion(name, rng, f"{split}-{clip:06d}")


def synthetic_motion(name: str, rng: np.random.Generator, file: str = "") -> AnnotatedMotion:
    """One clip of a category, and everything about it from `rng`.

    The same generator gives twins, such as waving with the left and with the right hand, as each
    other's mirror image.
    """
    action, side = _KINDS[CATEGORIES.index(name)]
    take = draw_take(rng, action.seconds, tempos=action.tempos, sizes=action.sizes)
    if action.settles:
        settle(take)
    action.perform(take)
    motion = Motion(take.poses.joints(take.body), FPS, SMPL22)
    if side == RIGHT:
        motion = motion.mirrored()
    placed = Motion(_placed(motion.joints, rng), FPS, SMPL22)
    captions = draw_captions(rng, action.name, side, take.tempo, take.size)
    return AnnotatedMotion(file, placed, captions, name)


def _placed(joints: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The motion somewhere in a room of 6 m, facing anywhere."""
    heading = rng.uniform(0, 2 * np.pi)
    sin, cos = np.sin(heading), np.cos(heading)
    turned = joints @ np.array([[cos, 0, -sin], [0, 1, 0], [sin, 0, cos]])
    return (turned + np.array([rng.uniform(-3, 3), 0, rng.uniform(-3, 3)])).astype(np.float32)

"""The source: people's motions with captions, by split, in any number."""

from collections.abc import Iterator

import numpy as np

from motext_jax.config import DataConfig
from motext_jax.data.annotated import AnnotatedMotion, Source
from motext_jax.data.people import drawing
from motext_jax.data.people.actions import KINDS
from motext_jax.data.people.grammar import Voice, choices, said, sentence
from motext_jax.data.people.performance import perform
from motext_jax.data.people.plan import Plan, captions
from motext_jax.data.people.twins import twin
from motext_jax.data.people.wordings import HELD_OUT
from motext_jax.data.synthetic.body import SIDES
from motext_jax.data.synthetic.take import FPS
from motext_jax.errors import InputError
from motext_jax.motion.motion import Motion
from motext_jax.skeleton import SMPL22

SPLITS = {"train": 24000, "val": 1500, "test": 3000}
"""The splits and how many clips each holds; `data.people` is another number to train on."""

CATEGORIES = tuple(KINDS)
"""The categories of single actions, the most frequent first."""

CAPTIONS = 4
"""Sentences of each clip."""

_BLOCK = "scsps"
"""Kinds of clips in turn: three single actions of five, a sequence and a pair."""

_GOLDEN = 0.6180339887498949


class PeopleSource(Source):
    """The people as a source of `data.sources`; needs the config's seed and size only."""

    categories = CATEGORIES

    def __init__(self, config: DataConfig):
        self._seed = config.seed
        self._sizes = SPLITS | {"train": config.people}

    def files(self, split: str) -> list[tuple[str, int]]:
        """The clips of a split: split and number."""
        _check(split)
        return [(split, clip) for clip in range(self._sizes[split])]

    def read(self, file: tuple[str, int]) -> Iterator[AnnotatedMotion]:
        """The one motion of a clip."""
        yield people_motion(*file, seed=self._seed)


def _check(split: str) -> None:
    if split not in SPLITS:
        raise InputError(f"the source people has the splits {', '.join(SPLITS)}, not {split!r}")


def _generator(split: str, clip: int, seed: int, what: int) -> np.random.Generator:
    return np.random.default_rng((seed, list(SPLITS).index(split), clip, what))


def people_plan(split: str, clip: int, *, seed: int = 0) -> Plan:
    """The plan of a clip; it depends on (seed, split, number) alone.

    Raises:
      InputError: for an unknown split.
    """
    _check(split)
    rng = _generator(split, clip, seed, 0)
    block, place = divmod(clip, len(_BLOCK))
    if _BLOCK[place] == "c":
        return drawing.sequence(rng)
    if _BLOCK[place] == "p":
        return drawing.pair(rng)
    number = 3 * block + _BLOCK[:place].count("s")
    return drawing.single(rng, CATEGORIES[_kind(number)])


def _kind(number: int) -> int:
    """The category of a single action: twice every one, and then by its share.

    Multiples of the golden ratio fill the shares evenly, however many they are.
    """
    if number < 2 * len(CATEGORIES):
        return number % len(CATEGORIES)
    return int(np.searchsorted(_UP_TO, (number * _GOLDEN) % 1, side="right"))


_SHARES = np.array([action.share / (2 if action.sided else 1) for action, _ in KINDS.values()])
_UP_TO = np.cumsum(_SHARES / _SHARES.sum())
_UP_TO[-1] = 1.0


def people_motion(split: str, clip: int, *, seed: int = 0) -> AnnotatedMotion:
    """A clip of smpl22 at 30 fps, 2 to 5 s long, with sentences that are true of it.

    Its category is None where there is more than one action. No recording is behind it.

    Args:
      split: "train", "val" or "test"; no person is in two of them.
      clip: its number, from 0 up.
      seed: another seed is another set of people.

    Raises:
      InputError: for an unknown split.
    """
    plan = people_plan(split, clip, seed=seed)
    rng = _generator(split, clip, seed, 1)
    motion = Motion(_placed(perform(plan, rng), rng), FPS, SMPL22)
    texts = captions(plan, _generator(split, clip, seed, 2), CAPTIONS)
    return AnnotatedMotion(f"{split}-{clip:06d}", motion, texts, plan.category)


def twin_captions(split: str, clip: int, *, seed: int = 0) -> tuple[str, str] | None:
    """A caption of a clip with two actions, and the same words for what it is to be told from.

    See `twins.twin`; None for a clip of one action. Arguments and errors as `people_motion`.
    """
    plan = people_plan(split, clip, seed=seed)
    other = twin(plan)
    if other is None:
        return None
    one, two = (captions(p, _generator(split, clip, seed, 2), 1)[0] for p in (plan, other))
    return (one, two) if one != two else None


def held_out_queries() -> dict[str, str]:
    """A sentence for each category of many wordings, in words that no caption has."""
    voice = Voice("third", "a person", "the")
    return {
        category: sentence(
            voice,
            said(choices(HELD_OUT[action.name])[0], voice, SIDES[side], SIDES[1 - side]),
        )
        for category, (action, side) in KINDS.items()
        if action.name in HELD_OUT
    }


def _placed(joints: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The motion somewhere in a room of 6 m, facing anywhere, on the floor."""
    heading = rng.uniform(0, 2 * np.pi)
    sin, cos = np.sin(heading), np.cos(heading)
    turned = joints @ np.array([[cos, 0, -sin], [0, 1, 0], [sin, 0, cos]])
    return (turned + np.array([rng.uniform(-3, 3), 0, rng.uniform(-3, 3)])).astype(np.float32)

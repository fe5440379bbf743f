"""A plan: what happens in a clip, in which order, and the sentences that are true of it."""

import dataclasses

import numpy as np

from motext_jax.data.people import grammar
from motext_jax.data.people.action import Action
from motext_jax.data.people.grammar import Voice
from motext_jax.data.people.styles import NEUTRAL, Style
from motext_jax.data.synthetic.body import LEFT, SIDES

SINGLE, SEQUENCE, PAIR = "single", "sequence", "pair"

# Words that a caption may add if the tempo or the size makes them true.
_MANNERS = {
    "slow": ("slowly", "at a slow speed", "in a slow manner", "without hurry"),
    "quick": ("quickly", "fast", "at a high speed", "rapidly"),
    "small": ("with a small movement", "a little", "with a small range of motion"),
    "big": ("with a big movement", "with a wide range of motion", "in a big way"),
}
_TIMES = {
    1: ("once", "one time", "a single time"),
    2: ("twice", "two times"),
    3: ("three times", "3 times"),
}

_THEN = (
    ", then {}",
    " and then {}",
    ", and then {}",
    " then {}",
    ", and after that {}",
    ", followed by {ing}",
    " before {ing}",
)
_WHILE = (" while {ing}", " and {} at the same time", " while {ing} at the same time", ", {ing}")


@dataclasses.dataclass(frozen=True)
class Deed:
    """One action as it is done.

    Attributes:
      action: the kind of motion.
      side: left or right; of an action without sides, the side that it happens to have.
      tempo, size: keys of `take.TEMPOS` and `take.SIZES`.
      count: number of times it is done; 0 where it is not counted.
    """

    action: Action
    side: int = LEFT
    tempo: str = "usual"
    size: str = "usual"
    count: int = 0

    @property
    def category(self) -> str:
        """The bare canonical name, with its side."""
        return named(self.action, self.side)


def named(action: Action, side: int) -> str:
    """An action's category for a side."""
    return action.name.format(side=SIDES[side], other=SIDES[1 - side])


@dataclasses.dataclass(frozen=True)
class Plan:
    """The actions of a clip.

    Attributes:
      kind: SINGLE, SEQUENCE (one deed after the other) or PAIR (both at once; the first is what
        the legs do).
      deeds: one or two.
      style: the manner of all of it.
      child: the person is as small as a child.
    """

    kind: str
    deeds: tuple[Deed, ...]
    style: Style = NEUTRAL
    child: bool = False

    @property
    def category(self) -> str | None:
        """The category of a single action; None for two, which no one name is right for."""
        return self.deeds[0].category if self.kind == SINGLE else None


def captions(plan: Plan, rng: np.random.Generator, number: int) -> tuple[str, ...]:
    """So many different sentences that are true of a plan; the first has no manner."""
    found: dict[str, None] = {}
    for attempt in range(4 * number):
        found.setdefault(caption(plan, rng, plain=attempt == 0))
        if len(found) == number:
            break
    return tuple(found)


def caption(plan: Plan, rng: np.random.Generator, plain: bool = False) -> str:
    """A sentence that is true of a plan; without manner if it is to be plain."""
    style = plan.style
    adjective = ""
    tell = not plain and bool(style.name) and rng.random() < 0.55
    if tell and style.adjectives and rng.random() < 0.4:
        adjective = str(rng.choice(style.adjectives))
    voice = grammar.draw_voice(rng, plan.child, adjective)
    manner = str(rng.choice(style.manners)) if tell and not adjective else ""
    if plan.kind == SINGLE:
        (deed,) = plan.deeds
        words = _manner(deed, _words(deed, voice, rng, alone=True), rng, plain or bool(manner))
        if manner:
            before = " " not in manner and voice.form != "bare" and rng.random() < 0.35
            words = f"{manner} {words}" if before else f"{words} {manner}"
        return grammar.sentence(voice, words)
    # Each deed's words come from numbers of its own, so that a twin has the same words.
    names = [deed.action.name for deed in plan.deeds]
    order = names if plan.kind == PAIR else sorted(names)
    seeds = dict(zip(order, rng.integers(2**32, size=2), strict=True))
    joins = _THEN if plan.kind == SEQUENCE else _WHILE
    join, turned, lead = str(rng.choice(joins)), rng.random() < 0.35, rng.random() < 0.25
    one, two = plan.deeds
    if plan.kind == PAIR and "{ing}" in join and turned:
        # "waves the left hand while walking" is the same as "walks while waving the left hand".
        one, two = two, one

    def words_of(deed: Deed, form: str) -> str:
        own = np.random.default_rng(seeds[deed.action.name])
        return _words(deed, voice, own, form, moving=plan.kind == PAIR and deed is plan.deeds[1])

    first = words_of(one, "")
    if join.endswith("time") and words_of(two, "").endswith(("left", "right")):
        # "turns left at the same time" could be read as being left.
        join = " while {ing}"
    second = words_of(two, "progressive" if "{ing}" in join else "")
    joined = first + join.replace("{ing}", "{}").format(second)
    if lead and join.startswith((", then", " and then")):
        joined = f"first {joined}"
    return grammar.sentence(voice, f"{joined} {manner}".strip())


def _words(
    deed: Deed,
    voice: Voice,
    rng: np.random.Generator,
    form: str = "",
    *,
    alone: bool = False,
    moving: bool = False,
) -> str:
    """The action in one of its wordings.

    Args:
      deed: what is done.
      voice: how it is said.
      rng: the choice comes from this.
      form: the verbs' form, where it is not the voice's own.
      alone: nothing else is said, so that a bare name may be all.
      moving: the legs do something else, so that nobody stands while it is done.
    """
    action = deed.action
    bare = voice.form == "bare" and alone
    wordings = list(action.wordings)
    if moving:
        wordings = [words for words in wordings if not words.startswith("stand ")]
    # A bare caption is the canonical name as often as three of the other wordings.
    shares = [1.0] * len(wordings)
    if bare or not action.noun:
        wordings.append(action.name if action.noun else grammar.owned(action.name))
        shares.append(3.0 if bare else 1.5)
    wording = str(rng.choice(wordings, p=np.array(shares) / sum(shares)))
    side, other = SIDES[deed.side], SIDES[1 - deed.side]
    return grammar.said(grammar.chosen(wording, rng), voice, side, other, form)


def _manner(deed: Deed, words: str, rng: np.random.Generator, plain: bool) -> str:
    """The words, perhaps with a count, a tempo or a size."""
    if deed.count and rng.random() < 0.5:
        return f"{words} {rng.choice(_TIMES[deed.count])}"
    manners = [m for key in (deed.tempo, deed.size) for m in _MANNERS.get(key, ())]
    if plain or not manners or rng.random() < 0.45:
        return words
    manner = str(rng.choice(manners))
    if manner.endswith("ly") and rng.random() < 0.3:
        return f"{manner} {words}"
    return f"{words} {manner}"


def possible(action: Action, side: int) -> frozenset[str]:
    """Every wording of an action without subject and manner, in its bare form."""
    voice = Voice("bare")
    return frozenset(
        grammar.said(words, voice, SIDES[side], SIDES[1 - side])
        for wording in (action.name, *action.wordings)
        for words in grammar.choices(wording)
    )

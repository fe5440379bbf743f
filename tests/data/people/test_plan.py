"""Plans: sentences that are true of what happens, and the twins that they are told from."""

import collections
import dataclasses
import re

import numpy as np
import pytest

from motext_jax.data.people.actions import ACTIONS, KINDS
from motext_jax.data.people.plan import (
    PAIR,
    SEQUENCE,
    SINGLE,
    Deed,
    Plan,
    caption,
    captions,
    possible,
)
from motext_jax.data.people.source import people_plan
from motext_jax.data.people.styles import STYLES
from motext_jax.data.people.twins import twin
from motext_jax.data.people.wordings import HELD_OUT, WORDINGS
from motext_jax.text.sides import swap_left_right

LEFT, RIGHT = 0, 1


def deed(category, **changes):
    action, side = KINDS[category]
    return Deed(action, side, **changes)


def said_of(plan, number=200):
    return {caption(plan, np.random.default_rng(k)) for k in range(number)}


def test_there_are_many_actions_and_each_has_wordings():
    assert len(KINDS) >= 450 and len(ACTIONS) >= 400
    assert {action.name for action in ACTIONS} == WORDINGS.keys()
    assert len({action.name for action in ACTIONS}) == len(ACTIONS)
    for action in ACTIONS:
        assert len(action.wordings) >= 1
        for wording in action.wordings:
            assert re.fullmatch(r"[\w {}\[\]|*,'-]+", wording), wording
            assert wording == wording.strip() and wording.count("[") == wording.count("]")
    assert sum(len(action.wordings) >= 2 for action in ACTIONS) > 0.9 * len(ACTIONS)


def test_no_wording_is_of_two_categories():
    owner = {}
    for category, (action, side) in KINDS.items():
        for text in possible(action, side):
            # What has no side in it is true of both of an action's sides.
            other = owner.setdefault(text, (action.name, category))
            assert other[0] == action.name, (text, category, other)
            if {"left", "right"} & set(text.split()):
                assert other[1] == category, (text, category, other)


def test_sided_actions_always_say_their_side():
    for category, (action, side) in KINDS.items():
        if not action.sided:
            continue
        for text in possible(action, side):
            sided = {"left", "right", "clockwise", "counterclockwise", "left-footed"}
            assert sided & set(re.findall(r"[\w-]+", text)) or "right-footed" in text, (
                category, text,
            )  # fmt: skip


def test_held_out_wordings_are_in_no_caption():
    assert len(HELD_OUT) > 100
    for name, wording in HELD_OUT.items():
        assert wording not in WORDINGS[name]


def test_counts_tempos_and_styles_are_said_and_never_contradicted():
    twice = said_of(Plan(SINGLE, (deed("bow", count=2),)))
    assert any(text.endswith("twice") for text in twice)
    assert not any(re.search(r"\bonce\b|three", text) for text in twice)
    slow = said_of(Plan(SINGLE, (deed("drink", tempo="slow"),)))
    assert any("slowly" in text for text in slow)
    assert not any("quick" in text or "fast" in text for text in slow)
    old = said_of(Plan(SINGLE, (deed("walk"),), STYLES[0]))
    assert any("an old" in text or "like an old person" in text for text in old)
    other_words = [w for style in STYLES[1:] for w in (*style.manners, *style.adjectives)]
    assert not any(re.search(rf"\b{word}\b", text) for text in old for word in other_words)


def test_a_sequence_is_said_in_its_order():
    plan = Plan(SEQUENCE, (deed("jump"), deed("sit down")))
    first = ("jump", "leap")
    for text in said_of(plan):
        sits = min(
            found.start()
            for found in re.finditer(r"\b(sit|seat|lower|take a|takes a|taking a|have|has)", text)
        )
        jumps = min(text.find(word) for word in first if word in text)
        assert jumps < sits or "do a vertical" in text or "does a vertical" in text, text


def test_the_twin_of_a_sequence_has_the_other_order_and_the_same_words():
    plan = Plan(SEQUENCE, (deed("jump"), deed("clap")))
    other = twin(plan)
    assert [d.category for d in other.deeds] == ["clap", "jump"]
    for k in range(50):
        one, two = (captions(p, np.random.default_rng(k), 1)[0] for p in (plan, other))
        assert one != two
        words = [collections.Counter(re.findall(r"\w+", text)) for text in (one, two)]
        changed = (words[0] - words[1]) + (words[1] - words[0])
        # "before" and "followed by" turn a verb into its -ing form.
        assert sum(changed.values()) <= 6, (one, two)


def test_the_twin_of_a_pair_is_on_the_other_side():
    plan = Plan(PAIR, (deed("walk backward"), deed("wave left hand")))
    assert [d.category for d in twin(plan).deeds] == ["walk backward", "wave right hand"]
    one, two = (captions(p, np.random.default_rng(1), 1)[0] for p in (plan, twin(plan)))
    assert one.replace("left", "right") == two
    legs = Plan(PAIR, (deed("walk sideways to the left"), deed("clap")))
    assert twin(legs).deeds[0].category == "walk sideways to the right"
    neither = twin(Plan(PAIR, (deed("walk"), deed("clap"))))
    assert [d.category for d in neither.deeds] == ["walk backward", "clap"]
    assert twin(Plan(SINGLE, (deed("wave left hand"),))) is None


@pytest.mark.parametrize("kind, category", [(SINGLE, "walk"), (SEQUENCE, None), (PAIR, None)])
def test_only_one_action_is_a_category(kind, category):
    deeds = (deed("walk"),) if kind == SINGLE else (deed("walk"), deed("clap"))
    assert Plan(kind, deeds).category == category


def test_pairs_name_both():
    plan = Plan(PAIR, (deed("walk backward"), deed("wave left hand")))
    for text in said_of(plan, 100):
        assert re.search(r"back|revers", text), text
        assert "left" in text, text


def test_a_mirrored_clips_texts_are_those_of_the_mirrored_plan():
    """Training on mirrored clips exchanges left and right in the text."""
    for clip in range(400):
        plan = people_plan("train", clip)
        deeds = tuple(dataclasses.replace(d, side=1 - d.side) for d in plan.deeds)
        mirrored = dataclasses.replace(plan, deeds=deeds)
        for seed in range(3):
            one, two = (caption(p, np.random.default_rng(seed)) for p in (plan, mirrored))
            assert swap_left_right(one) == two


def test_nobody_stands_while_walking():
    plan = Plan(PAIR, (deed("walk backward"), deed("put hands on hips")))
    assert any(words.startswith("stand ") for words in WORDINGS["put hands on hips"])
    assert not any(re.search(r"\bstand", text) for text in said_of(plan))

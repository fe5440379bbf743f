"""Sections as JSON and back."""

import dataclasses
import json

import pytest

from motext_jax.config.tree import from_dict, to_dict
from motext_jax.errors import InputError


class Animal:
    pass


@dataclasses.dataclass
class Cat(Animal):
    lives: int = 9


@dataclasses.dataclass
class Dog(Animal):
    tricks: int = 0


@dataclasses.dataclass
class Tail:
    length: float = 1.0


@dataclasses.dataclass(kw_only=True)
class House:
    pet: Animal
    guest: Dog | None = None
    tail: Tail = dataclasses.field(default_factory=Tail)


KINDS = {Animal: {"cat": Cat, "dog": Dog}}


@pytest.mark.parametrize("house", [House(pet=Cat(7)), House(pet=Dog(), tail=Tail(0.5))])
def test_a_section_survives_json(house):
    tree = json.loads(json.dumps(to_dict(house, KINDS)))
    assert from_dict(tree, House, KINDS) == house


def test_a_kind_has_its_short_name_and_no_name_of_code():
    tree = to_dict(House(pet=Cat()), KINDS)
    assert tree == {"pet": {"kind": "cat", "lives": 9}, "guest": None, "tail": {"length": 1.0}}


def test_an_option_that_is_newer_than_the_tree_has_its_default():
    assert from_dict({"pet": {"kind": "cat"}}, House, KINDS) == House(pet=Cat(9))


@pytest.mark.parametrize(
    ("tree", "says"),
    [
        ({"pet": {"kind": "cat", "tricks": 1}}, r"holds pet\.tricks, which this version lacks"),
        ({"pet": {"kind": "cow"}}, r"has pet\.kind='cow'; this version has: cat, dog"),
        ({"pet": {"lives": 9}}, r"has pet\.kind=None; this version has"),
        ({"pet": "cat"}, "holds no section pet"),
        ({"tail": {}}, "lacks pet"),
        ({"pet": {"kind": "cat"}, "ARCHITECTURE": 1}, "holds ARCHITECTURE"),
        ([], "holds no section at all"),
        ({"pet": {"kind": "cat", "lives": 7.0}}, r"pet\.lives=7\.0; expected a whole number"),
        ({"pet": {"kind": "cat", "lives": True}}, r"pet\.lives=True; expected a whole number"),
        ({"pet": {"kind": "cat"}, "tail": {"length": "x"}}, r"tail\.length='x'; expected a num"),
        ({"pet": {"kind": "cat"}, "tail": {"length": float("nan")}}, r"length=nan; expected a num"),
        ({"pet": {"kind": "cat"}, "tail": {"length": 10**400}}, r"length=1000.*; expected a num"),
    ],
)
def test_a_tree_of_another_version_is_named(tree, says):
    with pytest.raises(InputError, match=says):
        from_dict(tree, House, KINDS)

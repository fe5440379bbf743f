"""Records as JSON and back."""

import dataclasses
import json
from collections.abc import Mapping

import pytest

from motext_jax.evaluation.records import among, from_json, named, none_as, to_json


@dataclasses.dataclass(frozen=True)
class Inner:
    x: int
    y: str | None = None


@dataclasses.dataclass(frozen=True)
class Outer:
    plain: float
    other: int = dataclasses.field(metadata=named("N"))
    recall: Mapping[int, float] = dataclasses.field(metadata=among("R@"))
    inner: Inner = dataclasses.field(metadata=among())
    null: float | None
    empty: Inner | None = dataclasses.field(metadata=none_as({}))
    points: tuple[tuple[int, float], ...] = ()
    by_name: Mapping[str, Inner] | None = None
    left_out: Inner | None = None


FULL = Outer(
    1.5, 3, {1: 10.0, 10: 50.0}, Inner(4), 0.5, Inner(5), ((1, 2.0),), {"a": Inner(6, "z")}
)
TREE = {
    "plain": 1.5,
    "N": 3,
    "R@1": 10.0,
    "R@10": 50.0,
    "x": 4,
    "null": 0.5,
    "empty": {"x": 5},
    "points": [[1, 2.0]],
    "by_name": {"a": {"x": 6, "y": "z"}},
}


def test_by_hand():
    assert to_json(FULL) == TREE
    assert list(to_json(FULL)) == list(TREE)
    assert from_json(Outer, json.loads(json.dumps(TREE))) == FULL


def test_none_is_null_or_left_out_or_another_value():
    """By the field's default and metadata."""
    tree = to_json(dataclasses.replace(FULL, null=None, empty=None, by_name=None))
    assert tree["null"] is None and tree["empty"] == {}
    assert "by_name" not in tree and "left_out" not in tree


def test_a_value_may_write_itself():
    class Named:
        def to_json(self):
            return "its name"

    assert to_json({Named(): [Named()]}) == {"its name": ["its name"]}


def test_a_missing_field_is_named():
    with pytest.raises(KeyError, match="N"):
        from_json(Outer, {key: value for key, value in TREE.items() if key != "N"})

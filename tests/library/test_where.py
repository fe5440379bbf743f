"""Conditions on takes, compared with their meaning in Python."""

import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motext_jax.errors import InputError
from motext_jax.library.where import condition, like


@dataclasses.dataclass
class Take:
    file: str = "day 1/walk_it's.bvh"
    seconds: float = 4.5
    fps: float = 120.0
    skeleton: str = "bvh of 31 joints"
    windows: int = 12
    caption_text: str = "A man walks"


@pytest.mark.parametrize(
    ("text", "true"),
    [
        ("", True),
        ("seconds > 4.5", False),
        ("seconds >= 4.5 and file like '%walk%'", True),
        ("seconds<2 or fps = 120", True),
        ("not seconds < 2 and not (fps = 120 or windows = 1)", False),
        ("file = 'day 1/walk_it''s.bvh'", True),
        ("file like '%''s.___'", True),
        ("file like 'WALK%'", False),
        ("FILE ILIKE '%WALK%'", True),
        ("skeleton not like 'bvh%'", False),
        ("seconds between 4 and 5 AND windows in (1, 12)", True),
        ("file not in ('a', 'b')", True),
        ("captions ilike '%MAN%' and fps != 30 and fps <> 30", True),
        # "and" binds before "or".
        ("fps = 120 or fps = 30 and windows = 1", True),
        ("seconds > -1e1", True),
    ],
)
def test_conditions(text, true):
    assert condition(text)(Take()) is true


@pytest.mark.parametrize(
    "text",
    [
        "seconds >",
        "seconds > 'a'",
        "file > 2",
        "take = 1",
        "__class__ = 'a'",
        "file like '%",
        "seconds > 2 seconds < 3",
        "seconds > 2; drop table takes",
        "seconds > 2 --",
        "(seconds > 2",
        "repeat(file, 9) = 'a'",
        "seconds like '2'",
        "1 = 1",
        "seconds > 2) or (seconds < 3",
        "seconds > 1_0",
        "not",
    ],
)
def test_what_is_no_condition_is_refused(text):
    with pytest.raises(InputError, match="--where"):
        condition(text)


def test_deep_ones_are_refused_and_long_ones_take_no_time():
    with pytest.raises(InputError, match="parentheses"):
        condition("(" * 900 + "fps = 1" + ")" * 900)
    with pytest.raises(InputError, match="parentheses"):
        condition("not " * 900 + "fps = 1")
    # With backtracking over all stars this would not end.
    assert not like("a" * 500, "%a" * 100 + "b")


@settings(max_examples=100, deadline=None)
@given(st.text("ab%_'", max_size=7), st.text("ab%_", max_size=6))
def test_like_is_its_definition(value, pattern):
    def matches(v, p):
        if not p:
            return not v
        if p[0] == "%":
            return any(matches(v[k:], p[1:]) for k in range(len(v) + 1))
        return bool(v) and p[0] in ("_", v[0]) and matches(v[1:], p[1:])

    assert like(value, pattern) is matches(value, pattern)

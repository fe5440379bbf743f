"""Found motions on a terminal, whatever their texts hold."""

import io

import numpy as np
import pytest
import tiny

from motext_jax.data.clips import ClipSet
from motext_jax.library.hits import print_hits
from motext_jax.library.search import Hit
from motext_jax.skeleton import SMPL22
from motext_jax.terminal import console


def printed(query, caption, category="stand", name="clip", width=80):
    clips = ClipSet(
        clips=tiny.motion("stand", 8, np.random.default_rng(0))[None],
        lengths=np.array([8]),
        captions=((caption,),),
        categories=np.array([0]),
        category_names=(category,),
        files=(name,),
        segments=("",),
        starts=np.zeros(1),
        ends=np.array([0.8]),
        skeleton=SMPL22,
        fps=10.0,
    )
    out = console(io.StringIO(), width)
    print_hits(query, [Hit(0, 0.5)], ("perhaps",), clips, out)
    return out.file.getvalue()


@pytest.mark.parametrize("text", ["[/b]", "[link=http://a.b]here[/link]", ":smile:", "[red]"])
def test_markup_is_text(text):
    for place in ("query", "caption", "category", "name"):
        found = printed(**{"query": "q", "caption": "c", place: text}, width=200)
        assert text in found


def test_escapes_of_a_terminal_do_not_reach_it():
    hostile = "\x1b]8;;http://a.b\x1b\\here\x1b[2J\x9b31m\a"
    assert not {"\x1b", "\x9b", "\a"} & set(printed(hostile, hostile, hostile, hostile))


def test_without_a_terminal_every_name_is_in_one_line():
    assert "n" * 150 in printed("q" * 150, "c" * 150, name="n" * 150, width=None)


def test_long_texts_are_short():
    found = printed("q" * 130_000, "c" * 130_000, "k" * 130_000, "n" * 130_000)
    assert len(found.splitlines()) < 30
    # The name alone is never broken.
    assert sorted(map(len, found.splitlines()))[-2] <= 80


@pytest.mark.parametrize(
    "name", ["move up/down incline", "move back to original position", "interact with/use object"]
)
def test_the_words_of_a_category_are_whole_at_80_columns(name):
    words = "a person waves hello with the left hand and walks on " * 2
    found = printed(words, words, name, "a/0")
    cells = [cell.strip() for line in found.splitlines() for cell in line.split("│")[5:6]]
    assert " ".join(filter(None, cells)) == name
    # Where a name is too long for a table, all that is said of it stands below.
    found = printed(words, words, name, "CMU/CMU/75/75_07_poses/segment-12/0")
    assert "1  CMU/CMU/75/75_07_poses/segment-12/0" in found and f"  {name}  " in found


@pytest.mark.parametrize("width", [20, 60, 80, 120])
@pytest.mark.parametrize("name", ["a take of mine (2)_final/0", "x" * 70])
def test_a_name_is_whole_at_every_width(width, name):
    assert any(name in line for line in printed("q", "c", name=name, width=width).splitlines())

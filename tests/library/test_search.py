"""Search: the nearest first, each with its own cosine; found motions drawn."""

import dataclasses
import types

import numpy as np
import pytest
import tiny

from motext_jax.data.clips import ClipSet
from motext_jax.errors import InputError
from motext_jax.library import figure, report
from motext_jax.library.figure import draw_hits
from motext_jax.library.library import Library
from motext_jax.library.query import Answer, Poses, Query, Span
from motext_jax.library.search import Hit, MotionLibrary
from motext_jax.skeleton import SMPL22
from motext_jax.trained.model import TrainedModel


@dataclasses.dataclass
class Fixed:
    """A model whose embeddings are given."""

    __class__ = TrainedModel  # passes for one where types are checked
    motion: np.ndarray
    text: dict[str, np.ndarray]

    def encode_motion(self, clips):
        return self.motion

    def encode_text(self, texts):
        # Names of actions, whose mean is the centre, are at right angles to all.
        return np.stack([self.text.get(text, np.zeros(2)) for text in texts])


class Previews:
    """A library that has the same small preview of every take."""

    __class__ = Library
    store = types.SimpleNamespace(facts=types.SimpleNamespace(body=SMPL22))

    def poses(self, file, start, end):
        return Poses(np.zeros((5, 22, 3), np.int16), 10.0)


def library():
    motion = np.array([[0.0, 1.0], [1.0, 0.0], [0.6, 0.8]])
    clips = ClipSet(
        clips=np.stack([tiny.motion("stand", 8, np.random.default_rng(k)) for k in range(3)]),
        lengths=np.array([8, 4, 8]),
        captions=(("up",), ("along",), ("between",)),
        categories=np.array([-1, -1, -1]),
        category_names=(),
        files=("a", "b", "c"),
        segments=("", "", ""),
        starts=np.zeros(3),
        ends=np.array([0.8, 0.4, 0.8]),
        skeleton=SMPL22,
        fps=10.0,
    )
    text = {"x": np.array([1.0, 0.0]), "y": np.array([0.0, 1.0])}
    return MotionLibrary.of(Fixed(motion, text), clips)


def test_the_nearest_come_first():
    by_x, by_y = library().search(["x", "y"], top=2)
    assert [(hit.clip, hit.score) for hit in by_x] == [(1, 1.0), (2, 0.6)]
    assert [(hit.clip, hit.score) for hit in by_y] == [(0, 1.0), (2, 0.8)]


@pytest.mark.parametrize("top", [0, -1])
def test_fewer_hits_than_one_are_refused(top):
    with pytest.raises(InputError, match=f"top={top}; expected a whole number from 1"):
        library().search(["x"], top=top)


def test_more_than_there_are_gives_all():
    (hits,) = library().search(["x"], top=9)
    assert [hit.clip for hit in hits] == [1, 2, 0]


def test_many_hits_are_drawn_in_rows_under_one_short_title(tmp_path, monkeypatch):
    drawn = []
    monkeypatch.setattr(figure, "strips", lambda rows, path: drawn.extend(rows))
    hits = [Hit(k % 3, 0.1 * k) for k in range(7)]
    words = [("likely", "perhaps", *["unlikely"] * 5), ()]
    draw_hits(["word " * 99, "y"], [hits, hits[:1]], words, library().clips, tmp_path / "x.png")
    assert [len(row.motions) for row in drawn] == [3, 3, 1, 1]
    assert [caption.split("  ")[:2] for row in drawn for caption in row.captions] == [
        *([f"{k + 1}.", f"{0.1 * k:.2f} ({word})"] for k, word in enumerate(words[0])),
        ["1.", "0.00"],
    ]
    assert [row.title[:5] for row in drawn] == ["“word", "", "", "“y”"]
    assert len(drawn[0].title) <= figure.TITLE_LETTERS + 2 and drawn[0].title.endswith("…”")


def test_hits_are_drawn(tmp_path):
    searched = library()
    path = tmp_path / "figures" / "hits.png"
    draw_hits(["x"], searched.search(["x"], top=3), [()], searched.clips, path)
    assert path.read_bytes().startswith(b"\x89PNG")


def test_a_title_has_one_pair_of_quotes(tmp_path, monkeypatch):
    drawn = []
    monkeypatch.setattr(figure, "strips", lambda rows, path: drawn.extend(rows))
    titles = [report.title(Query("it's a bow")), report.title(Query(like=Span("a.bvh", 1, 2)))]
    assert titles == ['"it\'s a bow"', "like a.bvh@1-2"]
    answers = [[Answer("a.bvh", 0, 1, 0.5)]] * 2
    figure.draw_answers(titles, answers, Previews(), tmp_path / "x.png")
    assert [row.title for row in drawn] == titles


def test_a_page_is_written_by_its_ending(tmp_path):
    searched = library()
    draw_hits(["x"], searched.search(["x"], top=3), [()], searched.clips, tmp_path / "x.HTML")
    assert (tmp_path / "x.HTML").read_text().startswith("<!DOCTYPE html>")

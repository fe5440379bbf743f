"""Two cosines from held-out answers, against ones worked by hand."""

import dataclasses

import arm_raisers
import numpy as np
import pytest
import tiny

from motext_jax.data.clips import ClipSet
from motext_jax.library import calibrate as calibrate_module
from motext_jax.library.calibrate import (
    best_scores,
    bounds,
    calibrate,
    first_answers,
    questions,
    threshold,
)
from motext_jax.library.facts import centre
from motext_jax.skeleton import SMPL22
from motext_jax.trained.calibration import Calibration
from motext_jax.trained.model import TrainedModel


@dataclasses.dataclass
class Fixed:
    """A model whose cosines are given: motions are the axes, and texts have a cosine with each."""

    __class__ = TrainedModel  # passes for one where types are checked
    text: dict[str, list[float]]
    step: int = 5

    def encode_motion(self, clips):
        return np.eye(len(clips), dtype=np.float32)

    def encode_text(self, texts):
        return np.array([self.text[text] for text in texts], np.float32)


def table(captions, categories, names):
    n = len(captions)
    return ClipSet(
        clips=np.stack([tiny.motion("stand", 8, np.random.default_rng(k)) for k in range(n)]),
        lengths=np.full(n, 8),
        captions=tuple((caption,) for caption in captions),
        categories=np.array(categories),
        category_names=names,
        files=tuple("abcdef"[:n]),
        segments=("",) * n,
        starts=np.zeros(n),
        ends=np.ones(n),
        skeleton=SMPL22,
        fps=10.0,
    )


CLIPS = table(["waves", "waves hello", "bows", ""], [0, 0, 1, -1], ("wave", "bow"))


def test_a_clip_is_what_a_text_asks_for_by_its_text_or_category():
    texts, right = questions(CLIPS, np.arange(4))
    assert texts == ["waves", "wave", "waves hello", "bows", "bow"]
    waves, bows = [True, True, False, False], [False, False, True, False]
    np.testing.assert_array_equal(right, [waves, waves, waves, bows, bows])
    _, some = questions(CLIPS, np.array([2, 0]))
    np.testing.assert_array_equal(some, right[:, [2, 0]])


def test_without_categories_the_text_alone_counts():
    clips = table(["a", "b", "a"], [-1, -1, -1], ())
    texts, right = questions(clips, np.arange(3))
    assert texts == ["a", "b"]
    np.testing.assert_array_equal(right, [[True, False, True], [False, True, False]])


def test_every_text_is_asked_with_and_without_what_it_asks_for():
    cosines = np.array([[0.9, 0.2, 0.5], [0.1, 0.3, 0.8]])
    right = np.array([[True, True, False], [False, True, False]])
    own, others = first_answers(cosines, right)
    assert own.tolist() == [0.9, 0.3]
    assert others.tolist() == [0.5, 0.8]


@pytest.mark.parametrize(
    ("share", "expected"),
    [
        # From 0.9 on 1 of 1 is right, from 0.8 on 2 of 3, from 0.6 on 3 of 4, from 0.5 on 3 of 5.
        (1.0, (0.9, 1.0)),
        (0.75, (0.6, 0.75)),
        (0.7, (0.6, 0.75)),
        (0.6, (0.5, 0.6)),
        (0.1, (0.5, 0.6)),
    ],
)
def test_a_threshold_is_the_least_cosine_with_enough_right_from_there_on(share, expected):
    cosines = np.array([0.5, 0.8, 0.9, 0.8, 0.6])
    right = np.array([False, True, True, False, True])
    assert threshold(cosines, right, share) == expected


def test_equal_cosines_are_on_one_side_and_none_may_be_enough():
    tie = np.array([0.8, 0.8])
    assert threshold(tie, np.array([True, False]), 0.9) == (1.01, 1.0)
    assert threshold(tie, np.array([True, False]), 0.5) == (0.8, 0.5)


def test_bounds_worked_by_hand(monkeypatch):
    monkeypatch.setattr(calibrate_module, "RIGHT_FOUND", 0.7)
    # Of five texts the best right and the best wrong clip. In order: 0.9 0.85 0.8 yes, 0.7 0.7
    # 0.65 no, 0.6 yes, 0.5 0.4 0.3 no. From 0.8 on all three are right, and with 0.7 only 3 of 5.
    own, others = np.array([0.9, 0.8, 0.6, 0.6, 0.85]), np.array([0.3, 0.5, 0.7, 0.4, 0.65])
    likely, likely_right, perhaps, right_found = bounds(own, others)
    # Three of four right ones are 0.75, and two would be fewer than 0.7.
    assert (likely, likely_right, perhaps, right_found) == (0.8, 1.0, 0.8, 0.75)
    monkeypatch.setattr(calibrate_module, "RIGHT_FOUND", 0.76)
    assert bounds(own, others) == (0.8, 1.0, 0.6, 1.0)
    # A text that every clip is right for is not asked without them.
    assert bounds(np.append(own, 0.95), np.append(others, -np.inf))[0] == 0.8
    assert bounds(np.array([0.1]), np.array([0.2])) == (1.01, 1.0, 1.01, 1.0)


def test_a_clip_is_as_good_as_its_best_window_less_the_centre():
    """Two seconds of five are a window of 1.5 s, which is all of that action."""
    model = arm_raisers.ArmModel()
    takes = [["left"] * 20 + ["right"] * 30, ["right"] * 50]
    clips = dataclasses.replace(
        table(["", ""], [-1, -1], ()),
        clips=np.stack([[arm_raisers.pose(up) for up in take] for take in takes]),
        lengths=np.full(2, 50),
    )
    found = best_scores(model, clips, np.arange(2), ["left", "right"])
    left, right = np.eye(4)[:2] - np.array(centre(model))
    assert 0.05 < centre(model)[0] < 0.5
    np.testing.assert_allclose(found, [[left[0], left[1]], [right[1], right[1]]], atol=1e-5)


def raised(arms, captions):
    """Takes of one pose each."""
    return dataclasses.replace(
        table(captions, [-1] * len(arms), ()),
        clips=np.stack([[arm_raisers.pose(arm)] * 50 for arm in arms]),
        lengths=np.full(len(arms), 50),
    )


def test_a_calibration_worked_by_hand(monkeypatch):
    """Each text has the score 1 - c with its own take, and at most 0 with the other."""
    model = arm_raisers.ArmModel()
    takes = raised(["left", "right"], ["left", "right"])
    left, right = 1 - np.array(centre(model))[:2]
    found = calibrate(model, takes, "val")
    assert (found.likely, found.perhaps) == pytest.approx([min(left, right)] * 2)
    assert (found.likely_right, found.right_found) == (1.0, 1.0)
    assert (found.step, found.split, found.texts) == (model.step, "val", 2)
    # Of two clips the first is taken, and the text of the other is not asked.
    monkeypatch.setattr(calibrate_module, "MOST_CLIPS", 1)
    one = calibrate(model, takes, "val")
    assert one.texts == 1 and one.likely == pytest.approx(left)


def test_a_split_without_texts_is_no_calibration():
    assert calibrate(Fixed({}), table(["", ""], [-1, -1], ()), "val") is None


def test_many_texts_are_thinned_out(monkeypatch):
    monkeypatch.setattr(calibrate_module, "MOST", 2)
    texts, right = questions(CLIPS, np.arange(4))
    assert texts == ["waves", "bow"]
    assert right.shape == (2, 4)


def test_words_for_cosines():
    calibration = Calibration(0.8, 0.5, 0.75, 0.5, 5, "val", 5)
    said = [calibration.word(cosine) for cosine in (0.9, 0.8, 0.79, 0.5, 0.49)]
    assert said == ["likely", "likely", "perhaps", "perhaps", "unlikely"]
    assert calibration.word(0.9, sure=False) == "perhaps"
    assert calibration.word(0.4, sure=False) == "unlikely"


def test_a_calibration_comes_back(tmp_path):
    calibration = Calibration(1.01, -0.25, 1.0, 0.5, 5, "val", 5)
    calibration.write(tmp_path / "calibration.json")
    assert Calibration.read(tmp_path / "calibration.json") == calibration

"""The course of a run's training, and the rewordings that count as unseen."""

import dataclasses
import json
from types import SimpleNamespace

import numpy as np
import pytest
import tiny

from motext_jax.data.clips import clip_set, of_categories
from motext_jax.data.humanml3d import HumanML3DFolder
from motext_jax.evaluation.records import to_json
from motext_jax.evaluation.word_pairs import WordPairWins
from motext_jax.reproduction.experiments import Experiment, Task
from motext_jax.reproduction.models import MODELS
from motext_jax.reproduction.run import plan
from motext_jax.reproduction.scored import Learning, Questions
from motext_jax.reproduction.scoring import (
    _learned,
    _queries,
    _rewordings,
    _unseen,
    _word_pairs,
    learning,
)
from motext_jax.skeleton import SMPL22
from motext_jax.trained.model import TrainedModel


def test_learning_by_hand(tmp_path):
    (run,) = plan([Experiment(MODELS["CTRGCN-T"], Task.RECOGNITION, tiny.config())], 1, tmp_path)
    run.workdir.mkdir(parents=True)
    lines = [
        {"step": 1, "loss": 4.0},
        {"step": 5, "loss": 3.0, "clips_per_second": 16.0},
        {"step": 5, "validation/score": 30.0, "validation/top1": 30.0},
        {"step": 7, "loss": 2.0, "clips_per_second": 8.0},
    ]
    (run.workdir / "metrics.jsonl").write_text("".join(json.dumps(x) + "\n" for x in lines))
    finished = {"config": {}, "clips": "", "machine": "4 CPU cores"}
    (run.workdir / "finished.json").write_text(json.dumps(finished))
    # Batches of 8: four steps at 2 a second, two at 1 a second; the first is not timed.
    assert learning(run) == Learning(
        machine="4 CPU cores",
        clips_per_second=12.0,
        seconds=4.0,
        loss=((1, 4.0), (5, 3.0), (7, 2.0)),
        validation=((5, 30.0),),
    )


@pytest.fixture(scope="module")
def clips(tmp_path_factory):
    root = tiny.write_humanml3d(tmp_path_factory.mktemp("d") / "data", {"train": 9}, frames=16)
    config = tiny.config(root).data
    source = HumanML3DFolder(config)
    return clip_set(source.motions("train"), source.categories, config)


class Model:
    """Embeds a text or a clip by the hand that it raises; other words mean nothing to it."""

    __class__ = TrainedModel  # passes for one where types are checked

    def __init__(self, mirror=False, text="category"):
        self.manifest = SimpleNamespace(config=tiny.config(mirror=mirror, text=text))

    def encode_motion(self, clips):
        joints = clips[:]
        rise = joints[:, -1, :, 1] - joints[:, 0, :, 1]
        up = rise[:, [SMPL22.index("left_wrist"), SMPL22.index("right_wrist")]] > 0.5
        return np.concatenate([up, ~up.any(1, keepdims=True)], axis=1).astype(float)

    def encode_text(self, texts):
        words = (("left",), ("right",), ("stand", "still"))
        return np.array(
            [[float(any(w in text for w in group)) for group in words] for text in texts]
        )


def test_what_training_may_have_shown(clips):
    assert "a person would stand" in _learned(Model(), clips)
    one = of_categories(clips, ["raise the left arm"])
    mirrored = dataclasses.replace(one, categories=np.full(len(one), -1))
    assert "a person would raise the right arm" in _learned(Model(mirror=True), mirrored)
    assert "a person would raise the right arm" not in _learned(Model(), mirrored)


def test_a_rewording_that_is_a_training_text_is_not_asked(clips):
    rewordings = {
        "stand": ("remain upright", "A person would stand", "raise the left arm"),
        "raise the left arm": ("lift it",),
        "raise the right arm": ("stand",),
        "kick": ("boot",),
    }
    assert _unseen(rewordings, _learned(Model(), clips), clips.category_names) == {
        "stand": ["remain upright"],
        "raise the left arm": ["lift it"],
    }


def test_rewordings_are_asked_of_their_own_category(clips):
    rewordings = {"stand": ["be still"], "raise the left arm": ["the left one", "it goes up"]}
    found = _rewordings(
        Model(), clips, Model().encode_motion(clips.clips), clips.category_names, rewordings
    )
    # "It goes up" means nothing here: all clips are level, which is a miss.
    assert found.first_motion == found.nearest_name == pytest.approx(200 / 3)
    assert found.top1 == 100
    assert (found.rewordings, found.clips) == (3, 9)


def test_a_clip_of_two_categories_stands_once(clips):
    again = dataclasses.replace(
        clips.select([*range(9), 0]),
        categories=np.append(clips.categories, (clips.categories[:1] + 1) % 3),
    )
    # The first clip raises the left arm and is called both: it says nothing of the pair.
    motion = Model().encode_motion(again.clips)
    found = _word_pairs(Model(), again, motion, Task.RECOGNITION)
    assert found == {"side": WordPairWins(100.0, 1)}


def test_queries_are_answered_by_their_own_words(clips):
    model = Model()
    (found,) = _queries(model, clips, clips, model.encode_motion(clips.clips), ["lift left"])
    assert found.unseen_words == ("lift",) and found.searched == 9
    for hit in (*found.found.by_annotation, *found.found.by_motion):
        assert hit.caption == clips.captions[hit.clip][0]
        assert clips.category(hit.clip) == "raise the left arm"


def test_questions_are_told_apart_after_a_round_through_json():
    one = json.loads(json.dumps(to_json(Questions(("a",), {"walk": ("stroll",)}))))
    assert one == to_json(Questions(("a",), {"walk": ("stroll",)}))
    assert one != to_json(Questions(("a",), {"walk": ("amble",)}))

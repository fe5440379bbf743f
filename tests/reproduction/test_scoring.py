"""How a run learned, and which rewordings count as unseen."""

import json

import numpy as np
import pytest
import tiny

from motext_jax.data.clips import clip_set, of_categories
from motext_jax.data.humanml3d import HumanML3DFolder
from motext_jax.reproduction.experiments import Experiment
from motext_jax.reproduction.scoring import Questions, _unseen, learning
from motext_jax.reproduction.suite import plan


def test_learning_by_hand(tmp_path):
    (run,) = plan([Experiment("CTRGCN-T", "recognition", tiny.config())], 1, tmp_path)
    run.workdir.mkdir(parents=True)
    lines = [
        {"step": 1, "loss": 4.0},
        {"step": 5, "loss": 3.0, "clips_per_second": 16.0},
        {"step": 5, "validation/score": 30.0, "validation/top1": 30.0},
        {"step": 7, "loss": 2.0, "clips_per_second": 8.0},
    ]
    (run.workdir / "metrics.jsonl").write_text("".join(json.dumps(x) + "\n" for x in lines))
    (run.workdir / "finished").write_text("4 CPU cores")
    # Batches of 8: four steps at 2 a second, two at 1 a second; the first is not timed.
    assert learning(run) == {
        "machine": "4 CPU cores",
        "clips_per_second": 12.0,
        "seconds": pytest.approx(4.0),
        "loss": [[1, 4.0], [5, 3.0], [7, 2.0]],
        "validation": [[5, 30.0]],
    }


@pytest.fixture(scope="module")
def clips(tmp_path_factory):
    root = tiny.write_humanml3d(tmp_path_factory.mktemp("d") / "data", {"train": 9}, frames=16)
    config = tiny.config(root).data
    source = HumanML3DFolder(config)
    return clip_set(source.motions("train"), source.categories, config)


def test_a_rewording_that_is_a_training_text_is_not_asked(clips):
    rewordings = {
        "stand": ("remain upright", "a person would stand", "raise the left arm"),
        "raise the left arm": ("lift it",),
        "raise the right arm": ("stand",),
        "kick": ("boot",),
    }
    assert _unseen(rewordings, clips, clips) == {
        "stand": ["remain upright"],
        "raise the left arm": ["lift it"],
    }


def test_questions_are_told_apart_after_a_round_through_json():
    one = Questions(("a",), {"walk": ("stroll",)})
    assert one.to_json() == Questions(("a",), {"walk": ("stroll",)}).to_json()
    assert one.to_json() != Questions(("a",), {"walk": ("amble",)}).to_json()


def test_clips_of_some_categories(clips):
    names = ["stand", "raise the left arm"]
    found = of_categories(clips, names)
    assert found.category_names == tuple(names) and len(found) == 6
    assert [found.category(k) for k in range(6)] == [
        clips.category(k) for k in range(9) if clips.category(k) in names
    ]
    kept = [k for k in range(9) if clips.category(k) in names]
    np.testing.assert_array_equal(found.clips[:], clips.clips[kept])
    assert found.ids == tuple(clips.ids[k] for k in kept)

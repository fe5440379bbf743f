"""The models of each task and data set, and their sizes."""

import dataclasses
import pathlib

import pytest

from motext_jax.errors import InputError
from motext_jax.reproduction.experiments import Folders, experiments
from motext_jax.reproduction.models import MODELS, OFFLINE, PAPER
from motext_jax.trained.saved_config import to_tree

HERE = str(pathlib.Path(__file__).parent)
BABEL = Folders(root=HERE, captions=HERE)


def names(experiments):
    return [experiment.model.name for experiment in experiments]


def by_task(found):
    return {task: [e for e in found if e.task == task] for task in ("recognition", "retrieval")}


def test_babel_gets_the_papers_models_as_the_paper_has_them():
    found = by_task(experiments("babel120", [], BABEL))
    assert tuple(e.model for e in found["recognition"]) == PAPER
    assert names(found["retrieval"]) == ["CTRGCN-T", "CTRGCN-C"]
    for experiment in found["recognition"]:
        expected = experiment.model.config("babel120")
        expected.data = dataclasses.replace(expected.data, root=HERE, text="category")
        assert to_tree(experiment.config) == to_tree(expected)
    for experiment in found["retrieval"]:
        data = experiment.config.data
        assert (data.source, data.text, data.prepared) == ("babel_amass", "caption", HERE)


def test_without_annotations_babel_has_recognition_alone():
    found = experiments("babel60", [], Folders(root=HERE))
    assert {e.task for e in found} == {"recognition"}


def test_elsewhere_a_sentence_bert_stands_for_clip():
    found = by_task(experiments("bandai", [], Folders(root=HERE)))
    assert tuple(e.model for e in found["recognition"]) == OFFLINE
    assert names(found["retrieval"]) == ["CTRGCN-T", "CTRGCN-MiniLM"]
    assert {e.config.data.text for e in found["recognition"]} == {"category"}
    assert {e.config.data.text for e in found["retrieval"]} == {"caption"}


def test_a_small_model_is_still_the_model_that_its_name_says():
    small = {e.model.name: e.config for e in experiments("synthetic", list(MODELS), Folders())[:7]}
    for model, config in small.items():
        paper = MODELS[model].config()
        assert config.name == paper.name == model
        assert config.model.objective == paper.model.objective
        assert type(config.model.motion) is type(paper.model.motion)
        assert type(config.model.text) is type(paper.model.text)
        assert config.loss.targets == paper.loss.targets == "identity"
        assert config.model.motion.width < paper.model.motion.width
    bert = small["CTRGCN-MiniLM"]
    assert bert.model.text == MODELS["CTRGCN-MiniLM"].config().model.text
    assert bert.optimizer.text_scale * bert.optimizer.learning_rate == pytest.approx(3e-5)
    assert len({to_tree(c)["optimizer"]["learning_rate"] for c in small.values()}) == 1


def test_what_narrows_and_changes_a_study():
    found = experiments(
        "synthetic",
        ["CTRGCN(CE)", "CTRGCN-MiniLM"],
        Folders(),
        epochs=3,
        text_checkpoint="folder",
        retrain_at=[10, 20],
    )
    assert [(e.model.name, e.task, e.largest) for e in found] == [
        ("CTRGCN(CE)", "recognition", 0),
        ("CTRGCN-MiniLM", "recognition", 0),
        ("CTRGCN-MiniLM", "retrieval", 0),
        ("CTRGCN(CE)", "recognition", 10),
        ("CTRGCN-MiniLM", "recognition", 10),
        ("CTRGCN(CE)", "recognition", 20),
        ("CTRGCN-MiniLM", "recognition", 20),
    ]
    assert {(e.config.train.epochs, e.config.train.steps) for e in found} == {(3, 0)}
    assert found[1].config.model.text.checkpoint == "folder"


@pytest.mark.parametrize("size", ["quickstart", "tiny"])
def test_babels_clips_are_as_they_are_released_at_every_size(size):
    paper = experiments("babel60", [], BABEL)
    small = experiments("babel60", [], BABEL, size=size)
    assert [e.config.data for e in small] == [e.config.data for e in paper]
    assert small[0].config.model.motion.width < 64


def test_a_model_named_twice_is_one():
    assert len(experiments("synthetic", ["CTRGCN(CE)"] * 2, Folders(), retrain_at=[3, 3])) == 2
    with pytest.raises(InputError, match="--models has none"):
        experiments("synthetic", ["2sAGCN(CE)"], Folders(), retrain_at=[3])


@pytest.mark.parametrize(
    ("data", "models", "size", "message"),
    [
        ("babel60_amass", [], "", "--data is 'babel60_amass'; it must be one of: babel60, "),
        ("bandai", ["CTRGCN"], "", r"--models is 'CTRGCN'; it must be one of: 2sAGCN\(CE\), "),
        ("bandai", [], "huge", "--size is 'huge'; it must be one of: paper, "),
    ],
)
def test_refuses(data, models, size, message):
    with pytest.raises(InputError, match=message):
        experiments(data, models, Folders(root=HERE), size=size)


@pytest.mark.parametrize(
    ("data", "folders", "message"),
    [
        ("bandai", Folders(), "--root is missing: the folder of bandai"),
        ("bandai", Folders(root="nowhere"), "--root=nowhere: there is no such folder"),
        ("babel60", Folders(root=HERE, captions="no"), "--captions=no: there is no such folder"),
        ("bandai", Folders(root=HERE, captions=HERE), "--captions is for BABEL"),
        ("synthetic", Folders(root=HERE), "--data=synthetic is made on the fly"),
    ],
)
def test_refuses_folders(data, folders, message):
    with pytest.raises(InputError, match=message):
        experiments(data, [], folders)

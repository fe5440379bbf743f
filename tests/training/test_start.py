"""Runs that start from a trained model: its towers, statistics and logit scale."""

import dataclasses
import shutil

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import saved_model
import tiny

from motext_jax.config import LossConfig, OptimizerConfig, validate
from motext_jax.data.sources import load_clips
from motext_jax.errors import InputError
from motext_jax.models.agcn import AGCNConfig
from motext_jax.runtime import mesh as meshes
from motext_jax.skeleton import NTU25, SMPL22
from motext_jax.trained.export import export
from motext_jax.trained.manifest import Manifest
from motext_jax.trained.model import load
from motext_jax.trained.saved import open_saved
from motext_jax.trained.words import write_words
from motext_jax.training.loop import train
from motext_jax.training.pretrained import resolve
from motext_jax.training.start import (
    check_start,
    with_options_of_start,
    with_share_of_start,
    with_start,
)
from motext_jax.training.step import TrainState


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """An exported model with a learned logit scale, of clips of 12 frames at 20 fps."""
    folder = tmp_path_factory.mktemp("model")
    config = tiny.config("/secret/place")
    config.data.frames, config.data.fps, config.data.normalise = 12, 20.0, "centre"
    config.loss = tiny.category_loss()
    config.model.motion.width = 16
    _, variables = saved_model.write_run(folder / "run", config)
    write_words(["wave", "stand"], folder / "run" / "words.txt")
    with open_saved(folder / "run") as saved:
        export(saved, folder / "out", dtype="float32")
    return folder / "out", variables


def fine(model, root="", **loss):
    """A config that starts from the model, with a logit scale of its own."""
    config = tiny.config(root)
    config.train = dataclasses.replace(config.train, init=str(model[0]), steps=1)
    config.loss = LossConfig(**{"logit_scale": 10.0, "learn_logit_scale": True, **loss})
    return config


def flat(tree):
    return {
        jax.tree_util.keystr(path, simple=True, separator="/"): np.asarray(leaf)
        for path, leaf in jax.tree_util.tree_leaves_with_path(tree)
    }


def test_the_models_options_and_its_clips_come_with_it(model):
    config = with_options_of_start(fine(model))
    assert config.model.motion.width == 16
    data = config.data
    assert (data.frames, data.fps, data.normalise) == (12, 20.0, "centre")
    # The rest is the run's own.
    assert data.source == "humanml3d"
    assert config.loss.logit_scale == config.optimizer.learning_rate * 1000 == 10.0
    plain = tiny.config()
    assert with_options_of_start(plain) is plain


def test_a_name_of_a_model_that_is_mistyped_is_answered_with_the_nearest(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    says = "startr: there is no such folder; did you mean starter"
    with pytest.raises(InputError, match=rf"^--config\.train\.init={says}"):
        with_options_of_start(fine(("startr",)))
    with pytest.raises(InputError, match=f"^{says}"):
        load("startr")


def test_what_is_given_stays_and_must_fit(model):
    config = fine(model)
    config.data.frames = 30
    config.model.dtype = "bfloat16"
    given = ("data.frames", "data.root", "train.init", "model.dtype")
    merged = with_options_of_start(config, given)
    assert (merged.data.frames, merged.data.fps, merged.model.dtype) == (30, 20.0, "bfloat16")
    with pytest.raises(
        InputError, match=r"config.model.motion.width is 8, and the model of .* has 16; leave it"
    ):
        with_options_of_start(config, ("model.motion.width",))
    config.model.motion.width = 16
    assert with_options_of_start(config, ("model.motion.width",)).model.motion.width == 16


def test_a_model_that_does_not_fit_is_refused(model):
    config = with_options_of_start(fine(model))
    _, text = resolve(config)
    check_start(config, Manifest(config, ("wave",), SMPL22, "", text))
    with pytest.raises(InputError, match="trained on the skeleton smpl22 of 22 joints, and the d"):
        check_start(config, Manifest(config, ("wave",), NTU25, "", text))
    other = with_options_of_start(fine(model))
    other.model.motion = AGCNConfig(width=16, blocks=3, hidden=16)
    with pytest.raises(InputError, match="model.motion='CTRGCNConfig', and this run 'AGCNConfig'"):
        check_start(other, Manifest(other, ("wave",), SMPL22, "", text))
    with pytest.raises(InputError, match="nowhere: there is no such folder"):
        with_options_of_start(fine(["nowhere"]))


def test_a_classifier_starts_from_one_of_its_own_categories(tmp_path):
    config = tiny.config()
    config.model = dataclasses.replace(config.model, objective="classifier", text=None)
    saved_model.write_run(tmp_path / "run", config)
    config = with_options_of_start(fine([tmp_path / "run"]))
    check_start(config, Manifest(config, tiny.ACTIONS, SMPL22))
    with pytest.raises(InputError, match="a classifier of 3 other categories than the data's 3"):
        check_start(config, Manifest(config, tiny.ACTIONS[::-1], SMPL22))


def begun(config, variables):
    """The state that a run of the config begins with, where zeros are its initial values."""
    zeros = jax.tree.map(np.zeros_like, variables)
    if not config.loss.learn_logit_scale:
        del zeros["params"]["log_scale"]
    state = TrainState(np.int32(0), zeros["params"], zeros["batch_stats"], {})
    return with_start(jax.device_put(state, meshes.replicated(meshes.data_mesh())), config)


@pytest.mark.parametrize("learned", [True, False])
def test_a_run_begins_with_the_models_arrays(model, learned):
    config = with_options_of_start(fine(model, learn_logit_scale=learned))
    state = begun(config, model[1])
    found, expected = flat(state.variables), flat(model[1])
    assert ("params/log_scale" in found) == learned
    for name, value in found.items():
        np.testing.assert_array_equal(value, expected[name], err_msg=name)
    assert found.keys() ^ expected.keys() == (set() if learned else {"params/log_scale"})


def test_arrays_of_another_model_are_named(model):
    config, variables = with_options_of_start(fine(model)), model[1]
    params = variables["params"]
    wider = {**params, "text": jax.tree.map(lambda x: np.repeat(x, 2, 0), params["text"])}
    with pytest.raises(InputError, match="params/text/.* has the shape"):
        begun(config, {**variables, "params": wider})
    with pytest.raises(InputError, match="the array params/more is in one of the two models alone"):
        begun(config, {**variables, "params": {**params, "more": np.zeros(2, np.float32)}})


def test_a_model_is_fine_tuned_on_a_folder(model, tmp_path):
    """At a learning rate of zero the parameters stay the model's, and BatchNorm goes on."""
    root = tiny.write_humanml3d(tmp_path / "data", {"train": 16}, frames=16)
    config = fine(model, root)
    config.optimizer = OptimizerConfig("sgd", learning_rate=0.0)
    config = with_options_of_start(config)
    clips = load_clips(config.data, "train")
    folder = shutil.copytree(model[0], tmp_path / "model")
    config.train = dataclasses.replace(config.train, init=str(folder))
    train(config, tmp_path / "run", clips, None, lambda model, clips: {})
    tuned, start = load(tmp_path / "run"), load(folder)
    shutil.rmtree(folder)
    # It goes on without the model that it began with.
    config.train.steps = 2
    words = (tmp_path / "run" / "words.txt").read_bytes()
    again = with_options_of_start(dataclasses.replace(config), (), tmp_path / "run")
    train(again, tmp_path / "run", clips, None, lambda model, clips: {})
    assert load(tmp_path / "run").step == 2
    assert (tmp_path / "run" / "words.txt").read_bytes() == words
    assert (tuned.step, tuned.manifest.category_names) == (1, clips.category_names)
    assert tuned.manifest.config.train.init == str(folder)
    now, then = flat(tuned.variables["params"]), flat(start.variables["params"])
    for name, value in then.items():
        np.testing.assert_array_equal(now[name], value, err_msg=name)
    now, then = flat(tuned.variables["batch_stats"]), flat(start.variables["batch_stats"])
    assert not np.array_equal(
        now["motion/graph/input_norm/mean"], then["motion/graph/input_norm/mean"]
    )
    # Its words and the new ones.
    assert tuned.words >= {"wave", "stand", "raise", "arm"}


def test_a_share_of_the_start_by_hand():
    state = TrainState(np.int32(3), {"w": jnp.array([2.0, -4.0])}, {"m": jnp.array([8.0])}, {})
    assert with_share_of_start(state, 0.25) == state.variables
    start = {"params": {"w": jnp.array([6.0, 0.0])}, "batch_stats": {"m": jnp.array([0.0])}}
    kept = flat(with_share_of_start(state.replace(start=start), 0.25))
    assert {name: value.tolist() for name, value in kept.items()} == {
        "params/w": [3.0, -3.0],
        "batch_stats/m": [6.0],
    }


def test_a_saved_model_keeps_a_share_of_its_start_and_the_run_does_not(model, tmp_path):
    """The validated and saved model lies between; the run goes on from its own weights."""
    root = tiny.write_humanml3d(tmp_path / "data", {"train": 16, "val": 6}, frames=16)
    config = fine(model, root)
    config.optimizer = OptimizerConfig("sgd", learning_rate=0.1)
    config = with_options_of_start(config)
    clips, held_out = (load_clips(config.data, split) for split in ("train", "val"))
    seen = {}

    def run(name, keep, *steps):
        def validate(trained, _):
            seen[name, trained.step] = flat(trained.variables)
            return {"score": 1.0}

        for step in steps:
            options = dataclasses.replace(config.train, keep=keep, steps=step, checkpoint_every=1)
            own = dataclasses.replace(config, train=options)
            train(own, tmp_path / name, clips, held_out, validate)
        return flat(load(tmp_path / name).variables)

    trained, kept, resumed = run("all", 0.0, 2), run("kept", 0.25, 2), run("resumed", 0.25, 1, 2)
    for name, start in flat(model[1]).items():
        between = trained[name] + np.float32(0.25) * (start - trained[name])
        np.testing.assert_allclose(kept[name], between, rtol=1e-6, atol=1e-7, err_msg=name)
        for other in (resumed, seen["kept", 2], seen["resumed", 2]):
            np.testing.assert_array_equal(other[name], kept[name], err_msg=name)
    moved = trained["params/motion/graph/input_norm/scale"]
    assert not np.allclose(moved, kept["params/motion/graph/input_norm/scale"], atol=1e-5)


def test_keep_is_for_runs_that_start_from_a_model():
    config = tiny.config()
    config.train.keep = 0.5
    with pytest.raises(InputError, match="train.keep is for a run that starts from a model"):
        validate(config)

"""What is kept, what comes back, and what is said of a directory that holds no good checkpoint."""

import dataclasses
import json
import shutil

import absl.logging
import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest
import tiny

from motext_jax.errors import InputError
from motext_jax.runtime import mesh as meshes
from motext_jax.skeleton import NTU25
from motext_jax.trained.checkpoints import Checkpoints
from motext_jax.trained.manifest import Manifest
from motext_jax.training.step import TrainState
from motext_jax.training.workdir import claim

MANIFEST = Manifest(tiny.config("somewhere"), ("walk", "run"), NTU25)


def make_state(step=0, size=3):
    variables = {
        "params": {"w": jnp.arange(size, dtype=jnp.float32) + step},
        "batch_stats": {"m": jnp.ones(2)},
    }
    state = TrainState.create(variables, optax.sgd(0.1, momentum=0.9))
    return state.replace(step=jnp.int32(step))


def like(size=3):
    return meshes.abstract_on(meshes.data_mesh(), lambda: make_state(size=size))


def restore(checkpoints, manifest=MANIFEST, size=3):
    shapes = like(size)
    return checkpoints.restore(shapes.variables, shapes.opt_state, manifest)


def save(workdir, scores):
    checkpoints = Checkpoints(workdir)
    for step, score in scores.items():
        state = make_state(step)
        checkpoints.save(step, state.variables, state.opt_state, MANIFEST, score)
    checkpoints.close()


def test_the_newest_two_and_the_best_are_kept(tmp_path):
    save(tmp_path, {1: 10.0, 2: 90.0, 3: 50.0, 4: 40.0, 5: None})
    checkpoints = Checkpoints(tmp_path, read_only=True)
    assert {checkpoints.choose(name) for name in ("last", "best", "2", "4", "5")} == {2, 4, 5}
    assert (checkpoints.choose("last"), checkpoints.choose("best")) == (5, 2)
    with pytest.raises(InputError, match="holds the steps 2, 4, 5; also last, best"):
        checkpoints.choose("3")


def test_a_state_and_its_run_come_back(tmp_path):
    save(tmp_path, {7: 1.0})
    step, *trees = restore(Checkpoints(tmp_path))
    assert step == 7
    state = make_state(7)
    expected = [state.variables, state.opt_state]
    for restored, saved in zip(jax.tree.leaves(trees), jax.tree.leaves(expected), strict=True):
        np.testing.assert_array_equal(restored, saved)
    reader = Checkpoints(tmp_path, read_only=True)
    assert reader.manifest(7) == MANIFEST
    variables = reader.variables(7, like().variables)
    np.testing.assert_array_equal(variables["params"]["w"], make_state(7).params["w"])


def test_before_the_first_save_there_is_nothing_to_restore(tmp_path):
    assert restore(Checkpoints(tmp_path)) is None


def test_evaluation_needs_no_optimizer(tmp_path):
    save(tmp_path, {7: 1.0})
    shutil.rmtree(tmp_path / "checkpoints" / "7" / "optimizer")
    reader = Checkpoints(tmp_path, read_only=True)
    assert reader.manifest(7) == MANIFEST
    np.testing.assert_array_equal(
        reader.variables(7, like().variables)["batch_stats"]["m"], np.ones(2)
    )


def test_a_directory_without_checkpoints_is_named(tmp_path):
    with pytest.raises(InputError, match="holds no checkpoints; train with"):
        Checkpoints(tmp_path, read_only=True)


def test_an_unfinished_save_is_no_checkpoint(tmp_path):
    save(tmp_path, {7: 1.0})
    folder = tmp_path / "checkpoints"
    (folder / "7").rename(folder / "7.orbax-checkpoint-tmp")
    with pytest.raises(InputError, match="holds no finished checkpoint"):
        Checkpoints(tmp_path, read_only=True).choose("last")


@pytest.mark.parametrize("damage", ["remove", "truncate"])
def test_a_half_written_checkpoint_is_named(tmp_path, damage):
    save(tmp_path, {7: 1.0})
    model = tmp_path / "checkpoints" / "7" / "model"
    if damage == "remove":
        shutil.rmtree(model)
    else:
        for file in model.rglob("*"):
            if file.is_file():
                file.write_bytes(file.read_bytes()[:3])
    with pytest.raises(InputError, match=r"7: not readable, so it is damaged, of another model"):
        Checkpoints(tmp_path, read_only=True).variables(7, like().variables)


def test_a_checkpoint_of_another_model_is_named(tmp_path):
    save(tmp_path, {7: 1.0})
    with pytest.raises(InputError, match="damaged, of another model"):
        restore(Checkpoints(tmp_path), size=4)


def test_a_directory_keeps_one_config(tmp_path):
    config = tiny.config("somewhere")
    (tmp_path / "checkpoints" / "1").mkdir(parents=True)
    claim(tmp_path, config)
    longer = dataclasses.replace(config, train=dataclasses.replace(config.train, epochs=9))
    claim(tmp_path, longer)
    assert json.loads((tmp_path / "config.json").read_text())["train"]["epochs"] == 9
    other = dataclasses.replace(config, loss=dataclasses.replace(config.loss, logit_scale=2.0))
    with pytest.raises(InputError, match=r"loss.logit_scale=10.0, and this one has 2.0"):
        claim(tmp_path, other)


def test_other_training_clips_are_refused(tmp_path):
    began = dataclasses.replace(MANIFEST, clips="one")
    with Checkpoints(tmp_path) as checkpoints:
        state = make_state(3)
        checkpoints.save(3, state.variables, state.opt_state, began, None)
    with Checkpoints(tmp_path) as checkpoints:
        assert restore(checkpoints, began) is not None
        with pytest.raises(InputError, match="the training data is not what this run began with"):
            restore(checkpoints, dataclasses.replace(MANIFEST, clips="other"))


def test_a_run_that_an_earlier_version_began_is_told_apart():
    """Its fingerprint was of other columns, under another name; before that there was none."""
    now = dataclasses.replace(MANIFEST, clips="one")
    Manifest.from_json(now.to_json()).check_continued(now)
    content = {key: value for key, value in now.to_json().items() if key != "fingerprint"}
    with pytest.raises(InputError, match="begun by an earlier version of motext_jax"):
        Manifest.from_json({**content, "clips": "one"}).check_continued(now)
    Manifest.from_json(content).check_continued(now)


def test_another_skeleton_is_refused_whatever_the_fingerprints_say(tmp_path):
    """Files may be replaced by others of the same names, and old runs have no fingerprint."""
    save(tmp_path, {3: None})
    joints = (
        MANIFEST.skeleton.joints[1],
        MANIFEST.skeleton.joints[0],
        *MANIFEST.skeleton.joints[2:],
    )
    other = dataclasses.replace(
        MANIFEST, skeleton=dataclasses.replace(MANIFEST.skeleton, joints=joints)
    )
    with Checkpoints(tmp_path) as checkpoints:
        with pytest.raises(InputError, match="with other joints"):
            restore(checkpoints, other)
        assert restore(checkpoints) is not None


def test_orbax_says_nothing_of_a_directory_that_is_only_read(tmp_path, caplog):
    save(tmp_path, {1: 10.0})
    caplog.clear()
    restore(Checkpoints(tmp_path, read_only=True))
    absl.logging.warning("of others")
    assert [record.getMessage() for record in caplog.records if record.levelname == "WARNING"] == [
        "of others"
    ]

"""Saving, pruning and restoring, and the errors of a directory without a good checkpoint."""

import dataclasses
import json
import shutil
import sys
import types

import absl.logging
import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest
import tiny
from fuzz import damage

from motext_jax.errors import InputError
from motext_jax.runtime import mesh as meshes
from motext_jax.skeleton import NTU25
from motext_jax.trained import checksums
from motext_jax.trained.checkpoints import Checkpoints, check_name
from motext_jax.trained.manifest import Manifest
from motext_jax.trained.orbax_settings import silence_late_arrays
from motext_jax.training.step import TrainState
from motext_jax.training.workdir import write_config

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
    new = tmp_path / "my run"
    new.mkdir()
    with pytest.raises(
        InputError, match=f"holds no checkpoints; train with --workdir='{new}' first"
    ):
        Checkpoints(new, read_only=True)
    with pytest.raises(InputError, match="other: there is no such directory; train with --work"):
        Checkpoints(tmp_path / "other", read_only=True)
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="file: a file, and not the directory of a run"):
        Checkpoints(tmp_path / "file", read_only=True)
    with pytest.raises(InputError, match="file: a file; choose another --workdir"):
        check_name(tmp_path / "file")


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
    # A file that is gone is named; what libraries say of the others is not repeated.
    says = (
        r"7: not readable, so it is damaged, of another model or of an older version( \(No .*\))?$"
    )
    with pytest.raises(InputError, match=says):
        Checkpoints(tmp_path, read_only=True).variables(7, like().variables)


def test_what_only_has_the_name_of_a_checkpoint_is_none(tmp_path, capsys):
    save(tmp_path, {7: 1.0})
    folder = tmp_path / "checkpoints"
    (folder / "999").mkdir()
    (folder / "99").write_text("a file")
    assert read(tmp_path)[0] == 7
    with pytest.raises(InputError, match="holds the steps 7; also"):
        Checkpoints(tmp_path, read_only=True).choose("99")
    # Training would save nothing below them.
    assert restore(Checkpoints(tmp_path))[0] == 7
    save(tmp_path, {8: 1.0})
    assert {"7", "8", "99.damaged", "999.damaged"} == {path.name for path in folder.iterdir()}


def test_a_checkpoint_of_another_model_is_named(tmp_path):
    save(tmp_path, {7: 1.0})
    with pytest.raises(InputError, match="damaged, of another model"):
        restore(Checkpoints(tmp_path), size=4)


def test_a_directory_keeps_one_config(tmp_path):
    config = tiny.config("somewhere")
    (tmp_path / "checkpoints" / "1").mkdir(parents=True)
    write_config(tmp_path, config)
    longer = dataclasses.replace(config, train=dataclasses.replace(config.train, epochs=9))
    write_config(tmp_path, longer)
    assert json.loads((tmp_path / "config.json").read_text())["train"]["epochs"] == 9
    other = dataclasses.replace(config, loss=dataclasses.replace(config.loss, logit_scale=2.0))
    with pytest.raises(InputError, match=r"loss.logit_scale=10.0, and this one has 2.0"):
        write_config(tmp_path, other)


def test_other_training_clips_are_refused(tmp_path):
    began = dataclasses.replace(MANIFEST, clips="one")
    with Checkpoints(tmp_path) as checkpoints:
        state = make_state(3)
        checkpoints.save(3, state.variables, state.opt_state, began, None)
    with Checkpoints(tmp_path) as checkpoints:
        assert restore(checkpoints, began) is not None
        says = r"not what this run began with \(then 2 categories, now 1 category,"
        with pytest.raises(InputError, match=f"{says}.* --config.train.init={tmp_path} a new run"):
            other = dataclasses.replace(MANIFEST, clips="other", category_names=("walk",))
            restore(checkpoints, other)


def test_a_run_that_an_earlier_version_began_is_told_apart():
    """Its fingerprint was of other columns, under another name; before that there was none."""
    now = dataclasses.replace(MANIFEST, clips="one")
    Manifest.from_json(now.to_json()).check_continued(now, "run")
    content = {key: value for key, value in now.to_json().items() if key != "fingerprint"}
    with pytest.raises(InputError, match="begun by an earlier version of motext_jax"):
        Manifest.from_json({**content, "clips": "one"}).check_continued(now, "run")
    Manifest.from_json(content).check_continued(now, "run")


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


def read(workdir, step="last"):
    """All that evaluation reads of a run."""
    reader = Checkpoints(workdir, read_only=True)
    number = reader.choose(step)
    manifest = reader.manifest(number)
    variables = reader.variables(number, like().variables)
    reader.check_tokenizer(number)
    return number, manifest, *map(np.asarray, jax.tree.leaves(variables))


def write_tokenizer(workdir):
    folder = workdir / "tokenizer"
    folder.mkdir(parents=True)
    (folder / "vocab.json").write_text(json.dumps({"a": 0, "b": 1}))
    (folder / "merges.txt").write_text("#version: 0.2\na b\n")


def test_whatever_file_is_damaged_the_right_weights_are_read_or_none(tmp_path):
    """tests/fuzz/damage.py does this to a trained run, as often as one likes."""
    write_tokenizer(tmp_path / "run")
    save(tmp_path / "run", {7: 1.0})
    expected = read(tmp_path / "run")
    found = damage.results(tmp_path / "run", expected, read, number=60, seed=0)
    assert set(found.values()) == {"the same", "refused"}, found


def test_damage_is_told_once(tmp_path, monkeypatch):
    """After one read fails, the others end in a closed event loop, and each would print that."""
    told = []
    monkeypatch.setattr(sys, "unraisablehook", told.append)
    silence_late_arrays.__wrapped__()
    late = types.SimpleNamespace(exc_value=RuntimeError("Event loop is closed"), object=None)
    others = [
        types.SimpleNamespace(exc_value=RuntimeError("Event loop is closed"), object=tmp_path),
        types.SimpleNamespace(exc_value=RuntimeError("Event loop"), object=None),
        types.SimpleNamespace(exc_value=ValueError("Event loop is closed"), object=None),
    ]
    for raised in (late, *others, late):
        sys.unraisablehook(raised)
    assert told == others


def test_other_arrays_of_the_same_shapes_are_not_what_was_saved(tmp_path):
    save(tmp_path / "run", {3: 1.0, 7: 1.0})
    save(tmp_path / "other", {8: 1.0})
    model = tmp_path / "run" / "checkpoints" / "7" / "model"
    shutil.rmtree(model)
    shutil.copytree(tmp_path / "other" / "checkpoints" / "8" / "model", model)
    with pytest.raises(
        InputError, match="7: damaged, for its model is not what was saved; --step=3 takes one bef"
    ):
        read(tmp_path / "run")
    assert read(tmp_path / "run", "3")[0] == 3


def change(workdir, step, name, changes):
    """Changes values of a JSON file; None takes one away."""
    path = workdir / "checkpoints" / str(step) / name
    tree = {**json.loads(path.read_text()), **changes}
    gone = [key for key, value in changes.items() if value is None]
    path.write_text(json.dumps({key: tree[key] for key in tree.keys() - gone}))


@pytest.mark.parametrize(
    "changes", [{"category_names": ["run", "walk"]}, {"score": 9.0}, {"checksum": None}]
)
def test_a_manifest_is_what_was_saved(tmp_path, changes):
    save(tmp_path, {7: 1.0})
    change(tmp_path, 7, "run/metadata", changes)
    with pytest.raises(InputError, match="7: damaged, for its run/metadata is not what was saved"):
        read(tmp_path)


def test_a_checkpoint_from_before_checksums_is_read_as_it_is(tmp_path):
    save(tmp_path, {7: 1.0})
    change(tmp_path, 7, "run/metadata", {"checksum": None, "checksums": None, "score": None})
    assert read(tmp_path)[0] == 7
    assert Checkpoints(tmp_path, read_only=True).choose("best") == 7
    assert restore(Checkpoints(tmp_path))[0] == 7


def test_a_tokenizer_is_the_one_that_the_run_began_with(tmp_path):
    write_tokenizer(tmp_path)
    save(tmp_path, {7: 1.0})
    read(tmp_path)
    (tmp_path / "tokenizer" / "vocab.json").write_text(json.dumps({"b": 0, "a": 1}))
    for using in (read, lambda workdir: restore(Checkpoints(workdir))):
        with pytest.raises(InputError, match="tokenizer: damaged, for these are not the files"):
            using(tmp_path)


@pytest.mark.parametrize("name", ["model/manifest.ocdbt", "run/metadata", "metrics/metrics"])
def test_resuming_goes_back_from_a_damaged_checkpoint(tmp_path, capsys, name):
    save(tmp_path, {2: 9.0, 3: 1.0, 7: 1.0})
    folder = tmp_path / "checkpoints"
    (folder / "7" / name).write_bytes(b"{")
    # The best is no use any more, either.
    (folder / "2" / "metrics" / "metrics").write_text("{}")
    with Checkpoints(tmp_path) as checkpoints:
        step, variables, _ = restore(checkpoints)
        assert step == 3
        np.testing.assert_array_equal(variables["params"]["w"], make_state(3).params["w"])
        said = capsys.readouterr().out
        assert "it is now 7.damaged" in said
        assert "it is now 2.damaged" in said
        assert "the run goes on from step 3" in said
        state = make_state(7)
        checkpoints.save(7, state.variables, state.opt_state, MANIFEST, None)
    assert {path.name for path in folder.iterdir()} == {"2.damaged", "3", "7", "7.damaged"}
    assert read(tmp_path)[0] == 7


def test_where_no_checkpoint_can_be_read_all_stay(tmp_path):
    save(tmp_path, {3: 1.0, 7: 1.0})
    with pytest.raises(InputError, match="7: not readable"):
        restore(Checkpoints(tmp_path), size=4)
    assert {path.name for path in (tmp_path / "checkpoints").iterdir()} == {"3", "7"}


def test_weights_that_are_not_finite_are_neither_saved_nor_read(tmp_path, monkeypatch):
    state = make_state(7)
    variables = {"params": {"w": jnp.array([0.0, jnp.nan, 0.0])}, "batch_stats": {"m": jnp.ones(2)}}
    with (
        pytest.raises(InputError, match="step 7: the weights params/w hold NaN"),
        Checkpoints(tmp_path) as checkpoints,
    ):
        checkpoints.save(7, variables, state.opt_state, MANIFEST, None)
    with monkeypatch.context() as patch, Checkpoints(tmp_path) as checkpoints:
        patch.setattr(checksums, "not_finite", lambda tree: "")
        checkpoints.save(7, variables, state.opt_state, MANIFEST, None)
    with pytest.raises(InputError, match="7: damaged, for its weights params/w hold NaN"):
        read(tmp_path)


def test_a_save_is_seen_to_be_whole(tmp_path):
    """Orbax takes brackets for a pattern, saves half and says nothing."""
    with pytest.raises(InputError, match="1: was not saved whole, for model/manifest.ocdbt is not"):
        save(tmp_path / "run [x]", {1: 1.0})


@pytest.mark.parametrize("name", ["run [x]", "run*", "wh?t", "a\\b", "gs:", "\udcff", "[x]/run"])
def test_a_name_in_which_a_run_would_be_lost_is_refused(tmp_path, name):
    with pytest.raises(InputError, match="choose another --workdir"):
        check_name(tmp_path / name)


@pytest.mark.parametrize("name", ["a b", "ü é", "a%20b", "a#b", "a:b", "a\nb", "a{b}", "~", "a]"])
def test_any_other_name_works(tmp_path, name):
    check_name(tmp_path / name)
    save(tmp_path / name, {7: 1.0})
    assert read(tmp_path / name)[0] == 7


def test_checksums_see_every_byte_type_and_shape():
    tree = {"a": np.arange(6, dtype=np.float32), "b": jnp.float32(1.0)}
    same = {"a": jnp.arange(6, dtype=jnp.float32), "b": np.float32(1.0)}
    assert checksums.of_arrays(tree) == checksums.of_arrays(same)
    others = [
        {**tree, "a": tree["a"].reshape(2, 3)},
        {**tree, "a": tree["a"].view(np.int32)},
        {**tree, "a": np.nextafter(tree["a"], np.float32(9))},
        {**tree, "b": np.float16(1.0)},
        {**tree, "b": jnp.bfloat16(1.0)},
    ]
    digests = {checksums.of_arrays(other) for other in (tree, *others)}
    assert len(digests) == 1 + len(others)
    assert checksums.of_json({"b": (1, 2), "a": {3: 0.1}}) == checksums.of_json(
        json.loads(json.dumps({"a": {3: 0.1}, "b": [1, 2]}))
    )

"""The split that a model is evaluated on, and what is left out of it."""

import dataclasses
import types

import pytest
import tiny

from motext_jax.data.left_out import read_left_out, write_left_out
from motext_jax.errors import InputError
from motext_jax.evaluation.split import left_out_with, load_split
from motext_jax.skeleton import SMPL22
from motext_jax.trained.manifest import Manifest


@pytest.fixture
def folder(tmp_path):
    return tiny.write_humanml3d(tmp_path / "data", {"train": 3, "test": 4}, frames=16)


def model(**data):
    """A model as far as a split needs it: its manifest."""
    config = tiny.config()
    config.data = dataclasses.replace(config.data, **data)
    return types.SimpleNamespace(manifest=Manifest(config, tiny.ACTIONS, SMPL22))


def load(*args, **options):
    """Without the check of the model's type."""
    return load_split.__wrapped__(*args, **options)


def test_a_root_that_the_source_does_not_read_is_no_answer_from_another_data_set(folder):
    synthetic = model(source="synthetic", source_fps=0.0)
    with pytest.raises(InputError, match="trained on the source synthetic, which reads no"):
        load(synthetic, root=str(folder))
    assert len(load(model(root="gone"), root=str(folder))) == 4


def test_what_is_left_out_now_and_what_training_left_out(folder, tmp_path):
    (folder / "new_joints" / "test_001.npy").unlink()
    clips = load(model(root=str(folder)))
    assert len(clips) == 3
    (why,) = clips.left_out
    workdir = tmp_path / "run"
    workdir.mkdir()
    # An older run has no list.
    assert left_out_with(workdir, clips, "test", None) == {"test": [why]}
    write_left_out(workdir, {"train": ["a"], "test": ["b", "c"]})
    assert left_out_with(workdir, clips, "test", str(folder)) == {"test": [why]}
    assert read_left_out(workdir)["test"] == ["b", "c"]
    assert left_out_with(workdir, clips, "test", None) == {"train": ["a"], "test": [why]}
    assert read_left_out(workdir) == {"train": ["a"], "test": [why]}

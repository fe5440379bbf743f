"""A directory and the config of its run."""

import json

import pytest
import tiny

from motext_jax.errors import InputError
from motext_jax.training.workdir import claim


def test_a_run_from_before_an_option_goes_on_with_its_default(tmp_path):
    config = tiny.config()
    (tmp_path / "checkpoints" / "3").mkdir(parents=True)
    claim(tmp_path, config)
    path = tmp_path / "config.json"
    old = json.loads(path.read_text())
    assert old["data"].pop("normalise_each") == "clip"
    path.write_text(json.dumps(old))
    claim(tmp_path, config)
    path.write_text(json.dumps(old))
    config.data.normalise_each = "motion"
    with pytest.raises(InputError, match=r"holds a run with data\.normalise_each='clip', and this"):
        claim(tmp_path, config)


def test_a_start_that_failed_does_not_stand_in_the_way(tmp_path):
    config = tiny.config()
    claim(tmp_path, config)
    # As a kill leaves it: the text tower's tokenizer, and half of a first checkpoint.
    (tmp_path / "tokenizer").mkdir()
    (tmp_path / "checkpoints" / "3.orbax-checkpoint-tmp").mkdir(parents=True)
    config.model.motion.width = 16
    claim(tmp_path, config)
    assert json.loads((tmp_path / "config.json").read_text())["model"]["motion"]["width"] == 16
    assert not (tmp_path / "tokenizer").exists()
    (tmp_path / "checkpoints" / "3").mkdir()
    config.model.motion.width = 8
    with pytest.raises(InputError, match=r"holds a run with model\.motion\.width=16, and this"):
        claim(tmp_path, config)

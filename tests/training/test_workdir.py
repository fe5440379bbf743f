"""A directory and the config of its run."""

import json

import pytest
import tiny

from motext_jax.config import OptimizerConfig
from motext_jax.errors import InputError
from motext_jax.models.agcn import AGCNConfig
from motext_jax.models.clip_text import ClipTextConfig
from motext_jax.training.workdir import write_config


def begin(workdir, config):
    """A run that has a checkpoint: before its first another config may follow."""
    (workdir / "checkpoints" / "3").mkdir(parents=True)
    write_config(workdir, config)


def test_a_run_from_before_an_option_goes_on_with_its_default(tmp_path):
    config = tiny.config()
    begin(tmp_path, config)
    path = tmp_path / "config.json"
    old = json.loads(path.read_text())
    assert old["data"].pop("normalise_each") == "clip"
    path.write_text(json.dumps(old))
    write_config(tmp_path, config)
    path.write_text(json.dumps(old))
    config.data.normalise_each = "motion"
    with pytest.raises(InputError, match=r"holds a run with data\.normalise_each='clip', and this"):
        write_config(tmp_path, config)


def test_what_does_not_change_the_result_may_change(tmp_path):
    config = tiny.config()
    config.model.text = ClipTextConfig("here")
    config.data.body_models = "here"
    begin(tmp_path, config)
    config.name = "other"
    for place in ("root", "annotations", "body_models", "prepared"):
        setattr(config.data, place, "elsewhere")
    config.data.read, config.data.on_device = "records", "no"
    config.model.text.checkpoint, config.model.motion.remat = "there", True
    config.train.log_every, config.train.checkpoint_every = 7, 7
    config.train.tensorboard = True
    write_config(tmp_path, config)
    # The directory has the newest values.
    saved = json.loads((tmp_path / "config.json").read_text())
    assert (saved["name"], saved["data"]["body_models"]) == ("other", "elsewhere")


def test_bodies_may_move_but_neither_come_nor_go(tmp_path):
    """Without SMPL+H's own bones the joints are others."""
    config = tiny.config()
    for began, now in (("", "there"), ("there", "")):
        config.data.body_models = began
        begin(tmp_path / f"from {began}", config)
        config.data.body_models = now
        with pytest.raises(InputError, match=rf"data\.body_models='{began}', and this"):
            write_config(tmp_path / f"from {began}", config)


@pytest.mark.parametrize(
    ("section", "option", "value"),
    [
        ("data", "source", "synthetic"),
        ("data", "mirror", True),
        ("model", "embedding", 8),
        ("loss", "logit_scale", 2.0),
        ("optimizer", "learning_rate", 1.0),
        ("train", "seed", 5),
        ("train", "batch_size", 4),
    ],
)
def test_what_changes_the_result_stays(tmp_path, section, option, value):
    config = tiny.config()
    begin(tmp_path, config)
    setattr(getattr(config, section), option, value)
    with pytest.raises(InputError, match=rf"holds a run with {section}\.{option}="):
        write_config(tmp_path, config)


def test_the_length_may_change_unless_the_learning_rate_was_planned_for_it(tmp_path):
    config = tiny.config()
    begin(tmp_path / "constant", config)
    config.train.epochs, config.train.steps = 9, 9
    write_config(tmp_path / "constant", config)

    config.optimizer = OptimizerConfig(schedule="cosine")
    begin(tmp_path / "cosine", config)
    config.train.epochs = 10
    with pytest.raises(
        InputError, match=r"train\.epochs=9, and this one has 10; its learning rate was planned"
    ):
        write_config(tmp_path / "cosine", config)


def test_another_kind_of_tower_is_named_by_its_kind(tmp_path):
    config = tiny.config()
    begin(tmp_path, config)
    config.model.text = None
    with pytest.raises(InputError, match=r"model\.text(\.kind)?="):
        write_config(tmp_path, config)
    config = tiny.config()
    config.model.motion = AGCNConfig(**vars(config.model.motion))
    with pytest.raises(InputError, match=r"motion\.kind='ctrgcn', and this one has 'agcn'"):
        write_config(tmp_path, config)


def test_a_start_that_failed_does_not_stand_in_the_way(tmp_path):
    config = tiny.config()
    write_config(tmp_path, config)
    # A kill leaves the text tower's tokenizer and half of a first checkpoint.
    (tmp_path / "tokenizer").mkdir()
    (tmp_path / "checkpoints" / "3.orbax-checkpoint-tmp").mkdir(parents=True)
    config.model.motion.width = 16
    write_config(tmp_path, config)
    assert json.loads((tmp_path / "config.json").read_text())["model"]["motion"]["width"] == 16
    assert not (tmp_path / "tokenizer").exists()
    (tmp_path / "checkpoints" / "3").mkdir()
    config.model.motion.width = 8
    with pytest.raises(InputError, match=r"holds a run with model\.motion\.width=16, and this"):
        write_config(tmp_path, config)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("10000", "config.json: the saved config holds no section at all"),
        ("{", r"config.json: not JSON \("),
        ('{"format": 2, "model": 3}', "config.json: the saved config "),
        ('{"format": 2, "name": {}}', "config.json: "),
        ("[" * 10**6, r"config.json: not JSON \("),
        ('{"model": {"text": [], "motion": 7}}', "config.json: not the config of a run"),
    ],
)
def test_a_config_that_is_none_is_named(tmp_path, content, says):
    config = tiny.config()
    begin(tmp_path, config)
    (tmp_path / "config.json").write_text(content)
    with pytest.raises(InputError, match=says):
        write_config(tmp_path, config)

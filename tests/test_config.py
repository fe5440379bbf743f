"""Options: typos, sections, round trips."""

import dataclasses

import pytest

from motext_jax import config as configs
from motext_jax.config import Config
from motext_jax.errors import InputError


def test_a_config_survives_json():
    config = Config(name="x", data=configs.dataset("bandai", fps=15.0))
    config.model.motion.width = 16
    assert configs.from_dict(configs.to_dict(config)) == config


def test_a_config_from_before_an_option_has_its_default():
    tree = configs.to_dict(Config())
    del tree["model"]["dtype"], tree["model"]["motion"]["remat"]
    config = configs.from_dict(tree)
    assert (config.model.dtype, config.model.motion.remat) == ("float32", False)


def test_an_option_of_another_version_is_named():
    tree = configs.to_dict(Config())
    tree["model"]["motion"]["depth"] = 3
    with pytest.raises(InputError, match=r"model\.motion\.depth"):
        configs.from_dict(tree)


@pytest.mark.parametrize(
    ("override", "says"),
    [
        ("--config.train.batchsize=3", "did you mean batch_size"),
        ("--config.trian.batch_size=3", "did you mean train"),
        ("--config.model.motion.name.x=3", "has no option 'x'"),
        ("--config.model.motion=3", "is a section"),
        ("--config.zzz=3", "it has: name, data, model, loss, optimizer, train"),
    ],
)
def test_a_typo_names_the_nearest_option(override, says):
    with pytest.raises(InputError, match=says):
        configs.check_overrides([override])


def test_true_overrides_and_other_flags_pass():
    configs.check_overrides(
        ["--config=configs/x.py:bandai", "--config.train.batch_size=3", "--workdir=config.x", "a"]
    )


@pytest.mark.parametrize(
    ("section", "option", "value"),
    [
        ("data", "text", "captions"),
        ("data", "frames", 0),
        ("data", "fps", float("nan")),
        ("model", "objective", "ce"),
        ("model", "dtype", "float16"),
        ("loss", "name", "hinge"),
        ("loss", "targets", "same"),
        ("optimizer", "name", "adam"),
        ("optimizer", "learning_rate", -1.0),
        ("train", "batch_size", 1),
    ],
)
def test_a_value_that_cannot_work_is_named(section, option, value):
    config = Config()
    part = dataclasses.replace(getattr(config, section), **{option: value})
    with pytest.raises(InputError, match=f"{section}.{option} is"):
        configs.validate(dataclasses.replace(config, **{section: part}))


def test_the_sigmoid_loss_needs_a_learned_scale():
    config = Config(loss=configs.LossConfig(name="sigmoid", logit_scale=10.0))
    with pytest.raises(InputError, match=r"needs loss\.learn_logit_scale=True"):
        configs.validate(config)
    config.loss.learn_logit_scale = True
    configs.validate(config)


def test_an_unknown_data_set_lists_the_known():
    with pytest.raises(InputError, match="synthetic, bandai"):
        configs.dataset("bandia")

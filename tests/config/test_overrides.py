"""Options on the command line."""

import pytest
import tiny
from absl import flags
from ml_collections import config_flags

from motext_jax.config import DataConfig, check_overrides
from motext_jax.errors import InputError
from motext_jax.models.clip_text import ClipTextConfig


@pytest.mark.parametrize(
    ("override", "says"),
    [
        ("--config.train.batchsize=3", "did you mean batch_size"),
        ("--config.trian.batch_size=3", "did you mean train"),
        ("--config.model.motion.widht=8", r"motion \(CTRGCNConfig\) .* did you mean width"),
        (
            "--config.model.motion.layers=8",
            "it has: hidden, width, blocks, remat, cosines, checkpoint",
        ),
        (
            "--config.model.text.width=8",
            r"config\.model\.text \(ClipTextConfig\) has no option 'width'; it has: checkpoint",
        ),
        ("--config.model.motion.width.x=3", "has no option 'x'"),
        ("--config.model.motion=3", "is a section"),
        ("--config.zzz=3", "it has: name, data, model, loss, optimizer, train"),
        ("--data.frame=3", "did you mean frames"),
    ],
)
def test_a_typo_names_the_nearest_option(override, says):
    config = tiny.config()
    config.model.text = ClipTextConfig()
    with pytest.raises(InputError, match=says):
        check_overrides([override], {"config": config, "data": DataConfig()})


def test_an_option_of_a_tower_that_is_not_there_is_refused():
    config = tiny.config()
    config.model.text = None
    with pytest.raises(InputError, match=r"there is no config\.model\.text in this"):
        check_overrides(["--config.model.text.width=8"], {"config": config})


def test_true_overrides_and_other_flags_pass():
    arguments = [
        *("--config=configs/x.py:bandai", "--config.train.batch_size=3", "--workdir=config.x"),
        *("a", "--config.model.motion.width=8", "--data.frames=8"),
    ]
    check_overrides(arguments, {"config": tiny.config(), "data": DataConfig()})


def test_the_flags_change_what_a_towers_own_class_declares():
    values = flags.FlagValues()
    argv = ["x", "--config.model.motion.width=24", "--config.model.text.activation=gelu"]
    holder = config_flags.DEFINE_config_dataclass(
        "config", tiny.config(), flag_values=values, sys_argv=argv
    )
    values(argv)
    model = holder.value.model
    assert (model.motion.width, model.text.activation) == (24, "gelu")

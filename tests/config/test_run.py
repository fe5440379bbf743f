"""Values that cannot work, alone or together."""

import pytest
import tiny

from motext_jax import config as configs
from motext_jax.errors import InputError


@pytest.mark.parametrize(
    ("section", "option", "value"),
    [
        ("data", "source", "babbel"),
        ("data", "text", "captions"),
        ("data", "frames", 0),
        ("data", "fps", float("nan")),
        ("data", "categories", 61),
        ("data.augment", "crop", 1.0),
        ("model", "objective", "ce"),
        ("model", "dtype", "float16"),
        ("model.motion", "width", 12),
        ("model.motion", "blocks", 2),
        ("model.motion", "hidden", 0),
        ("model.text", "activation", "relu"),
        ("model.text", "context_length", 2),
        ("model.text", "heads", 5),
        ("loss", "name", "hinge"),
        ("loss", "targets", "same"),
        ("optimizer", "name", "adam"),
        ("optimizer", "learning_rate", -1.0),
        ("train", "batch_size", 1),
    ],
)
def test_a_value_that_cannot_work_is_named(section, option, value):
    config = part = tiny.config()
    configs.validate(config)
    for name in section.split("."):
        part = getattr(part, name)
    setattr(part, option, value)
    named = f"{section}.{'width' if option == 'heads' else option}"
    with pytest.raises(InputError, match=rf"^{named} is"):
        configs.validate(config)


def test_the_sigmoid_loss_needs_a_learned_scale():
    config = tiny.config()
    config.loss = configs.LossConfig(name="sigmoid", logit_scale=10.0)
    with pytest.raises(InputError, match=r"^loss\.name=sigmoid needs loss\.learn_logit_scale=True"):
        configs.validate(config)
    config.loss.learn_logit_scale = True
    configs.validate(config)


def test_a_contrastive_model_needs_a_text_tower():
    config = tiny.config()
    config.model.text = None
    with pytest.raises(InputError, match=r"objective=contrastive needs a text tower"):
        configs.validate(config)
    config.model.objective = "classifier"
    configs.validate(config)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"micro_batch": 3}, "micro_batch is 3; it must divide train.batch_size, 8"),
        ({"micro_batch": 4, "objective": "classifier"}, "micro_batch is for"),
        ({"text": "both", "objective": "classifier"}, "needs data.text=category, not both"),
    ],
)
def test_options_that_do_not_fit_each_other_are_named(changes, says):
    config = tiny.config()
    config.train.micro_batch = changes.get("micro_batch", 0)
    config.model.objective = changes.get("objective", "contrastive")
    config.data.text = changes.get("text", "category")
    with pytest.raises(InputError, match=says):
        configs.validate(config)

"""Each model's record, and the config that follows from it."""

import dataclasses
import importlib
import pathlib

import pytest

from motext_jax.config import DATASETS, LossConfig, OptimizerConfig, TrainConfig, validate
from motext_jax.configs.model_spec import ModelSpec
from motext_jax.models.towers import MOTION_TOWERS, TEXT_TOWERS
from motext_jax.trained.saved_config import to_tree

REPOSITORY = pathlib.Path(__file__).parents[2]
MODELS = {
    "agcn_ce": ("2sAGCN(CE)", "agcn", "", "classifier"),
    "agcn_clip": ("2sAGCN-C", "agcn", "clip", "contrastive"),
    "agcn_minilm": ("2sAGCN-MiniLM", "agcn", "sentence_bert", "contrastive"),
    "ctrgcn_ce": ("CTRGCN(CE)", "ctrgcn", "", "classifier"),
    "ctrgcn_clip": ("CTRGCN-C", "ctrgcn", "clip", "contrastive"),
    "ctrgcn_minilm": ("CTRGCN-MiniLM", "ctrgcn", "sentence_bert", "contrastive"),
    "ctrgcn_transformer": ("CTRGCN-T", "ctrgcn", "scratch", "contrastive"),
}
"""By the file's name: the name in tables, towers and objective."""


@pytest.mark.parametrize("dataset", DATASETS)
@pytest.mark.parametrize("stem", MODELS)
def test_a_config_is_the_default_but_for_what_its_model_says(stem, dataset):
    name, tower, text, objective = MODELS[stem]
    config = importlib.import_module(f"motext_jax.configs.{stem}").get_config(dataset)
    validate(config)
    assert config.name == name
    assert config.model.motion == MOTION_TOWERS[tower]()
    assert config.model.objective == objective
    assert type(config.model.text) is (TEXT_TOWERS[text] if text else type(None))
    assert config.model.embedding == (384 if text == "sentence_bert" else 512)
    assert config.data.text == (
        "category" if not text else DATASETS[dataset].get("text", "category")
    )
    defaults = (LossConfig(), OptimizerConfig(), TrainConfig())
    assert (config.loss, config.optimizer, config.train) == defaults


def test_every_config_of_the_package_has_a_file_to_name_on_the_command_line():
    """The file gives the same config; `train` looks into its text first."""
    files = {path.stem: path for path in (REPOSITORY / "configs").glob("*.py")}
    assert files.keys() == {*MODELS, "fine_tune", "quickstart", "starter"}
    for stem, path in files.items():
        spec = importlib.util.spec_from_file_location(stem, path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        inside = importlib.import_module(f"motext_jax.configs.{stem}")
        assert to_tree(module.get_config("bandai")) == to_tree(inside.get_config("bandai"))
        assert module.__doc__.splitlines()[0] == inside.__doc__.splitlines()[0]


def test_configs_share_nothing():
    spec = ModelSpec(tower="ctrgcn", text="clip", objective="contrastive")
    one, other = spec.config(), spec.config()
    one.model.text.checkpoint, one.train.epochs = "elsewhere", 1
    assert other == spec.config()


def test_a_classifier_and_it_alone_has_no_text_tower():
    spec = ModelSpec(tower="agcn", text="clip", objective="contrastive")
    with pytest.raises(ValueError, match="no text tower"):
        dataclasses.replace(spec, text=None)
    with pytest.raises(ValueError, match="no text tower"):
        dataclasses.replace(spec, objective="classifier")

"""Published weights as the start of a run."""

import dataclasses
import pathlib

import jax

from motext_jax.config import Config
from motext_jax.data.tokenizer import Tokenizer, copy_tokenizer, load_tokenizer
from motext_jax.models.two_tower import MotionTower
from motext_jax.models.weights.clip import checkpoint_directory, load_clip_text, read_clip_text
from motext_jax.models.weights.graph_convolution import load_torch_tower
from motext_jax.training.step import TrainState


def resolve(config: Config) -> Config:
    """The config with the text tower's architecture that its checkpoint names.

    Raises:
      InputError: `model.text.init` is clip, and the checkpoint cannot be had.
    """
    if not starts_from_clip(config):
        return config
    tower = read_clip_text(config.model.text.checkpoint)
    fields = {field.name for field in dataclasses.fields(config.model.text)}
    found = {name: getattr(tower, name) for name in fields & set(tower.__dataclass_fields__)}
    text = dataclasses.replace(config.model.text, **found)
    model = dataclasses.replace(config.model, text=text, embedding=tower.embedding)
    return dataclasses.replace(config, model=model)


def starts_from_clip(config: Config) -> bool:
    """Whether the run has a text tower that starts from CLIP's weights."""
    return config.model.objective == "contrastive" and config.model.text.init == "clip"


def tokenizer(config: Config) -> Tokenizer:
    """The tokenizer of the text tower's checkpoint, or CLIP's own vocabulary."""
    folder = (
        checkpoint_directory(config.model.text.checkpoint) if starts_from_clip(config) else None
    )
    return load_tokenizer(folder, config.model.text.context_length)


def keep_tokenizer(config: Config, folder: pathlib.Path) -> None:
    """Copies the checkpoint's tokenizer files, so that evaluation needs no checkpoint."""
    if starts_from_clip(config) and not folder.is_dir():
        copy_tokenizer(checkpoint_directory(config.model.text.checkpoint), folder)


def with_pretrained(state: TrainState, config: Config, tower: MotionTower) -> TrainState:
    """The initial state with the towers replaced that the config takes from checkpoints."""
    params, stats = dict(state.params), dict(state.batch_stats)
    if starts_from_clip(config):
        _, params["text"] = load_clip_text(config.model.text.checkpoint)
    if config.model.motion.checkpoint:
        loaded = load_torch_tower(config.model.motion.checkpoint, tower.graph)
        params["motion"] = {**params["motion"], "graph": loaded["params"]}
        stats["motion"] = {**stats["motion"], "graph": loaded["batch_stats"]}
    place = lambda new, old: jax.device_put(new, old.sharding)  # noqa: E731
    return state.replace(
        params=jax.tree.map(place, params, state.params),
        batch_stats=jax.tree.map(place, stats, state.batch_stats),
    )

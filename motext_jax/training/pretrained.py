"""Published weights as the start of a run."""

import dataclasses
import pathlib
from collections.abc import Callable
from typing import Any

import jax

from motext_jax.config import Config
from motext_jax.models.two_tower import MotionTower
from motext_jax.models.weights.clip import CLIP, load_clip_text, read_clip_text
from motext_jax.models.weights.graph_convolution import load_torch_tower
from motext_jax.models.weights.sentence_bert import (
    checkpoint_directory,
    load_sentence_bert,
    read_sentence_bert,
)
from motext_jax.text.tokenizer import Tokenizer, copy_tokenizer
from motext_jax.trained.model import text_tokenizer
from motext_jax.training.step import TrainState


@dataclasses.dataclass(frozen=True)
class Published:
    """How to get at a text tower that is published.

    Attributes:
      directory: of a checkpoint's name.
      read: its architecture.
      load: its architecture and parameters.
    """

    directory: Callable[[str], pathlib.Path]
    read: Callable[[str], Any]
    load: Callable[[str], tuple[Any, dict[str, Any]]]


_PUBLISHED = {
    "clip": Published(CLIP.directory, read_clip_text, load_clip_text),
    "sentence_bert": Published(checkpoint_directory, read_sentence_bert, load_sentence_bert),
}


def resolve(config: Config) -> Config:
    """The config with the text tower's architecture that its checkpoint names.

    CLIP's projection fixes the shared space's dimensions; a sentence BERT has none, and fits itself
    to `model.embedding`.

    Raises:
      InputError: the text tower starts from a checkpoint, which cannot be had.
    """
    published = _published(config)
    if published is None:
        return config
    tower = published.read(config.model.text.checkpoint)
    fields = {field.name for field in dataclasses.fields(config.model.text)}
    found = {name: getattr(tower, name) for name in fields & set(tower.__dataclass_fields__)}
    text = dataclasses.replace(config.model.text, **found)
    model = dataclasses.replace(config.model, text=text)
    resolved = dataclasses.replace(config, model=model)
    if text.init == "clip":
        model.embedding = tower.embedding
    else:
        # A BERT's config.json does not say which token is its [SEP].
        text.eos_id = tokenizer(resolved).eos_id
    return resolved


def tokenizer(config: Config) -> Tokenizer:
    """The tokenizer of the text tower's checkpoint, or CLIP's own vocabulary."""
    published = _published(config)
    text = config.model.text
    folder = None if published is None else published.directory(text.checkpoint)
    return text_tokenizer(folder, text)


def keep_tokenizer(config: Config, folder: pathlib.Path) -> None:
    """Copies the checkpoint's tokenizer files, so that evaluation needs no checkpoint."""
    published = _published(config)
    if published is not None and not folder.is_dir():
        copy_tokenizer(published.directory(config.model.text.checkpoint), folder)


def with_pretrained(state: TrainState, config: Config, tower: MotionTower) -> TrainState:
    """The initial state with what the config takes from checkpoints in its place.

    A sentence BERT's projection is in no checkpoint and stays as it is.
    """
    params, stats = dict(state.params), dict(state.batch_stats)
    published = _published(config)
    if published is not None:
        _, loaded = published.load(config.model.text.checkpoint)
        params["text"] = {**params["text"], **loaded}
    if config.model.motion.checkpoint:
        loaded = load_torch_tower(config.model.motion.checkpoint, tower.graph)
        params["motion"] = {**params["motion"], "graph": loaded["params"]}
        stats["motion"] = {**stats["motion"], "graph": loaded["batch_stats"]}
    place = lambda new, old: jax.device_put(new, old.sharding)  # noqa: E731
    return state.replace(
        params=jax.tree.map(place, params, state.params),
        batch_stats=jax.tree.map(place, stats, state.batch_stats),
    )


def _published(config: Config) -> Published | None:
    """Where the text tower's weights come from; None for no text tower, or one from scratch."""
    if config.model.objective != "contrastive":
        return None
    return _PUBLISHED.get(config.model.text.init)

"""Published weights, or those of a trained model, as the start of a run."""

import dataclasses
import pathlib

import jax

from motext_jax.config import Config, TextArchitecture
from motext_jax.models.two_tower import MotionTower
from motext_jax.text.tokenizer import Tokenizer, copy_tokenizer
from motext_jax.trained.checkpoints import tokenizer_folder
from motext_jax.trained.model import text_tokenizer
from motext_jax.trained.saved import open_saved
from motext_jax.training.start import start_of, with_start
from motext_jax.training.step import TrainState


def resolve(
    config: Config, workdir: pathlib.Path | None = None
) -> tuple[Config, TextArchitecture | None]:
    """The config as it is trained, and the facts of its text tower.

    A classifier has no text tower. CLIP's projection fixes the shared space's dimensions; a
    sentence BERT has none, and fits itself to `model.embedding`.

    Args:
      config: the config as it is given.
      workdir: the run's directory, where it may have begun.

    Raises:
      InputError: the text tower starts from a checkpoint, or the run from a trained model, which
        cannot be had.
    """
    if config.train.init:
        with open_saved(start_of(config, workdir)) as saved:
            return config, saved.manifest.text
    model = config.model
    if model.objective == "classifier" or model.text is None:
        return dataclasses.replace(config, model=dataclasses.replace(model, text=None)), None
    text = model.text.architecture()
    embedding = text.projection or model.embedding
    model = dataclasses.replace(model, embedding=embedding)
    return dataclasses.replace(config, model=model), text


def tokenizer(
    config: Config, text: TextArchitecture | None, workdir: pathlib.Path | None = None
) -> Tokenizer:
    """The tokenizer of the text tower's checkpoint, or CLIP's own vocabulary."""
    return text_tokenizer(_folder(config, workdir), text)


def keep_tokenizer(config: Config, workdir: pathlib.Path) -> None:
    """Copies the checkpoint's tokenizer files, so that evaluation needs no checkpoint."""
    own, folder = _folder(config, workdir), tokenizer_folder(workdir)
    if own is not None and not folder.is_dir():
        copy_tokenizer(own, folder)


def with_pretrained(state: TrainState, config: Config, tower: MotionTower) -> TrainState:
    """Replaces initial values by the published or trained weights that the config names.

    A sentence BERT's projection is in no checkpoint and stays as it is.
    """
    if config.train.init:
        return with_start(state, config)
    params, stats = dict(state.params), dict(state.batch_stats)
    text = config.model.text.pretrained() if config.model.text is not None else None
    if text is not None:
        params["text"] = {**params["text"], **text}
    network = config.model.motion.pretrained(tower.graph)
    if network is not None:
        params["motion"] = {**params["motion"], "graph": network["params"]}
        stats["motion"] = {**stats["motion"], "graph": network["batch_stats"]}
    place = lambda new, old: jax.device_put(new, old.sharding)  # noqa: E731
    return state.replace(
        params=jax.tree.map(place, params, state.params),
        batch_stats=jax.tree.map(place, stats, state.batch_stats),
    )


def _folder(config: Config, workdir: pathlib.Path | None) -> pathlib.Path | None:
    """The folder of the tokenizer's files, where the text tower has any."""
    if config.train.init:
        with open_saved(start_of(config, workdir)) as saved:
            return saved.tokenizer()
    return None if config.model.text is None else config.model.text.tokenizer_folder()

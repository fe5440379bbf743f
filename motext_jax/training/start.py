"""A trained model as the start of a run: `train.init`, for fine-tuning.

The run has the model's towers and makes clips as the model takes them. It begins with the model's
parameters, BatchNorm statistics and logit scale, with a fresh optimizer, at step 0.
"""

import contextlib
import copy
import dataclasses
import functools
import pathlib
from collections.abc import Iterable
from typing import Any

import jax
import jax.numpy as jnp

from motext_jax.config import Config, ModelConfig, settings
from motext_jax.errors import InputError, naming
from motext_jax.shown import quoted
from motext_jax.trained.exported import name_of
from motext_jax.trained.manifest import Manifest
from motext_jax.trained.model import load
from motext_jax.trained.places import check_model
from motext_jax.trained.saved import open_saved
from motext_jax.training.step import TrainState
from motext_jax.training.workdir import holds_a_checkpoint

CLIPS = ("fps", "frames", "normalise", "normalise_each")
"""Options of the clips that the model was trained on, which the run's have too unless given."""

COMPUTED = ("dtype", "motion.remat")
"""Options of the model that change how it is computed and not what it is."""

TERMS = ("params/log_scale", "params/logit_bias")
"""Parameters of the loss: a run may learn them where the model did not, or the other way round."""


def start_of(config: Config, workdir: pathlib.Path | None) -> str | pathlib.Path:
    """The place of the model that tells a run's options, text tower and tokenizer.

    It is the run's own directory once it has a checkpoint: the model of `train.init` may be gone.
    """
    if workdir is not None and holds_a_checkpoint(workdir):
        with contextlib.suppress(InputError), open_saved(workdir) as saved:
            saved.tokenizer()
            return workdir
    return config.train.init


def with_options_of_start(
    config: Config, given: Iterable[str] = (), workdir: pathlib.Path | None = None
) -> Config:
    """The config with the options of the model that it starts from; as it is without one.

    Args:
      config: a run's config.
      given: paths of the options that the command line gives.
      workdir: the run's directory, where it may have begun.

    Raises:
      InputError: there is no such model, or a given option is not the model's.
    """
    if not config.train.init:
        return config
    start = start_of(config, workdir)
    if isinstance(start, str):
        with naming("config.train.init"):
            check_model(start)
    with open_saved(start) as saved:
        theirs = saved.manifest.config
    given = tuple(given)
    model = _model(config, theirs.model, given)
    kept = {name: getattr(theirs.data, name) for name in CLIPS if f"data.{name}" not in given}
    if config.data.source == "babel":
        # Its clips are each normalised already.
        kept.pop("normalise_each", None)
    return dataclasses.replace(config, model=model, data=dataclasses.replace(config.data, **kept))


def check_start(config: Config, manifest: Manifest) -> None:
    """Raises InputError unless the model of `train.init` fits a run's manifest."""
    with open_saved(config.train.init) as saved:
        theirs = saved.manifest
    where = f"train.init={config.train.init}"
    ours, others = _values(config.model), _values(theirs.config.model)
    for option in {**ours, **others}:
        if option not in COMPUTED and ours.get(option) != others.get(option):
            raise InputError(
                f"{where}: the model has model.{option}={quoted(others.get(option))}, and this run "
                f"{quoted(ours.get(option))}; leave the option out"
            )
    theirs.check(manifest.skeleton, ())
    classifier = config.model.objective == "classifier"
    if classifier and theirs.category_names != manifest.category_names:
        raise InputError(
            f"{where}: it is a classifier of {len(theirs.category_names)} other categories than "
            f"the data's {len(manifest.category_names)}; start from a model with two towers"
        )


def with_start(state: TrainState, config: Config) -> TrainState:
    """Replaces initial values by the variables of the model that the config starts from.

    Raises:
      InputError: the model is damaged, or has other arrays.
    """
    theirs = {
        name_of(path): leaf
        for path, leaf in jax.tree_util.tree_leaves_with_path(load(config.train.init).variables)
    }
    flat, structure = jax.tree_util.tree_flatten_with_path(state.variables)
    ours = {name_of(path): leaf for path, leaf in flat}
    if odd := sorted((ours.keys() ^ theirs.keys()) - set(TERMS)):
        raise InputError(
            f"train.init={config.train.init}: the array {odd[0]} is in one of the two models alone"
        )
    leaves = []
    for name, leaf in ours.items():
        new = theirs.get(name, leaf)
        if new.shape != leaf.shape:
            raise InputError(
                f"train.init={config.train.init}: {name} has the shape {new.shape}, and this "
                f"run's {leaf.shape}"
            )
        # A copy, for the first step takes the state's memory.
        leaves.append(jax.device_put(new, leaf.sharding, may_alias=False))
    variables = jax.tree_util.tree_unflatten(structure, leaves)
    start = None if state.start is None else jax.tree.map(jnp.copy, variables)
    return state.replace(
        params=variables["params"], batch_stats=variables["batch_stats"], start=start
    )


def with_share_of_start(state: TrainState, keep: float) -> dict[str, Any]:
    """The variables of the model to save: the trained ones, and a share of the run's first ones.

    A model that is fine-tuned on little forgets what it is not shown. Halfway between its weights
    and those that it began with, it knows most of both (Wortsman et al. 2022, "Robust fine-tuning
    of zero-shot models", equation 1, whose alpha is 1 - `keep`).
    """
    return state.variables if state.start is None else _between(state.variables, state.start, keep)


@functools.partial(jax.jit, static_argnames="keep")
def _between(trained: Any, start: Any, keep: float) -> Any:
    return jax.tree.map(lambda new, old: new + keep * (old - new), trained, start)


def words_of_start(config: Config) -> list[str]:
    """The words of the model of `train.init`, by the alphabet; none without one."""
    if not config.train.init:
        return []
    with open_saved(config.train.init) as saved:
        return sorted(saved.words() or ())


def _model(config: Config, theirs: ModelConfig, given: tuple[str, ...]) -> ModelConfig:
    """A copy of the model's options, with those of `COMPUTED` as the run has them."""
    ours, others = _values(config.model), _values(theirs)
    for option in given:
        name = option.removeprefix("model.")
        if name == option or name in COMPUTED:
            continue
        if ours.get(name) != others.get(name):
            raise InputError(
                f"config.{option} is {quoted(ours.get(name))}, and the model of "
                f"train.init={config.train.init} has {quoted(others.get(name))}; leave it out"
            )
    model = copy.deepcopy(theirs)
    model.dtype = config.model.dtype
    if hasattr(model.motion, "remat") and hasattr(config.model.motion, "remat"):
        model.motion.remat = config.model.motion.remat
    return model


def _values(model: ModelConfig) -> dict[str, Any]:
    kinds = {"motion": type(model.motion).__name__, "text": type(model.text).__name__}
    return kinds | {setting.path: setting.value for setting in settings(model)}

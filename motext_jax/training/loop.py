"""Training, from a config to checkpoints."""

import dataclasses
import functools
import json
import math
import pathlib
import signal
from collections.abc import Callable, Iterable

import jax
import numpy as np
import optax

from motext_jax.config import Config
from motext_jax.data.clips import ClipSet
from motext_jax.data.left_out import LeftOut, write_left_out
from motext_jax.data.mirroring import with_mirrored
from motext_jax.data.pipeline import distinct_texts, training_texts
from motext_jax.errors import InputError
from motext_jax.models.two_tower import Model, build_model
from motext_jax.outputs import check_above
from motext_jax.runtime import mesh as meshes
from motext_jax.runtime.processes import Agreement, check_same, is_primary, run_alone
from motext_jax.runtime.signals import Stopped, StopSignal, work_is_kept
from motext_jax.trained.checkpoints import Checkpoints, check_name
from motext_jax.trained.manifest import Manifest
from motext_jax.trained.model import (
    TrainedModel,
    assemble,
    initial_variables,
)
from motext_jax.trained.places import WORDS
from motext_jax.trained.words import words_of, write_words
from motext_jax.training.feed import Feed, with_preprocessing
from motext_jax.training.metrics import MetricsFile, check_extra
from motext_jax.training.optimizer import build_optimizer
from motext_jax.training.pretrained import keep_tokenizer, resolve, tokenizer, with_pretrained
from motext_jax.training.progress import Progress, summary, validation_line
from motext_jax.training.start import check_start, with_share_of_start, words_of_start
from motext_jax.training.step import Metrics, TrainState, make_train_step
from motext_jax.training.workdir import (
    check_config,
    holds_a_checkpoint,
    write_config,
)

Validate = Callable[[TrainedModel, ClipSet], dict[str, float]]
"""A model's scores on the validation split; the one named `score` ranks its checkpoints."""


def check_beforehand(config: Config, workdir: pathlib.Path) -> None:
    """Raises InputError for what `train` would refuse without a look at the clips.

    Reading them may take an hour, after which nobody waits for the sentence.
    """
    check_name(workdir)
    check_above(workdir, "config.json", "choose another --workdir")
    check_extra(config.train.tensorboard)
    check_config(workdir, resolve(config, workdir)[0])


def train(
    config: Config,
    workdir: pathlib.Path,
    clips: ClipSet,
    validation: ClipSet | None,
    validate: Validate,
    left_out: LeftOut | None = None,
) -> bool:
    """Trains in a working directory, from the start or from where it stopped.

    Writes config.json, metrics.jsonl and checkpoints/ there. SIGTERM and Ctrl-C end the run after
    the current step, with a checkpoint; a second Ctrl-C ends it at once. A signal to one of several
    processes ends all of them after the same step.

    Args:
      config: valid; see `config.validate`.
      workdir: made once all options are known to fit.
      clips: the training split.
      validation: the split that ranks checkpoints, if any.
      validate: scores a model on it.
      left_out: what is left out of each split, for the directory; None for what `clips` and
        `validation` say.

    Returns:
      True where the run is at its end; False where a signal stopped it before.

    Raises:
      InputError: an option, a file or the directory does not fit; another process is at work in
        the directory; or the loss is no longer finite, in which case the last good checkpoint
        stays.
    """
    check_name(workdir)
    config, text = resolve(config, workdir)
    mesh = meshes.data_mesh()
    manifest = Manifest(config, clips.category_names, clips.skeleton, clips.fingerprint(), text)
    if config.train.init and not holds_a_checkpoint(workdir):
        check_start(config, manifest)
    held_out = "" if validation is None else validation.fingerprint()
    check_same(json.dumps([manifest.to_json(), held_out]), "options and clips")
    tokenize = tokenizer(config, text, workdir)
    seen = with_mirrored(clips) if config.data.mirror else clips
    texts = training_texts(seen, config.data.text, tokenize, twins=config.loss.twins > 0)
    feed = Feed(mesh, seen, texts, config)
    total_steps = config.train.steps or config.train.epochs * feed.steps_per_epoch
    save_every = config.train.checkpoint_every or feed.steps_per_epoch

    model = build_model(config, clips.skeleton, len(clips.category_names), text)
    frozen = text.FROZEN if text is not None else ()
    optimizer = build_optimizer(config.optimizer, total_steps, frozen)
    train_step = meshes.jit_train_step(
        mesh, with_preprocessing(make_train_step(model, optimizer, config), config, clips.skeleton)
    )
    initial_state = functools.partial(_initial_state, model, optimizer, manifest)
    like = meshes.abstract_on(mesh, initial_state)
    if left_out is None:
        left_out = {config.data.train_split: clips.left_out}
        if validation is not None:
            left_out = {**left_out, config.data.validation_split: validation.left_out}
    said = distinct_texts(seen, config.data.text)
    with (
        work_is_kept(),
        run_alone(workdir),
        _opened(workdir, config, left_out, said) as checkpoints,
    ):
        state = _restored(checkpoints, like, manifest)
        if state is None:
            state = with_pretrained(meshes.make_on(mesh, initial_state), config, model.motion)
        step = first = int(state.step)
        print(summary(manifest, seen, validation, feed, state, total_steps, mesh), flush=True)
        trained = assemble(model, manifest, tokenize, state.variables, first)
        store = feed.make_store(trained.encode_tokens)
        agreed = Agreement(mesh)
        progress = Progress(total_steps, feed.steps_per_epoch, config.train.batch_size)
        stopping_line = "stopping after this step, with a checkpoint; Ctrl-C again stops at once"
        with (
            MetricsFile(workdir, first, config.train.tensorboard) as log,
            StopSignal(stopping_line) as stop,
        ):
            if first < total_steps:
                print("compiling the training step; the first time takes a while", flush=True)
            for step, batch in enumerate(feed.batches(first, total_steps), first + 1):
                state, metrics = train_step(state, store, batch)
                # Read once: a signal that comes later in this round is for the next one.
                stopping = agreed(stop.received)
                due = step % save_every == 0 or step == total_steps
                if step % config.train.log_every == 0 or step == first + 1 or due or stopping:
                    values = _finite(metrics, step)
                    log.write(step, values | progress.line(step, values))
                if not (due or stopping):
                    continue
                score = None
                # A checkpoint that a signal asks for is saved at once, without validation.
                variables = with_share_of_start(state, config.train.keep)
                if validation is not None and due:
                    trained = dataclasses.replace(trained, variables=variables, step=step)
                    score = _score(validate(trained, validation), step, len(validation), log)
                checkpoints.save(step, variables, state.beside, manifest, score)
                progress.restart(step)
                if stopping and step < total_steps:
                    print(f"stopped by a signal at step {step}; the same command goes on from here")
                    break
        if stop.interrupted:
            # The checkpoint's line is the last one.
            raise Stopped(
                signal.SIGINT, "" if step < total_steps else "stopped after the last step"
            )
    return step >= total_steps


def _opened(
    workdir: pathlib.Path, config: Config, left_out: LeftOut, texts: Iterable[str]
) -> Checkpoints:
    """The checkpoints of a directory that belongs to the config from now on."""
    write_config(workdir, config)
    if is_primary():
        keep_tokenizer(config, workdir)
        write_left_out(workdir, left_out)
        # The model of `train.init` may be gone, or be another one by now.
        if not (holds_a_checkpoint(workdir) and (workdir / WORDS).is_file()):
            write_words((*words_of(texts), *words_of_start(config)), workdir / WORDS)
    return Checkpoints(workdir)


def _initial_state(
    model: Model, optimizer: optax.GradientTransformation, manifest: Manifest
) -> TrainState:
    """The state before step 0, from the seed."""
    variables = initial_variables(model, manifest, manifest.config.train.seed)
    return TrainState.create(variables, optimizer, with_start=manifest.config.train.keep > 0)


def _restored(checkpoints: Checkpoints, like: TrainState, manifest: Manifest) -> TrainState | None:
    """The state of the last checkpoint, placed as `like` is; None where there is none."""
    restored = checkpoints.restore(like.variables, like.beside, manifest)
    if restored is None:
        return None
    number, variables, beside = restored
    step = jax.device_put(np.int32(number), like.step.sharding)
    return TrainState.resumed(step, variables, beside, with_start=like.start is not None)


def _finite(metrics: Metrics, step: int) -> dict[str, float]:
    """The metrics on the host."""
    values = {name: float(value) for name, value in metrics.items()}
    for name, value in values.items():
        if not math.isfinite(value):
            raise InputError(
                f"step {step}: {name} is {value}, so the run stops and its last checkpoint, from "
                "before, stays; a lower optimizer.learning_rate or warm-up usually helps"
            )
    return values


def _score(scores: dict[str, float], step: int, clips: int, log: MetricsFile) -> float | None:
    """Writes validation scores down and returns the one that ranks checkpoints."""
    log.write(step, {f"validation/{name}": value for name, value in scores.items()})
    print(validation_line(step, scores, clips), flush=True)
    return scores.get("score")

"""Training, from a config to checkpoints."""

import dataclasses
import functools
import json
import math
import pathlib
import signal
from collections.abc import Callable

import jax
import numpy as np
from jax.sharding import Mesh

from motext_jax.config import Config
from motext_jax.data.clips import ClipSet
from motext_jax.data.mirroring import with_mirrored
from motext_jax.data.pipeline import Batches, training_texts
from motext_jax.errors import InputError
from motext_jax.models.two_tower import build_model
from motext_jax.runtime import mesh as meshes
from motext_jax.runtime.processes import Agreement, check_same, is_primary
from motext_jax.shown import shown
from motext_jax.trained.checkpoints import Checkpoints
from motext_jax.trained.manifest import Manifest
from motext_jax.trained.model import (
    TrainedModel,
    assemble,
    initial_variables,
    tokenizer_folder,
)
from motext_jax.training import feed
from motext_jax.training.metrics import MetricsFile
from motext_jax.training.optimizer import build_optimizer
from motext_jax.training.pretrained import keep_tokenizer, resolve, tokenizer, with_pretrained
from motext_jax.training.progress import Progress
from motext_jax.training.step import TrainState, make_train_step
from motext_jax.training.workdir import claim

Validate = Callable[[TrainedModel, ClipSet], dict[str, float]]
"""A model's scores on the validation split; the one named `score` ranks its checkpoints."""


def train(
    config: Config,
    workdir: pathlib.Path,
    clips: ClipSet,
    validation: ClipSet | None,
    validate: Validate,
) -> bool:
    """Trains in a working directory, from the start or from where it stopped.

    Writes config.json, metrics.jsonl and checkpoints/ there. SIGTERM and Ctrl-C end the run after
    the step in hand, with a checkpoint; a second Ctrl-C at once. One that comes to one of several
    processes ends all of them, after the same step.

    Args:
      config: valid; see `config.validate`.
      workdir: made when nothing stands against the run any more.
      clips: the training split.
      validation: the split that ranks checkpoints, if any.
      validate: scores a model on it.

    Returns:
      Whether the run is at its end; False where a signal stopped it before.

    Raises:
      InputError: an option, a file or the directory does not fit; or the loss is no longer finite,
        in which case the last good checkpoint stays.
    """
    config, text = resolve(config)
    mesh = meshes.data_mesh()
    manifest = Manifest(config, clips.category_names, clips.skeleton, clips.fingerprint(), text)
    held_out = "" if validation is None else validation.fingerprint()
    check_same(json.dumps([manifest.to_json(), held_out]), "options and clips")
    tokenize = tokenizer(config, text)
    seen = with_mirrored(clips) if config.data.mirror else clips
    texts = training_texts(seen, config.data.text, tokenize)
    make_batches = functools.partial(
        Batches,
        seen,
        texts,
        batch_size=config.train.batch_size,
        seed=config.train.seed,
        share=meshes.share(mesh, config.train.batch_size),
        devices=mesh.size,
    )
    batches = make_batches()
    total_steps = config.train.steps or config.train.epochs * batches.steps_per_epoch
    save_every = config.train.checkpoint_every or batches.steps_per_epoch

    model = build_model(config, clips.skeleton, len(clips.category_names), text)
    optimizer = build_optimizer(config.optimizer, total_steps)
    train_step = meshes.jit_train_step(
        mesh, feed.fed(make_train_step(model, optimizer, config), config, clips.skeleton)
    )

    def initial_state() -> TrainState:
        variables = initial_variables(model, manifest, config.train.seed)
        return TrainState.create(variables, optimizer)

    like = meshes.abstract_on(mesh, initial_state)
    claim(workdir, config)
    if is_primary():
        keep_tokenizer(config, tokenizer_folder(workdir))
    with Checkpoints(workdir) as checkpoints:
        restored = checkpoints.restore(like.variables, like.opt_state, manifest)
        if restored:
            number, variables, opt_state = restored
            at = jax.device_put(np.int32(number), like.step.sharding)
            state = TrainState(at, variables["params"], variables["batch_stats"], opt_state)
        else:
            state = meshes.make_on(mesh, initial_state)
            state = with_pretrained(state, config, model.motion)
        step = first = int(state.step)
        store = feed.held_clips(mesh, batches.stored, config.data.on_device)
        print(
            _summary(manifest, seen, store, validation, state, step, total_steps, mesh), flush=True
        )
        live = assemble(model, manifest, tokenize, state.variables, step)
        if live.is_contrastive and config.optimizer.text_scale == 0:
            store["text_embeddings"] = meshes.replicate(mesh, live.encode_tokens(texts.tokens))
        upcoming = make_batches(held=store).from_step(step)
        agreed = Agreement(mesh)
        progress = Progress(total_steps, batches.steps_per_epoch, config.train.batch_size)
        with MetricsFile(workdir, step, config.train.tensorboard) as log, StopSignal() as stop:
            while step < total_steps:
                state, metrics = train_step(state, store, meshes.shard_batch(mesh, next(upcoming)))
                step += 1
                # Read once: a signal that comes later in this round is for the next one.
                stopping = agreed(stop.received)
                save = step % save_every == 0 or step == total_steps or stopping
                if step % config.train.log_every == 0 or step == first + 1 or save:
                    values = _finite({name: float(value) for name, value in metrics.items()}, step)
                    log.write(step, values | progress.line(step, values))
                if not save:
                    continue
                scores: dict[str, float] = {}
                # A signal's own checkpoint is saved at once; one that was due is scored, too.
                due = step % save_every == 0 or step == total_steps
                if validation is not None and due:
                    live = dataclasses.replace(live, variables=state.variables, step=step)
                    scores = validate(live, validation)
                    log.write(step, {f"validation/{k}": v for k, v in scores.items()})
                    print(_validation_line(step, scores), flush=True)
                checkpoints.save(
                    step, state.variables, state.opt_state, manifest, scores.get("score")
                )
                progress.restart(step)
                if stopping and step < total_steps:
                    print(f"stopped by a signal at step {step}; the same command goes on from here")
                    break
        if stop.interrupted:
            raise KeyboardInterrupt
    return step >= total_steps


class StopSignal:
    """Notes SIGTERM and Ctrl-C, so that the loop can save and end cleanly.

    Attributes:
      received: whether either has come.
      interrupted: whether it was Ctrl-C, after which a script should not go on.
    """

    def __init__(self):
        self.received = self.interrupted = False

    def __enter__(self) -> "StopSignal":
        signals = (signal.SIGTERM, signal.SIGINT)
        self._before = {number: signal.signal(number, self._note) for number in signals}
        return self

    def __exit__(self, *_):
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _note(self, number: int, _: object):
        self.received = True
        if number == signal.SIGINT:
            self.interrupted = True
            print("stopping after this step, with a checkpoint; Ctrl-C again stops at once")
            signal.signal(signal.SIGINT, self._before[signal.SIGINT])


def _finite(values: dict[str, float], step: int) -> dict[str, float]:
    for name, value in values.items():
        if not math.isfinite(value):
            raise InputError(
                f"step {step}: {name} is {value}, so the run stops and its last checkpoint, from "
                "before, stays; a lower optimizer.learning_rate or warm-up usually helps"
            )
    return values


def _spread(counts: dict[str, int]) -> str:
    if not counts:
        return "no categories"
    names = list(counts)
    first, last = names[0], names[-1]
    return (
        f"{len(counts)} categories, from {shown(first)!r} ({counts[first]:,}) to {shown(last)!r} "
        f"({counts[last]:,})"
    )


def _validation_line(step: int, scores: dict[str, float]) -> str:
    values = "  ".join(f"{name} {value:.2f}" for name, value in scores.items() if name != "score")
    return f"step {step}  validation  {values}"


def _summary(
    manifest: Manifest,
    clips: ClipSet,
    store: feed.Store,
    validation: ClipSet | None,
    state: TrainState,
    step: int,
    total_steps: int,
    mesh: Mesh,
) -> str:
    """What a reader wants to know before a long wait."""
    parameters = sum(int(np.prod(leaf.shape)) for leaf in jax.tree.leaves(state.params))
    data = manifest.config.data
    place = "sent by the host"
    if "clips" in store:
        place = f"held there ({store['clips'].nbytes / 1e6:,.0f} MB each)"
    lines = [
        f"{manifest.config.name}: {parameters:,} parameters on {meshes.described(mesh)}, "
        f"clips {place}",
        f"{data.source}: {len(clips)} training clips of {data.frames} frames at {data.fps:g} fps, "
        f"{len(validation) if validation else 0} for validation, "
        f"{_spread(clips.counts())}",
        f"finished already, at step {step}; evaluate it, or choose another --workdir"
        if step >= total_steps
        else f"{'going on from step ' + str(step) if step else 'starting'}, to step {total_steps}",
    ]
    return "\n".join(lines)

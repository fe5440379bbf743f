"""A run of tests/tiny.py's model with random weights: saved as training does, in no time."""

import pathlib

import jax
import numpy as np
import optax
import tiny

from motext_jax.skeleton import SMPL22
from motext_jax.trained.checkpoints import Checkpoints
from motext_jax.trained.manifest import Manifest
from motext_jax.trained.model import initial_variables, modules_of
from motext_jax.training.pretrained import keep_tokenizer, resolve
from motext_jax.training.workdir import write_config


def write_run(workdir: pathlib.Path, config=None, step=7, categories=tiny.ACTIONS, seed=0):
    """Writes config.json and a checkpoint; every array is random, BatchNorm's statistics too."""
    config, text = resolve(config or tiny.config("/secret/place"))
    manifest = Manifest(config, tuple(categories), SMPL22, "fingerprint", text)
    like = jax.eval_shape(lambda: initial_variables(modules_of(manifest), manifest, 0))
    rng = np.random.default_rng(seed)

    def random(path, leaf):
        if path[-1].key in ("var", "scale"):
            return rng.uniform(0.5, 1.5, leaf.shape).astype(leaf.dtype)
        if path[-1].key.endswith("embedding"):
            return rng.normal(0, 1, leaf.shape).astype(leaf.dtype)
        fan_in = int(np.prod(leaf.shape[:-1])) or 1
        return rng.normal(0, fan_in**-0.5, leaf.shape).astype(leaf.dtype)

    variables = jax.tree_util.tree_map_with_path(random, like)
    write_config(workdir, config)
    keep_tokenizer(config, workdir)
    with Checkpoints(workdir) as checkpoints:
        optimizer = optax.sgd(0.1, momentum=0.9).init(variables["params"])
        checkpoints.save(step, variables, optimizer, manifest, None)
    return manifest, variables

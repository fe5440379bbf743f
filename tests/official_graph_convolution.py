"""Our graph convolutions beside the golden arrays of the official PyTorch modules."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from motext_jax.models import graph_convolution
from motext_jax.models.weights.graph_convolution import from_torch

BLOCKS = ("block_1", "block_5", "block_10")


def section(golden, prefix):
    """The arrays under `prefix/`, without it."""
    return {key.removeprefix(prefix): a for key, a in golden.items() if key.startswith(prefix)}


def side_by_side(tower, golden, dtype):
    """(ours, theirs), each {quantity: array, or tree of arrays} of every golden quantity.

    The official gradients and running statistics are brought into our tree by the same conversion
    as the weights, which only reorders numbers (except for the bias of 2s-AGCN's transform, whose
    gradient is zero).
    """
    state = section(golden, "state/")
    grads = state | section(golden, "grad/")
    running = state | section(golden, "train_running/")
    theirs = {name: golden[name] for name in ("eval_logits", "eval_features", "train_logits")}
    for block in BLOCKS:
        theirs[block] = golden[f"eval_{block.replace('_', '')}"].transpose(0, 3, 2, 1)
    theirs["running"] = from_torch(running, tower)["batch_stats"]
    theirs["gradients"] = from_torch(grads, tower)["params"]

    with jax.enable_x64(dtype == np.float64), jax.default_matmul_precision("highest"):
        variables = jax.tree.map(lambda a: jnp.asarray(a, dtype), from_torch(state, tower))
        clips = jnp.asarray(golden["x"][..., 0].transpose(0, 2, 3, 1), dtype)
        weight, bias = state["fc.weight"].T.astype(dtype), state["fc.bias"][None].astype(dtype)
        cotangent = golden["cotangent"].astype(dtype)

        def training(params, batch_stats):
            start = {"params": params, "batch_stats": batch_stats}
            features, updates = tower.apply(start, clips, train=True, mutable="batch_stats")
            logits = features @ weight + bias
            return jnp.sum(logits * cotangent), (logits, updates["batch_stats"])

        @jax.jit
        def everything(variables):
            features, captured = tower.apply(
                variables,
                clips,
                train=False,
                capture_intermediates=lambda module, _: module.name in BLOCKS,
            )
            gradients, (logits, running) = jax.grad(training, has_aux=True)(
                variables["params"], variables["batch_stats"]
            )
            blocks = captured["intermediates"]
            return {
                "eval_features": features,
                "eval_logits": features @ weight + bias,
                "train_logits": logits,
                "running": running,
                "gradients": gradients,
            } | {block: blocks[block]["__call__"][0] for block in BLOCKS}

        ours = jax.device_get(everything(variables))
    return ours, theirs


def assert_close(ours, theirs, tolerance, floor=0.0):
    """|ours - theirs| <= tolerance · max|theirs| for every tensor of two like trees.

    A tensor whose largest value is below `floor` is zero but for rounding, and is held against
    1e8 · floor instead.
    """
    paths = jax.tree_util.tree_leaves_with_path(theirs)
    for (path, expected), found in zip(paths, jax.tree.leaves(ours), strict=True):
        largest = np.abs(expected).max()
        scale = largest if largest >= floor else 1e8 * floor
        error = np.abs(found - expected).max()
        assert error <= tolerance * scale, (jax.tree_util.keystr(path), error / scale)


def parameters(tower):
    """The number of parameters, without computing any."""
    clips = jnp.zeros((1, 1, len(tower.skeleton.joints), 3))
    shapes = jax.eval_shape(lambda key: tower.init(key, clips, train=False), jax.random.key(0))
    return sum(leaf.size for leaf in jax.tree.leaves(shapes["params"]))


FORMS = ["float64", "float32", "float64 as on TPUs", "float32 as on TPUs"]


def compared(form, tower, arrays, module, sums):
    """A dtype, ours and theirs; on TPUs `sums` of the network's module and the products differ."""
    dtype, _, on_tpus = form.partition(" ")
    with pytest.MonkeyPatch.context() as patch:
        if on_tpus:
            patch.setattr(graph_convolution, "_flattened_product", jnp.matmul)
            convolution = graph_convolution._convolution
            patch.setattr(graph_convolution, "_flattened_convolution", convolution)
            patch.setattr(module, sums, lambda *given, **_: module._by_einsums(*given))
        dtype = np.dtype(dtype).type
        return dtype, *side_by_side(tower, arrays, dtype)

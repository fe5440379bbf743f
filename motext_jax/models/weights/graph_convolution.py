"""CTR-GCN and 2s-AGCN from the official PyTorch weights."""

import os
import pathlib
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from flax.traverse_util import flatten_dict, unflatten_dict
from jaxtyping import Float, Shaped
from safetensors.numpy import load_file

from motext_jax.errors import InputError
from motext_jax.input_file import open_file, reading
from motext_jax.models.agcn import AGCN
from motext_jax.models.ctrgcn import CTRGCN
from motext_jax.models.graph_convolution import GraphConvolutionNetwork
from motext_jax.shown import quoted, shown

Variables = dict[str, Any]

COORDINATES = 3
SUBSETS = range(3)

# A block's layers: ours, and the official ones that it holds side by side.
_SHARED_LAYERS = {
    "spatial": ["gcn1"],
    "spatial_norm": ["gcn1.bn"],
    "spatial_shortcut/project": ["gcn1.down.0"],
    "spatial_shortcut/norm": ["gcn1.down.1"],
    "shortcut/project": ["residual.conv"],
    "shortcut/norm": ["residual.bn"],
}
_CTRGCN_LAYERS = _SHARED_LAYERS | {
    **{
        f"spatial/{ours}": [f"gcn1.convs.{k}.{conv}" for k in SUBSETS for conv in theirs]
        for ours, theirs in (
            ("relation", ["conv1", "conv2"]),
            ("transform", ["conv3"]),
            ("refine", ["conv4"]),
        )
    },
    "temporal/heads": [f"tcn1.branches.{branch}.0" for branch in range(3)],
    "temporal/heads_norm": [f"tcn1.branches.{branch}.1" for branch in range(3)],
    "temporal/near/conv": ["tcn1.branches.0.3.conv"],
    "temporal/far/conv": ["tcn1.branches.1.3.conv"],
    "temporal/point": ["tcn1.branches.3.0"],
    "temporal/norm": [f"tcn1.branches.{branch}" for branch in ("0.3.bn", "1.3.bn", "2.4", "3.1")],
}
_AGCN_LAYERS = _SHARED_LAYERS | {
    "spatial/theta": [f"gcn1.conv_a.{k}" for k in SUBSETS],
    "spatial/phi": [f"gcn1.conv_b.{k}" for k in SUBSETS],
    "spatial/transform": [f"gcn1.conv_d.{k}" for k in SUBSETS],
    "temporal/conv/conv": ["tcn1.conv"],
    "temporal/norm": ["tcn1.bn"],
}
_LAYERS = {CTRGCN: _CTRGCN_LAYERS, AGCN: _AGCN_LAYERS}

_TENSORS = {
    "kernel": "weight",
    "bias": "bias",
    "scale": "weight",
    "mean": "running_mean",
    "var": "running_var",
    "topology": "PA",
    "alpha": "alpha",
}


def load_torch_tower(path: str | os.PathLike[str], tower: GraphConvolutionNetwork) -> Variables:
    """`from_torch` of a state_dict that was saved as safetensors.

    Raises:
      InputError: the file cannot be read, or its weights belong to another network.
    """
    path = pathlib.Path(path)
    if path.suffix in (".pt", ".pth"):
        raise InputError(
            f"{path} is a pickle, which may run any code when it is opened; where torch is "
            "installed, convert it with\n"
            "  import torch, safetensors.torch\n"
            f"  safetensors.torch.save_file(torch.load({str(path)!r}, 'cpu', weights_only=True), "
            f"{str(path.with_suffix('.safetensors'))!r})"
        )
    open_file(path).close()
    with reading(path, "a readable safetensors file"):
        state_dict = load_file(path)
    try:
        return from_torch(state_dict, tower)
    except InputError as error:
        raise InputError(f"{path}: {error}") from error


def from_torch(
    state_dict: Mapping[str, Shaped[np.ndarray, "..."]], tower: GraphConvolutionNetwork
) -> Variables:
    """The variables of a tower from an official state_dict.

    The classifier `fc` is left out, and so is the second person of a network for two: only the
    input BatchNorm knows of one.

    Args:
      state_dict: state_dict of the official CTR-GCN or 2s-AGCN, possibly of a DataParallel.
      tower: a `CTRGCN` or an `AGCN` of the same joints, width and number of blocks.

    Returns:
      {'params': ..., 'batch_stats': ...} with the shapes that tower.init gives, float32.

    Raises:
      InputError: the weights belong to another network; names the tensors that show it.
    """
    state = {
        name: tensor
        for name, tensor in ((n.removeprefix("module."), t) for n, t in state_dict.items())
        if not name.startswith("fc.") and not name.endswith(".num_batches_tracked")
    }
    expected = flatten_dict(_shapes(tower))
    sources = {path: _source(path, _LAYERS[type(tower)]) for path in expected}

    needed = {name for names in sources.values() for name in names}
    if missing := needed - state.keys():
        raise InputError(f"the weights lack {_some(missing)}, which {_described(tower)} has")
    if unexpected := state.keys() - needed:
        raise InputError(f"the weights hold {_some(unexpected)}, which {_described(tower)} lacks")

    for name in sorted(needed):
        if state[name].dtype.kind not in "fiu":
            raise InputError(f"{name} is of type {state[name].dtype}; expected numbers")
        # A number may be finite in double precision alone.
        with np.errstate(over="ignore"):
            if not np.isfinite(state[name].astype(np.float32, copy=False)).all():
                raise InputError(f"{name} holds NaN or infinity")

    state |= _first_person(state, tower)
    variables = {}
    for path, leaf in expected.items():
        tensors = [state[name] for name in sources[path]]
        try:
            variables[path] = _assemble(path, tensors, type(tower)).astype(leaf.dtype)
        except (ValueError, IndexError):  # tensors that do not even fit together
            variables[path] = np.empty(0)
        if variables[path].shape != leaf.shape:
            raise InputError(
                f"{' + '.join(sources[path])} of shape {quoted(tensors[0].shape)} cannot be "
                f"{'/'.join(path)} of shape {leaf.shape} in {_described(tower)}"
            )
    return unflatten_dict(variables)


def _shapes(tower: GraphConvolutionNetwork) -> Variables:
    """The variables' shapes and types, computed without computing the variables."""
    clips = jnp.zeros((1, 1, len(tower.skeleton.joints), COORDINATES))
    return jax.eval_shape(lambda key: tower.init(key, clips, train=False), jax.random.key(0))


def _source(path: tuple[str, ...], layers: Mapping[str, list[str]]) -> list[str]:
    """The official names of the tensors that make up one of our variables."""
    _, top, *layer, leaf = path
    if top == "input_norm":
        return [f"data_bn.{_TENSORS[leaf]}"]
    block = top.removeprefix("block_")
    return [f"l{block}.{module}.{_TENSORS[leaf]}" for module in layers["/".join(layer)]]


def _assemble(
    path: tuple[str, ...],
    tensors: Sequence[Float[np.ndarray, "..."]],
    network: type[GraphConvolutionNetwork],
) -> Float[np.ndarray, "..."]:
    """One of our variables; convolutions turn from [f c t 1] to [t c f], 1×1 ones to [c f]."""
    *_, layer, leaf = path
    # 2s-AGCN's three transforms are summed: side by side they share their output, not their input.
    summed = network is AGCN and path[-3:-1] == ("spatial", "transform")
    if leaf == "kernel":
        kernels = [tensor[..., 0].transpose(2, 1, 0) for tensor in tensors]
        kernel = np.concatenate(kernels, axis=1 if summed else 2)
        return kernel if layer == "conv" else kernel[0]
    if leaf == "alpha":
        return tensors[0].reshape(())
    return np.sum(tensors, axis=0) if summed else np.concatenate(tensors)


def _first_person(
    state: Mapping[str, Float[np.ndarray, "..."]], tower: GraphConvolutionNetwork
) -> dict[str, Float[np.ndarray, "vc"]]:
    """The input BatchNorm's tensors for one person; they are in order of person, joint, channel."""
    joints = len(tower.skeleton.joints)
    one = joints * COORDINATES
    tensors = {name: tensor for name, tensor in state.items() if name.startswith("data_bn.")}
    for name, tensor in tensors.items():
        if tensor.shape not in ((one,), (2 * one,)):
            raise InputError(
                f"{name} has shape {quoted(tensor.shape)}; {joints} joints "
                f"({tower.skeleton.name}) of {COORDINATES} coordinates need {one}, or {2 * one} "
                "for two persons"
            )
    return {name: tensor[:one] for name, tensor in tensors.items()}


def _described(tower: GraphConvolutionNetwork) -> str:
    return f"{type(tower).__name__} of {tower.blocks} blocks, width {tower.width}"


def _some(names: Collection[str]) -> str:
    """The first three names and the number of the others."""
    first, others = sorted(names)[:3], len(names) - 3
    return ", ".join(map(shown, first)) + (f" and {others} more" if others > 0 else "")

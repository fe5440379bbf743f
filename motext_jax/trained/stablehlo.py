"""A model's towers as StableHLO programs, for use without this package."""

from typing import Any

import jax
import jax.numpy as jnp
from jax import export

from motext_jax.models.two_tower import encoders
from motext_jax.trained.exported import name_of
from motext_jax.trained.manifest import Manifest
from motext_jax.trained.model import modules_of

PLATFORMS = ("cpu", "cuda", "tpu")

PROGRAMS = ("encode_motion.stablehlo", "encode_text.stablehlo")
"""The files of an exported folder."""


def programs(
    manifest: Manifest, tensors: dict[str, Any], variables: Any, longest: int
) -> dict[str, bytes]:
    """The serialised `jax.export` program of each tower, by the name of its file.

    A program is called with the arrays of model.safetensors, by their names, and with clips
    [n t v 3] or tokens [n l]; it gives unit-length embeddings [n d]. n is any number, t the model's
    frames, and l any number of tokens up to `longest`. It runs on any of `PLATFORMS`.

    Args:
      manifest: the model's manifest.
      tensors: the arrays of model.safetensors, by their names.
      variables: a tree of arrays that has these names as its paths.
      longest: the most tokens of a text.
    """
    flat, structure = jax.tree_util.tree_flatten_with_path(variables)
    names = [name_of(path) for path, _ in flat]
    dtypes = [leaf.dtype for _, leaf in flat]

    def whole(stored: dict[str, Any]) -> Any:
        leaves = [stored[name].astype(dtype) for name, dtype in zip(names, dtypes, strict=True)]
        return jax.tree_util.tree_unflatten(structure, leaves)

    towers = encoders(modules_of(manifest))
    like = {name: jax.ShapeDtypeStruct(array.shape, array.dtype) for name, array in tensors.items()}
    frames, joints = manifest.config.data.frames, len(manifest.skeleton.joints)
    (n,) = export.symbolic_shape("n")
    clips = jax.ShapeDtypeStruct((n, frames, joints, 3), jnp.float32)
    found = {PROGRAMS[0]: _program(towers.encode_motion, whole, like, clips)}
    if towers.encode_text is not None:
        n, length = export.symbolic_shape("n, l", constraints=[f"l <= {longest}"])
        tokens = jax.ShapeDtypeStruct((n, length), jnp.int32)
        found[PROGRAMS[1]] = _program(towers.encode_text, whole, like, tokens)
    return found


def _program(encode: Any, whole: Any, like: dict[str, Any], rows: jax.ShapeDtypeStruct) -> bytes:
    def program(stored: dict[str, Any], inputs: jax.Array) -> jax.Array:
        return encode(whole(stored), inputs)

    return bytes(export.export(jax.jit(program), platforms=PLATFORMS)(like, rows).serialize())

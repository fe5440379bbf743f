"""Digests that tell damaged checkpoints from sound ones."""

import concurrent.futures
import hashlib
import io
import json
import pathlib
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np


def of_arrays(tree: Any) -> str:
    """Digest of the types, shapes and bytes of a tree's arrays, in the tree's order.

    With several processes, each of them must hold every array whole.
    """
    # hashlib releases the interpreter lock, so every core takes an array.
    with concurrent.futures.ThreadPoolExecutor() as pool:
        return hashlib.sha256(b"".join(pool.map(_of_array, jax.tree.leaves(tree)))).hexdigest()


def of_files(folder: pathlib.Path) -> str:
    """Digest of a folder's files and their names; empty where there is no folder."""
    if not folder.is_dir():
        return ""
    digest = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        digest.update(f"{path.name} {path.stat().st_size} ".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def of_file(file: io.BufferedReader) -> str:
    """Digest of an open file's bytes."""
    return hashlib.file_digest(file, "sha256").hexdigest()


def of_json(tree: Any) -> str:
    """Digest of a JSON tree's values, whatever the order of its keys."""
    # Read back from JSON first, which makes strings of keys that are numbers, and lists of tuples.
    plain = json.loads(json.dumps(tree))
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()


def not_finite(tree: Any) -> str:
    """The name of the first array that holds NaN or infinity; empty if none does."""
    for path, leaf in jax.tree_util.tree_leaves_with_path(tree):
        floating = jnp.issubdtype(leaf.dtype, jnp.floating)
        if floating and not np.isfinite(np.asarray(leaf)).all():
            return jax.tree_util.keystr(path, simple=True, separator="/")
    return ""


def _of_array(leaf: Any) -> bytes:
    array = np.asarray(leaf)
    digest = hashlib.sha256(f"{array.dtype} {array.shape}".encode())
    # Viewed as bytes, because not every dtype of JAX has Python's buffer interface.
    digest.update(np.ascontiguousarray(array).reshape(-1).view(np.uint8).data)
    return digest.digest()

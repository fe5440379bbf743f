"""Checkpoints in Hugging Face's format: where they are, their config.json and their tensors."""

import contextlib
import dataclasses
import math
import os
import pathlib
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import huggingface_hub
import numpy as np
from safetensors import safe_open

from motext_jax import input_file
from motext_jax.errors import InputError
from motext_jax.shown import quoted, shown
from motext_jax.text.tokenizer import TOKENIZER_FILES

Params = dict[str, Any]

MOST = 10_000_000
"""The most tokens, units, heads or layers of a tower; the largest vocabularies have a million."""

HUB_FILES = (
    "config.json",
    "model*.safetensors",
    "model.safetensors.index.json",
    *TOKENIZER_FILES,
)

# Its main branch holds pickles only; this is the commit of the hub's own conversion (refs/pr/66).
HUB_REVISIONS = {"openai/clip-vit-base-patch32": "c237dc49a33fc61debc9276459120b7eac67e7ef"}


@dataclasses.dataclass(frozen=True)
class Family:
    """A kind of checkpoint, and what to tell a person who has none.

    Attributes:
      name: e.g. CLIP.
      example: a hub name.
      by_hand: the files of a hub repository that are needed.
      instead: another way to the weights, the end of a sentence.
    """

    name: str
    example: str
    by_hand: str
    instead: str = ""

    def directory(
        self, checkpoint: str | os.PathLike[str], files: Sequence[str] = HUB_FILES
    ) -> pathlib.Path:
        """The directory itself, or that of a hub repository's `files`, downloaded on first use.

        Raises:
          InputError: it is neither a directory nor a repository that the hub gives.
        """
        name = os.fspath(checkpoint)
        directory = pathlib.Path(name).expanduser()
        if directory.is_dir():
            return directory
        if directory.exists() or not re.fullmatch(r"\w[\w.-]*/[\w.-]+", name):
            raise InputError(
                f"{name} is not a directory; a {self.name} checkpoint is a directory with "
                f"config.json and model.safetensors, or a hub name such as {self.example}"
                f"{self.instead}"
            )
        revision = HUB_REVISIONS.get(name, "main")
        try:
            return pathlib.Path(
                huggingface_hub.snapshot_download(
                    name, revision=revision, allow_patterns=list(files)
                )
            )
        # The client's errors have no common base: some are those of the HTTP library below it.
        except Exception as error:
            reason = shown(next(iter(str(error).splitlines()), ""), 200)
            raise InputError(
                f"{name} is not a directory, and the Hugging Face hub did not give it "
                f"({type(error).__name__}: {reason}); where there is a network, download "
                f"{self.by_hand} of https://huggingface.co/{name}/tree/{revision} and pass their "
                f"directory{self.instead}"
            ) from error


def read_json(path: pathlib.Path) -> dict[str, Any]:
    """A file's JSON object.

    Raises:
      InputError: there is no such file, or it holds something else.
    """
    if not path.exists():
        raise InputError(f"{path.parent} holds no {path.name}; a Hugging Face checkpoint has one")
    content = input_file.read_json(path)
    if not isinstance(content, dict):
        raise InputError(f"{path} holds a {type(content).__name__}; expected a JSON object")
    return content


def given_fields(
    path: pathlib.Path, config: Mapping[str, Any], names: Mapping[str, str], tower: type
) -> dict[str, Any]:
    """A tower's fields as far as a config.json gives them, by `names` (theirs to ours).

    Raises:
      InputError: a value has not the type of the tower's default, or no tower has it.
    """
    given = {ours: config[theirs] for theirs, ours in names.items() if theirs in config}
    for theirs, ours in names.items():
        expected = type(getattr(tower, ours))
        if ours in given and type(given[ours]) is not expected:
            raise InputError(
                f"{path}: {theirs} is {quoted(given[ours])}; expected {expected.__name__}"
            )
        value = given.get(ours, 1)
        if expected is not str and not (0 <= value <= MOST and math.isfinite(value)):
            raise InputError(f"{path}: {theirs} is {quoted(value)}; expected 0 to {MOST:,}")
    return given


def check_heads(path: pathlib.Path, width: int, heads: int) -> None:
    """Raises InputError unless the width is shared out evenly over the attention heads."""
    if heads < 1 or width % heads:
        raise InputError(
            f"{path}: hidden_size is {width}; it must be a multiple of num_attention_heads, {heads}"
        )


def check_only(
    path: pathlib.Path, config: Mapping[str, Any], only: Mapping[str, Any], family: str
) -> None:
    """Raises InputError where a config.json gives another value than the only one we compute."""
    for key, value in only.items():
        if config.get(key, value) != value:
            raise InputError(
                f"{path}: {key} is {shown(str(config[key]))}; {family}'s {value} is the only choice"
            )


class Tensors:
    """A checkpoint's tensors, as linen wants them: float32, kernels [inputs, outputs].

    Raises:
      InputError: the directory holds no weights in safetensors files; or, from every method, they
        lack the tensor, or it has another shape than config.json implies.
    """

    def __init__(self, directory: pathlib.Path):
        self.directory = directory
        self._files = _files(directory)

    def __contains__(self, name: str) -> bool:
        return name in self._files

    def read(self, name: str, *shape: int) -> np.ndarray:
        """A tensor as it is, of that shape."""
        if name not in self:
            raise InputError(
                f"{self.directory} lacks the tensor {name}, which its config.json implies"
            )
        with _open(self._files[name]) as tensors:
            if tuple(tensors.get_slice(name).get_shape()) != shape:
                found = quoted(tuple(tensors.get_slice(name).get_shape()))
                raise InputError(
                    f"{self._files[name]}: {name} has shape {found}; config.json implies {shape}"
                )
            tensor = tensors.get_tensor(name)
        # A number may be finite in double precision alone.
        with np.errstate(over="ignore"):
            tensor = tensor.astype(np.float32, copy=False)
        if not np.isfinite(tensor).all():
            raise InputError(f"{self._files[name]}: {name} holds NaN or infinity")
        return tensor

    def norm(self, name: str, width: int) -> Params:
        """A LayerNorm."""
        return {
            "scale": self.read(f"{name}.weight", width),
            "bias": self.read(f"{name}.bias", width),
        }

    def dense(self, name: str, inputs: int, outputs: int) -> Params:
        """A linear layer; PyTorch's kernels are [outputs, inputs], linen's [inputs, outputs]."""
        kernel = self.read(f"{name}.weight", outputs, inputs).T
        return {"kernel": kernel, "bias": self.read(f"{name}.bias", outputs)}

    def attention(self, names: Sequence[str], width: int, heads: int) -> Params:
        """Self-attention, from the names of its query, key, value and output layers."""

        def to_heads(name: str) -> Params:
            flat = self.dense(name, width, width)
            return {
                "kernel": flat["kernel"].reshape(width, heads, width // heads),
                "bias": flat["bias"].reshape(heads, width // heads),
            }

        query, key, value, out = names
        flat = self.dense(out, width, width)
        return {
            "query": to_heads(query),
            "key": to_heads(key),
            "value": to_heads(value),
            "out": flat | {"kernel": flat["kernel"].reshape(heads, width // heads, width)},
        }


def _files(directory: pathlib.Path) -> dict[str, pathlib.Path]:
    """The safetensors file of every tensor."""
    single, index = directory / "model.safetensors", directory / "model.safetensors.index.json"
    if single.is_file():
        with _open(single) as tensors:
            return dict.fromkeys(tensors.keys(), single)
    if index.is_file():
        shards = read_json(index).get("weight_map")
        # A name alone: no file outside the checkpoint's directory is meant.
        if not isinstance(shards, dict) or not all(map(_is_name, shards.values())):
            raise InputError(f"{index}: weight_map is no table of tensors and files beside it")
        return {name: directory / shard for name, shard in shards.items()}
    pickle = (directory / "pytorch_model.bin").is_file()
    raise InputError(
        f"{directory} holds {'pytorch_model.bin, a pickle,' if pickle else 'no weights'} where "
        f"{single.name} (or {index.name}) is needed; pytorch_model.bin is converted, where torch "
        "is installed, by safetensors.torch.save_file("
        "torch.load('pytorch_model.bin', weights_only=True), 'model.safetensors')"
    )


def _is_name(value: object) -> bool:
    return isinstance(value, str) and pathlib.PurePath(value).name == value


@contextlib.contextmanager
def _open(path: pathlib.Path) -> Iterator[Any]:
    """A safetensors file; whatever is raised of it, also while it is open, is an InputError."""
    input_file.open_file(path).close()
    with (
        input_file.reading(path, "a whole safetensors file; download it again"),
        safe_open(path, framework="np") as tensors,
    ):
        yield tensors

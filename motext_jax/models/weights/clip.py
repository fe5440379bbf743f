"""CLIP's text transformer from a Hugging Face checkpoint."""

import contextlib
import json
import os
import pathlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import huggingface_hub
import numpy as np
from safetensors import SafetensorError, safe_open

from motext_jax.data.tokenizer import TOKENIZER_FILES
from motext_jax.errors import InputError
from motext_jax.models.clip_text import ACTIVATIONS, EPSILON, ClipText

Params = dict[str, Any]

HUB_FILES = (
    "config.json",
    "model*.safetensors",
    "model.safetensors.index.json",
    *TOKENIZER_FILES,
)

# Its main branch holds pickles only; this is the commit of the hub's own conversion (refs/pr/66).
HUB_REVISIONS = {"openai/clip-vit-base-patch32": "c237dc49a33fc61debc9276459120b7eac67e7ef"}

# ClipText's fields by Hugging Face's names. A config.json may leave out a field that has its
# default value; Hugging Face's defaults are ClipText's.
_FIELDS = {
    "vocab_size": "vocab_size",
    "max_position_embeddings": "context_length",
    "hidden_size": "width",
    "num_hidden_layers": "layers",
    "num_attention_heads": "heads",
    "projection_dim": "embedding",
    "hidden_act": "activation",
    "eos_token_id": "eos_id",
}


def load_clip_text(checkpoint: str | os.PathLike[str]) -> tuple[ClipText, Params]:
    """The text tower of a checkpoint and its parameters, float32 numpy arrays.

    Args:
      checkpoint: a directory or a hub name, of a CLIPModel (whose image tower is not read) or a
        CLIPTextModelWithProjection.

    Raises:
      InputError: the checkpoint cannot be had, is of another model, or lacks something.
    """
    directory = checkpoint_directory(checkpoint)
    tower = read_clip_text(directory)
    return tower, _params(tower, _reader(directory))


def read_clip_text(checkpoint: str | os.PathLike[str]) -> ClipText:
    """The architecture of a checkpoint's text tower, from its config.json alone.

    Raises:
      InputError: there is no config.json, or it describes what `ClipText` cannot be.
    """
    path = checkpoint_directory(checkpoint, ("config.json",)) / "config.json"
    config = _read_json(path)
    kind = config.get("model_type")
    if kind not in ("clip", "clip_text_model"):
        raise InputError(
            f"{path}: model_type is {kind!r}; a CLIP checkpoint's is 'clip' or 'clip_text_model'"
        )
    if kind == "clip":
        # A CLIPModel projects to its own projection_dim, whatever its text_config says.
        own = {key: config[key] for key in ("projection_dim",) if key in config}
        config = (config.get("text_config") or {}) | own

    given = {ours: config[theirs] for theirs, ours in _FIELDS.items() if theirs in config}
    for theirs, ours in _FIELDS.items():
        expected = type(getattr(ClipText, ours))
        if ours in given and type(given[ours]) is not expected:
            raise InputError(f"{path}: {theirs} is {given[ours]!r}; expected {expected.__name__}")
    tower = ClipText(**given)
    if tower.eos_id == 2:
        # A placeholder, from before huggingface/transformers#24773: the text's highest token is
        # meant.
        tower = tower.clone(eos_id=tower.vocab_size - 1)
    _check_architecture(path, config, tower)
    return tower


def _check_architecture(path: pathlib.Path, config: Mapping[str, Any], tower: ClipText) -> None:
    """Raises InputError for an architecture that would load and compute something else."""
    if tower.activation not in ACTIVATIONS:
        raise InputError(
            f"{path}: hidden_act is {tower.activation!r}; it must be one of: "
            f"{', '.join(ACTIVATIONS)}"
        )
    if tower.width % tower.heads:
        raise InputError(
            f"{path}: hidden_size is {tower.width}; it must be a multiple of "
            f"num_attention_heads, {tower.heads}"
        )
    if tower.eos_id >= tower.vocab_size:
        raise InputError(
            f"{path}: eos_token_id is {tower.eos_id}; it must be below vocab_size, "
            f"{tower.vocab_size}"
        )
    for key, only in (("layer_norm_eps", EPSILON), ("intermediate_size", 4 * tower.width)):
        if config.get(key, only) != only:
            raise InputError(f"{path}: {key} is {config[key]}; CLIP's {only} is the only choice")


def checkpoint_directory(
    checkpoint: str | os.PathLike[str], files: Sequence[str] = HUB_FILES
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
            f"{name} is not a directory; a CLIP checkpoint is a directory with config.json and "
            "model.safetensors, or a hub name such as openai/clip-vit-base-patch32"
        )
    revision = HUB_REVISIONS.get(name, "main")
    try:
        return pathlib.Path(
            huggingface_hub.snapshot_download(name, revision=revision, allow_patterns=list(files))
        )
    # The client's errors have no common base: some are those of the HTTP library below it.
    except Exception as error:
        reason = next(iter(str(error).splitlines()), "")
        raise InputError(
            f"{name} is not a directory, and the Hugging Face hub did not give it "
            f"({type(error).__name__}: {reason}); where there is a network, download config.json, "
            f"model.safetensors, vocab.json and merges.txt of "
            f"https://huggingface.co/{name}/tree/{revision} and pass their directory"
        ) from error


def _reader(directory: pathlib.Path) -> Callable[..., np.ndarray]:
    """`read(name, *shape)`: one tensor of the checkpoint, of that shape, in float32."""
    files = _files(directory)

    def read(name: str, *shape: int) -> np.ndarray:
        if name == "text_projection.weight" and name not in files:
            raise InputError(
                f"{directory} lacks {name}: it holds a CLIPTextModel, where a "
                "CLIPTextModelWithProjection or a CLIPModel is needed"
            )
        if name not in files:
            raise InputError(f"{directory} lacks the tensor {name}, which its config.json implies")
        with _open(files[name]) as tensors:
            tensor = tensors.get_tensor(name)
        if tensor.shape != shape:
            raise InputError(
                f"{files[name]}: {name} has shape {tensor.shape}; config.json implies {shape}"
            )
        return tensor.astype(np.float32, copy=False)

    return read


def _files(directory: pathlib.Path) -> dict[str, pathlib.Path]:
    """The safetensors file of every tensor."""
    single, index = directory / "model.safetensors", directory / "model.safetensors.index.json"
    if single.is_file():
        with _open(single) as tensors:
            return dict.fromkeys(tensors.keys(), single)
    if index.is_file():
        shards = _read_json(index).get("weight_map", {})
        return {name: directory / shard for name, shard in shards.items()}
    pickle = (directory / "pytorch_model.bin").is_file()
    raise InputError(
        f"{directory} holds {'pytorch_model.bin, a pickle,' if pickle else 'no weights'} where "
        f"{single.name} (or {index.name}) is needed; pytorch_model.bin is converted, where torch "
        "is installed, by safetensors.torch.save_file("
        "torch.load('pytorch_model.bin', weights_only=True), 'model.safetensors')"
    )


@contextlib.contextmanager
def _open(path: pathlib.Path) -> Iterator[Any]:
    try:
        with safe_open(path, framework="np") as tensors:
            yield tensors
    except (SafetensorError, OSError) as error:
        raise InputError(f"{path} cannot be read ({error}); download it again") from error


def _read_json(path: pathlib.Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise InputError(
            f"{path.parent} holds no {path.name}; a Hugging Face checkpoint has one"
        ) from error
    except ValueError as error:
        raise InputError(f"{path} is not JSON ({error}); download it again") from error
    if not isinstance(content, dict):
        raise InputError(f"{path} holds a {type(content).__name__}; expected a JSON object")
    return content


def _params(tower: ClipText, read: Callable[..., np.ndarray]) -> Params:
    """Every parameter; PyTorch's kernels are [outputs, inputs], linen's [inputs, outputs]."""
    width, heads = tower.width, tower.heads
    head_width = width // heads

    def norm(name: str) -> Params:
        return {"scale": read(f"{name}.weight", width), "bias": read(f"{name}.bias", width)}

    def dense(name: str, inputs: int, outputs: int) -> Params:
        kernel = read(f"{name}.weight", outputs, inputs).T
        return {"kernel": kernel, "bias": read(f"{name}.bias", outputs)}

    def to_heads(name: str) -> Params:
        flat = dense(name, width, width)
        return {
            "kernel": flat["kernel"].reshape(width, heads, head_width),
            "bias": flat["bias"].reshape(heads, head_width),
        }

    def from_heads(name: str) -> Params:
        flat = dense(name, width, width)
        return flat | {"kernel": flat["kernel"].reshape(heads, head_width, width)}

    def block(name: str) -> Params:
        return {
            "ln_1": norm(f"{name}.layer_norm1"),
            "attention": {
                "query": to_heads(f"{name}.self_attn.q_proj"),
                "key": to_heads(f"{name}.self_attn.k_proj"),
                "value": to_heads(f"{name}.self_attn.v_proj"),
                "out": from_heads(f"{name}.self_attn.out_proj"),
            },
            "ln_2": norm(f"{name}.layer_norm2"),
            "fc1": dense(f"{name}.mlp.fc1", width, 4 * width),
            "fc2": dense(f"{name}.mlp.fc2", 4 * width, width),
        }

    tokens = "text_model.embeddings.token_embedding.weight"
    positions = "text_model.embeddings.position_embedding.weight"
    blocks = {
        f"block_{layer}": block(f"text_model.encoder.layers.{layer}")
        for layer in range(tower.layers)
    }
    return blocks | {
        "token_embedding": {"embedding": read(tokens, tower.vocab_size, width)},
        "position_embedding": read(positions, tower.context_length, width),
        "ln_final": norm("text_model.final_layer_norm"),
        "text_projection": {"kernel": read("text_projection.weight", tower.embedding, width).T},
    }

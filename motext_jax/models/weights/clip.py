"""CLIP's text transformer from a Hugging Face checkpoint."""

import dataclasses
import os
import pathlib
from collections.abc import Mapping
from typing import Any

from motext_jax.errors import InputError
from motext_jax.models.clip_text import ACTIVATIONS, EPSILON, ClipTextArchitecture
from motext_jax.models.weights.hugging_face import (
    Family,
    Params,
    Tensors,
    check_heads,
    check_only,
    given_fields,
    read_json,
)
from motext_jax.shown import quoted

CLIP = Family(
    name="CLIP",
    example="openai/clip-vit-base-patch32",
    by_hand="config.json, model.safetensors, vocab.json and merges.txt",
)

# An architecture's fields by Hugging Face's names. A config.json may leave out a field that has its
# default value; Hugging Face's defaults are ours.
_FIELDS = {
    "vocab_size": "vocab_size",
    "max_position_embeddings": "context_length",
    "hidden_size": "width",
    "num_hidden_layers": "layers",
    "num_attention_heads": "heads",
    "projection_dim": "projection",
    "hidden_act": "activation",
    "eos_token_id": "eos_id",
}


def load_clip_text(checkpoint: str | os.PathLike[str]) -> tuple[ClipTextArchitecture, Params]:
    """The architecture of a checkpoint's text tower and its parameters, float32 numpy arrays.

    Args:
      checkpoint: a directory or a hub name, of a CLIPModel (whose image tower is not read) or a
        CLIPTextModelWithProjection.

    Raises:
      InputError: the checkpoint cannot be had, is of another model, or lacks something.
    """
    directory = CLIP.directory(checkpoint)
    tower = read_clip_text(directory)
    return tower, _params(tower, Tensors(directory))


def read_clip_text(checkpoint: str | os.PathLike[str]) -> ClipTextArchitecture:
    """The architecture of a checkpoint's text tower, from its config.json alone.

    Raises:
      InputError: there is no config.json, or it describes what `ClipText` cannot be.
    """
    path = CLIP.directory(checkpoint, ("config.json",)) / "config.json"
    config = read_json(path)
    kind = config.get("model_type")
    if kind not in ("clip", "clip_text_model"):
        raise InputError(
            f"{path}: model_type is {quoted(kind)}; a CLIP checkpoint's is 'clip' or "
            "'clip_text_model'"
        )
    if kind == "clip":
        # A CLIPModel projects to its own projection_dim, whatever its text_config says.
        own = {key: config[key] for key in ("projection_dim",) if key in config}
        text = config.get("text_config") or {}
        if not isinstance(text, dict):
            raise InputError(f"{path}: text_config is {quoted(text)}; expected a JSON object")
        config = text | own

    tower = ClipTextArchitecture(**given_fields(path, config, _FIELDS, ClipTextArchitecture))
    if tower.eos_id == 2:
        # A placeholder, from before huggingface/transformers#24773: the text's highest token is
        # meant.
        tower = dataclasses.replace(tower, eos_id=tower.vocab_size - 1)
    _check_architecture(path, config, tower)
    return tower


def _check_architecture(
    path: pathlib.Path, config: Mapping[str, Any], tower: ClipTextArchitecture
) -> None:
    """Raises InputError for an architecture that would load and compute something else."""
    if tower.activation not in ACTIVATIONS:
        raise InputError(
            f"{path}: hidden_act is {quoted(tower.activation)}; it must be one of: "
            f"{', '.join(ACTIVATIONS)}"
        )
    check_heads(path, tower.width, tower.heads)
    if tower.eos_id >= tower.vocab_size:
        raise InputError(
            f"{path}: eos_token_id is {tower.eos_id}; it must be below vocab_size, "
            f"{tower.vocab_size}"
        )
    only = {"layer_norm_eps": EPSILON, "intermediate_size": 4 * tower.width}
    check_only(path, config, only, "CLIP")


def _params(tower: ClipTextArchitecture, tensors: Tensors) -> Params:
    """Every parameter by linen's names."""
    width = tower.width
    if "text_projection.weight" not in tensors:
        raise InputError(
            f"{tensors.directory} lacks text_projection.weight: it holds a CLIPTextModel, where a "
            "CLIPTextModelWithProjection or a CLIPModel is needed"
        )

    def block(name: str) -> Params:
        attention = [f"{name}.self_attn.{part}_proj" for part in ("q", "k", "v", "out")]
        return {
            "ln_1": tensors.norm(f"{name}.layer_norm1", width),
            "attention": tensors.attention(attention, width, tower.heads),
            "ln_2": tensors.norm(f"{name}.layer_norm2", width),
            "fc1": tensors.dense(f"{name}.mlp.fc1", width, 4 * width),
            "fc2": tensors.dense(f"{name}.mlp.fc2", 4 * width, width),
        }

    tokens = "text_model.embeddings.token_embedding.weight"
    positions = "text_model.embeddings.position_embedding.weight"
    projection = tensors.read("text_projection.weight", tower.projection, width)
    blocks = {
        f"block_{layer}": block(f"text_model.encoder.layers.{layer}")
        for layer in range(tower.layers)
    }
    return blocks | {
        "token_embedding": {"embedding": tensors.read(tokens, tower.vocab_size, width)},
        "position_embedding": tensors.read(positions, tower.context_length, width),
        "ln_final": tensors.norm("text_model.final_layer_norm", width),
        "text_projection": {"kernel": projection.T},
    }

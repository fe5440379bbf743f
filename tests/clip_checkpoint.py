"""CLIP text checkpoints in Hugging Face's format, of any size, with random weights that are frozen.

numpy promises that RandomState's streams never change, so weights of several hundred megabytes can
stand behind a golden file of a few kilobytes.
"""

import json
import pathlib

import numpy as np
from safetensors.numpy import save_file

SMALL = {
    "model_type": "clip_text_model",
    "vocab_size": 600,
    "max_position_embeddings": 77,
    "hidden_size": 32,
    "intermediate_size": 128,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "projection_dim": 24,
    "hidden_act": "gelu",
    "layer_norm_eps": 1e-5,
    "bos_token_id": 598,
    "eos_token_id": 599,
}
# The text tower of openai/clip-vit-base-patch32.
FULL = {
    "model_type": "clip_text_model",
    "vocab_size": 49408,
    "max_position_embeddings": 77,
    "hidden_size": 512,
    "intermediate_size": 2048,
    "num_hidden_layers": 12,
    "num_attention_heads": 8,
    "projection_dim": 512,
    "hidden_act": "quick_gelu",
    "layer_norm_eps": 1e-5,
    "bos_token_id": 49406,
    "eos_token_id": 49407,
}


def write_checkpoint(directory: pathlib.Path, config: dict, tensors: dict | None = None) -> None:
    """config.json and model.safetensors; the tensors are `random_tensors` unless given."""
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "config.json").write_text(json.dumps(config))
    save_file(tensors or random_tensors(config), directory / "model.safetensors")


def random_tensors(config: dict) -> dict[str, np.ndarray]:
    """Weights of CLIP's initial scales; biases and LayerNorms are random too, so none hides.

    The order of the draws is part of the golden files.
    """
    random = np.random.RandomState(0)
    width, mlp = config["hidden_size"], config["intermediate_size"]
    residual = width**-0.5 * (2 * config["num_hidden_layers"]) ** -0.5
    tensors = {}

    def draw(name, std, *shape, mean=0.0):
        tensors[name] = (mean + std * random.standard_normal(shape)).astype(np.float32)

    def dense(name, std, inputs, outputs):
        draw(f"{name}.weight", std, outputs, inputs)
        draw(f"{name}.bias", 0.1, outputs)

    def norm(name):
        draw(f"{name}.weight", 0.2, width, mean=1.0)
        draw(f"{name}.bias", 0.1, width)

    embeddings = "text_model.embeddings"
    draw(f"{embeddings}.token_embedding.weight", 0.02, config["vocab_size"], width)
    draw(f"{embeddings}.position_embedding.weight", 0.01, config["max_position_embeddings"], width)
    for layer in range(config["num_hidden_layers"]):
        block = f"text_model.encoder.layers.{layer}"
        norm(f"{block}.layer_norm1")
        for name in ("q_proj", "k_proj", "v_proj"):
            dense(f"{block}.self_attn.{name}", width**-0.5, width, width)
        dense(f"{block}.self_attn.out_proj", residual, width, width)
        norm(f"{block}.layer_norm2")
        dense(f"{block}.mlp.fc1", (2 * width) ** -0.5, width, mlp)
        dense(f"{block}.mlp.fc2", residual, mlp, width)
    norm("text_model.final_layer_norm")
    draw("text_projection.weight", width**-0.5, config["projection_dim"], width)
    return tensors


def write_tokenizer(directory: pathlib.Path, vocab_size: int = SMALL["vocab_size"]) -> None:
    """vocab.json and merges.txt: CLIP's bytes, some pairs of letters, and the two markers."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    pairs = [f"{vowel} {letter}" for vowel in "aeiou" for letter in letters]
    write_vocabulary(directory, pairs[: vocab_size - 514])


def write_vocabulary(directory: pathlib.Path, merges: list[str]) -> None:
    """The files of the vocabulary that CLIP makes of `merges`: 256 bytes twice, merges, markers."""
    # CLIP's order: printable bytes stand for themselves, the others for what follows U+00FF.
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    symbols = [chr(byte) for byte in printable]
    symbols += [chr(256 + number) for number in range(256 - len(printable))]
    vocabulary = [
        *symbols,
        *(f"{symbol}</w>" for symbol in symbols),
        *(merge.replace(" ", "") for merge in merges),
        "<|startoftext|>",
        "<|endoftext|>",
    ]
    directory.mkdir(parents=True, exist_ok=True)
    ids = {token: number for number, token in enumerate(vocabulary)}
    (directory / "vocab.json").write_text(json.dumps(ids))
    (directory / "merges.txt").write_text(
        "\n".join(["#version: 0.2", *merges, ""]), encoding="utf-8"
    )

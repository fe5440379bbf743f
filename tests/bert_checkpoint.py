"""A tiny sentence BERT in Hugging Face's format, with random weights that are frozen.

As `clip_checkpoint`: numpy promises that RandomState's streams never change.
"""

import json
import pathlib

import numpy as np
from safetensors.numpy import save_file

WORDS = ("a", "person", "walks", "waves", "walk", "##ing", "hello", ",", "left", "right", "arm")
VOCABULARY = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS)

SMALL = {
    "model_type": "bert",
    "vocab_size": 40,
    "max_position_embeddings": 24,
    "hidden_size": 32,
    "intermediate_size": 128,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "hidden_act": "gelu",
    "layer_norm_eps": 1e-12,
    "type_vocab_size": 2,
    "pad_token_id": 0,
}


def write_checkpoint(
    directory: pathlib.Path, config: dict = SMALL, tensors: dict | None = None
) -> pathlib.Path:
    """config.json, model.safetensors and tokenizer.json."""
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "config.json").write_text(json.dumps(config))
    save_file(tensors or random_tensors(), directory / "model.safetensors")
    write_tokenizer(directory)
    return directory


def random_tensors() -> dict[str, np.ndarray]:
    """Weights large enough that everything shows in the output; no bias or LayerNorm is trivial.

    The order of the draws is part of the golden file.
    """
    random = np.random.RandomState(0)
    width, mlp = SMALL["hidden_size"], SMALL["intermediate_size"]
    tensors = {}

    def draw(name, std, *shape, mean=0.0):
        tensors[name] = (mean + std * random.standard_normal(shape)).astype(np.float32)

    def dense(name, inputs, outputs):
        draw(f"{name}.weight", 2 * inputs**-0.5, outputs, inputs)
        draw(f"{name}.bias", 0.1, outputs)

    def norm(name):
        draw(f"{name}.weight", 0.2, width, mean=1.0)
        draw(f"{name}.bias", 0.1, width)

    draw("embeddings.word_embeddings.weight", 1.0, SMALL["vocab_size"], width)
    draw("embeddings.position_embeddings.weight", 0.5, SMALL["max_position_embeddings"], width)
    draw("embeddings.token_type_embeddings.weight", 0.5, 2, width)
    norm("embeddings.LayerNorm")
    for layer in range(SMALL["num_hidden_layers"]):
        block = f"encoder.layer.{layer}"
        for name in ("self.query", "self.key", "self.value", "output.dense"):
            dense(f"{block}.attention.{name}", width, width)
        norm(f"{block}.attention.output.LayerNorm")
        dense(f"{block}.intermediate.dense", width, mlp)
        dense(f"{block}.output.dense", mlp, width)
        norm(f"{block}.output.LayerNorm")
    dense("pooler.dense", width, width)
    return tensors


def write_tokenizer(directory: pathlib.Path, vocabulary: tuple[str, ...] = VOCABULARY) -> None:
    """tokenizer.json, with a truncation and padding of its own, as all-MiniLM-L6-v2's has."""
    ids = {token: number for number, token in enumerate(vocabulary)}
    special = [
        {"id": ids[token], "content": token, "special": True, "normalized": False}
        | dict.fromkeys(("single_word", "lstrip", "rstrip"), False)
        for token in vocabulary
        if token.startswith("[")
    ]
    tokenizer = {
        "version": "1.0",
        "truncation": {
            "direction": "Right",
            "max_length": 4,
            "strategy": "LongestFirst",
            "stride": 0,
        },
        "padding": {
            "strategy": {"Fixed": 16},
            "direction": "Right",
            "pad_to_multiple_of": None,
            "pad_id": 0,
            "pad_type_id": 0,
            "pad_token": "[PAD]",
        },
        "added_tokens": special,
        "normalizer": {
            "type": "BertNormalizer",
            "clean_text": True,
            "handle_chinese_chars": True,
            "strip_accents": None,
            "lowercase": True,
        },
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "post_processor": None,
        "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": True},
        "model": {
            "type": "WordPiece",
            "unk_token": "[UNK]",
            "continuing_subword_prefix": "##",
            "max_input_chars_per_word": 100,
            "vocab": ids,
        },
    }
    (directory / "tokenizer.json").write_text(json.dumps(tokenizer))

import json

import clip_checkpoint
import huggingface_hub
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from clip_checkpoint import SMALL, random_tensors, write_checkpoint
from safetensors.numpy import save_file

from motext_jax.errors import InputError
from motext_jax.models.clip_text import ClipTextArchitecture
from motext_jax.models.weights.clip import load_clip_text, read_clip_text
from motext_jax.models.weights.hugging_face import HUB_REVISIONS

QUERY = "text_model.encoder.layers.0.self_attn.q_proj.weight"


@pytest.fixture
def directory(tmp_path):
    write_checkpoint(tmp_path, SMALL)
    return tmp_path


def test_params_are_those_of_the_tower(directory):
    tower, params = load_clip_text(directory)
    assert tower == ClipTextArchitecture(600, 77, 32, 2, 4, 24, "gelu", 599)
    tokens = jax.ShapeDtypeStruct((1, 77), jnp.int32)
    initial = jax.eval_shape(tower.build(24, None).init, jax.random.key(0), tokens)["params"]
    assert jax.tree.map(lambda leaf: (leaf.shape, leaf.dtype), params) == jax.tree.map(
        lambda leaf: (leaf.shape, leaf.dtype), initial
    )


def test_shards(directory):
    _, expected = load_clip_text(directory)
    (directory / "model.safetensors").unlink()
    tensors = random_tensors(SMALL)
    shards = {
        "model-00001-of-00002.safetensors": dict(list(tensors.items())[:10]),
        "model-00002-of-00002.safetensors": dict(list(tensors.items())[10:]),
    }
    for file, shard in shards.items():
        save_file(shard, directory / file)
    weight_map = {name: file for file, shard in shards.items() for name in shard}
    index = directory / "model.safetensors.index.json"
    index.write_text(json.dumps({"metadata": {}, "weight_map": weight_map}))
    jax.tree.map(np.testing.assert_array_equal, load_clip_text(directory)[1], expected)

    last = directory / "model-00002-of-00002.safetensors"
    for place in (f"../{last.name}", str(last), None):
        other = {**weight_map, QUERY: place}
        index.write_text(json.dumps({"weight_map": other}))
        with pytest.raises(InputError, match="weight_map is no table of tensors and files beside"):
            load_clip_text(directory)
    index.write_text(json.dumps({"weight_map": weight_map}))
    save_file({}, last)
    with pytest.raises(
        InputError, match=f"{last}: not a whole safetensors file; download it again"
    ):
        load_clip_text(directory)
    last.unlink()
    with pytest.raises(InputError, match=f"{last}: there is no such file"):
        load_clip_text(directory)


def test_text_tower_of_a_whole_clip_model(directory, tmp_path):
    tower, expected = load_clip_text(directory)
    tensors = random_tensors(SMALL) | {
        "logit_scale": np.ones((), np.float32),
        "text_model.embeddings.position_ids": np.arange(77)[None],
        "vision_model.post_layernorm.weight": np.ones(8, np.float32),
        "visual_projection.weight": np.ones((24, 8), np.float32),
    }
    config = {
        "model_type": "clip",
        "projection_dim": 24,
        "text_config": SMALL | {"projection_dim": 512},
        "vision_config": {"hidden_size": 8},
    }
    write_checkpoint(tmp_path / "clip", config, tensors)
    whole_tower, params = load_clip_text(tmp_path / "clip")
    assert whole_tower == tower
    jax.tree.map(np.testing.assert_array_equal, params, expected)


@pytest.mark.parametrize("dtype", [np.float16, jnp.bfloat16])
def test_half_precision_becomes_float32(tmp_path, dtype):
    half = {name: tensor.astype(dtype) for name, tensor in random_tensors(SMALL).items()}
    write_checkpoint(tmp_path, SMALL, half)
    _, params = load_clip_text(tmp_path)
    assert {leaf.dtype for leaf in jax.tree.leaves(params)} == {np.dtype(np.float32)}
    expected = half["text_projection.weight"].T.astype(np.float32)
    np.testing.assert_array_equal(params["text_projection"]["kernel"], expected)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_refuses_weights_that_are_not_finite(tmp_path, value):
    tensors = random_tensors(SMALL)
    tensors[QUERY][3, 5] = value
    write_checkpoint(tmp_path, SMALL, tensors)
    with pytest.raises(InputError, match=rf"model\.safetensors: {QUERY} holds NaN or infinity"):
        load_clip_text(tmp_path)


def test_refuses_weights_that_are_finite_in_double_precision_alone(tmp_path):
    tensors = random_tensors(SMALL)
    tensors[QUERY] = tensors[QUERY].astype(np.float64)
    tensors[QUERY][3, 5] = 1e39
    write_checkpoint(tmp_path, SMALL, tensors)
    with pytest.raises(InputError, match=rf"model\.safetensors: {QUERY} holds NaN or infinity"):
        load_clip_text(tmp_path)


def test_every_damaged_byte_of_a_header_is_survived(tmp_path):
    """A file is read as it was, or with other weights, or the fault is a sentence."""
    write_checkpoint(tmp_path, SMALL, random_tensors(SMALL))
    path = tmp_path / "model.safetensors"
    content = path.read_bytes()
    refused = 0
    for place in range(0, 1600, 7):
        path.write_bytes(content[:place] + bytes([content[place] ^ 4]) + content[place + 1 :])
        try:
            load_clip_text(tmp_path)
        except InputError as error:
            refused += 1
            assert len(str(error)) < 500
    assert refused > 100


def test_architecture_from_config_alone(tmp_path):
    def read(config):
        (tmp_path / "config.json").write_text(json.dumps(config))
        return read_clip_text(tmp_path)

    assert read(clip_checkpoint.FULL) == ClipTextArchitecture()
    assert read({"model_type": "clip_text_model"}) == ClipTextArchitecture()
    assert read({"model_type": "clip", "text_config": None}) == ClipTextArchitecture()
    # In OpenAI's configs 2 stands for the highest token.
    assert (
        read({"model_type": "clip", "text_config": {"eos_token_id": 2}}) == ClipTextArchitecture()
    )
    large = {"hidden_size": 768, "num_attention_heads": 12, "projection_dim": 768}
    assert read({"model_type": "clip", "text_config": large}) == ClipTextArchitecture(
        width=768, heads=12, projection=768
    )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"model_type": "bert"}, "model_type is 'bert'; a CLIP checkpoint's is"),
        ({"hidden_act": "relu"}, "hidden_act is 'relu'; it must be one of: quick_gelu, gelu"),
        ({"num_attention_heads": 5}, "hidden_size is 32; it must be a multiple of .*, 5"),
        ({"num_hidden_layers": "2"}, "num_hidden_layers is '2'; expected int"),
        ({"eos_token_id": [599]}, r"eos_token_id is \[599\]; expected int"),
        ({"eos_token_id": 49407}, "eos_token_id is 49407; it must be below vocab_size, 600"),
        ({"layer_norm_eps": 1e-6}, "layer_norm_eps is 1e-06; CLIP's 1e-05 is the only choice"),
        ({"intermediate_size": 64}, "intermediate_size is 64; CLIP's 128 is the only choice"),
        ({"intermediate_size": "6" * 10**6}, "intermediate_size is 6{79}…; CLIP's 128 is"),
        ({"hidden_size": 10**12}, "hidden_size is 1000000000000; expected 0 to 10,000,000"),
        ({"num_hidden_layers": -1}, "num_hidden_layers is -1; expected 0 to"),
        ({"model_type": "clip", "text_config": [1]}, r"text_config is \[1\]; expected a JSON obj"),
    ],
)
def test_refuses_an_architecture(tmp_path, change, message):
    path = tmp_path / "config.json"
    path.write_text(json.dumps(SMALL | change))
    with pytest.raises(InputError, match=f"^{path}: {message}"):
        read_clip_text(tmp_path)


def test_refuses_a_config_that_is_none(directory):
    (directory / "config.json").write_text("[]")
    with pytest.raises(InputError, match=r"config.json holds a list; expected a JSON object"):
        read_clip_text(directory)
    (directory / "config.json").write_text("{")
    with pytest.raises(InputError, match=r"config.json: not JSON \(Expecting"):
        read_clip_text(directory)
    (directory / "config.json").unlink()
    with pytest.raises(InputError, match=f"{directory} holds no config.json"):
        read_clip_text(directory)


def test_refuses_a_directory_without_safetensors(directory):
    weights = directory / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:1000])
    with pytest.raises(InputError, match=f"{weights}: not a whole safetensors file; download it"):
        load_clip_text(directory)
    weights.unlink()
    with pytest.raises(InputError, match=f"{directory} holds no weights where model.safe"):
        load_clip_text(directory)
    (directory / "pytorch_model.bin").touch()
    with pytest.raises(
        InputError, match=r"holds pytorch_model.bin, .* safetensors.torch.save_file"
    ):
        load_clip_text(directory)


def test_refuses_missing_and_misshapen_tensors(tmp_path):
    def load(tensors):
        write_checkpoint(tmp_path, SMALL, tensors)
        return load_clip_text(tmp_path)

    tensors = random_tensors(SMALL)
    shape = r"q_proj.weight has shape \(16, 32\); config.json implies \(32, 32\)"
    with pytest.raises(InputError, match=shape):
        load(tensors | {QUERY: tensors[QUERY][:16]})
    with pytest.raises(InputError, match=f"{tmp_path} lacks the tensor {QUERY}"):
        load({name: tensor for name, tensor in tensors.items() if name != QUERY})
    del tensors["text_projection.weight"]
    with pytest.raises(InputError, match=r"lacks text_projection.weight: .* CLIPTextModelWith"):
        load(tensors)


@pytest.mark.parametrize("name", ["clip", "/no/such/directory", "./weights/clip", __file__])
def test_refuses_what_is_neither_directory_nor_hub_name(name):
    with pytest.raises(InputError, match=f"^{name} is not a directory; a CLIP checkpoint is"):
        read_clip_text(name)


def test_hub_name(directory, monkeypatch):
    requests = []

    def snapshot_download(name, revision, allow_patterns):
        requests.append((name, revision, allow_patterns))
        return str(directory)

    monkeypatch.setattr(huggingface_hub, "snapshot_download", snapshot_download)
    name = "openai/clip-vit-base-patch32"
    tower, _ = load_clip_text(name)
    assert read_clip_text("openai/clip-vit-large-patch14") == tower
    (first, revision, files), second = requests
    assert (first, revision) == (name, HUB_REVISIONS[name])
    assert {"config.json", "model*.safetensors", "vocab.json", "merges.txt"} < set(files)
    assert second == ("openai/clip-vit-large-patch14", "main", ["config.json"])


def test_hub_out_of_reach(monkeypatch):
    def snapshot_download(*_, **__):
        raise huggingface_hub.errors.LocalEntryNotFoundError("no network\nand no cache")

    monkeypatch.setattr(huggingface_hub, "snapshot_download", snapshot_download)
    message = (
        r"org/name is not a directory, and the Hugging Face hub did not give it "
        r"\(LocalEntryNotFoundError: no network\); .* "
        r"https://huggingface.co/org/name/tree/main and pass their directory"
    )
    with pytest.raises(InputError, match=message):
        load_clip_text("org/name")

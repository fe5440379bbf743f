"""Saved configs: of this version, and of the format before there was a number."""

import copy
import dataclasses
import json

import pytest
import tiny

from motext_jax.errors import InputError
from motext_jax.models.agcn import AGCNConfig
from motext_jax.models.clip_text import ClipTextArchitecture, ClipTextConfig, ScratchTextConfig
from motext_jax.models.ctrgcn import CTRGCNConfig
from motext_jax.models.sentence_bert import SentenceBertArchitecture, SentenceBertConfig
from motext_jax.skeleton import SMPL22
from motext_jax.trained.manifest import Manifest
from motext_jax.trained.saved_config import FORMAT, from_tree, to_tree

TEXT = {
    "init": "scratch",
    "checkpoint": "openai/clip-vit-base-patch32",
    "width": 16,
    "layers": 1,
    "heads": 2,
    "vocab_size": 49408,
    "context_length": 77,
    "activation": "quick_gelu",
    "eos_id": 49407,
    "epsilon": 1e-12,
}
MOTION = {
    "name": "agcn",
    "width": 8,
    "blocks": 3,
    "hidden": 16,
    "remat": True,
    "checkpoint": "",
}


def first(objective="contrastive", **text):
    """A config of format 1."""
    model = {"objective": objective, "embedding": 24, "dtype": "float32"}
    return {
        "name": "old",
        "data": {"source": "humanml3d", "root": "x", "source_fps": 30.0, "frames": 16},
        "model": {**model, "motion": dict(MOTION), "text": {**TEXT, **text}},
        "loss": {"name": "softmax", "logit_scale": 10.0},
    }


def manifest(tree):
    skeleton = json.loads(json.dumps(dataclasses.asdict(SMPL22)))
    return {"config": tree, "category_names": ["a"], "skeleton": skeleton, "clips": "f"}


def test_a_config_survives_json():
    config = tiny.config(text="both")
    config.model.motion = AGCNConfig(width=16, remat=True)
    tree = json.loads(json.dumps(to_tree(config)))
    assert tree["format"] == FORMAT
    assert from_tree(tree) == config


def test_a_config_from_before_an_option_has_its_default():
    tree = to_tree(tiny.config())
    del tree["model"]["dtype"], tree["model"]["motion"]["remat"]
    config = from_tree(tree)
    assert (config.model.dtype, config.model.motion.remat) == ("float32", False)


@pytest.mark.parametrize(
    ("before", "source", "fps"),
    [
        ("captioned_folder", "mocap", 0.0),
        ("babel_amass", "babel_amass", 0.0),
        ("synthetic", "synthetic", 0.0),
        ("humanml3d", "humanml3d", 20.0),
    ],
)
def test_a_source_has_its_name_of_now_and_no_rate_that_it_never_read(before, source, fps):
    tree = to_tree(tiny.config())
    tree["data"] |= {"source": before, "source_fps": 20.0}
    data = from_tree(tree).data
    assert (data.source, data.source_fps) == (source, fps)
    tree["data"] |= {"source": "mocap", "source_fps": 25.0}
    assert from_tree(tree).data.source_fps == 25.0


def test_an_option_of_another_version_is_named():
    tree = to_tree(tiny.config())
    tree["model"]["motion"]["depth"] = 3
    with pytest.raises(InputError, match=r"holds model\.motion\.depth, which this version lacks"):
        from_tree(tree)


def test_a_format_of_a_newer_version_is_named():
    with pytest.raises(InputError, match="has the format 3, of a newer version"):
        from_tree({**to_tree(tiny.config()), "format": 3})


@pytest.mark.parametrize(
    ("text", "config", "facts"),
    [
        (
            {},
            ScratchTextConfig(width=16, layers=1, heads=2),
            ClipTextArchitecture(width=16, layers=1, heads=2, projection=0),
        ),
        (
            {"init": "clip", "checkpoint": "c", "vocab_size": 600, "eos_id": 599},
            ClipTextConfig("c"),
            ClipTextArchitecture(600, 77, 16, 1, 2, 24, "quick_gelu", 599),
        ),
        (
            {"init": "sentence_bert", "checkpoint": "c", "vocab_size": 40, "eos_id": 3},
            SentenceBertConfig("c"),
            SentenceBertArchitecture(40, 77, 16, 1, 2, 1e-12, 3),
        ),
    ],
)
def test_the_first_format_had_a_checkpoints_facts_among_the_options(text, config, facts):
    read = Manifest.from_json(manifest(first(**text)))
    assert read.config.model.motion == AGCNConfig(16, 8, 3, True)
    assert (read.config.model.text, read.text) == (config, facts)
    assert (read.config.name, read.config.model.embedding) == ("old", 24)
    assert (read.config.data.frames, read.config.loss.logit_scale) == (16, 10.0)
    # Written again it is of this format, and says the same.
    assert Manifest.from_json(json.loads(json.dumps(read.to_json()))) == read


def test_a_classifier_of_the_first_format_has_no_text_tower():
    read = Manifest.from_json(manifest(first(objective="classifier")))
    assert read.config.model.text is None
    assert read.text is None


def test_the_first_format_could_lack_a_towers_newer_options():
    tree = first()
    del tree["model"]["motion"]["remat"], tree["model"]["text"]["init"]
    tree["model"]["motion"]["name"] = "ctrgcn"
    before = copy.deepcopy(tree)
    assert from_tree(tree).model.motion == CTRGCNConfig(16, 8, 3, False)
    assert isinstance(from_tree(tree).model.text, ScratchTextConfig)
    assert tree == before


def test_a_kind_that_never_was_is_refused():
    with pytest.raises(InputError, match=r"has model\.text\.kind='os\.system'"):
        from_tree(first(init="os.system"))

"""Nothing that is read names code: every file kind with the name of a module in it.

The payload is harmless. It lies where Python finds it, as a file in the current directory is found
by `python -m`, and leaves a mark when it is imported.
"""

import contextlib
import dataclasses
import json
import re

import clip_checkpoint
import jax
import jax.numpy as jnp
import optax
import pytest
import tensorflow_datasets as tfds
import tiny

from motext_jax.data.builders import BUILDERS
from motext_jax.data.preparation import prepare
from motext_jax.data.sources import load_clips
from motext_jax.errors import InputError
from motext_jax.runtime import mesh as meshes
from motext_jax.skeleton import NTU25
from motext_jax.text.tokenizer import load_tokenizer, load_wordpiece
from motext_jax.trained.checkpoints import Checkpoints
from motext_jax.trained.manifest import Manifest
from motext_jax.training.workdir import write_config

NAMES = ("payload", "payload.Payload", "payload:Payload", "payload--payload.Payload")


@pytest.fixture
def mark(tmp_path, monkeypatch):
    """The file that the payload makes."""
    path = tmp_path / "mark"
    (tmp_path / "payload.py").write_text(
        f"import pathlib\npathlib.Path({str(path)!r}).touch()\n"
        "class Payload:\n    def __init__(self, *_, **__):\n        raise ValueError\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    return path


def prepared(folder):
    """A prepared set, its config, and what it is of."""
    source = tiny.config(tiny.write_humanml3d(folder / "data", {"train": 3}, frames=16)).data
    made, _, _ = prepare(
        source, BUILDERS["humanml3d"], folder / "set", splits=("train",), processes=1
    )
    return made, dataclasses.replace(source, prepared=str(made), read="records"), source


def test_a_prepared_set(tmp_path, mark):
    folder, config, source = prepared(tmp_path)
    expected = load_clips(source, "train")
    for name in ("features.json", "dataset_info.json"):
        text = re.sub(
            r"\"tensorflow_datasets[^\"]*\"", '"payload.Payload"', (folder / name).read_text()
        )
        (folder / name).write_text(text)
    assert "payload.Payload" in (folder / "features.json").read_text()
    clips = load_clips(config, "train")
    assert clips.fingerprint() == expected.fingerprint()
    assert not mark.exists()
    # TFDS itself imports it, which is the danger.
    with pytest.raises(Exception):  # noqa: B017
        tfds.builder_from_directory(folder)
    assert mark.exists()


@pytest.mark.parametrize("name", ["motext_jax.json", "index_train.json"])
def test_a_prepared_sets_own_files(tmp_path, mark, name):
    folder, config, _ = prepared(tmp_path)
    path = folder / name
    tree = json.loads(path.read_text())
    for key in tree:
        path.write_text(json.dumps({**tree, key: "payload.Payload"}))
        try:
            load_clips(config, "train")
        except InputError:
            continue
        assert key in ("version", "places", "limit", "splits", "summary"), key
    assert not mark.exists()


@pytest.mark.parametrize("name", NAMES)
def test_a_tokenizer(tmp_path, mark, name):
    folder = tmp_path / "tokenizer"
    clip_checkpoint.write_tokenizer(folder)
    (folder / "payload.py").write_text((tmp_path / "payload.py").read_text())
    path = folder / "tokenizer_config.json"
    for config in (
        {"auto_map": {"AutoTokenizer": [name, name]}},
        {"auto_map": [name, None], "trust_remote_code": True},
        {"trust_remote_code": True},
    ):
        path.write_text(json.dumps({"tokenizer_class": "payload.Payload", **config}))
        with pytest.raises(InputError, match="it needs its author's code, which is not run"):
            load_tokenizer(folder)
    # A class alone is a name like another; CLIP's is used.
    path.write_text(json.dumps({"tokenizer_class": name, "processor_class": name}))
    assert load_tokenizer(folder)(["abc"]).any()
    (folder / "tokenizer.json").write_text(json.dumps({"model": {"type": name}, "class": name}))
    for load in (load_tokenizer, lambda place: load_wordpiece(place, 77)):
        with pytest.raises(InputError):
            load(folder)
    assert not mark.exists()


def with_payload(tree):
    """A JSON tree with the payload's name for every name of a class, function or kind in it."""
    if isinstance(tree, dict):
        return {key: with_payload(value) for key, value in tree.items()}
    if isinstance(tree, list):
        return [with_payload(value) for value in tree]
    return "payload.Payload" if isinstance(tree, str) else tree


def test_a_run(tmp_path, mark):
    config = tiny.config("somewhere")
    write_config(tmp_path / "run", config)
    variables = {"params": {"w": jnp.arange(3.0)}, "batch_stats": {}}
    opt_state = optax.adam(0.1).init(variables["params"])
    manifest = Manifest(config, ("walk",), NTU25)
    with Checkpoints(tmp_path / "run") as checkpoints:
        checkpoints.save(1, variables, opt_state, manifest, 1.0)
    like = meshes.abstract_on(meshes.data_mesh(), lambda: variables)
    like_state = meshes.abstract_on(meshes.data_mesh(), lambda: opt_state)
    read = 0
    for path in sorted((tmp_path / "run").rglob("*")):
        try:
            before = path.read_text()
            tree = json.loads(before)
        # A folder, or not JSON.
        except (OSError, ValueError):
            continue
        read += 1
        path.write_text(json.dumps(with_payload(tree)))
        for look in (
            lambda: write_config(tmp_path / "run", config),
            lambda: Checkpoints(tmp_path / "run", read_only=True).manifest(1),
            lambda: Checkpoints(tmp_path / "run", read_only=True).variables(1, like),
            lambda: Checkpoints(tmp_path / "run").restore(like, like_state, manifest),
        ):
            with contextlib.suppress(InputError):
                look()
        path.write_text(before)
        assert not mark.exists(), path
    # config.json, the manifest, the metrics, and Orbax's own.
    assert read >= 8
    restored = Checkpoints(tmp_path / "run").restore(like, like_state, manifest)
    assert jax.tree.all(jax.tree.map(jnp.array_equal, restored[1], variables))

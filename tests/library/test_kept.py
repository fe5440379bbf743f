"""Libraries that are kept under the user's caches: one for each folder and model."""

import os
import pathlib

import pytest

from motext_jax.library.kept import kept_library


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    """A cache of the test's own, and two folders to be a model's."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    for name in ("takes", "others", "model", "second"):
        (tmp_path / name).mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path / "cache/motext_jax/libraries"


def test_a_folder_has_one_library_however_it_is_named(cache):
    address = kept_library("takes", "model")
    assert pathlib.Path(address).parent == cache
    assert pathlib.Path(address).name.startswith("takes-")
    assert kept_library("takes/", "model") == address
    assert kept_library(pathlib.Path.cwd() / "takes", "./model") == address
    pathlib.Path("link").symlink_to("takes")
    assert kept_library("link", "model") == address


def test_another_folder_or_model_has_another_library():
    addresses = {
        kept_library(folder, model)
        for folder in ("takes", "others")
        for model in ("model", "second")
    }
    assert len(addresses) == 4


def test_new_weights_in_the_same_place_have_a_new_library():
    pathlib.Path("model/checksums.json").write_text("{}")
    before = kept_library("takes", "model")
    pathlib.Path("model/checksums.json").write_text('{"model.safetensors": "1"}')
    assert kept_library("takes", "model") != before


def test_a_run_that_was_begun_again_has_a_new_library():
    step = pathlib.Path("model/checkpoints/100")
    step.mkdir(parents=True)
    before = kept_library("takes", "model")
    assert kept_library("takes", "model") == before
    os.utime(step, (1, 1))
    assert kept_library("takes", "model") != before


def test_a_name_of_any_letters_is_a_folder_s_name():
    pathlib.Path("día 1 !").mkdir()
    assert pathlib.Path(kept_library("día 1 !", "model")).name.startswith("d_a_1_-")

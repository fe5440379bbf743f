"""Libraries that are kept under the user's caches: one for each folder and model."""

import io
import os
import pathlib
import subprocess
import sys

import arm_raisers
import pytest

from motext_jax.library import kept
from motext_jax.library.index import index
from motext_jax.library.kept import kept_library, ready_to_search
from motext_jax.library.store import Store

HOLD = """
import sys
from motext_jax.library.shards import Shard, alone
with alone(sys.argv[1], Shard()):
    print("held", flush=True)
    sys.stdin.read()
"""


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


def test_the_same_weights_in_another_place_have_the_same_library():
    for model in ("model", "second"):
        pathlib.Path(model, "checksums.json").write_text('{"model.safetensors": "1"}')
    assert kept_library("takes", "model") == kept_library("takes", "second")


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


class Told(io.TextIOWrapper):
    """Lines; while it waits the other indexer is stopped."""

    mode = "w"

    def __init__(self, path, other):
        super().__init__(path.open("wb"), encoding="utf-8", write_through=True)
        self.other = other

    def write(self, text):
        if "waiting" in text:
            self.other.kill()
        return super().write(text)


@pytest.fixture
def held(tmp_path, monkeypatch):
    """A folder, its library's address, and another process that indexes it."""

    def indexed(folder, address, model, **options):
        return index(folder, address, arm_raisers.ArmModel(), **{**options, "processes": 1})

    monkeypatch.setattr(kept, "index", indexed)
    arm_raisers.write(tmp_path / "takes" / "a.npz", ("left", 3))
    (tmp_path / "db").mkdir()
    command = [sys.executable, "-c", HOLD, str(tmp_path / "db")]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout.readline() == "held\n"
        yield "takes", str(tmp_path / "db"), other
        other.kill()


def test_a_first_search_waits_for_another_and_then_has_takes(held, tmp_path):
    folder, address, other = held
    with Told(tmp_path / "printed", other) as out:
        ready_to_search(folder, address, out=out)
    said = (tmp_path / "printed").read_text()
    assert said.count("another process is indexing takes for the first time; wait") == 1
    assert "1 take of 1 file" in said
    assert list(Store.open(address).rows()) == ["a.npz"]


def test_a_later_search_goes_on_with_what_is_there(held, tmp_path):
    folder, address, other = held
    index(folder, tmp_path / "other", arm_raisers.ArmModel())
    for table in (tmp_path / "other").glob("*.lance"):
        table.rename(pathlib.Path(address) / table.name)
    with Told(tmp_path / "printed", other) as out:
        ready_to_search(folder, address, out=out)
    said = (tmp_path / "printed").read_text()
    assert "wait until it is done; the take that it has so far is searched" in said
    assert other.poll() is None

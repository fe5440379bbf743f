"""Some hundred broken files of every format; tests/fuzz/readers.py reads as many as one likes."""

import dataclasses
import gc
import itertools

import numpy as np
import pytest
from fuzz import readers, samples

from motext_jax.errors import InputError

NUMBER = 60


@pytest.fixture(autouse=True)
def _frozen():
    """Leaves out of a reader's time the search for garbage among what other tests have left."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.mark.parametrize("name", samples.FORMATS)
def test_what_is_valid_is_read(tmp_path, name):
    """Otherwise mutations would all be refused for the same reason."""
    for number, files in enumerate(samples.FORMATS[name].samples()):
        folder = readers.Folder(tmp_path / str(number))
        with readers.limited(memory=0):
            assert readers.outcome(name, folder, files) == "read"


@pytest.mark.parametrize("name", samples.FORMATS)
def test_what_is_broken_is_read_or_refused(tmp_path, name):
    read, found = readers.read_all(name, range(NUMBER), 0, readers.Folder(tmp_path))
    assert not found
    assert 0 < read < NUMBER


def test_every_ending_has_a_sample():
    assert samples.without_sample() == []


def test_an_input_is_told_by_its_number():
    assert readers.inputs("bvh", 7, 0) == readers.inputs("bvh", 7, 0)
    others = [readers.inputs("bvh", 8, 0), readers.inputs("bvh", 7, 1), readers.inputs("amc", 7, 0)]
    assert readers.inputs("bvh", 7, 0) not in others


def raised(error):
    raise error


@dataclasses.dataclass
class Held:
    value: object


@pytest.mark.parametrize(
    ("value", "what"),
    [
        (lambda: 1.5, "read"),
        (lambda: raised(InputError("no file")), "refused"),
        (lambda: raised(InputError("no\n" * 9 + "a" * 2000)), "sentence"),
        (lambda: raised(KeyError("a")), "KeyError (test_broken_files.py:"),
        (lambda: raised(MemoryError()), "memory"),
        (lambda: np.array([1e300]).astype(np.float32), "RuntimeWarning"),
        (lambda: Held([{"a": (np.array([0.0, np.nan]),)}]), "NaN or infinity"),
        (lambda: Held(["a\ud800"]), "a text that is no Unicode"),
        (lambda: Held(float("inf")), "a number: inf"),
        (lambda: all(True for _ in itertools.count()), "time"),
    ],
)
def test_what_is_neither_is_found(tmp_path, monkeypatch, value, what):
    monkeypatch.setattr(readers, "SECONDS", 0.2)
    read = samples.Format(lambda: [{"a.txt": b"a"}], lambda folder: iter([value()]))
    monkeypatch.setitem(samples.FORMATS, "made", read)
    with readers.limited(memory=0):
        found = readers.outcome("made", readers.Folder(tmp_path), {"a.txt": b"a"})
    assert found.startswith(what)


def test_a_small_memory_is_found_also_where_a_sentence_hides_it(tmp_path, monkeypatch):
    def read(folder):
        try:
            yield bytearray(10**13)
        except MemoryError:
            raise InputError("too large") from None

    monkeypatch.setitem(samples.FORMATS, "made", samples.Format(lambda: [{"a.txt": b"a"}], read))
    with readers.limited(memory=0):
        found = readers.outcome("made", readers.Folder(tmp_path), {"a.txt": b"a"})
    assert found.startswith("memory")


def test_a_folder_holds_just_its_files(tmp_path):
    folder = readers.Folder(tmp_path)
    folder.write({"a.txt": b"1", "b/c.txt": b"2"})
    folder.write({"a.txt": b"3", "d.txt": b"4"})
    held = {path.name: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert held == {"a.txt": b"3", "d.txt": b"4"}

"""Pickles of labels are read, and pickles that do something are not."""

import collections
import os
import pickle

import numpy as np
import pytest

from motext_jax.data.babel.unpickler import read_pickle
from motext_jax.errors import InputError

LABELS = (
    ["seg", np.str_("a")],
    ([np.int64(3), 4, np.float32(0.5)], {"x": (None, True)}, np.arange(6.0).reshape(2, 3)),
)


def as_old_numpy(pickled):
    """A pickle of NumPy 1, whose modules had no underscore; protocol 3 gives names by length."""
    assert b"numpy._core" in pickled
    return pickled.replace(b"numpy._core", b"numpy.core")


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_labels_of_every_protocol(tmp_path, protocol):
    (tmp_path / "labels.pkl").write_bytes(pickle.dumps(LABELS, protocol))
    segments, (numbers, table, array) = read_pickle(tmp_path / "labels.pkl")
    assert segments == ["seg", "a"]
    assert numbers == [3, 4, 0.5]
    assert isinstance(numbers[0], np.int64)
    assert table == {"x": (None, True)}
    np.testing.assert_array_equal(array, [[0, 1, 2], [3, 4, 5]])


@pytest.mark.parametrize("protocol", [0, 2, 3])
def test_labels_that_an_older_numpy_wrote(tmp_path, protocol):
    (tmp_path / "labels.pkl").write_bytes(as_old_numpy(pickle.dumps(LABELS, protocol)))
    segments, (numbers, _, array) = read_pickle(tmp_path / "labels.pkl")
    assert (segments, numbers[0], array.shape) == (["seg", "a"], 3, (2, 3))


class MakesFolder:
    """A payload that would leave a folder behind."""

    def __init__(self, path):
        self._path = path

    def __reduce__(self):
        return os.mkdir, (str(self._path),)


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_pickle_that_calls_anything_is_refused(tmp_path, protocol):
    trace = tmp_path / "trace"
    (tmp_path / "labels.pkl").write_bytes(pickle.dumps([MakesFolder(trace)], protocol))
    with pytest.raises(InputError, match=r"labels\.pkl: the pickle calls posix\.mkdir, which is"):
        read_pickle(tmp_path / "labels.pkl")
    assert not trace.exists()


class Calls:
    def __init__(self, function, *arguments):
        self._call = function, arguments

    def __reduce__(self):
        return self._call


@pytest.mark.parametrize(
    ("payload", "sentence"),
    [
        (collections.OrderedDict(a=1), "calls collections.OrderedDict"),
        (np.array([{}], object), "holds an array of Python objects"),
        (Calls(np.ndarray, (10**12,)), "not a whole pickle"),
        (Calls(np._core.multiarray._reconstruct, np.ndarray, (10**12,), b"b"), "without its"),
        (Calls(np._core.multiarray.scalar, np.dtype("V1000000000"), b"x"), "holds 1 bytes for"),
        (
            Calls(np._core.numeric._frombuffer, b"1234", np.dtype("i4"), (10**9,), "C"),
            "not a whole",
        ),
    ],
)
def test_only_plain_values_are_read(tmp_path, payload, sentence):
    (tmp_path / "labels.pkl").write_bytes(pickle.dumps(payload, 3))
    with pytest.raises(InputError, match=sentence):
        read_pickle(tmp_path / "labels.pkl")


@pytest.mark.parametrize("content", [b"", b"\x80\x04]", b"BVH", pickle.dumps(LABELS)[:-9]])
def test_a_damaged_pickle_is_named(tmp_path, content):
    (tmp_path / "labels.pkl").write_bytes(content)
    with pytest.raises(InputError, match=r"labels\.pkl: not a whole pickle"):
        read_pickle(tmp_path / "labels.pkl")
    with pytest.raises(InputError, match=r"none\.pkl: there is no such file"):
        read_pickle(tmp_path / "none.pkl")

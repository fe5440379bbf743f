"""Pickles of labels are read, and pickles that do something are not."""

import collections
import contextlib
import os
import pickle
import tracemalloc

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


@pytest.mark.parametrize(
    "content",
    [
        b"\x80\x02Nr\x00\x00\x00\x10.",
        b"\x80\x04]r\xff\xff\xff\xff.",
        b"\x80\x02Np268435456\n.",
        b"\x80\x03B\xff\xff\xff\x7fabc.",
        b"\x80\x04\x8e\xff\xff\xff\xff\x00\x00\x00\x00abc.",
        b"\x80\x04\x95\xff\xff\xff\xff\x00\x00\x00\x00N.",
        b"\x80\x05\x96\xff\xff\xff\xff\x00\x00\x00\x00abc.",
    ],
)
def test_a_few_bytes_take_no_memory(tmp_path, content):
    """The index of a memo, and lengths of texts, frames and buffers that are not there."""
    (tmp_path / "labels.pkl").write_bytes(content)
    tracemalloc.start()
    with contextlib.suppress(InputError):
        read_pickle(tmp_path / "labels.pkl")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1e6


def nested(depth):
    """A tuple of pairs of pairs, of 2**depth hashes, in a pickle of a few bytes a level."""
    value = ()
    for _ in range(depth):
        value = (value, value)
    return pickle.dumps(value, 2)[2:-1]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"\x80\x02}" + nested(60) + b"Ns.", "has a tuple for a key of a dict"),
        (b"\x80\x02}(" + nested(60) + b"Nu.", "has a tuple for a key of a dict"),
        (b"(" + nested(60) + b"Nd.", "has a tuple for a key of a dict"),
        (b"\x80\x04\x8f(" + nested(60) + b"\x90.", "holds a set; expected"),
        (b"\x80\x04(" + nested(60) + b"\x91.", "holds a set; expected"),
        (b"\x80\x02]}b.", "changes a list"),
    ],
)
def test_a_few_bytes_take_no_time(tmp_path, content, sentence):
    (tmp_path / "labels.pkl").write_bytes(content)
    with pytest.raises(InputError, match=sentence):
        read_pickle(tmp_path / "labels.pkl")


def test_the_state_of_a_number_s_type_stays_its_own(tmp_path):
    """A pickle sets byte orders: it must be that of its own copy, and not of NumPy's."""
    swapped = pickle.dumps((np.dtype("<f8"), np.float64(1)), 2).replace(
        b"K\x03U\x01<", b"K\x03U\x01>"
    )
    (tmp_path / "labels.pkl").write_bytes(swapped)
    with contextlib.suppress(InputError):
        read_pickle(tmp_path / "labels.pkl")
    assert np.dtype(float).byteorder == "="
    assert np.float64(1).tobytes() == b"\0\0\0\0\0\0\xf0?"


@pytest.mark.parametrize(
    "state",
    [
        (3, "<", None, None, None, 400, 4, 8),
        (3, "<", None, None, None, 16, 4, 63),
        (3, "<", None, None, None, -1, -1, 0),
        (3, "x", None, None, None, 16, 4, 8),
        (4, "<", None, None, None, 16, 4, 8, None),
        (3, "<", (np.dtype("i4"), (4,)), None, None, 16, 4, 8),
        (3, "<", None, ("a",), {"a": (np.dtype("i4"), 0)}, 16, 4, 8),
    ],
)
def test_a_number_s_type_has_no_state_but_its_own(tmp_path, state):
    """NumPy would read beyond the content, and the process would crash."""

    class Stated:
        def __reduce__(self):
            return np.dtype, ("U4", False, True), state

    (tmp_path / "labels.pkl").write_bytes(pickle.dumps(Stated(), 2))
    with pytest.raises(InputError, match="changes the type <U4; expected numbers"):
        read_pickle(tmp_path / "labels.pkl")


def test_records_are_refused(tmp_path):
    (tmp_path / "labels.pkl").write_bytes(pickle.dumps(np.zeros(2, [("a", "i4"), ("b", "f8")]), 3))
    with pytest.raises(InputError, match="changes the type .V12; expected numbers"):
        read_pickle(tmp_path / "labels.pkl")


@pytest.mark.parametrize("content", [b" ", b"\x80\x04]", b"BVH", pickle.dumps(LABELS)[:-9]])
def test_a_damaged_pickle_is_named(tmp_path, content):
    (tmp_path / "labels.pkl").write_bytes(content)
    with pytest.raises(InputError, match=r"labels\.pkl: not a whole pickle"):
        read_pickle(tmp_path / "labels.pkl")
    with pytest.raises(InputError, match=r"none\.pkl: there is no such file"):
        read_pickle(tmp_path / "none.pkl")

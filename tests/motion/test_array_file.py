"""Array files whose headers lie."""

import io
import zipfile

import numpy as np
import pytest

from motext_jax.errors import InputError
from motext_jax.motion.array_file import array_names, map_array, read_array, read_arrays, texts


def npy(array, shape=None):
    """The bytes of an .npy file, its header claiming another shape."""
    file = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        file,
        {
            "descr": np.lib.format.dtype_to_descr(array.dtype),
            "fortran_order": False,
            "shape": shape or array.shape,
        },
    )
    return file.getvalue() + array.tobytes()


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.int32, "<U6", "|S6"])
def test_arrays_of_every_kind_come_back(tmp_path, dtype):
    array = np.arange(12).astype(dtype).reshape(3, 4)
    np.save(tmp_path / "a.npy", array)
    np.testing.assert_array_equal(read_array(tmp_path / "a.npy"), array)
    assert isinstance(map_array(tmp_path / "a.npy"), np.memmap)
    for write in (np.savez, np.savez_compressed):
        write(tmp_path / "a.npz", a=array, unread=np.array([{}], object))
        arrays = read_arrays(tmp_path / "a.npz", ["a", "absent"])
        assert list(arrays) == ["a"]
        np.testing.assert_array_equal(arrays["a"], array)


@pytest.mark.parametrize("shape", [(10**9, 22, 3), (2**40, 2**40), (1, 22, 3)])
def test_a_header_that_claims_another_size_is_refused(tmp_path, shape):
    damaged = npy(np.zeros((4, 22, 3)), shape)
    (tmp_path / "a.npy").write_bytes(damaged)
    with pytest.raises(InputError, match=r"the header claims .* and 2112 are there"):
        map_array(tmp_path / "a.npy")
    with zipfile.ZipFile(tmp_path / "a.npz", "w") as archive:
        archive.writestr("a.npy", damaged)
    with pytest.raises(InputError, match=r"array 'a': the header claims"):
        read_arrays(tmp_path / "a.npz", ["a"])


@pytest.mark.parametrize(
    "header",
    [
        "{'descr': '<f8', 'fortran_order': False, 'shape': (0, 10**30)}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (0, 1000000000000000000000000)}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (False,)}",
        "{'descr': '|S0', 'fortran_order': False, 'shape': (1000000000,)}",
        "{'descr': '|V0', 'fortran_order': False, 'shape': (1000000000,)}",
        "{[]: 1}",
        "-" * 9000 + "1",
        "(" * 9000,
    ],
)
def test_a_header_that_is_no_arrays_is_refused(tmp_path, header):
    content = b"\x93NUMPY\x01\x00" + (len(header) + 1).to_bytes(2, "little") + header.encode()
    (tmp_path / "a.npy").write_bytes(content + b"\n")
    with zipfile.ZipFile(tmp_path / "a.npz", "w") as archive:
        archive.write(tmp_path / "a.npy", "a.npy")
    with pytest.raises(InputError, match=r"a\.npy: "):
        map_array(tmp_path / "a.npy")
    with pytest.raises(InputError, match="array 'a': "):
        read_arrays(tmp_path / "a.npz", ["a"])


def test_a_bomb_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.npz", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.npy", npy(np.zeros(9 << 20)))
    with pytest.raises(InputError, match=r"bytes that unpack to 75,497,"):
        read_arrays(tmp_path / "a.npz", ["a"])


def test_objects_are_not_loaded(tmp_path):
    np.save(tmp_path / "a.npy", np.array([{}], object))
    np.savez(tmp_path / "a.npz", a=np.array([{}], object))
    with pytest.raises(InputError, match="is a pickle of Python objects, which is never loaded"):
        map_array(tmp_path / "a.npy")
    with pytest.raises(InputError, match="is a pickle of Python objects, which is never loaded"):
        read_arrays(tmp_path / "a.npz", ["a"])


@pytest.mark.parametrize("content", [b"\x93NUMPY", b"PK\x03\x04", b"HIERARCHY"])
def test_what_is_no_array_file_is_refused(tmp_path, content):
    (tmp_path / "a.npy").write_bytes(content)
    with pytest.raises(InputError, match=r"a\.npy: not a readable npy array"):
        map_array(tmp_path / "a.npy")
    with pytest.raises(InputError, match=r"a\.npy: not a whole npz archive"):
        read_arrays(tmp_path / "a.npy", ["a"])


def test_a_damaged_member_is_named(tmp_path):
    np.savez_compressed(tmp_path / "a.npz", a=np.random.default_rng(0).normal(size=1000))
    content = bytearray((tmp_path / "a.npz").read_bytes())
    content[2000:2100] = bytes(100)
    (tmp_path / "a.npz").write_bytes(content)
    with pytest.raises(InputError, match=r"a\.npz: .*'a.npy'|'a': not a readable"):
        read_arrays(tmp_path / "a.npz", ["a"])


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_ways_of_packing_are_refused(tmp_path, method):
    """A few bytes can make LZMA take gigabytes."""
    with zipfile.ZipFile(tmp_path / "a.npz", "w", method) as archive:
        archive.writestr("a.npy", npy(np.zeros(9)))
    with pytest.raises(InputError, match="array 'a': packed by another method than NumPy's"):
        read_arrays(tmp_path / "a.npz", ["a"])


def test_every_damaged_byte_of_an_archive_is_survived(tmp_path):
    """Each byte changed alone: the array comes back as it was, or the fault is a sentence."""
    path = tmp_path / "a.npz"
    np.savez_compressed(path, a=np.arange(3.0))
    content = path.read_bytes()
    refused = 0
    for place in range(len(content)):
        for bit in (1, 128):
            damaged = bytearray(content)
            damaged[place] ^= bit
            path.write_bytes(damaged)
            try:
                arrays = read_arrays(path, ["a"])
            except InputError as error:
                refused += 1
                assert len(str(error)) < 400
            else:
                assert not arrays or arrays["a"].tolist() == [0, 1, 2]
    assert refused > len(content) / 2


def test_a_long_header_is_not_quoted_whole(tmp_path):
    shape = ", ".join(["1"] * 2000)
    header = f"{{'descr': '<f8', 'fortran_order': False, 'shape': ({shape})}}\n".encode()
    content = b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header
    (tmp_path / "a.npy").write_bytes(content)
    with pytest.raises(InputError, match="and 0 are there") as raised:
        map_array(tmp_path / "a.npy")
    assert len(str(raised.value)) < 400


def test_a_version_that_is_not_known_is_named(tmp_path):
    (tmp_path / "a.npy").write_bytes(b"\x93NUMPY\x07\x00")
    with pytest.raises(InputError, match=r"a\.npy: npy format \(7, 0\); expected"):
        map_array(tmp_path / "a.npy")


def test_a_missing_file_is_named(tmp_path):
    for read in (map_array, lambda path: read_arrays(path, ["a"])):
        with pytest.raises(InputError, match=r"none\.npz: there is no such file"):
            read(tmp_path / "none.npz")


def test_names_are_told_without_reading(tmp_path):
    np.savez(tmp_path / "a.npz", b=np.zeros(3), a=np.array([{}], object))
    assert array_names(tmp_path / "a.npz") == ("b", "a")
    (tmp_path / "a.npz").write_bytes(b"PK")
    with pytest.raises(InputError, match="not a whole npz archive"):
        array_names(tmp_path / "a.npz")


def test_texts_of_either_kind():
    assert texts("x", np.array([["a", "bc"]])) == ["a", "bc"]
    assert texts("x", np.array(b"\xc3\xa9\xff")) == ["é\ufffd"]
    assert texts("x", np.array("é", ">U1")) == ["é"]
    with pytest.raises(InputError, match="x is of type int64; expected texts"):
        texts("x", np.arange(3))
    with pytest.raises(InputError, match="x: holds 0x110000, which is no letter of Unicode"):
        texts("x", np.array([0x110000], ">i4").view(">U1"))


@pytest.mark.parametrize("number", [0xD800, 0xDFFF, 0x110000, 0xFFFFFFFF])
def test_numbers_that_are_no_letters_are_refused_when_they_are_read(tmp_path, number):
    """Whatever looks at such a text next would fail, also a sentence that quotes it."""
    np.savez(tmp_path / "a.npz", a=np.array([97, number], np.uint32).view("<U2"))
    with pytest.raises(
        InputError, match=f"a.npz, array 'a': holds {number:#x}, which is no letter"
    ):
        read_arrays(tmp_path / "a.npz", ["a"])


def test_what_the_library_quotes_of_a_file_is_cut(tmp_path):
    """Zip's own sentence repeats a member's name, which may be of thousands of letters."""
    np.savez(tmp_path / "a.npz", **{"a" * 3000: np.zeros(3)})
    content = (tmp_path / "a.npz").read_bytes().replace(b"a" * 3000, b"b" + b"a" * 2999, 1)
    (tmp_path / "a.npz").write_bytes(content)
    with pytest.raises(InputError, match="not a readable npy array") as raised:
        read_arrays(tmp_path / "a.npz", ["a" * 3000])
    assert len(str(raised.value)) < 300 + len(str(tmp_path))

"""Array files whose headers lie."""

import io
import zipfile

import numpy as np
import pytest

from motext_jax.errors import InputError
from motext_jax.motion.array_file import map_array, read_array, read_arrays


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
    with pytest.raises(InputError, match=r"the header claims .* and 2,112 are there"):
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
    with pytest.raises(InputError, match="holds Python objects, which are not loaded"):
        map_array(tmp_path / "a.npy")
    with pytest.raises(InputError, match="holds Python objects, which are not loaded"):
        read_arrays(tmp_path / "a.npz", ["a"])


@pytest.mark.parametrize(
    "content", [b"", b"\x93NUMPY", b"\x93NUMPY\x07\x00", b"PK\x03\x04", b"HIERARCHY"]
)
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


def test_a_missing_file_is_named(tmp_path):
    for read in (map_array, lambda path: read_arrays(path, ["a"])):
        with pytest.raises(InputError, match=r"none\.npz: there is no such file"):
            read(tmp_path / "none.npz")

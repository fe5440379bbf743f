"""Files are opened only where they are files, and every error about one is a sentence."""

import os
import zipfile

import pytest

from motext_jax.errors import InputError
from motext_jax.input_file import open_file, read_bytes, read_json, reading


def test_a_file_is_read(tmp_path):
    (tmp_path / "a").write_bytes(b"\x00\xff")
    (tmp_path / "link").symlink_to("a")
    assert read_bytes(tmp_path / "a") == read_bytes(str(tmp_path / "link")) == b"\x00\xff"
    with open_file(tmp_path / "a") as file:
        assert file.read(1) == b"\x00"


def test_a_pipe_does_not_block(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InputError, match="pipe: cannot be read: a pipe or a device, and not a fi"):
        open_file(tmp_path / "pipe")


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("/dev/zero", "/dev/zero: cannot be read: a pipe or a device"),
        ("/", "/: cannot be read: a folder"),
        ("/none", "/none: there is no such file"),
        ("/a\0b", "not the name of a file"),
        ("/\ud800", "there is no such file|not the name of a file"),
        (f"/{'a' * 300}", "cannot be read: File name too long"),
        ("/a" * 10**6, r"^(/a)+/?…: cannot be read: File name too long"),
        ("/dev/null/x", "cannot be read: Not a directory"),
    ],
)
def test_what_cannot_be_opened_is_said(name, says):
    with pytest.raises(InputError, match=says) as raised:
        open_file(name)
    assert len(str(raised.value)) < 500


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (ValueError("bad"), r"a\.npz: not an archive \(bad\)"),
        (zipfile.BadZipFile(), r"a\.npz: not an archive \(BadZipFile\)"),
        (KeyError("x\x1b[31m"), r"a\.npz: not an archive \('x\\x1b\[31m'\)"),
        (RecursionError("deep"), "not an archive"),
        (
            ValueError("long " * 10**6),
            r"not an archive \((long ?)+…\)$",
        ),
        (MemoryError(), "does not fit into the memory"),
        (OSError(5, "Input/output error"), "cannot be read: Input/output error"),
        (InputError("ours"), "^ours$"),
    ],
)
def test_whatever_is_raised_becomes_a_sentence(error, says):
    with pytest.raises(InputError, match=says) as raised, reading("a.npz", "an archive"):
        raise error
    assert len(str(raised.value)) < 200


@pytest.mark.parametrize("name", ["KeyboardInterrupt", "SystemExit"])
def test_an_end_that_was_asked_for_is_no_fault(name):
    error = {"KeyboardInterrupt": KeyboardInterrupt, "SystemExit": SystemExit}[name]
    with pytest.raises(error), reading("a.npz", "an archive"):
        raise error


def test_an_empty_file_is_called_empty(tmp_path):
    (tmp_path / "a").touch()
    for read in (open_file, read_bytes, read_json):
        with pytest.raises(InputError, match="a: the file is empty$"):
            read(tmp_path / "a")


@pytest.mark.parametrize(
    "content", [b" ", b"{", b"\xff\xfe", b"[" * 10**6, b"9" * 5000, b"\xff\xfe{\x00}\x00"]
)
def test_what_is_no_json_is_named(tmp_path, content):
    (tmp_path / "a.json").write_bytes(content)
    with pytest.raises(InputError, match=r"a\.json: not JSON \(.+\)$"):
        read_json(tmp_path / "a.json")


def test_json_with_a_mark_is_read(tmp_path):
    (tmp_path / "a.json").write_bytes(b'\xef\xbb\xbf{"a": [1, null]}')
    assert read_json(tmp_path / "a.json") == {"a": [1, None]}

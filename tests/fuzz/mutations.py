"""Broken versions of files: bytes and words are changed, and the parts that a format has."""

import io
import json
import math
import random
import re
import struct
import zipfile
from collections.abc import Callable
from typing import Any

Mutation = Callable[[bytes, random.Random], bytes]

NUMBERS = (
    *(b"0", b"-1", b"1", b"2", b"7", b"255", b"65536", b"2147483647", b"4294967296", b"1" * 30),
    *(b"1e-7", b"0.0001", b"1e5", b"1e9", b"1e31", b"1e39", b"-1e160", b"1e308", b"1e999", b"nan"),
    *(
        b"-inf",
        b"0x10",
        b"1_0",
        b"1,5",
        b"1.5.2",
        b"-",
        b"+",
        b".",
        b"9" * 5000,
        b"0." + b"3" * 900,
    ),
)
WORDS = (
    *(b"", b" ", b"\n", b"\r", b"\x00", b"\x1a", b"\xff\xfe", b"\xef\xbb\xbf", b"#", b"//", b"'"),
    *(
        b'"',
        b",",
        b":",
        b"{",
        b"}",
        b"[",
        b"]",
        b"\\",
        b"../../etc/passwd",
        b"/dev/zero",
        b"\xed\xa0",
    ),
    *(b"a" * 300, b"\x1b[31m", b"%s%n", "\u202e".encode(), b"null", b"true", b"root", b"end"),
    *(b"Hips", b"ROOT", b"MOTION", b"END", b"begin", b"train", b"texts/a.txt"),
)
SPECIAL = tuple(
    struct.pack(kind, value)
    for kind, values in {
        "<I": (0, 1, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0x10000000),
        "<Q": (0xFFFFFFFF, 1 << 40, (1 << 63) - 1, (1 << 64) - 1),
        "<H": (0, 1, 0x7FFF, 0xFFFF),
        "<f": (math.nan, math.inf, -3e38, 1e-40),
        "<d": (math.nan, -math.inf, 1e308, 1e39, 1e9, 1e-310),
    }.items()
    for value in values
)
_PARTS = re.compile(rb"(\s+|[\w.+-]+)")
_NUMBER = re.compile(rb"[+-]?[0-9.]+(e[+-]?[0-9]+)?", re.IGNORECASE)
_MOST = 200_000


def text(content: bytes, rng: random.Random) -> bytes:
    """A text with some of its words, lines, bytes or its encoding changed."""
    for _ in range(_how_often(rng)):
        content = rng.choice((_words, _words, _lines, _bytes, _encoding))(content, rng)[:_MOST]
    return content


def binary(content: bytes, rng: random.Random) -> bytes:
    """Bytes of which some are changed, taken away, doubled or put elsewhere."""
    for _ in range(_how_often(rng)):
        content = _bytes(content, rng)[:_MOST]
    return content


def archive(content: bytes, rng: random.Random) -> bytes:
    """A zip archive with members changed, exchanged, left out, renamed or packed otherwise."""
    if rng.random() < 0.25:
        return binary(content, rng)
    with zipfile.ZipFile(io.BytesIO(content)) as found:
        members = {name: found.read(name) for name in found.namelist()}
    for _ in range(_how_often(rng)):
        name, other = rng.choices(list(members), k=2)
        match rng.randrange(8):
            case 0:
                members[name] = members[other]
            case 1 if len(members) > 1:
                del members[name]
            case 2:
                new = rng.choice((b"poses", b"trans", b"x/poses", b"..", b"fps", b"a" * 300))
                members[f"{new.decode()}.npy"] = members[name]
            case 3:
                members[name] = binary(members[name], rng)
            case _:
                members[name] = array(members[name], rng)
    file = io.BytesIO()
    method = rng.choice((zipfile.ZIP_STORED, zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))
    with zipfile.ZipFile(file, "w", method) as made:
        for name, member in members.items():
            made.writestr(name, member)
    return binary(file.getvalue(), rng) if rng.random() < 0.1 else file.getvalue()


def array(content: bytes, rng: random.Random) -> bytes:
    """An npy file with another header, or other numbers behind it."""
    if content[:8] != b"\x93NUMPY\x01\x00" or len(content) < 10:
        return binary(content, rng)
    start = 10 + int.from_bytes(content[8:10], "little")
    header, numbers = content[10:start], content[start:]
    match rng.randrange(5):
        case 0:
            kinds = (b"<f2", b"<f4", b"<f8", b">f8", b"|i1", b"|u1", b"<i8", b"<U1", b"|O", b"<c16")
            old = re.search(rb"'descr': '([^']*)'", header)
            if old:
                kind = rng.choice(kinds)
                header = header.replace(old[1], kind)
                # As many bytes as before, so that the header's claim may be true.
                sizes = [int(re.sub(rb"\D", b"", k) or b"8") for k in (old[1], kind)]
                numbers = numbers[: max(len(numbers) * sizes[1] // max(sizes[0], 1), 1)]
        case 1:
            header = text(header, rng)
        case 2:
            numbers = binary(numbers, rng)
        case _:
            for _ in range(_how_often(rng)):
                special = rng.choice(SPECIAL)
                at = rng.randrange(max(len(numbers) // len(special), 1)) * len(special)
                numbers = numbers[:at] + special + numbers[at + len(special) :]
    return content[:8] + struct.pack("<H", min(len(header), 65535)) + header + numbers


def tree(content: bytes, rng: random.Random) -> bytes:
    """A JSON text with values of its tree changed, or words of the text."""
    try:
        value = json.loads(content)
    except ValueError:
        return text(content, rng)
    if rng.random() < 0.3:
        return text(content, rng)
    for _ in range(_how_often(rng)):
        value = _changed(value, rng)
    return json.dumps(value, ensure_ascii=rng.random() < 0.9).encode("utf-8", "surrogatepass")


def glb(content: bytes, rng: random.Random) -> bytes:
    """A GLB file, a JSON chunk and a binary one: either is changed, and the lengths are right."""
    if content[:4] != b"glTF" or rng.random() < 0.3:
        return binary(content, rng)
    length = int.from_bytes(content[12:16], "little")
    said, rest = content[20 : 20 + length], content[28 + length :]
    if rng.random() < 0.7:
        said = tree(said, rng)
    if rng.random() < 0.4:
        rest = binary(rest, rng)
    said, rest = said + b" " * (-len(said) % 4), rest + bytes(-len(rest) % 4)
    chunks = struct.pack("<I4s", len(said), b"JSON") + said
    chunks += struct.pack("<I4s", len(rest), b"BIN\0") + rest
    return struct.pack("<4sII", b"glTF", 2, 12 + len(chunks)) + chunks


def pickled(content: bytes, rng: random.Random) -> bytes:
    """A pickle with operations put in, or bytes changed."""
    if rng.random() < 0.5:
        return binary(content, rng)
    # Pushes, marks, memos with indices, calls, states, sets, lengths of texts and of frames.
    codes = b"(.0123DFIJKLMNPQRSTUVX\\]_abcdeghijlopqrstu}\x80\x81\x82\x85\x86\x87\x88\x89\x8a\x8b"
    codes += b"\x8c\x8d\x8e\x8f\x90\x91\x92\x93\x94\x95\x96\x97\x98"
    for _ in range(_how_often(rng)):
        at = rng.randrange(len(content))
        operation = bytes([rng.choice(codes)]) + rng.choice((b"", *SPECIAL, b"cnumpy\ndtype\n"))
        content = content[:at] + operation + content[at + rng.choice((0, 0, 1, 5)) :]
    return content


def _changed(value: Any, rng: random.Random) -> Any:
    """The tree with one of its values, or one key, changed."""
    held = list(value.items()) if isinstance(value, dict) else list(enumerate(value)) if (
        isinstance(value, list)
    ) else []  # fmt: skip
    if held and rng.random() < 0.85:
        key, below = rng.choice(held)
        value = value.copy()
        if rng.random() < 0.15:
            if rng.random() < 0.5 or isinstance(value, list):
                value.pop(key)
            else:
                value["a" * rng.choice((1, 300))] = value.pop(key)
        elif rng.random() < 0.05 and isinstance(value, list):
            value *= 50
        else:
            value[key] = _changed(below, rng)
        return value
    if isinstance(value, int | float) and rng.random() < 0.5:
        return rng.choice((value + 1, -value, value * 1000, value + 0.5, value - 1))
    deep: Any = []
    for _ in range(rng.choice((1, 50, 900))):
        deep = [deep]
    return rng.choice(
        (
            *(None, True, 0, -1, 1, 3, 255, 5126, 1 << 31, 1 << 63, 10**300, 1e308, -1e160, 1e-7),
            *(math.nan, math.inf, "", "a", "a" * 3000, "\ud800", "../x", "data:,", "\x1b[31m"),
            *([], {}, [value], {"a": value}, deep, [0] * 1000),
        )
    )


def _how_often(rng: random.Random) -> int:
    return min(1 + int(rng.expovariate(1.2)), 8)


def _words(content: bytes, rng: random.Random) -> bytes:
    parts = _PARTS.split(content)
    at, other = rng.randrange(len(parts)), rng.randrange(len(parts))
    match rng.randrange(6):
        case 0:
            parts[at], parts[other] = parts[other], parts[at]
        case 1:
            parts[at:at] = parts[other : other + rng.randrange(1, 9)] * rng.choice((1, 2, 500))
        case 2:
            del parts[at : at + rng.randrange(1, 9)]
        case 3:
            parts[at] = rng.choice(WORDS)
        case _:
            # One of the next numbers, for they are what is computed with.
            for place in range(at, min(at + 40, len(parts))):
                if _NUMBER.fullmatch(parts[place]):
                    parts[place] = rng.choice(NUMBERS)
                    break
    return b"".join(parts)


def _lines(content: bytes, rng: random.Random) -> bytes:
    lines = content.splitlines(keepends=True) or [b""]
    at, other = rng.randrange(len(lines)), rng.randrange(len(lines))
    match rng.randrange(5):
        case 0:
            lines[at:at] = lines[other : other + rng.randrange(1, 20)]
        case 1:
            del lines[at : at + rng.randrange(1, 20)]
        case 2:
            lines[at:at] = [lines[other]] * rng.choice((2, 30, 300))
        case 3:
            lines[at] = lines[at].rstrip() + lines[other]
        case _:
            lines[at], lines[other] = lines[other], lines[at]
    return b"".join(lines)


def _bytes(content: bytes, rng: random.Random) -> bytes:
    at, length = rng.randrange(len(content) + 1), rng.choice((1, 1, 2, 4, 8, 64))
    match rng.randrange(8):
        case 0:
            return content[:at]
        case 1:
            return content[:at] + content[at + length :]
        case 2:
            return content[:at] + rng.randbytes(length) + content[at:]
        case 3:
            return content[:at] + rng.choice(SPECIAL) + content[at + 4 :]
        case 4:
            other = rng.randrange(len(content) + 1)
            return content[:at] + content[other : other + length] + content[at + length :]
        case 5:
            return content[:at] + bytes(length) + content[at + length :]
        case _:
            flipped = bytes([content[at] ^ 1 << rng.randrange(8)]) if at < len(content) else b"\0"
            return content[:at] + flipped + content[at + 1 :]


def _encoding(content: bytes, rng: random.Random) -> bytes:
    match rng.randrange(6):
        case 0:
            return content.decode("latin-1").encode("utf-16")
        case 1:
            return b"\xef\xbb\xbf" + content
        case 2:
            return content.replace(b"\n", rng.choice((b"\r\n", b"\r", b"\n\n", b" ")))
        case 3:
            return content + rng.choice((b"\x1a", bytes(500), b"\xff" * 9))
        case 4:
            return content.replace(b".", b",")
        case _:
            return content.upper() if rng.random() < 0.5 else content.lower()

"""C3D files (www.c3d.org) as they stand: the positions of named points, of any processor's numbers.

Of the libraries for the format one crashes the process on damaged files and the other believes what
they claim, so it is read here: every claim is compared with the bytes that are there.
"""

import math
import os

import numpy as np
from jaxtyping import Float, Shaped

from motext_jax.counted import counted
from motext_jax.errors import InputError
from motext_jax.input_file import read_bytes
from motext_jax.motion.bounds import TOO_LARGE, is_rate
from motext_jax.motion.marker_body import Markers, recording_of
from motext_jax.motion.recording import Recording
from motext_jax.shown import quoted

SECTION = 512
"""Bytes of the blocks in which the format counts."""

MOST_PARAMETERS = 10_000

_INTEL, _DEC, _MIPS = 84, 85, 86
_ORDERS = {_INTEL: "<", _DEC: "<", _MIPS: ">"}
_SATURATED = 65535
"""The most frames that the header can count; files with more say so elsewhere."""


def read_recording(path: str | os.PathLike) -> Recording:
    """The body of a C3D file; see `marker_body.recording_of`.

    Raises:
      InputError: as `read_markers`, or the points are no body's.
    """
    return recording_of(path, read_markers(path))


def read_markers(path: str | os.PathLike) -> Markers:
    """The points of a C3D file.

    Raises:
      InputError: the file is missing, is not C3D or is damaged.
    """
    content = read_bytes(path)
    if len(content) < 2 * SECTION or content[1] != 0x50:
        raise InputError(f"{path}: not C3D, whose second byte is 80 and whose header is 512 long")
    parameters = _Parameters(path, content, (content[0] - 1) * SECTION)
    header = parameters.words(content[:24])
    points = parameters.count("POINT", "USED", int(header[1]))
    names = ("LABELS", *(f"LABELS{number}" for number in range(2, 10)))
    labels = [label for name in names for label in parameters.texts("POINT", name)]
    scale = parameters.number("POINT", "SCALE", float(parameters.floats(content[12:16])[0]))
    fps = parameters.number("POINT", "RATE", float(parameters.floats(content[20:24])[0]))
    upward = "".join(parameters.texts("POINT", "Y_SCREEN")[:1]).upper().lstrip("+")
    return Markers(
        tuple((labels + [""] * points)[:points]),
        _positions(path, content, parameters, header, points, scale),
        fps if is_rate(fps) else None,
        "".join(parameters.texts("POINT", "UNITS")[:1]),
        {"X": 0, "Y": 1, "Z": 2}.get(upward),
    )


def _positions(
    path: str | os.PathLike,
    content: bytes,
    parameters: "_Parameters",
    header: Shaped[np.ndarray, "12"],
    points: int,
    scale: float,
) -> Float[np.ndarray, "t n 3"]:
    start = (parameters.count("POINT", "DATA_START", int(header[8])) - 1) * SECTION
    whole = scale > 0
    size = 2 if whole else 4
    width = 4 * points + int(header[2])
    if not points or not 0 < start < len(content):
        raise InputError(
            f"{path}: {counted(points, 'point')} from byte {start:,} on; expected some, in a file "
            f"of {len(content):,} bytes"
        )
    held = (len(content) - start) // (width * size)
    claimed = _claimed(parameters, header)
    fitting = [frames for frames in claimed if 0 < frames <= held]
    if not fitting and _SATURATED not in claimed:
        raise InputError(
            f"{path}: claims {counted(claimed[0], 'frame')} of {counted(points, 'point')}, and "
            f"{held:,} {'is' if held == 1 else 'are'} there"
        )
    frames = fitting[0] if fitting else held
    if not frames:
        raise InputError(f"{path}: no frame of {counted(points, 'point')} is there")
    raw = content[start : start + frames * width * size]
    numbers = parameters.words(raw).astype(np.int16) if whole else parameters.floats(raw)
    rows = numbers.reshape(frames, width)[:, : 4 * points].reshape(frames, points, 4)
    with np.errstate(all="ignore"):
        positions = rows[..., :3].astype(np.float32)
        if whole:
            positions *= np.float32(scale)
        # The number after a position is negative where the point was not seen; some write zeros.
        seen = (rows[..., 3] >= 0) & (np.abs(positions) < TOO_LARGE).all(axis=-1)
        seen &= positions.any(axis=-1)
    positions[~seen] = np.nan
    return positions


def _claimed(parameters: "_Parameters", header: Shaped[np.ndarray, "12"]) -> list[int]:
    """The counts of frames that the file gives, the most trustworthy first."""
    claimed = []
    ends = [parameters.numbers("TRIAL", f"ACTUAL_{end}_FIELD") for end in ("START", "END")]
    if all(len(end) == 2 for end in ends):
        # Two words of 16 bits, the lower first.
        first, last = (int(end[0]) % 65536 + 65536 * (int(end[1]) % 65536) for end in ends)
        claimed.append(last - first + 1)
    claimed.append(parameters.count("POINT", "LONG_FRAMES", 0))
    claimed.append(parameters.count("POINT", "FRAMES", 0))
    claimed.append(int(header[4]) - int(header[3]) + 1)
    if header[4] == _SATURATED:
        claimed.append(_SATURATED)
    return [frames for frames in claimed if frames] or [0]


class _Parameters:
    """The parameters of a C3D file, by group and name, and its way of writing numbers."""

    def __init__(self, path: str | os.PathLike, content: bytes, start: int):
        self._path, self._content = path, content
        if not 0 <= start <= len(content) - 4:
            raise InputError(
                f"{path}: the parameters start at byte {start:,} of {len(content):,}, as the first "
                "byte says"
            )
        self._processor = content[start + 3]
        if self._processor not in _ORDERS:
            raise InputError(
                f"{path}: processor {self._processor}; expected 84 (Intel), 85 (DEC) or 86 (MIPS)"
            )
        self._order = _ORDERS[self._processor]
        groups: dict[int, str] = {}
        found: list[tuple[int, str, int]] = []
        place = start + 4
        while place + 2 <= len(content) and len(found) + len(groups) < MOST_PARAMETERS:
            letters = abs(int.from_bytes(content[place : place + 1], signed=True))
            group = int.from_bytes(content[place + 1 : place + 2], signed=True)
            body = place + 2 + letters + 2
            if not letters or body > len(content):
                break
            name = content[place + 2 : body - 2].decode("latin-1").strip().upper()
            if group < 0:
                groups[-group] = name
            else:
                found.append((group, name, body))
            step = int(self.words(content[body - 2 : body])[0])
            if not step:
                break
            place = body - 2 + step
        self._places = {(groups.get(group, ""), name): body for group, name, body in found}

    def words(self, raw: bytes) -> Shaped[np.ndarray, "n"]:
        """Unsigned whole numbers of 16 bits."""
        return np.frombuffer(raw, f"{self._order}u2")

    def floats(self, raw: bytes) -> Float[np.ndarray, "n"]:
        """Numbers of 32 bits, IEEE's or DEC's."""
        if self._processor != _DEC:
            return np.frombuffer(raw, f"{self._order}f4").astype(np.float32)
        # A VAX's number has its halves the other way round, and an exponent that is larger by 2.
        halves = np.frombuffer(raw, "<u2").reshape(-1, 2).astype(np.uint32)
        bits = (halves[:, 0] << 16) | halves[:, 1]
        with np.errstate(invalid="ignore"):
            values = bits.view(np.float32) * np.float32(0.25)
        return np.where((bits >> 23) & 0xFF, values, np.float32(0))

    def numbers(self, group: str, name: str) -> list[float]:
        """A parameter's numbers; none where there is no such parameter."""
        kind, _, raw = self._value(group, name)
        match kind:
            case 1:
                return [float(value) for value in raw]
            case 2:
                return [float(value) for value in self.words(raw)]
            case 4:
                return [float(value) for value in self.floats(raw) if math.isfinite(value)]
        return []

    def number(self, group: str, name: str, default: float) -> float:
        """The first finite number of a parameter that has one."""
        values = self.numbers(group, name)
        return values[0] if values and math.isfinite(values[0]) else default

    def count(self, group: str, name: str, default: int) -> int:
        """The first number as a count, where it is one above 0."""
        value = self.number(group, name, 0)
        return int(value) if 0 < value < 1 << 32 else default

    def texts(self, group: str, name: str) -> list[str]:
        """A parameter's texts, without blanks around them."""
        kind, sizes, raw = self._value(group, name)
        if kind != -1 or not raw:
            return []
        length = sizes[0] if sizes else 1
        texts = (raw[place : place + length] for place in range(0, len(raw), length))
        return [text.decode("utf-8", "replace").strip(" \0") for text in texts]

    def _value(self, group: str, name: str) -> tuple[int, list[int], bytes]:
        """A parameter's type (bytes of a number, -1 for letters), sizes and bytes."""
        place = self._places.get((group, name))
        head = self._content[place : place + 2] if place is not None else b""
        if place is None or len(head) < 2:
            return 0, [], b""
        kind, sizes = int.from_bytes(head[:1], signed=True), head[1]
        start = place + 2 + sizes
        shape = list(self._content[place + 2 : start])
        size = math.prod(shape) * abs(kind)
        raw = self._content[start : start + size]
        if kind not in (-1, 1, 2, 4) or len(raw) < size:
            raise InputError(
                f"{self._path}: parameter {quoted(f'{group}:{name}')} of type {kind} and "
                f"{size:,} bytes, of which {len(raw):,} are there"
            )
        return kind, shape, raw

"""Small C3D files as bytes, written by hand, in the numbers of any processor."""

import struct

import numpy as np

INTEL, DEC, MIPS = 84, 85, 86


def c3d(labels, positions, processor=INTEL, scale=-1.0, parameters=(), residual=0, **header):
    """A file of positions [t, n, 3]; NaN is a point that was not seen.

    Args:
      labels: the points' names.
      positions: in the file's unit.
      processor: the numbers' kind.
      scale: above 0, positions are whole numbers of so many units.
      parameters: more of them, (group, name, value), instead of those of the same name.
      residual: the number after a position that was seen.
      header: other values for its fields.
    """
    order = ">" if processor == MIPS else "<"
    frames, points, _ = positions.shape

    def word(value):
        return struct.pack(f"{order}H", value & 0xFFFF)

    def real(value):
        if processor != DEC:
            return struct.pack(f"{order}f", value)
        high_first = struct.pack(">f", value * 4)
        return high_first[1::-1] + high_first[:1:-1]

    def parameter(group, name, value):
        if isinstance(value, list) and isinstance(value[0], str):
            width = max(map(len, value))
            kind, sizes = -1, [width, len(value)]
            data = b"".join(text.ljust(width).encode() for text in value)
        elif isinstance(value, str):
            kind, sizes, data = -1, [len(value)], value.encode()
        elif isinstance(value, float):
            kind, sizes, data = 4, [], real(value)
        elif isinstance(value, list):
            kind, sizes, data = 2, [len(value)], b"".join(map(word, value))
        else:
            kind, sizes, data = 2, [], word(value)
        body = struct.pack("bB", kind, len(sizes)) + bytes(sizes) + data + b"\0"
        return struct.pack("bb", len(name), group) + name.encode() + word(len(body) + 2) + body

    groups = {"POINT": 1, "TRIAL": 2}
    given = {
        ("POINT", "USED"): points,
        ("POINT", "SCALE"): float(scale),
        ("POINT", "RATE"): 100.0,
        ("POINT", "FRAMES"): frames,
        ("POINT", "UNITS"): "mm",
        ("POINT", "LABELS"): list(labels),
    }
    given |= {(group, name): value for group, name, value in parameters}
    section = b"".join(
        struct.pack("bb", len(group), -number) + group.encode() + word(3) + b"\0"
        for group, number in groups.items()
    )
    section += b"".join(
        parameter(groups[group], name, value)
        for (group, name), value in given.items()
        if value is not None
    )
    section = bytes([1, 0x50, len(section) // 512 + 1, processor]) + section + b"\0\0"
    section += b"\0" * (-len(section) % 512)

    analog = header.get("analog", 0)
    top = (
        bytes([2, 0x50]) + word(points) + word(analog) + word(1) + word(header.get("last", frames))
    )
    top += word(10) + real(scale) + word(2 + len(section) // 512) + word(1) + real(100.0)
    data = b""
    for frame in positions:
        for point in frame:
            seen = not np.isnan(point).any()
            row = [*(point if seen else [0, 0, 0]), residual if seen else -1]
            if scale > 0:
                row = [round(value / scale) for value in row[:3]] + row[3:]
            data += b"".join(map(word if scale > 0 else real, row))
        data += (word(7) if scale > 0 else real(7)) * analog
    return top.ljust(512, b"\0") + section + data

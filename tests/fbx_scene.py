"""Small FBX scenes as bytes, written by hand: records with values, one within the other."""

import dataclasses
import struct
import zlib

import numpy as np

TICKS = 46_186_158_000
CUBIC_AUTO, CUBIC_BY_HAND, LINEAR, CONSTANT, CONSTANT_NEXT = 0x108, 0x408, 0x4, 0x2, 0x102
_ARRAYS = {"bool": b"b", "int32": b"i", "int64": b"l", "float32": b"f", "float64": b"d"}


class Encoded(bytes):
    """A value as it stands in a file."""


def value(item, packed=False):
    """A value with the letter of its kind before it; ints are 64 bits wide."""
    if isinstance(item, Encoded):
        return bytes(item)
    if isinstance(item, bool):
        return b"C" + struct.pack("<?", item)
    if isinstance(item, int):
        return b"L" + struct.pack("<q", item)
    if isinstance(item, float):
        return b"D" + struct.pack("<d", item)
    if isinstance(item, str):
        item = item.encode()
    if isinstance(item, bytes):
        return b"S" + struct.pack("<I", len(item)) + item
    content = item.tobytes()
    written = zlib.compress(content) if packed else content
    head = struct.pack("<III", len(item), packed, len(written))
    return _ARRAYS[item.dtype.name] + head + written


@dataclasses.dataclass
class Record:
    """A record: its name, its values and the records within it."""

    name: str
    values: list = dataclasses.field(default_factory=list)
    records: list = dataclasses.field(default_factory=list)

    def binary(self, start, version, packed=False):
        """The record as bytes that stand at a place of the file."""
        head = struct.Struct("<QQQB" if version >= 7500 else "<IIIB")
        values = b"".join(value(item, packed) for item in self.values)
        inside = head.size + len(self.name) + len(values)
        content = b""
        for record in self.records:
            content += record.binary(start + inside + len(content), version, packed)
        if self.records:
            content += bytes(head.size)
        end = start + inside + len(content)
        return (
            head.pack(end, len(self.values), len(values), len(self.name))
            + self.name.encode()
            + values
            + content
        )


def properties(**numbers):
    """The record of properties; an underscore stands for a blank."""
    listed = [
        Record("P", [name.replace("_", " "), "", "", "A", *np.ravel(item).tolist()])
        for name, item in numbers.items()
    ]
    return Record("Properties70", [], listed)


class Scene:
    """An FBX document that grows.

    Attributes:
      settings: numbers of the whole scene, by their property.
      heads: the records before them.
      objects: the records of its objects.
      links: the records of what connects them.
    """

    def __init__(self, **settings):
        self.settings = {"UnitScaleFactor": 1.0, "TimeMode": 6} | settings
        self.heads, self.objects, self.links = [], [], []
        self._nodes = []

    def node(self, name, parent=None, kind="LimbNode", **numbers):
        """Adds a node; its number. Numbers are properties as `Lcl_Translation`."""
        number = self._object("Model", f"{name}\0\1Model", kind, [properties(**numbers)])
        self._link(number, 0 if parent is None else parent)
        return number

    def animate(self, *channels, name="Take 001", layers=({},)):
        """Adds an animation of channels (node, part, axes); axes are (keys, values[, flags, data]).

        An axis may be a number, which does not move. A node may be several. `layers` are numbers
        of each layer, by their property; each layer has a channel, and the last one the rest.
        """
        stack = self._object("AnimationStack", f"{name}\0\1AnimStack", "")
        made = [
            self._object("AnimationLayer", "Base\0\1AnimLayer", "", [properties(**numbers)])
            for numbers in layers
        ]
        for layer in made:
            self._link(layer, stack)
        for place, (nodes, part, axes) in enumerate(channels):
            still = {
                f"d|{letter}": axis
                for letter, axis in zip("XYZ", axes, strict=True)
                if np.isscalar(axis)
            }
            curves = self._object(
                "AnimationCurveNode", f"{part[4]}\0\1AnimCurveNode", "", [properties(**still)]
            )
            self._link(curves, made[min(place, len(layers) - 1)])
            for node in np.ravel(nodes).tolist():
                self._link(curves, node, part)
            for letter, axis in zip("XYZ", axes, strict=True):
                if not np.isscalar(axis):
                    self._link(self._curve(*axis), curves, f"d|{letter}")
        return self

    def binary(self, version=7400, packed=False):
        """The scene as a binary file."""
        content = b"Kaydara FBX Binary  \0\x1a\0" + struct.pack("<I", version)
        for record in (
            *self.heads,
            Record("GlobalSettings", [], [properties(**self.settings)]),
            Record("Objects", [], self.objects),
            Record("Connections", [], self.links),
        ):
            content += record.binary(len(content), version, packed)
        return content + bytes(25 if version >= 7500 else 13)

    def _object(self, record, name, kind, inside=()):
        number = 1000 + len(self.objects)
        self.objects.append(Record(record, [number, name, kind], list(inside)))
        return number

    def _curve(self, keys, values, flags=LINEAR, slopes=None):
        count = len(keys)
        flags = np.broadcast_to(np.int32(flags), count).astype(np.int32)
        data = np.zeros((count, 4), np.float32)
        if slopes is not None:
            data[:, :2] = slopes
        arrays = {
            "KeyTime": np.rint(np.asarray(keys, np.float64) * TICKS).astype(np.int64),
            "KeyValueFloat": np.asarray(values, np.float32),
            "KeyAttrFlags": flags,
            "KeyAttrDataFloat": data.ravel(),
            "KeyAttrRefCount": np.ones(count, np.int32),
        }
        records = [Record(name, [array]) for name, array in arrays.items()]
        return self._object("AnimationCurve", "\0\1AnimCurve", "", records)

    def _link(self, child, parent, part=None):
        values = ["OO", child, parent] if part is None else ["OP", child, parent, part]
        self.links.append(Record("C", values))

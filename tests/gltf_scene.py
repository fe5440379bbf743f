"""Small glTF scenes as bytes, written by hand: JSON, and numbers one after the other."""

import base64
import json
import struct

import numpy as np

COMPONENTS = {"i1": 5120, "u1": 5121, "i2": 5122, "u2": 5123, "u4": 5125, "f4": 5126}
TYPES = {1: "SCALAR", 3: "VEC3", 4: "VEC4"}


class Scene:
    """A glTF document that grows.

    Attributes:
      tree: its JSON.
      numbers: the bytes of its one buffer.
    """

    def __init__(self, nodes, **fields):
        self.tree = {"asset": {"version": "2.0"}, "nodes": nodes, "animations": [], **fields}
        self.tree |= {"accessors": [], "bufferViews": []}
        self.numbers = b""

    def view(self, content, **fields):
        """Adds bytes as a buffer view; its index."""
        self.numbers += b"\0" * (-len(self.numbers) % 4)
        place = {"byteOffset": len(self.numbers), "byteLength": len(content)}
        self.tree["bufferViews"].append({"buffer": 0, **place, **fields})
        self.numbers += content
        return len(self.tree["bufferViews"]) - 1

    def accessor(self, values, dtype="f4", **fields):
        """Adds rows of numbers as an accessor; its index."""
        rows = np.asarray(values, dtype)
        rows = rows.reshape(len(rows), -1)
        described = {"componentType": COMPONENTS[dtype], "count": len(rows)}
        described |= {"type": TYPES[rows.shape[1]]}
        if "bufferView" not in fields and "sparse" not in fields:
            fields["bufferView"] = self.view(rows.astype(f"<{dtype}").tobytes())
        self.tree["accessors"].append(described | fields)
        return len(self.tree["accessors"]) - 1

    def animate(self, *channels, name=None):
        """Adds an animation of channels (node, path, times, values[, interpolation])."""
        animation = {"samplers": [], "channels": []}
        if name:
            animation["name"] = name
        for number, (node, path, times, values, *rest) in enumerate(channels):
            times, values = (
                item if isinstance(item, int) else self.accessor(item) for item in (times, values)
            )
            sampler = {"input": times, "output": values}
            if rest:
                sampler["interpolation"] = rest[0]
            animation["samplers"].append(sampler)
            target = {"node": node, "path": path}
            animation["channels"].append({"sampler": number, "target": target})
        self.tree["animations"].append(animation)
        return self

    def glb(self):
        """The scene as one binary file."""
        self.tree["buffers"] = [{"byteLength": len(self.numbers)}]
        chunks = b""
        text = json.dumps(self.tree).encode()
        for kind, content, fill in ((b"JSON", text, b" "), (b"BIN\0", self.numbers, b"\0")):
            content += fill * (-len(content) % 4)
            chunks += struct.pack("<I4s", len(content), kind) + content
        return struct.pack("<4sII", b"glTF", 2, 12 + len(chunks)) + chunks

    def gltf(self, uri=None):
        """The scene as JSON; the numbers are in it, or in the file that `uri` names."""
        data = "data:application/octet-stream;base64," + base64.b64encode(self.numbers).decode()
        self.tree["buffers"] = [
            {"byteLength": len(self.numbers), "uri": data if uri is None else uri}
        ]
        return json.dumps(self.tree).encode()

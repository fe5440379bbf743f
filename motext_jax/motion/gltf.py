"""glTF 2.0 animations (.gltf, .glb), and VRM's avatars and animations (.vrm, .vrma)."""

import os
import pathlib
from collections.abc import Mapping, Sequence

import numpy as np
from jaxtyping import Float

from motext_jax.errors import InputError
from motext_jax.motion.bounds import TOO_LARGE
from motext_jax.motion.frame_times import Place, check_nodes, frame_times
from motext_jax.motion.gltf_curve import WIDTHS, Curve, read_curve
from motext_jax.motion.gltf_document import Document, Entry
from motext_jax.motion.gltf_nodes import Nodes
from motext_jax.motion.kinematics import forward_kinematics
from motext_jax.motion.recording import Recording
from motext_jax.shown import shown

BLOCK = 512
"""Frames that are posed at once."""

_NEUTRAL = {"translation": [0.0] * 3, "rotation": [0.0, 0.0, 0.0, 1.0], "scale": [1.0] * 3}

Curves = Mapping[tuple[int, str], Curve]
"""By node and part of its transform."""

Channels = dict[tuple[int, str], Entry]
"""The samplers of an animation, by node and part of its transform."""


def read_recording(path: str | os.PathLike) -> Recording:
    """A glTF file's animation as a recording, in metres and y up, as the format has it.

    Joints are those of `Nodes.body`, or where there is none the animated nodes and all below them,
    and the nodes between. Nodes above them move them. Of several animations the longest that moves
    a joint is taken, and its name is added to the file's. Frames have the rate of the keys where
    those are even, else `FPS`. The rest pose is the nodes' own.

    Raises:
      InputError: the file is missing, is not glTF 2.0, is damaged, or has no animation of joints.
    """
    document = Document(path)
    nodes = Nodes(document)
    animations = document.root.entries("animations")
    moved = [_channels(animation, nodes) for animation in animations]
    joints: list[int] = []
    if body := nodes.body():
        joints = nodes.spanned(body)
        posed = {*nodes.above(joints[0]), *joints}
        moved = [
            {target: sampler for target, sampler in channels.items() if target[0] in posed}
            for channels in moved
        ]
    seconds = [_seconds(document, channels) for channels in moved]
    longest = int(np.argmax(seconds)) if seconds else -1
    if longest < 0 or not moved[longest]:
        raise InputError(
            f"{path}: found {len(animations)} animations, expected one that moves a body's joints"
        )
    channels = moved[longest]
    if not joints:
        joints = nodes.spanned(nodes.below({node for node, _ in channels}))
    name = pathlib.Path(path).name
    if len(animations) > 1:
        name += f" {shown(animations[longest].name() or f'animation {longest}')}"

    chain = [*nodes.above(joints[0]), *joints]
    check_nodes(path, len(joints), len(chain))
    curves = {
        (node, part): read_curve(document, sampler, part)
        for (node, part), sampler in channels.items()
        if node in chain
    }
    keys = np.concatenate([curve.keys for curve in _by_keys(curves)])
    times, fps = frame_times(path, keys, len(chain), document.size)
    kept, names, parents = nodes.joints(joints)
    columns = [chain.index(joint) for joint in kept]
    # Scales upon scales of a damaged file overflow.
    with np.errstate(all="ignore"):
        pose = _Pose(nodes, chain)
        positions = pose.positions(times, curves)[:, columns]
    return Recording(
        name,
        names,
        parents,
        _checked(path, positions),
        fps=fps,
        metres_per_unit=1.0,
        up=1,
    )


def _channels(animation: Entry, nodes: Nodes) -> Channels:
    """The curves of an animation, without those of meshes' weights and of extensions."""
    samplers = animation.entries("samplers")
    channels = {}
    for channel in animation.entries("channels"):
        target = channel.entry("target")
        part = target.text("path")
        if part in WIDTHS and "node" in target.tree:
            node = target.whole("node", len(nodes.entries))
            channels[node, part] = samplers[channel.whole("sampler", len(samplers))]
    return channels


def _seconds(document: Document, channels: Channels) -> float:
    """From an animation's first key to its last; -1 if it moves nothing."""
    keys = [document.times(sampler, "input") for sampler in channels.values()]
    if not keys:
        return -1.0
    return float(max(times[-1] for times in keys) - min(times[0] for times in keys))


class _Pose:
    """A tree of nodes, as it rests and as curves move it.

    A node's matrix is its turn, whose columns its scale multiplies, and its translation.
    """

    def __init__(self, nodes: Nodes, chain: Sequence[int]):
        self._index = {-1: -1} | {node: number for number, node in enumerate(chain)}
        self._parents = [self._index[nodes.parents[node]] for node in chain]
        entries = [nodes.entries[node] for node in chain]
        self._rest = {
            part: np.array([entry.numbers(part, default) for entry in entries], np.float32)
            for part, default in _NEUTRAL.items()
        }
        for entry, rotation in zip(entries, self._rest["rotation"], strict=True):
            if not 0.5 < np.linalg.norm(rotation) < 2:
                raise entry.error("rotation", "a unit quaternion")
        self._rest["rotation"] = _turns(self._rest["rotation"][..., None])[..., 0]
        for number, entry in enumerate(entries):
            if "matrix" in entry.tree:
                for part, value in _parted(entry).items():
                    self._rest[part][number] = value

    def positions(
        self, times: Float[np.ndarray, "t"], curves: Curves
    ) -> Float[np.ndarray, "t v 3"]:
        """The nodes' positions in the world."""
        # A block at a time stays in the processor's cache, and takes little memory.
        block = BLOCK
        blocks = np.split(times, range(block, len(times), block))
        return np.concatenate([self._posed(block, curves) for block in blocks])

    def _posed(self, times: Float[np.ndarray, "t"], curves: Curves) -> Float[np.ndarray, "t v 3"]:
        places = {id(curve.keys): Place.of(times, curve.keys) for curve in _by_keys(curves)}
        parts = {}
        for part, rest in self._rest.items():
            parts[part] = np.repeat(rest[..., None], len(times), axis=-1)
            moving = {node: curve for (node, of), curve in curves.items() if of == part}
            if moving:
                moved = np.stack([c.at(places[id(c.keys)]).T for c in moving.values()])
                rows = [self._index[node] for node in moving]
                parts[part][rows] = _turns(moved) if part == "rotation" else moved
        # Frames last, as in `forward_kinematics`.
        matrices = parts["rotation"] * parts["scale"][:, None]
        return forward_kinematics(
            matrices.transpose(3, 0, 1, 2), parts["translation"].transpose(2, 0, 1), self._parents
        )


def _by_keys(curves: Curves) -> list[Curve]:
    """One curve for each array of keys, which many curves share."""
    return list({id(curve.keys): curve for curve in curves.values()}.values())


def _parted(entry: Entry) -> dict[str, Float[np.ndarray, "..."]]:
    """A node's matrix as a translation, a turn and a scale, whose product it is."""
    matrix = entry.numbers("matrix", np.eye(4).ravel().tolist()).reshape(4, 4).T
    scale = np.linalg.norm(matrix[:3, :3], axis=0)
    if np.linalg.det(matrix[:3, :3]) < 0:
        scale[0] = -scale[0]
    turn = matrix[:3, :3] / np.where(scale == 0, 1, scale)
    return {"translation": matrix[:3, 3], "rotation": turn, "scale": scale}


def _turns(quaternions: Float[np.ndarray, "n 4 t"]) -> Float[np.ndarray, "n 3 3 t"]:
    """Rotation matrices of quaternions (x, y, z, w), which need not be of length 1."""
    x, y, z, w = np.moveaxis(quaternions, 1, 0)
    square = x * x + y * y + z * z + w * w
    double = np.divide(2, square, out=np.zeros_like(square), where=square > 0)
    rows = [
        [1 - double * (y * y + z * z), double * (x * y - z * w), double * (x * z + y * w)],
        [double * (x * y + z * w), 1 - double * (x * x + z * z), double * (y * z - x * w)],
        [double * (x * z - y * w), double * (y * z + x * w), 1 - double * (x * x + y * y)],
    ]
    return np.moveaxis(np.array(rows), 2, 0)


def _checked(path: str | os.PathLike, positions: np.ndarray) -> np.ndarray:
    if not (np.abs(positions) < TOO_LARGE).all():
        raise InputError(f"{path}: joints {TOO_LARGE:g} m and more away, or nowhere")
    return positions

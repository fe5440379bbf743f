"""FBX animations (.fbx): binary files of version 7 and later."""

import os
import pathlib
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from jaxtyping import Float

from motext_jax.errors import InputError
from motext_jax.motion.bounds import is_rate
from motext_jax.motion.fbx_curve import Curve, read_curve, read_keys, read_ticks
from motext_jax.motion.fbx_document import Document, Record
from motext_jax.motion.fbx_scene import PARTS, Channels, Nodes, Objects, Properties, animations
from motext_jax.motion.frame_times import FPS, Place, check_nodes, frame_times
from motext_jax.motion.kinematics import euler_rotations, forward_kinematics, in_blocks
from motext_jax.motion.recording import Recording
from motext_jax.shown import shown

_TRANSLATION, _ROTATION, _SCALING = PARTS

_RATES = {
    **{1: 120.0, 2: 100.0, 3: 60.0, 4: 50.0, 5: 48.0, 6: 30.0, 7: 30.0, 8: 29.97, 9: 29.97},
    **{10: 25.0, 11: 24.0, 12: 1000.0, 13: 23.976, 15: 96.0, 16: 72.0, 17: 59.94, 18: 119.88},
}
"""Frames a second of FBX's time modes; 14 has a number of its own, and 0 none."""

_CUSTOM = 14

_OUTERMOST_FIRST = ((2, 1, 0), (1, 2, 0), (0, 2, 1), (2, 0, 1), (1, 0, 2), (0, 1, 2))
"""The axes of FBX's orders of rotation: in the first, XYZ, a point is turned about x first."""

_BY_AXIS, _PLAIN, _OWN_SCALE = range(3)
"""How a node inherits its parent's scale: as factors of its own axes, as a product of matrices, or
not at all. FBX's SDK calls them RrSs, RSrs and Rrs."""

Curves = Mapping[tuple[int, str, int], Curve]
"""By node, part of its transform and axis."""


def read_recording(path: str | os.PathLike) -> Recording:
    """An FBX file's animation as a recording, y up, in the file's unit.

    Joints are those of `Nodes.body`, or where there is none the animated nodes and all below them,
    and the nodes between. Nodes above them move them. Of several animations the longest that moves
    a joint is taken, and its name is added to the file's. Frames have the rate of the keys where
    those are even, else the file's own.

    Raises:
      InputError: the file is missing, is no binary FBX, is damaged, or has no animation of joints.
    """
    document = Document(path)
    objects = Objects(document)
    nodes = Nodes(document, objects)
    settings = Properties(document.top("GlobalSettings"))
    ticks = read_ticks(document)
    found = animations(objects, nodes, ticks)
    joints = nodes.spanned(body) if (body := nodes.body(_moved(found.values()))) else []
    wanted = {*nodes.above(joints[0]), *joints} if joints else set(nodes.order)
    records = {name: _records(channels, wanted) for name, channels in found.items()}
    own = set(joints) or wanted
    lengths = {name: _length(each, own, ticks) for name, each in records.items()}
    longest = max(lengths, key=lengths.__getitem__, default="")
    if not longest or lengths[longest][1] < 0:
        raise InputError(
            f"{path}: found {len(found)} animations, expected one that moves a body's joints"
        )
    if not joints:
        joints = nodes.spanned(nodes.below({node for node, _, _ in records[longest]}))
    chain = [*nodes.above(joints[0]), *joints]
    check_nodes(path, len(joints), len(chain))
    for (node, part), channel in found[longest].items():
        if channel.is_blended and node in chain:
            twice = f"{part} in a second layer of {shown(longest)}; merge them"
            raise nodes.models[node].error(twice)
    moved = {
        key: curve
        for key, record in records[longest].items()
        if key[0] in chain and len((curve := read_curve(record, ticks)).keys)
    }
    times, fps = frame_times(
        path,
        np.concatenate([curve.keys for curve in moved.values()]),
        len(chain),
        len(document.content),
        _rate(settings),
    )
    kept, names, parents = nodes.joints(joints)
    columns = [chain.index(joint) for joint in kept]
    # Scales upon scales of a damaged file overflow.
    with np.errstate(all="ignore"):
        pose = _Pose(nodes, chain, found[longest])
        blocks = in_blocks(times[:, None], len(chain))
        posed = [pose.positions(block[:, 0], moved)[:, columns] for block in blocks]
        positions = np.concatenate(posed) @ _axes(settings).T.astype(np.float32)
    name = pathlib.Path(path).name
    return Recording(
        name if len(found) == 1 else f"{name} {shown(longest)}",
        names,
        parents,
        positions,
        fps=fps,
        metres_per_unit=float(settings.numbers("UnitScaleFactor", [1.0])[0]) / 100,
        up=1,
    )


def _moved(animations: Iterable[Channels]) -> set[int]:
    """The nodes that have curves in any animation."""
    return {node for channels in animations for (node, _), each in channels.items() if each.curves}


def _records(channels: Channels, nodes: set[int]) -> dict[tuple[int, str, int], Record]:
    """The records of the curves that move some nodes."""
    return {
        (node, part, axis): record
        for (node, part), channel in channels.items()
        if node in nodes
        for axis, record in channel.curves.items()
    }


def _length(
    curves: Mapping[tuple[int, str, int], Record], joints: set[int], ticks: int
) -> tuple[bool, float]:
    """True where curves move a joint; and the seconds from their first key to the last.

    Without keys these are less than none.
    """
    moves, first, last = False, np.inf, -np.inf
    for (node, _, _), curve in curves.items():
        keys, values = read_keys(curve, ticks)
        if len(keys):
            moves = moves or bool(node in joints and np.ptp(values) > 0)
            first, last = min(first, keys.min()), max(last, keys.max())
    return moves, float(last - first)


def _rate(settings: Properties) -> float:
    """Frames a second of the file's time line; `FPS` where it does not say."""
    mode = settings.whole("TimeMode", 0)
    rate = _RATES.get(mode, FPS)
    if mode == _CUSTOM:
        rate = float(settings.numbers("CustomFrameRate", [FPS])[0])
    return rate if is_rate(rate) else FPS


def _axes(settings: Properties) -> Float[np.ndarray, "3 3"]:
    """The matrix that turns the file's axes to x to the right and y up."""
    up, right = settings.whole("UpAxis", 1) % 3, settings.whole("CoordAxis", 0) % 3
    if right == up:
        # A file that says but one of them.
        right = (up + 1) % 3
    axes = np.eye(3)[[right, up]]
    for row, name in zip(axes, ("Coord", "Up"), strict=True):
        row *= -1 if settings.whole(f"{name}AxisSign", 1) < 0 else 1
    return np.stack([*axes, np.cross(*axes)])


class _Pose:
    """A tree of nodes, as it rests and as curves move it.

    A node's transform is T · Roff · Rp · Rpre · R · Rpost⁻¹ · Rp⁻¹ · Soff · Sp · S · Sp⁻¹ in its
    parent's frame, in the terms of FBX's SDK: translation, rotation offset and pivot, rotations
    before and after the one that curves move, scaling offset and pivot.
    """

    def __init__(self, nodes: Nodes, chain: Sequence[int], channels: Channels):
        self._index = {-1: -1} | {node: number for number, node in enumerate(chain)}
        self._parents = [self._index[nodes.parents[node]] for node in chain]
        of = [nodes.properties(node) for node in chain]
        self._rest = {
            part: np.stack([each.numbers(part, default) for each in of])
            for part, default in PARTS.items()
        }
        for (node, part), channel in channels.items():
            if node in self._index:
                rest = self._rest[part]
                rest[self._index[node]] = channel.still(rest[self._index[node]])
        zero = [0.0] * 3
        # An order of rotation, and rotations before and after, count where the node says so.
        turned = [each.whole("RotationActive", 0) != 0 for each in of]
        self._orders = [
            _order(each) if active else _OUTERMOST_FIRST[0]
            for each, active in zip(of, turned, strict=True)
        ]
        before, after = (
            np.stack(
                [
                    euler_rotations((2, 1, 0), np.radians(each.numbers(name, zero))[::-1])
                    if active
                    else np.eye(3)
                    for each, active in zip(of, turned, strict=True)
                ]
            )
            for name in ("PreRotation", "PostRotation")
        )
        self._before, self._after = before, after.swapaxes(1, 2)
        pivots = {
            name: np.stack([each.numbers(name, zero) for each in of])
            for name in ("RotationOffset", "RotationPivot", "ScalingOffset", "ScalingPivot")
        }
        self._outer = pivots["RotationOffset"] + pivots["RotationPivot"]
        self._inner = pivots["ScalingOffset"] + pivots["ScalingPivot"] - pivots["RotationPivot"]
        self._centre = pivots["ScalingPivot"]
        self._inherits = [each.whole("InheritType", _BY_AXIS) for each in of]

    def positions(
        self, times: Float[np.ndarray, "t"], curves: Curves
    ) -> Float[np.ndarray, "t v 3"]:
        """The nodes' positions in the world."""
        parts = {
            part: np.repeat(rest[..., None], len(times), axis=-1)
            for part, rest in self._rest.items()
        }
        for (node, part, axis), curve in curves.items():
            parts[part][self._index[node], axis] = curve.at(Place.of(times, curve.keys))
        angles = np.radians(parts[_ROTATION])
        turns = np.stack(
            [
                before @ euler_rotations(order, angles[node][list(order)]) @ after
                for node, (order, before, after) in enumerate(
                    zip(self._orders, self._before, self._after, strict=True)
                )
            ]
        )
        scales = parts[_SCALING].swapaxes(1, 2)
        inner = self._inner[:, None] - scales * self._centre[:, None]
        offsets = parts[_TRANSLATION].swapaxes(1, 2) + self._outer[:, None]
        offsets = offsets + np.einsum("vtij,vtj->vti", turns, inner)
        matrices = self._scaled(turns, scales)
        return forward_kinematics(
            matrices.swapaxes(0, 1).astype(np.float32),
            offsets.swapaxes(0, 1).astype(np.float32),
            self._parents,
        )

    def _scaled(
        self, turns: Float[np.ndarray, "v t 3 3"], scales: Float[np.ndarray, "v t 3"]
    ) -> Float[np.ndarray, "v t 3 3"]:
        """The nodes' matrices in their parents' frames, by what they inherit of these' scales."""
        matrices, scales = turns.copy(), scales.copy()
        for node, (parent, kind) in enumerate(zip(self._parents, self._inherits, strict=True)):
            if kind != _PLAIN and parent >= 0:
                # Below a scale of 0 all is at one place.
                matrices[node] /= np.where(scales[parent] == 0, 1, scales[parent])[..., None]
                if kind == _BY_AXIS:
                    scales[node] *= scales[parent]
            matrices[node] *= scales[node][..., None, :]
        return matrices


def _order(node: Properties) -> tuple[int, int, int]:
    """The order of a node's rotations; that of spheres, 6, is as XYZ."""
    order = node.whole("RotationOrder", 0)
    return _OUTERMOST_FIRST[order if 0 <= order < len(_OUTERMOST_FIRST) else 0]

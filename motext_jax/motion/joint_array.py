"""Joint positions in NumPy's array files: .npy, and .npz with names and a rate beside them."""

import os
import pathlib
from collections.abc import Sequence

import numpy as np
from jaxtyping import Float, Int

from motext_jax.counted import counted
from motext_jax.errors import InputError
from motext_jax.motion import frame_rate
from motext_jax.motion.array_file import (
    array_shapes,
    map_array,
    pickled_names,
    read_arrays,
    texts,
    type_name,
)
from motext_jax.motion.gaps import check_seen, filled
from motext_jax.motion.joint_layouts import LAYOUTS, Layout, layout_of, named_layout, without_unseen
from motext_jax.motion.joint_tree import Edge, parents_first, rooted, tree_of
from motext_jax.motion.recording import Recording
from motext_jax.shown import quoted

# Names of arrays in .npz files, in the order in which they are tried.
POSITIONS = (
    "positions", "joints", "joint_positions", "joints3d", "joints_3d", "joints3D", "keypoints3d",
    "keypoints_3d", "keypoints3D", "keypoints", "kp3d", "skeleton", "xyz", "points", "data",
    "arr_0",
)  # fmt: skip
JOINT_NAMES = ("joint_names", "joints_names", "joints", "names", "keypoint_names", "bone_names")
PARENTS = ("parents", "parent", "joint_parents")
CONFIDENCES = ("confidence", "confidences", "conf", "scores", "score", "visibility")
TIMES = ("time", "times", "timestamps", "timestamp")

FEWEST_JOINTS = 3
MOST_JOINTS = 300
MOST_LETTERS = 200
"""The most letters of a joint's name."""

FARTHEST = 1e6
"""The largest coordinate: a kilometre in millimetres."""

# The median of bones' changes, each the median over time as a share of the length. Rotations,
# velocities or noise are beyond it; bones that a camera sees change by less than half as much.
MOST_CHANGE = 0.25


def read_recording(path: str | os.PathLike, names: Sequence[str] | None = None) -> Recording:
    """An array of joint positions as a recording.

    The array is (frames, joints, 3), or (frames, joints · 3) where the number of joints is that of
    one of `LAYOUTS`. A fourth number a joint is its confidence, and 0 means that it is missing, as
    NaN does.

    Args:
      path: an .npy file, or an .npz file. The latter may hold names, parents, confidences, times
        and a frame rate.
      names: the joints' names, where they are known from elsewhere.

    Raises:
      InputError: the file is missing or damaged, holds no such array, or one that is of no body.
    """
    if pathlib.Path(path).suffix.lower() == ".npy":
        return recording(path, _positions(f"{path}", map_array(path)), names)
    try:
        return _from_archive(path, names)
    except InputError as error:
        if pickled := pickled_names(path):
            raise InputError(
                f"{error}; the file's {quoted(', '.join(pickled))} is a pickle of Python objects, "
                "which is never loaded: save it as plain numbers or texts"
            ) from None
        raise


def _from_archive(path: str | os.PathLike, names: Sequence[str] | None) -> Recording:
    """An .npz file's array of joint positions as a recording."""
    shapes = array_shapes(path)
    chosen = _choose(path, shapes)
    texts_held = [n for n in JOINT_NAMES if n in shapes and shapes[n][1].kind in "SU"]
    wanted = (chosen, *texts_held[:1], *PARENTS, *CONFIDENCES, *TIMES, *frame_rate.NAMES)
    arrays = read_arrays(path, wanted)
    positions = _positions(f"{path}: {chosen}", arrays[chosen])
    if names is None and texts_held:
        names = texts(f"{path}: {texts_held[0]}", arrays[texts_held[0]])
    for name in CONFIDENCES:
        if name in arrays and arrays[name].shape == positions.shape[:2]:
            positions[_unsure(f"{path}: {name}", arrays[name])] = np.nan
            break
    fps = None
    for name in frame_rate.NAMES:
        if name in arrays:
            fps = frame_rate.stated_rate(f"{path}: {name}", arrays[name])
            break
    for name in TIMES:
        if name in arrays and arrays[name].shape == positions.shape[:1]:
            dtype = arrays[name].dtype
            if dtype.kind not in "fiu":
                raise InputError(f"{path}: {name} is of type {type_name(dtype)}; expected times")
            with np.errstate(all="ignore"):
                times = arrays[name].astype(np.float64)
            timed, numbers = frame_rate.rate_of_times(f"{path}: {name}", times)
            positions, fps = spread(positions, numbers), fps or timed
            break
    parents = next((arrays[name] for name in PARENTS if name in arrays), None)
    edges = None if parents is None else _edges(f"{path}: parents", parents, positions.shape[1])
    return recording(path, positions, names, fps, edges)


def recording(
    path: str | os.PathLike,
    positions: Float[np.ndarray, "t v 3"],
    names: Sequence[str] | None = None,
    fps: float | None = None,
    tree: tuple[list[Edge], int | None] | None = None,
    metres_per_unit: float | None = None,
    up: int | None = None,
) -> Recording:
    """Positions as a recording: their joints are named, gaps are filled, and a tree is found.

    Args:
      path: the file, for the sentences and the skeleton's name.
      positions: in any unit; NaN where a point is missing.
      names: the joints' names; without them the array follows one of `LAYOUTS`, or its joints are
        numbered.
      fps: frames a second, where they are known.
      tree: the bones and the root, where they are known. A layout's own are used instead.
      metres_per_unit: the unit, where it is known.
      up: the vertical axis, where it is known.

    Raises:
      InputError: the names are not one for each joint, too much is missing, or this is no body.
    """
    # No layout has such a body, and that would be said.
    check_seen(f"{path}", positions)
    count = positions.shape[1]
    layout: Layout | None = None
    recognised = False
    if names is None:
        try:
            layout = layout_of(f"{path}", positions)
        except InputError:
            # With a tree, joints without names can still be told.
            if tree is None:
                raise
        recognised = layout is not None
        names = layout.joints if layout else [f"joint{number}" for number in range(count)]
    else:
        names = _checked(path, names, count)
        layout = named_layout(names)
        if layout:
            names, positions = layout.joints, positions[:, layout.order(names)]
    edges, root = tree or ([], None)
    positions = without_unseen(positions, layout is not None and layout.camera)
    if layout:
        positions = layout.with_middles(positions)
        names = [*names, *layout.middles]
        edges = [(joint, parent) for joint, parent in enumerate(layout.parents) if parent >= 0]
        root = layout.parents.index(-1)
    joints, positions = filled(f"{path}", names, positions)
    unseen = tuple(name for joint, name in enumerate(names) if joint not in joints)
    names = [names[joint] for joint in joints]
    edges, root = _without_absent(edges, root, joints)
    parents = tree_of(names, positions, edges, root)
    # A layout was recognised by its bones.
    if not recognised:
        _require_bones(path, positions, np.array(parents))
    order = parents_first(parents).tolist()
    place = {joint: number for number, joint in enumerate(order)} | {-1: -1}
    return Recording(
        pathlib.Path(path).name,
        tuple(names[joint] for joint in order),
        tuple(place[parents[joint]] for joint in order),
        np.ascontiguousarray(positions[:, order]),
        fps=fps,
        metres_per_unit=metres_per_unit,
        up=up,
        unseen=unseen,
    )


def spread(
    positions: Float[np.ndarray, "t v 3"], numbers: Int[np.ndarray, "t"]
) -> Float[np.ndarray, "s v 3"]:
    """Frames at their numbers, and NaN for those that were lost between them."""
    count = int(numbers[-1]) + 1
    if count == len(positions):
        return positions
    spaced = np.full((count, *positions.shape[1:]), np.nan, positions.dtype)
    spaced[numbers] = positions
    return spaced


def _choose(path: str | os.PathLike, shapes: dict[str, tuple[tuple[int, ...], np.dtype]]) -> str:
    """The name of the array of positions."""
    numbers = {name: shape for name, (shape, dtype) in shapes.items() if dtype.kind in "fiu"}
    beside = {*CONFIDENCES, *PARENTS, *TIMES, *frame_rate.NAMES}
    for fits in (_is_points, _is_rows):
        fitting = [name for name, shape in numbers.items() if fits(shape) and name not in beside]
        named = [name for name in POSITIONS if name in fitting]
        if named or len(fitting) == 1:
            return [*named, *fitting][0]
        if fitting:
            raise InputError(
                f"{path}: found {quoted(', '.join(fitting))}, expected one array of joint "
                "positions, or one that is called positions"
            )
    found = ", ".join(f"{name} {shape}" for name, shape in numbers.items())
    raise InputError(
        f"{path}: found {quoted(found) if found else 'no numbers'}, expected an array of joint "
        "positions (frames, joints, 3), or AMASS's poses"
    )


def _is_points(shape: tuple[int, ...]) -> bool:
    # One sequence of a batch is a sequence.
    if len(shape) == 4 and shape[0] == 1:
        shape = shape[1:]
    return len(shape) == 3 and shape[2] in (3, 4)


def _is_rows(shape: tuple[int, ...]) -> bool:
    return len(shape) == 2 and shape[1] in {3 * len(layout.joints) for layout in LAYOUTS}


def _positions(where: str, array: np.ndarray) -> Float[np.ndarray, "t v 3"]:
    """The positions in single precision; NaN where a point is missing."""
    if not _is_points(array.shape) and not _is_rows(array.shape):
        raise InputError(
            f"{where}: shape {array.shape}; expected (frames, joints, 3)"
            + (", and no features" if array.ndim == 2 else "")
        )
    if array.dtype.kind not in "fiu":
        raise InputError(f"{where} is of type {type_name(array.dtype)}; expected numbers")
    if array.ndim == 4:
        array = array[0]
    if array.ndim == 2:
        array = array.reshape(len(array), -1, 3) if len(array) else array[:, :, None]
    frames, joints, numbers = array.shape
    if not frames or not FEWEST_JOINTS <= joints <= MOST_JOINTS:
        raise InputError(
            f"{where}: {counted(frames, 'frame')} of {counted(joints, 'joint')}; expected a frame "
            f"at least, of {FEWEST_JOINTS} to {MOST_JOINTS} joints"
        )
    # Half precision knows no such limit, and single makes infinity of what is large in double.
    points = array[..., :3].astype(np.float32) if array.dtype.itemsize < 4 else array[..., :3]
    outside = (points < -FARTHEST) | (points > FARTHEST)
    if outside.any():
        frame = int(np.argmax(outside.any(axis=(1, 2))))
        raise InputError(
            f"{where}: {float(points[frame][outside[frame]][0]):g} in frame {frame}; expected "
            f"coordinates up to {FARTHEST:,.0f}"
        )
    with np.errstate(all="ignore"):
        positions = np.array(points, np.float32)
    # Of the kinds of NaN, the one that raises no flag when it is computed with.
    positions[np.isnan(positions)] = np.nan
    if numbers == 4:
        positions[_unsure(where, array[..., 3])] = np.nan
    return positions


def _unsure(where: str, confidence: np.ndarray) -> np.ndarray:
    """True where a point's confidence is 0."""
    if confidence.dtype.kind not in "fiub":
        raise InputError(f"{where} is of type {type_name(confidence.dtype)}; expected confidences")
    known = confidence[confidence == confidence]
    if known.size and not 0 <= known.min() <= known.max() <= 100:
        raise InputError(
            f"{where}: found {float(known.min()):g} to {float(known.max()):g} as the confidence of "
            "joints, expected 0 to 1; rotations are not read"
        )
    return ~(confidence > 0)


def _edges(where: str, parents: np.ndarray, count: int) -> tuple[list[Edge], int | None]:
    """The bones and the root of an array of parents; the root's is -1 or the root itself."""
    listed = parents.ravel().tolist() if parents.dtype.kind in "iu" else []
    roots = [joint for joint, parent in enumerate(listed) if parent in (-1, joint)]
    edges = [(joint, parent) for joint, parent in enumerate(listed) if joint not in roots]
    inside = len(listed) == count and all(0 <= parent < count for _, parent in edges)
    # From one root, every joint is reached unless some are in a ring.
    if not inside or len(roots) != 1 or -1 in _others(rooted(edges, count, roots[0]), roots[0]):
        said = quoted(listed) if listed else f"of type {type_name(parents.dtype)}"
        raise InputError(
            f"{where} is {said}; expected a tree of {count} joints with -1 for its root"
        )
    return edges, roots[0]


def _others(parents: Sequence[int], root: int) -> list[int]:
    return [parent for joint, parent in enumerate(parents) if joint != root]


def _checked(path: str | os.PathLike, names: Sequence[str], count: int) -> list[str]:
    names = [name.strip() for name in names]
    if len(names) != count:
        raise InputError(f"{path}: {len(names)} names of {count} joints; expected one for each")
    for number, name in enumerate(names):
        if not name or len(name) > MOST_LETTERS or name in names[:number]:
            raise InputError(
                f"{path}: joint {number} is called {quoted(name)}; expected a name of its own, of "
                f"up to {MOST_LETTERS} letters"
            )
    return names


def _without_absent(
    edges: list[Edge], root: int | None, joints: list[int]
) -> tuple[list[Edge], int | None]:
    """Bones between the joints that are there, by their new numbers; children go to what is above.

    Args:
      edges: pairs of joint and parent.
      root: the root.
      joints: the numbers of the joints that are there.
    """
    above = dict(edges)
    number = {joint: new for new, joint in enumerate(joints)}
    kept = []
    for joint in joints:
        parent = above.get(joint)
        while parent is not None and parent not in number:
            parent = above.get(parent)
        if parent is not None:
            kept.append((number[joint], number[parent]))
    return kept, number.get(root) if root is not None else None


def _require_bones(
    path: str | os.PathLike, positions: Float[np.ndarray, "t v 3"], parents: np.ndarray
) -> None:
    """Raises InputError where most distances along the tree change as no bone does."""
    bones = np.flatnonzero(parents >= 0)
    lengths = np.linalg.norm(positions[:, bones] - positions[:, parents[bones]], axis=-1)
    usual = np.median(lengths, axis=0)
    if not usual.any():
        raise InputError(f"{path}: all joints are in one place; expected a body")
    change = np.median(np.abs(lengths - usual), axis=0)[usual > 0] / usual[usual > 0]
    if np.median(change) > MOST_CHANGE:
        raise InputError(
            f"{path}: from a joint to the next the distance changes by {np.median(change):.0%}; "
            "expected positions of joints, whose bones keep their lengths"
        )

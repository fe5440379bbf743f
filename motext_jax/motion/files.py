"""Motion capture files of every format that is read, brought upright and to metres."""

import contextlib
import dataclasses
import os
import pathlib
from collections.abc import Mapping

import numpy as np

from motext_jax.errors import InputError, NoPerson, Unsaid
from motext_jax.motion import (
    amass,
    asf_amc,
    bvh,
    c3d,
    fbx,
    gltf,
    gltf_document,
    joint_array,
    joint_table,
    ntu,
    trc,
    world,
)
from motext_jax.motion.array_file import array_names
from motext_jax.motion.body import BY_POSE, Body, find_body
from motext_jax.motion.bounds import check_recording
from motext_jax.motion.motion import Motion
from motext_jax.motion.own_skeleton import own_skeleton
from motext_jax.motion.recording import Recording
from motext_jax.motion.retarget import retarget
from motext_jax.shown import quoted
from motext_jax.skeleton import SMPL22

FORMATS = (
    *(".bvh", ".amc", ".npz", ".npy", ".csv", ".skeleton"),
    *(".fbx", ".glb", ".gltf", ".vrm", ".vrma", ".c3d", ".trc"),
)
"""BVH; Acclaim's, with its .asf beside it; AMASS or joint arrays; tables of joints; NTU RGB+D's;
FBX; glTF and VRM; C3D and TRC."""

BLENDER = {
    ".blend": 'in.blend --background --python-expr "import bpy; '
    "bpy.ops.export_scene.gltf(filepath='out.glb')\""
}
"""Formats that Blender brings to GLB, and what it is started with to do so."""


@dataclasses.dataclass(frozen=True)
class Given:
    """Answers of a person to what files do not say themselves, or say wrongly.

    Attributes:
      fps: frames a second; None for the file's own.
      metres_per_unit: the unit of length; None for the one that the body shows.
      up: the vertical axis, one of `world.UPS`; empty for the one that the body shows.
      joints: the smpl22 joint that each of some joints is, by its name in the file.
      body_models: SMPL+H's models for AMASS files; see `amass.body_model`.
    """

    fps: float | None = None
    metres_per_unit: float | None = None
    up: str = ""
    joints: Mapping[str, str] = dataclasses.field(default_factory=dict)
    body_models: str | os.PathLike | None = None


@dataclasses.dataclass(frozen=True, eq=False)
class Take:
    """A file's motion on its own skeleton, and what was found out about the file.

    Attributes:
      motion: in metres, y up, the floor at zero.
      body: the person's joints in the skeleton; None where there is no person.
      metres_per_unit: the file's unit of length.
      up: the file's vertical axis, one of `world.UPS`.
      floor: the floor's height in the file, in metres.
      mirrored: the file's axes were left-handed, as Unity's and Unreal's are.
      left_out: frames at the beginning that are a pose of their own.
      unseen: names of joints that the file has in too few frames.
      path: the file; empty for a recording that was not read from one.
    """

    motion: Motion
    body: Body | None
    metres_per_unit: float
    up: str
    floor: float
    mirrored: bool
    left_out: int
    unseen: tuple[str, ...] = ()
    path: str = ""

    @property
    def read_as(self) -> str:
        """A sentence on what was found, which is the same for files of one kind."""
        said = f"{self.up} is up, a unit is {self.metres_per_unit:.4g} m"
        if self.mirrored:
            said += ", left-handed axes"
        if self.left_out:
            said += ", without a pose before the motion"
        if self.body is None:
            return f"{said}; nobody's body"
        names = self.motion.skeleton.joints
        own = {joint: names[index] for joint, index in self.body.joints.items()}
        joints = ", ".join(f"{joint}={own[joint]}" for joint in SMPL22.joints if joint in own)
        if all(joint == name for joint, name in own.items()):
            joints = "smpl22's own"
        return f"{said}; joints told by {self.body.told_by}: {joints}"

    def on_smpl22(self) -> Motion:
        """The motion on smpl22.

        Raises:
          NoPerson: there is no person in the file.
        """
        if self.motion.skeleton == SMPL22:
            return self.motion
        if self.body is None:
            names = self.motion.skeleton.joints
            where = self.path or self.motion.skeleton.name
            unseen = f" (missing too often: {quoted(', '.join(self.unseen))})"
            raise NoPerson(
                f"{where}: no two legs and two arms of a person were found "
                f"among its {len(names)} joints, {quoted(', '.join(names))}"
                f"{unseen if self.unseen else ''}; name them in a joints.csv"
            )
        return retarget(self.motion, self.body)


def read_motion(
    path: str | os.PathLike, given: Given | None = None, *, skeleton: str = "smpl22"
) -> Motion:
    """Reads a motion capture file as joint positions in metres, y up, the floor at zero.

    Args:
      path: the file; its ending tells the format.
      given: what is known of the file; None for nothing.
      skeleton: smpl22, which models take, or own, the file's own.

    Raises:
      InputError: as `read_take`, or there is no person in the file and the skeleton is smpl22.
    """
    try:
        take = read_take(path, given)
    except Unsaid as error:
        raise InputError(
            f"{error} as given=motext_jax.motion.files.Given(fps=30), or whatever they are"
        ) from None
    return take.motion if skeleton == "own" else take.on_smpl22()


def read_take(path: str | os.PathLike, given: Given | None = None) -> Take:
    """Reads a motion capture file on its own skeleton; arguments as `read_motion`.

    Raises:
      InputError: the path is a folder, the format is none of `FORMATS`, the file is missing or
        damaged, its rate is known to nobody, or its body is of no person's size.
    """
    given = given or Given()
    return take_of_file(read_recording(path, given.body_models), given, path)


def take_of_file(recording: Recording, given: Given, path: str | os.PathLike) -> Take:
    """A recording that was read from a file, as `take_of` gives it; errors of `read_take`."""
    try:
        return dataclasses.replace(take_of(recording, given), path=os.fspath(path))
    except InputError as error:
        raise type(error)(f"{path}: {error}") from None


def take_of(recording: Recording, given: Given) -> Take:
    """A recording brought upright and to metres; errors of `read_take`, without the file's name."""
    body = find_body(recording, given.joints)
    joints = body.joints if body else None
    fps = given.fps or recording.fps
    if not fps:
        raise Unsaid("does not say its frames a second; give them")
    unit = given.metres_per_unit or world.find_unit(recording, joints)
    up = given.up or _up(recording, joints)
    left_out = int(world.lone_pose(recording.positions, world.leg_length(recording, joints)))
    positions = world.upright(recording.positions[left_out:] * np.float32(unit), up)
    # Sides that the pose has told agree with it, and some formats say their axes.
    named = body if body and body.told_by != BY_POSE and recording.up is None else None
    mirrored = named is not None and world.is_mirrored(positions, named.joints)
    if mirrored:
        positions[..., 2] *= -1
    # Without props, and without a root that lies at the scene's origin.
    floor = world.floor(positions[:, list(joints.values())] if joints else positions)
    positions[..., 1] -= np.float32(floor)
    if recording.joints == SMPL22.joints:
        own = SMPL22
    else:
        own = own_skeleton(recording.name, recording.joints, recording.parents, joints)
    motion = Motion(positions, fps, own)
    return Take(motion, body, unit, up, floor, mirrored, left_out, recording.unseen)


def _up(recording: Recording, joints: Mapping[str, int] | None) -> str:
    """The format's vertical; else the body's; else y, which most files have."""
    if recording.up is not None or joints is None:
        return "xyz"[1 if recording.up is None else recording.up]
    return world.find_up(recording.positions, joints)


def files_beside(path: str | os.PathLike) -> tuple[pathlib.Path, ...]:
    """The files that are read along with one: an .amc's skeleton, a .gltf's buffers.

    None for a file that cannot be read: its reader says what is wrong.
    """
    with contextlib.suppress(InputError, OSError, ValueError):
        match pathlib.Path(path).suffix.lower():
            case ".amc":
                return (asf_amc.find_asf(pathlib.Path(path)),)
            case ".gltf":
                return gltf_document.Document(path).files()
    return ()


def read_recording(
    path: str | os.PathLike, body_models: str | os.PathLike | None = None
) -> Recording:
    """Reads a motion capture file in its own unit and axes; arguments and errors as `read_take`."""
    return check_recording(path, _read(path, body_models))


def _read(path: str | os.PathLike, body_models: str | os.PathLike | None) -> Recording:
    # Not Path.is_dir, which raises an error for a name that is too long.
    if os.path.isdir(path):
        raise InputError(f"{path}: a folder; expected a file, one of {', '.join(FORMATS)}")
    match pathlib.Path(path).suffix.lower():
        case ".bvh":
            return bvh.read_recording(path)
        case ".amc":
            return asf_amc.read_recording(path)
        case ".npz" if amass.is_amass(array_names(path)):
            return amass.read_recording(path, body_models)
        case ".npy" | ".npz":
            return joint_array.read_recording(path)
        case ".csv":
            return joint_table.read_recording(path)
        case ".skeleton":
            return ntu.read_recording(path)
        case ".glb" | ".gltf" | ".vrm" | ".vrma":
            return gltf.read_recording(path)
        case ".c3d":
            return c3d.read_recording(path)
        case ".trc":
            return trc.read_recording(path)
        case ".fbx":
            return fbx.read_recording(path)
        case ".blend" as suffix:
            raise InputError(
                f"{path}: {suffix} is not read; bring it to GLB with Blender, File > Export > glTF "
                f"2.0, or with the command: blender {BLENDER[suffix]}"
            )
        case suffix:
            raise InputError(
                f"{path}: a {quoted(suffix)} file; expected one of {', '.join(FORMATS)}"
            )

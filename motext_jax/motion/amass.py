"""AMASS files (Mahmood et al. 2019): SMPL+H poses as axis-angle, z up, to joint positions."""

import dataclasses
import os
import pathlib

import numpy as np
from jaxtyping import Float, Int

from motext_jax.errors import InputError
from motext_jax.motion import average_body
from motext_jax.motion.array_file import read_arrays
from motext_jax.motion.kinematics import axis_angle_rotations, forward_kinematics
from motext_jax.motion.motion import Motion
from motext_jax.shown import quoted
from motext_jax.skeleton import SMPL22

DOWNLOAD = "the download that is meant is 'SMPL+H G' of amass.is.tue.mpg.de"

# The joints that are posed: smpl22, and the first knuckle of each index finger, which BABEL calls
# the hand. SMPL+H's own 52 have the left hand's 15 and then the right hand's between.
JOINTS = (*SMPL22.joints, "left_index1", "right_index1")
PARENTS = (*SMPL22.parents, SMPL22.index("left_wrist"), SMPL22.index("right_wrist"))
SMPLH_INDICES = (*range(22), 22, 37)
SMPLH_JOINTS = 52

BLOCK = 4096
"""Frames that are posed at once."""


@dataclasses.dataclass(frozen=True, eq=False)
class Amass:
    """An AMASS file's poses and body shape.

    Attributes:
      poses: each of `JOINTS`' rotation relative to its parent, axis-angle in radians.
      translation: the body's origin, in metres, z up.
      betas: the body's shape.
      gender: male, female or neutral: the body model that the shape belongs to.
      fps: frames a second.
    """

    poses: Float[np.ndarray, "t 24 3"]
    translation: Float[np.ndarray, "t 3"]
    betas: Float[np.ndarray, "b"]
    gender: str
    fps: float

    def select(self, frames: Int[np.ndarray, "n"], fps: float) -> "Amass":
        """Some of the frames, now so many a second."""
        return dataclasses.replace(
            self, poses=self.poses[frames], translation=self.translation[frames], fps=fps
        )

    def motion(self, body_models: str | os.PathLike | None = None) -> Motion:
        """Positions of smpl22 in metres, y up, translation included.

        Args:
          body_models: see `body_model`; with None every body has the average person's bones.

        Raises:
          InputError: as `body_model`.
        """
        rest = generic_rest()
        if body_models is not None:
            rest = body_model(body_models, self.gender).rest(self.betas)
        joints = self.positions(rest)[:, : len(SMPL22.joints)] + self.translation[:, None]
        y_up = np.stack([joints[..., 0], joints[..., 2], -joints[..., 1]], axis=-1)
        return Motion(y_up.astype(np.float32), self.fps, SMPL22)

    def positions(self, rest: Float[np.ndarray, "24 3"]) -> Float[np.ndarray, "t 24 3"]:
        """Positions of `JOINTS` in metres, z up, without the translation.

        The pelvis stays at its place in the rest pose. Pose blend shapes move the skin and not the
        joints, so this is the body model's own kinematics.

        Args:
          rest: the joints of the body at rest; see `generic_rest` and `BodyModel.rest`.
        """
        offsets = rest.copy()
        for joint, parent in enumerate(PARENTS):
            if parent >= 0:
                offsets[joint] -= rest[parent]
        blocks = np.split(self.poses, range(BLOCK, len(self.poses), BLOCK))
        return np.concatenate(
            [forward_kinematics(axis_angle_rotations(block), offsets, PARENTS) for block in blocks]
        )


@dataclasses.dataclass(frozen=True, eq=False)
class BodyModel:
    """The part of an SMPL+H model that says where the joints of a shape are.

    Attributes:
      joints: the mean shape's joints, in metres.
      directions: each joint's displacement per unit of each shape number, in metres.
    """

    joints: Float[np.ndarray, "24 3"]
    directions: Float[np.ndarray, "24 3 b"]

    def rest(self, betas: Float[np.ndarray, "b"]) -> Float[np.ndarray, "24 3"]:
        """The joints of a shape at rest: J_regressor · (v_template + shapedirs · betas)."""
        count = min(len(betas), self.directions.shape[-1])
        return self.joints + self.directions[..., :count] @ betas[:count]


def read_motion(path: str | os.PathLike, body_models: str | os.PathLike | None = None) -> Motion:
    """An AMASS file as `Amass.motion`; errors as there and of `read_amass`."""
    return read_amass(path).motion(body_models)


def generic_rest() -> Float[np.ndarray, "24 3"]:
    """The average person's joints at rest, in metres, the pelvis at the origin."""
    rest = np.zeros((len(JOINTS), 3))
    for joint, parent in enumerate(PARENTS):
        if parent >= 0:
            rest[joint] = rest[parent] + average_body.offset(JOINTS[joint])
    return rest


def body_model(path: str | os.PathLike, gender: str) -> BodyModel:
    """An SMPL+H model of the user's own (from mano.is.tue.mpg.de).

    Args:
      path: a model's npz file, or the folder `smplh` with `<gender>/model.npz` in it.
      gender: chooses the model in a folder.

    Raises:
      InputError: there is no such file, or it is no SMPL+H model.
    """
    path = pathlib.Path(path)
    file = path / gender / "model.npz" if path.is_dir() else path
    names = ("J_regressor", "v_template", "shapedirs")
    arrays = read_arrays(file, names)
    missing = [name for name in names if name not in arrays]
    if missing:
        raise InputError(f"{file}: lacks {', '.join(missing)}; expected an SMPL+H model.npz")
    regressor, template, directions = (arrays[name] for name in names)
    vertices = len(template) if template.ndim == 2 else 0
    fits = (
        template.shape == (vertices, 3)
        and regressor.shape == (SMPLH_JOINTS, vertices)
        and directions.shape[:-1] == (vertices, 3)
    )
    if not fits:
        raise InputError(
            f"{file}: J_regressor {regressor.shape}, v_template {template.shape}, shapedirs "
            f"{directions.shape}; SMPL+H has ({SMPLH_JOINTS}, n), (n, 3), (n, 3, shapes)"
        )
    regressor = regressor[list(SMPLH_INDICES)]
    return BodyModel(regressor @ template, np.tensordot(regressor, directions, axes=1))


def read_amass(path: str | os.PathLike) -> Amass:
    """An AMASS file as it stands.

    Raises:
      InputError: the file is missing or damaged, or is another of AMASS's flavours.
    """
    names = ("poses", "trans", "betas", "gender", "mocap_framerate", "mocap_frame_rate")
    arrays = read_arrays(path, names)
    if "poses" not in arrays:
        what = "a body's shape alone" if "betas" in arrays else "no AMASS motion"
        raise InputError(f"{path}: {what}, without the array 'poses'; {DOWNLOAD}")
    poses = arrays["poses"]
    frames, width = poses.shape if poses.ndim == 2 else (0, 0)
    if width != 3 * SMPLH_JOINTS:
        flavour = {165: "SMPL-X", 72: "SMPL", 159: "SMPL+H without its hands' joints"}.get(width)
        found = f"{flavour}, {width} pose numbers" if flavour else f"poses of shape {poses.shape}"
        raise InputError(
            f"{path}: {found} a frame; expected SMPL+H's {3 * SMPLH_JOINTS}; {DOWNLOAD}"
        )
    if "mocap_framerate" not in arrays:
        other = "; mocap_frame_rate is SMPL-X's" if "mocap_frame_rate" in arrays else ""
        raise InputError(f"{path}: there is no mocap_framerate{other}; {DOWNLOAD}")
    translation = arrays.get("trans", np.zeros((frames, 3)))
    fps = _number(path, arrays["mocap_framerate"])
    if not frames or translation.shape != (frames, 3):
        raise InputError(
            f"{path}: {frames} frames of poses, trans of shape {translation.shape}; expected "
            "(frames, 3), with a frame at least"
        )
    betas = arrays.get("betas", np.zeros(16)).reshape(1, -1)
    for name, array in (("poses", poses), ("trans", translation), ("betas", betas)):
        if array.dtype.kind not in "fiu":
            raise InputError(f"{path}: {name} is of type {array.dtype}; expected numbers")
        finite = np.isfinite(array).all(axis=1)
        if not finite.all():
            raise InputError(f"{path}: NaN or infinity in {name}, frame {int(np.argmin(finite))}")
    posed = poses.reshape(frames, SMPLH_JOINTS, 3)[:, list(SMPLH_INDICES)]
    return Amass(posed, translation, betas[0], _gender(path, arrays.get("gender")), fps)


def _number(path: str | os.PathLike, array: np.ndarray) -> float:
    value = float(array.ravel()[0]) if array.size == 1 and array.dtype.kind in "iuf" else 0.0
    if not 0 < value < np.inf:
        raise InputError(f"{path}: mocap_framerate is {quoted(array)}; expected frames a second")
    return value


def _gender(path: str | os.PathLike, array: np.ndarray | None) -> str:
    """Files hold it as str or as bytes; those without it were fitted with the neutral body."""
    if array is None:
        return "neutral"
    value = array.ravel()[0] if array.size == 1 else array
    gender = value.decode("ascii", "replace") if isinstance(value, bytes) else str(value)
    if gender not in ("male", "female", "neutral"):
        raise InputError(f"{path}: gender is {quoted(gender)}; expected male, female or neutral")
    return gender

"""AMASS files (Mahmood et al. 2019): poses of SMPL+H, SMPL-X or SMPL, z up, to joint positions."""

import dataclasses
import os
import pathlib
from collections.abc import Collection

import numpy as np
from jaxtyping import Float, Int

from motext_jax.counted import counted
from motext_jax.errors import InputError
from motext_jax.motion import average_body, frame_rate
from motext_jax.motion.array_file import read_arrays, texts, type_name
from motext_jax.motion.kinematics import axis_angle_rotations, forward_kinematics
from motext_jax.motion.recording import Recording
from motext_jax.shown import quoted
from motext_jax.skeleton import SMPL22

DOWNLOAD = "the downloads that are meant are 'SMPL+H G' and 'SMPL-X G' of amass.is.tue.mpg.de"

# The joints that are posed: smpl22, and the first knuckle of each index finger, which BABEL calls
# the hand.
JOINTS = (*SMPL22.joints, "left_index1", "right_index1")
PARENTS = (*SMPL22.parents, SMPL22.index("left_wrist"), SMPL22.index("right_wrist"))

# Every body model of the family has smpl22's joints first. SMPL+H goes on with the left hand's 15
# and the right hand's, SMPL-X has the jaw and the eyes between, and SMPL one joint a hand.
MODELS = {52: "SMPL+H", 55: "SMPL-X", 24: "SMPL"}
INDEX_FINGERS = {"SMPL+H": (22, 37), "SMPL-X": (25, 40), "SMPL": (22, 23)}
SURFACES = {"smplh": "SMPL+H", "smplx": "SMPL-X", "smpl": "SMPL"}

# Pose numbers a frame: those of the three models; 159 are SMPL+H's and three more, 66 are smpl22's.
WIDTHS = {156: "SMPL+H", 165: "SMPL-X", 72: "SMPL", 159: None, 66: None}

# Names of the same array: AMASS's own, and those of the body models' programs.
ROOT = ("root_orient", "global_orient")
BODY = ("pose_body", "body_pose")
TRANSLATION = ("trans", "transl")
BODY_NUMBERS = 63

GENDERS = ("male", "female", "neutral")

# Far beyond any person: an angle in radians, a translation in metres, a number of the shape, and
# the place of a joint or vertex at rest in metres.
LARGEST_ANGLE = 100.0
LARGEST_TRANSLATION = 1000.0
LARGEST_SHAPE = 100.0
LARGEST_PLACE = 10.0

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
      fps: frames a second; None where the file does not say.
      model: the body model that the shape belongs to: SMPL+H, SMPL-X or SMPL; None where the file
        does not say.
    """

    poses: Float[np.ndarray, "t 24 3"]
    translation: Float[np.ndarray, "t 3"]
    betas: Float[np.ndarray, "b"]
    gender: str
    fps: float | None
    model: str | None

    def select(self, frames: Int[np.ndarray, "n"], fps: float) -> "Amass":
        """Some of the frames, now so many a second."""
        return dataclasses.replace(
            self, poses=self.poses[frames], translation=self.translation[frames], fps=fps
        )

    def body(self, body_models: str | os.PathLike | None = None) -> Float[np.ndarray, "t 22 3"]:
        """Positions of smpl22 in metres, y up, translation included, float32.

        Args:
          body_models: see `body_model`; with None every body has the average person's bones. A
            shape of another body model than the file's is not used: the body is the mean one.

        Raises:
          InputError: as `body_model`, or the shape is no body's.
        """
        rest = generic_rest()
        if body_models is not None:
            model = body_model(body_models, self.gender)
            alike = self.model in (None, model.name)
            rest = model.rest(self.betas if alike else np.zeros(0))
            if not np.abs(rest).max() < LARGEST_PLACE:
                raise InputError(
                    f"{body_models}: the model and the file's shape, betas up to "
                    f"{np.abs(self.betas).max(initial=0):g}, give no body of a person"
                )
        joints = self.positions(rest)[:, : len(SMPL22.joints)] + self.translation[:, None]
        y_up = np.stack([joints[..., 0], joints[..., 2], -joints[..., 1]], axis=-1)
        return y_up.astype(np.float32)

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
    """The part of a body model that says where the joints of a shape are.

    Attributes:
      name: SMPL+H, SMPL-X or SMPL.
      joints: the mean shape's joints, in metres.
      directions: each joint's displacement per unit of each shape number, in metres.
    """

    name: str
    joints: Float[np.ndarray, "24 3"]
    directions: Float[np.ndarray, "24 3 b"]

    def rest(self, betas: Float[np.ndarray, "b"]) -> Float[np.ndarray, "24 3"]:
        """The joints of a shape at rest: J_regressor · (v_template + shapedirs · betas)."""
        count = min(len(betas), self.directions.shape[-1])
        return self.joints + self.directions[..., :count] @ betas[:count]


def read_recording(
    path: str | os.PathLike, body_models: str | os.PathLike | None = None
) -> Recording:
    """An AMASS file as a recording; errors as `Amass.body` and `read_amass`."""
    amass = read_amass(path)
    return Recording(
        SMPL22.name,
        SMPL22.joints,
        SMPL22.parents,
        amass.body(body_models),
        fps=amass.fps,
        metres_per_unit=1.0,
        up=SMPL22.up,
    )


def is_amass(names: Collection[str]) -> bool:
    """True for the arrays of an AMASS file, by their names; its poses may be in parts or absent."""
    return bool({"poses", "betas", *ROOT, *BODY} & set(names))


def generic_rest() -> Float[np.ndarray, "24 3"]:
    """The average person's joints at rest, in metres, the pelvis at the origin."""
    rest = np.zeros((len(JOINTS), 3))
    for joint, parent in enumerate(PARENTS):
        if parent >= 0:
            rest[joint] = rest[parent] + average_body.offset(JOINTS[joint])
    return rest


def body_model(path: str | os.PathLike, gender: str) -> BodyModel:
    """A body model of the user's own (SMPL+H's from mano.is.tue.mpg.de).

    Args:
      path: a model's npz file, or the folder `smplh` with `<gender>/model.npz` in it.
      gender: chooses the model in a folder.

    Raises:
      InputError: there is no such file, or it is no model of SMPL+H, SMPL-X or SMPL.
    """
    path = pathlib.Path(path)
    file = path / gender / "model.npz" if path.is_dir() else path
    names = ("J_regressor", "v_template", "shapedirs")
    arrays = read_arrays(file, names)
    missing = [name for name in names if name not in arrays]
    if missing:
        raise InputError(f"{file}: lacks {', '.join(missing)}; expected an SMPL+H model.npz")
    regressor, template, directions = (
        _numbers(file, name, arrays[name], LARGEST_PLACE) for name in names
    )
    vertices = len(template) if template.ndim == 2 else 0
    fits = (
        template.shape == (vertices, 3)
        and regressor.shape in [(joints, vertices) for joints in MODELS]
        and directions.ndim == 3
        and directions.shape[:-1] == (vertices, 3)
    )
    if not fits:
        raise InputError(
            f"{file}: J_regressor {regressor.shape}, v_template {template.shape}, shapedirs "
            f"{directions.shape}; SMPL+H has (52, n), (n, 3), (n, 3, shapes), SMPL-X 55 and SMPL "
            "24 instead of 52"
        )
    name = MODELS[len(regressor)]
    regressor = regressor[[*range(len(SMPL22.joints)), *INDEX_FINGERS[name]]]
    return BodyModel(name, regressor @ template, np.tensordot(regressor, directions, axes=1))


def read_amass(path: str | os.PathLike) -> Amass:
    """An AMASS file as it stands.

    Raises:
      InputError: the file is missing or damaged, or holds no motion of a body.
    """
    names = ("poses", *ROOT, *BODY, *TRANSLATION, "betas", "gender", "surface_model_type")
    arrays = read_arrays(path, (*names, *frame_rate.NAMES))
    poses, model = _poses(path, arrays)
    held = _held(arrays, TRANSLATION)
    translation = np.zeros((len(poses), 3)) if held is None else held
    translation = _numbers(path, "trans", translation, LARGEST_TRANSLATION)
    if not len(poses) or translation.shape != (len(poses), 3):
        raise InputError(
            f"{path}: {counted(len(poses), 'frame')} of poses, trans of shape {translation.shape}; "
            "expected (frames, 3), with a frame at least"
        )
    betas = _numbers(path, "betas", arrays.get("betas", np.zeros(16)), LARGEST_SHAPE)
    # Some programs repeat the shape for each frame.
    if betas.ndim == 2 and len(betas):
        betas = betas[0]
    stated = [name for name in frame_rate.NAMES if name in arrays]
    fps = frame_rate.stated_rate(f"{path}: {stated[0]}", arrays[stated[0]]) if stated else None
    gender = _text(path, "gender", arrays["gender"]) if "gender" in arrays else "neutral"
    if gender not in GENDERS:
        raise InputError(f"{path}: gender is {quoted(gender)}; expected {', '.join(GENDERS)}")
    return Amass(poses, translation, betas.ravel(), gender, fps, model)


def _poses(
    path: str | os.PathLike, arrays: dict[str, np.ndarray]
) -> tuple[Float[np.ndarray, "t 24 3"], str | None]:
    """The rotations of `JOINTS`, from one array or from parts, and the shape's body model."""
    named = "surface_model_type" in arrays
    kind = _text(path, "surface_model_type", arrays["surface_model_type"]) if named else ""
    if named and not kind.startswith("smpl"):
        raise InputError(
            f"{path}: surface_model_type is {quoted(kind)}; expected a body model of persons, "
            "such as smplx"
        )
    if "poses" in arrays:
        poses = arrays["poses"]
        width = poses.shape[1] if poses.ndim == 2 else 0
        if width not in WIDTHS:
            raise InputError(
                f"{path}: poses of shape {poses.shape}; expected (frames, numbers), with SMPL+H's "
                f"156 numbers, SMPL-X's 165 or SMPL's 72; {DOWNLOAD}"
            )
    else:
        root, body = _held(arrays, ROOT), _held(arrays, BODY)
        if root is None or body is None:
            what = "a body's shape alone" if "betas" in arrays else "no AMASS motion"
            raise InputError(
                f"{path}: {what}, without the array 'poses', or 'root_orient' and 'pose_body'; "
                f"{DOWNLOAD}"
            )
        parts = root.ndim == body.ndim == 2 and len(root) == len(body) and root.shape[1] == 3
        if not parts or body.shape[1] < BODY_NUMBERS:
            raise InputError(
                f"{path}: root_orient of shape {root.shape}, pose_body of shape {body.shape}; "
                f"expected (frames, 3) and (frames, {BODY_NUMBERS})"
            )
        _numbers(path, "root_orient", root, LARGEST_ANGLE, angles=True)
        _numbers(path, "pose_body", body, LARGEST_ANGLE, angles=True)
        poses = np.concatenate([root, body[:, :BODY_NUMBERS]], axis=1)
        width = poses.shape[1]
    poses = _numbers(path, "poses", poses, LARGEST_ANGLE, angles=True)
    posed = np.zeros((len(poses), len(JOINTS), 3), poses.dtype)
    joints = poses.reshape(len(poses), width // 3, 3)
    body_joints = len(SMPL22.joints)
    posed[:, :body_joints] = joints[:, :body_joints]
    model = WIDTHS[width]
    if model is None:
        return posed, SURFACES.get(kind.partition("_")[0])
    for finger, index in enumerate(INDEX_FINGERS[model]):
        posed[:, body_joints + finger] = joints[:, index]
    return posed, model


def _numbers(
    path: str | os.PathLike, name: str, array: np.ndarray, largest: float, angles: bool = False
) -> Float[np.ndarray, "..."]:
    """The array in single or double precision, once it is seen to be of plausible numbers."""
    if array.dtype.kind not in ("f" if angles else "fiu"):
        expected = "angles in radians, with fractions" if angles else "numbers"
        raise InputError(f"{path}: {name} is of type {type_name(array.dtype)}; expected {expected}")
    rows = array.reshape(len(array) if array.ndim else 1, -1) if array.size else np.zeros((1, 1))
    finite = np.isfinite(rows).all(axis=1)
    if not finite.all():
        raise InputError(f"{path}: NaN or infinity in {name}, frame {int(np.argmin(finite))}")
    # Compared from both sides: the absolute of the smallest integer overflows.
    inside = ((rows >= -largest) & (rows <= largest)).all(axis=1)
    if not inside.all():
        frame = int(np.argmin(inside))
        worst = max(map(float, rows[frame]), key=abs)
        raise InputError(
            f"{path}: {worst:g} in {name}, frame {frame}; expected numbers up to {largest:,.0f}"
        )
    single = array.dtype.kind == "f" and array.dtype.itemsize <= 4
    return array.astype(np.float32 if single else np.float64, copy=False)


def _held(arrays: dict[str, np.ndarray], names: tuple[str, ...]) -> np.ndarray | None:
    return next((arrays[name] for name in names if name in arrays), None)


def _text(path: str | os.PathLike, name: str, array: np.ndarray) -> str:
    found = texts(f"{path}: {name}", array)
    if len(found) != 1:
        raise InputError(f"{path}: {name} is {quoted(found)}; expected one text")
    return found[0].strip().lower()

"""Small valid folders of every format, and how each is read as far as training does."""

import contextlib
import dataclasses
import io
import json
import pathlib
import pickle
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import acclaim
import amass_files
import bvh_people
import c3d_points
import fbx_scene
import gltf_scene
import joint_people
import numpy as np
import tiny
import trc_points

from motext_jax.config import dataset
from motext_jax.data.babel.annotations import read_sequences
from motext_jax.data.babel.release import BabelRelease
from motext_jax.data.sources import open_files
from motext_jax.errors import InputError
from motext_jax.motion import average_body, files
from motext_jax.motion.joint_layouts import NTU25_LAYOUT
from motext_jax.skeleton import SMPL22

Files = dict[str, bytes]

SOUND = ("labels.csv", "base.bvh", "train_ntu_sk_60.npy", "base_poses.npz")
"""Files of a folder that stay as they are."""

STICK = """\
HIERARCHY
ROOT Hips
{
  OFFSET 0 0 0
  CHANNELS 6 Xposition Yposition Zposition Zrotation Xrotation Yrotation
  JOINT Leg
  {
    OFFSET 0 -4 0
    CHANNELS 3 Zrotation Xrotation Yrotation
    End Site
    {
      OFFSET 0 -3 0
    }
  }
}
MOTION
Frames: 2
Frame Time: .0083333
1 2 3 0 0 0 90 0 0
1 2 3 90 0 0 0 90 0
"""


@dataclasses.dataclass(frozen=True)
class Format:
    """A kind of file or folder.

    Attributes:
      samples: makes valid ones: the files of a folder by their names.
      read: gives all that is read of a folder.
    """

    samples: Callable[[], list[Files]]
    read: Callable[[pathlib.Path], Iterator[Any]]


def motion(name: str, *contents: Callable[[], bytes], **beside: Callable[[], bytes]) -> Format:
    """A format of motion files: the file's name, samples, and files beside it."""

    def read(folder: pathlib.Path) -> Iterator[Any]:
        recording = files.read_recording(folder / name)
        yield recording
        take = files.take_of(recording, files.Given(fps=None if recording.fps else 30.0))
        yield take
        # A skeleton that is no person's has been read all the same.
        with contextlib.suppress(InputError):
            yield take.on_smpl22()

    def made() -> list[Files]:
        others = {file.replace("_", "."): content() for file, content in beside.items()}
        return [{name: content(), **others} for content in contents]

    return Format(made, read)


def folder_of(name: str, samples: Callable[[], list[Files]], **options: str) -> Format:
    """A data set of a name; options name folders within its own."""

    def read(folder: pathlib.Path) -> Iterator[Any]:
        places = {option: str(folder / place) for option, place in options.items()}
        config = dataset(name, root=str(folder), frames=16, **places)
        source = open_files(config)
        for file in source.files("train"):
            yield source.read_clips(file)

    return Format(samples, read)


def without_sample() -> list[str]:
    """The endings that `files` reads and that no format has a sample of."""
    made = (format.samples()[0] for format in FORMATS.values())
    # Another ending of one format.
    held = {".vrm", ".vrma"}
    held |= {pathlib.PurePath(name).suffix for folder in made for name in folder}
    return sorted(set(files.FORMATS) - held)


def _people() -> list[Callable[[], bytes]]:
    """A stick, and a person of every publisher; short, for most time goes by the frame."""
    return [STICK.encode, *(_person(publisher) for publisher in bvh_people.PUBLISHERS.values())]


def _person(publisher: bvh_people.Publisher) -> Callable[[], bytes]:
    return lambda: bvh_people.text(publisher).encode()


def _amass() -> bytes:
    rng = np.random.default_rng(0)
    file = io.BytesIO()
    poses = rng.normal(0, 0.1, (6, 156))
    poses[:, 0] += np.pi / 2
    np.savez(
        file,
        poses=poses,
        trans=np.full((6, 3), 0.9),
        betas=np.zeros(16),
        gender=np.array("male"),
        mocap_framerate=np.array(30.0),
    )
    return file.getvalue()


def _joints(joints: Sequence[str] = SMPL22.joints) -> np.ndarray:
    person = joint_people.person(frames=6)
    middle = dict.fromkeys(joints, person["pelvis"])
    return joint_people.array_of(middle | person, joints).astype(np.float32)


def _npy() -> bytes:
    file = io.BytesIO()
    np.save(file, _joints())
    return file.getvalue()


def _npz() -> bytes:
    file = io.BytesIO()
    np.savez(file, joints=_joints(), names=np.array(SMPL22.joints), fps=np.array(20.0))
    return file.getvalue()


def _table() -> bytes:
    names = [f"{joint}_{axis}" for joint in SMPL22.joints for axis in "xyz"]
    rows = [[f"{number:.4f}" for number in frame.ravel()] for frame in _joints()]
    times = [f"{number / 20:.2f}" for number in range(len(rows))]
    lines = [["time", *names], *([time, *row] for time, row in zip(times, rows, strict=True))]
    return "\n".join(map(",".join, lines)).encode()


def _skeleton() -> bytes:
    lines = ["3"]
    for frame in _joints(NTU25_LAYOUT.joints)[:3]:
        lines += ["1", "72 0 1 1 0 0 0 0.02 -0.1 2", str(len(frame))]
        lines += [f"{x:.4f} {y:.4f} {z:.4f} 1 2 3 4 0.1 0.2 0.3 0.4 2" for x, y, z in frame]
    return "\n".join(lines).encode()


def _scene() -> gltf_scene.Scene:
    """Smpl22's joints at rest, and a walk of the pelvis with a turn of the left knee."""
    children = {joint: [] for joint in range(len(SMPL22.joints))}
    for joint, parent in enumerate(SMPL22.parents):
        if parent >= 0:
            children[parent].append(joint)
    nodes = [
        {
            "name": name,
            "translation": average_body.offset(name).tolist() if joint else [0, 0.95, 0],
            **({"children": children[joint]} if children[joint] else {}),
        }
        for joint, name in enumerate(SMPL22.joints)
    ]
    times = [0, 0.1, 0.2]
    turn = [[0, 0, 0, 1], [0.7071068, 0, 0, 0.7071068], [0, 0, 0, 1]]
    walk = [[0, 0.95, 0], [0, 0.95, 0.1], [0, 0.95, 0.2]]
    knee = SMPL22.index("left_knee")
    return gltf_scene.Scene(nodes).animate(
        (0, "translation", times, walk), (knee, "rotation", times, turn, "LINEAR")
    )


def _fbx() -> fbx_scene.Scene:
    """The same of `fbx_scene`, in centimetres."""
    scene, nodes = fbx_scene.Scene(), []
    for joint, (name, parent) in enumerate(zip(SMPL22.joints, SMPL22.parents, strict=True)):
        place = 100 * average_body.offset(name) if joint else np.array([0, 95, 0])
        above = nodes[parent] if joint else None
        nodes.append(scene.node(name, above, Lcl_Translation=place))
    times = [0, 0.1, 0.2]
    return scene.animate(
        (nodes[0], "Lcl Translation", [0.0, 95.0, (times, [0, 10, 20])]),
        (nodes[SMPL22.index("left_knee")], "Lcl Rotation", [(times, [0, 90, 0]), 0.0, 0.0]),
    )


def _bin() -> bytes:
    return _scene().numbers


def _c3d(processor: int, scale: float) -> Callable[[], bytes]:
    positions = _joints() * 1000
    return lambda: c3d_points.c3d(SMPL22.joints, positions, processor, scale)


def _captions() -> list[Files]:
    table = (
        "file,start,end,caption,action,split\nbase.bvh,,,a person walks,walk,train\n"
        "base.bvh,0.01,0.02,she turns to the left,turn left,train\ntakes/a.bvh,,,waves,wave,\n"
    )
    person = _person(next(iter(bvh_people.PUBLISHERS.values())))()
    return [{"captions.csv": table.encode(), "base.bvh": person, "takes/a.bvh": person}]


def _humanml3d() -> list[Files]:
    file = io.BytesIO()
    np.save(file, tiny.motion("stand", 40, np.random.default_rng(0)))
    texts = "a person walks#a/DET person/NOUN walk/VERB#0.0#0.0\nshe turns#she/PRON#0.5#1.5\n"
    return [
        {
            "new_joints/a.npy": file.getvalue(),
            "texts/a.txt": texts.encode(),
            "train.txt": b"a\n",
            "labels.csv": b"id,action\na,walk\n",
        }
    ]


def _babel() -> list[Files]:
    label, sequence = amass_files.label, amass_files.sequence
    whole = [label("w", "walk about", ["walk"])]
    parts = [label("p", "stop", ["stand", "walk"], 0.05, 0.2), label("q", "go", None, 0.0, 0.1)]
    content = {
        "7": sequence("CMU/CMU/base_poses.npz", 0.2, whole, parts),
        "8": sequence("CMU/CMU/base_poses.npz", 0.2, whole),
    }
    return [
        {"annotations/train.json": json.dumps(content).encode(), "CMU/base_poses.npz": _amass()}
    ]


def _labels() -> list[Files]:
    file = io.BytesIO()
    features = np.random.default_rng(0).normal(size=(3, 3, 150, 25, 1)).astype(np.float32)
    np.save(file, features)
    numbers = [np.int64(3), np.int64(1), np.int64(-1)]
    content = (
        [np.str_("segA"), np.str_("segA"), np.str_("segB")],
        (numbers, ["a", "a", "b"], [np.int64(0), np.int64(1), np.int64(0)], [0, 1, 2]),
    )
    return [
        {
            "train_label_60.pkl": pickle.dumps(content, protocol),
            "train_ntu_sk_60.npy": file.getvalue(),
        }
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1)
    ]


def _read_labels(folder: pathlib.Path) -> Iterator[Any]:
    yield BabelRelease(dataset("babel60", root=str(folder))).clips("train")


def _read_annotations(folder: pathlib.Path) -> Iterator[Any]:
    yield read_sequences(folder / "annotations" / "train.json")
    yield from folder_of("babel_text", _babel, annotations="annotations").read(folder)


FORMATS: dict[str, Format] = {
    "bvh": motion("a.bvh", *_people()),
    "amc": motion("a.amc", acclaim.AMC.encode, a_asf=acclaim.ASF.encode),
    "amass": motion("a.npz", _amass),
    "npy": motion("a.npy", _npy),
    "npz": motion("a.npz", _npz),
    "csv": motion("a.csv", _table),
    "skeleton": motion("a.skeleton", _skeleton),
    "glb": motion("a.glb", lambda: _scene().glb()),
    "gltf": motion("a.gltf", lambda: _scene().gltf(), lambda: _scene().gltf("a.bin"), a_bin=_bin),
    "fbx": motion(
        "a.fbx", lambda: _fbx().binary(), lambda: _fbx().binary(version=7500, packed=True)
    ),
    "c3d": motion(
        "a.c3d",
        _c3d(c3d_points.INTEL, -1.0),
        _c3d(c3d_points.MIPS, 0.1),
        _c3d(c3d_points.DEC, -1.0),
    ),
    "trc": motion("a.trc", lambda: trc_points.trc(SMPL22.joints, _joints())),
    "captions": folder_of("mocap", _captions),
    "humanml3d": folder_of("humanml3d", _humanml3d),
    "babel": Format(_babel, _read_annotations),
    "babel_labels": Format(_labels, _read_labels),
}
"""Every format by its name; one of motion files takes a line."""

"""Bodies that are found by names, and by tree and pose."""

import csv
import dataclasses
import pathlib
import re

import bvh_people
import numpy as np
import pytest

from motext_jax.errors import InputError
from motext_jax.motion.body import find_body
from motext_jax.motion.bvh import read_recording
from motext_jax.motion.joint_names import plain_joints
from motext_jax.motion.recording import END, Recording
from motext_jax.skeleton import SMPL22

DATA = pathlib.Path(__file__).parents[3] / "shared/data"

PEOPLE = bvh_people.PUBLISHERS | {name: bvh_people.tool(name) for name in bvh_people.TOOLS}

# Where the shins, the feet and so on are called so.
JAPANESE = ["koshi", "sebone", "mune", "kubi", "atama", "kata", "hiji", "tekubi", "momo", "hiza"]


def recording(folder, text):
    path = folder / "person.bvh"
    path.write_text(text)
    return read_recording(path)


def renamed(text, names):
    """BVH text with other names of joints."""
    numbers = iter(range(1000))
    return re.sub(r"(ROOT|JOINT) .*", lambda match: f"{match[1]} {names(next(numbers))}", text)


def found(body, recording):
    return {joint: recording.joints[index] for joint, index in body.joints.items()}


@pytest.mark.parametrize("name", PEOPLE)
def test_bodies_of_many_tools(tmp_path, name):
    """By its names, and without any, every joint is what the table says."""
    text, expected = bvh_people.text(PEOPLE[name]), bvh_people.meanings(PEOPLE[name])
    own = recording(tmp_path, text)
    body = find_body(own)
    assert (body.told_by, found(body, own)) == ("names", expected)
    for names in ("j{}".format, lambda k: f"{JAPANESE[k % 10]}{k}"):
        nameless = recording(tmp_path, renamed(text, names))
        other = find_body(nameless)
        assert (other.told_by, other.joints) == ("tree and pose", body.joints)


@pytest.mark.parametrize("spelt", [str.upper, str.lower, "rig:{}".format, "{}_bind".format])
@pytest.mark.parametrize("name", ["Unity", "LaFAN1", "3ds Max Biped"])
def test_spellings(tmp_path, name, spelt):
    own = recording(tmp_path, bvh_people.text(PEOPLE[name]))
    joints = tuple(j if j.endswith(END) else spelt(j) for j in own.joints)
    body = find_body(dataclasses.replace(own, joints=joints))
    assert (body.told_by, body.joints) == ("names", find_body(own).joints)


@pytest.mark.shared_data
def test_published_files_without_their_names():
    paths = sorted((DATA / "bvh_samples").glob("*.bvh"))
    assert len(paths) > 30
    for path in paths:
        own = read_recording(path)
        joints = tuple(f"j{k}{END * own.joints[k].endswith(END)}" for k in range(len(own.joints)))
        body, nameless = find_body(own), find_body(dataclasses.replace(own, joints=joints))
        assert body.told_by == "names"
        assert nameless.joints == body.joints, path


@pytest.mark.shared_data
def test_limbs_of_published_motions_without_names():
    """Dances, bows, kicks and runs; those of CMU's fifth person have a forearm half as long."""
    with (DATA / "bandai/labels.csv").open() as file:
        ids = [row["id"] for row in csv.DictReader(file)][::23]
    assert len(ids) > 40
    limbs = {"hip", "knee", "ankle", "foot", "collar", "shoulder", "elbow", "wrist"}
    for id_ in ids:
        joints = np.load(DATA / f"bandai/new_joints/{id_}.npy").astype(np.float32)
        names = tuple(f"j{k}" for k in range(22))
        body = find_body(Recording(id_, names, SMPL22.parents, joints))
        for k, joint in enumerate(SMPL22.joints):
            if joint.partition("_")[2] in limbs:
                assert body.joints[joint] == k, (id_, joint)


# A dog's joints at rest in metres: a trunk that lies, and four legs of one length.
DOG = {
    "Hips": ("", (0, 0.55, 0)),
    "Spine": ("Hips", (0, 0, 0.2)),
    "Spine1": ("Spine", (0, 0, 0.25)),
    "Neck": ("Spine1", (0, 0.1, 0.15)),
    "Head": ("Neck", (0, 0.1, 0.12)),
    "Tail": ("Hips", (0, 0, -0.15)),
    "Tail1": ("Tail", (0, 0, -0.15)),
    "{}Shoulder": ("Spine1", (0.04, 0, 0.05)),
    "{}Arm": ("{}Shoulder", (0.04, -0.08, 0)),
    "{}ForeArm": ("{}Arm", (0, -0.2, -0.03)),
    "{}Hand": ("{}ForeArm", (0, -0.2, 0.03)),
    "{}HandSite": ("{}Hand", (0, -0.04, 0.04)),
    "{}UpLeg": ("Hips", (0.08, -0.03, 0)),
    "{}Leg": ("{}UpLeg", (0, -0.2, 0.05)),
    "{}Foot": ("{}Leg", (0, -0.2, -0.08)),
    "{}FootSite": ("{}Foot", (0, -0.08, 0.06)),
}


def dog():
    """A dog that stands and nods."""
    names, parents, places = [], [], []
    for name, (parent, offset) in DOG.items():
        for side, sign in (("Left", 1), ("Right", -1)) if "{}" in name else (("", 1),):
            names.append(name.format(side))
            above = parent.format(side)
            parents.append(names.index(above) if above else -1)
            place = np.multiply(offset, [sign, 1, 1])
            places.append(place + (places[parents[-1]] if above else 0))
    positions = np.repeat(np.array(places, np.float32)[None], 8, axis=0)
    positions[:, names.index("Head"), 1] += np.linspace(0, 0.05, 8)
    return Recording("dog.bvh", tuple(names), tuple(parents), positions)


def test_an_animal_is_nobody():
    """Neither by tree and pose nor by the names of a person, which animals' rigs have."""
    animal = dog()
    assert find_body(animal) is None
    nameless = tuple(f"j{k}" for k in range(len(animal.joints)))
    assert find_body(dataclasses.replace(animal, joints=nameless)) is None


def test_a_person_on_all_fours_is_one(tmp_path):
    """The same file with the trunk laid forward, the arms down and the legs down."""
    own = recording(tmp_path, bvh_people.text(PEOPLE["LaFAN1"]))
    positions = own.positions.copy()
    body = find_body(own).joints
    hips = positions[:, [body["pelvis"]]]
    upper = [
        k
        for k, name in enumerate(own.joints)
        if re.search("Spine|Neck|Head|Arm|Hand|Shoulder", name)
    ]
    x, y, z = np.moveaxis(positions[:, upper] - hips, -1, 0)
    positions[:, upper] = hips + np.stack([x, -z, y], axis=-1)
    assert find_body(dataclasses.replace(own, positions=positions)).joints.keys() == body.keys()


@pytest.mark.parametrize("joints", [("a",), ("a", "b", "c", "d", "e")])
def test_an_arm_is_nobody(joints):
    rng = np.random.default_rng(0)
    positions = rng.normal(size=(5, len(joints), 3)).astype(np.float32)
    assert (
        find_body(Recording("arm.bvh", joints, tuple(range(-1, len(joints) - 1)), positions))
        is None
    )


def test_joints_that_are_given_decide(tmp_path):
    own = recording(tmp_path, bvh_people.text(PEOPLE["LaFAN1"]))
    body = find_body(own, {"Spine": "spine2", "nobody's": "head"})
    assert body.told_by == "given"
    assert own.joints[body.joints["spine2"]] == "Spine"
    assert "spine1" not in body.joints
    assert body.joints["left_knee"] == own.joints.index("LeftLeg")


def test_a_body_of_given_joints_alone():
    """A skeleton that shows no body: every joint lies where the root is."""
    names = tuple(f"j{k}" for k in range(22))
    blank = Recording("a.bvh", names, SMPL22.parents, np.zeros((2, 22, 3), np.float32))
    assert find_body(blank) is None
    given = {f"j{k}": joint for k, joint in enumerate(SMPL22.joints)}
    assert find_body(blank, given).joints == {joint: k for k, joint in enumerate(SMPL22.joints)}
    del given["j4"]
    with pytest.raises(InputError, match=r"^j0, .* are given .* given as left_knee$"):
        find_body(blank, given)


def test_left_stays_left_where_a_frame_has_no_size(tmp_path):
    """As a character that appears does, whose root has no scale at first."""
    own = recording(tmp_path, renamed(bvh_people.text(PEOPLE["LaFAN1"]), "j{}".format))
    positions = own.positions.copy()
    positions[0] = positions[0, :1]
    assert find_body(dataclasses.replace(own, positions=positions)).joints == find_body(own).joints


def test_joints_of_names_alone():
    names = ["HandLeft", "WristLeft", "Hips", "foot_r", "LeftForeArm", "Spine2", "Prop"]
    assert plain_joints(names) == {
        "left_wrist": 1, "pelvis": 2, "right_ankle": 3, "left_elbow": 4, "spine2": 5,
    }  # fmt: skip

"""Motions of other skeletons on smpl22."""

import csv
import pathlib

import bvh_people
import numpy as np
import pytest

from motext_jax.motion import average_body
from motext_jax.motion.body import Body
from motext_jax.motion.files import read_motion, read_take
from motext_jax.motion.motion import Motion
from motext_jax.motion.retarget import retarget
from motext_jax.skeleton import SMPL22, Skeleton

DATA = pathlib.Path(__file__).parents[3] / "shared/data"

PEOPLE = bvh_people.PUBLISHERS | {name: bvh_people.tool(name) for name in bvh_people.TOOLS}


@pytest.mark.parametrize("name", PEOPLE)
def test_a_person_in_the_files_of_many_tools(tmp_path, name):
    """The same 22 joints in metres, whatever the hierarchy, names, unit and channels."""
    path = tmp_path / "person.bvh"
    path.write_text(bvh_people.text(PEOPLE[name]))
    motion = read_motion(path)
    assert (len(motion), motion.skeleton) == (3, SMPL22)
    expected = bvh_people.positions()
    # A joint that the file lacks is on the line between its neighbours, and not where it was.
    held = [SMPL22.index(joint) for joint in bvh_people.meanings(PEOPLE[name])]
    # The floor is where the toes are.
    expected[..., 1] -= expected[..., 1].min()
    np.testing.assert_allclose(motion.joints[:, held], expected[:, held], atol=1e-5)


def motion_of(lacking=()):
    """Three frames of random positions, and a body that lacks some joints."""
    rng = np.random.default_rng(1)
    names = tuple(f"j{k}" for k in range(22))
    skeleton = Skeleton("walk.bvh", names, SMPL22.parents, (), hub=0)
    joints = rng.normal(size=(3, 22, 3)).astype(np.float32)
    body = Body({name: k for k, name in enumerate(SMPL22.joints) if name not in lacking}, "names")
    return Motion(joints, 120.0, skeleton), body


def test_joints_stay_where_they_are():
    motion, body = motion_of()
    placed = retarget(motion, body)
    assert (placed.skeleton, placed.fps, placed.joints.dtype) == (SMPL22, 120.0, np.float32)
    np.testing.assert_array_equal(placed.joints, motion.joints)


def test_lacking_trunk_joints_are_evenly_spaced():
    """No spine1 to spine3, no neck and no left collar; head and pelvis are 5 steps apart."""
    lacking = ("spine1", "spine2", "spine3", "left_collar")
    motion, body = motion_of(lacking)
    pelvis, neck, arm = (
        motion.joints[:, SMPL22.index(name)] for name in ("pelvis", "neck", "left_shoulder")
    )
    placed = retarget(motion, body).joints
    spine3 = pelvis + (neck - pelvis) * 3 / 4
    for joint, expected in {
        "spine1": pelvis + (neck - pelvis) / 4,
        "spine2": pelvis + (neck - pelvis) * 2 / 4,
        "spine3": spine3,
        "left_collar": (spine3 + arm) / 2,
    }.items():
        np.testing.assert_allclose(placed[:, SMPL22.index(joint)], expected, atol=1e-6)


def average_person():
    """The average body upright, and a body that lacks its pelvis, neck, head and feet."""
    places = np.zeros((22, 3))
    for joint, parent in enumerate(SMPL22.parents):
        if parent >= 0:
            places[joint] = places[parent] + average_body.offset(SMPL22.joints[joint])
    lacking = ("pelvis", "neck", "head", "left_foot", "right_foot")
    motion, body = motion_of(lacking)
    return Motion(places[None].astype(np.float32), 30.0, motion.skeleton), body, places


def test_a_head_and_feet_that_are_missing_are_the_average_bodys():
    """Turned and moved like the body; a trunk that is not upright takes its head along."""
    motion, body, places = average_person()
    turn = np.array([[0, 0, 1], [0, 1, 0], [-1, 0, 0]])
    turned = Motion(motion.joints @ turn.T + np.float32(3), 30.0, motion.skeleton)
    placed = retarget(turned, body).joints[0]
    np.testing.assert_allclose(placed, places @ turn.T + 3, atol=0.1)
    feet = [SMPL22.index("left_foot"), SMPL22.index("right_foot")]
    np.testing.assert_allclose(placed[feet], (places @ turn.T + 3)[feet], atol=0.02)
    assert placed[SMPL22.index("head"), 1] > placed[SMPL22.index("neck"), 1] + 0.05


def sources(dataset):
    """(id, BVH file) of the sample files that somebody else converted."""
    table = DATA / dataset / "labels.csv"
    samples = {path.stem: path for path in (DATA / "bvh_samples").glob("*.bvh")}
    with table.open() as file:
        stems = {row["id"]: pathlib.Path(row["source"]).stem for row in csv.DictReader(file)}
    prefix = "cmu_" if dataset == "cmu" else ""
    return [
        (id_, samples[prefix + stem]) for id_, stem in stems.items() if prefix + stem in samples
    ]


def root_relative(joints):
    return joints - joints[:, :1]


@pytest.mark.shared_data
def test_bandai_namco_as_converted_by_others():
    """All 22 joints, to the rounding of float16, whose steps are 2 mm beyond 2 m."""
    compared = sources("bandai")
    assert len(compared) >= 10
    for id_, path in compared:
        take = read_take(path)
        motion = take.on_smpl22()
        theirs = np.load(DATA / f"bandai/new_joints/{id_}.npy").astype(np.float64)
        theirs[..., 1] -= take.floor
        assert (motion.fps, len(motion)) == (30, len(theirs))
        distance = np.linalg.norm(motion.joints - theirs, axis=-1)
        assert distance.mean() < 1e-3
        assert distance.max() < 3e-3


@pytest.mark.shared_data
def test_cmu_as_converted_by_others():
    """Every joint but the neck, which they put half way from Spine1 to Neck1.

    They left out the first frame, mostly a T-pose, took every fourth after it, and scaled each
    person to a leg of 0.82 m.
    """
    compared = sources("cmu")
    assert len(compared) == 7
    neck = SMPL22.index("neck")
    for id_, path in compared:
        take = read_take(path)
        motion = take.on_smpl22()
        theirs = np.load(DATA / f"cmu/new_joints/{id_}.npy").astype(np.float64)
        hip, knee, ankle = (
            motion.joints[0, SMPL22.index(f"left_{name}")] for name in ("hip", "knee", "ankle")
        )
        leg = np.linalg.norm(hip - knee) + np.linalg.norm(knee - ankle)
        assert 0.8 < leg < 0.88
        ours = motion.joints[1 - take.left_out :: 4] * 0.82 / leg
        assert (motion.fps, len(ours)) == (120, len(theirs))
        distance = np.linalg.norm(root_relative(ours) - root_relative(theirs), axis=-1)
        assert np.delete(distance, neck, axis=1).max() < 3e-3
        assert distance[:, neck].max() < 0.06

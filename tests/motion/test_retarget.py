import csv
import dataclasses
import pathlib

import bvh_people
import numpy as np
import pytest

from motext_jax.errors import InputError
from motext_jax.motion.bvh import read_motion
from motext_jax.motion.motion import Motion
from motext_jax.motion.retarget import retarget
from motext_jax.skeleton import NTU25, SMPL22, Skeleton

DATA = pathlib.Path(__file__).parents[3] / "shared/data"

# Files' joints in their own order and what each is of smpl22; "-" for what is none of its joints.
# Right sides follow from the left. Typed from the files' hierarchies, not from the code's table.
FILES = {
    "CMU, MotionBuilder": """
        Hips pelvis  LHipJoint -  LeftUpLeg left_hip  LeftLeg left_knee  LeftFoot left_ankle
        LeftToeBase left_foot  LowerBack -  Spine spine1  Spine1 spine3  Neck -  Neck1 neck
        Head head  LeftShoulder left_collar  LeftArm left_shoulder  LeftForeArm left_elbow
        LeftHand left_wrist  LeftFingerBase -  LeftHandIndex1 -  LThumb -""",
    "CMU, 3ds Max": """
        Hips pelvis  LHipJoint -  LeftHip left_hip  LeftKnee left_knee  LeftAnkle left_ankle
        LeftToe left_foot  lowerback -  Chest spine1  Chest2 spine3  lowerneck -  Neck neck
        Head head  LeftCollar left_collar  LeftShoulder left_shoulder  LeftElbow left_elbow
        LeftWrist left_wrist  lhand -  LFingers -  LThumb -""",
    "CMU, Poser": """
        hip pelvis  abdomen spine1  chest spine3  neck neck  head head  leftEye -
        lCollar left_collar  lShldr left_shoulder  lForeArm left_elbow  lHand left_wrist  lThumb1 -
        lButtock -  lThigh left_hip  lShin left_knee  lFoot left_ankle  lFoot·end left_foot""",
    "Bandai Namco": """
        joint_Root -  Hips pelvis  Spine spine1  Chest spine3  Neck neck  Head head  Head·end -
        Shoulder_L left_collar  UpperArm_L left_shoulder  LowerArm_L left_elbow  Hand_L left_wrist
        UpperLeg_L left_hip  LowerLeg_L left_knee  Foot_L left_ankle  Toes_L left_foot""",
    "CMU and HDM05, Acclaim": """
        root pelvis  lhipjoint left_hip  lfemur left_knee  ltibia left_ankle  lfoot left_foot
        ltoes -  lowerback spine1  upperback spine2  thorax spine3  lowerneck neck  upperneck head
        head -  lclavicle left_shoulder  lhumerus left_elbow  lradius -  lwrist left_wrist  lhand -
        lfingers -  lthumb -""",
    "Mixamo": """
        mixamorig:Hips pelvis  mixamorig:Spine spine1  mixamorig:Spine1 spine2
        mixamorig:Spine2 spine3  mixamorig:Neck neck  mixamorig:Head head  mixamorig:HeadTop_End -
        mixamorig:LeftShoulder left_collar  mixamorig:LeftArm left_shoulder
        mixamorig:LeftForeArm left_elbow  mixamorig:LeftHand left_wrist
        mixamorig:LeftHandThumb1 -  mixamorig:LeftUpLeg left_hip  mixamorig:LeftLeg left_knee
        mixamorig:LeftFoot left_ankle  mixamorig:LeftToeBase left_foot  mixamorig:LeftToe_End -""",
    "LaFAN1": """
        Hips pelvis  LeftUpLeg left_hip  LeftLeg left_knee  LeftFoot left_ankle  LeftToe left_foot
        Spine spine1  Spine1 spine2  Spine2 spine3  Neck neck  Head head
        LeftShoulder left_collar  LeftArm left_shoulder  LeftForeArm left_elbow
        LeftHand left_wrist""",
    "SMPL add-on for Blender": """
        Pelvis pelvis  L_Hip left_hip  Spine1 spine1  L_Knee left_knee  Spine2 spine2
        L_Ankle left_ankle  Spine3 spine3  L_Foot left_foot  Neck neck  L_Collar left_collar
        Head head  L_Shoulder left_shoulder  L_Elbow left_elbow  L_Wrist left_wrist  L_Hand -""",
    "SMPL": """
        Pelvis pelvis  Left_hip left_hip  Spine1 spine1  Left_knee left_knee  Spine2 spine2
        Left_ankle left_ankle  Spine3 spine3  Left_foot left_foot  Neck neck
        Left_collar left_collar  Head head  Left_shoulder left_shoulder  Left_elbow left_elbow
        Left_wrist left_wrist""",
}
OTHER_SIDE = (("Left", "Right"), ("left", "right"), ("_L", "_R"), ("L", "R"), ("l", "r"))


def meanings(table):
    """The smpl22 joint of each joint of a file, or "-", for both sides."""
    words = [word.replace("·", " ") for word in table.split()]
    found = dict(zip(words[::2], words[1::2], strict=True))
    for name, joint in list(found.items()):
        if joint.startswith("left_"):
            space = name.rfind(":") + 1
            left, right = next(
                (left, right)
                for left, right in OTHER_SIDE
                if name[space:].startswith(left) or name.endswith(left)
            )
            mirrored = name[:space] + right.join(name[space:].split(left, 1))
            found[mirrored] = joint.replace("left", "right")
    return found


def motion_of(names):
    """Three frames of random positions on joints with these names."""
    parents = (-1, *range(len(names) - 1))
    skeleton = Skeleton("walk.bvh", tuple(names), parents, (), hub=0)
    joints = np.random.default_rng(1).normal(size=(3, len(names), 3)).astype(np.float32)
    return Motion(joints, 120.0, skeleton)


@pytest.mark.parametrize("table", FILES.values(), ids=FILES)
@pytest.mark.parametrize("spelt", [str, str.upper, "rig:{}".format, lambda name: f" {name}"])
def test_every_convention(table, spelt):
    found = meanings(table)
    assert len({joint for joint in found.values() if joint != "-"}) in (20, 21, 22)
    motion = motion_of([spelt(name) for name in found])
    placed = retarget(motion)
    assert (placed.skeleton, placed.fps, placed.joints.dtype) == (SMPL22, 120.0, np.float32)
    for index, joint in enumerate(found.values()):
        if joint != "-":
            np.testing.assert_array_equal(
                placed.joints[:, SMPL22.index(joint)], motion.joints[:, index], err_msg=joint
            )
    if "spine2" not in found.values():
        spine1, spine2, spine3 = (placed.joints[:, SMPL22.index(f"spine{n}")] for n in (1, 2, 3))
        np.testing.assert_allclose(spine2, (spine1 + spine3) / 2, atol=1e-6)


def test_the_same_word_is_another_joint_in_another_convention():
    shoulder = {name: meanings(FILES[name])["LeftShoulder"] for name in ("CMU, 3ds Max", "LaFAN1")}
    assert shoulder == {"CMU, 3ds Max": "left_shoulder", "LaFAN1": "left_collar"}
    for name, joint in shoulder.items():
        motion = motion_of(meanings(FILES[name]))
        np.testing.assert_array_equal(
            retarget(motion).joints[:, SMPL22.index(joint)],
            motion.joints[:, motion.skeleton.index("LeftShoulder")],
        )


def test_bones_far_ends_are_not_sought_in_a_bvh():
    """There a joint "lfemur" is the hip; End Sites tell the one from the other."""
    names = [*meanings(FILES["CMU and HDM05, Acclaim"]), "ltoes end"]
    with pytest.raises(InputError, match=r"walk.bvh: no joint was recognised as .*left_knee"):
        retarget(motion_of(names))


def test_lacking_trunk_joints_are_evenly_spaced():
    """No spine1 to spine3, no neck and no left collar; head and pelvis are 5 steps apart."""
    lacking = ("Spine", "Spine1", "Spine2", "Neck", "LeftShoulder")
    motion = motion_of([name for name in meanings(FILES["LaFAN1"]) if name not in lacking])
    hips, head, arm = (
        motion.joints[:, motion.skeleton.index(name)] for name in ("Hips", "Head", "LeftArm")
    )
    placed = retarget(motion).joints
    spine3 = hips + (head - hips) * 3 / 5
    for joint, expected in {
        "spine1": hips + (head - hips) / 5,
        "spine2": hips + (head - hips) * 2 / 5,
        "spine3": spine3,
        "neck": hips + (head - hips) * 4 / 5,
        "left_collar": (spine3 + arm) / 2,
    }.items():
        np.testing.assert_allclose(placed[:, SMPL22.index(joint)], expected, atol=1e-6)


@pytest.mark.parametrize("lacking", ["Hips", "Head", "LeftLeg", "RightToe", "LeftHand", "LeftArm"])
def test_no_other_joint_is_made_up(lacking):
    meaning = meanings(FILES["LaFAN1"])
    motion = motion_of([name for name in meaning if name != lacking])
    with pytest.raises(InputError) as caught:
        retarget(motion)
    sentence = str(caught.value)
    assert sentence.startswith("walk.bvh: no joint was recognised as")
    assert meaning[lacking] in sentence.split(" of smpl22;")[0]
    assert sentence.endswith(", ".join(motion.skeleton.joints))


def test_a_skeleton_of_strangers():
    with pytest.raises(InputError, match=r"pelvis, left_hip.* of smpl22; the file's own .* a, b$"):
        retarget(motion_of(["a", "b"]))


def test_of_two_people_in_one_file_the_first_is_taken():
    names = list(meanings(FILES["LaFAN1"]))
    motion = motion_of([f"{person}:{name}" for person in ("ann", "bob") for name in names])
    first = dataclasses.replace(motion_of(names), joints=motion.joints[:, : len(names)])
    np.testing.assert_array_equal(retarget(motion).joints, retarget(first).joints)


def test_smpl22_stays_as_it_is():
    motion = motion_of(SMPL22.joints)
    np.testing.assert_array_equal(retarget(motion).joints, motion.joints)


def test_another_target():
    legs = Skeleton("legs", ("right_knee", "spine2", "pelvis"), (2, 2, -1), (), hub=2)
    motion = motion_of(meanings(FILES["LaFAN1"]))
    placed = retarget(motion, legs)
    assert placed.skeleton is legs
    order = [motion.skeleton.index(name) for name in ("RightLeg", "Spine1", "Hips")]
    np.testing.assert_array_equal(placed.joints, motion.joints[:, order])
    with pytest.raises(InputError, match=r"as left_hand, right_hand, left_thumb_tip.* of ntu25"):
        retarget(motion, NTU25)


@pytest.mark.parametrize(
    ("publisher", "joints", "fps"),
    [
        ("CMU, MotionBuilder", 38, 120),
        ("CMU, 3ds Max", 32, 120),
        ("CMU, Poser", 28, 120),
        ("Bandai Namco", 27, 30),
    ],
)
def test_a_person_in_the_files_of_four_publishers(tmp_path, publisher, joints, fps):
    """The same 22 joints in metres, whatever their hierarchy, names, unit and channels."""
    path = tmp_path / "person.bvh"
    path.write_text(bvh_people.text(bvh_people.PUBLISHERS[publisher]))
    motion = read_motion(path)
    assert (len(motion), len(motion.skeleton.joints), motion.fps) == (3, joints, fps)
    np.testing.assert_allclose(retarget(motion).joints, bvh_people.positions(), atol=1e-5)


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
        motion = retarget(read_motion(path))
        theirs = np.load(DATA / f"bandai/new_joints/{id_}.npy").astype(np.float64)
        assert (motion.fps, len(motion)) == (30, len(theirs))
        distance = np.linalg.norm(motion.joints - theirs, axis=-1)
        assert distance.mean() < 1e-3
        assert distance.max() < 3e-3


@pytest.mark.shared_data
def test_cmu_as_converted_by_others():
    """Every joint but the neck, which they put half way from Spine1 to Neck1.

    They left out the first frame, a T-pose, took every fourth after it, and scaled each person to
    a leg of 0.82 m.
    """
    compared = sources("cmu")
    assert len(compared) == 7
    neck = SMPL22.index("neck")
    for id_, path in compared:
        motion = retarget(read_motion(path))
        theirs = np.load(DATA / f"cmu/new_joints/{id_}.npy").astype(np.float64)
        hip, knee, ankle = (
            motion.joints[0, SMPL22.index(f"left_{name}")] for name in ("hip", "knee", "ankle")
        )
        leg = np.linalg.norm(hip - knee) + np.linalg.norm(knee - ankle)
        assert 0.8 < leg < 0.88
        ours = motion.joints[1::4] * 0.82 / leg
        assert (motion.fps, len(ours)) == (120, len(theirs))
        distance = np.linalg.norm(root_relative(ours) - root_relative(theirs), axis=-1)
        assert np.delete(distance, neck, axis=1).max() < 3e-3
        assert distance[:, neck].max() < 0.06

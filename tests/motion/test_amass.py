"""AMASS files, against SciPy's rotations and the body model's own equations."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from motext_jax.errors import InputError
from motext_jax.motion import amass
from motext_jax.motion.motion import Motion
from motext_jax.skeleton import SMPL22


def content(frames=5, seed=0, **changes):
    """The arrays of an AMASS file of SMPL+H."""
    rng = np.random.default_rng(seed)
    return {
        "poses": rng.normal(0, 0.4, (frames, 156)),
        "trans": rng.normal(0, 1, (frames, 3)),
        "betas": rng.normal(0, 1, 16),
        "dmpls": np.zeros((frames, 8)),
        "gender": np.array("female"),
        "mocap_framerate": np.array(120.0),
    } | changes


@pytest.fixture
def write(tmp_path):
    def write(**changes):
        arrays = {name: value for name, value in content(**changes).items() if value is not None}
        np.savez(tmp_path / "walk_poses.npz", **arrays)
        return tmp_path / "walk_poses.npz"

    return write


@pytest.fixture(scope="module")
def smplh(tmp_path_factory):
    """A folder of body models of 60 vertices, and their arrays by gender."""
    folder = tmp_path_factory.mktemp("smplh")
    models = {}
    for number, gender in enumerate(("male", "female")):
        rng = np.random.default_rng(number)
        weights = rng.random((52, 60))
        models[gender] = {
            "J_regressor": weights / weights.sum(axis=1, keepdims=True),
            "v_template": rng.normal(size=(60, 3)),
            "shapedirs": rng.normal(0, 0.1, (60, 3, 16)),
        }
        (folder / gender).mkdir()
        np.savez(folder / gender / "model.npz", **models[gender], f=np.zeros((4, 3), int))
    return folder, models


def chain(poses, rest, joint, parents):
    """One joint's position by products of 4×4 matrices from the root outward."""
    world, lineage = np.eye(4), []
    while joint >= 0:
        lineage.append(joint)
        joint = parents[joint]
    for joint in reversed(lineage):
        local = np.eye(4)
        local[:3, :3] = Rotation.from_rotvec(poses[joint]).as_matrix()
        local[:3, 3] = rest[joint] - (rest[parents[joint]] if parents[joint] >= 0 else 0)
        world = world @ local
    return world[:3, 3]


def test_joints_with_a_body_model_are_its_own(write, smplh):
    """SMPL's definition, with all 52 joints and SMPL+H's own tree."""
    folder, models = smplh
    arrays = content()
    motion = amass.read_motion(write(), folder)
    model = models["female"]
    shaped = model["v_template"] + model["shapedirs"] @ arrays["betas"]
    rest = model["J_regressor"] @ shaped
    poses = arrays["poses"].reshape(-1, 52, 3)
    for frame in (0, 4):
        for joint in range(22):
            z_up = chain(poses[frame], rest, joint, SMPL22.parents) + arrays["trans"][frame]
            expected = [z_up[0], z_up[2], -z_up[1]]
            np.testing.assert_allclose(motion.joints[frame, joint], expected, atol=1e-5)


def test_hands_turn_with_their_wrists(write):
    arrays = content()
    read = amass.read_amass(write())
    rest = amass.generic_rest()
    positions = read.positions(rest)
    poses = arrays["poses"].reshape(-1, 52, 3)[:, [*range(22), 22, 37]]
    for joint in (22, 23):
        expected = chain(poses[3], rest, joint, amass.PARENTS)
        np.testing.assert_allclose(positions[3, joint], expected, atol=1e-12)


def test_bones_keep_their_lengths_and_the_body_is_a_persons(write):
    motion = amass.read_motion(write(frames=40))
    bones = np.array(SMPL22.bones)
    lengths = np.linalg.norm(motion.joints[:, bones[:, 0]] - motion.joints[:, bones[:, 1]], axis=-1)
    assert np.ptp(lengths, axis=0).max() < 1e-5
    rest = amass.generic_rest()
    assert 1.3 < np.ptp(rest[:, 1]) < 1.7, "ball of the foot to head, in metres"
    assert rest[SMPL22.index("left_wrist"), 0] > 0.6


def test_z_up_becomes_y_up(write):
    """A body that stands in AMASS, its rest pose turned from y up to z up."""
    poses = np.zeros((2, 156))
    poses[:, 0] = np.pi / 2
    trans = np.array([[0.0, 0, 0.9], [0, -1, 0.9]])
    motion = amass.read_motion(write(frames=2, poses=poses, trans=trans))
    assert isinstance(motion, Motion)
    assert motion.skeleton is SMPL22
    head, pelvis = motion.joints[0, SMPL22.index("head")], motion.joints[0, 0]
    assert head[1] - pelvis[1] > 0.5
    # Left stays at +x and the face at +z, and the step along -y in AMASS leads forward.
    assert motion.joints[0, SMPL22.index("left_wrist"), 0] > 0.6
    np.testing.assert_allclose(motion.joints[1] - motion.joints[0], [[0, 0, 1]] * 22, atol=1e-6)


@pytest.mark.parametrize("gender", [np.array("male"), np.array(b"male"), np.array(["male"])])
@pytest.mark.parametrize("fps", [np.array(120.00004577636719), np.array([100]), np.float32(250)])
def test_gender_and_frame_rate_of_every_type(write, gender, fps):
    read = amass.read_amass(write(gender=gender, mocap_framerate=fps))
    assert read.gender == "male"
    assert read.fps == pytest.approx(float(np.ravel(fps)[0]), abs=0)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"poses": np.zeros((5, 165))},
            r"SMPL-X, 165 pose numbers a frame; expected SMPL\+H's 156",
        ),
        ({"poses": np.zeros((5, 72))}, r"SMPL, 72 pose numbers"),
        ({"poses": np.zeros((5, 30))}, r"poses of shape \(5, 30\) a frame"),
        ({"poses": None}, r"a body's shape alone, without the array 'poses'"),
        ({"poses": None, "betas": None}, r"no AMASS motion, without the array 'poses'"),
        (
            {"mocap_framerate": None, "mocap_frame_rate": np.array(120.0)},
            r"no mocap_framerate; mocap_frame_rate is SMPL-X's",
        ),
        ({"mocap_framerate": np.array(0.0)}, r"mocap_framerate is .*expected frames a second"),
        ({"trans": np.zeros((4, 3))}, r"5 frames of poses, trans of shape \(4, 3\)"),
        ({"trans": np.full((5, 3), np.nan)}, r"NaN or infinity in trans, frame 0"),
        ({"poses": np.full((5, 156), "x")}, "poses is of type <U1; expected numbers"),
        ({"betas": np.full(16, np.nan)}, "NaN or infinity in betas"),
        ({"gender": np.array("robot")}, r"gender is 'robot'; expected male, female or neutral"),
    ],
)
def test_what_is_no_motion_of_smplh_is_named(write, changes, sentence):
    with pytest.raises(InputError, match=sentence):
        amass.read_amass(write(**changes))


def test_wrong_body_models_are_named(write, tmp_path, smplh):
    folder, models = smplh
    with pytest.raises(InputError, match=r"neutral/model\.npz: there is no such file"):
        amass.read_motion(write(gender=np.array("neutral")), folder)
    np.savez(tmp_path / "smpl.npz", **(models["male"] | {"J_regressor": np.zeros((24, 60))}))
    with pytest.raises(InputError, match=r"J_regressor \(24, 60\)"):
        amass.read_motion(write(), tmp_path / "smpl.npz")
    np.savez(tmp_path / "else.npz", v_template=np.zeros((60, 3)))
    with pytest.raises(InputError, match=r"lacks J_regressor, shapedirs; expected an SMPL\+H"):
        amass.read_motion(write(), tmp_path / "else.npz")

"""AMASS files, against SciPy's rotations and the body model's own equations."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from scipy.spatial.transform import Rotation

from motext_jax.errors import InputError
from motext_jax.motion import amass
from motext_jax.skeleton import SMPL22


def arrays_of(dtypes, shape):
    """Arrays of any numbers; most elements of each are the same."""
    return dtypes.flatmap(lambda dtype: npst.arrays(dtype, shape, fill=npst.from_dtype(dtype)))


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
    recording = amass.read_recording(write(), folder)
    model = models["female"]
    shaped = model["v_template"] + model["shapedirs"] @ arrays["betas"]
    rest = model["J_regressor"] @ shaped
    poses = arrays["poses"].reshape(-1, 52, 3)
    for frame in (0, 4):
        for joint in range(22):
            z_up = chain(poses[frame], rest, joint, SMPL22.parents) + arrays["trans"][frame]
            expected = [z_up[0], z_up[2], -z_up[1]]
            np.testing.assert_allclose(recording.positions[frame, joint], expected, atol=1e-5)


def test_hands_turn_with_their_wrists(write):
    arrays = content()
    read = amass.read_amass(write())
    rest = amass.generic_rest()
    positions = read.positions(rest)
    poses = arrays["poses"].reshape(-1, 52, 3)[:, [*range(22), 22, 37]]
    for joint in (22, 23):
        expected = chain(poses[3], rest, joint, amass.PARENTS)
        np.testing.assert_allclose(positions[3, joint], expected, atol=1e-12)


@pytest.mark.parametrize(
    ("width", "fingers"), [(165, (25, 40)), (72, (22, 23)), (159, None), (66, None)]
)
def test_the_body_of_every_model_is_that_of_smplh(write, width, fingers):
    """Each model's first 22 joints are the same; its fingers are where its tree has them."""
    numbers = content()["poses"]
    poses = np.random.default_rng(5).normal(size=(5, width))
    poses[:, :66] = numbers[:, :66]
    expected = amass.read_recording(write())
    path = write(poses=poses, surface_model_type=None)
    np.testing.assert_array_equal(amass.read_recording(path).positions, expected.positions)
    read = amass.read_amass(path).poses[:, 22:]
    if fingers:
        np.testing.assert_array_equal(read, poses.reshape(5, -1, 3)[:, list(fingers)])
    else:
        assert not read.any()


@pytest.mark.parametrize(
    "names", [("root_orient", "pose_body", "trans"), ("global_orient", "body_pose", "transl")]
)
def test_poses_in_parts_are_those_in_one(write, names):
    """The layout of AMASS's files of the second stage of MoSh++."""
    arrays = content()
    expected = amass.read_recording(write())
    root, body, translation = names
    parts = {
        root: arrays["poses"][:, :3],
        body: arrays["poses"][:, 3:66],
        "trans": None,
        translation: arrays["trans"],
        "pose_hand": np.zeros((5, 90)),
        "surface_model_type": np.array("smplx"),
        "mocap_framerate": None,
        "mocap_frame_rate": np.array(100),
    }
    recording = amass.read_recording(write(poses=None, **parts))
    np.testing.assert_array_equal(recording.positions, expected.positions)
    assert recording.fps == 100


def test_a_file_without_a_rate_is_read(write):
    assert amass.read_recording(write(mocap_framerate=None)).fps is None
    both = {"mocap_framerate": np.array(60.0), "fps": np.array(30.0)}
    assert amass.read_recording(write(**both)).fps == 60


@pytest.mark.parametrize("dtype", [np.float16, ">f4", np.longdouble])
def test_numbers_of_every_precision_are_read(write, dtype):
    arrays = content()
    expected = amass.read_recording(write()).positions
    changed = {name: arrays[name].astype(dtype) for name in ("poses", "trans", "betas")}
    np.testing.assert_allclose(
        amass.read_recording(write(**changed)).positions,
        expected,
        atol=2e-2 if dtype == np.float16 else 1e-5,
    )


def test_the_shape_of_another_model_is_not_used(write, smplh, tmp_path):
    """SMPL+H's shape numbers mean nothing to SMPL-X."""
    folder, _ = smplh
    poses = np.concatenate([content()["poses"][:, :66], np.zeros((5, 99))], axis=1)
    female = write(poses=poses)
    shapeless = amass.read_recording(write(betas=np.zeros(16)), folder).positions
    np.testing.assert_array_equal(
        amass.read_recording(write(poses=poses), folder).positions, shapeless
    )
    weights = np.random.default_rng(3).random((55, 60))
    model = {
        "J_regressor": weights / weights.sum(axis=1, keepdims=True),
        "v_template": np.random.default_rng(4).normal(size=(60, 3)),
        "shapedirs": np.random.default_rng(5).normal(0, 0.1, (60, 3, 20)),
    }
    np.savez(tmp_path / "smplx.npz", **model)
    recording = amass.read_recording(female, tmp_path / "smplx.npz")
    shaped = model["v_template"] + model["shapedirs"][..., :16] @ content()["betas"]
    pelvis = (model["J_regressor"] @ shaped)[0] + content()["trans"]
    expected = np.stack([pelvis[:, 0], pelvis[:, 2], -pelvis[:, 1]], axis=-1)
    np.testing.assert_allclose(recording.positions[:, 0], expected, atol=1e-5)


@given(data=st.data())
@settings(derandomize=True, deadline=None, max_examples=60)
def test_damaged_bytes_are_read_or_refused(tmp_path_factory, data):
    """A checksum guards each array: what is read is what was written, or it is refused."""
    path = tmp_path_factory.mktemp("damaged") / "a.npz"
    np.savez(path, **content(frames=3))
    whole, expected = path.read_bytes(), amass.read_recording(path)
    start = data.draw(st.integers(0, len(whole) - 1))
    patch = data.draw(st.binary(max_size=8))
    path.write_bytes(whole[:start] + patch + whole[start + data.draw(st.integers(0, 8)) :])
    try:
        recording = amass.read_recording(path)
    except InputError:
        return
    assert recording.positions.shape == expected.positions.shape
    assert np.isfinite(recording.positions).all()


@given(
    poses=arrays_of(npst.floating_dtypes() | npst.integer_dtypes(), (2, 156)),
    trans=arrays_of(npst.floating_dtypes() | npst.integer_dtypes(), (2, 3)),
    fps=arrays_of(npst.floating_dtypes() | npst.integer_dtypes(), ()),
)
@settings(derandomize=True, deadline=None, max_examples=60)
def test_any_numbers_are_a_body_or_refused(tmp_path_factory, poses, trans, fps):
    path = tmp_path_factory.mktemp("numbers") / "a.npz"
    np.savez(path, poses=poses, trans=trans, mocap_framerate=fps)
    try:
        recording = amass.read_recording(path)
    except InputError:
        return
    # Nobody's joint is two metres from the pelvis.
    away = recording.positions - recording.positions[:, :1]
    assert np.linalg.norm(away, axis=-1).max() < 2
    assert 0.1 <= recording.fps <= 10_000


def test_bones_keep_their_lengths_and_the_body_is_a_persons(write):
    recording = amass.read_recording(write(frames=40))
    bones = np.array(SMPL22.bones)
    lengths = np.linalg.norm(
        recording.positions[:, bones[:, 0]] - recording.positions[:, bones[:, 1]], axis=-1
    )
    assert np.ptp(lengths, axis=0).max() < 1e-5
    rest = amass.generic_rest()
    assert 1.3 < np.ptp(rest[:, 1]) < 1.7, "ball of the foot to head, in metres"
    assert rest[SMPL22.index("left_wrist"), 0] > 0.6


def test_z_up_becomes_y_up(write):
    """A body that stands in AMASS, its rest pose turned from y up to z up."""
    poses = np.zeros((2, 156))
    poses[:, 0] = np.pi / 2
    trans = np.array([[0.0, 0, 0.9], [0, -1, 0.9]])
    recording = amass.read_recording(write(frames=2, poses=poses, trans=trans))
    assert (recording.joints, recording.parents, recording.up) == (SMPL22.joints, SMPL22.parents, 1)
    assert recording.metres_per_unit == 1
    head, pelvis = recording.positions[0, SMPL22.index("head")], recording.positions[0, 0]
    assert head[1] - pelvis[1] > 0.5
    # Left stays at +x and the face at +z, and the step along -y in AMASS leads forward.
    assert recording.positions[0, SMPL22.index("left_wrist"), 0] > 0.6
    np.testing.assert_allclose(
        recording.positions[1] - recording.positions[0], [[0, 0, 1]] * 22, atol=1e-6
    )


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
            {"poses": np.zeros((5, 30))},
            r"poses of shape \(5, 30\); expected .* SMPL\+H's 156 numbers, SMPL-X's 165",
        ),
        ({"poses": None}, r"a body's shape alone, without the array 'poses'"),
        ({"poses": None, "betas": None}, r"no AMASS motion, without the array 'poses'"),
        ({"poses": None, "root_orient": np.zeros((5, 3))}, r"'root_orient' and 'pose_body'"),
        (
            {"poses": None, "root_orient": np.zeros((5, 3)), "pose_body": np.zeros((4, 63))},
            r"root_orient of shape \(5, 3\), pose_body of shape \(4, 63\)",
        ),
        (
            {"surface_model_type": np.array("animal_horse")},
            r"surface_model_type is 'animal_horse'; expected a body model of persons",
        ),
        ({"mocap_framerate": np.array(0.0)}, r"mocap_framerate is .*expected frames a second"),
        ({"mocap_framerate": np.array(1e-6)}, r"from 0\.1 to 10,000"),
        ({"mocap_framerate": np.array(1e300)}, r"from 0\.1 to 10,000"),
        ({"mocap_framerate": np.array("120")}, r"expected frames a second"),
        ({"trans": np.zeros((4, 3))}, r"5 frames of poses, trans of shape \(4, 3\)"),
        ({"trans": np.full((5, 3), np.nan)}, r"NaN or infinity in trans, frame 0"),
        ({"poses": np.full((5, 156), "x")}, "poses is of type text; expected angles in radians"),
        ({"poses": np.full((5, 156), 12, np.int8)}, "poses is of type int8; expected angles"),
        ({"poses": np.full((5, 156), 1, np.uint8)}, "poses is of type uint8; expected angles"),
        ({"poses": np.full((5, 156), 1e160)}, r"1e\+160 in poses, frame 0; expected numbers up to"),
        ({"poses": np.full((5, 156), np.longdouble("1e400"))}, "in poses, frame 0"),
        ({"trans": np.full((5, 3), 1e39)}, r"1e\+39 in trans, frame 0"),
        ({"trans": np.full((5, 3), np.iinfo(np.int64).min)}, r"-9.22337e\+18 in trans"),
        ({"betas": np.full(16, 1e30)}, "in betas, frame 0"),
        ({"betas": np.full(16, np.nan)}, "NaN or infinity in betas"),
        ({"gender": np.array("robot")}, r"gender is 'robot'; expected male, female, neutral"),
        ({"gender": np.array(["male", "female"])}, "expected one text"),
        ({"gender": np.array(1.0)}, "gender is of type float64; expected texts"),
        (
            {"gender": np.array([0x7FFFFFFF], "<i4").view("<U1")},
            "'gender': holds 0x7fffffff",
        ),
    ],
)
def test_what_is_no_motion_of_a_body_is_named(write, changes, sentence):
    with pytest.raises(InputError, match=sentence):
        amass.read_amass(write(**changes))


def test_wrong_body_models_are_named(write, tmp_path, smplh):
    folder, models = smplh
    with pytest.raises(InputError, match=r"neutral/model\.npz: there is no such file"):
        amass.read_recording(write(gender=np.array("neutral")), folder)
    np.savez(tmp_path / "smpl.npz", **(models["male"] | {"J_regressor": np.zeros((30, 60))}))
    with pytest.raises(InputError, match=r"J_regressor \(30, 60\)"):
        amass.read_recording(write(), tmp_path / "smpl.npz")
    np.savez(tmp_path / "else.npz", v_template=np.zeros((60, 3)))
    with pytest.raises(InputError, match=r"lacks J_regressor, shapedirs; expected an SMPL\+H"):
        amass.read_recording(write(), tmp_path / "else.npz")

"""The vertical, the unit and the floor that a body shows; and clips that do not depend on them."""

import dataclasses
import pathlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motext_jax.config import DataConfig
from motext_jax.data.annotated import AnnotatedMotion
from motext_jax.data.clips import clip_set
from motext_jax.data.synthetic.source import SyntheticSource
from motext_jax.errors import InputError
from motext_jax.motion import world
from motext_jax.motion.bvh import read_recording
from motext_jax.motion.files import Given, take_of
from motext_jax.motion.kinematics import axis_rotation
from motext_jax.motion.recording import Recording
from motext_jax.skeleton import SMPL22

DATA = pathlib.Path(__file__).parents[3] / "shared/data"
JOINTS = {name: index for index, name in enumerate(SMPL22.joints)}
NAMES = tuple(f"rig_{name}" for name in SMPL22.joints)

# A y-up body brought to another vertical: matrices of determinant 1.
TO = {
    "x": [[0, 1, 0], [-1, 0, 0], [0, 0, 1]],
    "y": np.eye(3),
    "z": [[1, 0, 0], [0, 0, -1], [0, 1, 0]],
    "-x": [[0, -1, 0], [1, 0, 0], [0, 0, 1]],
    "-y": [[1, 0, 0], [0, -1, 0], [0, 0, -1]],
    "-z": [[1, 0, 0], [0, 0, 1], [0, -1, 0]],
}


def synthetic(number):
    """A clip of procedural people, in metres, y up."""
    source = SyntheticSource(DataConfig())
    file = source.files("test")[number]
    motion = next(iter(source.read(file))).motion
    return Recording("clip", NAMES, SMPL22.parents, motion.joints, fps=motion.fps)


def moved(
    recording, up="y", heading=0.0, unit=1.0, shift=(0, 0, 0), t_pose=False, every=1, flip=False
):
    """The same motion as another recorder might have written it."""
    positions = recording.positions[::every].astype(np.float64)
    if t_pose:
        rest = positions[0] + np.array([0.8, 0.1, 0.7])
        rest[:, 2] += 0.3 * np.sin(np.arange(len(rest)))
        positions = np.concatenate([rest[None], positions])
    positions = (positions @ axis_rotation(1, heading).T + shift) @ np.array(TO[up]).T / unit
    if flip:
        # Left-handed axes.
        positions[..., 0] *= -1
    return dataclasses.replace(
        recording, positions=positions.astype(np.float32), fps=recording.fps / every
    )


def clips(recording):
    motion = take_of(recording, Given()).on_smpl22()
    config = DataConfig(frames=32, fps=15.0)
    return clip_set([AnnotatedMotion("a", motion, ("a",), None)], (), config).clips[:]


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    number=st.integers(0, 599),
    up=st.sampled_from(world.UPS),
    heading=st.floats(-3, 3),
    unit=st.sampled_from([1.0, 0.1, 0.01, 0.001, 0.0254]),
    shift=st.tuples(*[st.floats(-2, 2)] * 3),
    t_pose=st.booleans(),
    every=st.sampled_from([1, 2]),
    flip=st.booleans(),
)
def test_clips_do_not_depend_on_the_recorder(number, up, heading, unit, shift, t_pose, every, flip):
    own = synthetic(number)
    other = moved(own, up, heading, unit, shift, t_pose, every, flip)
    np.testing.assert_allclose(clips(other), clips(own), atol=1e-3)


@pytest.mark.shared_data
@pytest.mark.parametrize("number", range(0, 33, 4))
def test_clips_of_published_files_do_not_depend_on_the_recorder(number):
    path = sorted((DATA / "bvh_samples").glob("*.bvh"))[number]
    own = read_recording(path)
    # Frames of a rate that both have: 120 and 30.
    every = 4 if own.fps == 120 else 1
    take = take_of(own, Given())
    # cmu_10_01 glides out of a pose in its first frames.
    metres = own.positions[take.left_out + 8 :] * np.float32(take.metres_per_unit)
    own = dataclasses.replace(own, positions=metres)
    for up, unit in (("z", 1.0), ("-x", 0.0254), ("x", 0.01), ("z", 0.1)):
        other = moved(own, up, 0.7, unit, (90, -1.2, 3), True, every, flip=unit == 0.1)
        np.testing.assert_allclose(clips(other), clips(own), atol=1e-3)


def test_handedness_is_told_where_the_body_shows_its_front():
    own = synthetic(3)
    flipped = own.positions * np.array([1, 1, -1])
    assert not world.is_mirrored(own.positions, JOINTS)
    assert world.is_mirrored(flipped, JOINTS)
    assert take_of(dataclasses.replace(own, positions=flipped), Given()).mirrored
    # A format that says its axes is believed.
    told = dataclasses.replace(own, positions=flipped, up=1)
    assert not take_of(told, Given()).mirrored
    # Straight legs that end at the ankles have no front.
    straight = own.positions.copy()
    for side in ("left", "right"):
        hip, knee, ankle = (JOINTS[f"{side}_{name}"] for name in ("hip", "knee", "ankle"))
        straight[:, knee] = (straight[:, hip] + straight[:, ankle]) / 2
    toeless = {name: joint for name, joint in JOINTS.items() if "foot" not in name}
    for positions in (straight, straight * np.array([1, 1, -1])):
        assert not world.is_mirrored(positions, toeless)


@pytest.mark.parametrize("up", world.UPS)
def test_turning_upright_undoes_the_recorders_axes(up):
    rng = np.random.default_rng(0)
    positions = rng.normal(size=(2, 3, 3))
    turned = world.upright(positions @ np.array(TO[up]).T, up)
    # Up to a turn about the vertical, which is a rotation: heights and orientation stay.
    np.testing.assert_allclose(turned[..., 1], positions[..., 1], atol=1e-12)
    mapped = np.linalg.lstsq(positions.reshape(-1, 3), turned.reshape(-1, 3), rcond=None)[0]
    np.testing.assert_allclose(np.linalg.det(mapped), 1, atol=1e-9)


def person(height, frames=4):
    """A synthetic person of a height in metres who stands, as a recording in metres."""
    own = synthetic(0)
    tall = np.ptp(own.positions[0, :, 1]) + 0.14
    return dataclasses.replace(own, positions=own.positions[:frames] * np.float32(height / tall))


@pytest.mark.parametrize(
    ("height", "unit"),
    [
        (1.7, 1.0),
        (1.7, 0.1),
        (1.7, 0.01),
        (1.7, 0.001),
        (1.7, 0.0254),
        (1.7, 0.0254 / 0.45),
        (1.05, 0.01),
        (1.15, 0.0254),
        (2.5, 0.01),
        (2.0, 0.1),
        (1.7, 2.54 / 0.45),
    ],
)
def test_units_of_children_and_giants(height, unit):
    own = person(height)
    scaled = dataclasses.replace(own, positions=own.positions / np.float32(unit))
    assert world.find_unit(scaled, JOINTS) == pytest.approx(unit)


@pytest.mark.parametrize("height", [1e-7, 1e7, 0.0])
def test_a_body_of_nobody(height):
    own = person(1.7)
    scaled = dataclasses.replace(own, positions=own.positions * np.float32(height))
    with pytest.raises(InputError, match=r"^a body .* units high .* give metres_per_unit"):
        world.find_unit(scaled, JOINTS)


def test_a_skeleton_of_nobody_is_as_large_as_a_person():
    """Metres stay metres, though its joints tell no leg."""
    for unit in (1.0, 0.01):
        own = person(1.7)
        scaled = dataclasses.replace(
            own, positions=own.positions / np.float32(unit), metres_per_unit=0.01
        )
        assert world.find_unit(scaled, None) == pytest.approx(unit)


def test_the_floor_is_the_lowest_joint_but_for_a_glitch():
    positions = np.ones((300, 2, 3))
    positions[:, 1, 1] = -1.2
    positions[7, 1, 1] = -3
    assert world.floor(positions) == pytest.approx(-1.2)


def test_what_is_given_counts():
    own = moved(synthetic(3), up="z")
    take = take_of(own, Given(fps=60.0, metres_per_unit=2.0, up="y"))
    assert (take.motion.fps, take.metres_per_unit, take.up) == (60, 2, "y")
    assert take_of(own, Given()).up == "z"


def test_an_axis_that_is_none():
    with pytest.raises(InputError, match="data.up is 'w'; expected one of x, y, z, -x, -y, -z"):
        world.parse_up("w")


def test_no_rate():
    own = dataclasses.replace(synthetic(3), fps=None)
    with pytest.raises(InputError, match="^does not say its frames a second; give"):
        take_of(own, Given())
    assert take_of(own, Given(fps=25.0)).motion.fps == 25


def test_a_lone_pose_is_left_out_and_a_quick_start_is_not():
    own = synthetic(3)
    assert take_of(moved(own, t_pose=True), Given()).left_out == 1
    assert take_of(own, Given()).left_out == 0
    # Every frame as far from the last as a T-pose is: nobody's first frame stands out.
    jumping = own.positions.copy()
    jumping[::2] += 1
    assert not world.lone_pose(jumping, 0.8)

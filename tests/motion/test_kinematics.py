import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from motext_jax.motion.kinematics import axis_rotation, euler_rotations, forward_kinematics

PARENTS = (-1, 0, 1, 1, 0, 4)


def test_a_bent_arm_by_hand():
    """Two bones of 2 and 1 along x; the root turned by 90 degrees about z, the elbow about y."""
    quarter = np.array([np.pi / 2])
    rotations = np.stack(
        [euler_rotations([2], quarter), euler_rotations([1], quarter), np.eye(3)], axis=0
    )[None]
    offsets = np.array([[5.0, 0, 0], [2, 0, 0], [1, 0, 0]])
    positions = forward_kinematics(rotations, offsets, (-1, 0, 1))
    # The forearm's x is -z in the upper arm's frame, which a turn about z leaves alone.
    np.testing.assert_allclose(positions[0], [[5, 0, 0], [5, 2, 0], [5, 2, -1]], atol=1e-12)


@settings(derandomize=True, deadline=None, max_examples=30)
@given(st.integers(1, 12), st.integers(1, 4), st.booleans(), st.randoms(use_true_random=False))
def test_positions_equal_a_chain_of_4x4_matrices(joints, frames, moving, random):
    rng = np.random.default_rng(random.getrandbits(32))
    parents = [-1, *(int(rng.integers(joint)) for joint in range(1, joints))]
    rotations = Rotation.random(frames * joints, rng).as_matrix().reshape(frames, joints, 3, 3)
    offsets = rng.normal(size=(frames, joints, 3) if moving else (joints, 3))
    positions = forward_kinematics(rotations, offsets, parents)
    assert positions.shape == (frames, joints, 3)
    for frame, joint in itertools.product(range(frames), range(joints)):
        world, ancestor = np.eye(4), joint
        while ancestor >= 0:
            local = np.eye(4)
            local[:3, :3] = rotations[frame, ancestor]
            local[:3, 3] = np.broadcast_to(offsets, (frames, joints, 3))[frame, ancestor]
            world, ancestor = local @ world, parents[ancestor]
        np.testing.assert_allclose(positions[frame, joint], world[:3, 3], atol=1e-12)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_positions_keep_the_rotations_precision(dtype):
    rotations = np.broadcast_to(np.eye(3, dtype=dtype), (2, 6, 3, 3))
    positions = forward_kinematics(rotations, np.ones((6, 3)), PARENTS)
    assert positions.dtype == dtype
    np.testing.assert_array_equal(positions[1, :, 0], [1, 2, 3, 3, 2, 3])


ORDERS = [
    "".join(order) for length in (1, 2, 3) for order in itertools.product("XYZ", repeat=length)
]


@pytest.mark.parametrize("order", ORDERS)
def test_euler_rotations_of_every_order(order):
    angles = np.random.default_rng(0).uniform(-7, 7, (len(order), 5))
    ours = euler_rotations(["XYZ".index(axis) for axis in order], angles)
    theirs = np.eye(3)
    # One at a time, since scipy refuses orders such as XXY.
    for axis, angle in zip(order, angles, strict=True):
        theirs = theirs @ Rotation.from_euler(axis, angle[:, None]).as_matrix()
    np.testing.assert_allclose(ours, theirs, atol=1e-12)


def test_euler_rotations_keep_the_angles_shape():
    angles = np.random.default_rng(0).normal(size=(3, 4, 2))
    rotations = euler_rotations((2, 0, 1), angles)
    assert rotations.shape == (4, 2, 3, 3)
    np.testing.assert_allclose(
        rotations[3, 1], Rotation.from_euler("ZXY", angles[:, 3, 1]).as_matrix(), atol=1e-12
    )


@pytest.mark.parametrize(("axis", "turned"), [(0, [1, -3, 2]), (1, [3, 2, -1]), (2, [-2, 1, 3])])
def test_axis_rotation_by_a_quarter(axis, turned):
    np.testing.assert_allclose(axis_rotation(axis, np.pi / 2) @ [1, 2, 3], turned, atol=1e-12)
    assert axis_rotation(axis, np.zeros((2, 5))).shape == (2, 5, 3, 3)

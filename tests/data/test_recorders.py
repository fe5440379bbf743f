"""Other bodies and other recorders: what changes, by how much, and what stays."""

import functools

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from motext_jax.config import AugmentConfig
from motext_jax.data import recorders
from motext_jax.data.recorders import recorded, with_bones, with_joints_along
from motext_jax.data.synthetic.source import synthetic_motion
from motext_jax.motion.normalise import facing
from motext_jax.skeleton import SMPL22, Skeleton

FRAMES = 60
PAIRS = np.array(SMPL22.left_right_pairs)
# A root at the hub of an L: up one metre, then across two; and a leg down one metre.
STICK = Skeleton("stick", ("hip", "chest", "hand", "toe"), (-1, 0, 1, 0), (), 0)
POSE = np.array([[0, 1, 0], [0, 2, 0], [2, 2, 0], [0, 0, 0]], np.float32)


@pytest.fixture(scope="module")
def clip():
    """A person who raises the left arm, facing +z."""
    motion = synthetic_motion("raise the left arm", np.random.default_rng(0)).motion
    return facing(motion.joints[40 : 40 + FRAMES], SMPL22).astype(np.float32)


@functools.cache
def compiled(**changes):
    changed = functools.partial(recorded, config=AugmentConfig(**changes), skeleton=SMPL22)
    return jax.jit(jax.vmap(changed, in_axes=(None, 0)))


def many(clip, count=64, **changes):
    """A clip as `count` recorders give it."""
    return np.asarray(compiled(**changes)(clip, jax.random.split(jax.random.key(0), count)))


def lengths(clips):
    joints, parents = np.array(SMPL22.bones).T
    return np.linalg.norm(clips[..., joints, :] - clips[..., parents, :], axis=-1)


def test_bones_by_hand():
    """Leg twice as long: the body stands one metre higher on the same floor."""
    moved = np.array([5, 0.5, 0])
    clip = jnp.asarray(np.stack([POSE, POSE + moved]), jnp.float32)
    found = with_bones(clip, jnp.array([9.0, 0.5, 1.5, 2.0]), STICK)
    expected = np.array([[0, 2, 0], [0, 2.5, 0], [3, 2.5, 0], [0, 0, 0]])
    np.testing.assert_allclose(found, np.stack([expected, expected + moved]), atol=1e-6)


def test_joints_along_their_bones_by_hand():
    """Each is moved from its own place: the hand does not follow the chest."""
    found = with_joints_along(jnp.asarray(POSE[None]), jnp.array([9.0, 0.1, -0.25, 0.5]), STICK)
    expected = [[0, 1, 0], [0, 2.1, 0], [1.5, 2, 0], [0, -0.5, 0]]
    np.testing.assert_allclose(found[0], expected, atol=1e-6)


def test_a_body_has_its_own_bones_and_even_sides(clip):
    ratio = lengths(many(clip, bones=0.2)) / lengths(clip)
    assert ratio.min() > 1 / 1.201 and ratio.max() < 1.201
    np.testing.assert_allclose(ratio, np.broadcast_to(ratio[:, :1], ratio.shape), rtol=1e-4)
    assert ratio[:, 0].std(axis=0).min() > 0.05
    column = {joint: number for number, (joint, _) in enumerate(SMPL22.bones)}
    for left, right in PAIRS:
        np.testing.assert_allclose(ratio[..., column[left]], ratio[..., column[right]], rtol=1e-4)


def test_feet_stay_at_their_height(clip):
    lowest = many(clip, bones=0.2)[..., 1].min(axis=-1)
    np.testing.assert_allclose(lowest, np.broadcast_to(clip[..., 1].min(axis=-1), lowest.shape),
                               atol=1e-5)  # fmt: skip


def test_joints_move_by_a_share_of_their_bones(clip):
    moved = np.linalg.norm(many(clip, joints=0.3) - clip, axis=-1)
    joints = np.array([joint for joint, _ in SMPL22.bones])
    share = moved[..., joints] / lengths(clip)
    assert share.max() < 0.301
    assert share.max() > 0.25
    np.testing.assert_allclose(share, np.broadcast_to(share[:, :1], share.shape), atol=1e-3)


def test_jitter_is_slow_and_has_its_size(clip):
    error = many(clip, jitter=0.02) - clip
    # On a knot the deviation is 0.02; half-way between two it is 0.02 / sqrt(2).
    assert error[:, :: recorders.KNOT_FRAMES].std() == pytest.approx(0.02, rel=0.03)
    between = error[:, recorders.KNOT_FRAMES // 2 :: recorders.KNOT_FRAMES]
    assert between.std() == pytest.approx(0.02 / np.sqrt(2), rel=0.03)
    bend = np.diff(error, 2, axis=1)
    inside = np.arange(bend.shape[1]) % recorders.KNOT_FRAMES != recorders.KNOT_FRAMES - 1
    np.testing.assert_allclose(bend[:, inside], 0, atol=1e-5)


def test_lost_joints_go_straight_for_a_while(clip):
    """Moving joints are seen to be lost: each axis is a parabola, whose chord is below it."""
    time = np.linspace(-1, 1, FRAMES)
    bowed = np.broadcast_to(time[:, None, None] ** 2, clip.shape).astype(np.float32)
    found = many(bowed, count=200, lost=0.25)
    changed = np.abs(found - bowed).max(axis=-1) > 1e-6
    assert changed.any(axis=1).mean() == pytest.approx(0.25, abs=0.04)
    assert changed.sum(axis=1).max() <= recorders.LOST_FRAMES * FRAMES
    within = changed[:, 1:-1] & changed[:, 2:] & changed[:, :-2]
    np.testing.assert_allclose(np.diff(found, 2, axis=1)[within], 0, atol=1e-5)
    assert (found >= bowed - 1e-6).all()


def test_heights_and_floors(clip):
    shifted = many(clip, height=0.2) - clip
    np.testing.assert_array_equal(shifted[..., [0, 2]], 0)
    assert np.ptp(shifted, axis=(1, 2))[:, 1].max() < 1e-5
    rises = shifted[:, 0, 0, 1]
    assert -0.2 <= rises.min() < -0.15 and 0.15 < rises.max() <= 0.2

    slid = many(clip, count=256, drift=0.3) - clip
    np.testing.assert_array_equal(slid[..., 1], 0)
    # All joints together, from the first frame's place on.
    np.testing.assert_allclose(slid, np.broadcast_to(slid[:, :, :1], slid.shape), atol=1e-5)
    # One step of a walk of 60.
    assert np.abs(slid[:, 0]).max() < 0.3 / 4
    ends = np.linalg.norm(slid[:, -1, 0], axis=-1)
    assert np.sqrt(np.mean(ends**2)) == pytest.approx(0.3, rel=0.1)


def test_without_a_change_it_is_the_clip(clip):
    np.testing.assert_array_equal(many(clip, count=2, crop=0.5), np.stack([clip, clip]))


@pytest.mark.parametrize(
    "changes",
    [
        {"bones": 0.3},
        {"joints": 0.3},
        {"jitter": 0.02},
        {"lost": 0.2},
        {"height": 0.2, "drift": 0.3},
    ],
)
def test_the_arm_that_is_raised_stays_the_left_one(clip, changes):
    left, right = (SMPL22.index(f"{side}_wrist") for side in ("left", "right"))
    found = many(clip, **changes)
    assert (found[:, :, left, 1].max(axis=1) > found[:, :, right, 1].max(axis=1) + 0.1).all()

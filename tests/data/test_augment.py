"""What every augmentation must keep: bones, heights, the side that moves."""

import numpy as np
import pytest

from motext_jax.config import AugmentConfig
from motext_jax.data.augment import augment, retime
from motext_jax.data.clips import NORMALISATIONS, facing, resample
from motext_jax.data.synthetic.source import synthetic_motion
from motext_jax.motion.motion import Motion
from motext_jax.skeleton import SMPL22

FRAMES = 60
LEFT, RIGHT = (SMPL22.index(f"{side}_wrist") for side in ("left", "right"))
BONES = np.array(SMPL22.bones)


@pytest.fixture(scope="module")
def clips():
    """People who raise the left arm, facing +z: [6 60 22 3]; the last is 20 frames, repeated."""
    motions = [
        synthetic_motion("raise the left arm", np.random.default_rng(k)).motion for k in range(6)
    ]
    clips = np.stack([facing(motion.joints[40 : 40 + FRAMES], SMPL22) for motion in motions])
    clips[5] = facing(clips[5, 20 + np.arange(FRAMES) % 20], SMPL22)
    return clips


LENGTHS = np.array([FRAMES] * 5 + [20])


def augmented(clips, seed=0, **changes):
    config, rng = AugmentConfig(**changes), np.random.default_rng(seed)
    facing = NORMALISATIONS["facing"]
    return augment(clips, LENGTHS, rng, config=config, skeleton=SMPL22, normalise=facing)


def bone_lengths(clips):
    return np.linalg.norm(clips[..., BONES[:, 0], :] - clips[..., BONES[:, 1], :], axis=-1)


def highest(clips, joint):
    """A joint's greatest height in each clip."""
    return clips[:, :, joint, 1].max(axis=1)


def test_nothing_is_changed_without_being_asked(clips):
    np.testing.assert_array_equal(augmented(clips), clips)


@pytest.mark.parametrize("changes", [{"crop": 0.5}, {"rotation": 3.0}])
def test_bones_keep_their_lengths(clips, changes):
    after = augmented(clips, **changes)
    assert not np.array_equal(after, clips)
    np.testing.assert_allclose(
        bone_lengths(after), np.broadcast_to(bone_lengths(clips)[:, :1], (*after.shape[:2], 21)),
        rtol=1e-5,
    )  # fmt: skip


def test_speed_shortens_bones_by_no_more_than_a_chord(clips):
    """Half-way between two frames a bone that turns by an angle a is cos(a / 2) of its length."""
    bones = clips[..., BONES[:, 0], :] - clips[..., BONES[:, 1], :]
    own = np.linalg.norm(bones, axis=-1)
    cosines = np.sum(bones[:, 1:] * bones[:, :-1], axis=-1) / (own[:, 1:] * own[:, :-1])
    shortest = np.sqrt((1 + cosines) / 2).min(axis=1)
    ratio = bone_lengths(augmented(clips, speed=0.3)) / own[:, :1]
    assert (ratio < 1 + 1e-5).all()
    assert (ratio > shortest[:, None] - 1e-5).all()
    assert ratio.min() < 1 - 1e-4, "nothing was interpolated"


def test_a_body_is_scaled_as_a_whole(clips):
    ratio = bone_lengths(augmented(clips, scale=0.2)) / bone_lengths(clips)
    np.testing.assert_allclose(ratio, np.broadcast_to(ratio[:, :1, :1], ratio.shape), rtol=1e-4)
    sizes = ratio[:, 0, 0]
    assert ((sizes > 1 / 1.2001) & (sizes < 1.2001)).all()
    assert np.ptp(sizes) > 0.05


def test_a_turn_keeps_heights_and_the_place(clips):
    after = augmented(clips, rotation=np.pi)
    np.testing.assert_allclose(after[..., 1], clips[..., 1], atol=1e-6)
    np.testing.assert_allclose(after[:, 0, 0, [0, 2]], 0, atol=1e-6)
    turned = after[:, 0, LEFT] - after[:, 0, RIGHT]
    angles = np.arctan2(turned[:, 2], turned[:, 0])
    assert np.ptp(angles) > 1


def test_noise_has_its_standard_deviation(clips):
    noise = augmented(clips, noise=0.01) - clips
    assert noise.std() == pytest.approx(0.01, rel=0.02)
    assert abs(noise.mean()) < 1e-3


@pytest.mark.parametrize("name", ["crop", "speed", "rotation", "scale"])
def test_the_side_that_moves_stays(clips, name):
    after = augmented(clips, **{name: 0.3})
    assert (highest(after, LEFT) > highest(after, RIGHT) + 0.1).all()
    # Left is on the left of the face still: left × up points forward, where the feet do.
    left = after[:, 0, SMPL22.index("left_hip")] - after[:, 0, SMPL22.index("right_hip")]
    forward = np.cross(left, [0.0, 1.0, 0.0])
    ankle, foot = (after[:, 0, SMPL22.index(f"left_{part}")] for part in ("ankle", "foot"))
    assert (np.sum(forward * (foot - ankle), axis=1) > 0).all()


def test_a_cropped_clip_is_a_part_of_it_that_repeats(clips):
    """Worked by hand: 20 frames from frame 5 on, and again from there."""
    cropped = retime(clips[:1], np.array([5]), np.array([20]), np.ones(1))[0]
    np.testing.assert_array_equal(cropped[:20], clips[0, 5:25])
    np.testing.assert_array_equal(cropped[20:40], clips[0, 5:25])
    np.testing.assert_array_equal(cropped[40:], clips[0, 5:25])


def test_a_cropped_clip_is_normalised_again(clips):
    after = augmented(clips, crop=0.6)
    np.testing.assert_allclose(after[:, 0, 0, [0, 2]], 0, atol=1e-5)
    np.testing.assert_allclose(facing(after, SMPL22), after, atol=1e-5)


def test_no_frame_of_the_repetition_is_cropped_to(clips):
    """The repeated clip's 20 frames give spans of them alone, never one across the seam."""
    for seed in range(20):
        after = augmented(clips, seed, crop=0.5)[5]
        steps = np.linalg.norm(np.diff(after[:, LEFT], axis=0), axis=-1)
        period = int(np.argmax((np.abs(after[1:] - after[0]) < 1e-6).all(axis=(1, 2)))) + 1
        assert 10 <= period <= 20
        own = np.linalg.norm(np.diff(clips[5, :20, LEFT], axis=0), axis=-1).max()
        assert (steps[: period - 1] <= own + 1e-5).all()


@pytest.mark.parametrize("speed", [0.5, 0.8, 1.0, 1.25, 2.0])
def test_speed_is_resampling(clips, speed):
    """Twice as fast is 30 fps from a motion whose frames are 60 a second."""
    motion = Motion(clips[0], 30.0 * speed, SMPL22)
    expected = resample(motion, 30.0).joints
    expected = expected[np.arange(FRAMES) % len(expected)]
    after = retime(clips[:1], np.zeros(1, int), np.array([FRAMES]), np.array([speed]))[0]
    np.testing.assert_allclose(after, expected, atol=1e-5)


def test_draws_are_the_generators_alone(clips):
    changes = {"crop": 0.5, "speed": 0.2, "rotation": 1.0, "scale": 0.1, "noise": 0.01}
    one, same, other = (augmented(clips, seed, **changes) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, same)
    assert not np.array_equal(one, other)
    assert one.dtype == np.float32

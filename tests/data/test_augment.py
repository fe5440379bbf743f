"""Every augmentation keeps bones, heights and the side that moves."""

import functools

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motext_jax.config import AugmentConfig
from motext_jax.data.augment import augment, retime
from motext_jax.data.synthetic.source import synthetic_motion
from motext_jax.motion.motion import Motion, resample
from motext_jax.motion.normalise import NORMALISATIONS, facing
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


@functools.cache
def compiled(normalise, **changes):
    options = {"skeleton": SMPL22, "normalise": NORMALISATIONS[normalise]}
    return jax.jit(functools.partial(augment, config=AugmentConfig(**changes), **options))


def augmented(clips, seed=0, lengths=LENGTHS, normalise="facing", **changes):
    change = compiled(normalise, **changes)
    return np.asarray(change(clips, lengths.astype(np.int32), jax.random.key(seed)))


def retimed(clip, start, span, speed):
    numbers = jnp.int32(start), jnp.int32(span), jnp.float32(speed)
    return np.asarray(jax.jit(retime)(jnp.asarray(clip, jnp.float32), *numbers))


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
    cropped = retimed(clips[0], 5, 20, 1.0)
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
    np.testing.assert_allclose(retimed(clips[0], 0, FRAMES, speed), expected, atol=1e-5)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    span=st.integers(1, 40),
    room=st.integers(0, 30),
    share=st.floats(0, 1),
    speed=st.floats(0.4, 2.5),
)
def test_a_retimed_span_is_interpolated_and_repeats(span, room, share, speed):
    """Against numpy's own interpolation in float64; outside of the span is nothing."""
    start = int(share * room)
    clip = np.full((70, 2, 3), np.nan)
    clip[start : start + span] = np.random.default_rng(span).normal(size=(span, 2, 3))
    speed = float(np.float32(speed))
    times = np.arange(0, span - 1 + 1e-3, speed)
    times = np.resize(times, 70)
    expected = np.empty_like(clip)
    for joint, axis in np.ndindex(2, 3):
        own = clip[start : start + span, joint, axis]
        expected[:, joint, axis] = np.interp(times, np.arange(span), own)
    np.testing.assert_allclose(retimed(clip, start, span, speed), expected, atol=1e-4)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10**6), lengths=st.lists(st.integers(1, 16), min_size=4, max_size=4))
def test_a_crop_shows_no_frame_beyond_a_clips_own(seed, lengths):
    """Each joint's x is its frame's number; beyond the clip's length there is nothing."""
    clips = np.zeros((4, 16, 22, 3), np.float32)
    clips[..., 0] = np.arange(16)[:, None]
    for clip, length in zip(clips, lengths, strict=True):
        clip[length:] = np.nan
    changes = {"crop": 0.6, "speed": 0.2, "normalise": "none"}
    after = augmented(clips, seed, np.array(lengths), **changes)[:, :, 0, 0]
    for frames, length in zip(after, lengths, strict=True):
        assert frames.min() >= 0 and frames.max() <= length - 1
        # At least 0.4 of its own frames are kept, to the nearest whole one.
        kept = max(round(0.4 * length), 1)
        assert frames.max() - frames.min() >= (kept - 1) - 1.2


def test_crops_begin_anywhere_and_speeds_go_both_ways(clips):
    """The shares kept, the first frames and the rates of play of a thousand clips."""
    clips = np.zeros((1000, 100, 22, 3), np.float32)
    clips[..., 0] = np.arange(100)[:, None]
    lengths = np.full(1000, 100)
    cropped = augmented(clips, 0, lengths, normalise="none", crop=0.5)[:, :, 0, 0]
    spans, starts = np.ptp(cropped, axis=1) + 1, cropped.min(axis=1)
    assert spans.min() >= 50 and spans.max() <= 100
    assert spans.mean() == pytest.approx(75, abs=1.5)
    assert (starts / np.maximum(100 - spans, 1)).mean() == pytest.approx(0.5, abs=0.05)
    played = augmented(clips, 0, lengths, normalise="none", speed=0.25)[:, 1, 0, 0]
    assert played.min() >= 1 / 1.2501 and played.max() <= 1.2501
    assert np.log(played).mean() == pytest.approx(0, abs=0.02)
    assert np.log(played).std() == pytest.approx(np.log(1.25) / np.sqrt(3), rel=0.05)


@pytest.mark.parametrize("normalise", ["centre", "facing", "babel"])
def test_a_cropped_clip_is_normalised_as_its_data_set_is(clips, normalise):
    function = NORMALISATIONS[normalise]
    cropped = augmented(clips, normalise="none", crop=0.6)
    after = augmented(clips, normalise=normalise, crop=0.6)
    np.testing.assert_allclose(after, function(np.float64(cropped), SMPL22), atol=1e-5)


def test_draws_are_the_keys_and_the_places_alone(clips):
    """Another clip in a place changes no other; one clip in two places is changed in two ways."""
    changes = {"crop": 0.5, "speed": 0.2, "rotation": 1.0, "scale": 0.1, "noise": 0.01}
    one, same, other = (augmented(clips, seed, **changes) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, same)
    assert not np.array_equal(one, other)
    assert one.dtype == np.float32
    twice = clips.copy()
    twice[3] = twice[2]
    changed = augmented(twice, 1, **changes)
    np.testing.assert_array_equal(np.delete(changed, 3, axis=0), np.delete(one, 3, axis=0))
    assert np.abs(changed[3] - changed[2]).max() > 0.01

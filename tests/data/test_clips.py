"""Frame rates, cutting, headings."""

import dataclasses
import functools

import jax
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny import standing

from motext_jax.config import DataConfig
from motext_jax.data.annotated import AnnotatedMotion
from motext_jax.data.clips import clip_set, cut
from motext_jax.errors import InputError
from motext_jax.motion import normalise as normalisations
from motext_jax.motion.kinematics import axis_rotation
from motext_jax.motion.motion import Motion, mirror, resample
from motext_jax.motion.normalise import NORMALISATIONS, rotation_between
from motext_jax.skeleton import NTU25, SMPL22, Skeleton

POINT = Skeleton("point", ("only",), (-1,), (), 0)


def counting(frames: int, fps: float) -> Motion:
    """One joint whose x is its time in seconds."""
    joints = np.zeros((frames, 1, 3))
    joints[:, 0, 0] = np.arange(frames) / fps
    return Motion(joints, fps, POINT)


@pytest.mark.parametrize("fps", [60.0, 120.0, 100.0, 20.0, 12.5, 30.0, 59.9999885559082])
def test_resampling_keeps_the_time_of_every_frame(fps):
    resampled = resample(counting(301, fps), 30.0)
    assert resampled.fps == 30.0
    assert len(resampled) == int(300 / fps * 30 + 1e-3) + 1
    np.testing.assert_allclose(resampled.joints[:, 0, 0], np.arange(len(resampled)) / 30, atol=1e-5)


def test_a_multiple_of_the_rate_selects_frames():
    motion = Motion(np.random.default_rng(0).normal(size=(9, 1, 3)), 120.0, POINT)
    np.testing.assert_array_equal(resample(motion, 30.0).joints, motion.joints[::4])


def test_one_frame_resamples_to_one_frame():
    assert len(resample(counting(1, 120.0), 30.0)) == 1


def test_cut_by_hand():
    # Seven frames in pieces of three: 012, 345, and 6 repeated from its own start.
    pieces = cut(np.arange(7)[:, None, None] * np.ones((1, 1, 3)), 3)
    assert [piece[:, 0, 0].tolist() for piece, _ in pieces] == [[0, 1, 2], [3, 4, 5], [6, 6, 6]]
    assert [length for _, length in pieces] == [3, 3, 1]


def test_a_short_motion_repeats_from_its_start():
    ((piece, length),) = cut(np.arange(3)[:, None, None] * np.ones((1, 1, 3)), 8)
    assert piece[:, 0, 0].tolist() == [0, 1, 2, 0, 1, 2, 0, 1]
    assert length == 3


@settings(max_examples=25, deadline=None, derandomize=True)
@given(heading=st.floats(-np.pi, np.pi), seed=st.integers(0, 1000), up=st.sampled_from([1, 2]))
def test_facing_undoes_any_place_and_heading(heading, seed, up):
    rng = np.random.default_rng(seed)
    skeleton = dataclasses.replace(SMPL22, up=up)
    body = rng.normal(size=(4, 22, 3))
    cos, sin = np.cos(heading), np.sin(heading)
    a, b = (axis for axis in range(3) if axis != up)
    turned = body.copy()
    turned[..., a] = cos * body[..., a] - sin * body[..., b] + 3.0
    turned[..., b] = sin * body[..., a] + cos * body[..., b] - 7.0
    once = normalisations.facing(body, skeleton)
    np.testing.assert_allclose(normalisations.facing(turned, skeleton), once, atol=1e-9)
    # A rigid motion: heights and distances stay.
    np.testing.assert_allclose(once[..., up], body[..., up], atol=1e-12)
    distance = lambda x: np.linalg.norm(x[:, :, None] - x[:, None], axis=-1)  # noqa: E731
    np.testing.assert_allclose(distance(once), distance(body), atol=1e-9)


def test_facing_lays_left_on_x_and_forward_on_z():
    body = standing(2, np.random.default_rng(0))
    body[:, SMPL22.index("left_foot"), 2] += 0.2
    body[:, SMPL22.index("right_foot"), 2] += 0.2
    quarter = body[..., [2, 1, 0]] * [1, 1, -1]
    faced = normalisations.facing(quarter, SMPL22)
    np.testing.assert_allclose(faced, normalisations.centre(body, SMPL22), atol=1e-9)
    assert faced[0, SMPL22.index("left_hip"), 0] > faced[0, SMPL22.index("right_hip"), 0]
    assert faced[0, SMPL22.index("left_foot"), 2] > faced[0, SMPL22.index("left_ankle"), 2] + 0.1


@pytest.mark.parametrize("normalise", ["facing", "centre", "babel"])
def test_mirroring_before_or_after_normalisation_is_the_same(normalise):
    rng = np.random.default_rng(3)
    function = NORMALISATIONS[normalise]
    body = standing(3, rng) + rng.normal(0, 0.05, (3, 22, 3))
    before = function(mirror(body, SMPL22), SMPL22)
    np.testing.assert_allclose(before, mirror(function(body, SMPL22), SMPL22), atol=1e-9)


@pytest.mark.parametrize("normalise", ["none", "facing", "centre", "babel"])
def test_a_compiled_step_normalises_as_numpy_does(normalise):
    function = functools.partial(NORMALISATIONS[normalise], skeleton=SMPL22)
    rng = np.random.default_rng(4)
    bodies = np.stack([standing(3, rng) + rng.normal(0, 0.2, (3, 22, 3)) for _ in range(5)])
    compiled = jax.jit(jax.vmap(function))(bodies.astype(np.float32))
    assert compiled.dtype == np.float32
    np.testing.assert_allclose(compiled, function(bodies), atol=2e-6)


def test_babel_by_hand():
    # A body upright along y, its shoulders along z with left at -z: up goes to +z, and left to
    # right to +x; every frame is relative to its own spine1.
    clip = np.zeros((2, 25, 3))
    clip[:, NTU25.index("pelvis")] = [0, -0.2, 0]
    clip[:, NTU25.index("left_shoulder")] = [0, 0.4, -0.2]
    clip[:, NTU25.index("right_shoulder")] = [0, 0.4, 0.2]
    clip[1] += [5.0, 6.0, 7.0]
    normal = normalisations.babel(clip, NTU25)
    for frame in normal:
        np.testing.assert_allclose(frame[NTU25.index("spine1")], 0, atol=1e-12)
        np.testing.assert_allclose(frame[NTU25.index("pelvis")], [0, 0, -0.2], atol=1e-12)
        np.testing.assert_allclose(frame[NTU25.index("left_shoulder")], [-0.2, 0, 0.4], atol=1e-12)
        np.testing.assert_allclose(frame[NTU25.index("right_shoulder")], [0.2, 0, 0.4], atol=1e-12)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10**6))
def test_rotation_between_two_vectors(seed):
    source, target = np.random.default_rng(seed).normal(size=(2, 3))
    rotation = rotation_between(source, target)
    np.testing.assert_allclose(rotation @ rotation.T, np.eye(3), atol=1e-9)
    assert np.linalg.det(rotation) == pytest.approx(1.0)
    expected = target / np.linalg.norm(target) * np.linalg.norm(source)
    np.testing.assert_allclose(rotation @ source, expected, atol=1e-9)
    axis = np.cross(source, target)
    np.testing.assert_allclose(rotation @ axis, axis, atol=1e-9)


def test_a_clip_set_keeps_what_was_said_of_each_piece():
    config = DataConfig(frames=16, normalise="none")
    rng = np.random.default_rng(0)
    motions = [
        AnnotatedMotion("a", Motion(standing(20, rng), 30.0, SMPL22), ("walks",), "walk"),
        AnnotatedMotion("b", Motion(standing(16, rng), 30.0, SMPL22), ("x", "y"), None),
    ]
    clips = clip_set(motions, ("run", "walk"), config)
    assert clips.ids == ("a/0", "a/1", "b/0")
    assert clips.lengths.tolist() == [16, 4, 16]
    assert clips.categories.tolist() == [1, 1, -1]
    assert clips.captions == (("walks",), ("walks",), ("x", "y"))
    assert [clips.category(k) for k in range(3)] == ["walk", "walk", ""]
    assert clips.counts() == {"walk": 2}
    assert clips.clips.dtype == np.float32


def test_clips_of_a_motion_normalised_as_a_whole_keep_where_it_led():
    """Someone steps 2 m to the left, then turns a quarter to the right: forward is now -x."""
    body = standing(1, np.random.default_rng(0))[0]
    body -= body[0] * [1, 0, 1]
    quarter = np.array([[0, 0, 1], [0, 1, 0], [-1, 0, 0.0]])  # x to -z, z to x
    there, turned = body + np.array([2, 0, 0]), body @ quarter.T + np.array([2, 0, 0])
    joints = np.stack([body] * 8 + [there] * 8 + [turned] * 4)
    # Where they stand and face in the room must not matter.
    joints = joints @ axis_rotation(1, np.float64(2.0)).T + [3, 0, -1]
    motions = [AnnotatedMotion("a", Motion(joints, 30.0, SMPL22), ("turns",), None)]
    hips = [SMPL22.index("left_hip"), SMPL22.index("right_hip")]

    def starts(each):
        config = DataConfig(frames=16, normalise="facing", normalise_each=each)
        clips = clip_set(motions, (), config).clips
        left = (clips[:, 0, hips[0]] - clips[:, 0, hips[1]])[:, [0, 2]]
        return clips[:, 0, 0, [0, 2]], left / np.linalg.norm(left, axis=1, keepdims=True)

    places, lefts = starts("clip")
    np.testing.assert_allclose(places, [[0, 0], [0, 0]], atol=1e-5)
    np.testing.assert_allclose(lefts, [[1, 0], [1, 0]], atol=1e-5)
    places, lefts = starts("motion")
    np.testing.assert_allclose(places, [[0, 0], [2, 0]], atol=1e-5)
    np.testing.assert_allclose(lefts, [[1, 0], [0, -1]], atol=1e-5)


@pytest.mark.parametrize(
    ("normalise", "skeleton", "says"),
    [
        ("facing", POINT, "has none; use data.normalise=centre"),
        ("babel", POINT, "lacks pelvis"),
        ("upside", SMPL22, "data.normalise is 'upside'"),
    ],
)
def test_a_normalisation_that_does_not_fit_is_named(normalise, skeleton, says):
    joints = np.ones((4, len(skeleton.joints), 3))
    motions = [AnnotatedMotion("a", Motion(joints, 30.0, skeleton), ("x",), None)]
    with pytest.raises(InputError, match=says):
        clip_set(motions, (), DataConfig(normalise=normalise))


def test_motions_on_two_skeletons_are_refused():
    motions = [
        AnnotatedMotion(s.name, Motion(np.ones((4, len(s.joints), 3)), 30.0, s), ("x",), None)
        for s in (SMPL22, NTU25)
    ]
    with pytest.raises(InputError, match="ntu25 has 25 joints that differ"):
        clip_set(motions, (), DataConfig(normalise="none"))

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
from motext_jax.data.clips import clip_set, cut, joined, of_categories
from motext_jax.data.mirroring import mirror_images
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
    assert numbered(7, 3) == [(0, [0, 1, 2], 3), (3, [3, 4, 5], 3), (6, [6, 6, 6], 1)]


def numbered(count, *how):
    """The pieces of a motion whose frames are their own numbers."""
    pieces = cut(np.arange(count)[:, None, None] * np.ones((1, 1, 3)), *how)
    return [(first, piece[:, 0, 0].tolist(), length) for first, piece, length in pieces]


def test_windows_overlap_by_hand():
    # The third of the first begins within the last frames, and is repeated from its own start.
    assert numbered(7, 4, 2) == [(0, [0, 1, 2, 3], 4), (2, [2, 3, 4, 5], 4), (4, [4, 5, 6, 4], 3)]
    # After a window that reaches the end, the next would be a part of it.
    assert numbered(6, 4, 2) == [(0, [0, 1, 2, 3], 4), (2, [2, 3, 4, 5], 4)]
    assert numbered(5, 3, 1) == [(0, [0, 1, 2], 3), (1, [1, 2, 3], 3), (2, [2, 3, 4], 3)]
    assert numbered(2, 4, 1) == [(0, [0, 1, 0, 1], 2)]
    assert numbered(7, 3, 3) == numbered(7, 3)
    assert numbered(0, 3, 1) == numbered(0, 3) == []


@pytest.mark.parametrize("hop", [0, -1, 5])
def test_a_hop_that_would_lose_frames_is_refused(hop):
    with pytest.raises(ValueError, match=f"hop is {hop}; pieces of 4 frames need 1 to 4"):
        cut(np.zeros((9, 1, 3)), 4, hop)


def test_a_short_motion_repeats_from_its_start():
    assert numbered(3, 8) == [(0, [0, 1, 2, 0, 1, 2, 0, 1], 3)]


def test_a_remainder_that_is_too_short_is_dropped_unless_it_is_all():
    assert numbered(7, 3, None, 2.0) == [(0, [0, 1, 2], 3), (3, [3, 4, 5], 3)]
    assert [first for first, *_ in numbered(8, 3, None, 2.0)] == [0, 3, 6]
    assert numbered(1, 3, None, 2.0) == [(0, [0, 0, 0], 1)]
    assert numbered(0, 3, None, 2.0) == []
    # Half a second at 30 fps is 15 frames.
    for frames, lengths in ((31, [16, 15]), (30, [16]), (9, [9])):
        motions = [AnnotatedMotion("a", counting(frames, 30.0), ("x",), None)]
        clips = clip_set(motions, (), DataConfig(frames=16, normalise="none"), shortest=0.5)
        assert clips.lengths.tolist() == lengths


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
    rotation = rotation_between(source, target.tolist())
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
    assert clips.files == ("a", "a", "b")
    assert clips.segments == ("", "", "")
    np.testing.assert_allclose(clips.starts, [0, 16 / 30, 0])
    np.testing.assert_allclose(clips.ends, [16 / 30, 20 / 30, 16 / 30])
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
    # Their place and direction in the room must not matter.
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


@pytest.fixture(scope="module")
def table():
    """Two motions of two categories each, of two and one clips, and one without a category."""
    rng = np.random.default_rng(0)
    long, short, other = (Motion(standing(n, rng), 30.0, SMPL22) for n in (20, 16, 9))
    motions = [
        AnnotatedMotion("a.bvh", motion, ("x",), category, start, segment)
        for motion, category, start, segment in (
            (long, "walk", 2.0, "s"),
            (long, "wave left", 2.0, "s"),
            (short, "walk", 0.0, "t"),
            (short, "wave right", 0.0, "t"),
            (other, None, 0.0, ""),
        )
    ]
    names = ("walk", "wave left", "wave right")
    return clip_set(motions, names, DataConfig(frames=16, normalise="none"))


def test_rows_of_one_clip_are_told_by_where_it_comes_from(table):
    assert table.categories.tolist() == [0, 0, 1, 1, 0, 2, -1]
    assert table.unique().tolist() == [0, 1, 4, 6]
    assert table.label_sets() == ({0, 1}, {0, 1}, {0, 1}, {0, 1}, {0, 2}, {0, 2}, frozenset())
    # Any of the five makes it another clip.
    for change in (
        {"files": ("b.bvh", *table.files[1:])},
        {"segments": ("u", *table.segments[1:])},
        {"starts": np.array([1.9, *table.starts[1:]])},
        {"ends": np.array([2.1, *table.ends[1:]])},
    ):
        assert dataclasses.replace(table, **change).unique().tolist() == [0, 1, 2, 4, 6]
    unlabelled = dataclasses.replace(table, categories=np.full(7, -1))
    both = joined([unlabelled, mirror_images(unlabelled, np.arange(7))])
    assert both.unique().tolist() == [0, 1, 4, 6, 7, 8, 11, 13]


def test_a_clip_is_called_by_its_file_and_seconds(table):
    assert table.name(1) == "a.bvh 2.5-2.7 s"
    assert table.name(6) == "a.bvh 0.0-0.3 s"
    assert mirror_images(table, np.array([6])).name(0) == "a.bvh 0.0-0.3 s, mirrored"


def test_rows_are_selected_with_all_their_columns(table):
    rows = [5, 0, 5]
    for found in (table.select(rows), table.select([0, 5, 6]).select([1, 0, 1])):
        assert len(found) == 3
        np.testing.assert_array_equal(found.clips[:], table.clips[rows])
        for name in ("lengths", "categories", "starts", "ends"):
            np.testing.assert_array_equal(getattr(found, name), getattr(table, name)[rows])
        for name in ("captions", "files", "segments"):
            assert getattr(found, name) == tuple(getattr(table, name)[row] for row in rows)
        stored, own, mirrored = found.stored()
        np.testing.assert_array_equal(stored[own], table.clips[rows])
        assert len(stored) == 2 and not mirrored.any()
    assert len(table.select([])) == 0 and len(table.select([]).unique()) == 0


def test_columns_of_different_lengths_are_no_table(table):
    with pytest.raises(ValueError, match="7 clips, and files has 6 rows"):
        dataclasses.replace(table, files=table.files[1:])


def test_a_fingerprint_is_of_every_column(table):
    mirrored = mirror_images(dataclasses.replace(table, categories=np.full(7, -1)), np.arange(7))
    changes = [
        {"files": ("b.bvh", *table.files[1:])},
        {"segments": ("u", *table.segments[1:])},
        {"starts": table.starts + 1},
        {"ends": table.ends + 1},
        {"lengths": table.lengths - 1},
        {"categories": np.roll(table.categories, 1)},
        {"captions": (("y",), *table.captions[1:])},
        {"category_names": ("walk", "wave left", "wave")},
        {"clips": mirrored.clips},
    ]
    prints = [dataclasses.replace(table, **change).fingerprint() for change in changes]
    assert len({table.fingerprint(), *prints}) == 10
    moved = dataclasses.replace(table, clips=table.clips + np.float32(1))
    assert moved.fingerprint() == table.fingerprint()


def test_parts_are_joined_with_their_mirror_images(table):
    parts = [table.select([6, 1]), mirror_images(table, np.array([2, 5])), table.select([0])]
    whole = joined(parts)
    np.testing.assert_array_equal(whole.clips[:], np.concatenate([p.clips[:] for p in parts]))
    assert whole.mirrored.tolist() == [False, False, True, True, False]
    assert [whole.name(k) for k in range(5)] == [p.name(k) for p in parts for k in range(len(p))]
    assert whole.categories.tolist() == [-1, 0, 2, 1, 0]


def test_clips_of_some_categories(table):
    found = of_categories(table, ["wave right", "walk"])
    kept = [0, 1, 4, 5]
    assert found.category_names == ("wave right", "walk")
    assert [found.category(k) for k in range(4)] == [table.category(k) for k in kept]
    np.testing.assert_array_equal(found.clips[:], table.clips[kept])
    assert found.starts.tolist() == table.starts[kept].tolist()
    assert len(of_categories(table, [])) == 0

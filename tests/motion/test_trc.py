import numpy as np
import pytest
from c3d_points import c3d
from trc_points import KEYPOINTS, moved, trc

from motext_jax.errors import InputError
from motext_jax.motion import c3d as c3d_reader
from motext_jax.motion import files
from motext_jax.motion.trc import read_markers, read_recording


@pytest.fixture
def read(tmp_path):
    """Writes a file and reads it."""

    def written(content, reader=read_recording):
        (tmp_path / "walk.trc").write_bytes(content)
        return reader(tmp_path / "walk.trc")

    return written


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"blank": ""},
        {"end": "\r\n"},
        {"number": "{:.6e}"},
        {"NumFrames": 5},
        {"NumFrames": ""},
    ],
)
def test_the_points_are_read_as_they_stand(read, options):
    markers = read(trc(KEYPOINTS, moved(KEYPOINTS), **options), read_markers)
    assert markers.labels == tuple(KEYPOINTS)
    assert (markers.fps, markers.unit, markers.up) == (60, "m", None)
    seen = np.abs(moved(KEYPOINTS)).any(axis=-1)
    np.testing.assert_allclose(markers.positions[seen], moved(KEYPOINTS)[seen], atol=1e-5)


def test_decimal_commas_are_points(read):
    content = trc(KEYPOINTS, moved(KEYPOINTS), fps=60, blank="")
    head, frames = content.split(b"Z18\n")
    markers = read(head + b"Z18\n" + frames.replace(b".", b","), read_markers)
    np.testing.assert_allclose(markers.positions, moved(KEYPOINTS), atol=1e-5)


def test_the_same_points_are_the_same_body_as_in_c3d(read, tmp_path):
    places = 1000 * moved(KEYPOINTS)
    (tmp_path / "walk.c3d").write_bytes(c3d(list(KEYPOINTS), places))
    expected = c3d_reader.read_recording(tmp_path / "walk.c3d")
    recording = read(trc(KEYPOINTS, places, Units="mm", fps=100))
    assert recording.joints == expected.joints
    assert recording.parents == expected.parents
    assert (recording.fps, recording.metres_per_unit) == (100, 0.001)
    np.testing.assert_allclose(recording.positions, expected.positions, atol=1e-3)


def test_keypoints_of_cameras_are_a_person(read, tmp_path):
    recording = read(trc(KEYPOINTS, moved(KEYPOINTS)))
    place = dict(zip(recording.joints, recording.positions[0], strict=True))
    np.testing.assert_allclose(place["left_foot"], (0.16, 0.02, -0.11), atol=1e-5)
    np.testing.assert_allclose(place["pelvis"], (0, 0.95, 0), atol=1e-5)
    motion = files.read_motion(tmp_path / "walk.trc")
    assert motion.fps == 60
    assert motion.joints.shape[1:] == (22, 3)
    # The arms hang: the wrists are 5 cm below the hips and further out.
    for side, outward in (("left", -1), ("right", 1)):
        wrist, hip = (
            motion.joints[0, motion.skeleton.index(f"{side}_{joint}")] for joint in ("wrist", "hip")
        )
        assert hip[1] - wrist[1] == pytest.approx(0.05, abs=0.02)
        assert outward * (wrist[2] - hip[2]) > 0.05


@pytest.mark.parametrize("missing", [np.nan, 0.0])
def test_a_point_that_is_blank_or_at_the_origin_was_not_seen(read, missing):
    places = moved(KEYPOINTS, frames=30)
    places[4, 3] = places[5, -1] = missing
    markers = read(trc(KEYPOINTS, places), read_markers)
    unseen = np.argwhere(np.isnan(markers.positions).all(axis=-1))
    assert unseen.tolist() == [[4, 3], [5, len(KEYPOINTS) - 1]]
    # The wrist goes on a straight line meanwhile.
    recording = read(trc(KEYPOINTS, places))
    wrist = recording.joints.index("right_wrist")
    np.testing.assert_allclose(recording.positions[4, wrist], (0.45, 0.9, 0.2), atol=1e-5)


def test_a_rate_that_the_times_contradict_is_not_known(read):
    """The times are those of 60 frames a second."""
    for said, known in (("60", 60), ("59.94", 59.94), ("120", None), ("", None)):
        assert read(trc(KEYPOINTS, moved(KEYPOINTS), DataRate=said), read_markers).fps == known
    timeless = trc(KEYPOINTS, moved(KEYPOINTS), DataRate="120").split(b"\n")
    for row in range(6, 10):
        cells = timeless[row].split(b"\t")
        timeless[row] = b"\t".join([cells[0], b"0", *cells[2:]])
    assert read(b"\n".join(timeless), read_markers).fps == 120


WHOLE = trc(KEYPOINTS, moved(KEYPOINTS))
REFUSED = {
    "other": (b"HIERARCHY\n", "line 1: found 'HIERARCHY', expected PathFileType"),
    "end": (b"PathFileType\t4\n", "found the end of the file, expected Frame#"),
    "no names": (trc({}, np.zeros((1, 0, 3))), "expected 1 to 2,000 points' names"),
    "axes": (WHOLE.replace(b"X1\t", b"A1\t"), "line 5: .*expected X1, Y1, Z1"),
    "cut": (WHOLE[: WHOLE.index(b"\n2\t")], "claims 4 frames, and 1 are there"),
    "wide": (WHOLE.replace(b"\n2\t", b"\n2\t1\t1\t"), "expected at most 54 coordinates"),
    "nobody": (trc({"a": 0}, np.ones((3, 1, 3))), "found no left_hip, .* among the 1 points"),
    "empty": (
        trc(KEYPOINTS, np.zeros((0, 18, 3))),
        "found the end of the file, expected a line for each frame",
    ),
}


@pytest.mark.parametrize(("content", "sentence"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_read_is_named(read, tmp_path, content, sentence):
    with pytest.raises(InputError, match=sentence) as said:
        read(content, files.read_recording)
    assert str(said.value).startswith(str(tmp_path / "walk.trc"))

"""Annotation files in BABEL's format."""

import json

import pytest
from amass_files import label, sequence

from motext_jax.data.babel.annotations import read_sequences
from motext_jax.errors import InputError


def write(tmp_path, content):
    (tmp_path / "train.json").write_text(json.dumps(content))
    return tmp_path / "train.json"


def test_labels_of_frames_come_before_those_of_the_whole(tmp_path):
    whole = [label("w", "walk about", ["walk"])]
    parts = [label("p", "stop", ["stand"], 2.5, 3.0), label("q", "go", None, 0.0, 2.5)]
    path = write(
        tmp_path, {"7": sequence("A/B/s/f.npz", 4.0, whole, parts), "8": sequence("x", 5.0, whole)}
    )
    first, second = read_sequences(path)
    assert (first.sid, first.file, first.seconds) == ("7", "A/B/s/f.npz", 4.0)
    assert [(s.id, s.start, s.end) for s in first.segments] == [("p", 2.5, 3.0), ("q", 0.0, 2.5)]
    assert [s.categories for s in first.segments] == [("stand",), ()]
    (segment,) = second.segments
    assert (segment.start, segment.end) == (0.0, 5.0)
    assert (segment.raw, segment.processed) == ("Walk About", "walk about")


def test_extra_files_hold_lists_of_annotations(tmp_path):
    entry = sequence("f", 4.0, [])
    several = [{"labels": [label(name, name, [name])]} for name in ("walk", "run")]
    extra = {"feat_p": "f", "dur": 4.0, "seq_anns": several, "frame_anns": None}
    path = write(tmp_path, {"7": extra, "8": entry | {"seq_ann": {"labels": None}}})
    first, second = read_sequences(path)
    assert [s.id for s in first.segments] == ["walk", "run"]
    assert second.segments == ()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ([], "holds a list; expected sequences by their id"),
        ({"7": {"feat_p": "f"}}, "sequence 7: no field 'dur'"),
        ({"7": None}, "sequence 7: .*expected BABEL's fields"),
        ({"7": sequence("f", 1.0, [{"raw_label": "walk"}])}, "sequence 7: no field 'seg_id'"),
        ({"7": sequence("f", 1.0, []) | {"dur": "long"}}, "sequence 7: could not convert"),
        ({"7": sequence("f", float("nan"), [])}, "sequence 7: nan is no time in seconds"),
    ],
)
def test_what_is_no_annotation_is_named(tmp_path, content, sentence):
    with pytest.raises(InputError, match=sentence):
        read_sequences(write(tmp_path, content))


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[" * 10**6])
def test_what_is_no_json_is_named(tmp_path, content):
    (tmp_path / "train.json").write_bytes(content)
    with pytest.raises(InputError, match=r"train\.json: not JSON"):
        read_sequences(tmp_path / "train.json")
    with pytest.raises(InputError, match=r"val\.json: there is no such file"):
        read_sequences(tmp_path / "val.json")

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
        ({"7": sequence("f", 1.0, []) | {"dur": "long"}}, "sequence 7: 'long' is no time in sec"),
        ({"7": sequence("f", 1.0, [label("a", "b", None, 0.0, 1e308)])}, "7: 1e[+]308 is no time"),
        ({"7": sequence("f", 10**400, [])}, "sequence 7: 10{78}… is no time in seconds"),
        (
            {"7": sequence("f", 1.0, [label("a", "b", None, -1.0, 1.0)])},
            "7: -1.0 is no time in sec",
        ),
        ({"7": sequence("f", True, [])}, "sequence 7: True is no time in seconds"),
        ({"7": sequence(["f"], 1.0, [])}, r"sequence 7: \['f'\] is no str"),
        ({"7": sequence("f", 1.0, [label("a", "b", [["c"]])])}, r"sequence 7: \['c'\] is no str"),
        ({"7": sequence("f", 1.0, [label("a", "b", "walk")])}, "sequence 7: 'walk' is no list"),
        ({"7": sequence("f", 1.0, {"a": 3})}, "sequence 7: {'a': 3} is no list"),
        ({"7": sequence("f", 1.0, [3])}, "sequence 7: 3 is no dict"),
        ({"7": sequence("f", 1.0, []) | {"frame_anns": [3]}}, "sequence 7: 3 is no dict"),
        ({"7" * 10**6: None}, "sequence 7{79}…: .*expected BABEL's fields"),
        ({"7": sequence("f", float("nan"), [])}, "sequence 7: nan is no time in seconds"),
    ],
)
def test_what_is_no_annotation_is_named(tmp_path, content, sentence):
    with pytest.raises(InputError, match=sentence) as raised:
        read_sequences(write(tmp_path, content))
    assert len(str(raised.value)) < 400


def test_half_a_surrogate_pair_becomes_a_replacement_character(tmp_path):
    """JSON can spell it, and no tokenizer and no file takes it."""
    labels = [label("s\udc00", "turn \ud800", ["turn\ud83d\ude00"])]
    (found,) = read_sequences(write(tmp_path, {"\ud800": sequence("f\ud800", 1.0, labels)}))
    (segment,) = found.segments
    assert (found.sid, found.file, segment.id) == ("\ufffd", "f\ufffd", "s\ufffd")
    assert (segment.processed, segment.categories) == ("turn \ufffd", ("turn😀",))


@pytest.mark.parametrize("content", [b" ", b"{", b"\xff\xfe", b"[" * 10**6, b"9" * 5000])
def test_what_is_no_json_is_named(tmp_path, content):
    (tmp_path / "train.json").write_bytes(content)
    with pytest.raises(InputError, match=r"train\.json: not JSON"):
        read_sequences(tmp_path / "train.json")
    with pytest.raises(InputError, match=r"val\.json: there is no such file"):
        read_sequences(tmp_path / "val.json")

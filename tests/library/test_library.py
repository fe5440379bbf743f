"""Search of a library, by a model of which every cosine is known."""

import dataclasses
import itertools
import json
import math
import shutil
import threading

import arm_raisers
import numpy as np
import pytest

from motext_jax.errors import InputError
from motext_jax.library.answers import as_csv, as_json
from motext_jax.library.contents import Contents
from motext_jax.library.index import index
from motext_jax.library.library import open_library
from motext_jax.library.query import Query, Span
from motext_jax.motion.files import read_motion


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    root = tmp_path_factory.mktemp("library")
    takes = root / "takes"
    arm_raisers.write(takes / "left.npz", ("left", 6), shift=40)
    arm_raisers.write(takes / "right.npz", ("right", 6))
    arm_raisers.write(takes / "order" / "lr.npz", ("left", 6), ("", 6), ("right", 6))
    arm_raisers.write(takes / "order" / "rl.npz", ("right", 6), ("left", 6))
    arm_raisers.write(takes / "stands.npz", ("", 3))
    (takes / "captions.csv").write_text(
        "file,start,end,caption,action\n"
        "left.npz,,,raises the Left arm,\n"
        "order/lr.npz,0,6,raises the left arm,\n"
        "order/lr.npz,12,18,raises the right arm,\n"
    )
    index(takes, root / "db", arm_raisers.ArmModel())
    return open_library(root / "db", arm_raisers.ArmModel())


def files(answers):
    return [answer.file for answer in answers]


def test_the_nearest_come_first_each_take_once(library):
    found = library.search(Query("left"), top=9)
    # Of two that are as far from it, the one that is nearer to other texts is the last.
    assert files(found)[-2:] == ["stands.npz", "right.npz"]
    assert set(files(found)) == {take.file for take in library.takes()}
    assert found[0].score == pytest.approx(arm_raisers.SURE, abs=1e-3) and found[0].word == "likely"
    assert found[-1].score < 0 and found[-1].word == "unlikely"
    by_file = {answer.file: answer for answer in found}
    # Windows that begin a little before the left arm rises extend its place.
    assert by_file["order/rl.npz"].start > 4 and by_file["order/rl.npz"].end == 12
    assert by_file["order/lr.npz"].captions == ("raises the left arm",)
    assert len(library.search(Query("left"), top=2)) == 2


def test_several_places_of_a_take(library):
    found = library.search(Query("left right", within="order/lr.npz"), top=9)
    assert [answer.file for answer in found] == ["order/lr.npz"] * len(found)
    spans = sorted((answer.start, answer.end) for answer in found)
    assert len(spans) > 2 and all(a[1] <= b[0] for a, b in itertools.pairwise(spans))
    alone = library.search(Query("right"), top=9, each=1)
    assert len(files(alone)) == len(set(files(alone)))


def test_an_excluded_text_takes_away_what_is_nearer_to_it(library):
    both = library.search(Query("left right"), top=9)
    assert "left.npz" in files(both)
    without = library.search(Query("left right", without=("left",)), top=9)
    assert "left.npz" not in files(without) and "right.npz" in files(without)


def test_conditions_and_captions(library):
    asked = library.search(Query("left", where="seconds > 10 and file like 'order/%'"), top=9)
    assert set(files(asked)) == {"order/lr.npz", "order/rl.npz"}
    asked = library.search(Query("left", captions="left RAISES"), top=9)
    assert set(files(asked)) == {"left.npz", "order/lr.npz"}
    assert library.search(Query("left", captions="lef"), top=9) == []
    assert library.search(Query("left", where="seconds > 1000")) == []


def test_mirror_images(library):
    found = library.search(Query("left", mirrored=True, where="seconds = 6"), top=9)
    assert {(a.file, a.mirrored, round(a.score, 2)) for a in found} == {
        ("left.npz", False, 0.85),
        ("right.npz", True, 0.85),
    }
    like = Query(like=Span("left.npz", 0, 4), mirrored=True, where="file like '%ight.npz'")
    (answer,) = library.search(like)
    assert answer.mirrored and answer.score == pytest.approx(1, abs=1e-3)
    (answer,) = library.search(Query("right", mirrored=True, captions="arm", where="seconds = 6"))
    assert answer.mirrored and answer.captions == ("raises the Right arm",)


def test_the_mirror_image_of_a_span_is_an_example(library):
    like = Span("left.npz", 0, 4, mirrored=True)
    found = {answer.file: answer for answer in library.search(Query(like=like), top=9)}
    assert found["right.npz"].score == pytest.approx(1, abs=1e-3)
    assert found["order/lr.npz"].start >= 11 and "left.npz" in found
    # The mirror image of a mirror image is the motion itself.
    (answer,) = library.search(Query(like=like, mirrored=True, where="file = 'order/rl.npz'"))
    assert not answer.mirrored and answer.start < 2


def test_the_curve_of_a_mirror_image(library):
    """The take raises its left arm and then its right one; its mirror image the other way round."""
    for mirrored, high, caption in (
        (False, (0, 4), "raises the left arm"),
        (True, (14, 18), "raises the left arm"),
    ):
        for asked in (Query("left"), Query("left", mirrored=True)):
            curve = library.curve("order/lr.npz", asked, mirrored)
            at = zip(curve.seconds, curve.scores, strict=True)
            for second, cosine in at:
                if second < 4 or second > 14:
                    assert (cosine > 0.8) == (high[0] <= second <= high[1]), second
            (place,) = curve.intervals
            assert place.mirrored == mirrored and place.captions == (caption,)
    like = Query(like=Span("left.npz", 0, 4))
    curve = library.curve("order/lr.npz", like, mirrored=True)
    assert curve.scores[-1] > 0.8 > 0.1 > curve.scores[0]
    assert library.curve("stands.npz", Query("stands"), mirrored=True).scores[0] > 0.9


def test_a_short_example_is_a_moment_and_no_pose(library, tmp_path):
    """At 6 s the left arm goes down; just before, it is up as in the six seconds until then."""
    shutil.copy(library.folder / "order/lr.npz", tmp_path / "copy.npz")
    outside = library.resolved(Query(like=Span(str(tmp_path / "copy.npz"), 5.9, 5.95)))
    mirrored = Query(like=Span("order/lr.npz", 5.9, 5.95, mirrored=True))
    # Its mirror image is as the right arm that goes up at 12 s.
    for query, turn in ((outside, 6), (mirrored, 12)):
        best = library.search(query, top=1)[0]
        assert best.file == "order/lr.npz" and turn - 3 < best.start < turn < best.end < turn + 5
        assert "the example is 0.05 s long; it is looked at with the 1.5 s around it" in (
            library.notes(query, [best])
        )
    assert not library.notes(Query(like=Span("left.npz", 0, 1.5)), [best])


def test_by_example_without_the_example_itself(library):
    found = library.search(Query(like=Span("order/lr.npz", 0, 5)), top=9)
    assert found[0].score == pytest.approx(1, abs=1e-3)
    assert found[0].file in ("left.npz", "order/rl.npz") and found[0].word == ""
    assert all(a.start >= 5 for a in found if a.file == "order/lr.npz")


def test_by_an_example_from_outside(library, tmp_path):
    arm_raisers.write(tmp_path / "mine.npz", ("", 6), ("right", 6))
    query = library.resolved(Query(like=Span(str(tmp_path / "mine.npz"), 6.0, 11.0)))
    assert query.like.outside
    (answer,) = library.search(query, top=1)
    assert answer.score == pytest.approx(1, abs=1e-3)
    assert answer.file in ("right.npz", "order/lr.npz", "order/rl.npz")
    inside = library.resolved(Query(like=Span(str(library.folder / "left.npz"))))
    assert inside.like == Span("left.npz")
    for like in (
        Span("none.npz"),
        Span("left.npz", 99),
        Span(str(tmp_path / "mine.npz"), 99, 100, outside=True),
    ):
        with pytest.raises(InputError):
            library.search(Query(like=like))


@pytest.mark.parametrize(("text", "example"), [(3.0, 1.0), (1.0, 3.0), (1.0, 0.0)])
def test_text_and_example_with_weights(library, text, example):
    """The two vectors are at right angles, and the text's centre is no matter of the example."""
    query = Query(
        "left",
        like=Span("order/rl.npz", 0, 5),
        text_weight=text,
        like_weight=example,
        where="seconds = 6",
    )
    scores = {answer.file: answer.score for answer in library.search(query)}
    length = math.hypot(text, example)
    assert scores["left.npz"] == pytest.approx(text * arm_raisers.SURE / length, abs=0.01)
    assert scores["right.npz"] == pytest.approx(
        (example - text * (1 - arm_raisers.SURE)) / length, abs=0.01
    )


def test_sequences_are_told_from_those_in_the_other_order(library):
    found = library.search(Query("left, then right"), top=9)
    # Each action is judged by its own window's score, and the least sure one counts.
    assert found[0].file == "order/lr.npz" and found[0].word == "perhaps"
    assert found[-1].word == "unlikely"
    (first, second) = found[0].parts
    assert first[1] <= 6.5 and second[0] >= 11.5
    assert (found[0].start, found[0].end) == (first[0], second[1])
    assert library.search(Query("right, then left"))[0].file == "order/rl.npz"
    flipped = library.search(Query("right, then stands, then left", mirrored=True))[0]
    assert (flipped.file, flipped.mirrored, len(flipped.parts)) == ("order/lr.npz", True, 3)


def test_an_order_has_the_least_sure_word_of_its_actions(library, monkeypatch):
    words = {"left": ("unlikely",), "right": ("likely",), "stands": ()}
    scores = []

    def judge(model, query, given):
        scores.extend(given)
        return words[query], {}

    monkeypatch.setattr(arm_raisers.ArmModel, "judge", judge)
    # An order is never likely.
    for text, word in (("right, then left", "unlikely"), ("right, then right", "perhaps")):
        assert library.search(Query(text), top=1)[0].word == word
    # Without a calibration there is none.
    assert library.search(Query("stands, then stands"), top=1)[0].word == ""
    # They are scores, as calibrated, and no cosines, by which orders are told apart.
    scores.clear()
    facts = dataclasses.replace(
        library.store.facts, centre=(0.25,) * library.store.facts.dimensions
    )
    monkeypatch.setattr(library.store, "facts", facts)
    (answer,) = library.search(Query("right, then left"), top=1)
    assert len(scores) == 2 and max(scores) < answer.score


def test_the_curve_of_a_take(library):
    curve = library.curve("order/lr.npz", Query("right"))
    at = dict(zip(curve.seconds, curve.scores, strict=True))
    assert (curve.seconds[0], curve.seconds[-1]) == (0, 18)
    assert max(value for second, value in at.items() if second < 10) < 0.2
    assert min(value for second, value in at.items() if second > 15) > 0.8
    (place,) = curve.places
    assert place.start == pytest.approx(12, abs=1) and place.end == 18
    assert place.captions == ("raises the right arm",) and place.word == "likely"
    nothing = library.curve("left.npz", Query("right"))
    assert {place.word for place in nothing.intervals} == {"unlikely"} and not nothing.places
    with pytest.raises(InputError, match="did you mean 'left.npz'"):
        library.curve("lef.npz", Query("right"))


def test_places_of_an_order_have_the_word_of_their_likest_action(library):
    words = {
        file: {place.word for place in library.curve(file, "left, then right").intervals}
        for file in ("order/lr.npz", "stands.npz")
    }
    # An order is never likely.
    assert words == {"order/lr.npz": {"perhaps"}, "stands.npz": {"unlikely"}}


def test_a_text_alone_is_a_query(library):
    assert library.search("left", top=3) == library.search(Query("left"), top=3)
    assert library.curve("left.npz", "left") == library.curve("left.npz", Query("left"))
    with pytest.raises(InputError, match="the query is empty"):
        library.search(" ")


@pytest.mark.parametrize("counts", [{"top": 0}, {"top": -1}, {"each": 0}, {"each": -2}])
def test_fewer_answers_than_one_are_refused(library, counts):
    ((name, count),) = counts.items()
    with pytest.raises(InputError, match=f"^{name}={count}; expected a whole number from 1$"):
        library.search("left", **counts)


@pytest.mark.parametrize(
    ("start", "end", "says"),
    [
        (12, 13, "from 12 to 13 s"),
        (99, None, "from 99 s"),
        (4, 4, "from 4 to 4 s"),
        (-1, 2, "from -1 to 2 s"),
        (math.nan, None, "from nan s"),
    ],
)
def test_seconds_that_a_take_has_not_are_refused(library, start, end, says):
    said = f"'order/rl.npz': no span {says} in a take of 12.00 s"
    with pytest.raises(InputError, match=said):
        library.poses("order/rl.npz", start, end)
    with pytest.raises(InputError, match=said):
        library.search(Query(like=Span("order/rl.npz", start, end)))


def test_a_span_ends_with_its_take(library):
    cut, whole = (library.poses("order/rl.npz", 10, end) for end in (99, None))
    np.testing.assert_array_equal(cut.positions, whole.positions)


def test_poses_are_the_motion_in_millimetres(library):
    poses = library.poses("order/rl.npz", 2, 4)
    assert (poses.start, poses.fps, len(poses.positions)) == (2, 10, 20)
    motion = read_motion(library.folder / "order/rl.npz")
    apart = poses.positions / 1000 - motion.joints[20:40]
    # Moved over the floor alone.
    assert np.abs(apart - apart[0, 0]).max() < 0.002 and abs(apart[0, 0, 1]) < 0.001
    assert poses.parents[0] == -1 and poses.sides[1:3] == ("left", "right")
    # Forty metres away is no more than two hands of 16 bits.
    far = library.poses("left.npz").positions.astype(int)
    assert np.abs(far).max() < 3000


def test_unknown_words_are_told(library):
    assert library.unread(Query("a zebra")) == {"zebra": ""}
    assert library.unread(Query("left", without=("right", "a zebra"))) == {"zebra": ""}
    assert library.unread(Query(like=Span("left.npz"))) == {}


def test_connectives_of_an_order_are_no_words_of_it(library, monkeypatch):
    monkeypatch.setattr(
        arm_raisers.ArmModel,
        "judge",
        lambda model, query, scores: ((), dict.fromkeys(query.split(), "")),
    )
    order = Query("left, afterwards zebra, and finally left")
    assert list(library.unread(order)) == ["left", "zebra"]
    # Beside an example it is one text.
    assert "finally" in library.unread(dataclasses.replace(order, like=Span("left.npz")))
    assert library.is_lost(Query("zebra, afterwards zebra"))
    assert not library.is_lost(order) and not library.is_lost(Query(like=Span("left.npz")))


def test_an_answer_as_json_and_csv(library):
    answers = library.search(Query("left", where="file = 'left.npz'"))
    (tree, _) = json.loads(as_json(["the left", "=left"], [answers, answers], [[], []]))
    assert (
        tree["query"] == "the left"
        and tree["file"] == "left.npz"
        and tree["score"] == round(answers[0].score, 4)
    )
    header, line, other = as_csv(["the left", "=left"], [answers, answers]).splitlines()
    assert header == "query,file,start,end,score,word,mirrored,captions,parts"
    assert line.startswith("the left,left.npz,0.0,")
    assert line.endswith("likely,False,raises the Left arm,")
    assert other.startswith("'=left,left.npz")


def test_spans_are_written_as_arrays_that_can_be_read(library, tmp_path):
    (answer,) = library.search(Query("right", within="order/lr.npz"), top=1)
    (path,) = library.write([answer], tmp_path / "arrays", "npz")
    cut, whole = read_motion(path), read_motion(library.folder / "order/lr.npz")
    first, last = round(answer.start * 10), round(answer.end * 10)
    assert cut.fps == 10
    np.testing.assert_allclose(cut.joints, whole.joints[first:last], atol=1e-5)
    (path,) = library.write([answer], tmp_path / "joints", "joints")
    np.testing.assert_allclose(read_motion(path).joints, whole.joints[first:last], atol=1e-5)
    assert path.name.startswith("001_order__lr_") and path.suffix == ".npz"
    with pytest.raises(InputError, match="expected one of bvh, npz, joints"):
        library.write([answer], tmp_path / "other", "fbx")
    behind = dataclasses.replace(answer, start=99.0, end=100.0)
    with pytest.raises(InputError, match=r"no span from 99 to 100 s in a take of 18.00 s"):
        library.write([behind], tmp_path / "behind", "npz")


def test_queries_go_on_while_what_was_added_is_read(library, tmp_path, monkeypatch):
    arm_raisers.write(tmp_path / "takes" / "left.npz", ("left", 6))
    index(tmp_path / "takes", tmp_path / "db", arm_raisers.ArmModel())
    own = open_library(tmp_path / "db", arm_raisers.ArmModel())
    arm_raisers.write(tmp_path / "takes" / "also.npz", ("left", 6))
    index(tmp_path / "takes", tmp_path / "db", arm_raisers.ArmModel())
    begun, go_on, read = threading.Event(), threading.Event(), Contents.read

    def slow(store, version):
        found = read(store, version)
        begun.set()
        assert go_on.wait(60)
        return found

    monkeypatch.setattr(Contents, "read", slow)
    reader = threading.Thread(target=own.takes)
    asker = threading.Thread(target=lambda: seen.extend([own.search(Query("left")), own.takes()]))
    seen = []
    reader.start()
    assert begun.wait(60)
    asker.start()
    asker.join(60)
    stalled = asker.is_alive()
    go_on.set()
    reader.join(60)
    assert not stalled and [files(one) for one in seen] == [["left.npz"]] * 2
    assert files(own.search(Query("left"))) == ["also.npz", "left.npz"]
    assert files(own.takes()) == ["also.npz", "left.npz"]


def test_a_loaded_model_waits_for_no_lock(library):
    """Another thread may be loading, or reading the tables."""
    assert library.model is library.model
    with library._loading, library._live._reading:
        asker = threading.Thread(target=lambda: library.search(Query("left")), daemon=True)
        asker.start()
        asker.join(60)
        assert not asker.is_alive()

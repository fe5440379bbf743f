"""All scores of a model that is known by heart: it embeds a clip by its wrists' heights."""

import dataclasses
import io
import json
import re
from types import SimpleNamespace

import numpy as np
import pytest
import tiny

from motext_jax.data.clips import clip_set
from motext_jax.data.humanml3d import HumanML3DFolder
from motext_jax.data.mirroring import with_mirrored
from motext_jax.errors import InputError
from motext_jax.evaluation.evaluate import evaluate, validation_score
from motext_jax.evaluation.recognition import AnyLabelRecognition, OwnSide
from motext_jax.evaluation.records import to_json
from motext_jax.evaluation.scores import ClipSettings, Evaluation
from motext_jax.evaluation.tables import print_tables
from motext_jax.skeleton import SMPL22
from motext_jax.terminal import console
from motext_jax.trained.model import TrainedModel


class WristModel:
    """Left wrist up is (1, 0, 0), right wrist up is (0, 1, 0), neither is (0, 0, 1)."""

    # It passes for one where types are checked, as a `Mock(spec=TrainedModel)` does.
    __class__ = TrainedModel
    is_contrastive = True
    manifest = SimpleNamespace(config=tiny.config())

    def encode_motion(self, clips):
        joints = clips[:]
        rise = joints[:, -1, :, 1] - joints[:, 0, :, 1]
        up = rise[:, [SMPL22.index("left_wrist"), SMPL22.index("right_wrist")]] > 0.5
        return np.concatenate([up, ~up.any(1, keepdims=True)], axis=1).astype(np.float32)

    def encode_text(self, texts):
        sides = [["left" in text, "right" in text, "stand" in text] for text in texts]
        return np.asarray(sides, np.float32)

    def classify(self, clips, names):
        return self.encode_motion(clips) @ self.encode_text(names).T


class MirroredModel(WristModel):
    """The same with left and right exchanged."""

    def encode_motion(self, clips):
        return super().encode_motion(clips)[:, [1, 0, 2]]


@pytest.fixture(scope="module")
def clips(tmp_path_factory):
    root = tiny.write_humanml3d(tmp_path_factory.mktemp("d") / "data", {"train": 9}, frames=16)
    config = tiny.config(root).data
    source = HumanML3DFolder(config)
    return clip_set(source.motions("train"), source.categories, config)


def test_a_model_that_knows_its_sides(clips):
    results = evaluate(WristModel(), clips)
    assert results.recognition.top1 == results.recognition.top1_norm == 100
    assert results.recognition.classes == 3
    assert results.left_right.own == results.left_right.mirrored == OwnSide(100.0, 6)
    assert results.category_retrieval.top[1] == 100
    retrieval = results.retrieval.identical_caption
    assert retrieval.text_to_motion.recall[1] == retrieval.motion_to_text.recall[1] == 100
    # Three clips with one caption: their order is a tie, whose mean rank is 1.
    assert results.retrieval.own_clip.text_to_motion.recall[1] == 0
    assert results.retrieval.own_clip.text_to_motion.median_rank == 2
    assert validation_score(WristModel(), clips) == {"score": 100, "top1": 100}


def test_a_model_that_confuses_its_sides(clips):
    results = evaluate(MirroredModel(), clips)
    assert results.recognition.top1 == pytest.approx(100 / 3)
    assert results.left_right.own.own_above_twin == 0
    assert results.left_right.mirrored.own_above_twin == 0


def test_a_classifier_has_no_retrieval(clips):
    model = WristModel()
    model.is_contrastive = False
    results = evaluate(model, clips)
    assert to_json(results).keys() == {"recognition", "left_right"}


def test_without_categories_retrieval_ranks_checkpoints(clips):
    bare = dataclasses.replace(clips, categories=np.full(len(clips), -1))
    results = evaluate(WristModel(), bare)
    assert to_json(results).keys() == {"retrieval"}
    assert validation_score(WristModel(), bare) == {"score": 100, "R@1": 100}
    more = with_mirrored(bare)
    assert len(more.unique()) == 18
    assert validation_score(WristModel(), more) == {"score": 100, "R@10": 100}


def test_without_captions_recognition_ranks_checkpoints(clips):
    bare = dataclasses.replace(clips, captions=(("",),) * len(clips))
    expected = to_json(evaluate(WristModel(), clips))
    del expected["retrieval"]
    assert to_json(evaluate(WristModel(), bare)) == expected
    only = bare.select(np.flatnonzero(bare.categories == 1))
    for some in (bare, only):
        assert validation_score(WristModel(), some) == {"score": 100, "top1": 100}
    neither = dataclasses.replace(bare, categories=np.full(len(clips), -1))
    with pytest.raises(InputError, match="has neither categories nor captions to score by"):
        validation_score(WristModel(), neither)


def twice(clips):
    """The clips, and every fourth once more, under the category after its own."""
    again = np.arange(0, len(clips), 4)
    return dataclasses.replace(
        clips.select(np.concatenate([np.arange(len(clips)), again])),
        categories=np.concatenate([clips.categories, (clips.categories[again] + 1) % 3]),
    )


def test_a_clip_under_two_categories_counts_once_where_any_of_them_is_right(clips):
    results = evaluate(WristModel(), twice(clips))
    assert results.any_label == AnyLabelRecognition(100.0, 100.0, len(clips))
    assert results.recognition.top1 == pytest.approx(100 * 9 / 12)
    assert results.retrieval.own_clip.text_to_motion.items == len(clips)


def test_categories_that_were_no_texts_or_are_but_one_rank_no_checkpoints(clips):
    model = WristModel()
    model.manifest = SimpleNamespace(config=tiny.config(text="caption"))
    assert validation_score(model, clips) == {"score": 100, "R@1": 100}
    only = dataclasses.replace(clips, categories=np.where(np.arange(len(clips)) == 4, 1, -1))
    assert validation_score(WristModel(), only) == {"score": 100, "R@1": 100}


def of_a_long_motion(clips, frames):
    """A raised left arm that then stands, as one motion's two clips, and two motions of a clip."""
    rows = clips.select([0, 2, 1, 5])
    return dataclasses.replace(
        rows,
        categories=np.array([0, 0, 1, 2], np.int32),
        files=("long", "long", *rows.files[2:]),
        segments=("0",) * 4,
        lengths=np.array([*frames, 16, 16], np.int32),
    )


@pytest.mark.parametrize(("frames", "right"), [((16, 5), 3), ((5, 16), 2)])
def test_a_long_motion_is_recognised_by_all_of_its_clips(clips, frames, right):
    scores = evaluate(WristModel(), of_a_long_motion(clips, frames), sentences=True)
    assert scores.recognition.top1 == 75
    found = scores.whole_motions
    for how, each in (
        ("nearest category text", found.recognition),
        ('nearest sentence, such as "a person raises the left arm"', found.sentence_recognition),
    ):
        assert (each.clips, each.by) == (3, how)
        assert each.top1 == pytest.approx(100 * right / 3)
    # With either length it is nearer to its own side than to the other.
    assert found.own_side == OwnSide(100.0, 2)
    assert scores.left_right.own.own_above_twin == pytest.approx(200 / 3)


def test_whole_motions_have_rows_of_their_own(clips):
    rows = printed(WristModel(), of_a_long_motion(clips, (16, 5)))
    start = rows.index(["3 whole motions:"])
    assert rows[start + 1] == ["Top-1", "100.00"]
    assert rows[start + 4] == ["own side above its twin (2 motions)", "100.00"]


def test_a_name_of_a_downloaded_run_is_shown_as_text(clips):
    data = ClipSettings.of(tiny.config(text="category").data)
    scores = evaluate(WristModel(), clips)
    out = console(io.StringIO(), width=80)
    print_tables(Evaluation("tiny [/b]\x1b[2J", 3, "test", data, len(clips), scores), out)
    printed = out.file.getvalue()
    assert "tiny [/b][2J · step 3" in printed
    assert "…" not in printed and "\x1b" not in printed


def test_the_file_and_the_tables_are_as_before_scores_had_types(clips, golden_folder):
    """tests/golden/evaluation.json and .txt were written by commit ca357d5 from the same clips.

    The number of captions, and dashes for what every model scores, came later, by hand.
    """
    data = dataclasses.replace(tiny.config(text="category").data, root="data")
    twelve = twice(clips)
    scores = evaluate(MirroredModel(), twelve)
    evaluation = Evaluation("tiny", 3, "test", ClipSettings.of(data), len(twelve), scores)
    written = json.dumps(to_json(evaluation), indent=2) + "\n"
    assert written == (golden_folder / "evaluation.json").read_text()
    out = console(io.StringIO(), width=80)
    print_tables(evaluation, out)
    assert out.file.getvalue() == (golden_folder / "evaluation.txt").read_text()


def printed(model, clips):
    """The lines of the tables, each as its cells."""
    data = ClipSettings.of(tiny.config(text="category").data)
    out = console(io.StringIO(), width=200)
    scores = evaluate(model, clips)
    print_tables(Evaluation("tiny", 3, "test", data, len(clips), scores), out)
    return [re.split(" *│ *", line.strip("│ ")) for line in out.file.getvalue().splitlines()]


def test_what_every_model_scores_is_no_score(clips):
    """Three clips of one category and one caption, and a model that mistakes its side."""
    rows = printed(MirroredModel(), clips.select([0, 3, 6]))
    cells = {row[0]: row[1:] for row in rows if row[1:]}
    assert [cells[f"Top-{name}"] for name in ("1", "5", "1-norm")] == [["–"]] * 3
    assert ["–"] * 6 in rows
    # Under `all` a caption's own clip alone is right; the three of one caption are a tie.
    (own, identical) = (row for row in rows if row[0] == "text→motion")
    assert own[1:] == ["0.00", "100.00", *"–––", "2.00"] and identical[1:] == [*"–––––", "1.00"]
    assert any(row[0].startswith("among 3 clips with 1 caption") for row in rows)
    assert rows[-1][0].startswith("– stands where every model scores 100 %")


def test_what_models_differ_in_is_a_score(clips):
    """Three clips of two categories and captions."""
    rows = printed(WristModel(), clips.select([0, 1, 3]))
    cells = {row[0]: row[1:] for row in rows if row[1:]}
    assert (cells["Top-1"], cells["Top-5"]) == (["100.00"], ["–"])
    assert ["100.00", *"–––––"] in rows
    assert [row[1:4] for row in rows if row[0] == "motion→text"] == [["100.00", "100.00", "–"]] * 2


class LiteralModel(WristModel):
    """It knows a category by its sentence alone."""

    def encode_text(self, texts):
        known = ("a person raises the left arm", "a person raises the right arm", "a person stands")
        return np.asarray([[text == own for own in known] for text in texts], np.float32)


def test_categories_are_asked_for_by_sentences(clips):
    scores = evaluate(LiteralModel(), clips, sentences=True)
    assert scores.recognition.top1 == 0
    found = scores.sentence_recognition
    assert (found.top1, found.top1_norm, found.clips) == (100, 100, 9)
    assert found.by == 'nearest sentence, such as "a person raises the left arm"'
    assert evaluate(LiteralModel(), clips).sentence_recognition is None
    data = ClipSettings.of(tiny.config(text="category").data)
    out = console(io.StringIO(), width=80)
    print_tables(Evaluation("tiny", 3, "test", data, len(clips), scores), out)
    assert re.search(r"│ Top-1-norm, by sentences +│ 100.00 │", out.file.getvalue())

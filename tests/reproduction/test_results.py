"""The report's numbers from runs whose scores are written by hand."""

import json

import numpy as np
import pytest
import tiny

from motext_jax.reproduction.experiments import Experiment
from motext_jax.reproduction.findings import (
    compare,
    comparisons,
    correlation,
    crossings,
    signed,
    verdicts,
)
from motext_jax.reproduction.results import collect, pairs, read, spread, with_paper
from motext_jax.reproduction.suite import plan

NAMES = ["bow", "walk", "kick"]
TRAIN = [2, 9, 4]
LABELS = [1, 1, 2, 0]
# Everything right but the bow, which is taken for a walk; and all right.
FIRST = [[0, 1, 0.5], [0, 1, 0.5], [0.1, 0.2, 0.3], [0.1, 0.9, 0.0]]
SECOND = [[0, 1, 0.5], [0, 1, 0.5], [0.1, 0.2, 0.3], [0.9, 0.1, 0.0]]


def write(run, scores, top1, norm, retrieval=None):
    run.workdir.mkdir(parents=True)
    found = {"recognition": {"top1": top1, "top5": 100.0, "top1_norm": norm}}
    if retrieval is not None:
        tops = {f"top{n}": retrieval for n in (1, 5, 10, 20, 50, 100)}
        found["category_retrieval"] = {**tops, "queries": 3, "N": 4}
    values = {"scores": found, "training": {"seconds": 60.0}, "questions": {}}
    (run.workdir / "config.json").write_text(json.dumps({"name": "as it was resolved"}))
    (run.workdir / "results.json").write_text(json.dumps(values))
    np.savez(
        run.workdir / "scores.npz",
        names=np.array(NAMES),
        labels=np.array(LABELS),
        scores=np.array(scores, np.float32),
        train_clips=np.array(TRAIN),
    )


@pytest.fixture
def runs(tmp_path):
    models = ("CTRGCN(CE)", "CTRGCN-T")
    experiments = [Experiment(model, "recognition", tiny.config()) for model in models]
    runs = plan(experiments, 2, tmp_path)
    write(runs[0], FIRST, 75.0, 200 / 3)
    write(runs[1], SECOND, 100.0, 100.0, retrieval=100.0)
    write(runs[2], FIRST, 75.0, 200 / 3)
    write(runs[3], FIRST, 75.0, 200 / 3, retrieval=200 / 3)
    return runs


def test_categories_stand_in_the_order_of_their_training_clips(runs):
    result = read(runs[0])
    assert result.names == ("walk", "kick", "bow")
    assert result.train_clips == (9, 4, 2)
    assert result.labels.tolist() == [0, 0, 1, 2]
    np.testing.assert_allclose(result.scores[0], [1, 0.5, 0])


def test_spread_by_hand():
    assert spread([1, 3]) == {"mean": 2.0, "sd": pytest.approx(2**0.5), "runs": [1.0, 3.0]}
    assert spread([5])["sd"] is None


def test_collected_by_hand(runs):
    results = collect(runs)
    ce, ours = (results["recognition"][model] for model in ("CTRGCN(CE)", "CTRGCN-T"))
    assert ce["top1"]["runs"] == [75.0, 75.0] and ce["top1"]["sd"] == 0
    assert ours["top1"]["mean"] == 87.5
    assert ours["top1_norm"]["mean"] == pytest.approx(250 / 3)
    categories = results["categories"]
    assert categories["clips"] == [2, 1, 1]
    # Both runs together: the bow is taken for a walk in both, or in the second alone.
    assert categories["models"]["CTRGCN(CE)"]["confusion"] == [[4, 0, 0], [0, 2, 0], [2, 0, 0]]
    assert categories["models"]["CTRGCN-T"]["confusion"] == [[4, 0, 0], [0, 2, 0], [1, 0, 1]]
    assert categories["models"]["CTRGCN-T"]["recall"] == [100, 100, 50]
    assert categories["models"]["CTRGCN-T"]["thirds"]["tail"]["runs"] == [100, 0]
    assert categories["models"]["CTRGCN(CE)"]["most_confused"] == [
        {"category": "bow", "taken_for": "walk", "share": 100.0, "clips": 2, "of": 2}
    ]
    growth = results["growth"]
    assert growth["sizes"] == [2, 3]
    assert growth["models"]["CTRGCN-T"]["top1"] == [100, 87.5]
    assert growth["crossings"][0] == {
        "baseline": "CTRGCN(CE)",
        "model": "CTRGCN-T",
        "metric": "top1",
        "changes": 0,
        "behind_from": None,
        "last_behind": None,
        "ahead_from": 3,
    }
    assert results["configs"]["CTRGCN-T, recognition"] == {"name": "as it was resolved"}
    assert results["category_retrieval"]["models"].keys() == {"CTRGCN-T"}
    # Two runs are too few for a correlation.
    assert results["category_retrieval"]["correlation"]["pearson"] is None
    json.dumps(results)


def test_models_trained_anew_on_fewer_categories_stand_apart(tmp_path):
    config = tiny.config()
    both = [Experiment("CTRGCN-T", "recognition", config, largest) for largest in (0, 2)]
    runs = plan(both, 1, tmp_path)
    write(runs[0], FIRST, 75.0, 200 / 3, retrieval=50.0)
    write(runs[1], SECOND, 90.0, 80.0, retrieval=60.0)
    results = collect(runs)
    assert results["recognition"]["CTRGCN-T"]["top1"]["runs"] == [75.0]
    found = results["retrained"]["CTRGCN-T"]["2"]
    assert [found[metric]["mean"] for metric in ("top1", "top5", "top1_norm")] == [90, 100, 80]


def test_correlation_by_hand(tmp_path):
    runs = plan([Experiment("CTRGCN-T", "recognition", tiny.config())], 5, tmp_path)
    for run, top1, retrieval in zip(runs, (60, 70, 80, 90, 100), (2, 1, 0, 1, 1), strict=True):
        write(run, FIRST, top1, 50, retrieval)
    # Deviations (-2, -1, 0, 1, 2) and (1, 0, -1, 0, 0): -2 over the root of 10 · 2.
    found = collect(runs)["category_retrieval"]["correlation"]["pearson"]
    assert found == pytest.approx(-2 / 20**0.5)


def test_models_are_paired_by_their_motion_tower():
    names = ["2sAGCN(CE)", "2sAGCN-C", "CTRGCN(CE)", "CTRGCN-T", "CTRGCN-MiniLM"]
    assert pairs(names) == [
        ("2sAGCN(CE)", "2sAGCN-C"),
        ("CTRGCN(CE)", "CTRGCN-T"),
        ("CTRGCN(CE)", "CTRGCN-MiniLM"),
    ]


def test_the_papers_numbers_and_the_difference(runs):
    found = with_paper(collect(runs), 60)
    # FACTS of the paper: CTRGCN-T on BABEL-60 has Top-1 38.14, and Top-1 26.67 in Table 3.
    assert found["recognition"]["CTRGCN-T"]["top1"] == {
        "paper": 38.14,
        "difference": pytest.approx(87.5 - 38.14),
    }
    assert found["category_retrieval"]["CTRGCN-T"]["top1"]["paper"] == 26.67
    assert (
        with_paper(collect(runs), 120)["recognition"]["CTRGCN(CE)"]["top1_norm"]["paper"] == 20.09
    )


def test_what_was_found_is_said(runs):
    results = collect(runs)
    results["comparisons"] = comparisons(results)
    assert [(c["measured"], c["runs"]) for c in results["comparisons"]] == [
        ("Top-1", "overlap"),
        ("Top-1-norm", "overlap"),
    ]
    assert list(verdicts(results)) == [
        "Contrast against cross-entropy with the same motion tower: "
        "Top-1 is better in 1 of 1, CTRGCN-T +12.50 (the runs overlap); "
        "Top-1-norm is better in 1 of 1, CTRGCN-T +16.67 (the runs overlap)."
    ]
    (sentence,) = crossings(results)
    assert sentence.endswith("no crossing in Top-1-norm, where CTRGCN(CE) is never ahead.")
    (sentence,) = correlation(results)
    assert "cannot be told from so few runs as these (2)" in sentence


@pytest.mark.parametrize(
    ("one", "other", "difference", "runs"),
    [
        ([3, 4], [1, 2], 2, "all above"),
        ([1, 2], [3, 4], -2, "all below"),
        ([1, 3], [2, 4], -1, "overlap"),
        ([3], [1], 2, "one each"),
    ],
)
def test_comparisons_by_hand(one, other, difference, runs):
    found = compare("a", "b", "Top-1", spread(one), spread(other))
    assert (found["difference"], found["runs"]) == (difference, runs)
    assert signed(found["difference"]) == ("+2.00" if difference > 0 else f"−{-difference:.2f}")


@pytest.mark.parametrize(
    ("changes", "last_behind", "ahead_from", "expected"),
    [
        (1, 12, 14, "a crossing in Top-1: behind up to 12 categories, ahead from 14 on"),
        (0, 18, None, "no crossing in Top-1, where T is never ahead"),
        (0, None, 2, "no crossing in Top-1, where CE is never ahead"),
        (
            2,
            4,
            5,
            "no single crossing in Top-1: the lead changes 2 times, and T is ahead from 5 on",
        ),
        (
            1,
            9,
            None,
            "the other way round in Top-1: behind from 5 categories on",
        ),
        (
            3,
            9,
            None,
            "no single crossing in Top-1: the lead changes 3 times, and CE is ahead last, at 9",
        ),
    ],
)
def test_crossings_are_said(changes, last_behind, ahead_from, expected):
    found = {"baseline": "CE", "model": "T", "metric": "top1", "changes": changes}
    found |= {"behind_from": 5, "last_behind": last_behind, "ahead_from": ahead_from}
    (sentence,) = crossings({"growth": {"crossings": [found]}})
    assert sentence.endswith(f"T against CE: {expected}.")

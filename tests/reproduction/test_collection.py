"""The report's numbers from runs whose scores are written by hand."""

import numpy as np
import pytest
from finished_runs import FIRST, SECOND, experiment, two_models, write

from motext_jax.evaluation.categories import ConfusedPair, Crossing
from motext_jax.evaluation.records import to_json
from motext_jax.reproduction.collection import collect, read
from motext_jax.reproduction.experiments import ModelTask, Task
from motext_jax.reproduction.models import MODELS
from motext_jax.reproduction.results import PairCrossing
from motext_jax.reproduction.run import plan
from motext_jax.reproduction.spread import OverRuns, spread

CE, T = MODELS["CTRGCN(CE)"], MODELS["CTRGCN-T"]


@pytest.fixture
def runs(tmp_path):
    return two_models(tmp_path)


def test_categories_stand_in_the_order_of_their_training_clips(runs):
    result = read(runs[0])
    assert result.names == ("walk", "kick", "bow")
    assert result.train_clips == (9, 4, 2)
    assert result.labels.tolist() == [0, 0, 1, 2]
    np.testing.assert_allclose(result.scores[0], [1, 0.5, 0])


def test_spread_by_hand():
    found = spread([1, 3])
    assert (found.mean, found.sd, found.runs) == (2.0, pytest.approx(2**0.5), (1.0, 3.0))
    assert spread([5]).sd is None
    over = OverRuns(({"a": 1}, {"a": 3}))
    assert over.of(lambda run: run["a"]) == found
    assert over.to_json() == {"a": to_json(found)}


def test_collected_by_hand(runs):
    numbers = collect(runs)
    assert numbers.recognition[CE].top1.runs == (75.0, 75.0)
    assert numbers.recognition[CE].top1.sd == 0
    assert numbers.recognition[T].top1.mean == 87.5
    assert numbers.recognition[T].top1_norm.mean == pytest.approx(250 / 3)
    categories = numbers.categories
    assert categories.clips == (2, 1, 1)
    # Both runs together: the bow is taken for a walk in both, or in the second alone.
    assert categories.models[CE].confusion == ((4, 0, 0), (0, 2, 0), (2, 0, 0))
    assert categories.models[T].confusion == ((4, 0, 0), (0, 2, 0), (1, 0, 1))
    assert categories.models[T].recall == (100, 100, 50)
    assert categories.models[T].thirds["tail"].runs == (100, 0)
    (pair,) = categories.models[CE].most_confused
    assert pair == ConfusedPair(category="bow", taken_for="walk", share=100.0, clips=2, of=2)
    growth = numbers.growth
    assert growth.sizes == (2, 3)
    assert growth.models[T]["top1"] == (100, 87.5)
    crossing = Crossing(changes=0, behind_from=None, last_behind=None, ahead_from=3)
    assert growth.crossings[0] == PairCrossing(CE, T, "top1", crossing)
    assert numbers.configs[ModelTask(T, Task.RECOGNITION)] == {"name": "as it was resolved"}
    assert numbers.category_retrieval.models.keys() == {T}
    # Two runs are too few for a correlation.
    assert numbers.category_retrieval.correlation.pearson is None


def test_models_trained_anew_on_fewer_categories_stand_apart(tmp_path):
    runs = plan([experiment("CTRGCN-T", largest) for largest in (0, 2)], 1, tmp_path)
    write(runs[0], FIRST, 75.0, 200 / 3, retrieval=50.0)
    write(runs[1], SECOND, 90.0, 80.0, retrieval=60.0)
    numbers = collect(runs)
    assert numbers.recognition[T].top1.runs == (75.0,)
    found = numbers.retrained[T][2]
    assert [spread.mean for spread in (found.top1, found.top5, found.top1_norm)] == [90, 100, 80]


def test_correlation_by_hand(tmp_path):
    runs = plan([experiment("CTRGCN-T")], 5, tmp_path)
    for run, top1, retrieval in zip(runs, (60, 70, 80, 90, 100), (2, 1, 0, 1, 1), strict=True):
        write(run, FIRST, top1, 50, retrieval)
    # Deviations (-2, -1, 0, 1, 2) and (1, 0, -1, 0, 0): -2 over the root of 10 · 2.
    found = collect(runs).category_retrieval.correlation.pearson
    assert found == pytest.approx(-2 / 20**0.5)

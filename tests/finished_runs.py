"""Files of runs whose scores are written by hand."""

import json

import numpy as np
import tiny

from motext_jax.evaluation.recognition import Recognition
from motext_jax.evaluation.records import to_json
from motext_jax.evaluation.retrieval import CATEGORY_TOP, CategoryRetrieval
from motext_jax.evaluation.scores import Scores
from motext_jax.reproduction.experiments import Experiment, Task
from motext_jax.reproduction.models import MODELS
from motext_jax.reproduction.run import plan
from motext_jax.reproduction.scored import Asked, Learning, Questions, Scored

NAMES = ["bow", "walk", "kick"]
TRAIN = [2, 9, 4]
LABELS = [1, 1, 2, 0]
# Everything right but the bow, which is taken for a walk; and all right.
FIRST = [[0, 1, 0.5], [0, 1, 0.5], [0.1, 0.2, 0.3], [0.1, 0.9, 0.0]]
SECOND = [[0, 1, 0.5], [0, 1, 0.5], [0.1, 0.2, 0.3], [0.9, 0.1, 0.0]]


def experiment(model, largest=0):
    """A recognition experiment of a model's name."""
    return Experiment(MODELS[model], Task.RECOGNITION, tiny.config(), largest)


def write(run, scores, top1, norm, retrieval=None):
    """Writes a recognition run's files.

    Args:
      run: a run without a directory yet.
      scores: scores of the four clips of `LABELS` for each of `NAMES`.
      top1: Top-1 in percent, as is `norm`.
      norm: Top-1-norm.
      retrieval: every Top-N of retrieval by category; None for a classifier.
    """
    run.workdir.mkdir(parents=True)
    found = Scores(
        recognition=Recognition(float(top1), 100.0, float(norm), len(LABELS), 3, 3),
        category_retrieval=None
        if retrieval is None
        else CategoryRetrieval(dict.fromkeys(CATEGORY_TOP, float(retrieval)), 3, 4),
    )
    learned = Learning("a machine", None, 60.0, (), ())
    asked = Asked(1, Questions((), {}), "", learned)
    scored = Scored(run.experiment.model.name, run.experiment.task, run.number, 6, asked, found)
    (run.workdir / "config.json").write_text(json.dumps({"name": "as it was resolved"}))
    (run.workdir / "results.json").write_text(json.dumps(to_json(scored)))
    np.savez(
        run.workdir / "scores.npz",
        names=np.array(NAMES),
        labels=np.array(LABELS),
        scores=np.array(scores, np.float32),
        train_clips=np.array(TRAIN),
    )


def two_models(workdir):
    """Two runs each of a classifier and of a contrastive model."""
    runs = plan([experiment("CTRGCN(CE)"), experiment("CTRGCN-T")], 2, workdir)
    write(runs[0], FIRST, 75.0, 200 / 3)
    write(runs[1], SECOND, 100.0, 100.0, retrieval=100.0)
    write(runs[2], FIRST, 75.0, 200 / 3)
    write(runs[3], FIRST, 75.0, 200 / 3, retrieval=200 / 3)
    return runs

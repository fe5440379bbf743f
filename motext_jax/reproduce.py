"""Trains the paper's models on a data set and writes its tables and figures as one report.

python -m motext_jax.reproduce --data=bandai --root=FOLDER --workdir=runs/bandai --runs=2

Run it again to go on: finished runs are not trained again, an unfinished run goes on.
"""

import pathlib

from absl import flags

from motext_jax import command
from motext_jax.errors import InputError
from motext_jax.outputs import check_above
from motext_jax.reproduction.experiments import SIZE_OF, SIZES, Folders, experiments
from motext_jax.reproduction.models import MODELS
from motext_jax.runtime.signals import UNFINISHED, work_is_kept

_DATA = flags.DEFINE_enum("data", None, list(SIZE_OF), "The data set.")
_WORKDIR = flags.DEFINE_string("workdir", None, "For the runs and the report.")
_ROOT = flags.DEFINE_string("root", "", "The data set's folder; synthetic needs none.")
_PREPARED = flags.DEFINE_string("prepared", "", "What `prepare` made of it, instead of --root.")
_CAPTIONS = flags.DEFINE_string(
    "captions", "", "What `prepare babel_text` made of BABEL, for retrieval by annotation."
)
_RUNS = flags.DEFINE_integer("runs", 5, "Runs of each model, which differ in seed.", lower_bound=1)
_MODELS = flags.DEFINE_list(
    "models",
    [],
    f"Some of {', '.join(MODELS)}; by default the paper's five on BABEL, and with MiniLM in the "
    "place of CLIP elsewhere.",
)
_SIZE = flags.DEFINE_enum(
    "size",
    None,
    SIZES,
    "paper, quickstart (minutes a run on a few cores) or tiny (shows that it runs, learns nothing);"
    " by default paper on BABEL and quickstart elsewhere.",
)
_EPOCHS = flags.DEFINE_integer(
    "epochs", 0, "Epochs of each run; 0: as many as the size has.", lower_bound=0
)
_QUERY = flags.DEFINE_multi_string("query", [], "A text besides the paper's eight")
_REWORDINGS = flags.DEFINE_string(
    "rewordings", None, "A CSV file action,rewording; by default what comes with the data set."
)
_TEXT_CHECKPOINT = flags.DEFINE_string(
    "text_checkpoint", "", "A directory with the pre-trained text tower, where the hub is far."
)
_RETRAIN_AT = flags.DEFINE_list(
    "retrain_at", [], "Numbers of categories, as 10,20, to train CTR-GCN on anew for Figure 4."
)


def main() -> int:
    """Reproduces; the status says whether a signal came before the end."""
    if not _DATA.value or not _WORKDIR.value:
        missing = "--workdir" if _DATA.value else "--data"
        raise InputError(f"{missing} is missing; for example --data=synthetic --workdir=runs/all")
    if not all(query.strip() for query in _QUERY.value):
        raise InputError("--query is empty; give a text")
    if not all(size.isdecimal() and int(size) > 1 for size in _RETRAIN_AT.value):
        raise InputError(f"--retrain_at={','.join(_RETRAIN_AT.value)}: expected numbers above 1")
    chosen = experiments(
        _DATA.value,
        _MODELS.value,
        Folders(_ROOT.value, _PREPARED.value, _CAPTIONS.value),
        size=_SIZE.value or "",
        epochs=_EPOCHS.value,
        text_checkpoint=_TEXT_CHECKPOINT.value,
        retrain_at=[int(size) for size in _RETRAIN_AT.value],
    )

    # Not above, so that --help and bad options need not wait for JAX.
    from motext_jax.data.rewordings import read_rewordings
    from motext_jax.reproduction import paper
    from motext_jax.reproduction.scored import Questions
    from motext_jax.reproduction.study import Study
    from motext_jax.runtime.startup import start
    from motext_jax.trained.checkpoints import check_name

    start(*(experiment.config.train.batch_size for experiment in chosen))
    workdir = pathlib.Path(_WORKDIR.value)
    check_name(workdir)
    check_above(workdir, "report.html", "choose another --workdir")
    size = _SIZE.value or SIZE_OF[_DATA.value]
    table = pathlib.Path(_REWORDINGS.value) if _REWORDINGS.value else None
    if table:
        read_rewordings(table)  # a fault of it is better reported at once
    study = Study(_DATA.value, size, chosen, _RUNS.value, workdir)
    asked = (" ".join(query.split()) for query in _QUERY.value)
    queries = tuple(dict.fromkeys((*paper.QUERIES, *asked)))
    with work_is_kept():
        if not study.carry_out(Questions(queries, study.rewordings(table))):
            return UNFINISHED
    print(f"wrote {workdir / 'report.html'}, report.md and report.json")
    return 0


if __name__ == "__main__":
    command.run(main)

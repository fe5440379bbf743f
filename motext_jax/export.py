"""Writes a trained model as one folder, to be handed over: weights, config, card, programs.

python -m motext_jax.export --workdir=runs/quickstart --out=handed/quickstart
"""

import pathlib
import re

from absl import flags

from motext_jax import command, model_flags
from motext_jax.errors import InputError, naming
from motext_jax.outputs import check_above

_WORKDIR = flags.DEFINE_string("workdir", None, "The run's directory.")
_OUT = flags.DEFINE_string("out", None, "The folder to write; an older export is replaced.")
_STEP = flags.DEFINE_string("step", "last", "last, best (by validation score), or a step's number.")
_DTYPE = flags.DEFINE_enum(
    "dtype", "float16", ["float16", "float32"], "float16 has half the size and similar scores."
)
_LICENCE = flags.DEFINE_string("licence", "other", "The licence for the card, e.g. apache-2.0.")


def main() -> None:
    """Exports."""
    if not _WORKDIR.value:
        raise InputError("--workdir is missing; for example --workdir=runs/quickstart")
    model_flags.check_workdir(_WORKDIR.value)
    if not _OUT.value:
        raise InputError("--out is missing; for example --out=handed/quickstart")
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9.+-]{0,60}", _LICENCE.value):
        raise InputError("--licence: expected a licence's short name, for example apache-2.0")
    with naming("out"):
        check_above(_OUT.value)

    # Not above, so that --help and bad options need not wait for JAX.
    from motext_jax.runtime.startup import start
    from motext_jax.trained.export import evaluations, export
    from motext_jax.trained.saved import open_saved

    workdir, out = pathlib.Path(_WORKDIR.value), pathlib.Path(_OUT.value)
    start()
    with open_saved(workdir, _STEP.value) as saved:
        scores = evaluations(workdir, saved.step)
        export(saved, out, dtype=_DTYPE.value, licence=_LICENCE.value, scores=scores)
    size = sum(path.stat().st_size for path in out.rglob("*") if path.is_file())
    print(f"wrote {out} ({size / 1e6:.1f} MB)")


if __name__ == "__main__":
    command.run(main)

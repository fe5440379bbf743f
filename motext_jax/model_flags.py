"""Flags of the commands that take a trained model and clips of a data set."""

import dataclasses
import pathlib

from absl import flags

from motext_jax.errors import InputError, naming
from motext_jax.given_flags import check_needed

# A flag that is defined here is the command's own, for --help.
flags.disclaim_key_flags()

OWN_SOURCES = ("humanml3d", "mocap")
"""Sources of anybody's own folder."""


@dataclasses.dataclass(frozen=True)
class Asked:
    """A model and clips, as the command line asks for them.

    Attributes:
      model: the model's place; see `trained.model.load`. A Path if it is the run's directory.
      workdir: the run's directory, where scores of its own data set are kept; None for a model
        that is only read.
      step: `last`, `best` or a step's number.
      split: the split; empty for the test split.
      root: a data set's folder; empty for the one that the model was trained on.
      source: the layout of that folder; empty for the one that the model was trained on.
      source_fps: its files' frames a second; 0 for what they say.
    """

    model: str | pathlib.Path
    workdir: pathlib.Path | None
    step: str
    split: str
    root: str
    source: str
    source_fps: float

    def say_rate(self) -> None:
        """Says at which rate files are read that do not say theirs, where no flag does."""
        if self.source == "humanml3d" and not self.source_fps:
            # Not above, for --help need not wait for it.
            from motext_jax.data.humanml3d import FPS

            print(
                f"{self.root} is read at {FPS:g} frames a second, as HumanML3D has them; "
                "--source_fps gives another rate"
            )


def define(
    source_fps: str = "Your files' frames a second; 0: as they say, 20 in HumanML3D's layout.",
) -> None:
    """Defines the flags of `asked`; `source_fps` is the help of that flag."""
    flags.DEFINE_string("workdir", None, "A run's directory, for scores of its own data set.")
    flags.DEFINE_string(
        "model", None, "A run's directory, an exported folder, starter or hf://owner/name."
    )
    flags.DEFINE_string("step", "last", "last, best (by validation score), or a step's number.")
    flags.DEFINE_string(
        "split", None, "The split; by default the config's test split, or all of yours."
    )
    flags.DEFINE_string("root", None, "The data set's folder, where it has moved; or your own.")
    flags.DEFINE_enum("source", None, OWN_SOURCES, "The layout of your own folder, --root.")
    flags.DEFINE_float("source_fps", 0.0, source_fps)


def asked() -> Asked:
    """The model and the clips of the command line.

    Raises:
      InputError: there is no model, or there are two; or a flag lacks the one that it is for.
    """
    given = flags.FLAGS
    if given.model and given.workdir:
        raise InputError("--model and --workdir are both given; give the one that is meant")
    if not given.model and not given.workdir:
        raise InputError(
            "--workdir or --model is missing; for example --workdir=runs/quickstart or "
            "--model=starter"
        )
    # Not above, for --help need not wait for it.
    from motext_jax.trained.places import check_model, is_exported

    workdir = pathlib.Path(given.workdir) if given.workdir else None
    if workdir is None:
        with naming("model"):
            check_model(given.model)
    else:
        check_workdir(given.workdir)
        if is_exported(workdir):
            raise InputError(
                f"--workdir={given.workdir}: an exported model, in which no results are kept; give "
                "it as --model"
            )
    check_needed("source", {"--root=FOLDER": given.root})
    check_needed("source_fps", {"--source": given.source})
    return Asked(
        model=workdir or given.model,
        workdir=workdir,
        step=given.step,
        split=given.split or "",
        root=given.root or "",
        source=given.source or "",
        source_fps=given.source_fps,
    )


def check_workdir(workdir: str) -> None:
    """Raises InputError for an address on the hub or the starter, where no results can be kept."""
    from motext_jax.trained.places import HUB, STARTER

    if workdir.startswith(HUB):
        raise InputError(f"--workdir={workdir}: not a directory; give the address as --model")
    if workdir == STARTER and not pathlib.Path(workdir).is_dir():
        raise InputError(
            f"--workdir={STARTER}: no run; it comes with the package, exported: eval and search "
            f"take --model={STARTER}"
        )

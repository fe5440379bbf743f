"""Checkpoints of a run: the only file that knows Orbax.

WORKDIR/checkpoints/<step>/ holds three items: `model` (params and batch_stats), `optimizer`, and
`run` (JSON: the resolved config, the categories, the skeleton). Evaluation reads the first and the
last and needs no optimizer. The newest two and the best by validation score are kept.
"""

import logging
import pathlib
from typing import Any

import absl.logging
import orbax.checkpoint as ocp
from orbax.checkpoint.checkpoint_managers import preservation_policy as preservation

from motext_jax.errors import InputError
from motext_jax.trained.manifest import Manifest

# Kept checkpoints that carry no validation score rank below every one that does.
_NO_SCORE = -1.0


def _is_wanted(record: logging.LogRecord) -> bool:
    """Leaves out what Orbax says of every directory that it opens, in red in a notebook."""
    return record.levelno >= logging.ERROR or "orbax" not in record.pathname


absl.logging.get_absl_logger().addFilter(_is_wanted)


class Checkpoints:
    """The checkpoints of one working directory."""

    def __init__(self, workdir: pathlib.Path, read_only: bool = False):
        self._folder = (workdir / "checkpoints").absolute()
        if read_only and not self._folder.is_dir():
            raise InputError(
                f"{workdir}: holds no checkpoints; train with --workdir={workdir} first"
            )
        keep = [
            preservation.LatestN(2),
            preservation.BestN(get_metric_fn=lambda metrics: metrics["score"], n=1),
        ]
        options = ocp.CheckpointManagerOptions(
            preservation_policy=preservation.AnyPreservationPolicy(keep),
            best_fn=lambda metrics: metrics["score"],
            best_mode="max",
            read_only=read_only,
            cleanup_tmp_directories=not read_only,
        )
        self._manager = ocp.CheckpointManager(self._folder, options=options)

    def save(
        self, step: int, variables: Any, opt_state: Any, manifest: Manifest, score: float | None
    ) -> None:
        """Starts an asynchronous save under a step; a step already saved is left."""
        if step == self._manager.latest_step():
            return
        self._manager.save(
            step,
            args=ocp.args.Composite(
                model=ocp.args.StandardSave(variables),
                optimizer=ocp.args.StandardSave(opt_state),
                run=ocp.args.JsonSave(manifest.to_json()),
            ),
            metrics={"score": _NO_SCORE if score is None else score},
        )

    def restore(
        self, variables: Any, opt_state: Any, manifest: Manifest
    ) -> tuple[int, Any, Any] | None:
        """The newest step with its variables and optimizer state; None before the first save.

        Args:
          variables: shapes and shardings to restore to.
          opt_state: likewise.
          manifest: of the run that goes on.

        Raises:
          InputError: it is damaged, or was trained on other clips than `manifest` has.
        """
        step = self._manager.latest_step()
        if step is None:
            return None
        self.manifest(step).check_continued(manifest)
        items = self._read(
            step,
            model=ocp.args.StandardRestore(variables),
            optimizer=ocp.args.StandardRestore(opt_state),
        )
        return step, items["model"], items["optimizer"]

    def choose(self, step: str) -> int:
        """The step that `last`, `best` or a number names.

        Raises:
          InputError: there is no finished checkpoint, or not that one.
        """
        steps = sorted(self._manager.all_steps())
        if not steps:
            raise InputError(
                f"{self._folder}: holds no finished checkpoint (a run that was stopped before its "
                "first save leaves none); start the training again"
            )
        if step == "last":
            return steps[-1]
        if step == "best":
            scores = {k: (self._manager.metrics(k) or {}).get("score", _NO_SCORE) for k in steps}
            best = max(steps, key=lambda k: scores[k])
            if scores[best] == _NO_SCORE:
                raise InputError(f"--step=best: no checkpoint of {self._folder} was validated")
            return best
        if not step.isdigit() or int(step) not in steps:
            found = ", ".join(map(str, steps))
            raise InputError(
                f"--step={step}: {self._folder} holds the steps {found}; also last, best"
            )
        return int(step)

    def manifest(self, step: int) -> Manifest:
        """What a checkpoint says of itself."""
        return Manifest.from_json(self._read(step, run=ocp.args.JsonRestore())["run"])

    def variables(self, step: int, like: dict[str, Any]) -> dict[str, Any]:
        """A checkpoint's model, for the shapes and shardings of `like`."""
        return self._read(step, model=ocp.args.StandardRestore(like))["model"]

    def __enter__(self) -> "Checkpoints":
        return self

    def __exit__(self, *_):
        self.close()

    def close(self) -> None:
        """Finishes saving."""
        self._manager.close()

    def _read(self, step: int, **items: Any) -> Any:
        try:
            return self._manager.restore(step, args=ocp.args.Composite(**items))
        except (ValueError, KeyError, FileNotFoundError, OSError, TypeError) as error:
            first = str(error).strip().splitlines()[0][:200] if str(error).strip() else ""
            raise InputError(
                f"{self._folder / str(step)}: not readable, so it is damaged, of another "
                f"model or of an older version ({type(error).__name__}: {first})"
            ) from error

"""Checkpoints of a run: with `orbax_settings` the only file that knows Orbax.

WORKDIR/checkpoints/<step>/ holds three items: `model` (params and batch_stats), `optimizer` (its
state, and what else the run needs to go on), and `run` (JSON: the resolved config, the categories,
the skeleton, the score, checksums of the others and of itself). Evaluation reads the first and the
last and needs no optimizer. The newest two and the best by validation score are kept. Every item
that is read is compared with its checksum; a checkpoint that is older than checksums is read as it
is.
"""

import contextlib
import functools
import json
import math
import pathlib
import re
import shlex
import shutil
from collections.abc import Iterator
from typing import Any

import orbax.checkpoint as ocp
from jax.experimental import multihost_utils
from orbax.checkpoint.checkpoint_managers import preservation_policy as preservation

from motext_jax.errors import InputError
from motext_jax.runtime.processes import everywhere, is_primary
from motext_jax.shown import is_unicode
from motext_jax.trained import checksums
from motext_jax.trained.manifest import Manifest
from motext_jax.trained.orbax_settings import silence_late_arrays

# Kept checkpoints that carry no validation score rank below every one that does.
_NO_SCORE = -1.0

_ITEMS = ("model", "run")

# The least that a saved step holds.
_FILES = ("model/manifest.ocdbt", "optimizer/manifest.ocdbt", "run/metadata", "metrics/metrics")


class Damaged(InputError):
    """A checkpoint that is not what was saved, or that this version cannot read."""


def tokenizer_folder(workdir: pathlib.Path) -> pathlib.Path:
    """The folder of a run's tokenizer files; it is there if the text tower's checkpoint has any."""
    return workdir / "tokenizer"


def check_name(workdir: pathlib.Path) -> None:
    """Raises InputError for a file, and for a directory in which Orbax would lose what it saves.

    Orbax takes some names for patterns, and some for addresses in cloud storage.
    """
    path = str(workdir.absolute())
    if workdir.is_file():
        raise InputError(f"{path}: a file; choose another --workdir")
    parts = workdir.absolute().parts
    found = [sign for sign in "*?[\\" if sign in path]
    found += [part for part in parts if part.endswith(":")]
    if found:
        raise InputError(
            f"{path}: checkpoints cannot be saved in a folder with {found[0]} in its name; choose "
            "another --workdir"
        )
    if not is_unicode(path):
        raise InputError(f"{path}: the name is not UTF-8; choose another --workdir")


class Checkpoints:
    """The checkpoints of one working directory."""

    def __init__(self, workdir: pathlib.Path, read_only: bool = False):
        self._folder = (workdir / "checkpoints").absolute()
        self._tokenizer = tokenizer_folder(workdir)
        self._read_only = read_only
        self._saving: int | None = None
        if read_only and workdir.is_file():
            raise InputError(f"{workdir}: a file, and not the directory of a run")
        if read_only and not self._folder.is_dir():
            fault = "holds no checkpoints" if workdir.is_dir() else "there is no such directory"
            raise InputError(
                f"{workdir}: {fault}; train with --workdir={shlex.quote(str(workdir))} first"
            )

    @functools.cached_property
    def _manager(self) -> ocp.CheckpointManager:
        """Orbax's manager, which writes checkpoints; made late, for it fails on a damaged one."""
        keep = [
            preservation.LatestN(2),
            preservation.BestN(get_metric_fn=lambda metrics: metrics["score"], n=1),
        ]
        options = ocp.CheckpointManagerOptions(
            preservation_policy=preservation.AnyPreservationPolicy(keep),
            best_fn=lambda metrics: metrics["score"],
            best_mode="max",
            cleanup_tmp_directories=True,
        )
        return ocp.CheckpointManager(self._folder, options=options)

    def save(
        self, step: int, variables: Any, beside: Any, manifest: Manifest, score: float | None
    ) -> None:
        """Starts an asynchronous save of a step, unless the step is saved already.

        Raises:
          InputError: the variables hold NaN or infinity, or the previous save failed.
        """
        if step == self._manager.latest_step():
            return
        self._finish()
        if name := checksums.not_finite(variables):
            raise InputError(
                f"step {step}: the weights {name} hold NaN or infinity, so the run stops and its "
                "last checkpoint, from before, stays; a lower optimizer.learning_rate or warm-up "
                "usually helps"
            )
        metrics = {"score": _NO_SCORE if score is None else score}
        said = {
            **manifest.to_json(),
            **metrics,
            "checksums": {
                "model": checksums.of_arrays(variables),
                "optimizer": checksums.of_arrays(beside),
                "tokenizer": checksums.of_files(self._tokenizer),
            },
        }
        silence_late_arrays()
        with self._saving_to(step):
            self._manager.save(
                step,
                args=ocp.args.Composite(
                    model=ocp.args.StandardSave(variables),
                    optimizer=ocp.args.StandardSave(beside),
                    run=ocp.args.JsonSave({**said, "checksum": checksums.of_json(said)}),
                ),
                metrics=metrics,
            )
        self._saving = step

    def restore(
        self, variables: Any, beside: Any, manifest: Manifest
    ) -> tuple[int, Any, Any] | None:
        """The newest sound step with its variables and what is beside; None before the first save.

        A damaged checkpoint is renamed, so that its step can be saved again; a line says so.

        Args:
          variables: variables with the shapes and shardings to restore to.
          beside: the same of the optimizer's state, and of what else the run needs to go on.
          manifest: manifest of the run that goes on.

        Raises:
          InputError: all checkpoints are damaged, or the run was trained on other clips than
            `manifest` has.
        """
        damaged: dict[int, Damaged] = {}
        restored = None
        for step in reversed(self._steps()):
            fault = None
            try:
                if restored is None:
                    restored = self._state(step, variables, beside, manifest)
                self._check_metrics(step)
            except Damaged as error:
                fault = error
            if not everywhere(fault is None):
                if restored is not None and restored[0] == step:
                    restored = None
                damaged[step] = fault or Damaged(f"{self._folder / str(step)}: damaged")
        # If none can be read, they may be of another version: all stay as they are.
        if damaged and restored is None:
            raise damaged[max(damaged)]
        for step, said in damaged.items():
            place = self._set_aside(step)
            print(f"{said}; it is now {place.name}", flush=True)
        if damaged and restored is not None:
            print(f"the run goes on from step {restored[0]}", flush=True)
        # Makes the manager while every process takes part.
        self._manager.latest_step()
        return restored

    def choose(self, step: str) -> int:
        """The step that `last`, `best` or a number names.

        Raises:
          InputError: there is no finished checkpoint, or none of that step.
        """
        steps = self._steps()
        if not steps:
            raise InputError(
                f"{self._folder}: holds no finished checkpoint (a run that was stopped before its "
                "first save leaves none); start the training again"
            )
        if step == "last":
            return steps[-1]
        if step == "best":
            scores = {k: self._score(k) for k in steps}
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
        """Reads a checkpoint's manifest."""
        try:
            return Manifest.from_json(self._said(step))
        except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
            raise self._unreadable(step, error) from None

    def digest(self, step: int) -> str:
        """The digest of a checkpoint's variables; empty in one that is older than checksums."""
        return str(self._said(step).get("checksums", {}).get("model", ""))

    def variables(self, step: int, like: dict[str, Any]) -> dict[str, Any]:
        """A checkpoint's variables, with the shapes and shardings of `like`."""
        variables = self._arrays(step, "model", like)
        if name := checksums.not_finite(variables):
            raise self._damaged(step, f"its weights {name} hold NaN or infinity")
        return variables

    def check_tokenizer(self, step: int) -> None:
        """Raises InputError unless the directory's tokenizer is the one that a step was saved with.

        A run that is older than checksums passes.
        """
        saved = self._said(step).get("checksums", {}).get("tokenizer")
        if saved is not None and checksums.of_files(self._tokenizer) != saved:
            raise InputError(
                f"{self._tokenizer}: damaged, for these are not the files that the run began with; "
                "remove the folder and start the training again: it copies them anew"
            )

    def __enter__(self) -> "Checkpoints":
        return self

    def __exit__(self, *_):
        self.close()

    def close(self) -> None:
        """Finishes saving; raises InputError where the last save failed."""
        if "_manager" in vars(self):
            try:
                self._finish()
            finally:
                self._manager.close()

    def _steps(self) -> list[int]:
        """The saved steps in order; an unfinished save has a longer name.

        Training sees strays too, a file or an empty folder, for they would stand in its way.
        """
        found = list(self._folder.iterdir()) if self._folder.is_dir() else []
        if self._read_only:
            found = [path for path in found if any((path / item).is_dir() for item in _ITEMS)]
        return sorted(int(p.name) for p in found if re.fullmatch("0|[1-9][0-9]*", p.name))

    def _finish(self) -> None:
        """Waits for the current save and checks that it is whole."""
        if self._saving is None:
            return
        step, self._saving = self._saving, None
        folder = self._folder / str(step)
        with self._saving_to(step):
            self._manager.wait_until_finished()
        for name in _FILES:
            if not (folder / name).is_file():
                raise InputError(f"{folder}: was not saved whole, for {name} is not there")

    @contextlib.contextmanager
    def _saving_to(self, step: int) -> Iterator[None]:
        """Says in an InputError which step could not be saved, for example on a full disk."""
        try:
            yield
        # Errors of the disk, of TensorStore and of threads have no common base class.
        except Exception as error:
            raise InputError(
                f"{self._folder / str(step)}: could not be saved ({_first_line(error)})"
            ) from error

    def _state(
        self, step: int, variables: Any, beside: Any, manifest: Manifest
    ) -> tuple[int, Any, Any]:
        self.manifest(step).check_continued(manifest, self._folder.parent)
        self.check_tokenizer(step)
        restored = self.variables(step, variables)
        return step, restored, self._arrays(step, "optimizer", beside)

    def _said(self, step: int) -> dict[str, Any]:
        """The JSON of a checkpoint's `run`, once its checksum is verified."""
        said = self._json(step, "run/metadata")
        checksum = said.pop("checksum", None)
        if ("checksums" in said or checksum is not None) and checksums.of_json(said) != checksum:
            raise self._damaged(step, "its run/metadata is not what was saved")
        return said

    def _score(self, step: int) -> float:
        """A checkpoint's validation score, or _NO_SCORE."""
        said = self._said(step)
        return said["score"] if "score" in said else self._metric(step)

    def _metric(self, step: int) -> float:
        """The score that the manager ranks a checkpoint by."""
        if not (self._folder / str(step) / "metrics" / "metrics").is_file():
            return _NO_SCORE
        score = self._json(step, "metrics/metrics").get("score")
        if not isinstance(score, float | int) or not math.isfinite(score):
            raise self._damaged(step, "its metrics hold no score")
        return score

    def _check_metrics(self, step: int) -> None:
        """Raises Damaged unless the manager's score of a checkpoint is the checkpoint's own."""
        if self._score(step) != self._metric(step):
            raise self._damaged(step, "its score is not what was saved")

    def _json(self, step: int, name: str) -> dict[str, Any]:
        path = self._folder / str(step) / name
        try:
            tree = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError) as error:
            raise self._unreadable(step, error) from None
        if not isinstance(tree, dict):
            raise self._damaged(step, f"its {name} is no JSON object")
        return tree

    def _arrays(self, step: int, item: str, like: Any) -> Any:
        saved = self._said(step).get("checksums", {}).get(item)
        silence_late_arrays()
        try:
            with ocp.Checkpointer(ocp.StandardCheckpointHandler()) as reader:
                arrays = reader.restore(
                    self._folder / str(step) / item, args=ocp.args.StandardRestore(like)
                )
        # Damaged bytes end in errors of many kinds, from TensorStore's to those of JSON.
        except Exception as error:
            raise self._unreadable(step, error) from error
        if saved is not None and checksums.of_arrays(arrays) != saved:
            raise self._damaged(step, f"its {item} is not what was saved")
        return arrays

    def _unreadable(self, step: int, error: Exception) -> Damaged:
        # What TensorStore, Orbax and Python's parsers say is for those who know them.
        cause = ""
        if isinstance(error, OSError) and error.strerror and error.filename:
            cause = f" ({error.strerror}: {error.filename})"
        return self._damaged(
            step, f"not readable, so it is damaged, of another model or of an older version{cause}"
        )

    def _damaged(self, step: int, why: str) -> Damaged:
        """The error of a damaged checkpoint; it names earlier steps if one can be chosen."""
        damaged = "" if why.startswith("not readable") else "damaged, for "
        before = [other for other in self._steps() if other < step]
        offer = ""
        if self._read_only and before:
            names = " or ".join(f"--step={other}" for other in reversed(before))
            offer = f"; {names} takes one before it"
        return Damaged(f"{self._folder / str(step)}: {damaged}{why}{offer}")

    def _set_aside(self, step: int) -> pathlib.Path:
        """Renames a step's folder, so that the step can be saved again."""
        place = self._folder / f"{step}.damaged"
        if is_primary():
            shutil.rmtree(place, ignore_errors=True)
            (self._folder / str(step)).rename(place)
        multihost_utils.sync_global_devices(f"{step} is set aside")
        return place


def _first_line(error: BaseException) -> str:
    """The first line of a message; of a long one the start and the end, where its cause stands."""
    line = next(iter(str(error).strip().splitlines()), "").split(" See full TensorStore details")[0]
    return line if len(line) <= 200 else f"{line[:80]} … {line[-120:]}"

"""Checkpoints of a run: the only file that knows Orbax.

WORKDIR/checkpoints/<step>/ holds three items: `model` (params and batch_stats), `optimizer`, and
`run` (JSON: the resolved config, the categories, the skeleton). Evaluation reads the first and the
last and needs no optimizer. The newest two and the best by validation score are kept.
"""

import dataclasses
import pathlib
from collections.abc import Sequence
from typing import Any

import jax
import numpy as np
import orbax.checkpoint as ocp
from orbax.checkpoint.checkpoint_managers import preservation_policy as preservation

from motext_jax import config as configs
from motext_jax.data.clips import ClipSet
from motext_jax.errors import InputError
from motext_jax.skeleton import Skeleton
from motext_jax.training.step import TrainState

# Kept checkpoints that carry no validation score rank below every one that does.
_NO_SCORE = -1.0


@dataclasses.dataclass(frozen=True)
class Run:
    """What a checkpoint says of itself, enough to build its model."""

    config: configs.Config
    category_names: tuple[str, ...]
    skeleton: Skeleton
    clips: str = ""
    """The training clips' `ClipSet.fingerprint`."""

    def check_continued(self, run: "Run") -> None:
        """Raises InputError unless a run that goes on from here sees the same training clips."""
        # The fingerprint says nothing of joints, and a run from before it has none.
        self._check_kind(run.skeleton, run.category_names)
        if self.clips and self.clips != run.clips:
            before, now = len(self.category_names), len(run.category_names)
            raise InputError(
                f"the training data is not what this run began with (then {before} categories, now "
                f"{now}, and other clips or captions); put it back, or choose another --workdir"
            )

    def check(self, clips: ClipSet) -> None:
        """Raises InputError unless the clips are of the kind that the model was made for."""
        self._check_kind(clips.skeleton, clips.category_names)

    def _check_kind(self, theirs: Skeleton, category_names: Sequence[str]) -> None:
        ours = self.skeleton
        for what in ("joints", "parents", "left_right_pairs", "up"):
            if getattr(ours, what) != getattr(theirs, what):
                raise InputError(
                    f"the model was trained on the skeleton {ours.name} of {len(ours.joints)} "
                    f"joints, and the data has {theirs.name} of {len(theirs.joints)} with other "
                    f"{what}"
                )
        new = sorted(set(category_names) - set(self.category_names))
        if self.config.model.objective == "classifier" and new:
            raise InputError(f"the classifier has no class for the data's category {new[0]!r}")

    def to_json(self) -> dict[str, Any]:
        """As plain JSON values."""
        return {
            "config": configs.to_dict(self.config),
            "category_names": list(self.category_names),
            "skeleton": dataclasses.asdict(self.skeleton),
            "clips": self.clips,
        }

    @classmethod
    def from_json(cls, tree: dict[str, Any]) -> "Run":
        """The inverse of `to_json`."""
        config = configs.from_dict(tree["config"])
        skeleton = Skeleton.from_dict(tree["skeleton"])
        return cls(config, tuple(tree["category_names"]), skeleton, tree.get("clips", ""))


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

    def save(self, state: TrainState, run: Run, score: float | None) -> None:
        """Starts an asynchronous save of a state under its step; a step already saved is left."""
        step = int(state.step)
        if step == self._manager.latest_step():
            return
        self._manager.save(
            step,
            args=ocp.args.Composite(
                model=ocp.args.StandardSave(state.variables),
                optimizer=ocp.args.StandardSave(state.opt_state),
                run=ocp.args.JsonSave(run.to_json()),
            ),
            metrics={"score": _NO_SCORE if score is None else score},
        )

    def restore(self, like: TrainState, run: Run) -> TrainState | None:
        """The newest state, for the shapes and shardings of `like`; None before the first save.

        Raises:
          InputError: it is damaged, or was trained on other clips than `run` has.
        """
        step = self._manager.latest_step()
        if step is None:
            return None
        self.run(step).check_continued(run)
        items = self._read(
            step,
            model=ocp.args.StandardRestore(like.variables),
            optimizer=ocp.args.StandardRestore(like.opt_state),
        )
        variables = items["model"]
        number = jax.device_put(np.int32(step), like.step.sharding)
        return TrainState(number, variables["params"], variables["batch_stats"], items["optimizer"])

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

    def run(self, step: int) -> Run:
        """What a checkpoint says of itself."""
        return Run.from_json(self._read(step, run=ocp.args.JsonRestore())["run"])

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

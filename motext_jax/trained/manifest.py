"""The manifest of a checkpoint: enough to build its model again."""

import dataclasses
import os
import shlex
from collections.abc import Sequence
from typing import Any

from motext_jax.config import Config, TextArchitecture
from motext_jax.counted import counted
from motext_jax.errors import InputError
from motext_jax.shown import quoted
from motext_jax.skeleton import Skeleton
from motext_jax.trained import saved_config

EARLIER = "earlier"
"""Stands for the fingerprint of an earlier version, in which a clip had an id and no seconds. The
manifests of that version hold it as `clips`."""


@dataclasses.dataclass(frozen=True)
class Manifest:
    """The config, categories, skeleton and text tower that rebuild a checkpoint's model."""

    config: Config
    category_names: tuple[str, ...]
    skeleton: Skeleton
    clips: str = ""
    """The training clips' `ClipSet.fingerprint`, or `EARLIER`."""
    text: TextArchitecture | None = None
    """The architecture of the text tower; None for a classifier."""

    def check_continued(self, now: "Manifest", workdir: str | os.PathLike[str]) -> None:
        """Raises InputError unless a run that goes on from here sees the same training clips.

        Args:
          now: the manifest of the run that goes on.
          workdir: its directory, for the sentence.
        """
        # The fingerprint says nothing of joints, and a run from before it has none.
        self.check(now.skeleton, now.category_names)
        if self.clips == EARLIER:
            raise InputError(
                "this run was begun by an earlier version of motext_jax, which told clips apart "
                "by other names, so it cannot go on with this one: evaluate it as it is, or choose "
                "another --workdir"
            )
        if self.clips and self.clips != now.clips:
            then, categories = (
                counted(len(one.category_names), "category", "categories") for one in (self, now)
            )
            start = f"--config.train.init={shlex.quote(os.fspath(workdir))}"
            raise InputError(
                f"the training data is not what this run began with (then {then}, now "
                f"{categories}, and other clips or captions); put it back, or choose another "
                f"--workdir: with {start} a new run starts from this one's model"
            )
        if self.text != now.text:
            raise InputError(
                f"the text tower's checkpoint is not what this run began with (then {self.text}, "
                f"now {now.text}); put it back, or choose another --workdir"
            )

    def check(self, theirs: Skeleton, category_names: Sequence[str]) -> None:
        """Raises InputError unless the model takes a data set's skeleton and categories."""
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
            raise InputError(
                f"the classifier has no class for the data's category {quoted(new[0])}"
            )

    def to_json(self) -> dict[str, Any]:
        """The manifest as plain JSON values."""
        return {
            "config": saved_config.to_tree(self.config),
            "text": saved_config.architecture_to_tree(self.text),
            "category_names": list(self.category_names),
            "skeleton": dataclasses.asdict(self.skeleton),
            "fingerprint": self.clips,
        }

    @classmethod
    def from_json(cls, tree: dict[str, Any]) -> "Manifest":
        """The inverse of `to_json`; a manifest of an older format is read, too.

        Raises:
          InputError, ValueError, KeyError, TypeError or AttributeError: it is no manifest.
        """
        saved = tree["config"]
        config = saved_config.from_tree(saved)
        first = saved.get("format", 1) == 1
        facts = saved_config.first_architecture(saved) if first else tree["text"]
        names = tuple(tree["category_names"])
        if any(type(name) is not str for name in names):
            raise TypeError("the names of categories are texts")
        return cls(
            config,
            names,
            Skeleton.from_dict(tree["skeleton"]),
            tree.get("fingerprint", EARLIER if tree.get("clips") else ""),
            saved_config.architecture_from_tree(config, facts),
        )

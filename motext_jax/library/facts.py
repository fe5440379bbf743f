"""The facts of a library: its folder, and the model that made it."""

import dataclasses
import json
import math
import shlex
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from motext_jax.config import DataConfig
from motext_jax.errors import InputError
from motext_jax.skeleton import SMPL22, Skeleton

if TYPE_CHECKING:
    from motext_jax.trained.model import TrainedModel

FORMAT, READ = 2, (1, 2)
"""The number of the format that this version writes, and of those that it reads."""

PROBES = ("a person walks forward", "someone waves with the left hand", "a man sits down")
"""Texts whose embeddings tell one model from another."""

LONGEST = 1.01
"""The greatest length of a mean of unit vectors, with what rounding adds."""

SAME = 0.999
"""The least cosine of a probe's embeddings by one model on two machines."""

_CLIPS = ("fps", "frames", "normalise", "normalise_each")


@dataclasses.dataclass(frozen=True)
class Facts:
    """All that must not change while a library grows.

    Attributes:
      folder: the folder of the takes, absolute; it may move.
      model: the model's place; see `trained.model.load`.
      name: the model's name.
      step: the checkpoint's step.
      probes: the model's embeddings of `PROBES`.
      clips: the options of `DataConfig` that decide the model's clips.
      skeleton: the skeleton of clips and poses.
      fps: frames a second of files that do not say theirs; 0 for none.
      format: the format of the tables.
      weights: digest of the model's weights; empty in libraries from before it was kept.
      digest: the model's `digest`; empty where it has none, and in older libraries.
      centre: the model's mean embedding of the names of actions of people, the bank of
        `sides.Side.scores`; empty in libraries from before it was kept.
    """

    folder: str
    model: str
    name: str
    step: int
    probes: tuple[tuple[float, ...], ...]
    clips: Mapping[str, Any]
    skeleton: Mapping[str, Any]
    fps: float = 0.0
    format: int = FORMAT
    weights: str = ""
    digest: str = ""
    centre: tuple[float, ...] = ()

    @classmethod
    def of(cls, folder: str, place: str, model: "TrainedModel", fps: float = 0.0) -> "Facts":
        """The facts of a new library.

        Raises:
          InputError: the model embeds no texts, or takes another skeleton than smpl22.
        """
        if not model.is_contrastive:
            raise InputError(f"{model.name} is a classifier: it cannot be searched by text")
        skeleton = model.manifest.skeleton
        if skeleton.joints != SMPL22.joints or skeleton.up != SMPL22.up:
            raise InputError(
                f"files are read on SMPL's 22 joints, and {model.name} was trained on the skeleton "
                f"{skeleton.name} of {len(skeleton.joints)}; index with another model"
            )
        data = model.manifest.config.data
        return cls(
            folder,
            place,
            model.name,
            model.step,
            _probes(model),
            {name: getattr(data, name) for name in _CLIPS},
            dataclasses.asdict(skeleton),
            fps,
            weights=_weights(model),
            digest=model.digest,
            centre=centre(model),
        )

    @property
    def data(self) -> DataConfig:
        """The options of the model's clips."""
        return DataConfig(**self.clips)

    @property
    def dimensions(self) -> int:
        """The length of an embedding."""
        return len(self.probes[0])

    @property
    def body(self) -> Skeleton:
        """The skeleton of clips and poses."""
        return Skeleton.from_dict(self.skeleton)

    def completed(self, model: "TrainedModel") -> "Facts":
        """The facts with the centre, of a library from before it was kept, by its own model."""
        return self if self.centre else dataclasses.replace(self, centre=centre(model))

    def check(self, model: "TrainedModel", address: str) -> None:
        """Raises InputError unless a model is the one that the library was written with."""
        data = model.manifest.config.data
        alike = self.step == model.step and all(
            getattr(data, name) == value for name, value in self.clips.items()
        )
        if alike and self._weighs_alike(model):
            return
        raise InputError(
            f"{address} was written with the model {self.name} of step {self.step} ({self.model}), "
            f"and this is {model.name} of step {model.step}, with other weights or options: their "
            "embeddings cannot be compared; give the library's model as --model, or index again "
            f"into a new folder: python -m motext_jax.index {shlex.quote(self.folder)} "
            "--library=NEW --model=…"
        )

    def _weighs_alike(self, model: "TrainedModel") -> bool:
        """True for a model of the library's weights."""
        # Of the very file or checkpoint: the model was compared with its digest a moment ago.
        if self.digest and self.digest == model.digest:
            return True
        # A run's step and its export have other digests of the same weights.
        if self.weights:
            return self.weights == _weights(model)
        # Probes are embedded in a second, and a frozen text tower gives the same ones whatever the
        # motion tower is.
        return self._probed_alike(model)

    def _probed_alike(self, model: "TrainedModel") -> bool:
        """True if the texts of `PROBES` have the library's embeddings by a model."""
        own, theirs = np.array(self.probes), np.array(_probes(model))
        return own.shape == theirs.shape and bool((own * theirs).sum(axis=1).min() >= SAME)

    def to_json(self) -> str:
        """The facts as a JSON text."""
        return json.dumps(dataclasses.asdict(self))

    @classmethod
    def from_json(cls, text: str, address: str) -> "Facts":
        """The inverse of `to_json`; raises InputError for a text that is none of it."""
        try:
            tree = json.loads(text)
            form = tree["format"]
            if form in READ:
                tree["probes"] = tuple(tuple(map(float, row)) for row in tree["probes"])
                tree["centre"] = tuple(map(float, tree.get("centre", ())))
                # Written anew, they are of this version's format.
                facts = cls(**tree | {"format": FORMAT})
                if len(facts.centre) not in (0, facts.dimensions):
                    raise ValueError(f"a centre of {len(facts.centre)} numbers")
                if not math.hypot(*facts.centre) <= LONGEST:
                    raise ValueError("a centre that is no mean of vectors of length 1")
                facts.data, facts.body, facts.dimensions  # noqa: B018
                return facts
        except (ValueError, TypeError, LookupError, AttributeError, OverflowError) as error:
            raise InputError(f"{address}: the library's facts are damaged ({error})") from None
        raise InputError(
            f"{address}: a library of the format {form}, and this version of motext_jax reads "
            f"{READ[0]} to {READ[-1]}; install a newer one, or index again into a new folder"
        )


def _probes(model: "TrainedModel") -> tuple[tuple[float, ...], ...]:
    found = np.asarray(model.encode_text(PROBES), np.float64)
    return tuple(tuple(row) for row in np.round(found, 5).tolist())


def centre(model: "TrainedModel") -> tuple[float, ...]:
    """A model's mean embedding of the names of actions of people."""
    # They take a second to import, and only a new library needs them.
    from motext_jax.data.people.source import CATEGORIES

    found = np.asarray(model.encode_text(CATEGORIES), np.float64).mean(axis=0)
    return tuple(np.round(found, 6).tolist())


def _weights(model: "TrainedModel") -> str:
    """Digest of a model's weights in float16, as a step of a run and its export have them both."""
    # Not above: a library is opened without JAX.
    import jax

    from motext_jax.trained import checksums

    return checksums.of_arrays(jax.tree.map(_halved, model.variables))


def _halved(array: Any) -> np.ndarray:
    array = np.asarray(array)
    with np.errstate(over="ignore"):
        return array.astype(np.float16) if np.issubdtype(array.dtype, np.floating) else array

"""The training step and the embedding of clips, lowered for devices that need not be here."""

import dataclasses
import math
import pathlib

import jax
import jax.numpy as jnp
import numpy as np
from jax.experimental import topologies
from jax.sharding import Mesh

from motext_jax.config import Config, TextArchitecture
from motext_jax.data.pipeline import TEXT_LENGTHS, Batch
from motext_jax.errors import InputError
from motext_jax.models.two_tower import build_model, encoders
from motext_jax.runtime import mesh as meshes
from motext_jax.skeleton import SKELETONS
from motext_jax.training.feed import ClipRows, DeviceStore, with_preprocessing
from motext_jax.training.optimizer import build_optimizer
from motext_jax.training.pretrained import resolve
from motext_jax.training.step import TrainState, make_train_step

CLASSES = 120
"""Categories of a classifier, and texts of a split whose tower is frozen, as BABEL-120 has."""

STEPS = 1000
"""Steps of the run, for schedules that end with it."""


def mesh_of(topology: str) -> Mesh:
    """A mesh of devices by their description, on a machine without them.

    Args:
      topology: platform, kind and shape: tpu:v5e:2x4 are eight chips, cuda:h100:1x1x8 eight GPUs of
        one machine.

    Raises:
      InputError: there is no such device, or its compiler is not installed.
    """
    platform, _, rest = topology.partition(":")
    kind, _, shape = rest.partition(":")
    if platform not in ("tpu", "cuda") or not shape:
        raise InputError(
            f"--topology={topology} should be a platform, a kind and a shape, as tpu:v5e:2x4 or "
            "cuda:h100:1x1x8"
        )
    try:
        if platform == "tpu":
            found = topologies.get_topology_desc(platform="tpu", topology_name=f"{kind}:{shape}")
        else:
            found = topologies.get_topology_desc(
                platform="cuda",
                topology_name=kind,
                topology=shape,
                target_config=_described(kind),
            )
    except (RuntimeError, ValueError, NotImplementedError) as error:
        raise InputError(
            f"--topology={topology}: {str(error).splitlines()[0]}; TPUs need libtpu (pip install "
            "-e '.[aot]'), GPUs jax[cuda13] (pip install -e '.[cuda]')"
        ) from None
    return meshes.data_mesh(found.devices)


def _described(kind: str) -> str:
    """The description of a GPU that XLA's compiler reads."""
    folder = pathlib.Path(__file__).parent
    path = folder / f"{kind}.txtpb"
    if not path.is_file():
        known = ", ".join(sorted(file.stem for file in folder.glob("*.txtpb")))
        raise InputError(f"there is no description {path.name} in {folder}; there are: {known}")
    return path.read_text()


class Programs:
    """The two programs of a config on a mesh, as training and evaluation compile them.

    Args:
      mesh: the devices.
      config: the run's config; `train.batch_size` is the batch of both, over all devices.
      stored: clips of the split that the devices hold; 0 if the host sends each batch's.

    Attributes:
      state: the training state's shapes.

    Raises:
      InputError: the devices cannot share the batch, or the text tower's sizes are not known.
    """

    def __init__(self, mesh: Mesh, config: Config, stored: int):
        meshes.share(mesh, config.train.batch_size)
        config, text = resolved(config)
        self._mesh, self._config, self._stored = mesh, config, stored
        if config.data.skeleton not in SKELETONS:
            raise InputError(
                f"data.skeleton={config.data.skeleton}: its joints are known once files are read; "
                f"choose one of {', '.join(SKELETONS)}"
            )
        self._skeleton = SKELETONS[config.data.skeleton]
        self._model = build_model(config, self._skeleton, CLASSES, text)
        frozen = text.FROZEN if text is not None else ()
        self._optimizer = build_optimizer(config.optimizer, STEPS, frozen)
        self.state = meshes.abstract_on(mesh, self._start)

    @property
    def embedding_width(self) -> int:
        """Dimensions of the shared space."""
        return self._config.model.embedding

    def step(self) -> jax.stages.Lowered:
        """The training step, with what is done to the clips before it."""
        train_step = make_train_step(self._model, self._optimizer, self._config)
        step = with_preprocessing(train_step, self._config, self._skeleton)
        store, batch = self._store(), self._batch()
        return meshes.jit_train_step(self._mesh, step).lower(self.state, store, batch)

    def embedding(self) -> jax.stages.Lowered:
        """The embedding of a batch of clips, as `eval` and `search` do it."""
        embed = encoders(self._model).encode_motion
        clips = self._shared(self._clips(self._config.train.batch_size), np.float32)
        return meshes.jit_rows(self._mesh, embed).lower(self.state.variables, clips)

    def _start(self) -> TrainState:
        clips = jnp.zeros(self._clips(2))
        tokens = () if _is_classifier(self._config) else (jnp.zeros((2, TEXT_LENGTHS), jnp.int32),)
        variables = self._model.init(jax.random.key(0), clips, *tokens, False)
        return TrainState.create({"batch_stats": {}, **variables}, self._optimizer)

    def _clips(self, number: int) -> tuple[int, int, int, int]:
        return (number, self._config.data.frames, len(self._skeleton.joints), 3)

    def _shared(self, shape: tuple[int, ...], dtype: type) -> jax.ShapeDtypeStruct:
        return jax.ShapeDtypeStruct(shape, dtype, sharding=meshes.by_batch(self._mesh))

    def _held(self, shape: tuple[int, ...]) -> jax.ShapeDtypeStruct:
        return jax.ShapeDtypeStruct(shape, np.float32, sharding=meshes.replicated(self._mesh))

    def _holds_texts(self) -> bool:
        return not _is_classifier(self._config) and self._config.optimizer.text_scale == 0

    def _store(self) -> DeviceStore:
        stored = ClipRows(jax.ShapeDtypeStruct(self._clips(self._stored), np.float32))
        clips = self._held(stored.shape) if self._stored else None
        width = self._config.model.embedding
        return DeviceStore(clips, self._held((CLASSES, width)) if self._holds_texts() else None)

    def _batch(self) -> Batch:
        n, devices, twins = self._config.train.batch_size, self._mesh.size, self._config.loss.twins
        # Every second clip of a batch has a text of its own, and a twin may double them.
        distinct = math.ceil(n / ((1 if twins else 2) * devices)) * devices
        rows = self._shared((n,), np.int32)
        return Batch(
            mirrored=self._shared((n,), np.bool_),
            lengths=rows,
            categories=rows,
            text_rows=rows,
            twin_rows=rows if twins else None,
            clips=None if self._stored else self._shared(self._clips(n), np.float32),
            clip_rows=rows if self._stored else None,
            tokens=None
            if self._holds_texts()
            else self._shared((distinct, TEXT_LENGTHS), np.int32),
        )


def _is_classifier(config: Config) -> bool:
    return config.model.objective == "classifier"


def resolved(config: Config) -> tuple[Config, TextArchitecture | None]:
    """The config as it is trained, and its text tower's facts: see `training.pretrained.resolve`.

    Where a checkpoint is not at hand, its published sizes do: nothing of its weights is compiled.

    Raises:
      InputError: the text tower has no published sizes.
    """
    try:
        return resolve(config)
    except InputError as error:
        if config.model.text is None:
            raise
        try:
            text = config.model.text.ARCHITECTURE()
        except TypeError:
            raise error from None
        print(f"{error}; compiled with the sizes of the published text tower", flush=True)
        embedding = text.projection or config.model.embedding
        model = dataclasses.replace(config.model, embedding=embedding)
        return dataclasses.replace(config, model=model), text

"""A trained model's functions, read back from its working directory."""

import dataclasses
import pathlib
from collections.abc import Callable, Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax.sharding import Mesh
from jaxtyping import Float, Int

from motext_jax.config import TextTowerConfig
from motext_jax.data.clips import ClipArray, ClipSet
from motext_jax.data.sources import load_clips
from motext_jax.data.tokenizer import Tokenizer, load_tokenizer, load_wordpiece
from motext_jax.errors import InputError
from motext_jax.models.two_tower import Encoders, Model, build_model, encoders
from motext_jax.training.checkpoints import Checkpoints, Run
from motext_jax.training.mesh import abstract_on, data_mesh, jit_rows, map_batches


@dataclasses.dataclass(frozen=True, eq=False)
class TrainedModel:
    """A model's functions over clips and texts of any number, on all devices.

    Attributes:
      run: the config, the categories and the skeleton it was trained with.
      step: the checkpoint's step.
      variables: params and batch_stats, replicated on the mesh.
      encoders: compiled by `mesh.jit_rows`.
      tokenize: texts to [n l].
      mesh: the devices.
    """

    run: Run
    step: int
    variables: Any
    encoders: Encoders
    tokenize: Tokenizer
    mesh: Mesh

    def load_clips(self, split: str | None = None, root: str | None = None) -> ClipSet:
        """A split of the data set that it was trained on, cut and normalised as then.

        Args:
          split: by default the config's test split.
          root: the data set's folder, where it has moved.

        Raises:
          InputError: the data is not there, or of another skeleton or other classes.
        """
        data = self.run.config.data
        folder = root or data.prepared or data.root
        if folder and not pathlib.Path(folder).exists():
            raise InputError(f"{folder}: there is no such folder; pass --root where it is now")
        if data.prepared:
            data = dataclasses.replace(data, prepared=folder)
        else:
            data = dataclasses.replace(data, root=folder)
        clips = load_clips(data, split or data.test_split)
        self.run.check(clips)
        return clips

    @property
    def is_contrastive(self) -> bool:
        """Whether it embeds texts; a (CE) classifier does not."""
        return self.encoders.encode_text is not None

    def encode_motion(self, clips: ClipArray) -> Float[np.ndarray, "n d"]:
        """Unit-length embeddings of clips as `load_clips` gives them.

        Raises:
          InputError: their shape is not the model's, or they hold NaN or infinity.
        """
        self._check_clips(clips)
        return self._map(self.encoders.encode_motion, clips)

    def encode_text(self, texts: Sequence[str]) -> Float[np.ndarray, "n d"]:
        """Unit-length embeddings of texts; each distinct text is encoded once.

        Raises:
          InputError: the model is a classifier, or there is no text.
        """
        if isinstance(texts, str) or not len(texts):
            raise InputError("texts must be a list of one or more")
        distinct = list(dict.fromkeys(texts))
        row = {text: index for index, text in enumerate(distinct)}
        embeddings = self.encode_tokens(self.tokenize(distinct))
        return embeddings[[row[text] for text in texts]]

    def encode_tokens(self, tokens: Int[np.ndarray, "n l"]) -> Float[np.ndarray, "n d"]:
        """As `encode_text`, of texts that `tokenize` has been through."""
        if self.encoders.encode_text is None:
            raise InputError(f"{self.run.config.name} is a classifier: it has no text tower")
        return self._map(self.encoders.encode_text, tokens)

    def classify(self, clips: ClipArray, names: Sequence[str]) -> Float[np.ndarray, "n k"]:
        """A classifier's logits of the named categories.

        Raises:
          InputError: the model has two towers.
        """
        if self.encoders.classify is None:
            raise InputError(f"{self.run.config.name} has two towers and no classifier")
        self._check_clips(clips)
        columns = [self.run.category_names.index(name) for name in names]
        return self._map(self.encoders.classify, clips)[:, columns]

    def _check_clips(self, clips: ClipArray) -> None:
        expected = (self.run.config.data.frames, len(self.run.skeleton.joints), 3)
        if clips.shape[1:] != expected:
            raise InputError(f"clips of shape {clips.shape}; the model takes (n, *{expected})")
        # Those that are read as they are needed are many: looking at all would take as long.
        if type(clips) is np.ndarray and not np.isfinite(clips).all():
            raise InputError("clips with NaN or infinity")

    def _map(self, compiled: Callable, rows: Any) -> np.ndarray:
        size = self.run.config.train.batch_size
        outputs = map_batches(self.mesh, compiled, self.variables, rows, size)
        if not np.isfinite(outputs).all():
            raise InputError(
                f"the model of step {self.step} gives NaN or infinity: nothing can be scored"
            )
        return outputs


def assemble(
    model: Model, run: Run, tokenize: Tokenizer, variables: Any, step: int
) -> TrainedModel:
    """A TrainedModel of variables at hand.

    Raises:
      InputError: the tokenizer's end-of-text token is not the text tower's.
    """
    expected = run.config.model.text.eos_id
    if tokenize.eos_id != expected:
        raise InputError(
            f"the tokenizer ends a text with token {tokenize.eos_id} and the text tower expects "
            f"model.text.eos_id={expected}; they must come from one checkpoint"
        )
    mesh = data_mesh()
    functions = {
        field.name: function and jit_rows(mesh, function)
        for field in dataclasses.fields(Encoders)
        for function in [getattr(encoders(model), field.name)]
    }
    return TrainedModel(run, step, variables, Encoders(**functions), tokenize, mesh)


def load(workdir: pathlib.Path, step: str = "last") -> TrainedModel:
    """The model of a checkpoint: `last`, `best` (by validation score), or a step's number.

    Raises:
      InputError: there is no such checkpoint, or it is damaged.
    """
    with Checkpoints(workdir, read_only=True) as checkpoints:
        number = checkpoints.choose(step)
        run = checkpoints.run(number)
        model = build_model(run.config, run.skeleton, len(run.category_names))
        like = abstract_on(data_mesh(), lambda: model.init(jax.random.key(0), *example(run), False))
        variables = checkpoints.variables(number, like)
    folder = tokenizer_folder(workdir)
    tokenize = text_tokenizer(folder if folder.is_dir() else None, run.config.model.text)
    return assemble(model, run, tokenize, variables, number)


def example(run: Run) -> tuple[jax.Array, ...]:
    """The model's inputs, of the right shapes and of zeros."""
    clips = jnp.zeros((2, run.config.data.frames, len(run.skeleton.joints), 3))
    if run.config.model.objective == "classifier":
        return (clips,)
    return clips, jnp.zeros((2, 8), jnp.int32)


def tokenizer_folder(workdir: pathlib.Path) -> pathlib.Path:
    """Where a run keeps its checkpoint's tokenizer files, if it has any."""
    return workdir / "tokenizer"


def text_tokenizer(folder: pathlib.Path | None, config: TextTowerConfig) -> Tokenizer:
    """The tokenizer of a folder's files, of the text tower's kind; None for CLIP's vocabulary.

    Raises:
      InputError: the folder holds no such tokenizer.
    """
    if folder is not None and config.init == "sentence_bert":
        return load_wordpiece(folder, config.context_length)
    return load_tokenizer(folder, config.context_length)

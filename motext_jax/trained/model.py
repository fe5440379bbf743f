"""A trained model's functions, read back from where it was saved."""

import dataclasses
import functools
import os
import pathlib
from collections.abc import Callable, Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax.sharding import Mesh
from jaxtyping import Float, Int

from motext_jax.config import TextArchitecture
from motext_jax.errors import InputError
from motext_jax.input_file import reading
from motext_jax.models.clip_text import ScratchTextConfig
from motext_jax.models.two_tower import Encoders, Model, build_model, encoders
from motext_jax.models.word_table import TABLE, WordTableConfig
from motext_jax.runtime.mesh import Rows, data_mesh, jit_rows, map_batches, on_mesh
from motext_jax.shown import is_unicode, quoted
from motext_jax.text.carrying import carrying_words
from motext_jax.text.negation import negated
from motext_jax.text.tokenizer import Tokenizer, load_tokenizer
from motext_jax.trained.calibration import UNLIKELY as UNLIKELY
from motext_jax.trained.calibration import Calibration
from motext_jax.trained.lexicon import Lexicon
from motext_jax.trained.manifest import Manifest
from motext_jax.trained.places import CONFIG
from motext_jax.trained.saved import Saved, open_saved
from motext_jax.trained.words import meant, new_words

FEW = 8
"""Rows of a batch of fewer than a whole one: besides 1, 2 and 4 the only size that is compiled."""

EACH = 4
"""Clips of a CPU core at once: its caches hold what lies between the layers for a few, not many."""


@dataclasses.dataclass(frozen=True, eq=False)
class TrainedModel:
    """A model's functions over clips and texts of any number, on all devices.

    Attributes:
      manifest: the config, the categories and the skeleton it was trained with.
      step: the checkpoint's step.
      variables: params and batch_stats, replicated on the mesh.
      encoders: functions of the towers, compiled by `mesh.jit_rows`.
      tokenize: tokenizer, from texts to tokens [n l].
      mesh: the devices.
      calibration: the meaning of a score; None where it was never found, or on too few texts.
      words: the words of the training texts; None where they were not kept.
      digest: the digest that its weights were compared with by `read`; empty where none was, and in
        all copies by `dataclasses.replace`, which may have other weights.
    """

    manifest: Manifest
    step: int
    variables: Any
    encoders: Encoders
    tokenize: Tokenizer
    mesh: Mesh
    calibration: Calibration | None = None
    words: frozenset[str] | None = None
    digest: str = dataclasses.field(default="", init=False)

    @property
    def name(self) -> str:
        """The model's name in tables."""
        return self.manifest.config.name

    @property
    def is_contrastive(self) -> bool:
        """True for two towers, False for a classifier, which embeds no texts."""
        return self.encoders.encode_text is not None

    def encode_motion(self, clips: Rows) -> Float[np.ndarray, "n d"]:
        """Unit-length embeddings of clips cut and normalised as in training.

        Args:
          clips: positions in metres, of the model's joints and of its frames or fewer; each number
            of frames is compiled once.

        Raises:
          InputError: the clips' shape is not the model's, or they hold NaN or infinity.
        """
        self._check_clips(clips)
        return self._map(self.encoders.encode_motion, clips, self._clips_at_once)

    def compile_motion(self, frames: int) -> None:
        """Compiles `encode_motion` for many clips of so many frames."""
        joints = len(self.manifest.skeleton.joints)
        self.encode_motion(np.zeros((self._clips_at_once, frames, joints, 3), np.float32))

    def encode_text(self, texts: Sequence[str]) -> Float[np.ndarray, "n d"]:
        """Unit-length embeddings of texts; each distinct text is encoded once.

        A text may be empty, or longer than the text tower reads: its end is then left out.

        Raises:
          InputError: the model is a classifier, there is no text, or one is no text or not Unicode.
        """
        if isinstance(texts, str) or not len(texts):
            raise InputError("texts must be a list of one or more")
        for text in texts:
            if not isinstance(text, str):
                raise InputError(f"{quoted(text)} is no text; give a list of texts")
        distinct = list(dict.fromkeys(texts))
        for text in distinct:
            if not is_unicode(text):
                raise InputError(f"{quoted(text)} is no Unicode text")
        row = {text: index for index, text in enumerate(distinct)}
        embeddings = self.encode_tokens(self.tokenize(distinct))
        return embeddings[[row[text] for text in texts]]

    def encode_tokens(self, tokens: Int[np.ndarray, "n l"]) -> Float[np.ndarray, "n d"]:
        """Embeds tokens that `tokenize` made; see `encode_text`."""
        if self.encoders.encode_text is None:
            raise InputError(f"{self.name} is a classifier: it has no text tower")
        return self._map(self.encoders.encode_text, tokens, self.manifest.config.train.batch_size)

    def classify(self, clips: Rows, names: Sequence[str]) -> Float[np.ndarray, "n k"]:
        """A classifier's logits of the named categories.

        Raises:
          InputError: the model has two towers.
        """
        if self.encoders.classify is None:
            raise InputError(f"{self.name} has two towers and no classifier")
        self._check_clips(clips)
        columns = [self.manifest.category_names.index(name) for name in names]
        return self._map(self.encoders.classify, clips, self._clips_at_once)[:, columns]

    def judge(self, query: str, scores: Sequence[float]) -> tuple[tuple[str, ...], dict[str, str]]:
        """Judges a text's scores with motions.

        Args:
          query: the text.
          scores: its score with each motion, as of `library.sides`.

        Returns:
          A word for each score, `likely`, `perhaps` or `UNLIKELY`, or none where the model is not
          calibrated; and the query's words that carry meaning and that no training text had, each
          with the one that is likely meant, see `words.meant`, or an empty text. There are none
          where the words of the training texts were not kept.
        """
        known = self.words
        unread = (
            {} if known is None else {word: meant(word, known) for word in new_words(query, known)}
        )
        if self.calibration is None:
            return (), unread
        if self.is_lost(query):
            # It has an embedding too, which says nothing.
            return (UNLIKELY,) * len(scores), unread
        sure = not unread and not negated(query)
        return tuple(self.calibration.word(score, sure) for score in scores), unread

    def is_lost(self, query: str) -> bool:
        """True for a query whose words mean nothing to the model.

        No word of it carries meaning; or none that does was in a training text, nor is one near
        such a word in its letters or its vector. Towers that were trained before know other words,
        nobody knows which: for them no word is lost. Nor is a number for any.
        """
        carrying = carrying_words(query)
        if not carrying:
            return True
        new = () if self.words is None else new_words(query, self.words)
        if len(new) < len(carrying):
            return False
        lexicon = self._lexicon
        return lexicon is not None and not any(map(lexicon.places, new))

    @functools.cached_property
    def _lexicon(self) -> Lexicon | None:
        """The words that the text tower can place; None where nobody knows."""
        tower, known = self.manifest.config.model.text, self.words or frozenset()
        if isinstance(tower, ScratchTextConfig):
            return Lexicon(known)
        if isinstance(tower, WordTableConfig):
            table = np.asarray(self.variables["params"]["text"][TABLE])
            return Lexicon(known, table, self.tokenize.encode)
        return None

    def _check_clips(self, clips: Rows) -> None:
        most, joints = self.manifest.config.data.frames, len(self.manifest.skeleton.joints)
        shape: tuple[int, ...] = getattr(clips, "shape", ())
        fits = len(shape) == 4 and shape[0] > 0 and 0 < shape[1] <= most
        if not fits or shape[2:] != (joints, 3):
            raise InputError(
                f"clips of shape {shape or None}; the model takes (n, t, {joints}, 3), with n from "
                f"1 and t from 1 to {most}"
            )
        # Clips on disk are not checked: that would read every one of them a second time.
        if type(clips) is np.ndarray and not np.isfinite(clips).all():
            raise InputError("clips with NaN or infinity")

    @property
    def _clips_at_once(self) -> int:
        batch = self.manifest.config.train.batch_size
        on_cpus = self.mesh.devices.flat[0].platform == "cpu"
        return min(batch, EACH * self.mesh.size) if on_cpus else batch

    def _map(self, compiled: Callable, rows: Any, batch: int) -> np.ndarray:
        # One query need not pay for a batch, nor the windows of one file for a program of their own
        # number, which takes longer to compile than a thousand of them to embed.
        power = 1 << (len(rows) - 1).bit_length()
        size = batch if len(rows) >= batch else min(power, FEW, batch)
        outputs = map_batches(self.mesh, compiled, self.variables, rows, size)
        if not np.isfinite(outputs).all():
            raise InputError(
                f"the model of step {self.step} gives NaN or infinity: nothing can be scored"
            )
        return outputs


def assemble(
    model: Model, manifest: Manifest, tokenize: Tokenizer, variables: Any, step: int
) -> TrainedModel:
    """Builds a TrainedModel from variables in memory.

    Raises:
      InputError: the tokenizer's end-of-text token is not the text tower's.
    """
    text = manifest.text
    if text is not None and tokenize.eos_id != text.eos_id:
        raise InputError(
            f"the tokenizer ends a text with token {tokenize.eos_id} and the text tower expects "
            f"{text.eos_id}; they must come from one checkpoint"
        )
    mesh = data_mesh()
    functions = {
        field.name: function and jit_rows(mesh, function)
        for field in dataclasses.fields(Encoders)
        for function in [getattr(encoders(model), field.name)]
    }
    return TrainedModel(manifest, step, variables, Encoders(**functions), tokenize, mesh)


def load(model: str | os.PathLike[str], step: str = "last") -> TrainedModel:
    """Reads a trained model.

    Args:
      model: a run's working directory; a folder that `export` wrote; `starter`, the model that
        comes with the package; or `hf://owner/name`, such a folder on the Hugging Face hub. A
        Path is always a directory.
      step: checkpoint of a run to read: `last`, `best` (by validation score), or a step's number.

    Raises:
      InputError: there is no such model, or it is damaged.
    """
    with open_saved(model, step) as saved:
        return read(saved)


def read(saved: Saved) -> TrainedModel:
    """Reads an opened model; see `load`."""
    saved.check_sizes()
    manifest = saved.manifest
    mesh = data_mesh()
    # An option that every check lets pass may still be one that no module takes.
    with reading(CONFIG, "a model's config"):
        modules = modules_of(_for_this_machine(manifest))
        # To trace the model for its shapes takes longer than to read its weights.
        shapes = saved.shapes() or variable_shapes(modules, manifest)
    variables = saved.variables(on_mesh(mesh, shapes))
    tokenize = text_tokenizer(saved.tokenizer(), manifest.text)
    trained = assemble(modules, manifest, tokenize, variables, saved.step)
    calibration = saved.calibration()
    if calibration is not None and not calibration.is_believed:
        calibration = None
    trained = dataclasses.replace(trained, calibration=calibration, words=saved.words())
    object.__setattr__(trained, "digest", saved.digest())
    return trained


def modules_of(manifest: Manifest) -> Model:
    """The model's modules, without variables."""
    classes = len(manifest.category_names)
    return build_model(manifest.config, manifest.skeleton, classes, manifest.text)


def _for_this_machine(manifest: Manifest) -> Manifest:
    """The manifest with float32 on a CPU, which is slow in bfloat16."""
    if jax.default_backend() != "cpu":
        return manifest
    exact = dataclasses.replace(manifest.config.model, dtype="float32")
    config = dataclasses.replace(manifest.config, model=exact)
    return dataclasses.replace(manifest, config=config)


def example(manifest: Manifest) -> tuple[jax.Array, ...]:
    """Inputs of the model's shapes, all zeros."""
    clips = jnp.zeros((2, manifest.config.data.frames, len(manifest.skeleton.joints), 3))
    if manifest.config.model.objective == "classifier":
        return (clips,)
    return clips, jnp.zeros((2, 8), jnp.int32)


def initial_variables(model: Model, manifest: Manifest, seed: int) -> dict[str, Any]:
    """A model's variables before training; a tower without BatchNorm has no statistics."""
    return {"batch_stats": {}, **model.init(jax.random.key(seed), *example(manifest), False)}


def variable_shapes(model: Model, manifest: Manifest) -> dict[str, Any]:
    """The shapes of a model's variables; nothing is computed."""
    return jax.eval_shape(lambda: initial_variables(model, manifest, seed=0))


def text_tokenizer(folder: pathlib.Path | None, text: TextArchitecture | None) -> Tokenizer:
    """The tokenizer of a folder's files, of the text tower's kind; CLIP's for a classifier.

    Raises:
      InputError: the folder holds no such tokenizer.
    """
    return load_tokenizer(None) if text is None else text.tokenizer(folder)

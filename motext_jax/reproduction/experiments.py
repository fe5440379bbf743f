"""The paper's models on a data set, as configs of a size that the machine can train."""

import dataclasses
import enum
import pathlib
from collections.abc import Mapping, Sequence
from typing import Any

from motext_jax.config import Config, require, validate
from motext_jax.configs import quickstart
from motext_jax.configs.model_spec import ModelSpec
from motext_jax.errors import InputError
from motext_jax.models.clip_text import ClipTextConfig, ScratchTextConfig
from motext_jax.models.sentence_bert import SentenceBertConfig
from motext_jax.reproduction.models import MODELS, OFFLINE, PAPER, learns_annotations

SIZES = ("paper", "quickstart", "tiny")

# Data sets with categories, and the size that they are trained at where none is asked for.
SIZE_OF: Mapping[str, str] = {
    "babel60": "paper",
    "babel120": "paper",
    "bandai": "quickstart",
    "synthetic": "quickstart",
}

_TINY_MOTION = {"width": 8, "blocks": 3, "hidden": 16}


class Task(enum.StrEnum):
    """A task that models are trained for: on categories, or on annotations."""

    RECOGNITION = "recognition"
    RETRIEVAL = "retrieval"


@dataclasses.dataclass(frozen=True)
class ModelTask:
    """A model and the task that it is trained for: `CTRGCN-T, recognition` in tables."""

    model: ModelSpec
    task: Task

    def __str__(self) -> str:
        return f"{self.model.name}, {self.task}"

    def to_json(self) -> str:
        """The same text, as files hold it."""
        return str(self)


@dataclasses.dataclass(frozen=True)
class Folders:
    """Folders of a data set.

    Attributes:
      root: folder of the data set's own files.
      prepared: folder that `prepare` made of them, which is read instead.
      captions: folder that `prepare babel_text` made of BABEL, for section 3.3.
    """

    root: str = ""
    prepared: str = ""
    captions: str = ""


@dataclasses.dataclass(frozen=True, eq=False)
class Experiment:
    """A model with its task and its config.

    Attributes:
      model: the model.
      task: the task that it is trained for.
      config: the config of the first run.
      largest: number of categories to keep, those with the most training clips; 0 keeps all.
    """

    model: ModelSpec
    task: Task
    config: Config
    largest: int = 0

    @property
    def model_task(self) -> ModelTask:
        """The model and its task."""
        return ModelTask(self.model, self.task)


def experiments(
    data: str,
    models: Sequence[str],
    folders: Folders,
    *,
    size: str = "",
    epochs: int = 0,
    text_checkpoint: str = "",
    retrain_at: Sequence[int] = (),
) -> list[Experiment]:
    """The experiments of the report on a data set.

    Args:
      data: a key of `SIZE_OF`.
      models: names of `MODELS`; by default the paper's on BABEL and `OFFLINE` elsewhere.
      folders: folders of the data set.
      size: one of `SIZES`; by default `SIZE_OF`'s.
      epochs: length of training; 0 takes the size's own.
      text_checkpoint: directory of the pre-trained text towers' weights; empty takes their own.
      retrain_at: numbers of categories to train the CTR-GCN models on as well (Fig. 4).

    Raises:
      InputError: there is no such data set, model, size or folder.
    """
    require("--data", data, SIZE_OF)
    size = size or SIZE_OF[data]
    require("--size", size, SIZES)
    for name in models:
        require("--models", name, MODELS)
    _check(data, folders)
    default = PAPER if data.startswith("babel") else OFFLINE
    specs = [MODELS[name] for name in dict.fromkeys(models)] or default
    chosen = []
    for task in Task:
        name, options = _data(data, task, folders)
        if task == Task.RETRIEVAL and data.startswith("babel") and not folders.captions:
            continue
        for model in specs:
            if task == Task.RETRIEVAL and not learns_annotations(model):
                continue
            config = _sized(model.config(name), name, size)
            config.data = dataclasses.replace(config.data, **options)
            if epochs:
                config.train.epochs, config.train.steps = epochs, 0
            text = config.model.text
            if text_checkpoint and isinstance(text, ClipTextConfig | SentenceBertConfig):
                text.checkpoint = text_checkpoint
            validate(config)
            chosen.append(Experiment(model, task, config))
    refined = [e for e in chosen if e.task == Task.RECOGNITION and e.model.tower == "ctrgcn"]
    if retrain_at and not refined:
        raise InputError("--retrain_at trains CTR-GCN models anew, and --models has none")
    return chosen + [
        dataclasses.replace(experiment, largest=largest)
        for largest in dict.fromkeys(retrain_at)
        for experiment in refined
    ]


def _check(data: str, folders: Folders) -> None:
    given = {"--root": folders.root, "--prepared": folders.prepared, "--captions": folders.captions}
    for flag, folder in given.items():
        if folder and not pathlib.Path(folder).is_dir():
            raise InputError(f"{flag}={folder}: there is no such folder")
    if data != "synthetic" and not (folders.root or folders.prepared):
        raise InputError(f"--root is missing: the folder of {data}")
    if data == "synthetic" and folders.root:
        raise InputError("--root is given, but --data=synthetic is made on the fly")
    if folders.captions and not data.startswith("babel"):
        raise InputError(f"--captions is for BABEL; {data} has its own")


def _data(data: str, task: Task, folders: Folders) -> tuple[str, dict[str, Any]]:
    """The data set of a task and its options."""
    if task == Task.RECOGNITION:
        root, prepared, text = folders.root, folders.prepared, "category"
    elif data.startswith("babel"):
        return "babel_text", {"prepared": folders.captions}
    else:
        root, prepared, text = folders.root, folders.prepared, "caption"
    return data, {"root": root, "prepared": prepared, "text": text}


def _sized(config: Config, data: str, size: str) -> Config:
    """A model of the paper at another size: the quickstart's, or one that only shows that it runs.

    The kinds of the towers, the pre-trained weights and the targets stay. BABEL's clips stay, too:
    they are released at one size.
    """
    if size == "paper":
        return config
    small = quickstart.get_config(data)
    kind, text = type(config.model.motion), config.model.text
    small.name = config.name
    if data.startswith("babel"):
        small.data = config.data
    small.model.objective = config.model.objective
    small.model.motion = kind(**vars(small.model.motion))
    small.loss.targets = config.loss.targets
    if not isinstance(text, ScratchTextConfig):
        small.model.text = text
    if isinstance(text, ClipTextConfig | SentenceBertConfig):
        small.model.embedding = config.model.embedding
        # 3e-5, as BERT is fine-tuned (Devlin et al. 2019, appendix A.3).
        small.optimizer.text_scale = 3e-5 / small.optimizer.learning_rate
    if size == "tiny":
        if not data.startswith("babel"):
            small.data.frames, small.data.fps = 16, 3.2
        small.model.motion = kind(**{**vars(small.model.motion), **_TINY_MOTION})
        if not isinstance(text, ClipTextConfig | SentenceBertConfig):
            small.model.embedding = 16
        if isinstance(text, ScratchTextConfig):
            small.model.text = ScratchTextConfig(width=16, layers=1, heads=2)
        small.train.steps, small.train.checkpoint_every, small.train.log_every = 4, 4, 1
        small.optimizer.warmup_steps = 1
    return small

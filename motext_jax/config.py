"""Every option of the project, with its unit and default: the paper's, where the paper fixes it.

`configs/*.py` build these; `--config.section.option=VALUE` changes one on the command line. The
resolved tree is saved beside every checkpoint. "Paper" is Horie et al. 2022.
"""

import dataclasses
import difflib
import typing
from collections.abc import Mapping, Sequence
from typing import Any

from motext_jax.errors import InputError


@dataclasses.dataclass
class DataConfig:
    """Where motions come from and how they become clips."""

    source: str = "synthetic"
    """One of `data.sources.SOURCES`: synthetic, humanml3d (its folder layout), captioned_bvh."""
    root: str = ""
    """The data set's folder; unused by the synthetic source."""
    source_fps: float = 20.0
    """Frames a second of a humanml3d-layout folder, whose files do not say (HumanML3D: 20)."""
    skeleton: str = "smpl22"
    """Joints that a captioned_bvh source is brought to: smpl22, or `own` for the files' own."""
    metres_per_unit: float = 0.0
    """Of a captioned_bvh source's files; 0: found from the length of each file's legs."""
    fps: float = 30.0
    """Frames a second of a clip."""
    frames: int = 150
    """Frames of a clip: shorter motions repeat, longer ones are cut (paper: 5 s)."""
    normalise: str = "facing"
    """One of `data.clips.NORMALISATIONS`: none, centre, facing, babel."""
    normalise_each: str = "clip"
    """clip, or motion: once before it is cut, so that later clips keep where it has led."""
    text: str = "category"
    """A clip's text in training: category (recognition), caption (retrieval), or both (either)."""
    mirror: bool = False
    """Also train on mirrored clips, with left and right exchanged in the text."""
    train_split: str = "train"
    """The split to train on."""
    validation_split: str = "val"
    """The split that ranks checkpoints; empty for none."""
    test_split: str = "test"
    """The split that `eval` reports on; never seen in training."""
    seed: int = 0
    """Of the synthetic source's people and motions, and of a captioned folder's own splits."""


@dataclasses.dataclass
class MotionTowerConfig:
    """The graph convolution over the skeleton and its MLP head."""

    name: str = "ctrgcn"
    """ctrgcn or agcn."""
    width: int = 64
    """Channels of the first of three stages; doubled at each next (paper: 64)."""
    blocks: int = 10
    """Graph-convolution blocks, at least 3, shared out over the three stages (paper: 10)."""
    hidden: int = 512
    """Width of the MLP's hidden layer (not given in the paper)."""
    checkpoint: str = ""
    """A safetensors file of an official PyTorch checkpoint to start from; empty: from scratch."""


@dataclasses.dataclass
class TextTowerConfig:
    """CLIP's text transformer."""

    init: str = "scratch"
    """clip: weights of `checkpoint`, whose architecture replaces this one's; scratch: random."""
    checkpoint: str = "openai/clip-vit-base-patch32"
    """With init=clip: a Hugging Face directory or hub name."""
    width: int = 512
    """Width of the transformer."""
    layers: int = 12
    """Residual blocks."""
    heads: int = 8
    """Attention heads."""
    vocab_size: int = 49408
    """Tokens of CLIP's vocabulary."""
    context_length: int = 77
    """Longest text, in tokens."""
    activation: str = "quick_gelu"
    """Of the MLPs: quick_gelu (OpenAI's) or gelu."""
    eos_id: int = 49407
    """The end-of-text token, whose output is the text's embedding."""


@dataclasses.dataclass
class ModelConfig:
    """The two towers, or the motion tower with a classifier."""

    objective: str = "contrastive"
    """contrastive: both towers; classifier: the paper's (CE) models."""
    embedding: int = 512
    """Dimensions of the shared space."""
    motion: MotionTowerConfig = dataclasses.field(default_factory=MotionTowerConfig)
    text: TextTowerConfig = dataclasses.field(default_factory=TextTowerConfig)


@dataclasses.dataclass
class LossConfig:
    """The contrastive loss (eq. 3-11)."""

    logit_scale: float = 1.0
    """The cosine logits' factor; where it is learned, its initial value (CLIP: 1/0.07 = 14.3)."""
    learn_logit_scale: bool = False
    """Learn it in log space, at most 100, as CLIP does."""
    targets: str = "identity"
    """identity: a text's own clip alone is right (paper); category: any clip of its category, and
    each category of a batch is one candidate."""


@dataclasses.dataclass
class OptimizerConfig:
    """SGD as in the paper, or AdamW."""

    name: str = "sgd"
    """sgd or adamw."""
    learning_rate: float = 1e-4
    """Peak learning rate."""
    momentum: float = 0.9
    """SGD's momentum."""
    weight_decay: float = 1e-4
    """sgd: added to the gradient before the momentum, as PyTorch does; adamw: decoupled."""
    schedule: str = "constant"
    """constant, or cosine to zero at the last step."""
    warmup_steps: int = 0
    """Steps of linear warm-up from zero."""
    motion_scale: float = 1.0
    """The motion tower's learning rate as a multiple; 0 freezes its parameters, while BatchNorm
    goes on with batch statistics."""
    text_scale: float = 1.0
    """The text tower's learning rate as a multiple; 0 freezes it."""


@dataclasses.dataclass
class TrainConfig:
    """The loop."""

    seed: int = 0
    """Of the initial weights, the order of clips and the choice of captions."""
    batch_size: int = 64
    """Clips in a step, over all devices."""
    epochs: int = 300
    """Passes over the training split."""
    steps: int = 0
    """If above 0, stop after as many steps instead."""
    log_every: int = 20
    """Steps between progress lines."""
    checkpoint_every: int = 0
    """Steps between validations, each with a checkpoint; 0: once an epoch."""
    tensorboard: bool = False
    """Also write TensorBoard events to WORKDIR/tensorboard (needs tensorboardX)."""


@dataclasses.dataclass
class Config:
    """A run."""

    name: str = ""
    """What tables call the model, e.g. CTRGCN-C."""
    data: DataConfig = dataclasses.field(default_factory=DataConfig)
    model: ModelConfig = dataclasses.field(default_factory=ModelConfig)
    loss: LossConfig = dataclasses.field(default_factory=LossConfig)
    optimizer: OptimizerConfig = dataclasses.field(default_factory=OptimizerConfig)
    train: TrainConfig = dataclasses.field(default_factory=TrainConfig)


# What stands after the colon of --config=configs/NAME.py:DATASET.
DATASETS: Mapping[str, Mapping[str, Any]] = {
    "synthetic": {"source": "synthetic"},
    "bandai": {"source": "humanml3d", "source_fps": 30.0},
    "cmu": {"source": "humanml3d", "source_fps": 30.0, "text": "caption"},
    "mocap": {"source": "captioned_bvh"},
}


def dataset(name: str, **changes: Any) -> DataConfig:
    """The data section of a data set's name, with changes."""
    require("the part after the colon of --config", name, DATASETS)
    return DataConfig(**{**DATASETS[name], **changes})


def require(option: str, value: str, choices: Sequence[str] | Mapping[str, Any]) -> None:
    """Raises InputError unless an option's value is one of the choices."""
    if value not in choices:
        raise InputError(f"{option} is {value!r}; it must be one of: {', '.join(choices)}")


def validate(config: Config) -> None:
    """Raises InputError where an option's value cannot work, naming the option."""
    require("data.text", config.data.text, ("category", "caption", "both"))
    require("data.normalise_each", config.data.normalise_each, ("clip", "motion"))
    require("model.objective", config.model.objective, ("contrastive", "classifier"))
    require("model.motion.name", config.model.motion.name, ("ctrgcn", "agcn"))
    require("model.text.init", config.model.text.init, ("clip", "scratch"))
    require("loss.targets", config.loss.targets, ("identity", "category"))
    require("optimizer.name", config.optimizer.name, ("sgd", "adamw"))
    require("optimizer.schedule", config.optimizer.schedule, ("constant", "cosine"))
    require("model.text.activation", config.model.text.activation, ("quick_gelu", "gelu"))
    _validate_numbers(config)
    text = config.model.text
    if config.model.motion.width % 8:
        raise InputError(
            f"model.motion.width is {config.model.motion.width}; it must be 8, 16, ..."
        )
    if text.width % text.heads:
        raise InputError(
            f"model.text.width is {text.width}; it must be a multiple of model.text.heads, "
            f"{text.heads}"
        )
    if text.eos_id >= text.vocab_size:
        raise InputError(
            f"model.text.vocab_size is {text.vocab_size}; it must be above model.text.eos_id, "
            f"{text.eos_id}"
        )
    if config.model.objective == "classifier" and config.data.text != "category":
        raise InputError(
            f"model.objective=classifier needs data.text=category, not {config.data.text}"
        )


def _validate_numbers(config: Config) -> None:
    floors = {
        "data.fps": (config.data.fps, 1e-6),
        "data.source_fps": (config.data.source_fps, 1e-6),
        "data.frames": (config.data.frames, 8),
        "model.embedding": (config.model.embedding, 1),
        "model.motion.blocks": (config.model.motion.blocks, 3),
        "loss.logit_scale": (config.loss.logit_scale, 1e-6),
        "model.motion.hidden": (config.model.motion.hidden, 1),
        "model.text.width": (config.model.text.width, 1),
        "model.text.layers": (config.model.text.layers, 1),
        "model.text.heads": (config.model.text.heads, 1),
        "model.text.context_length": (config.model.text.context_length, 3),
        "data.metres_per_unit": (config.data.metres_per_unit, 0.0),
        "data.seed": (config.data.seed, 0),
        "optimizer.learning_rate": (config.optimizer.learning_rate, 0.0),
        "optimizer.motion_scale": (config.optimizer.motion_scale, 0.0),
        "optimizer.text_scale": (config.optimizer.text_scale, 0.0),
        "optimizer.warmup_steps": (config.optimizer.warmup_steps, 0),
        "train.batch_size": (config.train.batch_size, 2),
        "train.seed": (config.train.seed, 0),
        "train.epochs": (config.train.epochs, 1),
        "train.steps": (config.train.steps, 0),
        "train.checkpoint_every": (config.train.checkpoint_every, 0),
        "train.log_every": (config.train.log_every, 1),
    }
    for option, (value, floor) in floors.items():
        if not value >= floor:
            raise InputError(f"{option} is {value}; it must be at least {floor:g}")


def to_dict(config: Config) -> dict[str, Any]:
    """The tree as plain dicts, for JSON."""
    return dataclasses.asdict(config)


def from_dict(tree: Mapping[str, Any], kind: type = Config, path: str = "") -> Any:
    """The inverse of `to_dict`; InputError for an option that this version does not have."""
    hints = typing.get_type_hints(kind)
    values = {}
    for name, value in tree.items():
        if name not in hints:
            raise InputError(f"the saved config holds {path + name}, which this version lacks")
        nested = dataclasses.is_dataclass(hints[name])
        values[name] = from_dict(value, hints[name], f"{path}{name}.") if nested else value
    return kind(**values)


def check_overrides(arguments: Sequence[str]) -> None:
    """Raises InputError for a `--config.section.option` that does not exist, naming the nearest."""
    for argument in arguments:
        if not argument.lstrip("-").startswith("config.") or not argument.startswith("-"):
            continue
        kind: type = Config
        path = argument.lstrip("-").split("=", 1)[0].split(".")[1:]
        for depth, name in enumerate(path):
            hints = typing.get_type_hints(kind) if dataclasses.is_dataclass(kind) else {}
            if name not in hints:
                section = ".".join(["config", *path[:depth]])
                near = difflib.get_close_matches(name, hints, n=1)
                hint = f"did you mean {near[0]}?" if near else f"it has: {', '.join(hints)}"
                raise InputError(f"{argument}: {section} has no option {name!r}; {hint}")
            kind = hints[name]
        if dataclasses.is_dataclass(kind):
            options = ", ".join(typing.get_type_hints(kind))
            raise InputError(f"{argument}: {'.'.join(path)} is a section; it has: {options}")

"""Every option of the project, with its unit and default: the paper's, where the paper fixes it.

`configs/*.py` build these; `--config.section.option=VALUE` changes one on the command line. The
resolved tree is saved beside every checkpoint. "Paper" is Horie et al. 2022.
"""

import dataclasses
import difflib
import math
import typing
from collections.abc import Mapping, Sequence
from typing import Any

from motext_jax.errors import InputError


@dataclasses.dataclass
class AugmentConfig:
    """Random changes of training clips, each clip's anew in every epoch; 0 is none."""

    crop: float = 0.0
    """Largest share of a clip's own frames that is cut away at its ends, below 1."""
    speed: float = 0.0
    """Largest change of speed: 0.25 plays 1.25 times as fast to 1.25 times as slow."""
    rotation: float = 0.0
    """Largest turn about the vertical, either way, in radians."""
    scale: float = 0.0
    """Largest change of size: 0.1 makes bodies 1.1 times as large to 1.1 times as small."""
    noise: float = 0.0
    """Standard deviation of what is added to each coordinate, in metres."""


@dataclasses.dataclass
class DataConfig:
    """Where motions come from and how they become clips."""

    source: str = "synthetic"
    """synthetic, humanml3d (a folder in its layout), captioned_folder, babel or babel_amass."""
    root: str = ""
    """The data set's folder; unused by the synthetic source."""
    source_fps: float = 20.0
    """Frames a second of a humanml3d-layout folder, whose files do not say (HumanML3D: 20)."""
    annotations: str = ""
    """BABEL's folder of annotations, where the source is AMASS."""
    body_models: str = ""
    """SMPL+H's folder or model file, for exact joints; empty: the average person's bones."""
    categories: int = 60
    """How many of BABEL's categories, the most frequent: 60 or 120."""
    extra: bool = False
    """Whether BABEL's extra annotations join the dense ones."""
    skeleton: str = "smpl22"
    """smpl22; BABEL: ntu21 or ntu25; KIT-ML: kit21; a captioned folder: `own`, the files' own."""
    metres_per_unit: float = 0.0
    """Of a captioned_folder source's files; 0: found from the length of each file's legs."""
    fps: float = 30.0
    """Frames a second of a clip."""
    frames: int = 150
    """Frames of a clip: shorter motions repeat, longer ones are cut (paper: 5 s)."""
    normalise: str = "facing"
    """One of `motion.normalise.NORMALISATIONS`: none, centre, facing, babel."""
    normalise_each: str = "clip"
    """clip, or motion: once before it is cut, so that later clips keep where it has led."""
    text: str = "category"
    """A clip's text in training: category (recognition), caption (retrieval), or both (either)."""
    mirror: bool = False
    """Also train on mirrored clips, with left and right exchanged in the text."""
    augment: AugmentConfig = dataclasses.field(default_factory=AugmentConfig)
    """Random changes of training clips."""
    prepared: str = ""
    """A folder that `prepare` wrote this data set to; read instead of the files themselves."""
    read: str = "auto"
    """A prepared set: array (memory-mapped), records, or auto: an array if memory could hold it."""
    on_device: str = "auto"
    """The training clips in the memory of every device, so that the host only sends their numbers:
    yes, no, or auto: where they take at most a quarter of a GPU's or TPU's memory."""
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
    remat: bool = False
    """Compute each block's activations a second time on the way back instead of keeping them: the
    same step in less memory, for a second forward pass. XLA's CPU backend saves nothing by it."""
    checkpoint: str = ""
    """A safetensors file of an official PyTorch checkpoint to start from; empty: from scratch."""


@dataclasses.dataclass
class TextTowerConfig:
    """CLIP's text transformer, or a sentence BERT."""

    init: str = "scratch"
    """clip, sentence_bert: of `checkpoint`, whose architecture replaces this one's; scratch: CLIP's
    architecture, random."""
    checkpoint: str = "openai/clip-vit-base-patch32"
    """With init=clip or sentence_bert: a Hugging Face directory or hub name."""
    width: int = 512
    """Width of the transformer."""
    layers: int = 12
    """Residual blocks."""
    heads: int = 8
    """Attention heads."""
    vocab_size: int = 49408
    """Tokens of the vocabulary."""
    context_length: int = 77
    """Longest text, in tokens."""
    activation: str = "quick_gelu"
    """Of CLIP's MLPs: quick_gelu (OpenAI's) or gelu."""
    eos_id: int = 49407
    """The end-of-text token, whose output is CLIP's embedding of the text."""
    epsilon: float = 1e-12
    """Of a sentence BERT's LayerNorms."""


@dataclasses.dataclass
class ModelConfig:
    """The two towers, or the motion tower with a classifier."""

    objective: str = "contrastive"
    """contrastive: both towers; classifier: the paper's (CE) models."""
    embedding: int = 512
    """Dimensions of the shared space."""
    dtype: str = "float32"
    """float32, or bfloat16: of the products in both towers' blocks and the activations between
    them. Parameters, statistics, embeddings and the loss are float32 in either. bfloat16 is for
    GPUs and TPUs; CPUs take 1.3 to 2 times as long for a product in it."""
    motion: MotionTowerConfig = dataclasses.field(default_factory=MotionTowerConfig)
    text: TextTowerConfig = dataclasses.field(default_factory=TextTowerConfig)


@dataclasses.dataclass
class LossConfig:
    """The contrastive loss (eq. 3-11), or a sigmoid one."""

    name: str = "softmax"
    """softmax: the right one among a batch's (paper); sigmoid: of each pair by itself whether it is
    right (Zhai et al. 2023, with logit_scale=10), which needs learn_logit_scale."""
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
    """Of the initial weights, the order of clips, the choice of captions and what is augmented."""
    batch_size: int = 64
    """Clips in a step, over all devices."""
    micro_batch: int = 0
    """Clips that the towers see at once, to save memory: a divisor of the batch, whose loss stays
    that of all its clips, while BatchNorm sees as many as this. 0: the whole batch."""
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


# The paper reports on BABEL's validation split: the labels of the test split are not published.
_BABEL = {"source": "babel", "skeleton": "ntu21", "normalise": "babel", "test_split": "val"}

# What stands after the colon of --config=configs/NAME.py:DATASET.
DATASETS: Mapping[str, Mapping[str, Any]] = {
    "synthetic": {"source": "synthetic"},
    "bandai": {"source": "humanml3d", "source_fps": 30.0},
    "cmu": {"source": "humanml3d", "source_fps": 30.0, "text": "caption"},
    "mocap": {"source": "captioned_folder"},
    "humanml3d": {"source": "humanml3d", "text": "caption"},
    "kit_ml": {"source": "humanml3d", "source_fps": 12.5, "skeleton": "kit21", "text": "caption"},
    "babel60": _BABEL,
    "babel120": _BABEL | {"categories": 120},
    "babel60_amass": _BABEL | {"source": "babel_amass"},
    "babel120_amass": _BABEL | {"source": "babel_amass", "categories": 120},
    "babel_text": _BABEL | {"source": "babel_amass", "text": "caption"},
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
    validate_data(config.data)
    require("model.objective", config.model.objective, ("contrastive", "classifier"))
    require("model.dtype", config.model.dtype, ("float32", "bfloat16"))
    require("model.motion.name", config.model.motion.name, ("ctrgcn", "agcn"))
    require("model.text.init", config.model.text.init, ("clip", "sentence_bert", "scratch"))
    require("loss.name", config.loss.name, ("softmax", "sigmoid"))
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
    # At a fixed factor of 1, the default, no cosine could make a pair likely or unlikely.
    if config.loss.name == "sigmoid" and not config.loss.learn_logit_scale:
        raise InputError("loss.name=sigmoid needs loss.learn_logit_scale=True")
    if config.train.micro_batch:
        _validate_micro_batch(config)
    if config.model.objective == "classifier" and config.data.text != "category":
        raise InputError(
            f"model.objective=classifier needs data.text=category, not {config.data.text}"
        )


def _validate_micro_batch(config: Config) -> None:
    if config.model.objective == "classifier":
        raise InputError("train.micro_batch is for model.objective=contrastive")
    if config.train.batch_size % config.train.micro_batch:
        raise InputError(
            f"train.micro_batch is {config.train.micro_batch}; it must divide train.batch_size, "
            f"{config.train.batch_size}"
        )


def validate_data(data: DataConfig) -> None:
    """As `validate`, of the data section alone."""
    require("data.text", data.text, ("category", "caption", "both"))
    require("data.normalise_each", data.normalise_each, ("clip", "motion"))
    require("data.read", data.read, ("auto", "array", "records"))
    require("data.on_device", data.on_device, ("auto", "yes", "no"))
    if data.categories not in (60, 120):
        raise InputError(f"data.categories is {data.categories}; BABEL's sets have 60 or 120")
    _require_at_least(
        {
            "data.fps": (data.fps, 1e-6),
            "data.source_fps": (data.source_fps, 1e-6),
            "data.frames": (data.frames, 8),
            "data.augment.crop": (data.augment.crop, 0.0),
            "data.augment.speed": (data.augment.speed, 0.0),
            "data.augment.rotation": (data.augment.rotation, 0.0),
            "data.augment.scale": (data.augment.scale, 0.0),
            "data.augment.noise": (data.augment.noise, 0.0),
            "data.metres_per_unit": (data.metres_per_unit, 0.0),
            "data.seed": (data.seed, 0),
        }
    )
    if data.augment.crop >= 1:
        raise InputError(f"data.augment.crop is {data.augment.crop}; it must be below 1")


def _require_at_least(floors: Mapping[str, tuple[float, float]]) -> None:
    for option, (value, floor) in floors.items():
        if not floor <= value < math.inf:
            raise InputError(f"{option} is {value}; it must be at least {floor:g}, and finite")


def _validate_numbers(config: Config) -> None:
    floors = {
        "model.embedding": (config.model.embedding, 1),
        "model.motion.blocks": (config.model.motion.blocks, 3),
        "loss.logit_scale": (config.loss.logit_scale, 1e-6),
        "model.motion.hidden": (config.model.motion.hidden, 1),
        "model.text.width": (config.model.text.width, 1),
        "model.text.layers": (config.model.text.layers, 1),
        "model.text.heads": (config.model.text.heads, 1),
        "model.text.context_length": (config.model.text.context_length, 3),
        "optimizer.learning_rate": (config.optimizer.learning_rate, 0.0),
        "optimizer.motion_scale": (config.optimizer.motion_scale, 0.0),
        "optimizer.text_scale": (config.optimizer.text_scale, 0.0),
        "optimizer.warmup_steps": (config.optimizer.warmup_steps, 0),
        "train.batch_size": (config.train.batch_size, 2),
        "train.micro_batch": (config.train.micro_batch, 0),
        "train.seed": (config.train.seed, 0),
        "train.epochs": (config.train.epochs, 1),
        "train.steps": (config.train.steps, 0),
        "train.checkpoint_every": (config.train.checkpoint_every, 0),
        "train.log_every": (config.train.log_every, 1),
    }
    _require_at_least(floors)


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
    """Raises InputError for a `--config.section.option` that does not exist, naming the nearest.

    And for a `--data.option`, where a command takes the data section alone.
    """
    roots = {"config": Config, "data": DataConfig}
    for argument in arguments:
        root, *path = argument.lstrip("-").split("=", 1)[0].split(".")
        if not argument.startswith("-") or not path or root not in roots:
            continue
        kind: type = roots[root]
        for depth, name in enumerate(path):
            hints = typing.get_type_hints(kind) if dataclasses.is_dataclass(kind) else {}
            if name not in hints:
                section = ".".join([root, *path[:depth]])
                near = difflib.get_close_matches(name, hints, n=1)
                hint = f"did you mean {near[0]}?" if near else f"it has: {', '.join(hints)}"
                raise InputError(f"{argument}: {section} has no option {name!r}; {hint}")
            kind = hints[name]
        if dataclasses.is_dataclass(kind):
            options = ", ".join(typing.get_type_hints(kind))
            raise InputError(f"{argument}: {'.'.join(path)} is a section; it has: {options}")

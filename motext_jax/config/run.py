"""The options of a run: its data, its model, its loss, its optimizer and its loop."""

import dataclasses

from motext_jax.config.data import DataConfig
from motext_jax.config.model import ModelConfig
from motext_jax.config.option import Section, check, option
from motext_jax.errors import InputError


@dataclasses.dataclass
class LossConfig(Section):
    """The contrastive loss (eq. 3-11), or a sigmoid one."""

    name: str = option("softmax", choices=("softmax", "sigmoid"))
    """softmax: the right one among a batch's (paper); sigmoid: of each pair by itself whether it is
    right (Zhai et al. 2023, with logit_scale=10), which needs learn_logit_scale."""
    logit_scale: float = option(1.0, at_least=1e-6)
    """The cosine logits' factor; where it is learned, its initial value (CLIP: 1/0.07 = 14.3)."""
    learn_logit_scale: bool = option(False)
    """Learn it in log space, at most 100, as CLIP does."""
    targets: str = option("identity", choices=("identity", "category"))
    """identity: a text's own clip alone is right (paper); category: any clip of its category, and
    each category of a batch is one candidate."""

    twins: float = option(0.0, at_least=0)
    """Weight of a second loss, of each motion's own text against its twin: the other side, order or
    direction in the same words. 0: none."""

    def check_rules(self, path: str) -> None:
        """Raises InputError for a sigmoid loss with a fixed factor."""
        # At a fixed factor of 1, the default, no cosine could make a pair likely or unlikely.
        if self.name == "sigmoid" and not self.learn_logit_scale:
            raise InputError(f"{path}name=sigmoid needs {path}learn_logit_scale=True")


@dataclasses.dataclass
class OptimizerConfig(Section):
    """SGD as in the paper, or AdamW."""

    name: str = option("sgd", choices=("sgd", "adamw"))
    """sgd or adamw."""
    learning_rate: float = option(1e-4, at_least=0)
    """Peak learning rate."""
    momentum: float = option(0.9)
    """SGD's momentum."""
    weight_decay: float = option(1e-4)
    """sgd: added to the gradient before the momentum, as PyTorch does; adamw: decoupled."""
    schedule: str = option("constant", choices=("constant", "cosine"))
    """constant, or cosine to zero at the last step."""
    warmup_steps: int = option(0, at_least=0)
    """Steps of linear warm-up from zero."""
    motion_scale: float = option(1.0, at_least=0)
    """The motion tower's learning rate as a multiple; 0 freezes its parameters, while BatchNorm
    goes on with batch statistics."""
    text_scale: float = option(1.0, at_least=0)
    """The text tower's learning rate as a multiple; 0 freezes it."""

    @property
    def plans_for_length(self) -> bool:
        """Tells if the learning rate depends on the number of steps."""
        return self.schedule == "cosine"


@dataclasses.dataclass
class TrainConfig(Section):
    """The loop."""

    seed: int = option(0, at_least=0)
    """Seed of the initial weights, the order of clips, the choice of captions, the augmentation."""
    init: str = option("", weights=True, may_change="moved")
    """A trained model to start from, instead of the seed: a working directory, an exported folder,
    `starter` or `hf://owner/name`. The model's options are its own."""
    keep: float = option(0.0, at_least=0, below=1)
    """Share of the weights of `train.init` in the saved model; the rest are the trained ones.
    The model then forgets less of what it knew."""
    batch_size: int = option(64, at_least=2)
    """Clips in a step, over all devices."""
    micro_batch: int = option(0, at_least=0)
    """Clips that the towers see at once, to save memory: a divisor of the batch, whose loss stays
    that of all its clips, while BatchNorm sees as many as this. 0: the whole batch."""
    epochs: int = option(300, at_least=1, may_change="unless planned")
    """Passes over the training split."""
    steps: int = option(0, at_least=0, may_change="unless planned")
    """If above 0, stop after as many steps instead."""
    log_every: int = option(20, at_least=1, may_change="always")
    """Steps between progress lines."""
    checkpoint_every: int = option(0, at_least=0, may_change="always")
    """Steps between validations, each with a checkpoint; 0: once an epoch."""
    tensorboard: bool = option(False, may_change="always")
    """Also write TensorBoard events to WORKDIR/tensorboard (needs tensorboardX)."""


@dataclasses.dataclass(kw_only=True)
class Config(Section):
    """A run."""

    name: str = option("", may_change="always")
    """The model's name in tables, e.g. CTRGCN-C."""
    data: DataConfig = dataclasses.field(default_factory=DataConfig)
    model: ModelConfig
    loss: LossConfig = dataclasses.field(default_factory=LossConfig)
    optimizer: OptimizerConfig = dataclasses.field(default_factory=OptimizerConfig)
    train: TrainConfig = dataclasses.field(default_factory=TrainConfig)

    def check_rules(self, path: str) -> None:
        """Raises InputError where sections do not fit each other."""
        classifier = self.model.objective == "classifier"
        if self.train.keep and not self.train.init:
            raise InputError("train.keep is for a run that starts from a model, by train.init")
        if self.train.micro_batch and classifier:
            raise InputError("train.micro_batch is for model.objective=contrastive")
        if self.train.micro_batch and self.train.batch_size % self.train.micro_batch:
            raise InputError(
                f"train.micro_batch is {self.train.micro_batch}; it must divide train.batch_size, "
                f"{self.train.batch_size}"
            )
        if classifier and self.loss.twins:
            raise InputError("loss.twins is for model.objective=contrastive")
        if classifier and self.data.text != "category":
            raise InputError(
                f"model.objective=classifier needs data.text=category, not {self.data.text}"
            )


def validate(config: Config) -> None:
    """Raises InputError where an option's value cannot work, naming the option."""
    check(config)


def validate_data(data: DataConfig) -> None:
    """Checks the data section alone; see `validate`."""
    check(data, "data.")

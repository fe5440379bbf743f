"""The options of a model, and the bases of its towers' own options.

A tower's options are a dataclass beside the tower, in models/; it builds the tower's module.
"""

import abc
import dataclasses
import pathlib
from typing import TYPE_CHECKING, Any, ClassVar

from motext_jax.config.option import Section, option
from motext_jax.errors import InputError

# For type checkers: a config is there before JAX is.
if TYPE_CHECKING:
    import flax.linen as nn

    from motext_jax.skeleton import Skeleton
    from motext_jax.text.tokenizer import Tokenizer


@dataclasses.dataclass
class MotionTowerConfig(Section, abc.ABC):
    """A motion tower: a network of its own kind, then a 2-layer MLP."""

    hidden: int = option(512, at_least=1)
    """Width of the MLP's hidden layer (not given in the paper)."""

    @abc.abstractmethod
    def build(self, skeleton: "Skeleton", dtype: Any) -> "nn.Module":
        """The network: called with (clips [n t v c], train), it gives features [n f].

        Args:
          skeleton: skeleton of the clips.
          dtype: dtype of the network's products and activations; None: the clips' dtype.
        """

    def pretrained(self, network: Any) -> dict[str, Any] | None:
        """The network's published variables, `params` and `batch_stats`; None: from scratch.

        Raises:
          InputError: they cannot be read, or are another network's.
        """
        return None


class TextArchitecture(abc.ABC):
    """The facts that a text tower is built from, as its checkpoint or its tokenizer has them.

    A subclass is a frozen dataclass of JSON values. A run saves it, so that evaluation needs no
    checkpoint.

    Attributes:
      eos_id: the token that ends a text.
      projection: dimensions of the tower's own projection, which the shared space then has; 0: it
        has none, or fits it to the shared space.
    """

    FROZEN: ClassVar[tuple[str, ...]] = ()
    """The module's own parameters that training leaves as they are, without optimizer state."""

    eos_id: int
    projection: int = 0

    @abc.abstractmethod
    def build(self, embedding: int, dtype: Any) -> "nn.Module":
        """The module: called with tokens [n l], it gives embeddings [n d].

        Args:
          embedding: dimensions of the shared space.
          dtype: dtype of the module's products; None: the parameters' dtype.
        """

    @abc.abstractmethod
    def tokenizer(self, folder: pathlib.Path | None) -> "Tokenizer":
        """The tokenizer of a folder's files, or for None the one that needs no files.

        Raises:
          InputError: the folder holds no such tokenizer.
        """


@dataclasses.dataclass
class TextTowerConfig(Section, abc.ABC):
    """A text tower."""

    ARCHITECTURE: ClassVar[type[TextArchitecture]]
    """The class of its facts."""

    @abc.abstractmethod
    def architecture(self) -> TextArchitecture:
        """Reads its facts when a run starts.

        Raises:
          InputError: there is a checkpoint to read them from, which cannot be had.
        """

    def tokenizer_folder(self) -> pathlib.Path | None:
        """The folder of its tokenizer's files; None: it needs none."""
        return None

    def pretrained(self) -> dict[str, Any] | None:
        """The published parameters; None: from scratch.

        Raises:
          InputError: they cannot be had.
        """
        return None


@dataclasses.dataclass(kw_only=True)
class ModelConfig(Section):
    """The two towers, or the motion tower with a classifier."""

    objective: str = option("contrastive", choices=("contrastive", "classifier"))
    """contrastive: both towers; classifier: the paper's (CE) models."""
    embedding: int = option(512, at_least=1)
    """Dimensions of the shared space; CLIP's checkpoint has its own number."""
    dtype: str = option("float32", choices=("float32", "bfloat16"))
    """float32, or bfloat16: of the products in both towers' blocks and the activations between
    them. Parameters, statistics, embeddings and the loss are float32 in either. bfloat16 is for
    GPUs and TPUs; CPUs take 1.3 to 2 times as long for a product in it."""
    motion: MotionTowerConfig
    """The motion tower: one of `models.towers.MOTION_TOWERS`."""
    text: TextTowerConfig | None = None
    """The text tower: one of `models.towers.TEXT_TOWERS`; a classifier needs none."""

    def check_rules(self, path: str) -> None:
        """Raises InputError where a contrastive model lacks its text tower."""
        if self.objective == "contrastive" and self.text is None:
            raise InputError(f"{path}objective=contrastive needs a text tower, {path}text")

"""The shared embedding: a motion tower and a text tower; and the motion tower with a classifier."""

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

import flax.linen as nn
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Int

from motext_jax.config import Config, TextArchitecture
from motext_jax.errors import InputError
from motext_jax.losses import LogitTerms, normalise
from motext_jax.skeleton import Skeleton

# In float32 a tower computes in its input's dtype: float64 clips, in tests, in float64.
_DTYPES: Mapping[str, jnp.dtype | None] = {"float32": None, "bfloat16": jnp.dtype(jnp.bfloat16)}

INITIAL_LOGIT_BIAS = -10.0
"""Every pair starts as a negative, as nearly all pairs are (Zhai et al. 2023)."""

Variables = dict[str, Any]


class MotionTower(nn.Module):
    """A network from clips to features, a 2-layer MLP with GELU, LayerNorm.

    Attributes:
      graph: the network; the name is that of its variables.
      hidden: width of the MLP's hidden layer.
      embedding: dimensions of the output.
    """

    graph: nn.Module
    hidden: int
    embedding: int

    @nn.compact
    def __call__(self, clips: Float[Array, "n t v c"], train: bool) -> Float[Array, "n d"]:
        x = self.graph(clips, train)
        x = nn.gelu(nn.Dense(self.hidden, name="hidden")(x), approximate=False)
        x = nn.Dense(self.embedding, name="output")(x)
        return nn.LayerNorm(epsilon=1e-5, name="norm")(x)


class TwoTower(nn.Module):
    """Motions and texts in one space; embeddings are of unit length."""

    motion: MotionTower
    text: nn.Module
    logit_scale: float
    learn_logit_scale: bool
    learn_logit_bias: bool

    def setup(self):
        """Adds the factor on the cosines, in log space where it is learned, and their bias."""
        if self.learn_logit_scale:
            self.log_scale = self.param(
                "log_scale", nn.initializers.constant(np.log(self.logit_scale)), ()
            )
        if self.learn_logit_bias:
            self.logit_bias = self.param(
                "logit_bias", nn.initializers.constant(INITIAL_LOGIT_BIAS), ()
            )

    def __call__(
        self, clips: Float[Array, "n t v c"], tokens: Int[Array, "n l"], train: bool
    ) -> tuple[Float[Array, "n d"], Float[Array, "n d"], Float[Array, ""]]:
        """Motion embeddings, text embeddings, and the cosines' factor."""
        return self.encode_motion(clips, train), self.encode_text(tokens), self.scale()

    def encode_motion(self, clips: Float[Array, "n t v c"], train: bool) -> Float[Array, "n d"]:
        """Unit-length embeddings of clips."""
        return normalise(self.motion(clips, train))

    def encode_text(self, tokens: Int[Array, "n l"]) -> Float[Array, "n d"]:
        """Unit-length embeddings of texts."""
        return normalise(self.text(tokens))

    def scale(self) -> Float[Array, ""]:
        """The factor on the cosines."""
        if self.learn_logit_scale:
            return jnp.exp(self.log_scale)
        return jnp.asarray(self.logit_scale)

    def logit_terms(self) -> LogitTerms:
        """The scale and the bias that make cosines logits; without a learned bias it is 0."""
        return LogitTerms(self.scale(), self.logit_bias if self.learn_logit_bias else 0.0)


class MotionClassifier(nn.Module):
    """The paper's (CE) models: one linear layer on the motion tower's LayerNormed output."""

    motion: MotionTower
    classes: int

    @nn.compact
    def __call__(self, clips: Float[Array, "n t v c"], train: bool) -> Float[Array, "n k"]:
        """Logits of the classes."""
        # The official classifiers' initial values.
        init = nn.initializers.normal(np.sqrt(2.0 / self.classes))
        x = self.motion(clips, train)
        return nn.Dense(self.classes, kernel_init=init, name="classifier")(x)

    def encode_motion(self, clips: Float[Array, "n t v c"], train: bool) -> Float[Array, "n d"]:
        """Unit-length embeddings of clips."""
        return normalise(self.motion(clips, train))


Model = TwoTower | MotionClassifier


def build_model(
    config: Config, skeleton: Skeleton, classes: int, text: TextArchitecture | None = None
) -> Model:
    """The model that a config describes.

    Args:
      config: the run's config.
      skeleton: skeleton of the clips.
      classes: a classifier's number of classes; two towers ignore it.
      text: the facts of the text tower; where they are not at hand, the config reads them.

    Raises:
      InputError: they cannot be read.
    """
    dtype = _DTYPES[config.model.dtype]
    network = config.model.motion.build(skeleton, dtype)
    tower = MotionTower(network, config.model.motion.hidden, config.model.embedding)
    if config.model.objective == "classifier":
        return MotionClassifier(tower, classes)
    if text is None and config.model.text is not None:
        text = config.model.text.architecture()
    if text is None:
        raise InputError("model.objective=contrastive needs a text tower, model.text")
    return TwoTower(
        tower,
        text.build(config.model.embedding, dtype),
        config.loss.logit_scale,
        config.loss.learn_logit_scale,
        learn_logit_bias=config.loss.name == "sigmoid",
    )


@dataclasses.dataclass(frozen=True)
class Encoders:
    """A model's evaluation-mode functions; all that evaluation and search know of it.

    Attributes:
      encode_motion: (variables, clips [n t v c]) -> [n d], unit length.
      encode_text: (variables, tokens [n l]) -> [n d], unit length; None for a classifier.
      classify: (variables, clips [n t v c]) -> logits [n k]; None for two towers.
    """

    encode_motion: Callable[[Variables, Array], Array]
    encode_text: Callable[[Variables, Array], Array] | None
    classify: Callable[[Variables, Array], Array] | None


def encoders(model: Model) -> Encoders:
    """The evaluation-mode functions of a model."""

    def encode_motion(variables, clips):
        return model.apply(variables, clips, False, method="encode_motion")

    def encode_text(variables, tokens):
        return model.apply(variables, tokens, method="encode_text")

    def classify(variables, clips):
        return model.apply(variables, clips, False)

    if isinstance(model, TwoTower):
        return Encoders(encode_motion, encode_text, None)
    return Encoders(encode_motion, None, classify)

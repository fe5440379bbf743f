"""A model of the paper, or one like it, as a record; a config follows from it."""

import dataclasses
from typing import Literal

from motext_jax import config as configs
from motext_jax.models.towers import MOTION_TOWERS, TEXT_TOWERS

Tower = Literal["agcn", "ctrgcn"]
Text = Literal["scratch", "clip", "sentence_bert"]
Objective = Literal["contrastive", "classifier"]

_TOWER_NAMES: dict[Tower, str] = {"agcn": "2sAGCN", "ctrgcn": "CTRGCN"}
_TEXT_NAMES: dict[Text, str] = {"scratch": "T", "clip": "C", "sentence_bert": "MiniLM"}


@dataclasses.dataclass(frozen=True)
class ModelSpec:
    """The parts that make a model the one it is.

    Attributes:
      tower: the motion tower: one stream of 2s-AGCN, or CTR-GCN.
      text: the text tower: CLIP's architecture from scratch, CLIP's pre-trained one, or a
        pre-trained sentence BERT; None for a classifier.
      objective: contrast of motions and texts, or cross-entropy of categories.
    """

    tower: Tower
    text: Text | None
    objective: Objective

    def __post_init__(self):
        if (self.text is None) != (self.objective == "classifier"):
            raise ValueError(f"{self}: a classifier, and it alone, has no text tower")

    @property
    def name(self) -> str:
        """The name in tables, as the paper writes it: 2sAGCN(CE), CTRGCN-T."""
        tower = _TOWER_NAMES[self.tower]
        return f"{tower}(CE)" if self.text is None else f"{tower}-{_TEXT_NAMES[self.text]}"

    def to_json(self) -> str:
        """The name, as files hold it."""
        return self.name

    @property
    def has_pretrained_text(self) -> bool:
        """True for a text tower that starts from published weights."""
        return self.text in ("clip", "sentence_bert")

    def config(self, dataset: str = "synthetic") -> configs.Config:
        """The config for a data set, with the paper's values; each call gives a new one."""
        # A classifier reads no text; categories are its classes on any data set.
        read = {"text": "category"} if self.text is None else {}
        return configs.Config(
            name=self.name,
            data=configs.dataset(dataset, **read),
            model=configs.ModelConfig(
                objective=self.objective,
                # 384 is the sentence BERT's own space.
                embedding=384 if self.text == "sentence_bert" else 512,
                motion=MOTION_TOWERS[self.tower](),
                text=None if self.text is None else TEXT_TOWERS[self.text](),
            ),
        )

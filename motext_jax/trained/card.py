"""The model card of an exported folder: its README.md."""

import pathlib
import re
from typing import Any

from motext_jax.config import SOURCES
from motext_jax.shown import printable, shown
from motext_jax.trained.manifest import Manifest

SHOWN_CATEGORIES = 400
"""The most categories that are listed."""


def card(manifest: Manifest, step: int, licence: str, scores: tuple[tuple[str, Any], ...]) -> str:
    """The card as Markdown, with the header that the Hugging Face hub reads.

    Args:
      manifest: the model's manifest.
      step: the checkpoint's step.
      licence: the licence's short name.
      scores: JSON of evaluations, each with its file's name.
    """
    data = manifest.config.data
    texts = manifest.text is not None
    seconds = data.frames / data.fps
    name = _plain(manifest.config.name or "model")
    joints = f"{len(manifest.skeleton.joints)} joints ({_plain(manifest.skeleton.name)})"
    lines = [
        "---",
        "library_name: motext_jax",
        f"license: {licence}",
        "pipeline_tag: feature-extraction",
        f"tags: [human-motion, {'text-to-motion-retrieval, ' if texts else ''}motion-recognition]",
        "---",
        "",
        f"# {name}",
        "",
        "Human motions and texts in one space: a text finds motions, and a motion finds its name."
        if texts
        else "A classifier of human motions.",
        "",
        "```python",
        "import motext_jax",
        "",
        'model = motext_jax.load("FOLDER")  # this folder, or hf://owner/name',
        'texts = model.encode_text(["a person walks"])  # [1, d], unit length'
        if texts
        else "logits = model.classify(clips, model.manifest.category_names)  # [n, k]",
        "```",
        "",
        "## What it takes",
        "",
        f"- Clips of {data.frames} frames at {data.fps:g} fps ({seconds:g} s): positions of "
        f"{joints} in metres, normalised by `{data.normalise}`, each {data.normalise_each} on its "
        "own.",
        "- Texts in English." if texts else "- No texts: it is a classifier.",
        "",
        "## What it was trained on",
        "",
        f"- Motion: {SOURCES[data.source]}.",
        f"- Texts: `{data.text}`; {len(manifest.category_names)} categories.",
        f"- {step} steps of {manifest.config.train.batch_size} clips"
        + (", with mirror images." if data.mirror else "."),
    ]
    if init := manifest.config.train.init:
        keep = manifest.config.train.keep
        kept = f", and {100 * keep:g} % of each are still these" if keep else ""
        lines.append(f"- It began with the weights of {_plain(pathlib.PurePath(init).name)}{kept}.")
    if manifest.category_names:
        named = ", ".join(map(_plain, manifest.category_names[:SHOWN_CATEGORIES]))
        more = len(manifest.category_names) - SHOWN_CATEGORIES
        lines += ["", "Categories: " + named + (f", and {more} more." if more > 0 else ".")]
    lines += ["", "## Licence", "", _licence(licence), "", "## Scores", "", *_scores(scores, data)]
    lines += [
        "",
        "## Limits",
        "",
        f"- It sees one person, {seconds:g} s at a time, and no hands' fingers, faces or objects.",
        "- Its scores are of the data above alone; other bodies and wordings score lower.",
    ]
    if texts:
        lines.append(
            "- A score is no probability. `calibration.json`, where it is there, says from which "
            "score on an answer was right on held-out data; scores are cosines less the motion's "
            "mean cosine with the names of 526 actions."
        )
    lines += [
        "",
        "## Without motext_jax",
        "",
        "`encode_motion.stablehlo` and `encode_text.stablehlo` are `jax.export` programs for CPU, "
        "CUDA and TPU. They take the arrays of `model.safetensors`, and any number of clips or of "
        "rows of tokens:"
        if texts
        else "`encode_motion.stablehlo` is a `jax.export` program for CPU, CUDA and TPU. It takes "
        "the arrays of `model.safetensors`, and any number of clips:",
        "",
        "```python",
        "import jax, pathlib, safetensors.numpy",
        "",
        'weights = safetensors.numpy.load_file("model.safetensors")',
        'program = jax.export.deserialize(pathlib.Path("encode_motion.stablehlo").read_bytes())',
        f"motions = program.call(weights, clips)  # [n, {data.frames}, "
        f"{len(manifest.skeleton.joints)}, 3] -> [n, {manifest.config.model.embedding}]",
        "```",
        "",
    ]
    return "\n".join(lines)


def _licence(licence: str) -> str:
    if licence == "other":
        return "Not stated. Ask whoever gave you the model, and mind the licence of its data."
    return f"{licence}."


def _scores(scores: tuple[tuple[str, Any], ...], data: Any) -> list[str]:
    rows = [row for name, tree in scores if (row := _row(name, tree, data)) is not None]
    if not rows:
        return ["It was not evaluated before it was exported."]
    return [
        "In percent. R@1 and R@10 are text to motion, where any clip of the same caption is right.",
        "",
        "| file | data | split | clips | Top-1 | Top-5 | Top-1-norm | R@1 | R@10 |",
        "|---|---|---|---|---|---|---|---|---|",
        *rows,
    ]


def _row(name: str, tree: Any, data: Any) -> str | None:
    """A row of the table; None for a file that is no evaluation."""
    try:
        about = tree["data"]
        source, root = str(about["source"]), str(about.get("root", ""))
        found = tree.get("recognition") or {}
        recall = (
            (tree.get("retrieval") or {}).get("identical-caption", {}).get("text_to_motion", {})
        )
        numbers = [found.get(key) for key in ("top1", "top5", "top1_norm")]
        numbers += [recall.get(key) for key in ("R@1", "R@10")]
        cells = ["–" if number is None else f"{float(number):.1f}" for number in numbers]
        place = f"{source}, {pathlib.PurePath(root).name}" if root else source
        texts = [_plain(name), _plain(place), _plain(str(tree["split"])), str(int(tree["clips"]))]
    except (KeyError, TypeError, ValueError, AttributeError):
        return None
    return f"| {' | '.join([*texts, *cells])} |"


def _plain(text: str) -> str:
    """A text of others in one line, without what Markdown or HTML would act on."""
    return re.sub(r"([\\`*_\[\]<>|#&])", r"\\\1", shown(printable(text), 120))

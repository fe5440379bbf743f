"""The report's sections on texts: retrieval by annotation, queries, other words."""

import pathlib
from collections.abc import Iterator, Mapping, Sequence

from motext_jax.configs.model_spec import ModelSpec
from motext_jax.data.clips import ClipSet
from motext_jax.evaluation.retrieval import CaptionRetrieval
from motext_jax.evaluation.rewordings import RewordedRecognition
from motext_jax.evaluation.word_pairs import WordPairWins
from motext_jax.reproduction import figures
from motext_jax.reproduction.cells import short, spread_cell
from motext_jax.reproduction.document import Block, Heading, Paragraph, Picture, Table
from motext_jax.reproduction.experiments import ModelTask
from motext_jax.reproduction.scored import QueryAnswer
from motext_jax.reproduction.spread import OverRuns, spread

_PROTOCOLS = {
    "all": "where a caption's own clip alone is right",
    "identical-caption": "where any clip of exactly that caption is right",
}


def caption_retrieval(
    rows: Mapping[ModelSpec, OverRuns[CaptionRetrieval]], no_retrieval: str
) -> Iterator[Block]:
    """Retrieval by annotation, or the reason why there is none."""
    yield Heading("Retrieval by annotation")
    if not rows:
        yield Paragraph(no_retrieval)
        return
    first = next(iter(rows.values()))
    columns = list(first.runs[0].own_clip.text_to_motion.columns)
    clips = first.of(lambda run: run.own_clip.text_to_motion.items).mean
    for protocol, directions in first.runs[0].protocols.items():
        yield Table(
            ["model", "direction", *columns],
            [
                [model.name, direction, *_recalls(row, protocol, direction)]
                for model, row in rows.items()
                for direction in directions.by_name
            ],
            f"Protocol {protocol!r}, {_PROTOCOLS[protocol]}; {clips:.0f} clips; R@K in percent, "
            "MedR a rank. Trained on annotations.",
            words=2,
        )


def _recalls(row: OverRuns[CaptionRetrieval], protocol: str, direction: str) -> list[str]:
    runs = [run.protocols[protocol].by_name[direction].columns for run in row.runs]
    return [spread_cell(spread(run[column] for run in runs)) for column in runs[0]]


def queries(
    found: Mapping[ModelSpec, Sequence[QueryAnswer]],
    clips: Mapping[ModelSpec, ClipSet],
    folder: pathlib.Path,
) -> Iterator[Block]:
    """Table 2, and Figures 5 and 6: free queries and the clips that are found."""
    if not found:
        return
    yield Heading("Table 2: by annotation and by motion", 2)
    for model, answers in found.items():
        yield Heading(model.name, 3)
        yield Table(
            ["query", "by annotation", "rank", "by motion", "rank"],
            [
                [
                    short(answer.query) if place == 0 else "",
                    by_text.caption,
                    str(by_text.annotation_rank),
                    by_motion.caption,
                    str(by_motion.annotation_rank),
                ]
                for answer in answers
                for place, (by_text, by_motion) in enumerate(
                    zip(answer.found.by_annotation, answer.found.by_motion, strict=True)
                )
            ],
            f"{model.name}, run 1: the first three clips by their annotations' similarity to the "
            "query, and by their motions'; each with its rank by annotation among "
            f"{answers[0].searched} clips, equal annotations one after another.",
            words=5,
        )
    yield Heading("New words", 3)
    unseen = next(iter(found.values()))
    yield Table(
        ["query", "words that no training annotation has"],
        [[short(answer.query), ", ".join(answer.unseen_words) or "none"] for answer in unseen],
        "Words that are new to a text tower from scratch mean nothing to it.",
        words=2,
    )
    yield Heading("Figures 5 and 6: the first three motions", 2)
    for model, answers in found.items():
        yield Heading(model.name, 3)
        for number, answer in enumerate(answers, start=1):
            path = folder / f"query-{model.name}-{number}.svg"
            figures.draw_answers(answer, clips[model], path)
            query = short(answer.query)
            yield Picture(path, f"“{query}”: the first three motions of {model.name}, run 1")


def rewordings(
    found: Mapping[ModelTask, OverRuns[RewordedRecognition]], runs: int
) -> Iterator[Block]:
    """Categories in other words; `runs` is the number of runs of each model."""
    if not found:
        return
    yield Heading("Rewordings that training never saw")
    first = next(iter(found.values()))
    actions, clips = (first.of(lambda run: run.categories), first.of(lambda run: run.clips))
    asked = first.of(lambda run: run.asked_clips)
    yield Table(
        ["model, trained for", "first motion", "nearest name", "Top-1", "Top-1-norm"],
        [
            [
                str(trained),
                spread_cell(row.of(lambda run: run.first_motion)),
                spread_cell(row.of(lambda run: run.nearest_name)),
                spread_cell(row.of(lambda run: run.top1)),
                spread_cell(row.of(lambda run: run.top1_norm)),
            ]
            for trained, row in found.items()
        ],
        f"Percent of {first.of(lambda run: run.rewordings).mean:.0f} rewordings of "
        f"{actions.mean:.0f} actions whose nearest motion is of the action that they reword, among "
        f"{clips.mean:.0f} clips; of those that are nearest to their own action's name, text to "
        f"text; and of those actions' {asked.mean:.0f} clips whose nearest rewording is one of "
        "their own action, with its mean over actions. Classifiers cannot be asked. The rewordings "
        "are in report.json under questions.",
    )
    shares = {
        trained: [f"{run.first_motion:.2f}" for run in row.runs] for trained, row in found.items()
    }
    yield Table(
        ["model, trained for", *(f"run {k + 1}" for k in range(runs))],
        [[str(trained), *cells, *["–"] * (runs - len(cells))] for trained, cells in shares.items()],
        "The share whose nearest motion is right, of each run.",
    )


def word_pairs(
    found: Mapping[ModelTask, Mapping[str, OverRuns[WordPairWins]]],
) -> Iterator[Block]:
    """Texts that differ in one word of side, direction or speed."""
    if not found:
        return
    yield Heading("Words of side, direction and speed")
    kinds = list(dict.fromkeys(kind for row in found.values() for kind in row))
    header = [column for kind in kinds for column in (f"{kind}, %", "pairs")]
    yield Table(
        ["model, trained for", *header],
        [
            [str(trained), *(cell for kind in kinds for cell in _wins(row.get(kind)))]
            for trained, row in found.items()
        ],
        "How often, in percent, a text is nearer to a motion of its own than to one whose text "
        "differs in one word (left and right; forward and backward, up and down, ...; fast and "
        "slow, run and walk, ...), averaged over so many pairs of texts; 50 is chance.",
    )


def _wins(row: OverRuns[WordPairWins] | None) -> tuple[str, str]:
    if row is None:
        return "–", "–"
    share, pairs = row.of(lambda run: run.share), row.of(lambda run: run.pairs)
    return spread_cell(share), f"{pairs.mean:.0f}"

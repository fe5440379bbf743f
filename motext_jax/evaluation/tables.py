"""Scores as tables on a terminal."""

from rich.console import Console
from rich.table import Table

from motext_jax.counted import counted
from motext_jax.evaluation.recognition import Recognition
from motext_jax.evaluation.retrieval import CaptionRetrieval, CategoryRetrieval, Directions
from motext_jax.evaluation.scores import Evaluation, Scores
from motext_jax.shown import printable, shown

SHARED_CAPTIONS = (
    "Some clips have the same caption. Under `all` a caption's own clip alone is right, which "
    "bounds R@1; under `identical-caption` every clip of that caption is right."
)

CERTAIN = "–"
CERTAIN_MEANS = (
    f"{CERTAIN} stands where every model scores 100 %, for there is nothing else to choose."
)


def print_tables(evaluation: Evaluation, console: Console) -> None:
    """Prints a table for each score that there is, on a console of `terminal`."""
    title = shown(f"{evaluation.model} · step {evaluation.step} · {evaluation.split}")
    data, scores = evaluation.data, evaluation.scores
    console.print(
        printable(
            f"{data.source}: {counted(evaluation.clips, 'clip')} of {data.frames} frames at "
            f"{data.fps:g} fps, normalised by {data.normalise}, each {data.normalise_each} on its "
            f"own; trained on texts: {data.text}"
        )
    )
    tables = []
    if scores.recognition is not None:
        tables.append(_recognition(scores, title))
    if scores.category_retrieval is not None:
        tables.append(_category_retrieval(scores.category_retrieval, title))
    if found := scores.retrieval:
        tables += [_retrieval(found, name, each, title) for name, each in found.protocols.items()]
    for table in tables:
        console.print(table)
    if found and found.own_clip != found.identical_caption:
        console.print(SHARED_CAPTIONS)
    if any(CERTAIN in column.cells for table in tables for column in table.columns):
        console.print(CERTAIN_MEANS)


def _recognition(scores: Scores, title: str) -> Table:
    found, any_label, sides = scores.recognition, scores.any_label, scores.left_right
    assert found is not None
    categories = counted(found.classes_with_clips, "category", "categories")
    caption = f"{counted(found.clips, 'clip')}, {categories}, {found.by}"
    table = _table(f"Recognition · {title}", caption, "score", "%")
    _add_recognition(table, found)
    _add_recognition(table, scores.sentence_recognition, ", by sentences")
    if any_label is not None:
        clips = counted(any_label.clips, "clip")
        table.add_row(f"Top-1, any label ({clips})", _within(1, found.classes, any_label.top1))
        table.add_row("Top-5, any label", _within(5, found.classes, any_label.top5))
    if sides is not None:
        for share, name in (
            (sides.own, "own side above its twin"),
            (sides.mirrored, "the same, mirrored"),
        ):
            table.add_row(f"{name} ({counted(share.clips, 'clip')})", _number(share.own_above_twin))
    if whole := scores.whole_motions:
        table.add_section()
        table.add_row(f"{counted(whole.recognition.clips, 'whole motion')}:", "")
        _add_recognition(table, whole.recognition)
        _add_recognition(table, whole.sentence_recognition, ", by sentences")
        if side := whole.own_side:
            motions = counted(side.clips, "motion")
            table.add_row(f"own side above its twin ({motions})", _number(side.own_above_twin))
    return table


def _add_recognition(table: Table, found: Recognition | None, how: str = "") -> None:
    """Adds its three rows, if it was scored."""
    if found is not None:
        table.add_row(f"Top-1{how}", _within(1, found.classes, found.top1))
        table.add_row(f"Top-5{how}", _within(5, found.classes, found.top5))
        table.add_row(f"Top-1-norm{how}", _within(1, found.classes, found.top1_norm))


def _category_retrieval(found: CategoryRetrieval, title: str) -> Table:
    queries = counted(found.queries, "query", "queries")
    caption = f"{queries} over {counted(found.items, 'clip')}: a clip of the category found"
    table = _table(f"Retrieval by category · {title}", caption, *(f"Top-{n}" for n in found.top))
    # Of a single category every clip is a right one.
    kinds = found.items if found.queries > 1 else 1
    table.add_row(*(_within(n, kinds, value) for n, value in found.top.items()))
    return table


def _retrieval(
    retrieval: CaptionRetrieval, protocol: str, directions: Directions, title: str
) -> Table:
    first, captions = directions.text_to_motion, retrieval.captions
    clips = counted(first.items, "clip")
    if captions:
        clips += f" with {counted(captions, 'caption')}"
    caption = f"among {clips}; a motion of several clips counts several times"
    heading = f"Retrieval by caption, {protocol} · {title}"
    table = _table(heading, caption, "direction", *first.columns)
    # Of a single caption every clip is a right one, where that counts.
    kinds = 1 if captions == 1 and directions is retrieval.identical_caption else first.items
    for direction, found in directions.by_name.items():
        recalls = [_within(k, kinds, value) for k, value in found.recall.items()]
        table.add_row(direction, *recalls, _number(found.median_rank))
    return table


def _table(title: str, caption: str, *columns: str) -> Table:
    table = Table(title=title, caption=caption, title_justify="left", caption_justify="left")
    for column in columns:
        table.add_column(column, justify="left" if column in _WORDS else "right", no_wrap=True)
    return table


_WORDS = ("score", "direction")


def _within(rank: int, candidates: int, percent: float) -> str:
    """A share of ranks within the first `rank`; `CERTAIN` where there are no more candidates."""
    return CERTAIN if rank >= candidates else _number(percent)


def _number(value: float) -> str:
    return f"{value:.2f}"

"""A document of headings, paragraphs, tables and pictures, as Markdown and as one HTML file."""

import dataclasses
import html
import pathlib
import re
from collections.abc import Mapping, Sequence


@dataclasses.dataclass(frozen=True)
class Heading:
    """A section's title; level 1 is the largest below the document's own."""

    text: str
    level: int = 1


@dataclasses.dataclass(frozen=True)
class Paragraph:
    """Plain text."""

    text: str


@dataclasses.dataclass(frozen=True)
class Points:
    """A list, one line each."""

    texts: Sequence[str]


@dataclasses.dataclass(frozen=True)
class Table:
    """Rows of as many cells as there are columns.

    Attributes:
      columns: the header.
      rows: each row's cells as texts.
      caption: explanation of the numbers.
      words: number of leading columns that hold words; they are aligned left, the others right.
    """

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    caption: str
    words: int = 1


@dataclasses.dataclass(frozen=True)
class Picture:
    """A drawing.

    Attributes:
      path: an SVG file, beside the document or below it.
      caption: description of the drawing, with its units.
    """

    path: pathlib.Path
    caption: str


@dataclasses.dataclass(frozen=True)
class Folded:
    """Plain text that is folded under its summary."""

    summary: str
    text: str


Block = Heading | Paragraph | Points | Table | Picture | Folded


def to_markdown(title: str, blocks: Sequence[Block], folder: pathlib.Path) -> str:
    """The document, with the pictures as links relative to `folder`."""
    parts = [f"# {title}", *(_markdown(block, folder) for block in blocks)]
    return "\n\n".join(parts) + "\n"


def to_html(title: str, blocks: Sequence[Block], dark: Mapping[str, str]) -> str:
    """The document as one file that needs no other, for light and for dark screens.

    Args:
      title: title of the document.
      blocks: content of the document.
      dark: colours for dark screens, by the pictures' own colours, such as #0072b2.
    """
    body = "\n".join(_html(block, number, dark) for number, block in enumerate(blocks))
    contents = "".join(
        f'<a href="#s{number}" class="l{block.level}">{_escape(block.text)}</a>'
        for number, block in enumerate(blocks)
        if isinstance(block, Heading)
    )
    light = "".join(f"{_variable(colour)}:{colour};" for colour in dark)
    night = "".join(f"{_variable(colour)}:{other};" for colour, other in dark.items())
    style = _STYLE.replace("/*light*/", light).replace("/*dark*/", night)
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{_escape(title)}</title>\n<style>{style}</style>\n</head>\n<body>\n"
        f"<nav>{contents}</nav>\n<main>\n<h1>{_escape(title)}</h1>\n{body}\n</main>\n"
        "</body>\n</html>\n"
    )


def _markdown(block: Block, folder: pathlib.Path) -> str:
    if isinstance(block, Heading):
        return f"{'#' * (block.level + 1)} {block.text}"
    if isinstance(block, Paragraph):
        return _plain(block.text)
    if isinstance(block, Points):
        return "\n".join(f"- {_plain(text)}" for text in block.texts)
    if isinstance(block, Picture):
        caption = _plain(block.caption)
        return f"![{caption}]({block.path.relative_to(folder)})\n\n*{caption}*"
    if isinstance(block, Folded):
        fence = "\n```\n"
        return (
            f"<details><summary>{_escape(block.summary)}</summary>\n{fence}{block.text}{fence}\n"
            "</details>"
        )
    rule = ["---" if k < block.words else "---:" for k in range(len(block.columns))]
    lines = [block.columns, rule, *block.rows]
    table = "\n".join("| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines)
    return f"{table}\n\n*{_plain(block.caption)}*"


def _cell(text: str) -> str:
    return _plain(text).replace("|", "\\|").replace("\n", " ")


def _plain(text: str) -> str:
    """Escapes the characters that Markdown acts on."""
    return re.sub(r"([\\`*_\[\]<])", r"\\\1", text)


def _html(block: Block, number: int, dark: Mapping[str, str]) -> str:
    if isinstance(block, Heading):
        level = block.level + 1
        return f'<h{level} id="s{number}">{_escape(block.text)}</h{level}>'
    if isinstance(block, Paragraph):
        return f"<p>{_escape(block.text)}</p>"
    if isinstance(block, Points):
        return "<ul>" + "".join(f"<li>{_escape(text)}</li>" for text in block.texts) + "</ul>"
    if isinstance(block, Picture):
        drawing = _inline(block.path.read_text(), number, dark)
        label = _escape(block.caption)
        return (
            f'<figure><div class="wide" role="img" aria-label="{label}">{drawing}</div>'
            f"<figcaption>{label}</figcaption></figure>"
        )
    if isinstance(block, Folded):
        summary, text = _escape(block.summary), _escape(block.text)
        return f"<details><summary>{summary}</summary><pre>{text}</pre></details>"
    head = _row("th", block.columns, block.words)
    rows = "\n".join(_row("td", row, block.words) for row in block.rows)
    return (
        f'<figure><div class="wide"><table><thead>{head}</thead><tbody>\n{rows}\n</tbody></table>'
        f"</div><figcaption>{_escape(block.caption)}</figcaption></figure>"
    )


def _row(tag: str, cells: Sequence[str], words: int) -> str:
    kinds = ["" if k < words else ' class="n"' for k in range(len(cells))]
    inside = "".join(
        f"<{tag}{kind}>{_escape(cell)}</{tag}>" for kind, cell in zip(kinds, cells, strict=True)
    )
    return f"<tr>{inside}</tr>"


def _inline(svg: str, number: int, dark: Mapping[str, str]) -> str:
    """An SVG file's drawing with ids of its own and with colours that follow the screen."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(r'(\bid="|href="#|url\(#)', rf"\g<1>f{number}-", svg)
    for colour in dark:
        svg = svg.replace(colour, f"var({_variable(colour)})")
    return svg


def _variable(colour: str) -> str:
    return f"--c{colour.removeprefix('#')}"


def _escape(text: str) -> str:
    return html.escape(text)


_STYLE = """
:root{color-scheme:light dark;--ink:#1b1d22;--soft:#5b616e;--line:#d9dce2;--paper:#fff;
--tint:#f5f6f8;--link:#0060a8;/*light*/}
@media (prefers-color-scheme:dark){:root{--ink:#e7e9ee;--soft:#a2a9b8;--line:#363b46;
--paper:#16181d;--tint:#1e2128;--link:#7cc4ff;/*dark*/}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);line-height:1.55;
font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main{max-width:1080px;margin:0 auto;padding:1.5rem 1.25rem 5rem}
nav{display:flex;flex-wrap:wrap;gap:.15rem 1rem;max-width:1080px;margin:0 auto;
padding:1rem 1.25rem;border-bottom:1px solid var(--line);font-size:.875rem}
nav .l2,nav .l3{display:none}
a{color:var(--link);text-decoration:none}a:hover{text-decoration:underline}
h1{font-size:1.9rem;line-height:1.2;margin:1rem 0}
h2{font-size:1.4rem;margin:3rem 0 .75rem;padding-top:.75rem;border-top:1px solid var(--line)}
h3{font-size:1.1rem;margin:2rem 0 .5rem}
p,li{max-width:46rem}
figure{margin:1.25rem 0}
.wide{overflow-x:auto}
.wide svg{display:block;height:auto}
figcaption{color:var(--soft);font-size:.875rem;margin-top:.5rem;max-width:46rem}
table{border-collapse:collapse;font-size:.9rem;font-variant-numeric:tabular-nums}
th,td{padding:.35rem .75rem;text-align:left;border-bottom:1px solid var(--line);vertical-align:top}
th{font-weight:600;border-bottom:2px solid var(--line)}
.n{text-align:right;white-space:nowrap}
tbody tr:hover{background:var(--tint)}
details{margin:.5rem 0}summary{cursor:pointer;color:var(--link)}
pre{background:var(--tint);padding:1rem;overflow-x:auto;font-size:.8rem;line-height:1.4}
@media print{nav{display:none}}
"""

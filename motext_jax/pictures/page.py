"""Motions as a page: one HTML file with their strips, which loads nothing and runs nothing."""

import base64
import html
import pathlib
from collections.abc import Sequence

from motext_jax.motion.motion import Motion
from motext_jax.pictures.palette import SIDES
from motext_jax.pictures.strips import TEXT_LETTERS, Row, strip_png
from motext_jax.shown import shown
from motext_jax.whole_file import write_text

_HEAD = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>{plain}</title>
<style>
:root {{ color-scheme: light dark; font: 16px/1.4 system-ui, sans-serif; }}
body {{ max-width: 60rem; margin: 1rem auto; padding: 0 1rem; }}
h1 {{ font-size: 1.3rem; }} h2 {{ font-size: 1.1rem; overflow-wrap: anywhere; }}
figure {{ margin: 0 0 1.5rem; }} img {{ width: 100%; background: white; }}
figcaption {{ overflow-wrap: anywhere; }}
</style>
</head>
<body>
<h1>{title}</h1>
<p>{legend}</p>
"""


def page(title: str, rows: Sequence[Row], path: pathlib.Path) -> None:
    """Writes rows of motions below each other; a row without a title goes on with the one before.

    Args:
      title: the page's title.
      rows: the rows; titles and captions are texts, whatever markup stands in them.
      path: the file.
    """
    legend = ", ".join(
        f'<span style="color:{colour}">■</span> {side}' for side, colour in SIDES.items()
    )
    parts = [_HEAD.format(plain=html.escape(title), title=_text(title), legend=legend)]
    for row in rows:
        if row.title:
            parts.append(f"<h2>{_text(row.title)}</h2>\n")
        parts += [_figure(*one) for one in row.drawn]
    write_text("".join([*parts, "</body>\n</html>\n"]), path)


def _figure(motion: Motion, caption: str, start: float) -> str:
    data = base64.b64encode(strip_png(motion, start)).decode()
    # The caption says all that the picture could.
    image = f'<img alt="" src="data:image/png;base64,{data}">'
    return f"<figure>{image}<figcaption>{_text(caption)}</figcaption></figure>\n"


def _text(text: str) -> str:
    """A text of others as one of HTML, in its own direction."""
    return f"<bdi>{html.escape(shown(text, TEXT_LETTERS))}</bdi>"

"""A document as Markdown and as one HTML file."""

import re

import pytest

from motext_jax.reproduction.document import (
    Folded,
    Heading,
    Paragraph,
    Picture,
    Points,
    Table,
    to_html,
    to_markdown,
)

SVG = """<?xml version="1.0"?>
<svg xmlns="http://www.w3.org/2000/svg"><metadata>who</metadata>
<defs><path id="p" d="M 0 0"/></defs>
<use href="#p" style="fill: #0072b2" clip-path="url(#p)"/></svg>"""


@pytest.fixture
def blocks(tmp_path):
    (tmp_path / "figures").mkdir()
    picture = tmp_path / "figures" / "a.svg"
    picture.write_text(SVG)
    return [
        Heading("One & two"),
        Paragraph("a < b, *c* [d]"),
        Points(["first", "second"]),
        Table(["model", "Top-1"], [["a|b", "1.00"], ["c", "–"]], "percent"),
        Heading("Below", 2),
        Picture(picture, "a drawing"),
        Picture(picture, "the same"),
        Folded("more", '{"x": "<y>"}'),
    ]


def test_markdown_by_hand(blocks, tmp_path):
    assert to_markdown("Title", blocks, tmp_path) == (
        "# Title\n\n## One & two\n\na \\< b, \\*c\\* \\[d\\]\n\n- first\n- second\n\n"
        "| model | Top-1 |\n| --- | ---: |\n| a\\|b | 1.00 |\n| c | – |\n\n*percent*\n\n"
        "### Below\n\n![a drawing](figures/a.svg)\n\n*a drawing*\n\n"
        "![the same](figures/a.svg)\n\n*the same*\n\n"
        '<details><summary>more</summary>\n\n```\n{"x": "<y>"}\n```\n\n</details>\n'
    )


def test_html_is_one_file_and_escapes_what_it_is_given(blocks):
    page = to_html("T & T", blocks, {"#0072b2": "#4ba3dd"})
    assert "<title>T &amp; T</title>" in page
    assert "a &lt; b" in page and "&lt;y&gt;" in page
    assert '<tr><td>a|b</td><td class="n">1.00</td></tr>' in page
    assert not re.search(r'(src|href)="(?!#)', page)
    assert "<metadata>" not in page and "<?xml" not in page


def test_pictures_have_ids_of_their_own_and_colours_that_follow_the_screen(blocks):
    page = to_html("T", blocks, {"#0072b2": "#4ba3dd"})
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids)) == 4
    for target in re.findall(r'href="#([^"]+)"|url\(#([^)]+)\)', page):
        assert "".join(target) in ids
    assert page.count("fill: var(--c0072b2)") == 2
    light, dark = page.split("prefers-color-scheme:dark", 1)
    assert "--c0072b2:#0072b2" in light and "--c0072b2:#4ba3dd" in dark

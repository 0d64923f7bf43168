"""One HTML file out of sections (title, caption, figure, table) that is complete in itself: it opens without network.

The plotting library stands in it once, every figure for light and for dark. A policy in its head forbids the browser to
load anything from anywhere, and to run any script but the file's own, so that text which slipped through escaping
could do nothing. Knows no run.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from .. import __version__
from ..figures.style import LIBRARY, Figure, Theme
from .look import SCRIPT, stylesheet
from .words import escaped

ALT = 300  # letters of a caption that stand for a figure where it cannot be seen


@dataclass(frozen=True, slots=True)
class Table:
    """Columns and rows; a cell is any text, or None for what is not known. ``numbers`` are the places (from 0) of the
    columns that are aligned right. ``summary`` folds the table away under these words."""

    columns: Sequence[str]
    rows: Sequence[Sequence[object]]
    numbers: frozenset[int] = frozenset()
    summary: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A titled part of a page, top to bottom: lead, figure, caption, table, body; what is empty is left out.

    ``lead`` are plain sentences, one a paragraph. ``figure`` draws the picture for a theme, ``caption`` stands under
    it. ``body`` is HTML as it is: whoever makes it has escaped it. ``anchor`` names the section in links.
    """

    title: str
    anchor: str
    lead: Sequence[str] = ()
    figure: Callable[[Theme], Figure] | None = None
    caption: str = ""
    table: Table | None = None
    body: Iterable[str] = ()


def page(
    title: str,
    sections: Sequence[Section],
    *,
    notice: str = "",
    footer: Sequence[str] = (),
    words: Callable[[str], str] = escaped,
    script: str = "",
) -> Iterator[str]:
    """The file, piece by piece, as text for UTF-8.

    ``notice`` is said before everything else. ``words`` makes HTML of sentences, table cells included: ``escaped``, or
    ``words.linked`` where the page holds what captions name. ``body`` of a section is read when its turn has come.
    ``script`` is one more that the policy allows, for a body that draws with the plotting library itself.
    """
    library = LIBRARY.read_text(encoding="utf-8").replace("</script", "<\\/script")
    draws = bool(script) or any(section.figure for section in sections)
    scripts = [*([library] if draws else []), SCRIPT, *([script] if script else [])]
    yield (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_policy(scripts)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f'<meta name="generator" content="rsa_viz {__version__}">\n'
        f"<title>{escaped(title)}</title>\n<style>{stylesheet()}</style>\n</head>\n<body>\n<main>\n"
        f"<h1>{escaped(title)}</h1>\n"
    )
    if notice:
        yield f'<p class="notice">{words(notice)}</p>\n'
    links = "".join(f'<li><a href="#{one.anchor}">{escaped(one.title)}</a></li>' for one in sections)
    yield f'<nav aria-label="Contents"><ul>{links}</ul></nav>\n'
    for section in sections:
        yield from _section(section, words)
    yield "".join(["<footer>", *(f"<p>{words(one)}</p>" for one in footer), "</footer>\n</main>\n"])
    for script in scripts:
        yield f"<script>{script}</script>\n"
    yield "</body>\n</html>\n"


def _policy(scripts: Iterable[str]) -> str:
    """Nothing from anywhere; of scripts those with these contents; images that the page itself draws."""
    hashes = (base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts)
    allowed = " ".join(f"'sha256-{one}'" for one in hashes)
    return (
        f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; img-src data: blob:; "
        "base-uri 'none'; form-action 'none'"
    )


def _section(section: Section, words: Callable[[str], str]) -> Iterator[str]:
    yield f'<section id="{section.anchor}">\n<h2>{escaped(section.title)}</h2>\n'
    for paragraph in section.lead:
        yield f"<p>{words(paragraph)}</p>\n"
    if section.figure is not None:
        yield "<figure>\n" + _picture(section.figure, section.caption)
        yield f"<figcaption>{words(section.caption)}</figcaption>\n</figure>\n"
    elif section.caption:
        yield f"<p>{words(section.caption)}</p>\n"
    if section.table is not None:
        yield _table(section.table, words)
    yield from section.body
    yield "</section>\n"


def _picture(draw: Callable[[Theme], Figure], caption: str) -> str:
    drawn = {theme: draw(theme) for theme in Theme}
    height = drawn[Theme.LIGHT].layout.height or 450
    data = "".join(
        f'<script type="application/json" class="{theme.value}">{inert(figure.to_json())}</script>\n'
        for theme, figure in drawn.items()
    )
    alt = escaped(caption[:ALT] or "Empty picture")
    return (
        f'<div class="picture"><div class="plot" role="img" aria-label="{alt}" style="height: {height:g}px">'
        f"</div>\n<noscript>The picture needs JavaScript; its caption says what it shows.</noscript>\n{data}</div>\n"
    )


def inert(json: str) -> str:
    """A figure's JSON, of which no reader of HTML takes anything but text.

    Traces are drawn as SVG and none by WebGL, which prints badly and would need a policy that lets text become script.
    """
    json = json.replace('"type":"scattergl"', '"type":"scatter"')  # in a text its quotes would be escaped
    for sign in "<>&":
        json = json.replace(sign, f"\\u{ord(sign):04x}")
    return json


def _table(table: Table, words: Callable[[str], str]) -> str:
    def row(cells: Sequence[object], tag: str) -> str:
        return "".join(["<tr>", *(cell(place, one, tag) for place, one in enumerate(cells)), "</tr>\n"])

    def cell(place: int, value: object, tag: str) -> str:
        aligned = ' class="number"' if place in table.numbers else ""
        return f"<{tag}{aligned}>{'–' if value is None else words(str(value))}</{tag}>"

    body = "".join(row(cells, "td") for cells in table.rows)
    whole = (
        f'<div class="table"><table>\n<thead>{row(table.columns, "th")}</thead>\n<tbody>{body}</tbody></table></div>\n'
    )
    if table.summary:
        return f"<details><summary>{escaped(table.summary)}</summary>\n{whole}</details>\n"
    return whole

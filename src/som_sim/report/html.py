"""The case as one web page that needs nothing from outside: readable, printable, accessible."""

from __future__ import annotations

import re
from importlib.resources import files
from typing import Any

from som_sim.core.texts import text
from som_sim.report.case.content import PLACE, Case, Picture, Reference, Table
from som_sim.report.extra import needs_report_extra

WORDS = ("table", "figure", "numbers", "skip", "contents")
SHAPES = ("wide", "narrow")
"""A figure is drawn for a screen and for a phone; the page shows the one that fits."""
HEAD = re.compile(r"\A.*?(?=<svg)", re.DOTALL)
METADATA = re.compile(r"<metadata>.*?</metadata>", re.DOTALL)
OPENING = re.compile(r"<svg\b[^>]*>")
VIEW_BOX = re.compile(r'viewBox="([^"]*)"')


def template(name: str) -> str:
    """Return a packaged template's text."""
    return files("som_sim.report").joinpath("templates", name).read_text(encoding="utf-8")


def inline_svg(picture: Picture, n: int, shape: str = "wide") -> str:
    """Return a figure as part of a page: named for readers who cannot see it, its ids its own.

    The drawing is ours and its texts were escaped when it was written; what it shows is said by
    the label, so its parts are hidden from readers of the page's text.
    """
    from html import escape

    drawn = METADATA.sub("", HEAD.sub("", picture.svg(shape)))
    box = VIEW_BOX.search(drawn)
    assert box is not None
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'viewBox="{box.group(1)}" role="img" aria-label="{escape(picture.alt, quote=True)}">'
    )
    drawn = re.sub(r"<title>.*?</title>", "", drawn, count=1, flags=re.DOTALL)
    own = f"f{n}{shape[0]}-"
    drawn = re.sub(r'\bid="', f'id="{own}', OPENING.sub(lambda _: opening, drawn, count=1))
    drawn = drawn.replace('href="#', f'href="#{own}').replace("url(#", f"url(#{own}")
    return re.sub(r"<defs>\s*<style[^>]*>.*?</style>\s*</defs>", "", drawn, flags=re.DOTALL)


def html_text(case: Case) -> str:
    """Return the whole page; the same case gives the same bytes.

    Parameters
    ----------
    case
        What `build_case` made.

    Raises
    ------
    SomSimError
        When jinja2 is not installed; the message names the extra.

    Examples
    --------
    >>> import som_sim as som
    >>> from som_sim.report.case.build import build_case
    >>> page = html_text(build_case(som.run(som.load("scenarios/first.yaml")), "en"))
    >>> page.lstrip().startswith("<!DOCTYPE html>")
    True
    """
    with needs_report_extra("jinja2"):
        import jinja2
        import markupsafe

    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    page: str = environment.from_string(template("case.html.j2")).render(
        case=_numbered(case, markupsafe.Markup),
        words={key: text(f"case.{key}", case.lang) for key in WORDS},
        style=markupsafe.Markup(template("case.css")),
        script=markupsafe.Markup(template("case.js")),
    )
    return page.lstrip()


def _numbered(case: Case, safe: Any) -> dict[str, Any]:
    """Return the case with its tables and figures numbered, as the template reads it."""
    numbers = case.numbers()
    sections = []
    for section in case.sections:
        blocks = []
        for block in section.blocks:
            n, more = 0, {}
            if isinstance(block, Table):
                n = numbers["table", block.key]
            elif isinstance(block, Picture):
                n = numbers["figure", block.key]
                more = {name: safe(inline_svg(block, n, name)) for name in SHAPES}
                if block.numbers is not None:
                    more["table"] = numbers["table", block.numbers.key]
            elif isinstance(block, Reference):
                n = numbers[block.kind, block.key]
                word = text(f"case.{block.kind}", case.lang)
                more = dict(zip(("before", "after"), block.text.split(PLACE, 1), strict=True))
                more |= {"name": f"{word} {n}", "id": f"{block.kind[0]}{n}"}
            blocks.append((type(block).__name__, block, n, more))
        sections.append({"key": section.key, "title": section.title, "blocks": blocks})
    names = ("lang", "title", "subtitle", "description", "origin", "warning")
    return {**{name: getattr(case, name) for name in names}, "sections": sections}

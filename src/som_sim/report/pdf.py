"""The case as PDF: all of it, and 'in short' on a page or two. Readable by machines (PDF/UA-1)."""

from __future__ import annotations

import itertools
import json
import math
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

from som_sim.core.texts import text
from som_sim.report.case.content import (
    PLACE,
    Block,
    Bullets,
    Case,
    Facts,
    Paragraph,
    Picture,
    Reference,
    Section,
    Table,
    on_paper,
)
from som_sim.report.extra import needs_report_extra
from som_sim.report.html import template

WORDS = ("table", "figure", "contents", "page", "of")
NARROW = 5
"""Columns: a table with fewer keeps the width of its words, one with more fills the page."""
SLIM_COLUMNS, SLIM_ROWS = 3, 12
"""A table with at most so many stands beside its figure."""
WHOLE_LINES, LINE_CHARACTERS = 24, 120
"""A table with at most so many lines is never split over two pages; what a line has room for."""


def pdf_bytes(case: Case, *, short: bool = False) -> bytes:
    """Return the case as PDF; the same case gives the same bytes.

    Parameters
    ----------
    case
        What `build_case` made.
    short
        Only 'in short', on a page or two.

    Raises
    ------
    SomSimError
        When typst is not installed; the message names the extra.
    """
    made = compiled(case, "pdf", short=short)
    assert isinstance(made, bytes)
    return made


def compiled(case: Case, kind: str, *, short: bool) -> bytes | list[bytes]:
    """Return the case as ``pdf``, or its pages as ``png``: one alone, or a list of several."""
    with needs_report_extra("typst"):
        import typst

    sections = (case.brief,) if short else case.sections
    data = {
        **{
            name: getattr(case, name)
            for name in ("lang", "title", "subtitle", "description", "origin", "warning")
        },
        "short": short,
        "heading": case.brief.title,
        "words": {key: text(f"case.{key}", case.lang) for key in WORDS},
        "sections": [_section(case, one, short=short) for one in sections],
    }
    compile_: Any = typst.compile  # its types want fonts named as the template is: in bytes
    made: bytes | list[bytes] = compile_(
        template("case.typ").encode(),
        format=kind,
        sys_inputs={"data": drawable(json.dumps(data, ensure_ascii=False))},
        font_paths=[str(figure_fonts())],
        **({"pdf_standards": "ua-1"} if kind == "pdf" else {"ppi": 72}),
        ignore_system_fonts=True,
    )
    return made


NO_LETTER = "\N{REPLACEMENT CHARACTER}"


def drawable(written: str) -> str:
    """Return a text in which a character that cannot be drawn is a replacement character.

    That is one that the font which all texts can fall back to lacks, and a mark over a letter that
    makes no letter of its own. A PDF that can be read aloud may hold no such character, and an
    emoji in a title must not cost the file.

    Examples
    --------
    >>> drawable("Hjem \N{HOUSE BUILDING}") == f"Hjem {NO_LETTER}"
    True
    >>> drawable("a\N{COMBINING RING ABOVE}")
    'å'
    """
    letters = unicodedata.normalize("NFC", written)
    others = {one for one in set(letters) if not one.isascii()}
    missing = [ord(one) for one in others if ord(one) not in _drawn() or _is_mark(one)]
    return letters.translate(dict.fromkeys(missing, NO_LETTER))


def _is_mark(character: str) -> bool:
    return unicodedata.category(character).startswith("M")


@cache
def _drawn() -> frozenset[int]:
    """Return the characters that are there both upright and bold."""
    from matplotlib.ft2font import FT2Font

    upright, bold = (
        FT2Font(str(figure_fonts() / name)).get_charmap()
        for name in ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf")
    )
    return frozenset(upright) & frozenset(bold)


def figure_fonts() -> Path:
    """Return the folder of the fonts that figures are drawn with."""
    import matplotlib

    return Path(matplotlib.get_data_path()) / "fonts" / "ttf"


def _section(case: Case, section: Section, *, short: bool) -> dict[str, Any]:
    """Return a section's blocks in the order of the page.

    Figures that follow each other share a row, and a figure stands beside a slim table of its
    numbers.
    """
    blocks = list(section.blocks if short else on_paper(section.blocks))
    made: list[dict[str, Any]] = []
    while blocks:
        block = blocks.pop(0)
        if not isinstance(block, Picture):
            made.append(_block(case, block))
            continue
        after = blocks[0] if blocks else None
        slim = isinstance(after, Table) and block.numbers is after and _is_slim(after)
        pair = isinstance(after, Picture) and (short or _alone(block, after))
        if slim or pair:
            assert isinstance(after, Picture | Table)
            blocks.pop(0)
            parts = [_picture(block, "narrow"), _part(case, after)]
            made.append({"kind": "beside", "parts": parts})
        else:
            made.append(_picture(block, "wide"))
    for one in made:
        one["floats"] = not short and section.key != "brief"
    for one, following in itertools.pairwise(made):
        one["leads"] = following["kind"] in ("table", "bullets")
    return {"title": section.title, "blocks": made}


def _alone(*pictures: Picture) -> bool:
    """Return whether no table of numbers follows any of the figures on paper."""
    return all(one.numbers is None or one.apart for one in pictures)


def _is_slim(table: Table) -> bool:
    return len(table.columns) <= SLIM_COLUMNS and len(table.rows) <= SLIM_ROWS


def _part(case: Case, block: Picture | Table) -> dict[str, Any]:
    return _picture(block, "narrow") if isinstance(block, Picture) else _block(case, block)


def _block(case: Case, block: Block) -> dict[str, Any]:
    if isinstance(block, Paragraph):
        return {"kind": "paragraph", "text": block.text, "note": block.note}
    if isinstance(block, Bullets):
        return {"kind": "bullets", "points": list(block.points)}
    if isinstance(block, Facts):
        return {"kind": "facts", "facts": [list(one) for one in block.facts]}
    if isinstance(block, Table):
        return {"kind": "table", "label": f"table-{block.key}", **_table(block)}
    if isinstance(block, Reference):
        n = case.numbers()[block.kind, block.key]
        before, after = block.text.split(PLACE, 1)
        name = f"{text(f'case.{block.kind}', case.lang)} {n}"
        return {
            "kind": "reference", "before": before, "name": name, "after": after,
            "label": f"{block.kind}-{block.key}",
        }  # fmt: skip
    raise TypeError(block)


def _picture(picture: Picture, shape: str) -> dict[str, Any]:
    return {
        "kind": "picture",
        "label": f"figure-{picture.key}",
        "caption": picture.caption,
        "alt": picture.alt,
        "svg": picture.svg(shape),
    }


def _table(table: Table) -> dict[str, Any]:
    return {
        "caption": table.caption,
        "columns": [{"heading": one.heading, "kind": one.kind} for one in table.columns],
        "rows": [[cell.text for cell in row] for row in table.rows],
        "total": table.total,
        "note": table.note,
        "whole": _lines(table) <= WHOLE_LINES,
        "weights": list(table.weights()),
        "fluid": len(table.columns) >= NARROW or any(one.kind == "long" for one in table.columns),
    }


def _lines(table: Table) -> int:
    """Return about how many lines a table takes."""
    weights = table.weights()
    rooms = [LINE_CHARACTERS * one / sum(weights) for one in weights]
    return sum(
        max(math.ceil(max(len(cell.text), 1) / room) for cell, room in zip(row, rooms, strict=True))
        for row in table.rows
    )

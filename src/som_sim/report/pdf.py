"""The case as PDF: all of it, and 'in short' on a page or two. Readable by machines (PDF/UA-1)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from som_sim.core.texts import text
from som_sim.report.case.content import (
    Block,
    Bullets,
    Case,
    Facts,
    Paragraph,
    Picture,
    Section,
    Table,
)
from som_sim.report.extra import needs_report_extra
from som_sim.report.html import template

WORDS = ("table", "figure", "contents", "page", "of")
NARROW = 5
"""Columns: a table with fewer keeps the width of its words, one with more fills the page."""


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
        "sections": [_section(one, short=short) for one in sections],
    }
    compiled: Any = typst.compile  # its types want fonts named as the template is: in bytes
    made = compiled(
        template("case.typ").encode(),
        format="pdf",
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        font_paths=[str(figure_fonts())],
        pdf_standards="ua-1",
        ignore_system_fonts=True,
    )
    assert isinstance(made, bytes)
    return made


def figure_fonts() -> Path:
    """Return the folder of the fonts that figures are drawn with."""
    import matplotlib

    return Path(matplotlib.get_data_path()) / "fonts" / "ttf"


def _section(section: Section, *, short: bool) -> dict[str, Any]:
    blocks = [_block(block, short=short) for block in section.blocks]
    return {"title": section.title, "blocks": blocks}


def _block(block: Block, *, short: bool) -> dict[str, Any]:
    if isinstance(block, Paragraph):
        return {"kind": "paragraph", "text": block.text, "note": block.note}
    if isinstance(block, Bullets):
        return {"kind": "bullets", "points": list(block.points)}
    if isinstance(block, Facts):
        return {"kind": "facts", "facts": [list(one) for one in block.facts]}
    if isinstance(block, Table):
        return {"kind": "table", **_table(block)}
    assert isinstance(block, Picture)
    numbers = None if short or block.numbers is None else _table(block.numbers)
    return {
        "kind": "picture",
        "caption": block.caption,
        "alt": block.alt,
        "svg": block.svg(),
        "numbers": numbers,
    }


def _table(table: Table) -> dict[str, Any]:
    return {
        "caption": table.caption,
        "columns": [{"heading": one.heading, "kind": one.kind} for one in table.columns],
        "rows": [[cell.text for cell in row] for row in table.rows],
        "total": table.total,
        "note": table.note,
        "weights": list(table.weights()),
        "fluid": len(table.columns) >= NARROW or any(one.kind == "long" for one in table.columns),
    }

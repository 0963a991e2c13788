"""The case as a Word document: real headings, captions, contents and tables that can be edited.

A municipality's own template gives styles, header, footer and page; where it lacks a style, the
document keeps Word's own.
"""

from __future__ import annotations

import datetime as dt
import io
import itertools
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from som_sim.core.errors import SomSimError
from som_sim.core.texts import text
from som_sim.report.case.content import (
    Block,
    Bullets,
    Case,
    Facts,
    Paragraph,
    Picture,
    Reference,
    Table,
    on_paper,
)
from som_sim.report.extra import needs_report_extra

if TYPE_CHECKING:
    from docx.document import Document

LANGUAGE = {"da": "da-DK", "en": "en-GB"}
CREATED = dt.datetime(2000, 1, 1)
"""A fixed date in the file's properties, so that the same case gives the same bytes."""
MOST_IN_PROPERTY = 255
"""Characters: Word takes no more in a property of a file. The title on the page stands whole."""
ZIP_DATE = (1980, 1, 1, 0, 0, 0)
SMALL_POINTS = 8.0
BELOW_TABLE_POINTS, CELL_MARGIN_TWIPS = 10, 60


def word_bytes(case: Case, template: str | None = None) -> bytes:
    """Return the case as a Word document; the same case gives the same bytes.

    Parameters
    ----------
    case
        What `build_case` made.
    template
        A Word file whose styles, header, footer and page are taken over; its text is left out.

    Raises
    ------
    SomSimError
        When python-docx is not installed, or the template is no Word file.
    """
    with needs_report_extra("docx"):
        import docx

    if template is None:
        document = docx.Document()
        _plain_page(document)
    else:
        document = _from_template(docx.Document, template)
    writer = _Writer(document, case)
    _set_language(document, LANGUAGE[case.lang])
    properties = document.core_properties
    properties.title = case.title[:MOST_IN_PROPERTY]
    properties.comments = case.origin
    properties.language = LANGUAGE[case.lang]
    properties.created = properties.modified = CREATED
    properties.author = properties.last_modified_by = ""
    writer.front(case)
    for section in case.sections:
        writer.heading(section.title)
        blocks = list(on_paper(section.blocks))
        for block, after in itertools.zip_longest(blocks, blocks[1:]):
            writer.block(block)
            if isinstance(after, Table) and isinstance(block, Paragraph | Reference):
                document.paragraphs[-1].paragraph_format.keep_with_next = True
    page = io.BytesIO()
    document.save(page)
    return _with_fixed_dates(page.getvalue())


def _from_template(open_document: Any, template: str) -> Document:
    """Return the template's document, emptied of its text but not of its last section's page."""
    if not Path(template).is_file():
        raise SomSimError(f"the template {template} is not there")
    try:
        document: Document = open_document(_as_document(Path(template).read_bytes()))
    except Exception:  # the library raises many kinds of its own for a file that is none of Word's
        raise SomSimError(f"the template {template} is no Word file (.docx, .dotx)") from None
    body = document.element.body
    for child in list(body):
        if not child.tag.endswith("}sectPr"):
            body.remove(child)
    if not document.sections:
        body.get_or_add_sectPr()
        _a4(document.sections[0])
    if _room(document) <= 0:
        raise SomSimError(f"the template {template} has margins that leave no room for text")
    return document


TYPES = "[Content_Types].xml"


def _as_document(content: bytes) -> io.BytesIO:
    """Return a Word file as a document; a template of Word's own kind (.dotx) says it is one."""
    page = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as before,
        zipfile.ZipFile(page, "w") as after,
    ):
        for name in before.namelist():
            part = before.read(name)
            if name == TYPES:
                part = part.replace(
                    b"wordprocessingml.template.main+xml", b"wordprocessingml.document.main+xml"
                )
            after.writestr(name, part)
    page.seek(0)
    return page


def _room(document: Document) -> int:
    """Return how wide the text of the last section is."""
    section = document.sections[-1]
    return (section.page_width or 0) - (section.left_margin or 0) - (section.right_margin or 0)


def _a4(section: Any) -> None:
    from docx.shared import Mm

    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(22)
    section.top_margin = section.bottom_margin = Mm(20)


def _style_names(document: Document, kind: str) -> set[str]:
    """Return the names of the styles of a kind: ``"PARAGRAPH"`` or ``"TABLE"``."""
    from docx.enum.style import WD_STYLE_TYPE

    return {str(one.name) for one in document.styles if one.type == WD_STYLE_TYPE[kind]}


def _plain_page(document: Document) -> None:
    """Set up A4, a readable font and page numbers where no template does."""
    from docx.shared import Pt

    section = document.sections[0]
    _a4(section)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Calibri", Pt(10.5)
    normal.paragraph_format.space_after = Pt(6)
    footer = section.footer.paragraphs[0]
    footer.alignment = 2
    _field(footer, "PAGE", "1")


def _set_language(document: Document, language: str) -> None:
    """Say the document's language, so that it is spelt and read aloud as what it is."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    styles = document.styles.element
    defaults = styles.find(qn("w:docDefaults"))
    if defaults is None:
        return
    for properties in defaults.iter(qn("w:rPr")):
        found = properties.find(qn("w:lang"))
        if found is None:
            found = OxmlElement("w:lang")
            properties.append(found)
        found.set(qn("w:val"), language)


def _field(paragraph: Any, instruction: str, shown: str) -> None:
    """Add a field that Word computes, with what is shown until it does."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    for kind, content in (
        ("begin", None), ("instr", instruction), ("separate", None), ("shown", shown), ("end", None)
    ):  # fmt: skip
        run = paragraph.add_run()
        if kind == "instr":
            element = OxmlElement("w:instrText")
            element.set(qn("xml:space"), "preserve")
            element.text = content
            run._r.append(element)
        elif kind == "shown":
            run.text = content
        else:
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), kind)
            if instruction.startswith("TOC") and kind == "begin":
                element.set(qn("w:dirty"), "true")
            run._r.append(element)


class _Writer:
    """Writes blocks at the end of a document, numbering tables and figures."""

    def __init__(self, document: Document, case: Case) -> None:
        self.document = document
        self.lang = case.lang
        self.numbers = case.numbers()
        self.below_table = False

    def _paragraph(self, written: str, style: str) -> Any:
        """Add a paragraph in a style, or in the default one where a template lacks it."""
        from docx.shared import Pt

        names = _style_names(self.document, "PARAGRAPH")
        made = self.document.add_paragraph(written, style=style if style in names else None)
        if self.below_table:
            made.paragraph_format.space_before = Pt(BELOW_TABLE_POINTS)
        self.below_table = False
        return made

    def heading(self, title: str) -> None:
        self._paragraph(title, "Heading 1")

    def front(self, case: Case) -> None:
        """Write the title, what makes the case again, and the contents with their entries."""
        from docx.enum.text import WD_BREAK

        self._paragraph(case.title, "Title")
        self._paragraph(case.subtitle, "Subtitle")
        if case.description:
            self._paragraph(case.description, "Normal")
        self._small(case.origin)
        if case.warning:
            self._paragraph(case.warning, "Intense Quote")
        title = self._paragraph(text("case.contents", self.lang), "TOC Heading")
        title.paragraph_format.keep_with_next = True
        titles = "\n".join(section.title for section in case.sections)
        contents = self.document.add_paragraph()
        _field(contents, r'TOC \o "1-1" \h \z \u', titles)
        contents.add_run().add_break(WD_BREAK.PAGE)

    def block(self, block: Block) -> None:
        if isinstance(block, Paragraph):
            if block.note:
                self._small(block.text)
            else:
                self._paragraph(block.text, "Normal")
        elif isinstance(block, Bullets):
            for point in block.points:
                self._paragraph(point, "List Bullet")
        elif isinstance(block, Facts):
            self._facts(block)
        elif isinstance(block, Reference):
            word, n = text(f"case.{block.kind}", self.lang), self.numbers[block.kind, block.key]
            self._paragraph(block.said(word, n), "Normal")
        elif isinstance(block, Table):
            self._table(block)
        elif isinstance(block, Picture):
            self._picture(block)

    def _small(self, written: str) -> None:
        from docx.shared import Pt

        paragraph = self._paragraph("", "Normal")
        run = paragraph.add_run(written)
        run.italic, run.font.size = True, Pt(SMALL_POINTS + 0.5)

    def _caption(self, kind: str, number: int, written: str, *, keep: bool) -> None:
        """Write a caption whose number is a field, so that Word can list tables and figures."""
        word = text(f"case.{kind}", self.lang)
        paragraph = self._paragraph(f"{word} ", "Caption")
        _field(paragraph, f"SEQ {word} \\* ARABIC", str(number))
        paragraph.add_run(f". {written}")
        paragraph.paragraph_format.keep_with_next = keep

    def _facts(self, block: Facts) -> None:
        from docx.shared import Pt

        for what, figure, about in block.facts:
            paragraph = self._paragraph("", "Normal")
            paragraph.add_run(f"{what}: ")
            run = paragraph.add_run(figure)
            run.bold, run.font.size = True, Pt(13)
            paragraph.add_run(f" ({about})")

    def _picture(self, block: Picture) -> None:
        from docx.oxml.ns import qn

        paragraph = self._paragraph("", "Normal")
        paragraph.paragraph_format.keep_with_next = True
        shape = paragraph.add_run().add_picture(io.BytesIO(block.png()), width=_room(self.document))
        for properties in shape._inline.iter(qn("wp:docPr")):
            properties.set("descr", block.alt)
            properties.set("title", block.caption)
        self._caption("figure", self.numbers["figure", block.key], block.caption, keep=False)

    def _table(self, block: Table) -> None:
        """Write a table: a header row that repeats, numbers to the right, widths by content."""
        self._caption("table", self.numbers["table", block.key], block.caption, keep=True)
        made = self.document.add_table(rows=1 + len(block.rows), cols=len(block.columns))
        names = _style_names(self.document, "TABLE")
        for style in ("Grid Table Light", "Light List Accent 1", "Table Grid"):
            if style in names:
                made.style = style
                break
        _describe(made, block.caption)
        _trim(made)
        _set_widths(made, block.weights(), _room(self.document))
        lines = [[one.heading for one in block.columns]]
        lines += [[cell.text for cell in row] for row in block.rows]
        right = [one.kind == "number" for one in block.columns]
        last = len(lines) - 1
        for number, (line, row) in enumerate(zip(lines, made._tbl.tr_lst, strict=True)):
            bold = number == 0 or (block.total and number == last)
            keep = bool(block.note) if number == last else _keeps(number, last)
            _write_row(row, line, right, bold=bold, keep=keep)
        _repeat(made)
        if block.note:
            self._small(block.note)
        self.below_table = not block.note


WHOLE_ROWS, KEPT_ROWS = 14, 3
"""A table with at most so many rows is not split; of a longer one so many stay together."""


def _keeps(number: int, last: int) -> bool:
    """Return whether a row stays on the page of the next one: row 0 is the heading."""
    return last <= WHOLE_ROWS or number < KEPT_ROWS or number > last - KEPT_ROWS


def _write_row(
    row: Any, line: Sequence[str], right: Sequence[bool], *, bold: bool, keep: bool
) -> None:
    """Fill a row's cells by way of its XML, which is many times faster than cell by cell."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    no_split = OxmlElement("w:cantSplit")
    row.get_or_add_trPr().append(no_split)
    for cell, written, to_right in zip(row.tc_lst, line, right, strict=True):
        paragraph = cell.p_lst[0]
        properties = paragraph.get_or_add_pPr()
        if keep:
            properties.append(OxmlElement("w:keepNext"))
        spacing = OxmlElement("w:spacing")
        spacing.set(qn("w:before"), "20")
        spacing.set(qn("w:after"), "20")
        properties.append(spacing)
        if to_right:
            side = OxmlElement("w:jc")
            side.set(qn("w:val"), "right")
            properties.append(side)
        run = paragraph.add_r()
        look = run.get_or_add_rPr()
        if bold:
            look.append(OxmlElement("w:b"))
        size = OxmlElement("w:sz")
        size.set(qn("w:val"), str(int(SMALL_POINTS * 2)))
        look.append(size)
        run.text = written


def _set_widths(made: Any, weights: Sequence[float], room: int) -> None:
    from docx.shared import Emu

    made.autofit = False
    whole = sum(weights)
    widths = [Emu(int(room * weight / whole)) for weight in weights]
    for column, width in zip(made._tbl.tblGrid.gridCol_lst, widths, strict=True):
        column.w = width
    for row in made._tbl.tr_lst:
        for cell, width in zip(row.tc_lst, widths, strict=True):
            cell.width = width


def _trim(made: Any) -> None:
    """Leave the first column as light as the others, and give cells slim margins."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    properties = made._tbl.tblPr
    look = properties.find(qn("w:tblLook"))
    if look is not None:
        look.set(qn("w:firstColumn"), "0")
        look.set(qn("w:val"), "0420")
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        width = OxmlElement(f"w:{side}")
        width.set(qn("w:w"), str(CELL_MARGIN_TWIPS))
        width.set(qn("w:type"), "dxa")
        margins.append(width)
    if look is not None:
        look.addprevious(margins)
    else:
        properties.append(margins)


def _describe(made: Any, caption: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    caption_of = OxmlElement("w:tblCaption")
    caption_of.set(qn("w:val"), caption)
    made._tbl.tblPr.append(caption_of)


def _repeat(made: Any) -> None:
    """Mark the first row as a header: it repeats on each page and is read aloud as one."""
    from docx.oxml import OxmlElement

    made._tbl.tr_lst[0].get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _with_fixed_dates(content: bytes) -> bytes:
    """Return the same document with fixed dates in its archive."""
    page = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as before,
        zipfile.ZipFile(page, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for one in before.infolist():
            entry = zipfile.ZipInfo(one.filename, ZIP_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            after.writestr(entry, before.read(one.filename))
    return page.getvalue()

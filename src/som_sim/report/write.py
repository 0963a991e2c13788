"""Write a case to a folder in the formats asked for: all files, or none.

Every file is made in memory first and then put in place by one atomic step, so that a folder never
holds half a file. Files of other names are left alone.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from som_sim.core.errors import SomSimError, suggest
from som_sim.report import naming
from som_sim.report.case.build import build_case
from som_sim.report.case.content import Case
from som_sim.report.case.view import Beside
from som_sim.report.disclosure import Disclosure
from som_sim.report.plan import Plan, plan_of
from som_sim.report.save import check_directory

if TYPE_CHECKING:
    from som_sim.result import Result


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was asked for: the run, what is left out, for whom, a template or None, and more."""

    result: Result
    disclosure: Plan
    publish: bool
    template: str | None
    beside: Beside


def _html(case: Case, asked: Asked) -> dict[str, bytes]:
    from som_sim.report.html import html_text

    return {f"case_{case.lang}.html": html_text(case).encode()}


def _xlsx(case: Case, asked: Asked) -> dict[str, bytes]:
    from som_sim.report.case.sensitivity import publishable
    from som_sim.report.workbook.book import workbook_bytes

    found = asked.beside.sensitivity
    if found is not None:
        found = publishable(found, asked.disclosure)
    book = workbook_bytes(
        asked.result, case, asked.disclosure, publish=asked.publish, sensitivity=found
    )
    return {f"case_{case.lang}.xlsx": book}


def _docx(case: Case, asked: Asked) -> dict[str, bytes]:
    from som_sim.report.word import word_bytes

    return {f"case_{case.lang}.docx": word_bytes(case, asked.template)}


def _pdf(case: Case, asked: Asked) -> dict[str, bytes]:
    from som_sim.report.pdf import pdf_bytes

    return {
        f"case_{case.lang}.pdf": pdf_bytes(case),
        f"case_short_{case.lang}.pdf": pdf_bytes(case, short=True),
    }


Writer = Callable[["Case", "Asked"], dict[str, bytes]]
"""Makes the files of one format: name to content."""

FORMATS: Mapping[str, Writer] = {
    "xlsx": _xlsx, "docx": _docx, "pdf": _pdf, "html": _html,
}  # fmt: skip


def check_formats(formats: Sequence[str]) -> tuple[str, ...]:
    """Return the formats asked for, each once; all of them when none is named.

    Raises
    ------
    SomSimError
        When there is no such format.

    Examples
    --------
    >>> check_formats(["html", "html"])
    ('html',)
    """
    for name in formats:
        if name not in FORMATS:
            raise SomSimError(f"there is no format '{name}'; {suggest(name, FORMATS)}")
    return tuple(dict.fromkeys(formats)) or tuple(FORMATS)


def write_report(
    result: Result,
    directory: str | os.PathLike[str],
    formats: Sequence[str] = (),
    lang: str | None = None,
    *,
    disclosure: Disclosure | Plan | None = None,
    template: str | None = None,
    beside: Beside | None = None,
    publish: bool = False,
) -> tuple[Path, ...]:
    """Write the investment case.

    Parameters
    ----------
    result
        What a run gave.
    directory
        Made when it is not there.
    formats
        Names of `FORMATS`; all of them by default.
    lang
        ``"da"`` or ``"en"``; else the scenario's own, else English.
    disclosure
        Whether small counts are left out; they are by default.
    template
        A Word file whose styles, header and footer the Word document takes over.
    beside
        What is read from the scenario: SØM's checklist, and a drawing of the model.
    publish
        Whether everything may be published: the workbook then holds values, without postings.

    Returns
    -------
    The files, in the order of the formats.

    Raises
    ------
    SomSimError
        When a format is unknown, needs what is not installed, or the folder cannot be written.
    """
    wanted = check_formats(formats)
    check_directory(directory)
    plan = plan_of(result, disclosure)
    asked = Asked(
        result=result,
        disclosure=plan,
        publish=publish,
        template=template,
        beside=beside or Beside(),
    )
    case = build_case(result, naming.language(result, lang), asked.disclosure, asked.beside)
    made: dict[str, bytes] = {}
    for name in wanted:
        made |= FORMATS[name](case, asked)
    folder = Path(directory)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return tuple(_put(folder / name, content) for name, content in made.items())
    except OSError as error:
        raise SomSimError(f"cannot write to {folder}: {error.strerror or error}") from None


def _put(path: Path, content: bytes) -> Path:
    """Write a file beside its place, with the user's usual permissions, and move it there."""
    number, beside = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    try:
        with os.fdopen(number, "wb") as file:
            file.write(content)
        umask = os.umask(0)
        os.umask(umask)
        os.chmod(beside, 0o666 & ~umask)
        os.replace(beside, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(beside)
        raise
    return path

"""An audit as lines for a reader, and as data for a program."""

from __future__ import annotations

import textwrap
from typing import Any

from som_sim.core.texts import one_line, text
from som_sim.writing.audit import KINDS, Audit, Finding, Line

MOST_OF_A_KIND = 10
WIDTH = 96


def sentence(finding: Finding, lang: str) -> str:
    """Return what an audit says at one place."""
    return f"{finding.place}: {text(finding.key, lang, **dict(finding.values))}"


def answer(line: Line, lang: str) -> str:
    """Return the answer to a line of the checklist."""
    return " ".join(text(key, lang, **dict(values)) for key, values in line.answer)


def counts(found: Audit) -> dict[str, int]:
    """Return how many numbers have which evidence."""
    bare, pretended = len(found.of("no_source")), len(found.of("illustrative"))
    return {
        "n": found.n_numbers,
        "sourced": found.n_numbers - bare - pretended,
        "bare": bare,
        "illustrative": pretended,
        "weak": len(found.of("weak")),
    }


def page(found: Audit, file: str, lang: str, *, whole: bool = False) -> str:
    """Return an audit as text.

    Parameters
    ----------
    found
        What `audit` returned.
    file
        The name of the file.
    lang
        ``"da"`` or ``"en"``.
    whole
        Whether to list every finding rather than the first ten of a kind.
    """
    lines = [text("audit.title", lang, file=file), ""]
    lines += textwrap.wrap(text("audit.numbers", lang, **counts(found)), WIDTH)
    for kind in KINDS:
        listed = found.of(kind)
        if not listed:
            continue
        lines += ["", f"{text(f'audit.kind.{kind}', lang)} ({len(listed)})"]
        shown = listed if whole else listed[:MOST_OF_A_KIND]
        lines += [line for one in shown for line in _item(f"{one.at}: {sentence(one, lang)}")]
        if len(listed) > len(shown):
            lines.append("  " + text("audit.more", lang, more=len(listed) - len(shown)))
    lines += ["", text("audit.checklist", lang)]
    for number, one in enumerate(found.checklist, start=1):
        status = text(f"audit.status.{one.status}", lang)
        lines.append(f"{number:>3}. {text(f'audit.ask.{one.name}', lang)} [{status}]")
        lines += textwrap.wrap(
            one_line(answer(one, lang)), WIDTH, initial_indent="     ", subsequent_indent="     "
        )
    statuses = [one.status for one in found.checklist]
    each = {status: statuses.count(status) for status in ("answered", "partly", "open")}
    lines += ["", text("audit.result", lang, n=len(statuses), **each)]
    return "\n".join(lines) + "\n"


def _item(written: str) -> list[str]:
    return textwrap.wrap(
        one_line(written), WIDTH, initial_indent="  - ", subsequent_indent="    ",
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip


def data(found: Audit, lang: str) -> dict[str, Any]:
    """Return an audit as plain data."""
    return {
        "numbers": counts(found),
        "findings": [
            {
                "kind": one.kind,
                "path": one.place,
                "at": one_line(one.at),
                "message": one_line(sentence(one, lang)),
            }
            for one in found.findings
        ],
        "checklist": [
            {
                "line": one.name,
                "question": text(f"audit.ask.{one.name}", lang),
                "status": one.status,
                "answer": one_line(answer(one, lang)),
            }
            for one in found.checklist
        ],
        "ok": found.ok,
    }

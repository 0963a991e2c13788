"""A commented file to begin with, which runs as it is.

A starter is a text of the package with some words to fill in: the years, the title, the name of the
file. Its comments stand in both languages, each line marked ``#da`` or ``#en``; one language stays.
"""

from __future__ import annotations

import datetime as dt
import re
from importlib.resources import files

from som_sim.core.texts import check_language, one_line, text
from som_sim.core.yaml_flow import flow

KINDS = ("minimal", "full")
LONGEST_TITLE = 200

_YEAR = re.compile(r"\bYEAR(?:\+([0-9]))?\b")
_COMMENT = re.compile(r"^( *)#(da|en) ?(.*)$")


def starter(
    kind: str = "minimal",
    *,
    lang: str = "en",
    year: int | None = None,
    title: str | None = None,
    name: str = "case.yaml",
) -> str:
    """Return the text of a scenario to begin with.

    Parameters
    ----------
    kind
        One of `KINDS`.
    lang
        ``"da"`` or ``"en"``: the language of the comments and of the reports.
    year
        The first year of the run; next year when not said.
    title
        What the case is called.
    name
        The name of the file, for the commands that its comments show.

    Raises
    ------
    ValueError
        When the kind or language is unknown.

    Examples
    --------
    >>> import som_sim as som
    >>> som.loads(starter(year=2026)).base.time.from_.text
    '2026-01'
    """
    check_language(lang)
    if kind not in KINDS:
        raise ValueError(f"no starter '{kind}'; there are {', '.join(KINDS)}")
    template = files("som_sim.writing").joinpath("starters", f"{kind}.yaml").read_text("utf-8")
    first = dt.date.today().year + 1 if year is None else year
    return filled(
        template,
        lang,
        first,
        {
            "TITLE": flow((title or text("new.title", lang))[:LONGEST_TITLE]),
            "LANG": lang,
            "NAME": one_line(name),
        },
    )


def filled(template: str, lang: str, year: int, words: dict[str, str]) -> str:
    """Return a template in one language, with its years and words filled in."""
    lines = []
    for line in template.splitlines():
        found = _COMMENT.match(line)
        if found and found[2] != lang:
            continue
        lines.append(f"{found[1]}# {found[3]}".rstrip() if found else line)
    joined = _YEAR.sub(lambda one: str(year + int(one[1] or 0)), "\n".join(lines) + "\n")
    return re.sub("|".join(rf"\b{word}\b" for word in words), lambda one: words[one[0]], joined)

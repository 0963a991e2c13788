"""What differs between two scenarios, as lines for a reader and as data for a program."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

from som_sim.core.errors import path_text
from som_sim.core.formats import number, oere_as_kroner, plain, signed
from som_sim.core.texts import CATALOGUE, one_line, text
from som_sim.core.yaml_flow import flow
from som_sim.writing.diff import Diff, Figures, Step
from som_sim.writing.differences import Change, Difference, Missing

WIDTH, LONGEST = 98, 90
SHOWN_PAYERS = ("kommune", "region", "stat", "public", "society")
TARGET_DECIMALS = 2
SMALL = 0.5 * 10**-TARGET_DECIMALS


def page(found: Diff, lang: str) -> str:
    """Return a comparison as text.

    Parameters
    ----------
    found
        What `diff` returned.
    lang
        ``"da"`` or ``"en"``.
    """
    files = (one_line(found.first.file), one_line(found.second.file))
    lines = [text("diff.title", lang, first=files[0], second=files[1]), ""]
    if not found.steps:
        key = "diff.reordered" if found.reordered else "diff.same"
        return f"{lines[0]}\n{text(key, lang)}\n"
    for position, step in enumerate(found.steps, start=1):
        said = [line for one in step.differences for line in sentences(one, lang)]
        for count, one in enumerate(said):
            mark = f"{position:>3}. " if not count else "     "
            lines += textwrap.wrap(
                one_line(one), WIDTH, initial_indent=mark, subsequent_indent="       "
            )
        lines += [f"       = {line}" for line in worth(step.before, step.after, lang)]
    if found.before is not None and len(found.steps) > 1:
        lines += ["", text("diff.total", lang)]
        lines += [f"       = {line}" for line in worth(found.before, found.after, lang)]
    if found.before is not None:
        lines += ["", *textwrap.wrap(text("diff.note", lang), WIDTH)]
    return "\n".join(lines) + "\n"


def sentences(difference: Difference, lang: str) -> list[str]:
    """Return what differs in one item, a sentence for each value."""
    if not difference.changes:
        return [text("diff.reorder", lang, path=difference.place)]
    return [_sentence(one, lang) for one in difference.changes]


def _sentence(change: Change, lang: str) -> str:
    path = path_text(change.path)
    before, after = _words(change.before), _words(change.after)
    if isinstance(change.before, Missing):
        return text("diff.added", lang, path=path, after=after)
    if isinstance(change.after, Missing):
        return text("diff.removed", lang, path=path, before=before)
    return text("diff.changed", lang, path=path, before=before, after=after)


def _words(value: Any) -> str:
    if isinstance(value, Missing):
        return "-"
    return textwrap.shorten(one_line(flow(value)), LONGEST, placeholder=" …")


def worth(before: Figures | None, after: Figures | None, lang: str) -> list[str]:
    """Return what a step changes in targets and kroner; nothing when it was not run."""
    if before is None or after is None:
        return []
    said = [*_targets(before, after, lang), *_net(before, after, lang)]
    return [plain(one) for one in said] or [text("diff.nothing", lang)]


def _targets(before: Figures, after: Figures, lang: str) -> Iterator[str]:
    for key in dict.fromkeys([*before.targets, *after.targets]):
        was, is_ = before.targets.get(key), after.targets.get(key)
        name = f"{key[0]}, {key[1]}"
        if was is None or is_ is None:
            yield _came_or_went(name, None if is_ is None else number(is_, lang, 2), lang)
        elif abs(is_ - was) >= SMALL:
            yield text(
                "diff.target", lang, target=key[0], strategy=key[1],
                change=signed(is_ - was, lang, TARGET_DECIMALS),
                before=number(was, lang, TARGET_DECIMALS), after=number(is_, lang, TARGET_DECIMALS),
            )  # fmt: skip


def _net(before: Figures, after: Figures, lang: str) -> Iterator[str]:
    for strategy, payer in dict.fromkeys([*before.net, *after.net]):
        if payer not in SHOWN_PAYERS:
            continue
        was, is_ = before.net.get((strategy, payer)), after.net.get((strategy, payer))
        key = f"payer.{payer}"
        name = text(key, lang) if key in CATALOGUE else payer
        if was is None or is_ is None:
            shown = None if is_ is None else signed(oere_as_kroner(is_), lang, 2)
            if is_ or was:
                yield _came_or_went(f"{name}, {strategy}", shown, lang)
        elif is_ != was:
            change = signed(oere_as_kroner(is_ - was), lang, 2)
            yield text("diff.net", lang, payer=name, strategy=strategy, change=change)


def _came_or_went(what: str, after: str | None, lang: str) -> str:
    if after is None:
        return text("diff.gone_figure", lang, what=what)
    return text("diff.new_figure", lang, what=what, after=after)


def data(found: Diff, lang: str) -> dict[str, Any]:
    """Return a comparison as plain data."""
    return {
        "same": found.same,
        "reordered": found.reordered,
        "steps": [_step(step, lang) for step in found.steps],
    }


def _step(step: Step, lang: str) -> dict[str, Any]:
    changes = [change for one in step.differences for change in one.changes]
    made: dict[str, Any] = {
        "changes": [
            {
                "path": path_text(one.path),
                "before": _plain(one.before),
                "after": _plain(one.after),
            }
            for one in changes
        ]
    }
    if step.before is not None and step.after is not None:
        was, is_ = step.before, step.after
        made["targets"] = _pairs(was.targets, is_.targets, ("target", "strategy"))
        made["net_oere"] = _pairs(was.net, is_.net, ("strategy", "payer"))
    return made


def _pairs(
    before: Mapping[tuple[str, str], float],
    after: Mapping[tuple[str, str], float],
    names: tuple[str, str],
) -> list[dict[str, Any]]:
    return [
        {**dict(zip(names, key, strict=True)), "before": before.get(key), "after": after.get(key)}
        for key in dict.fromkeys([*before, *after])
    ]


def _plain(value: Any) -> str | None:
    return None if isinstance(value, Missing) else flow(value)

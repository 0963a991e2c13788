"""Sections about what the case rests on: method, sensitivity, limits, follow-up, checklist."""

from __future__ import annotations

from typing import Any

import numpy as np

from som_sim.core import formats
from som_sim.core.texts import one_line, payer_name
from som_sim.outcomes.economics import rate_of
from som_sim.report import naming
from som_sim.report.case.assumptions import parameter_name
from som_sim.report.case.brief import goal_words, measured_cell, target_when
from som_sim.report.case.cells import kroner, number, records, table, words
from som_sim.report.case.content import Block, Bullets, Cell, Paragraph, Picture, Table
from som_sim.report.case.sensitivity import one_way
from som_sim.report.case.view import View

GRADES = ("A", "B", "C", "D")


def method(view: View) -> tuple[Block, ...]:
    """Say in plain words how the figures come about."""
    calendar = view.base.time.calendar
    last = naming.last_day(view.result)
    points = [
        view.say(
            "method.people",
            first=formats.date(calendar.start, view.lang),
            last=formats.date(last, view.lang),
            n_strata=len(view.base.strata),
        ),
        view.say("method.programmes"),
        view.say("method.money"),
        view.say("method.net", reference=view.reference),
        view.say("method.chance"),
        view.say("method.som"),
    ]
    if view.base.money is not None:
        rate = view.base.money.discount_rate
        yearly = rate_of(rate).rate(0)
        named = f" ({view.known('rate', rate)})" if isinstance(rate, str) else ""
        shown = formats.percent(yearly, view.lang, 1) + named
        index = view.base.indices.get(view.base.money.index)
        label = index.label.into(view.lang) if index is not None and index.label else ""
        points.append(
            view.say(
                "method.prices",
                price_year=naming.price_year(view.result),
                index=one_line(label) or view.base.money.index,
                rate=shown,
                base_year=view.base.money.base_year,
            )
        )
    blocks: list[Block] = [Bullets(points=tuple(points))]
    if view.beside.diagram is not None:
        model = Picture(
            key="model",
            caption=view.say("method.diagram"),
            alt=view.beside.diagram_words,
            draw=view.beside.diagram,
        )
        blocks.append(model)
    return tuple(blocks)


def sensitivity(view: View) -> tuple[Block, ...]:
    """Say how sure the figures are, with what the run has on it."""
    seed = view.result.seed
    alone = "sensitivity.none" if view.beside.sensitivity is None else "tornado.alone"
    key = alone if seed is None else "sensitivity.draws"
    blocks: list[Block] = [Paragraph(text=view.say(key, seed=seed or 0))]
    spread = interval_table(view)
    if spread is not None:
        blocks.append(spread)
    uncertain = [name for name, one in view.base.parameters.items() if one.distribution is not None]
    weak = [
        parameter_name(one, name, view)
        for name, one in view.base.parameters.items()
        if one.grade in ("C", "D")
    ]
    if weak:
        blocks.append(Paragraph(text=view.say("sensitivity.weak", names=", ".join(weak))))
    if view.beside.sensitivity is not None:
        return (*blocks, *one_way(view, view.beside.sensitivity))
    if uncertain:
        count = formats.number(len(uncertain), view.lang)
        blocks.append(Paragraph(text=view.say("sensitivity.uncertain", count=count)))
    return tuple(blocks)


def interval_table(view: View) -> Table | None:
    """Return what the draws say of each headline figure, or None for a run without draws."""
    frame, lang = getattr(view.result, "intervals", None), view.lang
    if frame is None or not len(frame):
        return None
    rows = []
    for row in records(frame):
        if row["figure"] not in SPREAD_FIGURES or row["base"] == row["low"] == row["high"]:
            continue
        if row["figure"] == "target" and view.plan.target(row["name"]):
            continue
        rows.append(
            (
                words(_figure_words(view, row)),
                words(view.strategy(row["strategy"])),
                *(_spread_cell(view, row, one) for one in ("base", "median", "low", "high")),
                Cell(text=formats.percent(row["probability"], lang), number=row["probability"]),
            )
        )
    heads = [
        (view.say("spread.figure"), "text"), (view.say("targets.strategy"), "text"),
        view.say("spread.base"), view.say("spread.median"), view.say("spread.low"),
        view.say("spread.high"), view.say("targets.probability"),
    ]  # fmt: skip
    caption, note = view.say("spread.caption"), view.say("spread.note")
    return table("intervals", lang, heads, rows, caption=caption, note=note)


SPREAD_FIGURES = ("target", "net", "homeless_days_avoided", "value_difference")
"""Figures of `Result.intervals` that the case shows."""


def _figure_words(view: View, row: dict[str, Any]) -> str:
    name = str(row["name"])
    if row["figure"] == "target":
        label = view.base.targets[name].label
        return one_line(label.into(view.lang)) if label else name
    if row["figure"] == "net":
        return view.say("facts.net", payer=payer_name(name, view.lang))
    if row["figure"] == "value_difference":
        label = view.base.values[name].label
        return one_line(label.into(view.lang)) if label else name
    return view.say("spread.days")


def _spread_cell(view: View, row: dict[str, Any], what: str) -> Cell:
    value = float(row[what])
    if row["unit"] == "oere":
        return kroner(round(value), view.lang, sign=True)
    if row["unit"] == "share_of_moves":
        return Cell(text=formats.percent(value, view.lang, 1), number=value)
    return number(value, view.lang, 1)


def not_counted(view: View) -> tuple[Block, ...]:
    """Say what the figures leave out."""
    points = list(view.limits)
    points += [view.say("limits.behaviour"), view.say("limits.equal")]
    return (Bullets(points=tuple(points)),)


def follow_up(view: View) -> tuple[Block, ...]:
    """Say what is measured afterwards, when, and what is done with it."""
    frame = view.result.targets
    rows = []
    name = (view.followed or view.result.strategies)[-1]
    for row in records(frame[frame["strategy"] == name]):
        rows.append(
            (
                words(row[f"label_{view.lang}"]),
                words(target_when(view, row)),
                words(goal_words(view, row)),
                measured_cell(view, row["target"], float(row["projected"])),
            )
        )
    blocks: list[Block] = [Paragraph(text=view.say("follow.how"))]
    if rows:
        heads = [
            (view.say("purpose.target"), "text"), (view.say("purpose.when"), "text"),
            view.say("purpose.goal"), view.say("targets.expected"),
        ]  # fmt: skip
        caption = view.say("follow.caption")
        blocks.append(table("follow_up", view.lang, heads, rows, caption=caption))
    points = tuple(view.say(f"follow.{one}") for one in (1, 2, 3, 4))
    return (*blocks, Bullets(points=points))


def checklist(view: View) -> tuple[Block, ...]:
    """Return SØM's checklist: each question, whether the file answers it, and the answer."""
    if not view.beside.checklist:
        return (Paragraph(text=view.say("check.none")),)
    rows = [tuple(words(part) for part in line) for line in view.beside.checklist]
    heads = [
        (view.say("check.choice"), "long"), (view.say("check.status"), "text"),
        (view.say("check.here"), "long"), (view.say("check.missing"), "long"),
    ]  # fmt: skip
    return (
        Paragraph(text=view.say("check.how")),
        table("checklist", view.lang, heads, rows, caption=view.say("check.caption")),
    )


def reconciliation(view: View) -> tuple[Block, ...]:
    """Say whether everything adds up, and what does not."""
    checks = view.result.reconciliation
    failed = checks[~checks["ok"].astype(bool)]
    count = formats.number(len(checks), view.lang)
    if not len(failed):
        return (Paragraph(text=view.say("checks.fine", count=count)),)
    rows = [
        (
            words(view.strategy(row["strategy"])),
            words(row["check"]),
            *(words(_residual(row, one, view.lang)) for one in ("expected", "actual", "residual")),
            words(row["detail"]),
        )
        for row in records(failed)
    ]
    heads = [
        (view.say("targets.strategy"), "text"), (view.say("reconciled.check"), "text"),
        view.say("reconciled.expected"), view.say("reconciled.actual"),
        view.say("reconciled.residual"), (view.say("assumptions.note"), "long"),
    ]  # fmt: skip
    told = view.say("checks.failed", failed=formats.number(len(failed), view.lang), count=count)
    return (
        Paragraph(text=told),
        table("reconciliation", view.lang, heads, rows, caption=view.say("checks.title")),
    )


def _residual(row: dict[str, Any], name: str, lang: str) -> str:
    oere = row[f"{name}_oere"]
    if oere == oere and np.isfinite(float(oere)):
        return formats.kroner(round(float(oere)), lang)
    return formats.number(float(row[f"{name}_persons"]), lang, 6)

"""Sections about what the case rests on: method, assumptions, sources, follow-up, checklist."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import numpy as np

from som_sim.core import formats
from som_sim.core.records import in_language
from som_sim.core.texts import one_line, payer_name, way_out
from som_sim.core.time import Duration
from som_sim.knowledge.rules import Refund
from som_sim.outcomes.economics import rate_of
from som_sim.report import naming
from som_sim.report.case.brief import goal_words, measured_cell, target_when
from som_sim.report.case.cells import kroner, number, records, table, words
from som_sim.report.case.content import Block, Bullets, Cell, Paragraph, Picture, Table
from som_sim.report.case.sensitivity import one_way
from som_sim.report.case.view import View
from som_sim.scenario.exact import exact_kroner
from som_sim.scenario.payers import RuleUse, rule_in, rule_names
from som_sim.scenario.prices import Payer
from som_sim.scenario.quantities import Condition, Quantity
from som_sim.scenario.schema import Effect, Evidence, Parameter, Transition

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
        _name(one, name, view)
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


def _name(one: Parameter, name: str, view: View) -> str:
    written = one_line(one.label.into(view.lang)) if one.label else name.replace("_", " ")
    return written[:1].upper() + written[1:]


def parameter_value(one: Parameter, lang: str) -> str:
    """Write a parameter's value as a reader of the language expects it."""
    amount = one.amount
    if isinstance(amount, Decimal):
        return formats.as_stated(float(amount), lang)
    return _duration(amount.text, lang) if isinstance(amount, Duration) else one_line(amount.text)


UNITS_DA = {
    "hours": "timer", "hour": "time", "days": "dage", "day": "dag", "weeks": "uger",
    "week": "uge", "months": "måneder", "month": "måned", "years": "år", "year": "år",
}  # fmt: skip


def _duration(written: str, lang: str) -> str:
    value, _, unit = written.partition(" ")
    if lang != "da":
        return one_line(written)
    return f"{value.replace('.', ',')} {UNITS_DA.get(unit.strip(), unit)}"


def assumptions(view: View) -> tuple[Block, ...]:
    """Return every assumption with its source and grade, and the sources."""
    blocks: list[Block] = [Paragraph(text=view.say("assumptions.how"))]
    blocks += [one for one in (parameter_table(view), effect_table(view)) if one is not None]
    blocks += [one for one in (transition_table(view), price_table(view)) if one is not None]
    blocks += [one for one in (index_table(view), rule_table(view)) if one is not None]
    blocks.append(source_table(view))
    return tuple(blocks)


def _evidence_heads(view: View) -> list[tuple[str, str]]:
    return [
        (view.say("purpose.source"), "text"), (view.say("assumptions.grade"), "text"),
        (view.say("assumptions.note"), "long"),
    ]  # fmt: skip


def _evidence(view: View, one: Evidence | Quantity) -> tuple[Cell, Cell, Cell]:
    note = in_language(one.note, view.lang)
    return words(view.source(one.source)), words(one.grade or ""), words(note)


def parameter_table(view: View) -> Table | None:
    """Return the named parameters."""
    rows = [
        (
            words(_name(one, name, view)),
            words(parameter_value(one, view.lang)),
            words(view.say("yes" if one.distribution is not None else "no")),
            *_evidence(view, one),
        )
        for name, one in view.base.parameters.items()
    ]
    if not rows:
        return None
    heads = [
        (view.say("assumptions.name"), "text"), (view.say("assumptions.value"), "number"),
        (view.say("assumptions.uncertain"), "text"), *_evidence_heads(view),
    ]  # fmt: skip
    return table("parameters", view.lang, heads, rows, caption=view.say("assumptions.parameters"))


def who(view: View, where: Condition) -> str:
    """Write a condition as a reader says it: names of states, groups and programmes."""
    told = []
    for key, names in where.allowed:
        if key == "homeless":
            told.append(view.say("homeless" if names == ("true",) else "not_homeless"))
            continue
        shown = []
        for name in names:
            if key in view.base.domains:
                shown.append(naming.state(view.result, key, name, view.lang))
            elif key == "stratum":
                shown.append(naming.stratum(view.result, name, view.lang))
            else:
                shown.append(naming.programme(view.result, name, view.lang))
        told.append(", ".join(shown))
    return "; ".join(told) or view.say("everyone")


def _end(view: View, where: Condition, name: str) -> str:
    for key in where.keys:
        if key in view.base.domains:
            if name in view.base.domains[key]:
                return naming.state(view.result, key, name, view.lang)
            return way_out(name, view.lang)
    return name


DIGITS = 4


def _few_digits(value: float) -> float:
    """Return a number as it is, or with a few digits where it has many (from counts)."""
    return value if len(f"{value:.12g}") <= DIGITS + 4 else float(f"{value:.{DIGITS - 1}g}")


def quantity_words(view: View, one: Quantity) -> str:
    """Write a quantity: a number, a parameter's name, or an expression."""
    if one.number is not None and one.kind == "duration":
        return formats.number(one.number * 12, view.lang, 1) + " " + view.say("months")
    if one.number is not None:
        return formats.as_stated(_few_digits(one.number), view.lang)
    if one.expression is not None:
        return one_line(one.expression.text)
    behind = view.base.parameters[one.parameter]
    value = parameter_value(behind, view.lang)
    name = _name(behind, one.parameter, view)
    if not name[1:2].isupper():  # no abbreviation
        name = name[:1].lower() + name[1:]
    return f"{value} ({name})"


def _parameter_behind(view: View, one: Quantity | None) -> Evidence | Quantity | None:
    if one is None:
        return None
    if one.parameter and one.parameter in view.base.parameters:
        return view.base.parameters[one.parameter]
    return one


def effect_table(view: View) -> Table | None:
    """Return what each programme changes."""
    rows = []
    seen: set[str] = set()
    for name in view.result.strategies:
        for key, programme in view.result.scenario.strategies[name].programmes.items():
            if key in seen:
                continue
            seen.add(key)
            for effect in programme.effects:
                rows.append(
                    (
                        words(naming.programme(view.result, key, view.lang)),
                        words(who(view, effect.from_)),
                        words(", ".join(_end(view, effect.from_, one) for one in effect.to)),
                        words(view.say(f"effect.{effect.kind}")),
                        words(_effect_value(view, effect)),
                        *_effect_evidence(view, effect),
                    )
                )
    if not rows:
        return None
    heads = [
        (view.say("programme.name"), "text"), (view.say("flows.from"), "long"),
        (view.say("flows.to"), "text"), (view.say("assumptions.kind"), "text"),
        (view.say("assumptions.value"), "number"), *_evidence_heads(view)[:2],
    ]  # fmt: skip
    return table("effects", view.lang, heads, rows, caption=view.say("assumptions.effects"))


def _effect_value(view: View, effect: Effect) -> str:
    value = getattr(effect, effect.kind)
    if isinstance(value, Quantity):
        return quantity_words(view, value)
    parts = quantity_words(view, value.share), quantity_words(view, value.without)
    return view.say("effect.with_without", share=parts[0], without=parts[1])


def _effect_evidence(view: View, effect: Effect) -> tuple[Cell, Cell]:
    value = getattr(effect, effect.kind)
    behind = _parameter_behind(view, value if isinstance(value, Quantity) else None)
    one = effect if effect.source or behind is None else behind
    return words(view.source(one.source)), words(one.grade or "")


def transition_table(view: View) -> Table | None:
    """Return how people move when no programme helps them."""
    rows = []
    for one in view.base.transitions:
        groups = one.stratum or ()
        named = ", ".join(naming.stratum(view.result, name, view.lang) for name in groups)
        for to, share in one.destinations.items():
            evidence = one if one.source or share is None else _parameter_behind(view, share)
            if one.source is None and (share is None or not share.source):
                behind = one.rate_per_year.steps[0][1] if one.rate_per_year is not None else None
                evidence = _parameter_behind(view, behind) or one
            assert evidence is not None
            rows.append(
                (
                    words(who(view, one.from_)),
                    words(_end(view, one.from_, to)),
                    words(named or view.say("everyone")),
                    words(_pace(view, one, share)),
                    words(view.source(evidence.source)),
                    words(evidence.grade or ""),
                )
            )
    if not rows:
        return None
    heads = [
        (view.say("flows.from"), "long"), (view.say("flows.to"), "text"),
        (view.say("assumptions.group"), "text"), (view.say("assumptions.pace"), "long"),
        *_evidence_heads(view)[:2],
    ]  # fmt: skip
    return table("transitions", view.lang, heads, rows, caption=view.say("assumptions.transitions"))


def _pace(view: View, one: Transition, share: Quantity | None) -> str:
    if one.rate_per_year is not None:
        first = quantity_words(view, one.rate_per_year.steps[0][1])
        more = view.say("pace.changes") if len(one.rate_per_year.steps) > 1 else ""
        return view.say("pace.rate", rate=first) + more
    shown = quantity_words(view, share) if share is not None else ""
    if one.stay is not None:
        length = one.stay.mean or one.stay.median or one.stay.over
        lengths = one.stay.lengths or () if length is None else (length,)
        stay = ", ".join(quantity_words(view, each) for each in lengths)
        return view.say("pace.stay", share=shown or "1", stay=stay)
    within = _duration(one.within.text, view.lang) if one.within is not None else ""
    return view.say("pace.probability", probability=shown, within=within)


def price_table(view: View) -> Table | None:
    """Return every price with its unit, year, payers and source."""
    lang, rows = view.lang, []
    for name, price in view.base.prices.items():
        told = _payers_words(view, price.payers)
        rows.append(
            (
                words(naming.price(view.result, name, lang)),
                number(float(exact_kroner(price.amount, view.base.parameters)), lang, 2),
                words(naming.unit(price.per, lang)),
                words(price.price_year),
                words(told),
                *_evidence(view, price),
            )
        )
    if not rows:
        return None
    heads = [
        (view.say("budget.item"), "text"), view.say("prices.kroner"),
        (view.say("budget.unit"), "text"), (view.say("prices.year"), "text"),
        (view.say("prices.payers"), "long"), *_evidence_heads(view),
    ]  # fmt: skip
    return table("prices", lang, heads, rows, caption=view.say("prices.caption"))


def _payers_words(view: View, payers: str | RuleUse | Mapping[Payer, Decimal]) -> str:
    """Say who pays a price: the title of a rule, or the shares."""
    if isinstance(payers, Mapping):
        return ", ".join(
            f"{payer_name(str(payer), view.lang)} {formats.percent(float(share), view.lang)}"
            for payer, share in payers.items()
        )
    name = payers if isinstance(payers, str) else payers.rule
    rule = rule_in(view.base, name)
    return one_line(rule.title[view.lang]) if rule is not None else name


def index_table(view: View) -> Table | None:
    """Return the price indices by year."""
    if not view.base.indices:
        return None
    years = sorted({when for one in view.base.indices.values() for when in one.values})
    calendar = view.base.time.calendar
    wanted = {*calendar.years, *(one.price_year for one in view.base.prices.values())}
    years = [when for when in years if when in wanted]
    rows = []
    for name, index in view.base.indices.items():
        label = index.label.into(view.lang) if index.label else name
        values = [
            number(
                float(index.values[when]), view.lang, formats.decimals_of(float(index.values[when]))
            )
            if when in index.values
            else words("")
            for when in years
        ]
        rows.append(
            (words(label), *values, words(view.source(index.source)), words(index.grade or ""))
        )
    heads = [
        (view.say("indices.name"), "text"), *(str(when) for when in years),
        *_evidence_heads(view)[:2],
    ]  # fmt: skip
    return table("indices", view.lang, heads, rows, caption=view.say("indices.caption"))


def rule_table(view: View) -> Table | None:
    """Return the rules of law on who pays, with their dates."""
    named = {
        payers if isinstance(payers, str) else payers.rule
        for payers in (price.payers for price in view.base.prices.values())
        if not isinstance(payers, Mapping)
    }
    rows = []
    for name in rule_names(view.base):
        rule = rule_in(view.base, name) if name in named else None
        if rule is None:
            continue
        for period in rule.periods:
            first = _day_or(view, period.valid_from, "rules.always")
            last = _day_or(view, period.valid_to, "rules.still")
            counts = rule.counter.counts if rule.counter else ""
            refunds = ", ".join(_refund(view, one, counts) for one in period.refunds)
            rows.append(
                (
                    words(rule.title[view.lang]),
                    words(first),
                    words(last),
                    words(refunds),
                    words(rule.law),
                )
            )
    if not rows:
        return None
    heads = [
        (view.say("rules.name"), "long"), (view.say("rules.from"), "text"),
        (view.say("rules.to"), "text"), (view.say("rules.refunds"), "text"),
        (view.say("rules.law"), "text"),
    ]  # fmt: skip
    return table("rules", view.lang, heads, rows, caption=view.say("rules.caption"))


def _day_or(view: View, day: dt.date | None, key: str) -> str:
    return formats.date(day, view.lang) if day is not None else view.say(key)


def _refund(view: View, one: Refund, counts: str) -> str:
    """Write a refund: its shares, each up to its limit of what is counted, or so much a day."""
    giver = payer_name(one.giver, view.lang)
    if one.per_day is not None:
        amount = formats.as_stated(float(one.per_day), view.lang)
        return view.say("rules.per_day", giver=giver, amount=amount)
    shares = []
    for step in one.steps:
        share = formats.percent(float(step.share), view.lang)
        if step.up_to is None:
            shares.append(share)
        else:
            limit = _limit(view, step.up_to, counts)
            shares.append(view.say("rules.up_to", share=share, limit=limit))
    return view.say("rules.refund", giver=giver, share=", ".join(shares))


def _limit(view: View, up_to: Decimal | str, counts: str) -> str:
    """Write a limit with its unit: days, weeks or kroner, or a length of time."""
    if isinstance(up_to, str):
        return _duration(up_to, view.lang)
    return view.say(f"rules.limit.{counts}", limit=formats.as_stated(float(up_to), view.lang))


def source_table(view: View) -> Table:
    """Return the sources by their short names."""
    rows = [
        (
            words(view.source(name)),
            words(in_language(one.title, view.lang)),
            words(one.date or ""),
            words(one.url or ""),
        )
        for name, one in view.base.sources.items()
    ]
    heads = [
        (view.say("sources.key"), "text"), (view.say("sources.title"), "long"),
        (view.say("sources.date"), "text"), (view.say("sources.url"), "text"),
    ]  # fmt: skip
    return table("sources", view.lang, heads, rows, caption=view.say("sources.caption"))


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

"""What the case assumes, in tables: parameters, effects, moves, prices, indices, rules, sources."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

from som_sim.core import formats
from som_sim.core.records import in_language
from som_sim.core.texts import one_line, payer_name, way_out
from som_sim.core.time import Duration
from som_sim.knowledge.rules import Refund
from som_sim.report import naming
from som_sim.report.case.cells import number, table, words
from som_sim.report.case.content import Block, Cell, Paragraph, Table
from som_sim.report.case.view import View
from som_sim.scenario.exact import exact_kroner
from som_sim.scenario.payers import RuleUse, rule_in, rule_names
from som_sim.scenario.prices import Payer
from som_sim.scenario.quantities import Condition, Quantity
from som_sim.scenario.schema import Effect, Evidence, Parameter, Transition


def parameter_name(one: Parameter, name: str, view: View) -> str:
    """Return what a reader calls a parameter: its label, or its name in the file."""
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
            words(parameter_name(one, name, view)),
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
    name = parameter_name(behind, one.parameter, view)
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

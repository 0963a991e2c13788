"""A sensitivity analysis in the reader's words: names, units, ranges, what turns it, what stays."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor, isfinite, log10
from typing import TYPE_CHECKING

from som_sim.core import formats
from som_sim.core.texts import CATALOGUE, one_line, payer_name, text
from som_sim.report import naming
from som_sim.report.axes import MINUS, number, signed
from som_sim.report.page import Page

if TYPE_CHECKING:
    from som_sim.analysis.importance import Importance
    from som_sim.analysis.outcome import Outcome
    from som_sim.analysis.sensitivity import Bar, OneWay, Sensitivity
    from som_sim.analysis.varied import Input

DIGITS = 3
"""Of a value that was computed."""
LEAST_SHARE = 0.005
"""Smaller shares of a variance are not printed."""
MOST_NAMED = 12
"""Names in one sentence."""


def input_name(one: Input, lang: str) -> str:
    """Return what a reader calls an input: its label, or its name as words."""
    labels = [one_line(label.into(lang)) for label in one.labels]
    return "; ".join(labels) or parameter_words(one.name.rpartition(".")[2])


def parameter_words(name: str) -> str:
    """Return a parameter's name as words.

    Examples
    --------
    >>> parameter_words("shelter_stay")
    'Shelter stay'
    """
    written = name.replace("_", " ")
    return written[:1].upper() + written[1:]


def unit_words(unit: str, lang: str) -> str:
    """Return a unit of the file in the reader's language.

    Examples
    --------
    >>> unit_words("per month", "da"), unit_words("kroner per person_day", "da")
    ('pr. måned', 'kr. pr. persondøgn')
    """
    shown = []
    for word in unit.split():
        for key in (f"unit_word.{word}", f"unit.{word}"):
            if key in CATALOGUE:
                shown.append(text(key, lang))
                break
        else:
            if word != "number":
                shown.append(word.replace("_", " "))
    return " ".join(shown)


def figures(value: float, lang: str) -> str:
    """Write a value with three figures, or more where it is large; no zeros at its end.

    Examples
    --------
    >>> figures(21.3391, "da"), figures(5.0, "da"), figures(0.02512, "en"), figures(1100, "da")
    ('21,3', '5', '0.0251', '1.100')
    """
    if not value or not isfinite(value):
        return number(value, lang)
    decimals = max(0, DIGITS - 1 - floor(log10(abs(value))))
    return number(value, lang, formats.decimals_of(round(value, decimals)))


def with_unit(value: float, one: Input, lang: str) -> str:
    """Write a value of an input with its unit."""
    return f"{figures(value, lang)} {unit_words(one.unit, lang)}".strip()


def name_and_unit(one: Input, lang: str) -> str:
    """Write the name of an input with its unit."""
    name, unit = input_name(one, lang), unit_words(one.unit, lang)
    return text("tornado.in_unit", lang, name=name, unit=unit) if unit else name


def range_words(one: Input, lang: str) -> str:
    """Write low and high of an input, without its unit."""
    return f"{figures(one.low, lang)} – {figures(one.high, lang)}"


def outcome_name(found: Sensitivity, outcome: Outcome, lang: str) -> str:
    """Return what a reader calls an outcome."""
    spec = found.result.runs[found.strategy].spec
    if outcome.kind == "net":
        view = text(
            f"tornado.view.{outcome.view}", lang, price_year=naming.price_year(found.result)
        )
        return text("tornado.net", lang, payer=payer_name(outcome.name, lang), view=view)
    if outcome.kind in ("target", "chance", "value"):
        item = spec.values[outcome.name] if outcome.kind == "value" else spec.targets[outcome.name]
        label = one_line(item.label.into(lang)) if item.label else outcome.name.replace("_", " ")
        share = outcome.kind == "target" and outcome.unit == "share"
        return text(f"tornado.{'target_share' if share else outcome.kind}", lang, label=label)
    return text(f"tornado.{outcome.kind}", lang)


def outcome_value(value: float, outcome: Outcome, lang: str, *, unit: bool = False) -> str:
    """Write a value of an outcome; a missing one as a dash."""
    if not isfinite(value):
        return formats.MISSING
    if outcome.unit == "share":
        return formats.percent(value, lang, 1 if outcome.kind == "target" else 0)
    if outcome.unit == "kroner":
        if unit:
            return formats.kroner(round(value * 100), lang, 0).replace("-", MINUS)
        return signed(value, lang) if outcome.kind == "net" else number(value, lang)
    decimals = {"persons": 1, "days": 0}.get(outcome.unit, 2)
    shown = number(value, lang, decimals)
    return f"{shown} {text(f'tornado.unit.{outcome.unit}', lang)}" if unit else shown


def span_value(bar: Bar, outcome: Outcome, lang: str) -> str:
    """Write how far a bar reaches; a difference of shares in per cent points."""
    if not bar.span:
        return "0"
    if outcome.unit == "share":
        return text("tornado.points", lang, value=number(100 * bar.span, lang, 1))
    return outcome_value(bar.span, outcome, lang).lstrip("+")


def turn_words(bar: Bar, lang: str) -> str:
    """Write where an outcome turns, without its unit; ``no``, or a question mark."""
    if bar.crossing is None:
        return ""
    if bar.crossing.value is not None:
        return figures(bar.crossing.value, lang)
    return text("tornado.no_turn" if bar.crossing.status == "none" else "tornado.unknown", lang)


def turns_head(way: OneWay, lang: str) -> str:
    """Return the heading over `turn_words`."""
    key = f"tornado.turns.{way.outcome.kind}"
    return text(key if key in CATALOGUE else "tornado.turns", lang)


def how_words(found: Sensitivity, lang: str) -> list[str]:
    """Say how far each number was varied."""
    said = []
    inputs = found.varied.inputs
    if any(one.basis in ("distribution", "draws") for one in inputs):
        said.append(text("tornado.how", lang, level=formats.percent(found.level, lang)))
    ranged = [input_name(one, lang) for one in inputs if one.basis == "range"]
    if ranged:
        said.append(text("tornado.how_range", lang, names=listed(ranged)))
    if any(one.is_price for one in inputs):
        share = formats.percent(found.prices, lang)
        said.append(text("tornado.how_prices", lang, share=share))
    return said


def listed(names: Sequence[str]) -> str:
    """Write names, the first of many; they may have commas of their own."""
    shown = "; ".join(one_line(name) for name in names[:MOST_NAMED])
    return f"{shown} …" if len(names) > MOST_NAMED else shown


def threshold_words(found: Sensitivity, way: OneWay, lang: str) -> str:
    """Say where an outcome turns, or that it does not; nothing where there is no such point."""
    kind = way.outcome.kind
    known = [bar for bar in way.bars if bar.span and bar.crossing is not None]
    if not known or way.threshold is None or f"tornado.none.{kind}" not in CATALOGUE:
        return ""
    goal = (
        formats.percent(way.threshold, lang, 1)
        if way.outcome.unit == "share"
        else formats.as_stated(way.threshold, lang)
    )
    where = [
        text(
            "tornado.where",
            lang,
            name=input_name(bar.input, lang),
            value=with_unit(bar.crossing.value, bar.input, lang),
        )
        for bar in known
        if bar.crossing is not None and bar.crossing.value is not None
    ]
    if where:
        return text(f"tornado.found.{kind}", lang, where="; ".join(where), goal=goal)
    return text(f"tornado.none.{kind}", lang, goal=goal)


def left_words(found: Sensitivity, lang: str) -> list[str]:
    """Say what was not varied, and what was varied alone though it goes with others."""
    varied, said = found.varied, []
    spec = found.result.runs[found.strategy].spec
    if varied.left_out:
        names = []
        for name in varied.left_out:
            label = spec.parameters[name].label
            names.append(one_line(label.into(lang)) if label else parameter_words(name))
        said.append(text("tornado.left_out", lang, names=listed(names)))
    what = ""
    if varied.n_prices:
        what += text("tornado.left_prices", lang, count=varied.n_prices)
    if varied.counted:
        what += text("tornado.left_counts", lang, count=varied.counted)
    said.append(text("tornado.left_rest", lang, what=what))
    names_of = {one.name: input_name(one, lang) for one in varied.inputs}
    groups = [
        listed([names_of.get(name, parameter_words(name)) for name in group])
        for group in groups_together(varied.inputs)
    ]
    if groups:
        shown = " · ".join(f"({group})" for group in groups)
        said.append(text("tornado.together", lang, groups=shown))
    return said


def groups_together(inputs: Sequence[Input]) -> list[tuple[str, ...]]:
    """Return the names that go together, each group once, in the order of the file."""
    groups: list[list[str]] = []
    for one in inputs:
        if not one.together:
            continue
        mine = [one.name, *one.together]
        met = [group for group in groups if set(group) & set(mine)]
        joined = dict.fromkeys(name for group in (*met, mine) for name in group)
        groups = [group for group in groups if group not in met] + [list(joined)]
    return [tuple(group) for group in groups]


def idle_names(way: OneWay, lang: str) -> list[str]:
    """Return the names of inputs that do nothing to an outcome."""
    return [input_name(bar.input, lang) for bar in way.bars if not bar.span]


def print_sensitivity(page: Page, found: Sensitivity) -> None:
    """Print how each number was varied, a table for each outcome, and what was not varied."""
    lang = page.lang
    strategy = naming.strategy(found.result, found.strategy, lang)
    page.head(text("tornado.heading", lang, strategy=strategy))
    for said in how_words(found, lang):
        page.say(said)
    for way in found.ways:
        _print_way(page, found, way)
    if found.importance is not None:
        _print_importance(page, found, found.importance)
    page.head(text("tornado.stays", lang))
    for said in left_words(found, lang):
        page.say(said, bullet=True)


def _print_way(page: Page, found: Sensitivity, way: OneWay) -> None:
    lang, outcome = page.lang, way.outcome
    value = outcome_value(way.base, outcome, lang, unit=True)
    name = outcome_name(found, outcome, lang)
    page.head(text("tornado.base", lang, outcome=name, value=value))
    turns = any(bar.crossing is not None for bar in way.bars)
    rows = [
        (
            name_and_unit(bar.input, lang),
            range_words(bar.input, lang),
            outcome_value(bar.at_low, outcome, lang),
            outcome_value(bar.at_high, outcome, lang),
            *((turn_words(bar, lang),) if turns else ()),
            bar.input.grade or formats.MISSING,
        )
        for bar in way.bars
        if bar.span
    ]
    if rows:
        keys = ("assumption", "range", "at_low", "at_high", "grade")
        heads = [text(f"tornado.{key}", lang) for key in keys]
        heads[-1:-1] = [turns_head(way, lang)] if turns else []
        page.table(heads, rows, bold_last=False)
    idle = idle_names(way, lang)
    if idle:
        page.say(text("tornado.no_influence", lang, names=listed(idle)), style="dim")
    said = threshold_words(found, way, lang)
    if said:
        page.say(said)


def _print_importance(page: Page, found: Sensitivity, drawn: Importance) -> None:
    """Print which parameters an outcome's uncertainty comes from, with all uncertain at once."""
    lang = page.lang
    count = number(drawn.n_draws, lang)
    page.head(text("importance.heading", lang, count=count, seed=drawn.seed))
    page.say(text("importance.how", lang))
    for way in found.ways:
        parts = [one for one in drawn.parts[str(way.outcome)] if one.share >= LEAST_SHARE]
        page.head(outcome_name(found, way.outcome, lang))
        net = way.outcome.kind == "net"
        rows = [
            (
                input_name(part.input, lang),
                formats.percent(part.share, lang),
                signed(part.rank_correlation, lang, 2),
                *((number(part.worth, lang),) if net else ()),
            )
            for part in parts
        ]
        if rows:
            keys = ("share", "rank", *(("worth",) if net else ()))
            heads = [text("tornado.assumption", lang)]
            page.table(
                [*heads, *(text(f"importance.{key}", lang) for key in keys)], rows, bold_last=False
            )
        if net:
            worth = number(drawn.worth[str(way.outcome)], lang)
            page.say(text("importance.worth_of_all", lang, worth=worth))

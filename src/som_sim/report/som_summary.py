"""SØM's answer on the screen: who pays, who gains, when, and what is missing."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from som_sim.core.formats import kroner, number, oere_as_kroner, percent, signed
from som_sim.core.texts import one_line, payer_name, text
from som_sim.report.naming import DIGEST_CHARACTERS
from som_sim.report.page import Page
from som_sim.som.result import NO_COMMITTEE, SomResult, payers_of
from som_sim.som.sensitivity import SHARE, one_way, switching_rate

if TYPE_CHECKING:
    from rich.console import Console

    from som_sim.core.records import Text

SHOWN_INPUTS = 8


def print_som(result: SomResult, lang: str, console: Console) -> None:
    """Print a SØM calculation.

    Parameters
    ----------
    result
        What `run_case` returned.
    lang
        ``"da"`` or ``"en"``.
    console
        Where to print; 80 columns are enough.
    """
    page = Page(console, lang)
    _head(page, result)
    _missing(page, result)
    if result.has("net_total"):
        _net(page, result)
        _by_year(page, result)
        _committees(page, result)
        _sensitivity(page, result)
    elif result.has("cost_total"):
        _costs(page, result)
    _published(page, result)
    page.console.print()
    failed = sum(not check.ok for check in result.checks)
    key = "som.checks_failed" if failed else "som.checks"
    page.say(text(key, lang, failed=failed, count=len(result.checks)))
    if result.has("net_total"):
        page.say(text("som.limits", lang), style="dim")


def words(label: Text | None, name: str, lang: str) -> str:
    """Return a label in a language, or the name where there is none."""
    return one_line(label.into(lang)) if label is not None else name.replace("_", " ")


def whole_kroner(oere: int | Fraction, lang: str) -> str:
    """Write an amount in whole kroner, without the unit; the sign shows a loss."""
    return number(Decimal(round(oere)).scaleb(-2), lang)


def _head(page: Page, result: SomResult) -> None:
    lang, spec = page.lang, result.case.spec
    page.say(one_line(spec.meta.title.into(lang)), style="bold underline")
    digest = result.case.digest[:DIGEST_CHARACTERS]
    page.say(text("som.origin", lang, digest=digest, version=result.version), style="dim")
    page.say(text("som.ours", lang), style="dim")
    if spec.participants is not None:
        years = sorted(spec.participants.start)
        span = str(years[0]) if len(years) == 1 else f"{years[0]}-{years[-1]}"
        persons = number(float(result.n_participants), lang, 0)
        if spec.success is None:
            page.say(text("som.participants_only", lang, persons=persons, years=span))
        else:
            rate = _rate(spec.success.rate, lang)
            page.say(text("som.participants", lang, persons=persons, years=span, rate=rate))
    success = spec.success
    if success is not None and success.with_ is not None and success.reference is not None:
        gross, anyway = (_rate(one, lang) for one in (success.with_, success.reference))
        page.say(text("som.gross", lang, gross=gross, reference=anyway), bullet=True)


def _rate(rate: Decimal | Fraction, lang: str) -> str:
    return percent(float(rate), lang, 1)


def _missing(page: Page, result: SomResult) -> None:
    lang = page.lang
    if not result.case.spec.missing:
        return
    page.head(text("som.missing", lang))
    for one in result.case.spec.missing:
        name = text(f"som.input.{one.input}", lang)
        if one.note is None:
            page.say(text("som.missing_plain", lang, input=name), bullet=True)
        else:
            note = one_line(one.note.into(lang))
            page.say(text("som.missing_line", lang, input=name, note=note), bullet=True)


def _years(result: SomResult) -> dict[str, int]:
    return {"first": result.years[0], "last": result.years[-1]}


def _net(page: Page, result: SomResult) -> None:
    lang = page.lang
    page.head(text("som.net_title", lang, **_years(result)))
    heads = ("payer", "cost", "benefit", "net", "per_participant", "break_even")
    rows = []
    for payer in payers_of(result):
        figures = [
            signed_kroner(result.figure(one, payer), lang)
            if one.startswith("net")
            else whole_kroner(result.figure(one, payer), lang)
            for one in ("cost_total", "benefit_total", "net_total", "net_per_participant")
        ]
        rows.append((payer_name(payer, lang), *figures, _back(result, payer, lang)))
    page.table([text(f"som.{one}", lang) for one in heads], rows, bold_last=True)
    spec = result.case.spec
    note = text(
        "som.net_note", lang, price_year=spec.meta.price_year, base_year=spec.money.base_year
    )
    page.say(note, style="dim")


def signed_kroner(oere: int | Fraction, lang: str) -> str:
    """Write an amount in whole kroner with its sign."""
    return signed(oere_as_kroner(round(oere)), lang)


def _back(result: SomResult, payer: str, lang: str) -> str:
    if not (result.net(payer) < 0).any():
        return text("som.never_behind", lang)
    year = result.som_break_even(payer)
    return text("som.never", lang) if year is None else str(year)


def _costs(page: Page, result: SomResult) -> None:
    lang = page.lang
    page.head(text("som.cost_title", lang, **_years(result)))
    per = result.has("cost_per_participant")
    heads = ["payer", "cost", *(["per_participant"] if per else [])]
    rows = [
        (
            payer_name(payer, lang),
            whole_kroner(result.figure("cost_total", payer), lang),
            *([whole_kroner(result.figure("cost_per_participant", payer), lang)] if per else []),
        )
        for payer in payers_of(result)
    ]
    page.table([text(f"som.{one}", lang) for one in heads], rows, bold_last=True)


def _by_year(page: Page, result: SomResult) -> None:
    lang = page.lang
    payers = payers_of(result)
    page.head(text("som.by_year", lang, price_year=result.case.spec.meta.price_year))
    nets = {payer: result.net(payer, "constant") for payer in payers}
    shown = [one for one in ("kommune", "region", "stat", "public", "society") if one in nets]
    total = nets["society"] if "society" in nets else np.zeros(len(result.years), dtype=np.int64)
    cumulative = np.cumsum(total)
    rows = [
        (
            str(year),
            *(whole_kroner(int(nets[payer][position]), lang) for payer in shown),
            whole_kroner(int(cumulative[position]), lang),
        )
        for position, year in enumerate(result.years)
    ]
    heads = (
        text("year", lang),
        *(payer_name(payer, lang) for payer in shown),
        text("som.cumulative", lang),
    )
    page.table(heads, rows, bold_last=False)


def _committees(page: Page, result: SomResult) -> None:
    lang = page.lang
    found = result.by_committee()
    if not [name for name in found if name != NO_COMMITTEE]:
        return
    page.head(text("som.committees", lang))
    rows = [
        (
            one_line(name) or text("som.no_committee", lang),
            signed_kroner(int(values.sum()), lang),
        )
        for name, values in found.items()
    ]
    page.table([text("som.committee", lang), text("som.net", lang)], rows, bold_last=False)


def _sensitivity(page: Page, result: SomResult) -> None:
    lang, payer = page.lang, "public"
    spec = result.case.spec
    name = payer_name(payer, lang)
    page.head(text("som.sensitivity", lang, payer=name))
    share = percent(float(SHARE), lang)
    rows = []
    for one in one_way(result, payer)[:SHOWN_INPUTS]:
        label = ""
        if one.kind in ("cost", "consequence"):
            item = spec.costs[one.name] if one.kind == "cost" else spec.consequences[one.name]
            label = words(item.label, one.name, lang)
        rows.append(
            (
                text(f"som.sensitivity.{one.kind}", lang, label=label),
                signed_kroner(one.low, lang),
                signed_kroner(one.high, lang),
            )
        )
    heads = ("sensitivity_what", "sensitivity_low", "sensitivity_high")
    page.table([text(f"som.{head}", lang, share=share) for head in heads], rows, bold_last=False)
    for who in ("kommune", payer):
        rate = switching_rate(result, who)
        if rate is not None and rate <= 1:
            page.say(
                text("som.switching", lang, payer=payer_name(who, lang), rate=_rate(rate, lang)),
                bullet=True,
            )


def _published(page: Page, result: SomResult) -> None:
    lang = page.lang
    found = list(result.published())
    if not found:
        return
    page.head(text("som.published", lang))
    rows = []
    for one in found:
        stated = one.published
        payer = payer_name(stated.payer, lang)
        rows.append(
            (
                text(f"som.figure.{stated.figure}", lang, payer=payer)
                + (f" ({text('som.derived', lang)})" if stated.derived else ""),
                number(stated.amount, lang),
                text("som.published_unknown", lang)
                if one.oere is None
                else number(oere_as_kroner(round(one.oere)), lang),
                text("none", lang)
                if one.reproduced is None
                else text("yes" if one.reproduced else "no", lang),
            )
        )
    heads = ("figure", "theirs", "ours", "same")
    page.table([text(f"som.published_{head}", lang) for head in heads], rows, bold_last=False)
    page.say(text("som.published_note", lang), style="dim")
    for agreement in result.agreement():
        page.say(
            text(
                "som.agree" if agreement.ok else "som.disagree",
                lang,
                n=number(float(agreement.n), lang),
                per=number(agreement.per_participant.amount, lang),
                product=number(float(agreement.product), lang),
                total=number(agreement.total.amount, lang),
            ),
            bullet=True,
        )


def kroner_with_unit(oere: int, lang: str) -> str:
    """Write an amount in whole kroner with its unit."""
    return kroner(oere, lang, 0)

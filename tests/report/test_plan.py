"""What a case leaves out cannot be worked out from all that it says, taken together."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import openpyxl
import pytest

import som_sim
from count_attack import Attacker, attack, persons_sheet
from som_sim.report import figures_people
from som_sim.report.case.build import build_case
from som_sim.report.case.content import Case, Table
from som_sim.report.case.sensitivity import analyse, publishable
from som_sim.report.disclosure import SUPPRESSED, THRESHOLD, Disclosure
from som_sim.report.plan import Plan, plan_of
from som_sim.report.style import house_style, new_axes
from som_sim.report.workbook.book import workbook_bytes

CASES = ("randers_act", "randers_three_domains", "aftercare", "skaeve_boliger", "young_hostel_cti")
FEW = """
som_sim: 1
meta: {title: Few, currency: DKK, price_year: 2024}
time: {from: 2024-01, to: 2025-12, cycle: month}
domains: {housing: {street: {homeless: true}, sofa: {homeless: true}, shelter: {}, home: {}}}
strata: {young: {}, old: {}}
population:
  initial:
    - {stratum: young, housing: street, persons: 2}
    - {stratum: old, housing: street, persons: 9}
    - {stratum: young, housing: sofa, persons: 8}
    - {stratum: old, housing: sofa, persons: 12}
    - {stratum: young, housing: home, persons: 60}
    - {stratum: old, housing: home, persons: 90}
    - {stratum: old, housing: shelter, persons: 3}
transitions:
  - {from: {housing: street}, to: sofa, rate_per_year: 0.5}
  - {from: {housing: sofa}, to: street, rate_per_year: 0.3}
  - {from: {housing: sofa}, to: home, rate_per_year: 0.2}
  - {from: {housing: home}, to: shelter, rate_per_year: 0.02}
  - {from: {housing: shelter}, to: home, rate_per_year: 0.8}
targets:
  homeless: {indicator: {persons_in: {homeless: true}}, at: 2025-06-01, baseline: 31, goal: 28, better: lower}
  sheltered: {indicator: {persons_in: {housing: shelter}}, at: 2025-06-01, baseline: 3, goal: 1, better: lower}
strategies: {reference: {}, other: {overrides: {"transitions[4].rate_per_year": 0.9}}}
"""


def results(repository: Path, name: str) -> som_sim.Result:
    if name == "few":
        return som_sim.run(som_sim.loads(FEW))
    return som_sim.run(som_sim.load(repository / "scenarios" / f"{name}.yaml"))


def read(result: som_sim.Result, rule: Disclosure | Plan | None = None) -> Attacker:
    case = build_case(result, "en", rule)
    return attack(result, case, persons_sheet(workbook_bytes(result, case, rule)))


def given_away(found: Attacker) -> list[tuple[tuple[str, ...], float, tuple[float, float]]]:
    """Small counts of which the attacker can say that they are small, or what they are."""
    shown = []
    solved: dict[frozenset[object], Attacker] = {}
    for name, persons in found.truth.items():
        if not 0 < persons < THRESHOLD:
            continue
        part = found.component(name)
        part = solved.setdefault(frozenset(part.truth), part)
        low, high = part.bounds(name)
        if high < THRESHOLD - 0.01 or high - low < THRESHOLD - 0.01:
            shown.append((name, persons, (low, high)))
    return shown


@pytest.mark.parametrize("name", [*CASES, "few"])
def test_an_attacker_with_everything_published_learns_no_small_count(
    repository: Path, name: str
) -> None:
    found = read(results(repository, name))
    assert any(0 < one < THRESHOLD for one in found.truth.values())
    assert given_away(found) == []


def test_the_attacker_finds_what_each_table_on_its_own_gives_away(repository: Path) -> None:
    result = results(repository, "few")
    plan = plan_of(result)
    assert plan.state("housing", "shelter", "2024-01-01")
    # Only the small counts themselves left out: totals give them back.
    primary = {
        line
        for line in plan.hidden
        if line in (("start", "housing", "young", "street"), ("flow", "housing", "home", "shelter"))
        or (line[0] == "state" and line[2] == "shelter")  # type: ignore[index]
    }
    bare = Plan(rule=plan.rule, hidden=frozenset(primary), days=plan.days)
    assert {name[:1] for name, _, _ in given_away(read(result, bare))} >= {("start",)}
    assert len(given_away(read(result, bare))) > 10


@pytest.mark.parametrize("kind", ["state", "start", "flow", "target"])
def test_the_attacker_sees_each_kind_of_figure(repository: Path, kind: str) -> None:
    result = results(repository, "few")
    plan = plan_of(result)
    left = frozenset(line for line in plan.hidden if line[0] != kind)  # type: ignore[index]
    assert left < plan.hidden
    assert given_away(read(result, Plan(rule=plan.rule, hidden=left, days=plan.days)))


def tables_of(case: Case) -> list[Table]:
    return list(case.tables())


@pytest.mark.parametrize("lang", ["da", "en"])
@pytest.mark.parametrize("name", ["randers_act", "aftercare", "few"])
def test_what_is_left_out_has_no_number_behind_it(repository: Path, name: str, lang: str) -> None:
    case = build_case(results(repository, name), lang)
    marked = [
        cell for table in tables_of(case) for row in table.rows for cell in row
        if cell.text == SUPPRESSED
    ]  # fmt: skip
    assert marked and all(cell.number is None for cell in marked)
    kinds = ("start_", "numbers_states_", "numbers_flows_", "programmes_")
    for table in tables_of(case):
        if not table.key.startswith(kinds):
            continue
        for row in table.rows:
            first = 3 if table.key.startswith("programmes_") else 1
            small = [one.number for one in row[first:] if one.number and 0 < one.number < THRESHOLD]
            assert small == [], (table.key, row[0].text)


def test_a_small_target_is_told_nowhere(repository: Path) -> None:
    result = results(repository, "few")
    value = float(
        result.targets.set_index(["target", "strategy"]).loc[("sheltered", "other"), "projected"]
    )
    assert 0 < value < THRESHOLD
    from som_sim.report.html import html_text

    case = build_case(result, "en")
    assert not [one.key for one in case.pictures() if one.key.endswith("_sheltered")]
    page = html_text(case)
    assert f"{value:.1f}" not in page.split("Reconciliation")[0].split("<svg")[0]
    outcome = next(one for one in tables_of(case) if one.key == "outcomes")
    row = next(one for one in outcome.rows if one[0].text == "sheltered")
    assert [row[at].text for at in (3, 5, 6)] == [SUPPRESSED] * 3
    shown = build_case(result, "en", Disclosure(hide=False))
    assert [one.key for one in shown.pictures() if one.key.endswith("_sheltered")]


def test_a_programme_is_left_out_of_whole_years_in_table_and_figure(
    randers: som_sim.Result,
) -> None:
    plan = plan_of(randers)
    with house_style():
        ax = figures_people.draw_programme(new_axes(), randers, "act", "icm_guides", "en")
    rows = randers.programmes
    name = "icm_guides"
    dates = rows.loc[(rows["strategy"] == "act") & (rows["programme"] == name), "date"]
    line = next(one for one in ax.lines if np.isnan(np.asarray(one.get_ydata(), float)).any())
    for date, value in zip(dates, np.asarray(line.get_ydata(), float), strict=True):
        assert np.isnan(value) == plan.programme("act", name, "in", date[:4])
    drawn = [np.asarray(one.get_ydata(), float) for one in ax.lines[1:]]
    shown = [value for values in drawn if len(values) == len(dates) for value in values]
    assert not [one for one in shown if 0 < one < THRESHOLD]


def test_one_switch_shows_everything(randers: som_sim.Result) -> None:
    assert plan_of(randers, Disclosure(hide=False)).hidden == frozenset()


def test_the_threshold_is_one_number(randers: som_sim.Result) -> None:
    assert plan_of(randers, Disclosure(threshold=0)).hidden == frozenset()
    more = plan_of(randers, Disclosure(threshold=10))
    assert more.state("housing", "street", "2018-02-01")
    assert not plan_of(randers).state("housing", "street", "2018-02-01")


def test_a_price_of_few_persons_that_one_strategy_pays_is_not_varied_in_public(
    randers: som_sim.Result,
) -> None:
    plan = plan_of(randers)
    assert plan.price("icm_after_act") and not plan.price("treatment_month")
    found = analyse(randers)
    prices = {name for way in found.ways for bar in way.bars for name in bar.input.prices}
    told = publishable(found, plan)
    shown = {name for way in told.ways for bar in way.bars for name in bar.input.prices}
    assert "icm_after_act" in prices and prices - shown == {"icm_after_act"}


def test_published_money_by_month_tells_nobody_in_a_programme(repository: Path) -> None:
    """Two payers of one price, taken from each other, leave what the programme alone costs."""
    page = (repository / "scenarios" / "first.yaml").read_text("utf-8")
    for before, after in (("persons: 40}", "persons: 12}"), ("persons: 160}", "persons: 48}"),
                          ("2024-07: 10", "2024-07: 4")):  # fmt: skip
        page = page.replace(before, after)
    result = som_sim.run(som_sim.loads(page))
    case = build_case(result, "en")
    for publish, rule, there in ((True, Disclosure(), False), (False, Disclosure(), True),
                                 (True, Disclosure(hide=False), True)):  # fmt: skip
        made = workbook_bytes(result, case, rule, publish=publish)
        names = openpyxl.load_workbook(io.BytesIO(made)).sheetnames
        assert ("Liquidity" in names) == there

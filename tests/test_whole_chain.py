"""Random whole scenarios from text to tables: what must hold whatever the file says."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import som_sim as som
from plain_loop import PlainModel, PlainRun
from random_scenarios import PAYERS, Data, as_text, boundaries, result_of, scenarios
from som_sim.ledger.cuts import DIMENSIONS, cut
from som_sim.ledger.ledger import MEMO
from som_sim.result import Result

SAME = 1e-9
"""Relative to everybody: the tables against sums of float flows, or against the plain loop."""
ROUNDING = 0.5
"""Øre that one rounding of one posting can move an amount."""
SHARING = 1.0
"""Øre that sharing one posting over payers by largest remainder, and a refund, can move a part."""
FEW, MANY = 20, 100
"""Whole scenarios: some in every run of the tests, many where time is given for it."""
BY_PERSON = ("person_day", "person_month", "person_year", "entry", "move", "enrolment")
NET_OF_REFUND = {
    "dk_section_110": {"kommune": 0.5, "stat": 0.5},
    "dk_benefit_over_52_weeks": {"kommune": 0.8, "stat": 0.2},
}
"""What payers bear in the years that random scenarios run in."""


def everybody(result: Result) -> float:
    """Return the most persons that there were or came, over strategies."""
    return max(
        float(
            run.trajectory.occupancy[0, 0, :, :, -1].sum() + run.trajectory.left[0, 0, :, -1].sum()
        )
        for run in result.runs.values()
    )


def one(table: pd.DataFrame, strategy: str) -> pd.DataFrame:
    return table[table["strategy"] == strategy].drop(columns="strategy")


# People ----------------------------------------------------------------------------------------


def check_tables_against_plain_loop(data: Data, result: Result) -> None:
    """Every row of the tables of people, by its labels."""
    domains, persons = list(data["domains"]), everybody(result)
    for strategy in data["strategies"]:
        plain = PlainModel(data, strategy).run()
        days = [day.isoformat() for day in plain.boundaries]
        for table, column, value, expected in (
            (result.occupancy, "date", "persons", plain.occupancy),
            (result.person_time, "start", "person_days", plain.person_days),
        ):
            rows = one(table, strategy)
            assert len(rows) == len(plain.cells) * len(expected)
            by_cell = rows.set_index([column, "stratum", "programme", *domains])[value].to_dict()
            for day, cells in zip(days, expected, strict=False):
                for cell in plain.cells:
                    stratum, programme, states = cell
                    found = by_cell[day, stratum, programme, *states]
                    assert found == pytest.approx(cells[cell], rel=SAME, abs=SAME * persons)
        check_flows_against_plain_loop(data, one(result.flows, strategy), plain, persons)


def check_flows_against_plain_loop(
    data: Data, table: pd.DataFrame, plain: PlainRun, persons: float
) -> None:
    domains = list(data["domains"])
    expected: dict[tuple[str, ...], float] = defaultdict(float)
    for cycle, start in enumerate(day.isoformat() for day in plain.boundaries[:-1]):
        for (source, target, domain), flow in plain.flows[cycle].items():
            stratum, programme, states = source
            if domain == "programme":
                move = programme, target[1]
            elif domain == "stratum":
                move = stratum, target[0]
            else:
                at = domains.index(domain)
                move = states[at], target if isinstance(target, str) else target[2][at]
            expected[start, stratum, programme, domain, *move] += flow
        for (stratum, programme, states), per_year in plain.arrivals[cycle].items():
            arriving = per_year * (plain.boundaries[cycle + 1] - plain.boundaries[cycle]).days
            for domain, state in zip(domains, states, strict=True):
                key = start, stratum, programme, domain, "arrival", state
                expected[key] += arriving / 365.25
        for (name, (stratum, programme, _)), moved in plain.enrolments[cycle].items():
            expected[start, stratum, programme, "programme", programme, name] += moved
    keys = ["start", "stratum", "programme", "domain", "from", "to"]
    assert not table.duplicated(keys).any()
    found = table.set_index(keys)["persons"].to_dict()
    busiest = plain.busiest
    for key in {*found, *expected}:
        allowed = SAME * persons * busiest
        assert found.get(key, 0.0) == pytest.approx(expected.get(key, 0.0), abs=allowed), key


def check_opening_and_flows_are_closing(data: Data, result: Result) -> None:
    """The identity an auditor makes of two tables, occupancy and flows, and nothing else.

    Rows of flows are summed over the states of other domains, and those of a change of programme
    name no state: so state by state over programmes, and programme by programme over states. Of
    two domains a leaver is in the rows of one, so there only the sum over all states can be made.
    """
    persons, domains = everybody(result), list(data["domains"])
    starts = [day.isoformat() for day in boundaries(data)]
    after = dict(pairwise(starts))
    eligible = [rules["eligible"].get("programme", "none") for rules in data["programmes"].values()]
    ageing = any(data["strata"].values())
    by_state = not ageing and (len(domains) == 1 or not data["leave"])
    for strategy in data["strategies"]:
        held: dict[tuple[str, ...], float] = defaultdict(float)
        gain: dict[tuple[str, ...], float] = defaultdict(float)
        table = one(result.occupancy, strategy)
        for row in table.to_dict("records"):
            where = row["stratum"], "programme", row["programme"]
            keys = [where, *((row["stratum"], domain, row[domain]) for domain in domains)]
            for key in keys:
                held[row["date"], *key] += row["persons"]
        busiest = 1.0
        for row in one(result.flows, strategy).to_dict("records"):
            start, stratum, domain, moved = (
                row[key] for key in ("start", "stratum", "domain", "persons")
            )
            busiest = max(busiest, moved)
            waited = row["from"] == "none" or row["from"].startswith("after ")
            if domain == "programme" and waited and row["to"] in data["programmes"]:
                # Enrolment stands at the start of its cycle, before the persons held then.
                start = next((first for first, later in after.items() if later == start), "")
            if domain == "stratum":
                gain[start, row["from"], "programme", row["programme"]] -= moved
                gain[start, row["to"], "programme", row["programme"]] += moved
                continue
            gain[start, stratum, domain, row["to"]] += moved
            gain[start, stratum, domain, row["from"]] -= moved
            inside = start, stratum, "programme", row["programme"]
            if row["from"] == "arrival" and domain == domains[0]:
                gain[inside] += moved
            if row["to"] in data["leave"]:
                gain[inside] -= moved
        allowed = SAME * max(persons, busiest) * len(held)
        for opening, closing in after.items():
            for (date, stratum, kind, name), there in held.items():
                if date != closing or (
                    kind == "programme" and eligible.count("none") < len(eligible)
                ):
                    continue  # a change by enrolment and one by moving on look the same
                if kind != "programme" and not by_state:
                    continue
                expected = held[opening, stratum, kind, name] + gain[opening, stratum, kind, name]
                assert there == pytest.approx(expected, abs=allowed), (closing, stratum, kind, name)


def check_indicators(data: Data, result: Result) -> None:
    for strategy in data["strategies"]:
        model = PlainModel(data, strategy)
        plain, persons = model.run(), everybody(result)
        busiest = plain.busiest
        targets = one(result.targets, strategy).set_index("target")
        for name, target in data["targets"].items():
            expected, row = model.measure(plain, target), targets.loc[name]
            allowed = 1e-7 if "share_of_moves" in target["indicator"] else SAME * persons * busiest
            assert row["projected"] == pytest.approx(expected, rel=SAME, abs=allowed)
            lower = row["projected"] <= row["goal"]
            assert row["met"] == (lower if target["better"] == "lower" else not lower) or (
                row["projected"] == row["goal"]
            )
        observed = one(result.observations, strategy)
        for row, observation in zip(observed.to_dict("records"), data["observations"], strict=True):
            expected = model.measure(plain, observation)
            assert row["projected"] == pytest.approx(expected, rel=1e-7, abs=SAME * persons)


# Money -----------------------------------------------------------------------------------------


def bears(price: Data) -> dict[str, float]:
    """Return the share of a bill that each payer bears in the end; a receiver's is below 0."""
    payers = price["payers"]
    if isinstance(payers, dict) and "rule" in payers:
        four, half_a_year, year = (float(one) for one in payers["within"].values())
        parts = (four, half_a_year - four, year - half_a_year, 1 - year)
        state = sum(part * share for part, share in zip(parts, (0.8, 0.4, 0.3, 0.2), strict=True))
        payers = {"kommune": 1 - state, "stat": state}
    shares = (
        {payer: float(one) for payer, one in payers.items()} if isinstance(payers, dict) else {}
    )
    net = defaultdict(float, shares or NET_OF_REFUND[payers])
    if "transfer_to" in price:
        net[price["transfer_to"]] -= 1
    return net


def check_costs_against_plain_loop(data: Data, result: Result) -> None:
    """What each payer bears of each item and year: quantity x price x index x share."""
    index = data["indices"]["pl"]["values"]
    for strategy in data["strategies"]:
        model = PlainModel(data, strategy)
        plain = model.run()
        ledger = one(result.ledger, strategy)
        ledger = ledger[ledger["kind"] != "memo"]
        booked = ledger.groupby(["item", "year", "payer"])["amount_oere"].sum().to_dict()
        for name, price in data["prices"].items():
            if price.get("programme", "") not in ("", *model.programmes):
                assert not any(item == name for item, _, _ in booked)
                continue
            exact: dict[int, float] = defaultdict(float)
            postings: dict[int, int] = defaultdict(int)
            for cycle, start in enumerate(model.boundaries[:-1]):
                bought = model.quantity(plain, price, cycle)
                level = float(index[start.year]) / float(index[price["price_year"]])
                unit = 100 * model.unit_price(price) * level
                exact[start.year] += unit * sum(bought.values())
                postings[start.year] += len(bought)
            for year, amount in exact.items():
                for payer in PAYERS:
                    found = booked.get((name, year, payer), 0)
                    allowed = (ROUNDING + 2 * SHARING) * postings[year] + 1e-8 * abs(amount)
                    assert found == pytest.approx(amount * bears(price)[payer], abs=allowed), name
        check_grants(data, strategy, result, booked)


def check_grants(
    data: Data, strategy: str, result: Result, booked: dict[tuple[str, int, str], int]
) -> None:
    """A grant in turn: what it may use, what it gives back, and who bears what in the end."""
    table = one(result.grants, strategy).set_index(["grant", "year"])
    names = (data["strategies"][strategy] or {}).get("grants", [])
    assert {grant for grant, _ in table.index} == set(names)
    borne = {payer: defaultdict(int) for payer in PAYERS}  # type: ignore[var-annotated]
    for (item, year, payer), amount in booked.items():
        if item in data["prices"]:
            borne[payer][year] += amount
    for name in names:
        grant, carried = data["grants"][name], 0
        last = max(grant["tranches"])
        years = grant["tranches"]
        if grant["unspent"] == "carried":  # what is carried is at hand between two tranches too
            years = range(min(years), last + 1)
        assert {year for grant, year in table.index if grant == name} == set(years)
        for year in sorted(years):
            row = table.loc[(name, year)]
            oere = int(grant["tranches"].get(year, 0) * 100)
            assert row["award_oere"] == row["paid_oere"] == oere
            assert row["carried_in_oere"] == carried
            used = row["used_oere"]
            covered = sum(booked.get((item, year, grant["to"]), 0) for item in grant["covers"])
            most = int(max(covered, 0) * Fraction(grant.get("share", 1)))
            assert 0 <= used <= min(oere + carried, most)
            if len(names) == 1:
                assert used == min(oere + carried, most)
            assert row["own_oere"] == row["covered_oere"] - used
            rest = oere + carried - used
            keeps = grant["unspent"] == "carried" and year < last
            keeps = keeps and year in grant.get("approved", range(min(years), last))
            assert row["returned_oere"] == (0 if keeps else rest)
            carried = rest if keeps else 0
            assert row["carried_out_oere"] == carried
            back = row["clawed_back_oere"]
            assert not back or ("clawback" in grant and year == max(years))
            assert back <= table.loc[name]["used_oere"].sum()
            borne[grant["funder"]][year] += oere - row["returned_oere"] - back
            borne[grant["to"]][year] -= oere - row["returned_oere"] - back
    costs = one(result.cost_by_year, strategy).set_index(["payer", "year"])["current_oere"]
    for payer in PAYERS:
        for year in {day.year for day in boundaries(data)[:-1]}:
            assert costs[payer, year] == borne[payer][year], (payer, year)


def check_books(data: Data, result: Result) -> None:
    """Transactions balance; payers, items and years add to the same total."""
    costs = result.cost_by_year
    for strategy, run in result.runs.items():
        books = run.books.ledger
        counted = books.kind != MEMO
        if counted.any():
            sums = np.bincount(books.transaction[counted], weights=books.amount[counted])
            assert not sums.any(), "a transaction does not balance"
        ledger = one(result.ledger, strategy)
        ledger = ledger[ledger["kind"] != "memo"]
        total = int(ledger["amount_oere"].sum())
        assert total == int(ledger.loc[ledger["kind"] == "cost", "amount_oere"].sum())
        by_payer = one(costs, strategy).groupby("payer")["current_oere"].sum()
        assert total == by_payer["society"] == sum(by_payer[payer] for payer in PAYERS)
        assert by_payer["public"] == sum(by_payer[one] for one in ("kommune", "region", "stat"))
        worth = one(result.economics, strategy)
        rounded = 2 * len(PAYERS) * len(set(costs["year"])) + 2
        missed = worth["benefits_oere"] - worth["costs_oere"] - worth["net_present_value_oere"]
        assert (missed.abs() <= rounded).all(), "benefits less costs are the net"
        net = result.net("society", strategy, "current")
        reference = one(costs, result.reference).set_index(["payer", "year"])["current_oere"]
        mine = one(costs, strategy).set_index(["payer", "year"])["current_oere"]
        assert net.to_dict() == (reference["society"] - mine["society"]).to_dict()


def check_cuts(data: Data, result: Result) -> None:
    """Any cut agrees with any other, and what explains an item adds to what is booked."""
    too_short = {"year": ("month", "quarter"), "quarter": ("month",), "month": ()}
    names = [name for name in DIMENSIONS if name not in too_short[data["time"]["cycle"]]]
    for strategy, run in result.runs.items():
        about = run.spec, run.trajectory.model.calendar, run.books.ledger
        total = cut(*about, ()).get((), 0)
        by_payer = {key: amount for key, amount in cut(*about, ("payer",)).items() if amount}
        for name in names:
            sums: dict[tuple[str | int, ...], int] = defaultdict(int)
            for key, amount in cut(*about, tuple(dict.fromkeys((name, "payer")))).items():
                sums[key[-1:]] += amount
            assert sum(sums.values()) == total
            assert {key: amount for key, amount in sums.items() if amount} == by_payer
        booked = cut(*about, ("item", "payer"))
        for charge in run.books.charges:
            for payer in ("kommune", "stat"):
                found = result.explain(charge.name, payer, strategy)
                assert found.posted == sum(step.posted for step in found.steps)
                assert found.posted == booked.get((charge.name, payer), 0)
                many = charge.amount[0].size
                for step in found.steps:
                    missed = abs(step.posted - step.exact)
                    assert missed <= (1 + 2 * SHARING) * many + 1e-9 * abs(step.exact)


def check_funding(data: Data, result: Result) -> None:
    """As awarded it is what is booked; in every case grants add to 0 over payers."""
    ledger, funding = result.ledger, result.funding
    for strategy in result.strategies[1:]:
        mine = one(funding, strategy)
        for case, rows in mine.groupby("case"):
            rounding = len(PAYERS) if case == "expected" else 0
            assert abs(rows["grants_oere"].sum()) <= rounding
            assert (rows["peak_funding_oere"].dropna() >= 0).all()
        awarded = mine[mine["case"] == "as_awarded"].set_index("payer")
        booked = one(ledger, strategy)
        booked = booked[booked["account"].str.startswith("grant_") & (booked["kind"] != "memo")]
        for payer in PAYERS:
            given = booked.loc[booked["payer"] == payer, "amount_oere"].sum()
            assert awarded["grants_oere"][payer] == -given
            net = result.net(payer, strategy, "current")
            assert awarded["net_oere"][payer] == net.sum()
            path = one(result.liquidity, strategy).query(f"payer == '{payer}'")
            assert path["net_oere"].sum() == net.sum()
            lowest = min(path["cumulative_oere"].min(), 0)
            assert awarded["peak_funding_oere"][payer] == -lowest
        expected = mine[mine["case"] == "expected"].set_index("payer")["grants_oere"]
        sums = [rows.set_index("payer")["grants_oere"] for _, rows in mine.groupby("case")]
        for payer in expected.index if len(sums) <= 5 else ():  # all that can happen is listed
            each = [one[payer] for one in sums]
            assert min(each) - 1 <= expected[payer] <= max(each) + 1


def check_savings(data: Data, result: Result) -> None:
    """Gross savings are the nets that are booked; what is cashable is never more than avoidable."""
    for strategy in result.strategies[1:]:
        table = one(result.savings, strategy)
        assert (table["cashable_oere"] <= table["avoidable_oere"] + 1).all()
        for payer in PAYERS:
            gross = table.loc[table["payer"] == payer, "gross_oere"].sum()
            assert gross == result.net(payer, strategy, "current").sum()
        stepped = [name for name, price in data["prices"].items() if "steps" in price]
        plain = table[~table["item"].isin(stepped)]
        assert (plain["gross_oere"] == plain["cashable_oere"]).all()


# The tests -------------------------------------------------------------------------------------


@settings(max_examples=FEW)
@given(scenarios(money=False))
def test_tables_of_people(data: Data) -> None:
    result = result_of(data)
    assert result.ok
    check_tables_against_plain_loop(data, result)
    check_opening_and_flows_are_closing(data, result)
    check_indicators(data, result)


@settings(max_examples=30)
@given(scenarios())
def test_money(data: Data) -> None:
    result = result_of(data)
    assert result.ok, result.reconciliation[~result.reconciliation["ok"]].to_dict("records")
    check_books(data, result)
    check_costs_against_plain_loop(data, result)
    check_funding(data, result)
    check_cuts(data, result)
    check_savings(data, result)


@pytest.mark.slow
@settings(max_examples=MANY)
@given(scenarios(max_cycles=14))
def test_many_scenarios(data: Data) -> None:
    result = result_of(data)
    assert result.ok, result.reconciliation[~result.reconciliation["ok"]].to_dict("records")
    check_tables_against_plain_loop(data, result)
    check_opening_and_flows_are_closing(data, result)
    check_indicators(data, result)
    check_books(data, result)
    check_costs_against_plain_loop(data, result)
    check_funding(data, result)
    check_cuts(data, result)
    check_savings(data, result)


TABLES = (
    "targets", "observations", "occupancy", "person_time", "flows", "programmes", "ledger",
    "cost_by_year", "net_by_year", "grants", "comparison", "reconciliation", "indicator_paths",
    "break_even_table", "economics", "funding", "liquidity",
)  # fmt: skip


@settings(max_examples=FEW)
@given(scenarios(max_cycles=4))
def test_the_same_text_gives_the_same_tables_and_is_left_alone(data: Data) -> None:
    scenario = som.loads(as_text(data))
    before = {name: spec.model_copy(deep=True) for name, spec in scenario.strategies.items()}
    first, again, anew = som.run(scenario), som.run(scenario), result_of(data)
    assert dict(scenario.strategies) == before
    for other in (again, anew):
        assert other.summary() == first.summary() | {"file": other.scenario.file}
        for table in TABLES:
            pd.testing.assert_frame_equal(
                getattr(other, table), getattr(first, table), check_exact=True
            )


@settings(max_examples=FEW)
@given(scenarios(), st.data())
def test_another_payer_split_leaves_the_total(data: Data, more: st.DataObject) -> None:
    split = {
        **data,
        "prices": {
            name: {**price, "payers": {payer: 1}}
            for name, price in data["prices"].items()
            for payer in [more.draw(st.sampled_from(_free_payers(price)))]
        },
    }

    def totals(result: Result) -> dict[Any, int]:
        table = result.ledger
        cost = table[table["kind"] == "cost"]
        return {  # an item that one split books nothing on has no row
            key: amount
            for key, amount in cost.groupby(["strategy", "item", "year"])["amount_oere"]
            .sum()
            .items()
            if amount
        }

    assert totals(result_of(split)) == totals(result_of(data))


def _free_payers(price: Data) -> list[str]:
    return [payer for payer in PAYERS if payer != price.get("transfer_to")]


@settings(max_examples=FEW)
@given(scenarios())
def test_twice_the_people_cost_twice_as_much(data: Data) -> None:
    """To 1 øre a posting. Where places bind they are doubled too, and so is what they pay for."""

    def charges(result: Result, strategy: str) -> dict[str, np.ndarray]:
        return {one.name: one.amount for one in result.runs[strategy].books.charges}

    one_run, two_runs = result_of(data), result_of(twice(data))
    for strategy in data["strategies"]:
        one_bill, two_bills = charges(one_run, strategy), charges(two_runs, strategy)
        for name, amounts in one_bill.items():
            price = data["prices"][name]
            of_programme = price["per"].startswith("place_") and "places" not in price
            if price["per"] in BY_PERSON or of_programme:
                assert np.abs(two_bills[name] - 2 * amounts).max() <= 1
            else:
                assert np.array_equal(two_bills[name], amounts)


def twice(data: Data) -> Data:
    population, programmes = data["population"], data["programmes"]

    def doubled(number: Any) -> Any:
        if isinstance(number, dict):
            return {key: one if key == "caseload" else doubled(one) for key, one in number.items()}
        return 2 * number

    def overridden(course: Data) -> Data:
        changes = course.get("overrides", {})
        changes = {
            path: value if path.endswith("rate_per_year") else doubled(value)
            for path, value in changes.items()
        }
        return course | {"overrides": changes}

    def taken_in(intake: Data) -> Data:
        return intake if "share_of_waiting" in intake else doubled(intake)

    return {
        **data,
        "population": {
            "initial": [{**one, "persons": 2 * one["persons"]} for one in population["initial"]],
            "arrivals": [
                {**one, "per_year": doubled(one["per_year"])} for one in population["arrivals"]
            ],
        },
        "programmes": {
            name: {
                **rules,
                "places": doubled(rules["places"]),
                "intake": taken_in(rules["intake"]),
            }
            for name, rules in programmes.items()
        },
        "strategies": {name: overridden(one) for name, one in data["strategies"].items()},
    }


@settings(max_examples=FEW)
@given(scenarios(money=False, max_cycles=4))
def test_programmes_without_effect_leave_the_reference_as_it_is(data: Data) -> None:
    """A hazard ratio of 1 on every move, and nobody is anywhere else than without programmes."""
    idle = {
        name: {
            **rules,
            "effects": [{**one, "hazard_ratio": Decimal(1)} for one in rules["effects"]],
        }
        for name, rules in data["programmes"].items()
    }
    course = data["strategies"]["act"]
    changes = {key: one for key, one in course.get("overrides", {}).items() if "places" in key}
    result = result_of(
        {
            **data,
            "programmes": idle,
            "targets": {},
            "observations": [],
            "strategies": {"reference": {}, "act": {**course, "overrides": changes}},
        }
    )
    persons = everybody(result)
    for name in ("occupancy", "person_days"):
        without, within = (
            getattr(run.trajectory, name)[0, 0].sum(axis=1) for run in result.runs.values()
        )
        np.testing.assert_allclose(within, without, rtol=1e-12, atol=1e-12 * persons * 366)
    gone = [run.trajectory.left for run in result.runs.values()]
    np.testing.assert_allclose(gone[1], gone[0], rtol=1e-12, atol=1e-12 * persons)

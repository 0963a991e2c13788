"""Clocks: against closed forms, against no clock at all, and against time counted exactly."""

from __future__ import annotations

import math
from decimal import Decimal
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings

import som_sim as som
from clock_scenarios import with_asked_clock, with_idle_clock
from random_scenarios import Data, as_text, model_of, result_of, small, with_money
from som_sim.core.time import DAYS_PER_YEAR
from som_sim.model.clocks import possible
from som_sim.model.passing import passage_rate
from som_sim.result import Result

EXACT = 1e-9
"""Relative: sums of float flows."""
SETTLED = 1e-6
"""Relative: what is left of the start after the years that a run is given to settle."""
CENT = 1
"""Øre that float noise can move a posting over a rounding."""
FEW, MANY = 15, 150
SPELL = {
    "in": {"housing": "shelter"},
    "resets": "on_exit",
    "edges": ["1 day", "30 days", "4 months"],
}
FOUR_MONTHS = 4 / 12


def clocked(clocks: Data, *, years: int = 30, **sections: Any) -> Data:
    """Return two states that settle: shelter and home, by default at 6 and 0.5 moves a year."""
    group = {"stratum": "adult", "housing": "home", "persons": 100}
    rows = [
        {"from": {"housing": "shelter"}, "to": "home", "rate_per_year": 6},
        {"from": {"housing": "home"}, "to": "shelter", "rate_per_year": Decimal("0.5")},
    ]
    return small(
        time={"from": "1991-01", "to": f"{1990 + years}-12", "cycle": "quarter"},
        population={"initial": [group]},
        **{"clocks": clocks, "transitions": rows, **sections},
    )


def stays_over(clock: str, over: str, years: int = 30, **part: Any) -> Data:
    return {
        "indicator": {"share_of_stays": {"clock": clock, "over": over, **part}},
        "during": {"from": f"{1990 + years}-01", "to": f"{1990 + years}-12"},
        "goal": Decimal("0.5"),
        "better": "lower",
    }


def measured(data: Data, strategy: str = "reference") -> dict[str, float]:
    table = result_of(data).targets
    return dict(table[table["strategy"] == strategy].set_index("target")["projected"])


# A stay with the same chance of ending every day -----------------------------------------------


@pytest.mark.parametrize("edge, days", [("1 day", 1), ("30 days", 30), ("4 months", 121.75)])
def test_the_share_of_stays_over_an_edge_is_that_of_the_exponential(edge: str, days: float) -> None:
    data = clocked({"spell": SPELL}, targets={"long": stays_over("spell", edge)})
    assert measured(data)["long"] == pytest.approx(math.exp(-6 * days / DAYS_PER_YEAR), rel=SETTLED)


def test_the_time_in_each_bin_is_that_of_the_exponential() -> None:
    where = {"housing": "shelter", "spell": "30 days to 4 months"}
    data = clocked(
        {"spell": SPELL},
        targets={
            name: {
                "indicator": {"mean_persons_in": condition},
                "during": {"from": "2020-01", "to": "2020-12"},
                "goal": 1,
                "better": "lower",
            }
            for name, condition in (("bin", where), ("all", {"housing": "shelter"}))
        },
    )
    found = measured(data)
    edges = [-6 * days / DAYS_PER_YEAR for days in (30, 121.75)]
    assert found["bin"] / found["all"] == pytest.approx(
        math.exp(edges[0]) - math.exp(edges[1]), rel=SETTLED
    )


def test_those_who_leave_the_model_end_their_stay_too() -> None:
    rows = [
        {"from": {"housing": "shelter"}, "to": "home", "rate_per_year": 6},
        {"from": {"housing": "shelter"}, "to": "dead", "rate_per_year": 3},
    ]
    arriving = {"stratum": "adult", "housing": "shelter", "per_year": 50}
    population = {
        "initial": [{"stratum": "adult", "housing": "home", "persons": 1}],
        "arrivals": [arriving],
    }
    data = clocked(
        {"spell": SPELL},
        transitions=rows,
        leave=["dead"],
        targets={"long": stays_over("spell", "30 days")},
    )
    data["population"] = population
    assert measured(data)["long"] == pytest.approx(math.exp(-9 * 30 / DAYS_PER_YEAR), rel=SETTLED)


# Moves that depend on the time so far ----------------------------------------------------------


def by_time(rates: tuple[float, ...], **more: Any) -> list[Data]:
    times = ("under 1 day", "1 day to 30 days", "30 days to 4 months", "over 4 months")
    return [
        {
            "from": {"housing": "shelter"},
            "to": "home",
            "rate_per_year": Decimal(str(rate)),
            "if": {"spell": name},
            **more,
        }
        for name, rate in zip(times, rates, strict=True)
    ]


def survival(rates: tuple[float, ...], days: float) -> float:
    """Return the share of stays that outlast a time, counted exactly."""
    edges = [0, 1, 30, 121.75, 1e9]
    spent = [max(min(days, b) - a, 0) for a, b in pairwise(edges)]
    return math.exp(-sum(r * d for r, d in zip(rates, spent, strict=True)) / DAYS_PER_YEAR)


RATES = (90.75, 12.5, 5.25, 0.75)
BACK = {"from": {"housing": "home"}, "to": "shelter", "rate_per_year": Decimal("0.5")}


@pytest.mark.parametrize("edge, days", [("1 day", 1), ("30 days", 30), ("4 months", 121.75)])
def test_a_stay_of_changing_rates_is_right_at_every_edge(edge: str, days: float) -> None:
    data = clocked(
        {"spell": SPELL},
        transitions=[*by_time(RATES), BACK],
        targets={"long": stays_over("spell", edge)},
    )
    assert measured(data)["long"] == pytest.approx(survival(RATES, days), rel=1e-5)


def test_the_mean_stay_of_changing_rates_is_the_area_under_its_survival() -> None:
    data = clocked({"spell": SPELL}, years=60, transitions=[*by_time(RATES), BACK])
    result = result_of(data)
    last = result.person_time["start"] >= "2050"
    shelter = result.person_time["housing"] == "shelter"
    days = result.person_time[last & shelter]["person_days"].sum()
    flows = result.flows[result.flows["start"] >= "2050"]
    entered = flows[(flows["domain"] == "housing") & (flows["to"] == "shelter")]["persons"].sum()
    grid = np.arange(0, 40 * DAYS_PER_YEAR, 0.25) + 0.125
    exact = sum(survival(RATES, float(day)) for day in grid[:2000]) * 0.25
    exact += survival(RATES, 500) * DAYS_PER_YEAR / RATES[-1]
    assert days / entered == pytest.approx(exact, rel=1e-3)


def test_an_effect_on_those_there_for_long_makes_stays_shorter_after_the_edge_only() -> None:
    effect = {
        "from": {"housing": "shelter"},
        "to": "home",
        "hazard_ratio": 3,
        "if": {"spell": ["30 days to 4 months", "over 4 months"]},
    }
    act = {
        "eligible": {"housing": ["shelter", "home"]},
        "places": 1000,
        "intake": {"share_of_waiting": 1},
        "effects": [effect],
    }
    data = clocked(
        {"spell": SPELL},
        programmes={"act": act},
        strategies={"reference": {}, "act": {"programmes": ["act"]}},
        targets={
            "month": stays_over("spell", "30 days"),
            "four": stays_over("spell", "4 months"),
        },
    )
    with_act = measured(data, "act")
    rates = (6.0, 6.0, 18.0, 18.0)
    assert with_act["month"] == pytest.approx(survival(rates, 30), rel=1e-5)
    assert with_act["four"] == pytest.approx(survival(rates, 121.75), rel=1e-5)


# Several states, several clocks ----------------------------------------------------------------

STREET = {
    "housing": {
        "street": {"homeless": True},
        "shelter": {"homeless": True},
        "home": None,
    }
}


def three_states(clocks: Data, **sections: Any) -> Data:
    rows = [
        {"from": {"housing": "street"}, "to": "shelter", "rate_per_year": 7},
        {"from": {"housing": "shelter"}, "to": "street", "rate_per_year": 4},
        {"from": {"housing": ["street", "shelter"]}, "to": "home", "rate_per_year": 2},
        {"from": {"housing": "home"}, "to": "street", "rate_per_year": Decimal("0.25")},
    ]
    return clocked(clocks, domains=STREET, transitions=rows, **sections)


def test_a_clock_over_homelessness_goes_on_between_its_states() -> None:
    clocks = {"time_homeless": {"in": {"homeless": True}, "resets": "on_exit", "edges": ["1 year"]}}
    data = three_states(clocks, targets={"long": stays_over("time_homeless", "1 year")})
    assert measured(data)["long"] == pytest.approx(math.exp(-2), rel=SETTLED)


def test_two_clocks_keep_their_own_time() -> None:
    clocks = {
        "time_homeless": {
            "in": {"homeless": True},
            "resets": "on_exit",
            "edges": ["6 months", "1 year"],
        },
        "spell": SPELL,
    }
    data = three_states(
        clocks,
        targets={
            "homeless": stays_over("time_homeless", "6 months"),
            "shelter": stays_over("spell", "4 months"),
        },
    )
    found = measured(data)
    assert found["homeless"] == pytest.approx(math.exp(-1), rel=SETTLED)
    assert found["shelter"] == pytest.approx(math.exp(-6 * FOUR_MONTHS), rel=SETTLED)


def test_a_clock_of_the_time_at_home_says_how_many_returns_come_soon() -> None:
    clocks = {"out": {"in": {"housing": "home"}, "resets": "on_exit", "edges": ["1 month"]}}
    rows = [
        {"from": {"housing": "shelter"}, "to": "home", "rate_per_year": 6},
        {
            "from": {"housing": "home"},
            "to": "shelter",
            "probability": Decimal("0.5"),
            "within": "1 month",
            "if": {"out": "under 1 month"},
        },
        {
            "from": {"housing": "home"},
            "to": "shelter",
            "rate_per_year": Decimal("0.1"),
            "if": {"out": "over 1 month"},
        },
    ]
    data = clocked(
        clocks, years=60, transitions=rows, targets={"later": stays_over("out", "1 month", 60)}
    )
    group = {"stratum": "adult", "housing": "home", "out": "3 years", "persons": 100}
    data["population"] = {"initial": [group]}
    assert measured(data)["later"] == pytest.approx(0.5, rel=1e-3)


# When the time starts anew ---------------------------------------------------------------------


def test_a_clock_that_never_resets_adds_up_all_stays() -> None:
    """All shelter time of a person who is in the shelter half of the time, against its mean."""
    clocks = {"ever": {"in": {"housing": "shelter"}, "resets": "never", "edges": ["1 year"]}}
    rows = [
        {"from": {"housing": "shelter"}, "to": "home", "rate_per_year": 20},
        {"from": {"housing": "home"}, "to": "shelter", "rate_per_year": 20},
    ]
    data = clocked(clocks, transitions=rows)
    table = result_of(data).occupancy
    early = table[(table["ever"] == "under 1 year")].groupby("date")["persons"].sum()
    # One phase of mean 1 year in the shelter, half of all time: 2 years by the calendar.
    dates = pd.to_datetime(early.index)
    years = np.asarray((dates - dates[0]).days / DAYS_PER_YEAR)
    mean = float(np.trapezoid(early.to_numpy() / 100, years))
    assert mean == pytest.approx(2.0, rel=0.03)
    assert table["ever"].unique().tolist() == ["under 1 year", "over 1 year"]


def test_a_personal_window_starts_anew_a_window_after_the_first_entry() -> None:
    clock = {
        "in": {"housing": "shelter"},
        "resets": "window",
        "window": "1 year",
        "edges": ["120 days"],
    }
    rows = [{"from": {"housing": "home"}, "to": "shelter", "rate_per_year": 2}]
    data = clocked({"days": clock}, years=40, transitions=rows)
    table = result_of(data).occupancy
    last = table[table["date"] == table["date"].max()]
    in_shelter = last[last["housing"] == "shelter"].set_index("days")["persons"]
    # All stay for ever: 120 of every 365.25 days are within the limit, up to the phases' spread.
    assert in_shelter.sum() == pytest.approx(100, rel=1e-6)
    assert in_shelter["under 120 days"] / 100 == pytest.approx(120 / DAYS_PER_YEAR, abs=0.06)
    assert not table.duplicated(["date", "housing", "days"]).any()


# A clock nobody asks ---------------------------------------------------------------------------


def check_nothing_changes(one: Data, two: Data) -> None:
    plain, timed = result_of(one), result_of(two)
    for name in ("occupancy", "person_time"):
        before, after = getattr(plain, name), getattr(timed, name)
        value = before.columns[-1]
        keys = list(before.columns[:-1])
        after = after.groupby(keys, sort=False)[value].sum()
        before = before.set_index(keys)[value]
        assert set(before.index) == set(after.index)
        np.testing.assert_allclose(after[before.index], before, rtol=EXACT, atol=1e-9 * people(one))
    before = plain.targets["projected"].to_numpy(dtype=float)
    after = timed.targets["projected"].to_numpy(dtype=float)
    np.testing.assert_allclose(after, before, rtol=1e-7, atol=1e-9 * people(one))
    check_money(plain, timed)


def people(data: Data) -> float:
    return float(sum(one["persons"] for one in data["population"]["initial"])) + 500.0


def check_money(plain: Result, timed: Result) -> None:
    keys = ["strategy", "year", "account", "item", "kind", "payer"]
    tables = [one.ledger.groupby(keys)["amount_oere"].sum() for one in (plain, timed)]
    both = pd.concat(tables, axis=1).fillna(0).to_numpy(dtype=float)
    size = np.abs(both).max(initial=0.0)
    assert np.abs(both[:, 0] - both[:, 1]).max(initial=0.0) <= 400 * CENT + EXACT * size


@settings(max_examples=FEW)
@given(with_idle_clock())
def test_a_clock_nobody_asks_changes_nothing(pair: tuple[Data, Data]) -> None:
    check_nothing_changes(*pair)


@pytest.mark.slow
@settings(max_examples=MANY)
@given(with_idle_clock())
def test_a_clock_nobody_asks_changes_nothing_many_times(pair: tuple[Data, Data]) -> None:
    check_nothing_changes(*pair)


def check_books_close(data: Data) -> None:
    result = result_of(data)
    assert result.reconciliation["ok"].all()
    assert (result.occupancy["persons"] >= -1e-9).all()
    where = data["clocks"]["spell"]["in"]["housing"]
    if data["clocks"]["spell"]["resets"] == "on_exit":
        inside = result.occupancy["housing"].isin(where)
        assert ((result.occupancy["spell"] != "outside") == inside).all()


@settings(max_examples=FEW)
@given(with_asked_clock())
def test_books_close_when_much_depends_on_the_time(data: Data) -> None:
    check_books_close(data)


@pytest.mark.slow
@settings(max_examples=MANY)
@given(with_asked_clock())
def test_books_close_when_much_depends_on_the_time_many_times(data: Data) -> None:
    check_books_close(data)


def test_equal_rates_in_every_time_are_one_rate() -> None:
    one = clocked({"spell": SPELL}, years=3)
    same = clocked({"spell": SPELL}, years=3, transitions=[*by_time((6, 6, 6, 6)), BACK])
    before, after = (result_of(data).occupancy for data in (one, same))
    np.testing.assert_allclose(after["persons"], before["persons"], rtol=EXACT)


# A discrete step -------------------------------------------------------------------------------


def stepwise(clock: Data, rows: list[Data]) -> Data:
    data = small(
        time={
            "from": "2000-01",
            "to": "2009-12",
            "cycle": "month",
            "step": "discrete",
            "counting": "half_cycle",
        },
        clocks={"spell": clock},
        transitions=rows,
    )
    shelter = {"stratum": "adult", "housing": "shelter", "spell": "0 days", "persons": 100}
    data["population"] = {"initial": [shelter]}
    return data


def monthly(to: str, probability: float, **more: Any) -> Data:
    other = "home" if to == "shelter" else "shelter"
    p = Decimal(str(probability))
    return {"from": {"housing": other}, "to": to, "probability": p, "within": "1 month", **more}


def test_edges_of_one_cycle_are_tunnel_states() -> None:
    """Nobody leaves in the first two months, everybody in the third."""
    clock = {"in": {"housing": "shelter"}, "resets": "on_exit", "edges": ["1 month", "2 months"]}
    rows = [
        monthly("home", 0, **{"if": {"spell": "under 2 months"}}),
        monthly("home", 1, **{"if": {"spell": "over 2 months"}}),
    ]
    table = result_of(stepwise(clock, rows)).occupancy
    shelter = table[table["housing"] == "shelter"].groupby("date")["persons"].sum()
    assert shelter.to_list()[:4] == pytest.approx([100, 100, 100, 0])
    by_time = table[(table["housing"] == "shelter") & (table["persons"] > 0)]["spell"].to_list()
    assert by_time == ["under 1 month", "1 month to 2 months", "over 2 months"]


def test_a_time_of_several_cycles_is_outlasted_by_the_right_share() -> None:
    clock = {"in": {"housing": "shelter"}, "resets": "on_exit", "edges": ["4 months"]}
    data = stepwise(clock, [monthly("home", 0.2), monthly("shelter", 0.1)])
    data["targets"] = {
        "long": {
            "indicator": {"share_of_stays": {"clock": "spell", "over": "4 months"}},
            "during": {"from": "2009-01", "to": "2009-12"},
            "goal": 1,
            "better": "lower",
        }
    }
    assert measured(data)["long"] == pytest.approx(0.8**4, rel=SETTLED)


def test_in_a_discrete_step_moves_within_the_set_let_time_pass() -> None:
    clock = {"in": {"homeless": True}, "resets": "on_exit", "edges": ["1 month", "2 months"]}
    data = stepwise(
        clock,
        [
            {
                "from": {"housing": "street"},
                "to": "shelter",
                "probability": 1,
                "within": "1 month",
            },
            {
                "from": {"housing": "shelter"},
                "to": "street",
                "probability": 1,
                "within": "1 month",
            },
        ],
    )
    data["domains"] = STREET
    table = result_of(data).occupancy
    held = table[table["persons"] > 0][["housing", "spell"]].to_numpy().tolist()
    assert held[:3] == [
        ["shelter", "under 1 month"],
        ["street", "1 month to 2 months"],
        ["shelter", "over 2 months"],
    ]


# Places ----------------------------------------------------------------------------------------


def test_who_is_turned_away_has_not_been_in_the_shelter() -> None:
    """Two places: those for whom there is none go on to be in the street, on both clocks."""
    domains = {
        "housing": {
            "street": {"homeless": True},
            "shelter": {"homeless": True, "places": 2, "overflow": "street"},
            "home": None,
        }
    }
    clocks = {
        "spell": {"in": {"housing": "shelter"}, "resets": "on_exit", "edges": ["30 days"]},
        "rough": {"in": {"housing": "street"}, "resets": "on_exit", "edges": ["60 days"]},
    }
    data = three_states(clocks)
    data["domains"] = domains
    data["time"] = {"from": "2019-01", "to": "2021-12", "cycle": "month"}
    result = result_of(data)
    assert result.places["bound"].any()
    table = result.occupancy[result.occupancy["persons"] > 0]
    running = {"street": "rough", "shelter": "spell"}
    for housing, clock in running.items():
        here = table[table["housing"] == housing]
        assert (here[clock] != "outside").all()
        others = [name for name in clocks if name != clock]
        assert (here[others] == "outside").all().all()
    # Against the same without clocks.
    plain = {key: one for key, one in data.items() if key != "clocks"}
    before = result_of(plain).occupancy.groupby(["date", "housing"])["persons"].sum()
    after = result.occupancy.groupby(["date", "housing"])["persons"].sum()
    np.testing.assert_allclose(after, before, rtol=1e-6)


# Money and eligibility -------------------------------------------------------------------------


def test_a_price_can_be_for_long_stays_only() -> None:
    price = {
        "amount": 1000,
        "per": "person_day",
        "in": {"housing": "shelter", "spell": "over 4 months"},
        "price_year": 2019,
        "payers": {"kommune": 1},
        "account": "long",
    }
    data = small(clocks={"spell": SPELL})
    data["population"] = {
        "initial": [{"stratum": "adult", "housing": "shelter", "spell": "1 year", "persons": 60}]
    }
    result = result_of(with_money(data, {"long": price}))
    table = result.person_time
    days = table[(table["spell"] == "over 4 months")]["person_days"].sum()
    assert result.ledger["amount_oere"].sum() == pytest.approx(100_000 * days, abs=12)


def test_a_programme_can_be_for_those_who_are_homeless_for_long() -> None:
    act = {
        "eligible": {"spell": "over 4 months"},
        "places": 5,
        "intake": {"share_of_waiting": 1},
    }
    data = small(
        clocks={"spell": SPELL},
        programmes={"act": act},
        strategies={"reference": {}, "act": {"programmes": ["act"]}},
    )
    data["population"] = {
        "initial": [{"stratum": "adult", "housing": "shelter", "spell": "2 months", "persons": 60}]
    }
    table = result_of(data).programmes
    assert table["enrolled"].iloc[0] == 0
    assert table["enrolled"].iloc[2] > 0


# Parts -----------------------------------------------------------------------------------------


def test_the_passage_rate_needs_no_moves_and_bears_many() -> None:
    years = np.array([[0.25]])
    assert passage_rate(np.array([[0.0]]), years)[0, 0] == 4.0
    assert passage_rate(np.array([[1e-12]]), years)[0, 0] == pytest.approx(4.0)
    assert passage_rate(np.array([[1e6]]), years)[0, 0] == 0.0


def test_nobody_stands_where_a_clock_cannot_be() -> None:
    model = model_of(clocked({"spell": SPELL}))
    impossible = ~possible(model.clocks, model.axes.n_cells)
    assert impossible.sum() == 5  # outside while in the shelter, four times while at home
    assert not np.isin(model.generator.source, np.flatnonzero(impossible)).any()
    assert not np.isin(model.generator.target, np.flatnonzero(impossible)).any()


def test_the_start_is_where_the_time_so_far_says() -> None:
    data = clocked({"spell": SPELL})
    data["population"] = {
        "initial": [
            {"stratum": "adult", "housing": "shelter", "spell": "30 days", "persons": 3},
            {"stratum": "adult", "housing": "shelter", "spell": "0 days", "persons": 2},
            {"stratum": "adult", "housing": "home", "persons": 1},
        ],
        "arrivals": [{"stratum": "adult", "housing": "shelter", "spell": "1 year", "per_year": 9}],
    }
    result = som.run(som.loads(as_text(data)))
    first = result.occupancy[result.occupancy["date"] == "1991-01-01"]
    found = {(h, s): p for h, s, p in first[["housing", "spell", "persons"]].to_numpy() if p}
    assert found == {
        ("shelter", "30 days to 4 months"): 3,
        ("shelter", "under 1 day"): 2,
        ("home", "outside"): 1,
    }
    flows = result.flows
    came = flows[(flows["from"] == "arrival") & (flows["domain"] == "spell")]
    assert set(came["to"]) == {"over 4 months"}
    assert [group.days for group in result.runs["reference"].trajectory.model.groups] == [
        (30.0,), (0.0,), (0.0,),
    ]  # fmt: skip

"""What a user gets from a result: figures by name, tables as promised, and errors that help."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest

import som_sim as som
from som_sim.core.names import PAYERS, PUBLIC
from som_sim.outcomes.economics import VIEWS, break_even

SUM_OF_FLOATS = 1e-9
"""Relative: the same person-days added in another order."""

SCENARIO = """\
som_sim: 1
meta: {title: {da: Et lille scenarie, en: A small scenario}, currency: DKK, price_year: 2019}
time: {from: 2019-01, to: 2021-12, cycle: quarter}
domains:
  housing: {street: {homeless: true}, shelter: {homeless: true}, home: {}}
  activity: {benefits: {}, employed: {}}
leave: [dead]
strata: {adult: {}, complex: {}}
population:
  initial:
    - {stratum: adult, housing: shelter, activity: benefits, persons: 30}
    - {stratum: complex, housing: street, activity: benefits, persons: 20}
  arrivals: [{stratum: adult, housing: street, activity: benefits, per_year: 8}]
transitions:
  - {from: {housing: street}, to: shelter, rate_per_year: 2}
  - {from: {housing: shelter}, stay: {mean: 90 days}, to: {home: 0.4, street: 0.6}}
  - {from: {housing: home}, to: street, rate_per_year: 0.3}
  - {from: {housing: [street, shelter, home]}, to: dead, rate_per_year: 0.02}
  - {from: {activity: benefits}, to: employed, rate_per_year: 0.1, if: {housing: home}}
programmes:
  act:
    eligible: {stratum: complex, housing: [street, shelter]}
    places: {2019-04: 8}
    intake: {share_of_waiting: 0.5}
    stay: {mean: 18 months}
    effects: [{from: {housing: shelter}, to: home, hazard_ratio: HAZARD}]
indices: {pl: {values: {2019: 100, 2020: 102, 2021: 104}}}
money: {index: pl, discount_rate: dk_ministry_2021, base_year: 2019}
prices:
  night: {amount: 1100, per: person_day, in: {housing: shelter}, price_year: 2019,
          payers: dk_section_110, account: shelter}
  aid: {amount: 11944, per: person_month, in: {activity: benefits}, price_year: 2019,
        payers: dk_benefit_over_52_weeks, transfer_to: borger, account: benefits}
  team: {amount: TEAM, per: year, programme: act, price_year: 2019,
         payers: {kommune: 0.9, region: 0.1}, account: team}
grants:
  pool: {funder: stat, to: kommune, covers: [team], tranches: {2019: 50000, 2020: 60000},
         total: 110000, unspent: returned}
targets:
  homeless: {indicator: {persons_in: {homeless: true}}, at: 2021-W06, over: 7 days,
             baseline: 50, goal: 40, better: lower}
  to_home: {indicator: {share_of_moves: {from: {housing: shelter}, to: [home]}},
            during: {from: 2020-01, to: 2020-12}, goal: 0.5, better: higher}
observations:
  - {indicator: {persons_in: {homeless: true}}, at: 2019-W06, over: 7 days, value: 50}
strategies: {reference: {}, idle: {}, act: {programmes: act, grants: pool}}
"""


@cache
def run(hazard: str = "4", team: str = "100000") -> som.Result:
    return som.run(som.loads(SCENARIO.replace("HAZARD", hazard).replace("TEAM", team)))


# Tables ---------------------------------------------------------------------------------------

COLUMNS = {
    "occupancy": ["strategy", "date", "stratum", "programme", "housing", "activity", "persons"],
    "person_time": [
        "strategy", "start", "stratum", "programme", "housing", "activity", "person_days",
    ],
    "flows": ["strategy", "start", "stratum", "programme", "domain", "from", "to", "persons"],
    "ledger": ["strategy", "year", "account", "item", "kind", "payer", "amount_oere"],
    "targets": [
        "strategy", "target", "at", "baseline", "goal", "projected", "met", "probability",
    ],
    "reconciliation": [
        "strategy", "check", "expected_oere", "actual_oere", "residual_oere", "ok",
    ],
    "cost_by_year": [
        "strategy", "payer", "year", "current_oere", "constant_oere", "discounted_oere",
    ],
    "net_by_year": [
        "strategy", "payer", "year", "current_oere", "constant_oere", "discounted_oere",
    ],
    "break_even_table": ["strategy", "payer", "year", "first_cost_year"],
    "grants": ["strategy", "grant", "year", "award_oere", "paid_oere", "used_oere"],
    "comparison": ["strategy", "homeless_days", "homeless_days_avoided"],
    "observations": ["strategy", "observation", "at", "value", "projected"],
    "programmes": ["strategy", "programme", "date", "places", "enrolled", "persons_in"],
    "indicator_paths": ["strategy", "target", "date", "persons"],
}  # fmt: skip
"""At least these columns, in this order among themselves."""


@pytest.mark.parametrize("name", sorted(COLUMNS))
def test_a_table_has_its_columns_in_order_and_is_tidy(name: str) -> None:
    table = getattr(run(), name)
    assert [column for column in table.columns if column in COLUMNS[name]] == COLUMNS[name]
    assert len(table)
    keys = [
        column
        for column in table.columns
        if column in {*COLUMNS["flows"], *COLUMNS["occupancy"], "account", "item", "kind", "payer"}
        or column in {"year", "target", "check", "grant", "observation"}
    ]
    keys = [key for key in keys if key != "persons"]
    assert not table.duplicated(keys).any(), "one fact a row"


@pytest.mark.parametrize("name", sorted(COLUMNS))
def test_dates_are_iso_and_money_is_whole(name: str) -> None:
    table = getattr(run(), name)
    for column in {"date", "start", "at"} & set(table.columns):
        assert table[column].str.fullmatch(r"\d{4}-\d{2}-\d{2}").all()
    for column in table.columns:
        if column.endswith("_oere"):
            assert pd.api.types.is_integer_dtype(table[column]), column


@pytest.mark.parametrize("name", sorted(COLUMNS))
def test_strategies_stand_in_the_order_of_the_file(name: str) -> None:
    found = list(dict.fromkeys(getattr(run(), name)["strategy"]))
    assert found == [strategy for strategy in run().strategies if strategy in found]


def test_a_result_knows_its_strategies() -> None:
    assert run().strategies == ("reference", "idle", "act")
    assert run().reference == "reference"
    assert run().ok


def test_tables_hold_the_same_money() -> None:
    result = run()
    ledger, costs = result.ledger, result.cost_by_year
    booked = ledger[ledger["kind"] != "memo"].groupby(["strategy", "payer", "year"])["amount_oere"]
    by_year = costs[costs["payer"].isin(PAYERS)].groupby(["strategy", "payer", "year"])
    current = by_year["current_oere"].sum()
    assert booked.sum().to_dict() == current[current != 0].to_dict()
    cost = ledger[ledger["kind"] == "cost"].groupby(["strategy", "year"])["amount_oere"].sum()
    society = costs[costs["payer"] == "society"].set_index(["strategy", "year"])["current_oere"]
    assert cost.to_dict() == society.to_dict(), "society bears the cost rows and no transfer"


def test_homeless_days_are_person_time_of_homeless_states() -> None:
    days = run().person_time
    homeless = days[days["housing"].isin(["street", "shelter"])]
    expected = homeless.groupby("strategy")["person_days"].sum()
    for row in run().comparison.to_dict("records"):
        assert row["homeless_days"] == pytest.approx(expected[row["strategy"]], rel=SUM_OF_FLOATS)


def test_shelter_days_in_the_ledger_are_person_time_times_price() -> None:
    days = run().person_time
    at_shelter = days[days["housing"] == "shelter"]
    first_year = at_shelter[at_shelter["start"].str.startswith("2019")]
    ledger = run().ledger
    rows = ledger[(ledger["item"] == "night") & (ledger["kind"] == "cost")]
    booked = rows[rows["year"] == 2019].set_index("strategy")["amount_oere"]
    rounding = 0.5 * 4 * 2 * 3  # quarters x strata x statuses, half an øre each
    for strategy, person_days in first_year.groupby("strategy")["person_days"].sum().items():
        assert abs(booked[strategy] - person_days * 1100_00) <= rounding


# Net and break-even ---------------------------------------------------------------------------


@pytest.mark.parametrize("view", VIEWS)
def test_net_is_by_year_and_for_the_last_strategy_unless_named(view: str) -> None:
    result = run()
    costs = result.cost_by_year.set_index(["strategy", "payer", "year"])[f"{view}_oere"]
    for payer in (*PAYERS, "public", "society"):
        net = result.net(payer, view=view)
        assert net.name == payer
        assert net.index.tolist() == [2019, 2020, 2021]
        expected = [costs["reference", payer, y] - costs["act", payer, y] for y in net.index]
        assert net.tolist() == expected
        assert net.tolist() == result.net(payer, "act", view).tolist()
    public = sum(result.net(payer, view=view) for payer in PUBLIC)
    assert public.tolist() == result.net("public", view=view).tolist()


def test_net_is_in_constant_prices_unless_said() -> None:
    result = run()
    assert result.net("kommune").tolist() == result.net("kommune", view="constant").tolist()
    assert result.net("kommune").tolist() != result.net("kommune", view="current").tolist()


def test_a_strategy_that_changes_nothing_saves_nothing_to_the_oere() -> None:
    result = run()
    assert all(not result.net(p, "idle", v).any() for p in (*PAYERS, "society") for v in VIEWS)
    assert result.break_even("kommune", "idle") is None
    assert result.break_even_of("kommune", "idle").first_year is None


@pytest.mark.parametrize("team", ["100000", "900000", "9000000"])
def test_break_even_is_that_of_the_net_in_constant_prices(team: str) -> None:
    result = run(team=team)
    table = result.break_even_table.set_index(["strategy", "payer"])
    for payer in (*PAYERS, "public", "society"):
        net = result.net(payer)
        expected = break_even(net.to_numpy(), tuple(net.index))
        assert result.break_even_of(payer) == expected
        assert result.break_even(payer) == expected.year
        row = table.loc[("act", payer)]
        assert (None if pd.isna(row["year"]) else row["year"]) == expected.year
        first = row["first_cost_year"]
        assert (None if pd.isna(first) else first) == expected.first_cost_year


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda r: r.net("komune"), "there is no payer 'komune'; did you mean 'kommune'?"),
        (lambda r: r.net("everybody"), "there is no payer 'everybody'; allowed: kommune, region, "),
        (lambda r: r.break_even("staten"), "there is no payer 'staten'; did you mean 'stat'?"),
        (lambda r: r.break_even_of("x"), "borger, public, society"),
        (lambda r: r.net("kommune", "akt"), "there is no strategy 'akt'; did you mean 'act'?"),
        (lambda r: r.net("kommune", ""), "there is no strategy ''"),
        (lambda r: r.net_of("nobody"), "allowed: reference, idle, act"),
        (lambda r: r.net("kommune", view="real"), "no view 'real'; allowed: current, constant, "),
        (lambda r: r.break_even("kommune", "acts"), "did you mean 'act'? Allowed: reference, idle"),
    ],
)
def test_a_wrong_name_is_a_key_error_that_names_the_right_ones(ask: object, said: str) -> None:
    with pytest.raises(KeyError) as raised:
        ask(run())  # type: ignore[operator]
    assert said in str(raised.value.args[0])


# Homeless days avoided ------------------------------------------------------------------------


def test_what_a_day_less_costs_is_the_publics_net_over_the_days() -> None:
    row = run(team="9000000").comparison.set_index("strategy").loc["act"]
    net = int(run(team="9000000").net("public").sum())
    assert net < 0
    assert row["net_public_constant_oere"] == net
    assert row["homeless_days_avoided"] > 0
    expected = round(-net / row["homeless_days_avoided"])
    assert row["cost_per_homeless_day_avoided_oere"] == expected > 0


@pytest.mark.parametrize("hazard", ["1", "0.5"])
def test_a_day_that_is_not_avoided_has_no_price(hazard: str) -> None:
    table = run(hazard=hazard).comparison.set_index("strategy")
    column = table["cost_per_homeless_day_avoided_oere"]
    assert column.isna().tolist() == [True, True, True]
    assert run(hazard=hazard).summary()


@pytest.mark.parametrize("rounding", [1e-15, 1e-13, -1e-13])
def test_a_difference_that_is_float_rounding_is_no_day_avoided(rounding: float) -> None:
    result = run(hazard="1", team="9000000")
    act, reference = result.runs["act"], result.runs["reference"]
    # The days of the reference in the run of ACT, but for rounding: somebody's millisecond.
    days = np.zeros_like(act.trajectory.person_days)
    days[:, :, :, :1] = reference.trajectory.person_days * (1 - rounding)
    runs = {
        **result.runs,
        "act": replace(act, trajectory=replace(act.trajectory, person_days=days)),
    }
    table = replace(result, runs=runs).comparison.set_index("strategy")
    assert table.loc["act", "homeless_days_avoided"] == pytest.approx(0, abs=1e-7)
    assert pd.isna(table.loc["act", "cost_per_homeless_day_avoided_oere"])

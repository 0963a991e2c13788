"""``summary.json``: plain values that any reader of JSON understands, and the same every time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

import som_sim as som
from som_sim.core.names import PAYERS
from som_sim.outcomes.economics import VIEWS

PERSPECTIVES = [*PAYERS, "public", "society"]
YEARS = ["2019", "2020", "2021"]

SCENARIO = """\
som_sim: 1
meta: {title: Summed up, currency: DKK, price_year: 2020}
time: {from: 2019-01, to: 2021-12, cycle: month}
domains: {housing: {shelter: {homeless: true}, home: {}}}
strata: {adult: {}}
population: {initial: [{stratum: adult, housing: shelter, persons: 30}]}
transitions:
  - {from: {housing: shelter}, to: home, rate_per_year: 0.5}
  - {from: {housing: home}, to: shelter, rate_per_year: 0.5}
programmes:
  act:
    eligible: {housing: shelter}
    places: 8
    intake: {share_of_waiting: 0.5}
    stay: {mean: 2 years}
    effects: [{from: {housing: shelter}, to: home, hazard_ratio: 3}]
indices: {pl: {values: {2019: 100, 2020: 102, 2021: 104}}}
money: {index: pl, discount_rate: 0.035, base_year: 2019}
prices:
  night: {amount: 1100, per: person_day, in: {housing: shelter}, price_year: 2019,
          payers: dk_section_110, account: shelter}
  team: {amount: 500000, per: year, programme: act, price_year: 2019,
         payers: {kommune: 1}, account: team}
targets:
  homeless: {indicator: {persons_in: {homeless: true}}, at: 2021-06-01, baseline: 20, goal: 12,
             better: lower}
  to_home: {indicator: {share_of_moves: {from: {housing: shelter}, to: [home]}},
            during: {from: 2020-01, to: 2020-12}, goal: 0.5, better: higher}
strategies: {reference: {}, act: {programmes: act}}
"""


@cache
def result() -> som.Result:
    return som.run(som.loads(SCENARIO, "summed.yaml"))


@cache
def summary() -> dict[str, Any]:
    return result().summary()


def leaves(value: Any) -> Iterator[Any]:
    """Yield every value that is no list and no mapping."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    if not isinstance(value, dict | list):
        yield value
    for one in inner:
        yield from leaves(one)


def test_it_survives_json_as_it_is() -> None:
    text = json.dumps(summary(), allow_nan=False, ensure_ascii=False)
    assert json.loads(text) == summary()


def test_it_holds_plain_values_only() -> None:
    assert {type(one) for one in leaves(summary())} <= {str, int, float, bool, type(None)}


def test_the_head_says_what_was_run_and_with_what() -> None:
    head = {key: value for key, value in summary().items() if key != "strategies"}
    assert head == {
        "format": 1,
        "scenario": result().scenario.digest,
        "file": "summed.yaml",
        "set": {},
        "seed": None,
        "versions": {"som_sim": version("som-sim")},
        "engine": "cohort",
        "reference": "reference",
        "price_year": 2020,
        "ok": True,
    }
    assert len(head["scenario"]) == 64


def test_each_strategy_has_all_that_is_promised() -> None:
    assert list(summary()["strategies"]) == ["reference", "act"]
    for strategy in summary()["strategies"].values():
        assert set(strategy) >= {"targets", "net_oere", "break_even", "reconciliation"}
        assert list(strategy["net_oere"]) == PERSPECTIVES
        assert list(strategy["break_even"]) == PERSPECTIVES
        for views in strategy["net_oere"].values():
            assert list(views) == list(VIEWS)
            for amounts in views.values():
                assert list(amounts) == [*YEARS, "total"]
                assert amounts["total"] == sum(amounts[year] for year in YEARS)


def test_net_and_break_even_are_those_of_the_result() -> None:
    for name, strategy in summary()["strategies"].items():
        for payer in PERSPECTIVES:
            for view in VIEWS:
                net = result().net(payer, name, view)
                amounts = strategy["net_oere"][payer][view]
                assert [amounts[year] for year in YEARS] == net.tolist()
            assert strategy["break_even"][payer] == result().break_even(payer, name)


def test_the_reference_saves_nothing_against_itself() -> None:
    reference = summary()["strategies"]["reference"]
    assert set(leaves(reference["net_oere"])) == {0}
    assert set(leaves(reference["break_even"])) == {None}
    assert reference["homeless_days_avoided"] == 0
    assert reference["cost_per_homeless_day_avoided_oere"] is None


def test_targets_say_null_where_there_is_no_chance_and_never_nan() -> None:
    for name, strategy in summary()["strategies"].items():
        table = result().targets
        rows = table[table["strategy"] == name].set_index("target")
        assert list(strategy["targets"]) == ["homeless", "to_home"]
        homeless, to_home = strategy["targets"].values()
        assert homeless["at"] == "2021-06-01"
        assert homeless["projected"] == rows.loc["homeless", "projected"]
        assert homeless["probability"] == rows.loc["homeless", "probability"]
        assert isinstance(homeless["met"], bool)
        assert (homeless["baseline"], homeless["goal"], homeless["better"]) == (20, 12, "lower")
        assert to_home["probability"] is None
        assert to_home["probability_no_change"] is None
        assert to_home["baseline"] is None


def test_reconciliation_is_counted() -> None:
    for name, strategy in summary()["strategies"].items():
        checks = result().runs[name].checks
        assert strategy["reconciliation"] == {"checks": len(checks), "failed": 0}
        assert len(checks) > 5


def test_the_same_file_gives_the_same_summary() -> None:
    again = som.run(som.loads(SCENARIO, "summed.yaml")).summary()
    assert json.dumps(again) == json.dumps(summary())


@pytest.mark.parametrize("sections", [("prices", "money", "indices"), ("targets",)])
def test_a_file_without_money_or_targets_has_a_summary_too(sections: tuple[str, ...]) -> None:
    lines, dropping = [], False
    for line in SCENARIO.splitlines():
        if not line.startswith(" "):
            dropping = line.split(":")[0] in sections
        if not dropping:
            lines.append(line)
    short = som.run(som.loads("\n".join(lines))).summary()
    json.dumps(short, allow_nan=False)
    assert short["ok"]


def test_the_case_of_randers_can_be_written_as_json(randers_file: Path) -> None:
    short = som.run(som.load(randers_file)).summary()
    json.dumps(short, allow_nan=False)
    assert short["ok"]


def test_what_a_case_is_worth_is_that_of_the_tables() -> None:
    worth = summary()["strategies"]["act"]["economics"]
    assert list(worth) == PERSPECTIVES
    for row in result().economics.to_dict("records"):
        found = worth[row["payer"]]
        assert found["net_present_value_oere"] == row["net_present_value_oere"]
        net = summary()["strategies"]["act"]["net_oere"][row["payer"]]["discounted"]["total"]
        assert found["net_present_value_oere"] == net
    assert worth["kommune"]["peak_funding_oere"] > 0
    assert worth["region"]["benefit_cost_ratio"] is None
    assert worth["public"]["peak_funding_oere"] is None, "a sum of payers has no purse of its own"
    assert summary()["strategies"]["reference"]["economics"] == {}

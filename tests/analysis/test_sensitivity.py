"""One number at a time: exact where the answer is known, and the same as a run of its own."""

from __future__ import annotations

import math
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import som_sim as som
from som_sim.analysis.sensitivity import Bar, Bench, sensitivity_of
from som_sim.analysis.varied import find_inputs, values_at
from som_sim.core.errors import SomSimError
from som_sim.outcomes.chance import chance_of_goal

CASE = """
som_sim: 1
meta: {title: care, currency: DKK, price_year: 2020}
time: {from: 2020-01, to: 2020-12, cycle: month}
domains: {housing: {street: {homeless: true}, home: null}}
leave: [dead]
strata: {all: null}
parameters:
  deaths: {value: 0.2, unit: per year, distribution: {gamma: {sd: 0.05}}}
  help: {value: 0.5, is: median, distribution: {lognormal: {ci95: [0.25, 1.0]}}, source: s, grade: D}
  pay: {value: 100, distribution: {uniform: {low: 50, high: 150}}, label: {da: Løn, en: Pay}}
  stay: {value: 6 months, distribution: {gamma: {sd: 1 month}}}
  idle: {value: 3, distribution: {normal: {sd: 1}}}
  sure: {value: 7}
population: {initial: [{stratum: all, housing: home, persons: 1000}]}
transitions:
  - {from: {housing: home}, to: dead, rate_per_year: deaths}
  - {from: {housing: street}, to: home, rate_per_year: 1 / stay}
programmes:
  care:
    eligible: {housing: home}
    places: 100000
    intake: {share_of_waiting: 1}
    stay: {mean: 1000000 years}
    effects: [{from: {housing: home}, to: dead, hazard_ratio: help}]
prices:
  pay: {amount: pay, per: enrolment, programme: care, price_year: 2020, payers: {kommune: 1}, account: a}
  aid: {amount: 120, per: enrolment, programme: care, price_year: 2020, payers: {stat: 1}, transfer_to: kommune, account: b}
  day: {amount: 10, per: person_day, in: {housing: street}, price_year: 2020, payers: {region: 1}, account: c}
indices: {flat: {values: {2020: 100}}}
money: {index: flat, discount_rate: 0, base_year: 2020}
values: {years: {per: person_year, in: {housing: home}, amount: 1}}
targets:
  alive: {indicator: {persons_in: {housing: home}}, at: 2020-12-31, goal: 920, better: higher}
strategies: {nothing: {}, care: {programmes: [care]}}
sources: {s: {title: a source}}
"""
YEARS = 365 / 365.25
"""From the start to the target's day."""
CLOSE_TO_A_ROOT = 1e-4
AGAIN = 1e-5
"""More than the share who leave the programme and enter it again."""
HALF_AN_OERE = 0.005


@cache
def result() -> som.Result:
    return som.run(som.loads(CASE))


@cache
def found() -> som.Sensitivity:
    return sensitivity_of(result(), ["net:kommune", "net:stat", "target:alive", "value:years"])


def bar_of(one: som.Sensitivity, outcome: str, name: str) -> Bar:
    return next(bar for bar in one.of(outcome).bars if bar.input.name == name)


def alive(deaths: float, help_: float) -> float:
    return 1000 * math.exp(-deaths * help_ * YEARS)


def test_an_outcome_that_is_linear_in_a_parameter_has_its_exact_span() -> None:
    bar = bar_of(found(), "net:kommune", "pay")
    assert (bar.input.low, bar.input.high) == pytest.approx((52.5, 147.5), rel=1e-12)
    assert bar.at_low == pytest.approx(1000 * (120 - 52.5), rel=AGAIN)
    assert bar.at_high == pytest.approx(1000 * (120 - 147.5), rel=AGAIN)
    assert bar.span == pytest.approx(95_000, rel=AGAIN)


def test_a_count_that_dies_out_is_as_in_closed_form_at_both_ends() -> None:
    for name, at in (("help", lambda x: alive(0.2, x)), ("deaths", lambda x: alive(x, 0.5))):
        bar = bar_of(found(), "target:alive", name)
        assert bar.at_low == pytest.approx(at(bar.input.low), rel=AGAIN)
        assert bar.at_high == pytest.approx(at(bar.input.high), rel=AGAIN)
    assert (bar_of(found(), "target:alive", "help").input.low) == pytest.approx(0.25)


def test_what_nothing_reads_has_no_bar_and_stands_last() -> None:
    for way in found().ways:
        assert {bar.input.name for bar in way.bars if not bar.span} >= {"idle"}
        spans = [bar.span for bar in way.bars]
        assert spans == sorted(spans, reverse=True)
    assert [bar.input.name for bar in found().of("target:alive").bars[:2]] == ["help", "deaths"]


def test_what_turns_an_outcome_is_found_where_it_is_known() -> None:
    turn = bar_of(found(), "net:kommune", "pay").crossing
    assert turn is not None and turn.status == "found"
    assert turn.value == pytest.approx(120, rel=CLOSE_TO_A_ROOT)
    turn = bar_of(found(), "target:alive", "help").crossing
    assert turn is not None and turn.value is not None
    assert turn.value == pytest.approx(-math.log(0.92) / (0.2 * YEARS), rel=CLOSE_TO_A_ROOT)


def test_a_value_that_is_not_in_the_range_is_said_not_to_be() -> None:
    turn = bar_of(found(), "net:stat", "pay").crossing
    assert turn is not None and (turn.status, turn.value) == ("none", None)
    wide = sensitivity_of(result(), ["target:alive"], ranges={"deaths": (0.01, 3.0)})
    turn = bar_of(wide, "target:alive", "deaths").crossing
    assert turn is not None
    assert turn.value == pytest.approx(-math.log(0.92) / (0.5 * YEARS), rel=CLOSE_TO_A_ROOT)


def test_a_chance_is_the_runs_own_where_nobody_competes() -> None:
    text = CASE.replace("persons: 1000", "persons: 100").replace("goal: 920", "goal: 82")
    run = som.run(som.loads(text))
    way = sensitivity_of(run, ["chance:alive"], strategy="nothing").of("chance:alive")
    row = run.targets.set_index("strategy").loc["nothing"]
    assert way.base == pytest.approx(row["probability"], rel=1e-9)
    poisson = chance_of_goal(row["projected"], run.scenario.base.targets["alive"].goal, "higher")
    assert abs(way.base - poisson) > 0.01
    again = som.run(
        som.loads(text.replace("value: 0.2, unit", f"value: {way.bars[0].input.low!r}, unit"))
    )
    row = again.targets.set_index("strategy").loc["nothing"]
    assert way.bars[0].at_low == pytest.approx(row["probability"], rel=1e-9)


def test_what_never_moves_has_no_point_at_which_it_turns() -> None:
    still = sensitivity_of(result(), ["net:fond"])
    assert still.of("net:fond").base == 0
    assert {bar.crossing.status for bar in still.of("net:fond").bars if bar.crossing} == {"none"}
    only_state = CASE.replace("kommune: 1", "stat: 1").replace("transfer_to: kommune, ", "")
    assert som.sensitivity(som.loads(only_state)).outcomes[0] == "net:public"


def test_ends_at_the_base_value_give_no_bar() -> None:
    ranges = {"deaths": (0.2, 0.2), "help": (0.5, 0.5), "pay": (100, 100), "stay": (6, 6)}
    still = sensitivity_of(result(), ["net:kommune", "target:alive", "days"], ranges=ranges)
    for way in still.ways:
        for bar in way.bars:
            assert bar.input.name == "idle" or bar.at_low == bar.at_high == way.base
            assert bar.span == 0


def test_a_range_is_in_the_units_of_the_file() -> None:
    one = sensitivity_of(result(), ["target:alive"], ranges={"stay": (3, 9), "sure": (1, 2)})
    stay = bar_of(one, "target:alive", "stay").input
    assert (stay.unit, stay.low, stay.base, stay.high) == ("months", 3, pytest.approx(6), 9)
    assert stay.ends["care"][0] == pytest.approx(0.25)
    assert "sure" not in one.varied.left_out and found().varied.left_out == ("sure",)


def test_prices_go_up_and_down_together_where_they_are_one() -> None:
    one = sensitivity_of(result(), ["net:stat", "target:alive"], prices=0.25)
    aid = bar_of(one, "net:stat", "prices.aid")
    assert (aid.input.low, aid.input.high) == (90, 150)
    assert (aid.at_low, aid.at_high) == pytest.approx((-90_000, -150_000), rel=AGAIN)
    assert bar_of(one, "target:alive", "prices.aid").span == 0
    twice = CASE.replace(
        "\nindices:",
        """
  more: {amount: 120, per: enrolment, programme: care, price_year: 2020, payers: {stat: 1}, account: b}
indices:""",
    )
    one = sensitivity_of(som.run(som.loads(twice)), ["net:stat"], prices=0.25)
    aid = bar_of(one, "net:stat", "prices.aid")
    assert aid.input.prices == ("aid", "more")
    assert (aid.at_low, aid.at_high) == pytest.approx((-180_000, -300_000), rel=AGAIN)


def test_all_at_once_is_one_by_one_to_the_last_bit() -> None:
    strategies = result().strategies
    varied = find_inputs(result(), strategies, names=None, level=0.9, ranges={}, prices=0.1)
    bench = Bench(result=result(), strategies=strategies, inputs=varied.inputs)
    n = len(varied.inputs)
    which, place = np.repeat(np.arange(n), 3), np.tile([-1.0, 0.3, 1.0], n)
    together = bench.rows(which, place)
    for at in range(len(which)):
        alone = bench.rows(which[at : at + 1], place[at : at + 1])
        for key, row in together.items():
            assert row[at] == alone[key][0], (varied.inputs[which[at]].name, key)


def test_the_others_of_a_whole_make_room_in_proportion() -> None:
    shares = CASE.replace(
        "  idle: {value: 3, distribution: {normal: {sd: 1}}}",
        "\n".join(
            f"  {name}: {{value: {value}, distribution: {{dirichlet: {{group: g, n: 40}}}}}}"
            for name, value in (("a", 0.5), ("b", 0.3), ("c", 0.2))
        ),
    ).replace("to: home, rate_per_year: 1 / stay", "stay: {mean: stay}, to: {home: a + b, dead: c}")
    run = som.run(som.loads(shares))
    varied = find_inputs(run, ("nothing",), names=None, level=0.9, ranges={}, prices=None)
    names = [one.name for one in varied.inputs]
    which, place = np.array([names.index("a"), names.index("c"), -1]), np.array([1.0, -1.0, 0.0])
    values = values_at(run.scenario.base, "nothing", varied.inputs, which, place)
    assert values["a"] + values["b"] + values["c"] == pytest.approx(np.ones(3), abs=1e-12)
    assert values["b"] / values["c"] == pytest.approx([1.5, *(values["b"] / values["c"])[1:]])
    assert (values["a"] / values["b"])[1] == pytest.approx(5 / 3)
    assert [values[name][2] for name in "abc"] == [0.5, 0.3, 0.2]
    assert varied.inputs[names.index("a")].together == ("b", "c")


def test_what_goes_together_is_named() -> None:
    text = CASE + "correlations: [{between: [deaths, help], rank: 0.5, source: s, grade: D}]\n"
    table = som.sensitivity(som.loads(text), ["target:alive"]).table.set_index("parameter")
    assert table.loc["deaths", "together"] == "help"
    assert table.loc["pay", "together"] == ""


def test_a_strategy_that_states_another_value_keeps_it() -> None:
    text = CASE.replace(
        "care: {programmes: [care]}",
        "care: {programmes: [care], overrides: {parameters.pay: {value: 80, distribution: "
        "{uniform: {low: 60, high: 100}}}}}",
    )
    one = som.sensitivity(som.loads(text), ["net:kommune"])
    bar = bar_of(one, "net:kommune", "pay")
    assert one.of("net:kommune").base == pytest.approx(1000 * (120 - 80))
    assert (bar.input.low, bar.input.base, bar.input.high) == pytest.approx((61, 80, 99))
    assert bar.input.ends["nothing"][0] == pytest.approx(52.5)


def test_the_table_says_where_each_number_is_from() -> None:
    table = found().table
    assert set(table["outcome"]) == set(found().outcomes)
    row = table[(table["outcome"] == "net:kommune") & (table["parameter"] == "pay")].iloc[0]
    assert (row["label_da"], row["basis"], row["threshold"]) == ("Løn", "distribution", 0)
    row = table[(table["outcome"] == "target:alive") & (table["parameter"] == "help")].iloc[0]
    assert (row["source"], row["grade"], row["threshold"]) == ("s", "D", 920)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"outcomes": ["net:komune"]}, "did you mean 'net:kommune'"),
        ({"outcomes": ["net:kommune:real"]}, "there is no price view 'real'"),
        ({"outcomes": ["target"]}, "there is no outcome 'target'"),
        ({"strategy": "cure"}, "there is no strategy 'cure'; there are nothing, care"),
        ({"parameters": ["halp"]}, "did you mean 'help'"),
        ({"parameters": ["sure"]}, "'sure' has no distribution"),
        ({"ranges": {"pay": (2, 1)}}, "the range of 'pay' goes from 2 to 1"),
        ({"ranges": {"pay": (1, math.inf)}}, "the range of 'pay'"),
        ({"level": 1.0}, "level 1 is not a share"),
        ({"prices": 0.0}, "prices 0 is not a share"),
    ],
)
def test_what_is_asked_for_and_not_there_is_said(options: dict[str, Any], said: str) -> None:
    with pytest.raises(SomSimError, match=said):
        sensitivity_of(result(), **options)


def test_an_end_that_the_model_cannot_take_is_told_with_its_place() -> None:
    with pytest.raises(SomSimError) as error:
        sensitivity_of(result(), ["net:kommune"], ranges={"help": (-1, 2)})
    assert str(error.value).startswith("<")  # where the text was read from, with its line
    assert ":10:" in str(error.value)
    assert "parameters.help: at -1" in str(error.value)


def test_a_case_without_anything_uncertain_says_so() -> None:
    first = som.load("scenarios/first.yaml")
    with pytest.raises(SomSimError, match="nothing to vary"):
        som.sensitivity(first)


@pytest.fixture(scope="module")
def randers(repository: Path) -> som.Result:
    return som.run(som.load(repository / "scenarios" / "randers_act.yaml"))


@pytest.fixture(scope="module")
def of_randers(randers: som.Result) -> som.Sensitivity:
    return sensitivity_of(randers, thresholds=False)


def test_the_base_is_the_run_itself(randers: som.Result, of_randers: som.Sensitivity) -> None:
    target = randers.targets.set_index("strategy").loc["act"]
    assert of_randers.of("target:homeless_2022").base == target["projected"]
    assert of_randers.of("chance:homeless_2022").base == pytest.approx(
        target["probability"], rel=1e-12
    )
    n_postings = sum(len(run.books.ledger.amount) for run in randers.runs.values())
    for payer in ("kommune", "public"):
        net = int(randers.net(payer, "act").sum()) / 100
        assert of_randers.of(f"net:{payer}").base == pytest.approx(
            net, abs=HALF_AN_OERE * n_postings
        )


@pytest.mark.parametrize("end", ["low", "high"])
def test_a_bar_is_what_a_run_with_that_value_gives(
    end: str, repository: Path, of_randers: som.Sensitivity
) -> None:
    bar = bar_of(of_randers, "net:kommune", "act_to_home")
    value = getattr(bar.input, end)
    file = repository / "scenarios" / "randers_act.yaml"
    again = som.run(som.load(file, overrides={"parameters.act_to_home": f"{{value: {value!r}}}"}))
    n_postings = sum(len(run.books.ledger.amount) for run in again.runs.values())
    net = int(again.net("kommune", "act").sum()) / 100
    assert getattr(bar, f"at_{end}") == pytest.approx(net, abs=HALF_AN_OERE * n_postings)
    count = bar_of(of_randers, "target:homeless_2022", "act_to_home")
    expected = again.targets.set_index("strategy").loc["act", "projected"]
    assert getattr(count, f"at_{end}") == pytest.approx(expected, rel=1e-12)

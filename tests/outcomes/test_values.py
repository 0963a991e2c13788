"""What is not money, each form against a figure worked out by hand."""

from __future__ import annotations

import io
import math
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.console import Console

import som_sim as som
from plain_loop import PlainModel
from random_scenarios import Data, conditions, result_of, scenarios
from som_sim.core.errors import ScenarioError
from som_sim.outcomes.effectiveness import VERDICTS, weigh
from som_sim.report.summary import print_summary

CLOSED_FORM = 1e-9
"""Relative: an exact step of the engine, or a sum of floats, against arithmetic by hand."""
HIV = Path(__file__).parents[2] / "scenarios" / "hiv_chancellor_1997.yaml"

STILL = """\
som_sim: 1
meta: {title: Nobody moves, currency: DKK, price_year: 2019}
time: {from: 2019-01, to: 2020-06, cycle: CYCLE}
domains: {housing: {street: {homeless: true}, home: {}}, work: {benefits: {}, job: {}}}
strata: {adult: {}, young: {}}
parameters: {weight: {value: 0.65}}
population:
  initial:
    - {stratum: adult, housing: street, work: benefits, persons: 10}
    - {stratum: adult, housing: home, work: job, persons: 4}
    - {stratum: young, housing: home, work: benefits, persons: 6}
values:
  it: {VALUE}
strategies: {reference: {}}
"""


def by_year(value: str, text: str = STILL, cycle: str = "month") -> list[float]:
    """Return the value of each year of the run."""
    result = som.run(som.loads(text.replace("VALUE", value).replace("CYCLE", cycle)))
    return [float(amount) for amount in result.values["amount"]]


# Each form ------------------------------------------------------------------------------------


@pytest.mark.parametrize("cycle", ["month", "quarter"])
@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("per: person_day, in: {housing: street}, amount: 1", [3650, 10 * 182]),  # a leap year
        ("per: person_month, in: {housing: street}, amount: 1", [120, 60]),
        ("per: person_year, in: {housing: street}, amount: 1", [10, 5]),
        ("per: person_year, in: {housing: home}, amount: 0.65", [6.5, 3.25]),
        ("per: person_year, in: {housing: home, work: job}, amount: 2", [8, 4]),
        ("per: person_year, in: {housing: home, stratum: young}, amount: 2", [12, 6]),
        ("per: person_year, in: {homeless: false}, amount: -1", [-10, -5]),
        ("per: person_year, in: {work: [benefits, job]}, amount: 0.5", [10, 5]),
        ("per: person_year, in: {programme: none}, amount: 1", [20, 10]),
        ("per: person_year, in: {housing: home}, amount: weight", [6.5, 3.25]),
        ("per: person_year, in: {housing: home}, amount: 1 - weight", [3.5, 1.75]),
        (
            "per: person_year, in: {housing: home}, amount: {value: 0.65, note: as told}",
            [6.5, 3.25],
        ),
        ("per: person_year, in: {housing: home}, amount: 0", [0, 0]),
        ("per: entry, in: {housing: home}, amount: 1", [0, 0]),
    ],
)
def test_person_time_of_people_who_stay(value: str, expected: list[float], cycle: str) -> None:
    assert by_year(value, cycle=cycle) == pytest.approx(expected, rel=CLOSED_FORM)


MOVING = """\
som_sim: 1
meta: {title: Moving, currency: DKK, price_year: 2019}
time: {from: 2019-01, to: 2020-12, cycle: month}
domains: {housing: {shelter: {homeless: true}, home: {}, street: {homeless: true}}}
leave: [dead]
strata: {adult: {}}
population:
  initial: [{stratum: adult, housing: shelter, persons: 100}]
  arrivals: [{stratum: adult, housing: home, per_year: 365.2500}]
transitions:
  - {from: {housing: shelter}, stay: {mean: 200 days}, to: {home: 0.6, street: 0.3, dead: 0.1}}
values:
  it: {VALUE}
strategies: {reference: {}}
"""
LEFT = [100 * (1 - math.exp(-365 / 200)), 100 * (math.exp(-365 / 200) - math.exp(-731 / 200))]
"""Out of the shelter in each year."""


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("per: move, from: {housing: shelter}, to: home, amount: 1", [0.6 * n for n in LEFT]),
        (
            "per: move, from: {housing: shelter}, to: [home, street], amount: 2",
            [1.8 * n for n in LEFT],
        ),
        (
            "per: move, from: {housing: shelter, stratum: adult}, to: dead, amount: -1",
            [-0.1 * n for n in LEFT],
        ),
        ("per: move, from: {housing: home}, to: shelter, amount: 1", [0, 0]),
        ("per: entry, in: {housing: street}, amount: 1", [0.3 * n for n in LEFT]),
        ("per: entry, in: {housing: home}, amount: 1", [0.6 * LEFT[0] + 365, 0.6 * LEFT[1] + 366]),
        ("per: entry, in: {homeless: true}, amount: 1", [0, 0]),  # from shelter to street is within
        ("per: person_day, in: {housing: shelter}, amount: 1", [200 * n for n in LEFT]),
    ],
)
def test_moves_and_entries_of_people_who_go(value: str, expected: list[float]) -> None:
    assert by_year(value, MOVING) == pytest.approx(expected, rel=CLOSED_FORM, abs=1e-12)


@pytest.mark.parametrize("per", ["person_day", "person_month", "person_year", "entry"])
def test_the_length_of_a_cycle_changes_no_total(per: str) -> None:
    value = f"per: {per}, in: {{housing: home}}, amount: 1"
    text = STILL.replace("time: {from: 2019-01, to: 2020-06", "time: {from: 2019-01, to: 2020-12")
    totals = [sum(by_year(value, text, cycle)) for cycle in ("month", "quarter", "year")]
    assert totals == pytest.approx([totals[0]] * 3, rel=CLOSED_FORM)


# Discounting ----------------------------------------------------------------------------------


def discounted(value: str, money: str = "") -> list[float]:
    text = STILL.replace("CYCLE", "month").replace("to: 2020-06", "to: 2022-12") + money
    value = f"per: person_year, in: {{housing: street}}, amount: 1{value}"
    table = som.run(som.loads(text.replace("VALUE", value))).values
    assert table["amount"].tolist() == pytest.approx([10] * 4)
    return [float(one) for one in table["discounted"]]


MONEY = """\
indices: {flat: {values: {2019: 1, 2020: 1, 2021: 1, 2022: 1}}}
money: {index: flat, discount_rate: 0.5, base_year: 2020}
"""


@pytest.mark.parametrize(
    ("value", "money", "expected"),
    [
        ("", "", [10, 10, 10, 10]),
        ("", MONEY, [10, 10, 10, 10]),  # the rate of money is not that of values
        (", discount_rate: 0", MONEY, [10, 10, 10, 10]),
        (", discount_rate: 0.25", "", [10, 8, 6.4, 5.12]),  # from the first year of the run
        (", discount_rate: 0.25", MONEY, [12.5, 10, 8, 6.4]),  # from that of money
        (", discount_rate: 0.25, base_year: 2019", MONEY, [10, 8, 6.4, 5.12]),
        (", discount_rate: 0.25, base_year: 2018", "", [8, 6.4, 5.12, 4.096]),
        (", discount_rate: dk_ministry_2021", "", [10 / 1.035**year for year in range(4)]),
    ],
)
def test_a_value_is_discounted_at_a_rate_of_its_own(
    value: str, money: str, expected: list[float]
) -> None:
    assert discounted(value, money) == pytest.approx(expected, rel=CLOSED_FORM)


# Against the reference ------------------------------------------------------------------------

COMPARED = """\
som_sim: 1
meta: {title: Compared, currency: DKK, price_year: 2019}
time: {from: 2019-01, to: 2020-12, cycle: year}
domains: {housing: {shelter: {homeless: true}, home: {}}}
strata: {adult: {}}
population: {initial: [{stratum: adult, housing: shelter, persons: 8}, {stratum: adult, housing: home, persons: 2}]}
prices:
  bed: {amount: 100, per: person_year, in: {housing: shelter}, price_year: 2019, payers: {kommune: 0.5, stat: 0.5}, account: beds}
  rent: {amount: 30, per: person_year, in: {housing: home}, price_year: 2019, payers: {kommune: 0.5, borger: 0.5}, account: rent}
  team: {amount: 1, per: year, price_year: 2019, payers: {kommune: 1}, account: team}
indices: {flat: {values: {2019: 1, 2020: 1}}}
money: {index: flat, discount_rate: 0.25, base_year: 2019}
values:
  home_years: {label: {da: År i egen bolig, en: Years in a home}, per: person_year, in: {housing: home}, amount: 1}
  later: {per: person_year, in: {housing: home}, amount: 1, discount_rate: 0.6}
  shelter_days: {per: person_day, in: {housing: shelter}, amount: 1, better: lower}
strategies:
  reference: {}
  homes: {label: {da: Boliger, en: Homes}, overrides: {HOMES}}
  nothing: {label: {da: Intet, en: Nothing}}
"""
MORE_HOMES = '"population.initial[0].persons": 3, "population.initial[1].persons": 7'


@cache
def compared(overrides: str = MORE_HOMES) -> som.Result:
    return som.run(som.loads(COMPARED.replace("HOMES", overrides)))


def test_totals_and_the_difference_from_the_reference() -> None:
    table = compared().value_totals.set_index(["strategy", "value"])
    assert table.loc[("reference", "home_years"), "amount"] == pytest.approx(4)
    homes = table.loc["homes"]
    assert homes["amount"].to_dict() == pytest.approx(
        {"home_years": 14, "later": 14, "shelter_days": 3 * 731}
    )
    assert homes["difference"].to_dict() == pytest.approx(
        {"home_years": 10, "later": 10, "shelter_days": -5 * 731}
    )
    assert homes["discounted"].to_dict() == pytest.approx(
        {"home_years": 14, "later": 7 + 7 / 1.6, "shelter_days": 3 * 731}
    )
    assert homes.loc["later", "difference_discounted"] == pytest.approx(5 + 5 / 1.6)
    assert homes["better"].to_dict() == {
        "home_years": "higher", "later": "higher", "shelter_days": "lower",
    }  # fmt: skip
    assert homes.loc["home_years", "label_en"] == "Years in a home"


def test_dearer_and_better_has_a_cost_per_unit() -> None:
    # Five more at home: the team of 1,000 a year, less beds and more rent.
    found = compared(f"{MORE_HOMES}, prices.team.amount: 1000").cost_effectiveness
    assert list(found["strategy"].unique()) == ["homes", "nothing"]
    rows = found[found["strategy"] == "homes"].set_index(["value", "payer"])
    public = 999 - 5 * 100 + 5 * 15  # each year, kroner
    society = 999 - 5 * 100 + 5 * 30
    for payer, each_year in (("public", public), ("society", society)):
        added = 100 * (each_year + each_year / 1.25)  # øre, the second year discounted
        mine = rows.xs(payer, level="payer")
        assert mine["added_cost_discounted_oere"].tolist() == [round(added)] * 3
        assert (mine["verdict"] == "dearer_and_better").all()
        gained = {"home_years": 10, "later": 5 + 5 / 1.6, "shelter_days": 5 * 731}
        assert mine["gained_discounted"].to_dict() == pytest.approx(gained)
        assert mine["cost_per_unit_oere"].to_dict() == {
            key: round(added / one) for key, one in gained.items()
        }


def verdicts(overrides: str) -> set[str]:
    table = compared(overrides).cost_effectiveness
    return set(table.loc[table["strategy"] == "homes", "verdict"])


def ratios(overrides: str) -> list[int]:
    table = compared(overrides).cost_effectiveness
    return [
        int(one) for one in table.loc[table["strategy"] == "homes", "cost_per_unit_oere"].dropna()
    ]


FEWER_HOMES = '"population.initial[0].persons": 10, "population.initial[1].persons": 0'


def test_cheaper_and_better_needs_no_ratio() -> None:
    assert verdicts(MORE_HOMES) == {"cheaper_and_better"}
    assert not ratios(MORE_HOMES)


def test_dearer_and_worse_needs_no_ratio() -> None:
    assert verdicts(FEWER_HOMES) == {"dearer_and_worse"}
    assert not ratios(FEWER_HOMES)


def test_cheaper_and_worse_is_what_is_saved_for_each_unit_given_up() -> None:
    overrides = f"{FEWER_HOMES}, prices.bed.amount: 50, prices.team.amount: 1"
    assert verdicts(overrides) == {"cheaper_and_worse"}
    # Public, each year: 10 x 50 + 1, before 8 x 100 + 2 x 15 + 1; four home years are lost.
    saved = 100 * (830 - 500) * (1 + 1 / 1.25)
    assert ratios(overrides)[0] == round(saved / 4)
    assert all(one > 0 for one in ratios(overrides))


def test_a_dearer_strategy_that_changes_nothing_else_is_only_dearer() -> None:
    assert verdicts("prices.team.amount: 2") == {"dearer_and_same"}
    assert verdicts("prices.team.amount: 0.50") == {"cheaper_and_same"}


def test_a_strategy_that_is_the_reference_makes_no_difference() -> None:
    table = compared().cost_effectiveness
    mine = table[table["strategy"] == "nothing"]
    assert set(mine["verdict"]) == {"same_cost_and_same"}
    assert (mine["gained_discounted"] == 0).all()
    assert mine["cost_per_unit_oere"].isna().all()


@given(st.integers(-(10**12), 10**12), st.floats(-1e9, 1e9).filter(lambda x: not 0 < abs(x) < 1e-3))
def test_a_verdict_by_its_definition(added: int, gained: float) -> None:
    found = weigh(added, gained)
    assert found.verdict in VERDICTS
    cost, effect = found.verdict.split("_and_")
    assert (cost == "cheaper", cost == "same_cost", cost == "dearer") == (
        added < 0, added == 0, added > 0
    )  # fmt: skip
    assert (effect == "worse", effect == "same", effect == "better") == (
        gained < 0, gained == 0, gained > 0
    )  # fmt: skip
    if added * gained > 0:
        assert found.cost_per_unit == round(added / gained) >= 0
    else:
        assert found.cost_per_unit is None


def test_a_gain_too_small_to_speak_of_is_none() -> None:
    assert weigh(1, 5e-324).verdict == "dearer_and_same"
    assert weigh(10**12, 1e-3).cost_per_unit == 10**15
    assert weigh(10**12, 1e-6).verdict == "dearer_and_same"
    assert weigh(0, 1e-6).verdict == "same_cost_and_better"


def test_rounding_of_floats_is_no_effect() -> None:
    # A programme with no effect moves people between cells that are counted together.
    text = COMPARED.replace("{HOMES}", "{}").replace(
        "strategies:\n",
        "programmes: {act: {eligible: {housing: shelter}, places: 3, intake: {share_of_waiting: 0.3},"
        " stay: {mean: 3 months}}}\n"
        "transitions: [{from: {housing: shelter}, to: home, rate_per_year: 0.7}]\nstrategies:\n",
    )
    text = text.replace("homes: {", "homes: {programmes: [act], ")
    table = som.run(som.loads(text)).cost_effectiveness
    assert {one.split("_and_")[1] for one in table["verdict"]} == {"same"}


def test_any_two_strategies_can_be_held_against_each_other() -> None:
    result = compared(f"{MORE_HOMES}, prices.team.amount: 1000")
    there = result.cost_effectiveness_of("home_years", "homes")
    assert there == result.cost_effectiveness_of("home_years", "homes", against="nothing")
    back = result.cost_effectiveness_of("home_years", "reference", against="homes")
    assert back.verdict == "cheaper_and_worse"
    assert (back.added_cost, back.gained) == (-there.added_cost, -there.gained)
    assert back.cost_per_unit == there.cost_per_unit
    borger = result.cost_effectiveness_of("home_years", "homes", payer="borger")
    assert borger.added_cost == 100 * 5 * 15 * 1.8


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (("home_year", "homes"), "there is no value 'home_year'; did you mean 'home_years'?"),
        (("home_years", "home"), "there is no strategy 'home'; did you mean 'homes'?"),
        (("home_years", "homes", "refrence"), "there is no strategy 'refrence'"),
        (("home_years", "homes", None, "state"), "there is no payer 'state'; did you mean 'stat'?"),
    ],
)
def test_a_wrong_name_is_a_key_error_that_names_the_right_ones(
    ask: tuple[str, ...], said: str
) -> None:
    with pytest.raises(KeyError, match=said.replace("?", "\\?")):
        compared().cost_effectiveness_of(*ask)


# Beside the ledger ----------------------------------------------------------------------------


def test_values_never_enter_the_ledger() -> None:
    start, end = COMPARED.index("values:\n"), COMPARED.index("strategies:\n")
    without = som.run(som.loads((COMPARED[:start] + COMPARED[end:]).replace("HOMES", MORE_HOMES)))
    for table in ("ledger", "cost_by_year", "net_by_year", "reconciliation"):
        assert getattr(without, table).equals(getattr(compared(), table))
    assert not len(without.values) and not len(without.value_totals)
    assert not len(without.cost_effectiveness)


def test_tables_and_the_summary_hold_the_same(tmp_path: Path) -> None:
    result = compared(f"{MORE_HOMES}, prices.team.amount: 1000")
    by_year, totals = result.values, result.value_totals
    assert list(by_year.columns) == ["strategy", "value", "year", "amount", "discounted"]
    sums = by_year.groupby(["strategy", "value"])[["amount", "discounted"]].sum()
    for row in totals.to_dict("records"):
        assert tuple(sums.loc[(row["strategy"], row["value"])]) == pytest.approx(
            (row["amount"], row["discounted"]), rel=CLOSED_FORM
        )
    summary = result.summary()["strategies"]
    assert summary["reference"]["values"]["later"]["cost_effectiveness"] == {}
    later = summary["homes"]["values"]["later"]
    assert later["difference_discounted"] == pytest.approx(5 + 5 / 1.6)
    assert set(later["cost_effectiveness"]) == {"public", "society"}
    assert later["cost_effectiveness"]["public"]["verdict"] == "dearer_and_better"
    found = result.cost_effectiveness_of("later", "homes")
    assert later["cost_effectiveness"]["public"]["cost_per_unit_oere"] == found.cost_per_unit
    result.save(tmp_path / "out")
    written = (tmp_path / "out" / "values.csv").read_text(encoding="utf-8").splitlines()
    assert written[0] == "strategy,value,year,amount,discounted"
    assert len(written) == 1 + 3 * 3 * 2
    assert (tmp_path / "out" / "value_totals.csv").exists()
    assert (tmp_path / "out" / "cost_effectiveness.csv").exists()


def said(result: som.Result, lang: str) -> str:
    page = io.StringIO()
    print_summary(result, lang, Console(file=page, width=80))
    return " ".join(page.getvalue().split())


def test_the_summary_says_it_in_words() -> None:
    danish = said(compared(f"{MORE_HOMES}, prices.team.amount: 1000"), "da")
    # Public: 574 kr. in 2019 and 459.20 in 2020, for 10 years in a home and 3,655 days.
    assert "Det, der ikke er penge: Boliger" in danish
    assert "År i egen bolig: +10,00 i forhold til »reference« (4,00)" in danish
    assert "Offentligt i alt: betaler 103,32 kr. for hver enhed mere" in danish
    assert "betaler 0,28 kr. for hver enhed mindre" in danish
    assert "later: +10,00, tilbagediskonteret +8,1" in danish
    english = said(compared(), "en")
    assert "What is not money: Homes" in english
    assert "Public total: cheaper and better" in english
    assert "Public total: no difference" in english


def test_without_money_the_summary_has_values_alone() -> None:
    text = STILL.replace("CYCLE", "month").replace(
        "VALUE", "per: person_year, in: {housing: home}, amount: 1"
    )
    text = text.replace("reference: {}}", "reference: {}, same: {}}")
    words = said(som.run(som.loads(text)), "en")
    assert "it: 0.0 compared with “reference” (15.0)." in words
    assert "no difference" not in words


# A published figure ---------------------------------------------------------------------------


def test_a_life_year_in_the_hiv_model_costs_what_is_printed() -> None:
    result = som.run(som.load(HIV))
    totals = result.value_totals.set_index("strategy")["amount"] / 1000
    assert totals.round(2).to_dict() == {"monotherapy": 7.99, "combination": 8.94}
    found = result.cost_effectiveness_of("life_years", "combination", payer="society")
    assert found.verdict == "dearer_and_better"
    assert found.cost_per_unit is not None
    assert round(found.cost_per_unit / 100) == 6_276


# Random scenarios -----------------------------------------------------------------------------

PERS = ("person_day", "person_month", "person_year", "entry")


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(scenarios(money=False, max_cycles=4), st.data())
def test_a_random_value_against_the_plain_loop(data: Data, choose: st.DataObject) -> None:
    keys = (*data["domains"], "stratum", "programme")
    where = choose.draw(conditions(data, keys)) or {"stratum": list(data["strata"])}
    per = choose.draw(st.sampled_from(PERS))
    data = {**data, "values": {"it": {"per": per, "in": where, "amount": 3}}}
    result = result_of(data)
    for strategy in data["strategies"]:
        model = PlainModel(data, strategy)
        run = model.run()
        expected = 0.0
        for cycle, (start, end) in enumerate(
            zip(model.boundaries, model.boundaries[1:], strict=False)
        ):
            if per == "entry":
                expected += sum(model.entries(run, where, cycle).values())
                continue
            days = sum(t for cell, t in run.person_days[cycle].items() if model.fits(cell, where))
            months = (end.year - start.year) * 12 + end.month - start.month
            units = {"person_day": (end - start).days, "person_month": months}
            expected += days * units.get(per, months / 12) / (end - start).days
        table = result.values
        found = float(table.loc[table["strategy"] == strategy, "amount"].sum())
        scale = max(1.0, float(np.abs(expected)))
        assert found == pytest.approx(3 * expected, abs=1e-7 * scale)


# Wrong use ------------------------------------------------------------------------------------


def told(value: str) -> str:
    with pytest.raises(ScenarioError) as caught:
        som.loads(MOVING.replace("VALUE", value), "f")
    return "\n".join(str(one) for one in caught.value.problems)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("per: person_year, amount: 1", "f:13:3: values.it: a value per person_year needs 'in'"),
        (
            "per: move, from: {housing: shelter}, amount: 1",
            "f:13:3: values.it: a value per move needs 'to'",
        ),
        (
            "per: move, in: {housing: shelter}, amount: 1",
            "f:13:3: values.it: a value per move needs 'from'\n"
            "f:13:3: values.it: a value per move needs 'to'\n"
            "f:13:19: values.it.in: a value per move takes no 'in', but 'from' and 'to'",
        ),
        (
            "per: entry, in: {housing: home}, to: home, amount: 1",
            "f:13:41: values.it.to: a value per entry takes no 'to', but 'in'",
        ),
        (
            "per: person_week, in: {housing: home}, amount: 1",
            "f:13:13: values.it.per: 'person_week' is not allowed; did you mean 'person_year'?",
        ),
        (
            "per: person_year, in: {}, amount: 1",
            "f:13:26: values.it.in: name at least one condition",
        ),
        (
            "per: person_year, in: {housing: hut}, amount: 1",
            "f:13:40: values.it.in.housing: 'hut' is no state of housing; allowed: shelter, home, street",
        ),
        (
            "per: move, from: {stratum: adult}, to: home, amount: 1",
            "f:13:19: values.it.from: name the states of exactly one domain",
        ),
        (
            "per: move, from: {housing: shelter}, to: [home, hut], amount: 1",
            "f:13:45: values.it.to: 'hut' is no state of housing or way to leave; allowed: "
            "shelter, home, street, dead",
        ),
        (
            "per: person_year, in: {housing: home}, amount: much",
            "f:13:55: values.it.amount: 'much' is no number and no parameter; none is declared",
        ),
        (
            "per: person_year, in: {housing: home}, amount: 3 days",
            "f:13:55: values.it.amount: '3 days' is not a number of a usual size",
        ),
        (
            "per: person_year, in: {housing: home}",
            "f:13:3: values.it: 'amount' is missing",
        ),
        (
            "per: person_year, in: {housing: home}, amount: 1, discount_rate: 4",
            "f:13:73: values.it.discount_rate: 4 is not a rate a year (0 to 1), such as 0.035",
        ),
        (
            "per: person_year, in: {housing: home}, amount: 1, discount_rate: dk_ministry",
            "f:13:73: values.it.discount_rate: 'dk_ministry' is no discount rate; did you mean "
            "'dk_ministry_2021'?",
        ),
        (
            "per: person_year, in: {housing: home}, amount: 1, base_year: 2019",
            "f:13:69: values.it.base_year: the year that discounting starts from goes with a "
            "'discount_rate' above 0",
        ),
        (
            "per: person_year, in: {housing: home}, amount: 1, better: more",
            "f:13:66: values.it.better: 'more' is not allowed; allowed: higher, lower",
        ),
        (
            "per: person_year, in: {housing: home}, amount: 1, unit: years",
            "f:13:58: values.it.unit: unknown key; allowed: source, grade, note, label, from, to, "
            "better, discount_rate, base_year",
        ),
        (
            "per: person_year, in: {housing: home}, amount: 1, source: who",
            "f:13:66: values.it.source: source 'who' is not declared in 'sources'; none is declared",
        ),
    ],
)
def test_wrong_use_is_told_where_and_what(value: str, message: str) -> None:
    assert told(value) == message


def test_an_unsound_value_hides_no_other_problem() -> None:
    text = MOVING.replace("VALUE", "per: person_yaer, in: {housing: home}, amount: 1").replace(
        "strategies:", "  other: {per: entry, in: {housing: hut}, amount: 1}\nstrategies:"
    )
    with pytest.raises(ScenarioError) as caught:
        som.loads(text, "f")
    assert [str(one).split(": ")[1] for one in caught.value.problems] == [
        "values.it.per",
        "values.other.in.housing",
    ]


def test_strategies_share_values_and_the_command_line_may_change_them() -> None:
    value = "per: person_year, in: {housing: home}, amount: 1"
    text = STILL.replace("CYCLE", "month").replace("VALUE", value)
    with pytest.raises(ScenarioError, match="all strategies share 'values'"):
        som.loads(
            text.replace("reference: {}", "reference: {}, b: {overrides: {values.it.amount: 2}}")
        )
    changed = som.run(som.loads(text, overrides={"values.it.amount": "2"}))
    assert changed.values["amount"].tolist() == pytest.approx([20, 10])

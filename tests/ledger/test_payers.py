"""Rules that count, in a run of expected numbers: shares within limits, own rules, a law's date."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import som_sim as som
from som_sim.core.errors import ScenarioError

if TYPE_CHECKING:
    from conftest import Freeze

A_DAY = 10 * 1000_00
"""Ten people are at the shelter every day, for 1,000 kr. each: øre."""


def night(payers: str, extra: str = "") -> str:
    return (
        "night: {amount: 1000, per: person_day, in: {housing: shelter}, price_year: 2019, "
        f"payers: {payers}, account: shelter{extra}}}"
    )


def by_limit(within: str, name: str = "dk_section_110") -> str:
    return f"{{rule: {name}, within: {{{within}}}}}"


def refunded(freeze: Freeze, payers: str, year: int, more: str = "") -> int:
    """Return what the state refunds of a year's nights, in øre."""
    frozen = freeze(night(payers), first=f"{year}-01", last=f"{year}-12", more=more)
    found = frozen.by_year()
    assert found[year, "night", "transfer", "stat"] == -found[year, "night", "transfer", "kommune"]
    return found[year, "night", "transfer", "stat"]


def test_the_share_within_the_limit_is_refunded(freeze: Freeze) -> None:
    assert refunded(freeze, by_limit("120: 0.6"), 2024) == 366 * A_DAY * 0.6 * 0.5


def test_each_period_of_a_rule_has_its_limit(freeze: Freeze) -> None:
    days = 90 * 0.6 + 275 * 0.5
    assert refunded(freeze, by_limit("120: 0.6, 90: 0.5"), 2026) == days * A_DAY * 0.5


def test_a_period_without_a_limit_needs_no_share(freeze: Freeze) -> None:
    days = 273 + 92 * 0.6
    assert refunded(freeze, by_limit("120: 0.6"), 2023) == days * A_DAY * 0.5


def test_steps_share_out_what_lies_between_limits(freeze: Freeze) -> None:
    payers = by_limit("4: 0.1, 26: 0.3, 52: 0.6", "dk_benefit_steps")
    share = 0.1 * 0.8 + 0.2 * 0.4 + 0.3 * 0.3 + 0.4 * 0.2
    assert refunded(freeze, payers, 2019) == round(365 * A_DAY * share)


def test_a_length_of_time_is_a_limit_too(freeze: Freeze) -> None:
    payers = by_limit("2 years: 0.8", "dk_section_85a")
    assert refunded(freeze, payers, 2024) == 366 * A_DAY * 0.4


@pytest.mark.parametrize(
    ("payers", "said"),
    [
        (by_limit(""), "goes by each person's first 120 days"),
        (
            by_limit("100: 0.5"),
            "'100' is no limit of rule 'dk_section_110'; its limits are 90, 120",
        ),
        (by_limit("120: 1.5"), "1.5 is not a share"),
        (by_limit("often: 0.5"), "'often' is no limit"),
        (by_limit("120: 0.5, 90: 0.6"), "shares must rise"),
        (by_limit("4: 0.5, 26: 0.3, 52: 0.6", "dk_benefit_steps"), "shares must rise"),
        (by_limit("4: 0.5", "dk_benefit_over_52_weeks"), "its limits are it has none"),
        ("dk_section_85a", r"first 24 months, which this run .* within: \{24 months: 0.7\}"),
        ("dk_section_110_own_payment", "says nothing about 2024-01-01"),
        ("dk_section_176", "says nothing about 2024-01-01"),
        ("{rule: dk_section_111, within: {120: 0.5}}", "did you mean 'dk_section_110'"),
        ("{rule: dk_section_110, wihtin: {120: 0.5}}", "wihtin: unknown key"),
    ],
)
def test_what_cannot_be_carried_is_refused(freeze: Freeze, payers: str, said: str) -> None:
    with pytest.raises(ScenarioError, match=said):
        refunded(freeze, payers, 2024)


def test_an_amount_a_day_is_a_price_of_its_own(freeze: Freeze) -> None:
    with pytest.raises(ScenarioError, match="write it as a price of its own"):
        refunded(freeze, "dk_section_110_own_payment", 2023)


def test_a_yearly_cost_is_not_told_by_days(freeze: Freeze) -> None:
    with pytest.raises(ScenarioError, match="goes by what each person has cost"):
        refunded(freeze, "dk_section_176", 2022)
    payers = by_limit("860000: 0.9, 1680000: 0.95, 2120000: 1", "dk_section_176")
    with pytest.raises(ScenarioError, match="no share of the days tells"):
        refunded(freeze, payers, 2022)


# The rules of a date --------------------------------------------------------------------------


def test_a_case_is_run_under_the_rules_of_a_date(freeze: Freeze) -> None:
    old = refunded(freeze, "dk_section_110", 2024, "law: {as_of: 2023-09-30}")
    assert old == 366 * A_DAY * 0.5
    new = refunded(freeze, by_limit("90: 0.5"), 2019, "law: {as_of: 2027-01-01}")
    assert new == 365 * A_DAY * 0.25


def test_a_date_without_a_rule_is_refused(freeze: Freeze) -> None:
    with pytest.raises(ScenarioError, match="'dk_section_85a' says nothing as of 2023-09-30"):
        refunded(freeze, "dk_section_85a", 2024, "law: {as_of: 2023-09-30}")


def test_a_date_is_a_day(freeze: Freeze) -> None:
    with pytest.raises(ScenarioError, match=r"law\.as_of: 2023 is not a day"):
        refunded(freeze, "dk_section_110", 2019, "law: {as_of: 2023}")


# A municipality's own rules -------------------------------------------------------------------

OWN = """\
rules:
  night_deal:
    title: {da: Aftale om nætter, en: A deal on nights}
    law: a contract between kommune and region
    source: illustrative
    periods:
      - {valid_to: 2019-12-31, pays: {kommune: 1}, refunds: [{from: region, to: kommune, share: 0.25}]}
"""
SCENARIO = """\
som_sim: 1
meta: {title: One group, currency: DKK, price_year: 2019}
time: {from: 2019-01, to: 2019-01, cycle: month}
domains: {housing: {shelter: {}, home: {}}}
strata: {all: {}}
population: {initial: [{stratum: all, housing: shelter, persons: 1}]}
indices: {flat: {values: {2019: 100}}}
money: {index: flat, discount_rate: 0.04, base_year: 2019}
knowledge: own.yaml
prices:
  night: {amount: 100, per: person_day, in: {housing: shelter}, price_year: 2019,
          payers: night_deal, account: shelter}
strategies: {reference: {}}
"""


def written(folder: Path, own: str = OWN, scenario: str = SCENARIO) -> Path:
    (folder / "own.yaml").write_text(own, encoding="utf-8")
    (folder / "case.yaml").write_text(scenario, encoding="utf-8")
    return folder / "case.yaml"


def region_pays(result: som.Result) -> int:
    table = result.ledger
    return int(table[table["payer"] == "region"]["amount_oere"].sum())


def test_an_own_rule_pays(tmp_path: Path) -> None:
    scenario = som.load(written(tmp_path))
    assert region_pays(som.run(scenario)) == 31 * 100_00 * 0.25
    changed = som.load(written(tmp_path, OWN.replace("0.25", "0.5")))
    assert changed.digest != scenario.digest, "the digest is of what the file says"
    assert region_pays(som.run(changed)) == 31 * 100_00 * 0.5


def test_an_own_rule_takes_the_place_of_a_packaged_one(tmp_path: Path) -> None:
    own = OWN.replace("night_deal", "dk_section_110")
    scenario = SCENARIO.replace("night_deal", "dk_section_110")
    assert region_pays(som.run(som.load(written(tmp_path, own, scenario)))) == 31 * 100_00 * 0.25


def test_a_file_can_be_laid_over_when_a_case_is_read(tmp_path: Path) -> None:
    case = written(tmp_path)
    more = tmp_path / "more.yaml"
    more.write_text(OWN.replace("0.25", "1"), encoding="utf-8")
    assert region_pays(som.run(som.load(case, knowledge=[more]))) == 31 * 100_00


def test_a_rule_can_stand_in_the_scenario_itself(tmp_path: Path) -> None:
    inside = "knowledge:\n" + "".join(f"  {line}\n" for line in OWN.splitlines())
    text = SCENARIO.replace("knowledge: own.yaml\n", inside)
    assert region_pays(som.run(som.loads(text))) == 31 * 100_00 * 0.25


@pytest.mark.parametrize(
    ("find", "put", "said"),
    [
        ("share: 0.25", "share: 25", "own.yaml:7:97: knowledge.rules.night_deal.periods[0].refunds[0].share: 25 is not a share (0 to 1)"),
        ("pays: {kommune: 1}", "pays: {kommune: 0.9}", "own.yaml:7:9: knowledge.rules.night_deal.periods[0]: the shares of 'pays' add to 0.9; they must add to 1"),
        ("from: region", "from: kommune", "'kommune' would refund itself"),
        ("to: kommune,", "to: stat,", "'stat' pays nothing, so it gets nothing back"),
        ("law: a", "laww: a", "own.yaml:4:5: knowledge.rules.night_deal.laww: unknown key"),
        ("valid_to: 2019-12-31", "valid_to: 2019-13-31", "'2019-13-31' is not a day"),
        ("share: 0.25", "steps: [{up_to: 30, share: 1}]", "steps need a 'counter'"),
        ("rules:", "rule:", "own.yaml:1:1: rule: unknown section; did you mean 'rules'?"),
    ],
)  # fmt: skip
def test_a_wrong_rule_is_told_with_its_place(
    tmp_path: Path, find: str, put: str, said: str
) -> None:
    assert find in OWN
    with pytest.raises(ScenarioError) as refused:
        som.load(written(tmp_path, OWN.replace(find, put)))
    assert said in str(refused.value)
    assert len(refused.value.problems) == 1, "one mistake is one problem"


def test_a_file_that_is_not_there_is_told_at_its_name(tmp_path: Path) -> None:
    case = written(tmp_path, scenario=SCENARIO.replace("own.yaml", "none.yaml"))
    with pytest.raises(ScenarioError, match=r"case\.yaml:9:12: knowledge: there is no file"):
        som.load(case)
    with pytest.raises(ScenarioError, match="stands in no folder"):
        som.loads(SCENARIO)


def test_an_own_rule_that_has_ended_is_refused(tmp_path: Path) -> None:
    case = written(tmp_path, OWN.replace("2019-12-31", "2019-01-15"))
    with pytest.raises(
        ScenarioError, match="no one split of rule 'night_deal' holds from 2019-01-01"
    ):
        som.load(case)

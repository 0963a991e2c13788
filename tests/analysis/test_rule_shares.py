"""What a case reckons of a rule that counts, beside what single persons give."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import som_sim as som
from som_sim.cli.main import main

CASE = """\
som_sim: 1
meta: {title: Stays, currency: DKK, price_year: 2024}
time: {from: 2024-01, to: 2025-12, cycle: quarter}
domains: {housing: {shelter: {homeless: true}, home: {}}}
strata: {all: {}}
population: {initial: [{stratum: all, housing: shelter, persons: 20}]}
transitions:
  - {from: {housing: shelter}, stay: {mean: 90 days}, to: home}
  - {from: {housing: home}, to: shelter, rate_per_year: 2}
indices: {flat: {values: {2024: 1, 2025: 1}}}
money: {index: flat, discount_rate: 0, base_year: 2024}
prices:
  night: {amount: 1000, per: person_day, in: {housing: shelter}, price_year: 2024,
          payers: PAYERS, account: shelter}
strategies: {reference: {}, same: {}}
"""
STATED = "{rule: dk_section_110, within: {120: 1}}"


def result(payers: str) -> som.Result:
    return som.run(som.loads(CASE.replace("PAYERS", payers)))


def test_the_difference_is_told_by_year() -> None:
    found = som.rule_shares(result(STATED), histories=20)
    years = found.years
    assert list(years["year"]) == [2024, 2025, 2024, 2025]
    assert set(years["way"]) == {"within"}
    assert (years["refunded_oere"] - years["bill_oere"] / 2).abs().max() <= 1
    assert (years["measured_oere"] < years["refunded_oere"]).all()
    assert (
        years["difference_oere"] - (years["refunded_oere"] - years["measured_oere"])
    ).abs().max() <= 1
    (share,) = set(found.within["within"].round(12))
    assert 0.5 < share < 0.9
    assert set(found.within["limit"]) == {120.0}


def test_the_share_found_is_the_share_to_state() -> None:
    """Stated as `within`, the measured share of days gives the measured refund."""
    share = som.rule_shares(result(STATED), histories=20).within["within"].iloc[0]
    again = som.rule_shares(
        result(f"{{rule: dk_section_110, within: {{120: {share:.6f}}}}}"), histories=20
    )
    whole = again.years[["refunded_oere", "measured_oere"]].sum()
    assert whole["refunded_oere"] == pytest.approx(whole["measured_oere"], rel=0.02)


def test_measured_against_itself_there_is_no_difference() -> None:
    years = som.rule_shares(result("{rule: dk_section_110, histories: 7}"), histories=7).years
    assert set(years["way"]) == {"histories"}
    assert years["difference_oere"].abs().max() < 1e-6 * years["bill_oere"].min()


def test_the_command_prints_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "case.yaml"
    file.write_text(CASE.replace("PAYERS", STATED), encoding="utf-8")
    assert main(["rules", str(file), "--histories", "3", "--lang", "da"]) == 0
    shown = capsys.readouterr().out.splitlines()
    assert shown[0] == "1 priser med en regel, der tæller; målt på 3 historier"
    assert shown[1].startswith("reference, night, 2024: refunderet 50,00 % (angivet), person for")
    assert main(["rules", str(file), "--histories", "3", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["histories"] == 3
    assert [one["year"] for one in found["years"]] == [2024, 2025, 2024, 2025]

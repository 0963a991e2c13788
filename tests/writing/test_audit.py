"""An audit: a whole case passes, and each thing that can be missing is found when it is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings

import som_sim as som
from edits import GoodFile, library
from random_scenarios import Data, scenario_of, scenarios
from som_sim.cli import codes
from som_sim.cli.main import main
from som_sim.core.texts import LANGUAGES, text
from som_sim.writing.audit import KINDS
from som_sim.writing.audit_page import data, page

FILE = Path(__file__).parent / "whole_case.yaml"
WHOLE = FILE.read_text(encoding="utf-8")
edited = GoodFile(WHOLE).edited


def found(*edits: tuple[str, str]) -> som.Audit:
    return som.audit(som.loads(edited(*edits), "f"))


def status(audit: som.Audit) -> dict[str, str]:
    return {one.name: one.status for one in audit.checklist}


def test_a_whole_case_has_nothing_to_ask() -> None:
    audit = found()
    assert audit.findings == () and audit.open == ()
    assert audit.ok and audit.n_numbers == 15


BENEFIT = "    transfer_to: borger\n"
SAME_DAYS = "    in: {housing: home}\n    price_year: 2024\n    payers: {kommune: 1}\n    transfer_to: borger\n    account: kontanthjaelp"
PLANTED = (
    # (text in the whole case, what to write instead, kind, path, words)
    ("rate_per_year: 1, source: count", "rate_per_year: 1", "no_source", "transitions[0].rate_per_year", "no source"),
    ("persons: 40, source: count, grade: B", "persons: {value: 40}", "no_source", "population.initial[0].persons", "no source"),
    ("places: 10", "places: {2024-03: {value: 10, source: pool, grade: D}}", "weak", "programmes.support.places.2024-03", "grade D"),
    ("trial: {title: A trial", "trial: {title: Only illustrative", "illustrative", "parameters.sooner", "“trial”"),
    ("date: 2019-05", "date: January 2013", "stale", "sources.trial", "2013"),
    ("price_year: 2024\n    payers: {kommune: 1}\n    account: shelter", "price_year: 2018\n    payers: {kommune: 1}\n    account: shelter", "stale", "prices.shelter_day", "2018"),
    (BENEFIT, "    kind: cost\n", "transfer", "prices.benefit", "transfer_to"),
    (SAME_DAYS, SAME_DAYS.replace("home", "shelter").replace("transfer_to: borger", "kind: cost").replace("kontanthjaelp", "shelter"), "double_count", "prices.benefit", "prices.shelter_day"),
    ("values: {housed", "values: {lived: {per: person_year, in: {homeless: false}, amount: 1, source: count}, housed", "double_count", "values.housed", "values.lived"),
)  # fmt: skip


@pytest.mark.parametrize(("find", "replace", "kind", "path", "words"), PLANTED)
def test_what_is_planted_is_found(
    find: str, replace: str, kind: str, path: str, words: str
) -> None:
    extra = [("count: {title: The count}", "count: {title: The count}\n  pool: {title: A pool}")]
    if "2018" in replace:
        extra.append(("values: {2024: 100", "values: {2018: 90, 2024: 100"))
    audit = found((find, replace), *extra)
    said = [one for one in audit.findings if one.kind == kind]
    assert [one.place for one in said] == [path]
    file, line, column = said[0].at.split(":")
    at = edited((find, replace), *extra).splitlines()[int(line) - 1][int(column) - 1 :]
    last = path.split(".")[-1].split("[")[0]
    assert file == "f" and at.startswith(last)
    assert words in text(said[0].key, "en", **dict(said[0].values))
    assert not audit.ok


GRANTS = """\
grants:
  one: {funder: stat, to: kommune, covers: [training], tranches: {2024: 10}, total: 10, unspent: returned, source: count}
  two: {funder: fond, to: kommune, covers: [training], tranches: {2024: 10}, total: 10, unspent: returned, source: count}
targets:
"""


def test_two_grants_for_one_price_are_seen() -> None:
    audit = found(
        ("targets:\n", GRANTS),
        ("programmes: [support]}", "programmes: [support], grants: [one, two]}"),
    )
    assert [(one.kind, one.place) for one in audit.findings] == [
        ("double_count", "grants.two.covers")
    ]


def test_prices_of_different_times_or_people_are_not_counted_twice() -> None:
    half = SAME_DAYS.replace("home", "shelter").replace("transfer_to: borger", "kind: cost")
    half = half.replace("kontanthjaelp", "shelter\n    from: 2025-01")
    until = ("account: shelter\n    source", "account: shelter\n    to: 2024-12\n    source")
    assert not found((SAME_DAYS, half), until).of("double_count")


UNANSWERED = (
    # (text in the whole case, what to write instead, line, its status)
    ("  description: {da: Uden støtten er der ingen., en: Without the support there is none.}\n", "", "reference", "partly"),
    (", note: the same people as here", "", "target_group", "open"),
    ("source: trial, grade: A", "source: trial", "level", "open"),
    ("    drop_out: {rate_per_year: 0.1}\n", "", "drop_out", "open"),
    ("    phase: startup\n", "", "phases", "open"),
    ("    note: two places are closed for each two people fewer\n", "", "saved", "open"),
    ("{2024: 100, 2025: 102}, source: count", "{2024: 100, 2025: 102}", "price_year", "partly"),
    (BENEFIT, "    kind: cost\n", "twice", "open"),
    ("    payers: {kommune: 1}\n    account: shelter", "    payers: {kommune: 0.5, stat: 0.5}\n    account: shelter", "payers", "partly"),
    (", is: median, distribution: {lognormal: {ci95: [1.5, 2.7]}}", "", "sensitivity", "open"),
    ("values: {housed: {per: person_year, in: {housing: home}, amount: 1, source: count, grade: B}}\n", "", "not_counted", "partly"),
    ("    note: the council counts each June\n", "", "follow_up", "partly"),
    ("    effects: [{from: {housing: shelter}, to: home, hazard_ratio: sooner}]\n", "", "measure", "open"),
    ("    effects: [{from: {housing: shelter}, to: home, hazard_ratio: sooner}]\n", "", "net", "open"),
)  # fmt: skip


@pytest.mark.parametrize(("find", "replace", "line", "wanted"), UNANSWERED)
def test_what_is_missing_leaves_its_line_unanswered(
    find: str, replace: str, line: str, wanted: str
) -> None:
    statuses = status(found((find, replace)))
    assert statuses[line] == wanted


def test_every_line_but_the_horizon_can_be_unanswered() -> None:
    assert {line for _, _, line, _ in UNANSWERED} == set(status(found())) - {"horizon"}


@settings(max_examples=25)
@given(scenarios())
def test_any_scenario_can_be_audited_in_both_languages(drawn: Data) -> None:
    try:
        audit = som.audit(scenario_of(drawn))
    except som.ScenarioError:  # what is counted twice is refused
        return
    assert len(audit.checklist) == 15 and {one.kind for one in audit.findings} <= set(KINDS)
    for lang in LANGUAGES:
        shown = page(audit, "f", lang, whole=True)
        assert "{" not in shown and len(data(audit, lang)["findings"]) == len(audit.findings)


def test_every_scenario_of_the_library_can_be_audited(repository: Path) -> None:
    for file in library(repository):
        audit = som.audit(som.load(file))
        assert audit.n_numbers > 10
        assert not audit.of("transfer"), file


def test_strict_says_no_with_the_exit_code(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["audit", str(FILE), "--strict"]) == codes.FINE
    assert "15 of 15 lines are answered, 0 partly, 0 are open." in capsys.readouterr().out
    file = tmp_path / "case.yaml"
    file.write_text(edited(("    phase: startup\n", "")), encoding="utf-8")
    assert main(["audit", str(file), "--lang", "da"]) == codes.FINE
    assert "Ingen pris har `phase: startup`. " not in capsys.readouterr().err
    assert main(["audit", str(file), "--strict", "--json"]) == codes.CHECK_FAILED
    answer = json.loads(capsys.readouterr().out)
    assert answer["ok"] is False and answer["checklist"][6]["status"] == "open"


def test_a_long_list_is_cut_and_shown_whole_when_wished(
    randers_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["audit", str(randers_file), "--lang", "en"]) == codes.FINE
    short = capsys.readouterr().out
    assert "more" in short
    assert main(["audit", str(randers_file), "--lang", "en", "--all"]) == codes.FINE
    assert len(capsys.readouterr().out.splitlines()) > len(short.splitlines()) + 30

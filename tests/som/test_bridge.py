"""The bridge: its steps add up, and without dynamics the simulation says what SØM says."""

from __future__ import annotations

from pathlib import Path

import pytest

import som_sim
from som_sim.core.errors import ScenarioError, SomSimError
from som_sim.outcomes.economics import PERSPECTIVES, VIEWS
from som_sim.report.bridge_report import bridge_figure, bridge_table, rows_of
from som_sim.som.bridge import BridgeResult, run_bridge, yaml_text
from som_sim.som.read import load_case, loads_case
from som_sim.som.result import run_case

MONTHLY_ROUNDING_OERE = 2 * 60
"""Two bills a month for 60 months, each off by half an øre for SØM's one a year."""


@pytest.fixture(scope="module")
def file(repository: Path) -> Path:
    return repository / "scenarios" / "som" / "skaeve_boliger.yaml"


@pytest.fixture(scope="module")
def bridge(file: Path) -> BridgeResult:
    return run_bridge(load_case(file))


@pytest.mark.parametrize("view", VIEWS)
def test_the_steps_add_up_to_the_difference_to_the_oere(bridge: BridgeResult, view: str) -> None:
    for payer in PERSPECTIVES:
        key = (view, payer)
        steps = sum(step.change.totals[key] for step in bridge.steps)
        assert bridge.start.totals[key] + steps == bridge.end.totals[key]


def test_the_ends_are_the_two_answers_as_anybody_gets_them(
    bridge: BridgeResult, repository: Path
) -> None:
    simulated = som_sim.run(som_sim.load(repository / "scenarios" / "skaeve_boliger.yaml"))
    net = simulated.net_of("skaeve_boliger")
    som = run_case(bridge.case)
    for view in VIEWS:
        for payer in PERSPECTIVES:
            assert bridge.end.totals[view, payer] == int(net.amounts[view, payer].sum())
            assert bridge.start.totals[view, payer] == int(som.net(payer, view).sum())


def test_the_static_step_is_nothing_but_rounding(bridge: BridgeResult) -> None:
    static = bridge.steps[0]
    assert static.kind == "static"
    for key, oere in static.change.totals.items():
        assert abs(oere) <= MONTHLY_ROUNDING_OERE, key


def test_a_refund_rule_moves_money_between_payers_only(bridge: BridgeResult) -> None:
    rules = next(step for step in bridge.steps if step.kind == "refund_rules")
    assert rules.change.totals["current", "society"] == 0
    assert rules.change.totals["current", "kommune"] > 0


def test_accounts_add_up_to_payers_in_current_prices(bridge: BridgeResult) -> None:
    for _, _, net in rows_of(bridge):
        for payer in ("kommune", "region", "stat", "fond", "borger"):
            of_payer = sum(oere for (_, one), oere in net.accounts.items() if one == payer)
            assert of_payer == net.totals["current", payer]


def test_table_and_figure_show_every_line(bridge: BridgeResult) -> None:
    table = bridge_table(bridge)
    assert table["step"].drop_duplicates().tolist() == [
        "som", "static", "phase_in", "relapse", "places", "refund_rules", "price_level",
        "simulated",
    ]  # fmt: skip
    assert len(bridge_figure(bridge, "kommune", "discounted", "da").axes[0].patches) == 8


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("base_year: 2024", "base_year: 2023", "discounted to 2023 here and 2024 in"),
        ("discount_rate: 0.035", "discount_rate: 0.03", "discounted at 0.03 here and 0.035 in"),
        ("strategy: skaeve_boliger", "strategy: reference", "no strategy of"),
        ("scenario: ../skaeve_boliger.yaml", "scenario: ../nowhere.yaml", "there is no file"),
        ("scenario: ../skaeve_boliger.yaml", "scenario: /etc/passwd", "begins at the root"),
        ("parameters.lose_home.value", "parameters.loose_home.value", "did you mean 'lose_home'"),
        ("bridge:", "bridges:", "unknown key; did you mean 'bridge'?"),
    ],
)
def test_two_files_that_do_not_fit_are_refused(
    file: Path, old: str, new: str, message: str
) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    with pytest.raises(ScenarioError, match=message):
        run_bridge(loads_case(text.replace(old, new, 1), str(file)))


def test_a_case_needs_a_bridge_and_an_answer(file: Path, repository: Path) -> None:
    with pytest.raises(SomSimError, match="has no 'bridge'"):
        run_bridge(load_case(repository / "scenarios" / "som" / "icm_young_vive_2019.yaml"))
    text = file.read_text(encoding="utf-8")
    start, end = text.index("consequences:\n"), text.index("prices:\n")
    without = text[:start] + "missing: [{input: consequences}]\n" + text[end:]
    with pytest.raises(SomSimError, match="without consequences there is no answer"):
        run_bridge(loads_case(without, str(file)))


def test_numbers_pass_into_the_scenario_as_they_were_written() -> None:
    parsed = loads_case(
        (Path(__file__).parents[2] / "scenarios/som/skaeve_boliger.yaml").read_text("utf-8")
    )
    assert parsed.spec.bridge is not None
    without = parsed.spec.bridge.steps[3].without
    assert yaml_text(without) == (
        '{law: {as_of: "2023-09-30"}, "prices.shelter_year.payers": dk_section_110}'
    )

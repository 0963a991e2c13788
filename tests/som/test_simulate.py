"""An instant, permanent effect without dynamics is SØM's answer, to the øre."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import som_sim
from som_cases import CASE, Plain, plain_cases
from som_sim.core.errors import SomSimError
from som_sim.outcomes.economics import PERSPECTIVES, VIEWS
from som_sim.result import Result
from som_sim.som.read import Case, load_case, loads_case
from som_sim.som.result import run_case
from som_sim.som.simulate import scenario_text, write_scenario

CASES = ("skaeve_boliger", "wsipp_supported_housing")


def simulated(case: Case) -> Result:
    return som_sim.run(som_sim.loads(scenario_text(case)))


def apart(case: Case, payer: str, view: str = "current") -> int:
    """Return how many øre the two answers are apart in the year where they are most so."""
    net = simulated(case).net_of("intervention")
    return int(np.abs(net.amounts[view, payer] - run_case(case).net(payer, view)).max())


@pytest.mark.parametrize("view", VIEWS)
def test_the_case_added_up_by_hand_is_simulated_to_the_oere(view: str) -> None:
    case = loads_case(CASE)
    assert simulated(case).ok
    for payer in PERSPECTIVES:
        assert apart(case, payer, view) == 0, payer


@pytest.mark.parametrize("name", CASES)
def test_the_cases_of_the_library_are_simulated_to_the_oere(repository: Path, name: str) -> None:
    case = load_case(repository / "scenarios" / "som" / f"{name}.yaml")
    for payer in PERSPECTIVES:
        assert apart(case, payer) == 0, payer


def test_with_net_alone_and_with_a_rate_below_nothing() -> None:
    for success in ("{net: 0.6}", "{net: -0.2}", "{with: 0.1, reference: 0.9}"):
        case = loads_case(CASE, overrides={"success": success})
        for payer in PERSPECTIVES:
            assert apart(case, payer) == 0, (success, payer)


@settings(max_examples=12)
@given(
    hundreds=st.integers(1, 5),
    gross=st.integers(0, 100),
    without=st.integers(0, 100),
    units=st.lists(st.integers(-3, 5), min_size=1, max_size=8),
    price=st.integers(0, 1_000_000),
    cost=st.integers(0, 10_000_000),
    tenths=st.integers(0, 10),
    lag=st.sampled_from(["success_year", "year_after"]),
)
def test_whole_numbers_of_people_and_oere_agree_to_the_oere(
    hundreds: int, gross: int, without: int, units: list[int], price: int, cost: int, tenths: int,
    lag: str,
) -> None:  # fmt: skip
    """Hundreds of people succeed in whole per cent, and prices share without a rest."""
    share = Decimal(tenths) / 10
    text = (
        CASE.replace("{2024: 10, 2025: 20}", f"{{2024: {100 * hundreds}, 2025: 300}}")
        .replace(
            "{with: 0.8, reference: 0.2}",
            f"{{with: {gross / 100:.2f}, reference: {without / 100:.2f}}}",
        )
        .replace("less: [0.5, 0.5, 0.25]", f"less: {units}")
        .replace("amount: 550000", f"amount: {Decimal(price) / 10:.2f}")
        .replace("amount: 500000", f"amount: {Decimal(cost) / 10:.2f}")
        .replace("{kommune: 0.5, stat: 0.5}", f"{{kommune: {share}, stat: {1 - share}}}")
        .replace("year_after", lag)
    )
    case = loads_case(text)
    result = simulated(case)
    som = run_case(case)
    net = result.net_of("intervention")
    assert som.ok and result.ok
    for payer in PERSPECTIVES:
        assert net.amounts["current", payer].tolist() == som.net(payer, "current").tolist(), payer


@settings(max_examples=10)
@given(plain_cases)
def test_any_case_agrees_but_for_the_rounding_of_two_bills(case: Plain) -> None:
    read = loads_case(case.text())
    bills = 1 + 2 * 2 * len(case.units)
    for payer in PERSPECTIVES:
        assert apart(read, payer) <= bills, payer


def test_what_is_missing_cannot_be_simulated(repository: Path, tmp_path: Path) -> None:
    case = load_case(repository / "scenarios" / "som" / "cool_kids_2019.yaml")
    with pytest.raises(SomSimError, match="without course, success, costs, consequences there"):
        scenario_text(case)
    with pytest.raises(SomSimError, match="cannot write"):
        write_scenario(loads_case(CASE), tmp_path / "nowhere" / "case.yaml")
    write_scenario(loads_case(CASE), tmp_path / "case.yaml")
    assert som_sim.load(tmp_path / "case.yaml").strategies.keys() == {"reference", "intervention"}

"""The HIV model of Chancellor et al. 1997, as in Briggs, Claxton and Sculpher: the printed table."""

from __future__ import annotations

from pathlib import Path

import pytest

import som_sim as som
from som_sim.result import Result

FILE = Path(__file__).parents[2] / "scenarios" / "hiv_chancellor_1997.yaml"
PATIENTS = 1000


@pytest.fixture(scope="module")
def result() -> Result:
    return som.run(som.load(FILE))


def life_years(result: Result, strategy: str) -> float:
    """A cycle is a year for each patient alive at its end."""
    trajectory = result.runs[strategy].trajectory
    days = trajectory.person_days[0, 0].sum(axis=(0, 1, 3))
    return float((days / trajectory.model.calendar.days).sum() / PATIENTS)


def cost(result: Result, strategy: str) -> float:
    oere = result.runs[strategy].costs.amounts["discounted", "society"].sum()
    return float(oere) / 100 / PATIENTS


@pytest.mark.parametrize(
    ("strategy", "years", "pounds"), [("monotherapy", 7.99, 44_663), ("combination", 8.94, 50_602)]
)
def test_life_years_and_costs_are_those_printed(
    result: Result, strategy: str, years: float, pounds: int
) -> None:
    assert round(life_years(result, strategy), 2) == years
    assert round(cost(result, strategy)) == pounds


def test_cost_of_a_life_year_is_the_one_printed(result: Result) -> None:
    extra = cost(result, "combination") - cost(result, "monotherapy")
    gained = life_years(result, "combination") - life_years(result, "monotherapy")
    assert round(extra / gained) == 6_276


def test_another_counting_rule_gives_another_answer(result: Result) -> None:
    """Half a cycle more for all, less half a cycle for those still alive at the end."""
    text = FILE.read_text(encoding="utf-8").replace("counting: end", "counting: half_cycle")
    alive = result.runs["monotherapy"].trajectory.occupancy[0, 0, :, :, -1].sum() / PATIENTS
    expected = life_years(result, "monotherapy") + (1 - alive) / 2
    assert life_years(som.run(som.loads(text)), "monotherapy") == pytest.approx(expected, rel=1e-12)

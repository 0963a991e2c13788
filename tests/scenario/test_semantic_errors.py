"""What a file can say that is well formed and yet cannot be meant: each kind seen once."""

from __future__ import annotations

import pytest

from edits import VALID, GoodFile
from som_sim.scenario.read import loads

COUNT = "    indicator: {persons_in: {homeless: true}}\n    at: 2021-W06\n    over: 7 days\n"
MARKS = (("street: {homeless: true}", "street: {}"), ("shelter: {homeless: true}", "shelter: {}"))


edited = GoodFile(VALID).edited
told = GoodFile(VALID).problems


def window(indicator: str, when: str) -> tuple[str, str]:
    return COUNT, f"    indicator: {indicator}\n    {when}\n"


ENTRIES = "{entries_to: {housing: shelter}}"
CASES = (
    # shares that do not add to 1
    ([("{home: 0.6, street: 0.4}", "{home: 0.6, street: 0.3}")],
     ["f:20:52: transitions[0].to: the shares add to 0.9; they must add to 1"]),
    ([("{kommune: 0.9, region: 0.1}", "{kommune: 0.9, region: 0.2}")],
     ["f:44:5: prices.team.payers: the shares add to 1.1; they must add to 1"]),
    ([("stay: {mean: 24 months}", "stay: {mean: 24 months}\n    moves_on_to: {act: 0.7, cti: 0.4}"),
      ("prices:\n", "  cti: {eligible: {}, places: 1, intake: {share_of_waiting: 1}}\nprices:\n"),
      ("{programmes: [act],", "{programmes: [act, cti],")],
     ["f:30:5: programmes.act.moves_on_to: a programme cannot move people on to itself",
      "f:30:5: programmes.act.moves_on_to: the shares add to more than 1"]),
    # tranches that do not add to the stated total
    ([("total: 1093380", "total: 1093381")],
     ["f:54:12: grants.pool.total: the tranches add to 1093380, not to the stated total 1093381"]),
    # a price in a year without an index
    ([("{2020: 98.1, 2021: 100}", "{2020: 98.1}")],
     ["f:2:67: meta.price_year: index 'wages' has no value for 2021",
      "f:33:3: prices.shelter_day: index 'wages' has no value for 2021; add them, or another index: "
      "a missing year is never guessed",
      "f:40:3: prices.team: index 'wages' has no value for 2021; add them, or another index: a "
      "missing year is never guessed",
      "f:53:5: grants.pool.tranches: index 'wages' has no value for 2021; add them, or another index: "
      "a missing year is never guessed"]),
    # an indicator over no state
    ([window("{persons_in: {}}", "at: 2021-W06")],
     ["f:58:17: targets.count.indicator.persons_in: name at least one condition"]),
    ([window("{persons_in: {housing: []}}", "at: 2021-W06")],
     ["f:58:17: targets.count.indicator.persons_in: housing: the list is empty"]),
    ([*MARKS, ("  - {indicator: {persons_in: {homeless: true}},", "  - {indicator: {persons_in: {housing: home}},")],
     ["f:58:17: targets.count.indicator.persons_in: no state is marked homeless: true"]),
    ([window("{share_of_moves: {from: {stratum: adult}, to: home}}", "during: {from: 2020-01, to: 2020-12}"),
      ("goal: 30", "goal: 0.3")],
     ["f:58:34: targets.count.indicator.share_of_moves.from: name the states of exactly one domain"]),
    # dates outside the horizon
    ([("at: 2021-W06", "at: 2022-W06")],
     ["f:59:9: targets.count.at: 2022-W06 is not wholly within the run (2020-01-01 to 2021-12-31)"]),
    ([("at: 2021-W06", "at: 2021-12-30")],
     ["f:59:9: targets.count.at: 2021-12-30 is not wholly within the run (2020-01-01 to 2021-12-31)"]),
    ([("at: 2020-W06", "at: 2019-W06")],
     ["f:64:53: observations[0].at: 2019-W06 is not wholly within the run (2020-01-01 to 2021-12-31)"]),
    ([window(ENTRIES, "during: {from: 2021-06, to: 2022-05}")],
     ["f:59:5: targets.count.during: the window must be whole cycles within the run"]),
    ([window(ENTRIES, "during: {from: 2021-06, to: 2021-05}")],
     ["f:59:5: targets.count.during: the window ends before it starts"]),
    ([("tranches: {2020: 50156, 2021: 1043224}", "tranches: {2020: 50156, 2022: 1043224}"),
      ("{2020: 98.1, 2021: 100}", "{2020: 98.1, 2021: 100, 2022: 102}")],
     ["f:53:35: grants.pool.tranches[2022]: 2022 is outside the run (2020 to 2021)"]),
    # units that do not fit
    ([("value: 61 days", "value: 61"), ("{parameters.stay.value: 50 days}", "{}")],
     ["f:20:45: transitions[0].stay.mean: parameter 'stay': 61 has no unit; write a duration such as '61 days'"]),
    ([("rate_per_year: 0.08", "rate_per_year: stay")],
     ["f:21:56: transitions[1].rate_per_year: parameter 'stay' is a duration; here stands a rate (0 to "
      "1,000,000): a rate per year or persons per year or a number"]),
    ([("value: 61 days", "value: 61 days, unit: per year"), ("{parameters.stay.value: 50 days}", "{}")],
     ["f:12:17: parameters.stay.value: the value is a duration, but the unit 'per year' is a rate per year"]),
    # a value and a distribution that disagree
    ([("value: 61 days", "value: 61 days, distribution: {gamma: {mean: 70 days, sd: 5 days}}"),
      ("{parameters.stay.value: 50 days}", "{}")],
     ["f:12:17: parameters.stay.value: 61 days is taken to be the mean, but the gamma distribution has "
      "mean 70 days, median 69.881 days, mode 69.6429 days; they must agree to 0.1 standard deviations"]),
)  # fmt: skip


@pytest.mark.parametrize(("edits", "messages"), CASES)
def test_what_cannot_be_meant(edits: list[tuple[str, str]], messages: list[str]) -> None:
    assert told(*edits) == messages


def test_a_step_after_the_run_is_a_warning() -> None:
    edits = [
        ("{2020-06: 7, 2021-01: 20}", "{2020-06: 7, 2022-01: 20}"),
        ("rate_per_year: 0.08", "rate_per_year: {2019-01: 0.08, 2025-01: 1}"),
    ]
    assert [str(one) for one in loads(edited(*edits), "f").warnings] == [
        "f:21:81: transitions[1].rate_per_year.2025-01: never reached: the run ends with 2021-12",
        "f:27:35: programmes.act.places.2022-01: never reached: the run ends with 2021-12",
    ]

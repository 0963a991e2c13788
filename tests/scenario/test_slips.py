"""Slips of the key, numbers no run can follow, and values left out: each with what is told."""

from __future__ import annotations

import pytest

from edits import VALID, GoodFile
from som_sim import run
from som_sim.core.errors import ScenarioError, SomSimError
from som_sim.scenario.read import loads

edited = GoodFile(VALID).edited
told = GoodFile(VALID).told


SLIPS = (
    # (text in the good file, what to write instead, what the user is told)
    (
        "{mean: stay}",
        "{mean: 0.0001 hours}",
        "f:20:45: transitions[0].stay.mean: comes to a rate of 8.766e+07 a year, more than "
        "20,000 moves in one cycle; choose a longer stay, a lower rate or a shorter cycle",
    ),
    (
        "{mean: stay}",
        "{median: 0.0001 hours}",
        "f:20:47: transitions[0].stay.median: comes to a rate of 6.076e+07 a year, more than "
        "20,000 moves in one cycle; choose a longer stay, a lower rate or a shorter cycle",
    ),
    (
        "{mean: stay}",
        "{share: 0.5, over: 0.0001 hours}",
        "f:20:57: transitions[0].stay.over: comes to a rate of 6.076e+07 a year, more than "
        "20,000 moves in one cycle; choose a longer stay, a lower rate or a shorter cycle",
    ),
    (
        "rate_per_year: 0.08",
        "rate_per_year: 900000",
        "f:21:56: transitions[1].rate_per_year: comes to a rate of 9e+05 a year, more than "
        "20,000 moves in one cycle; choose a longer stay, a lower rate or a shorter cycle",
    ),
    (
        "rate_per_year: 0.08",
        "rate_per_year: {2020-01: 1, 2021-01: 900000}",
        "f:21:78: transitions[1].rate_per_year.2021-01: comes to a rate of 9e+05 a year, "
        "more than 20,000 moves in one cycle; choose a longer stay, a lower rate or a "
        "shorter cycle",
    ),
    (
        "probability: 0.3, within: 1 month",
        "probability: 0.3, within: 0.0001 hours",
        "f:22:70: transitions[2].within: comes to a rate of 3.127e+07 a year, more than "
        "20,000 moves in one cycle; choose a longer stay, a lower rate or a shorter cycle",
    ),
    (
        "hazard_ratio: 2.5",
        "hazard_ratio: 999999",
        "f:31:60: programmes.act.effects[0].hazard_ratio: times the rate of transitions[0] "
        "from housing shelter to home this comes to 3.593e+06 a year, more than 20,000 moves "
        "in one cycle (in strategy reference)\n"
        "f:31:60: programmes.act.effects[0].hazard_ratio: times the rate of transitions[0] "
        "from housing shelter to home this comes to 4.383e+06 a year, more than 20,000 moves "
        "in one cycle (in strategy act)",
    ),
    (
        "hazard_ratio: 2.5",
        "hazard_ratio: 9999999",
        "f:31:60: programmes.act.effects[0].hazard_ratio: 9999999 is not a ratio (0 to 1,000,000)",
    ),
    (
        "stay: {mean: 24 months}",
        "stay: {mean: 0.0001 hours}",
        "f:29:18: programmes.act.stay.mean: comes to a rate of 8.766e+07 a year, more than "
        "20,000 moves in one cycle; choose a longer stay, a lower rate or a shorter cycle",
    ),
    (
        "young: {}",
        "young: {ages: {to: adult, after: 0.0001 hours}}",
        "f:10:43: strata.young.ages.after: comes to a rate of 8.766e+07 a year, more than "
        "20,000 moves in one cycle; choose a longer stay, a lower rate or a shorter cycle",
    ),
    (
        "    amount: 1100\n",
        "    amount: 9999999999999\n",
        "f:34:13: prices.shelter_day.amount: 9999999999999 is too large to be booked in øre; "
        "an amount is at most 40,000,000,000",
    ),
    (
        "{2020: 50156, 2021: 1043224}",
        "{2020: 50156, 2021: 1e12}",
        "f:53:35: grants.pool.tranches[2021]: 1000000000000 is too large to be booked in "
        "øre; an amount is at most 40,000,000,000",
    ),
    (
        "{kommune: 0.9, region: 0.1}",
        "{kommune: 1.5, stat: -0.5}",
        "f:44:23: prices.team.payers.kommune: 1.5 is not a share (0 to 1)\n"
        "f:44:34: prices.team.payers.stat: -0.5 is not a share (0 to 1)",
    ),
    (
        "persons: 34",
        "persons: 1e12",
        "f:15:51: population.initial[0].persons: 1000000000000 is not a count (0 to 1,000,000,000)",
    ),
    (
        "rate_per_year: 0.08",
        "rate_per_year: 2000000",
        "f:21:56: transitions[1].rate_per_year: 2000000 is not a rate (0 to 1,000,000)",
    ),
    (
        "hazard_ratio: 2.5",
        "hazard_ratio: 1e7",
        "f:31:60: programmes.act.effects[0].hazard_ratio: 10000000 is not a ratio (0 to 1,000,000)",
    ),
    (
        "share_of_waiting: 0.5",
        "share_of_waiting: 20%",
        "f:28:32: programmes.act.intake.share_of_waiting: 20% has a sign for percent; write 0.2",
    ),
    (
        "share_of_waiting: 0.5",
        "share_of_waiting: 200 %",
        "f:28:32: programmes.act.intake.share_of_waiting: 200 % has a sign for percent; write 2",
    ),
    (
        "share_of_waiting: 0.5",
        "share_of_waiting: '2,5 %'",
        "f:28:32: programmes.act.intake.share_of_waiting: 2,5 % has a sign for percent; "
        "write 0.025",
    ),
    (
        "persons: 34",
        "persons: 1:40",
        "f:15:51: population.initial[0].persons: '1:40' is not a count (0 to 1,000,000,000)",
    ),
    (
        "persons: 34",
        "persons: 5–10",
        "f:15:51: population.initial[0].persons: '5–10' is not a count (0 to 1,000,000,000)",
    ),
    (
        "    places: {2020-06: 7, 2021-01: 20}",
        "    places:",
        "f:27:5: programmes.act.places: a value is missing",
    ),
    (
        "    places: {2020-06: 7, 2021-01: 20}",
        "    places: {2020-06: }",
        "f:27:5: programmes.act.places: 2020-06: a value is missing",
    ),
    (
        "persons: 34",
        "persons: true",
        "f:15:51: population.initial[0].persons: true is not a count (0 to 1,000,000,000)",
    ),
    (
        "persons: 34",
        "persons: [1, 2]",
        "f:15:42: population.initial[0].persons: a list is not a count (0 to 1,000,000,000)",
    ),
    (
        "persons: 34",
        "persons: {a: 1}",
        "f:15:42: population.initial[0].persons: write a number, a parameter's name, an "
        "expression, or {value: ..., source: ..., grade: ..., note: ...}; unknown here: a",
    ),
    (
        "eligible: {stratum: adult, housing: [street, shelter]}",
        "eligible: true",
        "f:26:15: programmes.act.eligible: true is not a condition; write it as {housing: shelter}",
    ),
    (
        "    at: 2021-W06\n",
        "    at: {a: 1}\n",
        "f:59:5: targets.count.at: keys with values is not a date; write 2017, 2017-02, "
        "2017-W06 or 2017-02-15",
    ),
    (
        "    goal: 30",
        "    goal:",
        "f:61:5: targets.count.goal: a value is missing",
    ),
    (
        "    account: act",
        "    account:",
        "f:45:5: prices.team.account: a value is missing; expected a name",
    ),
    (
        "    per: year",
        "    per:",
        "f:42:5: prices.team.per: a value is missing; write one of person_day, person_month, "
        "person_year, entry, move, enrolment, hour, place_day, place_month, place_year, month, "
        "quarter, year, once",
    ),
    (
        "discount_rate: 0.035",
        "discount_rate: 3,5 %",
        "f:47:40: money.5 %: has no value; if 3,5 % is meant, write 0.035",
    ),
    (
        "discount_rate: 0.035",
        "discount_rate: 3.5 %",
        "f:47:38: money.discount_rate: 3.5 % has a sign for percent; write 0.035",
    ),
    (
        "value: 61 days",
        "value: 61,5 days",
        "f:12:20: parameters.stay.5 days: has no value; if 61,5 days is meant, write 61.5 days",
    ),
    (
        "value: 61 days",
        "value: 20 %",
        "f:12:17: parameters.stay.value: 20 % has a sign for percent; write 0.2 (in strategy "
        "reference)",
    ),
    (
        "[street, shelter]}\n    places",
        "[]}\n    places",
        "f:26:5: programmes.act.eligible: housing: the list is empty",
    ),
    (
        "title: {da: Prøve, en: Sample}",
        "title: 2024",
        "f:2:15: meta.title: expected a text or keys with values, not 2024; quote it to make "
        "it a text",
    ),
    (
        "title: {da: Prøve, en: Sample}",
        "title: ''",
        "f:2:15: meta.title: the text is empty",
    ),
    (
        "title: {da: Prøve, en: Sample}",
        "title: {da: Prøve, en: ' '}",
        "f:2:31: meta.title.en: the text is empty",
    ),
    (
        "{title: A report}",
        "{title: ''}",
        "f:68:27: sources.report.title: the text is empty",
    ),
    (
        "young: {}",
        "young: {label: ''}",
        "f:10:25: strata.young.label: the text is empty",
    ),
    (
        "som_sim: 1",
        "som_sim: true",
        "f:1:10: som_sim: true is not allowed; allowed: 1",
    ),
    (
        "    amount: 1100\n",
        "    amount: 0x10\n",
        "f:34:13: prices.shelter_day.amount: 0x10 is no decimal number; quote it if it is a code",
    ),
    (
        "    amount: 1100\n",
        "    amount: 0o17\n",
        "f:34:13: prices.shelter_day.amount: 0o17 is no decimal number; quote it if it is a code",
    ),
    (
        "covers: [team]",
        "covers: []",
        "f:52:5: grants.pool.covers: at least 1 is needed here",
    ),
    (
        "base_year: 2020",
        "base_year: 2100",
        "f:47:56: money.base_year: 2100 is more than 60 years from the run (2020 to 2021)",
    ),
    (
        "price_year: 2021}",
        "price_year: }",
        "f:2:55: meta.price_year: a value is missing; expected a whole number",
    ),
)


@pytest.mark.parametrize(("find", "replace", "message"), SLIPS)
def test_slips(find: str, replace: str, message: str) -> None:
    assert told((find, replace)) == message


@pytest.mark.parametrize(("find", "replace", "message"), SLIPS)
def test_messages_speak_no_python(find: str, replace: str, message: str) -> None:
    assert not {"None", "True", "False"} & set(message.replace("'", " ").split())


def test_a_rule_that_ends_within_a_cycle() -> None:
    assert told(
        ("cycle: month", "cycle: year"),
        ("to: 2021-12", "to: 2023-12"),
        ("{kommune: 0.5, stat: 0.5}", "dk_section_110"),
        ("2021: 100}", "2021: 100, 2022: 100, 2023: 100}"),
        ("{2020-06: 7, 2021-01: 20}", "7"),
    ) == (
        "f:38:13: prices.shelter_day.payers: no one split of rule 'dk_section_110' holds from "
        "2023-01-01 to 2023-12-31; choose a shorter cycle, end the price before, or write the "
        "shares"
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "--set: targets.count.goal: a value is missing"),
        ("20 %", "--set: targets.count.goal: 20 % has a sign for percent; write 0.2"),
    ],
)
def test_slips_in_what_is_set(text: str, message: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        loads(VALID, "f", overrides={"targets.count.goal": text})
    assert str(caught.value) == message


def test_what_was_set_is_kept() -> None:
    assert loads(VALID, "f").overrides == {}
    scenario = loads(VALID, "f", overrides={"targets.count.goal": "20"})
    assert dict(scenario.overrides) == {"targets.count.goal": "20"}


WARNINGS = (
    (
        "{2020-06: 7, 2021-01: 20}",
        "{2023-06: 7}",
        "f:27:5: programmes.act.places: there is never a place",
    ),
    (
        "eligible: {stratum: adult, housing: [street, shelter]}",
        "eligible: {housing: home, homeless: true}",
        "f:26:5: programmes.act.eligible: nobody is ever eligible: no people can be in these "
        "states together",
    ),
    (
        "    to: kommune",
        "    to: borger",
        "f:51:9: grants.pool.to: 'borger' bears nothing of what it covers: team",
    ),
)


@pytest.mark.parametrize(("find", "replace", "message"), WARNINGS)
def test_what_does_nothing_is_a_warning(find: str, replace: str, message: str) -> None:
    assert [str(one) for one in loads(edited((find, replace)), "f").warnings] == [message]


def test_nothing_is_warned_of_in_the_good_file() -> None:
    assert not loads(VALID, "f").warnings


def test_rates_that_only_together_are_too_high_name_the_strategy() -> None:
    rows = "".join(
        f"  - {{from: {{housing: home}}, to: {to}, rate_per_year: 150000}}\n"
        for to in ("street", "shelter")
    )
    text = edited(("  - {from: {housing: home}, to: street, rate_per_year: 0.08}\n", rows))
    with pytest.raises(SomSimError, match=r"^strategy 'reference': a rate of 3e\+05 a year"):
        run(loads(text, "f"))


def test_amounts_too_large_once_multiplied_name_the_strategy() -> None:
    text = edited(("    amount: 1100\n", "    amount: 30000000000\n"))
    with pytest.raises(SomSimError, match=r"^strategy 'reference': prices.shelter_day: an amount"):
        run(loads(text, "f"))


def test_discounting_never_wraps() -> None:
    text = edited(
        ("discount_rate: 0.035, base_year: 2020", "discount_rate: 0.999, base_year: 2080")
    )
    with pytest.raises(SomSimError, match=r"^strategy 'reference': .*too large .* in øre"):
        run(loads(text, "f"))

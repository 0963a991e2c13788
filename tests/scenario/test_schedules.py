"""Numbers over calendar time as written: what is read, and each thing that is told when it is wrong."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from pydantic import TypeAdapter

from edits import GoodFile
from som_sim.scenario.check_model import RESERVED
from som_sim.scenario.read import loads
from som_sim.scenario.schedules import CountOverTime, Places, RateOverTime, Schedule, Season
from som_sim.scenario.schema import Arrival, Initial

FILE = """\
som_sim: 1
meta: {title: over time, currency: DKK, price_year: 2021}
time: {from: 2020-01, to: 2021-12, cycle: month}
domains: {housing: {shelter: {homeless: true}, home: {}}}
strata: {young: {ages: {to: adult, after: 12 years}}, adult: {}, old: {}}
parameters: {pace: {value: 0.5}, life: {value: 24 months}}
population:
  initial: [{stratum: young, housing: shelter, persons: 30}]
  arrivals:
    - {stratum: young, housing: shelter, per_year: {2020-01: 12, 2021-01: 24}}
    - {stratum: adult, housing: home, per_year: 6, season: [2, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]}
transitions:
  - {from: {housing: shelter}, to: home, rate_per_year: {2020-01: pace, 2020-07: 2}}
  - from: {housing: home}
    to: shelter
    probability: 0.1
    within: 1 year
    season: [1, 1, 1, 1, 1, 0.5, 0.5, 1, 1, 1, 1, 1.5]
programmes:
  act:
    eligible: {housing: shelter}
    places: {posts: {2020-03: 1, 2021-04: {value: 2, source: report}}, caseload: 8}
    intake: {persons_per_month: {2020-03: 4, 2020-06: 1}}
    stay: {mean: 12 months}
    drop_out: {rate_per_year: 0.2}
    ramp_up: 6 months
    effects:
      - {from: {housing: shelter}, to: home, hazard_ratio: 2, afterwards: {half_life: life}}
strategies: {reference: {}, act: {programmes: [act]}}
sources: {report: {title: A report}}
"""
HARMLESS_SEASON = "[2, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]"
NOT_A_SEASON = (
    "f:11:52: population.arrivals[1].season: a season is a list of 12 numbers (0 or more), "
    "January first, that multiply the rate"
)


edited = GoodFile(FILE).edited
told = GoodFile(FILE).told


def steps(schedule: Schedule) -> list[tuple[str | None, float | str]]:
    return [
        (None if period is None else period.text, one.parameter or one.number)
        for period, one in schedule.steps
    ]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (Decimal("0.08"), [(None, 0.08)]),
        (0, [(None, 0)]),
        ("pace", [(None, "pace")]),
        ({"value": Decimal("0.08"), "source": "report"}, [(None, 0.08)]),
        ({"2017-02": Decimal("0.08")}, [("2017-02", 0.08)]),
        (
            {"2017-02": "pace", "2020-03": {"value": 2, "grade": "C"}, "2031-12": 0},
            [("2017-02", "pace"), ("2020-03", 2), ("2031-12", 0)],
        ),
    ],
)
def test_a_number_or_its_steps(written: object, read: list[object]) -> None:
    for kind in (RateOverTime, CountOverTime, Places):
        schedule = TypeAdapter(kind).validate_python(written)
        assert steps(schedule) == read
        assert schedule.times is None
        assert TypeAdapter(kind).validate_python(schedule) is schedule


def test_evidence_beside_a_step_is_kept() -> None:
    one = {"value": 7, "source": "report", "grade": "B", "note": "counted"}
    schedule = TypeAdapter(Places).validate_python({"2019-06": one})
    ((_, quantity),) = schedule.steps
    assert (quantity.source, quantity.grade, quantity.note) == ("report", "B", "counted")


def test_the_first_date_is_where_a_schedule_begins() -> None:
    places = TypeAdapter(Places)
    assert places.validate_python(7).first is None
    first = places.validate_python({"2019-06": 7, "2020-01": 9}).first
    assert first is not None
    assert first.start == dt.date(2019, 6, 1)
    posts = places.validate_python({"posts": {"2019-07": 2}, "caseload": 8})
    assert posts.first is not None
    assert posts.first.start == dt.date(2019, 7, 1)


def test_posts_are_steps_and_the_caseload_multiplies_them() -> None:
    places = TypeAdapter(Places)
    plain = places.validate_python({"posts": 2, "caseload": Decimal("8.5")})
    assert steps(plain) == [(None, 2)]
    assert plain.times is not None
    assert plain.times.number == 8.5
    stepping = places.validate_python({"posts": {"2019-06": 2, "2020-01": "n"}, "caseload": "c"})
    assert steps(stepping) == [("2019-06", 2), ("2020-01", "n")]
    assert stepping.times is not None
    assert stepping.times.parameter == "c"


def test_a_season_is_twelve_numbers() -> None:
    season = TypeAdapter(Season)
    read = season.validate_python([Decimal("0.5"), *range(11)])
    assert read == (0.5, *map(float, range(11)))
    assert season.validate_python(read) is read


def test_the_forms_have_a_schema() -> None:
    schema = TypeAdapter(Season).json_schema()
    assert (schema["minItems"], schema["maxItems"]) == (12, 12)
    for kind in (RateOverTime, CountOverTime, Places):
        forms = [one["type"] for one in TypeAdapter(kind).json_schema()["anyOf"]]
        assert "number" in forms and "object" in forms


def test_the_file_is_good_before_it_is_broken() -> None:
    scenario = loads(FILE, "f")
    assert [one.path for one in scenario.warnings] == [("strata", "old")]  # nobody is in it
    act = scenario.strategies["act"].programmes["act"]
    assert steps(act.places) == [("2020-03", 1), ("2021-04", 2)]


BROKEN = (
    # schedules
    (
        "{2020-01: 12, 2021-01: 24}",
        "{}",
        "f:10:42: population.arrivals[0].per_year: the schedule is empty; write "
        "{2019-06: 7, 2020-01: 20}",
    ),
    (
        "{2020-01: 12, 2021-01: 24}",
        "{2020-01: 12, 2021: 24}",
        "f:10:42: population.arrivals[0].per_year: '2021' is not a month; write it as 2017-02",
    ),
    (
        "{2020-01: 12, 2021-01: 24}",
        "{2020-01: 12, 2021-13: 24}",
        "f:10:42: population.arrivals[0].per_year: '2021-13' is not a date; write 2017, "
        "2017-02, 2017-W06 or 2017-02-15",
    ),
    (
        "{2020-01: 12, 2021-01: 24}",
        "{2021-01: 24, 2020-01: 12}",
        "f:10:42: population.arrivals[0].per_year: the dates of a schedule must be in order, "
        "each once",
    ),
    (
        "{2020-01: 12, 2021-01: 24}",
        "{2020-01: 12, 2021-01: -24}",
        "f:10:42: population.arrivals[0].per_year: 2021-01: -24 is not a rate (0 to 1,000,000)",
    ),
    (
        "{2020-01: 12, 2021-01: 24}",
        "[12, 24]",
        "f:10:42: population.arrivals[0].per_year: a list is not a rate (0 to 1,000,000)",
    ),
    (
        "{2020-01: 12, 2021-01: 24}",
        "{2020-02: 12, 2021-01: 24}",
        "f:10:42: population.arrivals[0].per_year: the rate from 2020-01 to 2020-02 is missing; "
        "begin with 2020-01",
    ),
    (
        "{2020-01: pace, 2020-07: 2}",
        "{2020-07: 2}",
        "f:13:42: transitions[0].rate_per_year: the rate from 2020-01 to 2020-07 is missing; "
        "begin with 2020-01",
    ),
    (
        "{2020-01: pace, 2020-07: 2}",
        "{2020-01: pase, 2020-07: 2}",
        "f:13:67: transitions[0].rate_per_year.2020-01: 'pase' is no number and no parameter; "
        "did you mean 'pace'?",
    ),
    # seasons
    (HARMLESS_SEASON, "2", NOT_A_SEASON.replace("11:52", "11:60")),
    (HARMLESS_SEASON, "[1, 1, 1]", NOT_A_SEASON),
    (HARMLESS_SEASON, "{2020-01: 2}", NOT_A_SEASON),
    (HARMLESS_SEASON, HARMLESS_SEASON.replace("0", "-0.1"), NOT_A_SEASON),
    (HARMLESS_SEASON, HARMLESS_SEASON.replace("0", "pace"), NOT_A_SEASON),
    (HARMLESS_SEASON, HARMLESS_SEASON.replace("0", "true"), NOT_A_SEASON),
    # places
    (
        "{posts: {2020-03: 1, 2021-04: {value: 2, source: report}}, caseload: 8}",
        "{posts: {2020-03: 1}}",
        "f:22:5: programmes.act.places: write both posts and caseload, and nothing else: "
        "{posts: 2, caseload: 8}",
    ),
    (
        "caseload: 8}",
        "caseload: 8, from: 2020-03}",
        "f:22:5: programmes.act.places: write both posts and caseload, and nothing else: "
        "{posts: 2, caseload: 8}",
    ),
    (
        "caseload: 8}",
        "caseload: -8}",
        "f:22:5: programmes.act.places: -8 is not a count (0 to 1,000,000,000)",
    ),
    (
        "2020-03: 1, 2021-04",
        "2020-03: -1, 2021-04",
        "f:22:5: programmes.act.places: 2020-03: -1 is not a count (0 to 1,000,000,000)",
    ),
    (
        "caseload: 8}",
        "caseload: load}",
        "f:22:82: programmes.act.places.caseload: 'load' is no number and no parameter; "
        "allowed: pace, life",
    ),
    (
        "2020-03: 1, 2021-04",
        "2020-03: n, 2021-04",
        "f:22:31: programmes.act.places.posts.2020-03: 'n' is no number and no parameter; "
        "allowed: pace, life",
    ),
    (
        "source: report}}",
        "source: raport}}",
        "f:22:62: programmes.act.places.posts.2021-04.source: source 'raport' is not declared in "
        "'sources'; did you mean 'report'?",
    ),
    # intake, drop-out, ramp, what is left afterwards
    (
        "{persons_per_month: {2020-03: 4, 2020-06: 1}}",
        "{}",
        "f:23:5: programmes.act.intake: write either share_of_waiting or persons_per_month",
    ),
    (
        "{persons_per_month: {2020-03: 4, 2020-06: 1}}",
        "{persons_per_month: 2, share_of_waiting: 1}",
        "f:23:5: programmes.act.intake: write either share_of_waiting or persons_per_month",
    ),
    (
        "{persons_per_month: {2020-03: 4, 2020-06: 1}}",
        "{persons_per_moth: 2}",
        "f:23:14: programmes.act.intake.persons_per_moth: unknown key; did you mean "
        "'persons_per_month'?",
    ),
    (
        "{2020-03: 4, 2020-06: 1}",
        "{2020-03: 4, 2020-06: some}",
        "f:23:55: programmes.act.intake.persons_per_month.2020-06: 'some' is no number and no "
        "parameter; allowed: pace, life",
    ),
    (
        "drop_out: {rate_per_year: 0.2}",
        "drop_out: 0.2",
        "f:25:15: programmes.act.drop_out: expected keys with values, not 0.2",
    ),
    (
        "drop_out: {rate_per_year: 0.2}",
        "drop_out: {rate_per_year: -0.2}",
        "f:25:31: programmes.act.drop_out.rate_per_year: -0.2 is not a rate (0 to 1,000,000)",
    ),
    (
        "ramp_up: 6 months",
        "ramp_up: 6",
        "f:26:14: programmes.act.ramp_up: 6 is not a duration such as '7 days'",
    ),
    (
        "{posts: {2020-03: 1, 2021-04: {value: 2, source: report}}, caseload: 8}",
        "{posts: 1, caseload: 8}",
        "f:26:14: programmes.act.ramp_up: the ramp begins with the first places, so 'places' "
        "must say from when: {2019-06: 7}",
    ),
    (
        "{half_life: life}",
        "24 months",
        "f:28:75: programmes.act.effects[0].afterwards: expected keys with values, not '24 months'",
    ),
    (
        "{half_life: life}",
        "{half_life: 24}",
        "f:28:87: programmes.act.effects[0].afterwards.half_life: 24 has no unit; write a duration "
        "such as '61 days'",
    ),
    (
        "{half_life: life}",
        "{half_life: pace}",
        "f:28:87: programmes.act.effects[0].afterwards.half_life: parameter 'pace': 0.5 has no "
        "unit; write a duration such as '61 days'",
    ),
    (
        "hazard_ratio: 2",
        "hazard_ratio: 0",
        "f:28:60: programmes.act.effects[0].hazard_ratio: an effect that grows ('ramp_up') or "
        "fades ('afterwards') must leave some moves, as a ratio of 0.01 does: of none at all, half "
        "still is none",
    ),
    (
        "hazard_ratio: 2",
        "share_reached: {share: 0, without: 0.1, within: 1 year}",
        "f:28:69: programmes.act.effects[0].share_reached.share: an effect that grows ('ramp_up') "
        "or fades ('afterwards') must leave some moves, as a ratio of 0.01 does: of none at all, "
        "half still is none",
    ),
    # ageing
    (
        "ages: {to: adult, after: 12 years}",
        "ages: {to: adlut, after: 12 years}",
        "f:5:29: strata.young.ages.to: 'adlut' is no stratum; did you mean 'adult'?",
    ),
    (
        "ages: {to: adult, after: 12 years}",
        "ages: {to: young, after: 12 years}",
        "f:5:29: strata.young.ages.to: people already are in this stratum",
    ),
    (
        "ages: {to: adult, after: 12 years}",
        "ages: {to: adult, after: 12}",
        "f:5:43: strata.young.ages.after: 12 has no unit; write a duration such as '61 days'",
    ),
    (
        "ages: {to: adult, after: 12 years}",
        "ages: adult",
        "f:5:24: strata.young.ages: expected keys with values, not 'adult'",
    ),
    (
        "ages: {to: adult, after: 12 years}",
        "ages: {to: adult}",
        "f:5:18: strata.young.ages: 'after' is missing",
    ),
)


@pytest.mark.parametrize(("find", "replace", "message"), BROKEN)
def test_what_is_told(find: str, replace: str, message: str) -> None:
    assert told((find, replace)) == message


def test_steps_fall_on_the_cycles_of_the_run() -> None:
    quarters = (
        ("cycle: month", "cycle: quarter"),
        ("per_year: 6, season: " + HARMLESS_SEASON, "per_year: 6"),
        ("    season: [1, 1, 1, 1, 1, 0.5, 0.5, 1, 1, 1, 1, 1.5]\n", ""),
        ("{2020-01: 12, 2021-01: 24}", "{2020-01: 12, 2021-02: 24}"),
        ("{2020-01: pace, 2020-07: 2}", "{2019-02: 1, 2020-01: pace, 2020-08: 2, 2022-02: 3}"),
    )
    assert told(*quarters) == "\n".join(
        (
            "f:10:75: population.arrivals[0].per_year.2021-02: 2021-02 does not fit cycles of a "
            "quarter",
            "f:13:94: transitions[0].rate_per_year.2020-08: 2020-08 does not fit cycles of a "
            "quarter",
            "f:21:31: programmes.act.places.posts.2020-03: 2020-03 does not fit cycles of a "
            "quarter",
            "f:22:43: programmes.act.intake.persons_per_month.2020-03: 2020-03 does not fit "
            "cycles of a quarter",
            "f:22:55: programmes.act.intake.persons_per_month.2020-06: 2020-06 does not fit "
            "cycles of a quarter",
        )
    )


def test_a_season_needs_months() -> None:
    years = (
        ("cycle: month", "cycle: year"),
        ("2020-07: 2}", "2021-01: 2}"),
        ("{posts: {2020-03: 1, 2021-04: {value: 2, source: report}}, caseload: 8}", "{2020-01: 1}"),
        ("{2020-03: 4, 2020-06: 1}", "4"),
    )
    assert told(*years) == "\n".join(
        (
            "f:11:52: population.arrivals[1].season: a season needs cycles of a month",
            "f:18:5: transitions[1].season: a season needs cycles of a month",
        )
    )


@pytest.mark.parametrize("longer", ["", " old"])
def test_nobody_ages_in_a_circle(longer: str) -> None:
    if longer:
        found = told(
            ("adult: {}, old", "adult: {ages: {to: old, after: 9 years}}, old"),
            ("old: {}", "old: {ages: {to: young, after: 9 years}}"),
        )
        names = [
            ("f:5:29", "young", "young"),
            ("f:5:74", "adult", "adult"),
            ("f:5:114", "old", "old"),
        ]
    else:
        found = told(("adult: {}", "adult: {ages: {to: young, after: 9 years}}"))
        names = [("f:5:29", "young", "young"), ("f:5:74", "adult", "adult")]
    assert found == "\n".join(
        f"{place}: strata.{name}.ages.to: people would come back to '{back}' when they age on"
        for place, name, back in names
    )


def test_ageing_into_a_circle_that_one_is_not_in_is_told_where_it_closes() -> None:
    found = told(
        ("adult: {}, old", "adult: {ages: {to: old, after: 9 years}}, old"),
        ("old: {}", "old: {ages: {to: adult, after: 9 years}}"),
    )
    assert [line.split(":")[3].strip() for line in found.splitlines()] == [
        "strata.adult.ages.to",
        "strata.old.ages.to",
    ]


def test_all_of_it_is_told_at_once() -> None:
    found = told(
        ("after: 12 years", "after: 12"),
        ("per_year: {2020-01: 12", "per_year: {2020-01: -12"),
        ("drop_out: {rate_per_year: 0.2}", "drop_out: {rate_per_year: -0.2}"),
        ("2020-07: 2}", "2020-07: 2, 2020-05: 3}"),
    )
    assert [line.split(":")[1] for line in found.splitlines()] == ["5", "10", "13", "25"]


def test_a_domain_cannot_have_the_name_of_a_key_of_a_group() -> None:
    """A domain named 'season' would be read as the season of the arrivals."""
    assert {*Initial.model_fields, *Arrival.model_fields} <= set(RESERVED)
    found = told(("domains: {housing", "domains: {season: {wet: {}}, housing"))
    assert "f:4:11: domains.season: this name is taken; choose another" in found.splitlines()


def test_a_strategy_that_breaks_a_schedule_is_told_where() -> None:
    act = "act: {programmes: [act], overrides: "
    steps_ = '{"transitions[0].rate_per_year": {2020-02: 1}}}'
    assert told(("act: {programmes: [act]", act + steps_[:-1])) == (
        "f:29:66: transitions[0].rate_per_year: the rate from 2020-01 to 2020-02 is missing; "
        "begin with 2020-01 (in strategy act)"
    )
    wrong = "{programmes.act.places.posts: {2021-01: 3, 2020-02: 1}}"
    assert "the dates of a schedule must be in order" in told(
        ("act: {programmes: [act]", act + wrong)
    )


@pytest.mark.parametrize("month", ["2020-02", "2020-09", "2021-11"])
def test_a_strategy_may_change_one_month_of_a_schedule(month: str) -> None:
    act = f"act: {{programmes: [act], overrides: {{programmes.act.places.posts.{month}: 3}}"
    scenario = loads(edited(("act: {programmes: [act]", act)))
    found = [
        [one for one, _ in steps(spec.programmes["act"].places)]
        for spec in scenario.strategies.values()
    ]
    assert found == [["2020-03", "2021-04"], sorted(["2020-03", "2021-04", month])]


def test_an_order_that_was_wrong_before_is_not_mended_in_silence() -> None:
    act = "act: {programmes: [act], overrides: {programmes.act.places.posts.2020-09: 3}"
    turned = ("{2020-03: 1, 2021-04: {value: 2, source: report}}", "{2021-04: 2, 2020-03: 1}")
    assert "must be in order" in told(turned, ("act: {programmes: [act]", act))

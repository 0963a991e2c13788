"""Ways to break a good file, each with every word of what the user is then told."""

from __future__ import annotations

import pytest

from edits import VALID, GoodFile
from som_sim.scenario.read import loads

edited = GoodFile(VALID).edited
told = GoodFile(VALID).told


def test_the_file_is_good_before_it_is_broken() -> None:
    assert list(loads(VALID).strategies) == ["reference", "act"]


BROKEN = (
    (
        "stay: {mean: 24 months}",
        "stay: 24 months",
        "f:29:11: programmes.act.stay: say what 24 months is: {mean: 24 months} or "
        "{median: 24 months}",
    ),
    # found by coverage-guided mutation of whole files
    (
        "to: shelter, probability: 0.3, within: 1 month",
        "counts: {}, stayed: 43, within: 1 month",
        "f:22:5: transitions[2]: name at least one state that people go to",
    ),
    (
        "to: shelter, probability: 0.3, within: 1 month",
        "probabilities: {}, within: 1 month",
        "f:22:5: transitions[2]: name at least one state that people go to",
    ),
    (
        "rate_per_year: 0.08}",
        "rate_per_year: 0.08, stratum: []}",
        "f:21:62: transitions[1].stratum: at least 1 is needed here",
    ),
    # (text in the good file, what to write instead, what the user is told)
    ("som_sim: 1", "som_sim: 2", "f:1:10: som_sim: 2 is not allowed; allowed: 1"),
    ("som_sim: 1\n", "", "f:1:1: 'som_sim' is missing"),
    (
        "price_year: 2021}",
        "price_yaer: 2021}",
        "f:2:55: meta.price_yaer: unknown key; did you mean 'price_year'?",
    ),
    ("currency: DKK", "currency: EUR", "f:2:50: meta.currency: 'EUR' is not allowed; allowed: DKK"),
    (
        "2020-01,",
        "2020-13,",
        "f:3:14: time.from: '2020-13' is not a date; write 2017, 2017-02, 2017-W06 or 2017-02-15",
    ),
    ("to: 2021-12", "to: 2019-12", "f:3:1: time: the run ends before it starts"),
    (
        "cycle: month",
        "cycle: week",
        "f:3:43: time.cycle: 'week' is not allowed; allowed: month, quarter, year",
    ),
    ("leave: [dead]", "leave: dead", "f:9:8: leave: expected a list, not 'dead'"),
    (
        "strata: {young: {}, adult: {}}",
        "strata: {Young: {}, adult: {}}",
        "f:10:10: strata.Young: 'Young' is not a name; write small letters a to z, digits "
        "and _, beginning with a letter",
    ),
    (
        "    home: {}",
        "    home: {homeles: true}",
        "f:8:12: domains.housing.home.homeles: unknown key; did you mean 'homeless'?",
    ),
    ("leave: [dead]", "leaves: [dead]", "f:9:1: leaves: unknown key; did you mean 'leave'?"),
    (
        "value: 61 days",
        "value: 61",
        "f:20:45: transitions[0].stay.mean: parameter 'stay': 61 has no unit; write a "
        "duration such as '61 days' (in strategy reference)",
    ),
    (
        "source: report, grade",
        "source: raport, grade",
        "f:12:34: parameters.stay.source: source 'raport' is not declared in 'sources'; did "
        "you mean 'report'?",
    ),
    (
        "grade: C",
        "grade: E",
        "f:12:49: parameters.stay.grade: 'E' is not allowed; allowed: A, B, C, D",
    ),
    (
        "persons: 34",
        "persons: -34",
        "f:15:51: population.initial[0].persons: -34 is not a count (0 to 1,000,000,000)",
    ),
    (
        "persons: 34",
        "persons: 1.034",
        "f:15:51: population.initial[0].persons: 1.034 can be read in two ways; did you mean "
        "1034? write 1034 or 1.0340",
    ),
    (
        "persons: 34",
        "persons: '34'",
        "f:15:51: population.initial[0].persons: '34' is not a count (0 to 1,000,000,000)",
    ),
    (
        "persons: 120",
        "person: 120",
        "f:16:7: population.initial[1]: 'persons' is missing; is 'person' meant?",
    ),
    (
        "stratum: adult, housing: shelter, persons",
        "stratum: old, housing: shelter, persons",
        "f:15:17: population.initial[0].stratum: 'old' is no stratum; allowed: young, adult",
    ),
    (
        "housing: home, persons",
        "home: home, persons",
        "f:16:7: population.initial[1]: 'housing' is missing: name the state these people "
        "are in\n"
        "f:16:24: population.initial[1].home: unknown key; allowed: housing, source, grade, "
        "note, stratum, persons, so_far",
    ),
    (
        "- {stratum: young, housing: street,",
        "- {stratum: young, housing: sofa,",
        "f:18:33: population.arrivals[0].housing: 'sofa' is no state of housing; allowed: "
        "street, shelter, home",
    ),
    (
        "home: 0.6",
        "home: 0.7",
        "f:20:52: transitions[0].to: the shares add to 1.1; they must add to 1",
    ),
    (
        "home: 0.6",
        "home: 0,6",
        "f:20:65: transitions[0].to[6]: has no value; if 0,6 is a number, write 0.6",
    ),
    (
        "home: 0.6",
        "hoem: 0.6",
        "f:20:57: transitions[0].to.hoem: 'hoem' is no state of housing or way to leave; did you "
        "mean 'home'?\n"
        "f:31:9: programmes.act.effects[0]: no transition moves people from shelter to home; "
        "the effect would change nothing",
    ),
    (
        "stay: {mean: stay}",
        "stay: {mean: sty}",
        "f:20:45: transitions[0].stay.mean: 'sty' is no number and no parameter; did you "
        "mean 'stay'?",
    ),
    (
        "rate_per_year: 0.08",
        "rate_per_year: -0.08",
        "f:21:56: transitions[1].rate_per_year: -0.08 is not a rate (0 to 1,000,000)",
    ),
    (
        "rate_per_year: 0.08",
        "probability: 1.4, within: 1 year",
        "f:21:54: transitions[1].probability: 1.4 is not a probability (0 to 1)",
    ),
    (
        "rate_per_year: 0.08",
        "probability: 0.08",
        "f:21:5: transitions[1]: write one of: 'stay' and 'to'; 'stay' and 'counts'; "
        "'rate_per_year' and 'to'; 'probability', 'within' and 'to'; 'probabilities' and "
        "'within'; 'counts', 'stayed' and 'within'; here: probability, to",
    ),
    (
        "within: 1 month",
        "within: 1 fortnight",
        "f:22:70: transitions[2].within: '1 fortnight' is not a duration; write a number "
        "above 0 and hours, days, weeks, months or years, such as '61 days'",
    ),
    (
        "to: street, rate_per_year",
        "to: home, rate_per_year",
        "f:21:33: transitions[1].to: 'home' is where these people already are",
    ),
    (
        "  - {from: {housing: home}, to: dead,",
        "  - {from: {housing: home}, to: street,",
        "f:23:5: transitions[3]: transitions[1] already moves people from home to street; "
        "name different strata or different 'if' in the two rows",
    ),
    (
        "    places: {2020-06",
        "    plases: {2020-06",
        "f:27:5: programmes.act.plases: unknown key; did you mean 'places'?",
    ),
    ("    intake: {share_of_waiting: 0.5}\n", "", "f:25:3: programmes.act: 'intake' is missing"),
    (
        "{2020-06: 7, 2021-01: 20}",
        "{2021-01: 20, 2020-06: 7}",
        "f:27:5: programmes.act.places: the dates of a schedule must be in order, each once",
    ),
    (
        "{2020-06: 7, 2021-01: 20}",
        "{2020-06: seven, 2021-01: 20}",
        "f:27:23: programmes.act.places.2020-06: 'seven' is no number and no parameter; "
        "allowed: stay",
    ),
    (
        "to: home, hazard_ratio",
        "to: dead, hazard_ratio",
        "f:31:9: programmes.act.effects[0]: no transition moves people from shelter to dead; "
        "the effect would change nothing",
    ),
    (
        "hazard_ratio: 2.5",
        "hazard_ratio: 2.500",
        "f:31:60: programmes.act.effects[0].hazard_ratio: 2.500 can be read in two ways; did "
        "you mean 2500? write 2500 or 2.5",
    ),
    (
        "    amount: 1100\n",
        "    amount: 1.100\n",
        "f:34:13: prices.shelter_day.amount: 1.100 can be read in two ways; did you mean "
        "1100? write 1100 or 1.1",
    ),
    (
        "    amount: 1100\n",
        "    amount: 1100 kr\n",
        "f:34:13: prices.shelter_day.amount: '1100 kr' is not an amount in kroner; write "
        "1100 or 96.71, without separators between thousands",
    ),
    (
        "    amount: 2400000.50\n",
        "    amount: 2400000.505\n",
        "f:41:13: prices.team.amount: 2400000.505 is not an amount in kroner (0 or more, at "
        "most two decimals)",
    ),
    (
        "    per: year",
        "    per: person_day",
        "f:40:3: prices.team: a price per person_day needs 'in', the states it is paid for",
    ),
    (
        "    per: year",
        "    per: yaer",
        "f:42:10: prices.team.per: 'yaer' is not allowed; did you mean 'year'?",
    ),
    (
        "payers: {kommune: 0.9, region: 0.1}",
        "payers: {kommune: 0.9, region: 0.2}",
        "f:44:5: prices.team.payers: the shares add to 1.1; they must add to 1",
    ),
    (
        "payers: {kommune: 0.9, region: 0.1}",
        "payers: {komune: 0.9, region: 0.1}",
        "f:44:14: prices.team.payers.komune: 'komune' is not allowed; did you mean 'kommune'?",
    ),
    (
        "payers: {kommune: 0.9, region: 0.1}",
        "payers: dk_section_11",
        "f:44:13: prices.team.payers: 'dk_section_11' is no payer rule; write shares such as "
        "{kommune: 0.9, region: 0.1} or a rule; did you mean 'dk_section_110'?",
    ),
    (
        "payers: {kommune: 0.9, region: 0.1}",
        "payers: 1",
        "f:44:13: prices.team.payers: expected a text or keys with values, not 1",
    ),
    (
        "    price_year: 2020",
        "    price_year: 2019",
        "f:40:3: prices.team: index 'wages' has no value for 2019; add them, or another "
        "index: a missing year is never guessed",
    ),
    (
        "money: {index: wages, discount_rate: 0.035, base_year: 2020}\n",
        "",
        "f:1:1: 'money' is missing: prices and grants need an index and a discount rate",
    ),
    (
        "discount_rate: 0.035",
        "discount_rate: 3.5",
        "f:47:1: money: discount_rate 3.5 is not a rate a year (0 to 1), such as 0.035",
    ),
    (
        "covers: [team]",
        "covers: [teem]",
        "f:52:14: grants.pool.covers[0]: 'teem' is no price; did you mean 'team'?",
    ),
    (
        "total: 1093380",
        "total: 1093381",
        "f:54:12: grants.pool.total: the tranches add to 1093380, not to the stated total 1093381",
    ),
    (
        "2021: 1043224",
        "2022: 1043224",
        "f:53:35: grants.pool.tranches[2022]: 2022 is outside the run (2020 to 2021)",
    ),
    (
        "unspent: returned",
        "unspent: kept",
        "f:55:14: grants.pool.unspent: 'kept' is not allowed; allowed: returned, carried",
    ),
    (
        "    at: 2021-W06\n",
        "    at: 2022-W06\n",
        "f:59:9: targets.count.at: 2022-W06 is not wholly within the run (2020-01-01 to "
        "2021-12-31)",
    ),
    (
        "    at: 2021-W06\n",
        "    at: 2021-W54\n",
        "f:59:9: targets.count.at: '2021-W54' is not a date; write 2017, 2017-02, 2017-W06 "
        "or 2017-02-15",
    ),
    (
        "    at: 2021-W06\n",
        "",
        "f:57:3: targets.count: persons_in is measured 'at' a date, if wished 'over' a time "
        "from that date",
    ),
    (
        "over: 7 days, value: 36",
        "over: 7, value: 36",
        "f:64:69: observations[0].over: 7 is not a duration such as '7 days'",
    ),
    (
        "{persons_in: {homeless: true}}\n    at",
        "{person_in: {homeless: true}}\n    at",
        "f:58:17: targets.count.indicator.person_in: unknown key; did you mean 'persons_in'?",
    ),
    (
        "programmes: [act], ",
        "programmes: [ACT], ",
        "f:67:22: strategies.act.programmes[0]: 'ACT' is not a name; write small letters a "
        "to z, digits and _, beginning with a letter",
    ),
    (
        "programmes: [act], ",
        "programmes: [acts], ",
        "f:67:22: strategies.act.programmes[0]: 'acts' is no programme; did you mean 'act'?",
    ),
    (
        "{parameters.stay.value: 50 days}",
        "{parameters.stai.value: 50 days}",
        "f:67:56: strategies.act.overrides.parameters.stai.value: parameters has no 'stai'; "
        "did you mean 'stay'?",
    ),
    (
        "{parameters.stay.value: 50 days}",
        "{time.to: 2022-12}",
        "f:67:56: strategies.act.overrides.time.to: all strategies share 'time'; change it "
        "in its own section",
    ),
    (
        "{parameters.stay.value: 50 days}",
        "{parameters.stay.value: 50}",
        "f:20:45: transitions[0].stay.mean: parameter 'stay': 50 has no unit; write a "
        "duration such as '61 days' (in strategy act)",
    ),
    (
        "{parameters.stay.value: 50 days}",
        "{parameters: {stay: 50 days}}",
        "f:67:75: parameters.stay: expected keys with values, not '50 days' (in strategy act)",
    ),
    (
        "{parameters.stay.value: 50 days}",
        "{'transitions[7].to': home}",
        "f:67:56: strategies.act.overrides.transitions[7].to: transitions is a list that has "
        "[0] to [3]",
    ),
    (
        "{parameters.stay.value: 50 days}",
        "[a]",
        "f:67:44: strategies.act.overrides: expected keys with values, not a list",
    ),
    (
        "  reference: {}\n",
        "  reference: {}\n  reference: {}\n",
        "f:67:3: strategies.reference: this key stands twice; the first is on line 66",
    ),
    (
        "{report: {title: A report}}",
        "{report: {title: 2019}}",
        "f:68:27: sources.report.title: expected a text, not 2019; quote it to make it one",
    ),
    (
        "{report: {title: A report}}",
        "{report: {title: {da: En rapport}}}",
        "f:68:20: sources.report.title: expected a text of at most 2000 characters, or "
        "{da: ..., en: ...}, not keys with values",
    ),
    (
        "leave: [dead]",
        "leave: [dead, home]",
        "f:9:15: leave[1]: 'home' is the name of something else already",
    ),
    (
        "  - {from: {housing: home}, to: street, rate_per_year: 0.08}\n",
        "  - 7\n",
        "f:21:5: transitions[1]: expected keys with values, not 7",
    ),
)


@pytest.mark.parametrize(("find", "replace", "message"), BROKEN)
def test_broken(find: str, replace: str, message: str) -> None:
    assert told((find, replace)) == message


SECTIONS = (
    # (text in the good file, the same with an unknown key in it, place and path of the key)
    ("som_sim: 1\n", "som_sim: 1\nzzz: 1\n", "f:2:1: zzz"),
    ("meta: {", "meta: {zzz: 1, ", "f:2:8: meta.zzz"),
    ("title: {da", "title: {zzz: 1, da", "f:2:16: meta.title.zzz"),
    ("time: {", "time: {zzz: 1, ", "f:3:8: time.zzz"),
    ("home: {}", "home: {zzz: 1}", "f:8:12: domains.housing.home.zzz"),
    ("young: {}", "young: {zzz: 1}", "f:10:18: strata.young.zzz"),
    ("  stay: {value", "  stay: {zzz: 1, value", "f:12:10: parameters.stay.zzz"),
    ("  arrivals:", "  zzz: 1\n  arrivals:", "f:17:3: population.zzz"),
    ("persons: 34", "persons: 34, zzz: x", "f:15:55: population.initial[0].zzz"),
    ("per_year: 12", "per_year: 12, zzz: x", "f:18:55: population.arrivals[0].zzz"),
    ("to: street, rate", "zzz: 1, to: street, rate", "f:21:29: transitions[1].zzz"),
    ("{mean: stay}", "{zzz: 1, mean: stay}", "f:20:39: transitions[0].stay.zzz"),
    ("    places:", "    zzz: 1\n    places:", "f:27:5: programmes.act.zzz"),
    ("intake: {", "intake: {zzz: 1, ", "f:28:14: programmes.act.intake.zzz"),
    ("hazard_ratio:", "zzz: 1, hazard_ratio:", "f:31:46: programmes.act.effects[0].zzz"),
    ("in: {housing", "in: {zzz: x, housing", "f:36:10: prices.shelter_day.in.zzz"),
    ("    account: act", "    zzz: 1\n    account: act", "f:45:5: prices.team.zzz"),
    ("{wages: {", "{wages: {zzz: 1, ", "f:46:19: indices.wages.zzz"),
    ("money: {", "money: {zzz: 1, ", "f:47:9: money.zzz"),
    ("    funder:", "    zzz: 1\n    funder:", "f:50:5: grants.pool.zzz"),
    ("    better:", "    zzz: 1\n    better:", "f:62:5: targets.count.zzz"),
    ("value: 36", "zzz: 1, value: 36", "f:64:77: observations[0].zzz"),
    ("reference: {}", "reference: {zzz: 1}", "f:66:15: strategies.reference.zzz"),
    ("{title: A", "{zzz: 1, title: A", "f:68:20: sources.report.zzz"),
)


@pytest.mark.parametrize(("find", "replace", "place"), SECTIONS)
def test_an_unknown_key_is_refused_in_every_section(find: str, replace: str, place: str) -> None:
    said = told((find, replace))
    assert said.startswith(f"{place}: unknown key; allowed: ")
    assert "\n" not in said
    _file, line, column, _rest = place.split(":", 3)
    assert edited((find, replace)).splitlines()[int(line) - 1][int(column) - 1 :].startswith("zzz")


def test_five_problems_are_told_at_once_in_the_order_of_the_file() -> None:
    assert told(
        ("currency: DKK", "currency: EUR"),
        ("grade: C", "grade: E"),
        ("rate_per_year: 0.08", "rate_per_year: -0.08"),
        ("    price_year: 2020", "    price_yaer: 2020"),
        ("unspent: returned", "unspent: kept"),
    ) == (
        "f:2:50: meta.currency: 'EUR' is not allowed; allowed: DKK\n"
        "f:12:49: parameters.stay.grade: 'E' is not allowed; allowed: A, B, C, D\n"
        "f:21:56: transitions[1].rate_per_year: -0.08 is not a rate (0 to 1,000,000)\n"
        "f:43:5: prices.team.price_yaer: unknown key; did you mean 'price_year'?\n"
        "f:55:14: grants.pool.unspent: 'kept' is not allowed; allowed: returned, carried"
    )


def test_a_wrong_item_does_not_hide_what_the_sections_disagree_on() -> None:
    assert told(
        ("to: street, rate_per_year: 0.08", "to: street, rate_per_yaer: 0.08"),
        ("to: shelter, probability", "to: sofa, probability"),
        ("    amount: 1100\n", "    amount: lots of it\n"),
        ("covers: [team]", "covers: [team, shelter_day, teem]"),
    ) == (
        "f:21:41: transitions[1].rate_per_yaer: unknown key; did you mean 'rate_per_year'?\n"
        "f:22:35: transitions[2].to: 'sofa' is no state of housing or way to leave; "
        "allowed: street, shelter, home, dead\n"
        "f:34:13: prices.shelter_day.amount: 'lots of it' is not an amount in kroner; write 1100 "
        "or 96.71, without separators between thousands\n"
        "f:52:33: grants.pool.covers[2]: 'teem' is no price; did you mean 'team'?"
    )


def test_rows_that_messages_mention_are_numbered_as_in_the_file() -> None:
    again = "  - {from: {housing: street}, to: shelter, rate_per_year: 1}\nprogrammes:\n"
    assert (
        told(
            ("{mean: stay}", "{mean: 5}"),
            ("programmes:\n  act", again + "  act"),
        )
        .splitlines()[1]
        .startswith("f:24:5: transitions[4]: transitions[2] already moves people")
    )


def test_what_only_seems_wrong_because_a_wrong_row_is_gone_is_not_told() -> None:
    assert told(("{mean: stay}", "{mean: 5}")) == (
        "f:20:45: transitions[0].stay.mean: 5 has no unit; write a duration such as '61 days'"
    )  # and not that the effect on shelter to home would change nothing
    assert "\n" not in told(("{index: wages, ", "{"))  # and not that 'money' is missing


def test_a_problem_of_all_strategies_is_told_once() -> None:
    assert told(("persons: 34", "persons: -34")) == (
        "f:15:51: population.initial[0].persons: -34 is not a count (0 to 1,000,000,000)"
    )


def test_a_problem_of_one_strategy_says_which() -> None:
    assert told(("{parameters.stay.value: 50 days}", "{parameters.stay.value: 50}")) == (
        "f:20:45: transitions[0].stay.mean: parameter 'stay': 50 has no unit; write a duration "
        "such as '61 days' (in strategy act)"
    )


def test_what_every_strategy_overrides_must_be_sound_all_the_same() -> None:
    mended = 'overrides: {"transitions[1].rate_per_year": 0.08}'
    assert (
        told(
            ("rate_per_year: 0.08", "rate_per_year: -0.08"),
            ("reference: {}", f"reference: {{{mended}}}"),
            (
                "{parameters.stay.value: 50 days}",
                f"{{parameters.stay.value: 50 days, {mended[12:]}",
            ),
        )
        == "f:21:56: transitions[1].rate_per_year: -0.08 is not a rate (0 to 1,000,000)"
    )

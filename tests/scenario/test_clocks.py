"""What a user can say wrong about clocks, word by word, and what they are warned of."""

from __future__ import annotations

import pytest

import som_sim as som
from edits import GoodFile
from som_sim.core.time import parse_duration
from som_sim.scenario.clocks import Clock, bins_between, parse_time_so_far

GOOD = """\
som_sim: 1
meta: {title: t, currency: DKK, price_year: 2019}
time: {from: 2019-01, to: 2019-12, cycle: month}
domains: {housing: {shelter: {homeless: true}, home: {}}}
clocks: {spell: {in: {housing: shelter}, resets: on_exit, edges: [1 day, 30 days]}}
strata: {adult: {}}
population:
  initial:
    - {stratum: adult, housing: shelter, spell: 45 days, persons: 20}
    - {stratum: adult, housing: home, persons: 5}
  arrivals: [{stratum: adult, housing: shelter, per_year: 12}]
transitions:
  - {from: {housing: shelter}, to: home, rate_per_year: 6, if: {spell: under 30 days}}
  - {from: {housing: shelter}, to: home, rate_per_year: 2, if: {spell: over 30 days}}
  - {from: {housing: home}, to: shelter, rate_per_year: 0.5}
targets:
  long:
    indicator: {share_of_stays: {clock: spell, over: 30 days}}
    during: {from: 2019-01, to: 2019-12}
    goal: 0.2
    better: lower
strategies: {reference: {}}
"""
CLOCK = "{in: {housing: shelter}, resets: on_exit, edges: [1 day, 30 days]}"
DISCRETE = ("cycle: month}", "cycle: month, step: discrete, counting: start}")
BY_MONTH = tuple(
    (f"rate_per_year: {rate}", f"probability: {p}, within: 1 month")
    for rate, p in (("6", "0.4"), ("2", "0.2"), ("0.5", "0.1"))
)


edited = GoodFile(GOOD).edited
told = GoodFile(GOOD).problems


def test_the_file_is_good_and_warns_of_nothing() -> None:
    scenario = som.loads(GOOD)
    assert scenario.warnings == ()
    row = scenario.base.transitions[0]
    assert row.if_.names("spell") == ("under 1 day", "1 day to 30 days")


@pytest.mark.parametrize(
    "edits, expected",
    [
        (
            [("resets: on_exit", "resets: onexit")],
            "f:5:50: clocks.spell.resets: 'onexit' is not allowed; did you mean 'on_exit'?",
        ),
        (
            [("resets: on_exit", "resets: window")],
            "f:5:10: clocks.spell: 'window', a time from the first entry, goes with "
            "'resets: window'",
        ),
        (
            [("resets: on_exit", "resets: window, window: 20 days")],
            "f:5:10: clocks.spell: the edge 30 days is never reached within 20 days",
        ),
        (
            [("[1 day, 30 days]", "[30 days, 1 day]")],
            "f:5:10: clocks.spell: the edges must grow; 1 day stands after 30 days",
        ),
        (
            [("[1 day, 30 days]", "[1 day, 30]")],
            "f:5:74: clocks.spell.edges[1]: 30 is not a duration such as '7 days'",
        ),
        (
            [("{in: {housing: shelter}, resets", "{in: {housing: hostel}, resets")],
            "f:5:32: clocks.spell.in.housing: 'hostel' is no state of housing; "
            "did you mean 'home'?",
        ),
        (
            [("{in: {housing: shelter}, resets", "{in: {}, resets")],
            "f:5:18: clocks.spell.in: name the states in which the time counts",
        ),
        (
            [("if: {spell: over 30 days}", "if: {spell: over 60 days}")],
            "f:14:72: transitions[1].if.spell: 'over 60 days' is no time between edges of the "
            "clock spell (1 day, 30 days); write 'over 30 days', for one, or add an edge to the "
            "clock",
        ),
        (
            [("if: {spell: over 30 days}", "if: {spell: {over: 30 days}}")],
            "f:14:60: transitions[1].if: spell takes a name or a list of names; of a clock, a time "
            "such as 'over 120 days'",
        ),
        (
            [("from: {housing: shelter}, to: home, rate_per_year: 2, if: {spell: over 30 days}",
              "from: {housing: shelter, spell: over 30 days}, to: home, rate_per_year: 2")],
            "f:14:31: transitions[1].from.spell: a time on a clock goes in 'if'",
        ),
        (
            [("if: {spell: over 30 days}", "if: {spell: over 30 days, stratum: adult}")],
            "f:14:86: transitions[1].if.stratum: a stratum stands beside 'from', as 'stratum' of "
            "the row itself",
        ),
        (
            [("spell: 45 days, ", "")],
            "f:9:7: population.initial[0]: 'spell' is missing: say how long these people have "
            "been there, such as '45 days' or '0 days'",
        ),
        (
            [("spell: 45 days", "spell: 45")],
            "f:9:49: population.initial[0].spell: write the time so far as a duration, such as "
            "'45 days' or '0 days'",
        ),
        (
            [("housing: home, persons", "housing: home, spell: 3 days, persons")],
            "f:10:46: population.initial[1].spell: these people are outside the states of this "
            "clock",
        ),
        (
            [("over: 30 days", "over: 60 days")],
            "f:18:54: targets.long.indicator.share_of_stays.over: 60 days is no edge of 'spell'; "
            "its edges: 1 day, 30 days",
        ),
        (
            [("{clock: spell, over", "{clock: spel, over")],
            "f:18:41: targets.long.indicator.share_of_stays.clock: 'spel' is no clock; did you "
            "mean 'spell'?",
        ),
        (
            [("resets: on_exit", "resets: never")],
            "f:18:41: targets.long.indicator.share_of_stays.clock: 'spell' adds up several stays; "
            "a share of stays needs resets: on_exit",
        ),
        (
            [("[1 day, 30 days]", "[1 hour, 1 day, 30 days]"), ("2019-01, to: 2019-12, cycle: month",
              "2019-01, to: 2019-12, cycle: year")],
            None,
        ),
        (
            [("[1 day, 30 days]", "[0.01 hours, 1 day, 30 days]")],
            "f:5:67: clocks.spell.edges[0]: too near the edge before for cycles of this length; "
            "leave it out, or take a shorter cycle",
        ),
        (
            [DISCRETE, *BY_MONTH],
            "f:5:67: clocks.spell.edges[0]: 1 day is not a whole number of cycles; in a discrete "
            "step people move only at their ends",
        ),
    ],
)  # fmt: skip
def test_each_slip_is_said_with_its_place(
    edits: list[tuple[str, str]], expected: str | None
) -> None:
    if expected is None:
        som.loads(edited(*edits))
    else:
        assert expected in told(*edits)


def test_a_name_that_is_taken_is_no_clock() -> None:
    found = told(("clocks: {spell:", "clocks: {homeless:"))
    assert found[0] == "f:5:10: clocks.homeless: this name is taken; choose another"


def test_a_clock_that_is_unsound_is_one_problem() -> None:
    assert len(told(("[1 day, 30 days]", "[1 dya, 30 days]"))) == 1
    assert len(told(("[1 day, 30 days]", "[30]"))) == 1
    assert len(told(("resets: on_exit", "resets: onexit"))) == 1
    assert len(told(("{in: {housing: shelter}, resets", "{in: {housing: hostel}, resets"))) == 1


def warnings(*edits: tuple[str, str]) -> list[str]:
    return [str(one).split(": ", 1)[1] for one in som.loads(edited(*edits)).warnings]


@pytest.mark.parametrize("clock", [CLOCK, CLOCK.replace("housing: shelter", "homeless: true")])
def test_a_time_that_people_in_these_states_cannot_have_is_warned_of(clock: str) -> None:
    nobody = "this row moves nobody: nobody can be in these states at this time of the clock"
    edits = [
        (CLOCK, clock),
        ("if: {spell: over 30 days}", "if: {spell: outside}"),
        ("rate_per_year: 0.5}", "rate_per_year: 0.5, if: {spell: [over 30 days, outside]}}"),
    ]
    assert warnings(*edits) == [f"transitions[1]: {nobody}"]
    edits = [(CLOCK, clock), ("{share_of_stays: {clock: spell, over: 30 days}}",
             "{mean_persons_in: {housing: home, spell: over 30 days}}")]  # fmt: skip
    assert any("always 0" in one for one in warnings(*edits))
    never = [*edits, ("resets: on_exit", "resets: never")]
    assert warnings(*never) == []


def test_a_window_does_not_go_with_a_discrete_step() -> None:
    found = told(
        DISCRETE,
        *BY_MONTH,
        (
            "resets: on_exit, edges: [1 day, 30 days]",
            "resets: window, window: 1 year, edges: [1 month]",
        ),
    )
    assert "a personal window needs a continuous step" in "\n".join(found)


def test_too_many_cells_are_refused_before_they_are_made() -> None:
    many = ", ".join(f"{n} days" for n in range(1, 31))
    clocks = ", ".join(
        f"c{n}: {{in: {{housing: shelter}}, resets: never, edges: [{many}]}}" for n in range(4)
    )
    found = told((f"{{spell: {CLOCK}}}", f"{{spell: {CLOCK}, {clocks}}}"))
    assert any("cells; at most 200,000 can be run" in one for one in found)


def test_a_clock_that_nothing_asks_is_warned_of() -> None:
    text = edited(
        (", if: {spell: under 30 days}", ", if: {spell: under 30 days}"),
        (f"{{spell: {CLOCK}}}", f"{{spell: {CLOCK}, idle: {CLOCK}}}"),
        ("spell: 45 days", "spell: 45 days, idle: 45 days"),
    )
    assert [one.message for one in som.loads(text).warnings] == ["nothing asks this clock the time"]


def test_a_clock_over_states_that_nobody_is_in_is_warned_of() -> None:
    text = edited(
        (
            "{shelter: {homeless: true}, home: {}}",
            "{shelter: {homeless: true}, home: {}, moon: {}}",
        ),
        (f"{{spell: {CLOCK}}}", f"{{spell: {CLOCK}, away: {CLOCK.replace('shelter', 'moon')}}}"),
    )
    messages = [one.message for one in som.loads(text).warnings]
    assert "nobody is ever in the states of this clock" in messages


def test_strategies_share_the_clocks() -> None:
    found = told(
        (
            "{reference: {}}",
            "{reference: {}, other: {overrides: {clocks.spell.resets: never}}}",
        )
    )
    assert any("clocks" in one and "strateg" in one for one in found), found


EDGES = [parse_duration(text) for text in ("1 day", "30 days", "120 days")]


@pytest.mark.parametrize(
    "text, bins",
    [
        ("under 1 day", ("under 1 day",)),
        ("under 24 hours", ("under 1 day",)),
        ("over 120 days", ("over 120 days",)),
        ("over 1 day", ("1 day to 30 days", "30 days to 120 days", "over 120 days")),
        ("1 day to 120 days", ("1 day to 30 days", "30 days to 120 days")),
        ("120 days to 1 day", None),
        ("30 days to 30 days", None),
        ("over 2 days", None),
        ("over", None),
        ("outside", None),
        ("over soon", None),
    ],
)
def test_times_are_made_of_bins(text: str, bins: tuple[str, ...] | None) -> None:
    assert bins_between(EDGES, text) == bins


def test_a_time_so_far_can_be_nothing() -> None:
    assert parse_time_so_far("0 days") == 0
    assert parse_time_so_far("2 weeks") == 14
    for wrong in (3, "0", "soon", None):
        with pytest.raises(ValueError):
            parse_time_so_far(wrong)


def test_an_edge_belongs_to_the_time_after_it() -> None:
    clock = Clock.model_validate(
        {"in": {"housing": "shelter"}, "resets": "on_exit", "edges": ["1 day", "30 days"]}
    )
    assert [clock.bin_of(days) for days in (0, 0.99, 1, 29, 30, 900)] == [0, 0, 1, 1, 2, 2]

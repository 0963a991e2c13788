"""What goes with a discrete step and with each kind of effect: every word the user is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from edits import GoodFile
from som_sim.cli import codes
from som_sim.cli.main import main
from som_sim.scenario.read import loads

VALID = """\
som_sim: 1
meta: {title: discrete, currency: DKK, price_year: 2019}
time: {from: 2017-01, to: 2020-12, cycle: year, step: discrete, counting: half_cycle}
domains: {health: {a: , b: , c: }, work: {out: , in: }}
leave: [dead]
strata: {young: , old: }
parameters: {p: {value: 0.2}, none_at_all: {value: 0}}
population:
  initial: [{stratum: old, health: a, work: out, persons: 100}]
  arrivals: [{stratum: old, health: a, work: out, per_year: 3}]
transitions:
  - {from: {health: a}, probabilities: {b: p, c: 0.1}, within: 1 year}
  - {from: {health: b}, to: c, probability: 0.3, within: 12 months}
  - {from: {work: out}, to: in, probability: 0.4, within: 365.25 days}
  - {from: {work: in}, to: dead, probability: 0.05, within: 1 year, stratum: old}
programmes:
  act:
    eligible: {health: a}
    places: 40
    intake: {share_of_waiting: 0.5}
    stay: {mean: 5 years}
    effects:
      - {from: {health: a}, to: b, risk_ratio: 0.5}
      - {from: {work: out}, to: in, odds_ratio: 2, afterwards: {half_life: 8 years}}
targets:
  ill: {indicator: {persons_in: {health: c}}, at: 2019-01-01, goal: 5, better: lower}
strategies: {reference: {}, act: {programmes: [act]}}
"""


edited = GoodFile(VALID).edited
told = GoodFile(VALID).told


NO_PROGRAMMES = (
    (VALID[VALID.index("programmes:\n") : VALID.index("targets:")], ""),
    (", act: {programmes: [act]}", ""),
)
NO_ARRIVALS = ("  arrivals: [{stratum: old, health: a, work: out, per_year: 3}]\n", "")
AT = "f:12:5: transitions[0]"
ODDS = "to: in, odds_ratio: 2"
RISK = "to: b, risk_ratio: 0.5"
FADING = ", afterwards: {half_life: 8 years}"
MOVE = (
    "people in {} would make a move with probability {} in one cycle, with {}; it must be at most 1"
)


@pytest.mark.parametrize("cycle", ["month", "quarter", "year"])
@pytest.mark.parametrize("counting", ["start", "end", "half_cycle"])
def test_the_file_is_good_before_it_is_broken(cycle: str, counting: str) -> None:
    within = {"month": "1 month", "quarter": "3 months", "year": "1 year"}[cycle]
    text = VALID.replace("half_cycle", counting).replace("cycle: year", f"cycle: {cycle}")
    for old in ("1 year,", "12 months", "365.25 days"):
        text = text.replace(f"within: {old}", f"within: {within}{',' * old.endswith(',')}")
    text = text.replace("within: 1 year}", f"within: {within}}}")
    assert loads(text).base.time.discrete


BROKEN = (
    # (text in the good file, what to write instead, what the user is told)
    # the step
    (
        ", counting: half_cycle",
        "",
        "f:3:1: time: a discrete step needs 'counting': half_cycle, start, end or simpson",
    ),
    (
        "step: discrete, counting: half_cycle",
        "counting: half_cycle",
        "f:3:1: time: 'counting' and 'arrivals_join' go with step: discrete",
    ),
    (
        "counting: half_cycle",
        "counting: halfcycle",
        "f:3:75: time.counting: 'halfcycle' is not allowed; did you mean 'half_cycle'?",
    ),
    (
        "to: 2020-12, cycle: year, step: discrete, counting: half_cycle",
        "to: 2019-12, cycle: year, step: discrete, counting: simpson",
        "f:3:1: time: Simpson's rule needs an even number of cycles, not 3",
    ),
    (
        "counting: half_cycle",
        "counting: simpson",
        "f:17:3: programmes.act: Simpson's rule needs smooth numbers, and enrolment makes them "
        "jump; count by half_cycle, start or end",
    ),
    # rows
    (
        "to: c, probability: 0.3, within: 12 months",
        "to: c, rate_per_year: 0.3",
        "f:13:5: transitions[1]: in a discrete step write the probability of the move in one "
        "cycle, 'within: 1 year'",
    ),
    (
        "to: c, probability: 0.3, within: 12 months",
        "to: c, stay: {mean: 3 years}",
        "f:13:5: transitions[1]: in a discrete step write the probability of the move in one "
        "cycle, 'within: 1 year'",
    ),
    (
        "within: 12 months",
        "within: 1 month",
        "f:13:58: transitions[1].within: 1 month is not the length of a cycle; give the "
        "probability within 1 year, or take another cycle or a continuous step, which converts it",
    ),
    (
        "c: 0.1",
        "c: 0.800000001",
        "f:12:25: transitions[0].probabilities: the probabilities add to 1.000000001, over 1",
    ),
    # what can happen to one person in one cycle
    ("c: 0.1", "c: 0.5", f"f:14:5: transitions[2]: {MOVE.format('young, a, out', 1.1, 'transitions[0]')}"),
    ("value: 0.2}", "value: 0.55}", f"f:14:5: transitions[2]: {MOVE.format('young, a, out', 1.05, 'transitions[0]')}"),
    (
        "probability: 0.05",
        "probability: 0.75",
        f"f:15:5: transitions[3]: {MOVE.format('old, a, in', 1.05, 'transitions[0]')}",
    ),
    (
        "strata: {young: , old: }",
        "strata: {young: {ages: {to: old, after: 3 years}}, old: }",
        f"f:14:5: transitions[2]: {MOVE.format('young, a, out', 1.03333333333, 'transitions[0], ageing')}",
    ),
    # what lasts
    (
        "stay: {mean: 5 years}",
        "stay: {mean: 11 months}",
        "f:21:18: programmes.act.stay.mean: in a discrete step with cycles of 1 year it is at "
        "least 1 year; take a shorter cycle or a continuous step",
    ),
    (
        "strata: {young: , old: }",
        "strata: {young: {ages: {to: old, after: 90 days}}, old: }",
        "f:6:41: strata.young.ages.after: in a discrete step with cycles of 1 year it is at least "
        "1 year; take a shorter cycle or a continuous step",
    ),
    (
        "half_life: 8 years",
        "half_life: 23 months",
        "f:24:76: programmes.act.effects[1].afterwards.half_life: in a discrete step with cycles "
        "of 1 year it is at least two of them; take a shorter cycle or a continuous step",
    ),
    (
        "stay: {mean: 5 years}",
        "drop_out: {rate_per_year: 0.1}",
        "f:21:5: programmes.act.drop_out: a rate does not go with a discrete step; shorten the "
        "'stay' instead",
    ),
    # what is counted
    (
        "at: 2019-01-01",
        "at: 2019-01-02",
        "f:26:51: targets.ill.at: in a discrete step people are counted at the start of a cycle, "
        "on one day",
    ),
    (
        "at: 2019-01-01",
        "at: 2019-01-01, over: 7 days",
        "f:26:69: targets.ill.over: in a discrete step people are counted at the start of a "
        "cycle, on one day",
    ),
    # effects
    (
        RISK,
        "to: b",
        "f:23:9: programmes.act.effects[0]: write exactly one of hazard_ratio, share_reached, "
        "odds_ratio, risk_ratio, difference",
    ),
    (
        RISK,
        f"{RISK}, odds_ratio: 2",
        "f:23:9: programmes.act.effects[0]: write exactly one of hazard_ratio, share_reached, "
        "odds_ratio, risk_ratio, difference",
    ),
    (
        "risk_ratio: 0.5",
        "difference: -1.5",
        "f:23:48: programmes.act.effects[0].difference: -1.5 is not a difference of probabilities "
        "(-1 to 1)",
    ),
    (
        "      - {from: {work: out}",
        "      - {from: {health: a}, to: c, hazard_ratio: 2}\n      - {from: {work: out}",
        "f:24:9: programmes.act.effects[1]: effects[0] changes the same row by risk_ratio; write "
        "both in one kind, or tell them apart by 'if' or 'during'",
    ),
    (
        FADING,
        ", during: {from: 2018-06, to: 2019-12}",
        "f:24:67: programmes.act.effects[1].during.from: the window must be whole cycles of a year",
    ),
    (
        FADING,
        ", during: {from: 2018-01, to: 2019-11}",
        "f:24:80: programmes.act.effects[1].during.to: the window must be whole cycles of a year",
    ),
    (
        FADING,
        ", during: {from: 2019-01, to: 2018-12}",
        "f:24:52: programmes.act.effects[1].during: the window ends before it starts",
    ),
    (
        "odds_ratio: 2, afterwards",
        "odds_ratio: 0, afterwards",
        "f:24:49: programmes.act.effects[1].odds_ratio: an effect that grows ('ramp_up') or fades "
        "('afterwards') must leave some moves, as a ratio of 0.01 does: of none at all, half still "
        "is none",
    ),
)  # fmt: skip


@pytest.mark.parametrize(("find", "replace", "message"), BROKEN, ids=[one[1] for one in BROKEN])
def test_what_is_told(find: str, replace: str, message: str) -> None:
    assert told((find, replace)) == message


@pytest.mark.parametrize(
    ("shares", "message"),
    [
        (
            "{share: 0.67, within: 12 months}",
            "f:23:36: programmes.act.effects[0].share_reached: 'without' is missing",
        ),
        (
            "{share: 0.67, without: 0, within: 1 year}",
            "f:23:74: programmes.act.effects[0].share_reached.without: a share of 0 without the "
            "programme gives no hazard to compare with; it is above 0 and below 1",
        ),
        (
            "{share: 0.67, without: none_at_all, within: 1 year}",
            "f:23:74: programmes.act.effects[0].share_reached.without: a share of 0 without the "
            "programme gives no hazard to compare with; it is above 0 and below 1",
        ),
        (
            "{share: 0.67, without: 1, within: 1 year}",
            "f:23:74: programmes.act.effects[0].share_reached.without: a share of 1 without the "
            "programme gives no hazard to compare with; it is above 0 and below 1",
        ),
        (
            "{share: 1, without: 0.2, within: 1 year}",
            "f:23:59: programmes.act.effects[0].share_reached.share: a share of 1 would take an "
            "endless hazard; it is below 1",
        ),
        (
            "{share: 1 - none_at_all, without: none_at_all, within: 1 year}",
            "f:23:59: programmes.act.effects[0].share_reached.share: a share of 1 would take an "
            "endless hazard; it is below 1\n"
            "f:23:85: programmes.act.effects[0].share_reached.without: a share of 0 without the "
            "programme gives no hazard to compare with; it is above 0 and below 1",
        ),
        (
            "{share: 67, without: 0.2, within: 1 year}",
            "f:23:59: programmes.act.effects[0].share_reached.share: 67 is not a probability (0 to 1)",
        ),
    ],
)
@pytest.mark.parametrize("step", ["discrete", "continuous"])
def test_a_share_reached_needs_a_hazard_ratio(shares: str, message: str, step: str) -> None:
    edits = [("risk_ratio: 0.5", f"share_reached: {shares}")]
    if step == "continuous":
        edits += [(", step: discrete, counting: half_cycle", ""), (ODDS, "to: in, hazard_ratio: 2")]
    assert told(*edits) == message


def test_a_ratio_of_odds_is_for_a_discrete_step() -> None:
    assert told((", step: discrete, counting: half_cycle", "")) == (
        "f:23:48: programmes.act.effects[0].risk_ratio: risk_ratio is for a discrete step; in "
        "continuous time write a hazard_ratio or share_reached\n"
        "f:24:49: programmes.act.effects[1].odds_ratio: odds_ratio is for a discrete step; in "
        "continuous time write a hazard_ratio or share_reached"
    )


def test_simpson_and_arrivals_that_join_at_the_start() -> None:
    simpson = ("counting: half_cycle", "counting: simpson, arrivals_join: start")
    assert told(simpson, *NO_PROGRAMMES) == (
        "f:3:75: time.counting: Simpson's rule needs smooth numbers, and arrivals that join at the "
        "start of a cycle make them jump; let them join at its end, or count by half_cycle"
    )
    loads(edited(simpson, *NO_PROGRAMMES, NO_ARRIVALS))
    loads(edited(("counting: half_cycle", "counting: simpson"), *NO_PROGRAMMES))


def test_a_season_can_take_a_row_over_1() -> None:
    monthly = [
        ("cycle: year", "cycle: month"),
        ("b: p, c: 0.1}, within: 1 year", "b: p, c: 0.1}, within: 1 month"),
        ("within: 12 months", f"within: 1 month, season: [{'1, ' * 6}4, 1, 1, 1, 1, 1]"),
        ("within: 365.25 days", "within: 1 month"),
        ("within: 1 year, stratum", "within: 1 month, stratum"),
    ]
    assert told(*monthly) == (
        "f:13:5: transitions[1]: people in young, b, in would make a move with probability 1.2 in "
        "one cycle, in month 7; it must be at most 1\n"
        "f:14:5: transitions[2]: people in young, b, out would make a move with probability 1.6 in "
        "one cycle, with transitions[1], in month 7; it must be at most 1\n"
        "f:15:5: transitions[3]: people in old, b, in would make a move with probability 1.25 in "
        "one cycle, with transitions[1], in month 7; it must be at most 1"
    )
    spring = ("from: 2017-01, to: 2020-12", "from: 2017-01, to: 2017-06")
    target = (VALID[VALID.index("targets:") : VALID.index("strategies:")], "")
    loads(edited(*monthly, spring, target))


@pytest.mark.parametrize(
    "apart",
    [
        "if: {work: out}",
        "if: {stratum: young}",
        "during: {from: 2019-01, to: 2020-12}",
    ],
)
def test_two_kinds_told_apart(apart: str) -> None:
    """Those in work against those out of it, the young against the old, the first years and the last."""
    other = {
        "if: {work: out}": "if: {work: in}",
        "if: {stratum: young}": "if: {stratum: old}",
        "during: {from: 2019-01, to: 2020-12}": "during: {from: 2017-01, to: 2018-12}",
    }[apart]
    second = f"{{from: {{health: a}}, to: c, hazard_ratio: 2, {other}}}"
    both = [
        (RISK, f"{RISK}, {apart}"),
        ("      - {from: {work: out}", f"      - {second}\n      - {{from: {{work: out}}"),
    ]
    loads(edited(*both))
    assert "effects[0] changes the same row by risk_ratio" in told(
        both[0], (both[1][0], both[1][1].replace(f", {other}", ""))
    )


def test_a_share_reached_is_a_hazard_ratio_too() -> None:
    shares = "{share: 0.4, without: 0.2, within: 1 year}"
    second = f"{{from: {{health: a}}, to: c, share_reached: {shares}}}"
    line = ("      - {from: {work: out}", f"      - {second}\n      - {{from: {{work: out}}")
    loads(edited(line, ("risk_ratio: 0.5", "hazard_ratio: 0.5")))
    assert "by risk_ratio" in told(line)


def test_a_window_outside_the_run_deserves_a_look() -> None:
    def about_windows(window: str) -> list[str]:
        warnings = loads(edited((FADING, window)), "f").warnings
        return [str(one) for one in warnings if one.path[-1] == "during"]

    assert about_windows(", during: {from: 2021-01, to: 2021-12}") == [
        "f:24:52: programmes.act.effects[1].during: the window is outside the run, so the effect "
        "changes nothing"
    ]
    assert about_windows(", during: {from: 2012-03, to: 2017-12}") == []


def test_a_strategy_that_breaks_a_row_is_named() -> None:
    override = (
        "act: {programmes: [act]}",
        "act: {programmes: [act], overrides: {parameters.p.value: 0.55}}",
    )
    assert told(override) == (
        f"f:14:5: transitions[2]: {MOVE.format('young, a, out', 1.05, 'transitions[0]')} "
        "(in strategy act)"
    )


def test_validate_says_what_a_share_reached_comes_to_net(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "net.yaml"
    shares = "share_reached: {share: 0.12, without: 0.02, within: 12 months}"
    slow = ("p: {value: 0.2}", "p: {value: 0.02}")
    rare = ("probability: 0.4", "probability: 0.04")
    file.write_text(edited(("risk_ratio: 0.5", shares), slow, rare), encoding="utf-8")
    assert main(["validate", str(file)]) == codes.FINE
    assert capsys.readouterr().out.splitlines()[1:] == [
        "programmes.act.effects[0]: 12 % with the programme and 2 % without it within 12 months, "
        "net +10 percentage points: hazard ratio 6.328"
    ]

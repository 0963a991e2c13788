"""Parameters in a file: what is accepted, and every word of what the user is told otherwise."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from som_sim.core.errors import ScenarioError
from som_sim.scenario.parameters import base_case
from som_sim.scenario.read import loads
from som_sim.scenario.schema import ScenarioFile

VALID = (Path(__file__).parent / "valid.yaml").read_text(encoding="utf-8")
STAY = "  stay: {value: 61 days, source: report, grade: C}\n"


def file_with(*lines: str, use: tuple[str, str] = ("", "")) -> str:
    """Return the good file with more parameters (from line 13), and one place changed."""
    text = VALID.replace(STAY, STAY + "".join(f"  {line}\n" for line in lines))
    assert not use[0] or text.count(use[0]) == 1
    return text.replace(*use) if use[0] else text


def told(*lines: str, use: tuple[str, str] = ("", "")) -> str:
    with pytest.raises(ScenarioError) as caught:
        loads(file_with(*lines, use=use), "f")
    return "\n".join(str(problem) for problem in caught.value.problems)


def read(*lines: str, use: tuple[str, str] = ("", "")) -> ScenarioFile:
    return loads(file_with(*lines, use=use)).base


GOOD = (
    "a: {value: 2.5, is: median, distribution: {lognormal: {ci95: [1.6, 3.9]}}}",
    "a: {value: 61 days, is: mean, distribution: {gamma: {sd: 6 days}}}",
    "a: {value: 61, unit: days, distribution: {gamma: {sd: 6}}}",
    "a: {value: 3, unit: months, distribution: {uniform: {low: 1 month, high: 5}}}",
    "a: {value: 0.08, unit: per year, distribution: {gamma: {events: 12, person_time: 150 years}}}",
    'a: {value: 0.3, unit: share, distribution: {beta: {expert: "3 of 10, fairly sure"}}}',
    "a: {value: 12 / 40, distribution: {beta: {events: 12, n: 40}}}",
    "a: {value: 2, is: mode, distribution: {pert: {low: 1, high: 4}}}",
    "a: {value: 1.5, distribution: {discrete: {values: [1, 2], probabilities: [0.5, 0.5]}}}",
    "a: {value: -1, distribution: {normal: {sd: 3}}}",
    "a: {value: stay}",
    "a: {value: 2 * stay, unit: days}",
    "a: {value: 3 * 4, unit: persons}",
)


@pytest.mark.parametrize("line", GOOD)
def test_good_parameters(line: str) -> None:
    assert "a" in read(line).parameters


def test_values_are_in_base_units() -> None:
    spec = read(
        "days: {value: 73.05, unit: days}",
        "half: {value: days / 2}",
        "rate: {value: 0.5, unit: per month}",
        "many: {value: 3 * 4, unit: persons per week}",
        "also: {value: half, unit: weeks}",
    )
    base = base_case(spec.parameters)
    assert base.values["days"] == base.values["half"] * 2 == pytest.approx(0.2)
    assert base.values["also"] == base.values["half"]
    assert base.values["rate"] == pytest.approx(6)
    assert base.values["many"] == pytest.approx(12 * 365.25 / 7)
    assert str(base.units["rate"]) == "a rate per year"
    assert str(base.units["many"]) == "persons per year"


BROKEN = (
    (
        "a: {value: 2.5, distribution: {lognormal: {ci95: [1.6, 3.9]}}}",
        "f:13:14: parameters.a.value: 2.5 is taken to be the mean, but the lognormal distribution "
        "has mean 2.56337, median 2.498, mode 2.37222; they must agree to 0.1 standard deviations",
    ),
    (
        "a: {value: 5 weeks, is: median, distribution: {uniform: {low: 1 day, high: 4 weeks}}}",
        "f:13:14: parameters.a.value: 5 weeks is said to be the median, but the uniform "
        "distribution has mean 2.07143 weeks, median 2.07143 weeks; they must agree to 0.1 "
        "standard deviations",
    ),
    (
        "a: {value: 5, unit: days, distribution: {uniform: {low: 1, high: 3}}}",
        "f:13:14: parameters.a.value: 5 is taken to be the mean, but the uniform distribution has "
        "mean 2 days, median 2 days; they must agree to 0.1 standard deviations",
    ),
    (
        "a: {value: 2, is: mode, distribution: {uniform: {low: 1, high: 3}}}",
        "f:13:21: parameters.a.is: this uniform distribution has no single most likely value; say "
        "'is: mean' or 'is: median'",
    ),
    (
        "a: {value: 2, is: mode}",
        "f:13:21: parameters.a.is: says what the value is of a distribution, and there is none",
    ),
    (
        "a: {value: 2, is: average}",
        "f:13:21: parameters.a.is: 'average' is not allowed; allowed: mean, median, mode",
    ),
    (
        "a: {value: stay / 2, is: mean, distribution: {gamma: {sd: 6 days}}}",
        "f:13:24: parameters.a.is: the value follows from other parameters; it is as uncertain as "
        "they are\n"
        "f:13:34: parameters.a.distribution: the value follows from other parameters; it is as "
        "uncertain as they are",
    ),
    (
        "a: {value: 61 days, distribution: {gamma: {sd: 6}}}",
        "f:13:38: parameters.a.distribution.gamma: 6 has no unit; write a duration such as '6 days'",
    ),
    (
        "a: {value: 61 days, distribution: {gama: {sd: 6}}}",
        "f:13:38: parameters.a.distribution.gama: unknown key; did you mean 'gamma'?",
    ),
    (
        "a: {value: 0.3, distribution: {beta: {expert: 3 of 10, fairly sure}}}",
        "f:13:49: parameters.a.distribution.beta.expert: '3 of 10' is no statement; write it in "
        'quotes, as "3 of 10, fairly sure"; the words are a guess, unsure, fairly sure, sure, very '
        "sure, et gæt, usikker, ret sikker, sikker, meget sikker\n"
        "f:13:58: parameters.a.distribution.beta.fairly sure: unknown key; allowed: mean, sd, ci95, "
        "ci, events, n, prior",
    ),
    (
        "a: {value: 0.3, unit: share, distribution: {normal: {sd: 0.1}}}",
        "f:13:32: parameters.a.distribution: parameter 'a': its normal distribution has no lower "
        "limit, but this is a share (0 to 1); nothing is cut off: take one that stays inside, such "
        "as beta",
    ),
    (
        "a: {value: 1e-20, distribution: {normal: {sd: 1e20}}, unit: day}",
        "f:13:63: parameters.a.unit: 'day' is no unit; write a word, 'per year' or the like, or "
        "both; did you mean 'days'?",
    ),
    (
        "a: {value: 3, unit: 3}",
        "f:13:23: parameters.a.unit: 'nothing' is no unit; write a word, 'per year' or the like, "
        "or both; allowed: number, ratio, share, probability, persons, kroner, hours, days, weeks, "
        "months, years",
    ),
    (
        "a: {value: 3 days, unit: per year}",
        "f:13:14: parameters.a.value: the value is a duration, but the unit 'per year' is a rate "
        "per year",
    ),
    (
        "a: {value: stay + 1}",
        "f:13:14: parameters.a.value: a duration and a number cannot be added",
    ),
    (
        "a: {value: stya / 2}",
        "f:13:14: parameters.a.value: 'stya' is no parameter; did you mean 'stay'?",
    ),
    (
        "a: {value: 2 / (stay - stay)}",
        "f:13:14: parameters.a.value: cannot be calculated: division by zero",
    ),
    (
        "a: {value: 61 dage}",
        "f:13:14: parameters.a.value: '61 dage' is not a duration; write a number above 0 and "
        "hours, days, weeks, months or years, such as '61 days'",
    ),
    (
        "a: {value: [1]}",
        "f:13:7: parameters.a.value: write a number, a duration such as '61 days', or an expression",
    ),
    (
        "a: {value: stay.real - 1}",
        "f:13:14: parameters.a.value: 'stay.real' is not allowed in an expression; it has numbers, "
        "durations, parameters, + - * / **, brackets, comparisons, min, max, exp, log, sqrt, and "
        "'a if b > c else d'",
    ),
    (
        f"a: {{value: {'9' * 400} days}}",
        "f:13:14: parameters.a.value: is too large",
    ),
    (
        "a: {value: 1, distribution: {lognormal: {ci: {level: 0.01, low: 1e-20, high: 1e20}}}}",
        "f:13:32: parameters.a.distribution.lognormal: its numbers are too large or too small to "
        "calculate with",
    ),
    (
        "a: {value: 0.5, distribution: {dirichlet: {group: g, n: 10}}}",
        "f:13:53: parameters.a.distribution.dirichlet.group: 'a' is alone in group 'g'; it takes "
        "two or more",
    ),
    (
        "a: {value: 2 days, distribution: {dirichlet: {group: g, n: 10}}}",
        "f:13:37: parameters.a.distribution.dirichlet: a Dirichlet is of shares, but the value is "
        "a duration\n"
        "f:13:56: parameters.a.distribution.dirichlet.group: 'a' is alone in group 'g'; it takes "
        "two or more",
    ),
)


@pytest.mark.parametrize(("line", "message"), BROKEN)
def test_broken_parameters(line: str, message: str) -> None:
    assert told(line) == message


def test_shares_of_a_group() -> None:
    share = "{name}: {{value: {value}, distribution: {{dirichlet: {{group: g, {size}}}}}}}"
    good = share.format(name="a", value=0.2, size="count: 2")
    other = share.format(name="b", value=0.8, size="count: 8")
    assert read(good, other)
    assert told(good, other.replace("count: 8", "n: 8")) == (
        "f:13:53: parameters.a.distribution.dirichlet.group: the shares of group 'g' must all have "
        "a count, or all the same n"
    )
    assert told(
        good.replace("count: 2", "n: 10"),
        other.replace("0.8, dist", "0.7, dist").replace("count: 8", "n: 10"),
    ) == (
        "f:13:53: parameters.a.distribution.dirichlet.group: the values of group 'g' (a, b) add to "
        "0.9; they must add to 1"
    )
    assert told(good, other.replace("count: 8", "count: 2")).startswith(
        "f:13:14: parameters.a.value: 0.2 is taken to be the mean, but the dirichlet distribution "
        "has mean 0.5, median 0.5, mode 0.5; they must agree"
    )
    zero = (
        share.format(name="a", value=0, size="n: 10"),
        share.format(name="b", value=1, size="n: 10"),
    )
    assert told(*zero) == (
        "f:13:32: parameters.a.distribution.dirichlet: a share of a group is above 0 and below 1\n"
        "f:14:32: parameters.b.distribution.dirichlet: a share of a group is above 0 and below 1"
    )
    unsound = other.replace("0.8", "yes?")
    assert "group" not in told(good, unsound)


def test_circles_are_said_once_each() -> None:
    said = told(
        "a: {value: b + 1}",
        "lead: {value: a + lost}",
        "b: {value: 2 * c}",
        "c: {value: a}",
        "self: {value: self}",
        "later: {value: 3 * lead}",
    )
    assert said == (
        "f:13:14: parameters.a.value: goes in a circle: a -> b -> c -> a\n"
        "f:14:17: parameters.lead.value: 'lost' is no parameter; allowed: stay, a, lead, b, c, self, later\n"
        "f:17:17: parameters.self.value: goes in a circle: self -> self"
    )


def test_a_circle_of_hundreds_is_found_and_told_at_once() -> None:
    n = 400
    lines = [f"p{i}: {{value: p{(i + 1) % n} + 1}}" for i in range(n)]
    chain = [f"q{i}: {{value: q{i + 1} + 1}}" for i in range(n)]
    begin = time.perf_counter()
    assert told(*lines, *chain, f"q{n}: {{value: 1}}") == (
        "f:13:15: parameters.p0.value: goes in a circle: p0 -> p1 -> p2 -> p3 -> ... -> p397 -> "
        "p398 -> p399 -> p0"
    )
    assert time.perf_counter() - begin < 20


# Places ----------------------------------------------------------------------------------------

RATE, CHANCE, MEAN = "rate_per_year: 0.08", "probability: 0.3", "mean: stay}"


@pytest.mark.parametrize(
    ("use", "good"),
    [
        (RATE, "rate_per_year: 0.5 / stay"),
        (RATE, "rate_per_year: a / 10"),
        (CHANCE, "probability: 1 - 0.7"),
        (CHANCE, "probability: {value: 3 / 10, source: report}"),
        (MEAN, "mean: stay / 2}"),
        (MEAN, 'mean: "min(stay, 90 days)"}'),
        ("hazard_ratio: 2.5", "hazard_ratio: a if a > 1 else 1"),
        ("persons: 34", "persons: n"),
        ("{home: 0.6, street: 0.4}", "{home: p, street: 1 - p}"),
        ("per_year: 12}", "per_year: n / 1 year}"),
    ],
)
def test_expressions_stand_wherever_a_parameter_can(use: str, good: str) -> None:
    others = "a: {value: 2}", "n: {value: 34, unit: persons}", "p: {value: 0.6}"
    assert read(*others, use=(use, good))


@pytest.mark.parametrize(
    ("use", "wrong", "message"),
    [
        (
            RATE,
            "rate_per_year: stay",
            "f:22:56: transitions[1].rate_per_year: parameter 'stay' is a duration; here stands a "
            "rate (0 to 1,000,000): a rate per year or persons per year or a number",
        ),
        (
            CHANCE,
            "probability: 2 * stay",
            "f:23:57: transitions[2].probability: '2 * stay' is a duration; here stands a "
            "probability (0 to 1): a number",
        ),
        (
            MEAN,
            "mean: 2 / stay}",
            "f:21:45: transitions[0].stay.mean: '2 / stay' is a rate per year; here stands a "
            "duration above 0 (at most 1,000,000 years)",
        ),
        (
            MEAN,
            "mean: a}",
            "f:21:45: transitions[0].stay.mean: parameter 'a': 1.4 has no unit; write a duration "
            "such as '61 days'",
        ),
        (
            MEAN,
            "mean: 2 * stay - 3 * stay}",
            "f:21:45: transitions[0].stay.mean: '2 * stay - 3 * stay' is -61 days, which is "
            "not a duration above 0 (at most 1,000,000 years) (in strategy reference)\n"
            "f:21:45: transitions[0].stay.mean: '2 * stay - 3 * stay' is -50 days, which is not a "
            "duration above 0 (at most 1,000,000 years) (in strategy act)",
        ),
        (
            CHANCE,
            "probability: a",
            "f:23:57: transitions[2].probability: parameter 'a': 1.4 is not a probability (0 to 1)",
        ),
        (
            CHANCE,
            "probability: a + 1",
            "f:23:57: transitions[2].probability: 'a + 1' is 2.4, which is not a probability "
            "(0 to 1)",
        ),
        (
            CHANCE,
            "probability: 0.3 / (a - a)",
            "f:23:57: transitions[2].probability: cannot be calculated: division by zero",
        ),
        (
            CHANCE,
            "probability: 1 - b",
            "f:23:57: transitions[2].probability: 'b' is no parameter; did you mean 'a'?",
        ),
        (
            CHANCE,
            "probability: stay + 1",
            "f:23:57: transitions[2].probability: a duration and a number cannot be added",
        ),
        (
            CHANCE,
            "probability: __import__(os)",
            "f:23:57: transitions[2].probability: '__import__' is no name of a parameter",
        ),
        (
            CHANCE,
            "probability: a ** 999",
            "f:23:57: transitions[2].probability: a power may be at most 100",
        ),
    ],
)
def test_what_does_not_fit_its_place(use: str, wrong: str, message: str) -> None:
    message = message.replace("did you mean 'a'?", "allowed: stay, a")
    said = told("a: {value: 1.4}", use=(use, wrong))
    assert said == message


@pytest.mark.parametrize(
    ("family", "rest", "use", "goes"),
    [
        ("normal", "value: 0.3, distribution: {normal: {sd: 0.01}}", CHANCE, "has no lower limit"),
        ("gamma", "value: 0.3, distribution: {gamma: {sd: 0.01}}", CHANCE, "has no upper limit"),
        (
            "uniform",
            "value: 0.6, distribution: {uniform: {low: 0, high: 1.2}}",
            CHANCE,
            "can be 1.2",
        ),
        ("uniform", "value: 0.6, distribution: {uniform: {low: -1, high: 2.2}}", RATE, "can be -1"),
        (
            "normal",
            "value: 9 days, distribution: {normal: {sd: 1 day}}",
            MEAN,
            "has no lower limit",
        ),
        (
            "discrete",
            "value: 5, unit: days, distribution: {discrete: {values: [6, 0], probabilities: [0.9, "
            "0.1]}}",
            MEAN,
            "can be 0 days",
        ),
    ],
)
def test_a_distribution_that_can_leave_its_place(
    family: str, rest: str, use: str, goes: str
) -> None:
    key = use.split(":")[0]
    said = told(f"a: {{{rest}}}", use=(use, f"{key}: a" + ("}" if use == MEAN else "")))
    assert f": parameter 'a': its {family} distribution {goes}, but this is a " in said
    better = "beta" if use == CHANCE else "gamma or lognormal"
    assert said.endswith(f"; nothing is cut off: take one that stays inside, such as {better}")


def test_a_distribution_may_touch_the_ends_of_its_place() -> None:
    assert read(
        "a: {value: 0.5, distribution: {uniform: {low: 0, high: 1}}}",
        use=(CHANCE, "probability: a"),
    )
    assert read("a: {value: 5 days, distribution: {gamma: {sd: 4 days}}}", use=(MEAN, "mean: a}"))


def test_a_strategys_value_must_fit_the_distribution_too() -> None:
    line = "a: {value: 2.5, is: median, distribution: {lognormal: {ci95: [1.6, 3.9]}}}"
    change = ("parameters.stay.value: 50 days", "parameters.a.value: 3")
    assert told(line, use=change).startswith(
        "f:68:76: parameters.a.value: 3 is said to be the median, but the lognormal"
    )


def test_the_schema_of_the_file_can_be_written() -> None:
    schema = ScenarioFile.model_json_schema()
    assert {"parameters", "correlations"} <= set(schema["properties"])
    assert "distribution" in schema["$defs"]["Parameter"]["properties"]

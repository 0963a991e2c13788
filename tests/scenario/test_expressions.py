"""Expressions: what they give, what their units are, and what is no expression."""

from __future__ import annotations

import math
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from som_sim.scenario.evaluation import evaluate
from som_sim.scenario.expressions import (
    MAX_LENGTH,
    CalculationError,
    looks_like_expression,
    parse_expression,
    unit_of,
)
from som_sim.scenario.units import (
    DURATION,
    KRONER,
    NUMBER,
    PER_YEAR,
    PERSONS,
    PERSONS_PER_YEAR,
    Unit,
    parse_unit,
)

MONTH = 1 / 12
VALUES = {"a": 3.0, "b": -2.0, "p": 0.25, "stay": 0.5, "n": 40.0}
UNITS = {"a": NUMBER, "b": NUMBER, "p": NUMBER, "stay": DURATION, "n": PERSONS}


def value(text: str, **values: float) -> float:
    given = {name: np.array([one]) for name, one in {**VALUES, **values}.items()}
    return float(evaluate(parse_expression(text), given, 1)[0])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a", 3),
        ("2 * a + 1", 7),
        ("2 * (a + 1)", 8),
        ("a - b - 1", 4),
        ("a / b", -1.5),
        ("-a ** 2", -9),
        ("(-a) ** 2", 9),
        ("2 ** 3 ** 2", 512),
        ("+a", 3),
        ("1e2 + 2.5E-1", 100.25),
        ("a > b", 1),
        ("a <= b", 0),
        ("a == 3", 1),
        ("a != 3", 0),
        ("b < 0 < a", 1),
        ("b < 0 < 0", 0),
        ("min(a, b, 1)", -2),
        ("max(a, b)", 3),
        ("exp(1)", math.e),
        ("log(a)", math.log(3)),
        ("sqrt(a + 1)", 2),
        ("a if a > b else b", 3),
        ("a if b > a else b if b > 0 else 9", 9),
        ("log(b) if b > 0 else 0", 0),
        ("1 / (a - 3) if a != 3 else 7", 7),
        ("stay / 2", 0.25),
        ("min(stay, 1 month)", MONTH),
        ("30.4375 days", MONTH),
        ("1 year + 6 months", 1.5),
        ("1 - p", 0.75),
        ("12/40", 0.3),
    ],
)
def test_arithmetic_by_hand(text: str, expected: float) -> None:
    assert value(text) == pytest.approx(expected, rel=1e-15)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a * b", NUMBER),
        ("2 * stay", DURATION),
        ("stay + 30 days", DURATION),
        ("max(stay, 0)", DURATION),
        ("0 + stay", DURATION),
        ("0", NUMBER),
        ("0 / stay", PER_YEAR),
        ("stay / 30 days", NUMBER),
        ("p / stay", PER_YEAR),
        ("n / stay", PERSONS_PER_YEAR),
        ("stay > 30 days", NUMBER),
        ("log(stay / 30 days)", NUMBER),
        ("stay if p > 0.5 else 2 * stay", DURATION),
        ("stay ** 2", Unit(years=2)),
        ("1 / stay ** -1", DURATION),
        ("a ** b", NUMBER),
        ("-stay", DURATION),
    ],
)
def test_units_follow(text: str, expected: Unit) -> None:
    assert unit_of(parse_expression(text), UNITS) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("stay + 1", "a duration and a number cannot be added"),
        ("1 - stay", "a number and a duration cannot be subtracted"),
        ("stay < 3", "a duration and a number cannot be compared"),
        ("min(stay, n)", "a duration and persons cannot be compared by min"),
        ("stay if p > 0 else p", "'if' and 'else' give a duration and a number; they must be"),
        ("exp(stay)", "exp takes a number, not a duration"),
        ("sqrt(n)", "sqrt takes a number, not persons"),
        ("2 ** stay", "a power is a number, not a duration"),
        ("stay ** p", "a duration can only be raised to a written whole number"),
        ("stay ** 0.5", "a duration can only be raised to a written whole number"),
    ],
)
def test_units_that_do_not_fit_are_both_said(text: str, message: str) -> None:
    with pytest.raises(ValueError) as caught:
        unit_of(parse_expression(text), UNITS)
    assert str(caught.value).startswith(message)


def test_names_come_in_the_order_of_the_text_each_once() -> None:
    expression = parse_expression("min(b, a) if a > 2 days / stay else b + min")
    assert expression.names == ("b", "a", "stay", "min")


ALLOWED = (
    "numbers, durations, parameters, + - * / **, brackets, comparisons, min, max, exp, log, sqrt, "
    "and 'a if b > c else d'"
)
ATTACKS = (
    ("__import__('os')", '"\'" is not allowed in an expression'),
    ("__import__(os)", "'__import__' is no name of a parameter"),
    ("stay.__class__ + 1", "'stay.__class__' is not allowed in an expression"),
    ("(1).real", "'(1).real' is not allowed in an expression"),
    ("a[0]", "'[' is not allowed in an expression"),
    ("{a}", "'{' is not allowed in an expression"),
    ("f'{a}'", '"\'" is not allowed in an expression'),
    ('a + "x"', "'\"' is not allowed in an expression"),
    ("lambda: 0", "':' is not allowed in an expression"),
    ("(a := 3)", "':' is not allowed in an expression"),
    ("a; b", "';' is not allowed in an expression"),
    ("a @ b", "'@' is not allowed in an expression"),
    ("a\\\n+ b", "'\\\\' is not allowed in an expression"),
    ("a\n+ b", "'\\n' is not allowed in an expression"),
    ("ａ + 1", "'ａ' is not allowed in an expression"),
    ("a + 1\0", "'\\x00' is not allowed in an expression"),
    ("a = 3", "'a = 3' cannot be read as arithmetic"),
    ("a +", "'a +' cannot be read as arithmetic"),
    ("min(a", "'min(a' cannot be read as arithmetic; a bracket is not closed; between {} an"),
    ("01 + a", "'01 + a' cannot be read as arithmetic"),
    ("a if b", "'a if b' cannot be read as arithmetic"),
    ("yield a + 1", "'yield a + 1' cannot be read as arithmetic"),
    ("(yield a)", "'yield a' is not allowed in an expression"),
    ("await a + 1", "'await a' is not allowed in an expression"),
    ("(i for i in a)", "'(i for i in a)' is not allowed in an expression"),
    ("a, b - 1", "'a, b - 1' is not allowed in an expression"),
    ("()", "'()' is not allowed in an expression"),
    ("...+1", "'...' is not a number"),
    ("a // b", "'a // b' is not allowed in an expression"),
    ("a << b", "'a << b' is not allowed in an expression"),
    ("a > 1 and b > 1", "'a > 1 and b > 1' is not allowed in an expression"),
    ("not a > 1", "'not a > 1' is not allowed in an expression"),
    ("(a in b)", "'a in b' is not allowed in an expression"),
    ("None + 1", "'None' is no name of a parameter"),
    ("True + 1", "'True' is no name of a parameter"),
    ("A + 1", "'A' is no name of a parameter"),
    ("DURATION_0 + 1 day", "'DURATION_0' is no name of a parameter"),
    ("_a + 1", "'_a' is no name of a parameter"),
    ("open(a)", "'open' is no function here; there are min, max, exp, log, sqrt"),
    ("a(1)", "'a' is no function here"),
    ("(lambda)(1)", "'(lambda)(1)' cannot be read as arithmetic"),
    ("min(a, b)(1)", "this is no function here"),
    ("min(a)", "min takes two values or more"),
    ("min(*a)", "min takes two values or more"),
    ("min(a, b, key=c)", "min takes two values or more"),
    ("exp(a, b)", "exp takes one value"),
    ("exp()", "exp takes one value"),
    ("exp(**a)", "exp takes one value"),
    ("a if b else 1 + 1", "after 'if' comes a comparison, such as 'a if b > c else d'"),
    ("1_000 + a", "'1_000' is not a number; write digits and a decimal point"),
    ("0x10 + a", "'0x10' is not a number"),
    ("3j + a", "'3j' is not a number"),
    ("1. + a", "'1.' is not a number"),
    ("1.000 * a", "1.000 can be read in two ways; did you mean 1000?"),
    ("min(a, 1.500 days)", "1.500 can be read in two ways; did you mean 1500?"),
    ("1e999 * a", "1e999 is too large a number"),
    ("a ** 101", "a power may be at most 100"),
    ("a ** -101", "a power may be at most 100"),
    ("9 ** 9999999999", "a power may be at most 100"),
    ("-" * 25 + "a", "an expression may be at most 20 levels deep"),
    ("(" * 100 + "a" + ")" * 100 + "+1" * 40, "an expression may be at most 20 levels deep"),
    ("(" * 250, "cannot be read as arithmetic; a bracket is not closed"),
    ("a" + "+a" * MAX_LENGTH, "an expression may have at most 300 characters"),
)


@pytest.mark.parametrize(("text", "message"), ATTACKS)
def test_what_is_no_expression_is_refused_at_once(text: str, message: str) -> None:
    begin = time.perf_counter()
    with pytest.raises(ValueError) as caught:
        parse_expression(text)
    assert message in str(caught.value)
    assert time.perf_counter() - begin < 1


def test_a_refusal_says_what_is_allowed() -> None:
    with pytest.raises(ValueError) as caught:
        parse_expression("a // b")
    assert str(caught.value) == f"'a // b' is not allowed in an expression; it has {ALLOWED}"


@given(st.text(alphabet="ab1.2 +-*/()<>=!,eif_dayslmnx'\"[]{}:;@%\\\n", max_size=60))
def test_no_text_crashes_or_runs(text: str) -> None:
    """Every text is refused with a sentence, or gives numbers or a sentence."""
    try:
        expression = parse_expression(text)
    except ValueError as error:
        assert str(error)
        return
    values = {name: np.array([2.0, 0.0, -1.0]) for name in expression.names}
    try:
        result = evaluate(expression, values, 3)
        unit_of(expression, dict.fromkeys(expression.names, NUMBER))
    except ValueError as error:
        assert str(error)
    else:
        assert result.shape == (3,) and np.isfinite(result).all()


@pytest.mark.parametrize(
    ("text", "reason", "draw"),
    [
        ("1 / x", "division by zero", 2),
        ("1 / (1 / x)", "division by zero", 2),
        ("min(1 / x, 3)", "division by zero", 2),
        ("log(x)", "log of 0 is no number", 2),
        ("sqrt(x)", "sqrt of -1 is no number", 3),
        ("x ** 0.5", "-1 to the power of 0.5 is no number", 3),
        ("x ** -1", "0 to the power of -1 is no number", 2),
        ("exp(1000 * x)", "the result is too large", 0),
        ("9 ** 9 ** 9 ** x", "the result is too large", 1),
        ("1e300 * 1e300 * x", "the result is too large", 0),
        ("1 / x if x >= 0 else 5", "division by zero", 2),
        ("1 / (x + 1) if x < 0 else 5", "division by zero", 3),
    ],
)
def test_what_is_no_number_names_the_first_draw(text: str, reason: str, draw: int) -> None:
    with pytest.raises(CalculationError) as caught:
        evaluate(parse_expression(text), {"x": np.array([1.0, 4.0, 0.0, -1.0])}, 4)
    assert (caught.value.reason, caught.value.position) == (reason, draw)


FLOATS = st.lists(st.floats(-50, 50), min_size=1, max_size=9)


@given(FLOATS, st.integers(0, 9))
def test_a_draw_is_the_same_in_any_block(x: list[float], cut: int) -> None:
    expression = parse_expression("exp(x / 9) * min(x, 3) ** 3 if x > 0 else max(x, -2) / 7 - 1")
    values = np.array(x)
    whole = evaluate(expression, {"x": values}, len(x))
    parts = [evaluate(expression, {"x": part}, len(part)) for part in (values[:cut], values[cut:])]
    assert np.concatenate(parts).tobytes() == whole.tobytes()
    assert values.tolist() == x


@pytest.mark.parametrize("text", ["stay", "61 days", "61 dage", "0,5 år", "abc", "34", "a.b"])
def test_names_numbers_and_durations_are_no_expressions(text: str) -> None:
    assert not looks_like_expression(text)


@pytest.mark.parametrize("text", ["a/2", "a if b", "-a", "min(a)", "a > b", "a:b", "'a'"])
def test_signs_make_an_expression(text: str) -> None:
    assert looks_like_expression(text)


@pytest.mark.parametrize(
    ("text", "unit", "scale"),
    [
        ("number", NUMBER, 1),
        ("share", NUMBER, 1),
        ("days", DURATION, 1 / 365.25),
        ("months", DURATION, 1 / 12),
        ("per year", PER_YEAR, 1),
        ("per month", PER_YEAR, 12),
        ("per day", PER_YEAR, 365.25),
        ("persons", PERSONS, 1),
        ("persons per week", PERSONS_PER_YEAR, 365.25 / 7),
        ("kroner", KRONER, 1),
        ("kroner per person per month", Unit(kroner=1, persons=-1, years=-1), 12),
        ("days per person", Unit(years=1, persons=-1), 1 / 365.25),
    ],
)
def test_units_as_users_write_them(text: str, unit: Unit, scale: float) -> None:
    stated = parse_unit(text)
    assert stated.unit == unit
    assert stated.scale == pytest.approx(scale, rel=1e-15)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("dayz", "'dayz' is no unit; write a word, 'per year' or the like, or both; did you mean"),
        ("", "'' is no unit; write a word, 'per year' or the like, or both; allowed: number"),
        (
            "per dog",
            "'per dog' is no unit; 'per' takes one of hour, day, week, month, year, person",
        ),
    ],
)
def test_what_is_no_unit(text: str, message: str) -> None:
    with pytest.raises(ValueError) as caught:
        parse_unit(text)
    assert str(caught.value).startswith(message)


def test_units_in_words() -> None:
    assert str(Unit(kroner=1, years=-2)) == "kroner per year^2"
    assert str(Unit(persons=1, years=1)) == "persons years"

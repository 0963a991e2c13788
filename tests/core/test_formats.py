"""Numbers as readers expect them; money exact to the øre."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from som_sim.core.formats import (
    MISSING,
    NO_BREAK_SPACE,
    date,
    kroner,
    number,
    oere_as_kroner,
    percent,
    plain,
    signed,
)


def test_money_in_both_languages() -> None:
    assert kroner(123456750, "da") == f"1.234.567,50{NO_BREAK_SPACE}kr."
    assert kroner(123456750, "en") == f"DKK{NO_BREAK_SPACE}1,234,567.50"
    assert plain(kroner(-123456750, "da")) == "-1.234.567,50 kr."
    assert plain(kroner(347749800, "da", 0)) == "3.477.498 kr."
    assert kroner(None, "da") == MISSING


def test_money_beyond_what_a_float_can_hold() -> None:
    assert plain(kroner(9007199254740993, "da")) == "90.071.992.547.409,93 kr."


@given(st.integers(-(10**17), 10**17))
def test_no_oere_is_lost_in_writing(oere: int) -> None:
    written = plain(kroner(oere, "da")).removesuffix(" kr.")
    assert Decimal(written.replace(".", "").replace(",", ".")) == oere_as_kroner(oere)


@pytest.mark.parametrize(
    ("oere", "shown"),
    [(50, "1 kr."), (149, "1 kr."), (150, "2 kr."), (-150, "-2 kr."), (-49, "0 kr.")],
)
def test_rounding_for_display_is_half_away_from_zero(oere: int, shown: str) -> None:
    assert plain(kroner(oere, "da", 0)) == shown


def test_numbers_and_signs() -> None:
    assert number(1234.56, "da", 1) == "1.234,6"
    assert number(0.15, "en", 1) == "0.2"  # as the reader sees 0.15, not as binary holds it
    assert number(float("nan"), "da") == number(None, "da") == MISSING
    assert number(-0.04, "da", 1) == "0,0"
    assert signed(3, "da") == "+3"
    assert signed(-3, "da") == "-3"
    assert signed(0.04, "da", 1) == "0,0"


def test_a_share_between_none_and_all_is_not_shown_as_either() -> None:
    assert plain(percent(0.134, "da")) == "13 %"
    assert percent(0.134, "en", 1) == "13.4%"
    assert plain(percent(0.0004, "da")) == "under 1 %"
    assert percent(0.9999, "en") == "over 99%"
    assert plain(percent(0.0, "da")) == "0 %"
    assert plain(percent(1.0, "da")) == "100 %"
    assert percent(float("nan"), "da") == MISSING


def test_dates() -> None:
    assert date("2022-02-07", "da") == "7. februar 2022"
    assert date("2022-02-07T00:00:00", "en") == "7 February 2022"
    assert date(datetime.date(2017, 5, 1), "da") == "1. maj 2017"


def test_an_unknown_language_is_an_error() -> None:
    with pytest.raises(ValueError, match="unknown language"):
        number(1, "de")

"""The packaged rules say what the law and the ministry say, from day to day and year to year."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest

from som_sim.core.names import PAYERS
from som_sim.knowledge.rule_forms import PeriodForm
from som_sim.knowledge.rules import discount_rates, payer_rules

LAST_DAY_OF_UNLIMITED_REFUND = dt.date(2023, 9, 30)


@pytest.mark.parametrize("day", [dt.date(2007, 1, 1), dt.date(2019, 1, 1), dt.date(2023, 9, 30)])
def test_the_state_refunds_half_of_a_shelter_stay_until_2023_09_30(day: dt.date) -> None:
    split = payer_rules()["dk_section_110"].on(day)
    assert split is not None
    assert split.pays == (("kommune", Fraction(1)),)
    (refund,) = split.refunds
    assert (refund.giver, refund.receiver, refund.share) == ("stat", "kommune", Fraction(1, 2))


def test_from_2023_10_01_the_shelter_rule_counts_days() -> None:
    rule = payer_rules()["dk_section_110"]
    after = rule.on(LAST_DAY_OF_UNLIMITED_REFUND + dt.timedelta(days=1))
    assert after is not None
    assert after.limits == (120,)
    later = rule.on(dt.date(2030, 1, 1))
    assert later is not None
    assert later.limits == (90,)
    assert after.counted
    assert later.counted


@pytest.mark.parametrize(
    ("name", "day"),
    [("dk_section_85a", "2023-09-30"), ("dk_section_176", "2023-01-01"), ("dk_section_176", "2019-12-31"),
     ("dk_section_110_own_payment", "2024-01-01"), ("dk_benefit_steps", "2015-12-31")],
)  # fmt: skip
def test_a_rule_says_nothing_rather_than_guess(name: str, day: str) -> None:
    assert payer_rules()[name].on(dt.date.fromisoformat(day)) is None


def test_a_year_on_benefits_leaves_the_state_a_fifth_since_2016() -> None:
    rule = payer_rules()["dk_benefit_over_52_weeks"]
    assert rule.on(dt.date(2015, 12, 31)) is None
    split = rule.on(dt.date(2016, 1, 1))
    assert split is not None
    assert split.pays == (("kommune", Fraction(1)),)
    (refund,) = split.refunds
    assert (refund.giver, refund.receiver, refund.share) == ("stat", "kommune", Fraction(1, 5))
    assert rule.on(dt.date(2099, 12, 31)) is split


@pytest.mark.parametrize("name", sorted(payer_rules()))
def test_every_rule_settles_the_whole_bill_between_known_payers(name: str) -> None:
    rule = payer_rules()[name]
    assert rule.name == name
    assert set(rule.title) == {"da", "en"}
    assert rule.law
    assert rule.source
    for period in rule.periods:
        assert sum(share for _, share in period.pays) == 1
        assert {payer for payer, _ in period.pays} <= set(PAYERS)
        for refund in period.refunds:
            assert all(0 <= step.share <= 1 for step in refund.steps)
            assert any(step.share for step in refund.steps) or refund.per_day
            assert refund.giver != refund.receiver
            assert {refund.giver, refund.receiver} <= set(PAYERS)
            assert refund.receiver in dict(period.pays), "only who paid gets something back"


@pytest.mark.parametrize("name", sorted(payer_rules()))
def test_no_day_has_two_splits(name: str) -> None:
    for before, after in pairwise(payer_rules()[name].periods):
        assert before.valid_to is not None
        assert after.valid_from is not None
        assert before.valid_to < after.valid_from


@pytest.mark.parametrize(
    ("name", "rates"),
    [
        ("dk_ministry_2013", {0: 0.04, 1: 0.04, 35: 0.04, 36: 0.03, 70: 0.03, 71: 0.02, 500: 0.02}),
        ("dk_ministry_2021", {0: 0.035, 35: 0.035, 36: 0.025, 70: 0.025, 71: 0.015}),
    ],
)
def test_the_ministrys_rates_step_down(name: str, rates: dict[int, float]) -> None:
    rate = discount_rates()[name]
    assert {year: rate.rate(year) for year in rates} == rates
    assert rate.rate(-3) == rates[0], "before the base year the first rate holds"
    assert rate.source


def test_what_is_packaged_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        payer_rules()["mine"] = payer_rules()["dk_section_110"]  # type: ignore[index]
    with pytest.raises(AttributeError):
        payer_rules()["dk_section_110"].periods = ()  # type: ignore[misc]


def period(*refunds: dict[str, object]) -> PeriodForm:
    return PeriodForm.model_validate({"pays": {"kommune": Decimal(1)}, "refunds": list(refunds)})


def test_nobody_gets_back_more_than_the_bill() -> None:
    region = {"from": "region", "to": "kommune", "share": Decimal("0.7")}
    with pytest.raises(ValueError, match=r"'kommune' pays 1 of the bill and would get 1\.5 of it"):
        period(region, {"from": "stat", "to": "kommune", "share": Decimal("0.8")})
    early = {
        "from": "stat",
        "to": "kommune",
        "steps": [{"up_to": Decimal(30), "share": Decimal("0.8")}],
    }
    late = {
        "from": "region",
        "to": "kommune",
        "steps": [{"up_to": Decimal(30), "share": Decimal("0")}, {"share": Decimal("0.8")}],
    }
    assert period(early, late).refunds
    with pytest.raises(ValueError, match=r"would get 1\.5 of it back"):
        period(early, region)

"""Every check can fail: a fault is planted in a copy of the books, and just its checks say so."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from som_sim.engine.trajectory import Trajectory
from som_sim.ledger import reconcile_money
from som_sim.ledger.book import Books
from som_sim.ledger.ledger import COST, MEMO, TRANSFER, Ledger, payer_number
from som_sim.ledger.reconcile import Check, reconcile
from som_sim.result import StrategyRun

if TYPE_CHECKING:
    from conftest import Freeze, Frozen

PRICES = (
    "night: {amount: 100.37, per: person_day, in: {housing: shelter}, price_year: 2019, "
    "payers: dk_section_110, account: shelter}",
    "own: {amount: 9.67, per: person_day, in: {housing: shelter}, price_year: 2019, "
    "payers: {borger: 1}, transfer_to: kommune, account: shelter}",
    "team: {amount: 3000, per: year, price_year: 2019, payers: {kommune: 0.7, region: 0.3}, "
    "account: team}",
)
GRANTS = (
    "kept: {funder: stat, to: kommune, covers: [team], tranches: {2019: 2500, 2020: 1000}, "
    "total: 3500, unspent: carried}, "
    "second: {funder: fond, to: kommune, covers: [team], tranches: {2020: 800}, "
    "total: 800, unspent: returned}"
)
MOVING = """
transitions:
  - {from: {housing: shelter}, to: home, rate_per_year: 0.4}
  - {from: {housing: home}, to: dead, rate_per_year: 0.1}
programmes:
  act:
    eligible: {housing: shelter}
    places: {2019-03: 4, 2020-01: 6}
    intake: {share_of_waiting: 0.5}
    stay: {mean: 9 months}
"""


@pytest.fixture(scope="module")
def frozen(freeze: Freeze) -> Frozen:
    return freeze(
        *PRICES,
        last="2020-12",
        arrivals="{stratum: adult, housing: shelter, per_year: 12}",
        more=MOVING,
        grants=GRANTS,
        strategy="programmes: act, grants: [kept, second]",
    )


@pytest.fixture(scope="module")
def sound(frozen: Frozen) -> StrategyRun:
    return frozen.result.runs["other"]


def families(checks: tuple[Check, ...]) -> set[str]:
    """Return the kinds of check that failed."""
    return {check.check.split(":")[0] for check in checks if not check.ok}


def failing(
    run: StrategyRun,
    *,
    ledger: Ledger | None = None,
    trajectory: Trajectory | None = None,
    **books: Any,
) -> set[str]:
    """Return the kinds of check that fail when some of the books are replaced."""
    changed = replace(run.books, **books)
    if ledger is not None:
        changed = replace(changed, ledger=ledger)
    return families(reconcile(run.spec, trajectory or run.trajectory, changed))


def find(
    ledger: Ledger, item: str, kind: int, payer: str, account: str | None = None, year: int = 2020
) -> int:
    """Return the first row of an item in a year."""
    numbers = [n for n, (a, i) in enumerate(ledger.items) if i == item and account in (None, a)]
    rows = np.isin(ledger.item, numbers) & (ledger.kind == kind) & (ledger.year == year)
    return int(np.flatnonzero(rows & (ledger.payer == payer_number(payer)))[0])


def plus(ledger: Ledger, *changes: tuple[int, int]) -> Ledger:
    """Return a copy in which some rows hold so many øre more."""
    amount = ledger.amount.copy()
    for row, oere in changes:
        amount[row] += oere
    return replace(ledger, amount=amount)


def test_sound_books_pass_every_check(sound: StrategyRun) -> None:
    checks = reconcile(sound.spec, sound.trajectory, sound.books)
    assert checks == sound.checks
    assert all(check.ok for check in checks)
    assert {check.check.split(":")[0] for check in checks} == {
        "transactions_balance",
        "transfers_cancel",
        "payers_equal_charges",
        "payers_equal_total",
        "payers_bear_their_share",
        "years_equal_total",
        "amounts_follow_quantities",
        "grant_award_equals_total",
        "grant_award_equals_tranche",
        "grant_paid_equals_award",
        "grant_used_within_bounds",
        "grant_money_accounted_for",
        "grants_pay_once",
        "persons_conserved",
        "flows_close",
        "flows_follow_person_time",
    }
    assert len({check.check for check in checks}) == len(checks), "every check has its own name"


# Postings -------------------------------------------------------------------------------------


def test_an_oere_on_one_side_of_a_cost(sound: StrategyRun) -> None:
    ledger = sound.books.ledger
    wrong = plus(ledger, (find(ledger, "team", COST, "kommune"), 1))
    assert failing(sound, ledger=wrong) == {
        "transactions_balance",
        "payers_equal_total",
        "payers_equal_charges",
    }


def test_a_row_in_another_transaction(sound: StrategyRun) -> None:
    ledger = sound.books.ledger
    transaction = ledger.transaction.copy()
    transaction[find(ledger, "team", COST, "kommune")] = transaction[
        find(ledger, "team", COST, "kommune", year=2019)
    ]
    assert failing(sound, ledger=replace(ledger, transaction=transaction)) == {
        "transactions_balance"
    }


def test_a_transfer_that_is_half_a_cost(sound: StrategyRun) -> None:
    # The payer bears as much as before, but five øre of it are booked as a transfer.
    ledger = sound.books.ledger
    cost = find(ledger, "night", COST, "kommune")
    refund = find(ledger, "night", TRANSFER, "kommune")
    wrong = plus(ledger, (cost, -5), (refund, 5))
    assert failing(sound, ledger=wrong) == {"transfers_cancel"}


def test_a_cost_and_its_bill_both_an_oere_too_high(sound: StrategyRun) -> None:
    ledger = sound.books.ledger
    wrong = plus(
        ledger,
        (find(ledger, "night", COST, "kommune"), 1),
        (find(ledger, "night", COST, "provider"), -1),
    )
    assert failing(sound, ledger=wrong) == {"amounts_follow_quantities", "payers_equal_charges"}


def test_two_faults_that_cancel_over_the_years(sound: StrategyRun) -> None:
    # Ten øre too much in one year and too little in another: sums over all years show nothing.
    ledger = sound.books.ledger
    wrong = plus(
        ledger,
        (find(ledger, "night", COST, "kommune"), 10),
        (find(ledger, "night", COST, "provider"), -10),
        (find(ledger, "night", COST, "kommune", year=2019), -10),
        (find(ledger, "night", COST, "provider", year=2019), 10),
    )
    assert failing(sound, ledger=wrong) == {
        "amounts_follow_quantities",
        "payers_bear_their_share",
    }


def test_a_charge_that_is_not_quantity_times_price(sound: StrategyRun) -> None:
    night = sound.books.charges[0]
    dearer = replace(night, unit_kroner=night.unit_kroner * 1.001)
    charges = (dearer, *sound.books.charges[1:])
    assert failing(sound, charges=charges) == {"amounts_follow_quantities"}


def test_a_refund_by_somebody_else(sound: StrategyRun) -> None:
    ledger = sound.books.ledger
    payer = ledger.payer.copy()
    payer[find(ledger, "night", TRANSFER, "stat")] = payer_number("fond")
    assert failing(sound, ledger=replace(ledger, payer=payer)) == {"payers_bear_their_share"}


def test_a_bill_split_by_other_shares(sound: StrategyRun) -> None:
    ledger = sound.books.ledger
    wrong = plus(
        ledger,
        (find(ledger, "team", COST, "kommune"), 300),
        (find(ledger, "team", COST, "region"), -300),
    )
    assert failing(sound, ledger=wrong) == {"payers_bear_their_share"}


def test_an_item_that_nobody_priced(sound: StrategyRun) -> None:
    ledger = sound.books.ledger
    cost = find(ledger, "team", COST, "region")
    bill = find(ledger, "team", COST, "provider")
    new = {
        name: np.append(getattr(ledger, name), getattr(ledger, name)[[cost, bill]])
        for name in ("cycle", "stratum", "programme", "kind", "payer", "transaction")
    }
    wrong = replace(
        ledger,
        **new,
        items=(*ledger.items, ("team", "coffee")),
        item=np.append(ledger.item, [len(ledger.items)] * 2),
        amount=np.append(ledger.amount, [700, -700]),
    )
    assert failing(sound, ledger=wrong) == {"payers_equal_charges"}


def test_a_price_posted_twice(sound: StrategyRun) -> None:
    ledger = sound.books.ledger
    rows = np.flatnonzero(ledger.item == ledger.items.index(("team", "team")))
    columns = ("cycle", "item", "stratum", "programme", "kind", "payer", "amount", "transaction")
    twice = {
        name: np.append(getattr(ledger, name), getattr(ledger, name)[rows]) for name in columns
    }
    assert failing(sound, ledger=replace(ledger, **twice)) == {
        "amounts_follow_quantities",
        "payers_bear_their_share",
        "payers_equal_charges",
    }


def test_an_item_left_out(sound: StrategyRun) -> None:
    ledger = sound.books.ledger
    kept = ledger.item != ledger.items.index(("shelter", "own"))
    columns = ("cycle", "item", "stratum", "programme", "kind", "payer", "amount", "transaction")
    wrong = replace(ledger, **{name: getattr(ledger, name)[kept] for name in columns})
    assert failing(sound, ledger=wrong) == {"amounts_follow_quantities", "payers_bear_their_share"}


def test_a_table_by_year_without_its_last_year(
    sound: StrategyRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = reconcile_money.cost_by_payer_and_year

    def without_last(ledger: Ledger) -> dict[str, Any]:
        return {payer: amounts[:-1] for payer, amounts in whole(ledger).items()}

    monkeypatch.setattr(reconcile_money, "cost_by_payer_and_year", without_last)
    assert failing(sound) == {"years_equal_total", "payers_equal_charges"}


def test_rounding_is_allowed_for_and_an_oere_more_is_not(sound: StrategyRun) -> None:
    for charge in sound.books.charges:
        exact = charge.quantity * charge.unit_kroner[:, None, None] * 100
        limit = 1.0 if charge.price.per == "year" else 0.5
        assert np.abs(charge.amount - exact).max() <= limit + 1e-6
    residuals = {c.check: c.residual for c in sound.checks if "follow" in c.check}
    assert any(residuals.values()), "this scenario rounds, so the check is not idle"


# Grants ---------------------------------------------------------------------------------------


def test_an_award_that_is_not_the_tranche(sound: StrategyRun) -> None:
    ledger = sound.books.ledger
    wrong = plus(ledger, (find(ledger, "kept", MEMO, "stat", "grant_award"), -1))
    assert failing(sound, ledger=wrong) == {
        "grant_award_equals_total",
        "grant_award_equals_tranche",
        "grant_paid_equals_award",
    }


def test_awards_in_the_wrong_years(sound: StrategyRun) -> None:
    ledger = sound.books.ledger
    wrong = plus(
        ledger,
        (find(ledger, "kept", MEMO, "stat", "grant_award"), -100),
        (find(ledger, "kept", MEMO, "stat", "grant_award", year=2019), 100),
    )
    assert failing(sound, ledger=wrong) == {"grant_award_equals_tranche", "grant_paid_equals_award"}


def test_a_payment_above_the_award(sound: StrategyRun) -> None:
    ledger = sound.books.ledger
    wrong = plus(
        ledger,
        (find(ledger, "kept", TRANSFER, "stat", "grant_paid"), 100),
        (find(ledger, "kept", TRANSFER, "kommune", "grant_paid"), -100),
    )
    assert failing(sound, ledger=wrong) == {"grant_paid_equals_award", "grant_money_accounted_for"}


def test_more_used_than_the_covered_cost(sound: StrategyRun) -> None:
    ledger = sound.books.ledger
    over = sound.books.grants[0].covered - sound.books.grants[0].used + 1
    wrong = plus(ledger, (find(ledger, "kept", MEMO, "kommune", "grant_used", 2019), over))
    assert failing(sound, ledger=wrong) == {
        "grant_used_within_bounds",
        "grant_money_accounted_for",
        "grants_pay_once",
    }


def test_a_plan_that_says_things_cost_more_than_they_do(sound: StrategyRun) -> None:
    # The bound is read from the postings: the plan's own word for the cost is not taken.
    plan = tuple(replace(one, covered=one.covered * 2) for one in sound.books.grants)
    ledger = sound.books.ledger
    over = sound.books.grants[0].covered - sound.books.grants[0].used + 1
    wrong = plus(ledger, (find(ledger, "kept", MEMO, "kommune", "grant_used", 2019), over))
    assert "grant_used_within_bounds" in failing(sound, ledger=wrong, grants=plan)


def test_a_return_that_is_forgotten(sound: StrategyRun) -> None:
    ledger = sound.books.ledger
    given = find(ledger, "second", TRANSFER, "fond", "grant_returned")
    back = find(ledger, "second", TRANSFER, "kommune", "grant_returned")
    wrong = plus(ledger, (given, 100), (back, -100))
    assert failing(sound, ledger=wrong) == {"grant_money_accounted_for"}


def test_money_carried_that_came_from_nowhere(sound: StrategyRun) -> None:
    first, *rest = sound.books.grants
    plan = (replace(first, carried_out=first.carried_out + 100), *rest)
    assert failing(sound, grants=plan) == {"grant_money_accounted_for"}


def test_money_carried_by_a_grant_that_returns_it(sound: StrategyRun) -> None:
    # The plan carries what the file says is returned, and books no return.
    ledger = sound.books.ledger
    *rest, last = sound.books.grants
    given = find(ledger, "second", TRANSFER, "fond", "grant_returned")
    back = find(ledger, "second", TRANSFER, "kommune", "grant_returned")
    wrong = plus(ledger, (given, last.returned), (back, -last.returned))
    plan = (*rest, replace(last, carried_out=last.returned, returned=0))
    assert failing(sound, ledger=wrong, grants=plan) == {"grant_money_accounted_for"}


def test_two_grants_that_pay_the_same_krone(sound: StrategyRun) -> None:
    # Each stays within its own money and within the cost of the team; together they do not.
    ledger = sound.books.ledger
    more = sound.books.grants[2].returned
    assert more > 0
    wrong = plus(
        ledger,
        (find(ledger, "second", MEMO, "kommune", "grant_used"), more),
        (find(ledger, "second", TRANSFER, "fond", "grant_returned"), more),
        (find(ledger, "second", TRANSFER, "kommune", "grant_returned"), -more),
    )
    assert failing(sound, ledger=wrong) == {"grants_pay_once"}


# Persons --------------------------------------------------------------------------------------


def moved(trajectory: Trajectory, name: str, where: tuple[int, ...], by: float) -> Trajectory:
    """Return a trajectory with one number changed."""
    array = getattr(trajectory, name).copy()
    array[where] += by
    return replace(trajectory, **{name: array})


ONE_IN_A_MILLION = 1e-6
"""Persons: far above float rounding, far below what a table shows."""


def test_somebody_who_vanishes(sound: StrategyRun) -> None:
    wrong = moved(sound.trajectory, "occupancy", (0, 0, 0, 0, 7, 0), -ONE_IN_A_MILLION)
    assert failing(sound, trajectory=wrong) == {"persons_conserved", "flows_close"}


def test_somebody_who_dies_and_is_counted_on(sound: StrategyRun) -> None:
    wrong = moved(sound.trajectory, "left", (0, 0, 0, 24), ONE_IN_A_MILLION)
    assert failing(sound, trajectory=wrong) == {"persons_conserved", "flows_close"}


def test_a_move_that_nobody_made(sound: StrategyRun) -> None:
    wrong = moved(sound.trajectory, "flows", (0, 0, 5, 0), ONE_IN_A_MILLION)
    assert failing(sound, trajectory=wrong) == {"flows_close", "flows_follow_person_time"}


def test_an_enrolment_of_nobody(sound: StrategyRun) -> None:
    wrong = moved(sound.trajectory, "enrolments", (0, 0, 9, 0, 0, 0, 0), ONE_IN_A_MILLION)
    assert failing(sound, trajectory=wrong) == {"flows_close"}


def test_a_day_that_is_paid_for_and_nobody_spent(sound: StrategyRun) -> None:
    wrong = moved(sound.trajectory, "person_days", (0, 0, 0, 0, 5, 0), 0.001)
    assert failing(sound, trajectory=wrong) == {"flows_follow_person_time"}


def test_somebody_in_two_places(sound: StrategyRun) -> None:
    # The sum over all cells is right; only cell by cell the fault shows.
    wrong = moved(sound.trajectory, "occupancy", (0, 0, 0, 0, 7, 0), ONE_IN_A_MILLION)
    wrong = moved(wrong, "occupancy", (0, 0, 0, 0, 7, 1), -ONE_IN_A_MILLION)
    assert failing(sound, trajectory=wrong) == {"flows_close"}


# The result -----------------------------------------------------------------------------------


def test_one_failed_check_makes_the_result_not_ok(frozen: Frozen, sound: StrategyRun) -> None:
    ledger = sound.books.ledger
    books = Books(
        ledger=plus(ledger, (find(ledger, "team", COST, "kommune"), 1)),
        charges=sound.books.charges,
        grants=sound.books.grants,
    )
    checks = reconcile(sound.spec, sound.trajectory, books)
    runs = {**frozen.result.runs, "other": replace(sound, books=books, checks=checks)}
    result = replace(frozen.result, runs=MappingProxyType(runs))
    assert frozen.result.ok
    assert not result.ok
    table = result.reconciliation.set_index(["strategy", "check"])
    row = table.loc[("other", "transactions_balance")]
    assert (row["expected_oere"], row["actual_oere"], row["residual_oere"], row["ok"]) == (
        0, 1, 1, False,
    )  # fmt: skip
    assert result.summary()["strategies"]["other"]["reconciliation"]["failed"] == 3

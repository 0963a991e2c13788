"""The ledger as such: nothing can be changed in it, and its table by year is its postings."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

import numpy as np
import pytest

from som_sim.core.names import PAYERS
from som_sim.ledger.ledger import ACCOUNTS_OF_PAYERS, MEMO, PROVIDER, cost_by_payer_and_year

if TYPE_CHECKING:
    from conftest import Freeze, Frozen


@pytest.fixture(scope="module")
def frozen(freeze: Freeze) -> Frozen:
    return freeze(
        "night: {amount: 100.37, per: person_day, in: {housing: shelter}, price_year: 2019, "
        "payers: dk_section_110, account: shelter}",
        "own: {amount: 3.01, per: person_day, in: {housing: shelter}, price_year: 2019, "
        "payers: {borger: 1}, transfer_to: kommune, account: shelter}",
        last="2020-12",
        grants="pool: {funder: fond, to: kommune, covers: [night], tranches: {2019: 5, 2020: 7}, "
        "total: 12, unspent: returned}",
        strategy="grants: pool",
    )


def test_no_row_can_be_changed(frozen: Frozen) -> None:
    ledger = frozen.result.runs["other"].books.ledger
    columns = [
        field.name
        for field in fields(ledger)
        if isinstance(getattr(ledger, field.name), np.ndarray)
    ]
    assert len(columns) == 8
    for name in columns:
        with pytest.raises(ValueError, match="read-only"):
            getattr(ledger, name)[0] = 1


def test_the_table_by_year_is_the_postings_added_one_by_one(frozen: Frozen) -> None:
    ledger = frozen.result.runs["other"].books.ledger
    expected = {payer: [0, 0] for payer in PAYERS}
    for kind, payer, cycle, amount in zip(
        ledger.kind, ledger.payer, ledger.cycle, ledger.amount, strict=True
    ):
        name = ACCOUNTS_OF_PAYERS[payer]
        if kind != MEMO and name != PROVIDER:
            expected[name][ledger.years[cycle] - 2019] += int(amount)
    assert {p: t.tolist() for p, t in cost_by_payer_and_year(ledger).items()} == expected


def test_every_amount_is_a_whole_number_of_oere_and_no_row_is_empty(frozen: Frozen) -> None:
    ledger = frozen.result.runs["other"].books.ledger
    assert ledger.amount.dtype == np.int64
    assert np.all(ledger.amount != 0)

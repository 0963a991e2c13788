"""Who bears what of people's stays under a rule, exactly, person by person.

A rule is data (`som_sim.knowledge.rules`). Here stays are cut where anything can change: at the
dates of the rule, at the cycles asked for, and where a person's counter starts anew. Each piece
then has a range of what is counted (from day 90 to day 104, say), and what is refunded of it is the
share of each step times the part of that range which lies in the step. Plain shares, limits, steps
by week and tiers of cost are all this one sum.

Time is in days since a common zero, as `datetime.date.toordinal` counts them; parts of a day are
allowed, and a cost falls evenly over its stay.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from som_sim.core.errors import SomSimError
from som_sim.core.names import PAYERS
from som_sim.knowledge.rule_forms import ExampleForm
from som_sim.knowledge.rules import Counter, PayerRule, Refund

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
DAYS_PER_WEEK = 7.0
MONTHS_PER_YEAR = 12
_EPOCH = dt.date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stays:
    """What people used, and what it cost.

    Attributes
    ----------
    person : (stay,), any whole number that tells people apart
    start, end : (stay,), days; `end` is the day after the last, as in `datetime` arithmetic
    cost : (stay,), kroner, spread evenly over the stay
    """

    person: Ints
    start: Floats
    end: Floats
    cost: Floats

    def __post_init__(self) -> None:
        """Refuse what is no stay.

        Raises
        ------
        ValueError
            When a stay has no length, or one person's stays overlap: a day would count twice.
        """
        if not np.all(self.end > self.start):
            raise ValueError("a stay ends before it begins")
        order = np.lexsort((self.start, self.person))
        same = self.person[order][1:] == self.person[order][:-1]
        if np.any(same & (self.start[order][1:] < self.end[order][:-1])):
            raise ValueError("two stays of one person overlap; a day would be counted twice")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What each payer bears, piece by piece.

    Attributes
    ----------
    stay, cycle : (piece,), position in the stays, and in the boundaries asked for
    days, cost : (piece,)
    refunds
        (giver, receiver) to kroner given back: (piece,).
    bears
        Payer to kroner after refunds: (piece,); they add to the cost.
    within
        Limit of the rule to days of the piece that lie within it: (piece,).
    """

    stay: Ints
    cycle: Ints
    days: Floats
    cost: Floats
    refunds: Mapping[tuple[str, str], Floats]
    bears: Mapping[str, Floats]
    within: Mapping[float, Floats]


def settle(rule: PayerRule, stays: Stays, boundaries: Sequence[float] = ()) -> Settled:
    """Settle people's stays under a rule.

    Parameters
    ----------
    rule
        As packaged, a municipality's own, or one `as_of` a date.
    stays
        Whole histories: what came before the first stay of a person is taken to be nothing.
    boundaries : (cycle + 1,), days
        Where cycles begin, and where the last one ends; without them there is one cycle.

    Raises
    ------
    SomSimError
        When the rule says nothing about a day of a stay.

    Examples
    --------
    >>> from som_sim.knowledge.rules import payer_rules
    >>> first = float(dt.date(2024, 1, 10).toordinal())
    >>> stays = Stays(person=np.array([7]), start=np.array([first]),
    ...     end=np.array([first + 150]), cost=np.array([150_000.0]))
    >>> done = settle(payer_rules()["dk_section_110"], stays)
    >>> float(done.bears["stat"].sum())
    60000.0
    """
    pieces = _cut(stays, _cuts(rule, stays, boundaries))
    _periods(rule, pieces)
    counter = rule.counter
    counted, began = np.zeros((2, len(pieces.stay))), pieces.start
    if counter is not None:
        pieces, counted, began = _count(counter, stays.person, pieces)
    cost = stays.cost[pieces.stay] * pieces.days / (stays.end - stays.start)[pieces.stay]
    if counter is not None and counter.counts == "cost":
        counted = _count_cost(counter, stays.person, pieces, cost)
    edges = np.asarray(boundaries, dtype=np.float64)
    cycle = np.searchsorted(edges, pieces.start, side="right") - 1 if len(edges) else 0
    bill = _Bill(
        counter=counter,
        period=_periods(rule, pieces),
        cost=cost,
        days=pieces.days,
        counted=counted,
        began=began,
    )
    bears, refunds, within = _shared(rule, bill)
    return Settled(
        stay=pieces.stay,
        cycle=np.broadcast_to(cycle, cost.shape).astype(np.int64),
        days=pieces.days,
        cost=cost,
        refunds=MappingProxyType(refunds),
        bears=MappingProxyType({payer: one for payer, one in bears.items() if one.any()}),
        within=MappingProxyType(within),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bill:
    """Pieces with all that a refund is reckoned from: (piece,), `counted` (2, piece)."""

    counter: Counter | None
    period: Ints
    cost: Floats
    days: Floats
    counted: Floats
    began: Floats


def _shared(
    rule: PayerRule, bill: _Bill
) -> tuple[dict[str, Floats], dict[tuple[str, str], Floats], dict[float, Floats]]:
    """Return what payers bear, what is refunded, and the days within each limit."""
    size = len(bill.cost)
    bears = {payer: np.zeros(size) for payer in PAYERS}
    refunds: dict[tuple[str, str], Floats] = {}
    within: dict[float, Floats] = {}
    for number, split in enumerate(rule.periods):
        here = bill.period == number
        for payer, share in split.pays:
            bears[payer] += np.where(here, float(share) * bill.cost, 0.0)
        # An amount a day comes last: it is at most what its receiver still bears.
        for refund in sorted(split.refunds, key=lambda one: one.per_day is not None):
            amount = np.where(here, _refunded(refund, bill, bears[refund.receiver]), 0.0)
            key = refund.giver, refund.receiver
            refunds[key] = refunds.get(key, np.zeros(size)) + amount
            bears[refund.giver] += amount
            bears[refund.receiver] -= amount
        for limit in split.limits:
            high = _limit_in_units(bill, float(limit))
            days = bill.days * _overlap(bill.counted, np.zeros(size), high)
            within[float(limit)] = within.get(float(limit), np.zeros(size)) + np.where(
                here, days, 0.0
            )
    return bears, refunds, within


# Cutting ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pieces:
    """Parts of stays, in the order of stays and then of time."""

    stay: Ints
    start: Floats
    end: Floats

    @property
    def days(self) -> Floats:
        return self.end - self.start


def _cuts(rule: PayerRule, stays: Stays, boundaries: Sequence[float]) -> Floats:
    """Return every date on which something changes for everybody, rising.

    New years are among them where a counter has a window, so that no piece is longer than a year.
    """
    cuts = [float(one) for one in boundaries]
    for split in rule.periods:
        if split.valid_from is not None:
            cuts.append(float(split.valid_from.toordinal()))
        if split.valid_to is not None:
            cuts.append(float(split.valid_to.toordinal() + 1))
    counter = rule.counter
    if counter is not None and counter.from_ is not None:
        cuts.append(float(counter.from_.toordinal()))
    if counter is not None and counter.window is not None and len(stays.start):
        first = dt.date.fromordinal(int(stays.start.min())).year
        last = dt.date.fromordinal(int(stays.end.max())).year
        cuts += [float(dt.date(year, 1, 1).toordinal()) for year in range(first, last + 1)]
    return np.unique(np.array(cuts, dtype=np.float64))


def _cut(stays: Stays, cuts: Floats) -> _Pieces:
    """Cut stays at every date that lies inside them."""
    low = np.searchsorted(cuts, stays.start, side="right")
    high = np.searchsorted(cuts, stays.end, side="left")
    n_pieces = np.maximum(high - low, 0) + 1
    stay = np.repeat(np.arange(len(stays.start)), n_pieces)
    number = np.arange(len(stay)) - np.repeat(np.cumsum(n_pieces) - n_pieces, n_pieces)
    padded = np.append(cuts, np.inf)
    before = padded[np.minimum(low[stay] + number - 1, len(cuts))]
    after = padded[np.minimum(low[stay] + number, len(cuts))]
    return _Pieces(
        stay=stay,
        start=np.where(number == 0, stays.start[stay], before),
        end=np.where(number == n_pieces[stay] - 1, stays.end[stay], after),
    )


def _periods(rule: PayerRule, pieces: _Pieces) -> Ints:
    """Return which period of the rule each piece lies in: (piece,)."""
    found = np.full(len(pieces.stay), -1, dtype=np.int64)
    for number, split in enumerate(rule.periods):
        first = split.valid_from.toordinal() if split.valid_from else -np.inf
        end = split.valid_to.toordinal() + 1 if split.valid_to else np.inf
        found[(pieces.start >= first) & (pieces.end <= end)] = number
    if np.any(found < 0):
        day = dt.date.fromordinal(int(pieces.start[found < 0].min()))
        raise SomSimError(f"rule '{rule.name}' says nothing about {day}")
    return found


# Counting --------------------------------------------------------------------------------------


def _year_later(day: Floats, months: float = MONTHS_PER_YEAR) -> Floats:
    """Return the same day of the calendar some months later, a part of a day kept."""
    whole = np.floor(day)
    date = (whole.astype(np.int64) - _EPOCH).astype("datetime64[D]")
    month = date.astype("datetime64[M]")
    later = (month + int(months)).astype("datetime64[D]") + (date - month.astype("datetime64[D]"))
    ordinal: Floats = later.astype(np.int64).astype(np.float64) + _EPOCH + (day - whole)
    return ordinal


def _ranks(person: Ints, start: Floats) -> tuple[Ints, Ints, int]:
    """Return pieces in order of person and time, each one's place among its person's."""
    order = np.lexsort((start, person))
    first = np.ones(len(order), dtype=bool)
    first[1:] = person[order][1:] != person[order][:-1]
    begins = np.maximum.accumulate(np.where(first, np.arange(len(order)), 0))
    rank = np.arange(len(order)) - begins
    return order, rank, int(rank.max(initial=-1)) + 1


def _count(counter: Counter, person: Ints, pieces: _Pieces) -> tuple[_Pieces, Floats, Floats]:
    """Return pieces cut where counters start anew, the range counted, and when each counter began.

    Returns
    -------
    pieces
        In the order of stays and of time.
    counted : (2, piece), what had been counted at the start and the end of each piece
    began : (piece,), the first day of the counter's window
    """
    who = person[pieces.stay]
    _, number = np.unique(who, return_inverse=True)
    order, rank, n_ranks = _ranks(who, pieces.start)
    since = counter.from_.toordinal() if counter.from_ else -np.inf
    n_persons = int(number.max(initial=-1)) + 1
    began, ends = np.full(n_persons, np.nan), np.full(n_persons, -np.inf)
    used = np.zeros(n_persons)
    parts: list[tuple[Ints, Floats, Floats, Floats, Floats]] = []
    for place in range(n_ranks):
        rows = order[rank == place]
        one, start, end = number[rows], pieces.start[rows], pieces.end[rows]
        counts = start >= since
        anew = counts & (np.isnan(began[one]) | (start >= ends[one]))
        began[one[anew]] = _next_window(counter, began[one[anew]], ends[one[anew]], start[anew])
        ends[one[anew]] = _window_end(counter, began[one[anew]])
        used[one[anew]] = 0.0
        split = counts & (end > ends[one])
        stop = np.where(split, ends[one], end)
        parts.append((rows, start, stop, used[one].copy(), began[one].copy()))
        used[one] += np.where(counts, stop - start, 0.0)
        if split.any():
            again = one[split]
            began[again] = ends[again]
            ends[again] = _window_end(counter, began[again])
            parts.append(
                (rows[split], stop[split], end[split], np.zeros(len(again)), began[again].copy())
            )
            used[again] = (end - stop)[split]
    if not parts:
        return pieces, np.zeros((2, 0)), np.zeros(0)
    rows, start, end, before, begin = (
        np.concatenate(column) for column in zip(*parts, strict=True)
    )
    place_in_time = np.lexsort((start, rows))
    rows, start, end = rows[place_in_time], start[place_in_time], end[place_in_time]
    before, begin = before[place_in_time], begin[place_in_time]
    unit = DAYS_PER_WEEK if counter.counts == "weeks" else 1.0
    low = start - begin if counter.counts == "time" else before
    counted = np.stack([low, low + (end - start)]) / unit
    return _Pieces(stay=pieces.stay[rows], start=start, end=end), np.nan_to_num(counted), begin


def _next_window(counter: Counter, began: Floats, ends: Floats, start: Floats) -> Floats:
    """Return when the window that holds `start` began."""
    if counter.anew != "anniversary":
        return start
    begins = np.where(np.isnan(began), start, ends)
    while np.any(late := _year_later(begins) <= start):
        begins = np.where(late, _year_later(begins), begins)
    return begins


def _window_end(counter: Counter, began: Floats) -> Floats:
    """Return when a window ends that began on a day; without a window it never does."""
    if counter.window == "running_year":
        return _year_later(began)
    if counter.window == "calendar_year":
        years = [dt.date.fromordinal(int(day)).year for day in began]
        return np.array([dt.date(year + 1, 1, 1).toordinal() for year in years], dtype=np.float64)
    return np.full(len(began), np.inf)


def _count_cost(counter: Counter, person: Ints, pieces: _Pieces, cost: Floats) -> Floats:
    """Return what a person had cost at the start and the end of each piece: (2, piece)."""
    who = person[pieces.stay]
    if counter.window == "calendar_year":
        years = [dt.date.fromordinal(int(day)).year for day in pieces.start]
        group = who * 10_000 + np.array(years, dtype=np.int64)
    else:
        group = who
    order = np.lexsort((pieces.start, group))
    since = counter.from_.toordinal() if counter.from_ else -np.inf
    counts = np.where(pieces.start >= since, cost, 0.0)[order]
    total = np.cumsum(counts)
    first = np.ones(len(order), dtype=bool)
    first[1:] = group[order][1:] != group[order][:-1]
    earlier = (total - counts)[np.maximum.accumulate(np.where(first, np.arange(len(order)), 0))]
    counted = np.empty((2, len(order)))
    counted[1, order] = total - earlier
    counted[0, order] = total - counts - earlier
    return counted


# Refunding -------------------------------------------------------------------------------------


def _refunded(refund: Refund, bill: _Bill, borne: Floats) -> Floats:
    """Return what is given back of each piece's cost, as if the refund held for all of them.

    `borne` is what the receiver still bears, which no amount a day goes beyond.
    """
    if refund.per_day is not None:
        return np.minimum(float(refund.per_day) * bill.days, borne)
    if not refund.counted:
        return float(refund.share) * bill.cost
    share, low = np.zeros(len(bill.cost)), np.zeros(len(bill.cost))
    for step in refund.steps:
        high = np.full(len(bill.cost), np.inf)
        if step.up_to is not None:
            high = _limit_in_units(bill, float(step.up_to))
        share += float(step.share) * _overlap(bill.counted, low, high)
        low = high
    return share * bill.cost


def _limit_in_units(bill: _Bill, limit: float) -> Floats:
    """Return a limit in what is counted; a length of time is as long as the calendar makes it."""
    if bill.counter is None or bill.counter.counts != "time":
        return np.full(len(bill.began), limit)
    known = ~np.isnan(bill.began)
    length = np.zeros(len(bill.began))
    length[known] = _year_later(bill.began[known], limit) - bill.began[known]
    return length


def _overlap(counted: Floats, low: Floats, high: Floats) -> Floats:
    """Return the part of each range that lies from `low` to `high`: (piece,), 0 to 1."""
    size = counted[1] - counted[0]
    inside = np.minimum(counted[1], high) - np.maximum(counted[0], low)
    part: Floats = np.divide(np.maximum(inside, 0.0), size, out=np.zeros(len(size)), where=size > 0)
    return part


def settle_example(rule: PayerRule, example: ExampleForm) -> Mapping[str, float]:
    """Return what each payer bears in a worked example, in kroner."""
    names = sorted({stay.person for stay in example.stays})
    stays = Stays(
        person=np.array([names.index(stay.person) for stay in example.stays]),
        start=np.array([float(stay.from_.toordinal()) for stay in example.stays]),
        end=np.array([float(stay.to.toordinal() + 1) for stay in example.stays]),
        cost=np.array([float(stay.kroner) for stay in example.stays]),
    )
    done = settle(rule, stays)
    return {payer: float(amount.sum()) for payer, amount in done.bears.items()}

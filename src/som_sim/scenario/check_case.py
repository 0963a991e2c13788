"""What no case may count: a transfer as a cost, one thing twice, a saving twice.

These are held against each strategy with its overrides, since what is counted twice in one may be
counted once in another.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import combinations

from som_sim.core.errors import Path, Problem
from som_sim.scenario.schema import PERSON_TIME, PLACE_TIME, Price, ScenarioFile

TRANSFERS = frozenset(
    {
        "kontanthjaelp", "kontanthjælp", "uddannelseshjaelp", "uddannelseshjælp", "dagpenge",
        "sygedagpenge", "foertidspension", "førtidspension", "folkepension", "pension",
        "boligstoette", "boligstøtte", "su", "ressourceforloebsydelse", "ressourceforløbsydelse",
        "integrationsydelse", "egenbetaling", "brugerbetaling", "skat", "skatter", "indkomstskat",
        "moms", "refusion", "benefit", "benefits", "pensions", "tax", "taxes", "vat", "refund",
    }
)  # fmt: skip
"""Words for money that changes hands and uses nothing up."""
TOLD_BY = ("label", "source", "grade", "note", "phase", "udvalg", "paragraph")
"""Keys that say something about a price and change nothing in what it buys."""
Found = tuple[Path, str]


def check_case(strategies: Mapping[str, ScenarioFile]) -> Iterator[tuple[str, Found]]:
    """Yield what is counted wrongly: the strategy, the path and the sentence.

    Parameters
    ----------
    strategies
        Each strategy's file, sound on its own.
    """
    for name, spec in strategies.items():
        charged = {key: one for key, one in spec.prices.items() if is_charged(spec, name, one)}
        for look in (_transfers, _same_twice, _places_twice):
            yield from ((name, found) for found in look(charged))
        yield from ((name, found) for found in _replaced(spec, charged))


def is_charged(spec: ScenarioFile, strategy: str, price: Price) -> bool:
    """Say whether a strategy charges a price at some time."""
    run = spec.time
    if price.from_ and price.from_.start >= run.to.end:
        return False
    if price.to and price.to.end <= run.from_.start:
        return False
    return price.programme is None or price.programme in spec.strategies[strategy].programmes


def _transfers(charged: Mapping[str, Price]) -> Iterator[Found]:
    """Refuse a benefit, a tax or a user's payment that is booked as a cost of society."""
    for name, price in charged.items():
        if price.is_transfer or price.kind is not None:
            continue
        texts = (name, price.account, *((price.label.da, price.label.en) if price.label else ()))
        words = [word for one in texts for word in re.findall(r"[^\W_]+", one.lower())]
        word = next((one for one in words if one in TRANSFERS), None)
        if word is not None:
            yield (
                ("prices", name),
                f"'{word}' is money that changes hands; without 'transfer_to' less of it would "
                "count as a gain to society. Name who receives it, or write kind: cost if it is "
                "work or things",
            )


def _meets(one: Price, other: Price) -> bool:
    """Say whether two prices are ever charged in the same month."""
    first = max((p.from_.start for p in (one, other) if p.from_), default=None)
    end = min((p.to.end for p in (one, other) if p.to), default=None)
    return first is None or end is None or first < end


def _same_twice(charged: Mapping[str, Price]) -> Iterator[Found]:
    """Refuse two prices that are one: all that they buy and who pays is the same."""
    plain = dict.fromkeys((*TOLD_BY, "from_", "to"))
    told = {name: price.model_copy(update=plain) for name, price in charged.items()}
    for one, other in combinations(charged, 2):
        if told[one] == told[other] and _meets(charged[one], charged[other]):
            yield (
                ("prices", other),
                f"the same as '{one}' in all that is charged: it would be counted twice",
            )


def _places_twice(charged: Mapping[str, Price]) -> Iterator[Found]:
    """Refuse a state whose places are paid for, used or not, and whose days are paid for too."""
    by_place = {n: p for n, p in charged.items() if p.per in PLACE_TIME and p.in_ is not None}
    for place, paid in by_place.items():
        for name, price in charged.items():
            if (
                price.per in PERSON_TIME
                and price.account == paid.account
                and price.sign == paid.sign
                and price.in_ is not None
                and paid.in_ is not None
                and set(paid.in_.allowed) <= set(price.in_.allowed)
                and _meets(price, paid)
            ):
                yield (
                    ("prices", name),
                    f"'{place}' pays for these places whether they are used or not, on the same "
                    "account: their days would be counted twice",
                )


def _replaced(spec: ScenarioFile, charged: Mapping[str, Price]) -> Iterator[Found]:
    """Refuse a saved cost of a service that the strategy does not pay for at the time."""
    for name, price in charged.items():
        if price.replaces is None or price.replaces not in spec.prices:
            continue
        path: Path = ("prices", name, "replaces")
        service = charged.get(price.replaces)
        twice = (
            f"'{price.replaces}' is not charged {{}}: that it costs less than in the reference is "
            "counted already, and would be counted twice"
        )
        if service is None:
            yield path, twice.format("in this strategy")
        elif not _covers(spec, service, price):
            yield path, twice.format("all the time that this is")


def _covers(spec: ScenarioFile, service: Price, price: Price) -> bool:
    start, end = spec.time.from_.start, spec.time.to.end
    first = max(price.from_.start, start) if price.from_ else start
    last = min(price.to.end, end) if price.to else end
    return (service.from_ is None or service.from_.start <= first) and (
        service.to is None or service.to.end >= last
    )


def problems_of(found: Iterator[tuple[str, Found]], of: int) -> list[Problem]:
    """Return each problem once, saying which strategies have it when not all do.

    Parameters
    ----------
    found
        What `check_case` gives.
    of
        How many strategies there are.
    """
    having: dict[Found, list[str]] = {}
    for strategy, one in found:
        having.setdefault(one, []).append(strategy)
    return [
        Problem(
            path=path,
            message=message
            if len(names) == of
            else f"{message} (in strategy {' and '.join(names)})",
            at_key=True,
        )
        for (path, message), names in having.items()
    ]

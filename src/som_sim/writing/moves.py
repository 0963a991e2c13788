"""How people move between the states of a scenario, as one list for words and drawings."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

import numpy as np

from som_sim.core.formats import decimals_of, number
from som_sim.model.resolve import Resolver
from som_sim.model.row_rates import row_rates
from som_sim.scenario.parameters import base_case
from som_sim.scenario.schema import Effect, ScenarioFile

DIGITS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One move between two states of a domain, or out of the model.

    Attributes
    ----------
    domain, source, to
        `to` may be a way of leaving.
    low, high
        The least and the highest rate a year among the rows of the file, in the base case at the
        start of the run; in a discrete step the probability in one cycle.
    programmes
        Which programmes change it.
    """

    domain: str
    source: str
    to: str
    low: float
    high: float
    programmes: tuple[str, ...]


def base_resolver(spec: ScenarioFile) -> Resolver:
    """Return what turns the quantities of a file into the numbers of its base case."""
    values = base_case(spec.parameters).values
    return Resolver(values={name: np.array([value]) for name, value in values.items()})


def moves(spec: ScenarioFile) -> tuple[Move, ...]:
    """Return every move of a scenario once, in the order of the file.

    Examples
    --------
    >>> import som_sim as som
    >>> [(one.source, one.to, one.high) for one in moves(som.load("scenarios/first.yaml").base)]
    [('homeless', 'home', 1.0), ('home', 'homeless', 0.25)]
    """
    resolver = base_resolver(spec)
    found: dict[tuple[str, str, str], list[float]] = {}
    for position, row in enumerate(spec.transitions):
        rates = row_rates(position, row, resolver, spec.time.from_.start, spec.time.discrete)
        domain = row.from_.keys[0]
        for to, rate in zip(row.destinations, rates[:, 0], strict=True):
            for source in row.from_.names(domain) or ():
                found.setdefault((domain, source, to), []).append(float(rate))
    return tuple(
        Move(
            domain=domain, source=source, to=to, low=min(rates), high=max(rates),
            programmes=tuple(
                name
                for name, programme in spec.programmes.items()
                if any(_changes(effect, domain, source, to) for effect in programme.effects)
            ),
        )
        for (domain, source, to), rates in found.items()
    )  # fmt: skip


def _changes(effect: Effect, domain: str, source: str, to: str) -> bool:
    return to in effect.to and source in (effect.from_.names(domain) or ())


def stated_rate(move: Move, lang: str) -> str:
    """Return the rate of a move, or the span of its rates, with three digits.

    Examples
    --------
    >>> stated_rate(Move(domain="d", source="a", to="b", low=0.25, high=1.234, programmes=()), "da")
    '0,25–1,23'
    """
    low, high = _few_digits(move.low, lang), _few_digits(move.high, lang)
    return low if low == high else f"{low}–{high}"


def _few_digits(value: float, lang: str) -> str:
    if not value:
        return number(0, lang)
    exact = Decimal(repr(value))
    decimals = max(0, DIGITS - 1 - exact.adjusted())
    rounded = exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return number(rounded, lang, decimals_of(float(rounded)))

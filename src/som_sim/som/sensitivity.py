"""One thing at a time: what the net becomes when one input is lower or higher.

Everything but the discount rate enters SØM's identity as a factor, so the answer is linear in each;
the success rate at which the net is 0 follows from two numbers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from som_sim.som.case import SomCase
from som_sim.som.read import Case
from som_sim.som.result import SomResult, run_case

SHARE = Decimal("0.2")
OERE = Decimal("0.01")


@dataclass(frozen=True, slots=True, kw_only=True)
class OneWay:
    """The net of one payer with one input changed.

    Attributes
    ----------
    kind
        ``success``, ``cost``, ``consequence`` or ``discount_rate``.
    name
        The cost's or consequence's key; empty for the others.
    low, high : øre
        Discounted net with the input lower and higher by the share.
    """

    kind: str
    name: str
    low: int
    high: int

    @property
    def width(self) -> int:
        """How far apart the two ends are, øre."""
        return abs(self.high - self.low)


def one_way(result: SomResult, payer: str = "public", share: Decimal = SHARE) -> list[OneWay]:
    """Return what each input means, the widest first.

    Parameters
    ----------
    result
        What `run_case` returned.
    payer
        Whose net.
    share
        How much lower and higher each input is, as a share of its own value (0 to 1).

    Raises
    ------
    ValueError
        When `share` is no share.
    """
    if not 0 < share <= 1:
        raise ValueError(f"{share} is not a share above 0 and at most 1")
    found = []
    for kind, name in _inputs(result.case.spec):
        ends = [
            run_case(_changed(result.case, kind, name, 1 + sign * share)).figure("net_total", payer)
            for sign in (-1, 1)
        ]
        found.append(OneWay(kind=kind, name=name, low=int(ends[0]), high=int(ends[1])))
    return sorted(found, key=lambda one: -one.width)


def _inputs(spec: SomCase) -> Iterator[tuple[str, str]]:
    if spec.success is not None:
        yield "success", ""
    yield from (("cost", name) for name in spec.costs)
    yield from (("consequence", name) for name in spec.consequences)
    if not isinstance(spec.money.discount_rate, str):
        yield "discount_rate", ""


def _changed(case: Case, kind: str, name: str, factor: Decimal) -> Case:
    """Return the case with one input times a factor; a price keeps whole øre."""
    spec = case.spec
    changes: dict[str, Any]
    if kind == "success":
        assert spec.success is not None
        rate = spec.success.rate * factor
        changed = spec.success.model_copy(update={"net": rate, "with_": None, "reference": None})
        changes = {"success": changed}
    elif kind == "cost":
        cost = spec.costs[name]
        amount = (cost.amount * factor).quantize(OERE)
        changes = {"costs": {**spec.costs, name: cost.model_copy(update={"amount": amount})}}
    elif kind == "consequence":
        one = spec.consequences[name]
        key = "less" if one.less is not None else "more"
        units = tuple(n * factor for n in (one.less or one.more or ()))
        changed_one = one.model_copy(update={key: units})
        changes = {"consequences": {**spec.consequences, name: changed_one}}
    else:
        assert isinstance(spec.money.discount_rate, Decimal)
        rate = spec.money.discount_rate * factor
        changes = {"money": spec.money.model_copy(update={"discount_rate": rate})}
    return replace(case, spec=spec.model_copy(update=changes))


def switching_rate(result: SomResult, payer: str = "public") -> Fraction | None:
    """Return the net success rate at which a payer's discounted net is 0.

    None when no rate makes it so: the payer has no cost, or gains nothing by a success.
    """
    spec = result.case.spec
    if spec.success is None or not result.has("net_total"):
        return None
    cost = Fraction(result.figure("cost_total", payer))
    benefit = Fraction(result.figure("benefit_total", payer))
    if cost <= 0 or benefit <= 0:
        return None
    return Fraction(spec.success.rate) * cost / benefit

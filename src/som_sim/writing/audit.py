"""What somebody who checks a case asks of its file.

Where is each number from, and what is missing? An audit reads the file and runs nothing. It lists
numbers without a source, with a source that is
none (`illustrative`), with weak evidence (grade D) and from long ago; what may be counted twice;
transfers that would be counted as gains. And it goes through the checklist that belongs to a
calculation with SØM, line by line (`checklist`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from som_sim.core.errors import Path, path_text
from som_sim.core.records import in_language
from som_sim.scenario.prices import PERSON_TIME
from som_sim.scenario.quantities import Condition
from som_sim.scenario.scenario import Scenario
from som_sim.scenario.schema import Price, ScenarioFile
from som_sim.writing.evidence import stated

STALE_YEARS = 5
"""A price or a count that is older than this at the start of the run is called old."""
STALE_SOURCE_YEARS = 10
WEAK = "D"
_ILLUSTRATIVE = re.compile("illustrati", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_BENEFIT = re.compile(
    r"kontanthj|dagpenge|f[øo]rtidspension|sygedagpenge|boligst[øo]tte|uddannelseshj|"
    r"ressourceforl|social assistance|disability pension|unemployment benefit|cash benefit",
    re.IGNORECASE,
)

Kind = Literal["no_source", "illustrative", "weak", "stale", "double_count", "transfer"]
KINDS: tuple[Kind, ...] = (
    "no_source", "illustrative", "weak", "stale", "double_count", "transfer",
)  # fmt: skip
Status = Literal["answered", "partly", "open"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that an auditor would ask about.

    Attributes
    ----------
    kind
        One of `KINDS`.
    path
        Where it stands in the file.
    key, values
        The sentence, as a key of the texts and what is filled in.
    at
        The same place as ``file:line:column``.
    """

    kind: Kind
    path: Path
    key: str
    values: tuple[tuple[str, str], ...] = ()
    at: str = ""

    @property
    def place(self) -> str:
        """The path as users know it."""
        return path_text(self.path)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the checklist.

    Attributes
    ----------
    name
        Which line; its question is the text ``audit.ask.NAME``.
    status
        ``answered``, ``partly`` or ``open``.
    answer
        Sentences, each a key of the texts and what is filled in.
    """

    name: str
    status: Status
    answer: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """What an audit of a scenario found.

    Attributes
    ----------
    findings : tuple of Finding
    checklist : tuple of Line
    n_numbers
        How many numbers the file states.
    """

    findings: tuple[Finding, ...]
    checklist: tuple[Line, ...]
    n_numbers: int

    def of(self, kind: Kind) -> tuple[Finding, ...]:
        """Return the findings of one kind."""
        return tuple(one for one in self.findings if one.kind == kind)

    @property
    def open(self) -> tuple[Line, ...]:
        """The lines of the checklist that are not wholly answered."""
        return tuple(one for one in self.checklist if one.status != "answered")

    @property
    def ok(self) -> bool:
        """Whether there is nothing to ask about."""
        return not self.findings and not self.open


def audit(scenario: Scenario) -> Audit:
    """Go through a scenario as somebody who checks it would.

    Parameters
    ----------
    scenario
        What `som_sim.load` returned.

    Examples
    --------
    >>> import som_sim as som
    >>> found = som.audit(som.load("scenarios/first.yaml"))
    >>> found.ok, len(found.checklist)
    (False, 15)
    """
    from som_sim.writing.checklist import checklist

    spec = scenario.base
    numbers = tuple(stated(spec))
    reference = next(iter(scenario.strategies))
    findings = [
        replace(one, at=scenario.place_of(one.path, reference))
        for find in (_evidence, _stale, *CHECKS)
        for one in find(spec)
    ]
    order = {kind: rank for rank, kind in enumerate(KINDS)}
    findings.sort(key=lambda one: order[one.kind])
    return Audit(
        findings=tuple(findings),
        checklist=checklist(scenario, tuple(findings)),
        n_numbers=len(numbers),
    )


def illustrative_sources(spec: ScenarioFile) -> frozenset[str]:
    """Return the sources that are none: their name or title says that they only illustrate."""
    return frozenset(
        name
        for name, one in spec.sources.items()
        if _ILLUSTRATIVE.search(name) or _ILLUSTRATIVE.search(in_language(one.title, "en"))
    )


def _finding(kind: Kind, path: Path, key: str, **values: object) -> Finding:
    filled = tuple((name, str(value)) for name, value in values.items())
    return Finding(kind=kind, path=path, key=f"audit.{key}", values=filled)


def _evidence(spec: ScenarioFile) -> Iterator[Finding]:
    pretended = illustrative_sources(spec)
    for number in stated(spec):
        if not number.source:
            yield _finding("no_source", number.path, "no_source")
        elif number.source in pretended:
            yield _finding("illustrative", number.path, "illustrative", source=number.source)
        elif number.grade == WEAK:
            yield _finding("weak", number.path, "weak", source=number.source)


def _stale(spec: ScenarioFile) -> Iterator[Finding]:
    first = spec.time.from_.start.year
    for name, price in spec.prices.items():
        if first - price.price_year > STALE_YEARS:
            yield _finding(
                "stale", ("prices", name), "stale.price", year=price.price_year, first=first
            )
    for name, source in spec.sources.items():
        years = [int(year) for year in _YEAR.findall(source.date or "")]
        if years and first - max(years) > STALE_SOURCE_YEARS:
            yield _finding("stale", ("sources", name), "stale.source", year=max(years), first=first)


# Counted twice, or gained by nobody -------------------------------------------------------------


def _same_days(spec: ScenarioFile) -> Iterator[Finding]:
    """Two prices on one account for the same time of the same people."""
    priced = [(name, one) for name, one in spec.prices.items() if one.per in PERSON_TIME]
    for at, (name, price) in enumerate(priced):
        for other, before in priced[:at]:
            if (
                price.account == before.account
                and price.sign == before.sign
                and _together(price, before)
                and overlap(price.in_, before.in_, spec)
            ):
                yield _finding(
                    "double_count", ("prices", name), "double.days", other=other,
                    account=price.account,
                )  # fmt: skip


def _together(one: Price, other: Price) -> bool:
    """Say whether two prices are charged at some common time."""
    starts = [price.from_.start for price in (one, other) if price.from_]
    ends = [price.to.end for price in (one, other) if price.to]
    return not starts or not ends or max(starts) < min(ends)


def overlap(one: Condition | None, other: Condition | None, spec: ScenarioFile) -> bool:
    """Say whether somebody can fit both of two conditions."""
    if one is None or other is None:
        return False
    first, second = _plain(one, spec), _plain(other, spec)
    return all(set(names) & set(second.names(key) or names) for key, names in first.allowed)


def _plain(where: Condition, spec: ScenarioFile) -> Condition:
    """Return a condition with ``homeless`` said as states, where one domain decides it."""
    wanted = where.names("homeless")
    deciding = [
        domain
        for domain, states in spec.domains.items()
        if any(state.homeless for state in states.values())
    ]
    if wanted is None or len(deciding) != 1 or where.names(deciding[0]) is not None:
        return where
    names = tuple(
        name
        for name, state in spec.domains[deciding[0]].items()
        if str(state.homeless).lower() in wanted
    )
    rest = tuple((key, one) for key, one in where.allowed if key != "homeless")
    return Condition(allowed=(*rest, (deciding[0], names)))


def _two_grants(spec: ScenarioFile) -> Iterator[Finding]:
    """Two grants of one strategy that cover the same price."""
    for strategy, course in spec.strategies.items():
        covered: dict[str, str] = {}
        for grant in course.grants:
            for price in spec.grants[grant].covers if grant in spec.grants else ():
                if price in covered and covered[price] != grant:
                    yield _finding(
                        "double_count", ("grants", grant, "covers"), "double.grants",
                        price=price, other=covered[price], strategy=strategy,
                    )  # fmt: skip
                covered.setdefault(price, grant)


def _two_values(spec: ScenarioFile) -> Iterator[Finding]:
    """Two values of the same time of the same people, which cannot be added."""
    valued = [(name, one) for name, one in spec.values.items() if one.in_ is not None]
    for at, (name, value) in enumerate(valued):
        for other, before in valued[:at]:
            if value.per == before.per and overlap(value.in_, before.in_, spec):
                yield _finding("double_count", ("values", name), "double.values", other=other)


def _hidden_transfers(spec: ScenarioFile) -> Iterator[Finding]:
    """Benefits booked as costs, of which less would be counted as a gain to society."""
    for name, price in spec.prices.items():
        label = f"{price.label.da} {price.label.en}" if price.label else ""
        if price.transfer_to is None and _BENEFIT.search(
            f"{name.replace('_', ' ')} {label} {price.account}"
        ):
            yield _finding("transfer", ("prices", name), "transfer")


CHECKS: tuple[Callable[[ScenarioFile], Iterator[Finding]], ...] = (
    _same_days,
    _two_grants,
    _two_values,
    _hidden_transfers,
)
"""What may be counted twice, or as a gain that is none."""

"""How a user writes a distribution: ``{gamma: {sd: 6 days}}``, ``{lognormal: {ci95: [1.6, 3.9]}}``.

One key names the family; below it stands one of the family's forms: moments, an interval, counts,
or an expert's statement. Here is only what may be written; `distribution_fit` makes a distribution
of it.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated, ClassVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    PlainValidator,
    WithJsonSchema,
    model_validator,
)

from som_sim.core.time import Duration, parse_duration
from som_sim.core.yaml_scalars import percent_trap, yaml_words
from som_sim.scenario.quantities import Number, fail

EXPERT_SAMPLE = {
    "a guess": 3,
    "unsure": 8,
    "fairly sure": 25,
    "sure": 70,
    "very sure": 200,
    "et gæt": 3,
    "usikker": 8,
    "ret sikker": 25,
    "sikker": 70,
    "meget sikker": 200,
}
"""How many people an expert's statement is worth.

'3 of 10' is a share of 0.30; how sure the expert is says how many people's outcomes that knowledge
counts for. For 3 of 10 the middle 95 % of the beta is then, in the order of the words: 0.01 to
0.82, 0.06 to 0.63, 0.14 to 0.49, 0.20 to 0.41, and 0.24 to 0.37.
"""
_STATEMENT = re.compile(r"(\d+(?:\.\d+)?) (?:of|out of|af|ud af) (\d+(?:\.\d+)?), (.+)")


def statement(text: str) -> tuple[float, int]:
    """Return the share an expert states, and how many people the statement is worth.

    Examples
    --------
    >>> statement("3 of 10, fairly sure")
    (0.3, 25)
    """
    found = _STATEMENT.fullmatch(" ".join(text.split()).lower())
    if not found or found[3] not in EXPERT_SAMPLE:
        raise fail(
            f"'{text}' is no statement; write it in quotes, as \"3 of 10, fairly sure\"; the "
            f"words are {', '.join(EXPERT_SAMPLE)}"
        )
    part, whole = float(found[1]), float(found[2])
    if not 0 < part < whole:
        raise fail(f"{found[1]} of {found[2]} is not a share between 0 and 1")
    return part / whole, EXPERT_SAMPLE[found[3]]


def _check_statement(text: str) -> str:
    statement(text)
    return text


def _parse_amount(value: object) -> Decimal | Duration:
    if isinstance(value, Decimal | int) and not isinstance(value, bool):
        return Decimal(value)
    if isinstance(value, Duration):
        return value
    try:
        return parse_duration(value if isinstance(value, str) else "")
    except ValueError:
        words = percent_trap(value) if isinstance(value, str) else None
        words = words or f"{yaml_words(value)} is neither a number nor a duration such as '6 days'"
        raise fail(words) from None


Amount = Annotated[
    Decimal | Duration,
    PlainValidator(_parse_amount),
    WithJsonSchema({"type": ["number", "string"], "description": "a number, or such as 6 days"}),
]


class Form(BaseModel):
    """Keys below a family, which must be those of one of its `forms`."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    forms: ClassVar[tuple[str, ...]] = ()

    @model_validator(mode="after")
    def _one_form(self) -> Form:
        given = {key for key in type(self).model_fields if getattr(self, key) is not None}
        if not any(given == set(form.split()) for form in self.forms):
            ways = "; ".join(form.replace(" ", " and ") for form in self.forms)
            here = " and ".join(sorted(given)) or "nothing"
            raise fail(f"write one of: {ways}; here: {here}")
        return self


class Interval(BaseModel):
    """The middle `level` of a distribution, as much left out on either side."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    level: Number
    low: Amount
    high: Amount

    @model_validator(mode="after")
    def _share(self) -> Interval:
        if not 0 < self.level < 1:
            raise fail(f"level {self.level} is not a share between 0 and 1, such as 0.95")
        return self


def _two_ends(value: tuple[Decimal | Duration, ...]) -> tuple[Decimal | Duration, ...]:
    if len(value) != 2:
        raise fail("write the lower and the upper end, such as [1.6, 3.9]")
    return value


Ci95 = Annotated[tuple[Amount, ...], AfterValidator(_two_ends)]


class SpreadForm(Form):
    """Forms of families with a place and a spread: moments or an interval."""

    forms: ClassVar[tuple[str, ...]] = ("sd", "mean sd", "ci95", "ci")
    mean: Amount | None = None
    sd: Amount | None = None
    ci95: Ci95 | None = None
    ci: Interval | None = None


class NormalForm(SpreadForm):
    """A normal by moments or an interval."""


class LognormalForm(SpreadForm):
    """A lognormal by moments or an interval."""


class BetaForm(SpreadForm):
    """A beta by moments, an interval, counts, or an expert's statement."""

    forms: ClassVar[tuple[str, ...]] = (*SpreadForm.forms, "events n", "events n prior", "expert")
    events: Number | None = None
    n: Number | None = None
    prior: Number | None = None
    expert: Annotated[str, AfterValidator(_check_statement)] | None = None

    @model_validator(mode="after")
    def _counts(self) -> BetaForm:
        if self.events is not None and self.n is not None:
            prior = self.prior or Decimal(0)
            if prior < 0 or not 0 <= self.events <= self.n:
                raise fail("events are 0 or more and at most n, prior is 0 or more")
            if not (self.events + prior > 0 and self.n - self.events + prior > 0):
                raise fail(
                    f"{self.events} of {self.n} alone would be sure for ever; add what was "
                    "believed before, such as prior: 0.5"
                )
        return self


class GammaForm(SpreadForm):
    """A gamma by moments, an interval, or events in a time under risk."""

    forms: ClassVar[tuple[str, ...]] = (*SpreadForm.forms, "events person_time")
    events: Number | None = None
    person_time: Amount | None = None

    @model_validator(mode="after")
    def _counts(self) -> GammaForm:
        if self.events is not None and self.events <= 0:
            raise fail("events must be above 0")
        if isinstance(self.person_time, Decimal):
            raise fail(f"person_time {self.person_time} has no unit; write such as '150 years'")
        return self


class UniformForm(Form):
    """A uniform by its ends or an interval."""

    forms: ClassVar[tuple[str, ...]] = ("low high", "ci95", "ci")
    low: Amount | None = None
    high: Amount | None = None
    ci95: Ci95 | None = None
    ci: Interval | None = None


class PeakForm(Form):
    """A triangle or PERT by its ends and its peak, which may be the value itself."""

    forms: ClassVar[tuple[str, ...]] = ("low high", "low mode high")
    low: Amount | None = None
    mode: Amount | None = None
    high: Amount | None = None


class DirichletForm(Form):
    """One of several shares that add to 1: those of the same `group`.

    `count` is how many were seen of this kind; `n`, the same for all of a group, is how many were
    seen or are believed in all, of which the value is the share.
    """

    forms: ClassVar[tuple[str, ...]] = ("group count", "group n")
    group: str | None = None
    count: Number | None = None
    n: Number | None = None

    @model_validator(mode="after")
    def _counts(self) -> DirichletForm:
        if (self.count is not None and self.count <= 0) or (self.n is not None and self.n <= 0):
            raise fail("count and n must be above 0; leave out a share that cannot be")
        return self


class DiscreteForm(Form):
    """Some values, each with its probability."""

    forms: ClassVar[tuple[str, ...]] = ("values probabilities",)
    values: tuple[Amount, ...] | None = None
    probabilities: tuple[Number, ...] | None = None

    @model_validator(mode="after")
    def _pairs(self) -> DiscreteForm:
        values, probabilities = self.values or (), self.probabilities or ()
        if len(values) != len(probabilities) or len(values) < 2:
            raise fail("write two values or more, and as many probabilities")
        if min(probabilities) <= 0:
            raise fail("each probability must be above 0")
        total = sum(probabilities, Decimal(0))
        if abs(total - 1) > Decimal("1e-9"):
            raise fail(f"the probabilities add to {total}; they must add to 1")
        return self


class DistributionForm(BaseModel):
    """A family and one of its forms."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    beta: BetaForm | None = None
    gamma: GammaForm | None = None
    lognormal: LognormalForm | None = None
    normal: NormalForm | None = None
    uniform: UniformForm | None = None
    triangular: PeakForm | None = None
    pert: PeakForm | None = None
    dirichlet: DirichletForm | None = None
    discrete: DiscreteForm | None = None

    @model_validator(mode="after")
    def _one_family(self) -> DistributionForm:
        families = list(type(self).model_fields)
        given = [key for key in families if getattr(self, key) is not None]
        if len(given) != 1:
            raise fail(f"write one of {', '.join(families)}")
        return self

    @property
    def family(self) -> str:
        """The family named."""
        return next(key for key in type(self).model_fields if getattr(self, key) is not None)

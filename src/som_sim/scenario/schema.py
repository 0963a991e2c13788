"""What a user writes, section by section.

One file says everything. Unknown keys are refused, everything is frozen after reading. Every item
may carry `source` (a key of `sources`), `grade` (A to D) and `note`. Names that point from one
section to another are checked in `check`, with all other problems.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field, StrictBool, StrictInt, model_validator

from som_sim.core.time import Calendar, Duration, make_calendar
from som_sim.core.yaml_scalars import yaml_words
from som_sim.scenario.distribution_forms import DistributionForm
from som_sim.scenario.expressions import Expression
from som_sim.scenario.measures import Indicator as Indicator
from som_sim.scenario.measures import Measured as Measured
from som_sim.scenario.measures import Moves as Moves
from som_sim.scenario.measures import Observation as Observation
from som_sim.scenario.measures import Target as Target
from som_sim.scenario.parameter_forms import ParameterUnit, ParameterValue, read_value
from som_sim.scenario.quantities import (
    Condition,
    Count,
    Difference,
    Kroner,
    Month,
    Number,
    Probability,
    Quantity,
    RatePerYear,
    Ratio,
    Share,
    Span,
    Stay,
    Where,
    fail,
)
from som_sim.scenario.records import Evidence as Evidence
from som_sim.scenario.records import Line, Name, Names, Words
from som_sim.scenario.records import Record as Record
from som_sim.scenario.records import Text as Text
from som_sim.scenario.records import Window as Window
from som_sim.scenario.schedules import CountOverTime, Places, RateOverTime, Season
from som_sim.scenario.transitions import LengthOfStay as LengthOfStay
from som_sim.scenario.transitions import Transition as Transition
from som_sim.scenario.values import Value as Value

Payer = Literal["kommune", "region", "stat", "fond", "borger"]


class Meta(Record):
    """Title, currency and the price year of constant prices."""

    title: Text
    description: Text | None = None
    author: Line | None = None
    language: Literal["da", "en"] | None = None
    currency: Literal["DKK"]
    price_year: StrictInt = Field(ge=1980, le=2100)


Counting = Literal["half_cycle", "start", "end", "simpson"]


class Time(Record):
    """The run: first and last month, both included, the length of a cycle, and the kind of step.

    In a discrete step one-cycle probabilities are used as given, a person makes one move a cycle
    at the most, and `counting` says how person-time is counted.
    """

    from_: Month = Field(alias="from")
    to: Month
    cycle: Literal["month", "quarter", "year"]
    step: Literal["continuous", "discrete"] = "continuous"
    counting: Counting | None = None
    arrivals_join: Literal["start", "end"] | None = None

    @property
    def discrete(self) -> bool:
        """Whether people move once a cycle, by probabilities."""
        return self.step == "discrete"

    @model_validator(mode="after")
    def _discrete_parts(self) -> Time:
        if self.discrete and self.counting is None:
            raise fail("a discrete step needs 'counting': half_cycle, start, end or simpson")
        if not self.discrete and (self.counting or self.arrivals_join):
            raise fail("'counting' and 'arrivals_join' go with step: discrete")
        return self

    @model_validator(mode="after")
    def _whole_cycles(self) -> Time:
        try:
            calendar = self.calendar
        except ValueError as error:
            raise fail(str(error)) from None
        if calendar.n_cycles > 1200:
            raise fail(f"{calendar.n_cycles} cycles are too many; at most 1200")
        if self.counting == "simpson" and calendar.n_cycles % 2:
            raise fail(f"Simpson's rule needs an even number of cycles, not {calendar.n_cycles}")
        return self

    @property
    def calendar(self) -> Calendar:
        """The cycles this section asks for."""
        return make_calendar(self.from_.start, self.to.end, self.cycle)


class State(Record):
    """A state of a domain."""

    label: Text | None = None
    homeless: StrictBool = False
    places: Places | None = None
    overflow: Name | None = None


class Ageing(Record):
    """People of a stratum move to the next, after a mean time in this one."""

    to: Name
    after: Stay


class Stratum(Record):
    """A group with rates of its own."""

    label: Text | None = None
    ages: Ageing | None = None


def _version(value: object) -> object:
    if isinstance(value, bool):
        raise fail(f"{yaml_words(value)} is not allowed; allowed: 1")
    return value


def _labelled(value: object) -> object:
    return {} if value is None else value


class Parameter(Evidence):
    """A named value that several places of the file can use, and how uncertain it is.

    `is` says what the value is of the distribution: its mean (the default), median or mode.
    """

    value: ParameterValue
    unit: ParameterUnit | None = None
    is_: Literal["mean", "median", "mode"] | None = Field(alias="is", default=None)
    distribution: DistributionForm | None = None
    label: Text | None = None

    @property
    def amount(self) -> Decimal | Duration | Expression:
        """What the value says."""
        return read_value(self.value)


class Correlation(Evidence):
    """How the ranks of two uncertain parameters go together (Spearman, above -1 and below 1)."""

    between: Names
    rank: Number

    @model_validator(mode="after")
    def _two(self) -> Correlation:
        if len(set(self.between)) != 2 or len(self.between) != 2:
            raise fail("between names two different parameters, as [a, b]")
        if not -1 < self.rank < 1:
            raise fail(
                f"rank {self.rank} is not above -1 and below 1; of two parameters that go "
                "together for sure, write one as an expression of the other"
            )
        return self


class Initial(Evidence):
    """People present when the run starts, in one cell. Other keys are domains."""

    model_config = ConfigDict(frozen=True, extra="allow")
    stratum: Name
    persons: Count

    @property
    def states(self) -> dict[str, Any]:
        """The state named for each domain."""
        return dict(self.__pydantic_extra__ or {})


class Arrival(Evidence):
    """People who come during the run, evenly over time. Other keys are domains."""

    model_config = ConfigDict(frozen=True, extra="allow")
    stratum: Name
    per_year: RateOverTime
    season: Season | None = None

    @property
    def states(self) -> dict[str, Any]:
        """The state named for each domain."""
        return dict(self.__pydantic_extra__ or {})


class Population(Record):
    """Who is there at the start, and who comes."""

    initial: tuple[Initial, ...] = Field(min_length=1)
    arrivals: tuple[Arrival, ...] = ()


class Fading(Record):
    """How an effect fades when people have left the programme."""

    half_life: Stay


class ShareReached(Record):
    """An effect as published: the share that reached a state, with and without the programme."""

    share: Probability
    without: Probability
    within: Span


EFFECT_KINDS = ("hazard_ratio", "share_reached", "odds_ratio", "risk_ratio", "difference")


class Effect(Evidence):
    """How a programme changes moves of the people in it, said in exactly one way.

    A hazard ratio multiplies rates. The others but `share_reached` are for a discrete step: an odds
    ratio against staying, a ratio of probabilities, or a difference between them.
    """

    from_: Where = Field(alias="from")
    if_: Where = Field(alias="if", default=Condition())
    to: Names
    hazard_ratio: Ratio | None = None
    share_reached: ShareReached | None = None
    odds_ratio: Ratio | None = None
    risk_ratio: Ratio | None = None
    difference: Difference | None = None
    during: Window | None = None
    afterwards: Fading | None = None

    @property
    def kind(self) -> str:
        """Which of `EFFECT_KINDS` it is."""
        return next(kind for kind in EFFECT_KINDS if getattr(self, kind) is not None)

    @model_validator(mode="after")
    def _one_kind(self) -> Effect:
        given = [kind for kind in EFFECT_KINDS if getattr(self, kind) is not None]
        if len(given) != 1:
            raise fail(f"write exactly one of {', '.join(EFFECT_KINDS)}")
        return self


class Intake(Record):
    """How many of those waiting are enrolled at a cycle's start, while places are free."""

    share_of_waiting: Share | None = None
    persons_per_month: CountOverTime | None = None

    @model_validator(mode="after")
    def _one_form(self) -> Intake:
        if (self.share_of_waiting is None) == (self.persons_per_month is None):
            raise fail("write either share_of_waiting or persons_per_month")
        return self


class DropOut(Record):
    """People who leave a programme before their stay ends, for no other programme."""

    rate_per_year: RatePerYear


class Programme(Evidence):
    """A programme that people are enrolled in, one at a time."""

    label: Text | None = None
    eligible: Where
    places: Places
    intake: Intake
    stay: LengthOfStay | None = None
    drop_out: DropOut | None = None
    ramp_up: Span | None = None
    moves_on_to: Name | dict[Name, Share] | None = None
    effects: tuple[Effect, ...] = ()

    @property
    def onward(self) -> dict[str, Quantity | None]:
        """Programmes that people move on to when their stay ends, with the share of each."""
        if isinstance(self.moves_on_to, dict):
            return dict(self.moves_on_to)
        return {self.moves_on_to: None} if self.moves_on_to else {}


class Hours(Record):
    """Staff hours: posts times hours."""

    posts: Number
    per_week: Number | None = None
    per_month: Number | None = None

    @model_validator(mode="after")
    def _one_rate(self) -> Hours:
        if (self.per_week is None) == (self.per_month is None):
            raise fail("write either per_week or per_month")
        if any(
            part is not None and part < 0 for part in (self.posts, self.per_week, self.per_month)
        ):
            raise fail("posts and hours are 0 or more")
        return self


PERSON_TIME = ("person_day", "person_month", "person_year")
FIXED = ("month", "quarter", "year", "once")
Unit = Literal[
    "person_day", "person_month", "person_year", "entry", "enrolment", "hour",
    "month", "quarter", "year", "once",
]  # fmt: skip


class Price(Evidence):
    """What something costs, who pays it, and where it is booked."""

    label: Text | None = None
    amount: Kroner
    per: Unit
    in_: Where | None = Field(alias="in", default=None)
    programme: Name | None = None
    hours: Hours | None = None
    from_: Month | None = Field(alias="from", default=None)
    to: Month | None = None
    price_year: StrictInt = Field(ge=1980, le=2100)
    index: Name | None = None
    payers: Name | dict[Payer, Number]
    transfer_to: Payer | None = None
    account: Name
    udvalg: Line | None = None
    paragraph: Line | None = None
    phase: Literal["startup", "operation"] = "operation"

    @model_validator(mode="after")
    def _fitting_parts(self) -> Price:
        def wants(key: str, value: object, wanted: bool, why: str) -> None:
            if (value is not None) != wanted:
                raise fail(
                    f"a price per {self.per} {'needs' if wanted else 'takes no'} '{key}'{why}"
                )

        by_person = self.per in PERSON_TIME or self.per == "entry"
        wants("in", self.in_, by_person, ", the states it is paid for" if by_person else "")
        wants("hours", self.hours, self.per == "hour", "")
        if self.per == "enrolment":
            wants("programme", self.programme, True, "")
        if by_person:
            wants("programme", self.programme, False, "; name it within 'in'")
        return self


class Index(Evidence):
    """A price index: its level by year."""

    label: Text | None = None
    values: dict[int, Number]

    @model_validator(mode="after")
    def _positive(self) -> Index:
        if any(value <= 0 for value in self.values.values()):
            raise fail("an index is above 0 in every year")
        return self


class Money(Record):
    """The index that moves prices, and how later years are discounted."""

    index: Name
    discount_rate: Name | Number
    base_year: StrictInt = Field(ge=1980, le=2100)

    @model_validator(mode="after")
    def _rate(self) -> Money:
        if not isinstance(self.discount_rate, str) and not 0 <= self.discount_rate < 1:
            raise fail(
                f"discount_rate {self.discount_rate} is not a rate a year (0 to 1), such as 0.035"
            )
        return self


class Grant(Evidence):
    """Money from a funder, in tranches by calendar year."""

    label: Text | None = None
    funder: Payer
    to: Payer
    covers: Names = Field(min_length=1)
    tranches: dict[int, Kroner] = Field(min_length=1)
    total: Kroner
    unspent: Literal["returned", "carried"]


class Strategy(Record):
    """A full course of action; the first one in the file is the reference."""

    label: Text | None = None
    programmes: Names = ()
    grants: Names = ()
    overrides: dict[str, Any] = Field(default_factory=dict)


class Source(Record):
    """Where numbers come from."""

    title: Words
    url: Line | None = None
    date: Line | None = None
    note: Line | None = None


class ScenarioFile(Record):
    """The whole file."""

    som_sim: Annotated[Literal[1], BeforeValidator(_version)]
    meta: Meta
    time: Time
    domains: dict[Name, dict[Name, Annotated[State, BeforeValidator(_labelled)]]] = Field(
        min_length=1
    )
    leave: tuple[Name, ...] = ()
    strata: dict[Name, Annotated[Stratum, BeforeValidator(_labelled)]] = Field(min_length=1)
    parameters: dict[Name, Parameter] = Field(default_factory=dict)
    correlations: tuple[Correlation, ...] = ()
    population: Population
    transitions: tuple[Transition, ...] = ()
    programmes: dict[Name, Programme] = Field(default_factory=dict)
    prices: dict[Name, Price] = Field(default_factory=dict)
    indices: dict[Name, Index] = Field(default_factory=dict)
    money: Money | None = None
    grants: dict[Name, Grant] = Field(default_factory=dict)
    values: dict[Name, Value] = Field(default_factory=dict)
    targets: dict[Name, Target] = Field(default_factory=dict)
    observations: tuple[Observation, ...] = ()
    strategies: dict[Name, Strategy] = Field(min_length=1)
    sources: dict[Name, Source] = Field(default_factory=dict)

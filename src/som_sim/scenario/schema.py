"""What a user writes, section by section.

One file says everything. Unknown keys are refused, everything is frozen after reading. Every item
may carry `source` (a key of `sources`), `grade` (A to D) and `note`. Names that point from one
section to another are checked in `check`, with all other problems.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    model_validator,
)

from som_sim.core.records import Note
from som_sim.core.time import Calendar, Duration, make_calendar
from som_sim.core.yaml_scalars import yaml_words
from som_sim.knowledge.files import KnowledgeFile as KnowledgeFile
from som_sim.scenario.clocks import Clock as Clock
from som_sim.scenario.clocks import with_bins
from som_sim.scenario.distribution_forms import DistributionForm
from som_sim.scenario.expressions import Expression
from som_sim.scenario.grants import Clawback as Clawback
from som_sim.scenario.grants import Grant as Grant
from som_sim.scenario.grants import GrantCondition as GrantCondition
from som_sim.scenario.measures import Indicator as Indicator
from som_sim.scenario.measures import Measured as Measured
from som_sim.scenario.measures import Moves as Moves
from som_sim.scenario.measures import Observation as Observation
from som_sim.scenario.measures import Target as Target
from som_sim.scenario.parameter_forms import ParameterUnit, ParameterValue, read_value
from som_sim.scenario.payers import Law as Law
from som_sim.scenario.payers import RuleUse as RuleUse
from som_sim.scenario.posterior import PosteriorTable
from som_sim.scenario.prices import FIXED as FIXED
from som_sim.scenario.prices import PERSON_TIME as PERSON_TIME
from som_sim.scenario.prices import PLACE_TIME as PLACE_TIME
from som_sim.scenario.prices import Account as Account
from som_sim.scenario.prices import Hours as Hours
from som_sim.scenario.prices import Index as Index
from som_sim.scenario.prices import Money as Money
from som_sim.scenario.prices import Payer as Payer
from som_sim.scenario.prices import Price as Price
from som_sim.scenario.prices import Steps as Steps
from som_sim.scenario.prices import Unit as Unit
from som_sim.scenario.programmes import EFFECT_KINDS as EFFECT_KINDS
from som_sim.scenario.programmes import DropOut as DropOut
from som_sim.scenario.programmes import Effect as Effect
from som_sim.scenario.programmes import Fading as Fading
from som_sim.scenario.programmes import Intake as Intake
from som_sim.scenario.programmes import Programme as Programme
from som_sim.scenario.programmes import ShareReached as ShareReached
from som_sim.scenario.quantities import (
    Count,
    Month,
    Number,
    Stay,
    Where,
    fail,
)
from som_sim.scenario.records import Evidence as Evidence
from som_sim.scenario.records import Line, Name, Names
from som_sim.scenario.records import Record as Record
from som_sim.scenario.records import Text as Text
from som_sim.scenario.records import Window as Window
from som_sim.scenario.schedules import Places, RateOverTime, Season
from som_sim.scenario.time_so_far import TimeSoFar
from som_sim.scenario.transitions import LengthOfStay as LengthOfStay
from som_sim.scenario.transitions import Transition as Transition
from som_sim.scenario.values import Value as Value


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
    priority: tuple[Where, ...] = ()


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
    """People present when the run starts, in one cell. Other keys are domains and clocks.

    `so_far` says for a domain how long they have been in their state of it, where that matters.
    """

    model_config = ConfigDict(frozen=True, extra="allow")
    stratum: Name
    persons: Count
    so_far: dict[Name, TimeSoFar] = Field(default_factory=dict)

    @property
    def states(self) -> dict[str, Any]:
        """The state named for each domain, and the time so far on a clock."""
        return dict(self.__pydantic_extra__ or {})


class Arrival(Evidence):
    """People who come during the run. Other keys are domains and clocks.

    `spacing` is for single persons: they come at random moments, or at even distances.
    """

    model_config = ConfigDict(frozen=True, extra="allow")
    stratum: Name
    per_year: RateOverTime
    season: Season | None = None
    spacing: Literal["random", "even"] | None = None

    @property
    def states(self) -> dict[str, Any]:
        """The state named for each domain, and the time so far on a clock."""
        return dict(self.__pydantic_extra__ or {})


class Population(Record):
    """Who is there at the start, and who comes."""

    initial: tuple[Initial, ...] = Field(min_length=1)
    arrivals: tuple[Arrival, ...] = ()


class Strategy(Record):
    """A full course of action; the first one in the file is the reference."""

    label: Text | None = None
    programmes: Names = ()
    grants: Names = ()
    overrides: dict[str, Any] = Field(default_factory=dict)


def _said(title: str | Text) -> str | Text:
    if isinstance(title, str) and not title.strip():
        raise fail("the text is empty")
    return title


class Source(Record):
    """Where numbers come from."""

    title: Annotated[Note, AfterValidator(_said)]
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
    clocks: dict[Name, Clock] = Field(default_factory=dict)
    strata: dict[Name, Annotated[Stratum, BeforeValidator(_labelled)]] = Field(min_length=1)
    parameters: dict[Name, Parameter] = Field(default_factory=dict)
    correlations: tuple[Correlation, ...] = ()
    posterior: PosteriorTable | None = None
    population: Population
    transitions: tuple[Transition, ...] = ()
    programmes: dict[Name, Programme] = Field(default_factory=dict)
    prices: dict[Name, Price] = Field(default_factory=dict)
    accounts: dict[Name, Account] = Field(default_factory=dict)
    law: Law | None = None
    knowledge: KnowledgeFile | None = None
    indices: dict[Name, Index] = Field(default_factory=dict)
    money: Money | None = None
    grants: dict[Name, Grant] = Field(default_factory=dict)
    values: dict[Name, Value] = Field(default_factory=dict)
    targets: dict[Name, Target] = Field(default_factory=dict)
    observations: tuple[Observation, ...] = ()
    strategies: dict[Name, Strategy] = Field(min_length=1)
    sources: dict[Name, Source] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _clock_times(cls, tree: object) -> object:
        return with_bins(tree)

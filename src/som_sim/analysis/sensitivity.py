"""One thing at a time: what an outcome becomes when one number is low or high, all else as stated.

All ends of all numbers are draws of one run, so the answer costs no more than a run with as many
draws.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from som_sim import chain
from som_sim.analysis.importance import Importance, importance_of
from som_sim.analysis.outcome import (
    Outcome,
    default_outcomes,
    measure,
    parse_outcome,
    threshold_of,
)
from som_sim.analysis.thresholds import Crossing, find_crossings
from som_sim.analysis.varied import Input, Ranges, Varied, find_inputs, lift_prices, values_at
from som_sim.core.errors import SomSimError
from som_sim.model.draws import DrawError
from som_sim.outcomes.reading import Reading, plan_reading
from som_sim.outcomes.uncertainty import LEVEL, Key
from som_sim.result import Result
from som_sim.scenario.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Progress = Callable[[int, int], None]
BLOCK = 256
"""Draws moved at a time; the result does not depend on it."""
NO_SPAN = 1e-9
"""Relative to the outcome: less is float rounding, not an influence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """What one input does to one outcome.

    Attributes
    ----------
    input
        What is varied.
    at_low, at_high
        The outcome with the input at its low and at its high; not a number where the outcome then
        has no meaning.
    span
        The distance between the lowest and the highest of the outcome at low, base and high; 0
        when it is no more than float rounding.
    crossing
        Where within its range the outcome turns; None when the outcome has no such point.
    """

    input: Input
    at_low: float
    at_high: float
    span: float
    crossing: Crossing | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OneWay:
    """One outcome: its stated value, and a bar for every input, the longest first.

    Attributes
    ----------
    outcome
        What is looked at.
    base
        Its value with everything as stated.
    threshold
        The number it turns at, or None.
    bars
        Sorted by span; those of the same span in the order of the file.
    """

    outcome: Outcome
    base: float
    threshold: float | None
    bars: tuple[Bar, ...]

    @property
    def moves(self) -> bool:
        """Whether it is anything but 0, or anything moves it."""
        return bool(self.base) or any(bar.span for bar in self.bars)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensitivity:
    """What `som_sim.sensitivity` returns.

    Attributes
    ----------
    result
        The base case.
    strategy
        The strategy that is looked at, against the reference where an outcome is a difference.
    level
        Share of each distribution between low and high.
    prices
        How much lower and higher each price is, as a share; None when prices stay.
    varied
        What is varied, and what is not.
    ways
        One for each outcome.
    importance
        What many draws say of which parameters matter, all uncertain at once; None without draws.
    """

    result: Result
    strategy: str
    level: float
    prices: float | None
    varied: Varied
    ways: tuple[OneWay, ...]
    importance: Importance | None = None

    @property
    def outcomes(self) -> tuple[str, ...]:
        """The outcomes, as they are written."""
        return tuple(str(one.outcome) for one in self.ways)

    def of(self, outcome: str) -> OneWay:
        """Return one outcome.

        Raises
        ------
        KeyError
            When it is not among those asked for.
        """
        for one in self.ways:
            if str(one.outcome) == outcome:
                return one
        raise KeyError(f"'{outcome}' was not asked for; there are {', '.join(self.outcomes)}")

    @property
    def table(self) -> pd.DataFrame:
        """A row for each outcome and input: low, base, high, and what becomes of the outcome."""
        from som_sim.analysis.sensitivity_table import table_of

        return table_of(self)

    def save(self, directory: str | os.PathLike[str], lang: str | None = None) -> None:
        """Write the table, a summary and the figures into a folder.

        Parameters
        ----------
        directory
            Made when it is not there.
        lang
            ``da`` or ``en``; the scenario's own language by default.

        Raises
        ------
        SomSimError
            When the folder cannot be written; nothing half-written is left.
        """
        from som_sim.report.sensitivity_save import save  # a convenience, as `Result.save` is

        save(self, directory, lang)


@dataclass(slots=True, kw_only=True)
class Bench:
    """Runs inputs at places, each strategy as often as it must.

    Attributes
    ----------
    result
        The base case.
    strategies
        Those that are run, the one that is looked at last.
    inputs
        What can be varied.
    with_counts
        Whether chances of counts are asked for.
    """

    result: Result
    strategies: tuple[str, ...]
    inputs: tuple[Input, ...]
    with_counts: bool = False
    _readings: dict[str, Reading] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        for name in self.strategies:
            run = self.result.runs[name]
            spec = lift_prices(run.spec, self.inputs)
            self._readings[name] = plan_reading(
                spec, run.trajectory, False, with_counts=self.with_counts
            )

    def rows(
        self, which: Ints, place: Floats, strategies: Sequence[str] | None = None
    ) -> dict[Key, Floats]:
        """Return the figures of strategies where one input stands elsewhere: (draw,) each.

        Parameters
        ----------
        which : (draw,)
            Position of the input; -1 for none.
        place : (draw,)
            -1 at its low, 0 at its base, 1 at its high.
        strategies
            All of the bench's when None.

        Raises
        ------
        SomSimError
            Naming strategy, parameter and value where the model cannot take it.
        """
        rows: dict[Key, Floats] = {}
        for strategy in strategies or self.strategies:
            blocks = [
                self._block(strategy, which[start : start + BLOCK], place[start : start + BLOCK])
                for start in range(0, len(which), BLOCK)
            ]
            rows |= {key: np.concatenate([one[key] for one in blocks]) for key in blocks[0]}
        return rows

    def _block(self, strategy: str, which: Ints, place: Floats) -> dict[Key, Floats]:
        spec = self.result.runs[strategy].spec
        try:
            values = values_at(spec, strategy, self.inputs, which, place)
            return self._readings[strategy].figures(values, len(which))
        except DrawError as error:
            raise self._cannot(strategy, error, which, place) from error

    def _cannot(self, strategy: str, error: DrawError, which: Ints, place: Floats) -> SomSimError:
        number = -1 if error.draw is None else int(which[error.draw])
        if error.draw is None or number < 0:
            return SomSimError(f"strategy '{strategy}': {error}")
        one = self.inputs[number]
        key, _, name = one.name.rpartition(".")
        where = self.result.scenario.place_of((key or "parameters", name), strategy)
        value = one.written(float(place[error.draw]))
        said = f"{value:.6g} {one.unit}".strip()
        return SomSimError(
            f"{where}: {key or 'parameters'}.{name}: at {said} {error.place} fails: "
            f"{error.reason}; narrow its distribution or its range"
        )


def sensitivity(
    scenario: Scenario,
    outcomes: Sequence[str] | None = None,
    *,
    strategy: str | None = None,
    parameters: Sequence[str] | None = None,
    level: float = LEVEL,
    ranges: Ranges | None = None,
    prices: float | None = None,
    thresholds: bool = True,
    draws: int | None = None,
    seed: int = 0,
    progress: Progress | None = None,
) -> Sensitivity:
    """Vary one number at a time, and say what becomes of an outcome.

    Parameters
    ----------
    scenario
        What `load` returned.
    outcomes
        What to look at: ``net:PAYER`` (constant prices; ``net:PAYER:discounted`` or
        ``:current``), ``target:NAME`` (its expected value), ``chance:NAME`` (that what is counted
        meets the goal), ``days`` (homeless days avoided), ``cost_per_day`` (what one avoided costs
        the public) or ``value:NAME``. When None: the net of the municipality and of the public,
        and every target.
    strategy
        The strategy that is looked at; the last one by default.
    parameters
        Which parameters to vary; all that are uncertain when None.
    level
        Each uncertain parameter goes to the ends of this middle share of its distribution.
    ranges
        Low and high of parameters in their own units, in place of their distributions.
    prices
        Vary each price too, so much lower and higher, as a share of it.
    thresholds
        Whether to look for the value of each at which the outcome turns.
    draws, seed
        Run so many draws of all uncertain parameters too, for `Sensitivity.importance`.
    progress
        Called with steps done and steps in all, first for the base case, then for the draws.

    Returns
    -------
    Sensitivity
        Its `table` has a row for each outcome and input, the widest first.

    Raises
    ------
    SomSimError
        When there is no such outcome, strategy or parameter, nothing can be varied, or the model
        cannot take a value at an end.

    Notes
    -----
    Only one number differs from the base case at a time. Where parameters are correlated, or shares
    of one whole, the table names what they go with; of shares the others make room in proportion.

    Examples
    --------
    >>> import som_sim as som
    >>> found = som.sensitivity(som.load("scenarios/first.yaml"), ["net:public"], prices=0.2)
    >>> found.table["parameter"].tolist()
    ['prices.support_month', 'prices.shelter_day']
    """
    result = chain.run(scenario, progress=progress)
    return sensitivity_of(
        result,
        outcomes,
        strategy=strategy,
        parameters=parameters,
        level=level,
        ranges=ranges,
        prices=prices,
        thresholds=thresholds,
        draws=draws,
        seed=seed,
        progress=progress,
    )


def sensitivity_of(
    result: Result,
    outcomes: Sequence[str] | None = None,
    *,
    strategy: str | None = None,
    parameters: Sequence[str] | None = None,
    level: float = LEVEL,
    ranges: Ranges | None = None,
    prices: float | None = None,
    thresholds: bool = True,
    draws: int | None = None,
    seed: int = 0,
    progress: Progress | None = None,
) -> Sensitivity:
    """Return `sensitivity` of a base case that has been run.

    The arguments are those of `sensitivity`.
    """
    name = result.strategies[-1] if strategy is None else strategy
    if name not in result.runs:
        listed = ", ".join(result.strategies)
        raise SomSimError(f"there is no strategy '{name}'; there are {listed}")
    if not 0 < level < 1:
        raise SomSimError(f"level {level:g} is not a share above 0 and below 1, such as 0.95")
    if prices is not None and not 0 < prices <= 1:
        raise SomSimError(f"prices {prices:g} is not a share above 0 and at most 1, such as 0.2")
    asked = (
        default_outcomes(result)
        if outcomes is None
        else tuple(dict.fromkeys(parse_outcome(one, result) for one in outcomes))
    )
    if not asked:
        raise SomSimError("the scenario has no money to compare and no targets: nothing to look at")
    strategies = tuple(dict.fromkeys((result.reference, name)))
    varied = find_inputs(
        result, strategies, names=parameters, level=level, ranges=ranges or {}, prices=prices
    )
    bench = Bench(
        result=result,
        strategies=strategies,
        inputs=varied.inputs,
        with_counts=any(one.kind == "chance" for one in asked),
    )
    ways = _ways(bench, asked, name, thresholds)
    if outcomes is None:  # a payer who neither pays nor gains says nothing
        ways = tuple(one for one in ways if one.moves) or ways
    return Sensitivity(
        result=result,
        strategy=name,
        level=level,
        prices=prices,
        varied=varied,
        ways=ways,
        importance=None
        if draws is None
        else importance_of(
            result,
            name,
            [one.outcome for one in ways],
            varied.inputs,
            draws,
            seed,
            progress,
        ),
    )


def _ways(
    bench: Bench, asked: tuple[Outcome, ...], strategy: str, thresholds: bool
) -> tuple[OneWay, ...]:
    """Run every end once, and read every outcome from it."""
    inputs, result = bench.inputs, bench.result
    n = len(inputs)
    which = np.concatenate([[-1], np.repeat(np.arange(n), 2)])
    place = np.concatenate([[0.0], np.tile([-1.0, 1.0], n)])
    rows = bench.rows(which, place)
    seen = [measure(one, result, strategy, rows) for one in asked]
    limits = [threshold_of(one, result, strategy) for one in asked]

    def value(which: Ints, place: Floats, outcome: Ints) -> Floats:
        alone = all(asked[number].kind == "target" for number in outcome)
        found = bench.rows(which, place, (strategy,) if alone else None)
        every = {int(n): measure(asked[n], result, strategy, found) for n in np.unique(outcome)}
        return np.array([every[int(number)][at] for at, number in enumerate(outcome)])

    crossings: Mapping[tuple[int, int], Crossing] = (
        find_crossings(inputs, seen, limits, value) if thresholds else {}
    )
    return tuple(
        OneWay(
            outcome=one,
            base=float(seen[number][0]),
            threshold=limits[number],
            bars=_bars(number, seen[number], inputs, crossings),
        )
        for number, one in enumerate(asked)
    )


def _bars(
    outcome: int,
    seen: Floats,
    inputs: tuple[Input, ...],
    crossings: Mapping[tuple[int, int], Crossing],
) -> tuple[Bar, ...]:
    bars = []
    base = float(seen[0])
    for number, one in enumerate(inputs):
        low, high = float(seen[1 + 2 * number]), float(seen[2 + 2 * number])
        known = [end for end in (low, base, high) if np.isfinite(end)]
        span = max(known) - min(known) if known else 0.0
        if span <= NO_SPAN * max((abs(end) for end in known), default=0.0):
            span = 0.0
        bars.append(
            Bar(
                input=one,
                at_low=low,
                at_high=high,
                span=span,
                crossing=crossings.get((outcome, number)),
            )
        )
    return tuple(sorted(bars, key=lambda bar: -bar.span))

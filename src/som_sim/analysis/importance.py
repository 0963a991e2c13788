"""Everything at once: how much of what is not known of an outcome comes from each parameter.

Many draws vary all uncertain parameters together. How far an outcome follows one of them is read
from the draws themselves: a cubic in the parameter's normal score is fitted to the outcome. The
share of the variance that it explains is the parameter's own part of the uncertainty. For a payer's
net it also gives what knowing the parameter would be worth: with it, the strategy is only chosen
where its expected net is above 0.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from som_sim.analysis.draws import BLOCK, DrawWork
from som_sim.analysis.executors import Block
from som_sim.analysis.outcome import Outcome, measure
from som_sim.analysis.store import blocks_of
from som_sim.analysis.varied import Input
from som_sim.core.errors import SomSimError
from som_sim.model.draws import draw_parameters
from som_sim.outcomes.reading import plan_reading
from som_sim.outcomes.uncertainty import Key
from som_sim.result import Result

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
Progress = Callable[[int, int], None]
DEGREE = 3
FEWEST = 100
"""Draws from which a share can be told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one parameter does to one outcome, with all others uncertain too.

    Attributes
    ----------
    input
        The parameter.
    rank_correlation
        Spearman's, -1 to 1.
    share
        Of the outcome's variance, 0 to 1; shares of parameters that are independent add to at most
        1, and what is missing comes from several together.
    worth
        Of a net: what knowing the parameter before deciding is worth to the payer, in kroner; not a
        number for other outcomes.
    """

    input: Input
    rank_correlation: float
    share: float
    worth: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Importance:
    """What draws say of which parameters matter.

    Attributes
    ----------
    n_draws, seed
        How many, and the root of their random numbers.
    parts
        By outcome, the largest share first.
    worth
        Of each net: what knowing everything is worth, in kroner; not a number for others.
    """

    n_draws: int
    seed: int
    parts: dict[str, tuple[Part, ...]]
    worth: dict[str, float]

    @property
    def table(self) -> pd.DataFrame:
        """A row for each outcome and parameter."""
        import pandas as pd

        rows = [
            {
                "outcome": outcome,
                "parameter": part.input.name,
                "rank_correlation": part.rank_correlation,
                "variance_share": part.share,
                "worth": part.worth,
                "worth_of_all": self.worth[outcome],
            }
            for outcome, parts in self.parts.items()
            for part in parts
        ]
        columns = "outcome parameter rank_correlation variance_share worth worth_of_all"
        return pd.DataFrame(rows, columns=columns.split())


def importance_of(
    result: Result,
    strategy: str,
    outcomes: Sequence[Outcome],
    inputs: Sequence[Input],
    n_draws: int,
    seed: int,
    progress: Progress | None = None,
) -> Importance:
    """Return what draws say of which parameters matter.

    Parameters
    ----------
    result
        The base case.
    strategy
        The strategy that is looked at.
    outcomes
        What is looked at.
    inputs
        Of these the parameters that are drawn are asked about.
    n_draws, seed
        How many, and the root of their random numbers.
    progress
        Called with draws done and draws in all.

    Raises
    ------
    SomSimError
        When there are too few draws, or a draw gives what the model cannot take.
    """
    if n_draws < FEWEST:
        raise SomSimError(f"{n_draws} draws are too few to tell shares; take {FEWEST} or more")
    names = dict.fromkeys((result.reference, strategy))
    with_counts = any(one.kind == "chance" for one in outcomes)
    readings = tuple(
        plan_reading(
            result.runs[one].spec, result.runs[one].trajectory, False, with_counts=with_counts
        )
        for one in names
    )
    work = DrawWork(readings=readings, seed=seed, sequence="random")
    found: dict[str, list[Floats]] = {str(one): [] for one in outcomes}
    for block in blocks_of(n_draws, BLOCK):
        rows: dict[Key, Floats] = work.rows(
            Block(number=0, first=block.first, n_draws=block.n_draws)
        )
        for one in outcomes:
            found[str(one)].append(measure(one, result, strategy, rows))
        if progress is not None:
            progress(block.first + block.n_draws, n_draws)
    drawn = draw_parameters(result.runs[strategy].spec, n_draws, seed)
    asked = [one for one in inputs if one.basis in ("distribution", "draws")]
    parts, worth = {}, {}
    for one in outcomes:
        values = np.concatenate(found[str(one)])
        net = one.kind == "net"
        every = [_part(each, drawn[each.name], values, net) for each in asked]
        parts[str(one)] = tuple(sorted(every, key=lambda part: -part.share))
        worth[str(one)] = worth_of(values) if net else float("nan")
    return Importance(n_draws=n_draws, seed=seed, parts=parts, worth=worth)


def _part(one: Input, drawn: Floats, values: Floats, net: bool) -> Part:
    known = np.isfinite(values)
    x, y = drawn[known], values[known]
    if len(y) < FEWEST or np.ptp(y) == 0 or np.ptp(x) == 0:
        return Part(input=one, rank_correlation=0.0, share=0.0, worth=0.0 if net else np.nan)
    share, expected = explained(x, y)
    return Part(
        input=one,
        rank_correlation=float(np.corrcoef(_ranks(x), _ranks(y))[0, 1]),
        share=share,
        worth=worth_of(expected) if net else float("nan"),
    )


def _ranks(values: Floats) -> Floats:
    from scipy.stats import rankdata

    return np.asarray(rankdata(values), dtype=np.float64)


def explained(x: Floats, y: Floats) -> tuple[float, Floats]:
    """Return the share of y's variance that x explains, and what y is expected to be at each x.

    Parameters
    ----------
    x, y : (draw,)

    Examples
    --------
    >>> x = np.linspace(-1, 1, 201)
    >>> round(explained(x, 3 * x + 1)[0], 2)
    1.0
    """
    from scipy.special import ndtri

    scores = np.asarray(ndtri((_ranks(x) - 0.5) / len(x)))
    design = np.vander(scores, DEGREE + 1)
    fitted = design @ np.linalg.lstsq(design, y, rcond=None)[0]
    within = float(((y - fitted) ** 2).sum()) / (len(y) - DEGREE - 1)
    share = 1 - within / float(y.var(ddof=1))
    return max(share, 0.0), fitted


def worth_of(expected: Floats) -> float:
    """Return what it is worth to know an expected net before deciding, over not knowing it.

    Examples
    --------
    >>> worth_of(np.array([-2.0, 2.0])), worth_of(np.array([1.0, 3.0]))
    (1.0, 0.0)
    """
    return max(float(np.maximum(expected, 0.0).mean()) - max(float(expected.mean()), 0.0), 0.0)

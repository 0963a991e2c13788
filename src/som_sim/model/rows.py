"""Rows of one-cycle probabilities, and what effects do to them in a discrete step.

A row is the moves of one cell in one domain, as the file gives them. An effect changes the whole
row at once: a hazard ratio the competing hazards behind it, an odds ratio the odds against staying,
a risk ratio the probabilities, and a difference is added to them. One row takes one kind. The end
of a programme's stay, ageing and the moves of other domains stand beside the row as they are.

Nothing is clipped: when the moves of a cell are no distribution, the error names the cell, its
moves and the draw.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from som_sim.core.axes import Axes
from som_sim.core.rates import probabilities_from_rates, rates_from_row
from som_sim.core.sums import sum_in_order
from som_sim.model.effects import NEUTRAL
from som_sim.model.model import Generator
from som_sim.model.resolve import Draws, Resolver

ROUNDING = 1e-12
"""Probabilities may pass 1 by float rounding, not by more."""
AGAINST_STAYING = ("hazard_ratio", "odds_ratio")
"""Kinds that need somebody to stay."""


def changed_probabilities(
    given: Generator, effects: Mapping[str, Draws], axes: Axes, resolver: Resolver
) -> Draws:
    """Return one-cycle probabilities as programmes change them.

    Parameters
    ----------
    given
        Every move; its `rate` holds the probabilities of the file.
    effects : mapping of kind to (edge, draw)
    axes, resolver
        Name the moves and the draws in messages.

    Returns
    -------
    (edge, draw), probability per cycle
        To the last bit as given in every row and draw without an effect.

    Raises
    ------
    DrawError
        When the moves of a cell are no distribution, when two kinds of effect change one row, or
        when a ratio of odds or hazards meets a row in which nobody stays.
    """
    _check(given, given.rate, _numbered(given.source, given.domain), axes, resolver)
    changed = _changed(given, effects, axes, resolver)
    _check(given, changed, given.source, axes, resolver)
    return changed


def _numbered(source: NDArray[np.int64], domain: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the row of each edge, numbered by source and then domain: (edge,)."""
    lowest = domain.min(initial=0)
    numbers: NDArray[np.int64] = source * (domain.max(initial=0) - lowest + 1) + domain - lowest
    return numbers


def _changed(
    given: Generator, effects: Mapping[str, Draws], axes: Axes, resolver: Resolver
) -> Draws:
    """Change every row that some effect touches, in the draws in which it does."""
    rows, row, counts = np.unique(
        _numbered(given.source, given.domain), return_inverse=True, return_counts=True
    )
    order = np.argsort(row, kind="stable")
    exit_ = np.empty_like(order)
    exit_[order] = np.concatenate([np.zeros(0, dtype=np.int64), *map(np.arange, counts)])
    shape = (int(counts.max(initial=0)), len(rows), given.n_draws)
    p = np.zeros(shape)  # (exit, row, draw); rows with fewer exits end in zeros
    p[exit_, row] = given.rate
    cells = np.zeros(len(rows), dtype=np.int64)
    cells[row] = given.source
    taken = np.full(shape[1:], -1)

    def refuse(wrong: NDArray[np.bool_], reason: str) -> None:
        """Raise for the first row and draw that is wrong: (row, draw)."""
        for at, draw in np.argwhere(wrong):
            name = axes.cell_name(int(cells[at]))
            raise resolver.error(name, reason.format(kinds[taken[at, draw]]), int(draw))

    kinds = tuple(effects)
    for number, kind in enumerate(kinds):
        size = np.full(shape, NEUTRAL[kind])
        size[exit_, row] = effects[kind]
        touched = np.any(size != NEUTRAL[kind], axis=0)
        refuse(touched & (taken >= 0), f"{{}} and {kind} cannot change one row together")
        taken[touched] = number
        if kind in AGAINST_STAYING:
            nobody = sum_in_order(p) >= 1
            refuse(touched & nobody, f"nobody stays, so a {kind} has no meaning here")
        p[:, touched] = changed_row(p[:, touched], kind, size[:, touched])
    changed: Draws = p[exit_, row]
    return changed


def changed_row(p: Draws, kind: str, size: Draws) -> Draws:
    """Change rows of probabilities by one kind of effect.

    Parameters
    ----------
    p : (exit, row), probability per cycle
    kind
        A key of `som_sim.model.effects.NEUTRAL`.
    size : (exit, row)

    Returns
    -------
    (exit, row)
        For `odds_ratio` the odds ``p_j / p_stay`` are multiplied and give a row again; for
        `hazard_ratio` the hazards, in which the whole row is net of its other exits.

    Examples
    --------
    >>> changed_row(np.array([[0.5], [0.25]]), "odds_ratio", np.array([[2.0], [1.0]]))
    array([[0.66666667],
           [0.16666667]])
    """
    if kind == "difference":
        return p + size
    if kind == "risk_ratio":
        return p * size
    if kind == "odds_ratio":
        odds = p / (1.0 - sum_in_order(p)) * size
        row: Draws = odds / (1.0 + sum_in_order(odds))
        return row
    return probabilities_from_rates(rates_from_row(p, 1.0) * size, 1.0)


def _check(
    given: Generator, p: Draws, group: NDArray[np.int64], axes: Axes, resolver: Resolver
) -> None:
    """Check that the moves of each group of edges are a distribution in every draw."""
    numbers, member = np.unique(group, return_inverse=True)
    total = np.zeros((len(numbers), p.shape[1]))
    np.add.at(total, member, p)
    wrong = total > 1 + ROUNDING
    np.logical_or.at(wrong, member, p < 0)
    for at, draw in np.argwhere(wrong):
        edges = np.flatnonzero((member == at) & (p[:, draw] != 0))
        cell = int(given.source[edges[0]])
        moves = [
            f"{_move_name(axes, cell, int(given.target[edge]))} {p[edge, draw]:.6g}"
            for edge in edges
        ]
        reason = (
            f"the probabilities of a move in one cycle ({', '.join(moves)}) are no distribution: "
            "each is 0 or more, and together they are at most 1"
        )
        raise resolver.error(axes.cell_name(cell), reason, int(draw))


def _move_name(axes: Axes, cell: int, target: int) -> str:
    """Return what is new after a move: a state, a programme, a stratum or a way to leave."""
    if target >= axes.n_cells:
        return axes.leave[target - axes.n_cells]
    before, after = axes.cell_name(cell).split(", "), axes.cell_name(target).split(", ")
    return ", ".join(new for old, new in zip(before, after, strict=True) if old != new)

"""How long people of the start have been in a state whose length of stay has a memory."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator

from som_sim.scenario.clocks import parse_time_so_far
from som_sim.scenario.quantities import fail

EQUILIBRIUM = "equilibrium"
"""As long as people have been there who are met at a moment that has nothing to do with them."""


def parse_so_far(text: str) -> float | None:
    """Read a time so far: days, or None for `EQUILIBRIUM`.

    Raises
    ------
    ValueError
        With the sentence for the user.

    Examples
    --------
    >>> parse_so_far("3 weeks"), parse_so_far("0 days"), parse_so_far("equilibrium")
    (21.0, 0.0, None)
    """
    return None if text.strip() == EQUILIBRIUM else parse_time_so_far(text)


def _checked(value: object) -> object:
    if isinstance(value, str):
        try:
            parse_so_far(value)
        except ValueError as error:
            raise fail(f"{error}; or '{EQUILIBRIUM}'") from None
        return value
    raise fail(f"write the time so far as a duration, such as '45 days', or '{EQUILIBRIUM}'")


TimeSoFar = Annotated[str, BeforeValidator(_checked)]

"""How far numbers may go, where a scenario is read and where it is run."""

from __future__ import annotations

MAX_EXPECTED_JUMPS = 20_000
"""Beyond this a cycle is refused: somebody is expected to move thousands of times in it."""
LARGEST_KRONER = 40_000_000_000
"""The largest amount a file may state; a million as large still add up within 64 bits of øre."""
BASE_YEAR_REACH = 60
"""Years between the run and the year that later years are discounted to."""
MAX_CELLS = 200_000
"""The most cells that people can stand in; far more than anybody can describe with care."""
MOST_CONDITIONS = 8
"""Tranches with conditions in one file: each doubles what they can come to together."""

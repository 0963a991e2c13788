"""What all tests share: where the repository is, and how Hypothesis and Matplotlib behave."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# Before anything imports Matplotlib, in this process or in one a test starts.
os.environ["MPLBACKEND"] = "agg"

# No deadline: a busy machine is no failure. On CI the same examples every time, so that a red run
# says something about the change; at home new ones, so that somebody finds what they miss.
settings.register_profile(
    "home", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.register_profile("ci", settings.get_profile("home"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "home")

REPOSITORY = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def repository() -> Path:
    """Return the folder that holds ``src``, ``scenarios`` and this ``tests``."""
    return REPOSITORY


@pytest.fixture(scope="session")
def randers_file(repository: Path) -> Path:
    """Return the scenario of the Randers ACT case."""
    return repository / "scenarios" / "randers_act.yaml"

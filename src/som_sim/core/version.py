"""The version of som_sim, from the installed package's metadata."""

from __future__ import annotations


def version() -> str:
    """Return the version, such as ``0.1.0``."""
    from importlib.metadata import version as installed

    return installed("som-sim")

"""What a figure of a calibration says, in Danish and English."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

CALIBRATION_TEXTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "calibration.title": (
            "Hvad observationerne lærer os om hver parameter",
            "What the observations teach about each parameter",
        ),
        "calibration.subtitle": (
            "95 % før (grå) og efter (blå) i forhold til medianen før; "
            "punktet er det mest sandsynlige",
            "95 % before (grey) and after (blue), over the median before; "
            "the dot is the most likely",
        ),
        "calibration.axis": ("gange medianen før", "times the median before"),
        "calibration.learnt": ("{share} % lært", "{share} % learnt"),
        "calibration.origin": (
            "Kilde: {file}, scenarie {digest}, frø {seed}, som_sim {version}",
            "Source: {file}, scenario {digest}, seed {seed}, som_sim {version}",
        ),
    }
)

"""What a reader is told about a budget table that was added up, in Danish and English."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

BUDGET_TEXTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "budget.summary": (
            "{file}: {sums} summer: {exact} stemmer, {rounding} med afrunding, {errors} med fejl",
            "{file}: {sums} sums: {exact} exact, {rounding} with a rounding residual, {errors} "
            "with an error",
        ),
        "budget.exact": ("stemmer", "exact"),
        "budget.rounding": ("afrunding", "rounding residual"),
        "budget.error": ("FEJL", "ERROR"),
        "budget.line": (
            "linje {line}: {row}: {verdict}: angivet {stated}, {parts} dele giver {total}, "
            "forskel {residual}",
            "line {line}: {row}: {verdict}: stated {stated}, {parts} parts add to {total}, "
            "residual {residual}",
        ),
        "budget.cause.own_amount": (
            "rækken '{row}' (linje {line}) er selv forkert: både dens dele og det, den er en del "
            "af, giver {amount}",
            "the row '{row}' (line {line}) is itself wrong: its parts and what it is a part of "
            "both give {amount}",
        ),
        "budget.cause.twice": (
            "'{row}' (linje {line}) er talt med to gange",
            "'{row}' (line {line}) is counted twice",
        ),
        "budget.cause.sign": (
            "forkert fortegn på '{row}' (linje {line}): {amount}",
            "the wrong sign on '{row}' (line {line}): {amount}",
        ),
        "budget.cause.transposed": (
            "to cifre er byttet om i '{row}' (linje {line}): {amount}",
            "two digits have changed places in '{row}' (line {line}): {amount}",
        ),
        "budget.cause.digit": (
            "et ciffer er forkert i '{row}' (linje {line}): {amount}",
            "one digit is wrong in '{row}' (line {line}): {amount}",
        ),
        "budget.cause.misplaced": (
            "'{row}' (linje {line}) hører til her",
            "'{row}' (line {line}) belongs here",
        ),
        "budget.cause.missing": (
            "en række på {amount} mangler",
            "a row of {amount} is missing",
        ),
        "budget.likely": ("måske: {cause}", "likely: {cause}"),
    }
)

"""What a reader is told about where a figure comes from, in Danish and English."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

TRACE_TEXTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "trace.title": (
            "{payer}, {strategy}, {period}: løbende priser, kr.",
            "{payer}, {strategy}, {period}: current prices, kr.",
        ),
        "trace.whole_run": ("hele forløbet", "the whole run"),
        "trace.item": ("Post", "Item"),
        "trace.net": ("Besparelse", "Net saving"),
        "trace.of_item": (
            "{item} på konto {account}: mængde ({unit}) x pris x indeks x andel",
            "{item} on account {account}: quantity ({unit}) x price x index x share",
        ),
        "trace.of_grant": ("{item}: udbetalt og betalt tilbage", "{item}: paid and paid back"),
        "trace.more": (
            "Se hvordan en post er beregnet med --item NAVN.",
            "See how an item is worked out with --item NAME.",
        ),
        "trace.from": ("Periode", "Period"),
        "trace.quantity": ("Mængde", "Quantity"),
        "trace.price": ("Pris", "Price"),
        "trace.level": ("Indeks", "Index"),
        "trace.share": ("Andel", "Share"),
        "trace.posted": ("Bogført", "Posted"),
        "trace.rounding": (
            "Forskel fra produktet: {oere} øre. Hver postering er afrundet én gang til hele øre.",
            "Off the product by {oere} øre. Each posting is rounded once to whole øre.",
        ),
        "trace.basis": ("Bygger på", "Rests on"),
        "trace.basis.price": ("pris", "price"),
        "trace.basis.parameter": ("parameter", "parameter"),
        "trace.basis.index": ("indeks", "index"),
        "trace.basis.payers": ("betalere", "payers"),
        "trace.basis.grant": ("tilskud", "grant"),
        "trace.no_source": ("ingen kilde", "no source"),
        "trace.grade": ("evidens {grade}", "grade {grade}"),
    }
)

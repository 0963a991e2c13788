"""What differs between two scenarios."""

from __future__ import annotations

DIFF_TEXTS = {
    "diff.title": ("Fra {first} til {second}", "From {first} to {second}"),
    "diff.same": ("De to er det samme scenarie.", "The two are the same scenario."),
    "diff.reordered": (
        "De to siger det samme i en anden rækkefølge.",
        "The two say the same in another order.",
    ),
    "diff.changed": ("{path}: fra {before} til {after}", "{path}: from {before} to {after}"),
    "diff.added": ("{path}: nyt, {after}", "{path}: new, {after}"),
    "diff.removed": ("{path}: fjernet, var {before}", "{path}: removed, was {before}"),
    "diff.reorder": (
        "{path}: samme indhold i en anden rækkefølge",
        "{path}: the same in another order",
    ),
    "diff.target": (
        "{target}, {strategy}: {change} ({before} → {after})",
        "{target}, {strategy}: {change} ({before} → {after})",
    ),
    "diff.net": (
        "{payer}, {strategy}: {change} kr. netto",
        "{payer}, {strategy}: DKK {change} net",
    ),
    "diff.nothing": (
        "ændrer ingen mål og ingen beløb",
        "changes no target and no amount",
    ),
    "diff.new_figure": ("{what}: nyt, {after}", "{what}: new, {after}"),
    "diff.gone_figure": ("{what}: findes ikke mere", "{what}: is no more"),
    "diff.total": ("I alt", "In all"),
    "diff.note": (
        "Forskellene er lagt på den første efter hinanden, og hvert skridt er regnet; det, et "
        "skridt er værd, afhænger derfor af dem før det, og de giver tilsammen hele forskellen. "
        "Netto er alle år, faste priser, plus er en besparelse.",
        "The differences are laid over the first one after another, and each step is run; so what "
        "a step is worth depends on those before it, and together they are the whole difference. "
        "Net is of all years, in constant prices, and plus is a saving.",
    ),
}

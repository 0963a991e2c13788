"""What the workbook says of money month by month, in Danish and English."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

SHEET_TEXTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "sheet.liquidity": ("Likviditet", "Liquidity"),
        "sheet.liquidity_title": (
            "Likviditet måned for måned og betaler for betaler",
            "Liquidity month by month and payer by payer",
        ),
        "sheet.liquidity_note": (
            "Kr., løbende priser. Merudgift er strategien minus referencen uden tilskud. Saldo er "
            "tilskud minus merudgift, lagt sammen fra start; minus er penge lagt ud.",
            "DKK, current prices. Extra cost is the strategy less the reference without grants. "
            "Balance is grants less extra cost, added up from the start; minus is money laid out.",
        ),
        "sheet.liquidity_of": (
            "{strategy} i forhold til {reference}",
            "{strategy} compared with {reference}",
        ),
        "sheet.extra": ("{payer}: merudgift", "{payer}: extra cost"),
        "sheet.received": ("{payer}: tilskud ind", "{payer}: grants received"),
        "sheet.balance": ("{payer}: saldo", "{payer}: balance"),
        "sheet.until": ("Saldo den", "Balance on"),
        "sheet.lowest": ("Laveste saldo", "Lowest balance"),
        "sheet.lowest_at": ("Nås den", "Reached on"),
        "sheet.never_below": ("aldrig under 0", "never below 0"),
        "sheet.liquidity_chart": ("Saldo: {strategy}", "Balance: {strategy}"),
        "sheet.liquidity_alt": (
            "Linjediagram over saldoen måned for måned: {strategy}. {told}.",
            "Line chart of the balance month by month: {strategy}. {told}.",
        ),
        "sheet.liquidity_low": (
            "{payer} laveste saldo {amount} den {date}",
            "{payer} lowest balance {amount} on {date}",
        ),
        "sheet.liquidity_never": ("{payer} er aldrig under 0", "{payer} is never below 0"),
        "sheet.working_file": (
            "Arbejdsfil, ikke til offentliggørelse: små antal personer kan regnes ud af den.",
            "Working file, not for publication: small numbers of persons can be worked out of it.",
        ),
        "sheet.working": ("Ikke til offentliggørelse", "Not for publication"),
        "sheet.published": (
            "Udgave til offentliggørelse: værdier uden formler, posteringer og konti.",
            "Edition for publication: values, without formulas, postings and accounts.",
        ),
        "report.working_file": (
            "Advarsel: {file} er en arbejdsfil. Antal personer under {threshold} kan regnes ud af "
            "dens posteringer. Brug --publish, hvis mappen skal offentliggøres.",
            "Warning: {file} is a working file. Numbers of persons under {threshold} can be worked "
            "out of its postings. Use --publish where the folder is to be published.",
        ),
        "report.shown": (
            "Advarsel: små antal personer er vist. Filerne er til brug i kommunen.",
            "Warning: small numbers of persons are shown. The files are for use in the "
            "municipality.",
        ),
        "report.exposed": (
            "Advarsel: bag disse beløb står færre end {threshold} personer, og prisen er kendt: "
            "{told}.",
            "Warning: fewer than {threshold} persons are behind these amounts, and the price is "
            "known: {told}.",
        ),
        "report.exposed_count": (
            "Advarsel: {count} små antal personer kan regnes ud af resten af casen.",
            "Warning: {count} small numbers of persons can be worked out of the rest of the case.",
        ),
    }
)

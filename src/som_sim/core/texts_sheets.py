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
        "sheet.after": ("Efter {programme}, fase {number}", "After {programme}, phase {number}"),
        "account.grant_paid": ("Tilskud udbetalt", "Grant paid"),
        "account.grant_returned": ("Tilskud tilbagebetalt", "Grant returned"),
        "account.grant_clawback": ("Tilskud krævet tilbage", "Grant clawed back"),
        "sheet.others": ("Heraf øvrige", "Of which others"),
        "sheet.key": ("{what}, navn i scenariet", "{what}, name in the scenario"),
        # checks of the reconciliation: what must equal what
        "check.transactions_balance": (
            "Hver postering går i nul",
            "Each transaction balances",
        ),
        "check.transfers_cancel": (
            "Overførsler går i nul mellem betalerne",
            "Transfers cancel between payers",
        ),
        "check.payers_equal_charges": (
            "Betalerne bærer hele regningen",
            "Payers bear the whole bill",
        ),
        "check.payers_equal_total": (
            "Betalerne bærer hele posten",
            "Payers bear the whole item",
        ),
        "check.payers_bear_their_share": (
            "Beløb gange andel",
            "Amount times share",
        ),
        "check.years_equal_total": ("Årene giver det hele", "Years add to the total"),
        "check.amounts_follow_quantities": (
            "Mængde gange pris gange indeks",
            "Quantity times price times index",
        ),
        "check.persons_conserved": (
            "Start og tilgang = til stede og afgang",
            "Start and arrivals = present and left",
        ),
        "check.flows_close": (
            "Primo, tilgang og flytninger = ultimo",
            "Opening, arrivals and moves = closing",
        ),
        "check.flows_follow_person_time": (
            "Flytninger = persontid gange rate",
            "Moves = person-time times rate",
        ),
        "check.grant_award_equals_total": (
            "Tilsagn = tilskuddets sum",
            "Award = the grant's total",
        ),
        "check.grant_award_equals_tranche": ("Tilsagn = årets rate", "Award = the tranche"),
        "check.grant_paid_equals_award": ("Udbetalt = tilsagn", "Paid = awarded"),
        "check.grant_used_within_bounds": (
            "Brugt højst det, der er til rådighed og dækkes",
            "Used at most what is at hand and covered",
        ),
        "check.grant_money_accounted_for": (
            "Ind og overført = brugt, tilbage og overført",
            "Paid and carried in = used, returned and carried out",
        ),
        "check.grant_clawback": (
            "Betalt tilbage som aftalt",
            "Clawed back as agreed",
        ),
        "check.grants_pay_once": (
            "Samme udgift dækkes én gang",
            "The same cost is covered once",
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

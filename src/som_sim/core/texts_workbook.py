"""Sentences of the workbook of an investment case, in Danish and English.

Part of the catalogue in `som_sim.core.texts`, by whose functions it is read.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

WORKBOOK_TEXTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        # the workbook
        "sheet.summary": ("Resumé", "Summary"),
        "sheet.assumptions": ("Forudsætninger", "Assumptions"),
        "sheet.postings": ("Posteringer", "Postings"),
        "sheet.grants": ("Tilskud", "Grants"),
        "sheet.cash": ("Pengestrøm", "Cash flow"),
        "sheet.accounts": ("Konti", "Accounts"),
        "sheet.persons": ("Personer", "Persons"),
        "sheet.reconciliation": ("Afstemning", "Reconciliation"),
        "sheet.sources": ("Kilder", "Sources"),
        "sheet.wrong": ("Tallet kan ikke bruges", "This number cannot be used"),
        "sheet.between": (
            "Skriv et tal mellem {low} og {high}.",
            "Write a number between {low} and {high}.",
        ),
        "sheet.assumptions_title": ("Forudsætninger", "Assumptions"),
        "sheet.assumptions_note": (
            "Gule celler kan ændres; alle beløb regnes da om. Antal personer ændres kun ved en ny "
            "kørsel.",
            "Yellow cells may be changed; all amounts are then recalculated. Numbers of persons "
            "change only with a new run.",
        ),
        "sheet.general": ("Generelt", "General"),
        "sheet.base_year": ("Diskonteres til", "Discounted to"),
        "sheet.input": ("Celle, der kan ændres", "A cell that may be changed"),
        "sheet.overhead": ("Overhead", "Overhead"),
        "sheet.unit_price": ("Pris med overhead", "Price with overhead"),
        "sheet.shares": ("Hvem betaler", "Who pays"),
        "sheet.shares_note": (
            "Den sidste betaler bærer resten. Er der kun én, ændres det i scenariet.",
            "The last payer bears the rest. Where there is only one, change it in the scenario.",
        ),
        "sheet.who": ("Betaler", "Payer"),
        "sheet.what": ("Hvad", "What"),
        "sheet.share": ("Andel", "Share"),
        "sheet.pays": ("betaler regningen", "settles the bill"),
        "sheet.refunds": ("refunderer: {receiver}", "refunds: {receiver}"),
        "sheet.level": ("Indekstal", "Level"),
        "sheet.discounting": ("Tilbagediskontering", "Discounting"),
        "sheet.rate": ("Rente", "Rate"),
        "sheet.factor": ("Faktor", "Factor"),
        "sheet.parameters_note": (
            "Ændres i scenariet og kræver en ny kørsel.",
            "Changed in the scenario; takes a new run.",
        ),
        "sheet.postings_title": ("Posteringer", "Postings"),
        "sheet.postings_note": (
            "Mængde gange pris, rundet én gang til hele øre og delt mellem betalerne. Forventet "
            "persontid: ikke til offentliggørelse.",
            "Quantity times price, rounded once to whole øre and shared over the payers. Expected "
            "person-time: not for publication.",
        ),
        "sheet.start": ("Fra", "From"),
        "sheet.item": ("Post", "Item"),
        "sheet.exact": ("Kr., ikke rundet", "DKK, not rounded"),
        "sheet.running": ("Løbende sum, kr.", "Running sum, DKK"),
        "sheet.rounded": ("Rundet, øre", "Rounded, øre"),
        "sheet.amount": ("Beløb, øre", "Amount, øre"),
        "sheet.grants_note": (
            "Brug er det mindste af det, der er til rådighed, og det, der dækkes.",
            "Use is the smaller of what is at hand and what is covered.",
        ),
        "sheet.grant": (
            "{grant}, {strategy}: fra {funder} til {to}",
            "{grant}, {strategy}: from {funder} to {to}",
        ),
        "sheet.kroner": ("Kr., løbende priser", "DKK, current prices"),
        "sheet.cash_title": ("Pengestrøm efter år og betaler", "Cash flow by year and payer"),
        "sheet.cash_note": (
            "Kr. Udgift: plus er det, betaleren bærer. Netto: plus er en besparelse.",
            "DKK. Cost: plus is what the payer bears. Net: plus is a saving.",
        ),
        "sheet.cost": ("Udgift: {strategy}, {view}", "Cost: {strategy}, {view}"),
        "sheet.net": ("Netto: {strategy}, {view}", "Net: {strategy}, {view}"),
        "sheet.cumulative": (
            "Samlet netto: {strategy}, {view}",
            "Cumulative net: {strategy}, {view}",
        ),
        "sheet.current": ("løbende priser", "current prices"),
        "sheet.constant": ("faste priser", "constant prices"),
        "sheet.discounted": ("tilbagediskonteret", "discounted"),
        "sheet.net_current": ("Netto, løbende priser", "Net, current prices"),
        "sheet.net_constant": ("Netto, faste priser", "Net, constant prices"),
        "sheet.accounts_title": (
            "Udgift efter strategi, år, konto og betaler",
            "Cost by strategy, year, account and payer",
        ),
        "sheet.accounts_note": ("Kr., løbende priser.", "DKK, current prices."),
        "sheet.persons_title": (
            "Personer efter, hvor de er, måned for måned",
            "Persons by state, month by month",
        ),
        "sheet.persons_note": (
            "Forventede tal fra kørslen. * er udeladt: tal over 0 og under grænsen, og tal, de "
            "kunne regnes ud af.",
            "Expected numbers of the run. * is left out: numbers above 0 and under the threshold, "
            "and those that would give them away.",
        ),
        "sheet.reconciliation_note": (
            "Øverst: denne mappes totaler mod kørslens. En forskel er det, ændrede celler gør.",
            "Above: this workbook's totals against the run's. A difference is what changed cells "
            "do.",
        ),
        "sheet.total_of": ("Netto i alt", "Net in total"),
        "sheet.now": ("Her", "Here"),
        "sheet.run": ("Kørslen", "The run"),
        # what is written
        "report.written": ("Casen er skrevet: {files}", "The case is written: {files}"),
    }
)

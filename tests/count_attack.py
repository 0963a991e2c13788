"""What somebody with a linear programme can say of the counts that a published case leaves out.

The attacker has read every table of the case and the sheet of persons of its workbook, knows how
they hang together, and that no count is below 0. A number is known to its rounding. A count over a
week is taken to tell the count on a day exactly, which is more than a reader knows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import openpyxl

import som_sim
from som_sim.report import naming
from som_sim.report.case.content import Case, Paragraph, Table
from som_sim.report.disclosure import SUPPRESSED

ROUNDING = 0.05
OTHERS = "Of which others"
Name = tuple[str, ...]


@dataclass
class Attacker:
    """Unknown counts by name, and what was read of sums of them."""

    truth: dict[Name, float] = field(default_factory=dict)
    facts: list[tuple[dict[Name, float], float, float]] = field(default_factory=list)

    def unknown(self, name: Name, truth: float) -> None:
        self.truth[name] = truth

    def read(self, parts: dict[Name, float], text: str, slack: float = ROUNDING) -> None:
        """A published number of a sum; the mark says nothing."""
        if text == SUPPRESSED:
            return
        value = float(text.replace(",", "").replace("\N{MINUS SIGN}", "-"))
        self.facts.append((parts, value - slack, value + slack))

    def bounds(self, name: Name) -> tuple[float, float]:
        """The least and the most that a count can be."""
        from scipy.optimize import linprog

        names = sorted(self.truth)
        place = {one: i for i, one in enumerate(names)}
        rows, limits = [], []
        for parts, low, high in self.facts:
            row = np.zeros(len(names))
            for one, weight in parts.items():
                row[place[one]] += weight
            rows += [row, -row]
            limits += [high + 1e-7, -low + 1e-7]
        goal = np.zeros(len(names))
        goal[place[name]] = 1
        ends = []
        for sign in (1, -1):
            found = linprog(sign * goal, A_ub=np.array(rows), b_ub=limits, bounds=(0, 1e5))
            assert found.success, found.message
            ends.append(float(found.x[place[name]]))
        return ends[0], ends[1]

    def component(self, name: Name) -> Attacker:
        """The attacker on what hangs together with one count, which is all that matters for it."""
        reached, facts = {name}, list[Any]()
        left = list(self.facts)
        while True:
            near = [one for one in left if reached & one[0].keys()]
            if not near:
                break
            facts += near
            left = [one for one in left if not reached & one[0].keys()]
            for one in near:
                reached |= one[0].keys()
        return Attacker(truth={one: self.truth[one] for one in reached}, facts=facts)


def attack(result: som_sim.Result, case: Case, persons: Any) -> Attacker:
    """Read a case in English and the sheet of persons of its workbook (openpyxl)."""
    found = Attacker()
    tables = {one.key: one for one in case.tables()}
    _states(found, result, tables, persons)
    _start(found, result, tables)
    _flows(found, result, tables, case)
    _targets(found, result, tables)
    return found


def _wide(result: som_sim.Result, strategy: str, domain: str) -> Any:
    rows = result.occupancy
    rows = rows[rows["strategy"] == strategy]
    return rows.groupby(["date", domain], sort=False)["persons"].sum().unstack(domain)


def _states(
    found: Attacker, result: som_sim.Result, tables: dict[str, Table], persons: Any
) -> None:
    labels: dict[str, dict[str, str]] = {}
    for domain, states in result.scenario.base.domains.items():
        labels[domain] = {naming.state(result, domain, one, "en"): one for one in states}
        for strategy in result.strategies:
            wide = _wide(result, strategy, domain)
            for date in wide.index:
                for state in wide:
                    found.unknown((strategy, str(date), domain, str(state)), wide[state][date])
            totals = {str(date): wide.loc[date].sum() for date in wide.index}
            for date, total in totals.items():
                found.truth[strategy, date, "total"] = total
                parts = {(strategy, date, domain, str(one)): 1.0 for one in wide}
                found.facts.append(({**parts, (strategy, date, "total"): -1.0}, 0.0, 0.0))
            table = tables.get(f"numbers_states_{strategy}_{domain}")
            for row in table.rows if table else ():
                for column, cell in zip(table.columns[1:], row[1:], strict=True):
                    date = f"{column.heading}-01"
                    name = labels[domain].get(row[0].text)
                    key = (strategy, date, domain, name) if name else (strategy, date, "total")
                    found.read({key: 1.0}, cell.text)
    called = {naming.strategy(result, one, "en"): one for one in result.strategies}
    strategy, lines = "", list[tuple[Any, ...]]()
    for line in [*persons.iter_rows(min_row=4, values_only=True), ("end",)]:
        if line[0] in called or line[0] == "end":
            if lines:
                _sheet_block(found, strategy, lines, labels)
            strategy, lines = called.get(line[0], ""), []
        elif line[0] is not None:
            lines.append(line)


def _sheet_block(
    found: Attacker, strategy: str, lines: list[tuple[Any, ...]], labels: dict[str, dict[str, str]]
) -> None:
    """One table of the sheet of persons: its headings, then a line a date.

    The last column adds up the states that have a mark on some date.
    """
    heads = [str(one) for one in lines[0] if one is not None]
    domain = next(one for one in labels if heads[1] in labels[one])
    names = labels[domain]
    whole = [
        name for at, head in enumerate(heads)
        if (name := names.get(head)) and all(line[at] != SUPPRESSED for line in lines[1:])
    ]  # fmt: skip
    for line in lines[1:]:
        at = (strategy, line[0].date().isoformat())
        for head, value in zip(heads[1:], line[1:], strict=False):
            if head == OTHERS:
                rest = {(*at, domain, one): 1.0 for one in names.values() if one not in whole}
                found.read(
                    {key: one for key, one in rest.items() if key in found.truth}, str(value)
                )
            else:
                name = names.get(head)
                found.read({(*at, domain, name) if name else (*at, "total"): 1.0}, str(value))


def _start(found: Attacker, result: som_sim.Result, tables: dict[str, Table]) -> None:
    base, rows = result.scenario.base, result.occupancy
    date = str(rows["date"].iloc[0])
    rows = rows[(rows["strategy"] == result.reference) & (rows["date"] == date)]
    strata = {naming.stratum(result, one, "en"): one for one in base.strata}
    for domain in base.domains:
        labels = {naming.state(result, domain, one, "en"): one for one in base.domains[domain]}
        counts = rows.groupby(["stratum", domain])["persons"].sum()
        for stratum in base.strata:
            for state in labels.values():
                found.unknown(("start", domain, stratum, state), counts.get((stratum, state), 0.0))
            found.truth["start", stratum] = rows.loc[rows["stratum"] == stratum, "persons"].sum()
            parts = {("start", domain, stratum, one): 1.0 for one in labels.values()}
            found.facts.append(({**parts, ("start", stratum): -1.0}, 0.0, 0.0))
        for state in labels.values():
            parts = {("start", domain, one, state): 1.0 for one in base.strata}
            whole = (result.reference, date, domain, state)
            found.facts.append(({**parts, whole: -1.0}, 0.0, 0.0))
        table = tables[f"start_{domain}"]
        for row in table.rows:
            for column, cell in zip(table.columns[1:], row[1:], strict=True):
                state, stratum = labels.get(row[0].text), strata.get(column.heading)
                if state and stratum:
                    found.read({("start", domain, stratum, state): 1.0}, cell.text)
                elif stratum:
                    found.read({("start", stratum): 1.0}, cell.text)
                elif state:
                    found.read({(result.reference, date, domain, state): 1.0}, cell.text)
                else:
                    found.read({(result.reference, date, "total"): 1.0}, cell.text)


def _flows(found: Attacker, result: som_sim.Result, tables: dict[str, Table], case: Case) -> None:
    from som_sim.report.figures_people import flow_name, yearly_flows, years_of

    strategy = result.strategies[-1]
    dates = [
        str(one) for one in _wide(result, strategy, next(iter(result.scenario.base.domains))).index
    ]
    for domain in result.scenario.base.domains:
        flows = yearly_flows(result, strategy, domain)
        names = {
            (flow_name(result, domain, a, "en"), flow_name(result, domain, b, "en")): (a, b)
            for a, b, _ in flows.itertuples(index=False)
        }
        for a, b, persons in flows.itertuples(index=False):
            found.unknown(("flow", domain, a, b), persons)
            if not persons:
                found.facts.append(({("flow", domain, a, b): 1.0}, 0.0, 0.0))
        for row in tables[f"numbers_flows_{strategy}_{domain}"].rows:
            a, b = names[row[0].text, row[1].text]
            found.read({("flow", domain, a, b): 1.0}, row[2].text)
        for state in result.scenario.base.domains[domain]:
            ends = [(strategy, date, domain, state) for date in (dates[0], dates[-1])]
            if ends[0] not in found.truth:
                continue
            parts = {ends[0]: 1.0, ends[1]: -1.0}
            for a, b, _ in flows.itertuples(index=False):
                weight = years_of(result) * ((b == state) - (a == state))
                parts["flow", domain, a, b] = weight
            rest = sum(weight * found.truth[one] for one, weight in parts.items())
            found.facts.append((parts, rest, rest))
        coming = {
            ("flow", domain, a, b): 1.0
            for a, b, _ in flows.itertuples(index=False)
            if a == "arrival"
        }
        said = [
            int(match[1])
            for section in case.sections
            for block in section.blocks
            if isinstance(block, Paragraph)
            and (match := re.match(r"About ([\d,]+) new people come", block.text))
        ]
        if coming and said:
            found.facts.append((coming, said[0] - 5.0 if said[0] > 10 else 0.0, said[0] + 5.0))


def _targets(found: Attacker, result: som_sim.Result, tables: dict[str, Table]) -> None:
    paths, base = result.indicator_paths, result.scenario.base
    for name, target in base.targets.items():
        where = target.indicator.persons_in
        table = tables.get(f"numbers_{name}")
        if where is None or table is None or set(where.keys) - {"homeless", *base.domains}:
            continue
        sums = paths[paths["target"] == name]
        dates = [
            date for date in dict.fromkeys(sums["date"]) if date[5:7] == sums["date"].iloc[0][5:7]
        ]
        domain = next(
            one for one, states in base.domains.items()
            if one in where.keys or ("homeless" in where.keys and any(s.homeless for s in states.values()))
        )  # fmt: skip
        names = where.names(domain) or [
            key for key, one in base.domains[domain].items() if one.homeless
        ]
        for row, date in zip(table.rows, dates, strict=True):
            for strategy, cell in zip(result.strategies, row[1:], strict=True):
                parts = {(strategy, date, domain, one): 1.0 for one in names}
                if any(one not in found.truth for one in parts):
                    continue
                week = float(
                    sums.loc[
                        (sums["strategy"] == strategy) & (sums["date"] == date), "persons"
                    ].iloc[0]
                )
                excess = week - sum(found.truth[one] for one in parts)
                if cell.text != SUPPRESSED:
                    shown = float(cell.text.replace(",", "")) - excess
                    found.facts.append((parts, shown - ROUNDING, shown + ROUNDING))


def persons_sheet(book: bytes) -> Any:
    """The sheet of persons of a workbook in English."""
    import io
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return openpyxl.load_workbook(io.BytesIO(book), data_only=True)["Persons"]

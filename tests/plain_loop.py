"""The same model written again as a plain loop over labels, from the file as plain data.

Nothing here is shared with the package: no arrays with axes, no strides, no uniformisation, no
conversion of rates. Whatever the package computes for a small scenario must be what this computes.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from itertools import pairwise, product
from typing import Any

import numpy as np
from scipy.integrate import quad
from scipy.linalg import expm

YEAR = 365.25
UNITS = {"hour": 1 / 24, "day": 1, "week": 7, "month": YEAR / 12, "year": YEAR}
MONTHS = {"month": 1, "quarter": 3, "year": 12}
Cell = tuple[str, str, tuple[str, ...]]
"""Stratum, programme status, one state of each domain."""
Place = Cell | str
"""A cell, or a way to leave."""
Rates = dict[tuple[Place, Place, str], float]
"""From, to, and the domain of the move: ``programme`` and ``stratum`` for changes of those."""
PHASES = tuple(pairwise((0, 0.5, 1, 2, 4)))
"""Begin and end, in the longest half-life, of the times in which an effect fades afterwards."""


def days_of(text: str) -> float:
    number, unit = text.split()
    return float(number) * UNITS[unit.removesuffix("s")]


def month_start(text: str, later: int = 0) -> dt.date:
    year, month = text.split("-")
    months = int(year) * 12 + int(month) - 1 + later
    return dt.date(months // 12, months % 12 + 1, 1)


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


@dataclass
class PlainRun:
    """What the loop finds; boundaries and cycles are numbered from 0."""

    cells: list[Cell]
    leave: list[str]
    boundaries: list[dt.date]
    rates: list[Rates] = field(default_factory=list)
    arrivals: list[dict[Cell, float]] = field(default_factory=list)
    """Persons a year."""
    occupancy: list[dict[Place, float]] = field(default_factory=list)
    person_days: list[dict[Cell, float]] = field(default_factory=list)
    flows: list[Rates] = field(default_factory=list)
    enrolments: list[dict[tuple[str, Cell], float]] = field(default_factory=list)
    """Programme and the cell left."""
    shares: list[dict[str, float]] = field(default_factory=list)
    """Of those waiting for each programme, how many are enrolled."""
    waiting: list[dict[str, float]] = field(default_factory=list)
    places: list[dict[str, float]] = field(default_factory=list)

    @property
    def busiest(self) -> float:
        """The largest rate of a move, or 1 where all are below."""
        return max([1.0, *(rate for rates in self.rates for rate in rates.values())])


class PlainModel:
    """One strategy of a file."""

    def __init__(self, data: dict[str, Any], strategy: str) -> None:
        chosen = data["strategies"][strategy] or {}
        self.data, self.strategy = deepcopy(data), strategy
        for path, value in chosen.get("overrides", {}).items():
            replace_at(self.data, path, value)
        self.programmes = list(chosen.get("programmes", []))
        self.domains = {name: list(states) for name, states in data["domains"].items()}
        self.leave = list(data.get("leave", []))
        self.cells: list[Cell] = list(
            product(data["strata"], self.statuses(), product(*self.domains.values()))
        )
        self.boundaries = self._boundaries()

    def statuses(self) -> list[str]:
        """In none, in each programme, then after each whose effects last."""
        after = [
            f"after {name} {number}"
            for name in self.programmes
            if self.longest_half_life(name)
            for number in range(1, len(PHASES) + 1)
        ]
        return ["none", *self.programmes, *after]

    def longest_half_life(self, programme: str) -> float:
        """In years; 0 where nothing is left afterwards."""
        effects = self.data["programmes"][programme].get("effects", [])
        lasting = [effect["afterwards"] for effect in effects if "afterwards" in effect]
        return max([0.0, *(self.stay_years({"mean": one["half_life"]}) for one in lasting)])

    def _boundaries(self) -> list[dt.date]:
        time = self.data["time"]
        end, days, later = month_start(time["to"], 1), [month_start(time["from"])], 0
        while days[-1] < end:
            later += MONTHS[time["cycle"]]
            days.append(month_start(time["from"], later))
        return days

    def number(self, value: Any) -> float:
        """Return a number, a parameter's, or what the text of an expression comes to."""
        if isinstance(value, str):
            names = {name: one["value"] for name, one in self.data["parameters"].items()}
            if value in names:
                return self.number(names[value])
            known = {name: self.number(names[name]) for name in names if name in value}
            return float(eval(value, {}, known))
        return float(value)

    def unit_price(self, price: dict[str, Any]) -> float:
        """What a unit costs in its price year, overhead included; a saving is below 0."""
        overhead = float(price.get("hours", {}).get("overhead", 0))
        sign = -1 if "replaces" in price else 1
        return sign * self.number(price["amount"]) * (1 + overhead)

    def stay_years(self, stay: dict[str, Any]) -> float:
        """The mean of a stay that ends with the same chance on every day."""
        text = stay.get("mean") or stay.get("median") or stay["over"]
        named = self.data.get("parameters", {}).get(text)
        years = days_of(named["value"] if named else text) / YEAR
        if "median" in stay:
            return years / math.log(2)
        return years / -math.log(self.number(stay["share"])) if "share" in stay else years

    def fits(self, cell: Cell, where: dict[str, Any]) -> bool:
        stratum, programme, states = cell
        for key, names in where.items():
            if key == "stratum":
                found: Any = stratum
            elif key == "programme":
                found = "none" if programme.startswith("after ") else programme
            elif key == "homeless":
                found = any(
                    (self.data["domains"][domain][state] or {}).get("homeless", False)
                    for domain, state in zip(self.domains, states, strict=True)
                )
            else:
                found = states[list(self.domains).index(key)]
            if found not in listed(names):
                return False
        return True

    def on(self, schedule: Any, day: dt.date) -> float:
        """Return what a number, or a number by month, says on a day; 0 before the first month."""
        if not isinstance(schedule, dict):
            return self.number(schedule)
        if "posts" in schedule:
            return self.on(schedule["posts"], day) * self.number(schedule["caseload"])
        return ([0.0] + [self.number(n) for m, n in schedule.items() if month_start(m) <= day])[-1]

    def rates(self, day: dt.date) -> Rates:
        rates: Rates = defaultdict(float)
        for cell in self.cells:
            stratum, programme, states = cell
            for row in self.data.get("transitions", []):
                (domain,) = row["from"]
                position = list(self.domains).index(domain)
                here = states[position]
                if here not in listed(row["from"][domain]) or not self.fits(
                    cell, row.get("if", {})
                ):
                    continue
                if "stratum" in row and stratum not in listed(row["stratum"]):
                    continue
                for to, rate in self.row_rates(row, day).items():
                    for effect, strength in self.effects(programme, day):
                        if (
                            effect["from"].keys() == {domain}
                            and here in listed(effect["from"][domain])
                            and to in listed(effect["to"])
                            and self.fits(cell, effect.get("if", {}))
                        ):
                            rate *= self.number(effect["hazard_ratio"]) ** strength
                    after = (*states[:position], to, *states[position + 1 :])
                    target = to if to in self.leave else (stratum, programme, after)
                    rates[cell, target, domain] += rate
            if programme.startswith("after "):
                name, number, start, end = self.phase(programme)
                following = "none" if number == len(PHASES) else f"after {name} {number + 1}"
                rates[cell, (stratum, following, states), "programme"] += 1 / (end - start)
            elif programme != "none":
                rules = self.data["programmes"][programme]
                ending, rest = 1 / self.stay_years(rules["stay"]), 1.0
                onward = rules.get("moves_on_to") or {}
                onward = {onward: 1} if isinstance(onward, str) else onward
                for other, share in onward.items():
                    rates[cell, (stratum, other, states), "programme"] += ending * float(share)
                    rest -= float(share)
                drop_out = self.number(rules.get("drop_out", {}).get("rate_per_year", 0))
                leaving = ending * max(rest, 0) + drop_out
                to = f"after {programme} 1" if self.longest_half_life(programme) else "none"
                rates[cell, (stratum, to, states), "programme"] += leaving
            ages = (self.data["strata"][stratum] or {}).get("ages")
            if ages:
                older = ages["to"], programme, states
                rates[cell, older, "stratum"] += 1 / self.stay_years({"mean": ages["after"]})
        return dict(rates)

    def phase(self, status: str) -> tuple[str, int, float, float]:
        """Programme, number, begin and end in years of a status that follows a programme."""
        _, name, number = status.split()
        start, end = (edge * self.longest_half_life(name) for edge in PHASES[int(number) - 1])
        return name, int(number), start, end

    def effects(self, status: str, day: dt.date) -> Iterator[tuple[dict[str, Any], float]]:
        """Effects on people, and how strong they are on the logarithm of the hazard ratio."""
        if status == "none":
            return
        after = status.startswith("after ")
        name = self.phase(status)[0] if after else status
        for effect in self.data["programmes"][name].get("effects", []):
            if not after:
                yield effect, self.ramp(name, day)
            elif "afterwards" in effect:
                half_life = self.stay_years({"mean": effect["afterwards"]["half_life"]})
                yield effect, self.ramp(name, day) * mean_fade(half_life, *self.phase(status)[2:])

    def ramp(self, programme: str, day: dt.date) -> float:
        """The mean over the cycle of a day of what is reached, by trapezes between its corners."""
        rules = self.data["programmes"][programme]
        if "ramp_up" not in rules:
            return 1.0
        steps = rules["places"].get("posts", rules["places"])
        first, length = month_start(next(iter(steps))), days_of(rules["ramp_up"])
        after = self.boundaries[self.boundaries.index(day) + 1]
        start, end = (day - first).days, (after - first).days
        corners = np.array([start, *(x for x in (0.0, length) if start < x < end), end])
        reached = np.clip(corners / length, 0, 1)
        return float(np.trapezoid(reached, corners)) / (end - start)

    def row_rates(self, row: dict[str, Any], day: dt.date) -> dict[str, float]:
        season = float(row["season"][day.month - 1]) if "season" in row else 1.0
        if "stay" in row:
            to = row.get("counts") or row["to"]
            to = to if isinstance(to, dict) else {to: 1}
            whole = sum(to.values()) if "counts" in row else 1
            ending = season / self.stay_years(row["stay"])
            return {name: self.number(share) / whole * ending for name, share in to.items()}
        if "rate_per_year" in row:
            return {row["to"]: season * self.on(row["rate_per_year"], day)}
        if "counts" in row:
            n = sum(row["counts"].values()) + row["stayed"]
            given = {name: count / n for name, count in row["counts"].items()}
        else:
            given = row.get("probabilities") or {row["to"]: row["probability"]}
        p = {name: self.number(one) for name, one in given.items()}
        total, years = sum(p.values()), days_of(row["within"]) / YEAR
        whole = -season * math.log1p(-total) / years
        return {name: one / total * whole if total else 0.0 for name, one in p.items()}

    def places(self, programme: str, day: dt.date) -> float:
        return self.on(self.data["programmes"][programme]["places"], day)

    def wanted(self, programme: str, waiting: float, day: dt.date) -> float:
        intake = self.data["programmes"][programme]["intake"]
        if "share_of_waiting" in intake:
            return self.number(intake["share_of_waiting"]) * waiting
        months = MONTHS[self.data["time"]["cycle"]]
        return min(self.on(intake["persons_per_month"], day) * months, waiting)

    def waits(self, cell: Cell, programme: str) -> bool:
        eligible = self.data["programmes"][programme]["eligible"]
        return self.fits(cell, {"programme": "none", **eligible})

    def enrol(self, persons: dict[Place, float], programme: str, share: float) -> dict[Cell, float]:
        """Move a share of those who wait; return who moved, by the cell they left."""
        moved = {cell: persons[cell] * share for cell in self.cells if self.waits(cell, programme)}
        for cell, number in moved.items():
            persons[cell] -= number
            persons[cell[0], programme, cell[2]] += number
        return moved

    def run(self) -> PlainRun:
        run = PlainRun(cells=self.cells, leave=self.leave, boundaries=self.boundaries)
        persons: dict[Place, float] = dict.fromkeys([*self.cells, *self.leave], 0.0)
        for cell, number in self.group("initial", "persons", self.boundaries[0]).items():
            persons[cell] += number
        for start, end in zip(self.boundaries[:-1], self.boundaries[1:], strict=True):
            enrolled, shares, waiting, places = {}, {}, {}, {}
            for programme in self.programmes:
                inside = sum(persons[cell] for cell in self.cells if cell[1] == programme)
                wait = sum(persons[cell] for cell in self.cells if self.waits(cell, programme))
                places[programme] = self.places(programme, start)
                number = min(
                    max(places[programme] - inside, 0.0), self.wanted(programme, wait, start)
                )
                shares[programme] = number / wait if wait else 0.0
                waiting[programme] = wait
                for cell, moved in self.enrol(persons, programme, shares[programme]).items():
                    enrolled[programme, cell] = moved
            run.enrolments.append(enrolled)
            run.shares.append(shares)
            run.waiting.append(waiting)
            run.places.append(places)
            run.occupancy.append(dict(persons))
            rates, arrivals = self.rates(start), self.group("arrivals", "per_year", start)
            run.rates.append(rates)
            run.arrivals.append(arrivals)
            persons, time = self.step(rates, persons, arrivals, (end - start).days / YEAR)
            run.person_days.append({cell: time[cell] * YEAR for cell in self.cells})
            run.flows.append({move: time[move[0]] * rate for move, rate in rates.items()})
        run.occupancy.append(dict(persons))
        return run

    def group(self, section: str, key: str, day: dt.date) -> dict[Cell, float]:
        found: dict[Cell, float] = defaultdict(float)
        for one in self.data["population"].get(section, []):
            states = tuple(one[domain] for domain in self.domains)
            season = float(one["season"][day.month - 1]) if "season" in one else 1.0
            found[one["stratum"], "none", states] += season * self.on(one[key], day)
        return dict(found)

    def step(
        self,
        rates: Rates,
        persons: dict[Place, float],
        arrivals: dict[Cell, float],
        years: float,
    ) -> tuple[dict[Place, float], dict[Place, float]]:
        """Persons at the end and person-years, stratum by stratum where nobody moves between them."""
        end, time = dict.fromkeys(persons, 0.0), dict.fromkeys(persons, 0.0)
        strata = list(self.data["strata"])
        ageing = any(domain == "stratum" for _, _, domain in rates)
        for together in [strata] if ageing else [[one] for one in strata]:
            here: list[Place] = [cell for cell in self.cells if cell[0] in together]
            places = [*here, *self.leave]
            number = {place: position for position, place in enumerate(places)}
            q = np.zeros((len(places), len(places)))
            for (source, target, _), rate in rates.items():
                if source[0] in together:
                    q[number[source], number[target]] += rate
                    q[number[source], number[source]] -= rate
            n = np.array([persons[place] for place in here] + [0.0] * len(self.leave))
            a = np.array([arrivals.get(place, 0.0) for place in places])  # type: ignore[call-overload]
            after, spent = van_loan(q, n, a, years)
            for place, position in number.items():
                end[place] += after[position]
                time[place] += spent[position]
        for way in self.leave:
            end[way] += persons[way]
        return end, time

    def count(self, run: PlainRun, where: dict[str, Any], day: dt.date, over_days: float) -> float:
        """Persons who fit a condition at some time in a window, by first passage."""
        inside = {cell for cell in self.cells if self.fits(cell, where)}
        at = max(number for number, first in enumerate(run.boundaries) if first <= day)
        others, counted = dict(run.occupancy[at]), 0.0
        offset = (day - run.boundaries[at]).days
        if offset:
            others, _ = self.step(run.rates[at], others, run.arrivals[at], offset / YEAR)

        def set_aside() -> float:
            number = sum(others[cell] for cell in inside)
            others.update(dict.fromkeys(inside, 0.0))
            return number

        counted += set_aside()
        left = over_days
        while left > 0:
            days = min(left, (run.boundaries[at + 1] - run.boundaries[at]).days - offset)
            absorbing = {
                move: rate for move, rate in run.rates[at].items() if move[0] not in inside
            }
            others, _ = self.step(absorbing, others, run.arrivals[at], days / YEAR)
            counted += set_aside()
            left, offset, at = left - days, 0, at + 1
            if left > 0:
                for programme in self.programmes:
                    self.enrol(others, programme, run.shares[at][programme])
                counted += set_aside()
        return counted

    def entries(self, run: PlainRun, where: dict[str, Any], cycle: int) -> dict[Cell, float]:
        """Entries to some cells from outside them in a cycle, arrivals included, by cell."""
        into: dict[Cell, float] = defaultdict(float)
        inside = {cell for cell in self.cells if self.fits(cell, where)}
        for (source, target, kind), flow in run.flows[cycle].items():
            if target in inside and source not in inside and kind != "stratum":
                into[target] += flow  # type: ignore[index]
        for cell, per_year in run.arrivals[cycle].items():
            if cell in inside:
                into[cell] += per_year * self.days(cycle) / YEAR
        for (programme, source), moved in run.enrolments[cycle].items():
            target = source[0], programme, source[2]
            if target in inside and source not in inside:
                into[target] += moved
        return dict(into)

    def measure(self, run: PlainRun, measured: dict[str, Any]) -> float:
        """An indicator where and when it is measured."""
        ((kind, what),) = measured["indicator"].items()
        if kind == "persons_in":
            over = days_of(measured["over"]) if "over" in measured else 0.0
            return self.count(run, what, dt.date.fromisoformat(measured["at"]), over)
        first, end = (
            month_start(measured["during"]["from"]),
            month_start(measured["during"]["to"], 1),
        )
        cycles = [number for number, day in enumerate(self.boundaries) if first <= day < end]
        if kind == "distinct_persons_in":
            return self.count(run, what, first, (end - first).days)
        if kind in ("mean_persons_in", "person_days_in"):
            days = sum(
                time
                for cycle in cycles
                for cell, time in run.person_days[cycle].items()
                if self.fits(cell, what)
            )
            return days if kind == "person_days_in" else days / (end - first).days
        if kind == "entries_to":
            return sum(sum(self.entries(run, what, cycle).values()) for cycle in cycles)
        ((domain, here),) = what["from"].items()
        position = list(self.domains).index(domain)
        moves = wanted = 0.0
        for cycle in cycles:
            for (source, target, which), flow in run.flows[cycle].items():
                if which != domain or source[2][position] not in listed(here):
                    continue
                to = target if isinstance(target, str) else target[2][position]
                moves += flow * (to not in listed(here))
                wanted += flow * (to in listed(what["to"]))
        return wanted if kind == "moves" else wanted / moves

    def days(self, cycle: int) -> int:
        return (self.boundaries[cycle + 1] - self.boundaries[cycle]).days

    def quantity(
        self, run: PlainRun, price: dict[str, Any], cycle: int
    ) -> dict[tuple[str, str], float]:
        """What a price buys in a cycle, by stratum and programme (empty where it is about nobody)."""
        start, unit = self.boundaries[cycle], price["per"]
        if "from" in price and start < month_start(price["from"]):
            return {}
        if "to" in price and start >= month_start(price["to"], 1):
            return {}
        months = MONTHS[self.data["time"]["cycle"]]
        found: dict[tuple[str, str], float] = defaultdict(float)
        per_day = {"person_day": 1.0, "person_month": months / self.days(cycle)}
        per_day["person_year"] = per_day["person_month"] / 12
        if unit in per_day:
            for cell, days in run.person_days[cycle].items():
                if self.fits(cell, price["in"]):
                    found[cell[:2]] += days * per_day[unit]
        elif unit == "entry":
            for cell, number in self.entries(run, price["in"], cycle).items():
                found[cell[:2]] += number
        elif unit == "enrolment":
            for (programme, source), moved in run.enrolments[cycle].items():
                if programme == price["programme"]:
                    found[source[0], programme] += moved
            for (_, target, which), flow in run.flows[cycle].items():
                if which == "programme" and target[1] == price["programme"]:
                    found[target[:2]] += flow  # type: ignore[index]
        elif unit == "once":
            begins = month_start(price["from"]) if "from" in price else self.boundaries[0]
            found["", ""] = float(start == max(begins, self.boundaries[0]))
        elif unit == "move":
            ((domain, here),) = price["moves"]["from"].items()
            position = list(self.domains).index(domain)
            for (source, target, which), flow in run.flows[cycle].items():
                if which != domain or source[2][position] != here:
                    continue
                if price["moves"]["to"] == (
                    target if isinstance(target, str) else target[2][position]
                ):
                    found[source[:2]] += flow
        elif unit == "hour":
            posts = self.on(price["hours"]["posts"], start)
            if "per_week" in price["hours"]:
                each = self.on(price["hours"]["per_week"], start)
                found["", ""] = posts * each * self.days(cycle) / 7
            else:
                found["", ""] = posts * self.on(price["hours"]["per_month"], start) * months
        elif unit.startswith("place_"):
            time = {"day": self.days(cycle), "month": months, "year": months / 12}
            number = price.get("places")
            if number is None:
                number = self.data["programmes"][price["programme"]]["places"]
            found["", ""] = self.on(number, start) * time[unit.removeprefix("place_")]
        else:
            found["", ""] = months / MONTHS[unit]
        return dict(found)


def replace_at(data: Any, path: str, value: Any) -> None:
    """Put a value at a path such as ``population.arrivals[0].per_year``."""
    *above, last = path.replace("[", ".").replace("]", "").split(".")
    for part in above:
        data = data[int(part)] if isinstance(data, list) else data[part]
    data[last] = value


def mean_fade(half_life: float, start: float, end: float) -> float:
    """What is left of an effect on average between two times after it, by quadrature."""
    area, _ = quad(lambda t: 2 ** (-t / half_life), start, end, epsabs=0, epsrel=1e-13)
    return float(area) / (end - start)


def van_loan(
    q: np.ndarray, n: np.ndarray, a: np.ndarray, years: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return persons at the end of a step and the time spent in it, by a block matrix.

    The first rows of ``exp([[Q, I, 0], [0, 0, I], [0, 0, 0]] h)`` hold ``exp(Q h)``, its integral
    over the step, and the integral of that (Van Loan 1978, doi:10.1109/TAC.1978.1101743).
    """
    size = len(q)
    block = np.zeros((3 * size, 3 * size))
    block[:size, :size] = q
    block[:size, size : 2 * size] = np.eye(size)
    block[size : 2 * size, 2 * size :] = np.eye(size)
    top = expm(block * years)[:size]
    moved, once, twice = top[:, :size], top[:, size : 2 * size], top[:, 2 * size :]
    return n @ moved + a @ once, n @ once + a @ twice

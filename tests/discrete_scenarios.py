"""Small scenarios in a discrete step, a generator of random ones, and a plain loop to run them.

The loop holds people in a dictionary and does what the file says line by line; it shares no code
with the engine.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from decimal import Decimal
from itertools import product
from math import exp, log
from typing import Any

from hypothesis import strategies as st

from plain_loop import MONTHS, month_start
from random_scenarios import Data, boundaries, hundredths, parts_of, small, with_money
from som_sim.model.model import Model

WITHIN = {"month": "1 month", "quarter": "3 months", "year": "1 year"}
RULES = ("start", "end", "half_cycle", "simpson")


def discrete(
    n_cycles: int = 4, cycle: str = "year", counting: str = "end", **sections: Any
) -> Data:
    """Return a scenario of three states and a way out that a test changes section by section."""
    join = sections.pop("arrivals_join", None)
    time = {
        "from": "2017-01",
        "to": f"{month_start('2017-01', n_cycles * MONTHS[cycle] - 1):%Y-%m}",
        "cycle": cycle,
        "step": "discrete",
        "counting": counting,
        **({"arrivals_join": join} if join else {}),
    }
    rows = {
        "a": {"b": "0.2", "c": "0.1", "dead": "0.05"},
        "b": {"a": "0.1", "c": "0.3"},
        "c": {"dead": "0.25"},
    }
    data: Data = {
        "domains": {"health": {"a": None, "b": None, "c": None}},
        "leave": ["dead"],
        "population": {"initial": [{"stratum": "adult", "health": "a", "persons": 1000}]},
        "transitions": [row_of("health", state, row, cycle) for state, row in rows.items()],
    }
    return small(time=time, **{**data, **sections})


def row_of(domain: str, here: str, row: dict[str, str], cycle: str = "year", **more: Any) -> Data:
    """Return a row of probabilities within a cycle."""
    p = {to: Decimal(one) for to, one in row.items()}
    return {"from": {domain: here}, "probabilities": p, "within": WITHIN[cycle], **more}


def with_programme(data: Data, *effects: Data, **keys: Any) -> Data:
    """Return a scenario whose strategy `act` has a programme for everybody, from the start."""
    act = {
        "eligible": {},
        "places": 100_000,
        "intake": {"share_of_waiting": 1},
        "effects": list(effects),
        **keys,
    }
    return {
        **data,
        "programmes": {"act": act},
        "strategies": {"reference": {}, "act": {"programmes": ["act"]}},
    }


def probabilities(model: Model, cycle: int = 0, draw: int = 0) -> dict[tuple[str, str], float]:
    """Return the probability of each move by the names of where it comes from and goes."""
    axes, edges = model.axes, model.generator_in(cycle)
    names = [axes.cell_name(cell) for cell in range(axes.n_cells)] + list(axes.leave)
    return {
        (names[source], names[target]): float(p)
        for source, target, p in zip(edges.source, edges.target, edges.rate[:, draw], strict=True)
    }


# The plain loop -----------------------------------------------------------------------------------

People = dict[tuple[Any, ...], float]
"""Persons by stratum, programme and one state of each domain; or by a way to leave."""


def listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


class PlainRun:
    """A run of one strategy: persons at boundaries, person-days and moves, by cell."""

    def __init__(self, data: Data, strategy: str) -> None:
        self.data = data
        self.domains = list(data["domains"])
        self.programmes = data["strategies"][strategy].get("programmes", [])
        time = data["time"]
        self.starts = [month_start(time["from"])]
        end = month_start(time["to"], 1)
        while self.starts[-1] < end:
            self.starts.append(month_start(f"{self.starts[-1]:%Y-%m}", MONTHS[time["cycle"]]))
        self.days = [(b - a).days for a, b in zip(self.starts, self.starts[1:], strict=False)]
        self.occupancy: list[People] = []
        self.moves: list[dict[tuple[Any, Any], float]] = []
        openings, closings = [], []
        people: People = defaultdict(float)
        for group in data["population"]["initial"]:
            people[self.cell(group)] += float(group["persons"])
        join = time.get("arrivals_join", "end")
        for cycle, days in enumerate(self.days):
            self.enrol(people)
            self.occupancy.append(dict(people))
            if join == "start":
                self.arrive(people, days)
            openings.append(dict(people))
            people = self.move(people, self.starts[cycle])
            if join == "end":
                self.arrive(people, days)
            closings.append(dict(people))
        self.occupancy.append(dict(people))
        self.person_days = self.count(openings, closings, time["counting"])

    def cell(self, group: Data) -> tuple[Any, ...]:
        return (group["stratum"], "none", *(group[domain] for domain in self.domains))

    def arrive(self, people: People, days: int) -> None:
        for group in self.data["population"].get("arrivals", []):
            people[self.cell(group)] += float(group["per_year"]) * days / 365.25

    def enrol(self, people: People) -> None:
        for name in self.programmes:
            programme = self.data["programmes"][name]
            inside = sum(n for cell, n in people.items() if cell[1:2] == (name,))
            waiting = {
                cell: n
                for cell, n in people.items()
                if cell[1:2] == ("none",) and self.fits(programme["eligible"], cell)
            }
            total = sum(waiting.values())
            wanted = float(programme["intake"]["share_of_waiting"]) * total
            enrolled = min(max(float(programme["places"]) - inside, 0), wanted)
            for cell, n in waiting.items():
                moving = n * enrolled / total if total else 0.0
                people[cell] -= moving
                people[(cell[0], name, *cell[2:])] += moving

    def fits(self, where: Data, cell: tuple[Any, ...]) -> bool:
        named = dict(zip(("stratum", "programme", *self.domains), cell, strict=True))
        return all(named[key] in listed(names) for key, names in where.items())

    def move(self, people: People, day: dt.date) -> People:
        after: People = defaultdict(float)
        moves: dict[tuple[Any, Any], float] = defaultdict(float)
        for cell, n in people.items():
            if len(cell) == 1:
                after[cell] += n
                continue
            stays = 1.0
            for to, p in self.chances(cell, day).items():
                after[to] += n * p
                moves[cell, to] += n * p
                stays -= p
            after[cell] += n * stays
        self.moves.append(moves)
        return after

    def chances(self, cell: tuple[Any, ...], day: dt.date) -> dict[tuple[Any, ...], float]:
        """The probability of each move out of a cell."""
        found: dict[tuple[Any, ...], float] = {}
        for position, domain in enumerate(self.domains, start=2):
            row: dict[str, float] = {}
            for one in self.data["transitions"]:
                where = {**one["from"], **one.get("if", {})}
                if "stratum" in one:
                    where["stratum"] = one["stratum"]
                if domain in one["from"] and self.fits(where, cell):
                    row |= {to: float(p) for to, p in one["probabilities"].items()}
            row = self.changed(row, cell, domain, day)
            for to, p in row.items():
                inside = to in self.data["domains"][domain]
                target = (*cell[:position], to, *cell[position + 1 :]) if inside else (to,)
                found[target] = found.get(target, 0.0) + p
        programme = self.data.get("programmes", {}).get(cell[1])
        if programme and "stay" in programme:
            cycles = int(programme["stay"]["mean"].split()[0]) / MONTHS[self.data["time"]["cycle"]]
            found[(cell[0], "none", *cell[2:])] = 1 / cycles
        ages = (self.data["strata"][cell[0]] or {}).get("ages")
        if ages:
            cycles = int(ages["after"].split()[0]) / MONTHS[self.data["time"]["cycle"]]
            found[(ages["to"], *cell[1:])] = 1 / cycles
        return found

    def changed(
        self, row: dict[str, float], cell: tuple[Any, ...], domain: str, day: dt.date
    ) -> dict[str, float]:
        """A row under the effects of the programme that people are in."""
        for effect in self.data.get("programmes", {}).get(cell[1], {}).get("effects", []):
            during = effect.get("during")
            if during and not (month_start(during["from"]) <= day < month_start(during["to"], 1)):
                continue
            if domain not in effect["from"] or not self.fits(
                {**effect["from"], **effect.get("if", {})}, cell
            ):
                continue
            hit = {to for to in row if to in listed(effect["to"])}
            total, stay = sum(row.values()), 1 - sum(row.values())
            if not hit:
                continue
            if "difference" in effect:
                row = {to: p + (to in hit) * float(effect["difference"]) for to, p in row.items()}
            elif "risk_ratio" in effect:
                row = {
                    to: p * (float(effect["risk_ratio"]) if to in hit else 1)
                    for to, p in row.items()
                }
            elif "odds_ratio" in effect:
                size = float(effect["odds_ratio"])
                weight = {to: p * (size if to in hit else 1) for to, p in row.items()}
                row = {to: w / (stay + sum(weight.values())) for to, w in weight.items()}
            elif total:
                size = float(effect["hazard_ratio"])
                hazard = {
                    to: -log(stay) * p / total * (size if to in hit else 1) for to, p in row.items()
                }
                whole = sum(hazard.values())
                row = {to: (1 - exp(-whole)) * h / whole for to, h in hazard.items() if whole}
        return row

    def count(self, openings: list[People], closings: list[People], rule: str) -> list[People]:
        cells = {cell for one in (*openings, *closings) for cell in one if len(cell) > 1}
        counted: list[People] = [{} for _ in openings]
        for cell, cycle in product(cells, range(len(openings))):
            first, last = openings[cycle].get(cell, 0.0), closings[cycle].get(cell, 0.0)
            time = {"start": first, "end": last, "half_cycle": (first + last) / 2}.get(rule)
            if time is None:
                pair = cycle - cycle % 2
                n0, n1 = openings[pair].get(cell, 0.0), openings[pair + 1].get(cell, 0.0)
                n2 = closings[pair + 1].get(cell, 0.0)
                both = (n0 + 4 * n1 + n2) / 3
                early = min(max((5 * n0 + 8 * n1 - n2) / 12, 0.0), both)
                time = both - early if cycle % 2 else early
            counted[cycle][cell] = time * self.days[cycle]
        return counted


# Random scenarios ---------------------------------------------------------------------------------


@st.composite
def discrete_scenarios(draw: st.DrawFn) -> Data:
    """Draw a small valid scenario in a discrete step, with money and a programme or without."""
    cycle = draw(st.sampled_from(list(MONTHS)))
    counting = draw(st.sampled_from(RULES))
    n_cycles = draw(st.integers(1, 4)) if counting != "simpson" else 2 * draw(st.integers(1, 2))
    sizes = draw(st.sampled_from([(2,), (3,), (2, 2), (3, 2)]))
    domains = {
        domain: {f"{domain[0]}{number}": None for number in range(size)}
        for domain, size in zip(("health", "work"), sizes, strict=False)
    }
    leave = draw(st.sampled_from([[], ["dead"]]))
    strata = draw(st.sampled_from([["adult"], ["young", "adult"]]))
    data = discrete(n_cycles, cycle, counting)
    data |= {"domains": domains, "leave": leave, "strata": dict.fromkeys(strata)}
    if len(strata) > 1 and draw(st.booleans()):
        data["strata"] = {"young": {"ages": {"to": "adult", "after": "240 months"}}, "adult": None}
    group = st.fixed_dictionaries(
        {
            "stratum": st.sampled_from(strata),
            **{domain: st.sampled_from(list(states)) for domain, states in domains.items()},
        }
    )
    data["population"] = {
        "initial": [
            {**one, "persons": draw(st.integers(1, 300))}
            for one in draw(st.lists(group, min_size=1, max_size=3))
        ],
        "arrivals": [
            {**one, "per_year": draw(hundredths(0, 90))}
            for one in draw(st.lists(group, max_size=2))
        ],
    }
    if counting != "simpson" and draw(st.booleans()):
        data["time"]["arrivals_join"] = draw(st.sampled_from(["start", "end"]))
    # 40 % a cycle in the first domain, which effects may raise to 64 %, 20 % in the second, 5 % of
    # ageing and 10 % at the end of a stay: together never more than 1.
    data["transitions"] = [
        {**row_of(domain, state, draw(rows(domain, state, data, most)), cycle), **part}
        for (domain, states), most in zip(domains.items(), (40, 20), strict=False)
        for state in states
        for part in draw(st.sampled_from([[{}], [{"stratum": name} for name in strata]]))
    ]
    if counting != "simpson":
        data = draw(programme_in(data))
    where = {"health": "h1"}
    window = {"from": data["time"]["from"], "to": data["time"]["to"]}
    data["targets"] = {
        "last": {
            "indicator": {"persons_in": where},
            "at": f"{month_start(data['time']['to'], 1):%Y-%m-%d}",
            "goal": 5,
            "better": "lower",
        },
        "entries": {
            "indicator": {"entries_to": where}, "during": window, "goal": 5, "better": "higher",
        },
    }  # fmt: skip
    prices = {
        unit: {
            "amount": draw(hundredths(0, 9000)),
            "per": unit,
            "in": where,
            "price_year": 2019,
            "payers": {"kommune": Decimal("0.3"), "stat": Decimal("0.7")},
            "account": "care",
        }
        for unit in draw(
            st.lists(
                st.sampled_from(["person_day", "person_month", "person_year", "entry"]),
                unique=True,
            )
        )
    }
    return with_money(data, prices)


def rows(domain: str, state: str, data: Data, most: int) -> st.SearchStrategy[dict[str, str]]:
    """The probabilities of leaving a state, together `most` per cent at the most."""
    to = [one for one in (*data["domains"][domain], *data["leave"]) if one != state]
    parts = parts_of(most, len(to) + 1)
    return parts.map(lambda n: {one: str(Decimal(n[i]) / 100) for i, one in enumerate(to)})


@st.composite
def programme_in(draw: st.DrawFn, data: Data) -> Data:
    kind = draw(st.sampled_from(["hazard_ratio", "odds_ratio", "risk_ratio", "difference"]))
    effects = []
    for row in data["transitions"]:
        if "health" not in row["from"] or "stratum" in row or not draw(st.booleans()):
            continue
        to = draw(st.sampled_from(list(row["probabilities"])))
        least = -row["probabilities"][to]
        size = {
            "difference": hundredths(float(least), 0.2),
            "risk_ratio": hundredths(0, 1.5),
        }.get(kind, hundredths(0, 2))
        effect = {"from": row["from"], "to": to, kind: draw(size)}
        if draw(st.booleans()):
            first = draw(st.sampled_from(boundaries(data)[:-1]))
            effect["during"] = {"from": f"{first:%Y-%m}", "to": data["time"]["to"]}
        effects.append(effect)
    keys: Data = {"places": draw(hundredths(0, 90))}
    if draw(st.booleans()):
        keys["stay"] = {"mean": f"{10 * MONTHS[data['time']['cycle']]} months"}
    keys["eligible"] = draw(st.sampled_from([{}, {"health": "h0"}, {"stratum": "adult"}]))
    keys["intake"] = {"share_of_waiting": draw(hundredths(0, 1))}
    return with_programme(data, *effects, **keys)

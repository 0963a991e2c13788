"""The checklist that belongs to a calculation with SØM, answered from the file.

Socialstyrelsen's guidance asks whoever calculates to write down their choices. Most of them stand
in a scenario file; each function here answers one line from it, or says what is still missing.
What only people know (is the evidence about the same people?) is asked for as a `note`.

References
----------
Socialstyrelsen and VIVE (2018), documentation of the social investment model (SØM).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from som_sim.scenario.prices import PERSON_TIME
from som_sim.scenario.quantities import Quantity
from som_sim.scenario.scenario import Scenario
from som_sim.scenario.schema import Effect, Evidence, ScenarioFile
from som_sim.writing.audit import Finding, Line, Status, illustrative_sources

Answer = tuple[str, tuple[tuple[str, str], ...]]
Findings = tuple[Finding, ...]
MOST_NAMES = 6


def checklist(scenario: Scenario, findings: Findings) -> tuple[Line, ...]:
    """Answer every line of the checklist.

    Parameters
    ----------
    scenario
        The case.
    findings
        What the audit found in it.
    """
    spec = scenario.base
    lines = []
    for name, answer in LINES.items():
        status, said = answer(spec, findings)
        lines.append(Line(name=name, status=status, answer=tuple(said)))
    return tuple(lines)


Reply = tuple[Status, list[Answer]]


def _say(key: str, **values: object) -> Answer:
    return f"audit.say.{key}", tuple((name, str(value)) for name, value in values.items())


def _names(names: Iterable[str]) -> str:
    listed = list(dict.fromkeys(names))
    more = len(listed) - MOST_NAMES
    return ", ".join(listed[:MOST_NAMES]) + (f" (+{more})" if more > 0 else "")


def _reply(missing: Iterable[str], yes: Answer, no: str, *, none: bool = False) -> Reply:
    """Answer a line that is about several things, of which some may lack what is asked."""
    lacking = list(missing)
    if not lacking:
        return "answered", [yes]
    return ("open" if none else "partly"), [
        *([] if none else [yes]),
        _say(no, names=_names(lacking)),
    ]


def _effects(spec: ScenarioFile) -> Iterator[tuple[str, Effect]]:
    for name, programme in spec.programmes.items():
        for position, effect in enumerate(programme.effects):
            yield f"programmes.{name}.effects[{position}]", effect


def _evidence_of(spec: ScenarioFile, effect: Effect) -> list[Evidence | Quantity]:
    """Return what may carry an effect's evidence: itself, its number, the parameters it names."""
    quantity = getattr(effect, effect.kind)
    found: list[Evidence | Quantity] = [effect]
    if isinstance(quantity, Quantity):
        found += [quantity, *(spec.parameters[one] for one in quantity.names)]
    return found


def _reference(spec: ScenarioFile, findings: Findings) -> Reply:
    name, course = next(iter(spec.strategies.items()))
    programmes = _names(course.programmes)
    said = _say("reference", label=name, programmes=programmes or "–")
    if spec.meta.description is None:
        return "partly", [said, _say("reference.no")]
    return "answered", [said]


def _target_group(spec: ScenarioFile, findings: Findings) -> Reply:
    effects = dict(_effects(spec))
    if not effects:
        return "open", [_say("no_effects")]
    bare = [
        place
        for place, effect in effects.items()
        if not any(getattr(one, "note", None) for one in _evidence_of(spec, effect))
    ]
    said = _say("target_group", names=_names(spec.programmes))
    return _reply(bare, said, "target_group.no", none=len(bare) == len(effects))


def _measure(spec: ScenarioFile, findings: Findings) -> Reply:
    kinds = _names(effect.kind for _, effect in _effects(spec))
    if not spec.targets or not kinds:
        return "open", [_say("measure.no")]
    targets = _names(f"{name} ({one.indicator.kind})" for name, one in spec.targets.items())
    return "answered", [_say("measure", kinds=kinds, targets=targets)]


def _level(spec: ScenarioFile, findings: Findings) -> Reply:
    effects = dict(_effects(spec))
    if not effects:
        return "open", [_say("no_effects")]
    grades, bare = [], []
    for place, effect in effects.items():
        found = [grade for one in _evidence_of(spec, effect) if (grade := one.grade)]
        grades += found
        if not found:
            bare.append(place)
    said = _say("level", grades=_names(sorted(grades)) or "–")
    return _reply(bare, said, "level.no", none=not grades)


def _net(spec: ScenarioFile, findings: Findings) -> Reply:
    effects = dict(_effects(spec))
    if not effects:
        return "open", [_say("no_effects")]
    return "answered", [_say("net", names=_names(effect.kind for effect in effects.values()))]


def _drop_out(spec: ScenarioFile, findings: Findings) -> Reply:
    if not spec.programmes:
        return "open", [_say("no_programmes")]
    bare = [name for name, one in spec.programmes.items() if one.drop_out is None]
    having = _names(name for name in spec.programmes if name not in bare)
    return _reply(bare, _say("drop_out", names=having), "drop_out.no", none=not having)


def _phases(spec: ScenarioFile, findings: Findings) -> Reply:
    if not spec.prices:
        return "open", [_say("no_prices")]
    startup = [name for name, one in spec.prices.items() if one.phase == "startup"]
    if not startup:
        return "open", [_say("phases.no")]
    return "answered", [_say("phases", names=_names(startup))]


def _saved(spec: ScenarioFile, findings: Findings) -> Reply:
    if not spec.prices:
        return "open", [_say("no_prices")]
    falling = {
        name: one
        for name, one in spec.prices.items()
        if one.replaces is not None
        or (one.per in (*PERSON_TIME, "entry") and one.in_ is not None
            and one.in_.names("programme") is None and one.transfer_to is None)
    }  # fmt: skip
    if not falling:
        return "answered", [_say("saved.none")]
    bare = [name for name, one in falling.items() if not one.note]
    said = _say("saved", names=_names(falling))
    return _reply(bare, said, "saved.no", none=len(bare) == len(falling))


def _price_year(spec: ScenarioFile, findings: Findings) -> Reply:
    if not spec.prices or spec.money is None:
        return "open", [_say("no_prices")]
    years = sorted({one.price_year for one in spec.prices.values()})
    used = {one.index or spec.money.index for one in spec.prices.values()}
    pretended = illustrative_sources(spec)
    bare = [
        name
        for name in sorted(used)
        if name in spec.indices
        and (not spec.indices[name].source or spec.indices[name].source in pretended)
    ]
    said = _say("price_year", year=spec.meta.price_year, years=_names(map(str, years)),
                names=_names(sorted(used)))  # fmt: skip
    return _reply(bare, said, "price_year.no")


def _twice(spec: ScenarioFile, findings: Findings) -> Reply:
    found = [one for one in findings if one.kind in ("double_count", "transfer")]
    said = _say("twice", n=len(spec.prices))
    return _reply([one.place for one in found], said, "twice.no", none=bool(found))


def _horizon(spec: ScenarioFile, findings: Findings) -> Reply:
    first, last = spec.time.from_.text, spec.time.to.text
    years = round((spec.time.to.end - spec.time.from_.start).days / 365.25, 1)
    said = _say("horizon", first=first, last=last, years=f"{years:g}")
    return "answered", [said]


def _payers(spec: ScenarioFile, findings: Findings) -> Reply:
    if not spec.prices:
        return "open", [_say("no_prices")]
    rules, bare = [], []
    for name, price in spec.prices.items():
        if isinstance(price.payers, str):
            rules.append(price.payers)
        elif not isinstance(price.payers, dict):
            rules.append(price.payers.rule)
        elif len([share for share in price.payers.values() if share]) > 1 and not price.paragraph:
            bare.append(name)
    said = _say("payers", names=_names(rules) or "–")
    return _reply(bare, said, "payers.no")


def _sensitivity(spec: ScenarioFile, findings: Findings) -> Reply:
    effects = dict(_effects(spec))
    if not effects:
        return "open", [_say("no_effects")]
    sure = [
        place
        for place, effect in effects.items()
        if not any(getattr(one, "distribution", None) for one in _evidence_of(spec, effect))
    ]
    tried = [name for name, one in spec.strategies.items() if one.overrides]
    unsure = len(effects) - len(sure)
    said = _say("sensitivity", n=unsure, of=len(effects), names=_names(tried) or "–")
    return _reply(sure, said, "sensitivity.no", none=len(sure) == len(effects) and not tried)


def _not_counted(spec: ScenarioFile, findings: Findings) -> Reply:
    if spec.values:
        return "answered", [_say("not_counted", names=_names(spec.values))]
    if spec.meta.description is not None:
        return "partly", [_say("not_counted.no")]
    return "open", [_say("not_counted.no")]


def _follow_up(spec: ScenarioFile, findings: Findings) -> Reply:
    if not spec.targets:
        return "open", [_say("follow_up.no")]
    dates = _names(
        f"{name} ({(one.at.text if one.at else one.during.to.text if one.during else '–')})"
        for name, one in spec.targets.items()
    )
    said = _say("follow_up", names=dates, n=len(spec.observations))
    bare = [f"targets.{name}" for name, one in spec.targets.items() if not one.note]
    return _reply(bare, said, "follow_up.note")


LINES: dict[str, Callable[[ScenarioFile, Findings], Reply]] = {
    "reference": _reference,
    "target_group": _target_group,
    "measure": _measure,
    "level": _level,
    "net": _net,
    "drop_out": _drop_out,
    "phases": _phases,
    "saved": _saved,
    "price_year": _price_year,
    "twice": _twice,
    "horizon": _horizon,
    "payers": _payers,
    "sensitivity": _sensitivity,
    "not_counted": _not_counted,
    "follow_up": _follow_up,
}
"""One function for each line, in the order of the checklist."""

"""A scenario in words: who is meant, how they move, what is done, what it costs, what is wanted."""

from __future__ import annotations

from collections.abc import Iterator

from som_sim.core.formats import as_stated, kroner, number, percent, plain
from som_sim.core.texts import CATALOGUE, one_line, text
from som_sim.scenario.quantities import Condition, Quantity
from som_sim.scenario.scenario import Scenario
from som_sim.scenario.schedules import Schedule
from som_sim.scenario.schema import Effect, Price, Programme, ScenarioFile
from som_sim.scenario.transitions import LengthOfStay, StayInState
from som_sim.writing.moves import base_resolver, moves, stated_rate
from som_sim.writing.names import condition_words, label, listed, state_label

Part = tuple[str, list[str]]
"""A heading and its sentences."""

MONTHS_PER_YEAR, DAYS_PER_MONTH = 12, 365.25 / 12


def describe(scenario: Scenario, lang: str = "en") -> str:
    """Return a scenario in words.

    Parameters
    ----------
    scenario
        What `som_sim.load` returned.
    lang
        ``"da"`` or ``"en"``.

    Examples
    --------
    >>> import som_sim as som
    >>> print(som.describe(som.load("scenarios/first.yaml")).split(chr(10))[0])
    My first scenario
    """
    spec = scenario.base
    lines = [one_line(spec.meta.title.into(lang))]
    for heading, sentences in parts(spec, lang):
        if sentences:
            lines += ["", heading, *(f"- {one_line(plain(one))}" for one in sentences)]
    return "\n".join(lines) + "\n"


def parts(spec: ScenarioFile, lang: str) -> Iterator[Part]:
    """Yield the parts of a description, each a heading and its sentences."""
    for name, sentences in (
        ("run", _run), ("people", _people), ("moves", _moves), ("programmes", _programmes),
        ("money", _money), ("targets", _targets), ("strategies", _strategies),
    ):  # fmt: skip
        yield text(f"describe.{name}", lang), list(sentences(spec, lang))


# Numbers --------------------------------------------------------------------------------------


def duration_words(years: float, lang: str) -> str:
    """Return a length of time in whole years, whole months or days.

    Examples
    --------
    >>> duration_words(2.0, "da"), duration_words(0.75, "en"), duration_words(61 / 365.25, "da")
    ('2 år', '9 months', '61 dage')
    """
    months = years * MONTHS_PER_YEAR
    for unit, amount in (("years", years), ("months", months)):
        if amount >= 1 and abs(amount - round(amount)) < 1e-6:
            one = ".one" if round(amount) == 1 else ""
            return text(f"describe.{unit}{one}", lang, n=number(round(amount), lang))
    return text("describe.days", lang, n=as_stated(round(years * 365.25, 1), lang))


def _percent(share: float, lang: str) -> str:
    whole = abs(share * 100 - round(share * 100)) < 1e-9
    return percent(share, lang, 0 if whole else 1)


class _Numbers:
    """The quantities of a file in words, at the values of the base case."""

    def __init__(self, spec: ScenarioFile, lang: str) -> None:
        self.lang = lang
        self.resolver = base_resolver(spec)

    def value(self, quantity: Quantity) -> float:
        """Return the number of a quantity."""
        return float(self.resolver.number(quantity)[0])

    def words(self, quantity: Quantity) -> str:
        """Return a quantity in words."""
        value = self.value(quantity)
        if quantity.kind == "duration":
            return duration_words(value, self.lang)
        if quantity.kind in ("share", "probability"):
            return percent(
                value, self.lang, 0 if abs(value * 100 - round(value * 100)) < 1e-9 else 1
            )
        return as_stated(round(value, 4), self.lang)

    def steps(self, schedule: Schedule) -> str:
        """Return a schedule in words."""
        times = 1.0 if schedule.times is None else self.value(schedule.times)
        said = []
        for period, quantity in schedule.steps:
            words = as_stated(round(self.value(quantity) * times, 4), self.lang)
            said.append(
                words
                if period is None
                else text("describe.from_month", self.lang, n=words, month=period.text)
            )
        return ", ".join(said)

    def stay(self, stay: LengthOfStay) -> str:
        """Return how long people stay, in words."""
        if isinstance(stay, StayInState) and stay.lengths is not None:
            lengths = ", ".join(self.words(one) for one in stay.lengths)
            return text("describe.stay.lengths", self.lang, lengths=lengths)
        if stay.mean is not None:
            mean = text("describe.stay.mean", self.lang, time=self.words(stay.mean))
            return mean + (self._law(stay) if isinstance(stay, StayInState) else "")
        if stay.median is not None:
            return text("describe.stay.median", self.lang, time=self.words(stay.median))
        assert stay.share is not None and stay.over is not None
        return text(
            "describe.stay.share", self.lang, share=self.words(stay.share),
            time=self.words(stay.over),
        )  # fmt: skip

    def _law(self, stay: StayInState) -> str:
        """Return the law of a stay's length behind its mean, in words; nothing without one."""
        if stay.weibull is not None:
            return text("describe.stay.weibull", self.lang, n=self.words(stay.weibull.shape))
        spread = stay.lognormal or stay.gamma
        if spread is None:
            return ""
        return text(f"describe.stay.{stay.kind}", self.lang, time=self.words(spread.sd))


# Parts ----------------------------------------------------------------------------------------


def _run(spec: ScenarioFile, lang: str) -> Iterator[str]:
    if spec.meta.description is not None:
        yield spec.meta.description.into(lang)
    cycle = text(f"describe.cycle.{spec.time.cycle}", lang)
    step = text("describe.discrete" if spec.time.discrete else "describe.continuous", lang)
    yield text(
        "describe.time", lang, first=spec.time.from_.text, last=spec.time.to.text, cycle=cycle,
        step=step,
    )  # fmt: skip


def _people(spec: ScenarioFile, lang: str) -> Iterator[str]:
    numbers = _Numbers(spec, lang)
    for domain, states in spec.domains.items():
        called = []
        for name, state in states.items():
            words = label(state, name, lang)
            marks = [text("describe.counts", lang)] if state.homeless else []
            if state.places is not None:
                marks.append(text("describe.places", lang, n=numbers.steps(state.places)))
                if state.overflow:
                    full = state_label(spec, state.overflow, lang, domain)
                    marks.append(text("describe.overflow", lang, state=full))
                if state.priority:
                    first = _in_turn(spec, state.priority, lang)
                    marks.append(text("describe.priority", lang, who=first))
            called.append(f"{words} ({', '.join(marks)})" if marks else words)
        name = domain.replace("_", " ")
        yield text("describe.domain", lang, name=name, states=listed(called, lang))
    total = sum(numbers.value(one.persons) for one in spec.population.initial)
    groups = listed([label(one, name, lang) for name, one in spec.strata.items()], lang)
    yield text("describe.start", lang, n=as_stated(round(total, 1), lang), groups=groups)
    day = spec.time.from_.start
    coming = sum(
        float(numbers.resolver.on(one.per_year, day)[0]) for one in spec.population.arrivals
    )
    if spec.population.arrivals:
        yield text("describe.arrivals", lang, n=as_stated(round(coming, 1), lang))


def _moves(spec: ScenarioFile, lang: str) -> Iterator[str]:
    unit = "describe.per_cycle" if spec.time.discrete else "describe.per_year"
    for move in moves(spec):
        inside = move.domain if move.to in spec.domains[move.domain] else None
        yield text(
            "describe.move", lang,
            source=state_label(spec, move.source, lang, move.domain),
            to=state_label(spec, move.to, lang, inside),
            rate=text(unit, lang, rate=stated_rate(move, lang)),
        )  # fmt: skip
    numbers = _Numbers(spec, lang)
    for row in spec.transitions:
        if row.stay is not None and row.stay.kind:
            domain = row.from_.keys[0]
            names = [state_label(spec, one, lang, domain) for one in row.from_.names(domain) or ()]
            states, stay = listed(names, lang, "or"), numbers.stay(row.stay)
            yield text("describe.memory", lang, states=states, stay=stay)


def _programmes(spec: ScenarioFile, lang: str) -> Iterator[str]:
    numbers = _Numbers(spec, lang)
    for name, programme in spec.programmes.items():
        yield " ".join(_programme(spec, name, programme, numbers, lang))


def _programme(
    spec: ScenarioFile, name: str, programme: Programme, numbers: _Numbers, lang: str
) -> Iterator[str]:
    yield text(
        "describe.programme", lang, name=label(programme, name, lang),
        who=condition_words(spec, programme.eligible, lang), places=numbers.steps(programme.places),
    )  # fmt: skip
    intake = programme.intake
    if intake.share_of_waiting is not None:
        yield text("describe.intake.share", lang, share=numbers.words(intake.share_of_waiting))
    elif intake.persons_per_month is not None:
        yield text("describe.intake.persons", lang, n=numbers.steps(intake.persons_per_month))
    if programme.priority:
        first = text("describe.priority", lang, who=_in_turn(spec, programme.priority, lang))
        yield first[0].upper() + first[1:] + "."
    if programme.stay is not None:
        yield text("describe.stay", lang, stay=numbers.stay(programme.stay))
    if programme.onward:
        onward = [label(spec.programmes.get(one), one, lang) for one in programme.onward]
        yield text("describe.onward", lang, names=listed(onward, lang, "or"))
    if programme.drop_out is not None:
        rate = numbers.words(programme.drop_out.rate_per_year)
        yield text("describe.drop_out", lang, rate=rate)
    for effect in programme.effects:
        yield _effect(spec, effect, numbers, lang)


def _in_turn(spec: ScenarioFile, priority: tuple[Condition, ...], lang: str) -> str:
    """Return in what order those who wait are taken, in words."""
    then = text("describe.then", lang)
    return then.join(condition_words(spec, one, lang) for one in priority)


def _effect(spec: ScenarioFile, effect: Effect, numbers: _Numbers, lang: str) -> str:
    domain = effect.from_.keys[0]
    source = listed(
        [state_label(spec, one, lang, domain) for one in effect.from_.names(domain) or ()],
        lang,
        "or",
    )
    to = listed([state_label(spec, one, lang) for one in effect.to], lang, "or")
    if effect.share_reached is not None:
        reached = effect.share_reached
        size = text(
            "describe.effect.share_reached", lang, share=numbers.words(reached.share),
            without=numbers.words(reached.without),
            within=duration_words(reached.within.years, lang),
        )  # fmt: skip
    else:
        quantity = getattr(effect, effect.kind)
        size = text(f"describe.effect.{effect.kind}", lang, size=numbers.words(quantity))
    said = text("describe.effect", lang, source=source, to=to, size=size)
    if effect.afterwards is not None:
        time = numbers.words(effect.afterwards.half_life)
        said += " " + text("describe.afterwards", lang, time=time)
    return said


def _money(spec: ScenarioFile, lang: str) -> Iterator[str]:
    for name, price in spec.prices.items():
        yield _price(spec, name, price, lang)
    for name, grant in spec.grants.items():
        covers = [label(spec.prices.get(one), one, lang) for one in grant.covers]
        yield text(
            "describe.grant", lang, name=label(grant, name, lang),
            amount=kroner(int(grant.total * 100), lang, 0), funder=_payer(grant.funder, lang),
            to=_payer(grant.to, lang), covers=listed(covers, lang),
        )  # fmt: skip


def _payer(name: str, lang: str) -> str:
    key = f"payer.{name}"
    return text(key, lang) if key in CATALOGUE else name


def _price(spec: ScenarioFile, name: str, price: Price, lang: str) -> str:
    amount = getattr(price.amount, "number", price.amount)
    if amount is None:
        amount = _Numbers(spec, lang).value(price.amount)
    oere = round(float(amount) * 100)
    key = f"describe.per.{price.per}"
    where = f" ({condition_words(spec, price.in_, lang)})" if price.in_ is not None else ""
    if isinstance(price.payers, dict):
        shares = [
            f"{_payer(payer, lang)} {_percent(float(share), lang)}"
            for payer, share in price.payers.items()
        ]
        payers = ", ".join(shares)
    else:
        payers = str(getattr(price.payers, "rule", price.payers))
    said = text(
        "describe.price", lang, name=label(price, name, lang),
        amount=kroner(oere, lang, 0 if oere % 100 == 0 else 2),
        per=text(key, lang) if key in CATALOGUE else price.per.replace("_", " "), where=where,
        year=price.price_year, payers=payers,
    )  # fmt: skip
    if price.transfer_to is not None:
        said += " " + text("describe.transfer", lang, to=_payer(price.transfer_to, lang))
    return said


def _targets(spec: ScenarioFile, lang: str) -> Iterator[str]:
    for name, target in spec.targets.items():
        bound = "at_most" if target.better == "lower" else "at_least"
        when = target.at.text if target.at else target.during.to.text if target.during else ""
        yield text(
            "describe.target", lang, name=label(target, name, lang),
            goal=text(bound, lang, value=as_stated(float(target.goal), lang)), when=when,
        )  # fmt: skip


def _strategies(spec: ScenarioFile, lang: str) -> Iterator[str]:
    for number_, (name, course) in enumerate(spec.strategies.items()):
        programmes = [label(spec.programmes.get(one), one, lang) for one in course.programmes]
        grants = [label(spec.grants.get(one), one, lang) for one in course.grants]
        said = [
            text(
                "describe.reference" if number_ == 0 else "describe.strategy", lang,
                name=label(course, name, lang),
                programmes=listed([*programmes, *grants], lang) or text("describe.nothing", lang),
            )
        ]  # fmt: skip
        if course.overrides:
            said.append(text("describe.overrides", lang, paths=", ".join(course.overrides)))
        yield " ".join(said)

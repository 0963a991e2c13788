"""``som-sim knowledge``: list, show, search and check the sourced numbers and the rules."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import click

from som_sim.cli import codes
from som_sim.core.errors import SomSimError, suggest
from som_sim.core.texts import LANGUAGES, one_line, text

if TYPE_CHECKING:
    from som_sim.knowledge.entry_forms import KnownForm
    from som_sim.knowledge.files import KnowledgeFile
    from som_sim.knowledge.rule_forms import RuleForm

HALF_AN_OERE = 0.005
KINDS = ("price", "effect", "index", "count", "goal", "rule")

own_option = click.option(
    "--knowledge",
    "own",
    metavar="FILE",
    multiple=True,
    type=click.Path(),
    help="Lay a file of own rules and numbers over the packaged ones; may be given again.",
)
lang_option = click.option(
    "--lang", type=click.Choice(LANGUAGES), default="en", help="Language of the answer."
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON and nothing else.")


@click.group(
    epilog="""\b
Examples:
  som-sim knowledge list --kind price
  som-sim knowledge show dk_section_110
  som-sim knowledge search forsorgshjem
  som-sim knowledge check --as-of 2027-01-01 --knowledge my_rules.yaml
"""
    + "\n"
    + codes.HELP
)
def knowledge() -> None:
    """Look through the sourced prices, effects, indices, counts, goals and rules."""


@knowledge.command(
    name="list", epilog="\b\nExample:\n  som-sim knowledge list --kind goal --lang da\n"
)
@click.option("--kind", type=click.Choice(KINDS), help="Only what is of this kind.")
@own_option
@lang_option
@json_option
def list_command(kind: str | None, own: tuple[str, ...], lang: str, as_json: bool) -> None:
    """List everything that has a name."""
    from som_sim.knowledge.search import items, kind_of

    known = _known(own)
    found = {name: one for name, one in items(known).items() if kind in (None, kind_of(one))}
    _show_list(found, lang, as_json)


@knowledge.command(epilog="\b\nExample:\n  som-sim knowledge search egen bolig\n")
@click.argument("words", nargs=-1, required=True)
@own_option
@lang_option
@json_option
def search(words: tuple[str, ...], own: tuple[str, ...], lang: str, as_json: bool) -> None:
    """List what mentions every word, in its name, text, source or note."""
    from som_sim.knowledge.search import search as look

    _show_list(look(_known(own), " ".join(words)), lang, as_json)


@knowledge.command(epilog="\b\nExample:\n  som-sim knowledge show kontanthjaelp_30_plus\n")
@click.argument("name")
@own_option
@lang_option
@json_option
def show(name: str, own: tuple[str, ...], lang: str, as_json: bool) -> None:
    """Show one entry or rule with its figures, source, grade and dates."""
    from som_sim.knowledge.search import items

    known = _known(own)
    every = items(known)
    if name not in every:
        near = suggest(name, every)
        hint = near if near.startswith("did you") else "see 'som-sim knowledge list'"
        raise SomSimError(f"the knowledge base has no '{name}'; {hint}")
    if as_json:
        click.echo(_json({name: _plain(every[name])}))
        return
    for line in _lines(known, name, every[name], lang):
        click.echo(one_line(line) if not line.startswith("  ") else f"  {one_line(line)}")


@knowledge.command(
    epilog="\b\nExample:\n  som-sim knowledge check --as-of 2027-01-01\n\n" + codes.HELP
)
@click.option(
    "--as-of",
    metavar="DAY",
    help="The day on which to look, such as 2027-01-01; else today.",
)
@click.option(
    "--max-age",
    metavar="DAYS",
    type=click.IntRange(min=0),
    help="Days after which something wants a new look at its source; else 730.",
)
@own_option
@lang_option
@json_option
@click.pass_context
def check(
    context: click.Context,
    as_of: str | None,
    max_age: int | None,
    own: tuple[str, ...],
    lang: str,
    as_json: bool,
) -> None:
    """Say what has grown old, has no source, or does not give its own worked examples.

    Exit code 1 when there is something.
    """
    from som_sim.knowledge.search import MAX_AGE_DAYS, concerns

    try:
        day = dt.date.fromisoformat(as_of) if as_of else dt.date.today()
    except ValueError:
        raise click.BadParameter(f"'{as_of}' is not a day such as 2027-01-01") from None
    known = _known(own)
    found = [
        {"name": one.name, "concern": one.kind, "detail": one.detail}
        for one in concerns(known, day, MAX_AGE_DAYS if max_age is None else max_age)
    ]
    found += _wrong_examples(known)
    if as_json:
        click.echo(_json(found))
    else:
        for one in found:
            click.echo(
                one_line(
                    text(
                        f"knowledge.{one['concern']}", lang, name=one["name"], detail=one["detail"]
                    )
                )
            )
        n_items = len(known.rules) + len(known.entries)
        click.echo(text("knowledge.checked", lang, day=day, items=n_items, concerns=len(found)))
    if found:
        context.exit(codes.CHECK_FAILED)


def _known(own: tuple[str, ...]) -> KnowledgeFile:
    from som_sim.knowledge.files import knowledge_base, laid_over, read_knowledge
    from som_sim.scenario.own_knowledge import read_file

    known = knowledge_base()
    for path in own:
        known = laid_over(known, read_knowledge(read_file(path)))
    return known


def _wrong_examples(known: KnowledgeFile) -> list[dict[str, str]]:
    """Return the worked examples that the rules do not give."""
    from som_sim.knowledge.rules import make_rule
    from som_sim.ledger.settle import settle_example

    found = []
    for name, form in known.rules.items():
        rule = make_rule(name, form)
        for number, example in enumerate(form.examples, start=1):
            try:
                bears = settle_example(rule, example)
            except (SomSimError, ValueError) as error:
                found.append({"name": name, "concern": "example", "detail": f"{number}: {error}"})
                continue
            wanted = {str(payer): float(amount) for payer, amount in example.bears.items()}
            for payer in sorted({*bears, *wanted}):
                stated, actual = wanted.get(payer, 0.0), bears.get(payer, 0.0)
                if abs(stated - actual) >= HALF_AN_OERE:
                    detail = f"{number}: {payer} {actual:.2f}, not {stated:.2f}"
                    found.append({"name": name, "concern": "example", "detail": detail})
    return found


# Showing ---------------------------------------------------------------------------------------


def _show_list(found: dict[str, KnownForm | RuleForm], lang: str, as_json: bool) -> None:
    from som_sim.knowledge.search import figures, kind_of

    if as_json:
        click.echo(_json({name: _plain(one) for name, one in found.items()}))
        return
    width = max((len(name) for name in found), default=0)
    for name, one in found.items():
        title = _title(one).into(lang)
        numbers = "" if kind_of(one) == "rule" else f": {figures(one)}"  # type: ignore[arg-type]
        click.echo(f"{name:<{width}}  {kind_of(one):<6}  {one_line(title + numbers)}")
    click.echo(text("knowledge.found", lang, items=len(found)))


def _title(item: Any) -> Any:
    return item.title if hasattr(item, "title") else item.label


def _lines(known: KnowledgeFile, name: str, item: KnownForm | RuleForm, lang: str) -> list[str]:
    from som_sim.knowledge.rule_forms import RuleForm
    from som_sim.knowledge.search import figures, kind_of

    def line(key: str, value: object) -> list[str]:
        return [text(f"knowledge.{key}", lang, value=value)] if value else []

    lines = [f"{name} ({kind_of(item)}): {_title(item).into(lang)}"]
    if isinstance(item, RuleForm):
        lines += line("law", item.law)
        for period in item.periods:
            first, last = period.valid_from or "...", period.valid_to or "..."
            pays = ", ".join(f"{payer} {share:f}" for payer, share in period.pays.items())
            lines.append(f"  {first} - {last}: {pays}{_refunds(item, period)}")
    else:
        lines += line("figures", figures(item))
        lines += line("grade", item.grade)
    source = known.sources.get(item.source or "")
    said = f"{source.title} {source.url or ''}".strip() if source else item.source
    lines += line("source", said)
    lines += line("note", item.note)
    lines += line("last_checked", item.last_checked)
    lines += line("next_update", item.next_update)
    return lines


def _refunds(rule: RuleForm, period: Any) -> str:
    parts = []
    for refund in period.refunds:
        if refund.per_day is not None:
            what = f"{refund.per_day:f} kr. a day"
        elif refund.share is not None:
            what = f"{refund.share:f}"
        else:
            counts = rule.counter.counts if rule.counter else ""
            what = ", ".join(
                f"{step.share:f}" + (f" up to {_limit(step.up_to)} {counts}" if step.up_to else "")
                for step in refund.steps
            )
        parts.append(f"; {refund.from_} -> {refund.to}: {what}")
    return "".join(parts)


def _limit(limit: object) -> str:
    return limit if isinstance(limit, str) else f"{limit:f}"


def _plain(item: Any) -> Any:
    return item.model_dump(by_alias=True, exclude_none=True, warnings=False)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2, default=str)

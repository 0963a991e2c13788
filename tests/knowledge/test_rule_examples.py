"""Each rule is run on the examples worked by hand that stand beside it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from som_sim.core.yaml_tree import parse_yaml
from som_sim.knowledge.files import read_knowledge
from som_sim.knowledge.rule_forms import ExampleForm
from som_sim.knowledge.rules import PayerRule, make_rule, payer_rules
from som_sim.ledger.settle import settle_example

HALF_AN_OERE = 0.005

EXAMPLES = [
    pytest.param(rule, example, id=f"{name}-{number}")
    for name, rule in payer_rules().items()
    for number, example in enumerate(rule.examples)
]


@pytest.mark.parametrize(("rule", "example"), EXAMPLES)
def test_a_worked_example(rule: PayerRule, example: ExampleForm) -> None:
    found = settle_example(rule, example)
    stated = {payer: float(amount) for payer, amount in example.bears.items() if amount}
    assert found == pytest.approx(stated, abs=HALF_AN_OERE)


@pytest.mark.parametrize("name", sorted(payer_rules()))
def test_every_rule_has_examples_whose_parts_are_the_whole(name: str) -> None:
    rule = payer_rules()[name]
    assert rule.examples
    for example in rule.examples:
        assert sum(example.bears.values()) == sum(stay.kroner for stay in example.stays)


def test_the_rule_on_the_page_is_a_rule(repository: Path) -> None:
    page = (repository / "docs" / "knowledge.md").read_text(encoding="utf-8")
    (text,) = re.findall(r"```yaml\n(rules:.*?)```", page, re.DOTALL)
    ((name, form),) = read_knowledge(parse_yaml(text, "knowledge.md")).rules.items()
    for example in form.examples:
        found = settle_example(make_rule(name, form), example)
        assert found == pytest.approx({payer: float(one) for payer, one in example.bears.items()})

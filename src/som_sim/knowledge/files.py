"""Knowledge files: the packaged ones and a municipality's own, in one schema with one reader."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import TypeVar

from pydantic import Field, ValidationError

from som_sim.core.errors import ScenarioError
from som_sim.core.locate import locate
from som_sim.core.records import Line, Name, Record, Text, Words
from som_sim.core.yaml_tree import Document, parse_yaml
from som_sim.knowledge.entry_forms import EntryForm, SourceForm
from som_sim.knowledge.rule_forms import RuleForm


class DiscountForm(Record):
    """A yearly real discount rate: its steps by years since the base year."""

    title: Text
    source: Words
    note: Line | None = None
    steps: dict[int, Decimal] = Field(min_length=1)


class KnowledgeFile(Record):
    """What a knowledge file can hold."""

    rules: dict[Name, RuleForm] = Field(default_factory=dict)
    entries: dict[Name, EntryForm] = Field(default_factory=dict)
    sources: dict[Name, SourceForm] = Field(default_factory=dict)


class DiscountFile(Record):
    """The packaged discount rates."""

    discount_rates: dict[Name, DiscountForm]


AFile = TypeVar("AFile", bound=Record)


def read_knowledge(document: Document) -> KnowledgeFile:
    """Return what a document says as a knowledge file.

    Raises
    ------
    ScenarioError
        With every problem found, each with its place.
    """
    return _read(document, KnowledgeFile)


def _read(document: Document, model: type[AFile]) -> AFile:
    try:
        return model.model_validate(document.data)
    except ValidationError as error:
        raise ScenarioError(locate(error, document, model)) from None


def packaged_document(name: str) -> Document:
    """Return a file of the package as a tree with places."""
    return parse_yaml(files("som_sim.knowledge").joinpath(name).read_bytes(), name)


@cache
def packaged(name: str) -> KnowledgeFile:
    """Return a knowledge file of the package."""
    return read_knowledge(packaged_document(name))


@cache
def packaged_discount_rates() -> DiscountFile:
    """Return the discount rates of the package."""
    return _read(packaged_document("discount_rates.yaml"), DiscountFile)


FILES = (
    "payer_rules.yaml",
    "prices.yaml",
    "effects.yaml",
    "indices.yaml",
    "counts.yaml",
    "goals.yaml",
    "sources.yaml",
)
"""The knowledge files of the package."""


@cache
def knowledge_base() -> KnowledgeFile:
    """Return all that the package knows, in one.

    Examples
    --------
    >>> base = knowledge_base()
    >>> base.entries["homeless_randers"].values[2017]
    Decimal('86')
    """
    base = KnowledgeFile()
    for name in FILES:
        base = laid_over(base, packaged(name))
    return base


def laid_over(below: KnowledgeFile, above: KnowledgeFile | None) -> KnowledgeFile:
    """Return what two files say together; of two things of one name the upper one's."""
    if above is None:
        return below
    return KnowledgeFile.model_construct(
        rules={**below.rules, **above.rules},
        entries={**below.entries, **above.entries},
        sources={**below.sources, **above.sources},
    )

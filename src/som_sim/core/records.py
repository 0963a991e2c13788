"""What everything a user writes is built of: frozen records, names, texts, evidence."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)
from pydantic_core import PydanticCustomError

from som_sim.core.yaml_scalars import yaml_words

MISSING = "a value is missing"

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
Line = Annotated[str, StringConstraints(max_length=2000)]


def fail(message: str) -> PydanticCustomError:
    """Return an error whose text reaches the user as it is."""
    return PydanticCustomError("som_sim", "{message}", {"message": message})


def _not_blank(text: str) -> str:
    if not text.strip():
        raise fail("the text is empty")
    return text


Words = Annotated[Line, AfterValidator(_not_blank)]
"""A line that says something."""


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


Names = Annotated[tuple[Name, ...], BeforeValidator(_listed)]
SomeNames = Annotated[tuple[Name, ...], Field(min_length=1), BeforeValidator(_listed)]
"""Names, one at least."""


class Record(BaseModel):
    """Base of every section: frozen, and a key it does not know is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=False)


class Text(Record):
    """A text in Danish and English; a plain string serves both."""

    da: Words
    en: Words

    @model_validator(mode="before")
    @classmethod
    def _from_string(cls, value: object) -> object:
        if isinstance(value, str):
            _not_blank(value)
            return {"da": value, "en": value}
        if isinstance(value, bool | int | Decimal):
            raise fail(
                f"expected a text or keys with values, not {yaml_words(value)}; quote it to make "
                "it a text"
            )
        return value

    def into(self, language: str) -> str:
        """Return the text in ``da`` or ``en``."""
        return self.da if language == "da" else self.en


class Evidence(Record):
    """What any item may say about where its numbers come from."""

    source: Name | None = None
    grade: Literal["A", "B", "C", "D"] | None = None
    note: Line | None = None

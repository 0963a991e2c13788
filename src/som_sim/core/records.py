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
    PlainValidator,
    StringConstraints,
    WithJsonSchema,
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


LONGEST_LINE = 2000


def _line_or_text(value: object) -> str | Text:
    """Read a line that serves both languages, or one line in each."""
    if isinstance(value, Text):
        return value
    if isinstance(value, str) and len(value) <= LONGEST_LINE:
        return value
    if isinstance(value, dict) and set(value) == {"da", "en"}:
        lines = [value[key] for key in ("da", "en")]
        if all(isinstance(one, str) and 0 < len(one.strip()) <= LONGEST_LINE for one in lines):
            return Text(da=lines[0], en=lines[1])
    if not isinstance(value, str | dict | list):
        raise fail(f"expected a text, not {yaml_words(value)}; quote it to make it one")
    raise fail(
        f"expected a text of at most {LONGEST_LINE} characters, or {{da: ..., en: ...}}, not "
        f"{yaml_words(value)}"
    )


Note = Annotated[
    str | Text,
    PlainValidator(_line_or_text),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "maxLength": LONGEST_LINE},
                {
                    "type": "object",
                    "required": ["da", "en"],
                    "additionalProperties": False,
                    "properties": {
                        "da": {"type": "string", "maxLength": LONGEST_LINE, "pattern": "\\S"},
                        "en": {"type": "string", "maxLength": LONGEST_LINE, "pattern": "\\S"},
                    },
                },
            ]
        }
    ),
]
"""A line, the same for both languages, or a line in each."""


def in_language(words: str | Text | None, language: str) -> str:
    """Return what a reader of ``da`` or ``en`` is told; a plain line is the same for both.

    Examples
    --------
    >>> in_language(Text(da="skøn", en="a guess"), "da"), in_language("hours", "da")
    ('skøn', 'hours')
    >>> in_language(None, "en")
    ''
    """
    if words is None:
        return ""
    return words if isinstance(words, str) else words.into(language)


class Evidence(Record):
    """What any item may say about where its numbers come from."""

    source: Name | None = None
    grade: Literal["A", "B", "C", "D"] | None = None
    note: Note | None = None

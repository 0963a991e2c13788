"""The content of a scenario file to its tree, in the format it was saved in: YAML, JSON, xlsx."""

from __future__ import annotations

import json
import re

from som_sim.core.yaml_tree import Document, decode_text, parse_yaml
from som_sim.scenario.workbook_read import BEGINNING, parse_workbook

_HEX = "[0-9a-fA-F]{2}"
_PAIR = re.compile(rf"(?<!\\)((?:\\\\)*)(\\u[dD][89abAB]{_HEX}\\u[dD][c-fC-F]{_HEX})")


def parse_document(content: str | bytes, file: str) -> Document:
    """Read a scenario file of any format.

    Parameters
    ----------
    content
        The content of the file.
    file
        The name to show in messages.

    Raises
    ------
    ScenarioError
        With every problem found.

    Examples
    --------
    >>> parse_document('{"a": [1.50]}', "a.json").data
    {'a': [Decimal('1.50')]}
    """
    if isinstance(content, bytes) and content.startswith(BEGINNING):
        return parse_workbook(content, file)
    if file.lower().endswith(".json"):
        content = _yaml_of_json(decode_text(content, file))
    return parse_yaml(content, file)


def _yaml_of_json(text: str) -> str:
    """Write what JSON has and YAML has not, a letter in two codes, as the letter."""
    return _PAIR.sub(lambda one: one[1] + json.loads(f'"{one[2]}"'), text)

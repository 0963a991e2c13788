"""A scenario from one format to another: YAML, JSON and xlsx, all with the same digest."""

from __future__ import annotations

import os
from typing import Any

from som_sim.core.errors import SomSimError
from som_sim.core.read import read_content
from som_sim.core.write import write_whole
from som_sim.core.yaml_flow import flow
from som_sim.core.yaml_tree import Document
from som_sim.scenario.digests import digest
from som_sim.scenario.documents import parse_document
from som_sim.scenario.extends import extended
from som_sim.scenario.workbook_write import workbook_bytes

FORMATS = {".yaml": "yaml", ".yml": "yaml", ".json": "json", ".xlsx": "xlsx"}
LINE = 100


def convert(path: str | os.PathLike[str], out: str | os.PathLike[str], *, lang: str = "en") -> None:
    """Write a scenario in the format that the name of the new file ends in.

    What the scenario extends is written into it. Comments are not carried over. What is written is
    read back, and must be the same scenario.

    Parameters
    ----------
    path
        The file.
    out
        The file to write; it may not be there yet.
    lang
        The language of sheets and headings of a workbook.

    Raises
    ------
    ScenarioError
        When the file cannot be read.
    SomSimError
        When the new file cannot be written, or would not be the same scenario.
    """
    target = os.fsdecode(out)
    wanted = FORMATS.get(os.path.splitext(target)[1].lower())
    if wanted is None:
        raise SomSimError(f"{target}: no format ends so; write to {', '.join(FORMATS)}")
    name, content = read_content(path)
    document, _ = extended(parse_document(content, name), os.path.dirname(name))
    written = converted(document, wanted, lang)
    write_whole(target, written, replace=False)


def converted(document: Document, wanted: str, lang: str = "en") -> bytes:
    """Return a tree in a format, sure to be read back as the same tree."""
    if wanted == "xlsx":
        written = workbook_bytes(document.data, lang)
    elif wanted == "json":
        written = (_json(document.data, 0) + "\n").encode()
    else:
        written = (_yaml(document.data, 0) + "\n").encode()
    again = parse_document(written, f"x.{wanted}")
    if digest(again.data) != digest(document.data):
        raise SomSimError("the scenario would not be the same in this format; nothing is written")
    return written


def _yaml(value: Any, indent: int) -> str:
    """Write a value as YAML, on one line where it fits and it is no section."""
    space = " " * indent
    lines = []
    items = value.items() if isinstance(value, dict) else ((None, one) for one in value)
    for key, one in items:
        head = f"{space}- " if key is None else f"{space}{flow(key)}:"
        short = flow(one)
        fits = len(head) + len(short) < LINE and (indent or not isinstance(one, dict | list))
        if fits or not isinstance(one, dict | list) or not one:
            lines.append(f"{head}{'' if key is None else ' '}{short}")
        elif key is None:
            block = _yaml(one, indent + 2)
            lines.append(f"{head}{block[indent + 2 :]}")
        else:
            lines.append(f"{head}\n{_yaml(one, indent + 2)}")
    return "\n".join(lines)


def _json(value: Any, indent: int) -> str:
    short = flow(value, as_json=True)
    if not isinstance(value, dict | list) or not value or (indent and indent + len(short) < LINE):
        return short
    inner = " " * (indent + 2)
    if isinstance(value, list):
        lines = [f"{inner}{_json(one, indent + 2)}" for one in value]
        return "[\n" + ",\n".join(lines) + "\n" + " " * indent + "]"
    lines = [
        f"{inner}{flow(str(key), as_json=True)}: {_json(one, indent + 2)}"
        for key, one in value.items()
    ]
    return "{\n" + ",\n".join(lines) + "\n" + " " * indent + "}"

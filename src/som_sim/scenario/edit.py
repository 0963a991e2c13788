"""Change values in a scenario file and leave every other letter of it alone.

The place of a value in the text is found, and only it is replaced; a key that is new is added where
its mapping ends. Comments, order, quotation marks and blank lines around it stay as they are. What
comes out is read again and held against what the change should have made: when the two differ, or
the changed file has problems, nothing is written.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from som_sim.core.errors import Path, Problem, ScenarioError, SomSimError, path_text
from som_sim.core.read import read_content
from som_sim.core.write import write_whole
from som_sim.core.yaml_flow import flow
from som_sim.core.yaml_tree import Document, decode_text, parse_yaml
from som_sim.scenario.digests import digest
from som_sim.scenario.extends import EXTENDS, extended
from som_sim.scenario.overrides import existing, in_month_order, parse_path
from som_sim.scenario.read import loads

CHANGE = "change"
"""What messages name as the file of a change."""
WORKBOOK = ".xlsx"


def edit(
    path: str | os.PathLike[str],
    changes: Mapping[str, object],
    *,
    out: str | os.PathLike[str] | None = None,
    check: bool = True,
) -> str:
    """Change values in a scenario file without losing its comments.

    Parameters
    ----------
    path
        The file, YAML or JSON.
    changes
        The new value of each path, such as ``{"programmes.act.places": 12}``. What holds the value
        must be there; the last key may be new. In a file that extends another, a path may lead to
        what the other says: it is then written into this one.
    out
        Where to write; the file itself when not said.
    check
        Whether to write only what is a scenario without problems.

    Returns
    -------
    str
        The text that was written.

    Raises
    ------
    ScenarioError
        When a path leads nowhere, or what comes out has problems. Nothing is then written.
    SomSimError
        When the file cannot be written, or is a workbook.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> import som_sim as som
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "case.yaml"
    >>> _ = file.write_text(pathlib.Path("scenarios/first.yaml").read_text("utf-8"), "utf-8")
    >>> _ = som.edit(file, {"programmes.support.places": 12})
    >>> int(som.load(file).base.programmes["support"].places.steps[0][1].number)
    12
    """
    name = os.fsdecode(path)
    if name.lower().endswith(WORKBOOK):
        raise SomSimError(f"{name} is a workbook: change it in Excel, or convert it first")
    text = _read(name)
    folder = os.path.dirname(name)
    changed = edited_text(text, changes, name, folder=folder)
    if check:
        loads(changed, name, folder=folder)
    write_whole(name if out is None else out, changed.encode("utf-8"))
    return changed


def edited_text(
    text: str, changes: Mapping[str, object], file: str = "<text>", *, folder: str | None = None
) -> str:
    r"""Return the text of a file with some values changed.

    Examples
    --------
    >>> edited_text("a: 1 # one\nb: {c: 2}\n", {"a": 3, "b.d": "x"})
    'a: 3 # one\nb: {c: 2, d: x}\n'

    Raises
    ------
    ScenarioError
        With every change that cannot be made.
    """
    problems = []
    for written, value in changes.items():
        try:
            text = _changed(text, written, value, file, folder)
        except (ValueError, TypeError) as error:
            problems.append(Problem(path=(), message=f"{written}: {error}", file=CHANGE))
    if problems:
        raise ScenarioError(problems)
    return text


def _read(name: str) -> str:
    _, content = read_content(name)
    mark = "\ufeff" if content.startswith(b"\xef\xbb\xbf") else ""
    return mark + decode_text(content, name)


def _changed(text: str, written: str, value: object, file: str, folder: str | None) -> str:
    """Return the text with one value changed, sure to mean what it should."""
    document = parse_yaml(text, file)
    own = _own_path(document, parse_path(written), folder)
    expected = _with(document.data, own, value)
    body = text.removeprefix("\ufeff")
    changed = text[: len(text) - len(body)] + _spliced(body, own, value)
    try:
        same = digest(parse_yaml(changed, file).data) == digest(expected)
    except ScenarioError:
        same = False
    if not same:
        raise ValueError(
            "cannot be changed without changing more, since the text is shared (&name and *name) "
            "or laid out in an unusual way; change it by hand"
        )
    return changed


def _own_path(document: Document, path: Path, folder: str | None) -> Path:
    """Return the path with keys as they stand in the file; it must lead into what the file says."""
    if EXTENDS not in document.data:
        return existing(document.data, path)
    if path[0] in (EXTENDS, "remove"):
        return existing(document.data, path)
    whole, bases = extended(document, folder)
    path = existing(whole.data, path)
    here: Any = document.data
    for depth, part in enumerate(path):
        below = _entry(here, part)
        if below is None:
            if any(isinstance(one, int) and _is_list(whole.data, path, depth) for one in path):
                listed = path_text(path[: _first_list(path, whole.data)])
                raise ValueError(
                    f"{listed} is a list in {bases[0][0]}; change it there, or write the whole "
                    "list here"
                )
            return path
        here = below[0]
    return path


def _entry(holder: Any, part: str | int) -> tuple[Any] | None:
    """Return what stands under a key or number, as a tuple of one; None when nothing does."""
    if isinstance(holder, list):
        return (holder[part],) if isinstance(part, int) and part < len(holder) else None
    if isinstance(holder, dict):
        return next(((one,) for key, one in holder.items() if str(key) == str(part)), None)
    return None


def _first_list(path: Path, data: Any) -> int:
    for depth, part in enumerate(path):
        if isinstance(data, list):
            return depth
        found = _entry(data, part)
        data = found[0] if found else None
    return len(path)


def _is_list(data: Any, path: Path, depth: int) -> bool:
    return depth <= _first_list(path, data) < len(path)


def _with(data: Any, path: Path, value: object) -> Any:
    """Return a tree with a value at a path, mappings on the way to it made as needed."""
    if not path:
        return value
    head, rest = path[0], path[1:]
    if isinstance(data, list):
        assert isinstance(head, int)
        return [_with(one, rest, value) if at == head else one for at, one in enumerate(data)]
    key = next((one for one in data if str(one) == str(head)), head)
    return in_month_order(data, {**data, key: _with(data.get(key, {}), rest, value)})


# The text -------------------------------------------------------------------------------------


def _spliced(text: str, path: Path, value: object) -> str:
    """Return the text with the value written at the path."""
    from ruamel.yaml import YAML

    node = YAML(typ="safe", pure=True).compose(text)
    as_json = text.lstrip().startswith("{") and _is_json(text)
    key = None
    for depth, part in enumerate(path):
        found = _child(node, part)
        if found is None:
            for inner in reversed(path[depth + 1 :]):
                value = {inner: value}
            return _added(text, node, part, flow(value, as_json=as_json), as_json)
        key, node = found
    return _replaced(text, key, node, flow(value, as_json=as_json))


def _is_json(text: str) -> bool:
    import json

    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def _child(node: Any, part: str | int) -> tuple[Any, Any] | None:
    """Return the key's node and the value's below a node; of a list the item for both."""
    if node.id == "sequence":
        return None if not isinstance(part, int) else (None, node.value[part])
    if node.id == "mapping":
        return next(((key, one) for key, one in node.value if key.value == str(part)), None)
    return None


def _end(text: str, node: Any) -> int:
    """Return where a node's own text ends, without blank lines and comments behind it."""
    block = node.id != "scalar" and not node.flow_style
    if block and node.value:
        last = node.value[-1]
        if isinstance(last, tuple):
            return _entry_end(text, *last)
        return _end(text, last)
    if node.id == "scalar" and node.style in ("|", ">"):
        return len(text[: node.end_mark.index].rstrip())
    return int(node.end_mark.index)


def _entry_end(text: str, key: Any, node: Any) -> int:
    """Return where an entry of a mapping ends; with nothing after the key, at its colon."""
    if node.start_mark.index == node.end_mark.index:
        return text.index(":", key.end_mark.index) + 1
    return _end(text, node)


def _replaced(text: str, key: Any, node: Any, written: str) -> str:
    start, end = node.start_mark.index, _end(text, node)
    if key is None:
        return text[:start] + (f" {written}" if start == end else written) + text[end:]
    colon = text.index(":", key.end_mark.index) + 1
    if start == end:  # nothing stands there, and the place given is that of the next thing
        start = end = colon
        if text[end : end + 2] in (" ,", " }"):
            end += 1
    elif "\n" in text[colon:start] and not text[colon:start].strip():
        start = colon
    space = " " if start == colon else ""
    return text[:start] + space + written + text[end:]


def _next_month(node: Any, key: str | int) -> Any:
    """Return the key's node before which a new month of a schedule belongs; None at its end."""
    keys = {str(one.value): one for one, _ in node.value}
    ordered = in_month_order(keys, {**keys, str(key): None})
    after = list(ordered)[list(ordered).index(str(key)) + 1 :]
    return keys[after[0]] if after and str(key) not in keys else None


def _added(text: str, node: Any, key: str | int, written: str, as_json: bool) -> str:
    entry = f"{flow(str(key) if as_json else key, as_json=as_json)}: {written}"
    later = _next_month(node, key)
    if later is not None:
        at = later.start_mark.index
        between = ", " if node.flow_style else f"\n{' ' * later.start_mark.column}"
        return f"{text[:at]}{entry}{between}{text[at:]}"
    if node.flow_style:
        if not node.value:
            at = node.end_mark.index - 1
            return text[:at] + entry + text[at:]
        at = _entry_end(text, *node.value[-1])
        comma = " , " if text[at - 1] == ":" else ", "  # after "b:" a comma would be text
        return f"{text[:at]}{comma}{entry}{text[at:]}"
    at = _end(text, node)
    line_end = text.find("\n", at)
    at = len(text) if line_end < 0 else line_end
    if at > 0 and text[at - 1] == "\r":
        at -= 1
    newline = "\r\n" if "\r\n" in text else "\n"
    indent = " " * node.value[0][0].start_mark.column
    return f"{text[:at]}{newline}{indent}{entry}{text[at:]}"

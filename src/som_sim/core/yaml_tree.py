"""YAML text to a plain tree in which the place of every key and value is known.

A YAML library supplies the grammar only; which text is a number is decided here, from the raw text
and by the YAML 1.2 core schema: whole numbers become ``int``, other numbers ``decimal.Decimal``
(never through ``float``), ``true``, ``false`` and ``null`` what they say, and all else stays text,
so ``2017-02``, ``2017-W06`` and ``no`` are strings. Numbers that a Danish reader and a YAML reader
understand differently (``1.000``, ``3,5``, ``0101``) are problems, not guesses.

The text may come from anywhere. Whatever its bytes are, the outcome is a `Document` or a
`ScenarioError`: sizes are bounded before anything is expanded, tags and merge keys are refused, and
no object but those named above is ever made.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from som_sim.core.errors import Path, Problem, ScenarioError
from som_sim.core.yaml_scalars import MAX_DIGITS, Scalar, plain_number, resolve

MAX_BYTES = 1_000_000
"""Largest file that is read."""
MAX_NODES = 100_000
"""Most keys and values a file may hold once its aliases are written out."""
MAX_DEPTH = 50
"""Deepest nesting, aliases written out."""


@dataclass(frozen=True, slots=True)
class Position:
    """Where a value and its key stand, counted from 1; 0 when there is no text to point at.

    The position of an item of a list serves as that of its key. Below an alias (``*name``), values
    stand where the anchor's content stands, which is the text to mend; the key that holds the alias
    keeps its own place.
    """

    line: int = 0
    column: int = 0
    key_line: int = 0
    key_column: int = 0
    file: str | None = None
    """Where the value came from when that is not the document's file."""
    cell: str = ""
    """Sheet and cell of the value in a workbook."""
    key_cell: str = ""
    """Sheet and cell of the key, which is a heading or a name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A tree of plain values and the place of each.

    Attributes
    ----------
    data
        dict, list, str, int, Decimal, bool and None; treat it as read-only.
    positions
        The position of every path in `data`; the path ``()`` is the whole.
    file
        The name to show in messages.
    """

    data: dict[str | int, Any]
    positions: Mapping[Path, Position]
    file: str

    def problem(self, path: Path, message: str, *, at_key: bool = False) -> Problem:
        """Return a problem at a path, placed there or at the nearest thing around it.

        A value is pointed at where it stands, a mapping or list at the key that holds it, and what
        is missing at the key of what should hold it.
        """
        known = path
        while known and known not in self.positions:
            known = known[:-1]
        position = self.positions.get(known, Position())
        use_key = bool(known) and (at_key or isinstance(self.value(known), dict | list))
        return Problem(
            path=path,
            message=message,
            at_key=at_key,
            file=self.file if position.file is None else position.file,
            line=position.key_line if use_key else position.line,
            column=position.key_column if use_key else position.column,
            cell=position.key_cell if use_key else position.cell,
        )

    def value(self, path: Path) -> Any:
        """Return what stands at a path of this tree.

        Raises
        ------
        KeyError, IndexError, TypeError
            When there is no such path.
        """
        value: Any = self.data
        for part in path:
            value = value[part]
        return value


def parse_yaml(text: str | bytes, file: str) -> Document:
    r"""Read YAML text whose top level is a mapping.

    Parameters
    ----------
    text
        The content of the file; bytes must be UTF-8.
    file
        The name to show in messages.

    Raises
    ------
    ScenarioError
        With every problem found, in the order of the file.

    Examples
    --------
    >>> parse_yaml("time: {from: 2017-02}\nprice: 1.5", "a.yaml").data
    {'time': {'from': '2017-02'}, 'price': Decimal('1.5')}
    """
    root = _compose(text, file)
    if root is None or (root.kind == "scalar" and root.value is None):
        raise ScenarioError([_problem("the file is empty", file)])
    if root.kind != "mapping":
        message = "the top level must be keys with values, such as 'som_sim: 1'"
        raise ScenarioError([_problem(message, file, root.line, root.column)])
    positions: dict[Path, Position] = {}
    data = _expand(root, (), (root.line, root.column), positions)
    return Document(data=data, positions=MappingProxyType(positions), file=file)


def parse_value(text: str, file: str) -> Any:
    """Read one YAML value, such as the right side of ``--set path=value``.

    Examples
    --------
    >>> parse_value("{2019-06: 7}", "--set")
    {'2019-06': 7}
    """
    root = _compose(text, file)
    return None if root is None else _expand(root, (), (0, 0), {})


# Nodes -----------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Node:
    """A value as it stands in the text; an alias shares the node of its anchor."""

    kind: str
    line: int
    column: int
    value: Scalar = None
    items: list[_Node] = field(default_factory=list)
    entries: dict[str | int, tuple[int, int, _Node]] = field(default_factory=dict)
    size: int = 1
    height: int = 1
    done: bool = False

    def adopt(self, child: _Node) -> None:
        """Count a child; the counts stop growing just past the limits."""
        self.size = min(self.size + child.size, MAX_NODES + 1)
        self.height = max(self.height, min(child.height, MAX_DEPTH) + 1)


def _expand(node: _Node, path: Path, key: tuple[int, int], positions: dict[Path, Position]) -> Any:
    positions[path] = Position(node.line, node.column, *key)
    if node.kind == "scalar":
        return node.value
    if node.kind == "list":
        return [
            _expand(item, (*path, index), (item.line, item.column), positions)
            for index, item in enumerate(node.items)
        ]
    return {
        name: _expand(child, (*path, name), (line, column), positions)
        for name, (line, column, child) in node.entries.items()
    }


def _problem(message: str, file: str, line: int = 0, column: int = 0) -> Problem:
    return Problem(path=(), message=message, file=file, line=line, column=column)


class _Stop(Exception):
    """Nothing after this point of the text can be read."""


def _compose(text: str | bytes, file: str) -> _Node | None:
    """Build the node tree, or raise with everything that is wrong."""
    composer = _Composer(file)
    root = None
    try:
        root = composer.document(_events(decode_text(text, file), file))
    except _Stop:
        pass
    except ScenarioError as error:
        composer.problems.extend(error.problems)
    if composer.problems:
        raise ScenarioError(sorted(composer.problems, key=lambda one: (one.line, one.column)))
    return root


UNPRINTABLE = re.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f\\ud800-\\udfff]")
"""What escapes such as ``"\\e"`` could bring in, and no terminal or file should be sent."""


class _Composer:
    """Turns a stream of events into nodes, noting every problem on the way."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.anchors: dict[str, _Node] = {}
        self.events: Iterator[Any] = iter(())

    def document(self, events: Iterator[Any]) -> _Node | None:
        self.events = events
        root: _Node | None = None
        for event in events:
            name = type(event).__name__
            if name == "DocumentStartEvent":
                if root is not None:
                    self.note(event, (), "a second document ('---'); one file is one document")
                    raise _Stop
                if event.version is not None and tuple(event.version) != (1, 2):
                    self.note(event, (), "only YAML 1.2 is read; leave the %YAML line out")
            elif name not in ("StreamStartEvent", "DocumentEndEvent", "StreamEndEvent"):
                root = self.node(event, (), 1)
        if root is not None and root.size > MAX_NODES:
            message = f"more than {MAX_NODES} values once its aliases are written out"
            self.problems.append(_problem(message, self.file, root.line, root.column))
        if root is not None and root.height > MAX_DEPTH:
            message = f"nested deeper than {MAX_DEPTH} once its aliases are written out"
            self.problems.append(_problem(message, self.file, root.line, root.column))
        return root

    def note(self, event: Any, path: Path, message: str, *, at_key: bool = False) -> None:
        problem = Problem(
            path=path,
            message=message,
            at_key=at_key,
            file=self.file,
            line=event.start_mark.line + 1,
            column=event.start_mark.column + 1,
        )
        self.problems.append(problem)

    def node(self, event: Any, path: Path, depth: int) -> _Node:
        name = type(event).__name__
        if depth > MAX_DEPTH:
            self.note(event, (), f"nested deeper than {MAX_DEPTH} levels")
            raise _Stop
        if name == "AliasEvent":
            return self.alias(event, path)
        if event.ctag is not None:
            self.note(event, path, f"tags such as {_tag_text(event)} are not allowed; remove it")
        kind = {"SequenceStartEvent": "list", "MappingStartEvent": "mapping"}.get(name, "scalar")
        node = _Node(kind, event.start_mark.line + 1, event.start_mark.column + 1)
        if event.anchor is not None:
            self.anchors[event.anchor] = node
        if kind == "scalar":
            node.value = self.scalar(event, path)
        elif kind == "list":
            self.fill_list(node, path, depth)
        else:
            self.fill_mapping(node, path, depth, flow=event.flow_style)
        node.done = True
        return node

    def alias(self, event: Any, path: Path) -> _Node:
        target = self.anchors.get(event.anchor)
        if target is not None and target.done:
            return target
        reason = "is used before it is defined" if target is None else "contains itself"
        self.note(event, path, f"*{event.anchor} {reason}")
        return _Node("scalar", event.start_mark.line + 1, event.start_mark.column + 1, done=True)

    def scalar(self, event: Any, path: Path, *, at_key: bool = False) -> Scalar:
        text: str = event.value
        if found := UNPRINTABLE.search(text):
            code = f"U+{ord(found.group()):04X}"
            self.note(event, path, f"the character {code} is not allowed in a text", at_key=at_key)
            return ""
        if event.style or event.ctag is not None:
            return text
        try:
            return resolve(text)
        except ValueError as error:
            self.note(event, path, str(error), at_key=at_key)
            return text

    def fill_list(self, node: _Node, path: Path, depth: int) -> None:
        while type(event := next(self.events)).__name__ != "SequenceEndEvent":
            item = self.node(event, (*path, len(node.items)), depth + 1)
            node.items.append(item)
            node.adopt(item)

    def fill_mapping(self, node: _Node, path: Path, depth: int, *, flow: bool) -> None:
        before: Scalar = None
        while type(event := next(self.events)).__name__ != "MappingEndEvent":
            line, column = event.start_mark.line + 1, event.start_mark.column + 1
            key = self.key(event, path, depth)
            inner = path if key is None else (*path, key)
            value_event = next(self.events)
            child = self.node(value_event, inner, depth + 1)
            bare = flow and getattr(value_event, "value", None) == "" and not value_event.style
            if bare and isinstance(before, int) and (message := _comma_message(before, key)):
                self.note(event, inner, message, at_key=True)
            before = child.value
            if key is None:
                continue
            same = next((one for one in (key, _other(key)) if one in node.entries), None)
            if same is None:
                node.entries[key] = (line, column, child)
                node.adopt(child)
            else:
                first = node.entries[same][0]
                message = f"this key stands twice; the first is on line {first}"
                self.note(event, inner, message, at_key=True)

    def key(self, event: Any, path: Path, depth: int) -> str | int | None:
        """Return a key, or None when it cannot be one (and the problem is noted)."""
        if type(event).__name__ != "ScalarEvent":
            self.note(event, path, "a key must be a name or a whole number", at_key=True)
            self.node(event, path, depth + 1)
            return None
        if event.ctag is not None:
            self.note(event, path, f"tags such as {_tag_text(event)} are not allowed; remove it")
        if event.value == "<<" and not event.style:
            reason = "merge keys (<<) are not read, since they hide what stands where"
            self.note(event, path, f"{reason}; repeat the lines", at_key=True)
            return None
        found = len(self.problems)
        key = self.scalar(event, path, at_key=True)
        if event.anchor is not None:
            line, column = event.start_mark.line + 1, event.start_mark.column + 1
            self.anchors[event.anchor] = _Node("scalar", line, column, key, done=True)
        if len(self.problems) > found:
            return None
        if isinstance(key, bool) or not isinstance(key, str | int):
            text = event.value or "an empty key"
            message = f"a key must be a name or a whole number, not {text}"
            self.note(event, path, f"{message}; quote it if it is a name", at_key=True)
            return None
        return key


_AFTER_COMMA = re.compile(r"([0-9]+)\s*(%|[a-z]+)")


def _comma_message(before: int, key: str | int | None) -> str:
    """Say so when a key is what stood after a decimal comma, else say nothing.

    ``{amount: 3,5}`` is ``{amount: 3, 5: null}`` to every YAML reader.
    """
    if isinstance(key, int) and not isinstance(key, bool):
        return f"has no value; if {before},{key} is a number, write {before}.{key}"
    found = _AFTER_COMMA.fullmatch(key) if isinstance(key, str) else None
    if found is None:
        return ""
    number = f"{before}.{found[1]}"
    percent = found[2] == "%"
    written = plain_number(Decimal(number) / 100) if percent else f"{number} {found[2]}"
    return f"has no value; if {before},{key} is meant, write {written}"


def _other(key: str | int) -> str | int | None:
    """Return the key that looks the same in a file: 2018 beside '2018'."""
    if isinstance(key, int):
        return str(key)
    return int(key) if key.isascii() and key.isdecimal() and len(key) <= MAX_DIGITS else None


def _tag_text(event: Any) -> str:
    return str(event.ctag).replace("tag:yaml.org,2002:", "!!")


# Text to events --------------------------------------------------------------------------------


def decode_text(text: str | bytes, file: str) -> str:
    """Return the text of a file of bounded size, without its byte order mark.

    Raises
    ------
    ScenarioError
        When it is too large, or is not UTF-8.
    """
    raw = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    if len(raw) > MAX_BYTES:
        raise ScenarioError(
            [_problem(f"larger than {MAX_BYTES} bytes, the most that is read", file)]
        )
    if isinstance(text, str):
        return text.removeprefix("\ufeff")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8", "replace")
        message = f"byte 0x{raw[error.start]:02x} is not UTF-8; save the file as UTF-8"
        column = len(before) - before.rfind("\n")
        problem = _problem(message, file, before.count("\n") + 1, column)
        raise ScenarioError([problem]) from None


def _events(text: str, file: str) -> Iterator[Any]:
    """Yield parser events; whatever stops the parser becomes one ScenarioError with its place."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError
    from ruamel.yaml.reader import ReaderError

    line, column = 1, 1
    try:
        for event in YAML(typ="safe", pure=True).parse(text):
            line, column = event.end_mark.line + 1, event.end_mark.column + 1
            yield event
    except MarkedYAMLError as error:
        message, mark = _syntax_message(error)
        if mark is not None:
            line, column = mark.line + 1, mark.column + 1
    except ReaderError as error:
        before = text[: error.position]
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        message = f"the character U+{ord(text[error.position]):04X} is not allowed in YAML"
    except Exception as error:  # any bytes may come in, and the parser has faults of its own
        message = f"the text from here on cannot be read as YAML ({type(error).__name__})"
    else:
        return
    raise ScenarioError([_problem(message, file, line, column)])


def _syntax_message(error: Any) -> tuple[str, Any]:
    """Return one sentence for the YAML parser's complaint, and the place to look at."""
    problem = str(error.problem or "")
    context = str(error.context or "")
    opened = error.context_mark
    if "mapping values are not allowed" in problem:
        message = "a colon is not allowed here; check the indentation, or quote a text with ': '"
        return message, error.problem_mark
    if "'\\t'" in problem:
        return "a tab; indent with spaces", error.problem_mark
    if found := re.match(r"found character ('.*') that cannot start", problem):
        return f"a value cannot begin with {found.group(1)}; quote it", error.problem_mark
    if "end of stream" in problem and "quoted" in context:
        return "the quotation mark opened here is never closed", opened
    if found := re.match(r"expected ',' or '(.)'", problem):
        start = f"line {opened.line + 1}, column {opened.column + 1}" if opened else "above"
        what = "brace" if found.group(1) == "}" else "bracket"
        message = f"expected ',' or '{found.group(1)}' to go on with the {what} opened at {start}"
        return message, error.problem_mark
    if "expected <block end>" in problem:
        since = f" since line {opened.line + 1}" if opened else ""
        message = f"this does not line up with the lines it belongs to{since}; check indentation"
        return message, error.problem_mark
    if "could not find expected ':'" in problem:
        return "a key without a colon", opened or error.problem_mark
    if found := re.match("expected the node content, but found '(.*)'", problem):
        what = found.group(1).replace("<stream end>", "the end of the file")
        return f"a value is missing before {what}", error.problem_mark
    if "sequence entries are not allowed" in problem:
        return "a list item ('- ') must start on its own line", error.problem_mark
    said = ", ".join(part for part in (context, problem) if part)
    return f"not YAML: {said}", error.problem_mark or opened

"""The kernel in two forms: as it stands, and compiled by numba. Both give the same bytes.

Compiling takes some seconds, once (numba keeps the result beside the source), so only a large job
is worth it. numba would pass a structure of forty arrays by value, at every call; so the compiled
kernel gets the address of an array of addresses and sizes, and a function looks up only what it
uses. That is the only difference: ``S.cell`` is read once where the function begins.
"""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Callable, Mapping
from functools import cache
from types import FunctionType, ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from som_sim.engine.individual import kernel as _kernel  # noqa: F401 - fills the registry
from som_sim.engine.individual.boundary import count_boundary_numpy
from som_sim.engine.individual.movers import find_movers_numpy
from som_sim.engine.individual.registry import FIELD_KINDS, KERNEL, STRUCTURES, kernel
from som_sim.engine.stamps import source_digest, stamp

LARGE_JOB = 300_000
"""Persons x cycles of all histories from which compiling pays."""
WORDS = 4
"""Of each field: its address or value, and up to three sizes."""
Functions = Mapping[str, Callable[..., Any]]


def as_it_is(structure: Any) -> Any:
    """Return a structure as the plain kernel takes it, twice."""
    return structure, structure


def packed(structure: Any) -> tuple[int, Any]:
    """Return a structure as the compiled kernel takes it, and what must be kept meanwhile."""
    words = np.zeros((len(structure), WORDS), dtype=np.int64)
    kinds = [one.__forward_arg__ for one in type(structure).__annotations__.values()]
    for field, value, kind in zip(words, structure, kinds, strict=True):
        if isinstance(value, np.ndarray):
            number, n_axes = FIELD_KINDS[kind]
            assert value.flags.c_contiguous and value.ndim == n_axes, kind
            assert value.dtype == np.dtype(getattr(np, number)), kind
            field[0] = _address_of(value)
            field[1 : 1 + value.ndim] = value.shape
        else:
            field[0] = value
    return _address_of(words), (words, structure)


def _address_of(array: NDArray[Any]) -> int:
    return int(array.__array_interface__["data"][0])


@cache
def plain_functions() -> Functions:
    """Return the kernel as it stands, with what numpy does faster for everybody at once."""
    instead: Functions = {"find_movers": find_movers_numpy, "count_boundary": count_boundary_numpy}
    done: dict[str, Callable[..., Any]] = {}
    spaces = []
    for name, function in KERNEL.items():
        assert isinstance(function, FunctionType)
        spaces.append(dict(function.__globals__))
        done[name] = FunctionType(function.__code__, spaces[-1], name, function.__defaults__)
    done.update(instead)
    for space in spaces:
        space.update({name: one for name, one in done.items() if name in space})
    return {**done, "prepared": as_it_is}


@cache
def compiled_functions() -> Functions | None:
    """Return the compiled kernel, or None where numba is not installed."""
    try:
        import numba
    except ImportError:
        return None
    helpers = {
        "np": np,
        "_address": _address_intrinsic(),
        "_word": _word_intrinsic(),
        "_carray": vars(numba)["carray"],
    }
    modules = dict.fromkeys(sys.modules[one.__module__] for one in KERNEL.values())
    digest = source_digest(sources())
    done: dict[str, Callable[..., Any]] = {}
    spaces = []
    for module in modules:
        space = {**vars(module), **helpers}
        exec(_rewritten(module), space)
        spaces.append(space)
        for name, function in KERNEL.items():
            if function.__module__ == module.__name__:
                done[name] = numba.njit(cache=True, nogil=True)(space[name])
                stamp(done[name], digest)
    for space in spaces:
        space.update({name: one for name, one in done.items() if name in space})
    return {**done, "prepared": packed}


def sources() -> tuple[str, ...]:
    """Return the modules on which the compiled code depends.

    Those of the kernel; those of its structures, whose fields it finds by their position, and whose
    constants it holds; and those that say how it is written.
    """
    made = (one.__module__ for one in (*KERNEL.values(), *STRUCTURES.values()))
    return tuple(dict.fromkeys((*made, kernel.__module__, __name__)))


def _address_intrinsic() -> Any:
    """Return a compiled function that takes a number as an address."""
    from numba import types
    from numba.extending import intrinsic

    @intrinsic
    def address(context: Any, number: Any) -> Any:
        def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            kind = context.get_value_type(signature.return_type)
            return builder.inttoptr(arguments[0], kind)

        return types.voidptr(number), build

    return address


def _word_intrinsic() -> Any:
    """Return a compiled function that reads the numbered word behind an address."""
    from numba import types
    from numba.extending import intrinsic

    @intrinsic
    def word(context: Any, address: Any, number: Any) -> Any:
        def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            kind = context.get_value_type(types.int64)
            first = builder.inttoptr(arguments[0], kind.as_pointer())
            return builder.load(builder.gep(first, [arguments[1]]))

        return types.int64(address, number), build

    return word


def _rewritten(module: ModuleType) -> Any:
    """Return the code of a module's kernel functions as they are to be compiled."""
    tree = ast.parse(inspect.getsource(module))
    functions = [
        _LookUp(one).visit(one)
        for one in tree.body
        if isinstance(one, ast.FunctionDef) and one.name in KERNEL
    ]
    whole = ast.fix_missing_locations(ast.Module(body=functions, type_ignores=[]))
    return compile(whole, str(module.__file__), "exec")


class _LookUp(ast.NodeTransformer):
    """Turn ``S.cell`` into a local name that is looked up where the function begins."""

    def __init__(self, function: ast.FunctionDef) -> None:
        self.kinds = {
            one.arg: one.annotation.id
            for one in function.args.args
            if isinstance(one.annotation, ast.Name) and one.annotation.id in STRUCTURES
        }
        self.used: dict[tuple[str, str], None] = {}

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        self.generic_visit(node)
        if not (isinstance(node.value, ast.Name) and node.value.id in self.kinds):
            return node
        self.used[node.value.id, node.attr] = None
        return ast.copy_location(ast.Name(f"{node.value.id}__{node.attr}", node.ctx), node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.decorator_list, node.returns = [], None
        for argument in node.args.args:
            argument.annotation = None
        self.generic_visit(node)
        documented = ast.get_docstring(node) is not None
        lookups = [_lookup(self.kinds[name], name, field) for name, field in self.used]
        node.body[documented:documented] = lookups
        return node


def _lookup(kind: str, name: str, field: str) -> ast.stmt:
    """Return the statement that looks a field up."""
    annotations = STRUCTURES[kind].__annotations__
    number, n_axes = FIELD_KINDS[annotations[field].__forward_arg__]
    at = list(annotations).index(field) * WORDS
    value = f"_word({name}, {at})"
    if n_axes:
        sizes = "".join(f"_word({name}, {at + 1 + axis}), " for axis in range(n_axes))
        value = f"_carray(_address({value}), ({sizes}), np.{number})"
    elif number == "bool_":
        value = f"{value} != 0"
    return ast.parse(f"{name}__{field} = {value}").body[0]

"""The functions that make the kernel, and the kinds of array in the structures they work on.

A function marked with `kernel` uses only numbers, arrays, and the structures `Tables`, `State`,
`Counts` and `Log`. It runs as it stands, or compiled when a job is large; both give the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

F = TypeVar("F", bound=Callable[..., Any])
C = TypeVar("C")
KERNEL: dict[str, Callable[..., Any]] = {}
"""Every function of the kernel by name, in the order in which they were defined."""
STRUCTURES: dict[str, type] = {}
"""The structures that kernel functions take, by name."""

# What a structure's fields are: the compiled kernel reads number type and dimensions from the name.
Floats1: TypeAlias = NDArray[np.float64]
Floats2: TypeAlias = NDArray[np.float64]
Floats3: TypeAlias = NDArray[np.float64]
Ints1: TypeAlias = NDArray[np.int64]
Ints2: TypeAlias = NDArray[np.int64]
Keys1: TypeAlias = NDArray[np.uint64]
Flags1: TypeAlias = NDArray[np.bool_]
Flags2: TypeAlias = NDArray[np.bool_]
FIELD_KINDS = {
    "Floats1": ("float64", 1),
    "Floats2": ("float64", 2),
    "Floats3": ("float64", 3),
    "Ints1": ("int64", 1),
    "Ints2": ("int64", 2),
    "Keys1": ("uint64", 1),
    "Flags1": ("bool_", 1),
    "Flags2": ("bool_", 2),
    "int": ("int64", 0),
    "bool": ("bool_", 0),
}


def kernel(function: F) -> F:
    """Mark a function as part of the kernel."""
    assert function.__name__ not in KERNEL, f"two kernel functions are called {function.__name__}"
    KERNEL[function.__name__] = function
    return function


def structure(kind: type[C]) -> type[C]:
    """Mark a named tuple as one that kernel functions take."""
    STRUCTURES[kind.__name__] = kind
    return kind

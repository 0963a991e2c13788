"""Compiled code that is kept for later processes, and made anew when what it depends on changed."""

from __future__ import annotations

import hashlib
import inspect
import sys
from collections.abc import Iterable
from typing import Any


def source_digest(modules: Iterable[str]) -> str:
    """Return a digest of the code of some modules, by their names."""
    code = "".join(inspect.getsource(sys.modules[name]) for name in modules)
    return hashlib.sha256(code.encode()).hexdigest()


def stamp(compiled: Any, digest: str) -> None:
    """Let a function that numba keeps hold only for code with this digest.

    numba's own stamp looks at the one file that a function stands in, and functions call those of
    others.
    """
    compiled._cache._cache_file._source_stamp = digest

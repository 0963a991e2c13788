"""Where the figures of all draws are gathered: in memory, or on disk when they are many.

Finished blocks can be kept in a folder of the user's, so that a run that was killed goes on where
it stood. A block appears there as a whole or not at all.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO

import numpy as np
from numpy.typing import NDArray

from som_sim.analysis.executors import Block
from som_sim.core.errors import SomSimError

Floats = NDArray[np.float64]
IN_MEMORY = 128 * 2**20
"""Bytes; more than this is gathered in a temporary file."""
MANIFEST = "draws.json"


@dataclass(slots=True, kw_only=True)
class Rows:
    """The figures of all draws, one row each: (row, draw)."""

    n_rows: int
    n_draws: int
    in_memory: int = IN_MEMORY
    _array: Floats | None = field(default=None, init=False)
    _file: IO[bytes] | None = field(default=None, init=False)

    def __enter__(self) -> Rows:
        """Take the room."""
        if 8 * self.n_rows * self.n_draws <= self.in_memory:
            self._array = np.empty((self.n_rows, self.n_draws))
        else:
            self._file = tempfile.TemporaryFile(prefix="som_sim-")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Give the room back."""
        self._array = None
        if self._file is not None:
            self._file.close()

    def put(self, first: int, block: Floats) -> None:
        """Set the draws of a block: (row, draw)."""
        if self._array is not None:
            self._array[:, first : first + block.shape[1]] = block
            return
        assert self._file is not None
        for number, row in enumerate(np.ascontiguousarray(block)):
            self._file.seek(8 * (number * self.n_draws + first))
            self._file.write(row.tobytes())

    def row(self, number: int) -> Floats:
        """Return a row: (draw,)."""
        if self._array is not None:
            kept: Floats = self._array[number]
            return kept
        assert self._file is not None
        self._file.seek(8 * number * self.n_draws)
        return np.frombuffer(self._file.read(8 * self.n_draws), dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Folder:
    """Finished blocks on disk, of one kind of run.

    Attributes
    ----------
    path
        The folder.
    identity
        What a block's figures depend on besides its draws. Blocks of anything else are refused.
    """

    path: Path
    identity: dict[str, object]

    def open(self) -> None:
        """Make the folder, or see that it holds blocks of this run.

        Raises
        ------
        SomSimError
            When it holds another run's blocks or something else, or cannot be written.
        """
        wanted = json.dumps(self.identity, sort_keys=True, indent=2) + "\n"
        manifest = self.path / MANIFEST
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            if manifest.exists():
                if manifest.read_text(encoding="utf-8") != wanted:
                    raise SomSimError(
                        f"{self.path} holds the draws of another run (another scenario, seed, "
                        "version or way to draw); choose another folder, or empty it"
                    )
            elif any(self.path.iterdir()):
                raise SomSimError(f"{self.path} is not empty and holds no draws; choose another")
            else:
                _write(manifest, wanted.encode())
        except OSError as error:
            raise SomSimError(f"cannot write to {self.path}: {error.strerror or error}") from None

    def _file(self, block: Block) -> Path:
        return self.path / f"draws_{block.first:09d}_{block.n_draws}.bin"

    def read(self, block: Block, n_rows: int) -> Floats | None:
        """Return a block that is there whole, else None."""
        with suppress(OSError, ValueError):
            data = self._file(block).read_bytes()
            found, figures = data[:32], data[32:]
            if len(figures) == 8 * n_rows * block.n_draws and _digest(figures) == found:
                return np.frombuffer(figures).reshape(n_rows, block.n_draws)
        return None

    def write(self, block: Block, figures: Floats) -> None:
        """Keep a block: it is there as a whole, or not at all."""
        data = np.ascontiguousarray(figures).tobytes()
        try:
            _write(self._file(block), _digest(data) + data)
        except OSError as error:
            raise SomSimError(f"cannot write to {self.path}: {error.strerror or error}") from None


def _digest(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def _write(path: Path, data: bytes) -> None:
    handle, name = tempfile.mkstemp(prefix=".", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.replace(name, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(name)
        raise


def blocks_of(n_draws: int, size: int) -> Sequence[Block]:
    """Return the blocks of a run.

    Examples
    --------
    >>> [(block.first, block.n_draws) for block in blocks_of(10, 4)]
    [(0, 4), (4, 4), (8, 2)]
    """
    return [
        Block(number=number, first=first, n_draws=min(size, n_draws - first))
        for number, first in enumerate(range(0, n_draws, size))
    ]

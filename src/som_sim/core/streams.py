"""Random numbers: the one place that makes them.

A stream belongs to one decision, such as the draws of one uncertain parameter. Its key is made of
the seed and the names of the decision, never of when it was asked, so that nothing else in a run
can move it. Streams are counter-based (Philox 4x64): number 17 of a stream is the same whether it
is computed alone, in a block of 7 or in a block of 1000.
"""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import NDArray

from som_sim.core.errors import SomSimError

MAX_SEED = 2**64 - 1
WORDS_PER_COUNT = 4
"""Philox 4x64 gives four 64-bit words at each value of its counter."""


def stream_key(seed: int, *ids: str) -> int:
    """Return the 128-bit key of a stream.

    Every id enters as a digest of fixed length, before the seed, so that no two lists of ids run
    together and keys of different seeds are unrelated.

    Parameters
    ----------
    seed
        0 to 2**64 - 1.
    ids
        What the stream decides, from the general to the particular: ``"parameter", "stay"``.

    Raises
    ------
    SomSimError
        When the seed is no such number.
    """
    if isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed <= MAX_SEED:
        raise SomSimError(f"seed {seed} is not a whole number from 0 to {MAX_SEED}")
    whole = b"".join(hashlib.sha256(one.encode()).digest() for one in ids)
    digest = hashlib.sha256(whole + seed.to_bytes(8, "little")).digest()
    return int.from_bytes(digest[:16], "little")


def make_generator(seed: int, *ids: str) -> np.random.Generator:
    """Return a generator of a stream from its beginning."""
    return np.random.Generator(np.random.Philox(key=stream_key(seed, *ids)))


def make_seeded(seed: int, *ids: str) -> np.random.Generator:
    """Return a generator of a stream for a library that makes others from it."""
    return np.random.default_rng(stream_key(seed, *ids))


def uniforms(seed: int, *ids: str, n: int, first: int = 0) -> NDArray[np.float64]:
    """Return numbers `first` to ``first + n - 1`` of a stream, evenly spread over 0 to 1.

    Returns
    -------
    (n,), never 0 and never 1, so that every inverse distribution function is finite
        The midpoints of 2**52 equal intervals.

    Examples
    --------
    >>> whole = uniforms(1, "parameter", "stay", n=10)
    >>> bool((uniforms(1, "parameter", "stay", n=4, first=6) == whole[6:]).all())
    True
    """
    if n < 0 or first < 0:
        raise SomSimError("a stream has no numbers before its first")
    skipped = first % WORDS_PER_COUNT
    philox = np.random.Philox(key=stream_key(seed, *ids), counter=first // WORDS_PER_COUNT)
    words = np.asarray(philox.random_raw(skipped + n), dtype=np.uint64)[skipped:]
    numbers: NDArray[np.float64] = ((words >> np.uint64(12)).astype(np.float64) + 0.5) * 2.0**-52
    return numbers

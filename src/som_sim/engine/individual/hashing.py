"""Random numbers that are looked up, not drawn: a hash of who decides what, and when.

Every number has a key: the run (seed, draw, replicate), the person, the decision (in which domain
to move, which way, whether to join a programme), the cycle and how many times that decision has
been taken in it. Nothing else moves a number: not the strategy, not the order in which people are
taken, not how many threads or blocks there are. The hash is the output function of SplitMix64
(Steele, Lea and Flood 2014, doi:10.1145/2714064.2660195) at a place of a sequence that begins at
the person's own key.
"""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import NDArray

from som_sim.engine.individual.registry import kernel

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)
_30, _27, _31, _12 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(12)
_CYCLES = np.uint64(2048)
"""More than a run can have cycles, so that no two times share a place in a sequence."""
_ONE = np.uint64(1)


@kernel
def mix(x: np.uint64) -> np.uint64:
    """Return 64 bits that depend on every bit of `x`."""
    x = (x ^ (x >> _30)) * _FIRST
    x = (x ^ (x >> _27)) * _SECOND
    return x ^ (x >> _31)


@kernel
def child_key(key: np.uint64, number: int) -> np.uint64:
    """Return the key of the numbered part of something that has a key."""
    return mix(mix(key) + GOLDEN * (np.uint64(number) + _ONE))


@kernel
def uniform(key: np.uint64, decision: np.uint64, cycle: int, time: int) -> float:
    """Return the number of a decision, above 0 and below 1.

    Parameters
    ----------
    key
        Of a person or of a run.
    decision
        What is decided: a `decision_key`.
    cycle, time
        When, and which time in that cycle, from 0.
    """
    place = np.uint64(time) * _CYCLES + np.uint64(cycle) + _ONE
    bits = mix(key + decision + GOLDEN * place)
    return (float(bits >> _12) + 0.5) * 2.0**-52


def uniforms_at(keys: NDArray[np.uint64], decision: np.uint64, cycle: int) -> NDArray[np.float64]:
    """Return `uniform` of many keys at once, the first time in a cycle: (key,)."""
    with np.errstate(over="ignore"):
        x = keys + (decision + GOLDEN * (np.uint64(cycle) + _ONE))
    x = (x ^ (x >> _30)) * _FIRST
    x = (x ^ (x >> _27)) * _SECOND
    x = x ^ (x >> _31)
    numbers: NDArray[np.float64] = ((x >> _12).astype(np.float64) + 0.5) * 2.0**-52
    return numbers


def decision_key(*names: str) -> np.uint64:
    """Return the key of a decision by its names, such as ``"move", "housing"``."""
    whole = b"".join(hashlib.sha256(one.encode()).digest() for one in names)
    return np.uint64(int.from_bytes(hashlib.sha256(whole).digest()[:8], "little"))

"""Streams: the same numbers whatever is asked beside them, evenly spread, apart from each other."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from som_sim.core.errors import SomSimError
from som_sim.core.streams import MAX_SEED, make_generator, stream_key, uniforms

FALSE_ALARM = 1e-6
"""Chance that a statistical test here fails although all is well; with fixed seeds it never does
by chance twice."""


@given(
    st.integers(0, MAX_SEED), st.lists(st.integers(0, 50), min_size=1, max_size=8), st.integers(0)
)
def test_blocks_of_any_size_make_the_same_stream(seed: int, sizes: list[int], start: int) -> None:
    first = start % 10**12
    blocks, at = [], first
    for size in sizes:
        blocks.append(uniforms(seed, "parameter", "stay", n=size, first=at))
        at += size
    whole = uniforms(seed, "parameter", "stay", n=sum(sizes), first=first)
    assert np.concatenate(blocks).tobytes() == whole.tobytes()


def test_numbers_lie_strictly_between_0_and_1_even_at_the_ends_of_a_word() -> None:
    ends = np.array([0, 2**64 - 1], dtype=np.uint64)
    numbers = ((ends >> np.uint64(12)).astype(np.float64) + 0.5) * 2.0**-52
    assert 0 < numbers[0] < numbers[1] < 1
    many = uniforms(3, "a", n=10_000)
    assert many.min() > 0 and many.max() < 1


def test_numbers_are_evenly_spread_and_streams_are_uncorrelated() -> None:
    n = 20_000
    one, two, other_seed = (
        uniforms(1, "parameter", "a", n=n),
        uniforms(1, "parameter", "b", n=n),
        uniforms(2, "parameter", "a", n=n),
    )
    assert stats.kstest(one, "uniform").pvalue > FALSE_ALARM
    for x, y in ((one, two), (one, other_seed), (one[:-1], one[1:])):
        assert stats.spearmanr(x, y).pvalue > FALSE_ALARM


def test_the_first_numbers_of_a_stream_never_change() -> None:
    """A published result is found again only while these stay what they are."""
    pinned = [0.19309118544833226, 0.5559314457961814, 0.6352034480670389]
    assert uniforms(1, "parameter", "stay", n=3).tolist() == pinned


def test_keys_tell_ids_and_seeds_apart_and_have_128_bits() -> None:
    keys = [
        stream_key(0, "a", "b"),
        stream_key(0, "b", "a"),
        stream_key(0, "ab"),
        stream_key(0, "a"),
        stream_key(0),
        stream_key(1, "a", "b"),
        stream_key(MAX_SEED, "a", "b"),
    ]
    assert len(set(keys)) == len(keys)
    assert all(0 <= key < 2**128 for key in keys)


def test_a_generator_begins_where_its_stream_begins() -> None:
    first, again = make_generator(5, "a"), make_generator(5, "a")
    assert first.random() == again.random()
    assert first.random() != make_generator(5, "b").random()


@pytest.mark.parametrize("seed", [-1, 2**64, 1.0, True, "1"])
def test_a_seed_is_a_whole_number_of_64_bits(seed: object) -> None:
    with pytest.raises(SomSimError, match="is not a whole number from 0 to 18446744073709551615"):
        uniforms(seed, "a", n=1)  # type: ignore[arg-type]


def test_a_stream_has_a_beginning() -> None:
    with pytest.raises(SomSimError, match="no numbers before its first"):
        uniforms(1, "a", n=1, first=-1)

"""One step of time against matrix exponentials, closed forms and itself."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from plain_loop import van_loan
from som_sim.core.errors import SomSimError
from som_sim.core.limits import MAX_EXPECTED_JUMPS
from som_sim.core.time import parse_duration
from som_sim.engine.uniformise import TAIL, advance, poisson_weights
from som_sim.model.model import Generator

STEP = 1e-12
"""Relative to all persons: uniformisation adds positive terms only; expm loses a little more."""
STIFF = 1e-10
"""With thousands of expected moves, expm itself squares its matrix a dozen times."""
WEIGHT = 1e-13
"""A Poisson weight is a product of up to 9 sqrt(m) factors from the mode; relative to the sum."""
MONTH, YEAR = 30.4375 / 365.25, 1.0
MEANS = st.one_of(st.just(0.0), st.floats(1e-12, 1.0), st.floats(1.0, 400.0), st.floats(400, 20e3))


def make_generator(rates: np.ndarray, n_cells: int | None = None) -> Generator:
    """Return (place, place, draw) rates as edges; zero rates off the diagonal are edges too."""
    n_places = len(rates)
    n_cells = n_places if n_cells is None else n_cells
    edges = [(i, j) for j in range(n_places) for i in range(n_cells) if i != j]
    source = np.array([i for i, _ in edges], dtype=np.int64)
    target = np.array([j for _, j in edges], dtype=np.int64)
    return Generator(
        n_places=n_places,
        source=source,
        target=target,
        domain=np.zeros_like(source),
        rate=rates[source, target],
    )


def matrix(generator: Generator, draw: int) -> np.ndarray:
    q = np.zeros((generator.n_places, generator.n_places))
    np.add.at(q, (generator.source, generator.target), generator.rate[:, draw])
    return q - np.diag(q.sum(axis=1))


def assert_as_expm(
    generator: Generator, persons: np.ndarray, arrivals: np.ndarray, years: float, tolerance: float
) -> None:
    step = advance(generator, persons, arrivals, years)
    for draw in range(persons.shape[1]):
        q = matrix(generator, draw)
        end, time = van_loan(q, persons[:, draw], arrivals[:, draw], years)
        total = persons[:, draw].sum() + years * arrivals[:, draw].sum()
        np.testing.assert_allclose(step.persons[:, draw], end, rtol=0, atol=tolerance * total)
        allowed = tolerance * total * years
        np.testing.assert_allclose(step.person_years[:, draw], time, rtol=0, atol=allowed)
        assert np.all(step.persons >= 0)
        assert np.all(step.person_years >= 0)


@st.composite
def steps(draw: st.DrawFn) -> tuple[Generator, np.ndarray, np.ndarray, float]:
    n_cells, n_leave, n_draws = (draw(st.integers(a, b)) for a, b in ((1, 5), (0, 2), (1, 3)))
    n_places = n_cells + n_leave
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    rates = rng.exponential(size=(n_places, n_places, n_draws)) * 10 ** rng.uniform(-4, 2)
    rates[rng.random(rates.shape) < draw(st.sampled_from([0.0, 0.3, 0.9]))] = 0.0
    persons = rng.exponential(50, size=(n_places, n_draws))
    arrivals = rng.exponential(20, size=(n_places, n_draws)) * draw(st.integers(0, 1))
    arrivals[n_cells:] = 0.0
    generator = make_generator(rates, n_cells)
    return generator, persons, arrivals, draw(st.sampled_from([1 / 365.25, MONTH, 0.25, YEAR]))


@given(steps())
def test_a_step_is_the_matrix_exponential(
    case: tuple[Generator, np.ndarray, np.ndarray, float],
) -> None:
    assert_as_expm(*case, STEP)


@given(steps())
def test_a_draw_is_the_same_alone_to_the_byte(
    case: tuple[Generator, np.ndarray, np.ndarray, float],
) -> None:
    generator, persons, arrivals, years = case
    block = advance(generator, persons, arrivals, years)
    for draw in range(persons.shape[1]):
        one = Generator(
            n_places=generator.n_places,
            source=generator.source,
            target=generator.target,
            domain=generator.domain,
            rate=generator.rate[:, [draw]],
        )
        alone = advance(one, persons[:, [draw]], arrivals[:, [draw]], years)
        assert np.array_equal(alone.persons[:, 0], block.persons[:, draw])
        assert np.array_equal(alone.person_years[:, 0], block.person_years[:, draw])


@given(steps())
def test_two_half_steps_are_one(case: tuple[Generator, np.ndarray, np.ndarray, float]) -> None:
    generator, persons, arrivals, years = case
    whole = advance(generator, persons, arrivals, years)
    first = advance(generator, persons, arrivals, years / 2)
    second = advance(generator, first.persons, arrivals, years / 2)
    total = (persons + years * arrivals).sum()
    spent = first.person_years + second.person_years
    np.testing.assert_allclose(second.persons, whole.persons, rtol=0, atol=STEP * total)
    np.testing.assert_allclose(spent, whole.person_years, rtol=0, atol=STEP * total * years)


@given(steps())
def test_nobody_is_lost_and_nothing_given_is_changed(
    case: tuple[Generator, np.ndarray, np.ndarray, float],
) -> None:
    generator, persons, arrivals, years = case
    given_in = [one.copy() for one in (generator.rate, persons, arrivals)]
    step = advance(generator, persons, arrivals, years)
    came = persons.sum(axis=0) + years * arrivals.sum(axis=0)
    spent = persons.sum(axis=0) * years + arrivals.sum(axis=0) * years**2 / 2
    np.testing.assert_allclose(step.persons.sum(axis=0), came, rtol=STEP)
    np.testing.assert_allclose(step.person_years.sum(axis=0), spent, rtol=STEP)
    for before, after in zip(given_in, (generator.rate, persons, arrivals), strict=True):
        assert np.array_equal(before, after)


def test_without_any_move_everybody_stays() -> None:
    none = np.zeros(0, dtype=np.int64)
    still = Generator(n_places=2, source=none, target=none, domain=none, rate=np.zeros((0, 1)))
    step = advance(still, np.array([[3.0], [0.0]]), np.array([[0.0], [8.0]]), 0.5)
    assert step.persons[:, 0] == pytest.approx([3, 4], rel=STEP)
    assert step.person_years[:, 0] == pytest.approx([1.5, 1], rel=STEP)


def test_a_rate_of_zero_is_no_move() -> None:
    rates = np.zeros((2, 2, 1))
    step = advance(make_generator(rates), np.array([[3.0], [1.0]]), np.zeros((2, 1)), 0.5)
    assert step.persons[:, 0] == pytest.approx([3, 1], rel=STEP)
    assert step.person_years[:, 0] == pytest.approx([1.5, 0.5], rel=STEP)


def test_leavers_gather_and_do_not_come_back() -> None:
    rates = np.zeros((3, 3, 1))
    rates[0, 1], rates[0, 2] = 0.5, 1.5
    step = advance(make_generator(rates, 1), np.array([[8.0], [1.0], [0.0]]), np.zeros((3, 1)), 2.0)
    gone = 8 * (1 - np.exp(-4))
    assert step.persons[:, 0] == pytest.approx([8 - gone, 1 + gone / 4, gone * 3 / 4], rel=STEP)
    assert step.person_years[0, 0] == pytest.approx(gone / 2, rel=STEP)


@pytest.mark.parametrize("years", [MONTH, YEAR])
@pytest.mark.parametrize("stay", ["2 hours", "12 hours", "2 days"])
def test_stays_of_hours_in_a_long_cycle(stay: str, years: float) -> None:
    rates = np.zeros((3, 3, 1))
    rates[0, 1] = 1 / parse_duration(stay).years
    rates[1, 0], rates[1, 2], rates[2, 0] = 30.0, 0.2, 4.0
    persons, arrivals = np.array([[5.0], [80.0], [0.0]]), np.array([[70.0], [0.0], [3.0]])
    assert_as_expm(make_generator(rates), persons, arrivals, years, STIFF)


def test_stays_of_hours_against_the_closed_form() -> None:
    """Where expm loses digits: two states, a stay of 2 hours in the one, 61 days in the other."""
    out, back = 365.25 * 12, 365.25 / 61
    rates = np.zeros((2, 2, 1))
    rates[0, 1], rates[1, 0] = out, back
    step = advance(make_generator(rates), np.array([[60.0], [40.0]]), np.zeros((2, 1)), YEAR)
    share = back / (out + back)
    time = 100 * share + (60 - 100 * share) / (out + back)
    assert step.persons[0, 0] == pytest.approx(100 * share, rel=STEP)
    assert step.person_years[0, 0] == pytest.approx(time, rel=STEP)


def test_rates_beyond_the_limit_are_refused_in_words() -> None:
    rates = np.zeros((2, 2, 1))
    rates[0, 1] = 1.001 * MAX_EXPECTED_JUMPS
    persons = np.ones((2, 1))
    with pytest.raises(SomSimError, match="choose a longer stay or a shorter cycle") as caught:
        advance(make_generator(rates), persons, np.zeros((2, 1)), 1.0)
    assert f"a rate of {1.001 * MAX_EXPECTED_JUMPS:.4g} a year" in str(caught.value)
    assert f"more than {MAX_EXPECTED_JUMPS} moves in one cycle" in str(caught.value)
    advance(make_generator(rates), persons, np.zeros((2, 1)), 1 / 365.25)


@given(st.lists(MEANS, min_size=1, max_size=4))
def test_weights_are_poisson_probabilities(means: list[float]) -> None:
    mean = np.array(means)
    weights = poisson_weights(mean)
    number = np.arange(len(weights))[:, None]
    assert np.all(weights >= 0)
    np.testing.assert_allclose(weights.sum(axis=0), 1.0, rtol=0, atol=WEIGHT)
    allowed = WEIGHT * np.maximum(mean, 1.0)
    assert np.all(np.abs((number * weights).sum(axis=0) - mean) <= allowed)
    variance = ((number - mean) ** 2 * weights).sum(axis=0)
    np.testing.assert_allclose(variance, mean, rtol=1e-9, atol=WEIGHT)


@pytest.mark.parametrize("mean", [0.0, 1e-9, 0.5, 1.0, 7.3, 86.0, 1000.0, 15_000.0])
def test_weights_against_scipy(mean: float) -> None:
    weights = poisson_weights(np.array([mean]))[:, 0]
    expected = stats.poisson.pmf(np.arange(len(weights)), mean)
    np.testing.assert_allclose(weights, expected, rtol=1e-9, atol=TAIL)
    assert stats.poisson.sf(len(weights) - 1, mean) < TAIL


@given(st.lists(MEANS, min_size=2, max_size=4))
def test_weights_of_a_draw_are_the_same_alone_to_the_byte(means: list[float]) -> None:
    block = poisson_weights(np.array(means))
    for draw, mean in enumerate(means):
        alone = poisson_weights(np.array([mean]))[:, 0]
        assert np.array_equal(block[: len(alone), draw], alone)
        assert not block[len(alone) :, draw].any()

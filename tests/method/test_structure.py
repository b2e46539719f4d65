"""Kernels of the audit: hand-computed numbers, properties, and the same from other libraries."""

from __future__ import annotations

import numpy as np
import pytest

from eligibility.method import structure

RNG = np.random.default_rng(1)


@pytest.mark.parametrize("n", [4, 10, 57])
def test_skew_and_kurtosis_are_the_unbiased_ones(n):
    stats = pytest.importorskip("scipy.stats")
    x = RNG.gamma(2.0, size=n)
    assert structure.skewness(x) == pytest.approx(stats.skew(x, bias=False))
    assert structure.kurtosis(x) == pytest.approx(stats.kurtosis(x, bias=False))
    gaps = np.insert(x, [0, 2], np.nan)
    assert structure.skewness(gaps) == structure.skewness(x)


@pytest.mark.parametrize("values", [[], [1.0], [1.0, 2.0], [3.0, 3.0, 3.0, 3.0]])
def test_too_few_or_equal_values_have_no_shape(values):
    x = np.array(values)
    assert np.isnan(structure.kurtosis(x))
    assert np.isnan(structure.skewness(x))


def test_alpha_by_hand():
    # variances 1 and 4, of the sum 9: 2 * (1 - 5/9)
    assert structure.alpha(np.array([[-1.0, -2.0], [0.0, 0.0], [1.0, 2.0]])) == pytest.approx(8 / 9)
    assert structure.alpha(np.array([[1.0, 1.0], [2.0, 2.0], [5.0, 5.0]])) == pytest.approx(1)
    assert structure.alpha(np.array([[0.0, 1.0], [1.0, 0.0], [0.0, 0.0], [1.0, 1.0]])) == pytest.approx(0)


def test_alpha_takes_complete_rows_and_needs_two_parts():
    x = RNG.random((20, 3))
    holed = np.vstack([x, [np.nan, 0.1, 0.9]])
    assert structure.alpha(holed) == structure.alpha(x)
    assert np.isnan(structure.alpha(x[:, :1]))
    assert np.isnan(structure.alpha(np.ones((5, 2))))


def test_correlation_is_numpy_s_over_the_pairs_there_are():
    a, b = RNG.random(30), RNG.random(30)
    a[3], b[7] = np.nan, np.nan
    r, n = structure.correlation(a, b)
    known = ~np.isnan(a + b)
    assert n == 28
    assert r == pytest.approx(np.corrcoef(a[known], b[known])[0, 1])
    assert np.isnan(structure.correlation(np.ones(5), np.arange(5.0))[0])


@pytest.mark.parametrize("r", [0.0, 0.3, 0.97, 1.0])
def test_the_interval_of_a_correlation_is_that_of_its_mirror_turned_round(r):
    low, high = structure.interval(r, 30)
    assert structure.interval(-r, 30) == pytest.approx((-high, -low))
    assert -1 <= low <= r <= high + 1e-6 <= 1 + 1e-6
    assert np.isnan(structure.interval(r, 3)).all() and np.isnan(structure.interval(np.nan, 30)).all()


def test_a_part_that_does_not_vary_has_no_components():
    x = np.column_stack([RNG.random(10), np.ones(10)])
    for table in (x, x[:1], x[:0]):
        share, loading = structure.principal(table)
        assert share.shape == (2,) and loading.shape == (2, 2)
        assert np.isnan(share).all() and np.isnan(loading).all()


def test_components_are_those_of_the_correlation_matrix():
    x = RNG.random((60, 4)) + RNG.random((60, 1))
    share, loading = structure.principal(x)
    roots = np.linalg.eigvalsh(np.corrcoef(x, rowvar=False))[::-1]
    assert share == pytest.approx(roots / 4)
    assert share.sum() == pytest.approx(1)
    assert (loading.sum(axis=0) >= 0).all()
    assert (loading**2).sum(axis=0) == pytest.approx(roots)
    assert loading @ loading.T == pytest.approx(np.corrcoef(x, rowvar=False), abs=1e-6)


def test_components_do_not_hang_on_the_unit_or_the_order_of_rows():
    x = RNG.random((30, 3))
    share, loading = structure.principal(x)
    turned = structure.principal(x[::-1] * np.array([1.0, 100.0, 0.01]) + 5)
    assert turned[0] == pytest.approx(share) and turned[1] == pytest.approx(loading)


def test_two_parts_by_hand():
    x = np.array([[1.0, 1.0], [2.0, 3.0], [3.0, 2.0]])  # r = 1/2
    share, loading = structure.principal(x)
    assert share == pytest.approx([0.75, 0.25])
    assert loading[:, 0] == pytest.approx(np.sqrt(0.75) * np.ones(2))


# Outranking (COINr's example)


X = np.array([[1.0, 3, 2], [2, 2, 3], [3, 1, 1], [4, 5, 4]])


def test_the_published_outranking_matrix():
    o = structure.outranking(X, np.ones(3))
    assert [o[1, 0], o[2, 0], o[3, 0]] == pytest.approx([2 / 3, 1 / 3, 1])
    assert structure.copeland(o).tolist() == [-1, 1, -3, 3]
    assert (o + o.T)[~np.eye(4, dtype=bool)] == pytest.approx(1)
    dominant = (o == 1).sum()
    assert (dominant, dominant / 6) == (3, 3 / 6)


def test_two_units_that_beat_each_other_once_are_level():
    outranks = structure.outranking(np.array([[1.0, 2], [2, 1]]), np.ones(2))
    assert structure.copeland(outranks).tolist() == [0, 0]


def test_what_either_lacks_does_not_count():
    x = np.array([[1.0, np.nan], [0.0, 5.0]])
    assert structure.outranking(x, np.array([0.3, 0.7]))[0, 1] == 1
    assert np.isnan(structure.outranking(np.array([[np.nan], [1.0]]), np.ones(1))[0, 1])


@pytest.mark.parametrize("seed", range(10))
def test_wins_and_losses_sum_to_nought_and_follow_dominance(seed):
    rng = np.random.default_rng(seed)
    x = rng.integers(0, 4, (12, 3)).astype(float)
    wins = structure.copeland(structure.outranking(x, rng.dirichlet(np.ones(3))))
    assert wins.sum() == 0
    for i in range(12):
        for j in range(12):
            if (x[i] > x[j]).all():
                assert wins[i] >= wins[j]


def test_rank_correlation_is_spearman_s():
    stats = pytest.importorskip("scipy.stats")
    a, b = RNG.integers(0, 6, 40).astype(float), RNG.random(40)
    assert structure.rank_correlation(a, b) == pytest.approx(stats.spearmanr(a, b).statistic)

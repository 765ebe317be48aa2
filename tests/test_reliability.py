"""Reliability: the published worked examples, and an independent package."""

import krippendorff
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.reliability import cohen_kappa, krippendorff_alpha, masi_distance

# Krippendorff (2011), section C: four observers, twelve units, missing values.
EXAMPLE = pd.DataFrame(
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
        [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
    ],
    dtype=float,
).T


def test_alpha_meets_the_worked_example_of_krippendorff():
    assert krippendorff_alpha(EXAMPLE, seed=1)[0] == pytest.approx(0.743, abs=5e-4)
    assert krippendorff_alpha(EXAMPLE, seed=1, distance=lambda a, b: (a - b) ** 2)[0] == pytest.approx(0.849, abs=5e-4)


@given(st.lists(st.lists(st.sampled_from([0.0, 1.0, 2.0, np.nan]), min_size=3, max_size=3), min_size=2, max_size=15))
def test_alpha_equals_that_of_an_independent_package(rows):
    ratings = pd.DataFrame(rows)
    paired = ratings[ratings.notna().sum(axis=1) > 1]
    if len(np.unique(paired.to_numpy()[paired.notna().to_numpy()])) > 1:
        theirs = krippendorff.alpha(ratings.T.to_numpy(), level_of_measurement="nominal")
        assert krippendorff_alpha(ratings, seed=1, draws=0)[0] == pytest.approx(theirs)
    else:
        assert np.isnan(krippendorff_alpha(ratings, seed=1, draws=0)[0])


def test_the_distance_of_sets_meets_the_definition():
    sets = [frozenset("ab"), frozenset("ab"), frozenset("abc"), frozenset("bc"), frozenset("d"), frozenset()]
    assert [masi_distance(sets[0], other) for other in sets[1:]] == pytest.approx([0, 1 - 4 / 9, 8 / 9, 1, 1])
    assert masi_distance(frozenset(), frozenset()) == 0


def test_kappa_meets_a_case_counted_by_hand():
    # 20 yes-yes, 5 yes-no, 10 no-yes, 15 no-no: p_o = 0.7, p_e = 0.5 * 0.6 + 0.5 * 0.4 = 0.5
    first = pd.Series(["yes"] * 25 + ["no"] * 25)
    second = pd.Series(["yes"] * 20 + ["no"] * 5 + ["yes"] * 10 + ["no"] * 15)
    assert cohen_kappa(first, second) == pytest.approx(0.4)


def test_the_bootstrap_interval_holds_the_estimate_and_repeats_with_its_seed():
    estimate, low, high = krippendorff_alpha(EXAMPLE, seed=1)
    assert low < estimate < high
    assert (estimate, low, high) == krippendorff_alpha(EXAMPLE, seed=1)

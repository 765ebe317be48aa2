"""Null models: margins kept, every network equally often, and chance known exactly in small cases."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import chisquare, hypergeom

from analysis.errors import InputError
from analysis.nullmodels import draw_tables, score_edges, score_statistic, swap_edges


def tabulate(rows) -> pd.DataFrame:
    table = pd.DataFrame(rows)
    return table.set_axis([f"g{i}" for i in table.index]).rename_axis(index="issuer", columns="measure")


def list_networks(rows: list[int], columns: list[int]) -> list[np.ndarray]:
    """Return every matrix of 0 and 1 with these totals, by trying all."""
    every = (np.array(cells).reshape(len(rows), -1) for cells in product([0, 1], repeat=len(rows) * len(columns)))
    return [one for one in every if one.sum(1).tolist() == rows and one.sum(0).tolist() == columns]


@given(matrix=arrays(int, st.tuples(st.integers(2, 6), st.integers(2, 6)), elements=st.integers(0, 1)))
def test_swaps_keep_both_margins_of_any_network(matrix):
    drawn = swap_edges(tabulate(matrix), seed=1, draws=5)
    assert (drawn.sum(axis=1) == matrix.sum(axis=0)).all() and (drawn.sum(axis=2) == matrix.sum(axis=1)).all()


@given(matrix=arrays(int, (3, 4), elements=st.integers(0, 9)).filter(lambda m: m.any()))
def test_drawn_tables_keep_both_margins(matrix):
    drawn = draw_tables(tabulate(matrix), seed=1, draws=5)
    assert (drawn.sum(axis=1) == matrix.sum(axis=0)).all() and (drawn.sum(axis=2) == matrix.sum(axis=1)).all()


@pytest.mark.parametrize("rows", [[2, 1, 1], [1, 2, 2, 1]])
def test_every_network_with_the_margins_is_drawn_equally_often(rows):
    networks = list_networks(rows, [2, 2, 1, 1] if len(rows) == 4 else [2, 1, 1])
    drawn = swap_edges(tabulate(networks[0]), seed=3, draws=200 * len(networks))
    names = [network.tobytes() for network in networks]
    counts = pd.Series([one.astype(int).tobytes() for one in drawn]).value_counts()
    assert len(networks) == {3: 5, 4: 34}[len(rows)] and set(counts.index) <= set(names)
    assert chisquare(counts.reindex(names, fill_value=0)).pvalue > 0.01


def test_z_of_an_edge_meets_the_case_by_hand():
    # Two networks have these margins, [1 0 / 0 1] and [0 1 / 1 0], so each cell is 1 half of the time.
    matrix = tabulate([[7, 0], [0, 3]])
    table = score_edges(matrix, swap_edges(matrix, seed=1, draws=4000))
    assert table["observed"].tolist() == [1, 0, 0, 1]
    assert table["mean"].to_numpy() == pytest.approx(0.5, abs=0.03)
    assert table["z"].to_numpy() == pytest.approx([1, -1, -1, 1], abs=0.06) and (table["p"] == 1).all()


def test_z_and_p_of_a_count_meet_the_hypergeometric_distribution():
    matrix = tabulate([[8, 2], [2, 8]])
    chance = hypergeom(20, 10, 10)
    cell = score_edges(matrix, draw_tables(matrix, seed=1, draws=20_000)).iloc[0]
    assert cell["z"] == pytest.approx((8 - chance.mean()) / chance.std(), rel=0.03)
    assert cell["p"] == pytest.approx(2 * chance.sf(7), rel=0.15)


def test_cells_that_cannot_vary_have_no_z_and_are_not_tested():
    matrix = tabulate([[1, 1, 1], [0, 1, 1], [0, 0, 0]])
    table = score_edges(matrix, swap_edges(matrix, seed=1, draws=50))
    assert table["z"].isna().all() and table["p_fdr"].isna().all() and (table["p"] == 1).all()


def test_any_statistic_can_be_scored():
    matrix = tabulate([[9, 0], [0, 9]])
    score = score_statistic(matrix, draw_tables(matrix, seed=1, draws=999), lambda table: table.iat[0, 0])
    assert score.observed == 9 and score.mean == pytest.approx(4.5, abs=0.2)
    assert score.p == pytest.approx(2 / 1000)
    swapped = score_statistic(matrix, swap_edges(matrix, seed=1, draws=99), lambda table: table.to_numpy().sum())
    assert (swapped.observed, swapped.mean, swapped.sd, swapped.p) == (2, 2, 0, 1) and np.isnan(swapped.z)


def test_a_seed_gives_the_same_draws_again_and_another_seed_others():
    matrix = tabulate(np.eye(6, dtype=int))
    draw = [swap_edges(matrix, seed=seed, draws=10) for seed in (1, 1, 2)]
    assert (draw[0] == draw[1]).all() and (draw[0] != draw[2]).any()


@pytest.mark.parametrize("cells", [[[0.5, 1], [1, 0]], [[-1, 2], [2, 0]]])
def test_counts_that_are_none_are_refused(cells):
    with pytest.raises(InputError, match="whole numbers"):
        draw_tables(tabulate(cells), seed=1)


def test_a_single_row_is_refused():
    with pytest.raises(InputError, match="two rows"):
        swap_edges(tabulate([[1, 0, 1]]), seed=1)

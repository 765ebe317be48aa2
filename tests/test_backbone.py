"""Backbones: by hand, by the integral of the definition, by counting all cases and by drawing tables at random."""

from itertools import combinations, product

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from scipy.integrate import quad
from scipy.stats import binom

from analysis.errors import InputError
from analysis.nullmodels import filter_disparity, filter_projection, fit_degrees
from tests.test_structure import draw_at_random, tables

STAR = nx.Graph()
STAR.add_weighted_edges_from([("a", "b", 8), ("a", "c", 1), ("a", "d", 1), ("b", "c", 2)])
# two pairs of rows with two columns each: every cell has probability 1/2
BLOCKS = pd.DataFrame(np.kron(np.eye(2), np.ones((2, 2))), index=list("abcd"), columns=list("wxyz"))


def test_the_disparity_of_each_edge_worked_out_by_hand():
    table = filter_disparity(STAR)
    assert table[["first", "second", "weight"]].to_numpy().tolist() == [
        ["a", "b", 8], ["a", "c", 1], ["a", "d", 1], ["b", "c", 2]
    ]  # fmt: skip
    # at a (3 edges, 10): 0.2^2, 0.9^2, 0.9^2; at b (2, 10): 0.2, 0.8; at c (2, 3): 2/3, 1/3; d has one edge: no test
    assert table["p"].tolist() == pytest.approx([0.2**2, 2 / 3, 0.9**2, 1 / 3])
    # of 7 ends, in order: 0.04 * 7 / 1, 0.2 * 7 / 2, 1/3 * 7 / 3, then no more than 0.81 * 7 / 7
    assert table["p_fdr"].tolist() == pytest.approx([0.28, 0.81, 0.81, 7 / 9])


def test_disparity_is_the_integral_of_its_definition():
    graph = draw_at_random(2)
    for edge in filter_disparity(graph, weight="statements").itertuples():
        found = []
        for node in (edge.first, edge.second):
            k, share = graph.degree[node], edge.weight / graph.degree(node, weight="statements")
            if k > 1:
                found.append(1 - (k - 1) * quad(lambda x, k=k: (1 - x) ** (k - 2), 0, share)[0])
        assert edge.p == pytest.approx(min(found))


def test_an_edge_whose_ends_have_no_other_cannot_be_tested():
    pair = nx.Graph()
    pair.add_edge("a", "b", weight=2)
    assert filter_disparity(pair)[["p", "p_fdr"]].isna().all(axis=None)
    assert filter_disparity(nx.empty_graph(2)).empty


def test_sharing_in_two_blocks_worked_out_by_hand():
    assert fit_degrees(BLOCKS).to_numpy() == pytest.approx(np.full((4, 4), 0.5))
    table = filter_projection(BLOCKS)
    assert (table["first"] + table["second"]).tolist() == ["ab", "ac", "ad", "bc", "bd", "cd"]
    assert table["shared"].tolist() == [2, 0, 0, 0, 0, 2]
    assert table["expected"].tolist() == pytest.approx([4 * 0.25] * 6)
    two = 1 - 0.75**4 - 4 * 0.25 * 0.75**3  # two or more of four columns, each with 1/4
    assert table["p"].tolist() == pytest.approx([two, 1, 1, 1, 1, two])
    assert table["p"][0] == pytest.approx(binom.sf(1, 4, 0.25))
    assert table["p_fdr"].tolist() == pytest.approx([two * 6 / 2, 1, 1, 1, 1, two * 6 / 2])


def test_columns_that_all_rows_have_or_none_carry_no_information():
    table = filter_projection(pd.DataFrame([[1, 3, 0, 0], [2, 1, 0, 0]]))
    assert table[["shared", "expected", "p"]].to_numpy() == pytest.approx(np.array([[2, 2, 1]]), abs=1e-6)


@given(tables())
def test_the_fitted_probabilities_keep_the_numbers_of_ties(counts):
    fitted, ties = fit_degrees(counts), counts > 0
    assert fitted.sum(axis=0).to_numpy() == pytest.approx(ties.sum(axis=0).to_numpy(), abs=1e-5)
    assert fitted.sum(axis=1).to_numpy() == pytest.approx(ties.sum(axis=1).to_numpy(), abs=1e-5)
    assert fitted.to_numpy().min() >= 0 and fitted.to_numpy().max() <= 1


def test_the_fit_is_that_of_the_equations_solved_by_repetition():
    ties = np.random.default_rng(5).random((7, 9)) < 0.4
    rows, columns = ties.sum(axis=1), ties.sum(axis=0)
    x, y = rows / np.sqrt(ties.sum()), columns / np.sqrt(ties.sum())
    for _ in range(5000):  # Saracco et al. 2015: sum_j x_i y_j / (1 + x_i y_j) = k_i, and the same for columns
        x = rows / (y / (1 + np.outer(x, y))).sum(axis=1)
        y = columns / (x[:, None] / (1 + np.outer(x, y))).sum(axis=0)
    expected = np.outer(x, y) / (1 + np.outer(x, y))
    assert fit_degrees(pd.DataFrame(ties.astype(int))).to_numpy() == pytest.approx(expected, abs=1e-6)


@given(tables(most=5))
def test_probabilities_of_sharing_are_those_of_counting_all_cases(counts):
    chance, table = fit_degrees(counts).to_numpy(), filter_projection(counts)
    for row, (i, j) in zip(table.itertuples(), combinations(range(len(counts)), 2), strict=True):
        both = chance[i] * chance[j]
        p = sum(np.where(case, both, 1 - both).prod()
                for case in product([False, True], repeat=len(both)) if sum(case) >= row.shared)  # fmt: skip
        assert (row.expected, row.p) == pytest.approx((both.sum(), p), abs=1e-6)
    assert table["expected"].sum() >= table["shared"].sum() - 1e-4  # numbers of rows per column vary in the model


def test_probabilities_of_sharing_are_those_of_tables_drawn_at_random():
    ties = np.random.default_rng(6).random((6, 12)) < 0.4
    counts = pd.DataFrame(ties.astype(int))
    drawn = np.random.default_rng(7).random((20000, 6, 12)) < fit_degrees(counts).to_numpy()
    for row in filter_projection(counts).itertuples():
        sharing = (drawn[:, row.first] & drawn[:, row.second]).sum(axis=1)
        assert row.p == pytest.approx((sharing >= row.shared).mean(), abs=0.015)


def test_a_planted_pair_among_many_passes_after_correction():
    ties = np.random.default_rng(8).random((30, 80)) < 0.15
    ties[1] = ties[0]
    passed = filter_projection(pd.DataFrame(ties.astype(int))).query("p_fdr < 0.05")
    assert passed[["first", "second"]].to_numpy().tolist() == [[0, 1]]


def test_wrong_input_is_refused():
    with pytest.raises(InputError, match="network, a - b: share is None"):
        filter_disparity(STAR, weight="share")
    assert filter_projection(BLOCKS.head(1)).empty

"""One-mode networks: nodes tied by what they share, and the statements behind each tie.

Definitions, notation and sources as in `analysis.twomode`.
"""

from __future__ import annotations

from typing import Literal

import networkx as nx
import numpy as np
import pandas as pd
from scipy import sparse

from analysis.errors import InputError
from analysis.network import PREFIXES
from analysis.twomode import Matrix, categorise, check_options, count_statements, divide

Aggregation = Literal["ignore", "congruence", "conflict", "subtract"]
Normalisation = Literal["none", "average", "jaccard", "cosine"]


def build_one_mode(
    joined: pd.DataFrame, rows: str, columns: str, *, aggregation: Aggregation = "ignore",
    qualifier: str = "stance", scale: tuple[float, float] | None = None,
    normalisation: Normalisation = "none", weight: str | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Return how strongly the values of one column are tied by the values of another that they share.

    Parameters
    ----------
    joined
        One row is a statement, from `network.join_facts`; filter it beforehand.
    rows, columns
        Nodes, and what ties them: `issuer` and `measure` give issuers tied by measures, and the other way round.
    aggregation
        `ignore`: sum_j (sum_k x_ijk) (sum_k x_i'jk). `congruence`: sum_jkk' x_ijk x_i'jk' (1 - d_kk'). `conflict`: the
        same with d_kk'. `subtract`: congruence - conflict. Here d_kk' = |q_k - q_k'| / R; of a categorical qualifier,
        0 for equal levels and else 1. So congruence + conflict = ignore.
    qualifier
        The column whose values are the levels k.
    scale
        Lowest and highest value that a numeric qualifier may take. R is their difference, not the observed one.
    normalisation
        With a_i = sum_jk x_ijk: `average` w / ((a_i + a_i') / 2); `jaccard` w over the statements of i where i' has
        none, plus those of i' where i has none, plus sum_jk x_ijk x_i'jk; `cosine` w / (|x_i| |x_i'|).
    weight
        A column with a weight z per statement; a pair of statements counts sqrt(z z').

    Returns
    -------
    DataFrame
        Square and symmetric, with zeros on the diagonal: nodes have no tie with themselves. Needs 8 bytes times the
        square of the number of nodes.

    Raises
    ------
    InputError
        Unknown columns, missing values, a numeric qualifier without scale or outside it.

    Notes
    -----
    DNA differs. Its cosine divides by a_i a_i', which gives 0.5 for two nodes that both state the same two codes once;
    here |x_i| is the Euclidean length, so identical profiles give 1 (length by stance for `congruence`, else over
    codes alone, so that `conflict` stays within 0 and 1, and `subtract` within -1 and 1). Its R is the observed range.
    Its conflict of a textual qualifier counts statements at levels where the other is silent, even on codes that the
    other never mentions. Under `ignore` its Jaccard still tells levels apart; here they are one.
    """
    check_options(joined, [rows, columns], aggregation, normalisation, Aggregation, Normalisation)
    weights = np.ones(len(joined)) if weight is None else np.sqrt(joined[weight].to_numpy(float))
    codes = count_statements(joined, [rows, columns], weights)
    levels, each = codes, sparse.eye_array(codes.shape[1], format="csr")
    if aggregation != "ignore":
        levels = count_statements(joined, [rows, columns, qualifier], weights)
        distance = _compare_levels(joined, qualifier, scale)
        likeness = {"congruence": 1 - distance, "conflict": distance, "subtract": 1 - 2 * distance}[aggregation]
        each = sparse.kron(each, likeness, format="csr")
    tie = _multiply(levels @ each, levels)
    lengths = np.sqrt(tie.diagonal() if aggregation == "congruence" else (codes * codes).sum(axis=1))
    matrix = divide(tie, _find_denominators(levels, lengths, normalisation))
    np.fill_diagonal(matrix, 0)
    nodes = categorise(joined, rows).categories.rename(rows)
    return pd.DataFrame(matrix, nodes, nodes)


def shared_evidence(joined: pd.DataFrame, first: str, second: str, *, rows: str, columns: str) -> pd.DataFrame:
    """Return the statements behind a tie of a one-mode network.

    Returns
    -------
    DataFrame
        One row is a statement by `first` or `second` on something that both speak of, sorted by that, then by node.
    """
    of_first, of_second = (set(joined.loc[joined[rows] == node, columns]) for node in (first, second))
    chosen = joined[rows].isin([first, second]) & joined[columns].isin(of_first & of_second)
    return joined[chosen].sort_values([columns, rows], kind="stable")


def make_graph(matrix: pd.DataFrame, joined: pd.DataFrame, *, columns: str, network: nx.Graph[str]) -> nx.Graph[str]:
    """Return a matrix as a graph whose nodes know their labels and whose edges know their statements.

    Parameters
    ----------
    matrix
        From `build_two_mode` or `build_one_mode`; every cell that is not 0 becomes an edge with this `weight`.
    joined
        The statements from which it was built. Each edge gets its `statement_ids`; in a one-mode network those of
        both nodes on everything of which both speak, as in `shared_evidence`.
    columns
        The column given when it was built.
    network
        From `build_network`; nodes found there bring their attributes along.
    """
    rows = str(matrix.index.name)
    stated: dict[str, dict[str, list[str]]] = {}
    for row, code, statement_id in zip(joined[rows], joined[columns], joined["statement_id"], strict=True):
        stated.setdefault(row, {}).setdefault(code, []).append(statement_id)
    graph: nx.Graph[str] = nx.Graph()
    sides = [(rows, matrix.index), (str(matrix.columns.name), matrix.columns)]
    names = [[f"{PREFIXES.get(side, side)}:{code}" for code in codes] for side, codes in sides]
    for name in dict.fromkeys([*names[0], *names[1]]):
        graph.add_node(name, **network.nodes.get(name, {"kind": name.partition(":")[0], "label_zh": name}))
    weights = matrix.to_numpy(float)
    for i, j in zip(*np.nonzero(~np.isclose(weights, 0)), strict=True):
        mine, other = stated[matrix.index[i]], matrix.columns[j]
        if sides[1][0] == columns:
            ids = mine[other]
        else:
            ids = [s for code in mine if code in stated[other] for s in (*mine[code], *stated[other][code])]
        if not graph.has_edge(names[0][i], names[1][j]):
            graph.add_edge(names[0][i], names[1][j], weight=float(weights[i, j]), statement_ids=ids)
    return graph


def _compare_levels(joined: pd.DataFrame, qualifier: str, scale: tuple[float, float] | None) -> Matrix:
    """Return the distance of every two levels, 0 to 1."""
    levels = categorise(joined, qualifier).categories
    if not pd.api.types.is_numeric_dtype(levels) or pd.api.types.is_bool_dtype(levels):
        return 1 - np.eye(len(levels))
    if scale is None or not scale[0] < scale[1]:
        raise InputError([f"one-mode network: {qualifier} is numeric; declare its scale, such as scale=(-5, 5)"])
    values = levels.to_numpy(float)
    if ((values < scale[0]) | (values > scale[1])).any():
        raise InputError([f"statements: {qualifier} lies between {values.min()} and {values.max()}, outside {scale}"])
    return np.asarray(np.abs(np.subtract.outer(values, values)) / (scale[1] - scale[0]))


def _multiply(left: sparse.csr_array, right: sparse.csr_array) -> Matrix:
    return np.asarray((left @ right.T).toarray())


def _find_denominators(levels: sparse.csr_array, lengths: Matrix, normalisation: Normalisation) -> Matrix:
    activity = levels.sum(axis=1)
    both = np.asarray(np.add.outer(activity, activity))
    if normalisation == "average":
        return both / 2
    if normalisation == "jaccard":
        shared = _multiply(levels, (levels > 0).astype(float))
        return both - shared - shared.T + _multiply(levels, levels)
    return np.outer(lengths, lengths) if normalisation == "cosine" else np.ones(both.shape)

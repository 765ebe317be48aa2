"""Two-mode networks of any two columns and their one-mode projections, as Discourse Network Analyzer defines them.

Let x_ijk be the number of statements by node i on node j at level k of a qualifier, such as a stance. The definitions
are those of P. Leifeld, J. Gruber and F. R. Bossner, *Discourse Network Analyzer Manual* (DNA 2.0, 2018), chapter 2;
see also P. Leifeld 2017, in *The Oxford Handbook of Political Networks*, 301-326. `docs/dna.md` says where the program
departs from them, or they from their name.

Statements (`joined`) are those of `network.join_facts`, filtered beforehand; `rows` and `columns` are any two of their
columns, such as `issuer` and `measure`; `qualifier` is the column of the levels k; `weight` one with the weight of each
statement, as `list_windows` gives. Tables keep values of which nothing is said, with zeros; nothing divided by nothing
is 0. Unknown columns, missing values, and options that make no sense together raise `InputError`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, get_args

import networkx as nx
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from analysis.errors import InputError, check_choice
from analysis.network import PREFIXES

TwoModeAggregation = Literal["ignore", "subtract", "combine"]
TwoModeNorm = Literal["none", "activity", "prominence", "rate"]
OneModeAggregation = Literal["ignore", "congruence", "conflict", "subtract"]
OneModeNorm = Literal["none", "average", "jaccard", "cosine"]
Matrix = NDArray[Any]


def build_two_mode(
    joined: pd.DataFrame, rows: str, columns: str, *, aggregation: TwoModeAggregation = "ignore",
    qualifier: str = "stance", negative: Sequence[str] = ("prohibit",), normalisation: TwoModeNorm = "none",
    characters: pd.Series[int] | None = None, weight: str | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Return how often the values of one column meet those of another.

    `aggregation` is `ignore`: sum_k x_ijk; `subtract`: statements at `negative` levels count -1, all others 1, a
    numeric qualifier counts by its value, a truth value 1 or -1; or `combine`: the levels that occur, as text joined by
    `+`, never normalised.

    `normalisation` is by the statements of the row (`activity`) or of the column (`prominence`), both counted without
    sign, or by the thousands of characters of the row's documents (`rate`), with `characters` from
    `documents.groupby("issuer")["characters"].sum()`.
    """
    check_choice("aggregation", aggregation, get_args(TwoModeAggregation))
    check_choice("normalisation", normalisation, get_args(TwoModeNorm))
    if (normalisation == "rate") != (characters is not None):
        raise InputError(["two-mode network: `rate` and `characters` go together; give both or neither"])
    index, names = (categorise(joined, column).categories.rename(column) for column in (rows, columns))
    weights = np.ones(len(joined)) if weight is None else joined[weight].to_numpy(float)
    if aggregation == "combine":
        levels = categorise(joined, qualifier).categories
        cells = count_statements(joined, [rows, columns, qualifier], weights).toarray() > 0
        cells = cells.reshape(len(index), len(names), len(levels))
        return pd.DataFrame([["+".join(map(str, levels[cell])) for cell in row] for row in cells], index, names)
    counts = matrix = count_statements(joined, [rows, columns], weights).toarray()
    if aggregation == "subtract":
        signed = weights * _find_signs(joined, qualifier, negative)
        matrix = count_statements(joined, [rows, columns], signed).toarray()
    if characters is not None:
        matrix = 1000 * divide(matrix, characters[index].to_numpy(float)[:, None])
    elif normalisation != "none":
        matrix = divide(matrix, counts.sum(axis=1 if normalisation == "activity" else 0, keepdims=True))
    elif np.array_equal(matrix, matrix.round()):
        matrix = matrix.astype(int)
    return pd.DataFrame(matrix, index, names)


def build_one_mode(
    joined: pd.DataFrame, rows: str, columns: str, *, aggregation: OneModeAggregation = "ignore",
    qualifier: str = "stance", scale: tuple[float, float] | None = None,
    normalisation: OneModeNorm = "none", weight: str | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Return how strongly the values of `rows` are tied by the values of `columns` that they share.

    The table is square and symmetric, with zeros on the diagonal: nodes have no tie with themselves.

    `aggregation` is `ignore`: sum_j (sum_k x_ijk) (sum_k x_i'jk); `congruence`: sum_jkk' x_ijk x_i'jk' (1 - d_kk');
    `conflict`: the same with d_kk'; or `subtract`: congruence - conflict. Here d_kk' = |q_k - q_k'| / R, with R the
    difference of the lowest and highest value that a numeric qualifier may take (`scale`), not of the observed ones; of
    a categorical qualifier, 0 for equal levels and else 1. So congruence + conflict = ignore. A pair of statements with
    weights z and z' counts sqrt(z z').

    `normalisation`, with a_i = sum_jk x_ijk, is `average`: w / ((a_i + a_i') / 2); `jaccard`: w over the statements of
    i where i' has none, plus those of i' where i has none, plus sum_jk x_ijk x_i'jk (for `ignore` over codes alone); or
    `cosine`: w / (|x_i| |x_i'|), Euclidean lengths, over codes and levels for `congruence` and else over codes alone,
    so that `conflict` lies within 0 and 1, `subtract` within -1 and 1.
    """
    check_choice("aggregation", aggregation, get_args(OneModeAggregation))
    check_choice("normalisation", normalisation, get_args(OneModeNorm))
    nodes = categorise(joined, rows).categories.rename(rows)
    weights = np.ones(len(joined)) if weight is None else np.sqrt(joined[weight].to_numpy(float))
    codes = count_statements(joined, [rows, columns], weights)
    levels, each = codes, sparse.eye_array(codes.shape[1], format="csr")
    if aggregation != "ignore":
        levels = count_statements(joined, [rows, columns, qualifier], weights)
        distance = _compare_levels(joined, qualifier, scale)
        likeness = {"congruence": 1 - distance, "conflict": distance, "subtract": 1 - 2 * distance}[aggregation]
        each = sparse.kron(each, likeness, format="csr")
    tie = (levels @ each @ levels.T).toarray()
    activity = levels.sum(axis=1)
    by = np.asarray(np.add.outer(activity, activity))
    if normalisation == "jaccard":
        shared = (levels @ (levels > 0).astype(float).T).toarray()
        by = by - shared - shared.T + (levels @ levels.T).toarray()
    elif normalisation == "cosine":
        lengths = np.sqrt(tie.diagonal() if aggregation == "congruence" else (codes * codes).sum(axis=1))
        by = np.outer(lengths, lengths)
    matrix = tie if normalisation == "none" else divide(tie, by / 2 if normalisation == "average" else by)
    np.fill_diagonal(matrix, 0)
    return pd.DataFrame(matrix, nodes, nodes)


def make_graph(matrix: pd.DataFrame, joined: pd.DataFrame, *, columns: str, network: nx.Graph[str]) -> nx.Graph[str]:
    """Return a matrix, built as above from `joined` and `columns`, as a graph with labels and statements.

    Every cell that is not 0 becomes an edge with this `weight` and its `statement_ids`; in a one-mode network those of
    both nodes on everything of which both speak. `edge_evidence` shows them. Nodes found in `network`, from
    `build_network`, bring their attributes along; those of two modes know their side, `bipartite` 0 (rows) or 1.
    """
    rows, others = str(matrix.index.name), str(matrix.columns.name)
    said = joined.groupby([rows, columns], observed=True)["statement_id"].agg(list).to_dict()
    graph: nx.Graph[str] = nx.Graph()
    for number, (side, codes) in enumerate([(rows, matrix.index), (others, matrix.columns)]):
        for node in (f"{PREFIXES.get(side, side)}:{code}" for code in codes):
            facts = network.nodes.get(node, {"kind": node.partition(":")[0], "label_zh": node})
            graph.add_node(node, **facts, **({} if rows == others else {"bipartite": number}))
    codes, nodes, weights = categorise(joined, columns).categories, list(graph), matrix.to_numpy(float)
    for i, j in np.argwhere(~np.isclose(np.triu(weights) if rows == others else weights, 0)):
        one, other = matrix.index[i], matrix.columns[j]
        if rows == others:
            ends, shared = (nodes[i], nodes[j]), [c for c in codes if (one, c) in said and (other, c) in said]
            ids = [s for code in shared for s in said[one, code] + said[other, code]]
        else:
            ends, ids = (nodes[i], nodes[len(matrix) + j]), said[one, other]
        graph.add_edge(*ends, weight=float(weights[i, j]), statement_ids=ids)
    return graph


def categorise(joined: pd.DataFrame, column: str) -> pd.Categorical:
    """Return a column as codes over all its categories, or over its sorted values."""
    check_choice("column of the statements", column, joined.columns)
    values = pd.Categorical(joined[column])
    if missing := int((values.codes < 0).sum()):
        raise InputError([f"statements: {missing} without {column}; leave them out: statements.dropna(subset=...)"])
    return values


def divide(matrix: Matrix, by: Matrix) -> Matrix:
    """Divide; nothing by nothing is 0."""
    return np.asarray(np.divide(matrix, by, out=np.zeros(matrix.shape), where=by > 0), dtype=float)


def count_statements(joined: pd.DataFrame, columns: list[str], weights: Matrix) -> sparse.csr_array:
    """Return summed weights: a row per category of the first column, a column per combination of the others."""
    first, second, *rest = (categorise(joined, column) for column in columns)
    place, width = second.codes.astype(np.int64), len(second.categories)
    for level in rest:
        place, width = place * len(level.categories) + level.codes, width * len(level.categories)
    return sparse.coo_array((weights, (first.codes, place)), shape=(len(first.categories), width)).tocsr()


def _find_signs(joined: pd.DataFrame, qualifier: str, negative: Sequence[str]) -> Matrix:
    levels, values = categorise(joined, qualifier).categories, joined[qualifier]
    if pd.api.types.is_bool_dtype(values):
        return np.where(values, 1.0, -1.0)
    if pd.api.types.is_numeric_dtype(values):
        return np.asarray(values, dtype=float)
    unknown = [level for level in negative if level not in levels]
    if unknown or not negative:
        raise InputError([f"two-mode network: no negative level {', '.join(unknown)}; some of {', '.join(levels)}"])
    return np.where(values.isin(negative), -1.0, 1.0)


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

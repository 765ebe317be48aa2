"""Two-mode networks of any two columns, as Discourse Network Analyzer defines them.

Let x_ijk be the number of statements by node i on node j at level k of a qualifier, such as a stance. The definitions
are those of P. Leifeld, J. Gruber and F. R. Bossner, *Discourse Network Analyzer Manual* (DNA 2.0, 2018), chapter 2;
see also P. Leifeld 2017, in *The Oxford Handbook of Political Networks*, 301-326. Where the program (`Exporter.java`
of DNA 3, June 2025) departs from them, or they from their name, the functions here say so.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from analysis.errors import InputError

Aggregation = Literal["ignore", "subtract", "combine"]
Normalisation = Literal["none", "activity", "prominence", "rate"]
Matrix = NDArray[Any]


def build_two_mode(
    joined: pd.DataFrame, rows: str, columns: str, *, aggregation: Aggregation = "ignore",
    qualifier: str = "stance", negative: Sequence[str] = ("prohibit",), normalisation: Normalisation = "none",
    characters: pd.Series[int] | None = None, weight: str | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Return how often the values of one column meet those of another.

    Parameters
    ----------
    joined
        One row is a statement, from `network.join_facts`; filter it beforehand.
    rows, columns
        Any two of its columns, such as `issuer` and `measure`.
    aggregation
        `ignore`: sum_k x_ijk. `subtract`: statements at negative levels count -1, all others 1; a numeric qualifier
        counts by its value, a truth value 1 or -1. `combine`: the levels that occur, as text joined by `+`.
    qualifier, negative
        The column whose values are the levels k, and those of them that `subtract` takes as negative.
    normalisation
        `activity` divides by the statements of the row, `prominence` by those of the column (both counted without
        sign), `rate` by the characters of the row, times 1,000.
    characters
        Characters of the documents of each row, for `rate`: `documents.groupby("issuer")["characters"].sum()`.
    weight
        A column with the weight of each statement, such as `periods.list_windows` gives.

    Returns
    -------
    DataFrame
        One row is a value of `rows`, one column a value of `columns`. Values of which nothing is said keep their
        zeros; nothing divided by nothing is 0.

    Raises
    ------
    InputError
        Unknown columns, missing values, unknown negative levels, or options that make no sense together.
    """
    check_options(joined, [rows, columns], aggregation, normalisation, Aggregation, Normalisation)
    index = categorise(joined, rows).categories.rename(rows)
    names = categorise(joined, columns).categories.rename(columns)
    _check_sense(aggregation, normalisation, index, characters)
    if aggregation == "combine":
        return pd.DataFrame(_combine(joined, rows, columns, qualifier), index, names)
    weights = np.ones(len(joined)) if weight is None else joined[weight].to_numpy(float)
    counts = count_statements(joined, [rows, columns], weights).toarray()
    signs = _find_signs(joined, qualifier, negative) if aggregation == "subtract" else 1.0
    matrix = count_statements(joined, [rows, columns], weights * signs).toarray()
    if normalisation == "activity":
        matrix = divide(matrix, counts.sum(axis=1, keepdims=True))
    elif normalisation == "prominence":
        matrix = divide(matrix, counts.sum(axis=0, keepdims=True))
    elif characters is not None:
        matrix = 1000 * divide(matrix, characters[index].to_numpy(float)[:, None])
    elif np.array_equal(matrix, matrix.round()):
        matrix = matrix.astype(int)
    return pd.DataFrame(matrix, index, names)


def check_options(
    joined: pd.DataFrame, columns: list[str], aggregation: str, normalisation: str, allowed: object, norms: object
) -> None:
    """Raise `InputError` unless the columns are there and differ, and the options are known."""
    problems = [f"statements: no column {name!r}; one of {', '.join(joined.columns)}"
                for name in columns if name not in joined.columns]  # fmt: skip
    if len(set(columns)) < len(columns):
        problems.append(f"network: rows and columns are both {columns[0]!r}; take two columns")
    for what, value, choices in (("aggregation", aggregation, allowed), ("normalisation", normalisation, norms)):
        if value not in get_args(choices):
            problems.append(f"network: unknown {what} {value!r}; one of {', '.join(get_args(choices))}")
    if problems:
        raise InputError(problems)


def categorise(joined: pd.DataFrame, column: str) -> pd.Categorical:
    """Return a column as codes over all its categories, or over its sorted values."""
    if column not in joined.columns:
        raise InputError([f"statements: no column {column!r}; one of {', '.join(joined.columns)}"])
    values = pd.Categorical(joined[column])
    missing = int((values.codes < 0).sum())
    if missing:
        raise InputError([f"statements: {missing} without {column}; leave them out: statements.dropna(subset=...)"])
    return values


def count_statements(joined: pd.DataFrame, columns: list[str], weights: Matrix) -> sparse.csr_array:
    """Return summed weights: a row per category of the first column, a column per combination of the others."""
    first, second, *rest = (categorise(joined, column) for column in columns)
    place, width = second.codes.astype(np.int64), len(second.categories)
    for level in rest:
        place, width = place * len(level.categories) + level.codes, width * len(level.categories)
    return sparse.coo_array((weights, (first.codes, place)), shape=(len(first.categories), width)).tocsr()


def divide(matrix: Matrix, by: Matrix) -> Matrix:
    """Divide; nothing by nothing is 0."""
    return np.asarray(np.divide(matrix, by, out=np.zeros(matrix.shape), where=by > 0), dtype=float)


def _check_sense(aggregation: str, normalisation: str, index: pd.Index, characters: pd.Series[int] | None) -> None:
    if (normalisation == "rate") != (characters is not None):
        raise InputError(["two-mode network: `rate` and `characters` go together; give both or neither"])
    if characters is not None and not (characters.reindex(index) > 0).all():
        raise InputError([f"two-mode network: characters must be above 0 for each of {', '.join(map(str, index))}"])
    if aggregation == "combine" and normalisation != "none":
        raise InputError([f"two-mode network: combined levels are names, so {normalisation} means nothing"])


def _combine(joined: pd.DataFrame, rows: str, columns: str, qualifier: str) -> NDArray[np.object_]:
    levels = categorise(joined, qualifier).categories
    counts = count_statements(joined, [rows, columns, qualifier], np.ones(len(joined))).toarray()
    cells = counts.reshape(counts.shape[0], -1, len(levels))
    return np.array([["+".join(map(str, levels[cell > 0])) for cell in row] for row in cells], dtype=object)


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

"""What words tell: which set a text apart, which stand together, and each in its context."""

import re
import unicodedata

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import sparse
from scipy.special import xlogy

from analysis.errors import InputError


def find_distinctive_words(
    words: pd.DataFrame, *, group: str = "doc_id", minimum: int = 2, prior: float = 500
) -> pd.DataFrame:
    """Return which words each group of texts stresses or avoids, against all other groups.

    Parameters
    ----------
    words
        From `find_words`; for other groups add the column first: `words.merge(documents[["doc_id", "issuer"]])`.
    minimum
        The fewest occurrences of a word in all groups; words below it still count in the totals.
    prior
        Weight of the prior in words (alpha_0 > 0): the larger, the nearer to no difference.

    Returns
    -------
    pandas.DataFrame
        One row is a group and a word, zeros too: `count` and `rate` (per 1,000 words) in the group, `other_count` and
        `other_rate` in all others; `g2`, the log-likelihood ratio, with a minus where the group has less; `log_ratio`,
        how many times the rate has doubled against the others'; `log_odds` and its `z`. Largest g2 first in each group.

    Notes
    -----
    g2: T. Dunning 1993, Computational Linguistics 19: 61-74, on all four cells; P. Rayson and R. Garside 2000 sum the
    two of the word alone, nearly the same for rare words. log_ratio: A. Hardie 2014, a count of 0 taken as 0.5.
    log_odds: B. L. Monroe, M. P. Colaresi and K. M. Quinn 2008, Political Analysis 16: 372-403, equations 15 to 22,
    each word's prior being its part of the whole corpus. All take words as drawn one by one, but a text repeats its
    words: g2 above 15.1 (p < 0.0001) or z above 1.96 orders words for reading and is no proof.
    """
    if group not in words.columns or min(words[group].nunique(), words["word"].nunique()) < 2 or prior <= 0:
        raise InputError([f"words: need a column {group!r} with two groups, two words, and a prior ({prior}) above 0"])
    size = words["word"].map(words["word"].value_counts())
    table = pd.crosstab(words[group], words["word"])[sorted(words["word"][size >= minimum].unique())]
    count, n = table.to_numpy(float), words[group].value_counts()[table.index].to_numpy(float)[:, None]
    other, m = count.sum(axis=0) - count, n.sum() - n
    alpha = prior * count.sum(axis=0) / n.sum()
    odds = [np.log((y + alpha) / (of + prior - y - alpha)) for y, of in ((count, n), (other, m))]
    log_odds = odds[0] - odds[1]
    columns = {
        "count": count.astype(int), "rate": 1000 * count / n, "other_count": other.astype(int),
        "other_rate": 1000 * other / m, "g2": log_likelihood(count, n, count + other, n + m),
        "log_ratio": np.log2(np.where(count, count, 0.5) / n / (np.where(other, other, 0.5) / m)),
        "log_odds": log_odds, "z": log_odds / np.sqrt(1 / (count + alpha) + 1 / (other + alpha)),
    }  # fmt: skip
    keys = pd.MultiIndex.from_product([table.index, table.columns]).to_frame(index=False)
    rows = keys.assign(**{name: values.ravel() for name, values in columns.items()})
    return rows.sort_values([group, "g2"], ascending=[True, False], kind="stable", ignore_index=True)


def log_likelihood(both: ArrayLike, first: ArrayLike, second: ArrayLike, total: ArrayLike) -> NDArray[np.float64]:
    """Return Dunning's log-likelihood ratio of 2 x 2 tables by one cell, its margins and the total; < 0 if repelled."""
    a, row, column, n = (np.asarray(values, dtype=float) for values in (both, first, second, total))
    cells = (a, row - a, column - a, n - row - column + a)
    margins = (row, n - row, column, n - column)
    g2 = 2 * (sum(xlogy(cell, cell) for cell in cells) - sum(xlogy(side, side) for side in margins) + xlogy(n, n))
    return np.asarray(np.where(a * n < row * column, -1, 1) * np.maximum(g2, 0))


def find_cooccurrence(words: pd.DataFrame, *, minimum: int = 2) -> pd.DataFrame:
    """Return which words stand together in units.

    Returns
    -------
    pandas.DataFrame
        One row is a pair of words that at least `minimum` units (1 or more) have both: `word`, `other`; `units` that
        have both; `word_units` and `other_units`, that have each; `expected`, units that would have both by chance;
        `g2`, the log-likelihood ratio over all units with words, with a minus if fewer than expected; `dice`,
        2 units / (word_units + other_units), 0 to 1 (L. R. Dice 1945, Ecology 26: 297-302). Largest g2 first.
    """
    if minimum < 1:
        raise InputError([f"minimum {minimum}: a pair stands in 1 unit or more"])
    rows, columns = words.groupby(["doc_id", "unit_id"]).ngroup(), pd.Categorical(words["word"])
    total = int(rows.max()) + 1 if len(words) else 0
    shape, ones = (total, len(columns.categories)), np.ones(len(words), dtype=int)
    there = sparse.coo_array((ones, (rows, columns.codes)), shape).tocsr().sign()
    sizes = there.sum(axis=0)
    pairs = sparse.triu(there.T @ there, 1).tocoo()
    often = pairs.data >= minimum
    both, one, two = pairs.data[often], pairs.row[often], pairs.col[often]
    names = columns.categories.to_numpy()
    table = pd.DataFrame({"word": names[one], "other": names[two], "units": both, "word_units": sizes[one]})
    table = table.assign(other_units=sizes[two], expected=sizes[one] * sizes[two] / max(total, 1))
    table["g2"] = log_likelihood(both, sizes[one], sizes[two], total)
    table["dice"] = 2 * both / (sizes[one] + sizes[two])
    return table.sort_values(["g2", "word", "other"], ascending=[False, True, True], ignore_index=True)


def find_keyword(units: pd.DataFrame, keyword: str, *, width: int = 20) -> pd.DataFrame:
    """Find a run of characters, be it a word or not, in its context.

    Returns
    -------
    pandas.DataFrame
        One row is an occurrence: `doc_id`, `unit_id`, `left` (up to `width` characters of the unit), `keyword`,
        `right`, `start`, `end` (of the keyword, in the cleaned text).
    """
    if not keyword or width < 0:
        raise InputError([f"keyword {keyword!r}, width {width}: give a character or more, and a width of 0 or more"])
    rows: list[tuple[object, ...]] = []
    for doc_id, unit_id, first, text in units[["doc_id", "unit_id", "start", "text"]].to_numpy().tolist():
        for match in re.finditer(re.escape(keyword), text):
            start, end = match.span()
            left, right = text[max(0, start - width) : start], text[end : end + width]
            rows.append((doc_id, unit_id, left, keyword, right, first + start, first + end))
    return pd.DataFrame(rows, columns=["doc_id", "unit_id", "left", "keyword", "right", "start", "end"])


def format_keyword(found: pd.DataFrame) -> str:
    """Return what `find_keyword` found as lines with the keywords in one column, where Chinese is two columns wide."""
    widths = [sum(1 + (unicodedata.east_asian_width(letter) in "WF") for letter in left) for left in found["left"]]
    return "\n".join(
        " " * (max(widths) - width) + f"{line.left} {line.keyword} {line.right}  [{line.doc_id} {line.unit_id}]"
        for line, width in zip(found.itertuples(), widths, strict=True)
    )

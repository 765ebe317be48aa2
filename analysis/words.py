"""What words tell: which stand together, and each in its context; `find_distinctive` tells which set a text apart."""

import re
import unicodedata

import numpy as np
import pandas as pd
from scipy import sparse

from analysis.comparison import log_likelihood
from analysis.errors import InputError
from analysis.twomode import categorise, count_statements


def find_cooccurrence(words: pd.DataFrame, *, minimum: int = 2) -> pd.DataFrame:
    """Return which words stand together in units.

    One row is a pair of words that at least `minimum` units (1 or more) have both: `word`, `other`; `units` that have
    both; `word_units` and `other_units`, that have each; `expected`, units that would have both by chance; `g2`, the
    log-likelihood ratio over all units with words, with a minus if fewer than expected; `dice`,
    2 units / (word_units + other_units), 0 to 1 (L. R. Dice 1945, Ecology 26: 297-302). Largest g2 first.
    """
    if minimum < 1:
        raise InputError([f"minimum {minimum}: a pair stands in 1 unit or more"])
    words = words.assign(unit=words.groupby(["doc_id", "unit_id"]).ngroup())
    there = count_statements(words, ["unit", "word"], np.ones(len(words))).sign()
    sizes, names = there.sum(axis=0), categorise(words, "word").categories.to_numpy()
    pairs = sparse.triu(there.T @ there, 1).tocoo()
    often = pairs.data >= minimum
    both, one, two = pairs.data[often].astype(int), pairs.row[often], pairs.col[often]
    table = pd.DataFrame({"word": names[one], "other": names[two], "units": both})
    table["word_units"], table["other_units"] = sizes[one].astype(int), sizes[two].astype(int)
    table["expected"] = sizes[one] * sizes[two] / max(there.shape[0], 1)
    table["g2"] = log_likelihood(both, sizes[one], sizes[two], there.shape[0])
    table["dice"] = 2 * both / (sizes[one] + sizes[two])
    return table.sort_values(["g2", "word", "other"], ascending=[False, True, True], ignore_index=True)


def find_keyword(units: pd.DataFrame, keyword: str, *, width: int = 20) -> pd.DataFrame:
    """Find a run of characters, be it a word or not, in its context.

    One row is an occurrence: `doc_id`, `unit_id`, `left` (up to `width` characters of the unit), `keyword`, `right`,
    `start`, `end` (of the keyword, in the cleaned text).
    """
    if not keyword or width < 0:
        raise InputError([f"keyword {keyword!r}, width {width}: give a character or more, and a width of 0 or more"])
    rows = []
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

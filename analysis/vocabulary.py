"""Words: the texts cut by jieba with the codebook's own terms as user dictionary."""

import logging

import jieba
import pandas as pd

from analysis.codebook import Codebook


def make_tokenizer(codebook: Codebook) -> jieba.Tokenizer:
    """Return a tokenizer of its own that knows every literal of the codebook; nothing global is changed."""
    logging.getLogger("jieba").setLevel(logging.WARNING)
    tokenizer = jieba.Tokenizer()
    tokenizer.initialize()
    literals = {literal for pattern in codebook.patterns.patterns for part in pattern.parts for literal in part}
    for literal in sorted(literals):
        if 2 <= len(literal) <= 6:
            tokenizer.add_word(literal)
    return tokenizer


def find_words(units: pd.DataFrame, tokenizer: jieba.Tokenizer) -> pd.DataFrame:
    """Cut units into words.

    Returns
    -------
    pandas.DataFrame
        One row is a word of two or more characters with at least one Chinese character or letter, in the order of the
        text: `doc_id`, `unit_id`, `start`, `end` (offsets in the cleaned text), `word`.
    """
    rows = [
        (unit.doc_id, unit.unit_id, unit.start + start, unit.start + end, word)
        for unit in units.itertuples()
        for word, start, end in tokenizer.tokenize(unit.text, HMM=False)
        if len(word) > 1 and any(letter.isalpha() for letter in word)
    ]
    return pd.DataFrame(rows, columns=["doc_id", "unit_id", "start", "end", "word"])


def count_words(words: pd.DataFrame) -> pd.DataFrame:
    """Count words: one row is a word (index) with its `count` and the number of `documents` that have it."""
    counts = words.groupby("word").agg(count=("word", "size"), documents=("doc_id", "nunique"))
    return counts.sort_values(["count", "documents"], ascending=False, kind="stable")

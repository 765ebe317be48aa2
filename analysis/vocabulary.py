"""Words: the texts cut by jieba with the codebook's own terms as user dictionary."""

from functools import cache
from itertools import chain

import jieba
import pandas as pd

from analysis.codebook import Codebook


@cache
def _read_frequencies() -> tuple[dict[str, int], int]:
    tokenizer = jieba.Tokenizer()
    frequencies, total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
    return frequencies, total


def read_tokenizer() -> jieba.Tokenizer:
    """Return a tokenizer with jieba's dictionary, read once and without printing, caching or changing anything."""
    tokenizer = jieba.Tokenizer()
    frequencies, tokenizer.total = _read_frequencies()
    tokenizer.FREQ, tokenizer.initialized = dict(frequencies), True
    return tokenizer


def make_tokenizer(codebook: Codebook) -> jieba.Tokenizer:
    """Return a tokenizer that knows the literals of types, of 2 to 6 characters, and of measures, of 2 to 4.

    Longer ones of measures are phrases, and those of cues parts of sentences.
    """
    tokenizer, longest = read_tokenizer(), {"type": 6, "measure": 4}
    patterns = [pattern for pattern in codebook.patterns.patterns if pattern.kind in longest and not pattern.void]
    sized = {literal for each in patterns for literal in chain(*each.parts) if 2 <= len(literal) <= longest[each.kind]}
    for literal in sorted(filter(str.isalnum, sized)):
        tokenizer.add_word(literal)
    return tokenizer


def find_words(units: pd.DataFrame, tokenizer: jieba.Tokenizer) -> pd.DataFrame:
    """Cut units into words.

    One row is a word of two or more characters with at least one letter or Chinese character, in the order of the text:
    `doc_id`, `unit_id`, `start`, `end` (offsets in the cleaned text), `word`.
    """
    rows = [
        (doc_id, unit_id, first + start, first + end, word)
        for doc_id, unit_id, first, text in units[["doc_id", "unit_id", "start", "text"]].to_numpy().tolist()
        for word, start, end in tokenizer.tokenize(text, HMM=False)
        if len(word) > 1 and any(letter.isalpha() for letter in word)
    ]
    return pd.DataFrame(rows, columns=["doc_id", "unit_id", "start", "end", "word"])


def count_words(words: pd.DataFrame) -> pd.DataFrame:
    """Count words: one row is a word (index) with its `count` and the number of `documents` that have it."""
    counts = words.groupby("word").agg(count=("word", "size"), documents=("doc_id", "nunique"))
    return counts.sort_values(["count", "documents"], ascending=False, kind="stable")

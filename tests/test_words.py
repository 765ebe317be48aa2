"""Co-occurrence and context: cases by hand, and plain loops."""

from collections import Counter
from itertools import combinations
from math import log

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import InputError
from analysis.words import find_cooccurrence, find_keyword, format_keyword


def say(**texts: str) -> pd.DataFrame:
    """Return words: one letter is a word, `/` parts the units of a text."""
    return pd.DataFrame(
        [(doc_id, number, word) for doc_id, text in texts.items()
         for number, unit in enumerate(text.split("/"), 1) for word in unit],
        columns=["doc_id", "unit_id", "word"],
    )  # fmt: skip


TEXTS = st.lists(st.text("wxyz/", min_size=1).filter(lambda text: text.strip("/")), min_size=2, max_size=4)


def test_pairs_are_counted_in_units_as_by_hand():
    # units: xy, xyx, yz, z; x and y meet in 2 of 4 units, x stands in 2, y in 3: expected 2 * 3/4
    table = find_cooccurrence(say(A="xy/xyx", B="yz/z"))
    assert table.drop(columns="g2").to_numpy().tolist() == [["x", "y", 2, 2, 3, 1.5, 0.8]]
    assert table["g2"][0] == pytest.approx(2 * (2 * log(2 / 1.5) + 1 * log(1 / 1.5) + 1 * log(1 / 0.5)))


@given(TEXTS, st.integers(1, 3))
def test_pairs_are_those_of_plain_loops(texts, minimum):
    words = say(**{f"d{number}": text for number, text in enumerate(texts)})
    units = [set(words) for _, words in words.groupby(["doc_id", "unit_id"])["word"]]
    single = Counter(word for unit in units for word in unit)
    double = Counter(pair for unit in units for pair in combinations(sorted(unit), 2))
    found = find_cooccurrence(words, minimum=minimum)
    assert {(row.word, row.other): row.units for row in found.itertuples()} == {
        pair: count for pair, count in double.items() if count >= minimum
    }
    for row in found.itertuples():
        assert (row.word_units, row.other_units) == (single[row.word], single[row.other])
        assert np.sign(round(row.g2, 9)) in (0, np.sign(row.units - row.expected))


def test_a_pair_in_no_unit_is_refused():
    with pytest.raises(InputError, match="1 unit or more"):
        find_cooccurrence(say(A="xy"), minimum=0)


UNITS = pd.DataFrame(
    [("a", 1, 10, "请捐赠，多捐赠。"), ("b", 2, 0, "N95口罩由企业捐赠给医院"), ("b", 3, 20, "谢谢")],
    columns=["doc_id", "unit_id", "start", "text"],
)


def test_a_keyword_stands_in_its_context():
    assert find_keyword(UNITS, "捐赠", width=3).to_numpy().tolist() == [
        ["a", 1, "请", "捐赠", "，多捐", 11, 13],
        ["a", 1, "赠，多", "捐赠", "。", 15, 17],
        ["b", 2, "由企业", "捐赠", "给医院", 8, 10],
    ]  # fmt: skip


def test_a_keyword_is_no_pattern_and_may_be_missing():
    assert find_keyword(UNITS, "捐.").empty and format_keyword(find_keyword(UNITS, "捐.")) == ""


def test_keywords_are_printed_in_one_column_though_chinese_is_wide():
    assert format_keyword(find_keyword(UNITS, "捐赠", width=8)).split("\n") == [
        "           请 捐赠 ，多捐赠。  [a 1]",
        "   请捐赠，多 捐赠 。  [a 1]",
        "N95口罩由企业 捐赠 给医院  [b 2]",
    ]  # fmt: skip


def test_keywords_of_the_corpus_stand_where_they_say(corpus, register):
    found = find_keyword(corpus.units, "医疗器械")
    texts = register[0].set_index("doc_id")["clean"]
    assert {"zhejiang", "jiangsu"} <= set(found["doc_id"])
    for row in found.itertuples():
        assert (
            texts[row.doc_id][row.start - len(row.left) : row.end + len(row.right)] == row.left + "医疗器械" + row.right
        )


def test_no_keyword_and_no_room_are_refused():
    for keyword, width in [("", 5), ("捐赠", -1)]:
        with pytest.raises(InputError, match="a character or more"):
            find_keyword(UNITS, keyword, width=width)

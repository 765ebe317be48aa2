"""Keyness, co-occurrence and context: published numbers, cases by hand, and plain loops."""

from collections import Counter
from itertools import combinations
from math import log, log2, sqrt

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import chi2_contingency

from analysis.errors import InputError
from analysis.words import (
    find_cooccurrence,
    find_distinctive_words,
    find_keyword,
    format_keyword,
    log_likelihood,
)


def say(**texts: str) -> pd.DataFrame:
    """Return words: one letter is a word, `/` parts the units of a text."""
    return pd.DataFrame(
        [(doc_id, number, word) for doc_id, text in texts.items()
         for number, unit in enumerate(text.split("/"), 1) for word in unit],
        columns=["doc_id", "unit_id", "word"],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("cells", "published"),
    [((110, 2442, 111, 29114), 270.72), ((29, 13, 123, 31612), 263.90), ((31, 23, 139, 31584), 256.84)],
)
def test_the_log_likelihood_is_that_of_dunnings_bigrams(cells, published):
    """Dunning 1993, the three bigrams with the highest -2 log lambda: the swiss, can be, previous year."""
    a, b, c, d = cells
    assert log_likelihood(a, a + b, a + c, sum(cells)) == pytest.approx(published, abs=0.005)


@given(st.tuples(*[st.integers(1, 300)] * 4))
def test_the_log_likelihood_is_that_of_scipy_with_a_sign(cells):
    a, b, c, d = cells
    g2 = chi2_contingency([[a, b], [c, d]], correction=False, lambda_="log-likelihood").statistic
    found = log_likelihood(a, a + b, a + c, sum(cells))
    assert abs(found) == pytest.approx(g2, abs=1e-8)
    assert abs(found) < 1e-8 or (found > 0) == (a * d > b * c)


def test_the_log_likelihood_of_empty_cells_is_finite():
    assert log_likelihood([0, 5, 0], [5, 5, 0], [5, 5, 3], [10, 10, 10]) == pytest.approx(
        [-20 * log(2), 20 * log(2), 0]
    )


def test_a_word_is_weighed_as_by_hand():
    # A has x 3 times in 4 words, B once in 6; the prior of 10 words gives x 10 * 4/10 = 4 of them
    row = find_distinctive_words(say(A="xxxy", B="xyyyyy"), prior=10).set_index(["doc_id", "word"]).loc["A", "x"]
    assert row[["count", "other_count"]].tolist() == [3, 1]
    assert row[["rate", "other_rate"]].tolist() == pytest.approx([750, 1000 / 6])
    assert row["log_ratio"] == pytest.approx(log2((3 / 4) / (1 / 6)))
    assert row["log_odds"] == pytest.approx(log((3 + 4) / (4 + 10 - 7)) - log((1 + 4) / (6 + 10 - 5)))
    assert row["z"] == pytest.approx(log(11 / 5) / sqrt(1 / 7 + 1 / 5))
    assert row["g2"] == pytest.approx(
        2 * (3 * log(3 / 1.6) + 1 * log(1 / 2.4) + 1 * log(1 / 2.4) + 5 * log(5 / 3.6))
    )  # expected 4 * 4/10 = 1.6, 4 * 6/10 = 2.4 twice, 6 * 6/10 = 3.6


def test_a_word_that_one_side_lacks_counts_half_there_for_the_ratio_alone():
    table = find_distinctive_words(say(A="xxy", B="yyyy")).set_index(["doc_id", "word"])
    assert table.loc[("A", "x"), "log_ratio"] == pytest.approx(log2((2 / 3) / (0.5 / 4)))
    assert table.loc[("B", "x"), ["count", "rate"]].tolist() == [0, 0]
    assert table.loc[("B", "x"), "g2"] < 0


def test_rare_words_have_no_row_but_count_in_the_totals():
    table = find_distinctive_words(say(A="xxyz", B="xyyw"), minimum=3)
    assert set(table["word"]) == {"x", "y"}
    assert table.loc[(table["doc_id"] == "A") & (table["word"] == "x"), "rate"].tolist() == [500]


def test_any_column_groups_and_the_largest_stands_first():
    words = say(A="xx", B="xy", C="yyyz").merge(pd.DataFrame({"doc_id": list("ABC"), "issuer": ["i", "i", "j"]}))
    table = find_distinctive_words(words, group="issuer", minimum=1)
    assert table[["issuer", "word"]].to_numpy().tolist() == [
        ["i", "x"], ["i", "z"], ["i", "y"], ["j", "y"], ["j", "z"], ["j", "x"],
    ]  # fmt: skip


TEXTS = st.lists(st.text("wxyz/", min_size=1).filter(lambda text: text.strip("/")), min_size=2, max_size=4)


@given(TEXTS, st.floats(0.5, 100))
def test_all_words_are_weighed_as_by_plain_loops(texts, prior):
    words = say(**{f"d{number}": text for number, text in enumerate(texts)})
    every = Counter(words["word"])
    assume(len(every) > 1)
    table = find_distinctive_words(words, minimum=1, prior=prior)
    assert len(table) == len(texts) * len(every)
    for row in table.itertuples():
        here = words["word"][words["doc_id"] == row.doc_id]
        y, n, total = list(here).count(row.word), len(here), len(words)
        alpha = prior * every[row.word] / total
        z, m = every[row.word] - y, total - n
        delta = log((y + alpha) / (n + prior - y - alpha)) - log((z + alpha) / (m + prior - z - alpha))
        assert row.log_odds == pytest.approx(delta, abs=1e-6)
        assert row.z == pytest.approx(delta / sqrt(1 / (y + alpha) + 1 / (z + alpha)), abs=1e-6)
        assert row.log_ratio == pytest.approx(log2((y or 0.5) / n * m / (z or 0.5)))


def test_wrong_groups_and_priors_are_refused():
    for words, options in [
        (say(A="xy"), {}),
        (say(A="x", B="x"), {}),
        (say(A="x", B="x"), {"group": "place"}),
        (say(A="x", B="y"), {"prior": 0}),
    ]:
        with pytest.raises(InputError, match="two groups"):
            find_distinctive_words(words, **options)


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

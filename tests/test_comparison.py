"""Comparing issuers: counted by hand, against published numbers, and against other programs' results."""

from math import log, log2, sqrt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import chi2, chi2_contingency

from analysis.comparison import (
    find_distinctive,
    log_likelihood,
    measure_similarity,
    profile_groups,
    wilson_interval,
)
from analysis.errors import InputError
from analysis.network import join_facts
from analysis.twomode import build_two_mode
from tests.tables_by_hand import CODEBOOK, DOCUMENTS, STATEMENTS

JOINED = join_facts(STATEMENTS, DOCUMENTS, codebook=CODEBOOK)


def tabulate(rows: list[list[int]]) -> pd.DataFrame:
    names = [f"g{i}" for i in range(len(rows))], [f"c{j}" for j in range(len(rows[0]))]
    table = pd.DataFrame(rows, index=names[0], columns=names[1])
    return table.rename_axis(index="issuer", columns="measure")


def test_a_profile_has_every_issuer_and_measure_with_counts_rates_and_shares_by_hand():
    profile = profile_groups(JOINED, DOCUMENTS).set_index(["issuer", "measure"])
    assert len(profile) == 3 * 3
    ant = profile.loc[("ant", "donation")]
    assert ant[["statements", "total", "characters", "rate"]].tolist() == [2, 3, 200, 10.0]
    assert ant["share"] == pytest.approx(2 / 3)
    assert profile.loc[("bee", "donation"), ["statements", "total", "characters", "rate"]].tolist() == [1, 2, 800, 1.25]
    assert profile.loc[("ant", "rent"), ["statements", "rate", "share", "low"]].tolist() == [0, 0, 0, 0]


def test_a_silent_issuer_has_rows_with_zeros_and_no_share():
    profile = profile_groups(JOINED, DOCUMENTS).query("issuer == 'cat'")
    assert profile["statements"].tolist() == [0, 0, 0] and profile["rate"].tolist() == [0, 0, 0]
    assert profile[["share", "low", "high"]].isna().all(axis=None)


@pytest.mark.parametrize(
    ("group", "by", "rows"), [("level", "goal", 9), ("genre", "actor", 9), ("doc_id", "stance", 16)]
)
def test_profiles_by_other_columns_keep_every_statement(group, by, rows):
    profile = profile_groups(JOINED, DOCUMENTS, group=group, by=by)
    assert len(profile) == rows and profile["statements"].sum() == len(STATEMENTS)
    assert profile.drop_duplicates(group)["characters"].sum() == DOCUMENTS["characters"].sum()


def test_a_group_that_documents_do_not_have_is_refused():
    with pytest.raises(InputError, match="unknown column of the documents 'goal'"):
        profile_groups(JOINED, DOCUMENTS, group="goal")


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_the_wilson_interval_has_the_values_of_newcombe_1998_table_1_method_3(successes, trials, low, high):
    assert wilson_interval(successes, trials) == pytest.approx((low, high), abs=5e-5)


def test_similarity_is_the_cosine_whatever_the_length_of_the_texts():
    similarity = measure_similarity(tabulate([[1, 2, 0], [10, 20, 0], [0, 0, 5], [2, 0, 0], [0, 0, 0]]))
    assert similarity.loc["g0", "g1"] == pytest.approx(1)
    assert similarity.loc["g0", "g2"] == pytest.approx(0)
    assert similarity.loc["g0", "g3"] == pytest.approx(1 / sqrt(5))
    assert similarity.loc["g4"].isna().all() and similarity["g4"].isna().all()
    assert np.diag(similarity)[:4].tolist() == pytest.approx([1, 1, 1, 1])


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


def test_a_code_is_weighed_as_by_hand():
    # g0 has c0 3 times in 4, g1 once in 6; the prior of 10 gives c0 10 * 4/10 = 4 of them
    row = find_distinctive(tabulate([[3, 1], [1, 5]]), prior=10).set_index(["issuer", "measure"]).loc["g0", "c0"]
    assert row[["count", "other_count"]].tolist() == [3, 1]
    assert row[["rate", "other_rate"]].tolist() == pytest.approx([750, 1000 / 6])
    assert row["log_ratio"] == pytest.approx(log2((3 / 4) / (1 / 6)))
    assert row["log_odds"] == pytest.approx(log((3 + 4) / (4 + 10 - 7)) - log((1 + 4) / (6 + 10 - 5)))
    assert row["z"] == pytest.approx(log(11 / 5) / sqrt(1 / 7 + 1 / 5))
    assert row["g2"] == pytest.approx(
        2 * (3 * log(3 / 1.6) + 1 * log(1 / 2.4) + 1 * log(1 / 2.4) + 5 * log(5 / 3.6))
    )  # expected 4 * 4/10 = 1.6, 4 * 6/10 = 2.4 twice, 6 * 6/10 = 3.6
    assert row["p"] == pytest.approx(chi2.sf(row["g2"], 1))


def test_a_code_that_one_side_lacks_counts_half_there_for_the_ratio_alone():
    table = find_distinctive(tabulate([[2, 1], [0, 4]])).set_index(["issuer", "measure"])
    assert table.loc[("g0", "c0"), "log_ratio"] == pytest.approx(log2((2 / 3) / (0.5 / 4)))
    assert table.loc[("g1", "c0"), ["count", "rate"]].tolist() == [0, 0]
    assert table.loc[("g1", "c0"), "g2"] < 0


@given(arrays(int, (3, 4), elements=st.integers(0, 30)), st.floats(0.5, 100))
def test_all_codes_are_weighed_as_by_plain_loops(counts, prior):
    table = find_distinctive(tabulate(counts.tolist()), prior=prior).set_index(["issuer", "measure"])
    for i, j in np.ndindex(counts.shape):
        row, total = table.loc[(f"g{i}", f"c{j}")], counts.sum()
        y, n, every = counts[i, j], counts[i].sum(), counts[:, j].sum()
        assert row["g2"] == pytest.approx(log_likelihood(y, n, every, total), abs=1e-9)
        assert row["p"] == pytest.approx(chi2.sf(abs(row["g2"]), 1))
        if 0 in (n, total - n, every, total - every):
            continue
        alpha, z, m = prior * every / total, every - y, total - n
        delta = log((y + alpha) / (n + prior - y - alpha)) - log((z + alpha) / (m + prior - z - alpha))
        assert row["log_odds"] == pytest.approx(delta, abs=1e-6)
        assert row["z"] == pytest.approx(delta / sqrt(1 / (y + alpha) + 1 / (z + alpha)), abs=1e-6)
        assert row["log_ratio"] == pytest.approx(log2((y or 0.5) / n * m / (z or 0.5)))


def test_words_are_weighed_like_codes():
    words = pd.DataFrame({"doc_id": list("AAAABBBBBB"), "word": list("xxxyxyyyyy")})
    table = find_distinctive(pd.crosstab(words["doc_id"], words["word"]))
    assert table[["doc_id", "word", "count"]].to_numpy().tolist() == [
        ["A", "x", 3], ["A", "y", 1], ["B", "y", 5], ["B", "x", 1],
    ]  # fmt: skip


def test_too_few_groups_and_a_prior_of_nothing_are_refused():
    for counts, prior in [([[1, 2]], 1), ([[1], [2]], 1), ([[1, 2], [3, 4]], 0)]:
        with pytest.raises(InputError, match="two rows, two columns, and a prior"):
            find_distinctive(tabulate(counts), prior=prior)


def test_distinctive_codes_stand_strongest_first_within_issuers_in_their_order():
    table = find_distinctive(build_two_mode(JOINED, "issuer", "measure"))
    assert table["issuer"].drop_duplicates().tolist() == ["ant", "bee", "cat"]
    for _, rows in table.groupby("issuer", observed=True):
        assert rows["g2"].is_monotonic_decreasing
    assert len(table) == 9


def test_p_is_adjusted_for_the_false_discovery_rate_over_all_rows():
    table = find_distinctive(tabulate([[9, 1, 4], [2, 7, 5], [3, 3, 30]])).sort_values("p", ignore_index=True)
    count, least, expected = len(table), 1.0, []
    for rank in range(count, 0, -1):  # Benjamini and Hochberg 1995: the least p m / k from rank k upwards
        least = min(least, table["p"][rank - 1] * count / rank)
        expected.append(least)
    assert table["p_fdr"].tolist() == pytest.approx(expected[::-1])
    assert (table["p_fdr"] > table["p"]).any()


def test_a_table_without_statements_has_nothing_distinctive():
    table = find_distinctive(tabulate([[0, 0], [0, 0]]))
    assert table["g2"].tolist() == [0, 0, 0, 0] and table["p_fdr"].tolist() == [1, 1, 1, 1]

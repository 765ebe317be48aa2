"""Comparing issuers: counted by hand, against published numbers, and against other programs' results."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import chi2_contingency

from analysis.comparison import find_distinctive, measure_similarity, profile_groups, wilson_interval
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
    with pytest.raises(InputError, match="documents: no column 'goal'"):
        profile_groups(JOINED, DOCUMENTS, group="goal")


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_the_wilson_interval_has_the_values_of_newcombe_1998_table_1_method_3(successes, trials, low, high):
    assert wilson_interval(successes, trials) == pytest.approx((low, high), abs=5e-5)


def test_a_higher_confidence_makes_a_wider_interval():
    assert np.diff(wilson_interval(3, 9, 0.99)) > np.diff(wilson_interval(3, 9, 0.95))


def test_similarity_is_the_cosine_whatever_the_length_of_the_texts():
    similarity = measure_similarity(tabulate([[1, 2, 0], [10, 20, 0], [0, 0, 5], [2, 0, 0], [0, 0, 0]]))
    assert similarity.loc["g0", "g1"] == pytest.approx(1)
    assert similarity.loc["g0", "g2"] == pytest.approx(0)
    assert similarity.loc["g0", "g3"] == pytest.approx(1 / math.sqrt(5))
    assert similarity.loc["g4"].isna().all() and similarity["g4"].isna().all()
    assert np.diag(similarity)[:4].tolist() == pytest.approx([1, 1, 1, 1])


def test_g2_has_the_value_that_dunning_1993_table_2_gives_for_the_swiss():
    table = find_distinctive(tabulate([[110, 2442], [111, 29114]])).set_index(["issuer", "measure"])
    assert table.loc[("g0", "c0"), "g2"] == pytest.approx(270.72, abs=0.005)
    assert table.loc[("g0", "c1"), "g2"] == pytest.approx(-270.72, abs=0.005)
    expected_odds = (110.5 * 29114.5) / (2442.5 * 111.5)
    assert table.loc[("g0", "c0"), "log_odds"] == pytest.approx(math.log(expected_odds))


@given(arrays(int, (3, 4), elements=st.integers(0, 30)))
def test_g2_and_p_agree_with_scipy_on_every_two_by_two_table(counts):
    table = find_distinctive(tabulate(counts.tolist())).set_index(["issuer", "measure"])
    for i, j in np.ndindex(counts.shape):
        here, group, code = counts[i, j], counts[i].sum(), counts[:, j].sum()
        cells = [[here, group - here], [code - here, counts.sum() - group - code + here]]
        row = table.loc[(f"g{i}", f"c{j}")]
        if 0 in np.sum(cells, axis=0) or 0 in np.sum(cells, axis=1):
            assert row["g2"] == pytest.approx(0, abs=1e-9)
            continue
        result = chi2_contingency(cells, correction=False, lambda_="log-likelihood")
        assert abs(row["g2"]) == pytest.approx(result.statistic, abs=1e-9)
        assert row["p"] == pytest.approx(result.pvalue, abs=1e-7)
        assert row["expected"] == pytest.approx(result.expected_freq[0, 0])
        assert row["g2"] >= 0 or here < row["expected"]


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
    assert table["p_adjusted"].tolist() == pytest.approx(expected[::-1])
    assert (table["p_adjusted"] > table["p"]).any()


def test_a_table_without_statements_has_nothing_distinctive():
    table = find_distinctive(tabulate([[0, 0], [0, 0]]))
    assert table["g2"].tolist() == [0, 0, 0, 0] and table["p_adjusted"].tolist() == [1, 1, 1, 1]

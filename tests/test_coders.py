"""Coder beside coder: only units that both coded count; cases counted by hand."""

import numpy as np
import pandas as pd
import pytest

import analysis as an
from analysis.agreement import compare_codings, measure_reliability
from analysis.reference import Coding, list_codes
from analysis.reliability import masi_distance
from tests.tables_by_hand import STATEMENTS, UNITS


def coding(statements, units=UNITS):
    return Coding(units, statements, list_codes(statements))


def test_a_coder_agrees_with_himself_entirely(corpus):
    assert (an.score_agreement(compare_codings(corpus, corpus), ["layer"])["f1"] == 1).all()
    table = measure_reliability(corpus, corpus, seed=1, draws=20)
    assert table[["alpha", "low", "high", "kappa"]].to_numpy() == pytest.approx(1)


def test_units_that_only_one_coded_do_not_count():
    some = coding(STATEMENTS.query("doc_id == 'a1' and unit_id == 1"), UNITS.head(1))
    matches = compare_codings(coding(STATEMENTS), some, common=True)
    assert an.score_agreement(matches, ["layer"])["f1"].tolist() == [1, 1, 1, 1]
    assert measure_reliability(coding(STATEMENTS), some, seed=1)["units"].unique().tolist() == [1]


def test_units_of_a_coded_document_that_only_one_coded_count_unless_they_must_be_common():
    some = coding(STATEMENTS.query("doc_id == 'a1' and unit_id == 1"), UNITS.head(1))
    scores = an.score_agreement(compare_codings(coding(STATEMENTS), some), ["layer"])
    assert scores.loc["statement", ["expected", "coded", "both"]].tolist() == [2, 3, 2]


def test_coders_without_a_common_unit_share_no_block():
    one, other = coding(STATEMENTS, UNITS.head(2)), coding(STATEMENTS, UNITS.tail(2))
    assert compare_codings(one, other, common=True).empty
    table = measure_reliability(one, other, seed=1)
    assert table["units"].tolist() == [0, 0, 0]
    assert table[["alpha", "low", "high", "kappa"]].isna().all(axis=None)


def test_alpha_and_kappa_of_a_case_counted_by_hand():
    # Of five units, one has logistics by both, one by the other alone: a pair of values each, (1,1) (1,0) (0,0) x 3.
    # alpha = 1 - D_o / D_e: D_o = 2 / 10; three of ten values are 1, so D_e = 2 * 3 * 7 / (10 * 9).
    # kappa: p_o = 4 / 5, p_e = 2 / 5 * 1 / 5 + 3 / 5 * 4 / 5 = 14 / 25.
    row = measure_reliability(coding(STATEMENTS.drop(index=4)), coding(STATEMENTS), seed=1).loc["measure:logistics"]
    assert row["units"] == 5
    assert row["alpha"] == pytest.approx(1 - 0.2 / (42 / 90))
    assert row["kappa"] == pytest.approx((4 / 5 - 14 / 25) / (1 - 14 / 25))
    assert row["low"] <= row["alpha"] <= row["high"]


def test_sets_of_codes_are_compared_by_their_distance():
    # Unit a1:1 holds {donation, logistics} for one coder and {donation} for the other: MASI distance 1 - 1/2 * 2/3.
    sets = [{"d"}, {"d", "l"}, {"d"}, {"d"}, {"d"}, {"d"}, {"l"}, {"l"}, set(), set()]
    values = [frozenset(s) for s in sets]
    expected = np.mean([masi_distance(a, b) for i, a in enumerate(values) for j, b in enumerate(values) if i != j])
    table = measure_reliability(coding(STATEMENTS.drop(index=1)), coding(STATEMENTS), seed=1)
    alpha = table.loc["measure", "alpha"]
    assert alpha == pytest.approx(1 - (2 * 2 / 3) / 10 / expected)


def test_a_disputed_code_of_the_reference_is_in_neither_set():
    reference = coding(STATEMENTS)
    doubted = reference._replace(codes=reference.codes.assign(disputed=reference.codes["code"] == "charity:logistics"))
    table = measure_reliability(coding(STATEMENTS.drop(index=1)), doubted, seed=1)
    assert table.loc["statement", "alpha"] == 1


def test_a_measure_in_every_unit_has_no_alpha():
    one = coding(STATEMENTS.iloc[[0]], UNITS.head(1))
    assert measure_reliability(one, one, seed=1)[["alpha", "low", "high", "kappa"]].isna().all(axis=None)


def test_a_sheet_and_the_rules_are_cut_alike(corpus):
    empty = pd.DataFrame(columns=corpus.statements.columns)
    matches = compare_codings(corpus, coding(empty, corpus.units), common=True)
    assert matches.query("layer == 'statement'")["coded"].sum() == len(corpus.statements)

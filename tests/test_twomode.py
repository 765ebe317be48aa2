"""Two-mode networks on cases counted by hand."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import InputError
from analysis.twomode import build_two_mode
from tests.tables_by_hand import tell

SAID = tell(
    ("ant", "donation", "require"), ("ant", "donation", "require"), ("ant", "donation", "prohibit"),
    ("ant", "logistics", "report"), ("bee", "logistics", "prohibit"), ("bee", "logistics", "prohibit"),
)  # fmt: skip


def build(**options) -> list[list]:
    table = build_two_mode(SAID, "issuer", "measure", **options)
    assert table.index.tolist() == ["ant", "bee", "cat"] and table.columns.tolist() == ["donation", "logistics", "rent"]
    return table.to_numpy().tolist()


def test_ignoring_stances_counts_statements_and_keeps_zeros():
    assert build() == [[3, 1, 0], [0, 2, 0], [0, 0, 0]]


def test_the_other_way_round_is_the_transpose():
    there, back = (build_two_mode(SAID, *pair) for pair in (("issuer", "measure"), ("measure", "issuer")))
    pd.testing.assert_frame_equal(there.T, back)


def test_subtracting_takes_negative_stances_from_the_others():
    # ant on donation: 2 required - 1 prohibited; bee on logistics: 2 prohibited
    assert build(aggregation="subtract") == [[1, 1, 0], [0, -2, 0], [0, 0, 0]]
    assert build(aggregation="subtract", negative=["require", "report"]) == [[-1, -1, 0], [0, 2, 0], [0, 0, 0]]


def test_a_numeric_qualifier_is_summed_and_a_truth_value_counts_plus_or_minus_one():
    said = SAID.assign(score=[5, -1, 2, 0, -3, -3], agrees=[True, True, False, False, False, True])
    by_score, by_truth = (
        build_two_mode(said, "issuer", "measure", aggregation="subtract", qualifier=name)
        for name in ("score", "agrees")
    )
    assert by_score.loc[["ant", "bee"], ["donation", "logistics"]].to_numpy().tolist() == [[6, 0], [0, -6]]
    assert by_truth.loc[["ant", "bee"], ["donation", "logistics"]].to_numpy().tolist() == [[1, -1], [0, 0]]


def test_combining_names_the_stances_that_occur():
    # the manual's 0, 1, 2, 3 of a truth value are here '', one, the other, and both
    assert build(aggregation="combine") == [["require+prohibit", "report", ""], ["", "prohibit", ""], ["", "", ""]]


def test_activity_is_the_share_in_the_row_and_prominence_in_the_column():
    assert build(normalisation="activity") == [[0.75, 0.25, 0], [0, 1, 0], [0, 0, 0]]
    assert build(normalisation="prominence") == [[1, 1 / 3, 0], [0, 2 / 3, 0], [0, 0, 0]]


def test_shares_of_signed_counts_divide_by_all_statements():
    assert build(aggregation="subtract", normalisation="activity") == [[0.25, 0.25, 0], [0, -1, 0], [0, 0, 0]]


def test_the_rate_is_per_thousand_characters_of_the_row():
    characters = pd.Series({"cat": 100, "ant": 500, "bee": 2000})
    assert build(normalisation="rate", characters=characters) == [[6, 2, 0], [0, 1, 0], [0, 0, 0]]


def test_weights_replace_the_count_of_one():
    table = build_two_mode(SAID.assign(w=[0.5, 0.25, 1, 1, 2, 0]), "issuer", "measure", weight="w")
    assert table.loc["ant", "donation"] == 1.75 and table.loc["bee", "logistics"] == 2


def test_any_column_will_do_with_its_values_sorted():
    said = SAID.assign(organisation=["乙会", "甲会", "乙会", "乙会", "乙会", "乙会"])
    table = build_two_mode(said, "organisation", "measure")
    assert table.to_dict("index") == {
        "乙会": {"donation": 2, "logistics": 3, "rent": 0}, "甲会": {"donation": 1, "logistics": 0, "rent": 0},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"normalisation": "rate"}, "`rate` and `characters` go together"),
        ({"characters": pd.Series({"ant": 1})}, "`rate` and `characters` go together"),
        ({"aggregation": "subtract", "negative": ["refuse"]}, "no negative level refuse; some of require, encourage"),
        ({"aggregation": "congruence"}, "unknown aggregation 'congruence'; one of ignore, subtract, combine"),
        ({"normalisation": "cosine"}, "unknown normalisation 'cosine'; one of none, activity"),
        ({"aggregation": "subtract", "qualifier": "score"}, "unknown column of the statements 'score'"),
    ],
)
def test_options_that_make_no_sense_are_refused(options, message):
    with pytest.raises(InputError, match=message):
        build(**options)


def test_columns_that_are_not_there_or_not_filled_are_refused():
    with pytest.raises(InputError, match="unknown column of the statements 'colour'; one of issuer, measure"):
        build_two_mode(SAID, "issuer", "colour")
    with pytest.raises(InputError, match="2 without sector; leave them out"):
        build_two_mode(SAID.assign(sector=["a", None, "b", "b", None, "a"]), "issuer", "sector")


WORDS = (["ant", "bee"], ["donation", "rent"], ["require", "prohibit"])


@given(st.lists(st.tuples(*map(st.sampled_from, WORDS))))
def test_counts_equal_those_of_a_plain_loop(rows):
    table = build_two_mode(tell(*rows), "issuer", "measure")
    for issuer, measure in np.ndindex(table.shape):
        names = table.index[issuer], table.columns[measure]
        assert table.iat[issuer, measure] == sum(row[:2] == names for row in rows)

"""Codebook changes: what is gained, lost and moved, on cases written out by hand."""

from analysis.agreement import compare_revisions
from tests.tables_by_hand import STATEMENTS, UNITS


def change(new, old=STATEMENTS):
    return compare_revisions(old, new, UNITS).drop(columns="text").values.tolist()


def alter(row: int, **values: str):
    new = STATEMENTS.copy()
    for column, value in values.items():
        new.loc[row, column] = value
    return new


def test_two_equal_codings_differ_in_nothing():
    assert change(STATEMENTS) == []


def test_a_statement_that_only_one_makes_is_gained_or_lost():
    less = STATEMENTS.drop(index=2)
    assert change(less) == [["lost", "a1", 2, "association", "donation", "report", ""]]
    assert change(STATEMENTS, less) == [["gained", "a1", 2, "association", "donation", "report", ""]]


def test_another_actor_of_the_same_measure_in_the_unit_is_a_move():
    assert change(alter(0, actor="government")) == [["moved", "a1", 1, "government", "donation", "require", "charity"]]


def test_another_stance_of_the_same_actor_and_measure_is_a_move():
    assert change(alter(0, stance="report")) == [["moved", "a1", 1, "charity", "donation", "report", "require"]]


def test_another_measure_of_the_same_actor_is_a_loss_and_a_gain():
    assert change(alter(3, measure="rent")) == [
        ["lost", "b1", 1, "association", "donation", "require", ""],
        ["gained", "b1", 1, "association", "rent", "require", ""],
    ]


def test_each_change_shows_its_sentence():
    assert compare_revisions(STATEMENTS, alter(3, stance="report"), UNITS)["text"].tolist() == ["协会要捐款。"]


def test_nothing_at_all_becomes_everything():
    assert [row[0] for row in change(STATEMENTS, STATEMENTS.iloc[:0])] == ["gained"] * len(STATEMENTS)

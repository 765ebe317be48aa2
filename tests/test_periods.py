"""Duplicates and time windows on dates chosen to catch what other programs get wrong."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad

from analysis.errors import InputError
from analysis.periods import KERNELS, keep_first, list_windows
from analysis.twomode import build_one_mode, build_two_mode
from tests.tables_by_hand import tell


def say(*dates: str, issuer: str = "ant") -> pd.DataFrame:
    """Return one statement per date, all alike, each in a document of its own."""
    table = tell(*((issuer, "donation", "require") for _ in dates))
    return table.assign(date=dates, doc_id=[f"d{i}" for i in range(len(dates))], start=0)


def keep(table: pd.DataFrame, per: str, columns=("issuer", "measure", "stance")) -> list[int]:
    return keep_first(table, per=per, columns=columns).index.tolist()


def test_weeks_are_iso_weeks_with_their_year():
    # Monday 31 December 2018 to Sunday 6 January 2019 is week 1 of 2019; week 1 of 2020 is another week
    table = say("2018-12-30", "2018-12-31", "2019-01-06", "2019-01-07", "2019-12-30", "2020-01-01")
    assert keep(table, "week") == [0, 1, 3, 4]


def test_months_and_years_are_those_of_the_calendar():
    table = say("2019-02-12", "2019-02-28", "2020-02-12", "2020-03-01")
    assert keep(table, "month") == [0, 2, 3]
    assert keep(table, "year") == [0, 2]


def test_days_and_the_whole_range_keep_the_earliest_whatever_the_order_of_rows():
    table = say("2020-02-20", "2020-02-12", "2020-02-12", "2020-02-27")
    assert keep(table, "day") == [0, 1, 3]
    assert keep(table, "range") == [1]


def test_on_one_day_the_first_document_counts_whatever_the_place_in_it():
    table = say("2020-02-12", "2020-02-12").assign(doc_id=["b", "a"], start=[0, 50])
    assert keep(table, "day") == [1]


def test_a_document_says_a_thing_once_and_needs_no_date():
    table = say("", "", "").assign(doc_id=["a", "b", "a"], start=[9, 0, 3])
    assert keep(table, "document") == [1, 2]


def test_statements_that_differ_in_a_named_column_are_both_kept():
    table = say("2020-02-12", "2020-02-12").assign(stance=["require", "report"])
    assert keep(table, "day") == [0, 1]
    assert keep(table, "day", ["issuer", "measure"]) == [0]


def test_a_document_without_date_is_named():
    with pytest.raises(InputError, match="documents, d1: no date YYYY-MM-DD"):
        keep(say("2020-02-12", "Feb 2020"), "day")


def test_an_unknown_period_is_refused():
    with pytest.raises(InputError, match="unknown period 'hour'; one of document, day, week, month, year, range"):
        keep(say("2020-02-12"), "hour")


@pytest.mark.parametrize(
    ("kernel", "middle", "half", "edge", "beyond"),
    [("uniform", 0.5, 0.5, 0.5, 0), ("triangular", 1, 0.5, 0, 0), ("epanechnikov", 0.75, 0.5625, 0, 0),
     ("gaussian", 0.3989423, 0.3520653, 0.2419707, 0.0539910)],
)  # fmt: skip
def test_kernels_have_their_values_on_both_sides(kernel, middle, half, edge, beyond):
    for sign in (1, -1):
        values = KERNELS[kernel](sign * np.array([0, 0.5, 1, 2]))
        assert values.tolist() == pytest.approx([middle, half, edge, beyond], abs=5e-8)


@pytest.mark.parametrize("kernel", KERNELS)
def test_kernels_are_densities(kernel):
    bound = 8 if kernel == "gaussian" else 1
    assert quad(lambda u: float(KERNELS[kernel](np.array(u))), -bound, bound)[0] == pytest.approx(1)


@given(st.floats(-3, 3))
def test_kernels_are_symmetric_where_those_of_dna_are_not(u):
    for kernel in KERNELS.values():
        assert kernel(np.array(u)) == kernel(np.array(-u))


def weigh(table: pd.DataFrame, **options) -> dict[str, list[float]]:
    """Return the weights of all statements, 0 if outside, by the centre of the window."""
    return {
        str(centre.date()): chosen["weight"].reindex(table.index, fill_value=0).tolist()
        for centre, chosen in list_windows(table, **options)
    }


def test_windows_of_days_move_day_by_day_and_reach_half_their_width_to_both_sides():
    table = say("2020-02-10", "2020-02-12", "2020-02-13")
    assert weigh(table, unit="days", width=4, kernel="triangular") == {
        "2020-02-10": [1, 0, 0], "2020-02-11": [0.5, 0.5, 0], "2020-02-12": [0, 1, 0.5], "2020-02-13": [0, 0.5, 1],
    }  # fmt: skip
    assert weigh(table, unit="days", width=4)["2020-02-10"] == [0.5, 0.5, 0]  # two days off is still inside


def test_weeks_are_not_cut_to_whole_ones():
    weights = weigh(say("2020-02-03", "2020-02-13", "2020-02-17"), unit="weeks", width=4, kernel="triangular")
    assert list(weights) == ["2020-02-03", "2020-02-10", "2020-02-17"]
    assert weights["2020-02-10"] == pytest.approx([0.5, 1 - 3 / 14, 0.5])


def test_a_month_reaches_to_the_same_day_of_the_next_over_the_turn_of_the_year():
    table = say("2019-12-15", "2020-01-15", "2020-02-15", "2020-02-16")
    weights = weigh(table, unit="months", width=2)
    assert list(weights) == ["2019-12-15", "2020-01-15", "2020-02-15"]
    assert weights["2020-01-15"] == [0.5, 0.5, 0.5, 0]
    years = weigh(say("2018-03-01", "2019-02-28", "2020-03-01"), unit="years", width=2)
    assert years == {"2018-03-01": [0.5, 0.5, 0], "2019-03-01": [0.5, 0.5, 0.5], "2020-03-01": [0, 0, 0.5]}


def test_windows_of_months_from_the_last_day_do_not_drift():
    weights = weigh(say("2020-01-31", "2020-03-31"), unit="months", width=1)
    assert list(weights) == ["2020-01-31", "2020-02-29", "2020-03-31"]


def test_events_are_counted_in_order_of_date_and_those_of_a_day_stand_together():
    table = say("2020-02-12", "2020-02-20", "2020-02-20", "2020-02-27")  # ranks 1, 2.5, 2.5, 4
    weights = weigh(table, unit="events", width=4, kernel="triangular")
    assert list(weights) == ["2020-02-12", "2020-02-20", "2020-02-27"]
    assert weights["2020-02-20"] == [0.25, 1, 1, 0.25]
    assert weights["2020-02-12"] == [1, 0.25, 0.25, 0]


def test_windows_in_which_nothing_is_said_are_kept():
    windows = list(list_windows(say("2020-02-10", "2020-02-20"), unit="days", width=2))
    assert len(windows) == 11 and sum(statements.empty for _, statements in windows) == 7


def test_rows_may_have_been_filtered_and_stand_in_any_order():
    table = say("2020-02-27", "2020-02-12", "2020-02-20", "2020-02-13").drop(index=3)
    assert list(weigh(table, unit="events", width=2).values()) == [[0, 0.5, 0.5], [0.5, 0.5, 0.5], [0.5, 0, 0.5]]
    assert weigh(table, unit="weeks", width=1, kernel="triangular")["2020-02-19"] == pytest.approx([0, 0, 1 - 2 / 7])


@pytest.mark.parametrize("unit", ["events", "days", "weeks", "months"])
def test_no_statements_have_no_windows(unit):
    assert not list(list_windows(say("2020-02-10")[:0], unit=unit, width=2))
    assert keep_first(say("2020-02-10")[:0], per="week", columns=["issuer"]).empty


def test_a_gaussian_window_has_no_end():
    weights = weigh(say("2020-02-10", "2020-02-20"), unit="days", width=4, kernel="gaussian")
    assert weights["2020-02-10"][1] == pytest.approx(math.exp(-(5**2) / 2) / math.sqrt(2 * math.pi))


@pytest.mark.parametrize(
    ("wrong", "message"),
    [({"width": 0}, "width is 0; give one above 0"), ({"width": math.nan}, "width is nan"),
     ({"unit": "hours"}, "unknown unit 'hours'; one of events"), ({"kernel": "cosine"}, "unknown kernel 'cosine'")],
)  # fmt: skip
def test_windows_of_unknown_form_are_refused(wrong, message):
    with pytest.raises(InputError, match=message):
        list(list_windows(say("2020-02-12"), **{"unit": "days", "width": 1, **wrong}))


def test_a_window_weighs_two_mode_ties_by_the_kernel_and_one_mode_ties_by_its_geometric_mean():
    table = pd.concat([say("2020-02-10", "2020-02-11"), say("2020-02-12", issuer="bee")], ignore_index=True)
    windows = {str(centre.date()): statements for centre, statements in
               list_windows(table, unit="days", width=8, kernel="triangular")}  # fmt: skip
    said = windows["2020-02-11"]  # weights 0.75, 1, 0.75
    assert build_two_mode(said, "issuer", "measure", weight="weight").loc["ant", "donation"] == 1.75
    matrix = build_one_mode(said, "issuer", "measure", weight="weight")
    assert matrix.loc["ant", "bee"] == pytest.approx(math.sqrt(0.75 * 0.75) + math.sqrt(1 * 0.75))
    assert matrix.loc["cat"].tolist() == [0, 0, 0]


@settings(max_examples=15)
@given(st.lists(st.integers(0, 30), min_size=1, max_size=5))
def test_turning_time_round_turns_the_weights_round(days):
    first = pd.Timestamp("2019-12-20")
    there = say(*(str((first + pd.Timedelta(days=day)).date()) for day in days))
    back = say(*(str((first + pd.Timedelta(days=30 - day)).date()) for day in days))
    for kernel in ("triangular", "epanechnikov"):
        one, other = (weigh(table, unit="days", width=9, kernel=kernel) for table in (there, back))
        assert np.allclose(list(one.values()), list(other.values())[::-1])

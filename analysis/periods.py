"""Statements in time: duplicates within a period, and windows that move over the dates.

After Discourse Network Analyzer; `docs/dna.md` says where its program differs. Kernels as in M. P. Wand and M. C.
Jones 1995, *Kernel Smoothing*, chapter 2: with u = 2 d / width, d being the distance from the centre, uniform 1/2,
triangular 1 - |u| and Epanechnikov 0.75 (1 - u^2), each 0 beyond |u| = 1, and the standard normal density.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import count, takewhile
from typing import Any, Literal, cast, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.errors import InputError, check_choice

Period = Literal["document", "day", "week", "month", "year", "range"]
Unit = Literal["events", "days", "weeks", "months", "years"]
Kernel = Literal["uniform", "triangular", "epanechnikov", "gaussian"]
Numbers = NDArray[np.float64]

PERIODS = {"day": "D", "week": "W-SUN", "month": "M", "year": "Y"}
"""How pandas names them."""
KERNELS: dict[str, Callable[[Numbers], Numbers]] = {
    "uniform": lambda u: np.where(np.abs(u) <= 1, 0.5, 0.0),
    "triangular": lambda u: np.clip(1 - np.abs(u), 0, None),
    "epanechnikov": lambda u: 0.75 * np.clip(1 - u**2, 0, None),
    "gaussian": lambda u: np.exp(-(u**2) / 2) / np.sqrt(2 * np.pi),
}
LENGTHS: dict[Unit, int] = {"events": 1, "days": 1, "weeks": 7, "months": 31, "years": 372}
"""How many steps on the line of `_find_places` make a unit; whole numbers keep the bounds of a window exact."""


def keep_first(joined: pd.DataFrame, *, per: Period, columns: Sequence[str]) -> pd.DataFrame:
    """Return the statements, from `join_facts`, without those that say the same again within a period.

    Of those alike in `columns`, such as `["issuer", "measure"]`, the earliest one of each period stays: by date, then
    by document and place in it. Weeks are those of ISO, Monday to Sunday; weeks and months are told apart by year.
    """
    check_choice("period", per, get_args(Period))
    dates: Any = joined["doc_id"] if per == "document" else _parse_dates(joined)
    periods = dates.dt.to_period(PERIODS[per]) if per in PERIODS else 0 if per == "range" else dates
    order = joined.assign(_date=dates, _period=periods).sort_values(["_date", "doc_id", "start"])
    return joined.loc[~order.duplicated(["_period", *columns]).reindex(joined.index)]


def list_windows(
    joined: pd.DataFrame, *, unit: Unit, width: float, kernel: Kernel = "uniform"
) -> Iterator[tuple[pd.Timestamp, pd.DataFrame]]:
    """Yield the windows that move over the dates unit by unit, from the first to the last.

    Each is its centre and the statements near it, with a column `weight`, greater than 0. Their network is
    `build_two_mode(statements, ..., weight="weight")`, or `build_one_mode`.

    A window reaches width / 2 units to either side of its centre, bounds included; a `gaussian` kernel has that as its
    standard deviation, and no end. From a day of one month to the same day of the next is a month. Events count
    statements in order of date; those of one day stand together, at the middle of their ranks, and make one window.
    """
    check_choice("unit", unit, LENGTHS)
    check_choice("kernel", kernel, KERNELS)
    if not width > 0:
        raise InputError([f"windows: width is {width}; give one above 0"])
    dates = _parse_dates(joined)
    places, reach = _find_places(dates, unit), width * LENGTHS[unit] / 2
    first, last, move = dates.min(), dates.max(), cast(Any, pd.DateOffset)
    if unit == "events":
        moments, centres = dates.drop_duplicates().sort_values(), np.unique(places)
    else:
        days = takewhile(lambda day: day <= last, (first + move(**{unit: number}) for number in count()))
        moments = pd.Series(list(days), dtype=dates.dtype)
        centres = _find_places(moments, unit)
    for centre, place in zip(moments, centres, strict=True):
        weights = KERNELS[kernel]((places - place) / reach)
        yield centre, joined.assign(weight=weights)[weights > 0]


def _parse_dates(joined: pd.DataFrame) -> pd.Series[pd.Timestamp]:
    dates = pd.to_datetime(joined["date"].astype(object), format="%Y-%m-%d", errors="coerce")
    undated = joined.loc[dates.isna(), "doc_id"].unique()
    if len(undated):
        raise InputError([f"documents, {doc_id}: no date YYYY-MM-DD; add it or leave it out" for doc_id in undated])
    return dates


def _find_places(dates: pd.Series[pd.Timestamp], unit: Unit) -> Numbers:
    """Return dates as whole or half numbers on a line: ranks, days, or days of months that all have 31."""
    if unit == "events":
        return np.asarray(dates.rank(method="average"), dtype=float)
    if unit in ("months", "years"):
        return np.asarray(31 * (12 * dates.dt.year + dates.dt.month) + dates.dt.day, dtype=float)
    return np.asarray((dates - pd.Timestamp(0)) / pd.Timedelta(days=1), dtype=float)

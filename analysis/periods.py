"""Statements in time: duplicates within a period, and windows that move over the dates.

Definitions after Discourse Network Analyzer (see `analysis.twomode`). Its program (`Exporter.java` of DNA 3, June
2025) compares weeks and months without their year, so that February 2019 and 2020 are one month; cuts distances in
weeks and months to whole ones; and has lopsided kernels, |1 - u| and 0.75 (1 - u)^2. Here they are symmetric, as in
M. P. Wand and M. C. Jones 1995, *Kernel Smoothing*, chapter 2: with u = 2 d / width, d being the distance from the
centre, uniform 1/2, triangular 1 - |u| and Epanechnikov 0.75 (1 - u^2), each 0 beyond |u| = 1, and the standard normal
density.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Literal, NamedTuple, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.errors import InputError

Period = Literal["document", "day", "week", "month", "range"]
Unit = Literal["events", "days", "weeks", "months"]
Kernel = Literal["uniform", "triangular", "epanechnikov", "gaussian"]
Numbers = NDArray[np.float64]

PERIODS: dict[str, Callable[[pd.DataFrame, pd.Series], pd.Series]] = {
    "document": lambda joined, dates: joined["doc_id"],
    "day": lambda joined, dates: dates,
    "week": lambda joined, dates: dates.dt.to_period("W-SUN"),
    "month": lambda joined, dates: dates.dt.to_period("M"),
    "range": lambda joined, dates: pd.Series(0, index=joined.index),
}
KERNELS: dict[str, Callable[[Numbers], Numbers]] = {
    "uniform": lambda u: np.where(np.abs(u) <= 1, 0.5, 0.0),
    "triangular": lambda u: np.clip(1 - np.abs(u), 0, None),
    "epanechnikov": lambda u: 0.75 * np.clip(1 - u**2, 0, None),
    "gaussian": lambda u: np.exp(-(u**2) / 2) / np.sqrt(2 * np.pi),
}
LENGTHS: dict[Unit, int] = {"events": 1, "days": 1, "weeks": 7, "months": 31}
"""How many steps on the line of `_find_places` make a unit; whole numbers keep the bounds of a window exact."""


class Window(NamedTuple):
    """A moment, and the statements near it: a copy of the table with a column `weight`, greater than 0."""

    centre: pd.Timestamp
    statements: pd.DataFrame


def keep_first(joined: pd.DataFrame, *, per: Period, columns: Sequence[str]) -> pd.DataFrame:
    """Return the statements without those that say the same again within a period.

    Parameters
    ----------
    joined
        One row is a statement, from `network.join_facts`.
    per
        `document`; `day`; `week` (ISO, Monday to Sunday, with its year); `month` (with its year); `range` (ever).
    columns
        What makes two statements the same, such as `["issuer", "measure", "stance"]`; without `stance` two stances on
        a measure are one statement.

    Returns
    -------
    DataFrame
        The earliest statement of each kind and period: by date, then by document and place in it. Order as given.
    """
    if per not in PERIODS:
        raise InputError([f"duplicates: unknown period {per!r}; one of {', '.join(PERIODS)}"])
    dates = pd.Series(0, index=joined.index) if per == "document" else _parse_dates(joined)
    order = joined.assign(_date=dates, _period=PERIODS[per](joined, dates)).sort_values(["_date", "doc_id", "start"])
    return joined.loc[~order.duplicated(["_period", *columns]).reindex(joined.index)]


def list_windows(
    joined: pd.DataFrame, *, unit: Unit, width: float, kernel: Kernel = "uniform", step: int = 1, inside: bool = False
) -> Iterator[Window]:
    """Yield the windows that move over the dates, from the first date to the last.

    A two-mode network of a window is `build_two_mode(window.statements, ..., weight="weight")`; in a one-mode network,
    built in the same way, a pair of statements weighs sqrt(z z').

    Parameters
    ----------
    joined
        One row is a statement, from `network.join_facts`.
    unit, width
        A window reaches width / 2 units to either side of its centre, bounds included. From a day of one month to the
        same day of the next is a month. Events count statements in order of date; those of one day stand together, at
        the middle of their ranks.
    kernel
        How the weight falls with the distance; `gaussian` has a standard deviation of width / 2 and no end.
    step
        Units from one centre to the next; of events, dates with statements.
    inside
        Leave out windows that reach beyond the first or last date.
    """
    if width <= 0 or step < 1 or kernel not in KERNELS or unit not in get_args(Unit):
        raise InputError([f"windows: width > 0, step >= 1, unit of {get_args(Unit)}, kernel of {tuple(KERNELS)}"])
    if joined.empty:
        return
    dates = _parse_dates(joined)
    places, reach = _find_places(dates, unit), width * LENGTHS[unit] / 2
    for centre, place in _find_centres(dates, places, unit, step):
        if not inside or (places.min() <= place - reach and place + reach <= places.max()):
            weights = KERNELS[kernel]((places - place) / reach)
            yield Window(centre, joined.assign(weight=weights)[weights > 0])


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
    if unit == "months":
        return np.asarray(31 * (12 * dates.dt.year + dates.dt.month) + dates.dt.day, dtype=float)
    return np.asarray((dates - pd.Timestamp(0)) / pd.Timedelta(days=1), dtype=float)


def _find_centres(
    dates: pd.Series[pd.Timestamp], places: Numbers, unit: Unit, step: int
) -> list[tuple[pd.Timestamp, float]]:
    """Return the centres of the windows with their places."""
    if unit == "events":
        return sorted(set(zip(dates, places.tolist(), strict=True)))[::step]
    shortest = {"days": 1, "weeks": 7, "months": 28}[unit] * step
    first, count = dates.min(), (dates.max() - dates.min()).days // shortest + 1
    move: Any = pd.DateOffset
    moments = pd.Series([first + move(**{unit: step * i}) for i in range(count)])
    moments = moments[moments <= dates.max()]
    return list(zip(moments, _find_places(moments, unit).tolist(), strict=True))

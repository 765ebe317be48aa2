"""Two-mode networks as they would be by chance: every row and column keeps its total, all else is drawn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import false_discovery_control, random_table

from analysis.errors import InputError
from analysis.twomode import Matrix, divide


class Score(NamedTuple):
    """A statistic against chance: `z` is (observed - mean) / sd, missing if sd is 0; `p` is two-sided."""

    observed: float
    mean: float
    sd: float
    z: float
    p: float


def swap_edges(matrix: pd.DataFrame, *, seed: int, draws: int = 1000, trades: int | None = None) -> NDArray[np.bool_]:
    """Draw networks without weights (draws x rows x columns), all with the same chance; what is not 0 is an edge.

    Curveball: two rows pool what only one of them has, shuffle it and take back as many each, which is a run of
    checkerboard swaps at once (Strona et al. 2014, Nature Communications 5: 4114). Each draw is so many trades from the
    network, by default 20 for each row or column, whichever are fewer: plenty if small, but no proven bound.
    """
    edges = matrix.to_numpy() != 0
    start = edges if edges.shape[0] <= edges.shape[1] else edges.T
    if len(start) < 2:
        raise InputError(["null model: needs two rows and two columns, else nothing can be swapped"])
    random, drawn = np.random.default_rng(seed), np.repeat(start[None], draws, axis=0)
    chains = np.arange(draws)
    for _ in range(20 * len(start) if trades is None else trades):
        one = random.integers(len(start), size=draws)
        other = (one + random.integers(1, len(start), size=draws)) % len(start)
        a, b = drawn[chains, one], drawn[chains, other]
        order = np.where(a ^ b, random.random(a.shape), 2).argsort(axis=1).argsort(axis=1)
        mine = order < (a & ~b).sum(axis=1, keepdims=True)
        drawn[chains, one], drawn[chains, other] = (a & b) | mine, (a & b) | ((a ^ b) & ~mine)
    return drawn if start is edges else drawn.swapaxes(1, 2)


def draw_tables(counts: pd.DataFrame, *, seed: int, draws: int = 1000) -> NDArray[np.int64]:
    """Draw tables of counts (draws x rows x columns) as if rows and columns were independent.

    Each statement keeps its issuer, and its measure goes to another (Patefield 1981, Applied Statistics 30: 91-97, in
    SciPy). Statements are taken as independent of each other, which those of a sentence are not.
    """
    table = counts.to_numpy()
    if not np.array_equal(table, np.abs(table).astype(np.int64)):
        raise InputError(["null model: counts must be whole numbers from 0; take a network without normalisation"])
    random = random_table(*(table.sum(axis=axis).astype(np.int64) for axis in (1, 0)), seed=np.random.default_rng(seed))
    return np.asarray(random.rvs(size=draws), dtype=np.int64)


def score_edges(matrix: pd.DataFrame, drawn: NDArray[Any]) -> pd.DataFrame:
    """Set every cell of a network against the same cell of the draws, from `draw_tables` or `swap_edges`.

    Returns
    -------
    DataFrame
        One row is a cell: its row, its column, `observed` (1 if there is an edge, after `swap_edges`), `mean`, `sd`,
        `z` and `p` as in `Score`, and `p_fdr`, adjusted over all cells that can vary (Benjamini and Hochberg 1995).
    """
    observed = (matrix.ne(0) if drawn.dtype == bool else matrix).to_numpy(float)
    table = pd.MultiIndex.from_product([matrix.index, matrix.columns]).to_frame(index=False)
    table = table.join(pd.DataFrame(_score(observed.ravel(), drawn.reshape(len(drawn), -1).astype(float))))
    varied = table.loc[table["sd"] > 0, "p"]
    return table.assign(p_fdr=pd.Series(false_discovery_control(varied), varied.index, dtype=float))


def score_statistic(matrix: pd.DataFrame, drawn: NDArray[Any], statistic: Callable[[pd.DataFrame], float]) -> Score:
    """Set a statistic of the network, such as its nestedness or modularity, against that of each draw."""
    observed = matrix.ne(0).astype(int) if drawn.dtype == bool else matrix
    tables = (pd.DataFrame(table.astype(int), matrix.index, matrix.columns) for table in drawn)
    score = _score(np.array([statistic(observed)]), np.array([[statistic(table)] for table in tables]))
    return Score(**{name: float(values[0]) for name, values in score.items()})


def _score(observed: Matrix, drawn: Matrix) -> dict[str, Matrix]:
    """Return a score per column; p is twice the smaller tail, the observed value among the draws (as in resampling)."""
    mean, sd = drawn.mean(axis=0), drawn.std(axis=0, ddof=1)
    tails = [(1 + (side >= -1e-12).sum(axis=0)) / (1 + len(drawn)) for side in (drawn - observed, observed - drawn)]
    z, p = np.where(sd > 0, divide(observed - mean, sd), np.nan), np.minimum(1, 2 * np.minimum(*tails))
    return {"observed": observed, "mean": mean, "sd": sd, "z": z, "p": p}

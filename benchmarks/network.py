"""How fast statements become a one-mode network: `python -m benchmarks.network` from the project's folder.

The naive way goes over all pairs of statements, as the definition of congruence does. The times of Discourse Network
Analyzer are reported ones, taken on another machine; they only show the order of magnitude.
"""

import time
from collections import defaultdict
from collections.abc import Callable
from types import SimpleNamespace

import numpy as np
import pandas as pd

from analysis.network import join_facts
from analysis.tables import COLUMNS, STANCES
from analysis.twomode import build_one_mode

ISSUERS, TYPES, MEASURES, DOCUMENTS = 300, 14, 400, 10_000
REPORTED = {20_000: 46.0, 50_000: 300.0}
"""Seconds that DNA was reported to take; for 50,000, at least."""
TARGET = 2.0

CODEBOOK = SimpleNamespace(
    types=pd.DataFrame({"group": "g"}, index=[f"type{i}" for i in range(TYPES)]),
    measures=pd.DataFrame({"goal": "g", "instrument": "i"}, index=[f"measure{i}" for i in range(MEASURES)]),
)


def make_documents() -> pd.DataFrame:
    """Return documents that the issuers take turns to publish over five years."""
    number = pd.Series(range(DOCUMENTS))
    issuer = "issuer" + (number % ISSUERS).astype(str)
    return pd.DataFrame({
        "doc_id": "doc" + number.astype(str), "issuer": issuer, "issuer_zh": issuer, "issuer_en": issuer,
        "level": "city", "place": "place", "genre": "notice", "characters": 1000,
        "date": (pd.Timestamp("2016-01-01") + pd.to_timedelta(number % 1826, "D")).dt.strftime("%Y-%m-%d"),
    })  # fmt: skip


def make_statements(count: int, seed: int = 2020) -> pd.DataFrame:
    """Return statements drawn so that few measures are frequent, as in real texts."""
    draw = np.random.default_rng(seed)
    shares = 1 / np.arange(1, MEASURES + 1)
    table = pd.DataFrame({
        "doc_id": "doc" + pd.Series(draw.integers(DOCUMENTS, size=count)).astype(str),
        "actor": "type" + pd.Series(draw.integers(TYPES, size=count)).astype(str),
        "measure": "measure" + pd.Series(draw.choice(MEASURES, count, p=shares / shares.sum())).astype(str),
        "stance": pd.Series(STANCES).iloc[draw.integers(len(STANCES), size=count)].to_numpy(),
        "statement_id": pd.Series(range(count)).astype(str), "coder": "rules",
    })  # fmt: skip
    return table.reindex(columns=list(COLUMNS["statements"]), fill_value="")


def project_naively(statements: pd.DataFrame, documents: pd.DataFrame) -> dict[tuple[str, str], int]:
    """Count congruence by going over all pairs of statements."""
    issuers = documents.set_index("doc_id")["issuer"]
    said = list(zip(statements["doc_id"].map(issuers), statements["measure"], statements["stance"], strict=True))
    ties: defaultdict[tuple[str, str], int] = defaultdict(int)
    for issuer, measure, stance in said:
        for other, other_measure, other_stance in said:
            if measure == other_measure and stance == other_stance and issuer != other:
                ties[issuer, other] += 1
    return ties


def project_fast(statements: pd.DataFrame, documents: pd.DataFrame) -> pd.DataFrame:
    """Check the statements, join their facts and build the congruence network."""
    joined = join_facts(statements, documents, codebook=CODEBOOK)
    return build_one_mode(joined, "issuer", "measure", aggregation="congruence")


def take_time(work: Callable[[], object], times: int) -> float:
    """Return the least time of several runs, in seconds."""
    spent = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        spent.append(time.perf_counter() - start)
    return min(spent)


def main() -> None:
    """Print times and ratios; fail if the two ways differ or a million statements take too long."""
    documents = make_documents()
    print("statements   naive loop    analysis     ratio")
    for count in (1_000, 4_000, 16_000):
        said = make_statements(count)
        matrix, ties = project_fast(said, documents), project_naively(said, documents)
        if matrix.to_numpy().sum() != sum(ties.values()) or any(matrix.at[pair] != n for pair, n in ties.items()):
            raise SystemExit(f"{count} statements: the two ways differ")
        naive, fast = (take_time(lambda way=way, said=said: way(said, documents), times)
                       for way, times in ((project_naively, 1), (project_fast, 3)))  # fmt: skip
        print(f"{count:>10,} {naive:>10.2f} s {fast:>10.3f} s {naive / fast:>8.1f}")
    print("statements   DNA, reported    analysis     ratio")
    for count in (20_000, 50_000, 1_000_000):
        said = make_statements(count)
        fast = take_time(lambda said=said: project_fast(said, documents), 3)
        reported = REPORTED.get(count)
        told, ratio = (f"{reported:.0f} s", f"{reported / fast:.0f}") if reported else ("-", "-")
        print(f"{count:>10,} {told:>15} {fast:>10.3f} s {ratio:>8}")
    if fast > TARGET:
        raise SystemExit(f"1,000,000 statements took {fast:.1f} s, more than {TARGET:.0f} s")


if __name__ == "__main__":
    main()

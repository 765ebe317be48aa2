"""How robust: which findings hold whatever one decides on the way, and what the errors of the rules change.

Everywhere `joined` are statements from `network.join_facts`, `units` and `documents` those that they are of. A *world*
is the tables that one way to analyse gives, with the choices that it makes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import combinations
from typing import Any, NamedTuple

import networkx as nx
import numpy as np
import pandas as pd

from analysis.comparison import measure_similarity
from analysis.errors import InputError, check_choice
from analysis.structure import adjusted_rand
from analysis.tables import count_characters
from analysis.twomode import OneModeNorm, build_one_mode, build_two_mode

Tables = Mapping[str, pd.DataFrame]
"""Issuers x codes by `measure`, `actor`, `goal`, `instrument` and `stance`; issuers x issuers by `similarity`."""
World = tuple[dict[str, str], Tables]
KINDS = ("issuer", "actor", "measure")
CODES = ("measure", "actor", "goal", "instrument", "stance")
NORMALISATIONS: dict[str, OneModeNorm] = {"statements": "cosine", "characters": "jaccard", "sentences": "average"}
"""By what counts are divided, and how similarity is normalised; in pairs, as no finding reads both."""
DUPLICATES = {"all": [], "sentence": ["doc_id", "unit_id"], "document": ["doc_id", "actor", "measure", "stance"]}
"""Within what a code counts once."""


class Finding(NamedTuple):
    """A claim: an English sentence with a place for a number, and a test that gives whether it holds, and how much."""

    en: str
    test: Callable[[Tables], tuple[bool, float]]


def _lead(values: pd.Series[float], one: Any) -> tuple[bool, float]:
    """Tell whether one value is the highest, and how many times the highest other one it is."""
    value, other = float(values[one]), float(values.drop([one]).max())
    return value > other, value / other if other else float("inf")


def _above(value: Any, bound: float) -> tuple[bool, float]:
    return bool(value > bound), float(value)


def _list_pairs(square: pd.DataFrame) -> pd.Series[float]:
    return pd.Series({pair: square.at[pair] for pair in combinations(square.index, 2)}).rename_axis(["one", "other"])


def _compare_reports(tables: Tables) -> tuple[bool, float]:
    shares = tables["stance"]["report"] / tables["stance"].sum(axis=1)
    reporting = shares.index.isin(["ministry", "lanzhou"])
    return _above(shares[reporting].min() - shares[~reporting].max(), 0.5)


def _share_associations(tables: Tables) -> tuple[bool, float]:
    types = tables["actor"].loc["zhejiang"]
    return _above(types["industry_association"] / types.sum(), 0.8)


FINDINGS = {
    "guizhou_resumption": Finding(
        "Guizhou presses orderly resumption of work most, {:.1f} times as much as any other issuer.",
        lambda tables: _lead(tables["measure"]["orderly_resumption"], "guizhou")),
    "jiangsu_governance": Finding(
        "Jiangsu gives most room to governance, {:.1f} times as much as any other issuer.",
        lambda tables: _lead(tables["goal"]["governance"], "jiangsu")),
    "ministry_treasure": Finding(
        "The Ministry speaks most of money and goods, {:.1f} times as much as any other issuer.",
        lambda tables: _lead(tables["instrument"]["treasure"], "ministry")),
    "zhejiang_associations": Finding(
        "{:.0%} of Zhejiang's statements, more than four in five, address industry associations and chambers.",
        _share_associations),
    "associations_first": Finding(
        "Together, the issuers address industry associations and chambers {:.1f} times as often as any other type.",
        lambda tables: _lead(tables["actor"].sum(), "industry_association")),
    "resumption_first": Finding(
        "Together, the issuers state orderly resumption of work most, {:.1f} times as often as any other measure.",
        lambda tables: _lead(tables["measure"].sum(), "orderly_resumption")),
    "jiangsu_types": Finding(
        "Jiangsu addresses most types of organisation, {:.1f} times as many as any other issuer.",
        lambda tables: _lead(tables["actor"].gt(0).sum(axis=1), "jiangsu")),
    "zhejiang_jiangsu": Finding(
        "Zhejiang and Jiangsu are not the most similar pair: among all pairs they take place {:.0f}.",
        lambda tables: _above(_list_pairs(tables["similarity"]).rank(ascending=False)["zhejiang", "jiangsu"], 1)),
    "guizhou_lanzhou": Finding(
        "Guizhou and Lanzhou are the most similar pair, {:.2f} times as similar as any other.",
        lambda tables: _lead(_list_pairs(tables["similarity"]), ("guizhou", "lanzhou"))),
    "reporting": Finding(
        "The Ministry and Lanzhou report, the others ask: their shares of reports lie at least {:.2f} apart.",
        _compare_reports),
}  # fmt: skip
"""What the project claims of its five texts, so that claims are recomputed and not remembered."""


def tabulate_worlds(
    joined: pd.DataFrame, units: pd.DataFrame, documents: pd.DataFrame, *, duplicates: str = "all",
    normalisations: Sequence[str] = tuple(NORMALISATIONS), **choices: str,
) -> Iterator[World]:  # fmt: skip
    """Yield the worlds of one of `DUPLICATES` and each of some `NORMALISATIONS`; `choices` are noted as they are."""
    check_choice("duplicates", duplicates, DUPLICATES)
    joined, within = joined[["doc_id", "unit_id", "issuer", *CODES]], DUPLICATES[duplicates]
    kept = {by: joined.drop_duplicates([*within, by]) if within else joined for by in CODES}
    counts = {by: build_two_mode(kept[by], "issuer", by) for by in CODES}
    owner = units["doc_id"].map(dict(zip(documents["doc_id"], documents["issuer"], strict=True)))
    characters = count_characters(units["text"]).groupby(owner).sum()
    lengths = {"characters": characters / 1000, "sentences": owner.value_counts().astype(float)}
    for normalisation in normalisations:
        tables = {}
        for code, table in counts.items():
            by = table.sum(axis=1) if normalisation == "statements" else lengths[normalisation].reindex(table.index)
            tables[code] = table.div(by, axis=0).fillna(0)
        similarity = NORMALISATIONS[normalisation]
        tables["similarity"] = build_one_mode(kept["measure"], "issuer", "measure", normalisation=similarity)
        yield {**choices, "duplicates": duplicates, "normalisation": normalisation}, tables


def list_multiverse(
    codings: Mapping[str, pd.DataFrame], units: pd.DataFrame, documents: pd.DataFrame
) -> Iterator[World]:
    """Yield a world per coding (`joined` by name) x measure left out (none first) x duplicates x normalisation.

    After S. Steegen, F. Tuerlinckx, A. Gelman and W. Vanpaemel 2016, Perspectives on Psychological Science 11: 702-712.
    """
    for coding, joined in codings.items():
        for measure in ["", *joined["measure"].cat.categories]:
            kept = joined[joined["measure"] != measure]
            kept = kept.assign(measure=kept["measure"].cat.remove_categories([measure] if measure else []))
            for duplicates in DUPLICATES:
                yield from tabulate_worlds(kept, units, documents, coding=coding, left_out=measure,
                                           duplicates=duplicates)  # fmt: skip


def leave_documents_out(joined: pd.DataFrame, units: pd.DataFrame, documents: pd.DataFrame) -> Iterator[World]:
    """Yield the worlds without each document in turn; a finding about it cannot be asked there."""
    for doc_id in documents["doc_id"]:
        kept, some, rest = (table[table["doc_id"] != doc_id] for table in (joined, units, documents))
        kept = kept.assign(issuer=kept["issuer"].cat.set_categories(rest["issuer"].unique()))
        yield from tabulate_worlds(kept, some, rest, left_out=doc_id)


def redraw_units(
    joined: pd.DataFrame, units: pd.DataFrame, documents: pd.DataFrame, *,
    thin: Mapping[str, int], seed: int, draws: int = 200,
) -> Iterator[World]:  # fmt: skip
    """Yield worlds where long texts are as short as the rest: of those in `thin`, so many units drawn at random.

    Such as `{"ministry": 35}`; drawn without replacement. Of the other documents all units stay.
    """
    random, key = np.random.default_rng(seed), ["doc_id", "unit_id"]
    plain = joined[[*key, "issuer", *CODES]].astype({"doc_id": object})
    for number in range(draws):
        some = pd.concat(rows.sample(thin.get(str(doc_id), len(rows)), random_state=random)
                         for doc_id, rows in units.groupby("doc_id", sort=False))  # fmt: skip
        drawn = some[key].merge(plain, on=key)
        yield from tabulate_worlds(drawn, some, documents, draw=str(number), normalisations=["statements"])


def check_findings(worlds: Iterable[World], findings: Mapping[str, Finding] = FINDINGS) -> pd.DataFrame:
    """Ask each finding in each world.

    One row is a finding in a world that has what it asks for: the choices, `finding`, `holds`, `number`, and the claim
    `en` with that number, which is true where it holds. A finding that no world can answer raises `InputError`.
    """
    rows = []
    for choices, tables in worlds:
        for name, finding in findings.items():
            with suppress(KeyError):  # the world lacks an issuer or a code
                holds, number = finding.test(tables)
                told = {"finding": name, "holds": holds, "number": number, "en": finding.en.format(number)}
                rows.append({**choices, **told})
    if unasked := [name for name in findings if name not in {row["finding"] for row in rows}]:
        raise InputError([f"finding {name}: no table has the issuer or code it asks for" for name in unasked])
    return pd.DataFrame(rows)


def count_findings(checks: pd.DataFrame, by: Sequence[str] = ()) -> pd.DataFrame:
    """Count how often each finding holds, in all worlds or by choices.

    One row is a finding (and a value of each of `by`): `asked`, the number of worlds that could answer; `holds`, the
    share of them where it does; `lowest`, `median` and `highest` number.
    """
    groups = checks.groupby(["finding", *by], sort=False)
    return groups.agg(asked=("holds", "size"), holds=("holds", "mean"), lowest=("number", "min"),
                      median=("number", "median"), highest=("number", "max"))  # fmt: skip


class Differences(NamedTuple):
    """What two codings of the same texts make of the network; see `compare_networks`."""

    nodes: pd.DataFrame
    layers: pd.DataFrame
    similarity: pd.DataFrame
    causes: pd.DataFrame


def compare_networks(first: pd.DataFrame, second: pd.DataFrame, *, seed: int) -> Differences:
    """Set the networks of two codings side by side; both from `join_facts`.

    `nodes`: strength (statements) of each issuer, actor and measure in either coding. `layers`: per kind of node,
    Spearman's and Kendall's (tau-b) correlation of strengths, and the adjusted Rand index of the communities (Louvain,
    `seed`) that the nodes fall into. `similarity`: cosine of each pair of issuers. `causes`: per measure, the
    statements that only `first` has (`added`) and that it lacks (`lacking`), net in each issuer, and `effect`, by how
    much the mean difference of similarity falls if this measure is taken from `second`; greatest first.
    """
    both = {"first": first, "second": second}
    counted = {kind: pd.DataFrame({side: table[kind].value_counts(sort=False) for side, table in both.items()})
               for kind in KINDS}  # fmt: skip
    nodes = pd.concat(counted, names=["kind", "code"])
    parts = pd.DataFrame({side: _find_communities(table, seed) for side, table in both.items()}).reindex(nodes.index)
    layers = pd.DataFrame({
        kind: [*(table["first"].corr(table["second"], method=how) for how in ("spearman", "kendall")),
               adjusted_rand(*parts.loc[kind].dropna().T.to_numpy())]
        for kind, table in counted.items()
    }, index=["spearman", "kendall", "rand"]).T  # fmt: skip
    one, other = (build_two_mode(table, "issuer", "measure") for table in both.values())
    similarity = pd.DataFrame({"first": _list_pairs(measure_similarity(one)),
                               "second": _list_pairs(measure_similarity(other))})  # fmt: skip
    mended = {code: _list_pairs(measure_similarity(one.assign(**{code: other[code]}))) for code in one.columns}
    gaps = pd.DataFrame(mended).sub(similarity["second"], axis=0).abs().mean()
    gap, more = (similarity["first"] - similarity["second"]).abs().mean(), one - other
    causes = pd.DataFrame({"added": more.clip(lower=0).sum(), "lacking": -more.clip(upper=0).sum()})
    causes = causes.assign(effect=gap - gaps).sort_values("effect", ascending=False, kind="stable")
    return Differences(nodes, layers, similarity, causes)


def _find_communities(joined: pd.DataFrame, seed: int) -> dict[tuple[str, str], int]:
    graph: nx.Graph[tuple[str, str]] = nx.Graph()
    for rows, columns in combinations(KINDS, 2):
        for row, column, said in joined.groupby([rows, columns], observed=True).size().reset_index().to_numpy():
            graph.add_edge((rows, row), (columns, column), weight=said)
    parts = nx.community.louvain_communities(graph, seed=seed)
    return {node: number for number, part in enumerate(parts) for node in part}

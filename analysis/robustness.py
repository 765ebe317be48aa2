"""How robust: which findings hold whatever one decides on the way, and what the errors of the rules change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any, NamedTuple

import networkx as nx
import numpy as np
import pandas as pd
from scipy.stats import kendalltau, spearmanr

from analysis.communities import adjusted_rand
from analysis.comparison import measure_similarity
from analysis.errors import InputError
from analysis.twomode import OneModeNorm, build_one_mode, build_two_mode, divide

Tables = Mapping[str, pd.DataFrame]
"""Issuers x codes by `measure`, `actor`, `goal`, `instrument` and `stance`; issuers x issuers by `similarity`."""
KINDS = ("issuer", "actor", "measure")
CODES = ("measure", "actor", "goal", "instrument", "stance")
NORMALISATIONS: dict[str, OneModeNorm] = {"statements": "cosine", "characters": "jaccard", "sentences": "average"}
"""By what counts are divided, and how similarity is normalised; in pairs, as no finding reads both."""
DUPLICATES = {"all": [], "sentence": ["doc_id", "unit_id"], "document": ["doc_id", "actor", "measure", "stance"]}
"""Within what a code counts once."""


class World(NamedTuple):
    """The choices that one analysis makes, and the tables that it gives."""

    choices: dict[str, str]
    tables: Tables


class Finding(NamedTuple):
    """A claim: a sentence in English and Chinese with a place for a number, and a test that gives it."""

    en: str
    zh: str
    test: Callable[[Tables], tuple[bool, float]]


def _lead(values: pd.Series[float], one: str) -> tuple[bool, float]:
    """Tell whether one value is the highest, and how many times the highest other one it is."""
    value, other = float(values[one]), float(values.to_numpy()[values.index != one].max())
    return value > other, value / other if other else float("inf")


def _above(value: float, bound: float) -> tuple[bool, float]:
    return bool(value > bound), float(value)


def _list_pairs(tables: Tables) -> pd.Series[float]:
    ties = tables["similarity"]
    return pd.Series({f"{one}-{other}": ties.at[one, other] for one, other in combinations(ties.index, 2)})


def _compare_reports(tables: Tables) -> tuple[bool, float]:
    shares = tables["stance"]["report"] / tables["stance"].sum(axis=1)
    reporting = shares.index.isin(["ministry", "lanzhou"])
    return _above(shares[reporting].min() - shares[~reporting].max(), 0.5)


def _share_associations(tables: Tables) -> tuple[bool, float]:
    types = tables["actor"].T["zhejiang"]
    return _above(float(types["industry_association"] / types.sum()), 0.8)


FINDINGS = {
    "guizhou_resumption": Finding(
        "Guizhou presses orderly resumption of work most, {:.1f} times as much as any other issuer.",
        "贵州最强调有序复工复产，其程度至少是其他任一发布者的{:.1f}倍。",
        lambda tables: _lead(tables["measure"]["orderly_resumption"], "guizhou")),
    "jiangsu_governance": Finding(
        "Jiangsu gives most room to governance, {:.1f} times as much as any other issuer.",
        "江苏用于治理的篇幅最多，至少是其他任一发布者的{:.1f}倍。",
        lambda tables: _lead(tables["goal"]["governance"], "jiangsu")),
    "ministry_treasure": Finding(
        "The Ministry speaks most of money and goods, {:.1f} times as much as any other issuer.",
        "民政部谈及资金与物资最多，至少是其他任一发布者的{:.1f}倍。",
        lambda tables: _lead(tables["instrument"]["treasure"], "ministry")),
    "zhejiang_associations": Finding(
        "{:.0%} of Zhejiang's statements, more than four in five, address industry associations and chambers.",
        "浙江的陈述中有{:.0%}（超过五分之四）以行业协会商会为行动者。", _share_associations),
    "associations_first": Finding(
        "Together, the issuers address industry associations and chambers {:.1f} times as often as any other type.",
        "合计而言，行业协会商会被提及的次数至少是其他任一类型的{:.1f}倍。",
        lambda tables: _lead(tables["actor"].sum(), "industry_association")),
    "resumption_first": Finding(
        "Together, the issuers state orderly resumption of work most, {:.1f} times as often as any other measure.",
        "合计而言，有序复工复产最为常见，其次数至少是其他任一措施的{:.1f}倍。",
        lambda tables: _lead(tables["measure"].sum(), "orderly_resumption")),
    "jiangsu_types": Finding(
        "Jiangsu addresses most types of organisation, {:.1f} times as many as any other issuer.",
        "江苏涉及的组织类型最多，至少是其他任一发布者的{:.1f}倍。",
        lambda tables: _lead(tables["actor"].gt(0).sum(axis=1), "jiangsu")),
    "zhejiang_jiangsu": Finding(
        "Zhejiang and Jiangsu are not the most similar pair: among all pairs they take place {:.0f}.",
        "浙江与江苏并非最相似的一对：在所有两两组合中居第{:.0f}位。",
        lambda tables: _above(_list_pairs(tables).rank(ascending=False)["zhejiang-jiangsu"], 1)),
    "guizhou_lanzhou": Finding(
        "Guizhou and Lanzhou are the most similar pair, {:.2f} times as similar as any other.",
        "贵州与兰州最为相似，其相似度至少是其他任一组合的{:.2f}倍。",
        lambda tables: _lead(_list_pairs(tables), "guizhou-lanzhou")),
    "reporting": Finding(
        "The Ministry and Lanzhou report, the others ask: their shares of reports lie at least {:.0%} apart.",
        "民政部与兰州重在报道，其余重在要求：两者的报道比例至少相差{:.0%}。", _compare_reports),
}  # fmt: skip
"""What the project claims of its five texts, so that claims are recomputed and not remembered."""


def tabulate_worlds(
    joined: pd.DataFrame, units: pd.DataFrame, documents: pd.DataFrame, *,
    choices: Mapping[str, str] | None = None, duplicates: str = "all",
    normalisations: Sequence[str] = tuple(NORMALISATIONS),
) -> Iterator[World]:  # fmt: skip
    """Yield the tables of one set of statements (from `join_facts`) under each of some `NORMALISATIONS`.

    `units` and `documents` say how long each issuer's texts are; `duplicates` is one of `DUPLICATES`.
    """
    if duplicates not in DUPLICATES:
        raise InputError([f"duplicates: unknown choice {duplicates!r}; one of {', '.join(DUPLICATES)}"])
    within, joined = DUPLICATES[duplicates], joined[["doc_id", "unit_id", "issuer", *CODES]]
    kept = {by: joined.drop_duplicates([*within, by]) if within else joined for by in CODES}
    counts = {by: build_two_mode(kept[by], "issuer", by) for by in CODES}
    owner = units["doc_id"].map(dict(zip(documents["doc_id"], documents["issuer"], strict=True)))
    letters = units["text"].str.replace(r"\s", "", regex=True).str.len()
    lengths: dict[str, Any] = {"characters": letters.groupby(owner).sum() / 1000, "sentences": owner.value_counts()}
    for normalisation in normalisations:
        tables = {by: _divide(table, lengths.get(normalisation)) for by, table in counts.items()}
        similarity = NORMALISATIONS[normalisation]
        tables["similarity"] = build_one_mode(kept["measure"], "issuer", "measure", normalisation=similarity)
        chosen = {"duplicates": duplicates, "normalisation": normalisation}
        yield World({**(choices or {}), **chosen}, tables)


def list_multiverse(
    codings: Mapping[str, pd.DataFrame], units: pd.DataFrame, documents: pd.DataFrame
) -> Iterator[World]:
    """Yield a world per coding x measure left out (none first) x duplicates x normalisation.

    After Steegen, Tuerlinckx, Gelman and Vanpaemel 2016, Perspectives on Psychological Science 11: 702-712. `codings`
    are statements by the name of their coding, each from `join_facts`: rules, reference, judged.
    """
    for coding, joined in codings.items():
        for measure in ["", *joined["measure"].cat.categories]:
            kept = joined.loc[joined["measure"] != measure, ["doc_id", "unit_id", "issuer", *CODES]]
            kept = kept.assign(measure=kept["measure"].cat.remove_categories([measure] if measure else []))
            for duplicates in DUPLICATES:
                choices = {"coding": coding, "left_out": measure}
                yield from tabulate_worlds(kept, units, documents, choices=choices, duplicates=duplicates)


def leave_documents_out(joined: pd.DataFrame, units: pd.DataFrame, documents: pd.DataFrame) -> Iterator[World]:
    """Yield the worlds without each document in turn; a finding about it cannot be asked there."""
    for doc_id in documents["doc_id"]:
        rest = documents[documents["doc_id"] != doc_id]
        kept = joined[joined["doc_id"] != doc_id]
        kept = kept.assign(issuer=kept["issuer"].cat.set_categories(rest["issuer"].unique()))
        yield from tabulate_worlds(kept, units[units["doc_id"] != doc_id], rest, choices={"left_out": doc_id})


def redraw_units(
    joined: pd.DataFrame, units: pd.DataFrame, documents: pd.DataFrame, *,
    seed: int, draws: int = 200, thin: Mapping[str, int] | None = None,
) -> Iterator[World]:  # fmt: skip
    """Yield worlds (shares and cosines) of units drawn anew.

    Without `thin`, as many units of each document with replacement. With `thin`, such as `{"ministry": 35}`, so many
    of these documents without replacement and all of the others: a long text made as long as the rest.
    """
    random, key = np.random.default_rng(seed), ["doc_id", "unit_id"]
    plain = joined[[*key, "issuer", *CODES]].astype({"doc_id": object})
    for number in range(draws):
        chosen = [
            rows.sample((thin or {}).get(str(doc_id), len(rows)), replace=thin is None, random_state=random)
            for doc_id, rows in units.groupby("doc_id", sort=False)
        ]
        some = pd.concat(chosen)
        yield from tabulate_worlds(some[key].merge(plain, on=key), some, documents, choices={"draw": str(number)},
                                   normalisations=["statements"])  # fmt: skip


def check_findings(worlds: Iterable[World], findings: Mapping[str, Finding] = FINDINGS) -> pd.DataFrame:
    """Ask each finding in each world.

    Returns
    -------
    DataFrame
        One row is a finding in a world that has what it asks for: the choices, `finding`, `holds`, `number`, and the
        claim `en` and `zh` with that number, which is true where it holds.

    Raises
    ------
    InputError
        For a finding that no world could answer.
    """
    rows = []
    for world in worlds:
        for name, finding in findings.items():
            try:
                holds, number = finding.test(world.tables)
            except KeyError:
                continue
            texts = {"en": finding.en.format(number), "zh": finding.zh.format(number)}
            rows.append({**world.choices, "finding": name, "holds": holds, "number": number, **texts})
    unasked = [name for name in findings if name not in {row["finding"] for row in rows}]
    if unasked:
        raise InputError([f"finding {name}: no table has the issuer or code it asks for" for name in unasked])
    return pd.DataFrame(rows)


def count_findings(checks: pd.DataFrame, by: Sequence[str] = ()) -> pd.DataFrame:
    """Count how often each finding holds, in all worlds or by choices.

    Returns
    -------
    DataFrame
        One row is a finding (and a value of each of `by`): `asked`, the number of worlds that could answer; `holds`,
        the share of them where it does; `lowest`, `median` and `highest` number.
    """
    number = {name: ("number", how) for name, how in (("lowest", "min"), ("median", "median"), ("highest", "max"))}
    return checks.groupby(["finding", *by], sort=False).agg(asked=("holds", "size"), holds=("holds", "mean"), **number)


class Differences(NamedTuple):
    """What two codings of the same texts make of the network; see `compare_networks`."""

    nodes: pd.DataFrame
    layers: pd.DataFrame
    similarity: pd.DataFrame
    causes: pd.DataFrame


def compare_networks(first: pd.DataFrame, second: pd.DataFrame, *, seed: int) -> Differences:
    """Set the networks of two codings side by side; both from `join_facts`.

    Returns
    -------
    Differences
        `nodes`: strength (statements) of each issuer, actor and measure in either coding. `layers`: per kind of node,
        Spearman's and Kendall's (tau-b) correlation of strengths, and the adjusted Rand index of the communities
        (Louvain, `seed`) that the nodes fall into. `similarity`: cosine of each pair of issuers. `causes`: per measure,
        the statements that only `first` has (`added`) and that it lacks (`lacking`), net in each issuer, and `effect`,
        by how much the mean difference of similarity falls if this measure is taken from `second`; greatest first.
    """
    both = {"first": first, "second": second}
    counted = {kind: pd.DataFrame({side: table[kind].value_counts(sort=False) for side, table in both.items()})
               for kind in KINDS}  # fmt: skip
    nodes = pd.concat(counted, names=["kind", "code"])
    parts = pd.DataFrame({side: _find_communities(table, seed) for side, table in both.items()}).reindex(nodes.index)
    layers = {}
    for kind, strengths in counted.items():
        sides = strengths["first"], strengths["second"]
        rand = adjusted_rand(*parts.loc[kind].dropna().T.to_numpy())
        layers[kind] = {"spearman": spearmanr(*sides).statistic, "kendall": kendalltau(*sides).statistic, "rand": rand}
    one, other = (build_two_mode(table, "issuer", "measure") for table in both.values())
    similarity = pd.DataFrame({"first": _list_cosines(one), "second": _list_cosines(other)})
    effect = {code: _list_cosines(one.assign(**{code: other[code]})) for code in one.columns}
    gaps = pd.DataFrame({"": similarity["first"], **effect}).sub(similarity["second"], axis=0).abs().mean()
    more = one - other
    causes = pd.DataFrame({"added": more.clip(lower=0).sum(), "lacking": -more.clip(upper=0).sum()})
    causes = causes.assign(effect=gaps[""] - gaps.drop("")).sort_values("effect", ascending=False, kind="stable")
    return Differences(nodes, pd.DataFrame(layers).T, similarity, causes)


def _list_cosines(counts: pd.DataFrame) -> pd.Series[float]:
    cosines = measure_similarity(counts).to_numpy()
    pairs = list(combinations(range(len(counts)), 2))
    names = pd.MultiIndex.from_tuples([(counts.index[i], counts.index[j]) for i, j in pairs], names=["one", "other"])
    return pd.Series([cosines[pair] for pair in pairs], names)


def _find_communities(joined: pd.DataFrame, seed: int) -> dict[tuple[str, str], int]:
    graph: nx.Graph[tuple[str, str]] = nx.Graph()
    for rows, columns in combinations(KINDS, 2):
        counts = build_two_mode(joined, rows, columns)
        weights = counts.to_numpy()
        for i, j in np.argwhere(weights):
            graph.add_edge((rows, counts.index[i]), (columns, counts.columns[j]), weight=int(weights[i, j]))
    parts = nx.community.louvain_communities(graph, seed=seed)
    return {node: number for number, part in enumerate(parts) for node in part}


def _divide(table: pd.DataFrame, lengths: pd.Series[float] | None) -> pd.DataFrame:
    by = (table.sum(axis=1) if lengths is None else lengths.reindex(table.index)).to_numpy(float)[:, None]
    return pd.DataFrame(divide(table.to_numpy(float), by), table.index, table.columns)

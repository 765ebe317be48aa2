"""How robust: which findings hold whatever one decides on the way, and what the errors of the rules change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any, NamedTuple

import networkx as nx
import numpy as np
import pandas as pd
from scipy.special import comb
from scipy.stats import kendalltau, spearmanr

from analysis.comparison import measure_similarity
from analysis.errors import InputError
from analysis.projection import Normalisation, build_one_mode
from analysis.twomode import build_two_mode

Tables = Mapping[str, pd.DataFrame]
"""Issuers x codes by `measure`, `actor`, `goal`, `instrument` and `stance`; issuers x issuers by `similarity`."""
CODES = ("measure", "actor", "goal", "instrument", "stance")
NORMALISATIONS: dict[str, Normalisation] = {"statements": "cosine", "characters": "jaccard", "sentences": "average"}
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


def _lead(values: pd.Series[float], one: Any) -> tuple[bool, float]:
    """Tell whether one value is the highest, and how many times the highest other one it is."""
    other = values.drop([one]).max()
    return bool(values[one] > other), float(np.divide(values[one], other)) if other else float("inf")


def _above(value: float, bound: float) -> tuple[bool, float]:
    return bool(value > bound), float(value)


def _pair(tables: Tables) -> pd.Series[float]:
    ties = tables["similarity"]
    return pd.Series({f"{one}-{other}": ties.at[one, other] for one, other in combinations(ties.index, 2)})


def _share(table: pd.DataFrame, code: str) -> pd.Series[float]:
    return table[code] / table.sum(axis=1)


FINDINGS = {
    "guizhou_resumption": Finding(
        "Guizhou presses orderly resumption of work {:.1f} times as much as the issuer next to it.",
        "贵州强调有序复工复产的程度是其余发布者中最高者的{:.1f}倍。",
        lambda tables: _lead(tables["measure"]["orderly_resumption"], "guizhou"),
    ),
    "jiangsu_governance": Finding(
        "Jiangsu gives governance {:.1f} times the room that the issuer next to it gives.",
        "江苏用于治理的篇幅是其余发布者中最高者的{:.1f}倍。",
        lambda tables: _lead(tables["goal"]["governance"], "jiangsu"),
    ),
    "ministry_treasure": Finding(
        "The Ministry speaks of money and goods {:.1f} times as much as the issuer next to it.",
        "民政部谈及资金与物资的程度是其余发布者中最高者的{:.1f}倍。",
        lambda tables: _lead(tables["instrument"]["treasure"], "ministry"),
    ),
    "zhejiang_associations": Finding(
        "{:.0%} of Zhejiang's statements, more than four in five, address industry associations and chambers.",
        "浙江的陈述中有{:.0%}（超过五分之四）以行业协会商会为行动者。",
        lambda tables: _above(_share(tables["actor"], "industry_association")["zhejiang"], 0.8),
    ),
    "associations_first": Finding(
        "All issuers together address industry associations and chambers {:.1f} times as often as any other type.",
        "就全部发布者而言，行业协会商会被提及的次数是其他任一类型的{:.1f}倍以上。",
        lambda tables: _lead(tables["actor"].sum(), "industry_association"),
    ),
    "associations_everywhere": Finding(
        "Each issuer addresses industry associations and chambers most, at least {:.1f} times as often as another type.",
        "每个发布者都以行业协会商会为首要行动者，至少是其他任一类型的{:.1f}倍。",
        lambda tables: _above((tables["actor"]["industry_association"] / tables["actor"].drop(
            columns="industry_association").max(axis=1)).min(), 1),
    ),
    "resumption_first": Finding(
        "All issuers together state orderly resumption of work {:.1f} times as often as any other measure.",
        "就全部发布者而言，有序复工复产的次数是其他任一措施的{:.1f}倍以上。",
        lambda tables: _lead(tables["measure"].sum(), "orderly_resumption"),
    ),
    "jiangsu_types": Finding(
        "Jiangsu addresses {:.1f} times as many types of organisation as the issuer next to it.",
        "江苏所涉及的组织类型数是其余发布者中最高者的{:.1f}倍。",
        lambda tables: _lead(tables["actor"].gt(0).sum(axis=1), "jiangsu"),
    ),
    "zhejiang_jiangsu": Finding(
        "Zhejiang and Jiangsu are not the most similar pair: among all pairs they take place {:.0f}.",
        "浙江与江苏并非最相似的一对：在所有两两组合中居第{:.0f}位。",
        lambda tables: _above(_pair(tables).rank(ascending=False)["zhejiang-jiangsu"], 1),
    ),
    "guizhou_lanzhou": Finding(
        "Guizhou and Lanzhou are the most similar pair, {:.2f} times as similar as any other.",
        "贵州与兰州最为相似，其相似度是其他任一组合的{:.2f}倍以上。",
        lambda tables: _lead(_pair(tables), "guizhou-lanzhou"),
    ),
    "reporting": Finding(
        "The Ministry and Lanzhou report, the others ask: their shares of reports lie at least {:.0%} points apart.",
        "民政部与兰州重在报道，其余重在要求：两者的报道比例至少相差{:.0%}。",
        lambda tables: _above(_share(tables["stance"], "report")[["ministry", "lanzhou"]].min() - _share(
            tables["stance"], "report")[["zhejiang", "jiangsu", "guizhou"]].max(), 0.5),
    ),
}  # fmt: skip
"""What the project claims of its five texts, so that claims are recomputed and not remembered."""


def tabulate_worlds(
    joined: pd.DataFrame, units: pd.DataFrame, documents: pd.DataFrame, *,
    choices: Mapping[str, str] | None = None, duplicates: str = "all",
) -> Iterator[World]:  # fmt: skip
    """Yield the tables of one set of statements (from `join_facts`) under each of `NORMALISATIONS`.

    `units` and `documents` say how long each issuer's texts are; `duplicates` is one of `DUPLICATES`.
    """
    if duplicates not in DUPLICATES:
        raise InputError([f"duplicates: unknown choice {duplicates!r}; one of {', '.join(DUPLICATES)}"])
    within = DUPLICATES[duplicates]
    kept = {by: joined.drop_duplicates([*within, by]) if within else joined for by in CODES}
    counts = {by: build_two_mode(kept[by], "issuer", by) for by in CODES}
    owner = units["doc_id"].map(documents.set_index("doc_id")["issuer"])
    letters = units["text"].str.replace(r"\s", "", regex=True).str.len()
    lengths = {"characters": letters.groupby(owner).sum() / 1000, "sentences": letters.groupby(owner).size()}
    for normalisation, similarity in NORMALISATIONS.items():
        tables = {by: table.div(lengths.get(normalisation, table.sum(axis=1)), axis=0).reindex(table.index).fillna(0)
                  for by, table in counts.items()}  # fmt: skip
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
            kept = joined[joined["measure"] != measure]
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
    """Yield worlds of units drawn anew.

    Without `thin`, as many units of each document with replacement. With `thin`, such as `{"ministry": 35}`, so many
    of these documents without replacement and all of the others: a long text made as long as the rest.
    """
    random, key = np.random.default_rng(seed), ["doc_id", "unit_id"]
    plain = joined.astype({"doc_id": object})
    for number in range(draws):
        chosen = [
            rows.sample((thin or {}).get(str(doc_id), len(rows)), replace=thin is None, random_state=random)
            for doc_id, rows in units.groupby("doc_id", sort=False)
        ]
        some = pd.concat(chosen)
        yield from tabulate_worlds(some[key].merge(plain, on=key), some, documents, choices={"draw": str(number)})


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
    """Return per finding, and per choice in `by`, in how many worlds it was `asked`, the share where it `holds`, and
    the `lowest`, `median` and `highest` number.
    """  # noqa: D205
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

    Returns
    -------
    Differences
        `nodes`: strength (statements) of each issuer, actor and measure in either coding. `layers`: per kind of node,
        Spearman's and Kendall's (tau-b) correlation of strengths, and the adjusted Rand index of the communities
        (Louvain, `seed`) that the nodes fall into. `similarity`: cosine of each pair of issuers. `causes`: per measure,
        statements that only the `first` has, that it lacks (net in each issuer), and `effect`, by how much the mean
        difference of the similarities falls if this measure alone is taken from the second; greatest first.
    """
    kinds = ("issuer", "actor", "measure")
    nodes = pd.concat({kind: pd.DataFrame({"first": first[kind].value_counts(sort=False), "second": second[
        kind].value_counts(sort=False)}) for kind in kinds}, names=["kind", "code"])  # fmt: skip
    groups = pd.DataFrame({side: _find_communities(joined, kinds, seed) for side, joined in (
        ("first", first), ("second", second))}).reindex(nodes.index).fillna(-1)  # fmt: skip
    layers = {kind: {"spearman": spearmanr(*rows.T.to_numpy()).statistic, "kendall": kendalltau(*rows.T.to_numpy()).statistic,
                     "adjusted_rand": adjusted_rand(*groups.loc[kind].T.to_numpy())}
              for kind, rows in ((kind, nodes.loc[kind]) for kind in kinds)}  # fmt: skip
    one, other = (build_two_mode(joined, "issuer", "measure") for joined in (first, second))
    pairs = np.triu_indices(len(one), 1)

    def similar(counts: pd.DataFrame) -> pd.Series[float]:
        names = pd.MultiIndex.from_arrays([one.index[side] for side in pairs], names=["one", "other"])
        return pd.Series(measure_similarity(counts).to_numpy()[pairs], names)

    similarity = pd.DataFrame({"first": similar(one), "second": similar(other)})
    now = (similarity["first"] - similarity["second"]).abs().mean()
    effect = {code: now - (similar(one.assign(**{code: other[code]})) - similarity["second"]).abs().mean() for code in one}
    more = one - other
    causes = pd.DataFrame({"added": more.clip(lower=0).sum(), "lacking": -more.clip(upper=0).sum(), "effect": effect})
    return Differences(nodes.assign(difference=nodes["first"] - nodes["second"]), pd.DataFrame(layers).T,
                       similarity, causes.sort_values("effect", ascending=False, kind="stable"))  # fmt: skip


def adjusted_rand(first: Sequence[Any], second: Sequence[Any]) -> float:
    """Return how alike two partitions are: 1 for the same, 0 on average by chance (Hubert and Arabie 1985, eq. 5)."""
    table = pd.crosstab(np.asarray(first), np.asarray(second)).to_numpy()
    both, rows, columns = (comb(counts, 2).sum() for counts in (table, table.sum(axis=1), table.sum(axis=0)))
    expected, most = rows * columns / comb(table.sum(), 2), (rows + columns) / 2
    return float((both - expected) / (most - expected)) if most != expected else 1.0


def _find_communities(joined: pd.DataFrame, kinds: Sequence[str], seed: int) -> dict[tuple[str, str], int]:
    graph: nx.Graph[tuple[str, str]] = nx.Graph()
    for rows, columns in combinations(kinds, 2):
        for (one, other), count in joined.groupby([rows, columns], observed=True).size().items():
            graph.add_edge((rows, one), (columns, other), weight=count)
    parts = nx.community.louvain_communities(graph, seed=seed)
    return {node: number for number, part in enumerate(parts) for node in part}

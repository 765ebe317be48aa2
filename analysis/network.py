"""Statements as networks: issuers, organisation types and measures, and the sentences behind every edge."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.errors import InputError
from analysis.tables import STANCES, check_table

if TYPE_CHECKING:
    from analysis.codebook import Codebook

PREFIXES = {"issuer": "issuer", "actor": "type", "measure": "measure"}
"""Column of the statements -> kind of node, which is also the first part of its id."""
LAYERS = (("issuer", "actor"), ("actor", "measure"), ("issuer", "measure"))
FACTS = ("issuer", "level", "place", "genre", "date")
SEPARATOR = "|"
"""Stands between the ids of a list in exported files, and so in no id."""


def join_facts(statements: pd.DataFrame, documents: pd.DataFrame, *, codebook: Codebook) -> pd.DataFrame:
    """Return the statements with the facts on their document and their codes.

    Parameters
    ----------
    statements
        One row is a statement; all by one coder. May be filtered beforehand.
    documents
        One row is a document; all documents, also those in which nothing was found.
    codebook
        The codes that an actor and a measure may have.

    Returns
    -------
    DataFrame
        One row is a statement, in the given order, with `issuer`, `level`, `place`, `genre`, `date`, `group`, `goal`
        and `instrument` added. These, `doc_id`, `actor`, `measure` and `stance` are categorical over *all* documents
        and codes, so that a count by them keeps its zeros.

    Raises
    ------
    InputError
        Unknown document, actor, measure or stance; more than one coder; repeated ids; contradictory documents.
    """
    check_table(statements, "statements")
    problems = _find_problems(statements, documents, codebook)
    if problems:
        raise InputError(problems)
    joined = statements.reset_index(drop=True)
    registers = {
        "doc_id": documents.set_index("doc_id")[list(FACTS)], "actor": codebook.types[["group"]],
        "measure": codebook.measures[["goal", "instrument"]], "stance": pd.DataFrame(index=list(STANCES)),
    }  # fmt: skip
    for key, register in registers.items():
        places = _locate(joined[key], register.index)
        for column, values in {key: register.index, **register}.items():
            codes, categories = pd.factorize(pd.Index(values))
            joined[column] = pd.Categorical.from_codes(codes[places], categories=categories)
    return joined


def build_network(statements: pd.DataFrame, documents: pd.DataFrame, *, codebook: Codebook) -> nx.Graph[str]:
    """Return the network of issuers, organisation types and measures.

    Nodes are `issuer:<id>`, `type:<id>` and `measure:<id>` with `kind`, `label_zh`, `label_en` and `statements`;
    issuers have `characters`, `level` and `place`, types their `group`, measures `goal` and `instrument`. Issuers that
    say nothing, and codes that nobody states, are nodes without edges.
    Edges join issuer and type, type and measure, issuer and measure. They carry `statements` and `documents` (counts),
    `rate` (statements per 1,000 characters of all documents of that issuer; for type and measure, of all documents),
    a count for each stance, `statement_ids` (list) and `coder`.

    Parameters
    ----------
    statements
        One row is a statement; all by one coder. Filter beforehand: `statements.query("stance == 'require'")`.
    documents
        One row is a document. Denominators come from here, so leave out only what the question leaves out.
    codebook
        The codes that an actor and a measure may have.

    Raises
    ------
    InputError
        As `join_facts`.
    """
    joined = join_facts(statements, documents, codebook=codebook)
    network: nx.Graph[str] = nx.Graph()
    characters = documents.groupby("issuer", sort=False)["characters"].sum()
    issuers = documents.drop_duplicates("issuer").set_index("issuer", drop=False)
    issuers = issuers.rename(columns={"issuer_zh": "zh", "issuer_en": "en"}).assign(characters=characters)
    _add_nodes(network, joined, "issuer", issuers, ("characters", "level", "place"))
    _add_nodes(network, joined, "actor", codebook.types, ("group",))
    _add_nodes(network, joined, "measure", codebook.measures, ("goal", "instrument"))
    for rows, columns in LAYERS:
        for (first, second), group in joined.groupby([rows, columns], observed=True):
            length = characters[str(first)] if rows == "issuer" else characters.sum()
            ends = f"{PREFIXES[rows]}:{first}", f"{PREFIXES[columns]}:{second}"
            network.add_edge(*ends, **_summarise(group, int(length)))
    return network


def add_organisations(
    network: nx.Graph[str], statements: pd.DataFrame, organisations: pd.DataFrame, documents: pd.DataFrame
) -> nx.Graph[str]:
    """Return a copy with the named organisations between type and measure.

    Nodes are `organisation:<name>` with `statements`, and `level`, `place` and `section` (of industries, GB/T
    4754-2017) where the name tells them. Edges join type and organisation, organisation and measure, and carry what
    all edges carry; `rate` is per 1,000 characters of all documents. A statement by several organisations counts for
    each of them, so these edges do not add up to those between type and measure.

    Parameters
    ----------
    statements
        Those that the network was built from; their `organisation` names who acts, joined by 、.
    organisations
        One row is a name in a unit: `name`, `level`, `place`, `section`. Names that stand in no statement are left out.
    documents
        Those that the network was built from.
    """
    copy, total = network.copy(), int(documents["characters"].sum())
    named = statements[statements["organisation"].ne("")]
    named = named.assign(organisation=named["organisation"].str.split("、")).explode("organisation")
    facts = organisations.drop_duplicates("name").set_index("name")[["level", "place", "section"]]
    for name, group in named.groupby("organisation"):
        told: dict[Any, Any] = facts.loc[name].to_dict() if name in facts.index else {}
        data = {key: value for key, value in told.items() if value}
        node = f"organisation:{name}"
        copy.add_node(node, kind="organisation", statements=len(group), label_zh=name, label_en=name, **data)
        for column in ("actor", "measure"):
            for code, some in group.groupby(column):
                copy.add_edge(f"{PREFIXES[column]}:{code}", node, **_summarise(some, total))
    return copy


def attach_evidence(network: nx.Graph[str], statements: pd.DataFrame, units: pd.DataFrame) -> nx.Graph[str]:
    """Return a copy whose edges also say where their statements stand and how the first one reads.

    Each edge gets `sections`, the distinct `<doc_id> <section>` of its statements, and `first_sentence`.
    """
    places = statements.merge(units[["doc_id", "unit_id", "section", "text"]], on=["doc_id", "unit_id"], how="left")
    _require_units(places)
    places = places.set_index("statement_id")
    where = (places["doc_id"].astype(str) + " " + places["section"]).str.strip()
    copy = network.copy()
    for _, _, edge in copy.edges(data=True):
        ids = _check_ids(edge["statement_ids"], places.index)
        edge["sections"] = list(dict.fromkeys(where[ids]))
        edge["first_sentence"] = str(places.at[ids[0], "text"])
    return copy


def edge_evidence(
    network: nx.Graph[str], u: str, v: str, statements: pd.DataFrame, units: pd.DataFrame, documents: pd.DataFrame
) -> pd.DataFrame:
    """Return the sentences behind the edge between two nodes.

    Returns
    -------
    DataFrame
        One row is a statement: `statement_id`, `doc_id`, `issuer`, `section`, `actor`, `measure`, `stance`, `coder`,
        `start`, `end` (0-based, half-open, in the clean text), `raw_start`, `raw_end` (the same in the raw text),
        `evidence` (the words that carry it), `raw` (the raw text of the span) and `sentence` (the whole unit).

    Raises
    ------
    InputError
        No such node (the nearest are named), no edge between them, or tables that lack its statements or units.
    """
    _check_edge(network, u, v)
    ids = _check_ids(network.edges[u, v]["statement_ids"], statements["statement_id"])
    rows = statements.set_index("statement_id", drop=False).loc[ids].reset_index(drop=True)
    sentences = units[["doc_id", "unit_id", "section", "text"]].rename(columns={"text": "sentence"})
    rows = rows.merge(sentences, on=["doc_id", "unit_id"], how="left")
    _require_units(rows.rename(columns={"sentence": "text"}))
    rows = rows.merge(documents[["doc_id", "issuer", "raw"]].rename(columns={"raw": "source"}), on="doc_id", how="left")
    rows["raw"] = [
        source[start:end] for source, start, end in zip(rows["source"], rows["raw_start"], rows["raw_end"], strict=True)
    ]
    columns = ["statement_id", "doc_id", "issuer", "section", "actor", "measure", "stance", "coder", "start", "end"]
    return rows[[*columns, "raw_start", "raw_end", "evidence", "raw", "sentence"]]


def _find_problems(statements: pd.DataFrame, documents: pd.DataFrame, codebook: Codebook) -> list[str]:
    missing = sorted({"doc_id", "issuer_zh", "issuer_en", *FACTS, "characters"} - set(documents.columns))
    if missing:
        return [f"table documents: no column {', '.join(missing)}"]
    problems = []
    known: dict[str, Sequence[str]] = {
        "doc_id": list(documents["doc_id"]), "actor": list(codebook.types.index),
        "measure": list(codebook.measures.index), "stance": STANCES,
    }  # fmt: skip
    for column, codes in known.items():
        wrong = statements.loc[_locate(statements[column], pd.Index(codes).unique()) < 0]
        for value, rows in wrong.groupby(column, sort=True):
            where = f"statements, {rows['statement_id'].iloc[0]} ({len(rows)} in all)"
            problems.append(f"{where}: unknown {column} {value!r}; one of {', '.join(codes)}")
    coders = sorted(statements["coder"].unique())
    if len(coders) > 1:
        problems.append(f"statements: coders {', '.join(coders)} mixed; keep one: statements.query(\"coder == ...\")")
    ids = statements["statement_id"]
    problems += [f"statements, {i}: this id stands twice; drop one" for i in ids[ids.duplicated()]]
    marred = ids[ids.str.contains(SEPARATOR, regex=False).astype(bool)]
    problems += [f"statements, {i}: an id may not hold {SEPARATOR!r}" for i in marred]
    names = documents["doc_id"]
    problems += [f"documents, {i}: this id stands twice; drop one" for i in names[names.duplicated()]]
    mend = "give one, or documents.assign(issuer=documents['doc_id'])"
    problems += [f"documents, {i}: no issuer; {mend}" for i in names[documents["issuer"].fillna("") == ""]]
    lengths = documents.groupby("issuer", sort=False)["characters"].sum()
    problems += [f"documents, issuer {i}: no characters, so no rate; drop it" for i in lengths[lengths <= 0].index]
    facts = documents.groupby("issuer", sort=False)[["issuer_zh", "issuer_en", "level", "place"]].nunique(dropna=False)
    for issuer, counts in facts[(facts > 1).any(axis=1)].iterrows():
        problems.append(f"documents, issuer {issuer}: differing {', '.join(counts[counts > 1].index)}; make them equal")
    return problems


def _locate(values: pd.Series, index: pd.Index) -> NDArray[np.intp]:
    """Return the place of each value in an index without repeats, -1 if it is not there; quick for long tables."""
    codes, distinct = pd.factorize(values, use_na_sentinel=False)
    return index.get_indexer(distinct)[codes]


def _add_nodes(
    network: nx.Graph[str], joined: pd.DataFrame, column: str, facts: pd.DataFrame, names: tuple[str, ...]
) -> None:
    counts = joined[column].value_counts()
    for code, fact in facts.iterrows():
        data: dict[str, Any] = {"kind": PREFIXES[column], "statements": int(counts[str(code)])}
        data |= {"label_zh": fact["zh"] or code, "label_en": fact["en"] or code}
        data |= {name: int(fact[name]) if name == "characters" else fact[name] for name in names if fact[name]}
        network.add_node(f"{PREFIXES[column]}:{code}", **data)


def _summarise(group: pd.DataFrame, characters: int) -> dict[str, Any]:
    stances = group["stance"].value_counts().reindex(STANCES, fill_value=0)
    return {
        "statements": len(group),
        "documents": int(group["doc_id"].nunique()),
        "rate": 1000 * len(group) / characters,
        **{stance: int(stances[stance]) for stance in STANCES},
        "statement_ids": list(group["statement_id"]),
        "coder": str(group["coder"].iloc[0]),
    }


def _check_edge(network: nx.Graph[str], u: str, v: str) -> None:
    problems = []
    for node in (u, v):
        if node not in network:
            nearest = difflib.get_close_matches(node, list(network), n=3, cutoff=0.5)
            mend = f"; did you mean {' or '.join(nearest)}?" if nearest else "; see sorted(network)"
            problems.append(f"network: no node {node!r}{mend}")
    if not problems and not network.has_edge(u, v):
        there = sorted(n for n in network[u] if n.partition(":")[0] == v.partition(":")[0])
        problems.append(f"network: no edge between {u} and {v}; {u} has edges to {', '.join(there) or 'nothing'} there")
    if problems:
        raise InputError(problems)


def _check_ids(ids: list[str], table: Iterable[str]) -> list[str]:
    known = set(table)
    missing = [i for i in ids if i not in known]
    if missing:
        raise InputError([f"statements: {len(missing)} of the edge's ids are not there, first {missing[0]}"])
    return ids


def _require_units(rows: pd.DataFrame) -> None:
    missing = rows.loc[rows["text"].isna()]
    if len(missing):
        raise InputError([f"units: no unit {i.unit_id} in {i.doc_id}" for i in missing.itertuples()])

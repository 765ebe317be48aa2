"""Statements as networks: issuers, organisation types and measures, and the sentences behind every edge.

Filter tables before the call, where it is seen: `statements.query("stance == 'require'")`. Tables that contradict each
other raise `InputError`.
"""

from __future__ import annotations

import difflib
from typing import Any

import networkx as nx
import pandas as pd

from analysis.codebook import Codebook
from analysis.errors import InputError
from analysis.tables import STANCES, check_table

PREFIXES = {"issuer": "issuer", "actor": "type", "measure": "measure"}
"""Column of the statements -> kind of node, which is also the first part of its id."""
LAYERS = (("issuer", "actor"), ("actor", "measure"), ("issuer", "measure"))
FACTS = ("issuer", "level", "place", "genre", "date")


def join_facts(statements: pd.DataFrame, documents: pd.DataFrame, *, codebook: Codebook) -> pd.DataFrame:
    """Return the statements with the facts on their document and their codes.

    One row is a statement, in the given order, with `issuer`, `level`, `place`, `genre`, `date`, `group`, `goal` and
    `instrument` added. These, `doc_id`, `actor`, `measure` and `stance` are categorical over *all* documents and codes,
    so that a count by them keeps its zeros. All statements are by one coder; `documents` has a row for each document,
    also for those in which nothing was found.
    """
    check_table(statements, "statements")
    if missing := sorted({"doc_id", "issuer_zh", "issuer_en", *FACTS, "characters"} - set(documents.columns)):
        raise InputError([f"table documents: no column {', '.join(missing)}"])
    mend = "give one, or documents.assign(issuer=documents['doc_id'])"
    problems = [f"documents, {i}: no issuer; {mend}" for i in documents["doc_id"][documents["issuer"].fillna("") == ""]]
    lengths = documents.groupby("issuer", sort=False)["characters"].sum()
    problems += [f"documents, issuer {i}: no characters, so no rate; drop it" for i in lengths.index[lengths <= 0]]
    registers = {
        "doc_id": documents.set_index("doc_id")[list(FACTS)],
        "actor": codebook.types[["group"]], "measure": codebook.measures[["goal", "instrument"]],
        "stance": pd.DataFrame(index=list(STANCES)),
    }  # fmt: skip
    joined = statements.reset_index(drop=True)
    for key, register in registers.items():
        joined[key] = joined[key].astype("category").cat.set_categories(register.index)
        wrong = statements[joined[key].isna().to_numpy()]
        for value, rows in wrong.groupby(key, dropna=False, observed=True):
            where = f"statements, {rows['statement_id'].iloc[0]} ({len(rows)} in all)"
            problems.append(f"{where}: unknown {key} {value!r}; one of {', '.join(register.index)}")
    coders, ids = sorted(statements["coder"].unique()), statements["statement_id"]
    if len(coders) > 1:
        problems.append(f"statements: coders {', '.join(coders)} mixed; keep one: statements.query('coder == ...')")
    if problems := problems + [f"statements, {i}: this id stands twice; drop one" for i in ids[ids.duplicated()]]:
        raise InputError(problems)
    for key, register in registers.items():
        for column, facts in register.items():
            joined[column] = pd.Categorical(facts, facts.dropna().unique()).take(joined[key].cat.codes.to_numpy())
    return joined


def build_network(statements: pd.DataFrame, documents: pd.DataFrame, *, codebook: Codebook) -> nx.Graph[str]:
    """Return the network of issuers, organisation types and measures; it takes what `join_facts` takes.

    Nodes are `issuer:<id>`, `type:<id>` and `measure:<id>` with `kind`, `label_zh`, `label_en` and `statements`;
    issuers have `characters`, `level` and `place`, types their `group`, measures `goal` and `instrument`. Issuers that
    say nothing, and codes that nobody states, are nodes without edges.

    Edges join issuer and type, type and measure, issuer and measure. They carry `statements` and `documents` (counts),
    `rate` (statements per 1,000 characters of all `documents` of that issuer; for type and measure, of all documents),
    a count for each stance, `statement_ids` (list) and `coder`.
    """
    joined = join_facts(statements, documents, codebook=codebook)
    network: nx.Graph[str] = nx.Graph()
    issuers = documents.rename(columns={"issuer_zh": "zh", "issuer_en": "en"}).groupby("issuer", sort=False)
    facts = {
        "issuer": issuers.agg({"zh": "first", "en": "first", "characters": "sum", "level": "first", "place": "first"}),
        "actor": codebook.types[["zh", "en", "group"]],
        "measure": codebook.measures[["zh", "en", "goal", "instrument"]],
    }
    for column, table in facts.items():
        counts = joined[column].value_counts()
        for code, fact in table.to_dict("index").items():
            labels = {"label_zh": fact.pop("zh") or code, "label_en": fact.pop("en") or code}
            told = {str(name): value for name, value in fact.items() if value}
            kind, said = PREFIXES[column], int(counts[str(code)])
            network.add_node(f"{kind}:{code}", kind=kind, statements=said, **labels, **told)
    characters = facts["issuer"]["characters"]
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
    4754-2017) where `organisations` tells them: one row is a name in a unit. Edges join type and organisation,
    organisation and measure, and carry what all edges carry; `rate` is per 1,000 characters of all documents. A
    statement by several organisations, joined by 、, counts for each of them, so these edges do not add up to those
    between type and measure. Names that stand in no statement are left out.
    """
    copy, total = network.copy(), int(documents["characters"].sum())
    named = statements.assign(organisation=statements["organisation"].str.split("、")).explode("organisation")
    facts = organisations.drop_duplicates("name").set_index("name")[["level", "place", "section"]].to_dict("index")
    for name, group in named[named["organisation"].ne("")].groupby("organisation"):
        told = {str(key): value for key, value in facts.get(name, {}).items() if value}
        node = f"organisation:{name}"
        copy.add_node(node, kind="organisation", statements=len(group), label_zh=name, label_en=name, **told)
        for column in ("actor", "measure"):
            for code, some in group.groupby(column):
                copy.add_edge(f"{PREFIXES[column]}:{code}", node, **_summarise(some, total))
    return copy


def attach_evidence(network: nx.Graph[str], statements: pd.DataFrame, units: pd.DataFrame) -> nx.Graph[str]:
    """Return a copy whose edges also say where their statements stand and how the first one reads.

    Each edge gets `sections`, the distinct `<doc_id> <section>` of its statements, and `first_sentence`.
    """
    copy, places = network.copy(), _find_places(statements, units)
    places["where"] = (places["doc_id"].astype(str) + " " + places["section"]).str.strip()
    for _, _, edge in copy.edges(data=True):
        rows = _pick(places, edge["statement_ids"])
        edge["sections"] = list(dict.fromkeys(rows["where"]))
        edge["first_sentence"] = str(rows["sentence"].iloc[0])
    return copy


def edge_evidence(
    network: nx.Graph[str], u: str, v: str, statements: pd.DataFrame, units: pd.DataFrame, documents: pd.DataFrame
) -> pd.DataFrame:
    """Return the sentences behind the edge between two nodes, in this network or one from `make_graph`.

    One row is a statement: `statement_id`, `doc_id`, `issuer`, `section`, `actor`, `measure`, `stance`, `coder`,
    `start`, `end` (0-based, half-open, in the clean text), `raw_start`, `raw_end` (the same in the raw text),
    `evidence` (the words that carry it), `raw` (the raw text of the span) and `sentence` (the whole unit).
    """
    if lost := [node for node in (u, v) if node not in network]:
        near = {node: " or ".join(difflib.get_close_matches(node, list(network), cutoff=0.5)) for node in lost}
        raise InputError([f"network: no node {node!r}; did you mean {near[node] or 'another'}?" for node in lost])
    if not network.has_edge(u, v):
        known = ", ".join(sorted(n for n in network[u] if n.partition(":")[0] == v.partition(":")[0])) or "nothing"
        raise InputError([f"network: no edge between {u} and {v}; {u} has edges to {known} there"])
    rows = _pick(_find_places(statements, units), network.edges[u, v]["statement_ids"]).reset_index()
    rows = rows.merge(documents[["doc_id", "issuer", "raw"]], on="doc_id", how="left")
    spans = zip(rows["raw"], rows["raw_start"], rows["raw_end"], strict=True)
    rows["raw"] = [text[start:end] for text, start, end in spans]
    columns = ["statement_id", "doc_id", "issuer", "section", "actor", "measure", "stance", "coder", "start", "end"]
    return rows[[*columns, "raw_start", "raw_end", "evidence", "raw", "sentence"]]


def _summarise(group: pd.DataFrame, characters: int) -> dict[str, Any]:
    """Return the attributes of an edge."""
    return {
        "statements": len(group),
        "documents": int(group["doc_id"].nunique()),
        "rate": 1000 * len(group) / characters,
        **{stance: int(group["stance"].eq(stance).sum()) for stance in STANCES},
        "statement_ids": list(group["statement_id"]),
        "coder": str(group["coder"].iloc[0]),
    }


def _find_places(statements: pd.DataFrame, units: pd.DataFrame) -> pd.DataFrame:
    """Return the statements by their ids, with their `section` and `sentence`."""
    sentences = units[["doc_id", "unit_id", "section", "text"]].rename(columns={"text": "sentence"})
    places = statements.merge(sentences, on=["doc_id", "unit_id"], how="left").set_index("statement_id")
    lost = places.loc[places["sentence"].isna(), ["doc_id", "unit_id"]].drop_duplicates()
    if len(lost):
        raise InputError([f"units: no unit {unit_id} in {doc_id}" for doc_id, unit_id in lost.to_numpy()])
    return places


def _pick(places: pd.DataFrame, ids: list[str]) -> pd.DataFrame:
    if missing := [i for i in ids if i not in places.index]:
        raise InputError([f"statements: {len(missing)} of the edge's ids are not there, first {missing[0]}"])
    return places.loc[ids]

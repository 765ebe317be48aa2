"""Networks as files for Gephi, R, UCINET, Pajek and spreadsheets; tables for papers."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import networkx as nx
import pandas as pd

from analysis.errors import InputError
from analysis.tables import write_text

LISTS, SEPARATOR = ("statement_ids", "sections"), "|"
"""Attributes of edges that are lists, and what parts them where they must be one text."""
ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that XML 1.0 forbids."""


def write_network(network: nx.Graph[str], stem: Path) -> list[Path]:
    """Write a network in every form and return the files written.

    `<stem>.graphml` and `<stem>.gexf` open in Gephi: `label` is the Chinese label of a node and `weight` the
    number of statements of an edge. `<stem>-nodes.csv` has one row per node, `<stem>-edges.csv` one per edge (both also
    for R), and `<stem>.json` is node-link JSON. `<stem>.net` (Pajek) holds ids, weights and, as labels of edges, the
    ids of their statements; `<stem>.dl` (UCINET) ids and weights: look up the rest in the CSV files. Except in JSON,
    lists become one text parted by `|`, which their items may not hold, and characters that XML forbids become U+FFFD.
    The same network always gives the same bytes. `InputError` tells which file cannot be written.
    """
    flat = _flatten(network)
    nodes = [{"id": node, **data} for node, data in flat.nodes(data=True)]
    edges = [{"source": u, "target": v, **data} for u, v, data in flat.edges(data=True)]
    for node, data in flat.nodes(data=True):
        data["label"] = data.get("label_zh", node)
    for _, _, edge in flat.edges(data=True):
        edge.setdefault("weight", edge.get("statements", 1))
    texts = {
        ".graphml": _make_xml(nx.write_graphml_xml, flat),
        ".gexf": _make_xml(nx.write_gexf, flat),
        ".json": json.dumps(nx.node_link_data(network, edges="links"), ensure_ascii=False, indent=1) + "\n",
        ".net": _make_pajek(flat),
        ".dl": _make_dl(flat),
        "-nodes.csv": _make_csv(nodes, ["id"]),
        "-edges.csv": _make_csv(edges, ["source", "target"]),
    }
    paths = [stem.with_name(stem.name + ending) for ending in texts]
    for path, text in zip(paths, texts.values(), strict=True):
        write_text(path, ILLEGAL.sub("\ufffd", text))
    return paths


def read_network(path: Path) -> nx.Graph[str]:
    """Read the GraphML that `write_network` wrote; raise `InputError` if that cannot be done."""
    try:
        read = nx.read_graphml(path)
    except (OSError, ValueError, KeyError, TypeError, SyntaxError, nx.NetworkXError) as error:
        raise InputError([f"{path}: no network in GraphML ({error}); write it with write_network"]) from error
    network: nx.Graph[str] = nx.Graph()
    for node, data in read.nodes(data=True):
        network.add_node(node, **{name: value for name, value in data.items() if name != "label"})
    for u, v, data in read.edges(data=True):
        added = {"id", "weight"} if "statements" in data else {"id"}
        edge = {name: value.split(SEPARATOR) if name in LISTS else value for name, value in data.items()}
        network.add_edge(u, v, **{name: value for name, value in edge.items() if name not in added})
    return network


def write_latex(table: pd.DataFrame, path: Path, *, caption: str, label: str, digits: int = 2) -> None:
    """Write a table for a paper: LaTeX with booktabs, without the index. Chinese needs `xelatex` and `ctex`.

    Numbers that are not whole get as many digits as said; missing ones stay empty.
    """
    write_text(path, table.to_latex(index=False, escape=True, na_rep="", caption=caption, label=label, position="ht",
                                    float_format=f"%.{digits}f"))  # fmt: skip


def _flatten(network: nx.Graph[str]) -> nx.Graph[str]:
    """Return a copy with lists as texts."""
    flat, problems = network.copy(), []
    for u, v, edge in flat.edges(data=True):
        for name in [name for name in LISTS if name in edge]:
            problems += [f"network, edge {u} - {v}: {name} may not hold {SEPARATOR!r}"
                         for item in edge[name] if SEPARATOR in item]  # fmt: skip
            edge[name] = SEPARATOR.join(edge[name])
    if problems:
        raise InputError(problems)
    return flat


def _make_xml(write: Callable[[nx.Graph[str], io.BytesIO], object], network: nx.Graph[str]) -> str:
    """Return XML without the date and version that networkx puts into GEXF, and without half characters as numbers."""
    buffer = io.BytesIO()
    write(network, buffer)
    text = re.sub(r"\s*<meta\b.*?</meta>", "", buffer.getvalue().decode("utf-8"), count=1, flags=re.DOTALL)
    return re.sub(r"&#5\d{4};", "\ufffd", text) + "\n"


def _make_pajek(network: nx.Graph[str]) -> str:
    """Return ids with single quotation marks, as double ones end them."""
    places = {node: place for place, node in enumerate(network, start=1)}
    names = [node.replace('"', "'") for node in places]
    lines = [f"*Vertices {len(places)}", *(f'{place} "{name}"' for place, name in enumerate(names, start=1)), "*Edges"]
    for u, v, edge in network.edges(data=True):
        lines.append(f'{places[u]} {places[v]} {edge["weight"]} l "{edge.get("statement_ids", "")}"')
    return "\n".join(lines) + "\n"


def _make_dl(network: nx.Graph[str]) -> str:
    """Return ids without spaces, which end them, and edges in both directions, since UCINET takes them as directed."""
    places = {node: place for place, node in enumerate(network, start=1)}
    lines = [f"dl n={len(places)}", "format = edgelist1", "labels:"]
    lines += [re.sub(r"[ \t\r\n,]+", "_", node) for node in places] + ["data:"]
    for u, v, weight in network.edges(data="weight"):
        lines += [f"{places[u]} {places[v]} {weight}", f"{places[v]} {places[u]} {weight}"]
    return "\n".join(lines) + "\n"


def _make_csv(rows: list[dict[str, Any]], first: list[str]) -> str:
    """Return rows as CSV; whole numbers stay whole where others are missing."""
    return pd.DataFrame(rows, columns=None if rows else first, dtype=object).to_csv(index=False, lineterminator="\n")

"""Networks as files for Gephi, R, spreadsheets and other programs, and back again without loss."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import networkx as nx
import pandas as pd

from analysis.errors import InputError
from analysis.network import SEPARATOR
from analysis.tables import write_text

LISTS = ("statement_ids", "sections")
"""Edge attributes that are lists; XML and CSV hold them as one text, parted by `SEPARATOR`."""
WHOLE = ("statements", "documents", "characters", "require", "encourage", "prohibit", "report")
REAL = ("rate", "weight")


def write_network(network: nx.Graph[str], stem: Path) -> list[Path]:
    """Write a network in every form and return the files written.

    `<stem>.graphml` and `<stem>.gexf` open in Gephi: `label` is the Chinese label of a node and `weight` the
    number of statements of an edge. `<stem>-nodes.csv` has one row per node, `<stem>-edges.csv` one per edge (both also
    for R), and `<stem>.json` is node-link JSON. Lists become one text parted by `|`, except in JSON.
    `<stem>.net` (Pajek) holds ids, weights and, as labels of edges, the ids of their statements; `<stem>.dl` (UCINET)
    ids and weights: look up the rest in the CSV files. The same network always gives the same bytes.

    Raises
    ------
    InputError
        An item of a list holds `|`, so that it could not be read back.
    """
    flat = _flatten(network)
    dressed = _dress(flat)
    nodes = [{"id": node, **data} for node, data in flat.nodes(data=True)]
    edges = [{"source": u, "target": v, **data} for u, v, data in flat.edges(data=True)]
    texts = {
        ".graphml": _make_xml(nx.write_graphml_xml, dressed),
        ".gexf": _make_xml(nx.write_gexf, dressed),
        ".json": json.dumps(nx.node_link_data(network, edges="links"), ensure_ascii=False, indent=1) + "\n",
        ".net": _make_pajek(dressed),
        ".dl": _make_dl(dressed),
        "-nodes.csv": _make_csv(nodes, ("id",)),
        "-edges.csv": _make_csv(edges, ("source", "target")),
    }
    for ending, text in texts.items():
        write_text(_add_ending(stem, ending), text)
    return [_add_ending(stem, ending) for ending in texts]


def read_network(path: Path) -> nx.Graph[str]:
    """Read a network that `write_network` wrote: GraphML, GEXF, JSON, or one of the two CSV files.

    Raises
    ------
    InputError
        Unknown ending, no such file, or a file that is no network.
    """
    readers: dict[str, Callable[[Path], nx.Graph[str]]] = {
        ".graphml": nx.read_graphml, ".gexf": nx.read_gexf, ".json": _read_json, ".csv": _read_csv,
    }  # fmt: skip
    if path.suffix not in readers:
        raise InputError([f"{path}: unknown ending; one of {', '.join(readers)}"])
    try:
        network = readers[path.suffix](path)
    except FileNotFoundError as error:
        raise InputError([f"{error.filename}: no such file; write it with write_network"]) from error
    except (ValueError, KeyError, TypeError, SyntaxError, nx.NetworkXError) as error:
        raise InputError([f"{path}: not a network in the form of its ending: {error}"]) from error
    return network if path.suffix == ".json" else _unflatten(network)


def write_latex(table: pd.DataFrame, path: Path, *, caption: str, label: str, digits: int = 2) -> None:
    """Write a table for a paper: LaTeX with booktabs, without the index. Chinese needs `xelatex` and `ctex`.

    Numbers that are not whole get as many digits as said; missing ones stay empty.
    """
    write_text(path, table.to_latex(index=False, escape=True, na_rep="", caption=caption, label=label, position="ht",
                                    float_format=f"%.{digits}f"))  # fmt: skip


def _add_ending(stem: Path, ending: str) -> Path:
    return stem.with_name(stem.name + ending)


def _flatten(network: nx.Graph[str]) -> nx.Graph[str]:
    """Return a copy with lists as texts."""
    flat = network.copy()
    problems = []
    for u, v, edge in flat.edges(data=True):
        for name in LISTS:
            items = edge.get(name, [])
            problems += [f"network, edge {u} - {v}: {name} may not hold {SEPARATOR!r}" for i in items if SEPARATOR in i]
            if name in edge:
                edge[name] = SEPARATOR.join(items)
    if problems:
        raise InputError(problems)
    return flat


def _dress(flat: nx.Graph[str]) -> nx.Graph[str]:
    """Return a copy with the attributes by which Gephi labels nodes and weighs edges."""
    dressed = flat.copy()
    for node, data in dressed.nodes(data=True):
        data["label"] = data.get("label_zh", node)
    for _, _, edge in dressed.edges(data=True):
        edge.setdefault("weight", edge.get("statements", 1))
    return dressed


def _unflatten(read: nx.Graph[str]) -> nx.Graph[str]:
    """Return a copy without what `_dress` and the formats add, and with lists as lists."""
    network: nx.Graph[str] = nx.Graph()
    for node, data in read.nodes(data=True):
        network.add_node(node, **{name: value for name, value in data.items() if name != "label"})
    for u, v, data in read.edges(data=True):
        edge = {name: value.split(SEPARATOR) if name in LISTS else value for name, value in data.items()}
        edge.pop("id", None)
        if "statements" in edge:
            edge.pop("weight", None)
        network.add_edge(u, v, **edge)
    return network


def _make_xml(write: Callable[[nx.Graph[str], io.BytesIO], object], dressed: nx.Graph[str]) -> str:
    """Return XML without the date and the version that networkx puts into GEXF."""
    buffer = io.BytesIO()
    write(dressed, buffer)
    return re.sub(r"\s*<meta\b.*?</meta>", "", buffer.getvalue().decode("utf-8"), count=1, flags=re.DOTALL) + "\n"


def _make_pajek(dressed: nx.Graph[str]) -> str:
    places = {node: place for place, node in enumerate(dressed, start=1)}
    lines = [f"*Vertices {len(places)}", *(f'{place} "{node}"' for node, place in places.items()), "*Edges"]
    for u, v, edge in dressed.edges(data=True):
        lines.append(f'{places[u]} {places[v]} {edge["weight"]} l "{edge.get("statement_ids", "")}"')
    return "\n".join(lines) + "\n"


def _make_dl(dressed: nx.Graph[str]) -> str:
    """Return each edge in both directions, since UCINET takes edges as directed."""
    places = {node: place for place, node in enumerate(dressed, start=1)}
    lines = [f"dl n={len(places)}", "format = edgelist1", "labels:", *places, "data:"]
    for u, v, weight in dressed.edges(data="weight"):
        lines += [f"{places[u]} {places[v]} {weight}", f"{places[v]} {places[u]} {weight}"]
    return "\n".join(lines) + "\n"


def _make_csv(rows: list[dict[str, Any]], first: tuple[str, ...]) -> str:
    """Return rows as CSV; the columns after the first stand in order of appearance."""
    names = dict.fromkeys([*first, *(name for row in rows for name in row)])
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, list(names), restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue()


def _read_json(path: Path) -> nx.Graph[str]:
    return nx.node_link_graph(json.loads(path.read_text(encoding="utf-8")), edges="links")


def _read_csv(path: Path) -> nx.Graph[str]:
    """Read the node list and the edge list, whichever of the two is named."""
    stem = path.with_name(re.sub(r"-(nodes|edges)\.csv$", "", path.name))
    if stem.name == path.name:
        raise ValueError("its name must end in -nodes.csv or -edges.csv")
    network: nx.Graph[str] = nx.Graph()
    for row in _read_rows(_add_ending(stem, "-nodes.csv"), ("id",)):
        network.add_node(row.pop("id"), **row)
    count = len(network)
    for row in _read_rows(_add_ending(stem, "-edges.csv"), ("source", "target")):
        network.add_edge(row.pop("source"), row.pop("target"), **row)
    if len(network) > count:
        raise ValueError(f"the edge list names {list(network)[count]}, which the node list lacks")
    return network


def _read_rows(path: Path, first: tuple[str, ...]) -> list[dict[str, Any]]:
    """Read the rows of a CSV file; an empty cell is an attribute that is not there."""
    with path.open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines, strict=True)
        if not set(first) <= set(reader.fieldnames or ()):
            raise ValueError(f"{path.name} has no column {' or '.join(first)}")
        return [{name: _convert(name, value) for name, value in row.items() if value} for row in reader]


def _convert(name: str, value: str) -> Any:
    return int(value) if name in WHOLE else float(value) if name in REAL else value

"""The tripartite figure: issuers, the organisation types that they ask or praise, and the measures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import cycle, pairwise
from typing import Literal

import networkx as nx
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from analysis import drawing
from analysis.drawing import GREY, INK, PALE, Language, measure_text, write
from analysis.tables import iterate_rows

KINDS = ["issuer", "type", "measure"]
PLACES: dict[str, tuple[float, float, float, Literal["left", "right"], float]] = {
    "issuer": (46.0, 49.0, 44.0, "right", -2.0),
    "type": (78.0, 166.0, 71.0, "left", 2.0),
    "goal": (197.0, 200.0, 44.0, "left", 5.0),
}
"""Of each column of the flow: its sides, the room for a label, and where that stands from the left side."""


def tabulate_flows(network: nx.Graph[str]) -> pd.DataFrame:
    """Return who asks, or praises, whom for what, as counts.

    One row is an issuer, an organisation type and a measure (node ids) that at least one statement joins, with
    the number of these `statements`, the three labels in both languages and the `coder`.
    """
    ends: dict[str, dict[str, str]] = {}
    for first, second, ids in network.edges(data="statement_ids"):
        for statement_id in ids:
            ends.setdefault(statement_id, {}).update({network.nodes[node]["kind"]: node for node in (first, second)})
    flows = pd.DataFrame(ends.values(), columns=KINDS).value_counts().rename("statements").reset_index()
    flows = flows.sort_values(KINDS, key=lambda column: column.map(list(network).index), ignore_index=True)
    for kind in KINDS:
        for language in ("zh", "en"):
            flows[f"{kind}_{language}"] = flows[kind].map(nx.get_node_attributes(network, f"label_{language}"))
    return flows.assign(coder=next((coder for _, _, coder in network.edges(data="coder")), ""))


def draw_tripartite(network: nx.Graph[str], *, language: Language) -> Figure:
    """Draw issuers, organisation types and measures, one column wide.

    Above, every statement runs from its issuer through the type that is to act to the goal of its measure: the width
    of a band is a number of statements, its colour the issuer, and few bands cross (see `order_nodes`). Below, the same
    statements are counted by measure. What nobody states is pale.
    """
    words, goals = drawing.read_words(language), nx.get_node_attributes(network, "goal")
    flows = tabulate_flows(network)
    flows["goal"] = flows["measure"].map(goals)
    facts = {node: (data["kind"], data[f"label_{language}"], goals.get(node)) for node, data in network.nodes.items()}
    facts |= {goal: ("goal", words.get(goal, goal), goal) for goal in goals.values()}
    nodes = pd.DataFrame.from_dict(facts, orient="index", columns=["kind", "label", "block"])
    counts = pd.concat([flows.groupby(kind)["statements"].sum() for kind in (*KINDS, "goal")])
    nodes["count"] = counts.reindex(nodes.index, fill_value=0).astype(int)
    issuers, measures = (nodes[nodes["kind"] == kind] for kind in ("issuer", "measure"))
    colours = dict(zip(issuers.index, cycle(drawing.COLOURS), strict=False))
    flows["colour"], nodes["colour"] = flows["issuer"].map(colours), [colours.get(node, GREY) for node in nodes.index]
    boxes, scale = _place_boxes(nodes, flows)
    blocks, top = list(measures["block"].unique()), boxes["bottom"].max() + 15
    halves = [measures[measures["block"].isin(half)] for half in (blocks[::2], blocks[1::2]) if half]
    sides = zip(halves, (11, 137), strict=False)
    rows = pd.concat([drawing.lay_rows(half, x=x, top=top, width=109, spare=4.0) for half, x in sides])
    bottom = rows["bottom"].max()
    key = _place_key(issuers["label"])
    figure, ax = drawing.make_page(bottom + key[-1][1] + 1)
    for start, stop in (("issuer", "type"), ("type", "goal")):
        _draw_bands(ax, flows, start, stop, boxes, scale)
    _draw_boxes(ax, boxes, scale, language)
    write(ax, 0, top - 3, words["measure"], bold=True)
    _draw_measures(ax, rows, flows, language)
    coder = drawing.name_coder(next(iter(flows["coder"]), ""), language)
    write(ax, 0, bottom + 9, words["total"].format(n=flows["statements"].sum(), coder=coder), colour=GREY)
    for (x, y), (issuer, label) in zip(key, issuers["label"].items(), strict=True):
        ax.add_patch(Rectangle((x, bottom + y - 2.2), 6, 4.4, facecolor=colours[issuer], linewidth=0))
        write(ax, x + 8, bottom + y, label, colour=GREY)
    return figure


def _place_key(labels: Iterable[str]) -> list[tuple[float, float]]:
    """Return where the labels of a key stand, in as many lines as need be."""
    places, x, y = [], 0.0, 18.0
    for width in map(measure_text, labels):
        if x + 8 + width > drawing.WIDTH:
            x, y = 0.0, y + 9
        places.append((x, y))
        x += width + 16
    return places


def order_nodes(flows: pd.DataFrame, columns: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Order the nodes of each column of a flow, from the last column but one to the first, so that few bands cross.

    Nodes are sorted by the mean place, weighted by statements, of those that they lead to in the next column
    (barycentre heuristic, Sugiyama, Tagawa and Toda 1981); those that lead nowhere come last.
    """
    ordered = {kind: list(nodes) for kind, nodes in columns.items()}
    for here, there in list(pairwise(columns))[::-1]:
        places = flows[there].map(ordered[there].index).astype(float) * flows["statements"]
        means = (places.groupby(flows[here]).sum() / flows.groupby(here)["statements"].sum()).to_dict()
        ordered[here].sort(key=lambda node: means.get(node, np.inf))
    return ordered


def _place_boxes(nodes: pd.DataFrame, flows: pd.DataFrame) -> tuple[pd.DataFrame, float]:
    """Return the boxes of issuers, types and goals, the lesser columns centred, and how wide a statement is."""
    columns = order_nodes(flows, {kind: list(nodes.index[nodes["kind"] == kind]) for kind in PLACES})
    scale = min(0.45, 115 / max(1, flows["statements"].sum()))
    boxes = []
    for kind, (_, _, room, _, _) in PLACES.items():
        column = nodes.loc[columns[kind]]
        lines = pd.Series([drawing.wrap_text(label, room) for label in column["label"]], column.index)
        if kind != "type":
            lines += "\n" + column["count"].astype(str)
        heights = np.maximum((lines.str.count("\n") + 1) * drawing.LEADING + 1.8, column["count"] * scale)
        boxes.append(column.assign(label=lines, height=heights))
    tallest = max(box["height"].sum() + 2 * (len(box) - 1) for box in boxes)
    for box in boxes:
        spare = tallest - box["height"].sum()
        gap = min(26, spare / max(1, len(box) - 1))
        box["bottom"] = 12 + (spare - gap * (len(box) - 1)) / 2 + (box["height"] + gap).cumsum() - gap
        box["middle"] = box["bottom"] - box["height"] / 2
    return pd.concat(boxes), scale


def _draw_bands(ax: Axes, flows: pd.DataFrame, start: str, stop: str, boxes: pd.DataFrame, scale: float) -> None:
    """Draw a band per issuer and pair of nodes, wide ones first; at a node they lie in the order of the other ends."""
    bands = flows.groupby(sorted({start, stop, "issuer"}))[["statements"]].sum().reset_index()
    rank = {node: place for place, node in enumerate(boxes.index)}
    for name, end, other in (("y", start, stop), ("z", stop, start)):
        bands = bands.sort_values([end, other, "issuer"], key=lambda column: column.map(rank))
        above = bands.groupby(end)["statements"].cumsum() - bands["statements"]
        tops = bands[end].map(boxes["middle"] - boxes["count"] * scale / 2).astype(float)
        bands = bands.assign(**{name: tops + above * scale})
    way, colours = np.linspace(0, 1, 25), boxes["colour"]
    x = PLACES[start][1] + (PLACES[stop][0] - PLACES[start][1]) * way
    for band in iterate_rows(bands.sort_values("statements", ascending=False, kind="stable")):
        y = band.y + (band.z - band.y) * way**2 * (3 - 2 * way)
        ax.fill_between(x, y, y + band.statements * scale, color=colours[band.issuer], alpha=0.88, linewidth=0.15)


def _draw_boxes(ax: Axes, boxes: pd.DataFrame, scale: float, language: Language) -> None:
    """Draw the nodes of the flow, write their labels and counts, and what each column is."""
    for kind, (left, right, _, align, shift) in PLACES.items():
        write(ax, left + shift, 4, drawing.read_words(language)[kind], align=align, bold=True)
        for box in iterate_rows(boxes[boxes["kind"] == kind]):
            height = box.height if kind == "type" else box.count * scale
            fill = drawing.FILL if kind == "type" else box.colour
            ax.add_patch(Rectangle((left, box.middle - height / 2), right - left, height, facecolor=fill, linewidth=0))
            write(ax, left + shift, box.middle, box.label, align=align, colour=INK if box.count else PALE)
            if kind == "type":
                write(ax, right - 2, box.middle, str(box.count), align="right", colour=GREY)


def _draw_measures(ax: Axes, rows: pd.DataFrame, flows: pd.DataFrame, language: Language) -> None:
    """Write the measures by goal, and draw the statements of each as a bar below its label."""
    texts = rows.assign(middle=rows["middle"] - 1.3)
    drawing.write_headings(ax, rows, language)
    drawing.write_labels(ax, texts)
    for row in iterate_rows(texts):
        write(ax, row.x - 2, row.middle, str(row.count), align="right", colour=GREY)
    unit = min(3.0, 105 / max(1, rows["count"].max()))
    ends, bottoms = rows["x"].to_dict(), rows["bottom"].to_dict()
    bars = flows.groupby(["colour", "issuer", "measure"], sort=False)["statements"].sum().reset_index()
    for bar in iterate_rows(bars):
        corner, length = (ends[bar.measure], bottoms[bar.measure] - 3.4), bar.statements * unit
        ax.add_patch(Rectangle(corner, length, 2.4, facecolor=bar.colour, edgecolor="#ffffff", linewidth=0.3))
        ends[bar.measure] += length

"""Figures of finished networks and tables, in Chinese and English, at the size at which they are printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import networkx as nx
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path as Curve

from analysis.canvas import (
    BLUES, COLOURS, FILL, GREY, INK, LEADING, LINE, PALE, SIZE, WIDTH, WORDS, Language, make_canvas, name_coder, write_lines,
)  # fmt: skip
from analysis.layout import fit_labels, measure_text, order_columns, place_boxes, wrap_text

KINDS = ("issuer", "type", "measure")
TOP, HEADING, ROW_GAP, NUMBER, BAR, TYPE_WIDTH = 15.0, 14.0, 1.6, 13.0, 3.0, 58.0
LABELS = {"zh": 78.0, "en": 116.0}
"""Room for the labels of a matrix."""


@dataclass(frozen=True)
class Box:
    """A node as it is drawn: where its box lies, the lines of its label, and how many statements it has."""

    left: float
    right: float
    middle: float
    height: float
    lines: list[str]
    turned: bool
    count: int


def list_nodes(network: nx.Graph[str], kind: str) -> list[str]:
    """Return the ids of the nodes of one kind, in the order of the network."""
    return [node for node, data in network.nodes(data=True) if data["kind"] == kind]


def tabulate_flows(network: nx.Graph[str]) -> pd.DataFrame:
    """Return who asks, or praises, whom for what, as counts.

    Returns
    -------
    DataFrame
        One row is an issuer, an organisation type and a measure (node ids) that at least one statement joins, with
        the number of these `statements`, the three labels in both languages and the `coder`.
    """
    issuer_of: dict[str, str] = {}
    rows = []
    for issuer in list_nodes(network, "issuer"):
        for other in network[issuer]:
            issuer_of |= dict.fromkeys(network.edges[issuer, other]["statement_ids"], issuer)
    for actor in list_nodes(network, "type"):
        for measure in (node for node in network[actor] if network.nodes[node]["kind"] == "measure"):
            ids = network.edges[actor, measure]["statement_ids"]
            rows += [(issuer_of[statement_id], actor, measure) for statement_id in ids]
    flows = pd.DataFrame(rows, columns=list(KINDS)).value_counts(sort=False).rename("statements").reset_index()
    for kind in KINDS:
        for language in ("zh", "en"):
            flows[f"{kind}_{language}"] = flows[kind].map(nx.get_node_attributes(network, f"label_{language}"))
    return flows.assign(coder=_find_coder(network))


def tabulate_rates(network: nx.Graph[str], kind: Literal["type", "measure"]) -> pd.DataFrame:
    """Return how often each issuer names each organisation type or measure.

    Returns
    -------
    DataFrame
        One row is a `code` (node id) and an `issuer`, zeros included: `statements` (count) and `rate` (statements
        per 1,000 characters of the issuer's texts), the labels of both in both languages, the `block` of the code,
        which is the goal of a measure or the group of a type, and the `coder`.
    """
    rows = []
    for code in list_nodes(network, kind):
        data = network.nodes[code]
        for issuer in list_nodes(network, "issuer"):
            edge = network.get_edge_data(code, issuer, {"statements": 0, "rate": 0.0})
            labels = [node[f"label_{language}"] for node in (data, network.nodes[issuer]) for language in ("zh", "en")]
            block = data.get("goal") or data.get("group") or ""
            rows.append((kind, code, issuer, edge["statements"], edge["rate"], *labels, block, _find_coder(network)))
    names = ["code_zh", "code_en", "issuer_zh", "issuer_en", "block", "coder"]
    return pd.DataFrame(rows, columns=["kind", "code", "issuer", "statements", "rate", *names])


def draw_tripartite(network: nx.Graph[str], *, language: Language) -> Figure:
    """Draw issuers, organisation types and measures, one column wide.

    Every statement runs from its issuer through the type that is to act to its measure. The width of a band is a
    number of statements, its colour the issuer; measures stand by goal with their number of statements; what nobody
    states is pale. Few bands cross: see `analysis.layout.order_columns`.
    """
    flows = tabulate_flows(network)
    links: dict[tuple[str, str], int] = {}
    for first, second in pairwise(KINDS):
        links |= flows.groupby([first, second])["statements"].sum().to_dict()
    goals = {node: str(network.nodes[node].get("goal", "")) for node in network}
    columns = order_columns([list_nodes(network, kind) for kind in KINDS], links, blocks=goals)
    scale = min(0.5, 130 / max(1, flows["statements"].sum()))
    boxes = _place_nodes(network, columns, links, goals, scale=scale, language=language)
    bottom = max(box.middle + box.height / 2 for box in boxes.values())
    figure, ax = make_canvas(bottom + 29)
    colours = dict(zip(list_nodes(network, "issuer"), COLOURS * len(columns[0]), strict=False))
    rank = {node: place for column in columns for place, node in enumerate(column)}
    legs = flows.groupby(["issuer", "type"], as_index=False)["statements"].sum()
    _draw_bands(ax, legs, ("issuer", "type"), boxes, rank, colours, scale)
    _draw_bands(ax, flows, ("type", "measure"), boxes, rank, colours, scale)
    _draw_nodes(ax, columns, boxes, colours, scale)
    _draw_words(ax, columns, boxes, goals, language)
    _draw_key(ax, bottom + 13, links, _find_coder(network), scale, language)
    return figure


def _find_coder(network: nx.Graph[str]) -> str:
    return next((str(coder) for _, _, coder in network.edges(data="coder") if coder), "")


def _place_nodes(
    network: nx.Graph[str], columns: Sequence[Sequence[str]], links: Mapping[tuple[str, str], int],
    goals: Mapping[str, str], *, scale: float, language: Language,
) -> dict[str, Box]:  # fmt: skip
    """Return the box of every node: measures as a list, types and issuers as near to their links as can be."""
    label = nx.get_node_attributes(network, f"label_{language}")
    issuers, types, measures = columns
    room = min(90.0, max(measure_text(label[node], SIZE) for node in measures) + 1)
    labels, turned = fit_labels([label[node] for node in issuers], width=48.2, length=80, size=SIZE)
    fits = {node: (lines, turned) for node, lines in zip(issuers, labels, strict=True)}
    fits |= {node: (wrap_text(label[node], width=TYPE_WIDTH - 3, size=SIZE), False) for node in types}
    fits |= {node: (wrap_text(label[node], width=room, size=SIZE), False) for node in measures}
    counts = {node: sum(n for (a, b), n in links.items() if node == (b if node in measures else a)) for node in fits}
    heights = {node: max(_extent(*fit), counts[node] * scale) for node, fit in fits.items()}
    heights |= {node: max(heights[node], len(fits[node][0]) * LEADING + 3) for node in types}
    middles = _stack({node: heights[node] for node in measures}, goals, top=TOP - HEADING / 2, gap=ROW_GAP)
    bottom = middles[measures[-1]] + heights[measures[-1]] / 2
    for nodes, gap in ((types, 3.0), (issuers, 8.0)):
        wanted = [_mean_middle(node, links, middles, default=bottom) for node in nodes]
        placed = place_boxes(wanted, [heights[node] for node in nodes], gap=gap, top=TOP, bottom=bottom)
        middles |= dict(zip(nodes, placed.tolist(), strict=True))
    start = 2 + max(_extent(*fits[node], across=True) for node in issuers)
    end = WIDTH - room - NUMBER
    middle = (start + BAR + end - TYPE_WIDTH) / 2
    sides = dict.fromkeys(issuers, (start, start + BAR)) | dict.fromkeys(types, (middle, middle + TYPE_WIDTH))
    sides |= dict.fromkeys(measures, (end, WIDTH))
    return {node: Box(*sides[node], middles[node], heights[node], *fits[node], counts[node]) for node in fits}


def _extent(lines: Sequence[str], turned: bool, *, across: bool = False) -> float:
    """Return the height of a label, or its width (`across`)."""
    return max(measure_text(line, SIZE) for line in lines) if turned != across else len(lines) * LEADING


def _stack(heights: Mapping[str, float], blocks: Mapping[str, str], *, top: float, gap: float) -> dict[str, float]:
    """Return the middles of rows that stand one below the other, with room for a heading above each block."""
    middles, bottom, block = {}, top, None
    for row, height in heights.items():
        bottom += HEADING if blocks[row] != block else gap
        middles[row] = bottom + height / 2
        bottom, block = bottom + height, blocks[row]
    return middles


def _write_blocks(ax: Axes, x: float, tops: Mapping[str, float], blocks: Mapping[str, str], language: Language) -> None:
    """Write the name of each block above the top of its first row."""
    for before, row in pairwise(["", *tops]):
        if blocks[row] != blocks.get(before):
            name = WORDS[language].get(blocks[row], blocks[row])
            write_lines(ax, x, tops[row] - LEADING / 2 - 1, [name], colour=GREY, bold=True)


def _mean_middle(
    node: str, links: Mapping[tuple[str, str], int], middles: Mapping[str, float], *, default: float
) -> float:
    pairs = [(middles[b], n) for (a, b), n in links.items() if a == node and b in middles]
    return sum(y * n for y, n in pairs) / sum(n for _, n in pairs) if pairs else default


def _draw_bands(
    ax: Axes, flows: pd.DataFrame, ends: tuple[str, str], boxes: Mapping[str, Box], rank: Mapping[str, int],
    colours: Mapping[str, str], scale: float,
) -> None:  # fmt: skip
    """Draw one band per row of `flows`, thick ones below; at a node they lie in the order of their other ends."""
    first, second = ends
    starts = _stack_bands(flows, first, [second, "issuer"], boxes, rank, scale)
    stops = _stack_bands(flows, second, [first, "issuer"], boxes, rank, scale)
    bands = flows.assign(start=starts, stop=stops).sort_values("statements", ascending=False, kind="stable")
    codes = [Curve.MOVETO, *[Curve.CURVE4] * 3, Curve.LINETO, *[Curve.CURVE4] * 3, Curve.CLOSEPOLY]
    for band in bands.to_dict("records"):
        left, right, width = boxes[band[first]].right, boxes[band[second]].left, band["statements"] * scale
        centre, y, z = (left + right) / 2, band["start"], band["stop"]
        upper = [(left, y), (centre, y), (centre, z), (right, z)]
        lower = [(right, z + width), (centre, z + width), (centre, y + width), (left, y + width)]
        shape = Curve([*upper, *lower, (left, y)], codes)
        ax.add_patch(PathPatch(shape, color=colours[band["issuer"]], alpha=0.85, linewidth=0.15))


def _stack_bands(
    flows: pd.DataFrame, end: str, others: list[str], boxes: Mapping[str, Box], rank: Mapping[str, int], scale: float
) -> pd.Series[float]:
    """Return the upper edge of each band at one of its ends."""
    keys = list(dict.fromkeys([end, *others]))
    order = flows[keys].apply(lambda column: column.map(rank)).sort_values(keys).index
    sizes = flows.loc[order, "statements"]
    above = sizes.groupby(flows[end]).cumsum() - sizes
    tops = flows[end].map({node: box.middle - box.count * scale / 2 for node, box in boxes.items()})
    return tops + above * scale


def _draw_nodes(
    ax: Axes, columns: Sequence[Sequence[str]], boxes: Mapping[str, Box], colours: Mapping[str, str], scale: float
) -> None:
    issuers, types, measures = columns
    for node in issuers:
        box, height = boxes[node], boxes[node].count * scale
        ax.add_patch(Rectangle((box.left, box.middle - height / 2), BAR, height, facecolor=colours[node], linewidth=0))
        x = (box.left - 2) / 2 if box.turned else box.left - 2
        align = "center" if box.turned else "right"
        write_lines(ax, x, box.middle, box.lines, align=align, colour=_shade(box), turned=box.turned)
    for node in types:
        box, top = boxes[node], boxes[node].middle - boxes[node].height / 2
        ax.add_patch(Rectangle((box.left, top), TYPE_WIDTH, box.height, facecolor=FILL, linewidth=0))
        write_lines(ax, (box.left + box.right) / 2, box.middle, box.lines, align="center", colour=_shade(box))
    for node in measures:
        box = boxes[node]
        write_lines(ax, box.left + NUMBER - 4, box.middle, [str(box.count)], align="right", colour=_shade(box, GREY))
        write_lines(ax, box.left + NUMBER, box.middle, box.lines, colour=_shade(box))


def _shade(box: Box, colour: str = INK) -> str:
    return colour if box.count else PALE


def _draw_words(
    ax: Axes, columns: Sequence[Sequence[str]], boxes: Mapping[str, Box], goals: Mapping[str, str], language: Language
) -> None:
    """Write what each column is, and the goal above its first measure."""
    words = WORDS[language]
    issuer, actor, measure = (boxes[column[0]] for column in columns)
    x, align = (0.0, "left") if issuer.turned else (issuer.left - 2, "right")
    write_lines(ax, x, 4, [words["issuer"]], align=align, bold=True)
    write_lines(ax, (actor.left + actor.right) / 2, 4, [words["type"]], align="center", bold=True)
    write_lines(ax, measure.left + NUMBER, 4, [words["measure"]], bold=True)
    tops = {node: boxes[node].middle - boxes[node].height / 2 for node in columns[2]}
    _write_blocks(ax, measure.left + NUMBER, tops, goals, language)


def _draw_key(
    ax: Axes, y: float, links: Mapping[tuple[str, str], int], coder: str, scale: float, language: Language
) -> None:
    """Write the number of statements and the coder, and show how wide 1, 5 and 20 statements are."""
    words = WORDS[language]
    total = sum(n for (a, _), n in links.items() if a.startswith("issuer:"))
    key = (words["total"].format(total), name_coder(coder, language))
    write_lines(ax, 0, y, [words["joint"].join(key)], colour=GREY)
    write_lines(ax, 0, y + LEADING + 3, [words["width"]], colour=GREY)
    x = measure_text(words["width"], SIZE) + 6
    for number in (1, 5, 20):
        height = number * scale
        ax.add_patch(Rectangle((x, y + LEADING + 3 - height / 2), 14, height, facecolor=GREY, linewidth=0))
        write_lines(ax, x + 17, y + LEADING + 3, [str(number)], colour=GREY)
        x += 32


def draw_matrix(rates: pd.DataFrame, *, language: Language) -> Figure:
    """Draw how often each issuer names each organisation type or measure, one column wide: darker is more often.

    Parameters
    ----------
    rates
        One row is a code and an issuer, from `tabulate_rates`. Codes of one block stand together, the most frequent
        (mean of the rates) first; zeros are shown.
    """
    issuers, codes = rates.drop_duplicates("issuer").set_index("issuer"), _order_codes(rates)
    room = 4 + min(LABELS[language], max(measure_text(text, SIZE) for text in codes[f"code_{language}"]))
    labels = {code: wrap_text(text, width=room - 3, size=SIZE) for code, text in codes[f"code_{language}"].items()}
    heights = {code: max(9.8, len(lines) * LEADING + 2.2) for code, lines in labels.items()}
    cell = (WIDTH - room) / len(issuers)
    heads, turned = fit_labels(list(issuers[f"issuer_{language}"]), width=cell - 2, length=84, size=SIZE)
    top = 4 + LEADING + max(_extent(lines, turned) for lines in heads)
    middles = _stack(heights, codes["block"].to_dict(), top=top, gap=0)
    tops = {code: middles[code] - heights[code] / 2 for code in middles}
    bottom = max(tops[code] + heights[code] for code in tops)
    figure, ax = make_canvas(bottom + 13)
    places = {issuer: room + number * cell for number, issuer in enumerate(issuers.index)}
    _draw_heads(ax, rates, dict(zip(places.values(), heads, strict=True)), top, cell, turned)
    _draw_cells(ax, rates, places, tops, heights, cell)
    write_lines(ax, 0, top - LEADING / 2, [WORDS[language][rates["kind"].iloc[0]]], bold=True)
    _write_blocks(ax, 0, tops, codes["block"].to_dict(), language)
    for code, lines in labels.items():
        write_lines(ax, 0, middles[code], lines, colour=INK if codes.at[code, "mean"] else PALE)
    key = (WORDS[language]["rate"], name_coder(rates["coder"].iloc[0], language))
    write_lines(ax, 0, bottom + 9, [WORDS[language]["joint"].join(key)], colour=GREY)
    return figure


def _order_codes(rates: pd.DataFrame) -> pd.DataFrame:
    """Return one row per code, blocks in order of appearance, the most frequent code of a block first."""
    ranks = {block: rank for rank, block in enumerate(rates["block"].unique())}
    codes = rates.assign(rank=rates["block"].map(ranks), mean=rates.groupby("code")["rate"].transform("mean"))
    codes = codes.drop_duplicates("code").sort_values("mean", ascending=False, kind="stable")
    return codes.sort_values("rank", kind="stable").set_index("code")


def _draw_heads(
    ax: Axes, rates: pd.DataFrame, heads: Mapping[float, list[str]], top: float, cell: float, turned: bool
) -> None:
    """Write the issuers above their columns, and how many statements each column holds."""
    totals = rates.groupby("issuer", sort=False)["statements"].sum()
    for (left, lines), total in zip(heads.items(), totals, strict=True):
        y = top - LEADING - 2 - (0 if turned else len(lines) * LEADING / 2)
        write_lines(ax, left + cell / 2, y, lines, align="left" if turned else "center", turned=turned)
        write_lines(ax, left + cell / 2, top - LEADING / 2, [f"n = {total}"], align="center", colour=GREY)


def _draw_cells(
    ax: Axes, rates: pd.DataFrame, places: Mapping[str, float], tops: Mapping[str, float],
    heights: Mapping[str, float], cell: float,
) -> None:  # fmt: skip
    """Draw each rate as a shade and a number; zeros stay white and read 0."""
    highest = rates["rate"].max() or 1.0
    for row in rates.itertuples():
        x, y, height = places[row.issuer], tops[row.code], heights[row.code]
        shade = to_rgb(BLUES(row.rate / highest)[:3]) if row.rate else (1.0, 1.0, 1.0)
        ax.add_patch(Rectangle((x, y), cell, height, facecolor=shade, edgecolor=LINE, linewidth=0.4))
        dark = np.dot(shade, (0.299, 0.587, 0.114)) < 0.5
        colour = "#ffffff" if dark else INK if row.rate else PALE
        number = f"{row.rate:.1f}" if row.rate >= 0.05 else "<0.1" if row.rate else "0"
        write_lines(ax, x + cell / 2, y + height / 2, [number], align="center", colour=colour)

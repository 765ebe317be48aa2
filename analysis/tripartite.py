"""The tripartite figure: issuers, the organisation types that they ask or praise, and the measures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import networkx as nx
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path as Curve

from analysis.canvas import (
    COLOURS,
    FILL,
    GREY,
    HEADING,
    INK,
    LEADING,
    PALE,
    SIZE,
    WIDTH,
    WORDS,
    Align,
    Language,
    find_coder,
    list_nodes,
    make_canvas,
    measure_label,
    name_coder,
    stack_rows,
    write_blocks,
    write_lines,
)
from analysis.figures import KINDS, tabulate_flows
from analysis.layout import fit_labels, measure_text, order_columns, place_boxes, wrap_text

TOP, ROW_GAP, BAR, TYPE_WIDTH = 15.0, 1.6, 3.0, 58.0


@dataclass(frozen=True)
class Box:
    """A node as it is drawn: its box (a measure's ends where its label begins), its label, its statements."""

    left: float
    right: float
    middle: float
    height: float
    lines: list[str]
    turned: bool
    count: int


def draw_tripartite(network: nx.Graph[str], *, language: Language) -> Figure:
    """Draw issuers, organisation types and measures, one column wide.

    Every statement runs from its issuer through the type that is to act to its measure. The width of a band is a
    number of statements, its colour the issuer; measures stand by goal with their number of statements; what nobody
    states is pale. Few bands cross: see `analysis.layout.order_columns`.
    """
    flows = tabulate_flows(network)
    links = _count_links(flows)
    goals = {node: str(network.nodes[node].get("goal", "")) for node in network}
    columns = order_columns([list_nodes(network, kind) for kind in KINDS], links, blocks=goals)
    scale = min(0.5, 130 / max(1, flows["statements"].sum()))
    boxes = _place_nodes(network, columns, links, goals, scale=scale, language=language)
    bottom = max(box.middle + box.height / 2 for box in boxes.values())
    figure, ax = make_canvas(bottom + 29)
    colours = dict(zip(list_nodes(network, "issuer"), COLOURS * len(columns[0]), strict=False))
    rank = {node: place for column in columns for place, node in enumerate(column)}
    legs = flows.groupby(["issuer", "type"])["statements"].sum().reset_index()
    _draw_bands(ax, legs, ("issuer", "type"), boxes, rank, colours, scale)
    _draw_bands(ax, flows, ("type", "measure"), boxes, rank, colours, scale)
    _draw_nodes(ax, columns, boxes, colours, scale)
    _draw_words(ax, columns, boxes, goals, language)
    _draw_key(ax, bottom + 13, links, find_coder(network), scale, language)
    return figure


def _count_links(flows: pd.DataFrame) -> dict[tuple[str, str], int]:
    links: dict[tuple[str, str], int] = {}
    for row in flows.to_dict("records"):
        for ends in pairwise(row[kind] for kind in KINDS):
            links[ends] = links.get(ends, 0) + row["statements"]
    return links


def _place_nodes(
    network: nx.Graph[str], columns: Sequence[Sequence[str]], links: Mapping[tuple[str, str], int],
    goals: Mapping[str, str], *, scale: float, language: Language,
) -> dict[str, Box]:  # fmt: skip
    """Return the box of every node: measures as a list, types and issuers as near to their links as can be."""
    label = nx.get_node_attributes(network, f"label_{language}")
    issuers, types, measures = columns
    room = min(90.0, max(measure_text(label[node], SIZE) for node in measures) + 1)
    fits = _wrap_labels(label, columns, room)
    counts = {node: sum(n for (a, b), n in links.items() if node == (b if node in measures else a)) for node in fits}
    heights = {node: max(measure_label(*fit), counts[node] * scale) for node, fit in fits.items()}
    heights |= {node: max(heights[node], len(fits[node][0]) * LEADING + 3) for node in types}
    middles = stack_rows({node: heights[node] for node in measures}, goals, top=TOP - HEADING / 2, gap=ROW_GAP)
    bottom = middles[measures[-1]] + heights[measures[-1]] / 2
    for nodes, gap in ((types, 3.0), (issuers, 8.0)):
        wanted = [_mean_middle(node, links, middles, default=bottom) for node in nodes]
        placed = place_boxes(wanted, [heights[node] for node in nodes], gap=gap, top=TOP, bottom=bottom)
        middles |= dict(zip(nodes, placed.tolist(), strict=True))
    start = 2 + max(measure_label(*fits[node], across=True) for node in issuers)
    end = WIDTH - room - 7.5 - measure_text(str(max(counts[node] for node in measures)), SIZE)
    middle = (start + BAR + end - TYPE_WIDTH) / 2
    sides = dict.fromkeys(issuers, (start, start + BAR)) | dict.fromkeys(types, (middle, middle + TYPE_WIDTH))
    sides |= dict.fromkeys(measures, (end, WIDTH - room))
    return {node: Box(*sides[node], middles[node], heights[node], *fits[node], counts[node]) for node in fits}


def _wrap_labels(
    label: Mapping[str, str], columns: Sequence[Sequence[str]], room: float
) -> dict[str, tuple[list[str], bool]]:
    """Return the lines of each label, and whether they are turned."""
    issuers, types, measures = columns
    labels, turned = fit_labels([label[node] for node in issuers], width=48.2, length=80, size=SIZE)
    fits = {node: (lines, turned) for node, lines in zip(issuers, labels, strict=True)}
    fits |= {node: (wrap_text(label[node], width=TYPE_WIDTH - 3, size=SIZE), False) for node in types}
    return fits | {node: (wrap_text(label[node], width=room, size=SIZE), False) for node in measures}


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
    upper: pd.Series[float] = tops + above * scale
    return upper


def _draw_nodes(
    ax: Axes, columns: Sequence[Sequence[str]], boxes: Mapping[str, Box], colours: Mapping[str, str], scale: float
) -> None:
    issuers, types, measures = columns
    for node in issuers:
        box, height = boxes[node], boxes[node].count * scale
        ax.add_patch(Rectangle((box.left, box.middle - height / 2), BAR, height, facecolor=colours[node], linewidth=0))
        x, align = _find_anchor(box)
        write_lines(ax, x, box.middle, box.lines, align=align, colour=_shade(box), turned=box.turned)
    for node in types:
        box, top = boxes[node], boxes[node].middle - boxes[node].height / 2
        ax.add_patch(Rectangle((box.left, top), TYPE_WIDTH, box.height, facecolor=FILL, linewidth=0))
        write_lines(ax, (box.left + box.right) / 2, box.middle, box.lines, align="center", colour=_shade(box))
    for node in measures:
        box = boxes[node]
        write_lines(ax, box.right - 4, box.middle, [str(box.count)], align="right", colour=_shade(box, GREY))
        write_lines(ax, box.right, box.middle, box.lines, colour=_shade(box))


def _find_anchor(box: Box) -> tuple[float, Align]:
    return ((box.left - 2) / 2, "center") if box.turned else (box.left - 2, "right")


def _shade(box: Box, colour: str = INK) -> str:
    return colour if box.count else PALE


def _draw_words(
    ax: Axes, columns: Sequence[Sequence[str]], boxes: Mapping[str, Box], goals: Mapping[str, str], language: Language
) -> None:
    """Write what each column is, and the goal above its first measure."""
    words = WORDS[language]
    issuer, actor, measure = (boxes[column[0]] for column in columns)
    right = max(issuer.left - 2, measure_text(words["issuer"], SIZE * 1.1))
    write_lines(ax, right, 4, [words["issuer"]], align="right", bold=True)
    write_lines(ax, (actor.left + actor.right) / 2, 4, [words["type"]], align="center", bold=True)
    write_lines(ax, measure.right, 4, [words["measure"]], bold=True)
    tops = {node: boxes[node].middle - boxes[node].height / 2 for node in columns[2]}
    write_blocks(ax, measure.right, tops, goals, language)


def _draw_key(
    ax: Axes, y: float, links: Mapping[tuple[str, str], int], coder: str, scale: float, language: Language
) -> None:
    """Write the number of statements and the coder, and show how wide 1, 5 and 20 statements are (or tens of them)."""
    words = WORDS[language]
    total = sum(n for (a, _), n in links.items() if a.startswith("issuer:"))
    key = (words["total"].format(total), name_coder(coder, language))
    write_lines(ax, 0, y, [words["joint"].join(key)], colour=GREY)
    write_lines(ax, 0, y + LEADING + 3, [words["width"]], colour=GREY)
    x = measure_text(words["width"], SIZE) + 6
    for number in np.array([1, 5, 20]) * 10 ** int(np.log10(0.5 / scale)):
        height = max(0.3, number * scale)
        ax.add_patch(Rectangle((x, y + LEADING + 3 - height / 2), 14, height, facecolor=GREY, linewidth=0))
        write_lines(ax, x + 17, y + LEADING + 3, [str(number)], colour=GREY)
        x += 32

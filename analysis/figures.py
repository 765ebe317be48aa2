"""Tables behind the figures, and the matrix: how often each issuer states each measure, or asks each type."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import networkx as nx
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from analysis.canvas import (
    BLUES,
    GREY,
    INK,
    LEADING,
    LINE,
    PALE,
    SIZE,
    WIDTH,
    WORDS,
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
from analysis.layout import fit_labels, measure_text, wrap_text

KINDS = ("issuer", "type", "measure")
LABELS = {"zh": 78.0, "en": 116.0}
"""Room for the labels of rows."""


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
    return flows.assign(coder=find_coder(network))


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
            rows.append((kind, code, issuer, edge["statements"], edge["rate"], *labels, block, find_coder(network)))
    names = ["code_zh", "code_en", "issuer_zh", "issuer_en", "block", "coder"]
    return pd.DataFrame(rows, columns=["kind", "code", "issuer", "statements", "rate", *names])


def draw_matrix(rates: pd.DataFrame, *, language: Language) -> Figure:
    """Draw how often each issuer names each organisation type or measure, one column wide: darker is more often.

    Parameters
    ----------
    rates
        One row is a code and an issuer, from `tabulate_rates`. Codes of one block stand together, the most frequent
        (mean of the rates) first; zeros are shown.
    """
    issuers, codes = rates.drop_duplicates("issuer"), _order_codes(rates)
    room = 4 + min(LABELS[language], max(measure_text(text, SIZE) for text in codes[f"code_{language}"]))
    lines = [wrap_text(text, width=room - 3, size=SIZE) for text in codes[f"code_{language}"]]
    heights = {code: max(9.8, len(label) * LEADING + 2.2) for code, label in zip(codes["code"], lines, strict=True)}
    width = (WIDTH - room) / len(issuers)
    heads, turned = fit_labels(list(issuers[f"issuer_{language}"]), width=width - 2, length=84, size=SIZE)
    top = 4 + LEADING + max(measure_label(head, turned) for head in heads)
    blocks: dict[str, str] = dict(zip(codes["code"], codes["block"], strict=True))
    middles = stack_rows(heights, blocks, top=top, gap=0)
    tops = {code: middle - heights[code] / 2 for code, middle in middles.items()}
    bottom = max(tops[code] + heights[code] for code in tops)
    figure, ax = make_canvas(bottom + 13)
    places = {issuer: room + number * width for number, issuer in enumerate(issuers["issuer"])}
    cells = rates.assign(x=rates["issuer"].map(places), y=rates["code"].map(tops), height=rates["code"].map(heights))
    _draw_cells(ax, cells, width)
    _write_heads(ax, cells, heads, turned, top, width)
    words = WORDS[language]
    write_lines(ax, 0, top - LEADING / 2, [words[rates["kind"].iloc[0]]], bold=True)
    write_blocks(ax, 0, tops, blocks, language)
    for code, label, mean in zip(codes["code"], lines, codes["mean"], strict=True):
        write_lines(ax, 0, middles[code], label, colour=INK if mean else PALE)
    key = words["joint"].join((words["rate"], name_coder(rates["coder"].iloc[0], language)))
    write_lines(ax, 0, bottom + 9, [key], colour=GREY)
    return figure


def _order_codes(rates: pd.DataFrame) -> pd.DataFrame:
    """Return one row per code, blocks in order of appearance, the most frequent code of a block first."""
    ranks = {block: rank for rank, block in enumerate(rates["block"].unique())}
    codes = rates.assign(rank=rates["block"].map(ranks), mean=rates.groupby("code")["rate"].transform("mean"))
    codes = codes.drop_duplicates("code").sort_values("mean", ascending=False, kind="stable")
    return codes.sort_values("rank", kind="stable")


def _write_heads(
    ax: Axes, cells: pd.DataFrame, heads: Sequence[Sequence[str]], turned: bool, top: float, width: float
) -> None:
    """Write the issuers above their columns, and how many statements each column holds."""
    totals = cells.groupby("x")["statements"].sum()
    for x, head, total in zip(totals.index, heads, totals, strict=True):
        y = top - LEADING - 2 - (0 if turned else len(head) * LEADING / 2)
        write_lines(ax, x + width / 2, y, head, align="left" if turned else "center", turned=turned)
        write_lines(ax, x + width / 2, top - LEADING / 2, [f"n = {total}"], align="center", colour=GREY)


def _draw_cells(ax: Axes, cells: pd.DataFrame, width: float) -> None:
    """Draw each rate as a shade and a number; zeros stay white and read 0."""
    highest = cells["rate"].max() or 1.0
    for cell in cells.to_dict("records"):
        x, y, height, rate = (float(cell[name]) for name in ("x", "y", "height", "rate"))
        shade = BLUES(rate / highest) if rate else (1.0, 1.0, 1.0, 1.0)
        ax.add_patch(Rectangle((x, y), width, height, facecolor=shade, edgecolor=LINE, linewidth=0.4))
        dark = np.dot(shade[:3], (0.299, 0.587, 0.114)) < 0.5
        colour = "#ffffff" if dark else INK if rate else PALE
        number = f"{rate:.1f}" if rate >= 0.05 else "<0.1" if rate else "0"
        write_lines(ax, x + width / 2, y + height / 2, [number], align="center", colour=colour)

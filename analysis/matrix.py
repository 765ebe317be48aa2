"""The matrix: how often each issuer states each measure, or names each organisation type."""

from __future__ import annotations

from itertools import product
from typing import Literal

import networkx as nx
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import Normalize
from matplotlib.figure import Figure

from analysis import drawing
from analysis.drawing import GREY, INK, LEADING, WIDTH, Language, measure_text, wrap_text, write

ROOM = {"zh": 82.0, "en": 116.0}
"""For the labels of the rows, at most."""


def tabulate_rates(network: nx.Graph[str], kind: Literal["type", "measure"]) -> pd.DataFrame:
    """Return how often each issuer names each organisation type or measure.

    One row is a `code` (node id) and an `issuer`, zeros included: `statements` (count) and `rate` (statements
    per 1,000 characters of the issuer's texts), the labels of both in both languages, the `block` of the code,
    which is the goal of a measure or the group of a type, and the `coder`.
    """
    codes, issuers = ([node for node, data in network.nodes.items() if data["kind"] == k] for k in (kind, "issuer"))
    coder = next((coder for _, _, coder in network.edges(data="coder") if coder), "")
    rows = []
    for code, issuer in product(codes, issuers):
        edge = network.get_edge_data(code, issuer, {"statements": 0, "rate": 0.0})
        labels = [network.nodes[node][f"label_{language}"] for node in (code, issuer) for language in ("zh", "en")]
        block = network.nodes[code].get("goal") or network.nodes[code].get("group") or ""
        rows.append((kind, code, issuer, edge["statements"], edge["rate"], *labels, block, coder))
    names = ["code_zh", "code_en", "issuer_zh", "issuer_en", "block", "coder"]
    return pd.DataFrame(rows, columns=["kind", "code", "issuer", "statements", "rate", *names])


def draw_matrix(rates: pd.DataFrame, *, language: Language) -> Figure:
    """Draw `tabulate_rates`, one column wide: darker is more often.

    Codes of one block stand together below the sum of the block, the most frequent (mean of the rates) first.
    """
    words, kind, coder = drawing.read_words(language), rates["kind"].iloc[0], rates["coder"].iloc[0]
    issuers = rates.groupby("issuer", sort=False).agg(label=(f"issuer_{language}", "first"), n=("statements", "sum"))
    table = rates.pivot(index="code", columns="issuer", values="rate")[issuers.index]
    codes = rates.groupby("code").agg(
        label=(f"code_{language}", "first"), block=("block", "first"), count=("rate", "mean")
    )
    codes = codes.loc[rates["code"].unique()]
    left = min(ROOM[language], 4 + max(map(measure_text, codes["label"])))
    width = (WIDTH - left) / len(issuers)
    heads = [wrap_text(label, width - 2) for label in issuers["label"]]
    turned = max(map(measure_text, heads)) > width - 2
    if turned:
        heads = [wrap_text(label, 50) for label in issuers["label"]]
    depth = max(measure_text(head) if turned else (head.count("\n") + 1) * LEADING for head in heads)
    rows = drawing.lay_rows(codes, top=depth + LEADING + 4, width=left - 3, spare=2.6)
    figure, ax = drawing.make_page(rows["bottom"].max() + 13)
    for number, (head, n) in enumerate(zip(heads, issuers["n"], strict=True)):
        x = left + (number + 0.5) * width
        write(ax, x, depth + 1 if turned else depth / 2, head, align="left" if turned else "center", turned=turned)
        write(ax, x, depth + LEADING, f"n = {n}", align="center", colour=GREY)
    write(ax, 0, depth + LEADING, words[kind], bold=True)
    drawing.write_headings(ax, rows, language)
    drawing.write_labels(ax, rows)
    for _, block in rows.groupby("block"):
        _draw_block(ax, block, table.loc[block.index], left, width, rates["rate"].max() or 1.0)
    write(ax, 0, rows["bottom"].max() + 9, words["rate"] + drawing.name_coder(coder, language), colour=GREY)
    return figure


def _draw_block(ax: Axes, rows: pd.DataFrame, table: pd.DataFrame, left: float, width: float, highest: float) -> None:
    """Draw each rate as a shade and a number, zeros white, and write the sum of the block above each column."""
    edges = left + width * np.arange(len(table.columns) + 1), [*rows["top"], rows["bottom"].max()]
    shades = Normalize(highest * 1e-6, highest)
    ax.pcolormesh(*edges, table, cmap=drawing.BLUES, norm=shades, edgecolor=drawing.LINE, linewidth=0.4)
    for x, (_, rates) in zip(edges[0] + width / 2, table.items(), strict=False):
        above = rows["top"].min() - drawing.ABOVE
        write(ax, x, above, _write_rate(rates.sum()), align="center", colour=GREY, bold=True)
        for y, rate in zip(rows["middle"], rates, strict=True):
            colour = "#ffffff" if rate > 0.7 * highest else INK if rate else drawing.PALE
            write(ax, x, y, _write_rate(rate), align="center", colour=colour)


def _write_rate(rate: float) -> str:
    return f"{rate:.1f}" if rate >= 0.05 else "<0.1" if rate else "0"

"""The dumbbells: what two codings make of the network, measure by measure and pair of issuers by pair."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from analysis import drawing
from analysis.drawing import GREY, HEADING, INK, WIDTH, Language, write
from analysis.resampling import simulate_errors
from analysis.robustness import compare_networks
from analysis.twomode import build_two_mode

LEFT, RIGHT = {"zh": 101.0, "en": 119.0}, WIDTH - 39
COLUMNS = {"first": WIDTH - 17, "second": WIDTH}
"""Where the scales begin and end, and the right ends of the numbers of either coding."""


def tabulate_differences(
    first: pd.DataFrame, second: pd.DataFrame, confusion: pd.DataFrame, network: nx.Graph[str], *, seed: int
) -> pd.DataFrame:
    """Set the strength of every measure and the similarity of every two issuers side by side in two codings.

    `first`, the coding that errs, and `second`, which it is held against, come from `join_facts`; `confusion` says by
    measure how the first errs, from `tabulate_confusion`; the labels are those of `network`.

    One row is a measure or a `pair` of issuers (`kind`; `code`, node ids; labels; `block`, the goal of a measure),
    zeros included, the greatest of a block (by `second`) on top: `first` and `second`, statements or a cosine (0
    to 1, missing if an issuer is silent); `low` and `high`, which hold 95 % of what `first` may be without errors
    of the measured size, from `simulate_errors`; `first_coder`, `second_coder`.
    """
    counts, bounds = build_two_mode(first, "issuer", "measure"), ["low", "high"]
    strengths = simulate_errors(counts.sum().to_frame("all").T, confusion, statistic="count", seed=seed)
    cosines = simulate_errors(counts, confusion, statistic="similarity", seed=seed)
    differences = compare_networks(first, second, seed=seed)
    measures = differences.nodes.loc["measure"].join(strengths.set_index("measure")[bounds])
    pairs = differences.similarity.join(cosines.set_index(["first", "second"])[bounds].rename_axis(["one", "other"]))
    measures.index, pairs.index = "measure:" + measures.index, pairs.index.map("issuer:{0[0]} issuer:{0[1]}".format)
    table = pd.concat({"measure": measures, "pair": pairs}, names=["kind", "code"]).round(4).reset_index()
    for label in ("label_zh", "label_en"):
        table[label] = [" – ".join(network.nodes[node][label] for node in code.split()) for code in table["code"]]
    goals = [network.nodes.get(code, {}).get("goal", "pair") for code in table["code"]]
    table["block"] = pd.Categorical(goals, categories=list(dict.fromkeys(goals)))
    table = table.sort_values(["block", "second", "first"], ascending=[True, False, False], kind="stable")
    return table.assign(first_coder=next(iter(first["coder"]), ""), second_coder=next(iter(second["coder"]), ""))


def draw_differences(differences: pd.DataFrame, *, language: Language) -> Figure:
    """Draw `tabulate_differences`, one column wide: the first coding as dots, the second as rings, errors as lines."""
    words = drawing.read_words(language)
    coders = [drawing.name_coder(str(differences[f"{side}_coder"].iloc[0]), language) for side in COLUMNS]
    labels = differences.assign(label=differences[f"label_{language}"], count=1)
    kinds = {"measure": HEADING, "pair": 8}
    panels, bottom = [], 29.0
    for kind, above in kinds.items():
        panel = labels[labels["kind"] == kind]
        panels.append(drawing.lay_rows(panel, top=bottom + above, width=LEFT[language] - 5, spare=1.6))
        bottom = panels[-1]["bottom"].max()
    figure, ax = drawing.make_page(bottom)
    for kind, rows in zip(kinds, panels, strict=True):
        head = rows["top"].min() - drawing.ABOVE - (HEADING if kind == "measure" else 0)
        marks = _draw_panel(ax, rows, head, left=LEFT[language], whole=kind == "measure")
        write(ax, 0, head, words[f"{kind}_title"], bold=True)
        drawing.write_labels(ax, rows)
    drawing.write_headings(ax, panels[0], language)
    ax.legend(
        marks, [*coders, words["errors"]], prop=drawing.REGULAR, labelcolor=GREY, frameon=False, handlelength=1.5,
        borderpad=0, borderaxespad=0, loc="upper left", bbox_to_anchor=(-2, 0), bbox_transform=ax.transData,
    )  # fmt: skip
    return figure


def _draw_panel(ax: Axes, rows: pd.DataFrame, head: float, *, left: float, whole: bool) -> list[Artist]:
    """Draw the values of one kind below their scale, and write those of either coding as numbers; return the marks."""
    values = rows[[*COLUMNS, "low", "high"]]
    ticks = MaxNLocator(5, steps=[1, 2, 5, 10], integer=whole).tick_values(0, max(1.0, values.max().max()))
    x, y = left + values * (RIGHT - left) / ticks[-1], rows["middle"]
    for tick, place in zip(ticks, np.linspace(left, RIGHT, len(ticks)), strict=True):
        ax.vlines(place, head + 4, rows["bottom"].max(), colors=drawing.LINE, lw=0.4)
        write(ax, place, head, f"{tick:g}", align="center", colour=GREY)
    errors = ax.hlines(y, x["low"], x["high"], colors=GREY, lw=0.7)
    ax.hlines(y, x["first"], x["second"], colors=drawing.COLOURS[4], lw=1.6)
    heads = pd.Series(COLUMNS) - (1.7 if whole else 5)
    (rings,) = ax.plot([*x["second"], heads["second"]], [*y, head], "o", ms=4.2, mfc="#ffffff", mec=INK, mew=0.6)
    (dots,) = ax.plot([*x["first"], heads["first"]], [*y, head], "o", ms=2.5, color=drawing.COLOURS[0], mew=0)
    for middle, *pair in zip(y, values["first"], values["second"], strict=True):
        numbers = [f"{value:.{0 if whole else 2}f}".replace("nan", "–") for value in pair]
        for place, number in zip(COLUMNS.values(), numbers, strict=True):
            write(ax, place, middle, number, align="right", colour=INK if len(set(numbers)) > 1 else drawing.PALE)
    return [dots, rings, errors]

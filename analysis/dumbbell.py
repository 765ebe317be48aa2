"""The dumbbells: what two codings make of the network, measure by measure and pair of issuers by pair."""

from __future__ import annotations

import re

import networkx as nx
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from analysis import canvas
from analysis.canvas import COLOURS, GREY, INK, LEADING, PALE, SIZE, WIDTH, Language, write_lines
from analysis.layout import measure_text, wrap_text
from analysis.resampling import simulate_errors
from analysis.robustness import compare_networks
from analysis.twomode import build_two_mode

ROOM, GAP, RIGHT = {"zh": 101.0, "en": 119.0}, 10.0, WIDTH - 39
COLUMNS = {"first": WIDTH - 17, "second": WIDTH}
"""Room for the labels of rows, and between measures and pairs; where the scale ends, and the numbers of a coding."""


def tabulate_differences(
    first: pd.DataFrame, second: pd.DataFrame, confusion: pd.DataFrame, network: nx.Graph[str], *, seed: int
) -> pd.DataFrame:
    """Set the strength of every measure and the similarity of every two issuers side by side in two codings.

    Parameters
    ----------
    first, second
        One row is a statement, from `join_facts`: the coding that errs, and the one that it is held against.
    confusion, network
        How it errs, by measure, from `tabulate_confusion`; and the network of either, for the labels.

    Returns
    -------
    DataFrame
        One row is a measure or a `pair` of issuers (`kind`; `code`, node ids; labels; `block`, the goal of a measure),
        zeros included, the greatest of a block (by `second`) on top: `first` and `second`, statements or a cosine (0
        to 1, missing if an issuer is silent); `low` and `high`, which hold 95 % of what `first` may be without errors
        of the measured size, from `simulate_errors`; `first_coder`, `second_coder`.
    """
    counts, bounds = build_two_mode(first, "issuer", "measure"), ["low", "high"]
    total, thousand = counts.sum().to_frame("all").T, pd.Series({"all": 1000})  # so that the rate is the count
    strengths = simulate_errors(total, confusion, statistic="rate", seed=seed, characters=thousand)
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
    codes, width, words = list(differences["code"]), ROOM[language] - 5, canvas.WORDS[language]
    parts = [re.split("(?<= – )", text) for text in differences[f"label_{language}"]]
    labels = [[line for part in label for line in wrap_text(part, width=width, size=SIZE)] for label in parts]
    heights = {code: max(8.4, len(label) * LEADING + 1.4) for code, label in zip(codes, labels, strict=True)}
    blocks = dict(zip(codes, differences["block"], strict=True))
    middles = canvas.stack_rows(heights, blocks, top=LEADING, gap=0)
    middles = {code: middles[code] + GAP * (blocks[code] == "pair") for code in codes}
    tops, bottom = {code: middles[code] - heights[code] / 2 for code in codes}, middles[codes[-1]] + 20
    figure, ax = canvas.make_canvas(bottom + 21)
    for middle, label in zip(middles.values(), labels, strict=True):
        write_lines(ax, 0, middle, label)
    canvas.write_blocks(ax, 0, {code: tops[code] for code in codes if blocks[code] != "pair"}, blocks, language)
    for kind, panel in differences.assign(y=differences["code"].map(middles)).groupby("kind", sort=False):
        head = tops[panel["code"].iloc[0]] - (7 if kind == "pair" else canvas.HEADING + LEADING / 2)
        write_lines(ax, 0, head, [words[f"{kind}_title"]], bold=True)
        _draw_panel(ax, panel, head, left=ROOM[language], whole=kind == "measure")
    key = [canvas.name_coder(str(differences[f"{side}_coder"].iloc[0]), language) for side in COLUMNS]
    for number, part in enumerate(({"first": 5.0}, {"second": 5.0}, {"low": 0.0, "high": 10.0})):
        _draw_dumbbell(ax, bottom + number * 8.5, **part)
        write_lines(ax, 13, bottom + number * 8.5, [[*key, words["errors"]][number]], colour=GREY)
    return figure


def _draw_panel(ax: Axes, panel: pd.DataFrame, head: float, *, left: float, whole: bool) -> None:
    """Draw the values of one kind below their scale, and write those of either coding as numbers."""
    values = panel.set_index("y")[[*COLUMNS, "low", "high"]]
    ticks = MaxNLocator(5, steps=[1, 2, 5, 10], integer=whole).tick_values(0, max(1.0, values.max().max()))
    scale = (RIGHT - left) / float(ticks[-1])
    for tick in ticks:
        ax.vlines(left + tick * scale, head + 4, panel["y"].max() + 6, colors=canvas.LINE, lw=0.4)
        write_lines(ax, left + tick * scale, head, [f"{tick:g}"], align="center", colour=GREY)
    for side, x in COLUMNS.items():
        _draw_dumbbell(ax, head, **{side: x - measure_text("0" if whole else "0.00", SIZE) / 2})
    for y, row in zip(panel["y"], values.to_dict("records"), strict=True):
        _draw_dumbbell(ax, y, **{str(name): left + value * scale for name, value in row.items()})
        numbers = [f"{row[side]:.{0 if whole else 2}f}".replace("nan", "–") for side in COLUMNS]
        for x, number in zip(COLUMNS.values(), numbers, strict=True):
            write_lines(ax, x, y, [number], align="right", colour=INK if len(set(numbers)) > 1 else PALE)


def _draw_dumbbell(ax: Axes, y: float, **places: float) -> None:
    """Draw one row, or the parts that are given; where both codings agree, the dot stands in the ring."""
    first, second, low, high = (places.get(name, float("nan")) for name in ("first", "second", "low", "high"))
    ax.plot([low, high], [y, y], color=GREY, lw=0.7, solid_capstyle="butt")
    ax.plot([first, second], [y, y], color=COLOURS[4], lw=1.6)
    ax.plot([second], [y], "o", markersize=4.2, markerfacecolor="#ffffff", markeredgecolor=INK, markeredgewidth=0.6)
    ax.plot([first], [y], "o", markersize=2.5, color=COLOURS[0], markeredgewidth=0)

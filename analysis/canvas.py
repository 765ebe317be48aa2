"""What all figures share: words in two languages, colours, lines of text, blocks; every length is in points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Literal

import networkx as nx
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties

from analysis.layout import BOLD, REGULAR, measure_text

Language = Literal["zh", "en"]
Align = Literal["left", "center", "right"]
WIDTH, MARGIN = 246.0, 3.0
"""One column of a journal is 89 mm: the width drawn on, and a margin on either side."""
SIZE, LEADING = 6.0, 7.2
"""Size of all letters, and from line to line."""
HEADING = 14.0
"""Room for the heading of a block of rows."""
INK, GREY, PALE, FILL, LINE = "#1a1a1a", "#636363", "#9a9a9a", "#f1f1ef", "#dcdcdc"
COLOURS = ("#1f3b63", "#d98a2b", "#3a8574", "#8c4a6e", "#a9c3e6", "#b5a642", "#5b5b5b", "#c9736a")
"""One per issuer, in the order of the network; told apart by readers blind to red or green, and by lightness."""
BLUES = LinearSegmentedColormap.from_list("blues", ["#eef3f8", "#c6d7ea", "#5f8fc4", "#1f3b63"])
WORDS = {
    "zh": {
        "issuer": "发文机关", "type": "组织类型", "measure": "措施", "width": "线宽：陈述数", "total": "共 {} 条陈述",
        "rate": "每千字陈述数", "joint": "；", "coder": "编码：{}", "rules": "规则（机器）",
        "reference": "语言模型所作参照编码，非人工", "judged": "规则（机器），人工复核优先",
        "epidemic": "疫情防控", "resumption": "复工复产", "both": "两者兼顾", "governance": "组织与治理",
        "social_organisations": "社会组织", "market": "市场主体", "state": "党政与群团",
        "measure_title": "各项措施的陈述数", "pair_title": "发文机关两两相似度（余弦）",
        "errors": "按实测的编码误差模拟，95% 的结果在此之间",
    },
    "en": {
        "issuer": "Issuer", "type": "Organisation type", "measure": "Measure", "width": "Line width: statements",
        "total": "{} statements", "rate": "Statements per 1,000 characters", "joint": "; ", "coder": "coder: {}",
        "rules": "rules (machine)", "reference": "a language model, not people",
        "judged": "rules (machine), overridden by people",
        "epidemic": "Epidemic control", "resumption": "Resumption of work", "both": "Both goals",
        "governance": "Governance", "social_organisations": "Social organisations", "market": "Firms",
        "state": "State and mass organisations", "measure_title": "Statements per measure",
        "pair_title": "Similarity of two issuers (cosine)",
        "errors": "95 % of simulations with coding errors of the measured size",
    },
}  # fmt: skip
"""Every word in a figure that is not a label of the codebook or the register."""


def name_coder(coder: str, language: Language) -> str:
    """Return the words that tell readers who coded: rules, reference, rules overridden by people, or a name."""
    words = WORDS[language]
    return words["coder"].format(words.get(coder, coder) if coder in ("rules", "reference", "judged") else coder)


def list_nodes(network: nx.Graph[str], kind: str) -> list[str]:
    """Return the ids of the nodes of one kind, in the order of the network."""
    return [node for node, data in network.nodes(data=True) if data["kind"] == kind]


def find_coder(network: nx.Graph[str]) -> str:
    """Return the coder of the statements of a network, empty if it has none."""
    return next((str(coder) for _, _, coder in network.edges(data="coder") if coder), "")


def make_canvas(height: float) -> tuple[Figure, Axes]:
    """Return a figure one column wide whose axes count points from the upper left corner inside the margin."""
    figure = Figure(figsize=((WIDTH + 2 * MARGIN) / 72, (height + 2 * MARGIN) / 72))
    ax = figure.add_axes((0, 0, 1, 1))
    ax.set(xlim=(-MARGIN, WIDTH + MARGIN), ylim=(height + MARGIN, -MARGIN))
    ax.set_axis_off()
    return figure, ax


def write_lines(
    ax: Axes, x: float, y: float, lines: Sequence[str],
    *, align: Align = "left", colour: str = INK, bold: bool = False, turned: bool = False,
) -> None:  # fmt: skip
    """Write lines whose block is centred on (x, y) across the lines and aligned to it along them.

    The font is bound to each text by its file, so that nothing is registered and no setting changes.
    """
    font = FontProperties(fname=BOLD if bold else REGULAR, size=SIZE)
    for number, line in enumerate(lines):
        shift = (number - (len(lines) - 1) / 2) * LEADING + 0.36 * SIZE  # to the baseline; 0.36: half a capital
        place = (x + shift, y) if turned else (x, y + shift)
        ax.text(
            *place, line, ha=align, va="baseline", color=colour, fontproperties=font,
            rotation=90 if turned else 0, rotation_mode="anchor", parse_math=False,
        )  # fmt: skip


def stack_rows(heights: Mapping[str, float], blocks: Mapping[str, str], *, top: float, gap: float) -> dict[str, float]:
    """Return the middles of rows that stand one below the other, with room for a heading above each block."""
    middles, bottom, block = {}, top, None
    for row, height in heights.items():
        bottom += HEADING if blocks[row] != block else gap
        middles[row] = bottom + height / 2
        bottom, block = bottom + height, blocks[row]
    return middles


def write_blocks(ax: Axes, x: float, tops: Mapping[str, float], blocks: Mapping[str, str], language: Language) -> None:
    """Write the name of each block above the top of its first row."""
    for before, row in pairwise(["", *tops]):
        if blocks[row] != blocks.get(before):
            name = WORDS[language].get(blocks[row], blocks[row])
            write_lines(ax, x, tops[row] - LEADING / 2 - 1, [name], colour=GREY, bold=True)


def measure_label(lines: Sequence[str], turned: bool, *, across: bool = False) -> float:
    """Return the height of a label, or its width (`across`)."""
    return max(measure_text(line, SIZE) for line in lines) if turned != across else len(lines) * LEADING

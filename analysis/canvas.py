"""The look of the figures: words in two languages, type, colours and lines of text; every length is in points."""

from collections.abc import Sequence
from typing import Literal

from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties

from analysis.layout import BOLD, REGULAR

Language = Literal["zh", "en"]
WIDTH, MARGIN = 246.0, 3.0
"""One column of a journal is 89 mm: the width drawn on, and a margin on either side."""
SIZE, LEADING = 6.0, 7.2
"""Size of all letters, and from line to line."""
INK, GREY, PALE, FILL, LINE = "#1a1a1a", "#636363", "#9a9a9a", "#f1f1ef", "#dcdcdc"
COLOURS = ("#1f3b63", "#d98a2b", "#3a8574", "#8c4a6e", "#a9c3e6", "#b5a642", "#5b5b5b", "#c9736a")
"""One per issuer, in the order of the network; told apart by readers blind to red or green, and by lightness."""
BLUES = LinearSegmentedColormap.from_list("blues", ["#eef3f8", "#c6d7ea", "#5f8fc4", "#1f3b63"])
WORDS = {
    "zh": {
        "issuer": "发文机关", "type": "组织类型", "measure": "措施", "width": "线宽：陈述数", "total": "共 {} 条陈述",
        "rate": "每千字陈述数", "joint": "；", "coder": "编码：{}", "rules": "规则（机器）", "reference": "语言模型所作参照编码，非人工",
        "epidemic": "疫情防控", "resumption": "复工复产", "both": "两者兼顾", "governance": "组织与治理",
        "social_organisations": "社会组织", "market": "市场主体", "state": "党政与群团",
    },
    "en": {
        "issuer": "Issuer", "type": "Organisation type", "measure": "Measure", "width": "Line width: statements",
        "total": "{} statements", "rate": "Statements per 1,000 characters", "joint": "; ", "coder": "coder: {}",
        "rules": "rules (machine)", "reference": "a language model, not people",
        "epidemic": "Epidemic control", "resumption": "Resumption of work", "both": "Both goals",
        "governance": "Governance", "social_organisations": "Social organisations", "market": "Firms",
        "state": "State and mass organisations",
    },
}  # fmt: skip
"""Every word in a figure that is not a label of the codebook or the register."""


def name_coder(coder: str, language: Language) -> str:
    """Return the words that tell readers who coded: rules, the reference (a language model), or a person's name."""
    words = WORDS[language]
    return words["coder"].format(words.get(coder, coder) if coder in ("rules", "reference") else coder)


def make_canvas(height: float) -> tuple[Figure, Axes]:
    """Return a figure one column wide whose axes count points from the upper left corner inside the margin."""
    figure = Figure(figsize=((WIDTH + 2 * MARGIN) / 72, (height + 2 * MARGIN) / 72))
    ax = figure.add_axes((0, 0, 1, 1))
    ax.set(xlim=(-MARGIN, WIDTH + MARGIN), ylim=(height + MARGIN, -MARGIN))
    ax.set_axis_off()
    return figure, ax


def write_lines(
    ax: Axes, x: float, y: float, lines: Sequence[str],
    *, align: Literal["left", "center", "right"] = "left", colour: str = INK, bold: bool = False, turned: bool = False,
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

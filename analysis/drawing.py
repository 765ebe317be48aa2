"""What the figures share: a page, words in two languages, colours, text that fits; lengths are points (1/72 inch)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Literal

import pandas as pd
import yaml
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.ft2font import FT2Font
from matplotlib.textpath import text_to_path

from analysis import paths
from analysis.tables import iterate_rows
from analysis.vocabulary import read_tokenizer

Language = Literal["zh", "en"]
WIDTH, MARGIN = 246.0, 3.0
"""One column of a journal is 89 mm: the width drawn on, and a margin on either side."""
SIZE, LEADING, HEADING, ABOVE = 6.0, 7.2, 14.0, 4.7
"""Size of all letters, from line to line, room for the heading of a block of rows, and where it stands above them."""
REGULAR = FontProperties(fname=paths.FONTS / "NotoSansSCSubset-Regular.ttf", size=SIZE)
BOLD = FontProperties(fname=paths.FONTS / "NotoSansSCSubset-Bold.ttf", size=SIZE)
INK, GREY, PALE, FILL, LINE = "#1a1a1a", "#636363", "#8f8f8f", "#efefed", "#dcdcdc"
COLOURS = ("#18325a", "#de9d3a", "#3b8f7b", "#853f68", "#bed5f0", "#b5a642", "#5b5b5b", "#c9736a")
"""One per issuer, in the order of the network; told apart by the colour-blind, and the first five printed in grey."""
_SHADES = ["#eaf0f7", "#b9cfe6", "#5f8fc4", "#1f3b63"]
BLUES = LinearSegmentedColormap.from_list("blues", _SHADES).with_extremes(under="#ffffff")


@cache
def read_words(language: Language) -> dict[str, str]:
    """Return the words of the figures in one language, by key, from `figures.yaml`."""
    words = yaml.safe_load((paths.ROOT / "analysis" / "figures.yaml").read_text(encoding="utf-8"))
    return {key: texts[language] for key, texts in words.items()}


def name_coder(coder: str, language: Language) -> str:
    """Return the words that tell readers who coded: rules, reference, rules overridden by people, or a name."""
    words = read_words(language)
    return words["coder"] + (words[coder] if coder in ("rules", "reference", "judged") else coder)


def make_page(height: float) -> tuple[Figure, Axes]:
    """Return a figure one column wide whose axes count points from the upper left corner inside the margin."""
    figure = Figure(figsize=((WIDTH + 2 * MARGIN) / 72, (height + 2 * MARGIN) / 72))
    ax = figure.add_axes((0, 0, 1, 1))
    ax.set(xlim=(-MARGIN, WIDTH + MARGIN), ylim=(height + MARGIN, -MARGIN))
    ax.set_axis_off()
    return figure, ax


def write(
    ax: Axes, x: float, y: float, text: str,
    *, align: Literal["left", "center", "right"] = "left", colour: str = INK, bold: bool = False, turned: bool = False,
) -> None:  # fmt: skip
    """Write lines whose block is centred on (x, y) across the lines and aligned to it along them."""
    lines = text.split("\n")
    for number, line in enumerate(lines):
        shift = (number - (len(lines) - 1) / 2) * LEADING + 0.36 * SIZE  # to the baseline; 0.36: half a capital
        place = (x + shift, y) if turned else (x, y + shift)
        ax.text(
            *place, line, ha=align, va="baseline", color=colour, fontproperties=BOLD if bold else REGULAR,
            rotation=90 if turned else 0, rotation_mode="anchor", parse_math=False,
        )  # fmt: skip


_tokenizer = cache(read_tokenizer)


@cache
def measure_text(text: str) -> float:
    """Return the width of the longest of the lines."""
    return max(text_to_path.get_text_width_height_descent(line, REGULAR, False)[0] for line in text.split("\n"))


def wrap_text(text: str, width: float) -> str:
    """Break a label into the fewest lines that fit `width`, as even as they can be.

    Words (Chinese ones by jieba) are not broken, so that one may be wider; punctuation stays with its word. Of breaks
    that are nearly as even, one after 、 ， – or before （ ( 与 和 及 is taken.
    """
    words = _tokenizer().cut(text, HMM=False) if re.search("[一-鿿]", text) else re.findall(r"\S+\s*", text)
    pieces = re.sub(r"\0(?=[\s、，。；：）》”–])|(?<=[（《“])\0", "", "\0".join(words)).split("\0")
    best: list[tuple[int, float, list[str]]] = [(0, 0.0, [])]  # for the first n pieces: lines, unevenness, the lines
    for end in range(1, len(pieces) + 1):
        good = end == len(pieces) or re.search("[、，–] ?$", pieces[end - 1]) or re.match("[（(与和及]", pieces[end])
        options = []
        for start in range(end):
            line = "".join(pieces[start:end]).rstrip()
            slack = width - measure_text(line)
            if slack >= 0 or start == end - 1:
                lines, uneven, before = best[start]
                options.append((lines + 1, uneven + slack**2 + (0 if good else (width / 2) ** 2), [*before, line]))
        best.append(min(options))
    return "\n".join(best[-1][2])


def lay_rows(labels: pd.DataFrame, *, top: float, width: float, spare: float, x: float = 0) -> pd.DataFrame:
    """Stack rows one below the other: blocks as they appear, each below its heading, and in them the greatest first.

    One row is a `label`, its `block` and its `count`. The label is wrapped to `width`, and `x`, `top`, `middle` and
    `bottom` of the row are added; the first heading begins at `top`, and a row is `spare` higher than its lines.
    """
    ranks = {block: rank for rank, block in enumerate(labels["block"].unique())}
    rows = labels.sort_values("count", ascending=False, kind="stable")
    rows = rows.sort_values("block", key=lambda blocks: blocks.map(ranks), kind="stable")
    lines = rows["label"].map(lambda label: wrap_text(label, width))
    heights = (lines.str.count("\n") + 1) * LEADING + spare
    bottom = top + (heights + HEADING * rows["block"].ne(rows["block"].shift())).cumsum()
    return rows.assign(label=lines, x=x, top=bottom - heights, middle=bottom - heights / 2, bottom=bottom)


def write_labels(ax: Axes, rows: pd.DataFrame) -> None:
    """Write the label of every row of `lay_rows`, pale where its `count` is 0."""
    for row in iterate_rows(rows):
        write(ax, row.x, row.middle, row.label, colour=INK if row.count else PALE)


def write_headings(ax: Axes, rows: pd.DataFrame, language: Language) -> None:
    """Write the name of each block of rows above its first."""
    for row in iterate_rows(rows.drop_duplicates("block")):
        write(ax, row.x, row.top - ABOVE, read_words(language).get(row.block, row.block), colour=GREY, bold=True)


def find_missing(texts: Mapping[str, str]) -> list[str]:
    """Return one problem for each text (by the place that it has) with characters that the fonts cannot draw."""
    drawable = {chr(code) for code in FT2Font(str(REGULAR.get_file())).get_charmap()} | {"\n"}
    mend = "choose another, or make the fonts with it as analysis/fonts/README.md tells"
    return [
        f"{place}: the font has no {', '.join(f'{letter} (U+{ord(letter):04X})' for letter in missing)}; {mend}"
        for place, text in texts.items()
        if (missing := sorted(set(text) - drawable))
    ]

"""Measuring, wrapping and ordering for figures; every length is in points (1/72 inch)."""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import accumulate
from pathlib import Path

import jieba
import numpy as np
from matplotlib.ft2font import FT2Font, LoadFlags
from numpy.typing import NDArray
from scipy.optimize import isotonic_regression

from analysis import paths
from analysis.vocabulary import read_tokenizer

REGULAR = paths.FONTS / "NotoSansSCSubset-Regular.ttf"
BOLD = paths.FONTS / "NotoSansSCSubset-Bold.ttf"
GAPS = re.compile(r"[ 、，）]$"), re.compile(r"^[与和及（]")
PIECE = re.compile(r"[（《“]*(?:[!-~’–]+ ?|.)(?: *[、，。；：）》”])*", re.DOTALL)


@cache
def _read_face(font: Path) -> tuple[FT2Font, frozenset[int]]:
    face = FT2Font(str(font))
    return face, frozenset(face.get_charmap())


@cache
def _advance(letter: str, font: Path) -> float:
    face, _ = _read_face(font)
    return face.load_char(ord(letter), flags=LoadFlags.NO_SCALE).horiAdvance / face.units_per_EM


def measure_text(text: str, size: float, *, font: Path = REGULAR) -> float:
    """Return the width of one line of text set in `size` points, kerning left aside."""
    return size * sum(_advance(letter, font) for letter in text)


def find_missing(text: str, *, font: Path = REGULAR) -> list[str]:
    """Return the characters of `text` that the font cannot draw, each once, sorted."""
    _, charmap = _read_face(font)
    return sorted(letter for letter in set(text) if ord(letter) not in charmap and letter not in "\n")


def wrap_text(text: str, *, width: float, size: float) -> list[str]:
    """Break a label into the fewest lines that fit `width`, as even as they can be.

    Latin words are not broken, so that one may be wider than `width`; no line starts with closing or ends with opening
    punctuation. A Chinese word (by jieba) is broken only if that saves two lines. Among as many lines, a break at
    punctuation or before 与, 和, 及, （ is best.
    """
    pieces = PIECE.findall(text)
    words = set() if text.isascii() else set(accumulate(len(word) for word in _read_tokenizer().cut(text, HMM=False)))
    best: list[tuple[int, float, int]] = [(0, 0.0, 0)]  # for the first n pieces: lines, unevenness, start of the last
    for end in range(1, len(pieces) + 1):
        broken, uneven = _rate_break("".join(pieces[:end]), "".join(pieces[end:]), words)
        options = []
        for start in range(end):
            slack = width - measure_text("".join(pieces[start:end]).strip(), size)
            if slack >= 0 or start == end - 1:
                lines_before, unevenness, _ = best[start]
                options.append((lines_before + 1 + broken, unevenness + slack**2 + uneven * width**2, start))
        best.append(min(options))
    lines, end = [], len(pieces)
    while end:
        lines.append("".join(pieces[best[end][2] : end]).strip())
        end = best[end][2]
    return lines[::-1]


def _rate_break(before: str, after: str, words: set[int]) -> tuple[int, float]:
    """Return what a break here costs: lines, and unevenness as a share of the squared width."""
    if not after or GAPS[0].search(before) or GAPS[1].search(after):
        return 0, 0.0
    return (0, 0.1) if len(before) in words else (1, 1.0)


@cache
def _read_tokenizer() -> jieba.Tokenizer:
    return read_tokenizer()


def fit_labels(texts: Sequence[str], *, width: float, length: float, size: float) -> tuple[list[list[str]], bool]:
    """Wrap labels to `width`; if one needs more than four lines or holds a wider word, all to `length`, to be turned.

    Returns
    -------
    tuple
        The lines of each label, and whether they must be turned by a quarter.
    """
    labels = [wrap_text(text, width=width, size=size) for text in texts]
    if all(len(lines) <= 4 and max(measure_text(line, size) for line in lines) <= width for lines in labels):
        return labels, False
    return [wrap_text(text, width=length, size=size) for text in texts], True


def place_boxes(
    wanted: Sequence[float], heights: Sequence[float], *, gap: float, top: float, bottom: float
) -> NDArray[np.float64]:
    """Return the middles of boxes, in their order, at least `gap` apart and as near to the wanted middles as can be.

    Least squares under the order (isotonic regression; a large box counts more), kept between `top` and `bottom`,
    or below `bottom` where they do not fit.
    """
    sizes = np.asarray(heights, dtype=float)
    offsets = np.cumsum(sizes + gap) - sizes / 2 - gap
    fitted: NDArray[np.float64] = isotonic_regression(np.asarray(wanted, dtype=float) - offsets, weights=sizes).x
    room = max(0.0, bottom - top - sizes.sum() - gap * (len(sizes) - 1))
    middles: NDArray[np.float64] = np.clip(fitted, top, top + room) + offsets
    return middles


def count_crossings(left: Sequence[str], right: Sequence[str], links: Mapping[tuple[str, str], float]) -> float:
    """Return the weight of crossings between two ordered columns: each crossing pair counts the product of weights.

    `links` gives the weight of (left node, right node); pairs of other columns are left aside.
    """
    places = [{node: place for place, node in enumerate(column)} for column in (left, right)]
    rows = [(places[0][a], places[1][b], n) for (a, b), n in links.items() if a in places[0] and b in places[1]]
    if not rows:
        return 0.0
    first, second, weight = np.array(rows, dtype=float).T
    crossed = (first[:, None] - first) * (second[:, None] - second) < 0
    return float(weight @ crossed @ weight / 2)


def order_columns(
    columns: Sequence[Sequence[str]],
    links: Mapping[tuple[str, str], float],
    *,
    blocks: Mapping[str, str],
    sweeps: int = 12,
) -> list[list[str]]:
    """Order the nodes of each column so that few links cross.

    Barycentre heuristic (Sugiyama, Tagawa and Toda 1981): nodes are sorted by the weighted mean place of their
    neighbours, sweeping to and fro; the order with the least weight of crossings is kept. Nodes of one block
    (`blocks[node]`) stay together, blocks keep the order in which they first appear, and nodes without a link
    come last in their block.
    """
    current = best = [list(column) for column in columns]
    ranks = {block: rank for rank, block in enumerate(dict.fromkeys(blocks.get(n, "") for c in columns for n in c))}
    for sweep in range(sweeps):
        forward = range(len(columns)) if sweep % 2 == 0 else range(len(columns) - 1, -1, -1)
        for index in forward:
            means = _mean_places(current, links)
            key = {n: (ranks[blocks.get(n, "")], means.get(n, 2.0)) for n in current[index]}
            current = [*current[:index], sorted(current[index], key=key.__getitem__), *current[index + 1 :]]
        if _total_crossings(current, links) < _total_crossings(best, links):
            best = current
    return best


def _mean_places(columns: Sequence[Sequence[str]], links: Mapping[tuple[str, str], float]) -> dict[str, float]:
    """Return for each linked node the weighted mean place (0 top, 1 bottom) of its neighbours."""
    place = {node: (rank + 0.5) / len(column) for column in columns for rank, node in enumerate(column)}
    total: dict[str, float] = {}
    weight: dict[str, float] = {}
    for (a, b), n in links.items():
        for node, other in ((a, b), (b, a)):
            total[node] = total.get(node, 0.0) + n * place[other]
            weight[node] = weight.get(node, 0.0) + n
    return {node: total[node] / weight[node] for node in total}


def _total_crossings(columns: Sequence[Sequence[str]], links: Mapping[tuple[str, str], float]) -> float:
    return sum(count_crossings(a, b, links) for a, b in zip(columns, columns[1:], strict=False))

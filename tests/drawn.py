"""What the tests of the figures share: the network of the five texts, and where a figure's texts lie."""

from functools import cache
from itertools import combinations

import networkx as nx
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

from analysis import paths
from analysis.codebook import read_codebook
from analysis.documents import read_documents
from analysis.network import build_network
from analysis.reference import read_coding

TOUCH = 0.3  # points by which two letter boxes may meet


@cache
def read_network(stated: str = "") -> nx.Graph:
    """Return the network of the reference coding, or of one issuer's part of it with every other one silent."""
    documents, repairs = read_documents()
    statements = read_coding(paths.REFERENCE / "statements.jsonl", documents, repairs).statements
    if stated:
        statements = statements[statements["doc_id"] == stated]
    return build_network(statements, documents, codebook=read_codebook())


def find_texts(figure):
    return [text for text in figure.findobj(Text) if text.get_text() and text.get_visible()]


def find_overlaps(figure):
    """Return the pairs of texts that overlap and the texts that leave the figure, as drawn at 72 dots to the inch."""
    figure.set_dpi(72)
    figure.draw_without_rendering()  # a legend has no place before
    renderer = FigureCanvasAgg(figure).get_renderer()
    boxes = [(text.get_text(), text.get_window_extent(renderer).padded(-TOUCH)) for text in find_texts(figure)]
    pairs = [(a, b) for (a, one), (b, other) in combinations(boxes, 2) if one.overlaps(other)]
    page = figure.bbox
    return pairs + [a for a, box in boxes if not (page.contains(box.x0, box.y0) and page.contains(box.x1, box.y1))]

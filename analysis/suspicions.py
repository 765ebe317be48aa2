"""Find what cleaning left behind and a reader should look at."""

import re
from collections.abc import Callable

import pandas as pd

from analysis.rules import HAN, TONES, is_traditional


def find_suspicious(clean: str) -> pd.DataFrame:
    """List the places of a clean text that look wrong.

    Returns
    -------
    DataFrame
        One row is one place: `what` is wrong with it, `start` and `end` in `clean`, `text`, and `context`
        (ten characters on either side). Empty for a text without doubts.
    """
    rows = [
        (start, end, what, clean[start:end], clean[max(0, start - 10) : end + 10].replace("\n", " "))
        for what, find in SUSPICIONS.items()
        for start, end in find(clean)
    ]
    table = pd.DataFrame(sorted(rows), columns=["start", "end", "what", "text", "context"])
    return table[["what", "start", "end", "text", "context"]]


def _search(pattern: str) -> Callable[[str], list[tuple[int, int]]]:
    compiled = re.compile(pattern)
    return lambda text: [m.span() for m in compiled.finditer(text)]


def _find_traditional(text: str) -> list[tuple[int, int]]:
    traditional = {c for c in set(text) if c > "\u33ff" and is_traditional(c)}
    return [(i, i + 1) for i, c in enumerate(text) if c in traditional]


SUSPICIONS: dict[str, Callable[[str], list[tuple[int, int]]]] = {
    "half-width question mark": _search(r"(?<![0-9A-Za-z/=])\?|\?(?![0-9A-Za-z])"),
    "lost or private character": _search(
        "[\ufffd\ue000-\uf8ff\U000f0000-\U0010ffff\x00-\x08\x0b-\x1f\x7f-\x9f]|锟斤拷"
    ),
    "pinyin": _search(rf"[A-Za-z]*[{TONES}][A-Za-z{TONES}]*|(?<=[{HAN}])[(（](?:de|le|zi|ge|men|zhe|ma|ne)[)）]"),
    "mixed script": _find_traditional,
    "Latin letters between Chinese": _search(
        rf"(?<=[{HAN}]) ?(?!(?:km|kg|mg|ml|cm|mm|nm|app)(?![a-z]))[a-z]{{2,}}(?: [a-z]+)* ?(?=[{HAN}])"
    ),
    "doubled punctuation": _search("[，、；：]{2,}|。[，、；：]|[，、；：]。|(?<!。)。。(?!。)"),
}

"""Amounts of money and goods."""

import re
from typing import Any

import pandas as pd

from analysis.codebook import Codebook
from analysis.tables import make_table

_DIGITS = dict(zip("〇零一二两三四五六七八九", (0, 0, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))
_POWERS = {"十": 10.0, "百": 100.0, "千": 1000.0, "万": 1e4, "亿": 1e8}
_REACH = 12


def _choice(text: str) -> str:
    return "|".join(map(re.escape, sorted(text.split(), key=lambda word: (-len(word), word))))


def build_pattern(words: dict[str, str]) -> re.Pattern[str]:
    """Return the pattern of an amount: qualifier, number, unit, price per."""
    units = _choice(f"{words['money']} {words['goods']} {words['mixed']}")
    within = "".join(words["within"].split())
    number = rf"\d+(?:[,，]\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?|[〇零一二两三四五六七八九十百千几数]+(?=[万亿]|{units}|[{within}])|(?<=[近超约上])[百千万亿]+"
    return re.compile(
        rf"(?<![\d.第〔年-])(?P<before>{_choice(words['before'])})?(?:(?P<sign>[$￥¥€])\s?)?(?P<number>{number})"
        rf"(?P<power>[{within}]?[十百千万亿]*)(?P<within>[{within}]?)(?P<unit>{units})?"
        rf"(?P<per>/[\u4e00-\u9fff]{{1,2}})?(?P<after>{_choice(words['after'])})?"
    )


def read_number(text: str) -> float:
    """Return the value of a number in Arabic or Chinese digits, or both (2.4万 -> 24000)."""
    arabic = re.match(r"[\d,，.]+", text)
    if arabic:
        value = float(re.sub("[,，]", "", arabic.group()))
        for power in text[arabic.end() :]:
            value *= _POWERS.get(power, 1)
        return value
    total, section, digit = 0.0, 0.0, None
    for sign in text:
        if sign in _DIGITS:
            digit = _DIGITS[sign] if digit is None else digit * 10 + _DIGITS[sign]
        elif sign in "万亿":
            total = (total + section + (digit or 0) or 1) * _POWERS[sign]
            section, digit = 0.0, None
        elif sign in _POWERS:
            section += (1 if digit is None else digit) * _POWERS[sign]
            digit = None
    return total + section + (digit or 0)


def find_quantities(units: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """Find the amounts of money and goods.

    Returns
    -------
    pandas.DataFrame
        One row is an amount in a unit, in the order of the text.
    """
    words: dict[str, Any] = codebook.names["quantities"]
    pattern = build_pattern(words)
    money, goods = set(words["money"].split()), set(words["goods"].split())
    things = re.compile(_choice(words["things"]))
    rows: list[tuple[object, ...]] = []
    for unit in units.itertuples():
        text = str(unit.text)
        for match in pattern.finditer(text):
            name, rest = match["unit"] or "", text[match.end() :]
            if match["sign"]:
                name = name or "元"
            if not name or (rest[:1] == "次") or (name not in money and match["number"] == "一"):
                continue
            if name not in money | goods and not things.search(
                re.split("[，。；、！]", rest)[0][:_REACH] or re.split("[，。；、！]", text[: match.start()])[-1][-_REACH:]
            ):
                continue
            value = read_number(match["number"] + match["power"].strip("余多来几"))
            qualifier = "".join(filter(None, (match["before"], match["within"], match["after"])))
            rows.append((unit.doc_id, unit.unit_id, unit.start + match.start(), unit.start + match.end(), match.group(), value, name, qualifier))
    return make_table(rows, "quantities")

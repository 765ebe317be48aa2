"""Amounts of money and goods, with their value in the base unit."""

import re
from functools import lru_cache

import pandas as pd

from analysis.codebook import Codebook
from analysis.tables import make_table

_DIGITS = dict(zip("〇零一二两三四五六七八九", (0, 0, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9), strict=True)) | {
    str(digit): digit for digit in range(10)
}
_POWERS = {"十": 10.0, "百": 100.0, "千": 1e3, "万": 1e4, "亿": 1e8}
_SIGNS = {"$": "美元", "￥": "元", "¥": "元", "€": "欧元"}
_LONGEST = 9  # digits of an amount; a longer run is a number of an account
# Words that begin with a unit and are none.
_OTHERS = (
    "支[持援付出]|个人|个月|个体(?!温)|付[款出]|条件|部门|部分|组织|份额|面对|面向|具体|根据|车辆|套餐"
    "|台[湾河]|日?元[宵旦]"  # 七台河, 2月8日元宵节
)
_CLAUSE = re.compile("[，。；！？：]")
_SPAN = re.compile("次(?!氯|性)|装(?![备置载箱车运])")  # 5台次, 25公斤装
_BOUGHT = re.compile("(?:捐赠?|采购|购买|赠送|发放)$")
_GIVEN = re.compile("(?:免费|定向|全部|已)?(?:提供给?|捐|赠|送|支援|用于|[发运寄分][往至给发送])")


def read_number(text: str) -> float:
    """Return the value of a number in Arabic or Chinese digits or both.

    Examples
    --------
    >>> read_number("2.4万"), read_number("1,350,000"), read_number("三千五百万"), read_number("3万2千")
    (24000.0, 1350000.0, 35000000.0, 32000.0)
    """
    arabic = re.match(r"[\d,，.]+", text)
    total, section, digit = 0.0, 0.0, float(re.sub("[,，]", "", arabic.group())) if arabic else None
    for sign in text[arabic.end() if arabic else 0 :]:
        if sign in _DIGITS:
            digit = _DIGITS[sign] + (0 if digit is None else digit * 10)
        elif sign in "万亿":
            total = (total + section + (digit or 0) or 1) * _POWERS[sign]
            section, digit = 0.0, None
        elif sign in _POWERS:
            section += (1 if digit is None else digit) * _POWERS[sign]
            digit = None
    return total + section + (digit or 0)


def find_quantities(units: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """Find the amounts of money and goods.

    Dates, shares, ordinals, durations, areas and counts of people, firms or documents are none. A classifier of
    `mixed` (个, 份) counts only beside a word of `things`, in brackets after another amount, before a verb of giving or
    at the end of a clause after one; a bare 100万 only in a clause about giving; vehicles do not where a word of
    `used` tells that they were driven.

    Returns
    -------
    pandas.DataFrame
        One row is an amount in a unit, in the order of the text: `doc_id`, `unit_id`; `start`, `end`, offsets in the
        clean text; `text`, verbatim (近百万件); `value` in `unit` (1e6, 件; 2.2亿元 is 2.2e8 元), ignoring the
        qualifier; `qualifier`, the words that make it vague or bound it (近, 余, 左右; 超 and 逾, which `text` leaves
        out), '' if none.
    """
    words: dict[str, str] = codebook.names["quantities"]
    pattern, money = _build_pattern(words), set(words["money"].split())
    rows: list[tuple[object, ...]] = []
    columns = (units[key] for key in ("doc_id", "unit_id", "start", "text"))
    for doc_id, unit_id, offset, text in zip(*columns, strict=True):
        last = -1
        for match in pattern.finditer(text):
            within = text[last : match.start()] in ("（", "(")  # 7盒（350个）
            if _counts(match, text, words, money, within=within):
                name = match["unit"] or _SIGNS.get(match["sign"] or "", "元")
                value = read_number(re.sub(f"[{match['vague'] or ' '} ]", "", match["number"] + match["power"]))
                qualifier = "".join(filter(None, match.group("above", "before", "vague", "after")))
                start, last = match.end("above") if match["above"] else match.start(), match.end()
                rows.append((doc_id, unit_id, offset + start, offset + last, text[start:last], value, name, qualifier))
    return make_table(rows, "quantities")


def _choose(text: str) -> str:
    return "|".join(map(re.escape, sorted(text.split(), key=lambda word: (-len(word), word))))


def _build_pattern(words: dict[str, str]) -> re.Pattern[str]:
    """Return the pattern of an amount: qualifier, number, unit, price per."""
    units, vague = _choose(f"{words['money']} {words['goods']} {words['mixed']}"), "".join(words["within"].split())
    number = (
        rf"\d+(?:[,，]\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?|[〇零一二两三四五六七八九十百千几数]+(?=[万亿{vague}]|{units})"
        rf"|(?<=[近超约上逾])[百千万亿]+"
    )
    return re.compile(
        rf"(?<![\d.第〔年A-Za-z-])(?P<above>{_choose(words['above'])})?(?P<before>{_choose(words['before'])}|上(?=[百千万亿]))?"
        rf"(?:(?P<sign>[$￥¥€]) ?)?(?P<number>{number})"
        rf"(?P<power> ?(?:[{vague}]?[十百千万亿]+(?:[一二两三四五六七八九\d][千百十])*)?)(?P<vague>[{vague}])?"
        rf"(?: ?(?!{_OTHERS})(?P<unit>{units}))?(?P<or>（[件套个只瓶箱]）)?"
        rf"(?P<per>/(?:{units}|{_choose(words['per'])}))?(?P<after>{_choose(words['after'])})?"
    )


def _counts(match: re.Match[str], text: str, words: dict[str, str], money: set[str], *, within: bool) -> bool:
    """Tell whether the number is an amount of money or goods."""
    number, power, unit = match["number"], match["power"].strip(), match["unit"]
    after, before = _CLAUSE.split(text[match.end() :])[0], _CLAUSE.split(text[: match.start()])[-1]
    if (len(number) > _LONGEST and number.isdigit()) or _SPAN.match(after):
        return False
    if unit is None:
        giving = any(word in before + after for word in words["giving"].split())
        large = power[-1:] in ("万", "亿") and after[:1] not in words["counters"].split()
        return bool(match["sign"]) or (giving and large)
    if not power and not number[0].isdigit() and (number in "〇零一" or number in _DIGITS and unit in money):
        return False  # 零部件, 三元
    if (match["per"] and unit not in money) or _is_used(unit, before, after, words):
        return False  # 2500ml/桶
    bought = unit != "批" and not after.strip("）") and _BOUGHT.search(before)  # 其中境外捐赠30万个；
    given = within or bought or _GIVEN.match(after)
    return unit not in words["mixed"].split() or bool(given) or _has_thing(before, after, words)


def _is_used(unit: str, before: str, after: str, words: dict[str, str]) -> bool:
    """Tell whether vehicles are those that somebody drives: 出动6台车辆."""
    vehicles = unit in ("辆", "台") and "车" in before[-2:] + re.split("[、和]", after)[0][:6]
    return vehicles and any(word in before for word in words["used"].split())


def _has_thing(before: str, after: str, words: dict[str, str]) -> bool:
    """Tell whether a word for goods stands right before the amount or soon after it."""
    ends, begins = _compile_things(words["things"], words["uncounted"])
    return bool(ends.search(before) or begins.match(after))


@lru_cache(maxsize=2)
def _compile_things(things: str, uncounted: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return what a clause before an amount of goods ends with, and what one after it begins with."""
    long = _choose(" ".join(thing for thing in things.split() if len(thing) > 1))
    short = "|".join(thing for thing in things.split() if len(thing) == 1)
    ends = rf"(?:{long}|{short})[”）]?(?:[约近各有计]|[共累合总]计?|达到?){{0,3}} ?$"
    begins = (
        rf"(?:(?!{_choose(uncounted)})[^、]){{0,10}}?(?:{long})(?!(?:{long})?[点站厂店])"
        rf"|[^、]{{0,4}}?(?:{short})(?![\u4e00-\u9fff])"
    )
    return re.compile(ends), re.compile(begins)

"""The grammar of names: place, words of its own and ending, found from the ending leftwards."""

import re
from bisect import bisect_left, bisect_right
from itertools import takewhile
from typing import NamedTuple

from analysis.names import Token

_NOUNS = frozenset({"word", "common", "ending", "brand"})
_SEPARATE = frozenset({"stop", "verb"})
_LONGEST = 40  # tokens of a name; so that a long text without punctuation takes linear time
_ITEM = r"(?:(?!等)[\u4e00-\u9fffA-Za-z0-9]){2,20}(?:（[^（）]{2,9}）)?"
_SYLLABLES = ("达", "至", "其", "都", "如", "日", "若", "过")
_FIRM = "(?:企|公司|集团|平台|基金|资本|品牌|会员单位|理事单位)"
_LIST = re.compile(rf"(?P<items>(?:{_ITEM}、)+{_ITEM})(?P<firms>等+[^，。；、对给为]{{0,8}}?{_FIRM})?")
_MEMBER = re.compile("(?:会长|理事长?|监事长?|会员)单位[“—]*")
_HEAD = re.compile(f"{_FIRM}[^，。；、：:]{{0,4}}[：:]$")


class TokenSpan(NamedTuple):
    """A name: its first and last token."""

    first: int
    last: int


def find_names(tokens: list[Token]) -> list[TokenSpan]:
    """Return the names among the tokens of a unit, in their order, none inside another."""
    names: list[TokenSpan] = []
    for index, token in enumerate(tokens):
        taken = names[-1].last if names else -1
        noun = any(after.roles & _NOUNS for after in tokens[index + 1 : index + 2])
        ends = "ending" in token.roles or "brand" in token.roles and not noun
        if names and token.roles & {"ending", "part", "brand"} and (name := _extend_name(tokens, index, names[-1])):
            if "known" in tokens[names[-1].first].roles:  # 重庆 + 盛世新兴 + 格力电器 + 有限公司
                whole = _start_name(tokens, index, names[-2].last if names[1:] else -1)
                name = min(name, whole) if whole and "place" in tokens[whole.first].roles else name
            names[-1] = name
        elif ends and (name := _start_name(tokens, index, taken)):
            names.append(name)
        elif "known" in token.roles:
            first = index
            while first - 1 > taken and "place" in tokens[first - 1].roles:  # 中国 + 证监会
                first -= 1
            names.append(TokenSpan(first, index))
    return _add_members(tokens, _add_listed(tokens, names))


def _extend_name(tokens: list[Token], index: int, name: TokenSpan) -> TokenSpan | None:
    """Return the name before continued up to the ending: 民政厅 + 行政服务中心, 福建省工商联 + （总商会）."""
    ending, before, between = tokens[index], tokens[name.last].text, tokens[name.last + 1 : index]
    longer = TokenSpan(name.first, index)
    if len(between) > _LONGEST:
        return None
    if [token.text for token in (*between, *tokens[index + 1 : index + 2])] == ["（", "）"]:
        return TokenSpan(name.first, index + 1)
    if before.endswith("公司") and "part" not in ending.roles:
        return None
    if not between:
        return longer if len(ending.text) > 1 else None
    if between[0].text.isdigit():  # 商会 + 3名保安
        return None
    if ending.text.endswith("公司"):
        if between[0].text == "（" and "）" in [token.text for token in between[1:4]]:
            return longer  # 恒生银行 + （中国）有限公司
        if before.endswith("集团") or len(between) == 1:  # 国药集团 + 湖北有限公司
            between = [token for token in between if "place" not in token.roles]
    if "part" in ending.roles or before[-2:] in ("大学", "学院"):
        between = [token for token in between if "place" not in token.roles]
    if before[-2:] in ("大学", "学院") and between and "joint" not in between[0].roles:
        between = [token for token in between if "joint" not in token.roles]  # 师范大学 + 语言与文化研究院
    verbs = ["verb" in token.roles for token in between if "word" not in token.roles]
    if any(verbs[: None if len(ending.text) < 4 else -1]):  # the last word may belong to a long ending
        return None
    return None if any(token.roles & {"break", "stop", "joint", "place"} for token in between) else longer


def _start_name(tokens: list[Token], index: int, taken: int) -> TokenSpan | None:
    """Return the name that ends at the ending: with the nearest place that nothing separates from it, else without.

    A joint or a verb on the way (soft) separates a name without place: it begins after it. `taken` is the last token of
    the name before.
    """
    soft = None
    at = index - 1
    while at > max(taken, index - _LONGEST):
        token, plain = tokens[at], "word" in tokens[at].roles
        if _is_place(tokens, at):
            weak = "weak" in tokens[index].roles
            while at - 1 > taken and _is_place(tokens, at - 1) and not (weak and tokens[at - 1].text[-1] == token.text):
                if tokens[at - 1].text.startswith(tokens[at].text):
                    break  # a heading, then the name: 抚州市 + 抚州市长跑协会
                at -= 1  # 黔西 + 县; 伊春市 + 市慈善总会, but not 伊春市 + 市委
            name = _accept_placed(tokens, _find_outer(tokens, at, taken), index)
            if name or not tokens[index].text.endswith("公司") or "place" not in tokens[index - 1].roles:
                return name  # but 国源 + 合肥 + 分公司
        if (opening := _find_opening(tokens, at)) is not None:
            at = opening
        elif _is_syllable(tokens, at):
            pass
        elif token.roles & {"break", "stop"} and not plain:
            break
        elif token.roles & {"joint", "stop", "verb"}:
            soft = at if soft is None else soft
        at -= 1
    if 0 <= taken == at - 1 and tokens[at].text == "、":  # 清镇市篮球协会、武术协会
        return TokenSpan(at + 1, index) if at + 1 < index or "full" in tokens[index].roles else None
    return _accept_unplaced(tokens, at + 1 if soft is None else soft + 1, index)


def _find_outer(tokens: list[Token], at: int, taken: int) -> int:
    """Return where a name begins whose proper word stands before a place: 安徽省 + 皖 + 西南经济发展促进会."""
    first = at - 1
    while first > taken and not tokens[first].roles and not tokens[first].text.isdigit():
        first -= 1
    return first if taken < first < at - 1 and "place" in tokens[first].roles and _is_place(tokens, first) else at


def _find_opening(tokens: list[Token], at: int) -> int | None:
    """Return where a bracket or quotation of one or two words inside a name opens: 国芳工贸（集团）股份有限公司."""
    pair = {"）": "（", "”": "“"}.get(tokens[at].text)
    opening = next((index for index in (at - 2, at - 3) if index > 0 and tokens[index].text == pair), 0)
    return opening if opening and not tokens[opening - 1].roles & {*_SEPARATE, "break", "relative"} else None


def _is_syllable(tokens: list[Token], at: int) -> bool:
    """Tell whether 和, 达 or the like is a part of a proper word: 浙江 + 敦 + 和, 汉 + 达."""
    before, after = tokens[at - 1] if at else tokens[at], tokens[at + 1 : at + 2]
    if tokens[at].text in _SYLLABLES and before.roles & {"place", "relative"} and after and _is_proper(after[0]):
        return True
    if before.roles or before.text.isdigit() or len(before.text) > 1 or not tokens[at].roles & {"joint", "stop"}:
        return False
    return tokens[at].text in _SYLLABLES or at > 1 and bool(tokens[at - 2].roles & {"place", "relative"})


def _is_place(tokens: list[Token], at: int) -> bool:
    """Tell whether a name can begin here with a place: not with 神山 in 雷神山, nor with 镇 in 马巷镇."""
    roles, before = tokens[at].roles, tokens[at - 1].roles if at else frozenset({"break"})
    if "doubtful" in roles:
        return bool(before & {"break", "stop", "verb", "joint", "place"})
    return "place" in roles or "relative" in roles and bool(before)  # 红 + 谷 + 县人民医院


def _accept_placed(tokens: list[Token], first: int, index: int) -> TokenSpan | None:
    """Return the name if it has words of its own where its ending needs them and is not 各市, 6个市, 省、市."""
    ending, stem, relative = tokens[index], tokens[first + 1 : index], "relative" in tokens[first].roles
    several = any(token.text[0] == "各" or token.text == "个" for token in tokens[max(first - 2, 0) : first])
    if relative and (several or first > 1 and "relative" in tokens[first - 2].roles):
        return None
    if stem and "joint" in stem[-1].roles and len(ending.text) < 4 and not _is_syllable(tokens, index - 1):
        return None  # 兰州市企业和 + 协会
    named = any(len(token.text) > 1 or not token.roles & {"joint", "relative"} for token in stem)
    if named or "full" in ending.roles and not (relative and "weak" in ending.roles):
        return TokenSpan(first, index)
    return _accept_unplaced(tokens, first, index) if "doubtful" in tokens[first].roles else None


def _accept_unplaced(tokens: list[Token], first: int, index: int) -> TokenSpan | None:
    """Return the name if its stem holds a proper name, not only common words."""
    ending, stem = tokens[index], tokens[first:index]
    telling = "telling" in ending.roles
    own = [token for token in stem if ("word" not in token.roles if telling else _is_proper(token))]
    own = [token for token in own if not token.text.isdigit() or len(token.text) < 4]  # 91科技集团
    proper = sum(len(token.text) for token in own)
    return TokenSpan(first, index) if len(ending.text) > 1 and proper >= 2 else None


def _is_proper(token: Token) -> bool:
    """Tell whether a word may be a proper one: an unknown word, or the short form of a county."""
    return not token.roles and not token.text.isdigit() or "doubtful" in token.roles


def _add_listed(tokens: list[Token], names: list[TokenSpan]) -> list[TokenSpan]:
    """Return the names and those of firms in lists, which no ending tells: 劲牌、汾酒、…等数百家酒企."""
    starts, ends = [token.start for token in tokens], [token.end for token in tokens]
    taken = {at for name in names for at in range(name.first, name.last + 1)}
    text = "".join(token.text for token in tokens)
    for match in _LIST.finditer(text):
        at = match.start()
        if not match["firms"] and not _HEAD.search(text[max(at - 12, 0) : at]):
            continue
        items: list[list[int]] = []
        for item in match["items"].split("、"):
            end = at + len(item.partition("（")[0])
            within = list(range(bisect_left(starts, at), bisect_right(ends, end)))
            apart = [index for index in within if tokens[index].roles & {*_SEPARATE, "joint"} and not items]
            within = [index for index in within if index > max(apart, default=-1)]
            stopped = any("stop" in tokens[index].roles for index in within)
            counted = within[1:] and tokens[within[0]].text.isdigit()  # 50套防护服
            if within and end - tokens[within[0]].start <= 12 and not stopped and not counted:
                items.append(within)
            at += len(item) + 1
        proper = [within for within in items if any(_is_proper(tokens[index]) or index in taken for index in within)]
        if len(proper) * 2 >= len(items) and (len(items) > 2 or len(proper) == 2):
            names = names + [TokenSpan(within[0], within[-1]) for within in items if not taken & set(within)]
    return sorted(names)


def _add_members(tokens: list[Token], names: list[TokenSpan]) -> list[TokenSpan]:
    """Return the names and the short ones of firms after their office in an association: 副会长单位锐意网络."""
    taken, found = {at for name in names for at in range(name.first, name.last + 1)}, []
    starts = [token.start for token in tokens]
    for match in _MEMBER.finditer("".join(token.text for token in tokens)):
        first = bisect_left(starts, match.end())
        if first == len(tokens) or starts[first] != match.end():
            continue  # the office ends within a word
        if "place" not in tokens[first].roles and not _is_proper(tokens[first]):
            continue
        run = list(takewhile(lambda at: at not in taken and _is_inside(tokens[at]), range(first, len(tokens))))
        own = [len(tokens[at].text) for at in run if _is_proper(tokens[at])]
        if sum(own) >= 2 and tokens[run[-1]].end - tokens[first].start <= 12 and not taken & {run[-1] + 1}:
            found.append(TokenSpan(first, run[-1]))
    return sorted(names + found)


def _is_inside(token: Token) -> bool:
    """Tell whether a word may stand in the short name of a firm."""
    return not token.roles & {*_SEPARATE, "break", "joint", "ending"} and not token.text.isdigit()

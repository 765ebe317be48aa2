"""The rules of cleaning: each is a function from a text to its edits; none knows a document by name.

An edit `(start, end, replacement)` changes `text[start:end]`; a rule returns its edits in order and disjoint.
"""

import re
from collections.abc import Callable
from functools import cache
from html import unescape
from itertools import pairwise
from string import ascii_letters, digits

from opencc import OpenCC

Edit = tuple[int, int, str]
Rule = Callable[[str], list[Edit]]

HAN = "\u3400-\u9fff〇\U00020000-\U0003ffff"
WIDE = HAN + "，。、；：！？“”‘’（）《》〈〉【】〔〕…—"  # what makes punctuation beside it Chinese
STOP = "。！？"
RUN_ON = 200  # characters; a line longer than this may hold several paragraphs
META = 80  # characters; a line of page furniture is not longer
BODY = 200  # characters; a block that long does not stand twice by chance
TONES = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜḿńňǹ"
FULL_WIDTH = dict(zip(",;:!?", "，；：！？", strict=True))
WEIGHT = {"。": 4, "；": 3, "：": 2, "、": 1, "，": 0}  # which of several marks in a row stays
NAME_CHARACTERS = "昇樑邨"  # Traditional forms that Simplified texts keep in names


def substitute(pattern: str, by: str = "") -> Rule:
    """Return the rule that puts `by` in the place of every match (`^` and `$` match at line ends)."""
    compiled = re.compile(pattern, re.MULTILINE)
    return lambda text: [(m.start(), m.end(), by) for m in compiled.finditer(text)]


def _lines(text: str) -> list[tuple[int, str]]:
    """Return each line with the offset of its start."""
    return [(m.start(), m[0]) for m in re.finditer("(?m)^.*$", text)]


# --- characters and script ---
_CHARACTERS = (
    dict.fromkeys("\t\xa0\u3000\u2002\u2003\u2009\u202f", " ")
    | dict.fromkeys("\ufeff\u200b\u200c\u200d\u200e\u200f\u2060\xad", "")
    | dict.fromkeys("\r\f\v\x85\u2028\u2029", "\n")
    | {chr(ord(c) + 0xFEE0): c for c in digits + ascii_letters + "%+"}
    | dict(zip("﹝﹞「」『』", "〔〕“”‘’", strict=True))
)
_ODD = re.compile(f"(\r(?=\n))|(&(?:[A-Za-z]{{2,8}}|#[0-9]{{2,6}});)|[{re.escape(''.join(_CHARACTERS))}]")


def normalise_characters(text: str) -> list[Edit]:
    """Make odd spaces, line ends, full-width letters and corner brackets plain; drop what has no width."""
    return [
        (m.start(), m.end(), "" if m[1] else unescape(m[0]) if m[2] else _CHARACTERS[m[0]]) for m in _ODD.finditer(text)
    ]


@cache
def _converter() -> OpenCC:
    return OpenCC("tw2s")


@cache
def is_traditional(character: str) -> bool:
    """Tell whether a character is never written in Simplified text: outside GB 2312, but not what it converts to."""
    encoded, simplified = (c.encode("gb2312", "ignore") for c in (character, _converter().convert(character)))
    return not encoded and bool(simplified)


def convert_script(text: str) -> list[Edit]:
    """Convert lines in Traditional script (a tenth of their characters) as a whole, elsewhere single characters.

    So a Simplified line loses a stray 贏, but keeps 乾, 著 or 於, which Simplified texts have in names. In a converted
    line 覆工 and 覆产 are undone, which a machine made of 复工 and 复产.
    """
    traditional = {c for c in set(text) if is_traditional(c) and c not in NAME_CHARACTERS}
    edits: list[Edit] = []
    for start, line in _lines(text) if traditional else []:
        found = sum(c in traditional for c in line)
        if found > 1 and 10 * found >= sum("\u33ff" < c < "\uff00" for c in line):
            converted = re.sub("(?<![颠倾反])覆(?=[工产])", "复", _converter().convert(line))
        else:
            converted = "".join(_converter().convert(c) if c in traditional else c for c in line)
        pairs = enumerate(zip(line, converted, strict=True), start)  # tw2s keeps the number of characters
        edits += [(at, at + 1, new) for at, (old, new) in pairs if old != new]
    return edits


# --- what a web page puts around a text ---
_FURNITURE = (
    r"(?:您?(?:的|现在的)?(?:当前|所在)|您(?:现在)?的)位置 ?[：:]|首页 ?[>»]|[>»]"
    r"|(?:信息|稿件|文章)?来源 ?[：:]|(?:作者|编辑|责任编辑|责编|发布(?:人|日期|时间)|更新时间) ?[：:]"
    r"|(?:访问|浏览|阅读|点击)(?:次数|量|数) ?[：:\d]|\d{4}-\d\d-\d\d \d\d:\d\d|【?字[体号] ?[：:]"
    r"|[【\[]?(?:打印(?:本页|此页|文章)?|关闭(?:本页|窗口)?|收藏)(?:[】\] ]|$)"
    r"|返回(?:顶部|首页|列表)|扫一扫|微信扫|版权所有|[^ \n]{0,9}ICP备"
    r"|第 ?\d+ ?页|[-—－–] ?\d{1,3} ?[-—－–]$"
)
_SHARE = "分享(?:到|至|按钮)? ?(?:[：:]|$)|(?:微信|微博|QQ空间|QQ好友|朋友圈|复制链接| )+$"


def _drop_lines(beginning: str) -> Rule:
    """Return the rule that deletes short lines without a sentence that begin in this way."""
    return substitute(rf"^(?={beginning})[^{STOP}\n]{{1,{META}}}(?:\n|\Z)")


def find_doubles(text: str) -> list[Edit]:
    """Of equal blocks of lines one after the other keep the first: a body that stands twice, or the title."""
    starts, lines = zip(*_lines(text), strict=True)
    following: dict[str, int] = {}
    again = [0] * len(lines)  # the next line that reads the same
    for i in reversed(range(len(lines))):
        again[i], following[lines[i]] = following.get(lines[i], 0), i
    edits: list[Edit] = []
    i = 0
    while i < len(lines):
        j = stop = again[i]
        while i < j and lines[i] and lines[i:j] == lines[stop : stop + j - i]:
            stop += j - i
        if j < stop and ((i, j) == (0, 1) or sum(map(len, lines[i:j])) >= BODY):
            end = starts[stop - 1] + len(lines[stop - 1])
            last = end == len(text)  # without a line end of its own
            edits.append((starts[j] - last, end + (not last), ""))
            i = stop - 1
        i += 1
    return edits


# --- punctuation and spaces ---
def thin_punctuation(text: str) -> list[Edit]:
    """Of several pauses in a row keep the strongest; a row of full stops is an ellipsis and stays."""
    edits: list[Edit] = []
    for m in re.finditer("(?<![，,、；;：:。])(?!。。。)[，,、；;：:。]{2,}", text):
        beside = text[m.start() - 1 : m.start()] + text[m.end() : m.end() + 1]
        if not beside.isascii():
            weights = [WEIGHT[FULL_WIDTH.get(mark, mark)] for mark in m[0]]
            kept = m.start() + weights.index(max(weights))
            edits += [(start, end, "") for start, end in ((m.start(), kept), (kept + 1, m.end())) if start < end]
    return edits


_HALF = re.compile(rf"(?<=[{WIDE}])[,;:!]|[,;:!](?=[{WIDE}])|(?<=[{WIDE}] )[,;:!](?= [{WIDE}])")
_QUESTION = re.compile(rf"(?:[吗呢么吧]|[什怎哪谁何几][^，。；：！？,;:!?\n]{{0,20}})[{HAN}”]?\?(?=[\n{WIDE}]|\Z)")


def widen_punctuation(text: str) -> list[Edit]:
    """Make half-width marks beside Chinese full-width, brackets by pairs; a `?` only where the clause asks."""
    edits = [(m.start(), m.end(), FULL_WIDTH[m[0]]) for m in _HALF.finditer(text)]
    edits += [(m.end() - 1, m.end(), "？") for m in _QUESTION.finditer(text)]
    edits += [(m.start(), m.end(), "。") for m in re.finditer(rf"(?<=[{HAN}])\.(?=\n|\Z)", text)]
    opened: list[int] = []
    for m in re.finditer(r"[()（）\n]", text):
        if m[0] in "(（":
            opened.append(m.start())
        elif m[0] == "\n":
            opened.clear()
        elif opened:
            start, end = opened.pop(), m.start()
            beside = text[max(0, start - 1) : start] + text[start + 1 : end] + text[end + 1 : end + 2]
            if text[start] + text[end] != "()" or re.search(f"[{WIDE}]", beside):
                edits += [(i, i + 1, wide) for i, wide in ((start, "（"), (end, "）")) if text[i] != wide]
    for start, line in _lines(text):
        quotes = [start + m.start() for m in re.finditer('["＂]', line)]
        if len(quotes) % 2 == 0 and line.count("“") == line.count("”") and re.search(f"[{HAN}]", line):
            edits += [(at, at + 1, "“”"[i % 2]) for i, at in enumerate(quotes)]
    return sorted(edits)


# --- lines and paragraphs ---
_BREAK = re.compile(f"[{STOP}][”’）]? (?:([^\\s，；：,;:!?（({STOP}]{{4,30}}) )?(?=\\S)")


def split_paragraphs(text: str) -> list[Edit]:
    """In a long line, make a line end of a space after a sentence, and a line of a subtitle between two spaces."""
    breaks = [(start, m) for start, line in _lines(text) if len(line) > RUN_ON for m in _BREAK.finditer(line)]
    spaces = [start + at - 1 for start, m in breaks for at in (m.start(1), m.end()) if at > 0]
    return [(at, at + 1, "\n") for at in spaces]


_ENDED = re.compile(rf"[{STOP}；：…][”’）》]*$")
_HEADED = re.compile(r"[（(]?[一二三四五六七八九十\d]+[)）、.．是要]|第[一二三四五六七八九十\d]+[条章节]|附件")


def join_lines(text: str) -> list[Edit]:
    """Join a sentence that a page break cut.

    The cut shows by a quotation left open, by a comma at the line's end, or by a long line that stops in the middle of
    a sentence where four in five long lines end with one; what follows must be neither heading nor signature.
    """
    lines = _lines(text)
    long = [bool(_ENDED.search(line)) for _, line in lines if len(line) >= META]
    orderly = sum(long) >= 0.8 * len(long)
    edits: list[Edit] = []
    for (start, line), (after, following) in pairwise(lines):
        if not line or not following or _HEADED.match(following):
            continue
        quoted = line.count("“") > line.count("”") and re.match("[^“”]*”", following)
        sentences = all(re.search(f"[{STOP}]", part) for part in (line, following))
        inside = len(line) >= META and sentences and re.search(f"(?<!如下)(?<!以下)(?<=[{HAN}])$", line)
        if quoted or line[-1] in "，、" or (orderly and inside):
            edits.append((start + len(line), after, ""))
    return edits


RULES: dict[str, Rule] = {
    "characters": normalise_characters,
    "white space": substitute(r"\A[ \n]+|(?<=\n)[ \n]+|(?<= ) +| +(?=\n|\Z)"),
    "pinyin": substitute(rf"(?<=[{HAN}])[(（][b-df-hj-np-tw-z]{{0,2}}[aeiouüɑ]*[{TONES}][aeiouü]*(?:n[gɡ]?|r)?[)）]"),
    "script": convert_script,
    "table pipes": substitute(r"^(?= *\|)[| ]+$\n?|^\| *| *\|$"),
    "boilerplate": _drop_lines(_FURNITURE),
    "share buttons": _drop_lines(_SHARE),
    "related articles": substitute(
        rf"^(?:相关(?:文章|阅读|链接|新闻|推荐)|(?:推荐|延伸)阅读|上一篇|下一篇) ?(?:[：:]|$)[^{STOP}\n]{{0,60}}"
        rf"(?:\n[^{STOP}\n]{{1,60}})*\n?\Z"
    ),
    "by-line": substitute(rf"^[■□●◆▲] ?(?:(?:本[报刊网台]|特约)?(?:记者|通讯员)(?: [{HAN}]{{2,4}}(?= |$))+ ?)+"),
    "title prefix": substitute(
        rf"\A\[?(?:\d{{4}}[-./])?(?:0[1-9]|1[0-2])[-./](?:0[1-9]|[12]\d|3[01])\]? (?=[{HAN}《“][^\n。]*\n)"
    ),
    "doubled": find_doubles,
    "doubled punctuation": thin_punctuation,
    "full-width punctuation": widen_punctuation,
    "paragraphs": split_paragraphs,
    "spaces": substitute(
        rf" (?=[，、；：）》】”{STOP}])|(?<=[，、；：（《【“{STOP}]) (?=\S)"
        rf"|(?<![{HAN}][{HAN}])(?<=[{HAN}]) (?=[{HAN}](?![{HAN}]))"
    ),
    "broken lines": join_lines,
    "line end": substitute(r"(?<=[^\n])\Z", "\n"),
}

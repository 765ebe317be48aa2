"""Words of names: places, endings, trade words and the rest of `names.yaml`, and units cut into them."""

import json
import re
from collections import defaultdict
from functools import lru_cache
from typing import Any, NamedTuple

import jieba

from analysis.vocabulary import read_tokenizer

# The lists of words and the role in a name of each; the groups of lists by organisation type or by section.
ROLES = {
    "parts": "part", "weak": "weak", "telling": "telling", "brands": "brand", "words": "word",
    "stops": "stop", "regions": "place", "joints": "joint", "relative": "relative",
}  # fmt: skip
GROUPS = {"endings": "ending", "known": "known", "type_words": "word", "sections": "word"}
_BREAK = re.compile(r"[^\u4e00-\u9fffA-Za-z0-9·]")
_NATION = ("中国", "全国", "中华", "国家", "中央")
# What jieba's parts of speech say of a word of two or more characters that is in none of our lists; else `common`.
_SPEECH = {
    **dict.fromkeys(("v", "d", "vd", "ad", "l", "i"), ("verb",)), **dict.fromkeys(("p", "c", "r", "u"), ("stop",)),
    **dict.fromkeys(("nz", "nr", "nt", "j", "x"), ()), "ns": ("place", "doubtful"),
}  # fmt: skip
_WEIGHT = 20000  # makes jieba prefer our words
_UNCOMMON = 5  # a word that jieba's texts have less often may be a proper one (安踏, 权舆)
_RARE = 3  # and this only where nothing else fits (开福 is no word of 离开福建)


class Token(NamedTuple):
    """A word of a unit, at `start` to `end`, and what it may do in a name; an unknown word has no role."""

    start: int
    end: int
    roles: frozenset[str]
    text: str


class Lexicon(NamedTuple):
    """The words of `names.yaml`, by what they do in a name."""

    tokenizer: Any
    roles: dict[str, frozenset[str]]
    places: dict[str, tuple[str, str]]  # as written -> level, place in full
    # endings, known, types (both of these) and type_words: word -> organisation type; sections: word -> letter
    groups: dict[str, dict[str, str]]


def spell_places(tree: dict[str, dict[str, str]]) -> dict[str, tuple[str, str]]:
    """Return level (nation, province, city, county) and full form of every place, by each way of writing it."""
    places = dict.fromkeys(_NATION, ("nation", "中国"))
    for province, cities in tree.items():
        for level, name in (("province", province), *(("city", city) for city in cities)):
            short, ending = name.split()
            for form in (ending, "", ending[-1], ending[-3:]):  # 恩施土家族苗族自治州, 恩施, 恩施州, 恩施自治州
                places.setdefault(short + form, (level, short + ending))
        for county in " ".join(cities.values()).split():
            short, _, nation = county.partition("+")  # 威宁+彝族回族苗族自治县, 威宁县
            for form in (short + nation, short[:-1] if short.endswith("市") else short + nation[-1:]):
                if len(form) > 1:
                    places.setdefault(form, ("county", short + nation))
    return places


def build_lexicon(names: dict[str, Any]) -> Lexicon:
    """Return the words of `names.yaml` with a tokenizer that knows them besides jieba's own vocabulary."""
    return _build_lexicon(json.dumps(names))


@lru_cache(maxsize=2)
def _build_lexicon(dumped: str) -> Lexicon:
    names = json.loads(dumped)
    places = spell_places(names["places"])
    listed = [("place", " ".join(places)), *((role, names[key]) for key, role in ROLES.items())]
    listed += [(role, text) for group, role in GROUPS.items() for text in names[group].values()]
    roles: dict[str, set[str]] = defaultdict(set)
    for role, text in listed:
        for word in text.split():
            full = role in ("ending", "part") and word[0] != "…"
            roles[word.removeprefix("…")] |= {role, "full"} if full else {role}
    with jieba.get_dict_file() as lines:
        tags: dict[str, str] = dict(line.decode().split()[::2] for line in lines)
    for county in " ".join(text for cities in names["places"].values() for text in cities.values()).split():
        short = county[:-1].partition("+")[0]
        proper = tags.get(short, "nz")[:2] in ("ns", "nr", "nz", "nt")  # 鄞州, but not 和平
        if len(short) > 1 and short not in roles and proper:
            places[short], roles[short] = places[county.replace("+", "")], {"place", "doubtful"}
    tokenizer = _make_tokenizer(roles, tags)
    groups = {
        group: {word.removeprefix("…"): key for key, text in names[group].items() for word in text.split()}
        for group in GROUPS
    }
    groups["types"] = groups["known"] | groups["endings"]
    return Lexicon(tokenizer, {word: frozenset(found) for word, found in roles.items()}, places, groups)


def _make_tokenizer(roles: dict[str, set[str]], tags: dict[str, str]) -> Any:
    """Return jieba's tokenizer with our words; add to `roles` what jieba knows of all others."""
    tokenizer = read_tokenizer()
    for word, found in roles.items():
        if len(word) > 1 and "doubtful" not in found:
            tokenizer.add_word(word, freq=_WEIGHT)
        elif len(word) > 1 and word not in tags:
            tokenizer.add_word(word, freq=_RARE)
    tails = {word for word, found in roles.items() if "ending" in found}
    heads = {word for word, found in roles.items() if found & {"place", "ending"}}
    for word in [word for word in tags if word not in roles]:
        pair = len(word) == 4 and tags[word] not in ("ns", "i", "l") and word[:2] in tags and word[2:] in tags
        if pair or any(word[:size] in heads or word[size:] in tails for size in range(1, len(word))):
            tokenizer.FREQ[word] = 0  # 心理咨询, 武汉大学, 行业协会
        elif len(word) > 1:
            uncommon = len(word) == 2 and tokenizer.FREQ[word] <= _UNCOMMON and tags[word] == "n"
            roles[word] = set() if uncommon else set(_SPEECH.get(tags[word][:2], ("common",)))
    return tokenizer


def split_tokens(text: str, lexicon: Lexicon) -> list[Token]:
    """Cut a unit into words."""
    breaks, unknown = frozenset({"break"}), frozenset[str]()
    return [
        Token(start, end, breaks if _BREAK.match(word) else lexicon.roles.get(word, unknown), word)
        for word, start, end in lexicon.tokenizer.tokenize(text, HMM=False)
    ]

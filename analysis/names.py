"""Words of names: places, endings, trade words and the rest of `names.yaml`, and units cut into them."""

import logging
import re
from dataclasses import dataclass
from typing import Any, NamedTuple

import jieba

from analysis.errors import InputError

FILE = "names.yaml"
LISTS = ("parts", "weak", "telling", "generic", "brands", "words", "stops", "regions", "joints", "relative")
GROUPS = ("endings", "known", "type_words", "sections")
AMOUNTS = ("money", "goods", "mixed", "things", "before", "after", "within", "giving", "counters")
_BREAK = re.compile(r"[^\u4e00-\u9fffA-Za-z0-9]")
_NATION = ("中国", "全国", "中华", "国家", "中央")
# What jieba's parts of speech say about a word that is in none of our lists; all other words are `common`.
_VERBS, _FUNCTIONS, _PROPER = ("v", "d", "vd"), ("p", "c", "r", "u"), ("nz", "nr", "nrt", "nt", "j", "x", "nrfg")
_WEIGHT = 20000  # makes jieba prefer our words


class Token(NamedTuple):
    """A word of a unit, at `start` to `end`, and what it may do in a name; an unknown word has no role."""

    start: int
    end: int
    roles: frozenset[str]
    text: str


@dataclass(frozen=True)
class Lexicon:
    """The words of `names.yaml`, by what they do in a name."""

    tokenizer: Any
    roles: dict[str, frozenset[str]]
    places: dict[str, tuple[str, str]]  # as written -> level, place in full
    groups: dict[str, dict[str, str]]  # endings, known, type_words: word -> organisation type; sections: word -> letter


def check_names(names: dict[str, Any], types: list[str]) -> None:
    """Check the contents of `names.yaml`.

    Raises
    ------
    InputError
        With all problems: missing or unknown sections, organisation types or GB/T 4754 letters that do not exist,
        lists that are no text, an ending written twice, places without a short form and an ending.
    """
    problems = [f"{FILE}: section '{key}' is missing; add it" for key in (*LISTS, *GROUPS, "quantities", "places") if key not in names]
    known = {*LISTS, *GROUPS, "quantities", "places"}
    problems += [f"{FILE}: unknown section '{key}'; one of {', '.join(sorted(known))}" for key in names if key not in known]
    problems += [f"{FILE}, {key}: must be words separated by blanks" for key in LISTS if not isinstance(names.get(key, ""), str)]
    allowed = {"sections": list("ABCDEFGHIJKLMNOPQRST")}
    for group in (*GROUPS, "quantities"):
        keys = allowed.get(group, list(AMOUNTS) if group == "quantities" else [*types, "other"])
        seen: dict[str, str] = {}
        for key, text in _items(names, group, problems):
            if key not in keys:
                problems.append(f"{FILE}, {group}: unknown '{key}'; one of {', '.join(keys)}")
            if not isinstance(text, str):
                problems.append(f"{FILE}, {group}, {key}: must be words separated by blanks")
                continue
            for word in text.split() if group in ("endings", "sections") else ():
                if word in seen:
                    problems.append(f"{FILE}, {group}, {key}: '{word}' is also in {seen[word]}; delete one")
                seen[word] = key
    for province, cities in _items(names, "places", problems):
        for place in (province, *(cities if isinstance(cities, dict) else ())):
            if len(str(place).split()) != 2:
                problems.append(f"{FILE}, places, {place}: write short form, blank, ending, such as '浙江 省'")
    if problems:
        raise InputError(problems)


def _items(names: dict[str, Any], group: str, problems: list[str]) -> list[tuple[str, Any]]:
    content = names.get(group, {})
    if not isinstance(content, dict):
        problems.append(f"{FILE}, {group}: must be lines 'name: words', not a {type(content).__name__}")
        return []
    return list(content.items())


def spell_places(tree: dict[str, dict[str, str]]) -> dict[str, tuple[str, str]]:
    """Return level (nation, province, city, county) and full form of every place, by each way of writing it."""
    places = dict.fromkeys(_NATION, ("nation", "中国"))
    for province, cities in tree.items():
        short, ending = province.split()
        places |= dict.fromkeys((short + ending, short), ("province", short + ending))
        if ending.endswith("自治区"):
            places[short + "自治区"] = ("province", short + ending)
        for city, counties in cities.items():
            short, ending = city.split()
            forms = [short + ending, short] + ([short + "州", short + "自治州"] if ending.endswith("自治州") else [])
            for form in forms:
                places.setdefault(form, ("city", short + ending))
            for county in counties.split():
                places.setdefault(county, ("county", county))
                if county.endswith("市") and len(county) > 2:
                    places.setdefault(county[:-1], ("county", county))
    return places


def build_lexicon(names: dict[str, Any]) -> Lexicon:
    """Return the words of `names.yaml` with a tokenizer that knows them besides jieba's own vocabulary."""
    roles: dict[str, set[str]] = {}
    places = spell_places(names["places"])
    groups = {group: {word.removeprefix("…"): key for key, text in names[group].items() for word in text.split()} for group in GROUPS}
    listed = [("part", names["parts"]), ("word", names["words"]), ("stop", names["stops"]), ("joint", names["joints"])]
    listed += [("relative", names["relative"]), ("place", " ".join([*places, names["regions"]])), ("weak", names["weak"]), ("telling", names["telling"])]
    listed += [("generic", names["generic"]), ("brand", names["brands"])]
    listed += [(role, text) for group, role in zip(GROUPS, ("ending", "known", "word", "word"), strict=True) for text in names[group].values()]
    for role, text in listed:
        for word in text.split():
            found = roles.setdefault(word.removeprefix("…"), set())
            found |= {role, "stem" if word.startswith("…") else "full"} if role in ("ending", "part") else {role}
    tokenizer = _make_tokenizer(roles)
    return Lexicon(tokenizer, {word: frozenset(found) for word, found in roles.items()}, places, groups)


def _make_tokenizer(roles: dict[str, set[str]]) -> Any:
    """Return jieba's tokenizer with our words; add to `roles` what jieba knows of all others."""
    logging.getLogger("jieba").setLevel(logging.WARNING)
    tokenizer = jieba.Tokenizer()
    tokenizer.initialize()
    tails = {word for word, found in roles.items() if found & {"ending", "known"}}
    heads = {word for word, found in roles.items() if found & {"place", "ending"} and len(word) > 1}
    ours = sorted(word for word in roles if len(word) > 1)
    for word, tag in read_tags().items():
        if word in roles:
            continue
        if len(word) > 2 and any(word[size:] in tails or word[:size] in heads for size in range(1, len(word))):
            tokenizer.FREQ[word] = 0  # 行业协会, 武汉大学: cut into their parts
        elif tag == "ns":
            roles[word] = {"place", "doubtful"} if len(word) > 1 else set()
        elif len(word) > 1:
            roles[word] = {"verb"} if tag in _VERBS else {"stop"} if tag in _FUNCTIONS or (tag == "m" and word[-1] in "个家名位批") else set() if tag in _PROPER else {"common"}
    for word in ours:
        tokenizer.add_word(word, freq=_WEIGHT)
    return tokenizer


def read_tags() -> dict[str, str]:
    """Return the part of speech of every word of jieba's vocabulary."""
    with jieba.get_dict_file() as lines:
        return dict(line.decode().split()[::2] for line in lines)


def split_tokens(text: str, lexicon: Lexicon) -> list[Token]:
    """Cut a unit into words."""
    breaks, unknown = frozenset({"break"}), frozenset[str]()
    return [
        Token(start, end, breaks if _BREAK.match(word) else lexicon.roles.get(word, unknown), word)
        for word, start, end in lexicon.tokenizer.tokenize(text, HMM=False)
    ]

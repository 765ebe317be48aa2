"""Read and check the codebook: organisation types, measures, names and cues, with the patterns that find them."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from analysis import paths
from analysis.errors import InputError
from analysis.patterns import Matcher, Pattern, compile_patterns, find_faults, find_matches

LABELS = ("id", "zh", "en", "definition")
TEXTS = ("includes", "excludes")
LISTS = ("patterns", "not", "examples")
CHOICES: dict[str, dict[str, tuple[str, ...]]] = {
    "types": {"group": ("social_organisations", "market", "state")},
    "measures": {"goal": ("epidemic", "resumption", "both", "governance"),
                 "instrument": ("nodality", "authority", "treasure", "organisation")},
}  # fmt: skip
FILES = {"types": "organisation_types.yaml", "measures": "measures.yaml", "names": "names.yaml", "cues": "cues.yaml",
         "invocations": "invocations.yaml", "classes": "classes.yaml"}  # fmt: skip
INVOKING = ("decision", "speech", "joint", "link", "break", "issue", "own", "title", "person_end", "meeting",
            "municipality", "centre", "province", "city", "county")  # fmt: skip


@dataclass(frozen=True)
class Codebook:
    """The codebook as read.

    `types` and `measures` have one row per code, indexed by its id, in the order of the file: zh, en, definition,
    includes, excludes, patterns, not, examples, and group (types) or goal and instrument (measures).
    `names`, `cues` and `invocations` are the contents of their files; `patterns` is the matcher of all codes and cues.
    """

    types: pd.DataFrame
    measures: pd.DataFrame
    patterns: Matcher
    names: dict[str, Any]
    cues: dict[str, Any]
    invocations: dict[str, Any] = field(default_factory=dict)


def read_codebook(folder: Path = paths.CODEBOOK) -> Codebook:
    """Read the files of a codebook folder and check them; all but types and measures may be absent.

    Raises
    ------
    InputError
        With all problems found: malformed YAML, unknown keys, missing labels, ids used twice, unknown groups, goals
        or instruments, codes without patterns, unknown classes, and patterns and examples that do not match each other.
    """
    problems: list[str] = []
    contents = {part: _read_yaml(folder / name, problems) for part, name in FILES.items()}
    entries = {part: _check_codes(contents[part], part, folder / FILES[part], problems) for part in CHOICES}
    others = [part for part in FILES if part not in CHOICES]
    for part in others:
        if not isinstance(contents[part] or {}, dict):
            problems.append(f"{folder / FILES[part]}: must be sections 'name: ...'")
            contents[part] = None
    names, cues, invocations, classes = (contents[part] or {} for part in others)
    entries["cues"] = [{"id": cue, **value} for cue, value in cues.items() if "patterns" in (value or ())]
    for name, words in classes.items():
        if not isinstance(words, str) or find_faults(words, {}) or "…" in words:
            problems.append(f"{folder / FILES['classes']}, {name}: must be literals with | between them")
            classes = {other: kept for other, kept in classes.items() if other != name}
    patterns: list[Pattern] = []
    for part, code in ((part, code) for part, codes in entries.items() for code in codes):
        patterns += _check_patterns(code, part[:-1], f"{folder / FILES[part]}, {code['id']}", problems, classes)
    _check_invocations(invocations, folder / FILES["invocations"], problems)
    if problems:
        raise InputError(problems)
    return Codebook(_as_table(entries["types"], "types"), _as_table(entries["measures"], "measures"),
                    compile_patterns(patterns), names, cues, invocations)  # fmt: skip


class _Loader(yaml.SafeLoader):
    """A safe YAML loader that refuses a key written twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        for number, key in enumerate(keys):
            if key in keys[:number]:
                mark = node.value[number][0].start_mark
                raise yaml.MarkedYAMLError(problem=f"key '{key}' is written twice", problem_mark=mark)
        return super().construct_mapping(node, deep)


def _read_yaml(path: Path, problems: list[str]) -> Any:
    if not path.exists():
        if path.name in (FILES["types"], FILES["measures"]):
            problems.append(f"{path}: no such file; a codebook needs it")
        return None
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        problems.append(f"{path}, line {line}: not valid YAML: {error.problem}; mend the indentation, colon or quote")
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        problems.append(f"{path}: cannot be read: {error}; save it as UTF-8 text")
    return None


def _check_invocations(content: dict[str, Any], path: Path, problems: list[str]) -> None:
    """Note unknown sections, keys, levels, kinds and orders, and patterns and examples that do not match."""
    allowed = {"level": ("centre", "province", "city", "county", ""), "kind": ("authority", "leader", "meeting"),
               "order": ("before", "after"), "bare": (True, False)}  # fmt: skip
    known = (*allowed, *LABELS[1:], *LISTS)
    if content and set(content) != {"invoked", "relations", "words"}:
        problems.append(f"{path}: must have the sections relations, invoked and words, and no other")
    sections = {name: content.get(name, {}) for name in ("relations", "invoked", "words")}
    for name in [name for name, section in sections.items() if not isinstance(section, dict)]:
        problems.append(f"{path}, {name}: must be entries 'name: ...', not a {type(sections.pop(name)).__name__}")
    lost = [key for key in INVOKING if content and not isinstance(sections.get("words", {}).get(key), str)]
    problems += [f"{path}, words: '{key}' is missing or no text; write words separated by blanks" for key in lost]
    for section in ("relations", "invoked"):
        for name, entry in sections.get(section, {}).items():
            where = f"{path}, {section}, {name}"
            if not isinstance(entry, dict):
                problems.append(f"{where}: must be keys such as 'patterns: [...]', not '{entry}'")
                continue
            if section == "invoked" and "level" not in entry:
                problems.append(f"{where}: has no level; write 'level: centre', province, city, county or ''")
            for key, value in entry.items():
                if key not in known:
                    problems.append(f"{where}: unknown key '{key}'; one of {', '.join(known)}")
                elif value not in allowed.get(key, (value,)):
                    problems.append(f"{where}: unknown {key} '{value}'; one of {', '.join(map(str, allowed[key]))}")
            _check_patterns({"id": name, **entry}, "cue", where, problems, {})


def _check_codes(content: Any, part: str, path: Path, problems: list[str]) -> list[dict[str, Any]]:
    """Return the entries that have an id; note unknown keys, missing labels, wrong choices and ids used twice."""
    if not isinstance(content, list) or not content:
        problems.append(f"{path}: must be a list of codes, each beginning '- id: ...'")
        return []
    known = (*LABELS, *CHOICES[part], *TEXTS, *LISTS)
    kept: list[dict[str, Any]] = []
    for number, entry in enumerate(content, start=1):
        if not isinstance(entry, dict) or not isinstance(entry.get("id"), str):
            problems.append(f"{path}, code {number}: has no id; begin it '- id: ...'")
            continue
        faults = [f"unknown key '{key}'; one of {', '.join(known)}" for key in entry if key not in known]
        lost = [key for key in LABELS[1:] if not (isinstance(entry.get(key), str) and entry[key].strip())]
        faults += [f"'{key}' is missing or no text; write one" for key in lost]
        for key, allowed in CHOICES[part].items():
            if entry.get(key) not in allowed:
                faults.append(f"unknown {key} '{entry.get(key, '')}'; one of {', '.join(allowed)}")
        if not re.fullmatch("[a-z][a-z0-9_]*", entry["id"]):
            faults.append("an id is made of small letters, digits and _; rename it")
        if entry["id"] in [other["id"] for other in kept]:
            faults.append("this id is used twice; give each code its own")
        problems += [f"{path}, code {number} ({entry['id']}): {fault}" for fault in faults]
        kept.append(entry)
    return kept


def _check_patterns(
    entry: dict[str, Any], kind: str, where: str, problems: list[str], classes: dict[str, str]
) -> list[Pattern]:
    """Return the patterns of one code; note malformed lists and what its examples do not bear out."""
    lists = {key: entry.get(key) or [] for key in LISTS}
    faults, patterns = [], []
    for key, values in lists.items():
        if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
            faults.append(f"'{key}' must be a list of texts; put '- ' before each")
        elif key != "examples":
            faults += [f"pattern '{value}' {fault}" for value in values for fault in find_faults(value, classes)]
    if not lists["patterns"]:
        faults.append("has no pattern, so that nothing can be found; add one under 'patterns:'")
    if not lists["examples"] and kind != "cue":
        faults.append("has no example; add one under 'examples:' for each pattern")
    if not faults:
        patterns = [Pattern(kind, entry["id"], text, key == "not", classes) for key in LISTS[:2] for text in lists[key]]
        faults = _find_example_faults(patterns, lists["examples"])
    problems += [f"{where}: {fault}" for fault in faults]
    return patterns if not faults else []


def _find_example_faults(patterns: list[Pattern], examples: list[str]) -> list[str]:
    """Name the examples that no pattern of the code matches and, but for cues, the patterns that match no example."""
    voids = [pattern for pattern in patterns if pattern.void]
    matchers = {pattern.text: compile_patterns([pattern, *voids]) for pattern in patterns if not pattern.void}
    found = {text: {example for example in examples if find_matches(example, matchers[text])} for text in matchers}
    faults = [f"pattern '{text}' matches none of its examples; add an example or mend it"
              for text in found if not found[text] and patterns[0].kind != "cue"]  # fmt: skip
    missed = [example for example in examples if not any(example in matched for matched in found.values())]
    return faults + [f"example '{example}' is matched by no pattern; mend it or add a pattern" for example in missed]


def _as_table(entries: list[dict[str, Any]], part: str) -> pd.DataFrame:
    columns = [*LABELS, *CHOICES[part], *TEXTS, *LISTS]
    rows = [[entry.get(key, [] if key in LISTS else "") for key in columns] for entry in entries]
    return pd.DataFrame(rows, columns=columns).set_index("id")

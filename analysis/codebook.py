"""Read and check the codebook: organisation types, measures, names and cues, with the patterns that find them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import yaml

from analysis import paths
from analysis.errors import InputError, find_unknown, gather, name_file
from analysis.patterns import Matcher, Pattern, compile_patterns, find_faults, find_matches

if TYPE_CHECKING:
    from jsonschema import ValidationError

FILES = {"types": "organisation_types.yaml", "measures": "measures.yaml", "names": "names.yaml", "cues": "cues.yaml",
         "invocations": "invocations.yaml", "classes": "classes.yaml"}  # fmt: skip
SCHEMA = paths.ROOT / "analysis" / "codebook.schema.yaml"
_ABSENT: dict[str, Any] = {"includes": "", "excludes": "", "not": []}


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
    invocations: dict[str, Any]


def read_codebook(folder: Path = paths.CODEBOOK) -> Codebook:
    """Read the files of a codebook folder and check them.

    Raises
    ------
    InputError
        With all problems found: missing files, malformed YAML, what `codebook.schema.yaml` does not allow, ids and
        words used twice; and in files without these, patterns and examples that do not match each other.
    """
    if not folder.is_dir():
        raise InputError([f"{name_file(folder)}: no such folder; a codebook has the files of corpus/codebook/"])
    problems: list[str] = []
    contents: dict[str, Any] = {}
    for part, name in FILES.items():
        with gather(problems):
            contents[part] = _read_part(folder / name, part, [code["id"] for code in contents.get("types", [])])
    classes = contents.pop("classes", None)
    patterns: list[Pattern] = []
    for part, content in contents.items() if classes is not None else ():
        for code, kind, entry in _list_codes(part, content):
            with gather(problems):
                known = classes if kind else {}  # invocations have no classes
                patterns += _make_patterns(code, kind, entry, known, name_file(folder / FILES[part]))
    if problems:
        raise InputError(problems)
    types, measures = (_as_table(contents.pop(part)) for part in ("types", "measures"))
    return Codebook(types, measures, compile_patterns(each for each in patterns if each.kind), **contents)


def _as_table(codes: list[dict[str, Any]]) -> pd.DataFrame:
    filled = [code | {key: code.get(key, absent) for key, absent in _ABSENT.items()} for code in codes]
    return pd.DataFrame(filled).set_index("id")


class _Loader(yaml.CSafeLoader):
    """A safe YAML loader that refuses a key written twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        for number, key in enumerate(keys):
            if key in keys[:number]:
                mark = node.value[number][0].start_mark
                raise yaml.MarkedYAMLError(problem=f"key '{key}' is written twice", problem_mark=mark)
        return super().construct_mapping(node, deep)


@cache
def _read_schema() -> dict[str, Any]:
    schema: dict[str, Any] = yaml.load(SCHEMA.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return schema


def _read_part(path: Path, part: str, type_ids: Sequence[str]) -> Any:
    """Read a file and check it against the schema; `names.yaml` may name the organisation types with these ids."""
    name = name_file(path)
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)
    except FileNotFoundError:
        raise InputError([f"{name}: no such file; copy that of corpus/codebook/"]) from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        fault = f"not valid YAML: {error.problem}; mend the indentation, colon or quote"
        raise InputError([f"{name}, line {line}: {fault}"]) from None
    except (OSError, ValueError, yaml.YAMLError) as error:  # ValueError: no UTF-8, or a day such as 2020-02-30
        raise InputError([f"{name}: cannot be read: {error}; save it as UTF-8 text"]) from None
    faults = [f"{', '.join([name, *steps])}: {fault}" for steps, fault in _find_faults(content, part, type_ids)]
    if faults:
        raise InputError(list(dict.fromkeys(faults)))
    return content


def _find_faults(content: Any, part: str, type_ids: Sequence[str]) -> Iterator[tuple[list[str], str]]:
    """Yield the place and the fault of all that the schema does not allow, or else of what a group may not hold."""
    from jsonschema import Draft202012Validator  # as slow to import as pandas, and of use only here

    type_id = {"enum": [*type_ids, "other"]} if type_ids else {}
    schema = {"$ref": f"#/$defs/{part}", "$defs": {**_read_schema()["$defs"], "type_id": type_id}}
    errors = list(Draft202012Validator(schema).iter_errors(content))
    for error in sorted(errors, key=lambda error: [f"{step:>9}" for step in error.absolute_path]):
        steps, inside = list[str](), content
        for step in error.absolute_path:
            inside = inside[step]
            is_code = isinstance(step, int) and isinstance(inside, dict)
            steps.append(f"code {step + 1} ({inside.get('id', 'without id')})" if is_code else str(step))
        yield steps, _describe(error)
    seen: dict[tuple[str, str], str] = {}
    for group, name, place in [] if errors else _list_unique(content, part):
        if other := seen.get((group, name)):
            yield [place], f"{name!r} is also in {other}; delete one"
        seen[group, name] = place
    for name in content if part == "classes" and not errors else ():
        if "…" in content[name] or find_faults(content[name], {}):
            yield [name], "must be literals with | between them"


def _describe(error: "ValidationError") -> str:
    """Say what is wrong, and how to mend it."""
    value, allowed = error.instance, error.validator_value
    match error.validator:
        case "required":
            return f"has no {', '.join(key for key in allowed if key not in value)}; add it"
        case "additionalProperties":
            known = error.schema["properties"]
            return f"unknown key {', '.join(str(key) for key in value if key not in known)}; one of {', '.join(known)}"
        case "enum":
            return find_unknown("value", value, allowed)[0]
    return f"must be {error.schema['description']}; it is {value!r:.40}"


def _list_unique(content: Any, part: str) -> Iterator[tuple[str, str, str]]:
    """Yield group, name and place of what a group may hold only once: ids, labels, words of two sections of names."""
    for key in ("id", "zh") if part in ("types", "measures") else ():
        yield from ((key, code[key], f"code {number}") for number, code in enumerate(content, 1))
    for group in ("endings", "sections") if part == "names" else ():
        for key, text in content[group].items():
            words = text.split()
            bare = (word[1:] if word[0] == "…" and word[1:] not in words else word for word in words)
            yield from ((group, word, f"{group}, {key}") for word in bare)


def _list_codes(part: str, content: Any) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield all that has patterns: its place, what kind of mention they find ('' if none), and the entry."""
    if part in ("types", "measures"):
        yield from ((code["id"], part[:-1], code) for code in content)
    elif part == "cues":
        yield from ((name, "cue", entry) for name, entry in content.items() if "patterns" in entry)
    elif part == "invocations":
        for section in ("relations", "invoked"):
            yield from ((f"{section}, {name}", "", entry) for name, entry in content[section].items())


def _make_patterns(
    code: str, kind: str, entry: Mapping[str, Any], classes: Mapping[str, str], file: str
) -> list[Pattern]:
    """Return the patterns of an entry; raise `InputError` if one is faulty, or its examples do not bear them out."""
    lists = {key: entry.get(key, []) for key in ("patterns", "not")}
    patterns = [Pattern(kind, code, text, key == "not", classes) for key, texts in lists.items() for text in texts]
    faults = [f"pattern '{each.text}' {fault}" for each in patterns for fault in find_faults(each.text, classes)]
    if faults := faults or _find_example_faults(patterns, entry.get("examples", [])):
        raise InputError([f"{file}, {code}: {fault}" for fault in faults])
    return patterns


def _find_example_faults(patterns: list[Pattern], examples: list[str]) -> list[str]:
    """Name the examples that no pattern of the entry matches and, of codes, the patterns that match no example."""
    voids = [pattern for pattern in patterns if pattern.void]
    matchers = {pattern.text: compile_patterns([pattern, *voids]) for pattern in patterns if not pattern.void}
    found = {text: {example for example in examples if find_matches(example, matchers[text])} for text in matchers}
    faults = [f"pattern '{text}' matches none of its examples; add an example or mend it"
              for text in found if not found[text] and patterns[0].kind in ("type", "measure")]  # fmt: skip
    missed = [example for example in examples if not any(example in matched for matched in found.values())]
    return faults + [f"example '{example}' is matched by no pattern; mend it or add a pattern" for example in missed]

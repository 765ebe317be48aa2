"""Codebooks for tests: those of the project, but for what a test puts in their place."""

from pathlib import Path
from typing import Any

import yaml

from analysis.paths import CODEBOOK


def load(name: str) -> Any:
    """Return the content of a file of the project's codebook, such as `names`."""
    return yaml.safe_load((CODEBOOK / f"{name}.yaml").read_text(encoding="utf-8"))


def write_codebook(folder: Path, **contents: Any) -> Path:
    """Write a codebook with these contents of files (texts or what YAML makes of them) into a folder, and return it."""
    for path in CODEBOOK.glob("*.yaml"):
        (folder / path.name).write_bytes(path.read_bytes())
    if "organisation_types" in contents:  # what others may name types that are not there
        cues = load("cues")
        contents = {
            "names": load("names") | {"endings": {}, "known": {}, "type_words": {}},
            "cues": cues | {"bare": {**cues["bare"], "types": {}}},
        } | contents
    for name, content in contents.items():
        text = content if isinstance(content, str) else yaml.safe_dump(content, allow_unicode=True)
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder

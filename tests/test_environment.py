"""The lock, conda's environment and what they install."""

import json
import re
import subprocess
import sys
import tomllib
from importlib.metadata import metadata, requires
from pathlib import Path
from shutil import copy

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from analysis.paths import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
ENVIRONMENT = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))


def locked() -> list[tuple[Requirement, int]]:
    """Each requirement of the lock with the number of its hashes."""
    entries = re.sub(r"(?m)^ *#.*\n", "", LOCK).replace("\\\n", "").splitlines()
    return [(Requirement(entry.split("--hash")[0]), entry.count("--hash=sha256:")) for entry in entries]


def expected_versions() -> dict[str, str]:
    """The versions that the lock gives to a machine like this one."""
    here = [entry for entry, _ in locked() if entry.marker is None or entry.marker.evaluate()]
    return {canonicalize_name(entry.name): str(entry.specifier).removeprefix("==") for entry in here}


def test_every_entry_of_the_lock_has_one_version_and_hashes():
    for entry, hashes in locked():
        assert re.fullmatch(r"==[\w.]+", str(entry.specifier)), entry
        assert hashes > 0, entry


def test_the_lock_carries_no_address():
    assert not re.search(r"://|--(extra-)?index|--find-links|@ ?file", LOCK)


def test_the_lock_holds_each_package_once_so_that_every_python_computes_with_the_same_versions():
    names = [canonicalize_name(entry.name) for entry, _ in locked()]
    assert len(names) == len(set(names))


def test_the_lock_satisfies_what_the_project_asks_for():
    versions = expected_versions()
    groups = PROJECT["dependency-groups"]
    for line in [*PROJECT["project"]["dependencies"], *groups["test"], *groups["lint"]]:
        wanted = Requirement(line)
        assert wanted.specifier.contains(versions[canonicalize_name(wanted.name)]), line


def test_nothing_that_the_project_runs_on_is_under_the_gpl():
    queue, seen = [Requirement(line) for line in PROJECT["project"]["dependencies"]], set()
    while queue:
        name = canonicalize_name(queue.pop().name)
        if name in seen:
            continue
        seen.add(name)
        facts = metadata(name)
        licences = [facts.get("License-Expression"), (facts.get("License") or "").partition("\n")[0]]
        licences += [line for line in facts.get_all("Classifier", []) if line.startswith("License")]
        assert not re.search(r"\bA?GPL|General Public", " ".join(filter(None, licences))), (name, licences)
        needs = map(Requirement, requires(name) or [])
        queue += [need for need in needs if need.marker is None or need.marker.evaluate({"extra": ""})]
    assert len(seen) > 50


def test_the_python_of_conda_is_pinned_to_the_patch_and_new_enough():
    pinned = next(line for line in ENVIRONMENT["dependencies"] if str(line).startswith("python="))
    version = re.fullmatch(r"python=(3\.\d+\.\d+)", pinned)
    assert version and Requirement("python" + PROJECT["project"]["requires-python"]).specifier.contains(version[1])


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> dict[str, str]:
    """Name and version of what pip installs when run as conda runs it, in a fresh virtual environment."""
    folder = tmp_path_factory.mktemp("conda")
    for name in ("environment.yml", "requirements.lock"):
        copy(ROOT / name, folder)
    pip_part = next(part["pip"] for part in ENVIRONMENT["dependencies"] if isinstance(part, dict))
    # conda/env/installers/pip.py: one line per entry, in a temporary file beside environment.yml.
    requirements = folder / "condaenv.test.requirements.txt"
    requirements.write_text("\n".join(pip_part), encoding="utf-8")
    subprocess.run([sys.executable, "-m", "venv", folder / "env"], check=True)
    pip = [Path(folder, "env", "bin", "python"), "-m", "pip", "--disable-pip-version-check"]
    subprocess.run([*pip, "install", "-U", "-r", requirements, "--exists-action=b"], cwd=folder, check=True)
    found = subprocess.run([*pip, "list", "--format=json"], check=True, capture_output=True, text=True).stdout
    return {canonicalize_name(entry["name"]): entry["version"] for entry in json.loads(found)}


def test_the_pip_part_of_conda_installs_exactly_the_locked_versions(installed):
    assert {name: installed[name] for name in installed if name not in ("pip", "setuptools")} == expected_versions()

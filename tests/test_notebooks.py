"""What nbval lets pass: cells never run, cells out of order, warnings, and facts of one machine in a notebook."""

import json
from pathlib import Path

import pytest

from analysis.paths import NOTEBOOKS

PATHS = sorted(NOTEBOOKS.glob("*.ipynb"))


def code_cells(path: Path) -> list[dict]:
    return [cell for cell in json.loads(path.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"]


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_every_cell_was_executed_once_from_top_to_bottom(path):
    cells = code_cells(path)
    assert [cell["execution_count"] for cell in cells] == list(range(1, len(cells) + 1))


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_no_cell_ended_in_an_error_or_a_warning(path):
    outputs = [output for cell in code_cells(path) for output in cell["outputs"]]
    assert not [output for output in outputs if output["output_type"] == "error" or output.get("name") == "stderr"]


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_no_fact_of_the_machine_is_in_the_notebook(path):
    text = path.read_text(encoding="utf-8")
    assert set(json.loads(text)["metadata"]) == {"kernelspec"}
    assert not [word for word in ("/home/", "/Users/", "/tmp/", "/root/", " at 0x", "iopub.execute") if word in text]

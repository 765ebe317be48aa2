"""The table that sets the options of DNA beside ours names tests and options that exist."""

import re
from typing import get_args

import analysis as an
from analysis import periods, twomode
from analysis.paths import ROOT

TEXT = (ROOT / "docs" / "dna.md").read_text(encoding="utf-8")
NAMES = re.findall(r"`(test_\w+)`", TEXT)


def test_every_test_that_the_table_names_exists():
    tests = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").glob("test_*.py"))
    assert len(NAMES) > 30
    assert [name for name in NAMES if f"\ndef {name}(" not in tests] == []


def test_every_row_of_the_table_names_a_test():
    rows = [line for line in TEXT.splitlines() if line.startswith("|") and not line.startswith(("|---", "| Option"))]
    assert len(rows) > 15
    assert [row for row in rows if not re.search(r"`test_\w+`", row)] == []


def test_the_table_names_every_option_and_only_public_functions():
    literals = (twomode.TwoModeAggregation, twomode.TwoModeNorm, twomode.OneModeAggregation, twomode.OneModeNorm,
                periods.Period, periods.Unit, periods.Kernel)  # fmt: skip
    options = {option for one in literals for option in get_args(one)} - {"none"}
    assert [option for option in sorted(options) if option not in TEXT.lower()] == []
    called = re.findall(r"`(\w+)(?:\(|`)", TEXT)
    functions = {name for name in called if "_" in name and not name.startswith("test_")}
    assert functions and [name for name in sorted(functions) if not hasattr(an, name)] == []

"""What all tests share: the corpus, read and coded once; and no window is ever opened, whatever the machine has set."""

import matplotlib
import pytest

import analysis as an
from analysis import paths

matplotlib.use("Agg")


@pytest.fixture(scope="session")
def codebook():
    return an.read_codebook()


@pytest.fixture(scope="session")
def register():
    return an.read_documents()


@pytest.fixture(scope="session")
def corpus(register, codebook):
    return an.code_documents(*register, codebook)


@pytest.fixture(scope="session")
def reference(register):
    return an.read_coding(paths.REFERENCE / "statements.jsonl", *register)

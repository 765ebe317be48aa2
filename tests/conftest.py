"""What all tests share: the corpus, read and coded once; and no window is ever opened, whatever the machine has set."""

import matplotlib
import pytest
from hypothesis import settings

import analysis as an
from analysis import paths

matplotlib.use("Agg")
settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")


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

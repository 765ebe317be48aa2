"""The one exception that a user's mistake raises, and what its messages need."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path


class InputError(ValueError):
    """Something in the user's files is wrong: one message per problem, with file or table, row, fault and mend."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(self.problems))


@contextmanager
def gather(problems: list[str]) -> Iterator[None]:
    """Put the problems of an `InputError` raised inside into the list, and go on after the block."""
    try:
        yield
    except InputError as error:
        problems += error.problems


def name_file(path: Path) -> str:
    """Return how a message names a file: from the current folder if it lies in there, else in full."""
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)


def find_unknown(what: str, value: object, choices: Iterable[object]) -> list[str]:
    """Return a message if a value is none of the choices, else nothing."""
    known = list(choices)
    return [] if value in known else [f"unknown {what} {value!r}; one of {', '.join(str(c) or 'empty' for c in known)}"]


def check_choice(option: str, value: object, choices: Iterable[object]) -> None:
    """Raise `InputError` unless an option has one of its values."""
    if faults := find_unknown(option, value, choices):
        raise InputError(faults)

"""The one exception that a user's mistake raises, and what its messages need."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path


class InputError(ValueError):
    """Something in the user's files is wrong.

    Parameters
    ----------
    problems
        One message per problem, each naming the file or table, the row, what is wrong and the mend.
        All problems that could be found are given at once.
    """

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


def check_choice(option: str, value: object, choices: Iterable[object]) -> None:
    """Raise `InputError` unless an option has one of its values."""
    if value not in (known := list(choices)):
        raise InputError([f"unknown {option} {value!r}; one of {', '.join(map(str, known))}"])

"""The one exception that a user's mistake raises."""

from collections.abc import Iterable, Sequence


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


def check_choice(option: str, value: object, choices: Iterable[object]) -> None:
    """Raise `InputError` unless an option has one of its values."""
    if value not in (known := list(choices)):
        raise InputError([f"unknown {option} {value!r}; one of {', '.join(map(str, known))}"])

"""The one exception that a user's mistake raises."""

from collections.abc import Sequence


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

"""What a problem in a file is: where it stands, what is wrong, and how to mend it."""

from collections.abc import Iterable
from dataclasses import dataclass

PROBLEM_LIMIT = 100


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing wrong in one file; lines count from 1, and 0 means the file as a whole."""

    path: str
    line: int
    message: str
    mend: str = ""

    def __str__(self) -> str:
        where = f"{self.path}:{self.line}" if self.line else self.path
        return f"{where}: {self.message}" + (f"; {self.mend}" if self.mend else "")


class InvalidFile(Exception):
    """A file that breaks its shape, with its problems in the order of its lines; of very many the first hundred."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = first_of(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def first_of(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Each problem once, in the order of their lines; of very many the first hundred, and that there are more."""
    ordered = sorted(set(problems))
    kept, left = ordered[:PROBLEM_LIMIT], ordered[PROBLEM_LIMIT:]
    if left:
        kept.append(Problem(left[0].path, left[0].line, "there are more problems from here on", "mend these first"))
    return tuple(kept)

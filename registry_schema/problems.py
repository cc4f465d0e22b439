"""What a problem in a file is: where it stands, what is wrong, and how to mend it."""

from dataclasses import dataclass


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

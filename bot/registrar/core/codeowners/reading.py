"""Knows what both languages share: which of several files counts, and how its bytes become lines."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from registry_schema import Problem


@dataclass(frozen=True, slots=True)
class Found:
    """The file that a forge uses, and a problem for each other that it ignores: nobody can tell which was meant."""

    file: str
    text: bytes
    ignored: tuple[Problem, ...]


class Unreadable(Exception):
    """A file that cannot be used at all, and why."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(str(problem))


def find(places: Sequence[str], read: Callable[[str], bytes | None]) -> Found | None:
    """The first file that is there, of the places in the order in which the forge looks; None when there is none."""
    found = [(place, text) for place in places if (text := read(place)) is not None]
    if not found:
        return None
    (file, text), *others = found
    mend = "keep one of them"
    ignored = tuple(Problem(other, 0, f"is ignored, because {file} comes first", mend) for other, _ in others)
    return Found(file, text, ignored)


def lines_of(text: bytes, file: str) -> list[str]:
    """Its lines, without their ends. Raises `Unreadable`."""
    try:
        return text.decode("utf-8").split("\n")
    except UnicodeDecodeError:
        raise Unreadable(Problem(file, 0, "is not UTF-8", "save it as UTF-8")) from None


def nothing_owned(file: str) -> Problem:
    """What is wrong with a file that holds no more than comments."""
    return Problem(file, 0, "names no owner of anything", "add a line such as: * @ana")

"""Who had a hand in a change: the accounts found so far, and the names of those whom a forge maps to none."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from registrar.core.people import Person
from registrar.core.pull_requests import Contributors

_CO_AUTHOR = re.compile(r"^co-authored-by:[ \t]*(.*?)[ \t]*(?:<([^<>\n]*)>)?[ \t]*$", re.IGNORECASE | re.MULTILINE)


@dataclass(slots=True)
class Hands:
    """Everyone who had a hand in it, each once, in the order in which they were found."""

    people: dict[int, Person] = field(default_factory=dict)
    unknown: dict[str, None] = field(default_factory=dict)

    def add(self, person: Person | None, *, otherwise: str) -> None:
        """An account; without one it is somebody unknown, whom the words name."""
        if person is None:
            self.unknown[otherwise] = None
        else:
            self.people.setdefault(person.id, person)

    def told(self) -> Contributors:
        """All of them."""
        return Contributors(tuple(self.people.values()), tuple(self.unknown))


def co_authors(message: str) -> Iterator[tuple[str, str]]:
    """The name and the address of each co-author whom a commit's message names; either may be empty."""
    yield from _CO_AUTHOR.findall(message)


def name_of(*names: str | None) -> str:
    """The first name that is one, as git has them."""
    return next((name for name in names if name), "someone without a name")

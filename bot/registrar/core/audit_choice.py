"""Knows which lines of the audit trail were asked for."""

from dataclasses import dataclass
from datetime import datetime

from registrar.core.audit import Record
from registry_schema.names import matches


@dataclass(frozen=True, slots=True)
class Choice:
    """What a line must have to be told; None: it does not matter."""

    models: str | None = None  # a pattern, as in registry.yaml
    status: str | None = None  # left or entered
    person: str | None = None  # in any part
    since: datetime | None = None
    until: datetime | None = None

    def wants(self, record: Record) -> bool:
        """Whether a line is one of them."""
        return (
            (self.since is None or record.at >= self.since)
            and (self.until is None or record.at <= self.until)
            and self._wants_change(record)
            and (self.person is None or self.person.casefold() in map(str.casefold, record.people))
        )

    def __str__(self) -> str:
        named = {"models": self.models, "status": self.status, "person": self.person}
        times = {"from": self.since, "up to": self.until}
        said = [f"{name} {value}" for name, value in named.items() if value is not None]
        said += [f"{word} {moment.isoformat()}" for word, moment in times.items() if moment is not None]
        return ", ".join(said)

    def _wants_change(self, record: Record) -> bool:
        move = record.transition
        if self.models is None and self.status is None:
            return True
        if move is None or (self.models is not None and not matches(self.models, move.model)):
            return False
        names = (move.before.casefold(), move.after.casefold())
        return self.status is None or self.status.casefold() in names

"""Knows how an audit reaches whoever asked for it: which lines, in which format, and then what could not be told."""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from registrar.cli import terminal
from registrar.cli.audit_formats import write_csv, write_json
from registrar.cli.audit_table import write_table
from registrar.core.audit import Record, Remark
from registrar.core.audit_choice import Choice
from registrar.core.spelling import did_you_mean
from registrar.errors import InvalidRegistry, UsageError
from registrar.repository.audited import FETCH, audited
from registrar.repository.auditing import ledger_tip
from registrar.repository.git import GitRepository
from registrar.repository.revisions import origin_address
from registrar.repository.snapshot import snapshot

_MOST_REMARKS = 100
_NO_LEDGER = (
    f"the ledger, if the bot has begun one, is not in this clone: this tells what git alone knows; fetch it: {FETCH}"
)


@dataclass(slots=True)
class Report:
    """One audit; what could not be told is known when all of it is written."""

    git: GitRepository
    tip: str
    choice: Choice
    remarks: list[str] = field(default_factory=list)
    _unnamed: int = 0
    _told: int = 0
    _people: set[str] = field(default_factory=set)  # of lines that were left out

    def write(self, kind: str, stream: TextIO) -> None:
        """Write the lines as they are read: none is kept."""
        ledger = ledger_tip(self.git)
        if ledger is None:
            self.remarks.append(_NO_LEDGER)
        match kind:
            case "json":
                write_json(self._records(), stream, base=self.tip, ledger=ledger, remarks=self.remarks)
            case "csv":
                write_csv(self._records(), stream)
            case "html":
                from registrar.cli.audit_page import write_page

                about: dict[str, object] = {
                    "name": self._name(),
                    "base": self.tip,
                    "ledger": ledger,
                    "chosen": str(self.choice),
                }
                write_page(self._records(), stream, about=about, remarks=self.remarks)
            case _:
                write_table(self._records(), stream)

    def say_remarks(self) -> bool:
        """Say what could not be told, to whoever reads errors. Whether there was anything."""
        if not self._told and str(self.choice):  # which may be a slip of the pen, and must not pass for an answer
            near = "".join(self._meant()) or "; see how each is spelt"
            terminal.say_aside(f"no change of this registry is of {self.choice}{near}")
        if not self.remarks:
            return False
        more = [f"and {self._unnamed} more"] if self._unnamed else []
        terminal.say_error("\n".join(["not all of it can be told, or fits together:", *self.remarks, *more]))
        return True

    def _meant(self) -> Iterator[str]:
        """What was probably meant, of what is there now; of people those who are told of."""
        registry, choice = snapshot(self.git, self.tip), self.choice
        known: tuple[tuple[str | None, Callable[[], Iterable[str]]], ...] = (
            (choice.models, registry.models),
            (choice.status, lambda: registry.registry().statuses),
            (choice.person, lambda: self._people),
        )
        for word, names in known:
            with suppress(InvalidRegistry):  # what breaks its shape offers no name
                if word is not None and word not in (all_of := tuple(names())):
                    yield did_you_mean(word, all_of)

    def _records(self) -> Iterator[Record]:
        for line in audited(self.git, self.tip):
            if isinstance(line, Remark):
                self._note(line)
            elif self.choice.wants(line):
                self._told += 1
                yield line
            elif self.choice.person is not None:
                self._people.update(line.people)

    def _note(self, remark: Remark) -> None:
        if len(self.remarks) < _MOST_REMARKS:
            self.remarks.append(str(remark))
        else:
            self._unnamed += 1

    def _name(self) -> str:
        address = origin_address(self.git)
        return address.rsplit("@", 1)[-1] if address else "a registry"


@contextmanager
def opened(output: str | None) -> Iterator[TextIO]:
    """Where the report goes: printed, or into a file that is replaced when all of it is written."""
    if output is None:
        yield sys.stdout
        return
    target = Path(output)
    if not target.parent.is_dir() or target.is_dir():
        raise UsageError(f"--output {output} is in no folder, or is one; name a file in a folder that exists")
    part = target.with_name(f".{target.name}.part")
    try:
        with part.open("w", encoding="utf-8", newline="") as file:
            yield file
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)

"""Lines of an audit trail with every default, so that a test shows only what matters."""

from typing import Any

from core.builders import NOON
from core.ledgers import merged
from registrar.core.audit import Kind, Record
from registrar.core.ledger_text import documents, written
from registrar.core.lifecycle import Transition


def a_record(model: str = "digits", **changes: str) -> Record:
    move = Transition(model, "1.1.0", "Staging", "Production")
    known: dict[str, Any] = {"ruling": "approved", "reason": "", "author": "mei", "requested_by": "mei"} | changes
    said = next(documents(written([merged()])))
    return Record(Kind.TRANSITION, "c" * 40, NOON, transition=move, said=said, **known)

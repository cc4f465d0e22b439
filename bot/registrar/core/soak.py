"""Knows how long a version must have held a status before it may get the next one."""

from collections.abc import Iterator
from datetime import datetime

from registrar.core.lifecycle import Transition
from registrar.core.verdicts import Verdict, VerdictState, waiting
from registrar.core.wording import length, moment
from registry_schema import Registry


def soaked_at(registry: Registry, move: Transition, since: datetime | None) -> datetime | None:
    """When a version that has held its status since then has held it long enough; None when nobody can tell."""
    soak = registry.statuses[move.after].soak
    return since + soak if soak is not None and since is not None else None


def judge_soak(registry: Registry, move: Transition, *, since: datetime | None, now: datetime) -> Iterator[Verdict]:
    """Wait until the version has held its status long enough; where nobody can show since when it has, it has not."""
    soak, ready = registry.statuses[move.after].soak, soaked_at(registry, move, since)
    if soak is None:
        return
    name, asks = f"soak of {move.after}", f"{move.after} asks for {length(soak)} in the status before it"
    if since is None or ready is None:
        yield waiting(
            name,
            f"{asks}, and since when {move.version} holds {move.before} cannot be shown: that counts from the merge of "
            "the pull request that gave it",
        )
        return
    held = f"{move.version} holds {move.before} since {moment(since)}"
    facts = (("since", moment(since)), ("until", moment(ready)), ("now", moment(now)))
    if now < ready:
        yield Verdict(name, VerdictState.WAITING, f"{asks}: {held}, so until {moment(ready)}", facts=facts)
    else:
        yield Verdict(name, VerdictState.PASSED, f"{held}, long enough for {move.after}", facts=facts)

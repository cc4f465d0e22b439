"""Knows what a version must wait for before it gets a status, and when time alone may change that."""

from collections.abc import Iterator
from datetime import datetime

from registrar.core.evaluation_facts import EvaluationFacts, ModelChange
from registrar.core.freezes import concerns, judge_freezes, next_turn
from registrar.core.lifecycle import Transition, is_displacement, makes_way
from registrar.core.soak import judge_soak, soaked_at
from registrar.core.verdicts import Verdict


def judge_time(facts: EvaluationFacts, change: ModelChange, move: Transition) -> Iterator[Verdict]:
    """Freezes and soak, by the moment of the merge once there is one; nothing for what is exempt from them."""
    if _is_exempt(facts, change, move):
        return
    yield from judge_freezes(facts.registry, move, now=facts.now)
    if not is_displacement(facts.registry, move):
        since = facts.entered.get((move.model, move.version))
        yield from judge_soak(facts.registry, move, since=since, now=facts.now)


def next_moment(facts: EvaluationFacts) -> datetime | None:
    """When a freeze of what changes begins or ends, or a version has held its status long enough; the first of them."""
    return min(
        (
            at
            for change in facts.models
            for move in change.transitions(facts.registry)
            if not _is_exempt(facts, change, move)
            for at in _moments(facts, move)
        ),
        default=None,
    )


def _moments(facts: EvaluationFacts, move: Transition) -> Iterator[datetime]:
    registry = facts.registry
    turns = (next_turn(freeze, now=facts.now) for freeze in registry.freezes if concerns(registry, freeze, move))
    since = facts.entered.get((move.model, move.version))
    for at in (*turns, soaked_at(registry, move, since)):
        if at is not None and at > facts.now:
            yield at


def _is_exempt(facts: EvaluationFacts, change: ModelChange, move: Transition) -> bool:
    """What keeps its status, makes way for another or goes back to what it held, and what the rules know nothing of.

    It goes back however the lifecycle calls that way: where displaced versions are sent to Staging, a rollback is a
    promotion by the rules, and must not wait for a calendar either.
    """
    registry = facts.registry
    if move.keeps_status or not {move.before, move.after} <= registry.statuses.keys():
        return True
    return makes_way(registry, move, change.transitions(registry)) or move.after in facts.held(move)

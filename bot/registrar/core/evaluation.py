"""Knows how all that is asked of a pull request comes together in one verdict."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from registrar.core.approvals import approval, approvers, required_approvals
from registrar.core.candidates import candidates, contender, field_now, makes_room
from registrar.core.deploying import WEIGHTS, planned_deploys
from registrar.core.evaluation_facts import EvaluationFacts, ModelChange
from registrar.core.gates import judge_gates
from registrar.core.immutability import judge_immutability
from registrar.core.interventions import judge_interventions
from registrar.core.lifecycle import Transition, allowed, is_displacement, is_return, one_holder_each
from registrar.core.paths import is_of_registry, is_rules, is_status
from registrar.core.reports import Kind, Registration, Report
from registrar.core.verdicts import Verdict, all_of, failed, passed, waiting
from registrar.core.wording import every
from registry_schema import Approvals, Registry

__all__ = ["EvaluationFacts", "ModelChange", "evaluate", "guarded_paths"]

_RULES = Approvals(count=1, permission="admin")


def evaluate(facts: EvaluationFacts) -> Report:
    """Judge a pull request whole: its files, its transitions, its gates, its approvals."""
    required = guarded_paths(facts)
    moves = facts.transitions()
    return Report(
        kind=_kind(facts, moves),
        verdict=_whole(facts, required),
        problems=facts.problems,
        registrations=tuple(Registration(each.name, version) for each in facts.models for version in each.registered),
        transitions=moves,
        candidates=tuple(each for change in facts.models for each in candidates(facts.registry, change)),
        approvers=approvers(facts.approvals, required),
        deploys=planned_deploys(facts.registry, moves),
        returns=tuple(move for move in moves if _is_return(facts, move)),
    )


def guarded_paths(facts: EvaluationFacts) -> Mapping[str, Approvals]:
    """Every changed path that owners must approve: status files as their statuses ask, the rules themselves always."""
    statuses = {
        each.status_path: required_approvals(facts.registry, each.transitions(facts.registry)) for each in facts.models
    }
    rules = {file.path: _RULES for file in facts.files if is_rules(file.path)}
    return {path: demand for path, demand in statuses.items() if demand is not None} | rules


def _kind(facts: EvaluationFacts, moves: tuple[Transition, ...]) -> Kind:
    registers = any(change.registered for change in facts.models)
    if facts.problems:
        return Kind.INVALID
    if moves:
        return Kind.MIXED if registers else Kind.PROMOTION
    if registers:
        return Kind.REGISTRATION
    return Kind.OTHER if any(is_of_registry(file.path) for file in facts.files) else Kind.NOTHING


def _whole(facts: EvaluationFacts, required: Mapping[str, Approvals]) -> Verdict:
    """Every requirement; once all are met, the reason is who approved, or else what changes."""
    models = [verdict for change in facts.models for verdict in _of_model(facts, change)]
    models = models or [passed("models", "this changes no version and no status")]
    approvals = list(_approval(facts, required))
    stepped_in = judge_interventions(facts.approvals, required, hold=facts.hold, rejection=facts.rejection)
    judged = all_of("pull request", [*_of_files(facts), *stepped_in, *models, *approvals])
    if not judged.passed:
        return judged
    return replace(judged, reason="; ".join(each.reason for each in approvals or models))


def _is_return(facts: EvaluationFacts, move: Transition) -> bool:
    known = move.after in facts.registry.statuses
    return known and is_return(facts.registry, move, held_before=facts.held(move))


def _of_files(facts: EvaluationFacts) -> Iterator[Verdict]:
    yield from (failed(problem.path, str(problem)) for problem in facts.problems)
    read = {change.status_path for change in facts.models}
    for file in facts.files:
        if is_status(file.path) and file.path not in read:
            yield failed(file.path, f"{file.path} changes, but belongs to no model that could be read")
    if facts.draft:
        yield waiting("draft", "this is a draft; mark it as ready")
    yield judge_immutability(facts.files)


def _of_model(facts: EvaluationFacts, change: ModelChange) -> Iterator[Verdict]:
    if change.registered:
        yield passed(f"versions of {change.name}", f"registers {change.name} {every(change.registered)}")
    moves = change.transitions(facts.registry)
    if not moves:
        return
    if change.before_blob != change.tip_blob:
        yield _base_has_moved(facts.registry, change, moves)
        return  # nothing else can be judged: merged, it would not come out as it stands here
    yield one_holder_each(facts.registry, change.name, change.after)
    yield from (_of_transition(facts, change, move) for move in moves)


def _base_has_moved(registry: Registry, change: ModelChange, moves: tuple[Transition, ...]) -> Verdict:
    wish = next((move for move in moves if not makes_room(registry, move)), moves[0])
    return waiting(
        f"base of {change.name}",
        f"the base has moved: {change.status_path} has changed there since this branch began; ask for it again with "
        f"/registrar promote {wish.model}@{wish.version} to {wish.after}, or update the branch",
    )


def _of_transition(facts: EvaluationFacts, change: ModelChange, move: Transition) -> Verdict:
    registry = facts.registry
    if move.version not in change.versions and move.after != registry.initial:
        return failed(str(move), f"{move.model} has no version {move.version}; register it first")
    held_before = facts.held(move)
    rule = allowed(registry, move, held_before=held_before)
    if not rule.passed or move.keeps_status or is_displacement(registry, move):
        return rule
    if is_return(registry, move, held_before=held_before):
        reason = f"{move.version} met them when it first held {move.after}, and a return is not measured again"
        return all_of(str(move), [rule, passed(f"gates of {move.after}", reason)])
    bars = registry.statuses[move.after].gates
    measured = judge_gates(move.after, bars, contender(change, move.version), field_now(change))
    return all_of(str(move), [rule, measured, *_deployable(registry, change, move)])


def _deployable(registry: Registry, change: ModelChange, move: Transition) -> Iterator[Verdict]:
    facts = change.facts.get(move.version)
    if planned_deploys(registry, [move]) and (facts is None or WEIGHTS not in facts.artifacts):
        reason = (
            f"{move.model} {move.version} has no weights, so there is nothing to deploy; register a version that has"
        )
        yield failed("weights", reason)


def _approval(facts: EvaluationFacts, required: Mapping[str, Approvals]) -> Iterator[Verdict]:
    if required:
        yield approval(facts.approvals, required)
    elif facts.transitions():
        yield passed("approval", "none of the statuses that change asks for an approval")

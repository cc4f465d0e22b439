"""Knows how all that is asked of a pull request comes together in one verdict."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from registrar.core.approval_facts import Approvers
from registrar.core.approvals import approval, approvers, required_approvals
from registrar.core.candidates import candidates, contender, field_now, makes_room, rests_on
from registrar.core.deploying import WEIGHTS, planned_deploys
from registrar.core.emergencies import BREAK_GLASS, instead_of, is_objected_to, may_pass, was_needed
from registrar.core.evaluation_facts import EvaluationFacts, ModelChange
from registrar.core.gates import judge_gates
from registrar.core.immutability import judge_immutability
from registrar.core.interventions import judge_interventions
from registrar.core.lifecycle import Transition, allowed, is_displacement, is_return, one_holder_each
from registrar.core.overtaken import Lost
from registrar.core.paths import is_guarded, is_looked_after, is_status
from registrar.core.reports import Kind, Registration, Report
from registrar.core.timeliness import judge_time, next_moment
from registrar.core.verdicts import Verdict, all_of, failed, passed, waiting
from registrar.core.wording import every
from registry_schema import Approvals, Registry

__all__ = ["EvaluationFacts", "ModelChange", "evaluate", "evaluate_content", "guarded_paths"]

_SINCE = "since this branch began"


def evaluate(facts: EvaluationFacts) -> Report:
    """Judge a pull request whole: its files, its transitions, its gates, its approvals."""
    required = guarded_paths(facts)
    return _report(facts, _whole(facts, required), approvers(facts.approvals, required))


def evaluate_content(facts: EvaluationFacts) -> Report:
    """Judge what git alone shows, for whoever can ask no forge: nobody is asked who approved, nor since when.

    What it refuses, `evaluate` refuses too.
    """
    statuses = {name: replace(rule, soak=None) for name, rule in facts.registry.statuses.items()}
    facts = replace(facts, registry=replace(facts.registry, statuses=statuses))
    models = _models(facts)
    judged = all_of("pull request", [*_of_files(facts), *models])
    if judged.passed:
        judged = replace(judged, reason="; ".join(each.reason for each in models))
    return _report(facts, judged, ())


def _report(facts: EvaluationFacts, verdict: Verdict, required: tuple[Approvers, ...]) -> Report:
    moves = facts.transitions()
    return Report(
        kind=_kind(facts, moves),
        verdict=verdict,
        problems=facts.problems,
        registrations=tuple(Registration(each.name, version) for each in facts.models for version in each.registered),
        transitions=moves,
        candidates=tuple(each for change in facts.models for each in candidates(facts.registry, change)),
        approvers=required,
        deploys=planned_deploys(facts.registry, moves),
        returns=tuple(move for move in moves if _is_return(facts, move)),
        lost=tuple(_lost(facts)),
        glass=facts.glass if was_needed(verdict) else None,
        look_again=next_moment(facts),
    )


def guarded_paths(facts: EvaluationFacts) -> Mapping[str, Approvals]:
    """Every changed path that owners must approve: status files as their statuses ask, rules and jobs always."""
    statuses = {
        each.status_path: required_approvals(facts.registry, each.transitions(facts.registry)) for each in facts.models
    }
    always = (file.path for file in facts.files if is_guarded(file.path) and not is_status(file.path))
    rules = dict.fromkeys(always, facts.registry.rules.approvals.demand)
    return {path: demand for path, demand in statuses.items() if demand is not None} | rules


def _kind(facts: EvaluationFacts, moves: tuple[Transition, ...]) -> Kind:
    registers = any(change.registered for change in facts.models)
    if facts.problems:
        return Kind.INVALID
    if moves:
        return Kind.MIXED if registers else Kind.PROMOTION
    if registers:
        return Kind.REGISTRATION
    return Kind.OTHER if any(is_looked_after(file.path) for file in facts.files) else Kind.NOTHING


def _whole(facts: EvaluationFacts, required: Mapping[str, Approvals]) -> Verdict:
    """Every requirement; once all are met, the reason is who approved, or else what changes."""
    models = _models(facts)
    approvals = list(_approval(facts, required))
    stepped_in = judge_interventions(facts.approvals, required, hold=facts.hold, rejection=facts.rejection)
    judged = all_of("pull request", [*_of_files(facts), *stepped_in, *models, *approvals])
    if not judged.passed:
        return judged
    broken = dict.fromkeys(leaf.reason for leaf in judged.leaves() if leaf.name == BREAK_GLASS)
    return replace(judged, reason="; ".join(broken or [each.reason for each in approvals or models]))


def _models(facts: EvaluationFacts) -> list[Verdict]:
    models = [verdict for change in facts.models for verdict in _of_model(facts, change)]
    return models or [passed("models", "this changes no version and no status")]


def _is_return(facts: EvaluationFacts, move: Transition) -> bool:
    known = move.after in facts.registry.statuses
    return known and is_return(facts.registry, move, held_before=facts.held(move))


def _of_files(facts: EvaluationFacts) -> Iterator[Verdict]:
    yield from (failed(problem.path, str(problem)) for problem in facts.problems)
    read = {change.status_path for change in facts.models}
    for file in facts.files:
        if is_status(file.path) and file.path not in read:
            yield failed(file.path, f"{file.path} changes, but belongs to no model that could be read")
    for path, sha in facts.tampered.items():
        yield waiting(
            f"approval of {path}",
            f"{path} was changed by {sha[:7]}, which nobody approved; no approval counts until that is taken back",
        )
    for path in facts.moved:
        yield waiting(f"base of {path}", f"the base has moved: {path} has changed there {_SINCE}; update the branch")
    if facts.draft:
        yield waiting("draft", "this is a draft; mark it as ready")
    yield judge_immutability(file for file in facts.files if file.path not in facts.restored)


def _of_model(facts: EvaluationFacts, change: ModelChange) -> Iterator[Verdict]:
    if change.registered:
        yield passed(f"versions of {change.name}", f"registers {change.name} {every(change.registered)}")
    moves = change.transitions(facts.registry)
    if not moves:
        return
    if change.before_blob != change.tip_blob:
        yield _base_has_moved(change, _wish(facts.registry, moves))
        return  # nothing else can be judged: merged, it would not come out as it stands here
    yield one_holder_each(facts.registry, change.name, change.after)
    yield from (_unregistered(move) for move in moves if not _is_registered(facts, change, move))
    there = [move for move in moves if _is_registered(facts, change, move)]
    if change.status_path in facts.restored:
        before = facts.restored[change.status_path][:7]
        yield passed(change.name, f"{change.name} is put back as it was before {before}, which nobody approved")
    else:
        yield from (_of_transition(facts, change, move) for move in there)


def _is_registered(facts: EvaluationFacts, change: ModelChange, move: Transition) -> bool:
    return move.version in change.versions or move.after == facts.registry.initial


def _unregistered(move: Transition) -> Verdict:
    return failed(str(move), f"{move.model} has no version {move.version}; register it first")


def _wish(registry: Registry, moves: tuple[Transition, ...]) -> Transition:
    """What was asked for, of all that changes."""
    return next((move for move in moves if not makes_room(registry, move)), moves[0])


def _lost(facts: EvaluationFacts) -> Iterator[Lost]:
    for change in facts.models:
        moves = change.transitions(facts.registry)
        if moves and change.overtaken is not None:
            yield Lost(_wish(facts.registry, moves), change.overtaken)


def _base_has_moved(change: ModelChange, wish: Transition) -> Verdict:
    how = f"{change.status_path} has changed there {_SINCE}"
    return waiting(
        f"base of {change.name}",
        f"the base has moved: {Lost(wish, change.overtaken) if change.overtaken else how}; ask for it again with "
        f"/registrar promote {wish.model}@{wish.version} to {wish.after}, or update the branch",
    )


def _of_transition(facts: EvaluationFacts, change: ModelChange, move: Transition) -> Verdict:
    registry = facts.registry
    held_before = facts.held(move)
    rule = allowed(registry, move, held_before=held_before)
    if not rule.passed or move.keeps_status:
        return rule
    timely = [_unless_glass_is_broken(facts, [move], verdict) for verdict in judge_time(facts, change, move)]
    if is_displacement(registry, move):
        return all_of(str(move), [rule, *timely]) if timely else rule
    if is_return(registry, move, held_before=held_before):
        reason = f"{move.version} met them when it first held {move.after}, and a return is not measured again"
        return all_of(str(move), [rule, passed(f"gates of {move.after}", reason)])
    bars = registry.statuses[move.after].gates
    measured = judge_gates(move.after, bars, contender(change, move.version), field_now(change))
    doubted = _doubted(facts, change, move)
    return all_of(str(move), [rule, *timely, *doubted, measured, *_deployable(registry, change, move)])


def _doubted(facts: EvaluationFacts, change: ModelChange, move: Transition) -> Iterator[Verdict]:
    """Nothing is built on what nobody approved: it would be a way past the gates of the status before."""
    for version, status in rests_on(facts.registry, change, move):
        sha = facts.unapproved.get((move.model, version))
        if sha is not None:
            yield waiting(
                f"{status} of {version}",
                f"{version} holds {status} only by {sha[:7]}, which nobody approved; once that is taken back, ask anew",
            )


def _unless_glass_is_broken(facts: EvaluationFacts, moves: Sequence[Transition], verdict: Verdict) -> Verdict:
    if verdict.passed or facts.glass is None or not may_pass(facts.registry, moves):
        return verdict
    return instead_of(verdict, facts.glass)


def _deployable(registry: Registry, change: ModelChange, move: Transition) -> Iterator[Verdict]:
    facts = change.facts.get(move.version)
    if planned_deploys(registry, [move]) and (facts is None or WEIGHTS not in facts.artifacts):
        reason = (
            f"{move.model} {move.version} has no weights, so there is nothing to deploy; register a version that has"
        )
        yield failed("weights", reason)


def _approval(facts: EvaluationFacts, required: Mapping[str, Approvals]) -> Iterator[Verdict]:
    if required:
        verdict = approval(facts.approvals, required)
        yield _unless_spared(facts, required, verdict)
    elif facts.transitions():
        yield passed("approval", "none of the statuses that change asks for an approval")


def _unless_spared(facts: EvaluationFacts, required: Mapping[str, Approvals], verdict: Verdict) -> Verdict:
    """What is left to approve once the glass is broken: rules and jobs always, so that it stays an exception."""
    glass = facts.glass
    if verdict.passed or glass is None:
        return verdict
    moves = {change.status_path: change.transitions(facts.registry) for change in facts.models}
    spared = [
        path
        for path in required
        if path in moves and may_pass(facts.registry, moves[path]) and not is_objected_to(facts.approvals, path)
    ]
    if not spared:
        return verdict
    left = {path: demand for path, demand in required.items() if path not in spared}
    lacking = approval(facts.approvals, left) if left else None
    judged = {each.name: each for each in verdict.children}
    passing = [judged.get(f"approval of {path}", verdict) for path in spared]
    children = [] if lacking is None else list(lacking.children or [lacking])
    children += [each if each.passed else instead_of(each, glass) for each in passing]
    return replace(all_of(verdict.name, children), facts=verdict.facts)

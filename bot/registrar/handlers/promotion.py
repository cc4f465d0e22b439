"""A wished status becomes a pull request."""

from dataclasses import replace

from registrar import rendering
from registrar.core.changes import promoted, transitions
from registrar.core.deploying import WEIGHTS
from registrar.core.layout import status_path
from registrar.core.lifecycle import Transition, allowed
from registrar.core.people import Person
from registrar.core.selectors import status_named
from registrar.errors import NotAllowed, Unknown
from registrar.handlers.bot import Bot
from registrar.handlers.proposals import Opened, Proposal, propose
from registrar.repository.edits import edit_status
from registrar.repository.history import held_before
from registrar.repository.snapshot import Snapshot, snapshot
from registry_schema import read_status


def request_promotion(bot: Bot, *, model: str, version: str, status: str, requester: Person) -> Opened:
    """Open or adopt the pull request that gives the status to the version.

    Raises `Unknown` for what does not exist and `NotAllowed` for what the rules forbid, before anything is written.
    """
    tip = bot.base_tip()
    registry = snapshot(bot.git, tip)
    status = status_named(registry.registry(), status)
    changes = planned_transitions(bot, registry, model, version, status)
    wish = next(change for change in changes if change.version == version)
    body = rendering.promotion(wish, requester=requester)
    proposal = Proposal(
        branch=f"registrar/promote/{model}-{version}-to-{status}",
        title=f"Promote {model} {version} to {status}",
        body=body,
        files={status_path(model): edited(registry, model, version, status)},
        requester=requester,
    )
    return replace(propose(bot, proposal, tip=tip), gives=wish)


def planned_transitions(bot: Bot, registry: Snapshot, model: str, version: str, status: str) -> tuple[Transition, ...]:
    """What giving the status to the version would change. Raises when the rules forbid any of it."""
    rules = registry.registry()
    versions = registry.versions(model)
    if version not in versions:
        raise Unknown(f"{model} has no version {version}; it has {', '.join(versions) or 'none yet'}")
    if WEIGHTS not in registry.version(model, version).artifacts:
        raise NotAllowed(
            f"{model} {version} has no weights, so there is nothing to deploy; register a version that has"
        )
    before = registry.holdings(model)
    after = read_status(edited(registry, model, version, status), status_path(model))
    changes = transitions(model, before, after, initial=rules.initial)
    held = held_before(bot.git, registry.commit, model)
    for change in changes:
        verdict = allowed(rules, change, held_before=held.get(change.version, frozenset()))
        if not verdict.passed:
            raise NotAllowed(verdict.reason)
    return changes


def edited(registry: Snapshot, model: str, version: str, status: str) -> bytes:
    """The status file once the version holds the status."""
    edits = promoted(registry.registry(), registry.holdings(model), version, status)
    return edit_status(registry.text(status_path(model)) or b"", edits)

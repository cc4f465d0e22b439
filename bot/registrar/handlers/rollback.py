"""A wish to go back becomes a pull request that gives a status to its earlier holder."""

from dataclasses import replace

from registrar import rendering
from registrar.core.candidates import strictest_status
from registrar.core.changes import rollback_target
from registrar.core.layout import status_path
from registrar.core.people import Person
from registrar.core.selectors import status_named
from registrar.errors import UsageError
from registrar.handlers.bot import Bot
from registrar.handlers.breaches import was_given
from registrar.handlers.promotion import edited, planned_transitions
from registrar.handlers.proposals import Opened, Proposal, propose
from registrar.repository.history import earlier_holders
from registrar.repository.snapshot import snapshot


def request_rollback(bot: Bot, *, model: str, status: str | None, requester: Person) -> Opened:
    """Open or adopt the pull request that gives the status (by default the strictest) back to the version before.

    Raises `NotAllowed` when no earlier holder exists.
    """
    tip = bot.base_tip()
    registry = snapshot(bot.git, tip)
    rules = registry.registry()
    wanted = status_named(rules, status) if status else strictest_status(rules)
    if wanted is None:
        raise UsageError(f"no status of this registry is for one version only; say which one {model} is to go back in")
    version = rollback_target(
        wanted,
        tuple(
            earlier
            for earlier in earlier_holders(bot.git, tip, model, wanted)
            if was_given(bot, model, earlier, wanted, base=tip)
        ),
        present=registry.holdings(model).holders_of(wanted),
        versions=registry.versions(model),
    )
    changes = planned_transitions(bot, registry, model, version, wanted)
    wish = next(change for change in changes if change.version == version)
    proposal = Proposal(
        branch=f"registrar/rollback/{model}-{wanted}-to-{version}",
        title=f"Roll {model} back to {version} in {wanted}",
        body=rendering.rollback(wish, requester=requester),
        files={status_path(model): edited(registry, model, version, wanted)},
        requester=requester,
    )
    return replace(propose(bot, proposal, tip=tip), gives=wish)

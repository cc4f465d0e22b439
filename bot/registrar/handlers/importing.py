"""What a model brings along from another registry becomes one pull request."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from registrar import rendering
from registrar.core.people import Person
from registrar.handlers.bot import Bot
from registrar.handlers.proposals import Opened, Proposal, propose


@dataclass(frozen=True, slots=True, kw_only=True)
class Luggage:
    """What comes along with a model; its data is in the DVC remote already."""

    model: str
    source: str  # as a person calls the other registry
    versions: Mapping[str, str]  # each with its status; empty: the first
    left_out: Sequence[str]  # and why
    files: Mapping[str, bytes]


def request_import(bot: Bot, luggage: Luggage, *, requester: Person) -> Opened:
    """Open or adopt the pull request that adds everything to one model."""
    body = rendering.imported(
        luggage.model,
        source=luggage.source,
        versions=luggage.versions,
        left_out=luggage.left_out,
        requester=requester,
        base=bot.base,
    )
    proposal = Proposal(
        branch=f"registrar/import/{luggage.model}",
        title=f"Import {luggage.model}",
        body=body,
        files=luggage.files,
        requester=requester,
    )
    return propose(bot, proposal, tip=bot.base_tip())

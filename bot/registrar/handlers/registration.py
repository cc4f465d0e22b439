"""A new version becomes a pull request that only adds files."""

from collections.abc import Mapping

from registrar import rendering
from registrar.core.layout import version_path
from registrar.core.people import Person
from registrar.errors import NotAllowed
from registrar.handlers.bot import Bot
from registrar.handlers.proposals import Opened, Proposal, propose
from registrar.repository.snapshot import snapshot
from registry_schema import read_version


def request_registration(
    bot: Bot, *, model: str, version: str, files: Mapping[str, bytes], requester: Person
) -> Opened:
    """Open or adopt the pull request that adds the version. Its data must be in the DVC remote already.

    Raises `NotAllowed` when the version is on the base already: the facts of a version never change.
    """
    tip = bot.base_tip()
    registry = snapshot(bot.git, tip)
    if registry.text(version_path(model, version)) is not None:
        raise NotAllowed(f"{model} {version} is registered already, and a version never changes; take a new number")
    path = version_path(model, version)
    facts = read_version(files[path], path)
    proposal = Proposal(
        branch=f"registrar/register/{model}-{version}",
        title=f"Register {model} {version}",
        body=rendering.registration(model, version, requester=requester, description=facts.description),
        files=files,
        requester=requester,
    )
    return propose(bot, proposal, tip=tip)

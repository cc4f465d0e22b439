"""Knows how a set-up is looked at: everything is asked for, what cannot be told is said so, and nothing is changed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from registrar.cli import terminal
from registrar.cli.bot_jobs import Jobs
from registrar.cli.owned import owners_facts
from registrar.cli.signed import ledger_facts
from registrar.cli.standpoint import Standpoint, public_address, watcher
from registrar.cli.storage import storage_findings
from registrar.core.pipelines import Target
from registrar.core.setup import Demand, Finding, Untold, Walls, ok, problem, untold
from registrar.core.setup_ledger import ledger_findings
from registrar.core.setup_owners import owners_findings
from registrar.core.setup_pipelines import pipeline_findings
from registrar.core.setup_policy import policy_findings
from registrar.core.setup_token import Rights, Token, token_findings
from registrar.core.setup_watch import Watch, address_findings, leads_to_us, watch_findings
from registrar.core.setup_webhooks import Signing, WebhookDemand, webhook_findings
from registrar.deploys.operations import target_of_rule
from registrar.errors import InvalidRegistry, NotAllowed, RegistrarError, TokenRefused, UsageError
from registrar.handlers.bot import Bot
from registrar.repository.snapshot import Snapshot, snapshot
from registrar.serverless.reconciling import OF_EVERY_WORKFLOW
from registry_schema import Deploy, Registry

T = TypeVar("T")

_SHOWN = 20  # problems of the registry's files; registrar check has them all
_AS_ADMIN = "set REGISTRAR_ADMIN_TOKEN to a token of somebody who administers it"


@dataclass(frozen=True, slots=True)
class Place:
    """A registry as its base branch has it, the bot that looks after it, and what that may do."""

    bot: Bot
    registry: Snapshot
    rules: Registry | None  # None: registry.yaml breaks its shape
    rights: Rights | Untold


def asked(ask: Callable[[], T], *, mend: str = "") -> T | Untold:
    """The answer, or why there is none."""
    try:
        return ask()
    except UsageError:
        raise
    except (NotAllowed, TokenRefused) as error:
        return Untold(str(error), mend)
    except RegistrarError as error:
        return Untold(str(error))


def place_of(seen: Standpoint) -> Place:
    """Fetch the registry. Raises what the forge and git raise."""
    bot = seen.bot()
    registry = snapshot(bot.git, bot.base_tip())
    try:
        rules = registry.registry()
    except InvalidRegistry:
        rules = None
    return Place(bot, registry, rules, asked(seen.mine.rights))


def examine(seen: Standpoint, *, write: bool, server: bool = True) -> Iterator[Finding]:
    """Look at every part; `write` lets a few bytes be stored in the DVC remote, and deleted again.

    Where no server is the bot, jobs are: they are looked at instead of webhooks.
    """
    settings = seen.settings.settings
    terminal.say_progress(f"asking {settings.forge_url} about {settings.repository}")
    token = asked(seen.mine.token, mend="give REGISTRAR_TOKEN one that is valid")
    if isinstance(token, Untold):
        where = f"see that a {settings.forge} answers at {settings.forge_url}"
        yield problem("token", token.why, token.mend or f"{where}; --forge and --forge-url say which it is, and where")
        return
    place = asked(lambda: place_of(seen))
    if isinstance(place, Untold):
        yield problem("registry", place.why, "mend that first: nothing else can be looked at before")
        return
    yield from token_findings(token, place.rights, now=place.bot.now())
    yield _pushes(place)
    terminal.say_progress(f"looking at {'webhooks' if server else 'jobs'} and at what guards the base branch")
    yield from webhooks_told(seen, place) if server else _jobs(seen, place, token)
    yield from walled(seen, place, token, server=server)
    terminal.say_progress("looking at owners, rules, pipelines and the DVC remote")
    yield from _owners(seen, place)
    yield from _files(place)
    yield from ledger_findings(asked(lambda: ledger_facts(place.bot, place.registry.commit)))
    yield from _policy(seen, place)
    yield from _pipelines(seen, place)
    yield from storage_findings(place.registry, checkout=seen.settings.settings.directory, write=write)


def guarding(seen: Standpoint, place: Place, token: Token | Untold, *, server: bool) -> Iterator[Finding]:
    """What `registrar setup` can bring about: webhooks to a server, and what guards the base branch."""
    if server:
        yield from _webhooks(seen, place)
    yield from walled(seen, place, token, server=server)


def webhooks_told(seen: Standpoint, place: Place) -> Iterator[Finding]:
    """How webhooks fare, and who looks after them."""
    yield from _webhooks(seen, place)
    yield from address_findings(seen.url, public_address(seen))
    yield from watch_findings(_watch(seen), now=place.bot.now())


def _jobs(seen: Standpoint, place: Place, token: Token) -> Iterator[Finding]:
    file = asked(seen.mine.pipeline_file)
    if isinstance(file, Untold):
        yield untold("jobs", file)
        return
    is_everybodys = token.owner.login == OF_EVERY_WORKFLOW
    schedules = asked(lambda: seen.mine.schedules(place.bot.base))
    jobs = Jobs(
        place.registry,
        seen.settings.settings.repository,
        file,
        schedules,
        lambda name: asked(lambda: seen.admin.environment(name), mend=_AS_ADMIN),
    )
    yield from jobs.findings(base=place.bot.base, is_everybodys=is_everybodys)


def _webhooks(seen: Standpoint, place: Place) -> Iterator[Finding]:
    for demand in webhook_demands(seen, place):
        yield from webhook_findings(demand, asked(lambda: seen.admin.webhooks(demand.repository), mend=_AS_ADMIN))  # noqa: B023 - called at once


def _watch(seen: Standpoint) -> Watch | None:
    forge = watcher(seen)
    if forge is None:
        return None
    repository = seen.settings.settings.repository
    found = asked(lambda: forge.webhooks(repository))
    ours = found if isinstance(found, Untold) else sum(leads_to_us(each, seen.url, forge.door) for each in found.all)
    return Watch(asked(forge.token), ours)


def walled(seen: Standpoint, place: Place, token: Token | Untold, *, server: bool) -> Iterator[Finding]:
    """What guards the base branch, and the jobs on it where they are the bot."""
    walls: Walls | Untold = asked(lambda: seen.admin.walls(place.bot.base), mend=_AS_ADMIN)
    if isinstance(walls, Untold):
        yield untold("branch protection", walls)
    else:
        yield from walls.findings(demand_of(place, token, server=server))


def demand_of(place: Place, token: Token | Untold, *, server: bool) -> Demand:
    """What must guard the base branch, for this bot."""
    owner = token.owner if isinstance(token, Token) else None
    base, status = place.bot.base, place.bot.status_context
    if isinstance(place.rights, Untold):
        return Demand(base, status, owner, by_jobs=not server)
    return Demand(base, status, owner, place.rights.held, by_jobs=not server)


def webhook_demands(seen: Standpoint, place: Place) -> tuple[WebhookDemand, ...]:
    """The webhook that the registry needs, and one in whatever else it deploys."""
    registry = seen.settings.settings.repository
    rules, base = place.rules, place.bot.base
    deployed = {rule.repository.casefold(): rule.repository for rule in (rules.deploys if rules else ())}
    others = [name for key, name in deployed.items() if key != registry.casefold()]
    signing = max((seen.mine.signing(each.reveal()) for each in seen.settings.webhook_secrets), default=Signing.SECRET)
    return tuple(
        WebhookDemand(
            repository=name,
            path=seen.mine.door,
            events=seen.mine.events(registry=name == registry, deployed=name.casefold() in deployed),
            base=base if name == registry else "",
            url=seen.url,
            signing=signing,
        )
        for name in (registry, *others)
    )


def _pushes(place: Place) -> Finding:
    check = "token, git"
    try:
        place.bot.git.try_push("registrar/doctor", place.registry.commit)
    except RegistrarError as error:
        return problem(check, f"{error}", "give the token the right to write the repository's contents")
    return ok(check, "git may push branches with it")


def _owners(seen: Standpoint, place: Place) -> Iterator[Finding]:
    facts = asked(lambda: owners_facts(place.bot, place.registry, place.rules, seen.mine))
    if isinstance(facts, Untold):
        yield untold("owners", facts)
    else:
        yield from owners_findings(facts)


def _policy(seen: Standpoint, place: Place) -> Iterator[Finding]:
    if place.rules is None:
        return
    words = place.rules.break_glass.people if place.rules.break_glass is not None else ()
    people = asked(lambda: {word: place.bot.forge.code_owners(word) for word in words})
    if isinstance(people, Untold):
        yield untold("break-glass", people)
    else:
        yield from policy_findings(place.rules, people=people, secrets=seen.secrets)


def _files(place: Place) -> Iterator[Finding]:
    problems = place.registry.problems()
    yield from (problem("registry", str(each), f"mend {each.path} on {place.bot.base}") for each in problems[:_SHOWN])
    if problems[_SHOWN:]:
        yield problem("registry", f"{len(problems) - _SHOWN} more problems", "registrar check shows them all")
    if not problems:
        models = len(place.registry.models())
        counted = f"{models} model{'' if models == 1 else 's'}"
        yield ok("registry", f"registry.yaml and {counted} on {place.bot.base} are sound")


def _pipelines(seen: Standpoint, place: Place) -> Iterator[Finding]:
    for rule in place.rules.deploys if place.rules else ():
        target = _target(rule, seen)
        if isinstance(target, Untold):
            yield problem(f"pipeline {rule.pipeline} of {rule.repository}", target.why, target.mend)
        else:
            yield from pipeline_findings(target, asked(lambda: seen.mine.pipeline(target)))  # noqa: B023 - called at once


def _target(rule: Deploy, seen: Standpoint) -> Target | Untold:
    return asked(lambda: target_of_rule(rule, seen.secrets), mend="set it where the bot runs, and here")

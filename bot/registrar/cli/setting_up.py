"""Knows how a set-up is brought about: what would be changed, that it is, and what is left to do by hand."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain

from registrar.cli import terminal
from registrar.cli.examination import Place, asked, demand_of, guarding, place_of, webhook_demands
from registrar.cli.standpoint import Standpoint
from registrar.core.setup import Finding, Step, Untold, problem, problems_in, untold
from registrar.core.setup_changes import KeepWebhook
from registrar.core.setup_token import Token
from registrar.core.setup_webhooks import WebhookDemand, webhook_steps
from registrar.errors import NotAllowed, RegistrarError, TokenRefused, UsageError

_AS_ADMIN = "set REGISTRAR_ADMIN_TOKEN to a token of somebody who administers it"


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be changed, where, and what nobody could look at."""

    seen: Standpoint
    place: Place
    token: Token | Untold
    steps: tuple[Step, ...]
    unseen: tuple[Finding, ...]
    server: bool  # whether one is the bot, or jobs are


def plan(seen: Standpoint, *, renew_secret: bool, server: bool = True) -> Plan:
    """Look at what is there; without a server no webhook is needed.

    Raises `UsageError` while it is not said where the bot listens, or with which secret.
    """
    terminal.say_progress(f"asking {seen.settings.settings.forge_url} about {seen.settings.settings.repository}")
    token = asked(seen.mine.token)
    place = place_of(seen)
    steps: list[Step] = []
    unseen: list[Finding] = []
    webhooks = _webhooks(seen, place, renew_secret=renew_secret) if server else iter(())
    for part in chain(webhooks, _walls(seen, place, token, server=server)):
        if isinstance(part, Finding):
            unseen.append(part)
        else:
            steps.append(part)
    _refuse_without_address(seen, steps)
    return Plan(seen, place, token, tuple(steps), tuple(unseen), server)


def _webhooks(seen: Standpoint, place: Place, *, renew_secret: bool) -> Iterator[Step | Finding]:
    for demand in webhook_demands(seen, place):
        yield from _webhook(seen, demand, renew_secret=renew_secret)


def _walls(seen: Standpoint, place: Place, token: Token | Untold, *, server: bool) -> Iterator[Step | Finding]:
    walls = asked(lambda: seen.admin.walls(place.bot.base), mend=_AS_ADMIN)
    if isinstance(walls, Untold):
        yield untold("branch protection", walls)
    else:
        yield from walls.steps(demand_of(place, token, server=server))


def _webhook(seen: Standpoint, demand: WebhookDemand, *, renew_secret: bool) -> Iterator[Step | Finding]:
    webhooks = asked(lambda: seen.admin.webhooks(demand.repository), mend=_AS_ADMIN)
    if isinstance(webhooks, Untold):
        yield untold(demand.check, webhooks)
    else:
        yield from webhook_steps(demand, webhooks, renew_secret=renew_secret)


def _refuse_without_address(seen: Standpoint, steps: list[Step]) -> None:
    hooks = [step.change for step in steps if isinstance(step.change, KeepWebhook)]
    lacking = []
    if any(not hook.url for hook in hooks):
        lacking.append("where the bot listens: give it with --url https://YOUR-HOST")
    if hooks and not seen.settings.webhook_secrets:
        lacking.append("the secret of the webhook: give the bot's in REGISTRAR_WEBHOOK_SECRET")
    if lacking:
        raise UsageError(f"nobody has said {', nor '.join(lacking)}")


def changed(seen: Standpoint, planned: Plan, *, tell: Callable[[Step], None]) -> tuple[Finding, ...]:
    """Carry the plan out and tell each step that is done; what the forge refuses keeps nothing else from being done."""
    secrets = tuple(secret.reveal() for secret in seen.settings.webhook_secrets)
    refused: list[Finding] = []
    for step in planned.steps:
        terminal.say_progress(f"changing {step.check}")
        try:
            seen.admin.perform(step.change, secrets=secrets)
        except RegistrarError as error:
            mend = f"{_AS_ADMIN}, or {step.by_hand}" if isinstance(error, NotAllowed | TokenRefused) else step.by_hand
            refused.append(problem(step.check, f"could not be changed: {error}", mend))
        else:
            tell(step)
    return tuple(refused)


def left_over(planned: Plan) -> tuple[Finding, ...]:
    """Look again: what is still wrong is for somebody to do by hand."""
    again = guarding(planned.seen, planned.place, planned.token, server=planned.server)
    return (*problems_in(again), *planned.unseen)

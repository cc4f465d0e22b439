"""Knows which webhook the bot needs, what is wrong with the one it has, and how that is mended."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum

from registrar.core.setup import Finding, Step, Untold, ok, problem, untold
from registrar.core.setup_changes import KeepWebhook
from registrar.core.wildcards import means
from registrar.core.wording import every

_OPEN = re.compile(
    r"http://(?!127\.|\[::1\])[^/:?#]*\.", re.IGNORECASE
)  # a name without a dot is of a network of its own
_PLAIN = "put a long plain text into REGISTRAR_WEBHOOK_SECRET, here and where the bot runs"
_QUERY = re.compile(r"[?#].*", re.DOTALL)


class Signing(IntEnum):
    """How a webhook shows that it comes from the forge, from nothing to most."""

    NOTHING = 0
    SECRET = 1  # GitHub's signature by a secret; GitLab's plain token
    SIGNATURE = 2  # GitLab's signature by a signing token


@dataclass(frozen=True, slots=True)
class Webhook:
    """One webhook as the forge tells of it."""

    id: int
    url: str
    page: str  # where a person changes it
    events: frozenset[str]
    is_active: bool
    signing: Signing | Untold
    sends_json: bool
    verifies_tls: bool
    delivery: Finding  # how its last deliveries went
    pushes_to: str = ""  # of which branches it tells pushes, by a wildcard; empty: of all
    hindrances: tuple[str, ...] = ()  # other settings that keep from the bot what it must hear
    is_shared: bool = False  # it belongs to a group: no project changes it


@dataclass(frozen=True, slots=True)
class Webhooks:
    """Every webhook of a repository, and where a person adds one."""

    page: str
    all: tuple[Webhook, ...]


@dataclass(frozen=True, slots=True)
class WebhookDemand:
    """The webhook that the bot needs in one repository."""

    repository: str
    path: str  # of the bot's door: `/webhooks/github`
    events: frozenset[str]
    base: str = ""  # the branch whose pushes must be told; empty: none
    url: str | None = None  # None: nobody has said where the bot listens
    signing: Signing = Signing.SECRET

    @property
    def check(self) -> str:
        """How findings about it are called."""
        return f"webhook of {self.repository}"


def webhook_findings(demand: WebhookDemand, webhooks: Webhooks | Untold) -> tuple[Finding, ...]:
    """Whether it is there, once, and whether what it tells arrives and can be believed."""
    if isinstance(webhooks, Untold):
        return (untold(demand.check, webhooks),)
    ours = _ours(demand, webhooks)
    if not ours:
        leads = demand.url or f"any address that ends in {demand.path}"
        setup = f"run registrar setup --url {demand.url or 'https://YOUR-HOST'}"
        mend = f"{setup}, or add one at {webhooks.page}; where jobs are the bot, look with --without-server"
        return (problem(demand.check, f"none leads to {leads}, so the bot hears nothing until it sweeps", mend),)
    if len(ours) > 1:
        return (_several(demand, ours),)
    return tuple(_of_one(demand, ours[0]))


def webhook_steps(demand: WebhookDemand, webhooks: Webhooks, *, renew_secret: bool = False) -> tuple[Step, ...]:
    """What makes it so; nothing where it is so already, and nothing while nobody can say which of several is meant."""
    ours = _ours(demand, webhooks)
    if not ours:
        events = f"tells of {every(sorted(demand.events))}, signed"
        change = KeepWebhook(demand.repository, None, demand.url or "", demand.events)
        by_hand = f"add it at {webhooks.page}"
        return (Step(demand.check, "none", f"{demand.url or 'a new one'} {events}", change, by_hand),)
    if len(ours) > 1 or ours[0].is_shared:
        return ()
    wrong = list(_mendable(demand, ours[0]))
    if renew_secret:
        wrong.append(("has a secret", "has the one in REGISTRAR_WEBHOOK_SECRET"))
    if not wrong:
        return ()
    now, then = (", ".join(words) for words in zip(*wrong, strict=True))
    change = KeepWebhook(demand.repository, ours[0].id, ours[0].url, demand.events)
    return (Step(demand.check, now, then, change, f"change it at {ours[0].page}"),)


def _ours(demand: WebhookDemand, webhooks: Webhooks) -> tuple[Webhook, ...]:
    if demand.url is not None:
        return tuple(each for each in webhooks.all if each.url == demand.url)
    return tuple(each for each in webhooks.all if _QUERY.sub("", each.url).rstrip("/").endswith(demand.path))


def _several(demand: WebhookDemand, ours: Sequence[Webhook]) -> Finding:
    addresses = sorted({each.url for each in ours})
    if len(addresses) > 1:
        says = f"{len(addresses)} bots are told, at {every(addresses)}; each would write comments of its own"
        return problem(demand.check, says, "say with --url which is yours, or delete the others at " + ours[0].page)
    says = f"{len(ours)} lead to {addresses[0]}, so everything is told {len(ours)} times"
    return problem(demand.check, says, f"delete all but one: {every([each.page for each in ours])}")


def _of_one(demand: WebhookDemand, hook: Webhook) -> Iterator[Finding]:
    check, by_hand = demand.check, f"change it at {hook.page}"
    again = by_hand if hook.is_shared else f"run registrar setup, or {by_hand}"
    if not hook.is_active:
        yield problem(check, f"the one to {hook.url} is switched off", again)
        return
    yield ok(check, f"leads to {hook.url}")
    lacking = sorted(demand.events - hook.events)
    if lacking and "*" not in hook.events:
        yield problem(f"{check}, events", f"it does not tell of {every(lacking)}", again)
    else:
        yield ok(f"{check}, events", f"it tells of {every(sorted(demand.events))}")
    yield _signed(demand, hook, again)
    yield _safe(check, hook, again)
    yield from (problem(f"{check}, settings", hindrance, by_hand) for hindrance in _hindrances(demand, hook))
    found = hook.delivery
    yield Finding(f"{check}, deliveries", found.standing, found.says, found.mend)


def _hindrances(demand: WebhookDemand, hook: Webhook) -> Iterator[str]:
    if demand.base and hook.pushes_to and not means(hook.pushes_to, demand.base):
        yield f"it tells of pushes to {hook.pushes_to} alone, and not to {demand.base}"
    yield from hook.hindrances


def _signed(demand: WebhookDemand, hook: Webhook, again: str) -> Finding:
    check = f"{demand.check}, signature"
    if isinstance(hook.signing, Untold) and demand.signing is Signing.SIGNATURE:
        says = (
            "REGISTRAR_WEBHOOK_SECRET is a signing token, and this forge knows none, so the bot refuses what it tells"
        )
        return problem(check, says, f"{_PLAIN}, and run registrar setup --renew-secret")
    if isinstance(hook.signing, Untold):
        return untold(check, hook.signing)
    if hook.signing is Signing.NOTHING:
        return problem(check, "it has no secret, so the bot refuses whatever it tells", again)
    if hook.signing < demand.signing:
        says = "it has a plain token, and REGISTRAR_WEBHOOK_SECRET is a signing token, so the bot refuses what it tells"
        mend = (
            "run registrar setup; where GitLab is older than 19.0 put a long plain text into REGISTRAR_WEBHOOK_SECRET"
        )
        return problem(check, says, mend)
    return ok(check, "it is signed" if hook.signing is Signing.SIGNATURE else "it has a secret")


def _safe(check: str, hook: Webhook, again: str) -> Finding:
    check = f"{check}, transport"
    if not hook.sends_json:
        return problem(check, "it sends forms, and the bot reads JSON", again)
    if _OPEN.match(hook.url):
        says = "its address begins with http://, so whoever stands between reads and alters what it tells"
        return problem(check, says, "put TLS in front of the bot, and run registrar setup --url https://YOUR-HOST")
    if not hook.verifies_tls:
        return problem(check, "it does not verify TLS, so anyone may pose as the bot", again)
    return ok(check, "it sends JSON, and verifies TLS" if hook.url.startswith("https:") else "it sends JSON")


def _mendable(demand: WebhookDemand, hook: Webhook) -> Iterator[tuple[str, str]]:
    """What is, and what will be, of all that one change of the webhook mends."""
    if not hook.is_active:
        yield "is switched off", "is switched on"
    lacking = sorted(demand.events - hook.events)
    if lacking and "*" not in hook.events:
        yield f"tells nothing of {every(lacking)}", f"tells of {every(lacking)} too"
    if not isinstance(hook.signing, Untold) and hook.signing < demand.signing:
        now = "has no secret" if hook.signing is Signing.NOTHING else "has a plain token"
        yield now, "has the secret in REGISTRAR_WEBHOOK_SECRET"
    if not hook.sends_json:
        yield "sends forms", "sends JSON"
    if not hook.verifies_tls:
        yield "does not verify TLS", "verifies TLS"

"""What goes wrong between the sandbox forge and those who ask it: on demand, counted, and each time the same."""

from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Protocol

from starlette.types import ASGIApp, Receive, Scope, Send

from registrar.sandbox.carrier import Carrier
from registrar.sandbox.deliveries import Parcel
from registrar.sandbox.exchange import Answer, Exchange
from registrar.sandbox.skew import dated
from registrar.sandbox.store import Store


class Fault(Protocol):
    """One way to go wrong."""

    async def strike(self, exchange: Exchange) -> None:
        """Answer in place of the forge, or do not."""
        ...


@dataclass(frozen=True, slots=True)
class Answered:
    """Something is answered that the forge does not say; whether it acts all the same."""

    acts: bool
    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    async def strike(self, exchange: Exchange) -> None:
        """Answer in place of the forge."""
        if self.acts:
            await exchange.act()
        kind = {"content-type": "application/json"} if self.body else {}
        headers = [(name.lower().encode(), value.encode()) for name, value in {**kind, **self.headers}.items()]
        await exchange.answer(Answer(self.status, headers, self.body))


@dataclass(frozen=True, slots=True)
class Dropped:
    """The connection ends without a word, before or after the forge has acted; `meanwhile` something else happens."""

    acts: bool
    meanwhile: Callable[[], object] = lambda: None

    async def strike(self, exchange: Exchange) -> None:
        """Hang up."""
        if self.acts:
            await exchange.act()
        self.meanwhile()
        await exchange.drop()


@dataclass(frozen=True, slots=True)
class Half:
    """The forge acts, and the connection ends in the middle of its answer."""

    async def strike(self, exchange: Exchange) -> None:
        """Hang up in the middle."""
        await exchange.break_off(await exchange.act())


@dataclass(frozen=True, slots=True)
class Silent:
    """Not one byte is answered; whether the forge acts all the same."""

    acts: bool = False

    async def strike(self, exchange: Exchange) -> None:
        """Say nothing until whoever asked has had enough."""
        if self.acts:
            await exchange.act()
        await exchange.gone()


@dataclass(slots=True)
class Stale:
    """A question is answered as it was answered so many times before; a question that is new, as things stand."""

    behind: int = 1
    _answers: defaultdict[str, deque[Answer]] = field(default_factory=lambda: defaultdict(deque))

    async def strike(self, exchange: Exchange) -> None:
        """Say what was true a moment ago."""
        said = self._answers[exchange.question]
        said.append(await exchange.act())
        await exchange.answer(said.popleft() if len(said) > self.behind else said[0])


LOST_REQUEST = Answered(acts=False, status=502)
LOST_ANSWER = Answered(acts=True, status=502)
SWALLOWED = Answered(acts=False, status=204)
DROPPED_REQUEST = Dropped(acts=False)
DROPPED_ANSWER = Dropped(acts=True)


@dataclass(frozen=True, slots=True)
class Spot:
    """Requests that a fault can strike: by their verb, how their path ends, and whose they are; empty: any."""

    verb: str = ""
    path: str = ""
    by: str = ""
    is_write: bool = False  # only what wants something changed

    def holds(self, exchange: Exchange, login: str) -> bool:
        """Whether a request of this account is one of them."""
        return (
            self.verb in {"", exchange.scope["method"]}
            and exchange.scope["path"].endswith(self.path)
            and self.by in {"", login}
            and exchange.is_write >= self.is_write
        )


@dataclass(slots=True)
class Rule:
    """Where which fault strikes, and how often it has."""

    spot: Spot
    faults: tuple[Fault, ...]  # one of them; none: requests are only counted
    after: int  # so many that pass
    times: int | None  # None: until it is mended
    share: float  # of those that it could strike
    met: int = 0
    struck: int = 0

    def fault(self, random: Random) -> Fault | None:
        """What the next request meets."""
        self.met += 1
        is_due = bool(self.faults) and self.met > self.after and (self.times is None or self.struck < self.times)
        if not is_due or random.random() >= self.share:
            return None
        self.struck += 1
        return random.choice(self.faults)


class Faults:
    """What goes wrong until it is mended."""

    def __init__(self, store: Store, webhooks: Carrier[Parcel]) -> None:
        self._store = store
        self._rules: tuple[Rule, ...] = ()
        self.webhooks = webhooks
        self.random = Random(0)  # noqa: S311 # its seed decides whatever is left to chance; nothing is kept secret by it
        self.skew = timedelta()  # how far the forge's clock is ahead of everybody else's
        self.struck = 0

    def begin(self, spot: Spot, *faults: Fault, after: int = 0, times: int | None = None, share: float = 1.0) -> Rule:
        """From now on one of these faults strikes there: after so many requests, so many times, a share of them."""
        rule = Rule(spot, faults, after, times, share)
        self._rules = (*self._rules, rule)
        return rule

    def end(self) -> None:
        """All is well again, and what was held back is told."""
        self._rules = ()
        self.skew = timedelta()
        self.webhooks.mend()

    def around(self, application: ASGIApp) -> ASGIApp:
        """The same application, with trouble."""

        async def troubled(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http":
                await application(scope, receive, send)
                return
            exchange = Exchange(application, scope, receive, dated(send, self.skew))
            fault = self._fault(exchange)
            if fault is not None:
                self.struck += 1
                await fault.strike(exchange)
            else:
                await application(scope, receive, exchange.send)

        return troubled

    def _fault(self, exchange: Exchange) -> Fault | None:
        if not self._rules:
            return None
        account = self._store.account_of_token(exchange.token)
        login = "" if account is None else account.login
        fitting = (rule for rule in self._rules if rule.spot.holds(exchange, login))
        return next((fault for rule in fitting if (fault := rule.fault(self.random)) is not None), None)

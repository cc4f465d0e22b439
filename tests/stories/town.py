"""A registry, an application, people and the bot on a sandbox forge: what every story begins with."""

import json
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from uuid import uuid4

import uvicorn

from committing import arrived
from registrar.core.effects import Effects, RememberedEffects
from registrar.core.events import Event, PullRequestChanged
from registrar.forges.connecting import forge_of
from registrar.handlers import handle
from registrar.handlers.bot import Bot
from registrar.repository.mirror import mirror
from registrar.repository.processes import Credentials
from registrar.repository.signing import SigningKey
from registrar.sandbox import Sandbox
from registrar.sandbox.serving import listen
from registrar.web.app import create_app
from registrar.web.keyring import Keyring
from registrar.web.webhooks import Door, at_once
from stories.checkouts import Author, Checkout, git
from stories.clock import Clock
from stories.inline import InlineEngine
from stories.places import APPLICATION, REGISTRY, STATUS
from stories.side import Edit, Line, Method, Said, Seen, Side

SECRET = "a-secret-of-the-tests"
PATIENCE = 30.0


class Town:
    """Who lives here: mei trains and asks, ana and raj own the models, leo only writes, the bot looks on."""

    def __init__(self, root: Path, sandbox: Sandbox, side: type[Side]) -> None:
        self.root = root
        self.sandbox = sandbox
        self.faults = sandbox.faults
        self.clock = Clock()
        self.secrets: dict[str, str] = {}  # that registry.yaml can name
        self.signing_key: SigningKey | None = None  # of the ledger
        self.memory: Callable[[], Effects] = lambda: RememberedEffects(self.clock.now)  # of each bot that is started
        people = {login: sandbox.add_user(login) for login in ("mei", "ana", "raj", "leo", "eve")}
        people["registrar-bot"] = sandbox.add_bot("registrar-bot")
        self.tokens = {login: account.token for login, account in people.items()}
        self.ids = {login: account.id for login, account in people.items()}
        self.side = side(sandbox, self.tokens)
        sandbox.add_organization("acme")
        sandbox.add_team("acme/admins", ["raj"])
        for repository in (REGISTRY, APPLICATION):
            sandbox.add_repository(repository)
            for login, role in {"mei": "write", "leo": "write", "registrar-bot": "write"}.items():
                sandbox.grant(repository, login, role)  # type: ignore[arg-type] # literals in a dict are strings
            sandbox.grant(repository, "ana", "admin")
            sandbox.grant(repository, "acme/admins", "admin")
        self.engine: InlineEngine

    # What people do

    def checkout(self, by: str, *, repository: str = REGISTRY) -> Checkout:
        """The clone of a person."""
        folder = self.root / f"work-{by}-{repository.replace('/', '-')}"
        author = Author(by, self.tokens[by], self.address(by))
        return Checkout(folder, self.sandbox.forge, self.sandbox.store.repository(repository), author=author)

    def begin(self, files: Mapping[str, str], *, repository: str, by: str = "ana") -> None:
        """The first commit of a repository, there as if it had been pushed."""
        store = self.sandbox.store
        arrived(self.sandbox.forge, store.repository(repository), files, by=store.account(by))

    def address(self, login: str, *, host: str = "users.noreply.localhost") -> str:
        """What the forge maps to the account, at its own host."""
        return self.side.address(login, self.ids[login], host=host)

    def commit(
        self, files: Mapping[str, str | None], *, by: str, branch: str, onto: str = "main", message: str = "Change"
    ) -> str:
        """Commit files onto a branch of the registry and push, with real git; the sha is returned."""
        return self.checkout(by).push(files, branch=branch, onto=onto, message=message)

    def propose(self, files: Mapping[str, str | None], *, by: str, branch: str = "change") -> int:
        """Push a branch and open its pull request."""
        self.commit(files, by=by, branch=branch)
        return self.open_for(branch, by=by)

    def open_for(self, branch: str, *, by: str, base: str = "main", draft: bool = False) -> int:
        """Open the pull request of a branch that is pushed."""
        number = self.side.open(by, branch=branch, base=base, draft=draft)
        self.settle()
        return number

    def retitle(self, number: int, title: str, *, by: str = "mei") -> None:
        self._edit(number, Edit(title=title), by=by)

    def retarget(self, number: int, base: str, *, by: str = "mei") -> None:
        self._edit(number, Edit(base=base), by=by)

    def close(self, number: int, *, by: str = "mei") -> None:
        self._edit(number, Edit(is_open=False), by=by)

    def reopen(self, number: int, *, by: str = "mei") -> None:
        self._edit(number, Edit(is_open=True), by=by)

    def _edit(self, number: int, edit: Edit, *, by: str) -> None:
        self.side.edit(by, number, edit)
        self.settle()

    def comment(self, number: int, text: str, *, by: str) -> None:
        self.side.comment(by, number, text)
        self.settle()

    def approve(self, number: int, *, by: str) -> None:
        self.side.approve(by, number)
        self.settle()

    def request_changes(self, number: int, *, by: str) -> None:
        self.side.request_changes(by, number)
        self.settle()

    def relent(self, number: int, *, by: str) -> None:
        """Ask for changes no longer."""
        self.side.relent(by, number)
        self.settle()

    def withdraw(self, number: int, *, by: str) -> None:
        """Take one's own approval back."""
        self.side.withdraw(by, number)
        self.settle()

    def merge(self, number: int, *, by: str = "ana", method: Method = "merge") -> str | None:
        """Merge; None when the forge refuses."""
        landed = self.side.merge(by, number, method)
        self.settle()
        return landed

    def protect(self, *, held: bool = False, spares_admins: bool = False) -> None:
        """From now on the forge merges whatever a person lets it, unless the bot's word holds it."""
        self.side.protect(held=held, spares_admins=spares_admins)

    # What people see

    def pull_request(self, number: int) -> Seen:
        return self.side.seen("mei", number)

    def open_pull_requests(self) -> Sequence[Seen]:
        return self.side.open_ones("mei")

    def link(self, number: int) -> str:
        """How it is written: `#7`, `!7`."""
        return self.side.link(number)

    def discussion(self, number: int) -> Sequence[Said]:
        return self.side.discussion("mei", number)

    def lines(self, sha: str) -> Sequence[Line]:
        """Everything said under a commit, newest first."""
        return self.side.lines("mei", sha)

    def comments(self, number: int) -> list[str]:
        """What the bot says on a pull request, its hidden markers left out."""
        said = [comment.body for comment in self.discussion(number) if comment.author == "registrar-bot"]
        return [re.sub(r"<!--.*?-->\n?", "", body, flags=re.DOTALL) for body in said]

    def verdict(self, number: int) -> str:
        """The one comment that holds the verdict."""
        said = [each.body for each in self.discussion(number) if "registrar:verdict" in each.body]
        assert len(said) == 1, f"{len(said)} comments with a verdict; the bot was refused: {self.engine.refusals}"
        return said[0].replace("\u2060", "").replace("\\", "")

    def status(self, number: int) -> tuple[str, str]:
        """State and words of the bot's status on the head."""
        lines = self.lines(self.pull_request(number).head)
        return next(((line.state, line.words) for line in lines if line.context == STATUS), ("", ""))

    def read(self, path: str) -> str:
        """A file on the main branch, by plain git."""
        return git(self.sandbox.store.repository(REGISTRY).path, "show", f"main:{path}")

    def log(self, *arguments: str) -> str:
        return git(self.sandbox.store.repository(REGISTRY).path, "log", *arguments)

    def runs(self) -> Sequence[str]:
        """Titles of the application's deploy runs, and how each stands."""
        return [f"{title}: {state}" for title, state in self.side.runs("ana")]

    def inputs(self) -> Sequence[Mapping[str, str]]:
        """What each deploy run was told."""
        return self.side.told()

    # Time

    def settle(self) -> None:
        """Wait until every webhook was told, every event worked on, every run ended; then nothing moves any more."""
        deadline = time.monotonic() + PATIENCE
        while not (self._is_quiet() and self._is_quiet()):
            left = deadline - time.monotonic()
            assert left > 0, "the bot is still busy"
            self.engine.rest(left)
        assert not self.engine.defects, self.engine.defects

    def _is_quiet(self) -> bool:
        self.sandbox.drain(PATIENCE)
        return self.engine.idle

    def let_time_pass(self) -> None:
        self.engine.let_time_pass()
        self.settle()

    def lose_webhooks(self, *, but_pushes: bool = False) -> None:
        """From now on nobody tells the bot of anything, or of nothing but pushes to the registry."""
        for repository in (REGISTRY, APPLICATION):
            for webhook in self.sandbox.store.repository(repository).webhooks:
                webhook.events = ("push",) if but_pushes and repository == REGISTRY else ()

    def hear_webhooks(self) -> None:
        """From now on the bot is told of everything again."""
        for repository in (REGISTRY, APPLICATION):
            for webhook in self.sandbox.store.repository(repository).webhooks:
                webhook.events = ("*",)

    def look_at(self, number: int) -> None:
        """An event says that something about a pull request is new."""
        self.accept(uuid4().hex, PullRequestChanged(REGISTRY, number))
        self.settle()

    # The bot

    def a_bot(self) -> Bot:
        """One more replica of the bot."""
        token = self.tokens["registrar-bot"]
        effects = self.memory()
        url = self.sandbox.url
        forge = forge_of(self.side.dialect, url, repository=REGISTRY, token=token, effects=effects)
        credentials, folder = Credentials("bot", token, homes=(url,)), self.root / "mirror.git"
        git = mirror(forge.clone_url(), folder, credentials=credentials, fence=effects.still_ours)
        key, now = self.signing_key, self.clock.now
        return Bot(forge, git, "main", now=now, effects=effects, signing_key=key, secrets=self.secrets)

    def start_bot(self, *, later: Sequence[Event] = ()) -> None:
        """A bot that remembers nothing but the work that a durable queue has kept for it."""
        self.engine = InlineEngine(partial(handle, bot=self.a_bot()), later=later)

    def restart_bot(self, *, keeping: Sequence[Event] = ()) -> None:
        self.engine.stop()
        self.start_bot(later=keeping)

    def accept(self, delivery: str, event: Event) -> bool:
        return self.engine.accept(delivery, event)


@contextmanager
def founded(
    root: Path,
    side: type[Side],
    files: Mapping[str, str],
    *,
    application: Mapping[str, str] | None = None,
    path: str = "",
    secret: str = SECRET,
) -> Iterator[Town]:
    """A town with its registry, its application, its bot listening, and nothing under way.

    The forge stands at a path of its host; the secret proves its webhooks.
    """
    with peopled(root, side, files, application=application, path=path) as town, _bot(town, secret):
        town.protect(held=True)
        yield town


@contextmanager
def peopled(
    root: Path,
    side: type[Side],
    files: Mapping[str, str],
    *,
    application: Mapping[str, str] | None = None,
    path: str = "",
) -> Iterator[Town]:
    """A town that has no bot yet."""
    listener = side.listener()
    with Sandbox.serve(root / "forge", dialect=side.dialect, path=path, around=listener.around) as sandbox:
        town = Town(root, sandbox, side)
        for repository, content in {REGISTRY: files, APPLICATION: application or side.application()}.items():
            town.begin(content, repository=repository)
        yield town
        for delivery in sandbox.deliveries:
            listener.check_webhook(delivery.event, json.loads(delivery.body))
    assert listener.report() == "", listener.report()


@contextmanager
def _bot(town: Town, secret: str) -> Iterator[None]:
    town.start_bot()
    door = Door(
        forge=town.side.dialect,
        repositories=[REGISTRY],
        keys=Keyring([secret]),
        accept=at_once(town.accept),
        now=town.clock.now,
    )
    server = uvicorn.Server(uvicorn.Config(create_app(door), log_level="warning", lifespan="off"))
    with listen(0) as listener:
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/webhooks/{town.side.dialect}"
        for repository in (REGISTRY, APPLICATION):
            town.sandbox.add_webhook(repository, url, secret)
        try:
            yield
        finally:
            server.should_exit = True
            thread.join(timeout=10)
            town.engine.stop()

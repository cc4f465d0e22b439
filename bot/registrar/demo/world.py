"""The demo's small world: a forge, three accounts, a registry, an application, and the bot as a process of its own."""

import os
import secrets
import shlex
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from registrar.demo.colleague import Colleague
from registrar.demo.dialects import Dialect
from registrar.demo.narration import wait_for
from registrar.demo.training import RECIPE, examples_dir
from registrar.errors import RegistrarError
from registrar.repository.processes import Credentials, git_configuration
from registrar.sandbox import Sandbox
from registrar.sandbox.pages.faces import FACES, Face
from registrar.settings import usable

REGISTRY = "acme/registry"
APPLICATION = "acme/digits-ui"
TRAINER = "acme/digits-training"
OWNERS = "@acme/ml-admins"
STATUS = "registrar: main"

_PATIENCE = 20  # seconds for the bot to end

RULES = """\
# What may hold which status, who must agree, and what a status starts.
schema: 1

statuses:
  Development: {}
  Staging:
    promotes_from: [Development]
  Production:
    promotes_from: [Development, Staging]
    holders: one
    displaced_to: Archived
    approvals:
      count: 1
      from: codeowners
      permission: admin
    gates:
      - metric: accuracy
        at_least: 0.9
        not_worse_than: Production
      - metric: worst_digit_recall
        not_worse_than: Production
        tolerance: 0.01
  Archived:
    promotes_from: [Development, Staging, Production]

deploys:
  - status: Production
    repository: acme/digits-ui
    pipeline: {pipeline}
"""


@dataclass(frozen=True, slots=True)
class World:
    """Where the demo takes place."""

    root: Path
    dialect: Dialect
    sandbox: Sandbox
    mei: Colleague  # trains, and asks
    ana: Colleague  # owns the models, and approves
    bot: Colleague
    checkout: Path  # mei's clone of the registry

    @property
    def face(self) -> Face:
        """How the forge names things, and where its pages are."""
        return FACES[self.dialect.name](self.sandbox.forge.path)

    def link(self, number: int) -> str:
        """Where a person reads a pull request of the registry."""
        return self._page(self.face.to.pull(self.sandbox.store.repository(REGISTRY), number))

    @property
    def runs_link(self) -> str:
        """Where a person reads how the application's deploys go."""
        return self._page(self.face.to.runs(self.sandbox.store.repository(APPLICATION)))

    def _page(self, path: str) -> str:
        return f"{self.sandbox.forge.origin}{path}"

    def registrar(self, *words: str) -> str:
        """Run the command as mei, in her clone."""
        return run([sys.executable, "-m", "registrar", *words], self.checkout, environment_of(self.mei))

    def git(self, *words: str, folder: Path | None = None) -> str:
        """Run plain git as mei, in her clone of the registry or in another."""
        return run(["git", *words], folder or self.checkout, environment_of(self.mei))

    @property
    def trainer(self) -> Path:
        """Mei's clone of what trains."""
        return self.root / "digits-training"

    def propose(self, recipe: str) -> list[str]:
        """Let mei commit what is to be trained; the options that tell the registry where the version comes from."""
        (self.trainer / RECIPE).write_text(recipe, encoding="utf-8")
        if self.git("status", "--porcelain", folder=self.trainer):
            title = next(line for line in recipe.splitlines() if line.startswith("description"))
            self.git("commit", "--quiet", "--all", "--message", title.split('"')[1], folder=self.trainer)
            self.git("push", "--quiet", folder=self.trainer)
        commit = self.git("rev-parse", "HEAD", folder=self.trainer).strip()
        return ["--source-repository", f"{self.sandbox.url}/{TRAINER}", "--source-commit", commit]

    def hand_over(self) -> Path:
        """Bring mei's clone up to date, and write the file that makes a person's shell hers."""
        self.git("pull", "--quiet", "--ff-only")
        lines = [f"export {name}={shlex.quote(value)}" for name, value in _own_settings(self.mei).items()]
        lines.append(f'export PATH={shlex.quote(str(Path(sys.executable).parent))}:"$PATH"')
        path = self.root / "mei.env"
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:  # noqa: PTH123 - it holds her token
            file.write("".join(f"{line}\n" for line in lines))
        return path


@contextmanager
def created(root: Path, dialect: Dialect, *, port: int = 0, rules: str = RULES) -> Iterator[World]:
    """Build the world in a folder, and take it down again."""
    with ExitStack() as stack:
        with usable(f"--port {port}", mend="choose another, or leave it out for a free one"):
            sandbox = stack.enter_context(Sandbox.serve(root / "forge", dialect=dialect.name, port=port))
        world = _peopled(root, dialect, sandbox)
        _application(world)
        shutil.copytree(examples_dir() / "trainer", world.trainer)
        _push_new(world, world.trainer, TRAINER, "Train digits")
        _registry(world, rules.replace("{pipeline}", dialect.pipeline))
        stack.enter_context(_bot(world))
        yield world


def environment_of(person: Colleague) -> dict[str, str]:
    """The environment in which a person works: their token, their name, and no configuration of this machine's user."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "REGISTRAR_"))}
    return kept | _own_settings(person)


def _own_settings(person: Colleague) -> dict[str, str]:
    header = Credentials(person.login, person.token).header()
    git = {"user.name": person.login, "user.email": person.email, f"http.{person.forge}/.extraHeader": header}
    settings = {"REGISTRAR_FORGE": person.dialect, "REGISTRAR_TOKEN": person.token}
    return settings | {"GIT_CONFIG_GLOBAL": os.devnull, **git_configuration(git)}


def run(command: list[str], folder: Path, environment: Mapping[str, str]) -> str:
    """What a command prints. Raises `RegistrarError` with what it complains of when it fails."""
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        said = (done.stderr or done.stdout).strip()
        raise RegistrarError(f"{' '.join(command[:4])} ended with {done.returncode}: {said}")
    return done.stdout


def _peopled(root: Path, dialect: Dialect, sandbox: Sandbox) -> World:
    people = [sandbox.add_user("mei"), sandbox.add_user("ana"), sandbox.add_bot("registrar-bot")]
    mei, ana, bot = (dialect.colleague(sandbox.url, user.login, user.id, user.token) for user in people)
    sandbox.add_organization("acme")
    sandbox.add_team("acme/ml-admins", ["ana"])
    for repository in (REGISTRY, APPLICATION, TRAINER):
        sandbox.add_repository(repository)
        sandbox.grant(repository, "mei", "write")
        sandbox.grant(repository, "ana", "admin")
        sandbox.grant(repository, "registrar-bot", "write")
    sandbox.grant(REGISTRY, OWNERS.removeprefix("@"), "write")  # or the forge knows no owner of that name there
    return World(root, dialect, sandbox, mei, ana, bot, root / "registry")


def _application(world: World) -> None:
    folder = world.root / "digits-ui"
    shutil.copytree(examples_dir() / "application", folder)
    _push_new(world, folder, APPLICATION, "Read digits with what Production holds")
    world.sandbox.store.repository(APPLICATION).settings.jobs_may_push = True
    world.sandbox.add_secret(APPLICATION, "REGISTRY_TOKEN", world.bot.token)


def _registry(world: World, rules: str) -> None:
    storage = world.root / "storage"
    storage.mkdir()
    world.checkout.mkdir()
    world.registrar("init", ".", "--remote", str(storage), "--admins", OWNERS, "--forge", world.dialect.name)
    (world.checkout / "registry.yaml").write_text(rules, encoding="utf-8")
    _push_new(world, world.checkout, REGISTRY, "Start the registry")
    world.dialect.hold(world.sandbox, REGISTRY, STATUS)


def _push_new(world: World, folder: Path, repository: str, message: str) -> None:
    environment = environment_of(world.ana)
    url = f"{world.sandbox.url}/{repository}.git"
    for words in (
        ["init", "--quiet", "--initial-branch=main"],
        ["add", "--all"],
        ["commit", "--quiet", "--message", message],
        ["remote", "add", "origin", url],
        ["push", "--quiet", "--set-upstream", "origin", "main"],
    ):
        run(["git", *words], folder, environment)


@contextmanager
def _bot(world: World) -> Iterator[None]:
    """`registrar serve`, as it would run anywhere."""
    port, secret = _free_port(), secrets.token_hex(20)
    for repository in (REGISTRY, APPLICATION):
        world.sandbox.add_webhook(
            repository, f"http://127.0.0.1:{port}/webhooks/{world.dialect.name}", secret, events=world.dialect.events
        )
    environment = environment_of(world.bot) | {
        "REGISTRAR_FORGE_URL": world.sandbox.url,
        "REGISTRAR_REPOSITORY": REGISTRY,
        "REGISTRAR_WEBHOOK_SECRET": secret,
        "REGISTRAR_STATE_DIR": str(world.root / "bot"),
        "REGISTRAR_PORT": str(port),
    }
    with (world.root / "bot.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "registrar", "serve"], cwd=world.root, env=environment, stdout=log, stderr=log
        )
        try:
            wait_for("the start of the bot", lambda: _answers(process, port, world.root / "bot.log"))
            yield
        finally:
            _ended(process)


def _ended(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(timeout=_PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _answers(process: "subprocess.Popen[bytes]", port: int, log: Path) -> bool | None:
    if process.poll() is not None:
        raise RegistrarError(f"the bot ended with {process.returncode}: {log.read_text().strip()}")
    try:
        with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            return bool(answer.status == 200) or None  # noqa: PLR2004 # HTTP's "fine"
    except (URLError, ConnectionError):
        return None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

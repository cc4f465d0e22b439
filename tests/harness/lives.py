"""A life that people and trouble lead a bot, as a list of steps; and the same life without the trouble."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Literal
from uuid import uuid4

from github import GithubException
from gitlab.exceptions import GitlabError

from harness.outcome import outcome
from registrar.core.effects import RememberedEffects
from registrar.core.events import SweepDue
from registrar.sandbox.faults import (
    DROPPED_ANSWER,
    DROPPED_REQUEST,
    LOST_ANSWER,
    LOST_REQUEST,
    Half,
    Spot,
    Stale,
)
from registrar.sandbox.limits import primary_limit, secondary_limit
from registrar.sandbox.threads import PullRequest
from stories.places import REGISTRY
from stories.registries import a_registry
from stories.side import Edit, Side
from stories.test_proof_rules import LOOSE
from stories.test_vetting import STATUS_FILE
from stories.town import Town, founded

FILES = a_registry({"1.0.0": 0.90, "1.1.0": 0.95, "1.2.0": 0.96}, status="Production: 1.0.0\n")
PLACES = {"mei": 1, "leo": 2}  # where each asks for what they wish
A_WHILE = timedelta(minutes=3)  # after that a forge shows whatever it was told

DeedName = Literal[
    "wish", "approve", "withdraw", "comment", "push", "close", "reopen", "merge", "seize", "loosen", "rush", "restore"
]
TroubleName = Literal["unwell", "busy", "stale", "deaf", "mended", "crash", "amnesia", "while"]


@dataclass(frozen=True, slots=True)
class Deed:
    """What somebody does about the request to get a version into Production."""

    name: DeedName
    version: str
    by: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """What befalls the forge, the webhooks or the bot; chance has its seed."""

    name: TroubleName
    seed: int = 0


Step = Deed | Trouble


@dataclass(frozen=True, slots=True)
class Misled:
    """What became of a life in which administrators went past everybody."""

    deployed: frozenset[str]
    approved: frozenset[str]  # versions that an owner once approved for Production
    unflagged: tuple[str, ...]  # commits that were pushed past everybody, and of which nobody was told


class Life:
    """A town in which something happens."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.past_everybody: list[str] = []  # commits that an administrator pushed to the base
        self._anywhere: dict[DeedName, Callable[[Deed], bool]] = {
            "wish": self._wish,
            "seize": self._seize,
            "loosen": lambda deed: self._push_past(LOOSE, by=deed.by),
            "rush": self._rush,
            "restore": self._restore,
        }
        self._deeds: dict[DeedName, Callable[[Deed, PullRequest], object]] = {
            "approve": lambda deed, found: town.side.approve(deed.by, found.number),
            "withdraw": lambda deed, found: town.side.withdraw(deed.by, found.number),
            "comment": lambda deed, found: town.side.comment(deed.by, found.number, "what a model"),
            "push": self._push,
            "close": lambda deed, found: town.side.edit(deed.by, found.number, Edit(is_open=False)),
            "reopen": lambda deed, found: town.side.edit(deed.by, found.number, Edit(is_open=True)),
            "merge": lambda deed, found: town.side.merge(deed.by, found.number, "merge"),
        }
        self._troubles: dict[TroubleName, Callable[[], object]] = {
            "unwell": self._unwell,
            "busy": self._busy,
            "stale": lambda: town.faults.begin(Spot("GET", by="registrar-bot"), Stale(), share=0.5),
            "deaf": self._deafen,
            "mended": town.faults.end,
            "crash": lambda: town.restart_bot(keeping=town.engine.later),
            "amnesia": self._forget,
            "while": self._wait,
        }
        for login in PLACES:
            town.propose({f"notes-{login}.txt": "hello\n"}, by=login, branch=f"place-{login}")

    def do(self, deed: Deed) -> bool:
        """Whether anything came of it, as far as people see."""
        if deed.name in self._anywhere:
            return self._anywhere[deed.name](deed)
        found = self._request(deed.version)
        if found is None or found.is_open == (deed.name == "reopen") or not self._is_answered():
            return False
        try:
            done = self._deeds[deed.name](deed, found)
        except (GithubException, GitlabError):
            return False
        self.town.settle()
        return deed.name != "merge" or done is not None

    def suffer(self, trouble: Trouble) -> None:
        """Let it befall them."""
        self.town.faults.random.seed(trouble.seed)
        self._troubles[trouble.name]()
        self.town.settle()

    def end(self) -> str:
        """What is left once all is well again, and the bot has had the time to see it."""
        self.suffer(Trouble("mended"))
        for _ in range(3):
            self._wait()
            self.town.accept(uuid4().hex, SweepDue(REGISTRY))
            self.town.settle()
        return outcome(self.town)

    def _wish(self, deed: Deed) -> bool:
        text = f"/registrar promote digits@{deed.version} to Production"
        self.town.side.comment(deed.by, PLACES[deed.by], text)
        self.town.settle()
        return True

    def _seize(self, deed: Deed) -> bool:
        return self._push_past({STATUS_FILE: f"Production: {deed.version}\nArchived: 1.0.0\n"}, by=deed.by)

    def _push_past(self, files: Mapping[str, str], *, by: str) -> bool:
        """What an administrator does whom the forge lets do anything."""
        if all(self.town.read(path) == text for path, text in files.items()):
            return False
        self.past_everybody.append(self.town.commit(files, by=by, branch="main"))
        self.town.settle()
        return True

    def _rush(self, deed: Deed) -> bool:
        """Push rules that ask for nothing, and merge upon them before anybody can have looked at that."""
        found = self._request(deed.version)
        if found is None or not found.is_open or self.town.read("registry.yaml") == LOOSE["registry.yaml"]:
            return False
        self.past_everybody.append(self.town.commit(LOOSE, by=deed.by, branch="main"))
        self.town.side.merge(deed.by, found.number, "merge")
        self.town.settle()
        return True

    def _restore(self, deed: Deed) -> bool:
        """Approve and merge what takes something back."""
        open_ones = [each for each in self.town.open_pull_requests() if each.branch.startswith("registrar/revert/")]
        for each in open_ones[:1]:
            self.town.side.approve(deed.by, each.number)
            self.town.settle()
            self.town.side.merge(deed.by, each.number, "merge")
            self.town.settle()
        return bool(open_ones)

    def _request(self, version: str) -> PullRequest | None:
        branch = f"registrar/promote/digits-{version}-to-Production"
        found = self.town.sandbox.store.repository(REGISTRY).pull_requests
        return next((each for each in reversed(found) if each.source_branch == branch), None)

    def _is_answered(self) -> bool:
        """Whether the bot has said something to every wish: until then people wait."""
        repository = self.town.sandbox.store.repository(REGISTRY)
        said = [each for number in PLACES.values() for each in repository.pull_request(number).comments]
        answers = "".join(each.body for each in said if each.author.login == "registrar-bot")
        wishes = [each.id for each in said if each.body.startswith("/registrar")]
        return all(f"registrar:answer-{wish}:" in answers for wish in wishes)

    def _push(self, deed: Deed, found: PullRequest) -> None:
        branch = found.source_branch
        self.town.commit({"more.txt": "one more thing\n"}, by=deed.by, branch=branch, onto=branch)

    def _unwell(self) -> None:
        spot = Spot(by="registrar-bot")
        faults = (LOST_REQUEST, LOST_ANSWER, DROPPED_REQUEST, DROPPED_ANSWER, Half())
        self.town.faults.begin(spot, *faults, share=0.2)

    def _busy(self) -> None:
        limits = [limit(self.town.side.dialect, seconds=60) for limit in (primary_limit, secondary_limit)]
        self.town.faults.begin(Spot(by="registrar-bot"), *limits, share=0.2)

    def _deafen(self) -> None:
        webhooks = self.town.faults.webhooks
        webhooks.lost, webhooks.late, webhooks.twice = 0.3, 0.3, 0.3

    def _forget(self) -> None:
        self.town.memory = lasting_memory(self.town)
        self.town.restart_bot()

    def _wait(self) -> None:
        self.town.clock.advance(A_WHILE)
        self.town.let_time_pass()


def lasting_memory(town: Town) -> Callable[[], RememberedEffects]:
    """A database that outlives the bot."""
    effects = RememberedEffects(town.clock.now)
    return lambda: effects


def troubled(root: Path, side: type[Side], steps: Sequence[Step]) -> tuple[str, list[Deed]]:
    """What a life leaves, and the deeds of which something came."""
    with founded(root, side, FILES) as town:
        town.memory = lasting_memory(town)
        town.restart_bot()
        life, done = Life(town), []
        for step in steps:
            if isinstance(step, Trouble):
                life.suffer(step)
            elif life.do(step):
                done.append(step)
        return life.end(), done


def untroubled(root: Path, side: type[Side], deeds: Sequence[Deed]) -> str:
    """What the same deeds leave where nothing goes wrong, and the forge merges what people want merged."""
    with founded(root, side, FILES) as town:
        life = Life(town)
        for deed in deeds:
            if deed.name == "merge":
                town.protect(held=False)
            life.do(deed)
            town.protect(held=True)
        return life.end()


def misled(root: Path, side: type[Side], steps: Sequence[Step]) -> Misled:
    """What a life leaves in which administrators push and merge what they please."""
    with founded(root, side, FILES) as town:
        town.protect(spares_admins=True)
        town.memory = lasting_memory(town)
        town.accept(uuid4().hex, SweepDue(REGISTRY))
        life, approved = Life(town), {"1.0.0"}
        for step in steps:
            if isinstance(step, Trouble):
                life.suffer(step)
            elif life.do(step) and step.name == "approve":
                approved.add(step.version)
        life.end()
        return Misled(
            deployed=frozenset(run["version"] for run in town.inputs()),
            approved=frozenset(approved),
            unflagged=tuple(sha for sha in life.past_everybody if not _is_flagged(town, sha)),
        )


def _is_flagged(town: Town, sha: str) -> bool:
    lines = town.sandbox.store.repository(REGISTRY).newest_statuses(sha)
    return any((line.context, line.state) == ("registrar: pushed to main", "failure") for line in lines)

"""Many models that people want in Production at once, and what must be there of each once all is done."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from harness.deeds import Crowd
from registrar.repository.ledger import REF
from registrar.sandbox.threads import PullRequest
from stories.checkouts import git
from stories.places import REGISTRY, STATUS
from stories.registries import MODEL, a_registry, a_version
from stories.town import Town

PLACE = "place-mei"
PATIENCE = 900.0  # each replica that dies is taken for dead half a minute later


def a_registry_of(models: Sequence[str]) -> Mapping[str, str]:
    """1.0.0 of each model holds Production, and 1.1.0 is better."""
    files = a_registry()
    for model in models:
        folder = f"models/{model}"
        files |= {f"{folder}/model.yaml": MODEL, f"{folder}/status.yaml": "Production: 1.0.0\n"}
        files |= a_version("1.0.0", accuracy=0.90, model=model) | a_version("1.1.0", accuracy=0.95, model=model)
    return files


class Rush:
    """Mei asks for all of them in one place, ana approves and merges each as soon as she may."""

    def __init__(self, town: Town, models: Sequence[str], alive: Callable[[], object]) -> None:
        self._town = town
        self._crowd = Crowd(town, alive, patience=PATIENCE)
        self._models = models
        self._approved: set[int] = set()

    def promote(self) -> None:
        """Until all of them are deployed."""
        self._town.commit({"notes.txt": "hello\n"}, by="mei", branch=PLACE)
        place = self._town.side.open("mei", branch=PLACE, base="main", draft=False)
        for model in self._models:
            self._town.side.comment("mei", place, f"/registrar promote {model}@1.1.0 to Production")
        self._crowd.wait(self._go_on, "not all of them are deployed")

    def _go_on(self) -> bool:
        """Do what can be done now; whether nothing is left to do."""
        repository = self._town.sandbox.store.repository(REGISTRY)
        for found in requests_of_the_bot(self._town):
            said = {each.context: each.state for each in repository.newest_statuses(found.head_sha)}.get(STATUS)
            if said == "pending" and found.number not in self._approved:
                self._town.side.approve("ana", found.number)
                self._approved.add(found.number)
            elif said == "success" and found.is_open:
                self._town.side.merge("ana", found.number, "merge")
        deployed = [each for each in requests_of_the_bot(self._town) if "**Merged and deployed**" in verdicts(each)]
        return len(deployed) == len(self._models)


def requests_of_the_bot(town: Town) -> Sequence[PullRequest]:
    """What the bot has opened."""
    found = town.sandbox.store.repository(REGISTRY).pull_requests
    return [each for each in found if each.author.login == "registrar-bot"]


def verdicts(found: PullRequest) -> str:
    """Every comment with a verdict."""
    return "".join(each.body for each in found.comments if "registrar:verdict" in each.body)


def effects(town: Town) -> Counter[str]:
    """How often everything is there that may be there once."""
    repository = town.sandbox.store.repository(REGISTRY)
    notes = git(repository.path, "log", f"--notes={REF}", "--format=%N", "main")
    comments = [
        f"comment on {each.source_branch}: {said.body.splitlines()[0]}"
        for each in repository.pull_requests
        for said in each.comments
        if said.author.login == "registrar-bot"
    ]
    return Counter(
        [
            *(f"pull request of {each.source_branch}" for each in requests_of_the_bot(town)),
            *comments,
            *(f"run {run}" for run in town.runs()),
            *(f"noted {line}" for line in notes.splitlines() if line.startswith("key: ")),
        ]
    )

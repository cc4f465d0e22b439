"""A merge queue lands several requests as one group, in commits that nobody has seen before."""

import pytest

from parity import only_on
from stories.checkouts import git
from stories.conftest import Found
from stories.landing import asked_by_a_queue, queued
from stories.mischief import push_branch, reviewed_a_minute_ago
from stories.places import REGISTRY, STATUS
from stories.registries import MODEL, a_registry, a_version
from stories.town import Town

FACES = {"models/faces/model.yaml": MODEL, **a_version("1.0.0", model="faces")}
FACES_STATUS = {"models/faces/status.yaml": "Production: 1.0.0\n"}
APART = "# who holds what\n\n\n"  # so that git merges an edit above with one below
STATUS_FILE = "models/digits/status.yaml"
PROMOTED = {STATUS_FILE: f"Production: 1.1.0\nArchived: 1.0.0\n{APART}Staging: 1.2.0\n"}
STAGED = {STATUS_FILE: f"Production: 1.0.0\n{APART}Staging:\n- 1.2.0\n- 1.3.0\n"}

pytestmark = pytest.mark.fault(63)


@pytest.fixture
def town(found: Found) -> Town:
    """Two models, so that two requests of one group touch different files."""
    status = f"Production: 1.0.0\n{APART}Staging: 1.2.0\n"
    return found(a_registry({"1.0.0": 0.9, "1.1.0": 0.95, "1.2.0": 0.95, "1.3.0": 0.95}, status=status) | FACES)


def approved(town: Town, files: dict[str, str], *, branch: str, by: str = "ana") -> int:
    number = town.propose(files, by="mei", branch=branch)
    if by:
        town.approve(number, by=by)
        reviewed_a_minute_ago(town, number)
    return number


def blob(town: Town, commit: str, path: str) -> str:
    return git(town.sandbox.store.repository(REGISTRY).path, "rev-parse", f"{commit}:{path}")


def test_each_request_of_a_group_is_deployed_once_as_it_was_approved(town: Town) -> None:
    numbers = [
        approved(town, PROMOTED, branch="digits"),
        approved(town, FACES_STATUS, branch="faces"),
    ]
    heads = [town.pull_request(number).head for number in numbers]

    landed = queued(town, numbers, method="squash")

    told = {inputs["model"]: inputs["commit"] for inputs in town.inputs()}
    assert told == {"digits": landed[0], "faces": landed[1]}
    assert len(town.runs()) == 2
    for model, head in zip(("digits", "faces"), heads, strict=True):
        path = f"models/{model}/status.yaml"
        assert blob(town, told[model], path) == blob(town, head, path)


def test_what_nobody_approved_is_not_deployed_with_its_group(town: Town) -> None:
    approved_one = approved(town, FACES_STATUS, branch="faces")
    other = approved(town, PROMOTED, branch="digits", by="")

    queued(town, [other, approved_one])

    assert [inputs["model"] for inputs in town.inputs()] == ["faces"]
    assert "**Merged, but not deployed**: waiting for ana or raj" in town.verdict(other)


def test_what_its_group_made_something_else_of_is_not_deployed(town: Town) -> None:
    """Both edits of one file merge without a conflict, and nobody approved what came out."""
    above = approved(town, PROMOTED, branch="above")
    below = approved(town, STAGED, branch="below", by="")

    queued(town, [below, above])

    merged = town.read(STATUS_FILE)
    assert ("Production: 1.1.0" in merged, "- 1.3.0" in merged, town.runs()) == (True, True, [])
    assert "**Merged, but not deployed**" in town.verdict(above)


of_github = only_on(
    "github", because="A train on GitLab waits for pipelines of its own, and for no status of a commit."
)


def said(town: Town, commit: str) -> tuple[str, str]:
    return next(((line.state, line.words) for line in town.lines(commit) if line.context == STATUS), ("", ""))


@of_github
@pytest.mark.parametrize("method", ["merge", "squash"])
def test_a_queue_is_told_that_what_it_put_together_was_approved(town: Town, method: str) -> None:
    numbers = [approved(town, PROMOTED, branch="digits"), approved(town, FACES_STATUS, branch="faces")]

    entries = asked_by_a_queue(town, numbers, method=method)

    assert [said(town, entry)[0] for entry in entries] == ["success", "success"]


@of_github
def test_a_queue_is_told_what_is_lacking_and_so_is_every_entry_behind_it(town: Town) -> None:
    numbers = [approved(town, PROMOTED, branch="digits", by=""), approved(town, FACES_STATUS, branch="faces")]

    entries = asked_by_a_queue(town, numbers)

    assert [said(town, entry)[0] for entry in entries] == ["pending", "pending"]
    assert said(town, entries[1])[1].startswith("waiting for ana or raj")


@of_github
def test_a_queue_is_told_when_an_approval_is_taken_back(town: Town) -> None:
    number = approved(town, FACES_STATUS, branch="faces")
    (entry,) = asked_by_a_queue(town, [number])
    assert said(town, entry)[0] == "success"

    town.withdraw(number, by="ana")

    assert said(town, entry)[0] == "pending"


@of_github
def test_a_branch_that_is_only_called_like_a_queue_s_frees_nothing(town: Town) -> None:
    number = approved(town, FACES_STATUS, branch="faces")
    town.commit(FACES_STATUS | PROMOTED, by="mei", branch="evil")

    sha = push_branch(town, "evil", f"gh-readonly-queue/main/pr-{number}-{'0' * 40}", by="mei")

    assert said(town, sha)[0] == "failure"
    assert f"what was merged of {STATUS_FILE} is not what was approved" in said(town, sha)[1]

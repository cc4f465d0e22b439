"""What became of a change stands in git, for whoever has a clone and nothing else."""

import shutil
from collections.abc import Sequence

import pytest

from registrar.core.ledger import Deployed, Entry, Merged
from registrar.core.ledger_text import read
from registrar.core.people import Person
from registrar.repository.ledger import REF
from registrar.sandbox.faults import LOST_ANSWER, LOST_REQUEST, Fault, Spot
from stories.registries import a_version
from stories.test_commands import asked
from stories.test_deploy import PROMOTED
from stories.test_sweep import sweep
from stories.town import Town

PUSH = Spot("POST", "registry.git/git-receive-pack")


def notes(town: Town, *what: str) -> str:
    """What plain git shows in the clone of somebody who may only read."""
    clone = town.checkout("leo")
    clone.git("fetch", "--quiet", "origin", "+main:refs/remotes/origin/main", f"+{REF}:{REF}")
    return clone.git(*what)


def told(town: Town, commit: str | None) -> Sequence[Entry]:
    assert commit is not None
    return read(notes(town, "notes", "--ref=registrar", "show", commit))


def kinds(entries: Sequence[Entry]) -> list[str]:
    return [f"{type(each).__name__} {getattr(each, 'outcome', '') or getattr(each, 'ruling', '')}" for each in entries]


def test_git_alone_tells_what_became_of_a_promotion(town: Town) -> None:
    number = asked(town)
    town.approve(number, by="raj")
    landed = town.merge(number)
    town.look_at(number)

    story = notes(town, "log", "--first-parent", "--notes=registrar", "origin/main", "--", "models/digits/status.yaml")
    merged, started, ended = told(town, landed)

    assert "Notes (registrar):" in story
    assert '{"model": "digits", "version": "1.1.0", "before": "Development", "after": "Production"}' in story
    assert isinstance(merged, Merged)
    assert (merged.ruling, merged.requester) == ("approved", Person(town.ids["mei"], "mei"))
    (approval,) = merged.approvals
    assert merged.reason == f"approved by raj ({approval.rule})"
    assert (approval.person.id, approval.sha, approval.word) == (town.ids["raj"], merged.head, "@acme/admins")
    assert (approval.rule.partition(":")[2], approval.path) == ("2", "models/digits/status.yaml")
    assert ("accuracy", 0.95, 0.9) in [(each.metric, each.value, each.other) for each in merged.measured]
    assert isinstance(started, Deployed)
    assert isinstance(ended, Deployed)
    assert [started.outcome, ended.outcome] == ["pending", "success"]
    assert ended.url == started.url
    assert set(notes(town, "log", "--format=%an", REF).split()) == {"registrar-bot"}


def test_what_nobody_approved_and_what_needs_nobody_is_told_too(town: Town) -> None:
    town.protect()
    refused = town.merge(town.propose(PROMOTED, by="mei", branch="alone"))
    registered = town.merge(town.propose(a_version("2.0.0"), by="mei", branch="new"), by="mei")

    (no,), (yes,) = told(town, refused), told(town, registered)

    assert isinstance(no, Merged)
    assert isinstance(yes, Merged)
    assert (no.ruling, no.approvals, no.reason) == ("refused", (), "waiting for ana or raj")
    assert (yes.ruling, yes.registrations, yes.approvals) == ("approved", (("digits", "2.0.0"),), ())
    assert yes.requester == Person(town.ids["mei"], "mei")


@pytest.mark.fault(29, 30)
@pytest.mark.parametrize("fault", [LOST_REQUEST, LOST_ANSWER], ids=["before the push", "before its record"])
def test_a_bot_that_died_while_it_wrote_tells_it_once(town: Town, fault: Fault) -> None:
    number = asked(town)
    town.approve(number, by="ana")
    town.faults.begin(PUSH, fault)
    landed = town.merge(number)
    assert town.runs() == []  # nothing is started before it is told of
    town.faults.end()

    town.restart_bot()
    sweep(town)
    town.let_time_pass()

    merged, *deploys = told(town, landed)
    assert kinds([merged, *deploys]) == ["Merged approved", "Deployed pending", "Deployed success"]
    assert isinstance(merged, Merged)
    assert [check.name for check in merged.checks][-1] == "merged content"  # judged anew, it is judged on as much
    assert len(town.runs()) == 1


def test_what_is_missing_is_told_by_the_sweep(town: Town) -> None:
    """The ledger was deleted, and whatever the bot remembered of it as well."""
    town.protect()
    refused = town.merge(town.propose(PROMOTED, by="mei", branch="alone"))
    registered = town.merge(town.propose(a_version("2.0.0"), by="mei", branch="new"), by="mei")
    before = kinds(told(town, refused)), kinds(told(town, registered))
    town.checkout("ana").git("push", "--quiet", "origin", f":{REF}")
    town.engine.stop()
    shutil.rmtree(town.root / "mirror.git")

    town.start_bot()
    sweep(town)

    assert (kinds(told(town, refused)), kinds(told(town, registered))) == before

"""What reaches the base without an approval is found, flagged, not deployed, and taken back by a pull request."""

from datetime import timedelta

import pytest

from registrar.sandbox.faults import LOST_ANSWER, LOST_REQUEST, Answered, Fault, Spot
from stories.conftest import Found
from stories.places import REGISTRY
from stories.registries import a_registry, a_version
from stories.side import Seen
from stories.test_commands import asked
from stories.test_deploy import PROMOTED
from stories.test_sweep import sweep
from stories.town import Town

STATUS = "models/digits/status.yaml"
NOTHING_LISTED = Answered(acts=True, status=200, body=b"[]")
NAMED_BY_NOW = timedelta(minutes=3)


def reverts(town: Town) -> list[Seen]:
    return [each for each in town.open_pull_requests() if each.title.startswith("Take back")]


def flag(town: Town, sha: str) -> tuple[str, str]:
    found = (line for line in town.lines(sha) if line.context == "registrar: pushed to main")
    return next(((line.state, line.words) for line in found), ("", ""))


def pushed(town: Town, files: dict[str, str | None], *, by: str = "raj") -> str:
    """A direct push by an administrator, long enough ago that the forge would have named a pull request."""
    town.protect(spares_admins=True)
    sha = town.commit(files, by=by, branch="main")
    town.settle()
    town.clock.advance(NAMED_BY_NOW)
    town.let_time_pass()
    return sha


@pytest.mark.fault(61)
def test_a_push_past_every_rule_is_taken_back_once_an_owner_approves(town: Town) -> None:
    before = town.read(STATUS)
    sha = pushed(town, {STATUS: "Production: 1.2.0\nArchived: 1.0.0\n"})
    (revert,) = reverts(town)

    town.approve(revert.number, by="ana")
    town.merge(revert.number)

    assert flag(town, sha)[0] == "failure"
    assert f"{town.link(revert.number)} takes it back" in flag(town, sha)[1]
    assert town.read(STATUS) == before
    assert [run["version"] for run in town.inputs()] == ["1.0.0"]  # what production must run, whatever ran meanwhile
    assert reverts(town) == []


def test_the_pull_request_says_what_it_takes_back_and_waits_for_an_owner(town: Town) -> None:
    sha = pushed(town, {STATUS: "Production: 1.2.0\n"})

    (revert,) = reverts(town)

    assert (revert.branch, town.side.files("mei", revert.number)) == (f"registrar/revert/{sha[:7]}", [STATUS])
    assert f"Nobody approved `{sha[:7]}`, and it reached the base all the same: a status was changed" in revert.body
    assert "- " + STATUS in revert.body
    assert town.status(revert.number) == ("pending", "waiting for ana or raj")
    assert town.verdict(revert.number).count("digits is put back as it was before") == 1


@pytest.mark.fault(61)
def test_a_merge_that_nobody_approved_is_taken_back_and_says_so(town: Town) -> None:
    town.protect()
    number = town.propose(PROMOTED, by="mei")

    sha = town.merge(number) or ""

    (revert,) = reverts(town)
    assert f"{town.link(number)} was merged unapproved (waiting for ana or raj)" in flag(town, sha)[1]
    assert any(f"{town.link(revert.number)} takes this back" in said for said in town.comments(number))
    assert f"It came with {town.link(number)}, which ana merged." in revert.body
    assert town.runs() == []


def test_a_rebase_that_nobody_approved_is_taken_back_whole_and_once(town: Town) -> None:
    before = town.read(STATUS), town.read("CODEOWNERS")
    town.protect()
    town.commit({"CODEOWNERS": "* @raj\n"}, by="mei", branch="change", message="New owners")
    town.commit(PROMOTED, by="mei", branch="change", onto="change", message="Promote")
    town.merge(town.open_for("change", by="mei"), method="linear")

    (revert,) = reverts(town)
    assert sorted(town.side.files("mei", revert.number)) == ["CODEOWNERS", STATUS]
    town.approve(revert.number, by="ana")  # raj owns CODEOWNERS by nothing but what is taken back
    town.merge(revert.number)

    assert (town.read(STATUS), town.read("CODEOWNERS")) == before
    assert reverts(town) == []


@pytest.mark.fault(45)
@pytest.mark.fault(61)
def test_nobody_approves_by_rules_that_nobody_approved_until_their_owners_have_put_them_back(town: Town) -> None:
    town.sandbox.grant(REGISTRY, "eve", "admin")
    number = asked(town)
    sha = pushed(town, {"CODEOWNERS": "* @eve\n"}, by="eve")
    (revert,) = reverts(town)

    for each in (number, revert.number):
        town.approve(each, by="eve")

    assert f"CODEOWNERS was changed by {sha[:7]}, which nobody approved" in town.verdict(number)
    assert [town.status(each)[0] for each in (number, revert.number)] == ["pending", "pending"]
    assert town.status(revert.number)[1].startswith("waiting for ana; eve ")
    town.approve(revert.number, by="ana")
    town.merge(revert.number)
    assert town.status(number)[1].startswith("waiting for ana or raj; eve does not own ")


def test_an_altered_version_is_put_back(town: Town) -> None:
    path = "models/digits/versions/1.0.0/version.yaml"
    before = town.read(path)
    pushed(town, {path: before.replace("0.9", "0.99")})
    (revert,) = reverts(town)

    assert town.status(revert.number)[0] == "success"
    town.merge(revert.number)

    assert town.read(path) == before


def test_of_several_pushes_the_last_approved_state_comes_back(town: Town) -> None:
    before = town.read(STATUS)
    first = pushed(town, {STATUS: "Production: 1.1.0\n"})
    second = pushed(town, {STATUS: "Production: 1.2.0\n"})

    (revert,) = reverts(town)
    assert revert.branch == f"registrar/revert/{second[:7]}"
    town.approve(revert.number, by="ana")
    town.merge(revert.number)

    assert (flag(town, first)[0], town.read(STATUS)) == ("failure", before)


@pytest.mark.fault(61)
def test_everything_is_found_when_no_webhook_arrives(town: Town) -> None:
    sweep(town)
    town.lose_webhooks()
    town.protect(spares_admins=True)
    sha = town.commit({STATUS: "Production: 1.2.0\n"}, by="raj", branch="main")
    hasty = town.propose({"CODEOWNERS": "* @mei\n"}, by="mei")
    town.merge(hasty, by="raj")

    sweep(town)
    town.clock.advance(NAMED_BY_NOW)
    town.restart_bot()
    sweep(town)

    assert flag(town, sha)[0] == "failure"
    assert sorted(town.side.files("mei", each.number)[0] for each in reverts(town)) == ["CODEOWNERS", STATUS]


def test_what_was_there_before_the_bot_is_nobodys_breach(town: Town) -> None:
    town.lose_webhooks()
    town.protect(spares_admins=True)
    town.commit({STATUS: "Production: 1.2.0\n"}, by="raj", branch="main")

    sweep(town)
    town.clock.advance(NAMED_BY_NOW)
    sweep(town)
    town.let_time_pass()

    assert reverts(town) == []


@pytest.mark.fault(27, 28, 29, 30)
@pytest.mark.parametrize("fault", [LOST_REQUEST, LOST_ANSWER], ids=["before it was opened", "before that was known"])
def test_a_bot_that_died_while_it_opened_one_opens_no_second(town: Town, fault: Fault) -> None:
    town.faults.begin(Spot("POST", town.side.requests), fault)
    pushed(town, {STATUS: "Production: 1.2.0\n"})
    assert town.faults.struck >= 1
    town.faults.end()

    town.restart_bot(keeping=town.engine.later)
    town.let_time_pass()
    sweep(town)

    assert len(reverts(town)) == 1


def test_a_version_that_is_registered_by_a_push_is_no_breach(town: Town) -> None:
    sha = pushed(town, dict(a_version("2.0.0")))

    assert (flag(town, sha), reverts(town)) == (("", ""), [])


def test_what_would_take_back_a_merge_that_the_forge_names_late_is_closed(town: Town) -> None:
    number = asked(town)
    town.approve(number, by="ana")
    town.lose_webhooks(but_pushes=True)
    town.faults.begin(Spot("GET", town.side.requests), NOTHING_LISTED)
    sha = town.merge(number) or ""
    town.clock.advance(NAMED_BY_NOW)
    town.let_time_pass()
    town.faults.end()
    (revert,) = reverts(town)

    sweep(town)

    assert flag(town, sha)[0] == "success"
    assert reverts(town) == []
    assert revert.branch not in town.side.branches("mei")
    assert any("which was approved" in said for said in town.comments(revert.number))
    assert len(town.runs()) == 1


def promoted(town: Town) -> str:
    """What the base says once a promotion was approved and merged."""
    number = asked(town)
    town.approve(number, by="ana")
    town.merge(number)
    town.protect(spares_admins=True)
    return town.read(STATUS)


def test_a_promotion_that_a_forced_push_dropped_is_asked_for_again(town: Town) -> None:
    before = promoted(town)

    taken_back(town, to="origin/main~1")

    (revert,) = reverts(town)
    newest = next(line.words for line in town.lines(tip(town)) if line.context == "registrar: main rewritten")
    assert newest.startswith("a forced push took")
    assert f"{town.link(revert.number)} takes it back" in newest
    town.approve(revert.number, by="raj")
    town.merge(revert.number)
    assert town.read(STATUS) == before


def test_a_history_that_was_rewritten_unheard_is_found_by_what_the_clone_remembers(town: Town) -> None:
    promoted(town)
    sweep(town)
    town.lose_webhooks()

    taken_back(town, to="origin/main~1")
    town.restart_bot()
    sweep(town)
    sweep(town)

    (revert,) = reverts(town)
    assert town.side.files("mei", revert.number) == [STATUS]


def test_a_status_that_somebody_pushed_is_no_step_to_the_next(found: Found) -> None:
    town = found(a_registry({"1.0.0": 0.9, "1.1.0": 0.95}, status="Production: 1.0.0\n"))
    sha = pushed(town, {STATUS: "Production: 1.0.0\nStaging: 1.1.0\n"})
    number = asked(town)

    town.approve(number, by="ana")

    assert town.status(number)[0] == "pending"
    assert f"1.1.0 holds Staging only by {sha[:7]}, which nobody approved" in town.verdict(number)


def put_aside(town: Town) -> str:
    """An administrator merges the base into an older state of it, keeps that, and pushes without any force."""
    town.protect(spares_admins=True)
    checkout = town.checkout("raj")
    checkout.git("fetch", "--quiet", "origin")
    checkout.git("checkout", "--quiet", "-B", "main", "origin/main~1")
    checkout.git("merge", "--quiet", "--strategy", "ours", "--message", "Merge main", "origin/main")
    checkout.git("push", "--quiet", "origin", "main")
    town.settle()
    return checkout.git("rev-parse", "HEAD").strip()


def test_a_promotion_that_a_merge_pushed_from_the_side_undid_is_asked_for_again(town: Town) -> None:
    before = promoted(town)

    sha = put_aside(town)

    (revert,) = reverts(town)
    newest = next(line.words for line in town.lines(sha) if line.context == "registrar: main rewritten")
    assert newest.startswith("a push put aside")
    assert f"{town.link(revert.number)} takes it back" in newest
    town.approve(revert.number, by="raj")
    town.merge(revert.number)
    assert town.read(STATUS) == before


def test_a_sweep_finds_what_was_undone_from_the_side(town: Town) -> None:
    promoted(town)
    sweep(town)
    town.lose_webhooks()

    put_aside(town)
    sweep(town)
    sweep(town)

    assert [town.side.files("mei", revert.number) for revert in reverts(town)] == [[STATUS]]


def test_nobody_rolls_back_to_what_was_never_approved(found: Found) -> None:
    town = found(a_registry({"1.0.0": 0.90, "1.2.0": 0.70}, status="Production: 1.0.0\nArchived: 1.2.0\n"))
    pushed(town, {STATUS: "Production: 1.2.0\nArchived: 1.0.0\n"})
    (revert,) = reverts(town)
    town.approve(revert.number, by="ana")
    town.merge(revert.number)

    place = town.propose({"notes.txt": "hello\n"}, by="mei", branch="place")
    town.comment(place, "/registrar rollback digits", by="mei")
    by_hand = town.propose({STATUS: "Production: 1.2.0\nArchived: 1.0.0\n"}, by="mei", branch="by-hand")

    assert any("there is nothing to go back to" in said for said in town.comments(place))
    assert "Production is reached from Development or Staging, not from Archived" in town.verdict(by_hand)


def taken_back(town: Town, *, to: str) -> None:
    checkout = town.checkout("raj")
    checkout.git("fetch", "--quiet", "origin")
    checkout.git("push", "--quiet", "--force", "origin", f"{to}:refs/heads/main")
    town.settle()


def tip(town: Town) -> str:
    return town.log("-1", "--format=%H", "main").strip()

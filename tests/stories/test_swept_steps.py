"""However much came to the base unheard, a sweep looks at all of it, and at nothing twice that is done."""

import shutil
from datetime import timedelta

import pygit2
import pytest

from committing import committed
from registrar.core.events import BranchPushed, SweepDue
from registrar.handlers import handle
from stories.places import REGISTRY
from stories.test_sweep import sweep
from stories.test_unapproved_changes import STATUS, flag, promoted, reverts, taken_back
from stories.town import Town

MANY = 31  # more than were ever looked at where nothing tells of a bot
MARK = "registrar: swept main"
A_WHILE = timedelta(minutes=3)


def raj(town: Town) -> pygit2.Signature:
    return pygit2.Signature("raj", town.address("raj"))


def pushed_unheard(town: Town, *files: dict[str, str | None]) -> list[str]:
    """Somebody may do that, and does it: each a commit of its own on the base, of which nobody tells."""
    stored = pygit2.Repository(str(town.sandbox.store.repository(REGISTRY).path))
    main = stored.references["refs/heads/main"]
    shas = [str(main.target)]
    for each in files:
        shas.append(committed(stored, each, onto=shas[-1], message="Change", by=raj(town)))
    main.set_target(pygit2.Oid(hex=shas[-1]))
    return shas[1:]


def harmless(number: int) -> dict[str, str | None]:
    return {f"models/digits/notes-{number}.txt": "of no account\n"}


def forgotten(town: Town) -> None:
    """The bot starts anew on a machine that has nothing of it."""
    town.engine.stop()
    shutil.rmtree(town.root / "mirror.git")
    town.start_bot()


def test_a_breach_below_many_pushes_that_nobody_told_of_is_found_by_a_bot_that_forgot_everything(town: Town) -> None:
    promoted(town)
    sha, *_ = pushed_unheard(town, {STATUS: "Production: 1.2.0\n"}, *map(harmless, range(MANY)))

    forgotten(town)
    sweep(town)

    assert flag(town, sha)[0] == "failure"


def test_what_is_done_is_marked_and_a_bot_that_forgot_everything_begins_there(town: Town) -> None:
    promoted(town)
    shas = pushed_unheard(town, *map(harmless, range(2 * MANY)))

    sweep(town)
    town.clock.advance(A_WHILE)
    sweep(town)

    assert [sha for sha in shas if town.lines(sha)] == [shas[-MANY]]
    assert [line.context for line in town.lines(shas[-MANY])] == [MARK]

    (breach,) = pushed_unheard(town, {STATUS: "Production: 1.2.0\n"})
    forgotten(town)
    sweep(town)

    assert flag(town, breach)[0] == "failure"


def merged_from_the_side(town: Town, files: dict[str, str | None]) -> str:
    """Somebody merges the base into something of their own that began before the last promotion, and pushes that."""
    pushed_unheard(town, harmless(2))
    stored = pygit2.Repository(str(town.sandbox.store.repository(REGISTRY).path))
    main = stored.references["refs/heads/main"]
    tip = stored[main.target].peel(pygit2.Commit)
    fork = stored[tip.parent_ids[0]].peel(pygit2.Commit).parent_ids[0]
    side = committed(stored, files, onto=str(fork), message="Mine", by=raj(town))
    whole = committed(stored, files, onto=str(tip.id), message="Merge main", by=raj(town))
    tree, who = stored[whole].peel(pygit2.Tree).id, raj(town)
    sha = stored.create_commit(None, who, who, "Merge main\n", tree, [pygit2.Oid(hex=side), tip.id])
    main.set_target(sha)
    return str(sha)


def test_a_bot_that_does_not_live_until_its_next_sweep_marks_what_is_done_all_the_same(town: Town) -> None:
    promoted(town)
    shas = pushed_unheard(town, *map(harmless, range(2 * MANY)))
    forgotten(town)
    sweep(town)

    town.clock.advance(A_WHILE)
    town.let_time_pass()

    assert MARK in {line.context for sha in shas for line in town.lines(sha)}
    assert SweepDue(REGISTRY) not in town.engine.later


def test_a_merge_from_the_side_that_nobody_told_of_is_no_breach_where_it_left_all_as_it_was(town: Town) -> None:
    sweep(town)  # from here on the base is looked after
    before = promoted(town)
    sha = merged_from_the_side(town, harmless(1))

    forgotten(town)
    sweep(town)

    assert (flag(town, sha), reverts(town), town.read(STATUS)) == (("", ""), [], before)


def test_a_merge_from_the_side_that_nobody_told_of_is_a_breach_where_it_changed_a_status(town: Town) -> None:
    before = promoted(town)
    merged_from_the_side(town, {STATUS: "Production: 1.2.0\n"})

    forgotten(town)
    sweep(town)
    (revert,) = reverts(town)
    town.approve(revert.number, by="ana")
    town.merge(revert.number)

    assert town.read(STATUS) == before


def test_what_was_dropped_is_found_again_where_nobody_kept_that_it_was_found(town: Town) -> None:
    promoted(town)
    town.lose_webhooks()
    taken_back(town, to="origin/main~1")
    forgotten(town)
    bot = town.a_bot()

    first, second = (handle(SweepDue(REGISTRY), bot) for _ in range(2))

    pushed = [each.event for each in first if isinstance(each.event, BranchPushed)]
    assert pushed
    assert pushed == [each.event for each in second if isinstance(each.event, BranchPushed)]


def test_a_history_that_was_rewritten_unheard_is_found_by_a_bot_that_forgot_everything(town: Town) -> None:
    promoted(town)
    town.lose_webhooks()

    taken_back(town, to="origin/main~1")
    for _ in range(2):
        forgotten(town)
        sweep(town)

    (revert,) = reverts(town)
    assert town.side.files("mei", revert.number) == [STATUS]
    town.hear_webhooks()
    town.approve(revert.number, by="raj")
    town.merge(revert.number)
    forgotten(town)
    sweep(town)
    assert reverts(town) == []


@pytest.mark.fault(61)
def test_a_push_that_nobody_told_of_is_found_though_the_bot_had_only_just_begun(town: Town) -> None:
    sweep(town)
    town.clock.advance(A_WHILE)
    (sha,) = pushed_unheard(town, {STATUS: "Production: 1.2.0\n"})

    sweep(town)

    assert flag(town, sha)[0] == "failure"
